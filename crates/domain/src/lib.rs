//! The nouns and rules of neighbourhood governance.
//!
//! Everything that decides lives here and is a synchronous function without I/O, clock or randomness of
//! its own: time and chance arrive in a [`Context`]. A change is made in two steps: [`cases::decide`]
//! turns a command into events or a refusal with its reason, and [`cases::apply`] folds events into the
//! state. The outer layers load the state, call these two, and keep the events.
//!
//! ```
//! use domain::cases::{self, Command, Report};
//! use domain::{Actor, CaseNo, Context, testing};
//!
//! let ctx = Context::new("2026-03-02T01:00:00Z".parse().unwrap(), Actor::Resident, [7; 32]);
//! let rules = testing::deadlines();
//! let (case, events) = cases::open(CaseNo(1), Report::example("楼道灯坏了"), &ctx, &rules);
//! assert_eq!(events.len(), 1);
//! let refused = cases::decide(&case, Command::Confirm { voice: 1 }, &ctx, &rules).unwrap_err();
//! assert_eq!(refused.en(), "This cannot be done while the case is received.");
//! ```

pub mod access;
pub mod addresses;
pub mod calendar;
pub mod cases;
pub mod codes;
mod context;
pub mod coordinates;
pub mod dwellings;
pub mod identifiers;
mod ids;
pub mod machine;
pub mod meetings;
pub mod notices;
pub mod precincts;
pub mod problems;
pub mod proposing;
pub mod rates;
pub mod registrations;
pub mod rulebook;
pub mod subjects;
pub mod territory;
pub mod testing;
pub mod units;

pub use context::{Actor, Context};
pub use ids::{
    CaseNo, DoorwayId, DraftId, DwellingId, HandOffId, MeetingId, PersonId, PlaceId, ProblemId,
    RegistrationId, StaffId, UnitId,
};
