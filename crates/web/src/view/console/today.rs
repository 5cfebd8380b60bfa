//! My work today: what must I do now, and what happens if I don't.

use super::row::Level;
use super::{CaseRow, Frame};
use askama::Template;

/// `GET /console`: the person's own work, by due time.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/today.html")]
pub struct Today {
    /// What surrounds it.
    pub frame: Frame,
    /// Today in words: "11月23日（周一）".
    pub date: String,
    /// Questions that wait for this person, and visits to tell of.
    pub errands: Vec<ErrandRow>,
    /// Past their time, longest first.
    pub late: Vec<CaseRow>,
    /// Due before tonight.
    pub today: Vec<CaseRow>,
    /// Due tomorrow.
    pub tomorrow: Vec<CaseRow>,
    /// Due after that; the nearest fifty.
    pub later: Vec<CaseRow>,
}

/// A question, or a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrandRow {
    /// The warning's number and the step's place in it.
    pub at: (i64, usize),
    /// What is asked, of whom, by when.
    pub what: String,
    /// What it is about; empty for nothing in particular.
    pub about: String,
    /// What was typed, where it is given back.
    pub said: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Today {
    fn groups(&self) -> Vec<(String, &[CaseRow])> {
        let t = self.frame.lang;
        [
            (t.today_late(self.late.len()), &self.late),
            (t.today_soon(self.today.len()), &self.today),
            (t.today_next(self.tomorrow.len()), &self.tomorrow),
            (t.today_later(self.later.len()), &self.later),
        ]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(title, rows)| (title, rows.as_slice()))
        .collect()
    }

    /// Puts rows, already sorted by due time, under their headings: `day(row)` is how many days off the due
    /// date is (0 today).
    pub fn sort_in(&mut self, rows: Vec<(CaseRow, i64)>) {
        for (row, day) in rows {
            let late = row.due.as_ref().is_some_and(|d| d.level == Level::Late);
            match day {
                _ if late => self.late.push(row),
                ..=0 => self.today.push(row),
                1 => self.tomorrow.push(row),
                _ => self.later.push(row),
            }
        }
    }
}
