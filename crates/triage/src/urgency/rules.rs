//! The lists of `data/dangers.csv`.

use super::UrgentKind;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// The lists that are built in.
pub(super) static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::parse(include_str!("../../data/dangers.csv")));

/// A word, and the rule and the part of it to which it belongs; none for one that is harmless.
type Word = (Vec<char>, Option<(usize, usize)>);

/// What speaks alone has one part; of several, one word of each stands in a sentence.
pub(super) struct Rule {
    pub(super) kind: UrgentKind,
    pub(super) class: String,
    pub(super) parts: usize,
    /// Words of its parts stand at most so many letters apart.
    pub(super) apart: usize,
}

/// Words of several parts stand at most so many letters apart, where their list says nothing else.
const APART: usize = 12;

/// Letters from the first to the last of Han.
const LETTERS: usize = 0xa000;

/// All rules.
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    /// Said before fire, falling and collapse in their clause, these make them feared or past.
    pub(super) feared: Vec<String>,
    /// The same where they stand right before.
    pub(super) feared_before: Vec<String>,
    /// Words that hold one of `feared` and mean something else.
    pub(super) is_not_feared: Vec<String>,
    /// The words by their first letter, and for each letter up to the last of Han where its words begin and end.
    words: Vec<Word>,
    /// The second letter of each, nought where it has none.
    seconds: Vec<char>,
    by_start: Vec<(u32, u32)>,
    /// By class (nothing for all): words by which a clause is about something else.
    unless: HashMap<String, Vec<String>>,
}

impl Rules {
    /// One list a line: `kind:class:apart,words | words`, `innocent,words`, `unless:class,words`, `feared,words`.
    fn parse(text: &str) -> Rules {
        let mut rules = Rules {
            rules: Vec::new(),
            feared: Vec::new(),
            feared_before: Vec::new(),
            is_not_feared: Vec::new(),
            words: Vec::new(),
            seconds: Vec::new(),
            by_start: vec![(0, 0); LETTERS],
            unless: HashMap::new(),
        };
        let mut by_start: BTreeMap<char, Vec<Word>> = BTreeMap::new();
        let mut add = |word: &str, of: Option<(usize, usize)>| {
            let letters: Vec<char> = word.chars().collect();
            if let Some(first) = letters.first() {
                by_start.entry(*first).or_default().push((letters, of));
            }
        };
        for (list, line) in text.lines().filter_map(|l| l.split_once(',')) {
            let mut names = list.split(':');
            let (list, class) = (names.next().unwrap_or(""), names.next().unwrap_or(""));
            let apart = names.next().and_then(|n| n.parse().ok()).unwrap_or(APART);
            let words = || line.split_whitespace().map(str::to_owned);
            match list {
                "innocent" => line.split_whitespace().for_each(|w| add(w, None)),
                "unless" => rules.unless.entry(class.to_owned()).or_default().extend(words()),
                "feared" => rules.feared.extend(words()),
                "feared_before" => rules.feared_before.extend(words()),
                "is_not_feared" => rules.is_not_feared.extend(words()),
                _ => {
                    let kind = if list == "utility" { UrgentKind::Utility } else { UrgentKind::Danger };
                    let rule = rules.rules.len();
                    let parts = line.split('|').zip(0..);
                    let class = class.to_owned();
                    rules.rules.push(Rule { kind, class, parts: parts.clone().count(), apart });
                    for (words, part) in parts {
                        words.split_whitespace().for_each(|w| add(w, Some((rule, part))));
                    }
                }
            }
        }
        rules.index(by_start);
        rules
    }

    /// Sets each word beside those of its first letter.
    fn index(&mut self, words: BTreeMap<char, Vec<Word>>) {
        for (first, words) in words {
            let from = self.words.len() as u32;
            self.seconds.extend(words.iter().map(|w| w.0.get(1).copied().unwrap_or('\0')));
            self.words.extend(words);
            if let Some(of) = self.by_start.get_mut(first as usize) {
                *of = (from, self.words.len() as u32);
            }
        }
    }

    /// The words that begin with a letter and go on with the next, or are done.
    pub(super) fn beginning_with(&self, first: char, next: char) -> impl Iterator<Item = &Word> {
        let (from, to) = self.by_start.get(first as usize).copied().unwrap_or_default();
        let range = from as usize..to as usize;
        self.seconds[range.clone()]
            .iter()
            .zip(&self.words[range])
            .filter(move |(second, _)| **second == next || **second == '\0')
            .map(|(_, word)| word)
    }

    /// Whether a word of the list stands in a clause.
    pub(super) fn is_about(&self, clause: &str, class: &str) -> bool {
        self.unless.get(class).is_some_and(|words| words.iter().any(|w| clause.contains(w.as_str())))
    }

    /// Whether what comes after these words of a clause is only feared, or past.
    pub(super) fn is_feared(&self, before: &str) -> bool {
        let mut before = before.to_owned();
        for word in &self.is_not_feared {
            before = before.replace(word.as_str(), "");
        }
        self.feared.iter().any(|w| before.contains(w.as_str()))
            || self.feared_before.iter().any(|w| before.ends_with(w.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_file_is_read() {
        let of = |kind| RULES.rules.iter().filter(|r| r.kind == kind).count();
        assert!(of(UrgentKind::Danger) > 30 && of(UrgentKind::Utility) > 3);
        assert!(RULES.rules.iter().all(|r| (1..=3).contains(&r.parts)));
        assert!(!RULES.feared.is_empty() && RULES.unless.len() > 5);
        let classes: Vec<&str> = RULES.rules.iter().map(|r| r.class.as_str()).collect();
        for class in RULES.unless.keys().filter(|c| !c.is_empty() && *c != "smoke") {
            assert!(classes.contains(&class.as_str()), "no rule is of the class {class}");
        }
    }
}
