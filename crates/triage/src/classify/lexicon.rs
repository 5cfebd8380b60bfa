//! Cutting letters into words, with the words of the training's own segmented lines.
//!
//! The cut is the likeliest by the words' frequencies (Viterbi over a unigram model). Letters in no word
//! stand alone and are left out: what a segmented file left out as saying nothing is left out here too, so
//! that raw text and segmented lines look alike.

use super::table::Table;
use crate::message::{Labelled, Message};
use crate::text::letters;
use std::collections::HashMap;

/// The longest word, in letters.
const LONGEST: usize = 7;
/// A word is known that stands in the lines so often.
const OFTEN: u32 = 3;

/// Words and how often they are used.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    /// The key of each word, or of letters that words begin with.
    pub(super) keys: Vec<u32>,
    /// `-ln` of each word's share of all words, in 1/2048; [`PREFIX`] where it only begins words.
    pub(super) costs: Vec<u16>,
    /// From key to cost.
    table: Table,
}

const UNIT: f32 = 2048.0;
/// Not a word, but some word begins so.
const PREFIX: u16 = u16::MAX;
/// What a letter costs that is in no word.
const UNKNOWN: f32 = 18.0;

#[inline]
pub(super) fn step(state: u64, letter: char) -> u64 {
    (state.rotate_left(23) ^ u64::from(u32::from(letter)))
        .wrapping_add(0x632b_e59b_d9b4_e019)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
pub(super) fn finish(state: u64) -> u32 {
    let mixed = (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 32) as u32
}

/// Buffers of a cut.
#[derive(Debug, Default)]
pub(super) struct Cut {
    costs: Vec<f32>,
    from: Vec<u8>,
    known: Vec<bool>,
    /// The words found: where each begins and ends, and its key.
    pub(super) words: Vec<(usize, usize, u32)>,
}

impl Lexicon {
    pub(super) fn of(keys: Vec<u32>, costs: Vec<u16>) -> Lexicon {
        let table = Table::with(keys.iter().copied().zip(costs.iter().map(|c| u32::from(*c))));
        Lexicon { keys, costs, table }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Learns the words of segmented lines; knows none if there are no such lines.
    pub(super) fn learn(rows: &[Labelled]) -> Lexicon {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for row in rows.iter().filter(|r| r.segmented) {
            let Message { title, body, .. } = &row.message;
            for word in title.split(' ').chain(body.split(' ')) {
                *counts.entry(word).or_default() += 1;
            }
        }
        let mut words: HashMap<Vec<char>, u32> = HashMap::new();
        let mut all = 0_u64;
        for (word, n) in counts {
            let mut folded = Vec::new();
            letters(word, &mut folded);
            if (1..=LONGEST).contains(&folded.len()) {
                *words.entry(folded).or_default() += n;
                all += u64::from(n);
            }
        }
        let mut entries: HashMap<u32, u16> = HashMap::new();
        for (word, n) in words.into_iter().filter(|w| w.1 >= OFTEN) {
            let cost = ((all as f32 / n as f32).ln() * UNIT).min(f32::from(PREFIX - 1));
            let mut state = 0;
            for (i, letter) in word.iter().enumerate() {
                state = step(state, *letter);
                let entry = entries.entry(finish(state)).or_insert(PREFIX);
                if i + 1 == word.len() {
                    *entry = (*entry).min(cost as u16);
                }
            }
        }
        let mut entries: Vec<(u16, u32)> = entries.into_iter().map(|(k, c)| (c, k)).collect();
        entries.sort_unstable();
        let (costs, keys) = entries.into_iter().unzip();
        Lexicon::of(keys, costs)
    }

    /// Cuts letters into the likeliest words.
    pub(super) fn cut(&self, all: &[char], cut: &mut Cut) {
        cut.words.clear();
        if self.is_empty() {
            return;
        }
        let n = all.len();
        cut.costs.clear();
        cut.costs.resize(n + 1, f32::INFINITY);
        cut.costs[0] = 0.0;
        cut.from.clear();
        cut.from.resize(n + 1, 1);
        cut.known.clear();
        cut.known.resize(n + 1, false);
        for i in 0..n {
            let here = cut.costs[i];
            if here + UNKNOWN < cut.costs[i + 1] {
                cut.costs[i + 1] = here + UNKNOWN;
                cut.from[i + 1] = 1;
                cut.known[i + 1] = false;
            }
            let mut state = 0;
            for (length, letter) in (1_u8..).zip(&all[i..(i + LONGEST).min(n)]) {
                state = step(state, *letter);
                let Some(cost) = self.table.get(finish(state)) else { break };
                let end = i + usize::from(length);
                if cost == u32::from(PREFIX) {
                    continue;
                }
                let there = here + cost as f32 / UNIT;
                if there < cut.costs[end] {
                    cut.costs[end] = there;
                    cut.from[end] = length;
                    cut.known[end] = true;
                }
            }
        }
        let mut end = n;
        while end > 0 {
            let begin = end - usize::from(cut.from[end]);
            if cut.known[end] {
                let key = finish(all[begin..end].iter().fold(0, |state, c| step(state, *c)));
                cut.words.push((begin, end, key));
            }
            end = begin;
        }
        cut.words.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_cut_into_the_words_of_the_lines() {
        let line = |words: &str| Labelled { message: Message::of(words), label: "x".into(), segmented: true };
        let rows = vec![line("业主 委员会 业主 公共 收益 委员"); 3];
        let lexicon = Lexicon::learn(&rows);
        let all: Vec<char> = "业主的委员会把公共收益".chars().collect();
        let mut cut = Cut::default();
        lexicon.cut(&all, &mut cut);
        let words: Vec<String> = cut.words.iter().map(|w| all[w.0..w.1].iter().collect()).collect();
        assert_eq!(words, ["业主", "委员会", "公共", "收益"]);
        Lexicon::default().cut(&all, &mut cut);
        assert_eq!(cut.words, []);
    }
}
