//! What kind of trouble a message tells of, by words that mean alike: 油烟 and 夜宵 are one trouble.

use crate::text::letters;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that mean alike, one kind a line: `code,word word word …`.
static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::parse(include_str!("../../data/troubles.csv")));

struct Kinds {
    /// By first letter: the words, the longest first, each with its kind.
    by_start: HashMap<char, Vec<(Vec<char>, u8)>>,
    count: usize,
}

impl Kinds {
    fn parse(text: &str) -> Kinds {
        let mut by_start: HashMap<char, Vec<(Vec<char>, u8)>> = HashMap::new();
        let mut count = 0;
        for (kind, (_, words)) in (0..).zip(text.lines().filter_map(|l| l.split_once(','))) {
            for word in words.split_whitespace() {
                let mut folded = Vec::new();
                letters(word, &mut folded);
                if let Some(first) = folded.first() {
                    by_start.entry(*first).or_default().push((folded, kind));
                }
            }
            count = usize::from(kind) + 1;
        }
        by_start.values_mut().for_each(|w| w.sort_by_key(|w| std::cmp::Reverse(w.0.len())));
        Kinds { by_start, count }
    }
}

/// How many kinds there are.
pub(super) fn kinds() -> usize {
    KINDS.count
}

/// Counts the words of each kind in letters; a word of a single letter counts half.
pub(super) fn count(letters: &[char], weight: f32, into: &mut [f32]) {
    let mut at = 0;
    while at < letters.len() {
        let mut next = at + 1;
        if let Some(words) = KINDS.by_start.get(&letters[at]) {
            for (word, kind) in words {
                if letters[at..].starts_with(word) {
                    into[usize::from(*kind)] += if word.len() == 1 { weight * 0.3 } else { weight };
                    next = next.max(at + word.len());
                }
            }
        }
        at = next;
    }
}

/// The kinds of trouble that a short text tells of, a bit each; a single letter tells of none.
pub(crate) fn of_text(text: &str) -> u64 {
    let (mut letters_of, mut counts) = (Vec::new(), vec![0.0; kinds()]);
    letters(text, &mut letters_of);
    count(&letters_of, 1.0, &mut counts);
    counts
        .iter()
        .enumerate()
        .filter(|c| *c.1 >= 1.0)
        .fold(0, |bits, (kind, _)| bits | 1_u64.wrapping_shl(kind as u32))
}

/// All words of troubles.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    include_str!("../../data/troubles.csv")
        .lines()
        .filter_map(|l| l.split_once(','))
        .flat_map(|(_, words)| words.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_bit_of_its_own() {
        assert!(kinds() <= 64);
        assert_eq!(of_text("楼下烧烤"), of_text("排烟管"));
        assert_eq!(of_text("楼下烧烤") & of_text("路灯不亮"), 0);
    }

    #[test]
    fn words_that_mean_alike_are_one_kind() {
        let of = |text: &str| {
            let mut counts = vec![0.0; kinds()];
            count(&text.chars().collect::<Vec<_>>(), 1.0, &mut counts);
            counts.iter().position(|c| *c > 0.9)
        };
        assert_eq!(of("楼下烧烤"), of("排烟管"));
        assert_ne!(of("楼下烧烤"), of("路灯坏了"));
        assert_eq!(of("无"), None);
    }
}
