//! What chance does: data sets drawn under the null hypothesis.

use crate::lane::Lane;
use crate::problem::{Model, NOWHERE, Problem};
use crate::rng::Rng;

/// How replicates of one problem are drawn. Each depends on seed and number alone.
pub(crate) struct Null {
    seed: u64,
    kind: Kind,
}

enum Kind {
    /// Permutation: the places of all cases; how many cases begin to count in each lane. Only cases that
    /// some window sees are drawn: those dates, each given a place without replacement.
    Shuffle { place: Vec<u32>, dates: Vec<(u32, u32)> },
    /// Bernoulli: cell (place, lane) of each person, and how many of them are cases.
    Choose { cell: Vec<(u32, u32)>, cases: usize },
    /// Poisson: alias table over the cells that some window sees; the chance to fall into one of them.
    Scatter { cell: Vec<(u32, u32)>, keep: Vec<f64>, alias: Vec<u32>, inside: f64, cases: u64 },
}

/// Memory that a thread uses again for each replicate.
#[derive(Default)]
pub(crate) struct Scratch {
    deck: Vec<u32>,
    swaps: Vec<u32>,
}

impl Null {
    pub(crate) fn new(problem: &Problem, seed: u64) -> Self {
        let bins = problem.bins;
        let cells = || (0..problem.mu.len()).map(move |i| (i, (i / bins) as u32, problem.slot[i % bins]));
        let kind = match problem.score.model {
            Model::Permutation => {
                let mut dates = vec![0_u32; problem.lanes];
                let mut place = Vec::new();
                for (i, p, slot) in cells() {
                    place.extend(std::iter::repeat_n(p, problem.count[i] as usize));
                    if slot != NOWHERE {
                        dates[slot as usize] += problem.count[i];
                    }
                }
                let dates = dates.iter().enumerate().filter(|x| *x.1 > 0).map(|(s, &n)| (s as u32, n));
                Kind::Shuffle { place, dates: dates.collect() }
            }
            Model::Bernoulli => {
                let mut cell = Vec::new();
                for (i, p, slot) in cells() {
                    cell.extend(std::iter::repeat_n((p, slot), problem.people[i] as usize));
                }
                Kind::Choose { cell, cases: problem.score.cases as usize }
            }
            Model::Poisson => {
                let (mut cell, mut weight) = (Vec::new(), Vec::new());
                for (i, p, slot) in cells() {
                    if slot != NOWHERE && problem.mu[i] > 0.0 {
                        cell.push((p, slot));
                        weight.push(problem.mu[i]);
                    }
                }
                let sum: f64 = weight.iter().sum();
                let (keep, alias) = alias(&weight, sum);
                let inside = (sum / problem.score.cases).min(1.0);
                Kind::Scatter { cell, keep, alias, inside, cases: problem.score.cases as u64 }
            }
        };
        Self { seed, kind }
    }

    /// Adds replicate `number` to `data`, laid out place × replicate of the batch × lane.
    pub(crate) fn draw<T: Lane>(
        &self,
        number: u64,
        scratch: &mut Scratch,
        mut add: impl FnMut(u32, u32, &mut [T]),
        data: &mut [T],
    ) {
        let mut rng = Rng::new(self.seed, number);
        match &self.kind {
            Kind::Shuffle { place, dates } => {
                scratch.start(place.len());
                let mut from = 0;
                for &(slot, n) in dates {
                    for _ in 0..n {
                        add(place[scratch.take(from, &mut rng) as usize], slot, data);
                        from += 1;
                    }
                }
                scratch.undo();
            }
            Kind::Choose { cell, cases } => {
                scratch.start(cell.len());
                for from in 0..*cases {
                    let (p, slot) = cell[scratch.take(from, &mut rng) as usize];
                    if slot != NOWHERE {
                        add(p, slot, data);
                    }
                }
                scratch.undo();
            }
            Kind::Scatter { cell, keep, alias, inside, cases } => {
                let sparse = *inside < 0.2;
                let log_out = (-*inside).ln_1p();
                let mut i = 0_u64;
                while i < *cases {
                    if sparse {
                        // Cases outside every window are skipped a geometric number at a time.
                        let skip = (rng.unit().ln() / log_out).floor();
                        if skip >= (*cases - i) as f64 {
                            break;
                        }
                        i += skip as u64;
                    } else if *inside < 1.0 - 1e-9 && rng.unit() >= *inside {
                        i += 1;
                        continue;
                    }
                    i += 1;
                    let k = rng.below(cell.len() as u64) as usize;
                    let k = if rng.unit() < keep[k] { k } else { alias[k] as usize };
                    let (p, slot) = cell[k];
                    add(p, slot, data);
                }
            }
        }
    }
}

impl Scratch {
    fn start(&mut self, n: usize) {
        if self.deck.len() != n {
            self.deck = (0..n as u32).collect();
        }
        self.swaps.clear();
    }

    /// The next card of the deck (Fisher and Yates), remembering the swap.
    fn take(&mut self, from: usize, rng: &mut Rng) -> u32 {
        let j = from + rng.below((self.deck.len() - from) as u64) as usize;
        self.deck.swap(from, j);
        self.swaps.push(j as u32);
        self.deck[from]
    }

    /// Puts the deck back in order, so that the next replicate does not depend on this one.
    fn undo(&mut self) {
        for (i, &j) in self.swaps.iter().enumerate().rev() {
            self.deck.swap(i, j as usize);
        }
    }
}

/// Alias method (Walker 1977; Vose 1991).
fn alias(weight: &[f64], sum: f64) -> (Vec<f64>, Vec<u32>) {
    let n = weight.len();
    let mut keep: Vec<f64> = weight.iter().map(|w| w * n as f64 / sum).collect();
    let mut alias: Vec<u32> = (0..n as u32).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| keep[i] < 1.0);
    while let (Some(s), Some(&l)) = (small.pop(), large.last()) {
        alias[s] = l as u32;
        keep[l] -= 1.0 - keep[s];
        if keep[l] < 1.0 {
            large.pop();
            small.push(l);
        }
    }
    for i in small.into_iter().chain(large) {
        keep[i] = 1.0;
    }
    (keep, alias)
}
