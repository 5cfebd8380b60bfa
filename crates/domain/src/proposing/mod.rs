//! Who should do it: units ranked for a matter, each with its reasons, and a ranking that learns.
//!
//! Only units with the subject on their list of duties and with jurisdiction over the place are ranked. Four
//! things speak for one of them: **competence** (its rank on the list of duties), **nearness** ("nearest
//! function, handiest disposal" 职能就近、方便处置), its **load**, and **what happened before** with the same
//! subject: who was chosen, who gave it back, what was settled and how long it took.
//!
//! Past choices are counted by *class* of unit (kind, level of jurisdiction, rank of the duty), so that what one
//! neighbourhood teaches helps its neighbours, and refined from the district down to the neighbourhood: at
//! every scope the share of a class is
//!
//! ```text
//! p = (n + m · p of the scope above) / (N + m)
//! ```
//!
//! with `n` of `N` past choices and `m` = 8 choices' worth of trust in what lies above (the m-estimate of
//! Cestnik 1990; a hierarchical Dirichlet mean, MacKay and Peto 1995). At the top stands what competence and
//! nearness alone say, so a district without history is ranked by its lists of duties. Choices fade: one of
//! [`HALF_LIFE`] days ago counts half ([`weight`]). The score of a unit is then
//!
//! ```text
//! ln p + ½ ln(q / q̄) − ⅒ ln(t / t̄) − ⅙ ln((open + 20) / (mean open + 20)) − km / 20
//! ```
//!
//! with `q` the smoothed share of settled cases, `t` the smoothed mean time to the answer.
//!
//! ```
//! use domain::proposing::{Candidate, History, Hours, Matter, rank};
//! use domain::territory::Path;
//! use domain::units::{Duty, Unit, UnitKind};
//! use domain::{PlaceId, UnitId};
//!
//! let section = Unit {
//!     id: UnitId(5), kind: UnitKind::Section, zh: "城建科".into(), en: "Building section".into(),
//!     place: Some(PlaceId(1)), phone: String::new(),
//! };
//! let duty = Duty {
//!     unit: UnitId(5), subject: "lighting".into(), rank: 1,
//!     zh: "负责公共照明".into(), en: "in charge of public lighting".into(),
//! };
//! let path = Path::of(&[PlaceId(1), PlaceId(10), PlaceId(100)]);
//! let matter = Matter { subject: "lighting", path: &path, hours: Hours::Working, at: None };
//! let candidates = [Candidate { unit: &section, duty: &duty, open: 3, at: None }];
//! let ranked = rank(&matter, &candidates, &History::default(), 0);
//! assert_eq!(ranked[0].zh(), "负责公共照明；管辖本街镇；现有未结3件。");
//! ```

mod history;
mod learn;
mod rank;
#[cfg(test)]
mod tests;
mod words;

pub use history::{Choices, History, Outcomes, Scope};
pub use learn::{HALF_LIFE, Learnt, Lesson, learn, learn_lead, weight};
pub use rank::rank;

use crate::UnitId;
use crate::cases::{Deadlines, local_date};
use crate::territory::Path;
use crate::units::{Duty, Unit, UnitKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What is to be done, as far as it says who should do it.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// The subject code (see [`crate::subjects`]).
    pub subject: &'a str,
    /// Where it lies, top first.
    pub path: &'a Path,
    /// Whether it came in working time.
    pub hours: Hours,
    /// Where exactly, if that is known.
    pub at: Option<Point>,
}

/// A place on the ground, in metres east and north of a point of the district.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// East.
    pub x: f64,
    /// North.
    pub y: f64,
}

/// A unit that may be considered.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The duty that makes it competent.
    pub duty: &'a Duty,
    /// Its open cases now.
    pub open: i64,
    /// Where it sits, if that is known.
    pub at: Option<Point>,
}

/// Whether something came in working time: at night and on days of rest others are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// On a working day, between opening and closing.
    Working,
    /// At any other time.
    Off,
}

impl Hours {
    /// Those of a moment.
    pub fn of(at: Timestamp, rules: &dyn Deadlines) -> Hours {
        let day = local_date(at);
        let open = rules.calendar().is_worked(day) && rules.opening(day) <= at && at < rules.closing(day);
        if open { Hours::Working } else { Hours::Off }
    }

    /// The stable name in the store.
    pub fn key(self) -> &'static str {
        match self {
            Hours::Working => "working",
            Hours::Off => "off",
        }
    }

    /// The hours of that name.
    pub fn from_key(key: &str) -> Option<Hours> {
        [Hours::Working, Hours::Off].into_iter().find(|h| h.key() == key)
    }
}

/// What sort of unit it is for a subject at a place: what one neighbourhood learns, others can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class {
    /// Its kind.
    pub kind: UnitKind,
    /// The level of its jurisdiction: 0 for the whole district, 1 for the level below, …
    pub depth: usize,
    /// Its rank on the list of duties.
    pub rank: i64,
}

impl Class {
    /// The class of a unit by a duty at a place; `None` without jurisdiction there.
    pub fn of(unit: &Unit, duty: &Duty, path: &Path) -> Option<Class> {
        let depth = match unit.place {
            None => 0,
            Some(place) => path.0.iter().position(|p| *p == Some(place))? + 1,
        };
        (duty.unit == unit.id).then_some(Class { kind: unit.kind, depth, rank: duty.rank })
    }
}

impl fmt::Display for Class {
    /// The stable name in the store: `section/1/2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind.key(), self.depth, self.rank)
    }
}

impl FromStr for Class {
    type Err = String;

    fn from_str(text: &str) -> Result<Class, String> {
        let bad = || format!("{text:?} is no class of units");
        let mut parts = text.split('/');
        let (Some(kind), Some(depth), Some(rank), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        Ok(Class {
            kind: UnitKind::from_key(kind).ok_or_else(bad)?,
            depth: depth.parse().map_err(|_| bad())?,
            rank: rank.parse().map_err(|_| bad())?,
        })
    }
}

/// One reason for or against a unit, as data.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The line of its list of duties.
    Competence {
        /// 1 = first in competence.
        rank: i64,
        /// The basis in Chinese.
        zh: String,
        /// The basis in English.
        en: String,
    },
    /// The level of its jurisdiction: 0 for the whole district, 1 for the level below, …
    Near {
        /// The level.
        depth: usize,
    },
    /// How far it sits from the place.
    Distance {
        /// In metres.
        metres: u32,
    },
    /// It was chosen here so many times of so many, for the same subject.
    ChosenHere {
        /// The level of the scope that this was counted in.
        depth: usize,
        /// So many times.
        chosen: i64,
        /// Of so many.
        of: i64,
    },
    /// What came of the same subject with it before.
    Before {
        /// How many it was given.
        chosen: i64,
        /// How many of them it gave back.
        returned: i64,
        /// How many were settled.
        settled: i64,
        /// How often a resident said "not solved".
        unsettled: i64,
        /// The mean time from report to answer in minutes, where it answered any.
        minutes: Option<i64>,
    },
    /// Its open cases now.
    Load {
        /// How many.
        open: i64,
    },
}

/// A unit with its place in the ranking and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The unit.
    pub unit: UnitId,
    /// Its score; higher is better. Only for comparing within one ranking.
    pub score: f64,
    /// Its share of the ranking: 0 to 1, all together 1.
    pub share: f64,
    /// Why, most telling first.
    pub reasons: Vec<Reason>,
}
