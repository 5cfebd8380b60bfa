//! The dated rule table, and the deadlines that follow from it and the calendar.
//!
//! Law and practice change, so every value is a row with the day from which it holds and where it comes from;
//! none is a constant in code. Days run in working days. What comes in outside working time counts from the
//! opening of the next working day. A deadline in working days is the closing time of its day; the hours for
//! danger and for water, power and gas run round the clock.

use crate::calendar::Calendar;
use crate::cases::{Deadlines, Kind, Urgency, local_date};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// One row: a value, from when, until when, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which rule.
    pub id: String,
    /// Its value as written: `5`, `09:00`.
    pub value: String,
    /// What the value counts: `hours`, `working_days`, `times`, `time`.
    pub unit: String,
    /// The first day on which it holds.
    pub from: Date,
    /// The first day on which it no longer does.
    pub to: Option<Date>,
    /// The law, standard or practice that it is taken from.
    pub legal_ref: String,
}

/// Why a rule table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A line does not read.
    #[error("rules, line {line}: {why}")]
    Line {
        /// The line, 1 for the first.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A rule that the program needs is missing.
    #[error("rules: {0} is missing")]
    Missing(&'static str),
}

/// The rules and the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    calendar: Calendar,
    rules: HashMap<String, Vec<Rule>>,
}

/// Rules that every table must hold.
const NEEDED: &[&str] = &[
    "day.opens",
    "day.closes",
    "dispatch.danger",
    "dispatch.utility",
    "dispatch.normal",
    "first_contact",
    "handling.question",
    "handling.opinion",
    "handling.help",
    "handling.complaint",
    "handling.complex",
    "second_handling",
    "call_back",
    "silence",
    "meeting",
    "returns_to_meeting",
    "retention.photo",
    "retention.contact",
    "retention.notice",
];

impl Rulebook {
    /// The rules that the program ships with, and the calendar of mainland China.
    ///
    /// # Panics
    /// Never: the built-in table is read by a test.
    pub fn china() -> Rulebook {
        #[expect(clippy::expect_used, reason = "the table is part of the program and read by a test")]
        Rulebook::parse(include_str!("../data/rules_cn.csv"), Calendar::china())
            .expect("the built-in rules read")
    }

    /// Reads a rule table: a heading, then `id,value,unit,effective_from,effective_to,legal_ref`.
    ///
    /// # Errors
    /// The first line that does not read, or a rule that is missing.
    pub fn parse(text: &str, calendar: Calendar) -> Result<Rulebook, RuleError> {
        let mut rules: HashMap<String, Vec<Rule>> = HashMap::new();
        for (line, row) in (1..).zip(text.lines()).skip(1).filter(|(_, row)| !row.trim().is_empty()) {
            let bad = |why: String| RuleError::Line { line, why };
            let fields: Vec<&str> = row.splitn(6, ',').map(str::trim).collect();
            let [id, value, unit, from, to, legal_ref] = fields[..] else {
                return Err(bad(format!("has {} fields, not 6", fields.len())));
            };
            let date =
                |name: &str, t: &str| t.parse::<Date>().map_err(|_| bad(format!("{name}: {t:?} is no date")));
            let ok = match unit {
                "hours" | "working_days" | "days" | "times" => value.parse::<u32>().is_ok_and(|n| n <= 1_000),
                "time" => value.parse::<Time>().is_ok(),
                _ => {
                    return Err(bad(format!(
                        "unit: {unit:?} is not hours, working_days, days, times or time"
                    )));
                }
            };
            if !ok {
                return Err(bad(format!("value: {value:?} is no number of {unit}")));
            }
            rules.entry(id.to_owned()).or_default().push(Rule {
                id: id.to_owned(),
                value: value.to_owned(),
                unit: unit.to_owned(),
                from: date("effective_from", from)?,
                to: if to.is_empty() { None } else { Some(date("effective_to", to)?) },
                legal_ref: legal_ref.to_owned(),
            });
        }
        rules.values_mut().for_each(|r| r.sort_by_key(|r| r.from));
        match NEEDED.iter().find(|id| !rules.contains_key(**id)) {
            Some(id) => Err(RuleError::Missing(id)),
            None => Ok(Rulebook { calendar, rules }),
        }
    }

