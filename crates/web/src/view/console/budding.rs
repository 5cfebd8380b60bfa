//! What is budding: some cards, and what became of earlier ones.

use super::{Frame, Tool};
use crate::view::{FieldError, icons};
use askama::Template;
use std::collections::HashMap;

/// `GET /console/budding`. Forms post to `…/{id}/ask` (`ask_place`, `question`, `ask_due`), `…/{id}/visit` (`visit_place`, `goes`,
/// `visit_due`), `…/{id}/watch` (`watch`), `…/{id}/known` (`reason`, `until`), `…/{id}/acted` and `…/{id}/nothing`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/budding.html")]
pub struct BuddingPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Open warnings, the most unusual first.
    pub cards: Vec<BudCard>,
    /// What became of the warnings of thirty days, in a sentence; empty where none was told.
    pub figures: String,
    /// How many false alarms a month are borne, as it stands in its field; for those who set it.
    pub alarms: Option<String>,
    /// What became of earlier ones: what it was, and how it stands.
    pub earlier: Vec<(String, String)>,
    /// The card whose form is given back, with what was typed, by field.
    pub draft: Option<(i64, HashMap<&'static str, String>)>,
    /// What is wrong, by field.
    pub errors: Vec<FieldError>,
}

/// `GET /console/budding/figures`: how well warnings do. On a narrow screen each number stands behind its heading.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/budding_figures.html")]
pub struct BuddingFiguresPage {
    /// What surrounds it.
    pub frame: Frame,
    /// How it is counted.
    pub hint: String,
    /// The headings of the columns.
    pub head: Vec<String>,
    /// The rows: month, kind, and the figures.
    pub rows: Vec<Vec<String>>,
    /// What can be done with the whole table.
    pub tools: Vec<Tool>,
}

/// One warning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudCard {
    /// Its number.
    pub id: i64,
    /// What, and where.
    pub title: String,
    /// How many, since when, how unusual, at how many doorways.
    pub facts: Vec<String>,
    /// Its cases: number as said, address.
    pub cases: Vec<(String, String)>,
    /// Where a problem is opened with those of them that are still open.
    pub open: Option<String>,
    /// Whether this person may answer it.
    pub may_answer: bool,
    /// What can be done, the first thing first; a form each but where it is advice alone.
    pub actions: Vec<BudAction>,
    /// Whom to ask or to visit: number and name, those who reported first.
    pub places: Vec<(i64, String)>,
    /// A question as it could be asked.
    pub question: String,
    /// The days that are proposed: for an answer, for a visit, for an end of watching.
    pub days: [String; 3],
    /// What was done so far.
    pub steps: Vec<String>,
    /// The schematic map as a drawing; empty where there is none.
    pub map_svg: String,
    /// Whether a circle is drawn on it.
    pub circle: bool,
    /// The weeks to choose from, the first one all of them; empty where there is nothing to choose.
    pub weeks: Vec<BudWeek>,
    /// What the map shows, as a table.
    pub rows: Vec<BudRow>,
    /// What was done the last times.
    pub before: Vec<BudBefore>,
}

/// Something that can be done about a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudAction {
    /// Open a problem with its cases.
    Open,
    /// Ask a committee.
    Ask,
    /// Plan a visit.
    Visit,
    /// Wait and watch.
    Watch,
    /// Advice: talk with the unit.
    AskUnit,
    /// Advice: prepare.
    Prepare,
}

/// A week, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudWeek {
    /// Which.
    pub name: String,
    /// So many reports.
    pub count: usize,
    /// Where it is shown.
    pub href: String,
    /// Whether it is shown now.
    pub here: bool,
}

/// The reports of one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudRow {
    /// Which place.
    pub place: String,
    /// So many reports.
    pub count: usize,
    /// The first and the last day.
    pub when: String,
    /// Its cases that this person may see: number as said, address.
    pub cases: Vec<(String, String)>,
    /// Reports whose cases are another precinct's: counted, not shown.
    pub others: usize,
}

/// What was done an earlier time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BudBefore {
    /// The problem's title, or the case's number.
    pub name: String,
    /// Its address.
    pub href: String,
    /// When it was closed, and whether it was solved.
    pub how: String,
    /// What residents were told.
    pub outcome: String,
}

impl BuddingPage {
    fn alarms_error(&self) -> Option<&str> {
        self.errors.iter().find(|e| e.field == "alarms").map(|e| e.text.as_str())
    }

    fn error(&self, card: &i64, field: &str) -> Option<&str> {
        let here = self.draft.as_ref().is_some_and(|d| d.0 == *card);
        self.errors.iter().find(|e| here && e.field == field).map(|e| e.text.as_str())
    }

    fn typed(&self, card: &i64, field: &str, otherwise: &str) -> String {
        let typed = self.draft.as_ref().filter(|d| d.0 == *card).and_then(|d| d.1.get(field));
        typed.map_or_else(|| otherwise.to_owned(), Clone::clone)
    }

    fn chose(&self, card: &i64, field: &str, value: &i64) -> bool {
        self.typed(card, field, "") == value.to_string()
    }

    /// Whether a form of a card is given back: one of its fields is wrong.
    fn back(&self, card: &i64, fields: &[&str]) -> bool {
        fields.iter().any(|f| self.error(card, f).is_some())
    }
}
