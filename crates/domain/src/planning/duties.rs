//! Standing duties: "patrol every day 17:00–19:00 until …", each occurrence with its record.

use super::Quantity;
use crate::calendar::Calendar;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

/// The district's clock: China has one offset and no summer time.
const LOCAL: Offset = Offset::constant(8);

/// On which days a duty stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    /// Every day.
    Every,
    /// Every working day of the calendar, moved weekends included.
    Working,
    /// These days of the week, whatever the calendar says.
    Of(Vec<Weekday>),
}

/// A duty that comes again until a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingDuty {
    /// On which days.
    pub days: Days,
    /// From this time of the day.
    pub from: Time,
    /// To this one; where it is not later, it is that of the next day.
    pub to: Time,
    /// The first day on which it can stand.
    pub first: Date,
    /// The last day on which it can begin.
    pub until: Date,
}

/// Why a duty or a record is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DutyError {
    /// It ends before it begins.
    #[error("the duty ends on {until}, before its first day {first}")]
    Backwards {
        /// Its first day.
        first: Date,
        /// Its last.
        until: Date,
    },
    /// It has no day of the week.
    #[error("the duty names no day of the week")]
    NoDay,
    /// A record is of a day on which the duty does not stand.
    #[error("the duty does not stand on {0}")]
    NotThatDay(Date),
    /// Two records of one day.
    #[error("{0} is recorded twice")]
    Twice(Date),
}

/// Whether somebody was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attended {
    /// It was kept.
    Kept,
    /// Nobody came.
    Missed,
    /// Nobody had to come, with the ground: a typhoon, a closed road.
    Excused(String),
}

/// What is written down of one occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The day on which it began.
    pub day: Date,
    /// Whether somebody was there.
    pub attended: Attended,
    /// Who wrote it down.
    pub by: String,
    /// What was done, in quantities.
    pub quantities: Vec<Quantity>,
}

/// How one occurrence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It lies ahead.
    Ahead,
    /// It is running now.
    Running,
    /// It is over and nobody wrote anything down: not counted as missed, but asked for.
    Unrecorded,
    /// Kept.
    Kept,
    /// Missed.
    Missed,
    /// Excused.
    Excused,
}

/// One time that a duty stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The day on which it begins.
    pub day: Date,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// How it stands.
    pub standing: Standing,
    /// What was written down.
    pub record: Option<Record>,
}

impl StandingDuty {
    /// Whether it can stand at all.
    ///
    /// # Errors
    /// Where it ends before it begins, or names no day of the week.
    pub fn check(&self) -> Result<(), DutyError> {
        if self.until < self.first {
            return Err(DutyError::Backwards { first: self.first, until: self.until });
        }
        if matches!(&self.days, Days::Of(days) if days.is_empty()) {
            return Err(DutyError::NoDay);
        }
        Ok(())
    }

    /// Whether it stands on a day.
    pub fn is_on(&self, day: Date, calendar: &Calendar) -> bool {
        (self.first..=self.until).contains(&day)
            && match &self.days {
                Days::Every => true,
                Days::Working => calendar.is_worked(day),
                Days::Of(days) => days.contains(&day.weekday()),
            }
    }

    /// When it stands on a day, as moments.
    fn times(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let end = if self.to > self.from { day } else { day.checked_add(1.day()).ok()? };
        let at = |day: Date, time| LOCAL.to_timestamp(day.to_datetime(time)).ok();
        Some((at(day, self.from)?, at(end, self.to)?))
    }
}

