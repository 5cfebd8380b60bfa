//! What the checks need to know of the workspace's `Cargo.toml` files.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Finding;
use crate::tree::Tree;

/// One package of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    /// Path of its `Cargo.toml`.
    pub(super) path: String,
    /// Its folder, ending in `/`.
    pub(super) folder: String,
    pub(super) dependencies: Vec<Dependency>,
    /// `[package.metadata.tidy] indirect`: dependencies that no source names, each with its reason.
    pub(super) indirect: BTreeMap<String, String>,
}

/// One line of a dependency table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The name by which sources call it (a renamed package's new name).
    pub(super) name: String,
    /// `workspace = true`.
    pub(super) inherited: bool,
    /// 1-based line in the manifest, as well as it can be found.
    pub(super) line: usize,
}

/// Every package below the root, and a finding for each manifest that cannot be read.
pub(super) fn packages(tree: &Tree) -> (Vec<Package>, Vec<Finding>) {
    let mut packages = Vec::new();
    let mut findings = Vec::new();
    for (path, text) in tree.under("", "/Cargo.toml") {
        match text.parse::<Table>() {
            Ok(manifest) => packages.extend(package(path, text, &manifest)),
            Err(e) => findings.push(Finding::error(path, 0, format!("is not TOML: {}", e.message()))),
        }
    }
    (packages, findings)
}

fn package(path: &str, text: &str, manifest: &Table) -> Option<Package> {
    let about = manifest.get("package")?.as_table()?;
    let mut dependencies = Vec::new();
    collect(manifest, text, &mut dependencies);
    for target in manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
        collect(target.as_table()?, text, &mut dependencies);
    }
    let indirect = about
        .get("metadata")
        .and_then(|metadata| metadata.get("tidy")?.get("indirect")?.as_table())
        .into_iter()
        .flatten()
        .map(|(name, reason)| (name.clone(), reason.as_str().unwrap_or_default().to_owned()))
        .collect();
    Some(Package {
        name: about.get("name")?.as_str()?.to_owned(),
        path: path.to_owned(),
        folder: path.strip_suffix("Cargo.toml")?.to_owned(),
        dependencies,
        indirect,
    })
}

fn collect(table: &Table, text: &str, into: &mut Vec<Dependency>) {
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (name, value) in table.get(kind).and_then(Value::as_table).into_iter().flatten() {
            let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
            into.push(Dependency { name: name.clone(), inherited, line: line_of(text, name) });
        }
    }
}

/// The line that begins with a key, or 0.
pub(super) fn line_of(text: &str, key: &str) -> usize {
    let starts = |line: &str| {
        line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '=', '.']))
            || line.starts_with('[') && line.trim_end().ends_with(&format!("dependencies.{key}]"))
    };
    text.lines().position(starts).map_or(0, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_dependency_table_is_read() {
        let tree = Tree::of(&[(
            "crates/a/Cargo.toml",
            "[package]\nname = \"a\"\n[dependencies]\nx.workspace = true\n[dependencies.y]\nversion = \"1\"\n\
             [target.'cfg(unix)'.dev-dependencies]\nz = \"1\"\n\
             [package.metadata.tidy]\nindirect = { x = \"its feature\" }\n",
        )]);
        let (packages, findings) = packages(&tree);
        assert_eq!(findings, []);
        assert_eq!((packages[0].name.as_str(), packages[0].folder.as_str()), ("a", "crates/a/"));
        let seen: Vec<_> =
            packages[0].dependencies.iter().map(|d| (d.name.as_str(), d.inherited, d.line)).collect();
        assert_eq!(seen, [("x", true, 4), ("y", false, 5), ("z", false, 8)]);
        assert_eq!(packages[0].indirect["x"], "its feature");
    }

    #[test]
    fn a_broken_manifest_is_named() {
        let (_, findings) = packages(&Tree::of(&[("crates/a/Cargo.toml", "[package")]));
        assert_eq!(findings.len(), 1);
        assert!(findings[0].to_string().starts_with("error: crates/a/Cargo.toml: is not TOML"));
    }
}
