//! Notices: who is told what, through which channel, and when.
//!
//! The console holds every notice for staff at once: it is looked at, it does not ring. What rings (e-mail, a
//! message to a phone or a work chat) keeps quiet hours, gathers a burst into one letter, and passes both
//! where waiting would harm. All of it is decided here, as functions of a time given: [`ready_at`] says when
//! a notice may leave, [`take`] which of those that wait leave together, [`wake`] when to look again, and
//! [`again`] when a channel that was down is tried next. [`Courier`] is what carries a [`Parcel`].

mod schedule;
#[cfg(test)]
mod tests;
mod text;

pub use schedule::{Choice, Quiet, Waiting, again, once_a_day, ready_at, take, wake};
pub use text::{Line, letter};

use crate::cases::named;
use crate::{CaseNo, PlaceId, StaffId, UnitId};
use jiff::Timestamp;

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Addressee {
    /// Whoever works for a unit.
    Unit(UnitId),
    /// Whoever has a role for exactly this place: the precinct's coordinators, the sub-district's leaders.
    Place(PlaceId),
    /// One member of staff.
    Staff(StaffId),
    /// The resident behind one voice of a case.
    Voice {
        /// The case that they reported or joined.
        case: CaseNo,
        /// Which voice in it is theirs, 1 for who reported it.
        voice: u16,
    },
}

named! {
    /// What a notice is about.
    About {
        /// A case; the number is the case's.
        Case "case" "件" "case",
        /// A problem.
        Problem "problem" "难题" "problem",
        /// A warning of what is budding.
        Warning "warning" "苗头" "warning",
        /// A question or a visit because of a warning; the number is the warning's.
        Errand "errand" "问询走访" "question or visit",
    }
}

impl About {
    /// Where it is seen in the console: a folder of its own, followed by its number; of a warning and of what is done about it the page of all.
    pub fn folder(self) -> &'static str {
        match self {
            About::Case => "/console/cases",
            About::Problem => "/console/problems",
            About::Warning => "/console/budding",
            About::Errand => "/console",
        }
    }
}

/// The thing that a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// What sort of thing.
    pub about: About,
    /// Its number.
    pub id: i64,
}

impl Subject {
    /// A case.
    pub fn case(no: CaseNo) -> Subject {
        Subject { about: About::Case, id: no.0 }
    }

    /// How it is called: a case with its check digit, anything else by its number.
    pub fn spoken(self) -> String {
        match self.about {
            About::Case => CaseNo(self.id).spoken(),
            _ => self.id.to_string(),
        }
    }

    /// Its page in the console.
    pub fn path(self) -> String {
        match self.about {
            About::Warning => format!("{}#bud-{}", self.about.folder(), self.id),
            About::Errand => format!("{}#errands", self.about.folder()),
            _ => format!("{}/{}", self.about.folder(), self.id),
        }
    }
}

