//! What the classifier sees of a message: short runs of letters, counted in two zones.
//!
//! Zone 0 is everything that was written, zone 1 the heading alone (or the first letters where there is
//! none): people put into the heading what the matter is, and into the text how it came about, so a run
//! weighs differently there. Each zone is a vector of its own length 1: a long text does not drown its heading.

use super::lexicon::{Cut, Lexicon, finish, step};
use crate::message::Message;
use crate::text::letters;

/// How many zones there are.
pub(super) const ZONES: usize = 3;
/// How much a zone counts.
pub(super) const ZONE_WEIGHT: [f32; ZONES] = [1.0, 1.0, 1.0];
/// The longest runs of letters counted.
const LONGEST: usize = 3;
/// So many letters pass for the heading of a message that has none.
const HEAD: usize = 20;
/// Beyond so many letters a message is not read: nobody tells more than one matter in them.
const MOST: usize = 6_000;

const _: () = assert!(2 * MOST * (LONGEST + 1) < u16::MAX as usize);

/// A pair of words is told to span so many letters at most.
const MOST_SPAN: usize = 32;

/// The letters of a message, how many of them are its heading, and its words.
#[derive(Debug, Default)]
pub(super) struct Letters {
    pub(super) all: Vec<char>,
    pub(super) head: usize,
    cut: Cut,
}

impl Letters {
    /// Reads a message into the same buffers again.
    pub(super) fn read(&mut self, message: &Message, lexicon: &Lexicon) {
        self.all.clear();
        letters(&message.title, &mut self.all);
        self.head = self.all.len();
        letters(&message.body, &mut self.all);
        self.all.truncate(MOST);
        if self.head == 0 {
            self.head = self.all.len().min(HEAD);
        }
        self.head = self.head.min(self.all.len());
        lexicon.cut(&self.all, &mut self.cut);
    }

    /// So many runs and words are told at most; as a message is read to a certain length only, they can be counted by a `u16`.
    pub(super) fn most_runs(&self) -> usize {
        LONGEST * (self.all.len() + self.head) + 2 * self.cut.words.len()
    }

    /// Where each word begins and ends.
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, usize)> {
        self.cut.words.iter().map(|w| (w.0, w.1))
    }

    /// Tells every run and word, one zone after the other: its key, where it begins and how long it is.
    #[inline]
    pub(super) fn runs(&self, mut tell: impl FnMut(u32, usize, usize)) {
        for (zone, letters) in (0..).zip([&self.all[..], &self.all[..self.head]]) {
            for from in 0..letters.len() {
                let mut state = 0_u64;
                for (n, letter) in letters[from..].iter().take(LONGEST).enumerate() {
                    state = step(state, *letter);
                    tell(key(finish(state), zone), from, n + 1);
                }
            }
        }
        let mut before: Option<(usize, u32)> = None;
        for (begin, end, word) in &self.cut.words {
            tell(key(*word, 2), *begin, end - begin);
            if let Some((begin, first)) = before {
                let pair = first.rotate_left(9).wrapping_mul(0x9e37_79b1) ^ word.wrapping_mul(0x85eb_ca77);
                // A pair may span what the lexicon left out between.
                tell(key(pair, 2), begin, (end - begin).min(MOST_SPAN));
            }
            before = Some((*begin, *word));
        }
    }
}

/// The hash of a run with its zone in the lowest bits.
#[inline]
fn key(hash: u32, zone: u32) -> u32 {
    hash & !3 | zone
}

/// The zone of a key.
#[inline]
pub(super) fn zone(key: u32) -> usize {
    (key & 3) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn keys(title: &str, body: &str) -> Vec<u32> {
        let mut letters = Letters::default();
        letters.read(
            &Message { title: title.into(), body: body.into(), ..Message::default() },
            &Lexicon::default(),
        );
        let mut out = Vec::new();
        letters.runs(|key, _, _| out.push(key));
        out
    }

    #[test]
    fn punctuation_and_width_of_letters_do_not_matter() {
        assert_eq!(keys("Ａ区，漏水！", "二 楼"), keys("a区漏水", "二楼"));
    }

    #[test]
    fn a_heading_is_counted_for_itself() {
        let found = keys("漏水", "楼");
        assert_eq!(found.len(), 6 + 3);
        assert_eq!(found.iter().filter(|k| zone(**k) == 1).count(), 3);
        assert_eq!(found.iter().collect::<HashSet<_>>().len(), 9);
    }
}
