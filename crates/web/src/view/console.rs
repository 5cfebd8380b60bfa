//! What staff see: dense but calm, usable by keyboard, without script where it must be.
//!
//! Every form posts `csrf`. Addresses are fixed here, in the templates: `/console` (today), `/console/cases`,
//! `/console/cases/{no}`, `/console/cases/{no}/{action}`, `/console/new`, `/console/search`, `/console/codes`,
//! `/console/account`, `/console/system`, `/console/burden`, `/console/sign-in`, `/console/sign-out`.

mod case;
mod field;
mod frame;
mod history;
mod list;
mod row;
mod sign_in;
mod today;
mod trouble;

pub use case::{CasePage, ClockLine, Draft, Facts, NearPlace, Proposed, Similar, Voice, likely_next};
pub use frame::{Flash, Frame, Nav, Undo, role_name};
pub use history::{Names, StaffLine, clock_lines, history};
pub use list::{CaseList, Filter, SavedView};
pub use row::{CaseRow, Choice, Due, Level};
pub use sign_in::{SignIn, SignInTrouble};
pub use today::Today;
pub use trouble::{StaffTrouble, StaffTroublePage};
