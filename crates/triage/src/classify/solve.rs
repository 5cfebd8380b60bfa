//! One line against the rest for each subject, by dual coordinate descent.
//!
//! Minimises `½‖w‖² + C Σ max(0, 1 − y w·x)²` for every subject at once. The method is that of Hsieh, Chang,
//! Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear SVM" (ICML 2008);
//! the subjects stand side by side in memory, so that a message is walked once for all of them.

use crate::text::Shuffler;

/// So many subjects are worked on in one step.
pub(super) const LANES: usize = 8;
/// The weights of a place for eight subjects.
pub(crate) type Lane = [f32; LANES];

/// Rows as vectors: where each begins in the long lists.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) begins: Vec<usize>,
    pub(super) entries: Vec<(u32, f32)>,
}

impl Rows {
    pub(crate) fn push(&mut self, vector: &[(u32, f32)]) {
        if self.begins.is_empty() {
            self.begins.push(0);
        }
        self.entries.extend_from_slice(vector);
        self.begins.push(self.entries.len());
    }

    pub(super) fn row(&self, n: usize) -> &[(u32, f32)] {
        &self.entries[self.begins[n]..self.begins[n + 1]]
    }

    pub(super) fn row_mut(&mut self, n: usize) -> &mut [(u32, f32)] {
        &mut self.entries[self.begins[n]..self.begins[n + 1]]
    }
}

/// Weights over places (the last is the constant), for `lanes` × 8 subjects.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    pub(super) lanes: usize,
    pub(crate) values: Vec<Lane>,
}

impl Weights {
    pub(super) fn zero(places: usize, subjects: usize) -> Weights {
        let lanes = subjects.div_ceil(LANES);
        Weights { lanes, values: vec![[0.0; LANES]; (places + 1) * lanes] }
    }

    /// The score of each subject for a vector, into `scores` (its length is a multiple of eight).
    #[inline]
    pub(super) fn scores(&self, vector: &[(u32, f32)], scores: &mut [Lane]) {
        let last = self.values.len() - self.lanes;
        scores.copy_from_slice(&self.values[last..]);
        if let ([score], 1) = (&mut *scores, self.lanes) {
            for (place, x) in vector {
                let weights = &self.values[*place as usize];
                for lane in 0..LANES {
                    score[lane] += x * weights[lane];
                }
            }
            return;
        }
        for (place, x) in vector {
            let from = *place as usize * self.lanes;
            for (score, weights) in scores.iter_mut().zip(&self.values[from..from + self.lanes]) {
                for lane in 0..LANES {
                    score[lane] += x * weights[lane];
                }
            }
        }
    }

    /// Adds a step of each subject along a vector.
    pub(super) fn add(&mut self, vector: &[(u32, f32)], steps: &[Lane]) {
        let last = self.values.len() - self.lanes;
        for (place, x) in vector {
            let from = *place as usize * self.lanes;
            for (weights, step) in self.values[from..from + self.lanes].iter_mut().zip(steps) {
                for lane in 0..LANES {
                    weights[lane] += x * step[lane];
                }
            }
        }
        for (weights, step) in self.values[last..].iter_mut().zip(steps) {
            for lane in 0..LANES {
                weights[lane] += step[lane];
            }
        }
    }
}

/// How the lines are sought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Search {
    /// What an error costs.
    pub(crate) cost: f32,
    /// How often the rows are walked at most.
    pub(crate) rounds: usize,
    /// When no row is further from its place than this, it is done.
    pub(crate) near_enough: f32,
    /// For the order of rows.
    pub(crate) seed: u64,
}

/// Finds the lines that part each subject from the rest. `which[i]` is the row and its subject.
pub(crate) fn solve(
    rows: &Rows,
    which: &[(usize, usize)],
    places: usize,
    subjects: usize,
    search: Search,
) -> Weights {
    let mut weights = Weights::zero(places, subjects);
    let lanes = weights.lanes;
    let softness = 0.5 / search.cost;
    let lengths: Vec<f32> = which
        .iter()
        .map(|(row, _)| rows.row(*row).iter().map(|e| e.1 * e.1).sum::<f32>() + 1.0 + softness)
        .collect();
    let mut alpha = vec![[0.0_f32; LANES]; which.len() * lanes];
    let mut order: Vec<usize> = (0..which.len()).collect();
    let mut shuffler = Shuffler(search.seed);
    let mut scores = vec![[0.0_f32; LANES]; lanes];
    let mut steps = vec![[0.0_f32; LANES]; lanes];
    // A row that had nothing to move is passed over for some rounds, the longer the oftener that happens: most
    // are far from every line.
    let mut rest = vec![(0_u8, 0_u8); which.len()];
    for _ in 0..search.rounds {
        shuffler.shuffle(&mut order);
        let mut furthest = 0.0_f32;
        for &i in &order {
            if rest[i].0 > 0 {
                rest[i].0 -= 1;
                continue;
            }
            let (row, subject) = which[i];
            let vector = rows.row(row);
            weights.scores(vector, &mut scores);
            let alpha = &mut alpha[i * lanes..(i + 1) * lanes];
            let mut moved = false;
            for (k, (score, (alpha, step))) in
                scores.iter().zip(alpha.iter_mut().zip(steps.iter_mut())).enumerate()
            {
                for lane in 0..LANES {
                    let y = if k * LANES + lane == subject { 1.0 } else { -1.0 };
                    let slope = y * score[lane] - 1.0 + alpha[lane] * softness;
                    let uphill = if alpha[lane] == 0.0 { slope.min(0.0) } else { slope };
                    furthest = furthest.max(uphill.abs());
                    let next = (alpha[lane] - uphill / lengths[i]).max(0.0);
                    step[lane] = (next - alpha[lane]) * y;
                    moved |= step[lane] != 0.0;
                    alpha[lane] = next;
                }
            }
            if moved {
                weights.add(vector, &steps);
                rest[i].1 = 0;
            } else {
                rest[i].1 = (rest[i].1 + 2).min(8);
                rest[i].0 = rest[i].1;
            }
        }
        if furthest < search.near_enough {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_of_rows_are_told_apart() {
        let mut rows = Rows::default();
        for i in 0..20_u32 {
            rows.push(&[(i % 2, 1.0), (2, 0.5)]);
        }
        let which: Vec<(usize, usize)> = (0..20).map(|i| (i, i % 2)).collect();
        let search = Search { cost: 1.0, rounds: 100, near_enough: 1e-4, seed: 1 };
        let weights = solve(&rows, &which, 3, 2, search);
        let mut scores = [[0.0; LANES]];
        weights.scores(&[(0, 1.0), (2, 0.5)], &mut scores);
        assert!(scores[0][0] > 0.8 && scores[0][1] < -0.8, "{scores:?}");
        // The optimum of the primal is where its slope is nought: w = 2C Σ y max(0, 1 − y w·x) x.
        for lane in 0..2 {
            let mut slope = [0.0_f32; 3];
            for i in 0..20 {
                weights.scores(rows.row(i), &mut scores);
                let y = if i % 2 == lane { 1.0 } else { -1.0 };
                for (place, x) in rows.row(i) {
                    slope[*place as usize] += 2.0 * y * (1.0 - y * scores[0][lane]).max(0.0) * x;
                }
            }
            for (place, slope) in slope.iter().enumerate() {
                assert!((weights.values[place][lane] - slope).abs() < 1e-2, "{place} {slope}");
            }
        }
    }
}
