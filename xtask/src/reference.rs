//! The optional checks against `../shared/data`: real data that lies beside the project, may not be
//! committed, and is not there on every machine.
//!
//! A room that has such checks keeps them in `tests/reference.rs` (or `tests/reference_*.rs`). There
//! each test looks for the folder from the workspace root and says that it was skipped where it is not.

use std::path::Path;
use std::process::Command;

/// Runs every room's reference tests, or says that there is nothing to compare with.
///
/// # Errors
/// A sentence with the counts when a room's reference tests fail.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let data = root.join("../shared/data");
    let rooms = rooms(root)?;
    if !data.is_dir() {
        println!("reference: skipped: ../shared/data is not there ({} rooms have checks)", rooms.len());
        return Ok(());
    }
    let mut failed = Vec::new();
    for (package, test) in &rooms {
        println!("reference: {package}, {test}");
        let done = Command::new(env!("CARGO"))
            .args([
                "test",
                "--quiet",
                "--package",
                package,
                "--test",
                test,
                "--",
                "--nocapture",
                "--include-ignored",
            ])
            .current_dir(root)
            .status()
            .map_err(|e| format!("cargo cannot be run: {e}"))?;
        if !done.success() {
            failed.push(format!("{package} {test}"));
        }
    }
    let summary = format!("reference: {} passed, {} failed", rooms.len() - failed.len(), failed.len());
    if failed.is_empty() {
        println!("{summary}");
        Ok(())
    } else {
        Err(format!("{summary}: {}", failed.join(", ")))
    }
}

/// Package and test name of every reference test, sorted.
fn rooms(root: &Path) -> Result<Vec<(String, String)>, String> {
    let tree = crate::tree::Tree::tracked(root)?;
    let room = |path: &str| {
        let (package, test) = path.strip_prefix("crates/")?.split_once("/tests/")?;
        let test =
            test.strip_suffix(".rs").filter(|test| test.starts_with("reference") && !test.contains('/'))?;
        Some((package.to_owned(), test.to_owned()))
    };
    Ok(tree.texts().filter_map(|(path, _)| room(path)).collect())
}
