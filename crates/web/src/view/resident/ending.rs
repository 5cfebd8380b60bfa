//! What a case came to, read off its events: the last answer, why it is parked, where it was sent.

use super::story::{Reader, amounts};
use super::timeline::{Outcome, Parked, Redirected};
use crate::times;
use domain::cases::{Case, CaseEvent, Recorded, State};

/// The last answer, while it still stands.
pub fn outcome_of(case: &Case, events: &[Recorded], reader: Reader<'_>) -> Option<Outcome> {
    if !matches!(case.state, State::Answered | State::Closed) {
        return None;
    }
    events.iter().rev().find_map(|r| match &r.event {
        CaseEvent::Answered { outcome, quantities, solved, .. } => Some(Outcome {
            unit: case.unit.map(reader.unit).unwrap_or_default(),
            text: outcome.clone(),
            amounts: amounts(quantities),
            solved: reader.lang.pick(solved.zh(), solved.en()).into(),
        }),
        _ => None,
    })
}

/// Why the case is parked, if it is.
pub fn parked_of(case: &Case, events: &[Recorded], reader: Reader<'_>) -> Option<Parked> {
    if case.state != State::Parked {
        return None;
    }
    let today = times::local(reader.now).date();
    events.iter().rev().find_map(|r| match &r.event {
        CaseEvent::Parked { cause, law, review_on } => Some(Parked {
            cause: cause.clone(),
            law: law.clone(),
            review: times::day(*review_on, today, reader.lang),
        }),
        _ => None,
    })
}

/// Where the resident was told to turn, if the case is not ours.
pub fn redirected_of(case: &Case, events: &[Recorded]) -> Option<Redirected> {
    if case.state != State::Redirected {
        return None;
    }
    events.iter().rev().find_map(|r| match &r.event {
        CaseEvent::Redirected { to, text } => Some(Redirected { to: to.clone(), text: text.clone() }),
        _ => None,
    })
}
