//! Small values that every sheet shares: words in two languages, and the day on which it is made.

use typst::foundations::{Dict, IntoValue, Value};

use crate::Error;

/// The same words in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Chinese; printed large.
    pub zh: String,
    /// English; printed small beneath it.
    pub en: String,
}

impl Words {
    /// Both languages at once.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn to_value(&self) -> Value {
        let mut dict = Dict::new();
        dict.insert("zh".into(), self.zh.as_str().into_value());
        dict.insert("en".into(), self.en.as_str().into_value());
        Value::Dict(dict)
    }
}

/// A day of the civil calendar. The caller brings it: nothing here reads a clock, so that the same input prints
/// the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i32,
    month: u8,
    day: u8,
}

impl Day {
    /// A day by year, month and day of the month, the latter two counted from 1.
    ///
    /// # Errors
    /// [`Error::Day`] when the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, Error> {
        let this = Self { year, month, day };
        match this.to_datetime() {
            Some(_) if (1..=9999).contains(&year) => Ok(this),
            _ => Err(Error::Day { year, month, day }),
        }
    }

    pub(crate) fn to_datetime(self) -> Option<typst::foundations::Datetime> {
        typst::foundations::Datetime::from_ymd(self.year, self.month, self.day)
    }

    /// As a Chinese notice writes it: 2026年11月23日.
    pub(crate) fn zh(self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }

    /// As an English paper writes it: 23 November 2026.
    pub(crate) fn en(self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = MONTHS[usize::from(self.month).clamp(1, 12) - 1];
        format!("{} {month} {}", self.day, self.year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_decides_which_days_there_are() {
        assert_eq!(Day::new(2024, 2, 29).unwrap().zh(), "2024年2月29日");
        assert_eq!(Day::new(2024, 2, 29).unwrap().en(), "29 February 2024");
        assert_eq!(Day::new(2026, 12, 1).unwrap().en(), "1 December 2026");
        for (year, month, day) in [(2026, 2, 29), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0), (0, 1, 1)] {
            let error = Day::new(year, month, day).unwrap_err();
            assert_eq!(error.to_string(), format!("{year}-{month}-{day} is not a day of the calendar"));
        }
    }
}
