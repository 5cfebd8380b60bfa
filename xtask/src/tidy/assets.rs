//! Vendored files are the ones that were vendored: their SHA-256 sums stand in a list beside them.

use std::collections::BTreeMap;

use super::{Finding, Tree};
use crate::checksum;

/// Where vendored and own assets of the pages lie.
pub(super) const FOLDER: &str = "crates/web/assets/";

/// The list of sums, in the form that `sha256sum --check` reads (from within the folder).
pub(crate) const LIST: &str = "crates/web/assets/CHECKSUMS";

/// The list as it should be.
pub(crate) fn checksums(tree: &Tree) -> String {
    checksum::print(&sums(tree))
}

fn sums(tree: &Tree) -> BTreeMap<String, String> {
    tree.files()
        .filter(|(path, _)| *path != LIST)
        .filter_map(|(path, bytes)| Some((path.strip_prefix(FOLDER)?.to_owned(), checksum::sha256(bytes))))
        .collect()
}

/// Compares the files with the list, both ways.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let actual = sums(tree);
    if actual.is_empty() && tree.text(LIST).is_none() {
        return Vec::new();
    }
    let listed = match checksum::parse(tree.text(LIST).unwrap_or_default()) {
        Ok(listed) => listed,
        Err(e) => return vec![Finding::error(LIST, 0, e)],
    };
    let mut findings = Vec::new();
    for (name, sum) in &actual {
        let message = match listed.get(name) {
            None => "is not in CHECKSUMS: look where it came from, then run `cargo xtask assets`",
            Some(expected) if expected != sum => {
                "is not the file in CHECKSUMS: if the change is meant, run `cargo xtask assets`"
            }
            Some(_) => continue,
        };
        findings.push(Finding::error(&format!("{FOLDER}{name}"), 0, message));
    }
    for name in listed.keys().filter(|name| !actual.contains_key(*name)) {
        findings.push(Finding::error(LIST, 0, format!("lists {name}, which is not there")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: (&str, &str) = ("crates/web/assets/page.css", "body {}");

    #[test]
    fn a_list_just_written_is_clean() {
        let list = checksums(&Tree::of(&[PAGE]));
        assert_eq!(check(&Tree::of(&[PAGE, (LIST, list.as_str())])), []);
        assert_eq!(check(&Tree::of(&[])), []);
    }

    #[test]
    fn a_changed_a_new_and_a_missing_file_are_found() {
        let gone = ("crates/web/assets/gone.js", "");
        let list = checksums(&Tree::of(&[PAGE, gone]));
        let now = [("crates/web/assets/page.css", "body{ }"), ("crates/web/assets/new.js", "")];
        let found = check(&Tree::of(&[now[0], now[1], (LIST, list.as_str())]));
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("new.js: is not in CHECKSUMS"));
        assert!(found[1].contains("page.css: is not the file in CHECKSUMS"));
        assert!(found[2].contains("lists gone.js, which is not there"));
    }
}
