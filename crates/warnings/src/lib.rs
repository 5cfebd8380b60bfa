//! Warnings: something unusual, with where, since when, how unusual, which cases, and what to do.
//!
//! Seven kinds: space-time clusters (their numbers come from `scanstat::watch`), rising matters ([`rising`]), relapse
//! ([`relapse`]), silence ([`silence`], [`untold`]), slow answers ([`Cusum`]), contradicting registrations (counted by the
//! caller, who knows the registers), what comes each year ([`season`], [`seasons`]). Thresholds follow from the false alarms that a district is
//! willing to bear ([`Budget`]); [`merge`] lays today's findings on yesterday's warnings. Decides and computes; reads
//! and keeps nothing.

mod budget;
mod count;
mod drift;
mod life;
mod matter;
mod seasons;
mod simpler;
mod step;

pub use budget::{Budget, MONTH};
pub use count::{at_least, at_most, untold};
pub use drift::{Cusum, Drift, Usual};
pub use life::{Change, Fate, LAPSES_AFTER, State, Warning, merge};
pub use matter::{Rise, Silence, people_needed, relapse, rising, season, silence};
pub use seasons::{AHEAD, BUNDLED, BadSeason, Season, seasons};
pub use simpler::{Density, Point, ears_c2, recent, st_dbscan};
pub use step::{FURTHEST, MOST_STEPS, Said, Step, StepError, StepKind};

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
    /// All of them.
    pub const ALL: [Kind; 7] = [
        Kind::Cluster,
        Kind::Rising,
        Kind::Relapse,
        Kind::Silence,
        Kind::SlowAnswers,
        Kind::Contradiction,
        Kind::Season,
    ];

    /// Its name in addresses and files.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Cluster => "cluster",
            Kind::Rising => "rising",
            Kind::Relapse => "relapse",
            Kind::Silence => "silence",
            Kind::SlowAnswers => "slow_answers",
            Kind::Contradiction => "contradiction",
            Kind::Season => "season",
        }
    }

    /// Its share of the false alarms that a district bears: most for what is settled best while small. All together 1.
    /// A contradiction is a fact and no chance; a season that a calendar tells is none either, one that last year's counts
    /// tell is.
    pub fn share(self) -> f64 {
        match self {
            Kind::Cluster => 0.40,
            Kind::Rising => 0.40,
            Kind::Relapse => 0.10,
            Kind::Silence => 0.04,
            Kind::SlowAnswers => 0.04,
            Kind::Contradiction => 0.0,
            Kind::Season => 0.02,
        }
    }

    /// Whether it is an alarm: something that chance could have made. The others are reminders.
    pub fn is_alarm(self) -> bool {
        !matches!(self, Kind::Contradiction | Kind::Season)
    }

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
    /// Chance alone does this once in so many days; 0 where chance has no part in it.
    pub once_in_days: f64,
    /// Of a silent place: the share of its matters that probably nobody told ([`untold`]).
    #[serde(default)]
    pub untold: Option<f64>,
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
