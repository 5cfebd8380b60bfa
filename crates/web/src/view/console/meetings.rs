//! The precinct's meeting: agenda, decisions, minutes.

use super::{Frame, Level, StepForm};
use askama::Template;

/// `GET /console/meetings`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/meetings.html")]
pub struct MeetingsView {
    /// What surrounds it.
    pub frame: Frame,
    /// The precincts to choose from: (number, name, whether it is this one).
    pub places: Vec<(i64, String, bool)>,
    /// What is on the agenda now.
    pub agenda: Vec<AgendaRow>,
    /// The form that opens a meeting.
    pub opening: Option<StepForm>,
    /// Meetings held, newest first.
    pub before: Vec<MeetingLine>,
}

/// A meeting in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingLine {
    /// Its number.
    pub id: i64,
    /// Its day.
    pub day: String,
    /// How many decisions, or that it is under way.
    pub what: String,
}

/// An item of the agenda.
#[derive(Debug, Clone, Default)]
pub struct AgendaRow {
    /// Why it is there.
    pub reason: String,
    /// Where it leads.
    pub href: String,
    /// What it is called: a number.
    pub number: String,
    /// In a few words.
    pub title: String,
    /// By when, and how near that is.
    pub due: Option<(String, Level)>,
    /// What can be decided.
    pub forms: Vec<StepForm>,
}

/// `GET /console/meetings/{id}`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/meeting.html")]
pub struct MeetingView {
    /// What surrounds it.
    pub frame: Frame,
    /// What it is called.
    pub title: String,
    /// Who was there.
    pub present: String,
    /// What is still to be talked about.
    pub agenda: Vec<AgendaRow>,
    /// Whether it is still going on.
    pub open: bool,
    /// The decisions.
    pub minutes: Vec<Minute>,
    /// The form that ends it.
    pub closing: Option<StepForm>,
}

/// A decision in the minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Minute {
    /// About what: a number.
    pub number: String,
    /// Where it leads.
    pub href: String,
    /// What was decided.
    pub text: String,
    /// When.
    pub when: String,
}

impl MeetingsView {
    fn class(&self, level: &Level) -> &'static str {
        super::row::class_of(*level)
    }
}

impl MeetingView {
    fn class(&self, level: &Level) -> &'static str {
        super::row::class_of(*level)
    }
}
