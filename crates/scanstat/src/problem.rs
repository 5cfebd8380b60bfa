//! What the search of drawn data sets needs to know of the observed one.

use crate::Rates;
use crate::score::Score;
use crate::window::{Scale, Windows};

/// A lane that no window looks at.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// What chance holds fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    Poisson,
    Permutation,
    Bernoulli,
}

/// Windows of one centre: the first 1, 2, … of `members`.
pub(crate) struct Order {
    /// Factor of the log likelihood ratio; 1 for circles.
    pub(crate) weight: f64,
    pub(crate) members: Vec<u32>,
}

/// Counts and expected counts, place-major, and how they are laid out for the search.
pub(crate) struct Problem {
    pub(crate) places: usize,
    pub(crate) bins: usize,
    pub(crate) count: Vec<u32>,
    /// Expected cases; their sum is the number of cases.
    pub(crate) mu: Vec<f64>,
    /// Cases and controls (Bernoulli).
    pub(crate) people: Vec<u32>,
    /// Windows of time: first interval, interval after the last.
    pub(crate) windows: Vec<(u32, u32)>,
    /// Whether lanes are windows (`true`), or cumulative counts whose differences are windows.
    pub(crate) direct: bool,
    /// Lane in which a case of each interval begins to count.
    pub(crate) slot: Vec<u32>,
    pub(crate) lanes: usize,
    pub(crate) score: Score,
}

#[expect(clippy::cast_possible_truncation, reason = "places and intervals are fewer than 2^32")]
impl Problem {
    pub(crate) fn new(study: &Windows, scale: &Scale, count: &[u32], rates: Rates) -> (Self, Vec<Order>) {
        let (places, bins) = (study.places, study.intervals);
        let total: f64 = count.iter().map(|c| f64::from(*c)).sum();
        let (model, mu, people) = match scale {
            Scale::Poisson(mu) => (Model::Poisson, mu.clone(), Vec::new()),
            Scale::Permutation { by_place, by_interval } => {
                let mu =
                    by_place.iter().flat_map(|a| by_interval.iter().map(move |b| a * b / total)).collect();
                (Model::Permutation, mu, Vec::new())
            }
            Scale::Bernoulli(all) => {
                let everybody: f64 = all.iter().map(|n| f64::from(*n)).sum();
                let mu = all.iter().map(|n| f64::from(*n) * total / everybody).collect();
                (Model::Bernoulli, mu, all.clone())
            }
        };
        let longest = study.spans.iter().map(|(from, to)| to - from + 1).max().unwrap_or(1);
        let direct = study.spans.iter().all(|(_, to)| to + 1 == bins);
        let mut windows = Vec::with_capacity(study.spans.len());
        for length in 1..=longest {
            for from in if direct { bins - length..=bins - length } else { 0..=bins - length } {
                windows.push((from as u32, (from + length) as u32));
            }
        }
        let (slot, lanes) = if direct {
            // Of the windows that reach the end, the shortest that holds the interval.
            let slot = |t: usize| if bins - t <= longest { (bins - t - 1) as u32 } else { NOWHERE };
            ((0..bins).map(slot).collect(), longest)
        } else {
            ((1..=bins as u32).collect(), bins + 1)
        };
        let score = Score {
            model,
            rates,
            cases: total,
            people: people.iter().map(|n| f64::from(*n)).sum(),
            min_cases: 2.0,
        };
        let orders = study.circles.iter().filter(|c| !c.is_empty());
        let orders = orders.map(|c| Order { weight: 1.0, members: c.clone() }).collect();
        let count = count.to_vec();
        (Self { places, bins, count, mu, people, windows, direct, slot, lanes, score }, orders)
    }

    /// Turns values of cells into cumulative lanes of each place.
    pub(crate) fn lanes_of(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut out = vec![0.0; self.places * self.lanes];
        for (p, row) in out.chunks_mut(self.lanes).enumerate() {
            for t in 0..self.bins {
                if self.slot[t] != NOWHERE {
                    row[self.slot[t] as usize] += value(p * self.bins + t);
                }
            }
            for i in 1..row.len() {
                row[i] += row[i - 1];
            }
        }
        out
    }

    /// What window `w` holds, of a row of lanes.
    pub(crate) fn inside(&self, w: usize, row: &[f64]) -> f64 {
        if self.direct {
            row[w]
        } else {
            let (a, b) = self.windows[w];
            row[b as usize] - row[a as usize]
        }
    }
}
