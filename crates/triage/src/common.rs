//! What two short texts both say: named so that a person sees why they were taken for one matter.

use crate::matters::{building, trouble_words};
use crate::places::{PlaceKind, places};
use crate::subject::lexicon;
use crate::telling::words;
use crate::text::fold;
use std::sync::LazyLock;

/// The words by which reports are known, the longest first.
static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let subjects = lexicon().map(|entry| entry.0);
    let mut all: Vec<&str> = subjects.chain(trouble_words()).filter(|w| w.chars().nth(1).is_some()).collect();
    all.sort_unstable_by_key(|w| (std::cmp::Reverse(w.len()), *w));
    all.dedup();
    all
});

/// What stands in both texts, `most` at most, as the first writes it: buildings and places, then the words by which
/// reports are known; where there is none, the longest words that they share. None within another.
///
/// ```
/// let both = triage::in_common("3号楼电梯又停了", "三号楼的电梯坏了", 3);
/// assert_eq!(both, ["3号楼", "电梯"]);
/// ```
pub fn in_common(a: &str, b: &str, most: usize) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let theirs = places(b);
    for place in places(a) {
        let is_same = |other: &crate::Place| match place.kind {
            PlaceKind::Gate => false,
            PlaceKind::Building => {
                other.kind == PlaceKind::Building
                    && building(&place.name).is_some_and(|n| building(&other.name) == Some(n))
            }
            _ => place.name.chars().map(fold).eq(other.name.chars().map(fold)),
        };
        if theirs.iter().any(is_same) && !told.contains(&place.name) {
            told.push(place.name);
        }
    }
    let begin = told.len();
    let is_new =
        |told: &[String], word: &str| !told.iter().any(|t| t.contains(word) || word.contains(t.as_str()));
    for word in KNOWN.iter().filter(|w| a.contains(**w) && b.contains(**w)) {
        if is_new(&told, word) {
            told.push((*word).to_owned());
        }
    }
    if told.len() == begin {
        let theirs = words(b);
        let mut both: Vec<String> = words(a).into_iter().filter(|w| theirs.contains(w)).collect();
        both.sort_by_key(|w| (std::cmp::Reverse(w.chars().count()), a.find(w.as_str())));
        for word in both {
            if is_new(&told, &word) {
                told.push(word);
            }
        }
    }
    told[begin..].sort_by_key(|w| a.find(w.as_str()));
    told.truncate(most);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_say_is_told_once() {
        assert_eq!(
            in_common("百合路的共享单车堵住店门", "百合路上单车横七竖八，堵住人行道", 4),
            ["百合路", "单车"]
        );
        assert_eq!(in_common("5号楼电梯坏了", "3号楼电梯停了", 3), ["电梯"]);
        assert_eq!(in_common("花箱占掉一半路", "把花箱搬走", 3), ["花箱"]);
        assert_eq!(in_common("电梯坏了", "油烟太大", 3), Vec::<String>::new());
        assert!(in_common("", "", 3).is_empty());
    }
}
