//! From findings to warnings: merged with yesterday's, silent where it was answered, lapsing by themselves.

use crate::{Finding, Step};
use domain::CaseNo;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// How a warning stands.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum State {
    /// Somebody should look.
    Open,
    /// Answered with a reason: silent for what it knew, until a day.
    Known {
        /// Why: road works until May.
        reason: String,
        /// The last day on which it stays silent.
        until: Date,
        /// The cases that the reason was given for, and those that joined since.
        strength: u32,
    },
    /// Somebody waits and watches: silent until a day, or until half as many cases again have come.
    Watching {
        /// The last day on which it stays silent.
        until: Date,
        /// The cases that it had.
        strength: u32,
    },
    /// It led to something: a problem, a visit. Silent until half as many cases again have come.
    Acted,
    /// Nothing came of it: a false alarm. Silent likewise.
    Nothing,
    /// No longer found for so many days.
    Lapsed,
}

/// What became of a warning, for the measure of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Fate {
    /// Still open.
    Waiting,
    /// Led to something.
    Led,
    /// Led to nothing, was known before, or lapsed unread.
    LedToNothing,
}

/// Something unusual, with why and what to do.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Warning {
    /// What was found, as last seen.
    pub finding: Finding,
    /// The day it was first told.
    pub first: Date,
    /// The first day of its window when it was first told; windows move on. None in what was kept before this was.
    #[serde(default)]
    pub began: Option<Date>,
    /// The day it was last found.
    pub last: Date,
    /// How it stands.
    pub state: State,
    /// What was done about it so far.
    #[serde(default)]
    pub steps: Vec<Step>,
}

impl Warning {
    /// What became of it.
    pub fn fate(&self) -> Fate {
        match self.state {
            State::Open | State::Watching { .. } => Fate::Waiting,
            State::Acted => Fate::Led,
            State::Known { .. } | State::Nothing | State::Lapsed => Fate::LedToNothing,
        }
    }

    /// Whether a precinct sees it among what is budding.
    pub fn shown(&self) -> bool {
        self.state == State::Open
    }

    /// Answers it: known for a reason, silent until a day or until half as many cases again have come.
    #[must_use]
    pub fn known(mut self, reason: String, until: Date) -> Warning {
        let strength = self.strength();
        self.state = State::Known { reason, until, strength };
        self
    }

    /// How many cases it has.
    pub(crate) fn strength(&self) -> u32 {
        u32::try_from(self.finding.cases.len()).unwrap_or(u32::MAX)
    }
}

/// A change to be kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new warning: somebody is told.
    Tell(Warning),
    /// One that goes on: place in the list that was given, and how it is now. Nobody is told anew unless it `woke`.
    GoesOn {
        /// Which.
        index: usize,
        /// As it is now.
        now: Warning,
        /// It was silent and no longer is.
        woke: bool,
    },
    /// One that lapsed.
    Lapses(usize),
}

/// A warning lapses when it has not been found for so many days.
pub const LAPSES_AFTER: i32 = 7;

/// Today's findings against the warnings that are there: what is new, what goes on, what lapses.
///
/// A finding goes on a warning of the same kind and precinct that shares a case with it, or, where there are no cases, is
/// about the same thing. Of several the one that shares most; and each warning takes in one finding a day.
pub fn merge(warnings: &[Warning], findings: Vec<Finding>, today: Date) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut taken = BTreeSet::new();
    for finding in findings {
        let best = warnings
            .iter()
            .enumerate()
            .filter(|(i, w)| !taken.contains(i) && w.state != State::Lapsed)
            .map(|(i, w)| (shared(&w.finding, &finding), std::cmp::Reverse(i)))
            .filter(|(n, _)| *n > 0)
            .max();
        let Some((_, std::cmp::Reverse(index))) = best else {
            let (first, began) = (today, Some(finding.since));
            let state = State::Open;
            changes.push(Change::Tell(Warning { finding, first, began, last: today, state, steps: vec![] }));
            continue;
        };
        taken.insert(index);
        let was = &warnings[index];
        let more = u32::try_from(finding.cases.len()).unwrap_or(u32::MAX);
        let grown = |from: u32| more > from + from.div_ceil(2);
        let answered = matches!(was.state, State::Acted | State::Nothing);
        let woke = match &was.state {
            State::Known { until, strength, .. } | State::Watching { until, strength } => {
                today > *until || grown(*strength)
            }
            State::Acted | State::Nothing => grown(was.strength()),
            State::Open | State::Lapsed => false,
        };
        let state = if woke { State::Open } else { was.state.clone() };
        // What was answered stays as it was then: half as many cases again wake it, and what shares no case with it any more
        // is told anew.
        let finding = if answered && !woke { was.finding.clone() } else { finding };
        changes.push(Change::GoesOn {
            index,
            now: Warning { finding, last: today, state, ..was.clone() },
            woke,
        });
    }
    for (index, w) in warnings.iter().enumerate() {
        let days = w.last.until(today).map_or(0, |s| s.get_days());
        let over = match &w.state {
            State::Open => true,
            State::Watching { until, .. } => today > *until,
            _ => false,
        };
        if over && !taken.contains(&index) && days >= LAPSES_AFTER {
            changes.push(Change::Lapses(index));
        }
    }
    changes
}

/// How much two findings have in common; 0: they are two things.
fn shared(a: &Finding, b: &Finding) -> usize {
    if a.kind != b.kind || a.precinct != b.precinct || a.subject != b.subject {
        return 0;
    }
    if a.cases.is_empty() && b.cases.is_empty() {
        return usize::from(a.about == b.about);
    }
    let cases: BTreeSet<&CaseNo> = a.cases.iter().collect();
    b.cases.iter().filter(|c| cases.contains(c)).count()
}
