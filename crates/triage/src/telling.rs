//! The words that tell a group of messages from all others.

use crate::text::{fold, is_letter};
use std::collections::{HashMap, HashSet};

/// Words have so many letters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// Letters that only join others: no word begins or ends with one.
const JOINS: &str =
    "的了是在我们有和就不人也都要没又很到说被把给着这那个一天来去请吗呢吧啊上下里好多大能会还";

/// In how many messages each word stands.
#[derive(Debug, Clone, Default)]
pub struct TellingWords {
    messages: usize,
    stands_in: HashMap<String, u32>,
}

fn words(text: &str) -> HashSet<String> {
    let mut out = HashSet::new();
    for run in text.split(|c: char| !is_letter(fold(c))) {
        let letters: Vec<char> = run.chars().map(fold).collect();
        for length in LENGTHS {
            for word in letters.windows(length) {
                let ends = [word[0], word[length - 1]];
                if !ends.iter().any(|c| JOINS.contains(*c)) && !word.iter().all(char::is_ascii) {
                    out.insert(word.iter().collect());
                }
            }
        }
    }
    out
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
    }

    /// The words that tell a group best, the best first, `many` at most: those in most of its messages and in few
    /// others (share within × how rare it is among all, by its logarithm). None within another.
    pub fn tell(&self, group: &[&str], many: usize) -> Vec<String> {
        let mut within: HashMap<String, u32> = HashMap::new();
        for text in group {
            for word in words(text) {
                *within.entry(word).or_default() += 1;
            }
        }
        let least = if group.len() > 1 { 2 } else { 1 };
        let mut found: Vec<(f64, String)> = within
            .into_iter()
            .filter(|(_, n)| *n >= least)
            .map(|(word, n)| {
                let all = f64::from(self.stands_in.get(&word).copied().unwrap_or(n).max(1));
                let rare = (self.messages.max(group.len()) as f64 / all).ln();
                // A longer word that stands as often says more than its part.
                let long = 1.0 + 0.1 * word.chars().count() as f64;
                (f64::from(n) / group.len() as f64 * rare * long, word)
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
}
