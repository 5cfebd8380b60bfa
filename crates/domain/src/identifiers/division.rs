//! The statistical division code of a place, and what becomes of it.

use super::{IdError, all, compact};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;

/// How far down a code goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// District or county: 6 digits.
    District,
    /// Sub-district or town: 9 digits.
    Subdistrict,
    /// The ground of a committee: 12 digits.
    Neighborhood,
}

/// What the three digits of a sub-district say (统计用区划代码编制规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TownKind {
    /// Street 街道: 001–099.
    Street,
    /// Town 镇: 100–199.
    Town,
    /// Township 乡: 200–399.
    Township,
    /// Counted like a town, governed by none: 400–599. `310104501` is one, not a fourteenth sub-district.
    StatisticalUnit,
}

/// A division code of 6, 9 or 12 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DivisionCode(String);

impl DivisionCode {
    /// Reads a code of 6, 9 or 12 digits.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<DivisionCode, IdError> {
        let code = compact(text);
        if code.is_empty() {
            return Err(IdError::Empty);
        }
        all(&code, |c| c.is_ascii_digit())?;
        if !matches!(code.len(), 6 | 9 | 12) {
            return Err(IdError::Length("6 / 9 / 12"));
        }
        Ok(DivisionCode(code))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How far down it goes.
    pub fn level(&self) -> Level {
        match self.0.len() {
            6 => Level::District,
            9 => Level::Subdistrict,
            _ => Level::Neighborhood,
        }
    }

    /// The code of what it lies in; `None` for a district.
    pub fn parent(&self) -> Option<DivisionCode> {
        (self.0.len() > 6).then(|| DivisionCode(self.0[..self.0.len() - 3].to_owned()))
    }

    /// Whether `other` is this place or lies in it.
    pub fn contains(&self, other: &DivisionCode) -> bool {
        other.0.starts_with(&self.0)
    }

    /// What sort of sub-district it is or lies in; `None` for a district, or for digits without a meaning.
    pub fn town_kind(&self) -> Option<TownKind> {
        Some(match self.0.get(6..9)?.parse::<u16>().ok()? {
            1..=99 => TownKind::Street,
            100..=199 => TownKind::Town,
            200..=399 => TownKind::Township,
            400..=599 => TownKind::StatisticalUnit,
            _ => return None,
        })
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One name of one code, with the days on which it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivisionRecord {
    /// The code.
    pub code: DivisionCode,
    /// The name of the place.
    pub name: String,
    /// The first day.
    pub valid_from: Date,
    /// The first day on which it no longer held.
    pub valid_to: Option<Date>,
    /// What took its place when it was merged, renumbered or renamed.
    pub successor: Option<DivisionCode>,
}

/// Why records do not make a roster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// A record that ends before it begins.
    #[error("{0}: valid_to is not after valid_from")]
    Backwards(DivisionCode),
    /// Two records of one code hold on one day.
    #[error("{0}: two records hold on {1}")]
    Overlap(DivisionCode, Date),
    /// A record that still holds and has a successor.
    #[error("{0}: has a successor and no valid_to")]
    Undead(DivisionCode),
}

/// All codes that there have been: they are abolished, merged and renamed every year, and old cases keep them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    records: BTreeMap<DivisionCode, Vec<DivisionRecord>>,
}

impl Roster {
    /// Gathers records, in any order.
    ///
    /// # Errors
    /// The first code whose records contradict each other.
    pub fn new(all: impl IntoIterator<Item = DivisionRecord>) -> Result<Roster, RosterError> {
        let mut records: BTreeMap<DivisionCode, Vec<DivisionRecord>> = BTreeMap::new();
        for r in all {
            if r.valid_to.is_some_and(|to| to <= r.valid_from) {
                return Err(RosterError::Backwards(r.code));
            }
            if r.valid_to.is_none() && r.successor.is_some() {
                return Err(RosterError::Undead(r.code));
            }
            records.entry(r.code.clone()).or_default().push(r);
        }
        for (code, of_code) in &mut records {
            of_code.sort_by_key(|r| r.valid_from);
            for pair in of_code.windows(2) {
                if pair[0].valid_to.is_none_or(|to| to > pair[1].valid_from) {
                    return Err(RosterError::Overlap(code.clone(), pair[1].valid_from));
                }
            }
        }
        Ok(Roster { records })
    }

    /// The record of a code on a day.
    pub fn on(&self, code: &DivisionCode, day: Date) -> Option<&DivisionRecord> {
        self.records.get(code)?.iter().find(|r| r.valid_from <= day && r.valid_to.is_none_or(|to| to > day))
    }

