//! Rates that say how sure they are (rules §2).
//!
//! No rate is shown without its formula, its n and an interval, and none at all for a handful of cases: two
//! of three is not 67 %. The interval is Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927),
//! which keeps within 0 and 1 and holds for small n.
//!
//! ```
//! use domain::rates::{Rate, Showing};
//! let on_time = Rate::new("on_time", 18, 20).unwrap();
//! let shown = on_time.shown(Showing::default()).unwrap();
//! assert_eq!(shown.to_string(), "90 % (70–97 %, n = 20)");
//! assert!(Rate::new("on_time", 2, 3).unwrap().shown(Showing::default()).is_none());
//! ```

use serde::{Deserialize, Serialize};
use std::fmt;

/// How rates are shown: from the rule table.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Showing {
    /// The fewest cases of which a rate is shown.
    pub least_n: u64,
    /// The two-sided quantile of the normal distribution: 1.96 for 95 %.
    pub z: f64,
}

impl Default for Showing {
    /// 95 %, hidden below ten.
    fn default() -> Self {
        Showing { least_n: 10, z: 1.959_963_984_540_054 }
    }
}

/// Why a count is no rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{formula}: {hits} of {n} is no rate")]
pub struct RateError {
    formula: String,
    hits: u64,
    n: u64,
}

/// So many out of so many, and what was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    formula: String,
    hits: u64,
    n: u64,
}

impl Rate {
    /// `hits` out of `n`; `formula` is the stable name of what was counted, under which the page finds its
    /// words.
    ///
    /// # Errors
    /// More hits than cases.
    pub fn new(formula: &str, hits: u64, n: u64) -> Result<Rate, RateError> {
        let formula = formula.to_owned();
        if hits > n { Err(RateError { formula, hits, n }) } else { Ok(Rate { formula, hits, n }) }
    }

    /// The rate over single outcomes, with the same formula.
    pub fn of(formula: &str, outcomes: impl IntoIterator<Item = bool>) -> Rate {
        let (hits, n) = outcomes.into_iter().fold((0, 0), |(h, n), hit| (h + u64::from(hit), n + 1));
        Rate { formula: formula.to_owned(), hits, n }
    }

    /// What was counted.
    pub fn formula(&self) -> &str {
        &self.formula
    }

    /// How many were so.
    pub fn hits(&self) -> u64 {
        self.hits
    }

    /// Out of how many.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The rate with its interval; `None` when there are too few cases to say anything.
    pub fn shown(&self, how: Showing) -> Option<Shown> {
        if self.n < how.least_n.max(1) {
            return None;
        }
        let (low, high) = wilson(self.hits, self.n, how.z);
        Some(Shown { share: share(self.hits, self.n), low, high, n: self.n })
    }
}

/// A rate that may be shown. Shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shown {
    /// What was counted, of all.
    pub share: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Of how many.
    pub n: u64,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [share, low, high] = [self.share, self.low, self.high].map(|s| s * 100.0);
        write!(f, "{share:.0} % ({low:.0}–{high:.0} %, n = {})", self.n)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases stay far below 2^53")]
fn share(hits: u64, n: u64) -> f64 {
    hits as f64 / n as f64
}

/// Wilson's score interval of `hits` out of `n` (n > 0) for the normal quantile `z`.
pub fn wilson(hits: u64, n: u64, z: f64) -> (f64, f64) {
    let p = share(hits, n);
    let z2n = z * z * share(1, n);
    let middle = p + z2n / 2.0;
    let half = (p * (1.0 - p) * z2n + z2n * z2n / 4.0).sqrt();
    // Rounding must not take an end across the share itself, nor out of 0…1.
    let low = if hits == 0 { 0.0 } else { ((middle - half) / (1.0 + z2n)).clamp(0.0, p) };
    let high = if hits == n { 1.0 } else { ((middle + half) / (1.0 + z2n)).clamp(p, 1.0) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    #[test]
    fn published_intervals() {
        for (hits, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(hits, n, Showing::default().z);
            assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{hits}/{n}: {l} {h}");
        }
    }

    #[test]
    fn few_cases_say_nothing() {
        let rate = Rate::new("first_contact", 9, 9).unwrap();
        assert_eq!(rate.shown(Showing::default()), None);
        assert!(Rate::new("first_contact", 10, 10).unwrap().shown(Showing::default()).is_some());
        assert_eq!(Rate::new("x", 0, 0).unwrap().shown(Showing { least_n: 0, ..Showing::default() }), None);
        assert_eq!(Rate::new("x", 4, 3).unwrap_err().to_string(), "x: 4 of 3 is no rate");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_rate(n in 1u64..100_000, part in 0.0f64..=1.0) {
            let hits = ((n as f64) * part) as u64;
            let z = Showing::default().z;
            let (low, high) = wilson(hits, n, z);
            let p = hits as f64 / n as f64;
            prop_assert!(0.0 <= low && low <= p && p <= high && high <= 1.0 && low < high);
            // The other side of the coin.
            let (l, h) = wilson(n - hits, n, z);
            prop_assert!((1.0 - h - low).abs() < 1e-12 && (1.0 - l - high).abs() < 1e-12);
            // Ten times the cases, and one is surer.
            let (l10, h10) = wilson(hits * 10, n * 10, z);
            prop_assert!(h10 - l10 < high - low);
        }

        #[test]
        fn the_order_of_outcomes_does_not_matter(mut outcomes in proptest::collection::vec(any::<bool>(), 0..40)) {
            let rate = Rate::of("x", outcomes.clone());
            outcomes.reverse();
            prop_assert_eq!(&rate, &Rate::of("x", outcomes.clone()));
            outcomes.sort_unstable();
            prop_assert_eq!(&rate, &Rate::of("x", outcomes));
        }
    }
}
