//! What is learnt from the events of a case, and from who leads a problem.

use super::{Class, Hours};
use crate::UnitId;
use crate::cases::{Case, CaseEvent, Recorded, Solved, apply};
use crate::problems::{self, Problem, ProblemEvent};
use crate::territory::Path;
use jiff::Timestamp;

/// After so many days a past choice counts half of one of today.
pub const HALF_LIFE: i64 = 180;

/// Weights are counted from here: 2024-01-01 in milliseconds.
const LANDMARK: i64 = 1_704_067_200_000;
/// What an event of that day weighs.
const UNIT: f64 = 1_024.0;
/// From here on weights grow no more, so that a sum over all cases of a district stays far below 2⁶³; 16
/// half-lives a power of 2¹⁶ each are some 18 years.
const MOST_DOUBLINGS: f64 = 36.0;

/// What an event weighs in a sum that fades: it doubles every [`HALF_LIFE`] days, so that sums are only ever
/// added to and an older event weighs less beside a newer one (“forward decay”, Cormode and others 2009). The
/// order in which events are added does not matter.
pub fn weight(at: Timestamp) -> i64 {
    let day = 24.0 * 3_600_000.0;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of centuries are below 2^53")]
    let doublings = (at.as_millisecond() - LANDMARK) as f64 / (day * HALF_LIFE as f64);
    let weight = UNIT * doublings.min(MOST_DOUBLINGS).exp2();
    #[expect(clippy::cast_possible_truncation, reason = "at most 2^46, and a float is cut off, not wrapped")]
    let whole = weight.round() as i64;
    whole.max(1)
}

/// What happened to a unit with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lesson {
    /// It was given the case.
    Chosen,
    /// It did not stay there: given back, taken back, or referred up.
    Returned,
    /// It answered; where it was the first unit, so many minutes after the report.
    Answered(Option<i64>),
    /// The case was closed with its answer.
    Settled,
    /// A resident said "not solved".
    Unsettled,
}

/// One thing to remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// When.
    pub at: Timestamp,
    /// The subject.
    pub subject: String,
    /// Where.
    pub path: Path,
    /// When the case came in.
    pub hours: Hours,
    /// Which unit.
    pub unit: UnitId,
    /// Its class; `None` where the subject is not on its list, or the place not its own.
    pub class: Option<Class>,
    /// What happened.
    pub lesson: Lesson,
}

/// What the events after a state teach. `class` says what class a unit is of for a subject at a place; `hours`
/// whether a moment is working time.
pub fn learn(
    before: &Case,
    events: &[Recorded],
    class: impl Fn(UnitId, &str, &Path) -> Option<Class>,
    hours: impl Fn(Timestamp) -> Hours,
) -> Vec<Learnt> {
    let teaches = |e: &CaseEvent| {
        matches!(
            e,
            CaseEvent::Dispatched { .. }
                | CaseEvent::Recalled { .. }
                | CaseEvent::Returned { .. }
                | CaseEvent::Referred { .. }
                | CaseEvent::Answered { .. }
                | CaseEvent::NotSolved { .. }
                | CaseEvent::Closed { .. }
        )
    };
    if !events.iter().any(|e| teaches(&e.event)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut case = before.clone();
    for e in events {
        let lesson = match &e.event {
            CaseEvent::Dispatched { .. } => Some(Lesson::Chosen),
            CaseEvent::Recalled { .. } | CaseEvent::Returned { .. } | CaseEvent::Referred { .. } => {
                Some(Lesson::Returned)
            }
            CaseEvent::Answered { .. } => {
                let minutes = e.at.duration_since(case.reported_at).as_mins().max(0);
                Some(Lesson::Answered((case.hops == 1 && case.not_solved == 0).then_some(minutes)))
            }
            CaseEvent::NotSolved { .. } => Some(Lesson::Unsettled),
            CaseEvent::Closed { .. } => Some(Lesson::Settled),
            _ => None,
        };
        let had = case.unit;
        case = apply(case, e);
        // Who had it before counts for what it did; a dispatch counts for who has it now.
        let unit = if lesson == Some(Lesson::Chosen) { case.unit } else { had };
        // What a problem's plan settled teaches nothing about single units.
        if let (Some(unit), Some(lesson), None) = (unit, lesson, case.problem) {
            out.push(Learnt {
                at: e.at,
                subject: case.subject.clone(),
                path: case.path,
                hours: hours(case.reported_at),
                unit,
                class: class(unit, &case.subject, &case.path),
                lesson,
            });
        }
    }
    out
}

/// What the events after a state of a problem teach about its lead: who was chosen, whether it stayed, and how the
/// plan ended. `class` and `hours` as for [`learn`].
pub fn learn_lead(
    before: &Problem,
    events: &[problems::Recorded],
    class: impl Fn(UnitId, &str, &Path) -> Option<Class>,
    hours: impl Fn(Timestamp) -> Hours,
) -> Vec<Learnt> {
    let mut out = Vec::new();
    let mut problem = before.clone();
    for e in events {
        let had = problem.lead;
        problem = problems::apply(problem, e);
        let lessons = match &e.event {
            ProblemEvent::LeadChosen { .. } if problem.lead != had => {
                vec![(had, Lesson::Returned), (problem.lead, Lesson::Chosen)]
            }
            ProblemEvent::Reopened { .. } => vec![(had, Lesson::Unsettled)],
            ProblemEvent::Closed { .. } if problem.solved == Some(Solved::Yes) => {
                vec![(had, Lesson::Settled)]
            }
            _ => continue,
        };
        for (unit, lesson) in lessons {
            out.extend(unit.map(|unit| Learnt {
                at: e.at,
                subject: problem.subject.clone(),
                path: problem.path,
                hours: hours(problem.opened_at),
                unit,
                class: class(unit, &problem.subject, &problem.path),
                lesson,
            }));
        }
    }
    out
}
