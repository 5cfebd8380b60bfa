//! Small stand-ins for examples and tests of every layer.

use crate::calendar::Calendar;
use crate::cases::{Deadlines, Kind, Urgency};
use crate::notices::Choice;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Deadlines without a calendar: a working day is 24 hours.
pub fn deadlines() -> impl Deadlines + Send + Sync + 'static {
    RoundTheClock { calendar: Calendar::china() }
}

struct RoundTheClock {
    calendar: Calendar,
}

impl RoundTheClock {
    fn hours(from: Timestamp, hours: i64) -> Timestamp {
        from.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(from)
    }
}

impl Deadlines for RoundTheClock {
    fn dispatch(&self, urgency: Urgency, from: Timestamp) -> Timestamp {
        Self::hours(
            from,
            match urgency {
                Urgency::Danger | Urgency::Perhaps => 1,
                Urgency::Utility => 2,
                Urgency::Normal => 24,
            },
        )
    }
    fn first_contact(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 24)
    }
    fn handling(&self, kind: Kind, from: Timestamp) -> Timestamp {
        Self::hours(from, if matches!(kind, Kind::Question | Kind::Opinion) { 24 } else { 120 })
    }
    fn complex(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 360)
    }
    fn second_handling(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 72)
    }
    fn silence(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 168)
    }
    fn call_back(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 72)
    }
    fn meeting(&self, from: Timestamp) -> Timestamp {
        Self::hours(from, 72)
    }
    fn days(&self, _: &str, _: Timestamp) -> u32 {
        90
    }
    fn returns_to_meeting(&self, _: Timestamp) -> u32 {
        3
    }
    fn within(&self, _: &str, from: Timestamp) -> Timestamp {
        Self::hours(from, 24)
    }
    fn after_working_hours(&self, from: Timestamp, hours: u32) -> Timestamp {
        Self::hours(from, i64::from(hours))
    }
    fn working_minutes(&self, from: Timestamp, to: Timestamp) -> i64 {
        to.duration_since(from).as_mins().max(0)
    }
    fn opening(&self, day: Date) -> Timestamp {
        Offset::constant(8).to_timestamp(day.at(9, 0, 0, 0)).unwrap_or(Timestamp::MIN)
    }
    fn closing(&self, day: Date) -> Timestamp {
        Offset::constant(8).to_timestamp(day.at(17, 30, 0, 0)).unwrap_or(Timestamp::MAX)
    }
    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
    fn telling(&self, _: bool, _: Timestamp) -> Choice {
        Choice { quiet: None, digest: SignedDuration::ZERO }
    }
}