    /// What a code that was read somewhere stands for on a day: itself, or what took its place, however many
    /// times over. `None` for one that is unknown, not yet valid, or gone without a successor.
    pub fn current(&self, code: &DivisionCode, day: Date) -> Option<&DivisionRecord> {
        let mut code = code;
        // A chain longer than the roster goes round in a circle.
        for _ in 0..=self.records.len() {
            if let Some(record) = self.on(code, day) {
                return Some(record);
            }
            let last = self.records.get(code)?.iter().rev().find(|r| r.valid_from <= day)?;
            code = last.successor.as_ref()?;
        }
        None
    }

    /// All records that hold on a day, by code.
    pub fn all_on(&self, day: Date) -> impl Iterator<Item = &DivisionRecord> {
        self.records.keys().filter_map(move |code| self.on(code, day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn code(text: &str) -> DivisionCode {
        DivisionCode::parse(text).unwrap()
    }

    fn record(c: &str, from: i16, to: Option<i16>, successor: Option<&str>) -> DivisionRecord {
        DivisionRecord {
            code: code(c),
            name: format!("{c} of {from}"),
            valid_from: date(from, 1, 1),
            valid_to: to.map(|y| date(y, 1, 1)),
            successor: successor.map(code),
        }
    }

    #[test]
    fn a_code_knows_where_it_lies() {
        let c = code("310104 010 003");
        assert_eq!((c.as_str(), c.level()), ("310104010003", Level::Neighborhood));
        assert_eq!(c.parent().unwrap(), code("310104010"));
        assert_eq!(c.parent().and_then(|p| p.parent()).and_then(|p| p.parent()), None);
        assert!(code("310104").contains(&c) && !code("310104011").contains(&c));
        assert_eq!(c.town_kind(), Some(TownKind::Street));
        assert_eq!(code("310104103").town_kind(), Some(TownKind::Town));
        assert_eq!(code("310104501").town_kind(), Some(TownKind::StatisticalUnit));
        assert_eq!(DivisionCode::parse("31010"), Err(IdError::Length("6 / 9 / 12")));
        assert_eq!(DivisionCode::parse("31010A"), Err(IdError::Character(6)));
    }

    #[test]
    fn merged_twice_and_still_found() {
        let roster = Roster::new([
            record("310104010001", 2010, Some(2022), Some("310104010002")),
            record("310104010002", 2010, Some(2023), Some("310104010009")),
            record("310104010009", 2023, None, None),
            record("310104010004", 2010, Some(2023), None),
        ])
        .unwrap();
        let now = date(2026, 3, 2);
        assert_eq!(roster.current(&code("310104010001"), now).unwrap().code, code("310104010009"));
        assert_eq!(
            roster.current(&code("310104010001"), date(2022, 6, 1)).unwrap().code,
            code("310104010002")
        );
        assert_eq!(roster.current(&code("310104010004"), now), None, "gone without a successor");
        assert_eq!(roster.current(&code("310104010009"), date(2020, 1, 1)), None, "not yet");
        assert_eq!(roster.all_on(now).count(), 1);
        assert_eq!(roster.all_on(date(2011, 1, 1)).count(), 3);
    }

    #[test]
    fn contradictions_are_named() {
        let c = "310104010001";
        let why = |records: Vec<DivisionRecord>| Roster::new(records).unwrap_err().to_string();
        assert_eq!(
            why(vec![record(c, 2022, Some(2022), None)]),
            "310104010001: valid_to is not after valid_from"
        );
        assert_eq!(
            why(vec![record(c, 2020, None, None), record(c, 2022, None, None)]),
            "310104010001: two records hold on 2022-01-01"
        );
        assert_eq!(
            why(vec![record(c, 2020, None, Some("310104010002"))]),
            "310104010001: has a successor and no valid_to"
        );
        let circle = Roster::new([
            record("310104010001", 2010, Some(2022), Some("310104010002")),
            record("310104010002", 2010, Some(2022), Some("310104010001")),
        ])
        .unwrap();
        assert_eq!(circle.current(&code(c), date(2026, 1, 1)), None, "a circle ends");
    }

    proptest! {
        /// The order in which records come in changes nothing.
        #[test]
        fn any_order(by in 0usize..4, day in 2009i16..2027) {
            let mut records = vec![
                record("310104010001", 2010, Some(2022), Some("310104010002")),
                record("310104010001", 2024, None, None),
                record("310104010002", 2010, Some(2023), None),
                record("310104010003", 2015, None, None),
            ];
            let roster = Roster::new(records.clone()).unwrap();
            records.rotate_left(by);
            let other = Roster::new(records).unwrap();
            prop_assert_eq!(&roster, &other);
            for r in roster.all_on(date(day, 6, 1)) {
                prop_assert_eq!(roster.current(&r.code, date(day, 6, 1)), Some(r));
            }
        }
    }
}
