//! From the events of a case to what staff read: every event a line, with who and when.

use super::case::ClockLine;
use super::row::{Level, left};
use crate::times;
use crate::view::resident::amounts;
use crate::words::Lang;
use domain::cases::{Case, CaseEvent, Clock, Recorded, Urgency};
use domain::{Actor, StaffId, UnitId};
use jiff::Timestamp;

/// One line of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffLine {
    /// When, as people say it.
    pub when: String,
    /// And to the minute, for who hovers: `2026-11-23 09:12`.
    pub exact: String,
    /// By whom.
    pub who: String,
    /// What happened.
    pub what: String,
    /// What was written with it.
    pub quote: String,
    /// Quantities.
    pub amounts: Vec<String>,
}

/// How people and units are called, and when and in which language it is read.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The moment of reading.
    pub now: Timestamp,
    /// The language.
    pub lang: Lang,
    /// The name of a unit.
    pub unit: &'a dyn Fn(UnitId) -> String,
    /// The name of a member of staff.
    pub staff: &'a dyn Fn(StaffId) -> String,
}

/// The history of a case for staff, newest first. Ratings are left out: who is rated never learns by whom.
pub fn history(events: &[Recorded], names: Names<'_>) -> Vec<StaffLine> {
    events.iter().rev().filter_map(|r| line(r, names)).collect()
}

fn line(recorded: &Recorded, names: Names<'_>) -> Option<StaffLine> {
    let Names { now, lang: t, .. } = names;
    let mut amount = vec![];
    let (what, quote): (String, &str) = match &recorded.event {
        CaseEvent::Reported { channel, text, .. } => {
            (t.hi_reported(t.pick(channel.zh(), channel.en())), text)
        }
        CaseEvent::VoiceAdded { voice, text, .. } => (t.hi_voice(voice), text),
        CaseEvent::Remarked { voice, text, .. } => (t.hi_remarked(voice), text),
        CaseEvent::Noted { text } => (t.hi_noted().into(), text),
        CaseEvent::Dispatched { unit, reason, proposed, .. } => {
            let place = proposed.map(|p| t.hi_proposed(p)).unwrap_or_default();
            (t.hi_dispatched((names.unit)(*unit)) + &place, reason)
        }
        CaseEvent::Recalled { .. } => (t.hi_recalled().into(), ""),
        CaseEvent::Weighed { urgency, .. } => {
            (if *urgency == Urgency::Normal { t.hi_not_pressing() } else { t.hi_pressing() }.into(), "")
        }
        CaseEvent::FirstContacted { reached, note } => {
            (if *reached { t.hi_contacted() } else { t.hi_not_reached() }.into(), note)
        }
        CaseEvent::Returned { ground, note, to_meeting, .. } => {
            let mut what = t.hi_returned(ground);
            if *to_meeting {
                what += t.pick("；", "; ");
                what += t.hi_to_meeting();
            }
            (what, note)
        }
        CaseEvent::Referred { tried, .. } => (t.hi_referred().into(), tried),
        CaseEvent::ReferralAccepted { .. } => (t.hi_referral_accepted().into(), ""),
        CaseEvent::GivenBack { unit, ground, note, .. } => {
            (t.hi_given_back((names.unit)(*unit), ground), note)
        }
        CaseEvent::JoinedProblem { problem, .. } => (t.hi_joined_problem(problem), ""),
        CaseEvent::PlanPromised { due, .. } => (t.hi_plan_promised(times::by(*due, now, t)), ""),
        CaseEvent::LeftProblem { problem, .. } => (t.hi_left_problem(problem), ""),
        CaseEvent::Settled { outcome, quantities, solved, .. } => {
            amount = amounts(quantities);
            (t.hi_settled(t.pick(solved.zh(), solved.en())), outcome)
        }
        CaseEvent::Extended { due, reason } => (t.hi_extended(times::by(*due, now, t)), reason),
        CaseEvent::Answered { outcome, quantities, solved, .. } => {
            amount = amounts(quantities);
            (t.hi_answered(t.pick(solved.zh(), solved.en())), outcome)
        }
        CaseEvent::Confirmed { .. } => (t.hi_confirmed().into(), ""),
        CaseEvent::NotSolved { text, .. } => (t.hi_not_solved().into(), text),
        CaseEvent::Rated { .. } => return None,
        CaseEvent::CalledBack { solved: Some(solved), note, .. } => {
            (t.hi_called(t.pick(solved.zh(), solved.en())), note)
        }
        CaseEvent::CalledBack { solved: None, note, .. } => (t.hi_called_in_vain().into(), note),
        CaseEvent::Parked { cause, review_on, .. } => {
            (t.hi_parked(times::day(*review_on, times::local(now).date(), t)), cause)
        }
        CaseEvent::Unparked { .. } => (t.hi_unparked().into(), ""),
        CaseEvent::MergedInto { into } => (t.hi_merged(into.spoken()), ""),
        CaseEvent::Absorbed { from, .. } => (t.hi_absorbed(from.spoken()), ""),
        CaseEvent::Separated { .. } => (t.hi_separated().into(), ""),
        CaseEvent::Released { from, .. } => (t.hi_released(from.spoken()), ""),
        CaseEvent::Redirected { to, text } => (t.hi_redirected(to), text),
        CaseEvent::Withdrawn { text, .. } => (t.hi_withdrawn().into(), text),
        CaseEvent::Closed { .. } if recorded.actor == Actor::System => (t.hi_closed_silence().into(), ""),
        CaseEvent::Closed { .. } => (t.hi_closed().into(), ""),
    };
    Some(StaffLine {
        when: times::when(recorded.at, now, t),
        exact: times::exact(recorded.at),
        who: match recorded.actor {
            Actor::Resident => t.by_resident().into(),
            Actor::System => t.by_system().into(),
            Actor::Staff { id, unit } => {
                let name = (names.staff)(id);
                unit.map_or(name.clone(), |u| format!("{name} · {}", (names.unit)(u)))
            }
        },
        what,
        quote: quote.into(),
        amounts: amount,
    })
}

/// The clocks of a case as it stands: what was done in its time, what is running, what is promised.
pub fn clock_lines(case: &Case, now: Timestamp, t: Lang) -> Vec<ClockLine> {
    let name = |clock: Clock| t.pick(clock.zh(), clock.en()).to_string();
    let mut lines = vec![];
    if let Some(due) = case.first_contact_due {
        lines.push(match case.first_contact_at {
            Some(at) => ClockLine {
                what: name(Clock::FirstContact),
                by: times::by(due, now, t),
                left: t.clock_done(times::when(at, now, t)),
                level: if at > due { Level::Late } else { Level::Calm },
                done: true,
            },
            None => running(name(Clock::FirstContact), due, now, t),
        });
    }
    if let Some((clock, due)) = case.due
        && (clock != Clock::FirstContact || lines.is_empty())
    {
        let mut line = running(name(clock), due, now, t);
        if clock == Clock::Silence {
            line.level = Level::Calm;
        }
        lines.push(line);
    }
    if let Some(due) = case.handling_due
        && case.answered_at.is_none()
        && !matches!(case.due, Some((Clock::Handling, _)))
    {
        lines.push(running(name(Clock::Handling), due, now, t));
    }
    lines
}

fn running(what: String, due: Timestamp, now: Timestamp, t: Lang) -> ClockLine {
    let (left, level) = left(due, now, t);
    ClockLine { what, by: times::by(due, now, t), left, level, done: false }
}