named! {
    /// What happened. The words are what the notice says; residents are addressed by the last ones.
    What {
        /// The running deadline comes near.
        DueSoon "due_soon" "快到时限" "due soon",
        /// It has passed.
        Overdue "overdue" "已经超时" "overdue",
        /// A report speaks of danger to life.
        Danger "danger" "危急，请马上派单" "danger, dispatch at once",
        /// A report speaks of water, power or gas.
        Utility "utility" "水电气，请尽快派单" "water, power or gas, dispatch soon",
        /// A report may speak of danger: somebody looks first.
        Look "look" "可能危急，请马上看一眼" "may be danger, please look at once",
        /// A case was given to the unit.
        Given "given" "派给您单位" "given to your unit",
        /// A unit gave a case back.
        CameBack "came_back" "被退回" "came back",
        /// A committee referred something up.
        Referred "referred" "居委会上报" "referred up",
        /// The referral was given back, with its ground.
        GivenBack "given_back" "上报被退回" "referral given back",
        /// A resident says that it is not solved.
        NotSolved "not_solved" "居民说没有解决" "resident says not solved",
        /// A task of a plan was given.
        TaskGiven "task_given" "有一项任务给您" "a task for you",
        /// A task moved because another is late.
        TaskMoved "task_moved" "任务时间变动" "a task has moved",
        /// A task is late.
        TaskLate "task_late" "任务已经超时" "a task is late",
        /// Another unit asks for something.
        ApplicationAsked "application_asked" "有一份报请等您答复" "an application waits for your answer",
        /// It was answered.
        ApplicationAnswered "application_answered" "报请已有答复" "an application was answered",
        /// A department is called: answer within the time.
        Whistled "whistled" "吹哨，请按时应答" "you are called, answer in time",
        /// Nobody answered in time: one level up.
        WhistleLate "whistle_late" "吹哨超时未应答" "a call was not answered in time",
        /// A called department answered or reported for duty.
        WhistleAnswered "whistle_answered" "吹哨已有应答" "a call was answered",
        /// A called department says that it is not its own: to be ruled on.
        Disputed "disputed" "吹哨有争议，请裁定" "a call is disputed, please rule",
        /// It was ruled on.
        Ruled "ruled" "吹哨争议已裁定" "a disputed call was ruled on",
        /// What was reported as done is not accepted yet.
        SentBack "sent_back" "未通过，请补做" "not accepted yet",
        /// A warning of what is budding was first told, or woke.
        Budding "budding" "新出现，请看看" "newly found, please look",
        /// The precinct asks a committee about a warning.
        Asked "asked" "片区想问问情况，请答一句" "the precinct has a question, please answer in a line",
        /// Somebody will come and look.
        VisitPlanned "visit_planned" "定了走访的日子" "a visit is planned",
        /// A question was answered, or a visit told of.
        StepAnswered "step_answered" "有答复了，请看看" "there is an answer, please look",
        /// The unit leads a problem.
        Lead "lead" "请您单位牵头" "your unit leads",
        /// For a resident: somebody has it now.
        HandedOn "handed_on" "已经派给负责单位" "somebody is on it",
        /// For a resident: the answer is there, and they have the word.
        Answered "answered" "已经答复，请看看是否解决" "there is an answer, please see whether it is solved",
        /// For a resident: it takes longer, and why.
        MoreTime "more_time" "需要更多时间，请看原因" "it takes longer, please see why",
        /// For a resident: it goes on together with others'.
        Joined "joined" "和别的居民反映的事一起办理" "it goes on together with others'",
        /// For a resident: it cannot be solved for now, and why.
        Parked "parked" "暂时不能解决，请看原因" "it cannot be solved for now, please see why",
        /// For a resident: it is taken up again.
        TakenUp "taken_up" "重新办理" "it is taken up again",
        /// For a resident: somebody else is competent, and who.
        SentOn "sent_on" "要找别的部门，请看去处" "somebody else is competent, please see who",
        /// For a resident: a step was taken.
        Progress "progress" "有新进展" "there is news",
    }
}

impl What {
    /// Whether waiting would harm: it passes quiet hours and goes at once.
    pub fn is_urgent(self) -> bool {
        matches!(self, What::Danger | What::Utility | What::Look | What::Whistled | What::WhistleLate)
    }

    /// Whether it rings a person once a day at most, however often it happens: it is looked at again anyway.
    pub fn is_daily(self) -> bool {
        self == What::Budding
    }
}

named! {
    /// A way to ring somebody. The console is none of them: it holds everything.
    Channel {
        /// E-mail.
        Email "email" "电子邮件" "e-mail",
        /// A signed message to a gateway: SMS, a work chat.
        Hook "hook" "短信或工作群" "text message or work chat",
    }
}

/// What a courier carries: one letter to one person through one channel.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Names this letter, the same at every try: who gets it twice throws the second away.
    pub key: String,
    /// The address within the channel: an e-mail address, a telephone number, a name in a chat.
    pub to: String,
    /// Whether a resident gets it; else a member of staff.
    pub resident: bool,
    /// Whether any of it is urgent.
    pub urgent: bool,
    /// One line for a subject.
    pub title: String,
    /// The whole text.
    pub text: String,
    /// The notices in it.
    pub lines: Vec<Line>,
    /// When the letter was closed.
    pub made_at: Timestamp,
}

/// Never shows whom it goes to nor what it says.
impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({} lines, …)", self.lines.len())
    }
}

/// Why a parcel did not arrive. The sentences hold no address and no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The channel is down: nothing gets through, this comes again.
    #[error("{0}")]
    Down(String),
    /// This one was put off by the other side and comes again.
    #[error("{0}")]
    Later(String),
    /// The other side will never take this one.
    #[error("{0}")]
    Refused(String),
}

/// What carries parcels: the shell brings one for every channel that is set up.
pub trait Courier: Send + Sync {
    /// Which channel.
    fn channel(&self) -> Channel;
    /// Whether it also goes to residents.
    fn serves_residents(&self) -> bool;
    /// Carries one parcel. Blocks, for some seconds at most.
    ///
    /// # Errors
    /// Why it did not arrive; whatever is not certain to have arrived has not.
    fn carry(&self, parcel: &Parcel) -> Result<(), Undelivered>;
}
