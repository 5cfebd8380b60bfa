//! The log likelihood ratio, and from which count on it exceeds a given value.

use crate::null::Hypothesis;
use crate::problem::Model;
use crate::{Options, Rates};

/// `a · ln(b)`, 0 where `a` is 0.
fn xlog(a: f64, b: f64) -> f64 {
    if a <= 0.0 { 0.0 } else { a * b.ln() }
}

/// Scores a window by its cases `c` and its expected cases `mu`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    pub(crate) model: Model,
    pub(crate) rates: Rates,
    /// All cases.
    pub(crate) cases: f64,
    /// All cases and controls (Bernoulli).
    pub(crate) people: f64,
    /// The fewest cases of a high window, and of a low one.
    pub(crate) min_cases: (f64, f64),
    /// The least relative risk of a high window.
    pub(crate) min_risk: f64,
    /// The greatest relative risk of a low one.
    pub(crate) max_risk: f64,
}

/// Counts that differ from what is expected by no more than this share are as expected: sums in another order differ so.
const SAME: f64 = 1e-10;

impl Score {
    /// How the windows of a study are scored.
    pub(crate) fn new(null: &Hypothesis, options: &Options) -> Score {
        Score {
            model: null.model,
            rates: options.rates,
            cases: f64::from(null.total()),
            people: null.people.iter().map(|n| f64::from(*n)).sum(),
            min_cases: (f64::from(options.min_cases.0.max(1)), f64::from(options.min_cases.1)),
            min_risk: options.min_risk.unwrap_or(0.0),
            max_risk: options.max_risk.unwrap_or(f64::INFINITY),
        }
    }

    /// The risk within a window over the risk outside.
    pub(crate) fn relative_risk(&self, c: f64, mu: f64) -> f64 {
        let all = self.cases;
        if all > c { (c / mu) / ((all - c) / (all - mu)) } else { f64::INFINITY }
    }

    /// Never less than the log likelihood ratio, and cheap: ln x ≤ x − 1 in each of its terms.
    pub(crate) fn ceiling(&self, c: f64, mu: f64) -> f64 {
        let all = self.cases;
        let square = (c - mu) * (c - mu);
        let cases = square * all / (mu * (all - mu));
        if self.model == Model::Bernoulli {
            let rest = self.people - all;
            let controls = mu * rest / all;
            cases + square * rest / (controls * (rest - controls))
        } else {
            cases
        }
    }

    /// The log likelihood ratio, 0 where the window departs in a direction not looked for.
    pub(crate) fn llr(&self, c: f64, mu: f64) -> f64 {
        let slack = SAME * mu;
        let wanted = if c > mu + slack {
            self.rates != Rates::Low
                && c >= self.min_cases.0
                && (self.min_risk <= 0.0 || self.relative_risk(c, mu) >= self.min_risk)
        } else {
            c < mu - slack
                && self.rates != Rates::High
                && c >= self.min_cases.1
                && (self.max_risk.is_infinite() || self.relative_risk(c, mu) <= self.max_risk)
        };
        if wanted { self.raw(c, mu) } else { 0.0 }
    }

    /// Poisson (Kulldorff 1997), with C all cases: `c ln(c/μ) + (C−c) ln((C−c)/(C−μ))`; the permutation
    /// model (Kulldorff et al. 2005) uses the same. Bernoulli (Kulldorff 1997), with n = μN/C people inside:
    /// the same, plus the like terms of the controls.
    fn raw(&self, c: f64, mu: f64) -> f64 {
        let all = self.cases;
        let out = xlog(c, c / mu) + xlog(all - c, (all - c) / (all - mu));
        let value = match self.model {
            Model::Bernoulli => {
                let n = mu * self.people / all;
                let rest = self.people - all;
                let expected = n - mu;
                let controls = n - c;
                out + xlog(controls, controls / expected)
                    + xlog(rest - controls, (rest - controls) / (rest - expected))
            }
            _ => out,
        };
        if value.is_nan() { 0.0 } else { value.max(0.0) }
    }

    /// The most cases that a window with `mu` expected can hold.
    fn most(&self, mu: f64) -> f64 {
        match self.model {
            Model::Bernoulli => self.cases.min(mu * self.people / self.cases),
            _ => self.cases,
        }
    }
}

