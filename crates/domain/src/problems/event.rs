//! What happened to a problem. Events are the history, kept for good: variants and fields are only added.

use super::{Attendance, ResourceKind, Rota, Task};
use crate::cases::{Quantity, Solved};
use crate::territory::Path;
use crate::{Actor, CaseNo, ProblemId, StaffId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first event of the problem.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: ProblemEvent,
}

/// Something that happened to a problem, its plan, or a whistle blown for it. Tasks, applications and the
/// rest are numbered within the problem, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ProblemEvent {
    /// Somebody saw one cause behind what was said.
    Opened {
        /// Where it lies, top first.
        path: Path,
        /// In a few words.
        title: String,
        /// The one cause.
        cause: String,
        /// What it is about.
        subject: String,
        /// When it should be settled.
        due: Timestamp,
    },
    /// It is described anew.
    Described {
        /// In a few words.
        title: String,
        /// The one cause.
        cause: String,
        /// When it should be settled.
        due: Timestamp,
    },
    /// A case belongs to it.
    CaseJoined {
        /// Which.
        case: CaseNo,
        /// How many people spoke in it.
        voices: u32,
        /// Why.
        why: String,
    },
    /// A case does not belong to it after all.
    CaseLeft {
        /// Which.
        case: CaseNo,
        /// Why.
        why: String,
    },
    /// A unit is responsible for the whole.
    LeadChosen {
        /// Which.
        unit: UnitId,
        /// Why this one: kept, and learnt from.
        why: String,
    },
    /// The draft began as that of an earlier problem.
    DraftedFrom {
        /// Which.
        problem: ProblemId,
    },
    /// A task is written down or changed.
    TaskSet {
        /// The task, as it stands from now.
        task: Task,
        /// The task that was late and moved this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        because: Option<u32>,
    },
    /// Somebody began a task.
    TaskBegun {
        /// Which.
        task: u32,
        /// Who.
        person: String,
    },
    /// A task is done.
    TaskDone {
        /// Which.
        task: u32,
        /// What was done.
        note: String,
        /// In quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
    },
    /// A task was not done after all.
    TaskReopened {
        /// Which.
        task: u32,
        /// What is missing.
        why: String,
    },
    /// A task is not needed.
    TaskDropped {
        /// Which.
        task: u32,
        /// Why.
        why: String,
    },
    /// People, money, things or a place stand ready.
    ResourceSet {
        /// Which.
        resource: u32,
        /// Of what kind.
        kind: ResourceKind,
        /// How much of what.
        quantity: Quantity,
        /// Who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<UnitId>,
    },
    /// A resource is not there after all.
    ResourceDropped {
        /// Which.
        resource: u32,
    },
    /// An outside unit is asked for something.
    Applied {
        /// Which application.
        application: u32,
        /// Who is asked.
        unit: UnitId,
        /// For what.
        what: String,
        /// In quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// The letter: its number or title.
        document: String,
        /// When an answer is expected.
        due: Timestamp,
    },
    /// The unit granted it.
    Granted {
        /// Which application.
        application: u32,
        /// What was granted, in quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// The decision: its number or title.
        document: String,
        /// Anything on it.
        note: String,
    },
    /// The unit granted a part.
    GrantedInPart {
        /// Which application.
        application: u32,
        /// What was granted, in quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// The decision: its number or title.
        document: String,
        /// Why not the whole.
        ground: String,
    },
    /// The unit refused.
    Refused {
        /// Which application.
        application: u32,
        /// The decision: its number or title.
        document: String,
        /// Why.
        ground: String,
    },
    /// It was asked again.
    AskedAgain {
        /// Which application.
        application: u32,
        /// With what more.
        note: String,
        /// The letter.
        document: String,
        /// When an answer is expected.
        due: Timestamp,
    },
    /// The decision is taken as it is.
    DecisionAccepted {
        /// Which application.
        application: u32,
        /// Anything on it.
        note: String,
    },
    /// The application was taken back.
    ApplicationWithdrawn {
        /// Which application.
        application: u32,
        /// Why.
        why: String,
    },
    /// A unit takes on a standing duty.
    DutySet {
        /// Which duty.
        duty: u32,
        /// Who.
        unit: UnitId,
        /// What.
        what: String,
        /// When.
        rota: Rota,
    },
    /// One day of a standing duty is written down.
    DutyAttended {
        /// Which duty.
        duty: u32,
        /// Which day.
        day: Date,
        /// Whether it was kept.
        attendance: Attendance,
        /// What was seen or done.
        note: String,
    },
    /// A standing duty ends before its time.
    DutyEnded {
        /// Which duty.
        duty: u32,
        /// The first day without it.
        on: Date,
        /// Why.
        why: String,
    },
    /// The plan is approved and runs.
    Approved {
        /// By when the whole is promised.
        due: Timestamp,
    },
    /// Units are called.
    Whistled {
        /// Which whistle.
        whistle: u32,
        /// Who is called.
        units: Vec<UnitId>,
        /// For what.
        what: String,
        /// What was tried before.
        tried: String,
        /// When each must have answered.
        answer_due: Timestamp,
        /// When each must have reported for duty.
        muster_due: Timestamp,
    },
    /// A called unit says that it comes.
    CallTaken {
        /// Which whistle.
        whistle: u32,
        /// Who.
        unit: UnitId,
        /// Anything on it.
        note: String,
    },
    /// A called unit says that it comes later.
    CallDelayed {
        /// Which whistle.
        whistle: u32,
        /// Who.
        unit: UnitId,
        /// When it comes.
        until: Timestamp,
        /// Why.
        ground: String,
    },
    /// A called unit says that it is not its own.
    CallDisputed {
        /// Which whistle.
        whistle: u32,
        /// Who.
        unit: UnitId,
        /// Why, from the list of duties.
        ground: String,
        /// When it must be ruled on.
        ruling_due: Timestamp,
    },
    /// A dispute was ruled on.
    CallRuled {
        /// Which whistle.
        whistle: u32,
        /// Who.
        unit: UnitId,
        /// Whether it is its own.
        theirs: bool,
        /// Why.
        reason: String,
        /// When it must have answered, if it is.
        answer_due: Timestamp,
        /// When it must have reported for duty, if it is.
        muster_due: Timestamp,
    },
    /// A named person reported for duty.
    Mustered {
        /// Which whistle.
        whistle: u32,
        /// For whom.
        unit: UnitId,
        /// Who.
        person: String,
    },
    /// A called unit wrote down what it did.
    CallReported {
        /// Which whistle.
        whistle: u32,
        /// Who.
        unit: UnitId,
        /// What.
        what: String,
        /// In quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
    },
    /// The caller accepts what was done.
    CallAccepted {
        /// Which whistle.
        whistle: u32,
        /// Whose.
        unit: UnitId,
    },
    /// The caller does not accept it yet.
    CallSentBack {
        /// Which whistle.
        whistle: u32,
        /// Whose.
        unit: UnitId,
        /// What is missing.
        why: String,
        /// When it must be reported again.
        due: Timestamp,
    },
    /// The caller took a call back.
    CallOff {
        /// Which whistle.
        whistle: u32,
        /// Whose.
        unit: UnitId,
        /// Why.
        why: String,
        /// Whether it had been called without need: kept on the caller's record.
        needless: bool,
    },
    /// An overdue call climbed one level, to people who exist.
    Climbed {
        /// Which whistle.
        whistle: u32,
        /// Whose call.
        unit: UnitId,
        /// The level that it reached: 1 is the unit's own leaders.
        level: u32,
        /// Who was told there.
        to: Vec<StaffId>,
        /// Levels at which nobody is in post: passed over, and said so.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        vacant: Vec<u32>,
        /// When it climbs further.
        next: Timestamp,
    },
    /// Everybody who spoke is told the outcome.
    Settled {
        /// What was done, in words that residents read.
        outcome: String,
        /// In quantities.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        quantities: Vec<Quantity>,
        /// Solved, according to the units.
        solved: Solved,
    },
    /// It was not settled after all.
    Reopened {
        /// Why.
        why: String,
        /// When it should be settled.
        due: Timestamp,
    },
    /// It ended.
    Closed {
        /// What was learnt, for the next one of its kind.
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
    TakenUp {
        /// When it should be settled.
        due: Timestamp,
    },
    /// It was no one problem.
    Dissolved {
        /// Why.
        why: String,
    },
    /// Staff noted something for each other; residents do not see it.
    Noted {
        /// What.
        text: String,
    },
}

impl ProblemEvent {
    /// Whether residents see it on their timeline.
    pub fn is_public(&self) -> bool {
        use ProblemEvent as E;
        matches!(
            self,
            E::CaseJoined { .. }
                | E::CaseLeft { .. }
                | E::LeadChosen { .. }
                | E::TaskDone { .. }
                | E::Applied { .. }
                | E::Granted { .. }
                | E::GrantedInPart { .. }
                | E::Refused { .. }
                | E::AskedAgain { .. }
                | E::DutySet { .. }
                | E::Approved { .. }
                | E::Whistled { .. }
                | E::Mustered { .. }
                | E::CallReported { .. }
                | E::Settled { .. }
                | E::Reopened { .. }
                | E::Parked { .. }
                | E::TakenUp { .. }
                | E::Dissolved { .. }
                | E::Closed { .. }
        )
    }
}
