//! What staff see: dense but calm, usable by keyboard, without script where it must be.
//!
//! Every form posts `csrf`. Addresses are fixed here, in the templates: `/console` (today), `/console/cases`,
//! `/console/cases/{no}`, `/console/cases/{no}/{action}`, `/console/new`, `/console/search`, `/console/codes`,
//! `/console/account`, `/console/system`, `/console/burden`, `/console/sign-in`, `/console/sign-out`.

mod account;
mod budding;
mod burden;
mod case;
mod codes;
mod doorway;
mod field;
mod form;
mod frame;
mod history;
mod invite;
mod list;
mod matters;
mod meetings;
mod new_case;
mod plan_history;
mod precincts;
mod problem;
mod problems;
mod reading;
/// Registrations: desk, record, hand-offs, sums, forms.
pub mod registration;
mod rights;
mod row;
mod search;
mod sign_in;
mod style_page;
mod system;
mod table;
mod telling;
mod today;
mod trouble;

pub use account::{AccountPage, SessionRow};
pub use budding::{BudAction, BudBefore, BudCard, BudRow, BudWeek, BuddingFiguresPage, BuddingPage};
pub use burden::{BurdenItem, BurdenPage};
pub use case::{CasePage, ClockLine, Draft, Facts, NearPlace, Proposed, Similar, Voice, likely_next};
pub use codes::{CodeCell, CodesPage, DoorRow, PrintRun};
pub use doorway::{DoorwayPage, DwellingLine};
pub use form::{Input, Sort, StepForm, Typed};
pub use frame::{Flash, Frame, Nav, Undo, role_name};
pub use history::{Names, StaffLine, clock_lines, history};
pub use invite::InvitePage;
pub use list::{CaseList, Filter, SavedView};
pub use matters::{MatterCard, MattersPage};
pub use meetings::{AgendaRow, MeetingLine, MeetingView, MeetingsView, Minute};
pub use new_case::{DoorwayHits, NewCase, StaffWrong, saved_words};
pub use plan_history::{PlanLine, plan_history};
pub(crate) use plan_history::{public_line, rota};
pub use precincts::{AskedReason, DraftView, PrecinctLine, PrecinctsPage, PriceLine, SearchView, ToChoose};
pub use problem::{
    ApplicationRow, Bar, CallRow, CaseInPlan, DutyRow, FigureRow, ProblemView, ResourceRow, TaskRow,
    WhistleRow,
};
pub use problems::{NewProblemView, ProblemCard, ProblemsView};
pub use reading::{Learnt, ReadingPage};
pub use rights::{AccountRow, GrantRow, RightsPage};
pub(crate) use row::time_left;
pub use row::{CaseRow, Choice, Due, Level};
pub use search::{SearchPage, mark};
pub use sign_in::{SignIn, SignInTrouble};
pub use style_page::StylePage;
pub use system::{JobRow, SealRow, SystemPage, SystemState, TryRow, WaitingRow};
pub use table::{Cell, TablePage, Tool};
pub use telling::TellingPage;
pub use today::{ErrandRow, Today};
pub use trouble::{StaffTrouble, StaffTroublePage};
