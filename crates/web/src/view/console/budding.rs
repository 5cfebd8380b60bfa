//! What is budding: some cards, and what became of earlier ones.

use super::{Frame, Tool};
use crate::view::{FieldError, icons};
use askama::Template;

/// `GET /console/budding`. Forms post to `…/{id}/known` (`reason`, `until`), `…/{id}/acted` and `…/{id}/nothing`.
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
    /// The card whose form is given back, with what was typed: reason and day.
    pub draft: Option<(i64, String, String)>,
    /// What is wrong; fields `reason` and `until`.
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

    fn typed(&self, card: &i64) -> (&str, &str) {
        match &self.draft {
            Some((id, reason, until)) if id == card => (reason, until),
            _ => ("", ""),
        }
    }
}
