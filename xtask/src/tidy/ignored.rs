//! A test that is not run says why.

use super::source::{Token, tokens};
use super::{Finding, Tree};

/// Finds `#[ignore]` without `= "reason"`.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in tree.under("", ".rs") {
        let tokens = tokens(source);
        for window in tokens.windows(4) {
            let [(_, Token::Sign('#')), (_, Token::Sign('[')), (line, Token::Word(word)), (_, next)] = window
            else {
                continue;
            };
            if word == "ignore" && *next == Token::Sign(']') {
                let message = "#[ignore] needs its reason: #[ignore = \"why, and how to run it\"]";
                findings.push(Finding::error(path, *line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_ignore_is_found_and_a_reasoned_one_is_not() {
        let source = "#[test]\n#[ignore]\nfn a() {}\n#[test]\n#[ignore = \"needs the folder\"]\nfn b() {}\n";
        let found = check(&Tree::of(&[("crates/a/tests/t.rs", source)]));
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("error: crates/a/tests/t.rs:2: "));
    }
}
