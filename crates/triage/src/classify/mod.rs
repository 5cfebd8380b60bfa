//! The subject of a message by what was learnt from messages that people have sorted.
//!
//! ```
//! use triage::{Classifier, Labelled, Message, Training};
//! let rows: Vec<Labelled> = [("灯", "楼道灯不亮"), ("灯", "路灯不亮了"), ("水", "水管漏水"), ("水", "屋顶漏水")]
//!     .iter()
//!     .cycle()
//!     .take(40)
//!     .map(|(label, body)| Labelled::new(label, body))
//!     .collect();
//! let classifier = Classifier::train(&rows, &Training::default()).unwrap();
//! assert_eq!(classifier.predict(&Message::of("门口的灯不亮")).label, "灯");
//! ```

mod calibrate;
mod evaluate;
mod explain;
mod features;
mod file;
mod learn;
mod lexicon;
mod lines;
pub(crate) mod solve;
mod starting;
pub(crate) mod table;
mod train;
mod vocabulary;

pub use evaluate::{ClassScore, Evaluation, evaluate};
pub use file::ModelError;
pub use learn::{Caution, Correction, CorrectionError, Learner};
pub use starting::starting_messages;
pub use train::{Training, TrainingError};

use crate::message::Message;
use calibrate::Calibration;
use lines::Lines;
use solve::{LANES, Lane, Weights};
use vocabulary::{Scratch, Vocabulary};

/// A trained classifier. It is as small as its file; [`Reader`] holds the buffers for many messages.
#[derive(Debug, Clone)]
pub struct Classifier {
    labels: Vec<String>,
    vocabulary: Vocabulary,
    weights: Lines,
    calibration: Calibration,
    threshold: f32,
}

/// What the classifier says of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The most likely subject.
    pub label: String,
    /// How likely it is, 0 to 1, calibrated on messages that were held out.
    pub probability: f32,
    /// Whether a person should decide: the probability lies below the classifier's threshold.
    pub unsure: bool,
    /// The words that spoke most for it, the strongest first.
    pub why: Vec<String>,
}

impl Classifier {
    /// The subjects, in order of their names.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Below this probability it is unsure.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The same with another threshold, 0 to 1.
    #[must_use]
    pub fn with_threshold(mut self, threshold: f32) -> Classifier {
        self.threshold = threshold;
        self
    }

    /// How many runs of letters it knows.
    pub fn runs(&self) -> usize {
        self.vocabulary.len()
    }

    /// The subject of one message. For many, use a [`Reader`].
    pub fn predict(&self, message: &Message) -> Prediction {
        self.reader().predict(message)
    }

    /// A reader with buffers of its own.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            classifier: self,
            scratch: Scratch::default(),
            scores: vec![[0.0; LANES]; self.weights.lanes],
            probabilities: Vec::new(),
            moved: None,
        }
    }
}

/// Reads one message after the other with the same buffers.
#[derive(Debug)]
pub struct Reader<'c> {
    classifier: &'c Classifier,
    scratch: Scratch,
    scores: Vec<Lane>,
    probabilities: Vec<f32>,
    /// What corrections have moved.
    moved: Option<&'c Weights>,
}

impl Reader<'_> {
    /// The probability of each subject, in the order of [`Classifier::labels`].
    pub fn probabilities(&mut self, message: &Message) -> &[f32] {
        let c = self.classifier;
        c.vocabulary.vector(message, &mut self.scratch);
        c.weights.scores(&self.scratch.vector, &mut self.scores);
        if let Some(moved) = self.moved {
            let mut by = vec![[0.0; LANES]; moved.lanes];
            moved.scores(&self.scratch.vector, &mut by);
            for (score, by) in self.scores.iter_mut().flatten().zip(by.iter().flatten()) {
                *score += by;
            }
        }
        self.probabilities.clear();
        self.probabilities.extend(self.scores.iter().flatten().take(c.labels.len()));
        c.calibration.apply(&mut self.probabilities);
        &self.probabilities
    }

    /// The likeliest subjects, the likeliest first, `many` at most, each with its probability.
    pub fn likeliest(&mut self, message: &Message, many: usize) -> Vec<(String, f32)> {
        let labels = &self.classifier.labels;
        let mut all: Vec<(String, f32)> =
            labels.iter().cloned().zip(self.probabilities(message).iter().copied()).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all.truncate(many);
        all
    }

    /// The subject, how likely it is, and the words that decided.
    pub fn predict(&mut self, message: &Message) -> Prediction {
        let (best, second) = first_two(self.probabilities(message));
        let c = self.classifier;
        let probability = self.probabilities.get(best).copied().unwrap_or(0.0);
        let why = explain::words(c, self.moved, message, &mut self.scratch, best, second);
        Prediction {
            label: c.labels.get(best).cloned().unwrap_or_default(),
            probability,
            // A message without one word that it knows tells it nothing.
            unsure: probability < c.threshold || why.is_empty(),
            why,
        }
    }
}

/// The places of the largest and the next value.
fn first_two(values: &[f32]) -> (usize, usize) {
    let (mut best, mut second) = (0, usize::from(values.len() > 1));
    if values.len() > 1 && values[1] > values[0] {
        (best, second) = (1, 0);
    }
    for (i, v) in values.iter().enumerate().skip(2) {
        if *v > values[best] {
            (best, second) = (i, best);
        } else if *v > values[second] {
            second = i;
        }
    }
    (best, second)
}
