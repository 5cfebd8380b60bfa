//! What comes each year at a time, as whoever works in the field says: dated lines that a district may change.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// So many days ahead a season is told.
pub const AHEAD: i32 = 14;
/// No calendar has more lines.
const MOST: usize = 200;
/// The calendar that is shipped: typical seasons of a city on the lower Yangtze. Ours, from experience, no statistics.
pub const BUNDLED: &str = include_str!("../data/seasons.csv");

/// One line of the calendar: in every year, or in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// Its name in the store.
    pub key: String,
    /// The year it holds for; every year without.
    year: Option<i16>,
    /// Month and day of the first and the last day; the last may lie in the next year.
    from: (i8, i8),
    to: (i8, i8),
    /// The subject's code.
    pub subject: String,
    /// What to do, in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
}

/// A line of the calendar that does not read; the first line is the heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSeason {
    /// Which line, 1 for the first.
    pub line: usize,
    /// What is wrong, in Chinese and English.
    pub why: (&'static str, &'static str),
}

/// Reads a calendar: `key,from,to,subject,zh,en` after a heading, days as `MM-DD`, or as `YYYY-MM-DD` for one year.
/// `known` says which subjects there are.
///
/// # Errors
/// The first line that does not read, and why.
pub fn seasons(text: &str, known: impl Fn(&str) -> bool) -> Result<Vec<Season>, BadSeason> {
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate().skip(1).filter(|(_, l)| !l.trim().is_empty()) {
        let bad = |zh, en| BadSeason { line: i + 1, why: (zh, en) };
        let cells: Vec<&str> = line.splitn(6, ',').map(str::trim).collect();
        let [key, from, to, subject, zh, en] = cells[..] else {
            return Err(bad(
                "要有六格：名称,从,到,事项,中文,英文",
                "six cells are needed: key,from,to,subject,zh,en",
            ));
        };
        let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if key.is_empty() || key.len() > 40 || !key.chars().all(name) {
            return Err(bad("名称用小写字母、数字和下划线", "the key is lower-case letters, digits and _"));
        }
        let day = ("日期写成 月-日 或 年-月-日", "days are MM-DD or YYYY-MM-DD");
        let (Some((year, from)), Some((ends, to))) = (month_day(from), month_day(to)) else {
            return Err(bad(day.0, day.1));
        };
        if year.is_some() != ends.is_some() {
            return Err(bad("两个日期要么都写年份，要么都不写", "both days have a year, or neither"));
        }
        if !known(subject) {
            return Err(bad("没有这个事项", "there is no such subject"));
        }
        if zh.is_empty() || en.is_empty() || zh.chars().count() > 200 || en.chars().count() > 300 {
            return Err(bad("中文和英文都要写，不要太长", "both languages are needed, and not too long"));
        }
        if out.len() == MOST {
            return Err(bad("行数太多", "too many lines"));
        }
        let (key, subject) = (key.to_owned(), subject.to_owned());
        out.push(Season { key, year, from, to, subject, zh: zh.to_owned(), en: en.to_owned() });
    }
    Ok(out)
}

fn month_day(text: &str) -> Option<(Option<i16>, (i8, i8))> {
    let parts: Vec<&str> = text.split('-').collect();
    let (year, [month, day]) = match parts[..] {
        [month, day] => (None, [month, day]),
        [year, month, day] => (Some(year.parse().ok()?), [month, day]),
        _ => return None,
    };
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2028 has a 29 February.
    Date::new(year.unwrap_or(2028), month, day).ok()?;
    Some((year, (month, day)))
}

impl Season {
    /// The first day of it that is told today: one that lies ahead by two weeks at most.
    pub fn ahead(&self, today: Date) -> Option<Date> {
        let until = today.saturating_add(AHEAD.days());
        [today.year(), until.year()]
            .into_iter()
            .filter(|y| self.year.is_none_or(|only| only == *y))
            .map(|y| on(y, self.from))
            .find(|first| (today..=until).contains(first))
    }

    /// The last day of the season that begins on `first`.
    pub fn ends(&self, first: Date) -> Date {
        let last = on(first.year(), self.to);
        if last < first { on(first.year().saturating_add(1), self.to) } else { last }
    }
}

/// A day of a year; the 29th of February falls on the 28th where there is none.
fn on(year: i16, (month, day): (i8, i8)) -> Date {
    Date::new(year, month, day).or_else(|_| Date::new(year, month, 28)).unwrap_or(date(year, 1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bundled() -> Vec<Season> {
        let known = |s: &str| domain::subjects::by_code(s).is_some();
        seasons(BUNDLED, known).unwrap()
    }

    #[test]
    fn frost_is_told_two_weeks_ahead_and_not_when_it_is_there() {
        let frost = bundled().into_iter().find(|s| s.key == "frost").unwrap();
        for (today, told) in [
            (date(2026, 11, 30), false),
            (date(2026, 12, 1), true),
            (date(2026, 12, 15), true),
            (date(2026, 12, 16), false),
        ] {
            assert_eq!(frost.ahead(today).is_some(), told, "{today}");
        }
        assert_eq!(frost.ends(date(2026, 12, 15)), date(2027, 2, 10));
        // The Spring Festival moves with the moon: a line for each year.
        let told =
            |today| bundled().iter().filter(|s| s.key == "crackers" && s.ahead(today).is_some()).count();
        assert_eq!((told(date(2027, 1, 20)), told(date(2028, 1, 10)), told(date(2027, 1, 10))), (1, 1, 0));
    }

    #[test]
    fn a_line_that_does_not_read_is_named() {
        let head = "key,from,to,subject,zh,en\n";
        let read =
            |line: &str| seasons(&format!("{head}ok,01-01,01-02,noise,好,good\n{line}"), |s| s == "noise");
        assert_eq!(read("").unwrap().len(), 1);
        assert_eq!(read("a,12-24,01-06,noise,好,good, with a comma").unwrap()[1].en, "good, with a comma");
        for wrong in [
            "a,02-30,03-01,noise,好,good",
            "a,2026-01-01,03-01,noise,好,good",
            "a,01-01,03-01,dragons,好,good",
            "a,01-01,03-01,noise,,good",
            "A b,01-01,03-01,noise,好,good",
            "a,01-01",
        ] {
            assert_eq!(read(wrong).unwrap_err().line, 3, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_season_of_every_year_is_told_for_fifteen_days(year in 2025i16..2060, day in 1i16..=365) {
            let first = date(year, 1, 1).saturating_add(i32::from(day - 1).days());
            let s = Season {
                key: "x".into(), year: None, from: (first.month(), first.day()), to: (3, 1),
                subject: "noise".into(), zh: "x".into(), en: "x".into(),
            };
            let told = (-40..40).filter(|d: &i32| s.ahead(first.saturating_add(d.days())) == Some(first)).count();
            prop_assert_eq!(told, 15);
        }
    }
}
