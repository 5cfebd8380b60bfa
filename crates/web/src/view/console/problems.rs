//! The board of problems, and the form that opens one.

use super::{Frame, Level};
use crate::view::icons;
use askama::Template;
use domain::CaseNo;

/// `GET /console/problems`: by what comes next.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/problems.html")]
pub struct ProblemsView {
    /// What surrounds it.
    pub frame: Frame,
    /// Whether this person may look at what is reported most.
    pub matters: bool,
    /// The states to choose from: (key, name, how it is chosen now).
    pub states: Vec<(String, String, bool)>,
    /// The problems, under their headings.
    pub groups: Vec<(String, Vec<ProblemCard>)>,
    /// Where the same is to be had as a spreadsheet, for those who may take it out.
    pub export: Option<String>,
}

/// A problem on the board.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemCard {
    /// Its number.
    pub id: i64,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub state: String,
    /// The place it lies in.
    pub place: String,
    /// What it is about.
    pub subject: String,
    /// How many cases and people.
    pub counts: String,
    /// The unit that leads, in words.
    pub lead: String,
    /// What comes next, by when.
    pub next: Option<(String, String, Level)>,
}

impl ProblemCard {
    fn class(level: &Level) -> &'static str {
        super::row::class_of(*level)
    }
}

/// `GET /console/problems/new?case=…`: opening a problem with one case and those like it.
#[derive(Debug, Clone, Template)]
#[template(path = "console/problem_new.html")]
pub struct NewProblemView {
    /// What surrounds it.
    pub frame: Frame,
    /// The case that it began with.
    pub case: CaseNo,
    /// Cases to choose from: (number, text, why, whether it is chosen).
    pub cases: Vec<(CaseNo, String, String, bool)>,
    /// What was typed as the title.
    pub title: String,
    /// What was typed as the cause.
    pub cause: String,
    /// Numbers typed beside.
    pub others: String,
    /// What is wrong: (field, sentence).
    pub errors: Vec<crate::view::FieldError>,
}

impl NewProblemView {
    fn error(&self, field: &str) -> Option<&str> {
        crate::view::error_of(&self.errors, field)
    }
}
