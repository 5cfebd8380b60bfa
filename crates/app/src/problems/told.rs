//! What residents are told of the problem that their case is part of.

use crate::AppError;
use domain::cases::Case;
use domain::problems::{Problem, ProblemEvent, Recorded, rebuild};
use jiff::Timestamp;
use store::Tx;

/// A problem as a resident sees it: plain steps, how many units are on it, what comes next.
#[derive(Debug, Clone)]
pub struct Told {
    /// The problem.
    pub problem: Problem,
    /// Its public steps since the case joined, oldest first.
    pub steps: Vec<Recorded>,
    /// What comes next: in the plan's own words, and by when.
    pub next: Option<(String, Timestamp)>,
}

impl Told {
    /// What the person behind a case is told; `None` where it is part of no problem.
    pub(crate) fn of(tx: &mut Tx<'_>, case: &Case) -> Result<Option<Told>, AppError> {
        let Some(id) = case.problem else { return Ok(None) };
        let events = tx.problem_events(id)?;
        let Some(problem) = rebuild(id, &events) else { return Ok(None) };
        let joined = events
            .iter()
            .position(|e| matches!(e.event, ProblemEvent::CaseJoined { case: no, .. } if no == case.no));
        let Some(joined) = joined else { return Ok(None) };
        let concerns = |e: &ProblemEvent| match e {
            ProblemEvent::CaseJoined { .. } | ProblemEvent::CaseLeft { .. } => false,
            other => other.is_public(),
        };
        // Who joins late is told what was decided before, too.
        let steps: Vec<Recorded> = events
            .into_iter()
            .enumerate()
            .filter(|(i, e)| concerns(&e.event) || *i == joined)
            .map(|(_, e)| e)
            .collect();
        let task = problem.tasks.iter().filter(|t| !t.state.is_final()).map(|t| (t.what.clone(), t.due));
        let asked = problem
            .applications
            .iter()
            .filter(|a| a.state == domain::problems::ApplicationState::Asked)
            .map(|a| (a.what.clone(), a.due));
        let next = if problem.state.is_open() { task.chain(asked).min_by_key(|n| n.1) } else { None };
        Ok(Some(Told { problem, steps, next }))
    }
}
