//! What can be asked of a case.

use super::{Case, Channel, Kind, Quantity, Satisfaction, Sealed, Solved, State, Urgency};
use crate::access::Action;
use crate::territory::Path;
use crate::{CaseNo, DoorwayId, ProblemId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;

/// A report as it arrives: already masked, sealed and looked at by triage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where it lies, top first.
    pub path: Path,
    /// The doorway that was scanned or named.
    pub doorway: Option<DoorwayId>,
    /// What was said, masked.
    pub text: String,
    /// Where within the place, masked.
    pub detail: String,
    /// The original, if masking changed it.
    pub original: Option<Sealed>,
    /// How to reach the person.
    pub contact: Option<Sealed>,
    /// Proposed subject.
    pub subject: String,
    /// Proposed kind.
    pub kind: Kind,
    /// How pressing.
    pub urgency: Urgency,
    /// The words that raised the urgency.
    pub alarms: Vec<String>,
    /// How it came in.
    pub channel: Channel,
    /// Open cases at the place that look alike.
    pub similar: Vec<CaseNo>,
}

impl Report {
    /// A plain report at no place in particular, for examples and tests.
    pub fn example(text: &str) -> Report {
        Report {
            path: Path::default(),
            doorway: None,
            text: text.into(),
            detail: String::new(),
            original: None,
            contact: None,
            subject: "other".into(),
            kind: Kind::Complaint,
            urgency: Urgency::Normal,
            alarms: vec![],
            channel: Channel::Door,
            similar: vec![],
        }
    }
}

/// What can be asked of an existing case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each command is named as its event is, where every field is described")]
pub enum Command {
    AddVoice {
        text: String,
        contact: Option<Sealed>,
        channel: Channel,
    },
    Remark {
        voice: u16,
        text: String,
        original: Option<Sealed>,
    },
    Note {
        text: String,
    },
    /// `off_list`: the unit is a committee and the subject is not on its published list. `proposed`: its place
    /// among the units that were proposed.
    Dispatch {
        unit: UnitId,
        off_list: bool,
        subject: String,
        kind: Kind,
        reason: String,
        proposed: Option<u32>,
    },
    Recall,
    /// A person says whether it is pressing, whatever its words were read as.
    Weigh {
        pressing: bool,
    },
    FirstContact {
        reached: bool,
        note: String,
    },
    Return {
        ground: String,
        note: String,
    },
    Refer {
        tried: String,
    },
    AcceptReferral,
    /// `off_list`: the subject is not on the committee's published list, so that it cannot go back.
    GiveBack {
        ground: String,
        note: String,
        off_list: bool,
    },
    JoinProblem {
        problem: ProblemId,
        due: Timestamp,
    },
    PromisePlan {
        problem: ProblemId,
        due: Timestamp,
    },
    LeaveProblem {
        problem: ProblemId,
    },
    SettleByPlan {
        problem: ProblemId,
        unit: UnitId,
        outcome: String,
        quantities: Vec<Quantity>,
        solved: Solved,
    },
    Extend {
        reason: String,
    },
    Answer {
        outcome: String,
        quantities: Vec<Quantity>,
        solved: Solved,
    },
    /// A question is answered at once, without a dispatch.
    AnswerAtOnce {
        text: String,
    },
    Confirm {
        voice: u16,
    },
    NotSolved {
        voice: u16,
        text: String,
    },
    Rate {
        voice: u16,
        satisfaction: Satisfaction,
    },
    CallBack {
        solved: Option<Solved>,
        satisfaction: Option<Satisfaction>,
        note: String,
    },
    Park {
        cause: String,
        law: String,
        review_on: Date,
    },
    Unpark,
    MergeInto {
        into: CaseNo,
        into_open: bool,
    },
    Absorb {
        from: CaseNo,
        voices: u32,
    },
    Separate,
    Release {
        from: CaseNo,
        voices: u32,
    },
    Redirect {
        to: String,
        text: String,
    },
    Withdraw {
        voice: u16,
        text: String,
    },
    /// The clock ran out on an answer that nobody answered.
    CloseOnSilence,
}

