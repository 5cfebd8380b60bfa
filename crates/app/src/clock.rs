//! Where the time of day comes in.

use jiff::Timestamp;

/// Tells the time. The shell uses [`SystemClock`]; tests bring their own.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
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
