//! How much may be expected of a window with so many cases, if it is to score more than the best so far.

/// Windows with more cases than this are always scored in full.
const CAP: usize = 1024;
/// The steps of the score for which bounds are kept.
const STEP: f64 = 0.5;
const LEVELS: usize = 256;

/// The log likelihood ratio of `c` cases where `mu` are expected, of `total` (Kulldorff 1997, equation 1; Kulldorff and
/// others 2005 for permutation); 0 unless there are more than expected.
pub(super) fn llr(c: f64, mu: f64, total: f64) -> f64 {
    if c <= mu {
        return 0.0;
    }
    let rest = if total > c { (total - c) * ((total - c) / (total - mu)).ln() } else { 0.0 };
    c * (c / mu).ln() + rest
}

/// Rows of bounds, made when first asked for.
pub(super) struct Bounds {
    total: f64,
    least: u32,
    most: usize,
    rows: Vec<Option<Box<[f32]>>>,
}

impl Bounds {
    /// Bounds for a study of `total` cases in which fewer than `least` are no cluster, for windows of at most `most` cases:
    /// few, where little has happened of late, and then a row is made in no time.
    pub(super) fn new(total: f64, least: u32, most: usize) -> Bounds {
        Bounds { total, least, most, rows: vec![None; LEVELS] }
    }

    /// For each number of cases the most that may be expected for a score of `best`, rounded up a little.
    pub(super) fn row(&mut self, best: f64) -> &[f32] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a score is small, not below 0"
        )]
        let level = ((best / STEP) as usize).min(LEVELS - 1);
        let (total, least, upto) = (self.total, self.least, self.most);
        self.rows[level].get_or_insert_with(|| {
            #[expect(clippy::cast_precision_loss, reason = "a level is small")]
            let score = level as f64 * STEP;
            (0..=u32::try_from(CAP).unwrap_or(0))
                .map(|c| {
                    if c < least || f64::from(c) > total {
                        -1.0
                    } else if c as usize == CAP || c as usize > upto {
                        f32::INFINITY
                    } else {
                        #[expect(
                            clippy::cast_possible_truncation,
                            reason = "rounded up by more than is lost"
                        )]
                        let most = (most(f64::from(c), score, total) * (1.0 + 1e-5)) as f32;
                        most
                    }
                })
                .collect()
        })
    }
}

/// The place of `c` in a row.
#[inline]
pub(super) fn at(c: u32) -> usize {
    (c as usize).min(CAP)
}

/// The expected count at which `c` cases score exactly `score`, by Newton's method from below: the score falls and is
/// convex in what is expected, and c·e^(−1−score/c) lies below the root.
fn most(c: f64, score: f64, total: f64) -> f64 {
    let mut mu = c * (-1.0 - score / c).exp();
    for _ in 0..60 {
        let slope = c / mu - if total > c { (total - c) / (total - mu) } else { 0.0 };
        let step = (llr(c, mu, total) - score) / slope;
        if step.is_nan() || step <= mu * 1e-9 {
            break;
        }
        mu = (mu + step).min(c);
    }
    mu
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_scores_more_is_never_ruled_out(c in 2u32..400, share in 0.0001f64..1.0, more in 0u32..5_000, best in 0.0f64..60.0) {
            let total = f64::from(c + more);
            let mu = f64::from(c) * share;
            let row = Bounds::new(total, 2, 400).row(best)[at(c)];
            if llr(f64::from(c), mu, total) > best {
                prop_assert!(mu as f32 <= row);
            }
            // And what is ruled out would have scored less than half a step above.
            if f64::from(row) > 0.0 && mu > f64::from(row) * 1.0001 {
                prop_assert!(llr(f64::from(c), mu, total) <= best + STEP);
            }
        }
    }
}