    /// The calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The row of a rule that holds on a day: the latest that began by then and has not ended.
    pub fn rule(&self, id: &str, on: Date) -> Option<&Rule> {
        self.rules.get(id)?.iter().rev().find(|r| r.from <= on && r.to.is_none_or(|to| to > on))
    }

    /// All rows, by id and day.
    pub fn all(&self) -> Vec<&Rule> {
        let mut all: Vec<&Rule> = self.rules.values().flatten().collect();
        all.sort_by(|a, b| (&a.id, a.from).cmp(&(&b.id, b.from)));
        all
    }

    fn number(&self, id: &str, at: Timestamp) -> u32 {
        self.rule(id, local_date(at)).and_then(|r| r.value.parse().ok()).unwrap_or(1)
    }

    fn time(&self, id: &str, on: Date) -> Time {
        self.rule(id, on).and_then(|r| r.value.parse().ok()).unwrap_or_default()
    }

    /// When a clock that is started at `from` begins to run: at once in working time, else at the opening of
    /// the next working day. Also whether it had to wait.
    fn begin(&self, from: Timestamp) -> (DateTime, bool) {
        let local = LOCAL.to_datetime(from);
        let day = local.date();
        if self.calendar.is_worked(day) {
            if local.time() < self.time("day.opens", day) {
                return (day.to_datetime(self.time("day.opens", day)), true);
            }
            if local.time() < self.time("day.closes", day) {
                return (local, false);
            }
        }
        let day = self.calendar.after(day, 1);
        (day.to_datetime(self.time("day.opens", day)), true)
    }

    fn working_days(&self, id: &str, from: Timestamp) -> Timestamp {
        let days = self.number(id, from).max(1);
        let (begin, waited) = self.begin(from);
        // A clock that began at the opening has that day whole; one that began in the middle has the rest of
        // it on top.
        let day = self.calendar.after(begin.date(), days - u32::from(waited));
        instant(day.to_datetime(self.time("day.closes", day)), from)
    }

    fn hours(&self, id: &str, from: Timestamp) -> Timestamp {
        from + SignedDuration::from_hours(i64::from(self.number(id, from)))
    }
}

/// The district's clock: China has one offset and no summer time.
const LOCAL: Offset = Offset::constant(8);

fn instant(at: DateTime, otherwise: Timestamp) -> Timestamp {
    LOCAL.to_timestamp(at).unwrap_or(otherwise)
}

