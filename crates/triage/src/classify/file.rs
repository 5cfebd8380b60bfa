//! A classifier as a file: little-endian, each weight one byte (see [`Lines`]).

use super::Classifier;
use super::calibrate::Calibration;
use super::lexicon::Lexicon;
use super::lines::Lines;
use super::vocabulary::Vocabulary;

const MAGIC: &[u8; 8] = b"PQTRIA02";
/// The version before, in which every run told alike; it can be read as well.
const BEFORE: &[u8; 8] = b"PQTRIA01";
/// What every version begins with; the version's two digits follow.
const EVERY: usize = 6;

/// Why a file is no classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It begins with something else.
    #[error("it is not a model made by triage train")]
    Foreign,
    /// Another version of this program made it.
    #[error("the model is of version {}, this program reads 01 and 02: train it again", version(*.0))]
    Version([u8; 2]),
    /// It ends too early, or its parts do not fit together.
    #[error("the model is damaged: train it again")]
    Damaged,
}

fn version(digits: [u8; 2]) -> String {
    digits.map(|d| char::from(d).escape_default().to_string()).concat()
}

impl Classifier {
    /// The classifier as the bytes of a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
        out.extend(number(self.labels.len()));
        for label in &self.labels {
            out.extend(number(label.len()));
            out.extend(label.as_bytes());
        }
        out.extend(self.threshold.to_le_bytes());
        out.extend(self.calibration.slope.to_le_bytes());
        for offset in &self.calibration.offsets {
            out.extend(offset.to_le_bytes());
        }
        out.extend(self.vocabulary.messages.to_le_bytes());
        let lexicon = &self.vocabulary.lexicon;
        out.extend(number(lexicon.keys.len()));
        out.extend(lexicon.keys.iter().flat_map(|k| k.to_le_bytes()));
        out.extend(lexicon.costs.iter().flat_map(|c| c.to_le_bytes()));
        out.extend(number(self.vocabulary.len()));
        out.extend(self.vocabulary.keys.iter().flat_map(|k| k.to_le_bytes()));
        // How many messages a run was in matters little beyond some thousands.
        let seen = self.vocabulary.seen_in.iter();
        out.extend(seen.flat_map(|n| u16::try_from(*n).unwrap_or(u16::MAX).to_le_bytes()));
        out.extend(&self.vocabulary.telling);
        let (most, bytes) = self.weights.parts();
        out.extend(most.iter().flat_map(|m| m.to_le_bytes()));
        out.extend(bytes);
        out.extend(check(&out).to_le_bytes());
        out
    }

    /// Reads a classifier from the bytes of a file.
    ///
    /// # Errors
    /// When they are no classifier, not a whole one, or one of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Classifier, ModelError> {
        match bytes.first_chunk::<8>() {
            Some(begin) if begin == MAGIC || begin == BEFORE => {}
            Some([.., a, b]) if bytes.starts_with(&MAGIC[..EVERY]) => {
                return Err(ModelError::Version([*a, *b]));
            }
            _ => return Err(ModelError::Foreign),
        }
        if bytes.len() < MAGIC.len() + 4 {
            return Err(ModelError::Damaged);
        }
        let is_before = bytes.starts_with(BEFORE);
        let (bytes, sum) = bytes.split_at(bytes.len() - 4);
        if sum != check(bytes).to_le_bytes() {
            return Err(ModelError::Damaged);
        }
        let mut read = Bytes(&bytes[MAGIC.len()..]);
        let subjects = read.count(4)?;
        let mut labels = Vec::with_capacity(subjects);
        for _ in 0..subjects {
            let length = read.count(1)?;
            let label = std::str::from_utf8(read.take(length)?).map_err(|_| ModelError::Damaged)?;
            labels.push(label.to_owned());
        }
        let threshold = f32::from_le_bytes(read.array()?);
        let slope = f32::from_le_bytes(read.array()?);
        let offsets = read.floats(subjects)?;
        let messages = u32::from_le_bytes(read.array()?);
        let (keys, costs) = read.keyed()?;
        let lexicon = Lexicon::of(keys, costs);
        let (keys, seen_in) = read.keyed()?;
        let seen_in = seen_in.into_iter().map(u32::from).collect();
        let places = keys.len();
        let telling = if is_before { vec![u8::MAX; places] } else { read.take(places)?.to_vec() };
        let most = read.floats(subjects)?;
        let weights = Lines::read(most, read.take((places + 1) * subjects)?);
        let vocabulary = Vocabulary::of(lexicon, keys, seen_in, telling, messages);
        let calibration = Calibration { slope, offsets };
        Ok(Classifier { labels, vocabulary, weights, calibration, threshold })
    }
}

