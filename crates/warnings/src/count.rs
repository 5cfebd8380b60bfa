//! How unusual a count is: exact tails of the Poisson distribution, and what stays unsaid.

/// P(X ≥ `seen`) for a Poisson count with mean `expected`.
pub fn at_least(seen: u32, expected: f64) -> f64 {
    if seen == 0 {
        return 1.0;
    }
    if f64::from(seen) > expected {
        // The far tail is summed itself: what 1 − … would lose is the whole of it.
        let mut term = mass(seen, expected);
        let (mut sum, mut k) = (0.0, seen);
        while term > sum * 1e-17 && k < u32::MAX {
            sum += term;
            k += 1;
            term *= expected / f64::from(k);
        }
        return sum.min(1.0);
    }
    (1.0 - at_most(seen - 1, expected)).max(0.0)
}

/// P(X ≤ `seen`) for a Poisson count with mean `expected`.
pub fn at_most(seen: u32, expected: f64) -> f64 {
    if f64::from(seen) > expected {
        return (1.0 - at_least(seen + 1, expected)).max(0.0);
    }
    let mut term = mass(seen, expected);
    let (mut sum, mut k) = (0.0, seen);
    while term > sum * 1e-17 {
        sum += term;
        if k == 0 {
            break;
        }
        term *= f64::from(k) / expected;
        k -= 1;
    }
    sum.min(1.0)
}

fn mass(k: u32, mean: f64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    (f64::from(k) * mean.ln() - mean - ln_factorial(k)).exp()
}

/// ln k!: added up for small k, by Stirling's series beyond, which there is exact to the last digit but one.
fn ln_factorial(k: u32) -> f64 {
    let n = f64::from(k);
    if k < 32 {
        return (2..=k).map(f64::from).product::<f64>().ln();
    }
    let correction = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3)) + 1.0 / (1260.0 * n.powi(5));
    (n + 0.5) * n.ln() - n + 0.5 * (2.0 * std::f64::consts::PI).ln() + correction
}

/// The share of matters that nobody told, from how many voices a told matter has on average.
///
/// If voices on a matter are a Poisson count with mean λ, one sees it cut off at zero: the mean of what is seen is
/// λ/(1 − e^−λ), and e^−λ of all matters are never told (the zero-truncated Poisson of capture–recapture; David and
/// Johnson 1952). Rests on matters being alike; it is a comparison between places, not a census. 1 where no matter
/// has a second voice: nothing can be said.
pub fn untold(voices: u32, matters: u32) -> f64 {
    let mean = f64::from(voices) / f64::from(matters.max(1));
    if mean <= 1.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, mean);
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if middle / -(-middle).exp_m1() < mean {
            low = middle;
        } else {
            high = middle;
        }
    }
    (-low).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tails_are_those_of_the_tables() {
        assert!((at_least(5, 1.0) - 0.003_659_846_827).abs() < 1e-11);
        assert!((at_most(2, 10.0) - 0.002_769_395_716).abs() < 1e-11);
        assert!((at_least(30, 1.0) / 1.432_1e-33 - 1.0).abs() < 1e-2);
        assert_eq!(at_least(3, 0.0), 0.0);
        assert!((untold(1582, 1000) - (-1.0f64).exp()).abs() < 1e-3);
        assert_eq!(untold(40, 40), 1.0);
    }

    #[test]
    fn factorials_are_sums_of_logarithms() {
        for k in [0, 1, 2, 20, 31, 32, 33, 100, 3_000] {
            let sum: f64 = (1..=k).map(|i| f64::from(i).ln()).sum();
            assert!((ln_factorial(k) - sum).abs() <= 1e-12 * sum.max(1.0), "{k}");
        }
    }

    proptest! {
        #[test]
        fn the_two_tails_make_one(k in 1u32..300, mean in 0.01f64..300.0) {
            prop_assert!((at_least(k, mean) + at_most(k - 1, mean) - 1.0).abs() < 1e-9);
        }
    }
}
