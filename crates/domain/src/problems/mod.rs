//! Problems: what one unit cannot settle alone (design §1 难题, 资源方案, 报请, 吹哨).
//!
//! A [`Problem`] joins the cases that have one cause. Its plan holds tasks, resources, applications to outside
//! units and standing duties; its whistles call units that do not come by themselves. All of it is one
//! history: [`decide`] answers a command with events or a [`Refusal`], [`apply`] folds them. The state
//! machines are tables in [`states`], read by the rules, the pages and the drawings in docs/states.md alike.

mod apply;
mod command;
mod decide;
mod event;
mod figures;
pub mod machines;
mod refusal;
mod schedule;
mod states;
#[cfg(test)]
mod tests;

pub use apply::{apply, rebuild};
pub use command::{Command, NewTask};
pub use decide::{Opening, decide, open};
pub use event::{ProblemEvent, Recorded};
pub use figures::{Figure, FigureName, figures, sums};
pub use refusal::Refusal;
pub use schedule::{Room, rooms};
pub use states::{
    ApplicationState, ApplicationStep, CallState, CallStep, ProblemState, ProblemStep, TaskState, TaskStep,
};

use crate::cases::{Quantity, Solved, named};
use crate::territory::Path;
use crate::{CaseNo, ProblemId, StaffId, UnitId};
use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

/// A problem as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its number.
    pub id: ProblemId,
    /// The places it lies in, down to the one that holds all of it.
    pub path: Path,
    /// In a few words.
    pub title: String,
    /// The one cause.
    pub cause: String,
    /// What it is about (see [`crate::subjects`]).
    pub subject: String,
    /// Where it stands.
    pub state: ProblemState,
    /// The unit that is responsible for the whole.
    pub lead: Option<UnitId>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it should be settled.
    pub due: Timestamp,
    /// The cases that belong to it now.
    pub cases: Vec<Joined>,
    /// The problem that the plan was drafted from.
    pub drafted_from: Option<ProblemId>,
    /// What is to be done.
    pub tasks: Vec<Task>,
    /// What it is done with.
    pub resources: Vec<Resource>,
    /// What outside units were asked for.
    pub applications: Vec<Application>,
    /// What is done again and again.
    pub duties: Vec<StandingDuty>,
    /// Who was called.
    pub whistles: Vec<Whistle>,
    /// What residents were told at the end.
    pub outcome: String,
    /// And in quantities.
    pub quantities: Vec<Quantity>,
    /// Solved, according to the units.
    pub solved: Option<Solved>,
    /// When residents were told.
    pub settled_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// When a parked one is looked at again.
    pub review_on: Option<Date>,
    /// How many events it has.
    pub version: u32,
}

/// A case in a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Which.
    pub case: CaseNo,
    /// How many people spoke in it when it joined.
    pub voices: u32,
    /// Since when.
    pub at: Timestamp,
}

/// One task of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number within the plan.
    pub id: u32,
    /// What is to be done.
    pub what: String,
    /// By which unit.
    pub unit: UnitId,
    /// By whom there, if a person is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// How long it takes, in working hours.
    pub hours: u32,
    /// Not before this day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
    /// By when it is promised.
    pub due: Timestamp,
    /// The tasks that must be done first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<u32>,
    /// Where it stands.
    #[serde(skip, default = "todo")]
    pub state: TaskState,
    /// When somebody began.
    #[serde(skip)]
    pub begun_at: Option<Timestamp>,
    /// When it was done.
    #[serde(skip)]
    pub done_at: Option<Timestamp>,
    /// What was done.
    #[serde(skip)]
    pub note: String,
    /// And in quantities.
    #[serde(skip)]
    pub quantities: Vec<Quantity>,
}

fn todo() -> TaskState {
    TaskState::Todo
}

named! {
    /// What kind of resource it is.
    ResourceKind {
        /// People.
        People "people" "人员" "people",
        /// Money, in yuan.
        Money "money" "资金" "money",
        /// Things.
        Things "things" "物资" "things",
        /// A place.
        Place "place" "场地" "place",
    }
}

/// What a plan is carried out with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its number within the plan.
    pub id: u32,
    /// Of what kind.
    pub kind: ResourceKind,
    /// How much of what.
    pub quantity: Quantity,
    /// Who gives it.
    pub unit: Option<UnitId>,
}

/// An application to an outside unit 报请.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its number within the plan.
    pub id: u32,
    /// Who is asked.
    pub unit: UnitId,
    /// For what.
    pub what: String,
    /// In quantities.
    pub asked: Vec<Quantity>,
    /// What was granted so far.
    pub granted: Vec<Quantity>,
    /// Where it stands.
    pub state: ApplicationState,
    /// When it was asked first.
    pub asked_at: Timestamp,
    /// When an answer is expected, or was.
    pub due: Timestamp,
    /// Each letter and each decision, in order: (when, its number or title).
    pub documents: Vec<(Timestamp, String)>,
    /// The ground of the last refusal or partial grant.
    pub ground: String,
    /// When it was decided last.
    pub decided_at: Option<Timestamp>,
}

named! {
    /// On which days a standing duty is kept.
    Days {
        /// Every day.
        Every "every" "每天" "every day",
        /// On working days of the calendar.
        Working "working" "工作日" "working days",
        /// On days of rest of the calendar.
        Rest "rest" "休息日" "days of rest",
    }
}

