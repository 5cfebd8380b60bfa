//! How many false alarms a month are bearable, and what threshold follows.

/// Days of a mean month.
pub const MONTH: f64 = 30.436_875;

/// False alarms that a district office is willing to bear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// All together, a month.
    pub alarms_a_month: f64,
}

impl Budget {
    /// The p-value that a single look must be under, where so many are looked at (subjects, places, units) so many times a
    /// day and this kind may use a `share` of all the alarms: the expected false alarms are looks × p.
    ///
    /// Looks that overlap (each of the last 28 days sees much of the same cases) alarm together and are merged into
    /// one warning, so the measured number lies below the nominal one.
    pub fn p(&self, streams: u32, looks_a_day: f64, share: f64) -> f64 {
        let looks = f64::from(streams.max(1)) * looks_a_day.max(f64::MIN_POSITIVE) * MONTH;
        (self.alarms_a_month * share / looks).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alarm_a_month_over_twelve_subjects_is_one_look_in_365() {
        let p = Budget { alarms_a_month: 1.0 }.p(12, 1.0, 1.0);
        assert!((1.0 / p - 365.24).abs() < 0.01);
        assert_eq!(Budget { alarms_a_month: 1e9 }.p(1, 1.0, 1.0), 1.0);
    }
}
