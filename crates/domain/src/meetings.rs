//! The precinct's meeting 片会: what came back three times, what is disputed, what is parked and due for
//! review. Decisions are carried out in the same stroke; the minutes are nothing but the events.

use crate::cases::named;
use crate::{Actor, CaseNo, MeetingId, PlaceId, ProblemId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

named! {
    /// Why something is on the agenda.
    Reason {
        /// Given back three times.
        CameBack "came_back" "多次退单" "came back too often",
        /// Referred up by a committee and not yet taken over.
        Referred "referred" "居委会上报" "referred by a committee",
        /// A called unit says that it is not its own.
        Disputed "disputed" "吹哨有异议" "a call is disputed",
        /// Parked, and due for review.
        Review "review" "挂账到期复核" "parked, due for review",
        /// A plan that is late.
        Late "late" "方案超期" "a plan is late",
    }
}

/// What an item of the agenda or a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A case.
    Case(CaseNo),
    /// A problem.
    Problem(ProblemId),
}

/// Something that happened at a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum MeetingEvent {
    /// It began.
    Opened {
        /// Whose meeting.
        place: PlaceId,
        /// On which day.
        on: Date,
        /// Who was there, as they are called.
        present: Vec<String>,
    },
    /// Something was decided, and done with that.
    Decided {
        /// About what.
        about: About,
        /// In words, as the minutes have it.
        text: String,
        /// The number of the event of the case or problem that carried it out; `None` where it was put off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<u32>,
    },
    /// It ended.
    Closed {},
}

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first event of the meeting.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: MeetingEvent,
}

/// A decision, as the minutes have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// About what.
    pub about: About,
    /// In words.
    pub text: String,
    /// The event that carried it out.
    pub done: Option<u32>,
    /// When.
    pub at: Timestamp,
}

/// A meeting as it stands: its minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its number.
    pub id: MeetingId,
    /// Whose.
    pub place: PlaceId,
    /// On which day.
    pub on: Date,
    /// Who was there.
    pub present: Vec<String>,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// How many events it has.
    pub version: u32,
}

/// The minutes from the events; `None` where the first is not its opening.
pub fn rebuild<'a>(id: MeetingId, events: impl IntoIterator<Item = &'a Recorded>) -> Option<Meeting> {
    let mut events = events.into_iter();
    let first = events.next()?;
    let MeetingEvent::Opened { place, on, present } = &first.event else { return None };
    let meeting = Meeting {
        id,
        place: *place,
        on: *on,
        present: present.clone(),
        decisions: vec![],
        closed_at: None,
        version: first.seq,
    };
    Some(events.fold(meeting, apply))
}

/// Folds one event into the minutes.
pub fn apply(mut meeting: Meeting, recorded: &Recorded) -> Meeting {
    meeting.version = recorded.seq;
    match &recorded.event {
        MeetingEvent::Opened { .. } => {}
        MeetingEvent::Decided { about, text, done } => meeting.decisions.push(Decision {
            about: *about,
            text: text.clone(),
            done: *done,
            at: recorded.at,
        }),
        MeetingEvent::Closed {} => meeting.closed_at = Some(recorded.at),
    }
    meeting
}
