//! From an event to the state after it.

use super::{Case, CaseEvent, Channel, Clock, Kind, Recorded, Solved, State, Urgency};
use crate::CaseNo;
use crate::territory::Path;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The district's clock: China has one offset and no summer time.
pub fn local_date(at: Timestamp) -> jiff::civil::Date {
    Offset::constant(8).to_datetime(at).date()
}

/// When a day begins by the district's clock; `None` at the ends of time.
pub fn midnight(date: jiff::civil::Date) -> Option<Timestamp> {
    Offset::constant(8).to_timestamp(date.at(0, 0, 0, 0)).ok()
}

impl Case {
    /// A case before its first event.
    pub(crate) fn unborn(no: CaseNo) -> Case {
        Case {
            no,
            path: Path::default(),
            doorway: None,
            text: String::new(),
            detail: String::new(),
            subject: String::new(),
            kind: Kind::Complaint,
            urgency: Urgency::Normal,
            channel: Channel::Door,
            reported_at: Timestamp::UNIX_EPOCH,
            state: State::Received,
            unit: None,
            due: None,
            handling_due: None,
            first_contact_due: None,
            first_contact_at: None,
            contact_tries: 0,
            returns: 0,
            hops: 0,
            not_solved: 0,
            answered_at: None,
            outcome: String::new(),
            closed_at: None,
            solved_unit: None,
            solved_resident: None,
            satisfaction: None,
            review_on: None,
            merged_into: None,
            problem: None,
            referred_by: None,
            voices: 0,
            version: 0,
        }
    }

    /// The plan of its problem promises a day.
    fn promise(&mut self, due: Timestamp) {
        self.handling_due = Some(due);
        self.due = Some((Clock::Plan, due));
    }

    fn end(&mut self, state: State, at: Timestamp) {
        self.state = state;
        self.due = None;
        self.closed_at = Some(at);
    }

    fn wait_for_dispatch(&mut self, due: Timestamp) {
        self.state = State::Received;
        self.unit = None;
        self.referred_by = None;
        self.due = Some((Clock::Dispatch, due));
        self.handling_due = None;
        self.first_contact_due = None;
        self.first_contact_at = None;
        self.contact_tries = 0;
        self.closed_at = None;
    }
}

