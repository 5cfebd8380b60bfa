//! The dated rule table, and the deadlines that follow from it and the calendar.
//!
//! Law and practice change, so every value is a row with the day from which it holds and where it comes from;
//! none is a constant in code. Days run in working days. What comes in outside working time counts from the
//! opening of the next working day. A deadline in working days is the closing time of its day; the hours for
//! danger and for water, power and gas run round the clock.

use crate::calendar::Calendar;
use crate::cases::{Deadlines, Kind, Urgency, local_date};
use crate::notices::{Choice, Quiet};
use crate::rates::Showing;
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
    /// What the value counts: one of [`UNITS`].
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

/// What a value can count: whole numbers, but `square_metres` (two decimals, exact), `time` (of the day) and
/// `text`.
pub const UNITS: &[&str] = &[
    "minutes",
    "hours",
    "working_days",
    "days",
    "years",
    "times",
    "people",
    "rooms",
    "committees",
    "percent",
    "square_metres",
    "time",
    "text",
];

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
    "dispute",
    "whistle.answer",
    "whistle.climb",
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

    /// Reads a rule table: a heading, then `id,value,unit,effective_from,effective_to,legal_ref`. Only the last
    /// field may hold commas.
    ///
    /// # Errors
    /// The first line that does not read, or a rule that is missing.
    pub fn parse(text: &str, calendar: Calendar) -> Result<Rulebook, RuleError> {
        let book = Rulebook { calendar, rules: read(text)? };
        match NEEDED.iter().find(|id| !book.rules.contains_key(**id)) {
            Some(id) => Err(RuleError::Missing(id)),
            None => Ok(book),
        }
    }

    /// This rulebook with the rows of another table laid over it: a row of the same rule and the same first day
    /// takes the old one's place, others are added. What a district office edits.
    ///
    /// # Errors
    /// The first line that does not read; the rulebook is as it was.
    pub fn merged(&self, text: &str) -> Result<Rulebook, RuleError> {
        let mut rules = self.rules.clone();
        for (id, rows) in read(text)? {
            let old = rules.entry(id).or_default();
            old.retain(|o| rows.iter().all(|r| r.from != o.from));
            old.extend(rows);
            old.sort_by_key(|r| r.from);
        }
        Ok(Rulebook { calendar: self.calendar.clone(), rules })
    }

    /// How rates are shown on a day (rules §2).
    pub fn showing(&self, on: Date) -> Showing {
        let number = |id| self.rule(id, on).and_then(|r| r.value.parse::<u32>().ok());
        let usual = Showing::default();
        Showing {
            least_n: number("rate.least_n").map_or(usual.least_n, u64::from),
            z: match number("rate.confidence") {
                Some(90) => 1.644_853_626_951_472_7,
                Some(99) => 2.575_829_303_548_900_4,
                _ => usual.z,
            },
        }
    }

    /// Whether staff are left in peace at a moment: only urgent notices go out. False where no hours are set.
    pub fn is_quiet(&self, at: Timestamp) -> bool {
        self.telling(false, at).quiet.is_some_and(|q| q.is_quiet(at))
    }

    /// A rule in square metres as hundredths of one, exactly: `5.00` is 500.
    pub fn hundredths(&self, id: &str, on: Date) -> Option<u32> {
        self.rule(id, on).filter(|r| r.unit == "square_metres").and_then(|r| hundredths(&r.value))
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

/// The rows of a table, by rule, each by its first day.
fn read(text: &str) -> Result<HashMap<String, Vec<Rule>>, RuleError> {
    let mut rules: HashMap<String, Vec<Rule>> = HashMap::new();
    for (line, row) in (1..).zip(text.lines()).skip(1).filter(|(_, row)| !row.trim().is_empty()) {
        let bad = |why: String| RuleError::Line { line, why };
        let fields: Vec<&str> = row.splitn(6, ',').map(str::trim).collect();
        let [id, value, unit, from, to, legal_ref] = fields[..] else {
            return Err(bad(format!("has {} fields, not 6", fields.len())));
        };
        if id.is_empty() {
            return Err(bad("id: is missing".into()));
        }
        let date =
            |name: &str, t: &str| t.parse::<Date>().map_err(|_| bad(format!("{name}: {t:?} is no date")));
        let ok = match unit {
            "time" => value.parse::<Time>().is_ok(),
            "text" => !value.is_empty(),
            "square_metres" => hundredths(value).is_some(),
            // The one confidence is one of three: others have no quantile here.
            "percent" if id == "rate.confidence" => matches!(value, "90" | "95" | "99"),
            "percent" => value.parse::<u32>().is_ok_and(|n| n <= 100),
            // Of a whole precinct, say.
            "people" => value.parse::<u32>().is_ok_and(|n| n <= 1_000_000),
            _ if UNITS.contains(&unit) => value.parse::<u32>().is_ok_and(|n| n <= 1_000),
            _ => return Err(bad(format!("unit: {unit:?} is not one of {}", UNITS.join(", ")))),
        };
        if !ok {
            return Err(bad(format!("value: {value:?} is no number of {unit}")));
        }
        let from = date("effective_from", from)?;
        let to = if to.is_empty() { None } else { Some(date("effective_to", to)?) };
        if to.is_some_and(|to| to <= from) {
            return Err(bad(format!("effective_to: {id} ends before it begins")));
        }
        let rows = rules.entry(id.to_owned()).or_default();
        if rows.iter().any(|r| r.from == from) {
            return Err(bad(format!("effective_from: {id} has another row from {from}")));
        }
        rows.push(Rule {
            id: id.to_owned(),
            value: value.to_owned(),
            unit: unit.to_owned(),
            from,
            to,
            legal_ref: legal_ref.to_owned(),
        });
    }
    rules.values_mut().for_each(|r| r.sort_by_key(|r| r.from));
    Ok(rules)
}

/// A number with at most two decimals in hundredths.
fn hundredths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.len() <= 6 && t.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part = part.parse::<u32>().ok()? * if part.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<u32>().ok()? * 100 + part)
}

