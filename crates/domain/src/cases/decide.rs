//! From a command to its events, or a refusal.

use super::{
    Case, CaseEvent, Clock, Command, Deadlines, Kind, Recorded, Refusal, Report, Solved, State, Urgency,
    apply,
};
use crate::{Actor, CaseNo, Context};
use serde::{Deserialize, Serialize};

/// What ended a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// The resident said that it is solved.
    Resident,
    /// The resident never spoke against the answer in the set time.
    Silence,
    /// Somebody who did not handle it rang back.
    CallBack,
    /// It was a question, answered at once.
    Answer,
}

/// Makes a case from a report: its first state, and its first event.
pub fn open(no: CaseNo, report: Report, ctx: &Context, rules: &dyn Deadlines) -> (Case, Vec<Recorded>) {
    let dispatch_due = rules.dispatch(report.urgency, ctx.now);
    let event = CaseEvent::Reported {
        path: report.path,
        doorway: report.doorway,
        text: report.text,
        detail: report.detail,
        original: report.original,
        contact: report.contact,
        subject: report.subject,
        kind: report.kind,
        urgency: report.urgency,
        alarms: report.alarms,
        channel: report.channel,
        similar: report.similar,
        dispatch_due,
    };
    let recorded = Recorded { seq: 1, at: ctx.now, actor: ctx.actor, event };
    let case = apply(Case::unborn(no), &recorded);
    (case, vec![recorded])
}

