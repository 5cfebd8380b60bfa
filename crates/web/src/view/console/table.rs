//! Plain tables: notices, who looked, the trail of events.

use super::Frame;
use crate::words::Lang;
use askama::Template;

/// A table with a heading and a sentence. Used for `/console/notices`, `/console/looks`, `/console/trail`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/table.html")]
pub struct TablePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What it is.
    pub title: String,
    /// What to do with it, in a sentence.
    pub hint: String,
    /// Said instead where there is nothing.
    pub empty: String,
    /// The headings of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// The address of the page after.
    pub next: Option<String>,
    /// What can be done with the whole table.
    pub tools: Vec<Tool>,
}

/// A link above a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tool {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Its key.
    pub key: &'static str,
}

impl Tool {
    /// A link with a key.
    pub fn to(text: impl Into<String>, href: impl Into<String>, key: &'static str) -> Tool {
        Tool { text: text.into(), href: href.into(), key }
    }

    /// The table as a spreadsheet.
    pub fn export(href: impl Into<String>, t: Lang) -> Tool {
        Tool::to(t.export_list(), href, "x")
    }
}

/// One cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
    /// Whether it should be seen first.
    pub late: bool,
}

impl Cell {
    /// A cell that leads nowhere.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// A cell that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Cell {
        Cell { text: text.into(), href: Some(href.into()), late: false }
    }
}
