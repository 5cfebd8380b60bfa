//! The words that tell a group of messages from all others.

use crate::text::{fold, is_letter};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Words have so many letters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Letters that only join others: no word begins or ends with one.
const JOINS: &str = "的了是在我们有和就不人也都要没又很到说被把给着这那个一天来去请吗呢吧啊上下里好多大能会还您你他她它而与及或由于从其";

/// So many messages are supposed in which a letter stands alone.
const UNKNOWN: f64 = 2.0;
/// What a word is worth whose letters hold together no more than any.
const LOOSE: f64 = 0.3;

/// In how many messages each word stands, and each letter: a word ends where its last letter and the next are seldom
/// together.
#[derive(Debug, Clone, Default)]
pub struct TellingWords {
    messages: usize,
    stands_in: HashMap<String, u32>,
    letters: HashMap<char, u32>,
}

pub(crate) fn words(text: &str) -> HashSet<String> {
    let mut out = HashSet::new();
    for_each_word(text, |letters, at| {
        out.insert(letters[at].iter().collect());
    });
    out
}

/// Calls for each word: the letters of the run that it stands in, and where in it.
fn for_each_word(text: &str, mut found: impl FnMut(&[char], Range<usize>)) {
    for run in text.split(|c: char| !is_letter(fold(c))) {
        let letters: Vec<char> = run.chars().map(fold).collect();
        for length in LENGTHS {
            for (at, word) in letters.windows(length).enumerate() {
                let ends = [word[0], word[length - 1]];
                if !ends.iter().any(|c| JOINS.contains(*c)) && !word.iter().all(char::is_ascii) {
                    found(&letters, at..at + length);
                }
            }
        }
    }
}

/// What a group says of one word.
#[derive(Default)]
struct Seen {
    /// In how many of its messages the word stands.
    messages: u32,
    /// How often it stands in all, and the sum of how well it is cut there.
    times: u32,
    cut: f64,
}

