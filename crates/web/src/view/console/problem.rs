//! A problem with its plan on one page.

use super::{Frame, Level, NearPlace, PlanLine, StepForm};
use crate::view::icons;
use askama::Template;
use domain::CaseNo;

/// `GET /console/problems/{id}`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/problem.html")]
pub struct ProblemView {
    /// What surrounds it.
    pub frame: Frame,
    /// Its number.
    pub id: i64,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// What it is about, where, how many: one line.
    pub facts: Vec<String>,
    /// The one cause.
    pub cause: String,
    /// When it is promised.
    pub promised: String,
    /// What comes next, by when, and how near that is.
    pub next: Option<(String, String, Level)>,
    /// What residents were told at the end, with quantities.
    pub outcome: Option<(String, Vec<String>)>,
    /// What this person can do with the whole.
    pub steps: Vec<StepForm>,
    /// The tasks.
    pub tasks: Vec<TaskRow>,
    /// The chart of the plan: bars, and the days under them.
    pub bars: Vec<Bar>,
    /// The days at the ends of the chart.
    pub ends: (String, String),
    /// Where today stands on the chart, in thousandths of its width.
    pub today: Option<u32>,
    /// Steps that add to the plan.
    pub adding: Vec<StepForm>,
    /// What outside units were asked for.
    pub applications: Vec<ApplicationRow>,
    /// What is done again and again.
    pub duties: Vec<DutyRow>,
    /// Who was called.
    pub whistles: Vec<WhistleRow>,
    /// The form that calls more.
    pub whistle: Option<StepForm>,
    /// What it is done with.
    pub resources: Vec<ResourceRow>,
    /// Its cases.
    pub cases: Vec<CaseInPlan>,
    /// Cases that may have the same cause.
    pub likely: Vec<CaseInPlan>,
    /// Figures, each with its events.
    pub figures: Vec<FigureRow>,
    /// The units with a part: (name, what).
    pub units: Vec<(String, String)>,
    /// Earlier problems of its kind: (number, title, the form that takes their plan).
    pub earlier: Vec<(i64, String, StepForm)>,
    /// The map, drawn.
    pub map_svg: String,
    /// The same as a list.
    pub near: Vec<NearPlace>,
    /// All that happened, newest first.
    pub history: Vec<PlanLine>,
}

/// One task.
#[derive(Debug, Clone, Default)]
pub struct TaskRow {
    /// Its number.
    pub id: u32,
    /// What.
    pub what: String,
    /// Whose.
    pub unit: String,
    /// Who there.
    pub person: String,
    /// How long.
    pub hours: String,
    /// By when.
    pub due: String,
    /// How near that is.
    pub level: Level,
    /// What it waits for.
    pub after: String,
    /// Where it stands.
    pub state: String,
    /// Whether the end of the plan hangs on it, or how much room it has.
    pub slack: String,
    /// What was done.
    pub note: String,
    /// In quantities.
    pub amounts: Vec<String>,
    /// What can be done.
    pub forms: Vec<StepForm>,
}

/// A bar of the chart, in thousandths of its width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// From.
    pub x: u32,
    /// How wide.
    pub width: u32,
    /// How far down.
    pub y: u32,
    /// `done`, `late`, `critical`, `plain`, `duty`.
    pub class: &'static str,
    /// What it is.
    pub label: String,
}

/// One application.
#[derive(Debug, Clone, Default)]
pub struct ApplicationRow {
    /// Who is asked.
    pub unit: String,
    /// For what.
    pub what: String,
    /// Where it stands.
    pub state: String,
    /// By when an answer is wanted.
    pub due: Option<(String, Level)>,
    /// What was asked and granted, and why not.
    pub facts: Vec<String>,
    /// The letters.
    pub documents: Vec<String>,
    /// What can be done.
    pub forms: Vec<StepForm>,
}

/// One standing duty.
#[derive(Debug, Clone, Default)]
pub struct DutyRow {
    /// Who.
    pub unit: String,
    /// What.
    pub what: String,
    /// When.
    pub when: String,
    /// Between which days.
    pub span: String,
    /// How it was kept.
    pub record: String,
    /// The days, newest first: (day, how, note).
    pub days: Vec<(String, String, String)>,
    /// What can be done.
    pub forms: Vec<StepForm>,
}

/// One whistle.
#[derive(Debug, Clone, Default)]
pub struct WhistleRow {
    /// For what.
    pub what: String,
    /// What was tried.
    pub tried: String,
    /// When.
    pub when: String,
    /// Each called unit.
    pub calls: Vec<CallRow>,
}

/// One called unit.
#[derive(Debug, Clone, Default)]
pub struct CallRow {
    /// Which.
    pub unit: String,
    /// Where it stands.
    pub state: String,
    /// What must happen next, by when.
    pub due: Option<(String, Level)>,
    /// What else there is to know.
    pub facts: Vec<String>,
    /// What it did.
    pub record: String,
    /// In quantities.
    pub amounts: Vec<String>,
    /// What can be done.
    pub forms: Vec<StepForm>,
}

/// One resource.
#[derive(Debug, Clone, Default)]
pub struct ResourceRow {
    /// Of what kind.
    pub kind: String,
    /// How much of what.
    pub quantity: String,
    /// Who gives it.
    pub unit: String,
    /// The form that removes it.
    pub forms: Vec<StepForm>,
}

/// A case of the problem, or one that may be.
#[derive(Debug, Clone)]
pub struct CaseInPlan {
    /// Its number.
    pub no: CaseNo,
    /// Where it leads, if this person may see it.
    pub href: Option<String>,
    /// What was said.
    pub text: String,
    /// Where it stands, or why it may belong.
    pub why: String,
    /// The form that takes it in or lets it go.
    pub form: Option<StepForm>,
}

/// A figure with its events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureRow {
    /// What is counted.
    pub name: String,
    /// How many, of how many.
    pub value: String,
    /// The events: links on the page.
    pub events: Vec<u32>,
}

impl ProblemView {
    fn class(&self, level: &Level) -> &'static str {
        super::row::class_of(*level)
    }
}
