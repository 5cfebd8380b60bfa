//! A list as a printed report: title, columns, rows; as many A4 pages as it takes.

use typst::foundations::{Array, IntoValue, Value};

use crate::notice::dict;
use crate::press::{self, Template};
use crate::{Day, Error, Fonts};

const TEMPLATE: Template =
    Template { name: "report", source: include_str!("../templates/report.typ"), tagged: true };

/// Most rows of one report, some sixty pages: nobody reads a longer one on paper, and the typesetter keeps a whole
/// table in memory. A longer list goes out as a spreadsheet.
pub const MOST_ROWS: usize = 2_000;

/// Which edge of its column a cell leans on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Words: the left edge.
    #[default]
    Start,
    /// Marks and short codes: the middle.
    Centre,
    /// Figures, so that their digits stand under each other: the right edge.
    End,
}

/// One column of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Heading, repeated on every page.
    pub title: String,
    /// Its share of the width, in proportion to the other columns' shares; more than 0.
    pub share: f64,
    /// Where its cells lean.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn new(title: impl Into<String>, share: f64) -> Self {
        Self { title: title.into(), share, align: Align::Start }
    }

    /// A column of figures.
    pub fn figures(title: impl Into<String>, share: f64) -> Self {
        Self { title: title.into(), share, align: Align::End }
    }
}

/// What a printed list says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableReport {
    /// Title, e.g. 今天要办的事.
    pub title: String,
    /// What was asked for, e.g. the filter in words; empty for none.
    pub subtitle: String,
    /// Columns from left to right; at least one.
    pub columns: Vec<Column>,
    /// Rows from top to bottom, each with as many cells as there are columns. A cell may hold line breaks (`\n`).
    pub rows: Vec<Vec<String>>,
    /// Sentences beneath the table: formulas, sources, what was left out. May be empty.
    pub notes: Vec<String>,
    /// Who had it printed and what for; stands in the foot of every page. Empty for none.
    pub printed_by: String,
    /// Lay the paper on its side, for many columns.
    pub landscape: bool,
}

/// Sets a list as a PDF/A-2b file with headings repeated and pages counted.
///
/// # Errors
/// [`Error::MissingGlyph`] and [`Error::Field`], naming column and row (counted from 1); nothing is printed unless
/// all of it is sound.
pub fn table_report(report: &TableReport, fonts: &Fonts, made: Day) -> Result<Vec<u8>, Error> {
    check(report, fonts)?;
    let columns: Array = report
        .columns
        .iter()
        .map(|column| {
            Value::Dict(dict([
                ("title", column.title.as_str().into_value()),
                ("share", column.share.into_value()),
                (
                    "align",
                    match column.align {
                        Align::Start => "start",
                        Align::Centre => "centre",
                        Align::End => "end",
                    }
                    .into_value(),
                ),
            ]))
        })
        .collect();
    let cells: Array = report.rows.iter().flatten().map(|cell| lines(cell)).collect();
    let notes: Array = report.notes.iter().map(|note| note.as_str().into_value()).collect();
    let data = dict([
        ("title", report.title.as_str().into_value()),
        ("subtitle", report.subtitle.as_str().into_value()),
        ("columns", Value::Array(columns)),
        ("cells", Value::Array(cells)),
        ("count", i64::try_from(report.rows.len()).unwrap_or(i64::MAX).into_value()),
        ("notes", Value::Array(notes)),
        ("printed-by", report.printed_by.as_str().into_value()),
        ("landscape", report.landscape.into_value()),
    ]);
    let pdf =
        press::set(&TEMPLATE, data, fonts, made).and_then(|pages| press::write(&TEMPLATE, &pages, made));
    press::forget();
    pdf
}

/// A text with line breaks, as a list of its lines.
pub(crate) fn lines(text: &str) -> Value {
    Value::Array(text.lines().map(|line| line.trim_end_matches('\r').into_value()).collect())
}

/// Checks a text that may hold line breaks.
pub(crate) fn check_lines(text: &str, fonts: &Fonts, place: impl Fn() -> String) -> Result<(), Error> {
    text.lines().try_for_each(|line| fonts.check(line, &place))
}

fn check(report: &TableReport, fonts: &Fonts) -> Result<(), Error> {
    let wrong = |place: String, problem: String| Err(Error::Field { place, problem });
    if report.title.trim().is_empty() {
        return wrong("the title of the report".into(), "is empty".into());
    }
    if report.columns.is_empty() {
        return wrong("the list of columns".into(), "is empty".into());
    }
    if report.rows.len() > MOST_ROWS {
        let problem = format!("has {} rows; print allows {MOST_ROWS}: narrow the filter", report.rows.len());
        return wrong(format!("the report {}", report.title), problem);
    }
    fonts.check(&report.title, || "the title of the report".into())?;
    fonts.check(&report.subtitle, || "the subtitle of the report".into())?;
    fonts.check(&report.printed_by, || "the foot of the report".into())?;
    for (index, column) in report.columns.iter().enumerate() {
        let place = || format!("the heading of column {}", index + 1);
        fonts.check(&column.title, place)?;
        if !(column.share.is_finite() && column.share > 0.0) {
            let problem = format!("has the share {}, which is not more than 0", column.share);
            return wrong(format!("column {} ({})", index + 1, column.title), problem);
        }
    }
    for (index, row) in report.rows.iter().enumerate() {
        if row.len() != report.columns.len() {
            let problem = format!("has {} cells for {} columns", row.len(), report.columns.len());
            return wrong(format!("row {}", index + 1), problem);
        }
        for (cell, column) in row.iter().zip(&report.columns) {
            check_lines(cell, fonts, || format!("row {}, column {}", index + 1, column.title))?;
        }
    }
    for (index, note) in report.notes.iter().enumerate() {
        fonts.check(note, || format!("note {} of the report", index + 1))?;
    }
    Ok(())
}