/// A line over a cell of a table: its value at 0 and its slope, by the square of the place in the table.
type Chord = (f64, f64);

/// For one value of the ratio: the counts beyond which a window exceeds it, as a function of `mu`.
///
/// The ratio is jointly convex in `c` and `mu`, so the upper count is concave in `mu` and the lower one
/// convex: a chord between two exact points never lies beyond it, and so never hides a window.
pub(crate) struct Bounds {
    /// What turns `mu` into the square of its place in the table.
    scale: f64,
    /// Cells of the table.
    grid: usize,
    high: Vec<Chord>,
    low: Vec<Chord>,
    least_high: f64,
}

impl Bounds {
    pub(crate) fn new(score: &Score, ratio: f64, most_mu: f64) -> Self {
        let most_mu = most_mu.min(score.cases).max(1e-9);
        // A table costs time to fill: a finer one pays only where windows are many.
        let grid = if score.cases < 2_000.0 { 128 } else { 1_024 };
        let at = |i: usize| most_mu * (i as f64 / grid as f64).powi(2);
        let solve = |i: usize, up: bool| {
            let mu = at(i);
            if mu == 0.0 || ratio <= 0.0 {
                return mu;
            }
            let (mut inside, mut outside) = (mu, if up { score.most(mu) } else { 0.0 });
            if score.raw(outside, mu) <= ratio {
                return outside;
            }
            for _ in 0..32 {
                let middle = 0.5 * (inside + outside);
                if score.raw(middle, mu) > ratio {
                    outside = middle;
                } else {
                    inside = middle;
                }
            }
            inside
        };
        let table = |wanted: bool, up| {
            if !wanted {
                return Vec::new();
            }
            let values: Vec<f64> = (0..=grid).map(|i| solve(i, up)).collect();
            let chord = |(i, v): (usize, &[f64])| {
                let slope = (v[1] - v[0]) / (2 * i + 1) as f64;
                (v[0] - slope * (i * i) as f64, slope)
            };
            values.windows(2).enumerate().map(chord).collect()
        };
        Self {
            scale: (grid * grid) as f64 / most_mu,
            grid,
            high: table(score.rates != Rates::Low, true),
            low: table(score.rates != Rates::High, false),
            least_high: score.min_cases.0 - 1.0,
        }
    }

    #[inline]
    fn chord(&self, table: &[Chord], mu: f64) -> f64 {
        let square = (mu * self.scale).max(0.0);
        let (at, slope) = table[(square.sqrt() as usize).min(self.grid - 1)];
        at + slope * square
    }

    /// A window can exceed the ratio only with more cases than this …
    #[inline]
    pub(crate) fn above(&self, mu: f64) -> i32 {
        if self.high.is_empty() {
            return i32::MAX;
        }
        // Not below 0, so that cutting off rounds down.
        (self.chord(&self.high, mu) - 1e-7).max(self.least_high) as i32
    }

    /// … or fewer than this.
    #[inline]
    pub(crate) fn below(&self, mu: f64) -> i32 {
        // One more than need be where the bound is whole: what is let through is scored exactly.
        if self.low.is_empty() { i32::MIN } else { (self.chord(&self.low, mu) + 1e-7) as i32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hide_no_window() {
        for model in [Model::Poisson, Model::Bernoulli] {
            let score = Score {
                model,
                rates: Rates::Both,
                cases: 60.0,
                people: 180.0,
                min_cases: (2.0, 0.0),
                min_risk: 0.0,
                max_risk: f64::INFINITY,
            };
            for ratio in [0.0, 0.3, 1.0, 1.2, 2.5, 6.0] {
                let bounds = Bounds::new(&score, ratio, 30.0);
                for i in 1..3_000 {
                    let mu = f64::from(i) / 100.0;
                    for c in 0..=60 {
                        let n = 3.0 * mu;
                        let possible = model == Model::Poisson || f64::from(c) <= n;
                        if possible && score.llr(f64::from(c), mu) > ratio + 1e-6 {
                            assert!(
                                c > bounds.above(mu) || c < bounds.below(mu),
                                "{model:?} {ratio} {c} {mu}"
                            );
                        }
                    }
                }
            }
        }
    }
}
