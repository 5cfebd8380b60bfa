//! What the null hypothesis says: how many cases are expected where and when, and what chance leaves as it is.

use crate::problem::Model;

/// A study ready for its windows. Tables are place-major (place × interval).
#[derive(Debug, Clone)]
pub(crate) struct Hypothesis {
    pub(crate) model: Model,
    pub(crate) places: usize,
    pub(crate) intervals: usize,
    pub(crate) count: Vec<u32>,
    /// Expected cases; their sum is the number of cases.
    pub(crate) mu: Vec<f64>,
    /// Cases and controls (Bernoulli).
    pub(crate) people: Vec<u32>,
    /// Permutation: the cases of each stratum as cell and count. Places and times are paired anew within a stratum.
    pub(crate) strata: Vec<Vec<(u32, u32)>>,
    /// Poisson: sets of cells within which the cases are drawn anew, with how many. Empty: all cells together.
    pub(crate) blocks: Vec<(u32, Vec<u32>)>,
    /// By place: what the size of a circle is measured by.
    pub(crate) at_risk: Vec<f64>,
}

impl Hypothesis {
    /// All cases.
    pub(crate) fn total(&self) -> u32 {
        self.count.iter().sum()
    }

    /// Space-time permutation (Kulldorff and others 2005): of each stratum, expected are the cases of the place times the
    /// share of the interval; strata add up.
    pub(crate) fn permutation(places: usize, intervals: usize, strata: Vec<Vec<(u32, u32)>>) -> Hypothesis {
        let mut count = vec![0_u32; places * intervals];
        let mut mu = vec![0.0; places * intervals];
        for stratum in &strata {
            let (mut by_place, mut by_interval) = (vec![0.0; places], vec![0.0; intervals]);
            let mut total = 0.0;
            for &(cell, n) in stratum {
                count[cell as usize] += n;
                by_place[cell as usize / intervals] += f64::from(n);
                by_interval[cell as usize % intervals] += f64::from(n);
                total += f64::from(n);
            }
            for (row, a) in mu.chunks_mut(intervals).zip(&by_place) {
                if *a > 0.0 {
                    row.iter_mut().zip(&by_interval).for_each(|(m, b)| *m += a * b / total);
                }
            }
        }
        let at_risk = count.chunks(intervals).map(|r| f64::from(r.iter().sum::<u32>())).collect();
        Hypothesis {
            model: Model::Permutation,
            places,
            intervals,
            count,
            mu,
            people: Vec::new(),
            strata,
            blocks: Vec::new(),
            at_risk,
        }
    }

    /// Bernoulli (Kulldorff 1997): every person is as likely as any other to be a case.
    pub(crate) fn bernoulli(intervals: usize, count: Vec<u32>, people: Vec<u32>) -> Hypothesis {
        let total: f64 = count.iter().map(|n| f64::from(*n)).sum();
        let everybody: f64 = people.iter().map(|n| f64::from(*n)).sum();
        let at_risk = people.chunks(intervals).map(|r| r.iter().map(|n| f64::from(*n)).sum()).collect();
        Hypothesis {
            model: Model::Bernoulli,
            places: count.len() / intervals,
            intervals,
            mu: people.iter().map(|n| f64::from(*n) * total / everybody).collect(),
            count,
            people,
            strata: Vec::new(),
            blocks: Vec::new(),
            at_risk,
        }
    }
}
