//! The two registrations: who lives where (实有人口, [`Kind::Residency`]) and what is let to whom (房屋出租,
//! [`Kind::Tenancy`]); rules §1, §3 and §5.
//!
//! The registers belong to the police and the housing authority. A precinct collects what they lack, has it
//! verified, hands it off, and forgets it. What is personal is a [`Content`], which never prints itself; the state
//! of a registration and its events hold none of it, so that history can be kept for ever.
//!
//! - [`forms`]: what is asked, why, on what ground and for how long, as data; publication with its refusals
//! - [`residency`], [`tenancy`]: what was typed, checked into a [`Content`], with one sentence for each fault
//! - [`life`]: the states between declared and deleted: `decide` and `apply`
//! - [`rent`]: RENT-1 … RENT-6 as hints to an officer
//! - [`questions`]: what does not fit together at one dwelling, in neutral words
//! - [`sums`]: figures by place and week without small cells
//!
//! ```
//! use domain::registrations::{Kind, life};
//! use domain::{Actor, Context, RegistrationId};
//! let ctx = Context::new("2026-03-02T01:00:00Z".parse().unwrap(), Actor::Resident, [7; 32]);
//! let terms = life::Terms::default();
//! let (r, opening) = life::declare(RegistrationId(1), life::Declaration::example(Kind::Residency), &ctx, &terms);
//! assert_eq!((r.state, opening.len()), (life::State::Declared, 1));
//! let refused = life::decide(&r, life::Command::Verify, &ctx, &terms).unwrap_err();
//! assert_eq!(refused.en(), "This cannot be done while the registration is waiting for its phone code.");
//! ```

pub mod content;
pub mod forms;
pub mod life;
pub mod questions;
pub mod rent;
pub mod residency;
pub mod sums;
pub mod tenancy;
#[cfg(test)]
mod tests;

pub use content::{Content, Fault};
pub use life::{Registration, State};

use serde::{Deserialize, Serialize};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 实有人口登记: one person living at one dwelling.
    Residency,
    /// 房屋出租登记: one letting of one dwelling.
    Tenancy,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Residency, Kind::Tenancy];

    /// The stable name in files and the store.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Residency => "residency",
            Kind::Tenancy => "tenancy",
        }
    }

    /// The one of that name.
    pub fn from_key(key: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// As residents know it.
    pub fn zh(self) -> &'static str {
        match self {
            Kind::Residency => "实有人口登记",
            Kind::Tenancy => "房屋出租登记",
        }
    }

    /// In English.
    pub fn en(self) -> &'static str {
        match self {
            Kind::Residency => "registration of residents",
            Kind::Tenancy => "registration of a letting",
        }
    }
}
