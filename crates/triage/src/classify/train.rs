//! Learning from messages that people have sorted.

use super::Classifier;
use super::calibrate::{Calibration, threshold};
use super::lexicon::Lexicon;
use super::lines::Lines;
use super::solve::{LANES, Rows, Search, Weights, solve};
use super::vocabulary::{Scratch, Vocabulary};
use crate::message::Labelled;
use crate::text::Shuffler;
use std::collections::BTreeMap;

/// From fewer messages it shows too little how much a run tells: the starting texts were told worse.
const ENOUGH_TO_WEIGH: usize = 2_000;

/// How a classifier is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// What an error costs: more follows the messages more closely.
    pub cost: f32,
    /// Into how many parts messages are cut, each held out once, to learn how sure an answer is.
    pub folds: usize,
    /// The classifier is unsure where fewer than this share of held-out answers were right.
    pub right: f64,
    /// For the order of messages; the same seed gives the same classifier.
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Training { cost: 1.0, folds: 3, right: 0.97, seed: 1 }
    }
}

/// Why nothing can be learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrainingError {
    /// There are not two subjects to tell apart.
    #[error("all messages have the subject \"{0}\"; to tell subjects apart takes two at least")]
    OneSubject(String),
    /// There is no message.
    #[error("there is no message to learn from")]
    Nothing,
}

impl Classifier {
    /// Learns from messages. The same message twice (the same letters, in one file segmented and in another
    /// not) is taken as often as it is given.
    ///
    /// # Errors
    /// When there are no messages, or all have one subject.
    pub fn train(messages: &[Labelled], training: &Training) -> Result<Classifier, TrainingError> {
        let mut labels: BTreeMap<&str, usize> = messages.iter().map(|m| (m.label.as_str(), 0)).collect();
        match labels.first_key_value() {
            None => return Err(TrainingError::Nothing),
            Some((only, _)) if labels.len() == 1 => return Err(TrainingError::OneSubject((*only).into())),
            Some(_) => {}
        }
        labels.values_mut().enumerate().for_each(|(n, place)| *place = n);
        let subjects = labels.len();
        let truth: Vec<usize> = messages.iter().map(|m| labels[m.label.as_str()]).collect();
        let mut vocabulary = Vocabulary::learn(Lexicon::learn(messages), messages.iter().map(|m| &m.message));
        let mut rows = Rows::default();
        let mut scratch = Scratch::default();
        for m in messages {
            vocabulary.vector(&m.message, &mut scratch);
            rows.push(&scratch.vector);
        }
        if messages.len() >= ENOUGH_TO_WEIGH {
            vocabulary.weigh(&mut rows, &truth, subjects);
        }
        let search = Search { cost: training.cost, rounds: 20, near_enough: 0.05, seed: training.seed };
        // How sure an answer is shows well before the lines stand still.
        let rough = Search { rounds: 10, ..search };
        let all: Vec<(usize, usize)> = truth.iter().copied().enumerate().collect();
        let (weights, held_out) = std::thread::scope(|scope| {
            let held_out =
                scope.spawn(|| held_out(&rows, &truth, vocabulary.len(), subjects, training, rough));
            (solve(&rows, &all, vocabulary.len(), subjects, search), joined(held_out))
        });
        let (scores, held_truth): (Vec<_>, Vec<_>) = held_out.into_iter().unzip();
        let calibration = Calibration::fit(&scores, &held_truth, subjects);
        let mut answers: Vec<(f32, bool)> = scores
            .into_iter()
            .zip(&held_truth)
            .map(|(mut p, truth)| {
                calibration.apply(&mut p);
                let (best, _) = super::first_two(&p);
                (p[best], best == *truth)
            })
            .collect();
        let threshold = threshold(&mut answers, training.right);
        Ok(Classifier {
            labels: labels.into_keys().map(str::to_owned).collect(),
            vocabulary,
            weights: Lines::of(&weights, subjects),
            calibration,
            threshold,
        })
    }
}

/// The scores of every message by lines that were found without it, and its subject.
fn held_out(
    rows: &Rows,
    truth: &[usize],
    places: usize,
    subjects: usize,
    training: &Training,
    search: Search,
) -> Vec<(Vec<f32>, usize)> {
    let folds = training.folds.max(2);
    let mut order: Vec<usize> = (0..truth.len()).collect();
    Shuffler(training.seed).shuffle(&mut order);
    let one = |fold: usize| {
        let part = |held: bool| -> Vec<(usize, usize)> {
            let rows = order.iter().enumerate().filter(|(n, _)| (n % folds == fold) == held);
            rows.map(|(_, row)| (*row, truth[*row])).collect()
        };
        let weights = solve(rows, &part(false), places, subjects, search);
        let mut scores = vec![[0.0; LANES]; weights.lanes];
        part(true)
            .into_iter()
            .map(|(row, truth)| {
                weights.scores(rows.row(row), &mut scores);
                (scores.iter().flatten().take(subjects).copied().collect(), truth)
            })
            .collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let one = &one;
        let running: Vec<_> = (0..folds).map(|fold| scope.spawn(move || one(fold))).collect();
        running.into_iter().flat_map(joined).collect()
    })
}

/// What a thread found; its panic goes on here.
fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl Weights {
    /// The weight of a place for a subject.
    pub(super) fn of(&self, place: u32, subject: usize) -> f32 {
        self.values[place as usize * self.lanes + subject / LANES][subject % LANES]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;

    fn rows(given: &[(&str, &str)]) -> Vec<Labelled> {
        given.iter().map(|(label, body)| Labelled::new(label, body)).collect()
    }

    #[test]
    fn what_cannot_teach_is_refused_with_its_reason() {
        assert_eq!(Classifier::train(&[], &Training::default()).unwrap_err(), TrainingError::Nothing);
        let one = Classifier::train(&rows(&[("灯", "灯坏了"), ("灯", "灯不亮")]), &Training::default());
        assert_eq!(one.unwrap_err(), TrainingError::OneSubject("灯".into()));
    }

    #[test]
    fn the_same_messages_and_seed_give_the_same_classifier() {
        let given =
            rows(&[("灯", "灯坏了"), ("水", "漏水了"), ("灯", "灯不亮"), ("水", "又漏水")].repeat(10));
        let a = Classifier::train(&given, &Training::default()).unwrap();
        let b = Classifier::train(&given, &Training::default()).unwrap();
        assert_eq!(a.to_bytes(), b.to_bytes());
        let says = a.predict(&Message::of("三楼漏水"));
        assert_eq!((says.label.as_str(), says.why.as_slice()), ("水", ["漏水".to_owned()].as_slice()));
    }
}
