//! Every dependency of the workspace is used: a light check that asks whether a source of the package
//! says its name at all.
//!
//! A crate that is there only for its features is declared with its reason:
//!
//! ```toml
//! [package.metadata.tidy]
//! indirect = { libsqlite3-sys = "turns on full-text search" }
//! ```

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::manifest::{Package, line_of, packages};
use super::source::{Token, tokens};
use super::{Finding, Tree};

/// Compares the manifests with the words of the sources.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let (packages, _) = packages(tree);
    let mut findings = Vec::new();
    for package in &packages {
        unused(tree, package, &mut findings);
    }
    let inherited: BTreeSet<&str> = packages
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.inherited)
        .map(|dependency| dependency.name.as_str())
        .collect();
    let root = tree.text("Cargo.toml").unwrap_or_default();
    let root_table = root.parse::<Table>().unwrap_or_default();
    let shared = root_table.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    for (name, value) in shared.and_then(Value::as_table).into_iter().flatten() {
        // Our own rooms may be declared before anybody moves in.
        if value.get("path").is_none() && !inherited.contains(name.as_str()) {
            let message = format!("{name} is declared for the workspace and no package inherits it");
            findings.push(Finding::error("Cargo.toml", line_of(root, name), message));
        }
    }
    findings
}

fn unused(tree: &Tree, package: &Package, findings: &mut Vec<Finding>) {
    let words: BTreeSet<String> = tree
        .under(&package.folder, ".rs")
        .flat_map(|(_, source)| tokens(source))
        .filter_map(|(_, token)| if let Token::Word(word) = token { Some(word) } else { None })
        .collect();
    for dependency in &package.dependencies {
        let called = dependency.name.replace('-', "_");
        match package.indirect.get(&dependency.name).map(String::as_str) {
            Some("") => findings.push(Finding::error(
                &package.path,
                dependency.line,
                format!("{} is indirect without a reason", dependency.name),
            )),
            Some(_) => {}
            None if words.contains(&called) => {}
            None => findings.push(Finding::error(
                &package.path,
                dependency.line,
                format!("{} is not used by any source of {}", dependency.name, package.name),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: (&str, &str) = (
        "Cargo.toml",
        "[workspace.dependencies]\nserde = \"1\"\nlonely = \"1\"\ndomain = { path = \"crates/domain\" }\n",
    );

    #[test]
    fn what_no_source_names_is_found_and_a_comment_does_not_count() {
        let found = check(&Tree::of(&[
            ROOT,
            (
                "crates/a/Cargo.toml",
                "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\nfull-text = \"1\"\n",
            ),
            ("crates/a/src/lib.rs", "// full_text\nuse serde::Serialize;\n"),
        ]));
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "error: crates/a/Cargo.toml:5: full-text is not used by any source of a",
                "error: Cargo.toml:3: lonely is declared for the workspace and no package inherits it",
            ]
        );
    }

    #[test]
    fn a_crate_used_for_its_features_gives_its_reason() {
        let manifest = |reason: &str| {
            format!(
                "[package]\nname = \"a\"\n[dependencies]\nfull-text = \"1\"\n\
                 [package.metadata.tidy]\nindirect = {{ full-text = \"{reason}\" }}\n"
            )
        };
        let with = manifest("turns a feature on");
        assert_eq!(check(&Tree::of(&[("crates/a/Cargo.toml", with.as_str())])), []);
        let without = manifest("");
        assert_eq!(check(&Tree::of(&[("crates/a/Cargo.toml", without.as_str())])).len(), 1);
    }
}
