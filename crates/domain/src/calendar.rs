//! The working-day calendar, with the moved weekends of the State Council's yearly notice.
//!
//! A file of exceptions to the five-day week, one line a day or a range: `2026-02-15..2026-02-23,rest,春节`.
//! A year without a line is not announced yet; until then its weekends alone count as days of rest.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;

/// Which days are worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Exceptions to the five-day week: whether that day is worked.
    exceptions: BTreeMap<Date, bool>,
}

/// Why a calendar file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("calendar, line {line}: {why}")]
pub struct CalendarError {
    /// The line, 1 for the first.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Calendar {
    /// The calendar of mainland China as announced for 2024, 2025 and 2026.
    ///
    /// # Panics
    /// Never: the built-in file is read by a test.
    pub fn china() -> Calendar {
        #[expect(clippy::expect_used, reason = "the file is part of the program and read by a test")]
        Calendar::parse(include_str!("../data/calendar_cn.csv")).expect("the built-in calendar reads")
    }

    /// Reads a calendar file: a heading, then `date or from..to,rest or work,why`.
    ///
    /// # Errors
    /// The first line that does not read, or that names a day a second time.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        let mut exceptions = BTreeMap::new();
        for (line, row) in (1..).zip(text.lines()).skip(1).filter(|(_, row)| !row.trim().is_empty()) {
            let bad = |why: String| CalendarError { line, why };
            let mut fields = row.split(',').map(str::trim);
            let (Some(days), Some(kind)) = (fields.next(), fields.next()) else {
                return Err(bad("needs a date and a kind of day".into()));
            };
            let worked = match kind {
                "work" => true,
                "rest" => false,
                other => return Err(bad(format!("a day is work or rest, not {other:?}"))),
            };
            let date = |t: &str| t.parse::<Date>().map_err(|_| bad(format!("{t:?} is no date")));
            let (from, to) = days.split_once("..").unwrap_or((days, days));
            let (mut day, to) = (date(from)?, date(to)?);
            if to < day || (to - day).get_days() > 60 {
                return Err(bad(format!("{days:?} is no range of days")));
            }
            while day <= to {
                if exceptions.insert(day, worked).is_some() {
                    return Err(bad(format!("{day} is named a second time")));
                }
                day = next(day);
            }
        }
        Ok(Calendar { exceptions })
    }

    /// Whether a day is worked.
    pub fn is_worked(&self, day: Date) -> bool {
        self.exceptions
            .get(&day)
            .copied()
            .unwrap_or(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
    }

    /// Whether the days of rest of a year are announced.
    pub fn is_announced(&self, year: i16) -> bool {
        self.exceptions.keys().any(|d| d.year() == year)
    }

    /// The first worked day on or after one.
    pub fn on_or_after(&self, mut day: Date) -> Date {
        while !self.is_worked(day) {
            day = next(day);
        }
        day
    }

    /// The `n`-th worked day after one.
    pub fn after(&self, mut day: Date, n: u32) -> Date {
        for _ in 0..n {
            day = self.on_or_after(next(day));
        }
        day
    }
}

fn next(day: Date) -> Date {
    // The last day that can be written lies in the year 9999.
    day.checked_add(1.day()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spring_festival_with_its_moved_weekends() {
        let c = Calendar::china();
        assert!(c.is_worked(date(2026, 2, 14)), "a Saturday that is worked");
        assert!(!c.is_worked(date(2026, 2, 16)), "a Monday of rest");
        assert_eq!(c.after(date(2026, 2, 14), 1), date(2026, 2, 24));
        assert_eq!(c.after(date(2026, 9, 30), 2), date(2026, 10, 9));
        assert_eq!(c.after(date(2026, 10, 9), 1), date(2026, 10, 10));
        assert!(c.is_announced(2026) && !c.is_announced(2027));
        assert_eq!(c.after(date(2027, 1, 1), 1), date(2027, 1, 4));
    }

    #[test]
    fn a_bad_line_is_named() {
        let bad = |text: &str| Calendar::parse(text).unwrap_err().to_string();
        assert_eq!(bad("date,day,why\n2026-13-01,rest,x"), "calendar, line 2: \"2026-13-01\" is no date");
        assert_eq!(
            bad("h\n2026-01-01,rest\n2026-01-01,work"),
            "calendar, line 3: 2026-01-01 is named a second time"
        );
        assert_eq!(bad("h\n2026-01-01,off"), "calendar, line 2: a day is work or rest, not \"off\"");
        assert_eq!(
            bad("h\n2026-01-05..2026-01-01,rest"),
            "calendar, line 2: \"2026-01-05..2026-01-01\" is no range of days"
        );
    }
}