/// When a standing duty is kept: "every day 17:00–19:00 until …".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// On which days.
    pub days: Days,
    /// And only on these weekdays, if any are named (0 = Monday).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<u8>,
    /// From this hour.
    pub from: Time,
    /// To this hour.
    pub to: Time,
    /// From this day on.
    pub begins: Date,
    /// To this day, inclusive.
    pub until: Date,
}

impl Rota {
    /// Whether the duty is kept on a day.
    pub fn is_on(&self, day: Date, calendar: &crate::calendar::Calendar) -> bool {
        let weekday = |d: Weekday| u8::try_from(d.to_monday_zero_offset()).unwrap_or(0);
        (self.begins..=self.until).contains(&day)
            && (self.weekdays.is_empty() || self.weekdays.contains(&weekday(day.weekday())))
            && match self.days {
                Days::Every => true,
                Days::Working => calendar.is_worked(day),
                Days::Rest => !calendar.is_worked(day),
            }
    }
}

named! {
    /// Whether a standing duty was kept on a day.
    Attendance {
        /// It was.
        Kept "kept" "已到岗" "kept",
        /// It was not.
        Missed "missed" "未到岗" "missed",
        /// It could not be, with a reason.
        Excused "excused" "有事由" "excused",
    }
}

/// A standing duty of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDuty {
    /// Its number within the plan.
    pub id: u32,
    /// Who.
    pub unit: UnitId,
    /// What.
    pub what: String,
    /// When.
    pub rota: Rota,
    /// The days written down: (day, whether kept, what was seen or done).
    pub days: Vec<(Date, Attendance, String)>,
    /// The first day without it, where it ended early.
    pub ended_on: Option<Date>,
}

/// A whistle: units called to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whistle {
    /// Its number within the problem.
    pub id: u32,
    /// For what.
    pub what: String,
    /// What was tried before.
    pub tried: String,
    /// When it was blown.
    pub at: Timestamp,
    /// Each called unit.
    pub calls: Vec<Call>,
}

/// One called unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub unit: UnitId,
    /// Where it stands.
    pub state: CallState,
    /// When it must have answered.
    pub answer_due: Timestamp,
    /// When it must have reported for duty.
    pub muster_due: Timestamp,
    /// What must happen next, by when.
    pub due: Option<Timestamp>,
    /// When it answered first.
    pub answered_at: Option<Timestamp>,
    /// When it reported for duty first.
    pub mustered_at: Option<Timestamp>,
    /// The person who did.
    pub person: String,
    /// What it said: the ground for coming later or not at all.
    pub ground: String,
    /// Whether a dispute was ruled on: there is no second one.
    pub ruled: bool,
    /// What it wrote down of what it did.
    pub record: String,
    /// And in quantities.
    pub quantities: Vec<Quantity>,
    /// How many levels it climbed.
    pub climbed: u32,
    /// Whether the caller took it back as needless.
    pub needless: bool,
}

impl Problem {
    /// Every unit that has a part in it: the lead, tasks, applications, duties, whistles. Sorted, each once.
    pub fn units(&self) -> Vec<UnitId> {
        let mut all: Vec<UnitId> = self
            .lead
            .into_iter()
            .chain(self.tasks.iter().filter(|t| t.state != TaskState::Dropped).map(|t| t.unit))
            .chain(self.applications.iter().map(|a| a.unit))
            .chain(self.duties.iter().map(|d| d.unit))
            .chain(self.whistles.iter().flat_map(|w| w.calls.iter().map(|c| c.unit)))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A task by its number.
    pub fn task(&self, id: u32) -> Option<&Task> {
        self.tasks.iter().find(|t| t.id == id)
    }

    /// An application by its number.
    pub fn application(&self, id: u32) -> Option<&Application> {
        self.applications.iter().find(|a| a.id == id)
    }

    /// A standing duty by its number.
    pub fn duty(&self, id: u32) -> Option<&StandingDuty> {
        self.duties.iter().find(|d| d.id == id)
    }

    /// The call of a unit in a whistle.
    pub fn call(&self, whistle: u32, unit: UnitId) -> Option<&Call> {
        self.whistles.iter().find(|w| w.id == whistle)?.calls.iter().find(|c| c.unit == unit)
    }

    /// How many people spoke, by the cases that belong to it.
    pub fn voices(&self) -> u32 {
        self.cases.iter().map(|c| c.voices).sum()
    }

    /// What comes next, by when: the earliest of everything that is promised, while it is open.
    pub fn next_due(&self) -> Option<Timestamp> {
        if !self.state.is_open() {
            return None;
        }
        let tasks = self.tasks.iter().filter(|t| !t.state.is_final()).map(|t| t.due);
        let applications =
            self.applications.iter().filter(|a| a.state == ApplicationState::Asked).map(|a| a.due);
        let calls = self.whistles.iter().flat_map(|w| w.calls.iter().filter_map(|c| c.due));
        tasks.chain(applications).chain(calls).chain([self.due]).min()
    }
}

/// Levels that an overdue call climbs through, and who is in post there: what [`decide`] is told when a call
/// is overdue, because a vacancy must never swallow it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ladder(pub Vec<Vec<StaffId>>);

impl Ladder {
    /// The first level after `from` at which somebody is in post, with who is there, and the levels passed
    /// over. `None` where nobody is left above.
    pub fn next(&self, from: u32) -> Option<(u32, &[StaffId], Vec<u32>)> {
        let mut vacant = vec![];
        for (level, people) in (1..).zip(&self.0).filter(|(level, _)| *level > from) {
            if people.is_empty() {
                vacant.push(level);
            } else {
                return Some((level, people, vacant));
            }
        }
        None
    }
}
