//! Learning on from what people correct, at once, and forgetting what they withdraw.
//!
//! The trained lines stay as they are; corrections move a second set of lines that is added to them. That set is
//! worked out anew from all corrections that stand, in the order of their numbers, by passive-aggressive steps
//! (Crammer, Dekel, Keshet, Shalev-Shwartz and Singer, "Online passive-aggressive algorithms", JMLR 2006): so a
//! correction withdrawn leaves no trace, and the order in which they came does not matter. Of one sender only
//! the latest few count, and the same message once: nobody can move the lines far by repeating himself.

use super::solve::{LANES, Lane, Weights};
use super::vocabulary::Scratch;
use super::{Classifier, Prediction, Reader};
use crate::message::Message;
use std::collections::{BTreeMap, HashMap};

/// How much a correction may move the lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Caution {
    /// So many corrections of one sender count, the latest.
    pub per_sender: usize,
    /// The longest step that one correction makes.
    pub step: f32,
}

impl Default for Caution {
    fn default() -> Caution {
        Caution { per_sender: 20, step: 0.5 }
    }
}

/// Why a correction is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    /// The classifier does not know the subject.
    #[error("the subject \"{0}\" was not in the training; it takes messages to learn a new one")]
    UnknownSubject(String),
}

/// What somebody says that a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Which message; a second correction of the same replaces the first.
    pub id: u64,
    /// Who says so: any number that stands for one person.
    pub sender: u64,
    /// The message.
    pub message: Message,
    /// Its subject.
    pub label: String,
}

/// A correction as it is kept: what the classifier saw of the message, not the message.
#[derive(Debug, Clone)]
struct Kept {
    sender: u64,
    subject: usize,
    vector: Vec<(u32, f32)>,
}

/// A classifier that people correct.
#[derive(Debug, Clone)]
pub struct Learner {
    classifier: Classifier,
    caution: Caution,
    corrections: BTreeMap<u64, Kept>,
    moved: Weights,
}

/// So often the corrections are walked.
const ROUNDS: usize = 3;
/// By so much the right subject shall lead.
const LEAD: f32 = 0.3;

impl Learner {
    /// Begins with a trained classifier and no corrections.
    pub fn new(classifier: Classifier, caution: Caution) -> Learner {
        let moved = Weights::zero(classifier.vocabulary.len(), classifier.labels.len());
        Learner { classifier, caution, corrections: BTreeMap::new(), moved }
    }

    /// The classifier as it was trained.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// How many corrections stand.
    pub fn corrections(&self) -> usize {
        self.corrections.len()
    }

    /// Takes a correction: message `id` has the subject `label`, says `sender` (any number that stands for
    /// one person). A second correction of the same `id` replaces the first.
    ///
    /// # Errors
    /// When the classifier was not trained on the subject.
    pub fn correct(
        &mut self,
        id: u64,
        sender: u64,
        message: &Message,
        label: &str,
    ) -> Result<(), CorrectionError> {
        self.keep(id, sender, message, label, &mut Scratch::default())?;
        self.work_out();
        Ok(())
    }

    /// Takes many corrections at once and works them out once; returns those of unknown subjects, which it leaves.
    pub fn correct_all(&mut self, corrections: impl IntoIterator<Item = Correction>) -> Vec<CorrectionError> {
        let mut scratch = Scratch::default();
        let left = corrections
            .into_iter()
            .filter_map(|c| self.keep(c.id, c.sender, &c.message, &c.label, &mut scratch).err())
            .collect();
        self.work_out();
        left
    }

    fn keep(
        &mut self,
        id: u64,
        sender: u64,
        message: &Message,
        label: &str,
        scratch: &mut Scratch,
    ) -> Result<(), CorrectionError> {
        let Ok(subject) = self.classifier.labels.binary_search_by(|l| l.as_str().cmp(label)) else {
            return Err(CorrectionError::UnknownSubject(label.to_owned()));
        };
        self.classifier.vocabulary.vector(message, scratch);
        self.corrections.insert(id, Kept { sender, subject, vector: scratch.vector.clone() });
        Ok(())
    }

    /// Forgets a correction; whether there was one.
    pub fn withdraw(&mut self, id: u64) -> bool {
        let was_there = self.corrections.remove(&id).is_some();
        if was_there {
            self.work_out();
        }
        was_there
    }

    /// Forgets all corrections of a sender; how many there were.
    pub fn withdraw_sender(&mut self, sender: u64) -> usize {
        let before = self.corrections.len();
        self.corrections.retain(|_, c| c.sender != sender);
        if self.corrections.len() < before {
            self.work_out();
        }
        before - self.corrections.len()
    }

