//! The life of a case, from the door to the rating (design §4).
//!
//! [`open`] makes a case from a report, [`decide`] answers a command with events or a [`Refusal`],
//! [`apply`] folds one event into the state. Rebuilding a case is folding all its events: the store's row
//! is nothing but the result.

mod apply;
mod command;
mod decide;
mod event;
pub mod machine;
mod refusal;
#[cfg(test)]
mod tests;

pub use apply::{apply, local_date, midnight, rebuild};
pub use command::{ActionName, Command, Report, offered};
pub use decide::{decide, open};
pub use event::{CaseEvent, Recorded, Sealed};
pub use refusal::Refusal;

use crate::calendar::Calendar;
use crate::notices::Choice;
use crate::territory::Path;
use crate::{CaseNo, DoorwayId, ProblemId, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $key:literal $zh:literal $en:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $crate::machine::Named for $name {
            const ALL: &'static [$name] = $name::ALL;
            fn key(self) -> &'static str { $name::key(self) }
            fn zh(self) -> &'static str { $name::zh(self) }
            fn en(self) -> &'static str { $name::en(self) }
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The stable name in files and the store.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),+ }
            }

            /// The one of that name.
            pub fn from_key(key: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|v| v.key() == key)
            }

            /// As people say it in Chinese.
            pub fn zh(self) -> &'static str {
                match self { $($name::$variant => $zh),+ }
            }

            /// As people say it in English.
            pub fn en(self) -> &'static str {
                match self { $($name::$variant => $en),+ }
            }
        }
    };
}
pub(crate) use named;

named! {
    /// Where a case stands.
    State {
        /// In, and nobody has it yet.
        Received "received" "已收到" "received",
        /// A unit has it and has not yet spoken with the resident.
        Assigned "assigned" "已派出" "assigned",
        /// A unit has it and has spoken with the resident.
        InHand "in_hand" "办理中" "in hand",
        /// The unit has answered; the resident has the word.
        Answered "answered" "已答复" "answered",
        /// Came back three times: on the precinct's agenda.
        AtMeeting "at_meeting" "片会研究" "at the precinct meeting",
        /// Referred up by the committee; the precinct decides.
        Referred "referred" "已上报片区" "referred to the precinct",
        /// Part of a problem: several cases with one cause, settled by one plan.
        InProblem "in_problem" "并入难题" "part of a problem",
        /// Honestly unsolvable for now.
        Parked "parked" "挂账" "parked",
        /// Ended.
        Closed "closed" "已办结" "closed",
        /// Goes on in another case; no voice is lost.
        Merged "merged" "已合并" "merged",
        /// Not ours: the resident was told where to go.
        Redirected "redirected" "已告知去处" "told where to go",
        /// Taken back by the resident.
        Withdrawn "withdrawn" "已撤回" "withdrawn",
    }
}

impl State {
    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        !matches!(self, State::Closed | State::Merged | State::Redirected | State::Withdrawn | State::Parked)
    }
}

named! {
    /// What sort of request it is; decides the clock (rules §2).
    Kind {
        /// Asks something.
        Question "question" "咨询" "question",
        /// Suggests something.
        Opinion "opinion" "意见建议" "suggestion",
        /// Asks for help.
        Help "help" "求助" "request for help",
        /// Complains.
        Complaint "complaint" "投诉" "complaint",
    }
}

named! {
    /// How it came in.
    Channel {
        /// Through the code on the door.
        Door "door" "门口扫码" "door code",
        /// By telephone, typed in by staff.
        Phone "phone" "电话" "telephone",
        /// On a slip of paper, typed in by staff.
        Paper "paper" "纸条" "paper slip",
        /// Told to staff in person.
        Visit "visit" "当面" "in person",
        /// From a file.
        Import "import" "导入" "import",
    }
}

named! {
    /// How pressing it is.
    Urgency {
        /// Danger to life or a sudden event: dispatch within the hour.
        Danger "danger" "危急" "danger",
        /// Water, power, gas: within two hours.
        Utility "utility" "水电气" "water, power, gas",
        /// It may be danger: a person looks within the hour and says so or not.
        Perhaps "perhaps" "可能危急" "may be danger",
        /// Everything else.
        Normal "normal" "一般" "normal",
    }
}

named! {
    /// Whether it is solved, according to somebody.
    Solved {
        /// Yes.
        Yes "yes" "已解决" "solved",
        /// In part.
        Partly "partly" "部分解决" "partly solved",
        /// No, and it was explained why.
        No "no" "未解决" "not solved",
    }
}

named! {
    /// The resident's rating (satisfied in the figures = the first two, always shown apart).
    Satisfaction {
        /// Satisfied.
        Satisfied "satisfied" "满意" "satisfied",
        /// Mostly satisfied.
        Mostly "mostly" "基本满意" "mostly satisfied",
        /// Dissatisfied.
        Dissatisfied "dissatisfied" "不满意" "dissatisfied",
    }
}

named! {
    /// What the running deadline is for.
    Clock {
        /// Give it to a unit.
        Dispatch "dispatch" "派单" "dispatch",
        /// Ring the resident.
        FirstContact "first_contact" "先行联系" "first contact",
        /// Settle and answer it.
        Handling "handling" "办理" "handling",
        /// Second handling, with the head of the unit.
        SecondHandling "second_handling" "二次办理" "second handling",
        /// Ring back after a silence that follows a "not solved".
        CallBack "call_back" "回访" "call-back",
        /// The resident's silence counts as agreement after this.
        Silence "silence" "静默办结" "closing on silence",
        /// The precinct's meeting takes it up.
        Meeting "meeting" "片会" "precinct meeting",
        /// The plan of its problem settles it.
        Plan "plan" "难题方案" "plan of the problem",
    }
}

