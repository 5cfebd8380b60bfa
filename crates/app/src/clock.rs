//! Where the time of day comes in.

use jiff::Timestamp;

/// Tells the time. The shell uses [`SystemClock`]; tests bring their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Now, by the clock in people's pockets, which second factors go by. Another time than [`Clock::now`] only
    /// where a demonstration runs ahead of the day.
    fn pocket(&self) -> Timestamp {
        self.now()
    }
}

/// The machine's own clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> Timestamp {
        // The store keeps milliseconds; a finer time would change when it is read back.
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// The machine's own clock, some days ahead: to show in a demonstration what the days will bring.
#[derive(Debug, Clone, Copy)]
pub struct ClockAhead {
    /// By how much.
    pub by: jiff::SignedDuration,
}

impl Clock for ClockAhead {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        now.saturating_add(self.by).unwrap_or(now)
    }

    fn pocket(&self) -> Timestamp {
        SystemClock.now()
    }
}

/// A clock that stands where it was put.
#[derive(Debug)]
pub struct StoppedClock(std::sync::atomic::AtomicI64);

impl StoppedClock {
    /// A clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        StoppedClock(now.as_millisecond().into())
    }

    /// Puts it to another time.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        let ms = self.0.load(std::sync::atomic::Ordering::SeqCst);
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}
