//! One store over an embedded file (SQLite) and a server (PostgreSQL).
//!
//! Callers hand over closures. [`Store::write`] runs one in a transaction that is durable before the receipt
//! resolves; on the embedded engine all closures that wait share one commit. [`Store::read`] runs one on a
//! snapshot. What can be done inside is the methods of [`Tx`], grouped by noun as everywhere in the house.
//!
//! ```
//! use domain::cases::{self, Report};
//! use domain::{Actor, CaseNo, Context, testing};
//! use store::{Place, Store, StoreError};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let store = Store::open(&Place::parse(folder.path().to_str().unwrap())).unwrap();
//! let ctx = Context::new("2026-03-02T01:00:00Z".parse().unwrap(), Actor::Resident, [7; 32]);
//! let no = store
//!     .write(move |tx| {
//!         let report = Report::example("楼道灯坏了");
//!         let (case, opening) = cases::open(CaseNo(0), report, &ctx, &testing::deadlines());
//!         Ok::<_, StoreError>(tx.open_case(case, &opening)?.case.no)
//!     })
//!     .wait()
//!     .unwrap();
//! let case = store.read(move |tx| tx.case(no)).wait().unwrap().unwrap();
//! assert_eq!(case.text, "楼道灯坏了");
//! ```

pub mod backup;
pub mod cases;
pub mod choices;
pub mod codes;
#[cfg(test)]
mod contract;
pub mod dwellings;
mod engine;
mod error;
pub mod events;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod meetings;
mod migrations;
pub mod notices;
pub mod outlines;
pub mod precincts;
pub mod problems;
pub mod registrations;
pub mod seals;
pub mod search;
mod sql;
pub mod staff;
mod store;
pub mod subjects;
pub mod territory;
mod tx;
pub mod units;
pub mod verify;
pub mod warnings;
pub mod work;

pub use error::StoreError;
pub use sql::{Arg, Row};
pub use store::{Place, Receipt, Store};
pub use tx::Tx;

/// Every fixed statement of the program, by module and name; a test prepares each on both engines.
pub fn every_statement() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        cases::STATEMENTS,
        choices::STATEMENTS,
        keys::STATEMENTS,
        subjects::STATEMENTS,
        warnings::STATEMENTS,
        codes::STATEMENTS,
        dwellings::STATEMENTS,
        events::STATEMENTS,
        invitations::STATEMENTS,
        jobs::STATEMENTS,
        meetings::STATEMENTS,
        notices::STATEMENTS,
        outlines::STATEMENTS,
        precincts::STATEMENTS,
        problems::STATEMENTS,
        registrations::STATEMENTS,
        registrations::desk::STATEMENTS,
        seals::STATEMENTS,
        staff::STATEMENTS,
        territory::STATEMENTS,
        units::STATEMENTS,
        work::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