impl TellingWords {
    /// Counts the words of all messages that a group is compared with.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> TellingWords {
        let mut all = TellingWords::default();
        texts.into_iter().for_each(|text| all.count(text));
        all
    }

    /// Counts the words of one more message.
    pub fn count(&mut self, text: &str) {
        self.messages += 1;
        for word in words(text) {
            *self.stands_in.entry(word).or_default() += 1;
        }
        for letter in text.chars().map(fold).filter(|c| is_letter(*c)).collect::<HashSet<_>>() {
            *self.letters.entry(letter).or_default() += 1;
        }
    }

    /// How tightly two letters hold together, 0 to 1: how often the rarer of them stands beside the other, in messages
    /// other than a group's, which are often copies of one text. [`UNKNOWN`] letters more keep what is rare from proving
    /// anything.
    fn held(&self, pair: [char; 2], own: &Own) -> f64 {
        // No word ends within a number or a foreign word.
        if pair.iter().all(char::is_ascii) {
            return 1.0;
        }
        if pair.iter().any(|c| JOINS.contains(*c)) {
            return 0.0;
        }
        let others = |all: Option<&u32>, own: Option<&u32>| {
            let own = own.copied().unwrap_or(0);
            f64::from(all.copied().unwrap_or(0).saturating_sub(own)) + f64::from(own).sqrt()
        };
        let word: String = pair.iter().collect();
        let both = others(self.stands_in.get(&word), own.pairs.get(&pair));
        let rarer = pair
            .iter()
            .map(|c| others(self.letters.get(c), own.letters.get(c)))
            .fold(f64::INFINITY, f64::min);
        both / (rarer + UNKNOWN)
    }

    /// How well a word is cut out of its run, 0 to 1: its letters hold together, its ends let go of their neighbours.
    fn cut(&self, letters: &[char], at: &Range<usize>, own: &Own) -> f64 {
        let held = |i: usize| self.held([letters[i], letters[i + 1]], own);
        let left = if at.start == 0 { 0.0 } else { held(at.start - 1) };
        let right = if at.end == letters.len() { 0.0 } else { held(at.end - 1) };
        let within = (at.start..at.end - 1).map(held).sum::<f64>() / (at.len() - 1) as f64;
        (1.0 - left) * (1.0 - right) * (LOOSE + (1.0 - LOOSE) * within)
    }

    /// The words that tell a group best, the best first, `many` at most: those in most of its messages and in few
    /// others (share within × how rare it is among all, by its logarithm) that are cut where words end. None within
    /// another.
    pub fn tell(&self, group: &[&str], many: usize) -> Vec<String> {
        let own = Own::of(group);
        let mut within: HashMap<String, Seen> = HashMap::new();
        for text in group {
            let mut here = HashSet::new();
            for_each_word(text, |letters, at| {
                let word: String = letters[at.clone()].iter().collect();
                let seen = within.entry(word.clone()).or_default();
                seen.times += 1;
                seen.cut += self.cut(letters, &at, &own);
                if here.insert(word) {
                    seen.messages += 1;
                }
            });
        }
        let least = if group.len() > 1 { 2 } else { 1 };
        let mut found: Vec<(f64, String)> = within
            .into_iter()
            .filter(|(_, seen)| seen.messages >= least)
            .map(|(word, seen)| {
                let n = seen.messages;
                let all = f64::from(self.stands_in.get(&word).copied().unwrap_or(n).max(1));
                let rare = (self.messages.max(group.len()) as f64 / all).ln();
                // A longer word that stands as often says more than its part.
                let long = 1.0 + 0.1 * word.chars().count() as f64;
                let cut = seen.cut / f64::from(seen.times);
                (f64::from(n) / group.len() as f64 * rare * long * cut, word)
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut told: Vec<String> = Vec::new();
        for (_, word) in found {
            // What shares a pair of letters with a word that was told, or goes on where it ends, is a piece of the same.
            let overlaps = |t: &String| {
                let (ends, begins) = (|w: &str| w.chars().next_back(), |w: &str| w.chars().next());
                if ends(t) == begins(&word) || ends(&word) == begins(t) {
                    return true;
                }
                let pairs = |w: &str| w.chars().zip(w.chars().skip(1)).collect::<HashSet<_>>();
                !pairs(t).is_disjoint(&pairs(&word))
            };
            if !told.iter().any(overlaps) {
                told.push(word);
                if told.len() == many {
                    break;
                }
            }
        }
        told
    }
}

/// In how many messages of a group each letter and each pair of letters stands.
#[derive(Default)]
struct Own {
    letters: HashMap<char, u32>,
    pairs: HashMap<[char; 2], u32>,
}

impl Own {
    fn of(group: &[&str]) -> Own {
        let mut own = Own::default();
        for text in group {
            let letters: Vec<char> = text.chars().map(fold).collect();
            for c in letters.iter().copied().collect::<HashSet<_>>() {
                *own.letters.entry(c).or_default() += 1;
            }
            for pair in letters.windows(2).map(|w| [w[0], w[1]]).collect::<HashSet<_>>() {
                *own.pairs.entry(pair).or_default() += 1;
            }
        }
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_told_by_what_others_do_not_say() {
        let group = ["楼道的灯坏了三天，老人看不见", "三号楼楼道灯坏了", "楼道灯一直坏了没人修"];
        let others = ["三号楼电梯坏了", "老人没人管", "路上坏了一段", "没人修电梯", "三天没人收垃圾"];
        let all = TellingWords::of(group.into_iter().chain(others));
        let told = all.tell(&group, 2);
        assert!(told[0].contains("楼道"), "{told:?}");
        assert_eq!(all.tell(&[], 3), Vec::<String>::new());
        assert!(all.tell(&["abc def"], 3).is_empty());
    }

    #[test]
    fn words_end_where_words_end_though_the_group_are_copies_of_one_text() {
        let group = ["从我家厨房能看见烟，他们把炉子搬到店门口"; 3];
        let others = [
            "厨房的水管漏了",
            "楼下厨房油烟大",
            "公共厨房没有灯",
            "厨房里有老鼠",
            "炉子放在走廊",
            "煤球炉子很危险",
            "用炉子烧东西",
            "家里停水",
            "回家路上没灯",
            "老人独自在家",
        ];
        let all = TellingWords::of(group.into_iter().chain(others));
        let told = all.tell(&group, 4);
        for word in ["厨房", "炉子"] {
            assert!(told.iter().any(|t| t.contains(word)), "{told:?}");
        }
        for piece in told.iter().filter(|t| t.contains('厨') || t.contains('炉')) {
            assert!(piece.contains("厨房") || piece.contains("炉子"), "a word is cut in two: {told:?}");
        }
    }

    #[test]
    fn no_number_is_cut() {
        let group = ["107国道改道", "107国道拆迁", "107国道什么时候改"];
        let all = TellingWords::of(group.into_iter().chain(["7路车不来", "07年的房子", "国道太吵"]));
        for word in all.tell(&group, 4) {
            assert!(!word.starts_with('7') && !word.starts_with("07"), "{word}");
        }
    }
}
