//! Every text on a page is there in Chinese and in English, and none is left over.
//!
//! The texts stand in `words! { key: "中文", "English"; }` in [`FILE`]. A key that no template and no
//! source of the pages names is left over from a page that is gone.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Token, tokens};
use super::{Finding, Tree};

/// The one place where words live: a file, or a folder of files.
const FILE: &str = "crates/web/src/words";

/// Where a key may be used.
const USERS: [&str; 2] = ["crates/web/", "crates/pianqu/"];

/// One entry.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    line: usize,
    key: String,
    chinese: String,
    english: String,
}

/// Reads the entries and looks for their users.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let used = used(tree);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (path, source) in tree.under(FILE, ".rs") {
        let (entries, broken) = entries(source);
        findings.extend(broken.into_iter().map(|(line, message)| Finding::error(path, line, message)));
        for entry in entries {
            let mut wrong = |message: String| findings.push(Finding::error(path, entry.line, message));
            if !entry.chinese.chars().any(is_chinese) {
                wrong(format!("{} has no Chinese: {:?}", entry.key, entry.chinese));
            }
            if entry.english.trim().is_empty() || entry.english.chars().any(is_chinese) {
                wrong(format!("{} has no English, or Chinese in it: {:?}", entry.key, entry.english));
            }
            if !used.contains(&entry.key) {
                wrong(format!("{} is used by no template and no page: take it out", entry.key));
            }
            if placeholders(&entry.chinese) != placeholders(&entry.english) {
                wrong(format!("{} fills in other things in Chinese than in English", entry.key));
            }
            if let Some(first) = seen.insert(entry.key.clone(), format!("{path}:{}", entry.line)) {
                wrong(format!("{} is there twice, first at {first}", entry.key));
            }
        }
    }
    findings
}

/// Every word of the templates and sources that may use a key.
fn used(tree: &Tree) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for folder in USERS {
        for (_, template) in tree.under(folder, "").filter(|(path, _)| path.contains("/templates/")) {
            let words = template.split(|c: char| !c.is_alphanumeric() && c != '_');
            used.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
        }
        for (_, source) in tree.under(folder, ".rs").filter(|(path, _)| !path.starts_with(FILE)) {
            for (_, token) in tokens(source) {
                match token {
                    Token::Word(word) => {
                        used.insert(word);
                    }
                    // Templates may stand in the source, and keys may be looked up by name.
                    Token::Text(text) => {
                        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                        used.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
                    }
                    Token::Sign(_) => {}
                }
            }
        }
    }
    used
}

/// The entries of every `words! { … }` in a source, and what in them is no entry.
fn entries(source: &str) -> (Vec<Entry>, Vec<(usize, String)>) {
    let tokens = tokens(source);
    let mut entries = Vec::new();
    let mut broken = Vec::new();
    let mut at = 0;
    while at + 2 < tokens.len() {
        let opens = matches!(&tokens[at..at + 3],
            [(_, Token::Word(word)), (_, Token::Sign('!')), (_, Token::Sign('{'))] if word == "words");
        at += 1;
        if !opens {
            continue;
        }
        at += 2;
        while at < tokens.len() && tokens[at].1 != Token::Sign('}') {
            let end = tokens[at..].iter().position(|(_, t)| *t == Token::Sign(';')).map(|n| at + n);
            let end = end.unwrap_or(tokens.len() - 1);
            match entry(&tokens[at..end]) {
                Some(entry) => entries.push(entry),
                None => broken.push((tokens[at].0, "is not `key: \"中文\", \"English\";`".to_owned())),
            }
            at = end + 1;
        }
    }
    (entries, broken)
}

/// `key: "中文", "English"`, or `key(n, when): …` for one that is filled in.
fn entry(tokens: &[(usize, Token)]) -> Option<Entry> {
    let close = tokens
        .iter()
        .take_while(|(_, t)| !matches!(t, Token::Text(_)))
        .position(|(_, t)| *t == Token::Sign(')'));
    let (head, rest) = match close {
        Some(close) => (&tokens[..1], &tokens[close + 1..]),
        None => tokens.split_at(tokens.len().min(1)),
    };
    match [head, rest].concat().as_slice() {
        [
            (line, Token::Word(key)),
            (_, Token::Sign(':')),
            (_, Token::Text(chinese)),
            (_, Token::Sign(',')),
            (_, Token::Text(english)),
        ] => {
            Some(Entry { line: *line, key: key.clone(), chinese: chinese.clone(), english: english.clone() })
        }
        _ => None,
    }
}

/// The names between braces, sorted.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A Han character, the marks of Chinese punctuation included.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str, template: &str) -> Vec<String> {
        let words = format!("macro_rules! words {{ () => {{}} }}\nwords! {{\n{words}\n}}\n");
        let tree = Tree::of(&[
            ("crates/web/src/words.rs", words.as_str()),
            ("crates/web/templates/a.html", template),
            ("crates/web/src/lib.rs", "fn title(w: &Words) { w.title; }"),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn words_in_both_languages_that_are_used_are_clean() {
        let words = "// the button\nreport: \"报告给居委会\",\n  \"Tell the committee\";\ntitle: \"{n} 件\", \"{n} cases\";";
        assert_eq!(found(words, "<button>{{ w.report }}</button>"), [""; 0]);
    }

    #[test]
    fn a_word_that_nobody_uses_is_found_with_its_line() {
        let left_over = "title: \"题\", \"Title\";\nold: \"旧\", \"Old\";";
        assert_eq!(
            found(left_over, ""),
            ["error: crates/web/src/words.rs:4: old is used by no template and no page: take it out"]
        );
    }

    #[test]
    fn a_missing_language_a_twin_and_a_broken_line_are_found() {
        assert!(found("title: \"Title\", \"Title\";", "")[0].contains("title has no Chinese"));
        assert!(found("title: \"题\", \"\";", "")[0].contains("title has no English"));
        assert!(found("title: \"题\", \"题\";", "")[0].contains("title has no English, or Chinese in it"));
        assert!(
            found("title: \"题\", \"A\";\ntitle: \"题\", \"A\";", "")[0].contains("title is there twice")
        );
        assert!(found("title: \"题{n}\", \"A\";", "")[0].contains("fills in other things"));
        assert!(found("title: \"题\";", "")[0].contains("is not `key:"));
    }
}
