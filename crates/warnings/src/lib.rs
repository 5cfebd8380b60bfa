//! Warnings: something unusual, with where, since when, how unusual, which cases, and what to do.
//!
//! Seven kinds: space-time clusters (their numbers come from `scanstat::watch`), rising matters ([`rising`]), relapse
//! ([`relapse`]), silence ([`silence`], [`untold`]), slow answers ([`Cusum`]), contradicting registrations
//! ([`Contradictions`]), what comes each year ([`season`]). Thresholds follow from the false alarms that a district is
//! willing to bear ([`Budget`]); [`merge`] lays today's findings on yesterday's warnings. Decides and computes; reads
//! and keeps nothing.

mod budget;
mod count;
mod drift;
mod life;
mod matter;
mod simpler;

pub use budget::{Budget, MONTH};
pub use count::{at_least, at_most, untold};
pub use drift::{Cusum, Usual};
pub use life::{Change, Fate, LAPSES_AFTER, State, Warning, merge};
pub use matter::{Contradictions, Rise, Silence, people_needed, relapse, rising, season, silence};
pub use simpler::{Density, Point, ears_c2, recent, st_dbscan};

use domain::{CaseNo, DoorwayId, PlaceId};
use jiff::civil::Date;

/// What is unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// More cases at a place over days than its past explains.
    Cluster,
    /// One matter that more and more people speak of.
    Rising,
    /// A closed matter that comes back.
    Relapse,
    /// A place that tells far less than its like.
    Silence,
    /// A unit, or a kind of case, that takes longer and longer.
    SlowAnswers,
    /// Registrations that cannot both be right.
    Contradiction,
    /// What comes each year at this time.
    Season,
}

/// What somebody could do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Action {
    /// Open a problem with these cases.
    OpenProblem,
    /// Ask the committee.
    AskCommittee,
    /// Plan a visit.
    Visit,
    /// Wait and watch.
    Watch,
    /// Talk with the unit.
    AskUnit,
    /// Prepare for what is coming.
    Prepare,
}

impl Kind {
    /// One or two things to do, the first one first.
    pub fn actions(self) -> &'static [Action] {
        match self {
            Kind::Cluster | Kind::Rising => &[Action::OpenProblem, Action::AskCommittee],
            Kind::Relapse => &[Action::OpenProblem, Action::Visit],
            Kind::Silence => &[Action::Visit, Action::AskCommittee],
            Kind::SlowAnswers => &[Action::AskUnit, Action::Watch],
            Kind::Contradiction => &[Action::AskCommittee],
            Kind::Season => &[Action::Prepare, Action::Watch],
        }
    }
}

/// Something that one look found.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// What is unusual.
    pub kind: Kind,
    /// The one precinct concerned.
    pub precinct: PlaceId,
    /// The subject's code; empty for all.
    pub subject: String,
    /// What it is about where there are no cases: a unit, a neighbourhood, a dwelling, a season; a stable key.
    pub about: String,
    /// The doorways of the cases.
    pub doorways: Vec<DoorwayId>,
    /// The cases that it rests on.
    pub cases: Vec<CaseNo>,
    /// The first day of the window.
    pub since: Date,
    /// What was seen, and what was to be expected.
    pub observed: f64,
    /// See `observed`.
    pub expected: f64,
    /// Chance alone does this once in so many days.
    pub once_in_days: f64,
}

/// The one precinct that most of the cases came from; the lower number where two have as many. `None` without any.
pub fn concerned(precincts: &[PlaceId]) -> Option<PlaceId> {
    precincts
        .iter()
        .copied()
        .max_by_key(|p| (precincts.iter().filter(|q| *q == p).count(), std::cmp::Reverse(*p)))
}

#[cfg(test)]
mod tests;
