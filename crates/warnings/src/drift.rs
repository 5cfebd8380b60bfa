//! Slow answers: the time of a unit, or of a kind of case, drifts upwards.

/// Time to answer as usual: mean and standard deviation of the logarithm of hours, over a quiet year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// Mean of ln(hours).
    pub mean: f64,
    /// Standard deviation of ln(hours); above 0.
    pub deviation: f64,
}

/// A cumulative sum that grows when answers are slower than usual by more than half of `shift` (Page 1954).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    /// The drift to be found, in standard deviations.
    pub shift: f64,
    /// The sum at which it warns.
    pub limit: f64,
}

impl Cusum {
    /// A sum that without any drift warns once in `answers` answers on average.
    pub fn with_run_length(shift: f64, answers: f64) -> Cusum {
        let (mut low, mut high) = (0.0, 200.0 / shift);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if run_length(shift, middle) < answers {
                low = middle;
            } else {
                high = middle;
            }
        }
        Cusum { shift, limit: high }
    }

    /// Adds up answers in their order, in hours; gives the number of the answer (from 0) with which the sum passed its
    /// limit, and of the one it began to grow with. It does not start anew: a warning that has been made goes on.
    pub fn first(&self, usual: Usual, hours: impl IntoIterator<Item = f64>) -> Option<(usize, usize)> {
        let (mut sum, mut since) = (0.0f64, 0);
        for (i, h) in hours.into_iter().enumerate() {
            let z = (h.max(1.0 / 60.0).ln() - usual.mean) / usual.deviation;
            if sum <= 0.0 {
                since = i;
            }
            sum = (sum + z - self.shift / 2.0).max(0.0);
            if sum > self.limit {
                return Some((i, since));
            }
        }
        None
    }
}

/// The mean number of answers until a false warning (Siegmund 1985, with the correction 1.166 for normal steps).
fn run_length(shift: f64, limit: f64) -> f64 {
    let b = shift * (limit + 1.166);
    (b.exp() - b - 1.0) * 2.0 / (shift * shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_that_of_the_textbook() {
        // k = 0.5, h = 4 and h = 5: run lengths 168 and 465 where both sides warn (Montgomery, Statistical Quality
        // Control); one side alone warns half as often.
        assert!((Cusum::with_run_length(1.0, 2.0 * 168.0).limit - 4.0).abs() < 0.03);
        assert!((Cusum::with_run_length(1.0, 2.0 * 465.0).limit - 5.0).abs() < 0.03);
    }

    #[test]
    fn answers_that_take_twice_as_long_are_noticed_and_usual_ones_are_not() {
        let usual = Usual { mean: 24f64.ln(), deviation: 0.5 };
        let cusum = Cusum::with_run_length(1.0, 1_000.0);
        // Up and down about the usual.
        let quiet = (0..400).map(|i| [12.0, 48.0, 24.0][i % 3]);
        assert_eq!(cusum.first(usual, quiet.clone()), None);
        let (at, since) = cusum.first(usual, quiet.chain(std::iter::repeat_n(48.0, 20))).unwrap();
        assert!((400..410).contains(&at) && since >= 395, "{at} {since}");
    }
}
