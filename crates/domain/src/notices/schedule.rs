//! When notices leave: quiet hours, bursts, tries.

use jiff::civil::{DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The district's clock: China has one offset and no summer time.
const LOCAL: Offset = Offset::constant(8);

/// Hours of every day in which only what is urgent rings. From the same minute to the same minute is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// The first quiet minute.
    pub from: Time,
    /// The first loud one; before `from` where the night lies between.
    pub to: Time,
}

impl Quiet {
    /// Whether it is quiet at a moment.
    pub fn is_quiet(self, at: Timestamp) -> bool {
        let now = LOCAL.to_datetime(at).time();
        match (self.from, self.to) {
            (from, to) if from <= to => (from..to).contains(&now),
            (from, to) => now >= from || now < to,
        }
    }

    /// The moment itself, or the end of the quiet hours that it lies in.
    pub fn awake(self, at: Timestamp) -> Timestamp {
        if !self.is_quiet(at) {
            return at;
        }
        let local = LOCAL.to_datetime(at);
        let end = |day: jiff::civil::Date| DateTime::from_parts(day, self.to);
        let end = if local.time() < self.to {
            end(local.date())
        } else {
            end(local.date().checked_add(1.day()).unwrap_or(local.date()))
        };
        LOCAL.to_timestamp(end).unwrap_or(at).max(at)
    }
}

/// How somebody wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// When not to ring; none is never.
    pub quiet: Option<Quiet>,
    /// How long a first notice waits for others, so that a burst becomes one letter.
    pub digest: SignedDuration,
}

impl Choice {
    fn is_quiet(&self, at: Timestamp) -> bool {
        self.quiet.is_some_and(|q| q.is_quiet(at))
    }

    fn awake(&self, at: Timestamp) -> Timestamp {
        self.quiet.map_or(at, |q| q.awake(at))
    }
}

/// A notice that has not left yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Whether it is urgent.
    pub urgent: bool,
    /// When it may leave by itself, quiet hours aside: these are asked when it leaves, and may be others by then.
    pub ready_at: Timestamp,
}

/// When a notice that comes up at `now` may leave, quiet hours aside: at once if urgent, else after the time in
/// which others may join it.
pub fn ready_at(urgent: bool, choice: &Choice, now: Timestamp) -> Timestamp {
    if urgent { now } else { now + choice.digest }
}

/// When a notice may leave that rings once a day at most and would leave at `ready`: with the latest of its like where
/// that one still waits, else no sooner than a day after it. `last` is when that one was to leave.
///
/// Quiet hours move all of them alike, so what is a day apart stays a day apart.
pub fn once_a_day(last: Option<Timestamp>, ready: Timestamp, now: Timestamp) -> Timestamp {
    match last {
        Some(last) if last > now => last,
        Some(last) => ready.max(last + SignedDuration::from_hours(24)),
        None => ready,
    }
}

/// Which of those that wait leave now, in one letter: none unless one is ready. In quiet hours the urgent
/// ones alone; else all of them, also those that would have waited for company: here it is.
pub fn take(waiting: &[Waiting], choice: &Choice, now: Timestamp) -> Vec<usize> {
    let quiet = choice.is_quiet(now);
    let leaves = |w: &Waiting| w.urgent || !quiet;
    if !waiting.iter().any(|w| leaves(w) && w.ready_at <= now) {
        return vec![];
    }
    (0..waiting.len()).filter(|i| leaves(&waiting[*i])).collect()
}

/// When to look again at those that wait: never if none does. What is due in quiet hours waits for their end.
pub fn wake(waiting: &[Waiting], choice: &Choice, now: Timestamp) -> Option<Timestamp> {
    let of = |w: &Waiting| {
        let ready = w.ready_at.max(now);
        if w.urgent { ready } else { choice.awake(ready) }
    };
    waiting.iter().map(of).min()
}

/// The first pause after a try that failed.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// No pause is longer.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);

/// When a letter is tried again that failed `tries` times by `now`: after 5, 10, 20 seconds …, never later
/// than in a quarter of an hour, and without end: a channel that is down delays, never loses.
pub fn again(tries: u32, now: Timestamp) -> Timestamp {
    let doubled = 1_i32.checked_shl(tries.saturating_sub(1).min(20)).unwrap_or(i32::MAX);
    now + FIRST_PAUSE.checked_mul(doubled).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}
