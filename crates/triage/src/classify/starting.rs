//! What a new district starts with: a classifier learnt from texts and words of our own.

use super::{Classifier, Training, TrainingError};
use crate::message::{Labelled, read_labelled};

/// Short reports of our own writing, nine and more a subject: `label,body`.
const TEXTS: &str = include_str!("../../data/starting.csv");
/// A word of the lexicon counts as so many messages that say nothing else.
const WORD_COUNTS: usize = 2;
/// Below this probability it is unsure. On the 364 texts from which the demo district is written, which are not
/// among those it learnt from, 74 of 100 answers are above it, and 81 of 100 of these are right.
const SURE: f32 = 0.5;

/// The messages that a new district starts with: our short reports, and each word of the lexicon
/// ([`crate::subject`]) as a message of its own. Their subjects are the codes of the lexicon, and `other`. A
/// district that has sorted messages of its own trains on these and its own together.
pub fn starting_messages() -> Vec<Labelled> {
    let mut rows = read_labelled(TEXTS).unwrap_or_default();
    for (word, code, strong) in crate::subject::lexicon() {
        for _ in 0..WORD_COUNTS * if strong { 2 } else { 1 } {
            rows.push(Labelled::new(code, word));
        }
    }
    rows
}

impl Classifier {
    /// A classifier for the subjects of everyday reports, from nothing but what comes with this crate: takes a few
    /// hundredths of a second. `cargo bench -p triage` prints how useful it is.
    ///
    /// # Errors
    /// Never with the files as they are; a changed file that holds one subject only is told of.
    pub fn starting() -> Result<Classifier, TrainingError> {
        let trained = Classifier::train(&starting_messages(), &Training::default())?;
        Ok(trained.with_threshold(SURE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Message;

    #[test]
    fn a_new_district_is_not_without_help() {
        let classifier = Classifier::starting().unwrap();
        assert_eq!(classifier.labels().len(), 27);
        for (text, code) in [
            ("三号楼电梯困人了", "elevators"),
            ("小区里路灯都不亮", "lighting"),
            ("路灯不亮", "lighting"),
            ("三楼楼道灯不亮", "lighting"),
            ("夜里有人唱歌，吵得孩子睡不着", "noise"),
            ("谢谢居委会帮忙", "praise"),
        ] {
            let told = classifier.predict(&Message::of(text));
            assert!(told.label == code && !told.unsure && !told.why.is_empty(), "{text}: {told:?}");
        }
        assert!(classifier.predict(&Message::of("你好")).unsure);
    }
}
