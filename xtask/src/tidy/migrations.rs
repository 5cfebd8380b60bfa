//! Migrations come in pairs, one for each engine, are numbered without a gap, and are never edited
//! once they are in the lock.
//!
//! `crates/store/migrations/0001_first.sqlite.sql` and `0001_first.postgres.sql`; the lock beside them
//! holds the SHA-256 of each. `cargo xtask migrations` adds new files to the lock. Whoever must change
//! one that has never left their own machine takes its two lines out of the lock by hand, which a
//! reviewer sees.

use std::collections::BTreeMap;

use super::{Finding, Tree};
use crate::checksum;

/// Where migrations lie.
const FOLDER: &str = "crates/store/migrations/";

/// The sums of the migrations that may no longer change.
pub(crate) const LOCK: &str = "crates/store/migrations/migrations.lock";

const ENGINES: [&str; 2] = [".sqlite.sql", ".postgres.sql"];

/// Names, numbers, pairs and sums.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, _) in tree.files() {
        let Some(file) = path.strip_prefix(FOLDER).filter(|file| file.ends_with(".sql")) else { continue };
        match ENGINES.iter().find_map(|engine| Some((file.strip_suffix(engine)?, *engine))) {
            Some((name, engine)) if number(name).is_some() => names.entry(name).or_default().push(engine),
            _ => findings.push(Finding::error(
                path,
                0,
                "is not named NNNN_what_it_does.sqlite.sql or NNNN_what_it_does.postgres.sql",
            )),
        }
    }
    for (name, engines) in &names {
        for engine in ENGINES.iter().filter(|engine| !engines.contains(engine)) {
            let message = format!("has no pair: write {name}{engine} as well");
            findings.push(Finding::error(&format!("{FOLDER}{name}{}", engines[0]), 0, message));
        }
    }
    for (expected, name) in (1..).zip(names.keys()) {
        if number(name) != Some(expected) {
            let message = format!("{name} should be number {expected:04}: numbers have no gap and no twin");
            findings.push(Finding::error(FOLDER, 0, message));
            break;
        }
    }
    findings.extend(locked(tree));
    findings
}

fn locked(tree: &Tree) -> Vec<Finding> {
    let actual = sums(tree);
    let lock = match checksum::parse(tree.text(LOCK).unwrap_or_default()) {
        Ok(lock) => lock,
        Err(e) => return vec![Finding::error(LOCK, 0, e)],
    };
    let mut findings = Vec::new();
    for (name, sum) in &lock {
        let message = match actual.get(name) {
            Some(actual) if actual == sum => continue,
            Some(_) => "was edited after it was locked: write a new migration instead",
            None => "was removed after it was locked: a store somewhere has run it",
        };
        findings.push(Finding::error(&format!("{FOLDER}{name}"), 0, message));
    }
    for name in actual.keys().filter(|name| !lock.contains_key(*name)) {
        let message = "is not in the lock: run `cargo xtask migrations`";
        findings.push(Finding::error(&format!("{FOLDER}{name}"), 0, message));
    }
    findings
}

/// The lock with every new migration added, and how many were new.
///
/// # Errors
/// A sentence for each locked migration that was edited or removed.
pub(crate) fn extend_lock(tree: &Tree) -> Result<(String, usize), String> {
    let mut lock = checksum::parse(tree.text(LOCK).unwrap_or_default())?;
    let actual = sums(tree);
    let broken: Vec<&str> = lock
        .iter()
        .filter(|(name, sum)| actual.get(*name) != Some(*sum))
        .map(|(name, _)| name.as_str())
        .collect();
    if !broken.is_empty() {
        return Err(format!("edited or removed after they were locked: {}", broken.join(", ")));
    }
    let before = lock.len();
    lock.extend(actual);
    Ok((checksum::print(&lock), lock.len() - before))
}

fn sums(tree: &Tree) -> BTreeMap<String, String> {
    tree.files()
        .filter_map(|(path, bytes)| Some((path.strip_prefix(FOLDER)?, bytes)))
        .filter(|(name, _)| name.ends_with(".sql"))
        .map(|(name, bytes)| (name.to_owned(), checksum::sha256(bytes)))
        .collect()
}

fn number(name: &str) -> Option<u32> {
    let (digits, _) = name.split_once('_')?;
    if digits.len() == 4 { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: [(&str, &str); 2] = [
        ("crates/store/migrations/0001_first.postgres.sql", "select 1;"),
        ("crates/store/migrations/0001_first.sqlite.sql", "select 2;"),
    ];

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let (lock, _) = extend_lock(&Tree::of(files)).expect("nothing was locked before");
        let mut files = files.to_vec();
        files.push((LOCK, &lock));
        check(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_locked_pair_is_clean() {
        assert_eq!(found(&FIRST), [""; 0]);
        assert_eq!(check(&Tree::of(&[])), []);
    }

    #[test]
    fn a_migration_for_one_engine_alone_is_found() {
        assert_eq!(
            found(&FIRST[1..]),
            ["error: crates/store/migrations/0001_first.sqlite.sql: has no pair: write \
                 0001_first.postgres.sql as well"]
        );
    }

    #[test]
    fn a_gap_a_twin_and_an_odd_name_are_found() {
        let third = [
            ("crates/store/migrations/0003_third.postgres.sql", ""),
            ("crates/store/migrations/0003_third.sqlite.sql", ""),
        ];
        assert!(found(&[FIRST[0], FIRST[1], third[0], third[1]])[0].contains("should be number 0002"));
        let twin = [
            ("crates/store/migrations/0001_again.postgres.sql", ""),
            ("crates/store/migrations/0001_again.sqlite.sql", ""),
        ];
        assert!(found(&[FIRST[0], FIRST[1], twin[0], twin[1]])[0].contains("should be number 0002"));
        assert!(found(&[("crates/store/migrations/fix.sql", "")])[0].contains("is not named NNNN"));
    }

    #[test]
    fn an_edited_migration_is_found_and_the_lock_will_not_take_it() {
        let (lock, added) = extend_lock(&Tree::of(&FIRST)).expect("a lock");
        assert_eq!(added, 2);
        let edited = Tree::of(&[FIRST[0], (FIRST[1].0, "select 3;"), (LOCK, &lock)]);
        assert_eq!(
            check(&edited).iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["error: crates/store/migrations/0001_first.sqlite.sql: was edited after it was locked: \
                 write a new migration instead"]
        );
        let refused = extend_lock(&edited).expect_err("an edited one");
        assert_eq!(refused, "edited or removed after they were locked: 0001_first.sqlite.sql");
        let removed = Tree::of(&[FIRST[0], (LOCK, &lock)]);
        assert!(check(&removed).iter().any(|finding| finding.to_string().contains("was removed")));
    }

    #[test]
    fn a_new_migration_must_be_locked() {
        let findings = check(&Tree::of(&FIRST));
        assert_eq!(findings.len(), 2);
        assert!(findings[0].to_string().ends_with("is not in the lock: run `cargo xtask migrations`"));
    }
}