/// Decides what a command leads to. The events are not yet applied.
///
/// # Errors
/// A [`Refusal`] that says why, in both languages; nothing has changed.
pub fn decide(
    case: &Case,
    command: Command,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<Vec<Recorded>, Refusal> {
    let events = events_of(case, command, ctx, rules)?;
    Ok(events
        .into_iter()
        .zip(case.version + 1..)
        .map(|(event, seq)| Recorded { seq, at: ctx.now, actor: ctx.actor, event })
        .collect())
}

fn events_of(
    case: &Case,
    command: Command,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<Vec<CaseEvent>, Refusal> {
    use Command as C;
    use State as S;
    let now = ctx.now;
    match command {
        C::AddVoice { text, contact, channel } => {
            when(case, case.state.is_open() || case.state == S::Parked)?;
            let voice = u16::try_from(case.voices + 1).unwrap_or(u16::MAX);
            one(CaseEvent::VoiceAdded { voice, text, contact, channel })
        }
        C::Remark { voice, text, original } => {
            from_resident(case, ctx, voice)?;
            one(CaseEvent::Remarked { voice, text: said("text", text)?, original })
        }
        C::Note { text } => one(CaseEvent::Noted { text: said("text", text)? }),
        C::Dispatch { unit, off_list, subject, kind, reason, proposed } => {
            when(case, matches!(case.state, S::Received | S::AtMeeting | S::Referred))?;
            if off_list {
                return Err(Refusal::OffTheList);
            }
            one(CaseEvent::Dispatched {
                unit,
                subject,
                kind,
                reason: said("reason", reason)?,
                proposed,
                first_contact_due: rules.first_contact(now),
                due: rules.handling(kind, now),
            })
        }
        C::Recall => {
            when(case, case.state == S::Assigned)?;
            one(CaseEvent::Recalled { dispatch_due: rules.dispatch(case.urgency, now) })
        }
        C::Weigh { pressing } => {
            when(case, case.may_weigh())?;
            let running = case.due.map_or(now, |(_, due)| due);
            one(if pressing {
                let dispatch_due = rules.dispatch(Urgency::Danger, now).min(running);
                CaseEvent::Weighed { urgency: Urgency::Danger, dispatch_due }
            } else {
                // The clock that it would have had from the start; never less than was left.
                let dispatch_due = rules.dispatch(Urgency::Normal, case.reported_at).max(running);
                CaseEvent::Weighed { urgency: Urgency::Normal, dispatch_due }
            })
        }
        C::FirstContact { reached, note } => {
            when(case, matches!(case.state, S::Assigned | S::InHand))?;
            one(CaseEvent::FirstContacted { reached, note: said("note", note)? })
        }
        C::Return { ground, note } => {
            when(case, matches!(case.state, S::Assigned | S::InHand) && case.not_solved == 0)?;
            let to_meeting = case.returns + 1 >= rules.returns_to_meeting(now);
            let due = if to_meeting { rules.meeting(now) } else { rules.dispatch(case.urgency, now) };
            one(CaseEvent::Returned {
                ground: said("ground", ground)?,
                note: said("note", note)?,
                due,
                to_meeting,
            })
        }
        C::Refer { tried } => {
            when(case, matches!(case.state, S::Assigned | S::InHand))?;
            one(CaseEvent::Referred { tried: said("tried", tried)?, due: rules.meeting(now) })
        }
        C::AcceptReferral => {
            when(case, case.state == S::Referred)?;
            one(CaseEvent::ReferralAccepted { due: rules.dispatch(case.urgency, now) })
        }
        C::GiveBack { ground, note, off_list } => {
            let unit = case.referred_by.filter(|_| case.state == S::Referred);
            let unit = unit.ok_or(Refusal::NotNow(case.state))?;
            if off_list {
                return Err(Refusal::OffTheList);
            }
            let due = rules.handling(case.kind, now);
            one(CaseEvent::GivenBack {
                unit,
                ground: said("ground", ground)?,
                note: said("note", note)?,
                due,
            })
        }
        C::JoinProblem { problem, due } => {
            when(case, case.may_join())?;
            one(CaseEvent::JoinedProblem { problem, due })
        }
        C::PromisePlan { problem, due } => {
            when(case, case.state == S::InProblem && case.problem == Some(problem))?;
            one(CaseEvent::PlanPromised { problem, due })
        }
        C::LeaveProblem { problem } => {
            when(case, case.state == S::InProblem && case.problem == Some(problem))?;
            let dispatch_due = rules.dispatch(case.urgency, now);
            one(CaseEvent::LeftProblem { problem, dispatch_due })
        }
        C::SettleByPlan { problem, unit, outcome, quantities, solved } => {
            when(case, case.state == S::InProblem && case.problem == Some(problem))?;
            let due = if case.not_solved > 0 { rules.call_back(now) } else { rules.silence(now) };
            one(CaseEvent::Settled {
                problem,
                unit,
                outcome: said("outcome", outcome)?,
                quantities,
                solved,
                due,
            })
        }
        C::Extend { reason } => {
            when(case, matches!(case.state, S::Assigned | S::InHand))?;
            let due = rules.complex(now).max(case.handling_due.unwrap_or(now));
            one(CaseEvent::Extended { due, reason: said("reason", reason)? })
        }
        C::Answer { outcome, quantities, solved } => {
            when(case, matches!(case.state, S::Assigned | S::InHand))?;
            if !case.may_answer() {
                return Err(Refusal::NoFirstContact);
            }
            let due = if case.not_solved > 0 { rules.call_back(now) } else { rules.silence(now) };
            one(CaseEvent::Answered { outcome: said("outcome", outcome)?, quantities, solved, due })
        }
        C::AnswerAtOnce { text } => {
            when(case, matches!(case.state, S::Received | S::AtMeeting | S::Referred))?;
            let outcome = said("outcome", text)?;
            let due = rules.silence(now);
            let answered = CaseEvent::Answered { outcome, quantities: vec![], solved: Solved::Yes, due };
            // Only a question can end with its answer; whatever else it was, the resident has the word.
            match case.kind {
                Kind::Question => Ok(vec![answered, CaseEvent::Closed { by: ClosedBy::Answer }]),
                _ => one(answered),
            }
        }
        C::Confirm { voice } => {
            when(case, case.state == S::Answered)?;
            from_resident(case, ctx, voice)?;
            Ok(vec![CaseEvent::Confirmed { voice }, CaseEvent::Closed { by: ClosedBy::Resident }])
        }
        C::NotSolved { voice, text } => {
            when(case, matches!(case.state, S::Answered | S::Closed))?;
            from_resident(case, ctx, voice)?;
            one(CaseEvent::NotSolved { voice, text, due: rules.second_handling(now) })
        }
        C::Rate { voice, satisfaction } => {
            when(case, matches!(case.state, S::Answered | S::Closed | S::Parked))?;
            from_resident(case, ctx, voice)?;
            one(CaseEvent::Rated { voice, satisfaction })
        }
        C::CallBack { solved, satisfaction, note } => {
            when(case, case.state == S::Answered)?;
            if let Actor::Staff { unit: Some(unit), .. } = ctx.actor
                && Some(unit) == case.unit
            {
                return Err(Refusal::OwnWork);
            }
            let note = said("note", note)?;
            let mut events = vec![CaseEvent::CalledBack { solved, satisfaction, note: note.clone() }];
            match solved {
                Some(Solved::Yes | Solved::Partly) => {
                    events.push(CaseEvent::Closed { by: ClosedBy::CallBack });
                }
                Some(Solved::No) => events.push(CaseEvent::NotSolved {
                    voice: 1,
                    text: note,
                    due: rules.second_handling(now),
                }),
                None => {}
            }
            Ok(events)
        }
        C::Park { cause, law, review_on } => {
            when(case, case.state.is_open())?;
            if review_on <= super::apply::local_date(now) {
                return Err(Refusal::ReviewInThePast);
            }
            one(CaseEvent::Parked { cause: said("cause", cause)?, law: said("law", law)?, review_on })
        }
        C::Unpark => {
            when(case, case.state == S::Parked)?;
            one(CaseEvent::Unparked { dispatch_due: rules.dispatch(case.urgency, now) })
        }
        C::MergeInto { into, into_open } => {
            if into == case.no {
                return Err(Refusal::IntoItself);
            }
            when(case, matches!(case.state, S::Received | S::AtMeeting | S::Referred))?;
            if !into_open {
                return Err(Refusal::IntoEnded(into));
            }
            one(CaseEvent::MergedInto { into })
        }
        C::Absorb { from, voices } => one(CaseEvent::Absorbed { from, voices }),
        C::Separate => {
            when(case, case.state == S::Merged)?;
            one(CaseEvent::Separated { dispatch_due: rules.dispatch(case.urgency, now) })
        }
        C::Release { from, voices } => one(CaseEvent::Released { from, voices }),
        C::Redirect { to, text } => {
            when(case, matches!(case.state, S::Received | S::AtMeeting | S::Referred))?;
            one(CaseEvent::Redirected { to: said("to", to)?, text: said("text", text)? })
        }
        C::Withdraw { voice, text } => {
            when(case, case.state.is_open() || case.state == S::Parked)?;
            from_resident(case, ctx, voice)?;
            one(CaseEvent::Withdrawn { voice, text })
        }
        C::CloseOnSilence => {
            let silent = matches!(case.due, Some((Clock::Silence, at)) if at <= now);
            when(case, case.state == S::Answered && silent)?;
            one(CaseEvent::Closed { by: ClosedBy::Silence })
        }
    }
}

fn one(event: CaseEvent) -> Result<Vec<CaseEvent>, Refusal> {
    Ok(vec![event])
}

fn when(case: &Case, fits: bool) -> Result<(), Refusal> {
    if fits { Ok(()) } else { Err(Refusal::NotNow(case.state)) }
}

fn said(field: &'static str, text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() { Err(Refusal::Missing(field)) } else { Ok(text) }
}

fn from_resident(case: &Case, ctx: &Context, voice: u16) -> Result<(), Refusal> {
    if ctx.actor != Actor::Resident {
        return Err(Refusal::NotFromStaff);
    }
    if voice == 0 || u32::from(voice) > case.voices {
        return Err(Refusal::NoSuchVoice);
    }
    Ok(())
}
