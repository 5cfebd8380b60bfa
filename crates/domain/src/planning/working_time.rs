//! Moments as working minutes and back: one axis that all tasks of a plan share.

use crate::cases::{Deadlines, local_date};
use jiff::Timestamp;
use jiff::civil::Date;

/// How many worked days are ever looked at; what lies farther is taken for the end of the last.
const MOST_DAYS: usize = 15_000;

struct Worked {
    opens: Timestamp,
    /// Working minutes before it.
    before: i64,
    /// Its own.
    minutes: i64,
}

/// The working time from a day on, as one row of minutes. Days are looked up once, as far as asked for.
pub struct WorkingTime<'a> {
    rules: &'a dyn Deadlines,
    days: Vec<Worked>,
    /// The last day looked at.
    last: Date,
}

impl<'a> WorkingTime<'a> {
    /// The axis that begins with the working day of `from`, or the first one after it.
    pub fn new(rules: &'a dyn Deadlines, from: Timestamp) -> WorkingTime<'a> {
        let first = rules.calendar().on_or_after(local_date(from));
        let mut axis = WorkingTime { rules, days: Vec::new(), last: first };
        axis.push(first);
        axis
    }

    fn push(&mut self, day: Date) {
        let (opens, closes) = (self.rules.opening(day), self.rules.closing(day));
        let minutes = closes.duration_since(opens).as_mins().max(0);
        self.days.push(Worked { opens, before: self.length(), minutes });
        self.last = day;
    }

    fn length(&self) -> i64 {
        self.days.last().map_or(0, |d| d.before + d.minutes)
    }

    fn grow(&mut self) -> bool {
        let next = self.rules.calendar().after(self.last, 1);
        let grows = next > self.last && self.days.len() < MOST_DAYS;
        if grows {
            self.push(next);
        }
        grows
    }

    /// Looks days up until the axis holds more than so many minutes.
    pub fn cover(&mut self, minutes: i64) {
        while self.length() <= minutes && self.grow() {}
    }

    /// Looks days up until the axis reaches beyond a moment.
    pub fn cover_until(&mut self, at: Timestamp) {
        while self.days.last().is_some_and(|d| d.opens <= at) && self.grow() {}
    }

    /// The working minutes that have passed by a moment, whole ones only: what a deadline allows.
    pub fn by(&self, at: Timestamp) -> i64 {
        self.minute(at, 0)
    }

    /// The first whole minute that is not before a moment: when something can begin.
    pub fn from(&self, at: Timestamp) -> i64 {
        self.minute(at, 59_999)
    }

    fn minute(&self, at: Timestamp, round_up: i64) -> i64 {
        let after = self.days.partition_point(|d| d.opens <= at);
        let Some(day) = after.checked_sub(1).and_then(|i| self.days.get(i)) else { return 0 };
        let passed = (at.as_millisecond() - day.opens.as_millisecond() + round_up) / 60_000;
        day.before + passed.min(day.minutes)
    }

    /// The moment at which a minute begins: at the boundary of two days, the opening of the second.
    pub fn begins(&self, minute: i64) -> Timestamp {
        self.moment(minute, self.days.partition_point(|d| d.before <= minute))
    }

    /// The moment at which so many minutes have passed: at the boundary of two days, the closing of the first.
    pub fn ends(&self, minute: i64) -> Timestamp {
        self.moment(minute, self.days.partition_point(|d| d.before < minute))
    }

    fn moment(&self, minute: i64, after: usize) -> Timestamp {
        let day = self.days.get(after.saturating_sub(1));
        day.map_or(Timestamp::MIN, |d| {
            let into = (minute - d.before).clamp(0, d.minutes);
            d.opens.saturating_add(jiff::SignedDuration::from_mins(into)).unwrap_or(d.opens)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Rulebook;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        jiff::tz::Offset::constant(8).to_timestamp(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn minutes_skip_nights_weekends_and_festivals() {
        let rules = Rulebook::china();
        // The Friday before Spring Festival 2026; Saturday the 14th is worked, then nine days of rest.
        let mut axis = WorkingTime::new(&rules, at("2026-02-13T16:30:00"));
        axis.cover(3_000);
        let now = axis.from(at("2026-02-13T16:30:00"));
        assert_eq!(axis.ends(now + 60), at("2026-02-13T17:30:00"));
        assert_eq!(axis.begins(now + 60), at("2026-02-14T09:00:00"));
        assert_eq!(axis.ends(now + 60 + 510), at("2026-02-14T17:30:00"));
        assert_eq!(axis.begins(now + 60 + 510), at("2026-02-24T09:00:00"));
        assert_eq!(axis.by(at("2026-02-18T12:00:00")), now + 60 + 510);
        assert_eq!(axis.from(at("2026-02-13T16:30:01")), now + 1);
        assert_eq!(axis.by(at("2026-02-13T16:30:59")), now);
    }

    proptest! {
        /// The axis agrees with the rulebook's own count, and there and back is the same minute.
        #[test]
        fn agrees_with_the_rulebook(from in 0i64..30_000, wait in 0i64..60_000) {
            let rules = Rulebook::china();
            let start = at("2026-01-05T00:00:00");
            let from = start + jiff::SignedDuration::from_mins(from);
            let to = from + jiff::SignedDuration::from_mins(wait);
            let mut axis = WorkingTime::new(&rules, start);
            axis.cover_until(to);
            axis.cover(axis.by(to) + 1);
            prop_assert_eq!(axis.by(to) - axis.by(from), rules.working_minutes(from, to));
            let m = axis.from(to);
            prop_assert_eq!(axis.from(axis.begins(m)), m);
            prop_assert_eq!(axis.by(axis.ends(m)), m);
        }
    }
}