/// The district's clock: China has one offset and no summer time.
const LOCAL: Offset = Offset::constant(8);

fn instant(at: DateTime, otherwise: Timestamp) -> Timestamp {
    LOCAL.to_timestamp(at).unwrap_or(otherwise)
}

impl Deadlines for Rulebook {
    fn dispatch(&self, urgency: Urgency, from: Timestamp) -> Timestamp {
        match urgency {
            Urgency::Danger | Urgency::Perhaps => self.hours("dispatch.danger", from),
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
    fn within(&self, id: &str, from: Timestamp) -> Timestamp {
        self.working_days(id, from)
    }
    fn after_working_hours(&self, from: Timestamp, hours: u32) -> Timestamp {
        let mut at = self.begin(from).0;
        let mut left = SignedDuration::from_hours(i64::from(hours));
        loop {
            let closes = at.date().to_datetime(self.time("day.closes", at.date()));
            let today = at.duration_until(closes);
            if left <= today {
                return instant(at.saturating_add(left), from);
            }
            left -= today.max(SignedDuration::ZERO);
            let next = self.calendar.after(at.date(), 1);
            let opens = next.to_datetime(self.time("day.opens", next));
            if opens <= at {
                return instant(at, from);
            }
            at = opens;
        }
    }
    fn working_minutes(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (mut at, to) = (self.begin(from).0, LOCAL.to_datetime(to));
        let mut minutes = 0;
        while at < to {
            let closes = at.date().to_datetime(self.time("day.closes", at.date()));
            minutes += at.duration_until(closes.min(to)).as_mins().max(0);
            let next = self.calendar.after(at.date(), 1);
            if next <= at.date() {
                break;
            }
            at = next.to_datetime(self.time("day.opens", next));
        }
        minutes
    }
    fn opening(&self, day: Date) -> Timestamp {
        instant(day.to_datetime(self.time("day.opens", day)), Timestamp::MIN)
    }
    fn closing(&self, day: Date) -> Timestamp {
        instant(day.to_datetime(self.time("day.closes", day)), Timestamp::MAX)
    }
    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
    fn telling(&self, resident: bool, at: Timestamp) -> Choice {
        let on = local_date(at);
        let time = |id| self.rule(id, on).and_then(|r| r.value.parse::<Time>().ok());
        let (from, to) =
            if resident { ("quiet.resident.from", "quiet.resident.to") } else { ("quiet.from", "quiet.to") };
        let quiet = time(from).zip(time(to)).map(|(from, to)| Quiet { from, to });
        let minutes = self.rule("notice.digest", on).and_then(|r| r.value.parse().ok()).unwrap_or(0);
        Choice { quiet, digest: SignedDuration::from_mins(minutes) }
    }
    fn row(&self, id: &str, on: Timestamp) -> Option<&Rule> {
        self.rule(id, local_date(on))
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
            "rules, line 2: unit: \"miles\" is not one of minutes, hours, working_days, days, years, times, people, rooms, \
             committees, percent, square_metres, time, text"
        );
        assert_eq!(bad("x,1,hours,2020-01-01,,y"), "rules: day.opens is missing");
    }

    #[test]
    fn the_law_is_in_the_table() {
        let r = Rulebook::china();
        let on = jiff::civil::date(2026, 3, 2);
        assert_eq!(r.hundredths("rent.area_a_head", on), Some(500));
        assert_eq!(r.hundredths("first_contact", on), None);
        let value = |id: &str| r.rule(id, on).map(|r| (r.value.as_str(), r.unit.as_str()));
        assert_eq!(value("rent.people_in_a_room"), Some(("2", "people")));
        assert_eq!(value("retention.handed_off"), Some(("30", "days")));
        assert_eq!(value("retention.receipt"), Some(("3", "years")));
        assert_eq!(value("petition.settle"), Some(("60", "days")));
        assert_eq!(r.showing(on), Showing::default());
        assert!(r.all().iter().all(|r| !r.legal_ref.is_empty()));
    }

    #[test]
    fn staff_sleep_from_eight_to_eight() {
        let r = Rulebook::china();
        for (time, quiet) in
            [("07:59", true), ("08:00", false), ("19:59", false), ("20:00", true), ("00:00", true)]
        {
            assert_eq!(r.is_quiet(at(&format!("2026-03-02T{time}:00"))), quiet, "{time}");
        }
    }

    #[test]
    fn the_office_changes_a_rule() {
        let r = Rulebook::china();
        let (before, after) = (jiff::civil::date(2026, 6, 30), jiff::civil::date(2026, 7, 1));
        let edited = r
            .merged("h\nrent.area_a_head,5.5,square_metres,2026-07-01,,试点\nrate.least_n,20,times,2020-01-01,,区办\n")
            .unwrap();
        assert_eq!(edited.hundredths("rent.area_a_head", before), Some(500));
        assert_eq!(edited.hundredths("rent.area_a_head", after), Some(550));
        assert_eq!(edited.showing(before).least_n, 20);
        assert_eq!(edited.all().len(), r.all().len() + 1, "one row added, one replaced");
        let bad = |row: &str| r.merged(&format!("h\n{row}")).unwrap_err().to_string();
        assert_eq!(
            bad("x,5.001,square_metres,2026-01-01,,y"),
            "rules, line 2: value: \"5.001\" is no number of square_metres"
        );
        assert_eq!(
            bad("x,1,hours,2026-01-01,2025-01-01,y"),
            "rules, line 2: effective_to: x ends before it begins"
        );
        assert_eq!(
            bad("x,1,hours,2026-01-01,,y\nx,2,hours,2026-01-01,,y"),
            "rules, line 3: effective_from: x has another row from 2026-01-01"
        );
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
