//! What happened to a case. Events are the history, kept for good: variants and fields are only added.

use super::{Channel, Kind, Quantity, Satisfaction, Solved, Urgency};
use crate::territory::Path;
use crate::{Actor, CaseNo, DoorwayId, PersonId, ProblemId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A personal text that only the holder of the person's key can read, as base64. To forget the person is to
/// destroy the key; the event and its hash stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Whose key.
    pub person: PersonId,
    /// The sealed bytes.
    pub data: String,
}

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first event of the case.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: CaseEvent,
}

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "events are written and read one by one, never kept in bulk")]
pub enum CaseEvent {
    /// Somebody said that something needs doing.
    Reported {
        /// Where it lies, top first.
        path: Path,
        /// The doorway.
        doorway: Option<DoorwayId>,
        /// What was said, masked.
        text: String,
        /// Where within the place, masked.
        detail: String,
        /// The original text, if masking changed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original: Option<Sealed>,
        /// How to reach the person, sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Sealed>,
        /// Proposed subject.
        subject: String,
        /// Proposed kind.
        kind: Kind,
        /// How pressing.
        urgency: Urgency,
        /// The words that raised the urgency.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alarms: Vec<String>,
        /// How it came in.
        channel: Channel,
        /// Open cases at the place that look alike, most alike first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        similar: Vec<CaseNo>,
        /// When it must be dispatched.
        dispatch_due: Timestamp,
    },
    /// Somebody said: I too.
    VoiceAdded {
        /// Which voice this is: 2 and on.
        voice: u16,
        /// What they added, masked; may be empty.
        text: String,
        /// How to reach them, sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Sealed>,
        /// How it came in.
        channel: Channel,
    },
    /// A resident added a remark.
    Remarked {
        /// Whose.
        voice: u16,
        /// Masked.
        text: String,
        /// The original, if masking changed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        original: Option<Sealed>,
    },
    /// Staff noted something for each other; residents do not see it.
    Noted {
        /// What.
        text: String,
    },
    /// Given to a unit.
    Dispatched {
        /// Which.
        unit: UnitId,
        /// What it is about, as the dispatcher sees it.
        subject: String,
        /// What sort of request, as the dispatcher sees it.
        kind: Kind,
        /// Why this unit: kept, and learnt from.
        reason: String,
        /// Its place among the units that were proposed, 1 for the first; `None` if it was not among them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposed: Option<u32>,
        /// When the resident must have been rung.
        first_contact_due: Timestamp,
        /// When it must be answered.
        due: Timestamp,
    },
    /// The dispatcher took a dispatch back before the unit began.
    Recalled {
        /// When it must be dispatched again.
        dispatch_due: Timestamp,
    },
    /// A person said whether it is pressing, whatever its words were read as.
    Weighed {
        /// Danger or normal.
        urgency: Urgency,
        /// When it must be dispatched now.
        dispatch_due: Timestamp,
    },
    /// The unit rang the resident.
    FirstContacted {
        /// Whether they spoke.
        reached: bool,
        /// What was said.
        note: String,
    },
    /// The unit gave it back, with a ground in the list of duties.
    Returned {
        /// The ground.
        ground: String,
        /// In words.
        note: String,
        /// When it must be dispatched again, or taken up by the meeting.
        due: Timestamp,
        /// Whether this return sent it to the precinct's meeting.
        to_meeting: bool,
    },
    /// The committee referred it up: "I cannot, outside my wall".
    Referred {
        /// What it tried.
        tried: String,
        /// When the precinct must have decided.
        due: Timestamp,
    },
    /// The precinct takes over what was referred up.
    ReferralAccepted {
        /// When it must be dispatched.
        due: Timestamp,
    },
    /// The precinct gives back what was referred up.
    GivenBack {
        /// To whom: the committee that referred it.
        unit: UnitId,
        /// The ground: what the committee can do by its list of duties.
        ground: String,
        /// In words.
        note: String,
        /// When it must be answered.
        due: Timestamp,
    },
    /// It is part of a problem from now.
    JoinedProblem {
        /// Which.
        problem: ProblemId,
        /// When the problem should be settled.
        due: Timestamp,
    },
    /// The problem is promised for another day.
    PlanPromised {
        /// Which problem.
        problem: ProblemId,
        /// When it should be settled.
        due: Timestamp,
    },
    /// It is not part of the problem after all.
    LeftProblem {
        /// Which.
        problem: ProblemId,
        /// When it must be dispatched.
        dispatch_due: Timestamp,
    },
    /// The problem's plan settled it.
    Settled {
        /// Which problem.
        problem: ProblemId,
        /// The unit that led it, which handles what is not solved.
        unit: UnitId,
        /// What was done, in words that the resident reads.
        outcome: String,
        /// And in quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// Solved, according to the units.
        solved: Solved,
        /// Silence counts as agreement after this.
        due: Timestamp,
    },
    /// The deadline was moved, with approval.
    Extended {
        /// The new one.
        due: Timestamp,
        /// Why.
        reason: String,
    },
    /// The unit answered.
    Answered {
        /// What was done, in words that the resident reads.
        outcome: String,
        /// And in quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// Solved, according to the unit.
        solved: Solved,
        /// Silence counts as agreement after this; after a "not solved" it leads to a call-back instead.
        due: Timestamp,
    },
    /// A resident said: it is solved.
    Confirmed {
        /// Whose voice.
        voice: u16,
    },
    /// A resident said: it is not solved. The unit's head takes part in the second handling.
    NotSolved {
        /// Whose voice.
        voice: u16,
        /// What is missing, masked.
        text: String,
        /// When the second handling must be answered.
        due: Timestamp,
    },
    /// A resident rated. Staff see the sum, never whose.
    Rated {
        /// Whose voice.
        voice: u16,
        /// How satisfied.
        satisfaction: Satisfaction,
    },
    /// Somebody who did not handle it rang back and wrote down what the resident said.
    CalledBack {
        /// Solved, according to the resident; `None` if they could not be reached.
        solved: Option<Solved>,
        /// How satisfied, if they said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        satisfaction: Option<Satisfaction>,
        /// What was said.
        note: String,
    },
    /// Honestly unsolvable for now.
    Parked {
        /// Why.
        cause: String,
        /// The law or rule that stands in the way.
        law: String,
        /// When it is looked at again.
        review_on: Date,
    },
    /// Taken up again.
    Unparked {
        /// When it must be dispatched.
        dispatch_due: Timestamp,
    },
    /// Goes on in another case.
    MergedInto {
        /// Which.
        into: CaseNo,
    },
    /// Another case goes on in this one.
    Absorbed {
        /// Which.
        from: CaseNo,
        /// How many voices it brought.
        voices: u32,
    },
    /// The merging was a mistake; the case stands alone again.
    Separated {
        /// When it must be dispatched.
        dispatch_due: Timestamp,
    },
    /// A case that had been merged into this one stands alone again.
    Released {
        /// Which.
        from: CaseNo,
        /// How many voices left with it.
        voices: u32,
    },
    /// Not ours: the resident was told where to go.
    Redirected {
        /// Where.
        to: String,
        /// In words.
        text: String,
    },
    /// A resident took it back.
    Withdrawn {
        /// Whose voice.
        voice: u16,
        /// Why, masked; may be empty.
        text: String,
    },
    /// Ended.
    Closed {
        /// By what.
        by: super::decide::ClosedBy,
    },
}