/// A quantity in an outcome: "12 planters removed".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// How many, as written: "12", "2.5".
    pub amount: String,
    /// Of what, with what was done: "个花箱移走".
    pub what: String,
}

/// A case as it stands. One row of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its number.
    pub no: CaseNo,
    /// The places it lay in when it was reported, for good.
    pub path: Path,
    /// The doorway, where one was scanned or named.
    pub doorway: Option<DoorwayId>,
    /// What was said, with what must be hidden masked.
    pub text: String,
    /// Where within the place, masked likewise.
    pub detail: String,
    /// What it is about (see [`crate::subjects`]).
    pub subject: String,
    /// What sort of request.
    pub kind: Kind,
    /// How pressing.
    pub urgency: Urgency,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub reported_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// The unit that has it, or had it last.
    pub unit: Option<UnitId>,
    /// What must be done next, and by when: (what for, when).
    pub due: Option<(Clock, Timestamp)>,
    /// The deadline that the unit promised for the matter itself, shown to the resident.
    pub handling_due: Option<Timestamp>,
    /// When the unit must have spoken with the resident.
    pub first_contact_due: Option<Timestamp>,
    /// When it did.
    pub first_contact_at: Option<Timestamp>,
    /// How often it rang, reached or not, since it was given this case.
    pub contact_tries: u32,
    /// How often it came back.
    pub returns: u32,
    /// How many units have had it.
    pub hops: u32,
    /// How often the resident said "not solved".
    pub not_solved: u32,
    /// When the unit answered last.
    pub answered_at: Option<Timestamp>,
    /// What it answered last.
    pub outcome: String,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Solved according to the unit.
    pub solved_unit: Option<Solved>,
    /// Solved according to the resident.
    pub solved_resident: Option<Solved>,
    /// The resident's rating.
    pub satisfaction: Option<Satisfaction>,
    /// When a parked case is looked at again.
    pub review_on: Option<Date>,
    /// The case that it goes on in.
    pub merged_into: Option<CaseNo>,
    /// The problem that it is or was part of.
    pub problem: Option<ProblemId>,
    /// The committee that referred it up, while the precinct has it.
    pub referred_by: Option<UnitId>,
    /// How many people spoke: 1 and more.
    pub voices: u32,
    /// How many events it has.
    pub version: u32,
}

/// Tries to reach somebody that count as having done what can be done: who left no number, or never picks
/// up, must get their answer all the same.
const TRIES: u32 = 2;

impl Case {
    /// Whether it may become part of a problem: it is open, and the residents do not have the word.
    pub fn may_join(&self) -> bool {
        matches!(
            self.state,
            State::Received | State::Assigned | State::InHand | State::AtMeeting | State::Referred
        )
    }

    /// Whether somebody may still say how pressing it is: no unit has had it yet.
    pub fn may_weigh(&self) -> bool {
        self.state == State::Received && self.hops == 0
    }

    /// Whether the unit may answer now: it spoke with the resident, or tried often enough.
    pub fn may_answer(&self) -> bool {
        match self.state {
            State::InHand => true,
            State::Assigned => self.contact_tries >= TRIES,
            _ => false,
        }
    }
}

/// What the rules say about time; implemented over the dated rule table and the calendar.
pub trait Deadlines {
    /// When a case of this urgency must be dispatched that came in at `from`.
    fn dispatch(&self, urgency: Urgency, from: Timestamp) -> Timestamp;
    /// When the resident must have been rung, counted from the dispatch.
    fn first_contact(&self, from: Timestamp) -> Timestamp;
    /// When a case of this kind must be answered, counted from the dispatch.
    fn handling(&self, kind: Kind, from: Timestamp) -> Timestamp;
    /// When a complex case must be answered that was given more time.
    fn complex(&self, from: Timestamp) -> Timestamp;
    /// When a second handling must be answered.
    fn second_handling(&self, from: Timestamp) -> Timestamp;
    /// When silence after an answer counts as agreement.
    fn silence(&self, from: Timestamp) -> Timestamp;
    /// When a call-back must be made.
    fn call_back(&self, from: Timestamp) -> Timestamp;
    /// When the precinct's meeting must have taken up a case that came back.
    fn meeting(&self, from: Timestamp) -> Timestamp;
    /// A number of days by its rule: how long photos, contacts and notices are kept.
    fn days(&self, id: &str, on: Timestamp) -> u32;
    /// How many returns send a case to the precinct's meeting.
    fn returns_to_meeting(&self, on: Timestamp) -> u32;
    /// The end of a time in working days, by its rule.
    fn within(&self, id: &str, from: Timestamp) -> Timestamp;
    /// When so many working hours have passed.
    fn after_working_hours(&self, from: Timestamp, hours: u32) -> Timestamp;
    /// How many working minutes lie between two moments; 0 if the second is not after the first.
    fn working_minutes(&self, from: Timestamp, to: Timestamp) -> i64;
    /// The beginning of the working time of a day.
    fn opening(&self, day: Date) -> Timestamp;
    /// The end of the working time of a day.
    fn closing(&self, day: Date) -> Timestamp;
    /// Which days are worked.
    fn calendar(&self) -> &Calendar;
    /// How people are told who chose nothing else: quiet hours, and how long a burst is gathered.
    fn telling(&self, resident: bool, at: Timestamp) -> Choice;
    /// A row of the rule table that holds at a moment; `None` where there is none, or no table.
    fn row(&self, _id: &str, _on: Timestamp) -> Option<&crate::rulebook::Rule> {
        None
    }
}
