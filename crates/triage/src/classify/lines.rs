//! The lines that part the subjects, as they are kept: a byte a weight, in the file and in memory.
//!
//! A weight `w` is the byte nearest to `127 · sign(w) · √(|w|/most)`: the square root keeps small weights, of which there
//! are most, as finely as large ones matter. Read as they are, the weights of a run are a quarter of a line of the
//! processor's memory, and what the file says is what was trained.

use super::solve::{LANES, Lane, Weights};

/// The weights of a place for eight subjects.
type Bytes = [i8; LANES];

/// Weights over places (the last is the constant), for `lanes` × 8 subjects.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) lanes: usize,
    values: Vec<Bytes>,
    /// For each subject, what a byte's square counts.
    units: Vec<Lane>,
    most: Vec<f32>,
}

const LARGEST: f32 = 127.0;

fn square(byte: i8) -> f32 {
    let byte = f32::from(byte);
    byte * byte.abs()
}

impl Lines {
    /// Of weights as they were found.
    pub(super) fn of(weights: &Weights, subjects: usize) -> Lines {
        let rows = || weights.values.chunks(weights.lanes.max(1));
        let of = |row: &[Lane], k: usize| row[k / LANES][k % LANES];
        let most: Vec<f32> =
            (0..subjects).map(|k| rows().map(|row| of(row, k).abs()).fold(1e-9, f32::max)).collect();
        let byte = |w: f32, most: f32| (LARGEST * (w.abs() / most).sqrt()).round().copysign(w) as i8;
        let bytes: Vec<u8> = rows()
            .flat_map(|row| most.iter().enumerate().map(move |(k, most)| (of(row, k), *most)))
            .map(|(w, most)| byte(w, most).cast_unsigned())
            .collect();
        Lines::read(most, &bytes)
    }

    /// From the largest weight of each subject, and the bytes of each place, a subject after the other.
    pub(super) fn read(most: Vec<f32>, bytes: &[u8]) -> Lines {
        let subjects = most.len().max(1);
        let lanes = subjects.div_ceil(LANES);
        let mut values = vec![[0; LANES]; bytes.len() / subjects * lanes];
        for (row, bytes) in values.chunks_mut(lanes).zip(bytes.chunks(subjects)) {
            for (value, byte) in row.as_flattened_mut().iter_mut().zip(bytes) {
                *value = byte.cast_signed();
            }
        }
        let mut units = vec![[0.0; LANES]; lanes];
        for (unit, most) in units.as_flattened_mut().iter_mut().zip(&most) {
            *unit = most / (LARGEST * LARGEST);
        }
        Lines { lanes, values, units, most }
    }

    /// The largest weight of each subject, and the bytes of each place.
    pub(super) fn parts(&self) -> (&[f32], impl Iterator<Item = u8>) {
        let rows = self.values.chunks(self.lanes);
        let bytes = rows.flat_map(|row| row.as_flattened().iter().take(self.most.len()));
        (&self.most, bytes.map(|b| b.cast_unsigned()))
    }

    /// The weight of a place for a subject.
    pub(super) fn of_place(&self, place: u32, subject: usize) -> f32 {
        let (lane, at) = (subject / LANES, subject % LANES);
        square(self.values[place as usize * self.lanes + lane][at]) * self.units[lane][at]
    }

    /// The score of each subject for a vector, into `scores` (its length is a multiple of eight).
    #[inline]
    pub(super) fn scores(&self, vector: &[(u32, f32)], scores: &mut [Lane]) {
        let last = self.values.len() - self.lanes;
        for (score, bytes) in scores.iter_mut().zip(&self.values[last..]) {
            *score = bytes.map(square);
        }
        if let ([score], 1) = (&mut *scores, self.lanes) {
            for (place, x) in vector {
                add(score, *x, &self.values[*place as usize]);
            }
        } else {
            for (place, x) in vector {
                let from = *place as usize * self.lanes;
                for (score, bytes) in scores.iter_mut().zip(&self.values[from..from + self.lanes]) {
                    add(score, *x, bytes);
                }
            }
        }
        for (score, unit) in scores.as_flattened_mut().iter_mut().zip(self.units.as_flattened()) {
            *score *= unit;
        }
    }
}

#[inline]
fn add(score: &mut Lane, x: f32, bytes: &Bytes) {
    for (score, byte) in score.iter_mut().zip(bytes) {
        *score += x * square(*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Scores are those of the weights, as near as a byte tells a weight.
        #[test]
        fn scores_are_those_of_the_weights(values in prop::collection::vec(-2.0_f32..2.0, 33), subjects in 2_usize..12, x in 0.1_f32..1.0) {
            let mut weights = Weights::zero(2, subjects);
            for place in 0..3 {
                for k in 0..subjects {
                    weights.values[place * weights.lanes + k / LANES][k % LANES] = values[place * 11 + k.min(10)];
                }
            }
            let lines = Lines::of(&weights, subjects);
            let vector = [(0, x), (1, -x)];
            let (mut exact, mut told) = (vec![[0.0; LANES]; weights.lanes], vec![[0.0; LANES]; lines.lanes]);
            weights.scores(&vector, &mut exact);
            lines.scores(&vector, &mut told);
            for (exact, told) in exact.iter().flatten().zip(told.iter().flatten()) {
                prop_assert!((exact - told).abs() < 3.0 * 2.0 / 127.0, "{exact} {told}");
            }
            let (most, bytes) = lines.parts();
            let again = Lines::read(most.to_vec(), &bytes.collect::<Vec<u8>>());
            prop_assert_eq!(again.values, lines.values);
        }
    }
}