    /// A reader that heeds the corrections.
    pub fn reader(&self) -> Reader<'_> {
        let mut reader = self.classifier.reader();
        if !self.corrections.is_empty() {
            reader.moved = Some(&self.moved);
        }
        reader
    }

    /// The subject of one message, corrections heeded.
    pub fn predict(&self, message: &Message) -> Prediction {
        self.reader().predict(message)
    }

    fn work_out(&mut self) {
        let lanes = self.moved.lanes;
        let mut lines = std::mem::replace(&mut self.moved, Weights { lanes, values: Vec::new() });
        lines.values.fill([0.0; LANES]);
        let counted = self.counted();
        let subjects = self.classifier.labels.len();
        let mut trained = vec![[0.0; LANES]; lanes];
        let mut moved = vec![[0.0; LANES]; lanes];
        let mut steps = vec![[0.0; LANES]; lanes];
        for _ in 0..ROUNDS {
            for c in &counted {
                self.classifier.weights.scores(&c.vector, &mut trained);
                lines.scores(&c.vector, &mut moved);
                let score = |k: usize| trained[k / LANES][k % LANES] + moved[k / LANES][k % LANES];
                let rival =
                    (0..subjects).filter(|k| *k != c.subject).max_by(|a, b| score(*a).total_cmp(&score(*b)));
                let Some(rival) = rival else { continue };
                let short = LEAD - (score(c.subject) - score(rival));
                if short <= 0.0 {
                    continue;
                }
                let length: f32 = 1.0 + c.vector.iter().map(|e| e.1 * e.1).sum::<f32>();
                let step = (short / (2.0 * length)).min(self.caution.step);
                steps.fill([0.0; LANES]);
                put(&mut steps, c.subject, step);
                put(&mut steps, rival, -step);
                lines.add(&c.vector, &steps);
            }
        }
        self.moved = lines;
    }

    /// The corrections that count: the latest of each sender, the same message of one sender once.
    fn counted(&self) -> Vec<&Kept> {
        let mut of_sender: HashMap<u64, Vec<&Kept>> = HashMap::new();
        let mut counted: Vec<&Kept> = Vec::new();
        for c in self.corrections.values().rev() {
            let theirs = of_sender.entry(c.sender).or_default();
            if theirs.len() < self.caution.per_sender && !theirs.iter().any(|t| t.vector == c.vector) {
                theirs.push(c);
                counted.push(c);
            }
        }
        counted.reverse();
        counted
    }
}

fn put(steps: &mut [Lane], subject: usize, step: f32) {
    steps[subject / LANES][subject % LANES] = step;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Training;
    use crate::message::Labelled;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static TRAINED: LazyLock<Classifier> = LazyLock::new(|| {
        let rows: Vec<Labelled> = [
            ("灯", "楼道灯坏了"),
            ("灯", "路灯不亮"),
            ("水", "水管漏水"),
            ("水", "屋顶漏水"),
            ("车", "车位被占"),
            ("车", "路边乱停车"),
        ]
        .iter()
        .cycle()
        .take(60)
        .map(|(label, body)| Labelled::new(label, body))
        .collect();
        Classifier::train(&rows, &Training::default()).unwrap()
    });

    fn learner() -> Learner {
        Learner::new(TRAINED.clone(), Caution::default())
    }

    #[test]
    fn a_correction_holds_at_once_and_is_forgotten_without_trace() {
        let text = Message::of("路灯下乱停车");
        let mut learner = learner();
        let before = learner.predict(&text);
        let other = if before.label == "灯" { "车" } else { "灯" };
        learner.correct(1, 7, &text, other).unwrap();
        assert_eq!(learner.predict(&text).label, other);
        // What was right stays right.
        assert_eq!(learner.predict(&Message::of("水管漏水")).label, "水");
        assert!(learner.withdraw(1) && !learner.withdraw(1));
        assert_eq!(learner.predict(&text), before);
        let unknown = learner.correct(2, 7, &text, "树").unwrap_err().to_string();
        assert_eq!(
            unknown,
            "the subject \"树\" was not in the training; it takes messages to learn a new one"
        );
    }

    #[test]
    fn one_sender_cannot_flood_it() {
        let text = Message::of("水管漏水");
        let mut once = learner();
        once.correct(0, 7, &text, "车").unwrap();
        let mut often = learner();
        for id in 0..500 {
            often.correct(id, 7, &text, "车").unwrap();
        }
        assert_eq!(often.reader().probabilities(&text).to_vec(), once.reader().probabilities(&text).to_vec());
        assert_eq!(often.withdraw_sender(7), 500);
        assert_eq!(often.predict(&text), learner().predict(&text));
    }

    #[test]
    fn many_at_once_are_as_many_one_by_one() {
        let said = [(1, 7, "路灯下乱停车", "灯"), (2, 8, "车库漏水", "车"), (3, 8, "楼道漏水", "树")];
        let mut one_by_one = learner();
        for (id, sender, text, label) in said {
            let _ = one_by_one.correct(id, sender, &Message::of(text), label);
        }
        let mut at_once = learner();
        let left = at_once.correct_all(said.map(|(id, sender, text, label)| Correction {
            id,
            sender,
            message: Message::of(text),
            label: label.into(),
        }));
        assert_eq!(left, [CorrectionError::UnknownSubject("树".into())]);
        let text = Message::of("车库灯下漏水");
        assert_eq!(
            at_once.reader().probabilities(&text).to_vec(),
            one_by_one.reader().probabilities(&text).to_vec()
        );
    }

    proptest! {
        /// What has been learnt depends on the corrections that stand, not on how they came and went.
        #[test]
        fn the_order_does_not_matter(given in prop::collection::btree_map(0_u64..20, (0_u64..3, 0_usize..3, "[灯水车路坏漏停]{1,5}"), 1..12), gone in prop::collection::vec(0_u64..20, 0..5)) {
            let labels = ["水", "灯", "车"];
            let mut one = learner();
            for (id, (sender, subject, text)) in &given {
                one.correct(*id, *sender, &Message::of(text), labels[*subject]).unwrap();
            }
            for id in &gone {
                one.withdraw(*id);
            }
            let mut other = learner();
            for (id, (sender, subject, text)) in given.iter().rev().filter(|g| !gone.contains(g.0)) {
                other.correct(*id, *sender, &Message::of(text), labels[*subject]).unwrap();
            }
            let text = Message::of("路灯漏水停车");
            prop_assert_eq!(one.reader().probabilities(&text).to_vec(), other.reader().probabilities(&text).to_vec());
        }
    }
}
