//! What names of places end with, and what stands before a name without belonging to it: `data/places.csv`.

use super::PlaceKind;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Letters of a word.
type Letters = Vec<char>;

/// The words by which names are found.
pub(super) struct Words {
    /// Endings by their last letter, the longest first, and what they make of the letters before them.
    pub(super) endings: HashMap<char, Vec<(Letters, PlaceKind)>>,
    /// What stands before a name without belonging to it, by last letter.
    pub(super) before: HashMap<char, Vec<Letters>>,
    /// Words that end like a name and are none.
    pub(super) common: HashSet<Letters>,
    /// Words that make no name of the ending after them: a 配套 school and a 地下 garage are any of their kind.
    pub(super) any: HashSet<Letters>,
    /// The same for roads, of which many are named with words like 人民 and 劳动.
    pub(super) any_road: HashSet<Letters>,
    /// A single letter that ends a name does not when one of these follows: then it begins another word.
    pub(super) then: HashMap<char, Letters>,
}

/// The words that are built in; read once, in about a millisecond.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../data/places.csv")));

impl Words {
    /// One list a line: its name, a comma, words with blanks between.
    fn parse(text: &str) -> Words {
        let mut words = Words {
            endings: HashMap::new(),
            before: HashMap::new(),
            common: HashSet::new(),
            any: HashSet::new(),
            any_road: HashSet::new(),
            then: HashMap::new(),
        };
        for (list, line) in text.lines().filter_map(|l| l.split_once(',')) {
            for word in line.split_whitespace() {
                words.take(list, word.chars().collect());
            }
        }
        for endings in words.endings.values_mut() {
            endings.sort_by_key(|e| std::cmp::Reverse(e.0.len()));
        }
        words
    }

    fn take(&mut self, list: &str, word: Letters) {
        let (Some(first), Some(last)) = (word.first().copied(), word.last().copied()) else { return };
        match list {
            "before" => self.before.entry(last).or_default().push(word),
            "common" => drop(self.common.insert(word)),
            "any" => drop(self.any.insert(word)),
            "any_road" => drop(self.any_road.insert(word)),
            "then" => drop(self.then.insert(first, word[1..].to_vec())),
            list => {
                if let Some(kind) = list.strip_prefix("ending:").and_then(kind) {
                    self.endings.entry(last).or_default().push((word, kind));
                }
            }
        }
    }
}

fn kind(name: &str) -> Option<PlaceKind> {
    Some(match name {
        "area" => PlaceKind::Area,
        "road" => PlaceKind::Road,
        "compound" => PlaceKind::Compound,
        "facility" => PlaceKind::Facility,
        "organisation" => PlaceKind::Organisation,
        "building" => PlaceKind::Building,
        "gate" => PlaceKind::Gate,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_file_is_read() {
        let words = &*WORDS;
        let endings = |k| words.endings.values().flatten().filter(|e| e.1 == k).count();
        for kind in [
            PlaceKind::Area,
            PlaceKind::Road,
            PlaceKind::Compound,
            PlaceKind::Facility,
            PlaceKind::Organisation,
            PlaceKind::Building,
            PlaceKind::Gate,
        ] {
            assert!(endings(kind) > 5, "{kind:?}");
        }
        assert!(words.common.len() > 200 && words.any.len() > 100 && words.any_road.len() > 30);
        assert!(words.before.len() > 100 && words.then.len() > 20);
    }
}