impl Deadlines for Rulebook {
    fn dispatch(&self, urgency: Urgency, from: Timestamp) -> Timestamp {
        match urgency {
            Urgency::Danger => self.hours("dispatch.danger", from),
            Urgency::Utility => self.hours("dispatch.utility", from),
            Urgency::Normal => {
                let begin = instant(self.begin(from).0, from);
                let due = LOCAL.to_datetime(self.hours("dispatch.normal", begin));
                let day = self.calendar.on_or_after(due.date());
                instant(day.to_datetime(due.time()), from)
            }
        }
    }
    fn first_contact(&self, from: Timestamp) -> Timestamp {
        self.working_days("first_contact", from)
    }
    fn handling(&self, kind: Kind, from: Timestamp) -> Timestamp {
        self.working_days(
            match kind {
                Kind::Question => "handling.question",
                Kind::Opinion => "handling.opinion",
                Kind::Help => "handling.help",
                Kind::Complaint => "handling.complaint",
            },
            from,
        )
    }
    fn complex(&self, from: Timestamp) -> Timestamp {
        self.working_days("handling.complex", from)
    }
    fn second_handling(&self, from: Timestamp) -> Timestamp {
        self.working_days("second_handling", from)
    }
    fn silence(&self, from: Timestamp) -> Timestamp {
        self.working_days("silence", from)
    }
    fn call_back(&self, from: Timestamp) -> Timestamp {
        self.working_days("call_back", from)
    }
    fn meeting(&self, from: Timestamp) -> Timestamp {
        self.working_days("meeting", from)
    }
    fn days(&self, id: &str, on: Timestamp) -> u32 {
        self.number(id, on)
    }
    fn returns_to_meeting(&self, on: Timestamp) -> u32 {
        self.number("returns_to_meeting", on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A moment of the district's own time.
    fn at(text: &str) -> Timestamp {
        LOCAL.to_timestamp(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn days_and_nights() {
        let r = Rulebook::china();
        for (from, due, why) in [
            ("2026-03-02T10:00:00", "2026-03-03T17:30:00", "a Monday morning"),
            ("2026-03-02T22:00:00", "2026-03-03T17:30:00", "a Monday night counts from Tuesday"),
            ("2026-03-02T06:00:00", "2026-03-02T17:30:00", "before the opening counts from the opening"),
            ("2026-03-06T17:30:00", "2026-03-09T17:30:00", "a Friday evening counts from Monday"),
            ("2026-02-14T10:00:00", "2026-02-24T17:30:00", "the last day before Spring Festival"),
            ("2026-02-18T10:00:00", "2026-02-24T17:30:00", "in the middle of it"),
            ("2026-10-09T18:00:00", "2026-10-10T17:30:00", "a Saturday that is worked"),
        ] {
            assert_eq!(r.first_contact(at(from)), at(due), "{why}");
        }
        assert_eq!(r.handling(Kind::Complaint, at("2026-09-28T10:00:00")), at("2026-10-10T17:30:00"));
        assert_eq!(r.dispatch(Urgency::Danger, at("2026-02-17T23:30:00")), at("2026-02-18T00:30:00"));
        assert_eq!(r.dispatch(Urgency::Normal, at("2026-03-06T11:00:00")), at("2026-03-09T11:00:00"));
        assert_eq!(r.dispatch(Urgency::Normal, at("2026-03-06T23:00:00")), at("2026-03-10T09:00:00"));
    }

    #[test]
    fn a_rule_changes_on_its_day() {
        let table = include_str!("../data/rules_cn.csv").replace(
            "first_contact,1,working_days,2020-01-01,,",
            "first_contact,1,working_days,2020-01-01,2026-03-10,",
        ) + "first_contact,2,working_days,2026-03-10,,试行\n";
        let r = Rulebook::parse(&table, Calendar::china()).unwrap();
        assert_eq!(r.first_contact(at("2026-03-09T10:00:00")), at("2026-03-10T17:30:00"));
        assert_eq!(r.first_contact(at("2026-03-10T10:00:00")), at("2026-03-12T17:30:00"));
        assert_eq!(r.rule("first_contact", jiff::civil::date(2026, 3, 10)).unwrap().legal_ref, "试行");
    }

    #[test]
    fn a_bad_row_is_named() {
        let bad =
            |row: &str| Rulebook::parse(&format!("h\n{row}"), Calendar::china()).unwrap_err().to_string();
        assert_eq!(bad("x,1,hours,2020-01-01"), "rules, line 2: has 4 fields, not 6");
        assert_eq!(bad("x,one,hours,2020-01-01,,y"), "rules, line 2: value: \"one\" is no number of hours");
        assert_eq!(bad("x,1,hours,today,,y"), "rules, line 2: effective_from: \"today\" is no date");
        assert_eq!(
            bad("x,1,miles,2020-01-01,,y"),
            "rules, line 2: unit: \"miles\" is not hours, working_days, days, times or time"
        );
        assert_eq!(bad("x,1,hours,2020-01-01,,y"), "rules: day.opens is missing");
    }

    proptest! {
        /// No deadline lies before its start, on a day of rest, or before that of an earlier start.
        #[test]
        fn deadlines_are_fair(minutes in 0i64..1_500_000, later in 0i64..20_000) {
            let r = Rulebook::china();
            let start = at("2024-01-01T00:00:00");
            let a = start + SignedDuration::from_mins(minutes);
            let b = a + SignedDuration::from_mins(later);
            let of = |t| [
                r.first_contact(t), r.handling(Kind::Help, t), r.second_handling(t), r.silence(t),
                r.meeting(t), r.dispatch(Urgency::Normal, t),
            ];
            for (x, y) in of(a).into_iter().zip(of(b)) {
                prop_assert!(x > a && y >= x);
                prop_assert!(r.calendar().is_worked(local_date(x)));
            }
        }
    }
}