/// Folds one event into the state.
pub fn apply(mut case: Case, recorded: &Recorded) -> Case {
    let at = recorded.at;
    case.version = recorded.seq;
    match &recorded.event {
        CaseEvent::Reported {
            path,
            doorway,
            text,
            detail,
            subject,
            kind,
            urgency,
            channel,
            dispatch_due,
            ..
        } => {
            case.path = *path;
            case.doorway = *doorway;
            case.text.clone_from(text);
            case.detail.clone_from(detail);
            case.subject.clone_from(subject);
            case.kind = *kind;
            case.urgency = *urgency;
            case.channel = *channel;
            case.reported_at = at;
            case.voices = 1;
            case.wait_for_dispatch(*dispatch_due);
        }
        CaseEvent::VoiceAdded { .. } => case.voices += 1,
        CaseEvent::Remarked { .. } | CaseEvent::Noted { .. } => {}
        CaseEvent::Dispatched { unit, subject, kind, first_contact_due, due, .. } => {
            case.state = State::Assigned;
            case.unit = Some(*unit);
            case.subject.clone_from(subject);
            case.kind = *kind;
            case.hops += 1;
            case.first_contact_due = Some(*first_contact_due);
            case.first_contact_at = None;
            case.contact_tries = 0;
            case.handling_due = Some(*due);
            case.due = Some((Clock::FirstContact, *first_contact_due));
        }
        CaseEvent::Recalled { dispatch_due } => case.wait_for_dispatch(*dispatch_due),
        CaseEvent::Weighed { urgency, dispatch_due } => {
            case.urgency = *urgency;
            case.due = Some((Clock::Dispatch, *dispatch_due));
        }
        CaseEvent::FirstContacted { reached, .. } => {
            case.contact_tries += 1;
            if *reached {
                case.first_contact_at.get_or_insert(at);
                case.state = State::InHand;
                let clock = if case.not_solved > 0 { Clock::SecondHandling } else { Clock::Handling };
                case.due = case.handling_due.map(|due| (clock, due));
            }
        }
        CaseEvent::Returned { due, to_meeting, .. } => {
            case.returns += 1;
            case.wait_for_dispatch(*due);
            if *to_meeting {
                case.state = State::AtMeeting;
                case.due = Some((Clock::Meeting, *due));
            }
        }
        CaseEvent::Referred { due, .. } => {
            let by = case.unit;
            case.wait_for_dispatch(*due);
            case.referred_by = by;
            case.state = State::Referred;
            case.due = Some((Clock::Meeting, *due));
        }
        CaseEvent::ReferralAccepted { due } => case.wait_for_dispatch(*due),
        CaseEvent::GivenBack { unit, due, .. } => {
            case.state = State::InHand;
            case.unit = Some(*unit);
            case.referred_by = None;
            case.returns += 1;
            case.handling_due = Some(*due);
            case.due = Some((Clock::Handling, *due));
        }
        CaseEvent::JoinedProblem { problem, due } => {
            case.wait_for_dispatch(*due);
            case.state = State::InProblem;
            case.problem = Some(*problem);
            case.promise(*due);
        }
        CaseEvent::PlanPromised { due, .. } => case.promise(*due),
        CaseEvent::LeftProblem { dispatch_due, .. } => {
            case.problem = None;
            case.wait_for_dispatch(*dispatch_due);
        }
        CaseEvent::Settled { unit, outcome, solved, due, .. } => {
            case.state = State::Answered;
            case.unit = Some(*unit);
            case.answered_at = Some(at);
            case.outcome.clone_from(outcome);
            case.solved_unit = Some(*solved);
            let clock = if case.not_solved > 0 { Clock::CallBack } else { Clock::Silence };
            case.due = Some((clock, *due));
        }
        CaseEvent::Extended { due, .. } => {
            case.handling_due = Some(*due);
            if case.state == State::InHand {
                case.due = Some((Clock::Handling, *due));
            }
        }
        CaseEvent::Answered { outcome, solved, due, .. } => {
            case.state = State::Answered;
            case.answered_at = Some(at);
            case.outcome.clone_from(outcome);
            case.solved_unit = Some(*solved);
            let clock = if case.not_solved > 0 { Clock::CallBack } else { Clock::Silence };
            case.due = Some((clock, *due));
        }
        CaseEvent::Confirmed { .. } => case.solved_resident = Some(Solved::Yes),
        CaseEvent::NotSolved { due, .. } => {
            case.not_solved += 1;
            case.solved_resident = Some(Solved::No);
            case.closed_at = None;
            if case.unit.is_some() {
                case.state = State::InHand;
                case.handling_due = Some(*due);
                case.due = Some((Clock::SecondHandling, *due));
            } else {
                case.wait_for_dispatch(*due);
            }
        }
        CaseEvent::Rated { satisfaction, .. } => case.satisfaction = Some(*satisfaction),
        CaseEvent::CalledBack { solved, satisfaction, .. } => {
            case.solved_resident = solved.or(case.solved_resident);
            case.satisfaction = satisfaction.or(case.satisfaction);
        }
        CaseEvent::Parked { review_on, .. } => {
            case.end(State::Parked, at);
            case.review_on = Some(*review_on);
        }
        CaseEvent::Unparked { dispatch_due } => {
            case.review_on = None;
            case.wait_for_dispatch(*dispatch_due);
        }
        CaseEvent::MergedInto { into } => {
            case.end(State::Merged, at);
            case.merged_into = Some(*into);
        }
        CaseEvent::Absorbed { voices, .. } => case.voices += voices,
        CaseEvent::Separated { dispatch_due } => {
            case.merged_into = None;
            case.wait_for_dispatch(*dispatch_due);
        }
        CaseEvent::Released { voices, .. } => case.voices = case.voices.saturating_sub(*voices),
        CaseEvent::Redirected { .. } => case.end(State::Redirected, at),
        CaseEvent::Withdrawn { .. } => {
            // With others still waiting, one person's leaving does not end it.
            if case.voices <= 1 {
                case.end(State::Withdrawn, at);
            }
        }
        CaseEvent::Closed { .. } => case.end(State::Closed, at),
    }
    case
}

/// The state of a case from its events alone; `None` where there are none.
pub fn rebuild<'a>(no: CaseNo, events: impl IntoIterator<Item = &'a Recorded>) -> Option<Case> {
    let mut events = events.into_iter().peekable();
    events.peek()?;
    Some(events.fold(Case::unborn(no), apply))
}
