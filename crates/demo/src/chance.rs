//! Seeded chance.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of chance; the same seed gives the same stream.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64, purpose: u64) -> Chance {
        Chance(ChaCha8Rng::seed_from_u64(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A whole number from `from` to below `to`.
    pub(crate) fn range(&mut self, from: i64, to: i64) -> i64 {
        let width = u64::try_from((to - from).max(1)).unwrap_or(1);
        from + i64::try_from(self.0.next_u64() % width).unwrap_or(0)
    }

    /// An index below `n`.
    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.range(0, i64::try_from(n).unwrap_or(1))).unwrap_or(0)
    }

    /// One of them.
    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.index(all.len())]
    }

    /// True in so many cases of a hundred.
    pub(crate) fn percent(&mut self, p: i64) -> bool {
        self.range(0, 100) < p
    }

    /// One of them, more often where the weight is greater.
    pub(crate) fn weighted<'a, T>(&mut self, all: &'a [T], weight: impl Fn(&T) -> i64) -> &'a T {
        let sum: i64 = all.iter().map(&weight).sum();
        let mut at = self.range(0, sum);
        for one in all {
            at -= weight(one);
            if at < 0 {
                return one;
            }
        }
        &all[all.len() - 1]
    }
}