/// FNV-1a over words of eight bytes: finds what a bad disk or a broken copy does.
fn check(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        sum = (sum ^ u64::from_le_bytes(*word)).wrapping_mul(0x0100_0000_01b3);
        sum ^= sum >> 32;
    }
    for byte in rest {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (sum ^ (sum >> 32)) as u32
}

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, n: usize) -> Result<&'b [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)?.try_into().map_err(|_| ModelError::Damaged)
    }

    /// A number of things of which each takes at least so many bytes: never more than there are.
    fn count(&mut self, each: usize) -> Result<usize, ModelError> {
        let n = u32::from_le_bytes(self.array()?) as usize;
        if n.saturating_mul(each) <= self.0.len() { Ok(n) } else { Err(ModelError::Damaged) }
    }

    /// Keys, and a number of two bytes for each.
    fn keyed(&mut self) -> Result<(Vec<u32>, Vec<u16>), ModelError> {
        let n = self.count(6)?;
        let keys = self.take(n * 4)?.as_chunks().0.iter().map(|k| u32::from_le_bytes(*k)).collect();
        let values = self.take(n * 2)?.as_chunks().0.iter().map(|v| u16::from_le_bytes(*v)).collect();
        Ok((keys, values))
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.take(n * 4)?;
        Ok(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Training;
    use crate::message::{Labelled, Message};

    fn small() -> Classifier {
        let rows: Vec<Labelled> = [("灯", "灯坏了"), ("水", "漏水了"), ("灯", "灯不亮"), ("水", "又漏水")]
            .repeat(10)
            .into_iter()
            .map(|(label, body)| Labelled::new(label, body))
            .collect();
        Classifier::train(&rows, &Training::default()).unwrap()
    }

    #[test]
    fn what_is_read_again_says_the_same() {
        let c = small();
        let again = Classifier::from_bytes(&c.to_bytes()).unwrap();
        for text in ["楼道灯", "漏水", "别的"] {
            let (a, b) = (c.predict(&Message::of(text)), again.predict(&Message::of(text)));
            assert_eq!(a.label, b.label, "{text}");
            assert!((a.probability - b.probability).abs() < 0.01, "{text} {a:?} {b:?}");
        }
        assert_eq!(again.to_bytes(), Classifier::from_bytes(&again.to_bytes()).unwrap().to_bytes());
    }

    #[test]
    fn a_model_of_the_version_before_is_read_with_every_run_telling_alike() {
        let now = small();
        let bytes = now.to_bytes();
        // Without the bytes that this version has more, and with the sum made anew.
        let tells = &now.vocabulary.telling;
        let at = bytes.windows(tells.len()).rposition(|w| w == tells).unwrap();
        let mut before =
            [&BEFORE[..], &bytes[MAGIC.len()..at], &bytes[at + tells.len()..bytes.len() - 4]].concat();
        before.extend(check(&before).to_le_bytes());
        let read = Classifier::from_bytes(&before).unwrap();
        assert_eq!(read.labels(), now.labels());
        assert!(read.vocabulary.telling.iter().all(|t| *t == u8::MAX));
        assert_eq!(read.predict(&Message::of("楼道灯")).label, "灯");
    }

    #[test]
    fn every_shorter_or_changed_file_is_refused() {
        let bytes = small().to_bytes();
        assert_eq!(Classifier::from_bytes(b"id,title").unwrap_err(), ModelError::Foreign);
        for n in MAGIC.len()..bytes.len() {
            assert_eq!(Classifier::from_bytes(&bytes[..n]).unwrap_err(), ModelError::Damaged, "{n}");
        }
        let later = [b"PQTRIA03", &bytes[MAGIC.len()..]].concat();
        assert_eq!(
            Classifier::from_bytes(&later).unwrap_err().to_string(),
            "the model is of version 03, this program reads 01 and 02: train it again"
        );
        let mut changed = bytes.clone();
        changed[bytes.len() / 2] ^= 4;
        assert_eq!(Classifier::from_bytes(&changed).unwrap_err(), ModelError::Damaged);
    }
}
