//! Words that people use for the same thing, for finding what was written otherwise.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A line a thing: its words, separated by commas.
static SYNONYMS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in include_str!("../data/synonyms.csv").lines() {
        let words: Vec<&str> = line.split(',').collect();
        for word in &words {
            all.entry(word).or_default().extend(words.iter().filter(|w| *w != word));
        }
    }
    all
});

/// Other words for the same thing as `word`, as `data/synonyms.csv` has them; none for most words.
///
/// ```
/// assert_eq!(triage::synonyms("噪音"), ["噪声"]);
/// assert!(triage::synonyms("今天").is_empty());
/// ```
pub fn synonyms(word: &str) -> &'static [&'static str] {
    SYNONYMS.get(word).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_stands_once_and_leads_to_the_others() {
        for (word, others) in SYNONYMS.iter() {
            assert!(word.chars().count() >= 2 && !others.is_empty() && !others.contains(word), "{word}");
            let back = |other: &&&str| synonyms(other).iter().filter(|w| *w == word).count() == 1;
            assert!(others.iter().all(|other| back(&other)), "{word}: {others:?}");
        }
    }
}