/// The occurrences of a duty that begin on the days of a window, both ends included, each with its record as
/// it stands at `now`.
///
/// # Errors
/// Where the duty cannot stand, or a record is of a day without it or of a day that has another.
pub fn occurrences(
    duty: &StandingDuty,
    window: (Date, Date),
    records: &[Record],
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Vec<Occurrence>, DutyError> {
    duty.check()?;
    let mut by_day: BTreeMap<Date, &Record> = BTreeMap::new();
    for r in records {
        if !duty.is_on(r.day, calendar) {
            return Err(DutyError::NotThatDay(r.day));
        }
        if by_day.insert(r.day, r).is_some() {
            return Err(DutyError::Twice(r.day));
        }
    }
    let mut out = Vec::new();
    let (mut day, last) = (window.0.max(duty.first), window.1.min(duty.until));
    while day <= last {
        if duty.is_on(day, calendar)
            && let Some((from, to)) = duty.times(day)
        {
            let record = by_day.get(&day).copied();
            let standing = match record.map(|r| &r.attended) {
                Some(Attended::Kept) => Standing::Kept,
                Some(Attended::Missed) => Standing::Missed,
                Some(Attended::Excused(_)) => Standing::Excused,
                None if now < from => Standing::Ahead,
                None if now < to => Standing::Running,
                None => Standing::Unrecorded,
            };
            out.push(Occurrence { day, from, to, standing, record: record.cloned() });
        }
        match day.checked_add(1.day()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    Ok(out)
}

/// How often a duty was kept, with what was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Kept.
    pub kept: u32,
    /// Missed.
    pub missed: u32,
    /// Excused.
    pub excused: u32,
    /// Over, and nothing written down.
    pub unrecorded: u32,
    /// Running or ahead.
    pub ahead: u32,
    /// What was done, added up by kind.
    pub quantities: Vec<Quantity>,
}

/// Adds occurrences up.
pub fn tally(occurrences: &[Occurrence]) -> Tally {
    let mut t = Tally::default();
    for o in occurrences {
        *match o.standing {
            Standing::Kept => &mut t.kept,
            Standing::Missed => &mut t.missed,
            Standing::Excused => &mut t.excused,
            Standing::Unrecorded => &mut t.unrecorded,
            Standing::Running | Standing::Ahead => &mut t.ahead,
        } += 1;
    }
    t.quantities =
        super::summed(occurrences.iter().filter_map(|o| o.record.as_ref()).flat_map(|r| &r.quantities));
    t
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    fn patrol(days: Days) -> StandingDuty {
        StandingDuty {
            days,
            from: time(17, 0, 0, 0),
            to: time(19, 0, 0, 0),
            first: date(2026, 9, 28),
            until: date(2026, 10, 12),
        }
    }

    fn at(text: &str) -> Timestamp {
        LOCAL.to_timestamp(text.parse().unwrap()).unwrap()
    }

    #[test]
    fn over_the_national_day() {
        let c = Calendar::china();
        let all = (date(2026, 1, 1), date(2026, 12, 31));
        let now = at("2026-10-08T18:00:00");
        let days = |d: Days| -> Vec<i8> {
            occurrences(&patrol(d), all, &[], now, &c).unwrap().iter().map(|o| o.day.day()).collect()
        };
        assert_eq!(days(Days::Every).len(), 15);
        // The 10th is a Saturday that is worked; the 1st to the 7th are days of rest.
        assert_eq!(days(Days::Working), [28, 29, 30, 8, 9, 10, 12]);
        assert_eq!(days(Days::Of(vec![Weekday::Saturday])), [3, 10]);
    }

    #[test]
    fn kept_missed_excused_and_asked_for() {
        let c = Calendar::china();
        let record = |day: i8, attended| Record {
            day: date(2026, 10, day),
            attended,
            by: "交警支队".into(),
            quantities: vec![Quantity {
                amount: "1.5".parse().unwrap(),
                unit: "辆".into(),
                kind: "共享单车清走".into(),
            }],
        };
        let records = [
            record(2, Attended::Kept),
            record(3, Attended::Missed),
            record(4, Attended::Excused("台风".into())),
        ];
        let window = (date(2026, 10, 2), date(2026, 10, 8));
        let now = at("2026-10-07T17:30:00");
        let list = occurrences(&patrol(Days::Every), window, &records, now, &c).unwrap();
        use Standing as S;
        assert_eq!(
            list.iter().map(|o| o.standing).collect::<Vec<_>>(),
            [S::Kept, S::Missed, S::Excused, S::Unrecorded, S::Unrecorded, S::Running, S::Ahead]
        );
        let t = tally(&list);
        assert_eq!((t.kept, t.missed, t.excused, t.unrecorded, t.ahead), (1, 1, 1, 2, 2));
        assert_eq!(t.quantities[0].amount.to_string(), "4.5");

        let twice = [records[0].clone(), records[0].clone()];
        let refused = occurrences(&patrol(Days::Every), window, &twice, now, &c).unwrap_err();
        assert_eq!(refused.to_string(), "2026-10-02 is recorded twice");
        let refused = occurrences(&patrol(Days::Working), window, &records, now, &c).unwrap_err();
        assert_eq!(refused.to_string(), "the duty does not stand on 2026-10-02");
    }

    #[test]
    fn over_midnight_it_ends_the_next_day() {
        let duty = StandingDuty { from: time(22, 0, 0, 0), to: time(2, 0, 0, 0), ..patrol(Days::Every) };
        let day = date(2026, 10, 1);
        let list =
            occurrences(&duty, (day, day), &[], at("2026-10-02T01:00:00"), &Calendar::china()).unwrap();
        assert_eq!((list[0].to, list[0].standing), (at("2026-10-02T02:00:00"), Standing::Running));
    }

    proptest! {
        /// Two windows side by side hold what one window over both holds, and every occurrence stands within
        /// the duty's days.
        #[test]
        fn windows_add_up(cut in 0i64..40, which in 0usize..3, days in 1u8..128) {
            let c = Calendar::china();
            let listed = (0..7).filter(|n| days >> n & 1 == 1)
                .map(|n| Weekday::from_monday_zero_offset(n).unwrap()).collect();
            let duty = patrol([Days::Every, Days::Working, Days::Of(listed)][which].clone());
            let (a, z) = (date(2026, 9, 20), date(2026, 10, 30));
            let middle = a.checked_add(cut.days()).unwrap();
            let next = middle.checked_add(1.day()).unwrap();
            let now = at("2026-10-08T18:00:00");
            let list = |from, to| occurrences(&duty, (from, to), &[], now, &c).unwrap();
            let mut both = list(a, middle);
            both.extend(list(next, z));
            let whole = list(a, z);
            prop_assert!(whole.iter().all(|o| duty.is_on(o.day, &c) && o.from < o.to));
            prop_assert_eq!(both, whole);
        }
    }
}
