//! Chance that follows from a seed.

/// A stream of chance (splitmix64: Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream of a seed, for one of many purposes.
    pub(crate) fn new(seed: u64, purpose: u64) -> Dice {
        let mut dice = Dice(seed ^ purpose.wrapping_mul(0xd134_2543_de82_ef95));
        dice.next();
        Dice(dice.next())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An index below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.next() % n).unwrap_or(0)
    }

    /// A Poisson count with a mean under some hundreds (Knuth's product of shares).
    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        let (mut left, mut count) = (mean, 0);
        let mut product = 1.0;
        loop {
            product *= self.share();
            // In steps, so that the product does not run out of digits.
            while product < 1.0 && left > 0.0 {
                let step = left.min(100.0);
                product *= step.exp();
                left -= step;
            }
            if product <= 1.0 {
                return count;
            }
            count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_and_the_spread_that_poisson_says() {
        let mut dice = Dice::new(5, 1);
        let counts: Vec<f64> = (0..4_000).map(|_| dice.poisson(210.0) as f64).collect();
        let mean = counts.iter().sum::<f64>() / 4_000.0;
        let spread = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / 4_000.0;
        assert!((mean - 210.0).abs() < 1.0, "{mean}");
        assert!((spread - 210.0).abs() < 20.0, "{spread}");
    }
}
