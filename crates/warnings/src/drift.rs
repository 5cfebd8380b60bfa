//! Slow answers: the time of a unit, or of a kind of case, drifts upwards.

/// Time to answer as usual: mean and standard deviation of the logarithm of hours, over a quiet year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// Mean of ln(hours).
    pub mean: f64,
    /// Standard deviation of ln(hours); above 0.
    pub deviation: f64,
}

impl Usual {
    /// From answers in hours: none from fewer than twenty. The mean is taken one standard error higher than it is found, because
    /// a usual time that is itself estimated makes false alarms (Jensen, Jones-Farmer, Champ, Woodall 2006; the guard is the
    /// idea of Gandy and Kvaløy 2013, at one error for simplicity); the deviation is 0.3 at least.
    pub fn of(hours: &[f64]) -> Option<Usual> {
        let logs: Vec<f64> = hours.iter().map(|h| h.max(1.0 / 60.0).ln()).collect();
        let n = u32::try_from(logs.len()).ok().filter(|n| *n >= 20).map(f64::from)?;
        let mean = logs.iter().sum::<f64>() / n;
        let squares: f64 = logs.iter().map(|l| (l - mean).powi(2)).sum();
        let deviation = (squares / (n - 1.0)).sqrt().max(0.3);
        Some(Usual { mean: mean + deviation / n.sqrt(), deviation })
    }
}

/// A drift that goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// The number of the answer, from 0, with which it began.
    pub since: usize,
    /// Without any drift the sum comes so far once in so many answers.
    pub answers: f64,
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

    /// How it stands after all the answers: how far the sum is up, where it is beyond its limit at the end. What has become
    /// quick again is no drift any more.
    pub fn at_end(&self, usual: Usual, hours: impl IntoIterator<Item = f64>) -> Option<Drift> {
        let (mut sum, mut since) = (0.0f64, 0);
        for (i, h) in hours.into_iter().enumerate() {
            if sum <= 0.0 {
                since = i;
            }
            sum = self.step(sum, usual, h);
        }
        (sum > self.limit).then(|| Drift { since, answers: run_length(self.shift, sum) })
    }

    fn step(&self, sum: f64, usual: Usual, hours: f64) -> f64 {
        let z = (hours.max(1.0 / 60.0).ln() - usual.mean) / usual.deviation;
        (sum + z - self.shift / 2.0).max(0.0)
    }

    /// Adds up answers in their order, in hours; gives the number of the answer (from 0) with which the sum passed its
    /// limit, and of the one it began to grow with. It does not start anew: a warning that has been made goes on.
    pub fn first(&self, usual: Usual, hours: impl IntoIterator<Item = f64>) -> Option<(usize, usize)> {
        let (mut sum, mut since) = (0.0f64, 0);
        for (i, h) in hours.into_iter().enumerate() {
            if sum <= 0.0 {
                since = i;
            }
            sum = self.step(sum, usual, h);
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
        let (at, since) = cusum.first(usual, quiet.clone().chain(std::iter::repeat_n(48.0, 20))).unwrap();
        assert!((400..410).contains(&at) && since >= 395, "{at} {since}");
        // Quick again: it is over.
        let slow = quiet.chain(std::iter::repeat_n(48.0, 20));
        assert!(cusum.at_end(usual, slow.clone()).is_some_and(|d| d.since >= 395 && d.answers > 1_000.0));
        assert_eq!(cusum.at_end(usual, slow.chain(std::iter::repeat_n(12.0, 20))), None);
    }
}
