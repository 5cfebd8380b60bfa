//! Arrows point one way: `domain`, leaves ← `store` ← `app` ← `web` ← `pianqu`.
//!
//! Each room's row says which of our own rooms it may name in its `Cargo.toml` (tests included), and
//! which libraries of other people it may not: `domain` does no input or output, `web` never names a
//! database, only `vault` and below see keys.

use super::manifest::packages;
use super::{Finding, Tree};

struct Room {
    name: &'static str,
    /// Our own rooms that it may depend on.
    may: &'static [&'static str],
    /// Libraries that do not belong here, and why.
    never: &'static [(&'static str, &'static str)],
}

const NO_IO: &[(&str, &str)] = &[
    ("axum", "it does no HTTP"),
    ("figment", "it reads no configuration"),
    ("postgres", "it knows no database"),
    ("reqwest", "it does no HTTP"),
    ("rusqlite", "it knows no database"),
    ("tokio", "it is synchronous and does no I/O"),
    ("ureq", "it does no HTTP"),
];

const NO_DATABASE: &[(&str, &str)] =
    &[("postgres", "web never names a database"), ("rusqlite", "web never names a database")];

const NO_PAGES: &[(&str, &str)] = &[("askama", "pages are web's"), ("axum", "HTTP is web's")];

/// The house. A new room needs a row here, and a paragraph in ARCHITECTURE.md.
const ROOMS: &[Room] = &[
    Room { name: "domain", may: &[], never: NO_IO },
    Room { name: "districting", may: &[], never: NO_IO },
    Room { name: "scanstat", may: &[], never: NO_IO },
    Room { name: "triage", may: &[], never: NO_IO },
    Room { name: "vault", may: &[], never: NO_IO },
    // Its precincts are drawn as the office's own.
    Room { name: "demo", may: &["districting", "domain"], never: NO_IO },
    // What is unusual, and what becomes of it: numbers in, decisions out.
    Room { name: "warnings", may: &["domain"], never: NO_IO },
    Room { name: "posters", may: &[], never: NO_PAGES },
    // Carries letters out: the one leaf that speaks with the network.
    Room { name: "couriers", may: &["domain"], never: NO_DATABASE },
    Room { name: "store", may: &["domain", "vault"], never: NO_PAGES },
    Room {
        name: "app",
        may: &["domain", "store", "districting", "scanstat", "triage", "vault", "demo", "warnings"],
        never: NO_PAGES,
    },
    Room { name: "web", may: &["app", "domain", "districting", "scanstat", "triage"], never: NO_DATABASE },
    // Measures what the product would warn of.
    Room {
        name: "simulate",
        may: &["app", "demo", "domain", "scanstat", "store", "triage", "warnings"],
        never: NO_PAGES,
    },
    Room {
        name: "pianqu",
        may: &[
            "app",
            "couriers",
            "demo",
            "districting",
            "domain",
            "posters",
            "scanstat",
            "simulate",
            "store",
            "triage",
            "vault",
            "warnings",
            "web",
        ],
        never: &[],
    },
    // Its stories speak HTTP alone; the walk of all roles takes their list, and who works where, from the source.
    Room { name: "e2e", may: &["demo", "domain"], never: &[] },
    // docs/states.md is drawn from the machines themselves, the demo's precincts by the library; triage learns its line.
    Room { name: "xtask", may: &["demo", "domain", "triage"], never: &[] },
];

/// Walks every manifest of the workspace.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let (packages, mut findings) = packages(tree);
    for package in &packages {
        let Some(room) = ROOMS.iter().find(|room| room.name == package.name) else {
            findings.push(Finding::error(
                &package.path,
                0,
                format!("{} is a new room: give it a row in xtask/src/tidy/layers.rs", package.name),
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let ours = ROOMS.iter().any(|room| room.name == name);
            if ours && !room.may.contains(&name) {
                findings.push(Finding::error(
                    &package.path,
                    dependency.line,
                    format!(
                        "{} may not depend on {name}: arrows point one way ({})",
                        room.name,
                        arrows(room)
                    ),
                ));
            }
            if let Some((_, why)) = room.never.iter().find(|(never, _)| *never == name) {
                findings.push(Finding::error(
                    &package.path,
                    dependency.line,
                    format!("{} may not depend on {name}: {why}", room.name),
                ));
            }
        }
    }
    findings
}

fn arrows(room: &Room) -> String {
    if room.may.is_empty() {
        "it depends on none of our own".to_owned()
    } else {
        format!("it may name {}", room.may.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, dependencies: &str) -> String {
        format!("[package]\nname = \"{name}\"\n\n[dependencies]\n{dependencies}\n")
    }

    fn messages(name: &str, dependencies: &str) -> Vec<String> {
        let path = format!("crates/{name}/Cargo.toml");
        let text = manifest(name, dependencies);
        check(&Tree::of(&[(&path, &text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_house_as_designed_is_clean() {
        assert_eq!(messages("app", "domain.workspace = true\nstore.workspace = true"), [""; 0]);
        assert_eq!(messages("web", "app.workspace = true\naxum = \"0.8\""), [""; 0]);
    }

    #[test]
    fn an_arrow_that_points_back_is_found_with_its_line() {
        assert_eq!(
            messages("domain", "serde = \"1\"\nstore.workspace = true"),
            ["error: crates/domain/Cargo.toml:6: domain may not depend on store: arrows point one way \
              (it depends on none of our own)"]
        );
    }

    #[test]
    fn web_names_neither_store_nor_a_database() {
        let found = messages("web", "store.workspace = true\nrusqlite = \"0.43\"");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ends_with("web may not depend on rusqlite: web never names a database"));
    }

    #[test]
    fn a_room_that_nobody_placed_is_found() {
        let found = messages("gossip", "");
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("gossip is a new room"), "{found:?}");
    }

    #[test]
    fn no_two_rooms_may_name_each_other() {
        for room in ROOMS {
            for other in ROOMS.iter().filter(|other| room.may.contains(&other.name)) {
                assert!(!other.may.contains(&room.name), "{} and {}", room.name, other.name);
            }
        }
    }
}
