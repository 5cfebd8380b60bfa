//! How good a classifier is, on messages whose subject is known and that it has not learnt from.

use super::{Classifier, first_two};
use crate::message::Labelled;

/// How well one subject is found.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassScore {
    /// The subject.
    pub label: String,
    /// Of the messages given this subject, the share that have it.
    pub precision: f64,
    /// Of the messages that have it, the share given it.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
    /// How many messages have it.
    pub support: usize,
}

/// How good the answers were.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// How many messages there were.
    pub messages: usize,
    /// The mean of the subjects' f1, each subject counting alike.
    pub macro_f1: f64,
    /// The share of right answers.
    pub accuracy: f64,
    /// The share where the right answer was among the first two.
    pub first_two: f64,
    /// The mean distance between probability and share of right answers, over fifteen bins of equal width
    /// weighted by their messages.
    pub calibration_error: f64,
    /// The share of right answers among the surest four fifths.
    pub surest_four_fifths: f64,
    /// The share of messages left to a person.
    pub unsure: f64,
    /// The share of right answers among those not left to a person.
    pub sure_accuracy: f64,
    /// Each subject, in order of names; those that only the messages have included.
    pub per_class: Vec<ClassScore>,
}

const BINS: usize = 15;

/// Asks a classifier for every message and compares.
pub fn evaluate(classifier: &Classifier, messages: &[Labelled]) -> Evaluation {
    let mut labels: Vec<&str> = classifier.labels().iter().map(String::as_str).collect();
    for m in messages {
        if !labels.contains(&m.label.as_str()) {
            labels.push(&m.label);
        }
    }
    let mut counts = vec![[0_usize; 3]; labels.len()]; // given and right, given, had
    let mut bins = [(0_usize, 0.0_f64, 0_usize); BINS];
    let mut answers = Vec::with_capacity(messages.len());
    let (mut right, mut in_two, mut sure, mut sure_right) = (0, 0, 0, 0);
    let mut reader = classifier.reader();
    for m in messages {
        let p = reader.probabilities(&m.message);
        let (best, second) = first_two(p);
        let probability = p[best];
        let truth = labels.iter().position(|l| *l == m.label).unwrap_or(usize::MAX);
        let is_right = best == truth;
        counts[best][1] += 1;
        counts[truth][2] += 1;
        counts[best][0] += usize::from(is_right);
        right += usize::from(is_right);
        in_two += usize::from(is_right || second == truth);
        if probability >= classifier.threshold() {
            sure += 1;
            sure_right += usize::from(is_right);
        }
        let bin = &mut bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + f64::from(probability), bin.2 + usize::from(is_right));
        answers.push((probability, is_right));
    }
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let surest = &answers[..messages.len() * 4 / 5];
    let mut per_class: Vec<ClassScore> = labels
        .iter()
        .zip(&counts)
        .map(|(label, [both, given, had])| ClassScore {
            label: (*label).to_owned(),
            precision: share(*both, *given),
            recall: share(*both, *had),
            f1: share(2 * both, given + had),
            support: *had,
        })
        .collect();
    per_class.retain(|c| c.support > 0 || c.precision > 0.0);
    per_class.sort_by(|a, b| a.label.cmp(&b.label));
    let gaps: f64 = bins.iter().map(|(_, said, right)| (said - *right as f64).abs()).sum();
    Evaluation {
        messages: messages.len(),
        macro_f1: per_class.iter().map(|c| c.f1).sum::<f64>() / per_class.len().max(1) as f64,
        accuracy: share(right, messages.len()),
        first_two: share(in_two, messages.len()),
        calibration_error: gaps / messages.len().max(1) as f64,
        surest_four_fifths: share(surest.iter().filter(|a| a.1).count(), surest.len()),
        unsure: share(messages.len() - sure, messages.len()),
        sure_accuracy: share(sure_right, sure),
        per_class,
    }
}

/// `part` of `whole`, nought where there is none.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