super::named! {
    /// What a page offers for a case, each a button.
    ActionName {
        /// Give it to a unit.
        Dispatch "dispatch" "派单" "Dispatch",
        /// Say whether it is pressing.
        Weigh "weigh" "看过，定急不急" "Say whether it is pressing",
        /// Take a dispatch back.
        Recall "recall" "撤回派单" "Take back",
        /// Write down the call with the resident.
        FirstContact "first_contact" "记录先行联系" "Record first contact",
        /// Answer with outcome.
        Answer "answer" "答复" "Answer",
        /// Give it back.
        Return "return" "退单" "Return",
        /// Refer it up.
        Refer "refer" "上报片区" "Refer to the precinct",
        /// Take over what was referred up.
        AcceptReferral "accept_referral" "受理上报" "Accept the referral",
        /// Give back what was referred up.
        GiveBack "give_back" "退回居委会" "Give back to the committee",
        /// Approve more time.
        Extend "extend" "延期" "Extend",
        /// Answer a question at once.
        AnswerAtOnce "answer_at_once" "当场答复" "Answer at once",
        /// Tell the resident where to go.
        Redirect "redirect" "告知去处" "Tell where to go",
        /// Merge into an earlier one.
        Merge "merge" "合并" "Merge",
        /// Undo a merge.
        Separate "separate" "撤销合并" "Undo merge",
        /// Park it.
        Park "park" "挂账" "Park",
        /// Take it up again.
        Unpark "unpark" "重新办理" "Take up again",
        /// Ring back.
        CallBack "call_back" "回访" "Call back",
        /// A note among staff.
        Note "note" "内部备注" "Note",
    }
}

impl ActionName {
    /// The right that it needs.
    pub fn needs(self) -> Action {
        match self {
            ActionName::Dispatch
            | ActionName::Weigh
            | ActionName::Recall
            | ActionName::AnswerAtOnce
            | ActionName::Redirect
            | ActionName::Merge
            | ActionName::AcceptReferral
            | ActionName::GiveBack
            | ActionName::Separate => Action::Dispatch,
            ActionName::FirstContact | ActionName::Answer | ActionName::Return => Action::Handle,
            ActionName::Refer => Action::Refer,
            ActionName::Extend | ActionName::Park | ActionName::Unpark => Action::Decide,
            ActionName::CallBack => Action::CallBack,
            ActionName::Note => Action::SeeCase,
        }
    }

    /// Whether the state of a case allows it at all.
    pub fn fits(self, case: &Case) -> bool {
        use State as S;
        match self {
            ActionName::Dispatch => matches!(case.state, S::Received | S::AtMeeting | S::Referred),
            ActionName::Weigh => case.may_weigh(),
            ActionName::Recall => case.state == S::Assigned,
            ActionName::FirstContact => matches!(case.state, S::Assigned | S::InHand),
            ActionName::Answer => case.may_answer(),
            ActionName::Return => matches!(case.state, S::Assigned | S::InHand) && case.not_solved == 0,
            ActionName::Refer => matches!(case.state, S::Assigned | S::InHand),
            ActionName::AcceptReferral => case.state == S::Referred,
            ActionName::GiveBack => case.state == S::Referred && case.referred_by.is_some(),
            ActionName::Extend => matches!(case.state, S::Assigned | S::InHand),
            ActionName::AnswerAtOnce | ActionName::Redirect => {
                matches!(case.state, S::Received | S::AtMeeting | S::Referred)
            }
            ActionName::Merge => matches!(case.state, S::Received | S::AtMeeting | S::Referred),
            ActionName::Separate => case.state == S::Merged,
            ActionName::Park => {
                matches!(
                    case.state,
                    S::Received | S::Assigned | S::InHand | S::AtMeeting | S::Referred | S::Answered
                )
            }
            ActionName::Unpark => case.state == S::Parked,
            ActionName::CallBack => case.state == S::Answered,
            ActionName::Note => true,
        }
    }
}

/// What the state of the case allows, in the order in which it is offered. Rights come on top.
pub fn offered(case: &Case) -> impl Iterator<Item = ActionName> + '_ {
    ActionName::ALL.iter().copied().filter(|a| a.fits(case))
}
