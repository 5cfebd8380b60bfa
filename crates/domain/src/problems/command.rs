//! What can be asked of a problem.

use super::{Attendance, Ladder, ResourceKind, Rota};
use crate::cases::{Quantity, Solved};
use crate::{CaseNo, ProblemId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;

/// What can be asked of an existing problem. Whatever depends on other things than the problem itself is said
/// along: whether a unit is competent, whether a case is free, who is in post.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each command is named as its event is, where every field is described")]
pub enum Command {
    Describe {
        title: String,
        cause: String,
        due: Timestamp,
    },
    Join {
        case: CaseNo,
        voices: u32,
        why: String,
    },
    Leave {
        case: CaseNo,
        why: String,
    },
    /// `off_list`: the unit is a committee and the subject is not on its published list.
    ChooseLead {
        unit: UnitId,
        off_list: bool,
        why: String,
    },
    /// The tasks, resources and duties of an earlier plan, as a draft.
    DraftFrom {
        problem: ProblemId,
        tasks: Vec<NewTask>,
        duties: Vec<(UnitId, String, Rota)>,
    },
    AddTask(NewTask),
    ChangeTask {
        task: u32,
        to: NewTask,
    },
    BeginTask {
        task: u32,
        person: String,
    },
    FinishTask {
        task: u32,
        note: String,
        quantities: Vec<Quantity>,
    },
    ReopenTask {
        task: u32,
        why: String,
    },
    DropTask {
        task: u32,
        why: String,
    },
    AddResource {
        kind: ResourceKind,
        quantity: Quantity,
        unit: Option<UnitId>,
    },
    DropResource {
        resource: u32,
    },
    Apply {
        unit: UnitId,
        what: String,
        quantities: Vec<Quantity>,
        document: String,
        due: Timestamp,
    },
    Grant {
        application: u32,
        quantities: Vec<Quantity>,
        document: String,
        note: String,
    },
    GrantInPart {
        application: u32,
        quantities: Vec<Quantity>,
        document: String,
        ground: String,
    },
    Refuse {
        application: u32,
        document: String,
        ground: String,
    },
    AskAgain {
        application: u32,
        note: String,
        document: String,
        due: Timestamp,
    },
    AcceptDecision {
        application: u32,
        note: String,
    },
    WithdrawApplication {
        application: u32,
        why: String,
    },
    SetDuty {
        unit: UnitId,
        what: String,
        rota: Rota,
    },
    AttendDuty {
        duty: u32,
        day: Date,
        attendance: Attendance,
        note: String,
    },
    EndDuty {
        duty: u32,
        on: Date,
        why: String,
    },
    Approve {
        due: Timestamp,
    },
    Whistle {
        units: Vec<UnitId>,
        what: String,
        tried: String,
        muster_due: Timestamp,
    },
    TakeCall {
        whistle: u32,
        unit: UnitId,
        note: String,
    },
    DelayCall {
        whistle: u32,
        unit: UnitId,
        until: Timestamp,
        ground: String,
    },
    DisputeCall {
        whistle: u32,
        unit: UnitId,
        ground: String,
    },
    RuleCall {
        whistle: u32,
        unit: UnitId,
        theirs: bool,
        reason: String,
    },
    Muster {
        whistle: u32,
        unit: UnitId,
        person: String,
    },
    ReportCall {
        whistle: u32,
        unit: UnitId,
        what: String,
        quantities: Vec<Quantity>,
    },
    AcceptCall {
        whistle: u32,
        unit: UnitId,
    },
    SendBackCall {
        whistle: u32,
        unit: UnitId,
        why: String,
    },
    CallOff {
        whistle: u32,
        unit: UnitId,
        why: String,
        needless: bool,
    },
    /// The clock ran out on a call.
    Climb {
        whistle: u32,
        unit: UnitId,
        ladder: Ladder,
    },
    Settle {
        outcome: String,
        solved: Solved,
    },
    Reopen {
        why: String,
    },
    /// `unsettled`: how many of its cases are not ended.
    Close {
        unsettled: u32,
        note: String,
    },
    Park {
        cause: String,
        law: String,
        review_on: Date,
    },
    TakeUp,
    Dissolve {
        why: String,
    },
    Note {
        text: String,
    },
}

/// A task as somebody writes it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What is to be done.
    pub what: String,
    /// By which unit.
    pub unit: UnitId,
    /// By whom there; may be empty.
    pub person: String,
    /// How long it takes, in working hours.
    pub hours: u32,
    /// Not before this day.
    pub not_before: Option<Date>,
    /// By when it is promised.
    pub due: Timestamp,
    /// The tasks that must be done first.
    pub after: Vec<u32>,
}
