//! From scores to probabilities, learnt from scores of messages that the lines had not seen.
//!
//! `p = softmax(slope · score + offset)`: one slope for all subjects and an offset for each (temperature and
//! bias, after Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017).

/// How scores become probabilities.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calibration {
    pub(super) slope: f32,
    pub(super) offsets: Vec<f32>,
}

/// The share of Newton's step taken: slope and offsets move at once, and each would mend the same error.
const STEP: f64 = 0.3;
/// How strongly offsets are held to nought, in messages: a subject with few of them gets hardly any.
const HOLD: f64 = 5.0;

impl Calibration {
    /// Probabilities of the subjects, in place.
    pub(super) fn apply(&self, scores: &mut [f32]) {
        let mut most = f32::MIN;
        for (score, offset) in scores.iter_mut().zip(&self.offsets) {
            *score = *score * self.slope + offset;
            most = most.max(*score);
        }
        let mut sum = 0.0;
        for score in scores.iter_mut() {
            *score = (*score - most).exp();
            sum += *score;
        }
        for score in scores.iter_mut() {
            *score /= sum;
        }
    }

    /// Fits to scores and the subjects that were right, by Newton's steps on each number in turn.
    pub(super) fn fit(scores: &[Vec<f32>], truth: &[usize], subjects: usize) -> Calibration {
        let mut slope = 0.25_f64;
        let mut offsets = vec![0.0_f64; subjects];
        let mut probabilities = vec![0.0_f64; subjects];
        for _ in 0..120 {
            let mut slope_step = (0.5 * (1.0 - slope), 0.5);
            let mut offset_steps: Vec<(f64, f64)> = offsets.iter().map(|o| (-HOLD * o, HOLD)).collect();
            for (scores, truth) in scores.iter().zip(truth) {
                let mut sum = 0.0;
                let most = scores.iter().copied().fold(f32::MIN, f32::max);
                for ((p, s), o) in probabilities.iter_mut().zip(scores).zip(&offsets) {
                    *p = (slope * f64::from(s - most) + o).exp();
                    sum += *p;
                }
                let (mut mean, mut mean_of_squares) = (0.0, 0.0);
                for (k, ((p, s), step)) in
                    probabilities.iter_mut().zip(scores).zip(&mut offset_steps).enumerate()
                {
                    *p /= sum;
                    let s = f64::from(*s);
                    mean += *p * s;
                    mean_of_squares += *p * s * s;
                    step.0 += f64::from(u8::from(k == *truth)) - *p;
                    step.1 += *p * (1.0 - *p);
                }
                slope_step.0 += scores.get(*truth).map_or(0.0, |s| f64::from(*s)) - mean;
                slope_step.1 += mean_of_squares - mean * mean;
            }
            // Far from the goal the curve is flat and a whole step would leap over it.
            slope = (slope + STEP * slope_step.0 / slope_step.1).clamp(slope / 2.0, slope * 2.0);
            for (offset, step) in offsets.iter_mut().zip(offset_steps) {
                *offset += STEP * step.0 / step.1;
            }
        }
        Calibration { slope: slope as f32, offsets: offsets.into_iter().map(|o| o as f32).collect() }
    }
}

/// The lowest probability above which at least `right` of the answers were right; 1 if there is none.
pub(super) fn threshold(answers: &mut [(f32, bool)], right: f64) -> f32 {
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut correct, mut found) = (0_u32, 1.0);
    for (n, (probability, is_right)) in (1_u32..).zip(answers.iter()) {
        correct += u32::from(*is_right);
        if n >= 20 && f64::from(correct) >= right * f64::from(n) {
            found = *probability;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_that_say_too_much_are_taken_down() {
        // Scores of ±4 that are right three times in four.
        let scores: Vec<Vec<f32>> = (0..400).map(|_| vec![4.0, -4.0]).collect();
        let truth: Vec<usize> = (0..400).map(|i| usize::from(i % 4 == 0)).collect();
        let calibration = Calibration::fit(&scores, &truth, 2);
        let mut p = vec![4.0, -4.0];
        calibration.apply(&mut p);
        assert!((p[0] - 0.75).abs() < 0.01, "{p:?}");
        assert!((p[0] + p[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_threshold_keeps_the_share_of_right_answers() {
        let mut answers: Vec<(f32, bool)> = (0..100).map(|i| (i as f32 / 100.0, i >= 50)).collect();
        let t = threshold(&mut answers, 0.9);
        assert!((t - 0.45).abs() < 0.011, "{t}");
        assert_eq!(threshold(&mut [(0.9, false)], 0.9), 1.0);
    }
}
