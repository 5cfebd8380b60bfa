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
    /// Permutation: for each stratum the places of all cases, and how many cases begin to count in each lane. Only cases
    /// that some window sees are drawn: those dates, each given a place without replacement.
    Shuffle(Vec<Deck>),
    /// Bernoulli: cell (place, lane) of each person, and how many of them are cases.
    Choose { cell: Vec<(u32, u32)>, cases: usize },
    /// Poisson: one table, or one for each set of cells that keeps its cases.
    Scatter(Vec<Scatter>),
}

/// The places of a stratum's cases; lanes and how many cases begin there.
type Deck = (Vec<u32>, Vec<(u32, u32)>);

/// Alias table over the cells that some window sees; the chance to fall into one of them.
struct Scatter {
    cell: Vec<(u32, u32)>,
    keep: Vec<f64>,
    alias: Vec<u32>,
    inside: f64,
    cases: u64,
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
        let null = problem.null;
        let cell = |i: usize| ((i / bins) as u32, problem.slot[i % bins]);
        let kind = match null.model {
            Model::Permutation => Kind::Shuffle(
                null.strata
                    .iter()
                    .map(|stratum| {
                        let mut dates = vec![0_u32; problem.lanes];
                        let mut place = Vec::new();
                        for &(i, n) in stratum {
                            let (p, slot) = cell(i as usize);
                            place.extend(std::iter::repeat_n(p, n as usize));
                            if slot != NOWHERE {
                                dates[slot as usize] += n;
                            }
                        }
                        let dates =
                            dates.iter().enumerate().filter(|x| *x.1 > 0).map(|(s, &n)| (s as u32, n));
                        (place, dates.collect())
                    })
                    .collect(),
            ),
            Model::Bernoulli => {
                let mut cells = Vec::new();
                for (i, n) in null.people.iter().enumerate() {
                    cells.extend(std::iter::repeat_n(cell(i), *n as usize));
                }
                Kind::Choose { cell: cells, cases: problem.score.cases as usize }
            }
            Model::Poisson => {
                let scatter = |cases: u64, of: &mut dyn Iterator<Item = usize>| {
                    let (mut cells, mut weight) = (Vec::new(), Vec::new());
                    let mut all = 0.0;
                    for i in of {
                        all += problem.mu[i];
                        if cell(i).1 != NOWHERE && problem.mu[i] > 0.0 {
                            cells.push(cell(i));
                            weight.push(problem.mu[i]);
                        }
                    }
                    let sum: f64 = weight.iter().sum();
                    let (keep, alias) = alias(&weight, sum);
                    let inside = if cells.is_empty() { 0.0 } else { (sum / all).min(1.0) };
                    Scatter { cell: cells, keep, alias, inside, cases }
                };
                Kind::Scatter(if null.blocks.is_empty() {
                    vec![scatter(problem.score.cases as u64, &mut (0..problem.mu.len()))]
                } else {
                    let block = |(n, cells): &(u32, Vec<u32>)| {
                        scatter(u64::from(*n), &mut cells.iter().map(|i| *i as usize))
                    };
                    null.blocks.iter().map(block).filter(|s| !s.cell.is_empty()).collect()
                })
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
            Kind::Shuffle(strata) => {
                for (place, dates) in strata {
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
            Kind::Scatter(tables) => {
                for Scatter { cell, keep, alias, inside, cases } in tables {
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
