//! House-keeping that the compiler does not do.
//!
//! ```text
//! cargo xtask tidy          what the house's rules say and no lint can: see [`tidy`]
//! cargo xtask assets        write crates/web/assets/CHECKSUMS anew after vendoring a file
//! cargo xtask migrations    add new migrations to the lock; refuses where an old one was edited
//! cargo xtask states        draw the state machines into docs/states.md
//! cargo xtask precincts     draw the demo's precincts into crates/demo/data/drawn.csv
//! cargo xtask alarms        learn what cannot wait into crates/triage/data/pressing.weights
//! cargo xtask reference     the optional checks against ../shared/data, where that folder is
//! ```
//!
//! Each command ends with one line of counts and an exit code that is not zero when something is wrong.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]

mod checksum;
mod reference;
mod tidy;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tree::Tree;

const USAGE: &str = "usage: cargo xtask tidy | assets | migrations | states | precincts | alarms | reference";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["tidy"] => tidy(),
        ["assets"] => assets(),
        ["migrations"] => migrations(),
        ["states"] => states(),
        ["precincts"] => precincts(),
        ["alarms"] => alarms(),
        ["reference"] => reference::run(&root()),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            println!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder: one above this crate's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_path_buf(), Path::to_path_buf)
}

fn tidy() -> Result<(), String> {
    let tree = Tree::tracked(&root())?;
    let mut wrong = 0;
    for check in tidy::CHECKS {
        let findings = (check.run)(&tree);
        let errors = findings.iter().filter(|finding| finding.is_error()).count();
        for finding in &findings {
            println!("{finding}");
        }
        println!("tidy {}: {}", check.name, if errors == 0 { "ok" } else { "WRONG" });
        wrong += usize::from(errors > 0);
    }
    let summary = format!("tidy: {} passed, {wrong} failed", tidy::CHECKS.len() - wrong);
    if wrong == 0 {
        println!("{summary}");
        Ok(())
    } else {
        Err(summary)
    }
}

fn assets() -> Result<(), String> {
    let root = root();
    let written = tidy::assets::checksums(&Tree::tracked(&root)?);
    save(&root.join(tidy::assets::LIST), &written)?;
    println!("{}: {} files", tidy::assets::LIST, written.lines().count());
    Ok(())
}

fn migrations() -> Result<(), String> {
    let root = root();
    let (lock, added) = tidy::migrations::extend_lock(&Tree::tracked(&root)?)?;
    save(&root.join(tidy::migrations::LOCK), &lock)?;
    println!("{}: {added} added, {} in all", tidy::migrations::LOCK, lock.lines().count());
    Ok(())
}

fn states() -> Result<(), String> {
    save(&root().join(tidy::states::DRAWN), &domain::machine::document())?;
    println!("{}: {} machines", tidy::states::DRAWN, domain::machine::all().len());
    Ok(())
}

fn precincts() -> Result<(), String> {
    let drawn = demo::precincts::drawn().map_err(|e| format!("the demo's precincts: {e}"))?;
    save(&root().join(tidy::precincts::DRAWN), &drawn)?;
    println!("{}: {} committees", tidy::precincts::DRAWN, drawn.lines().count() - 1);
    Ok(())
}

fn alarms() -> Result<(), String> {
    let root = root();
    let tree = Tree::tracked(&root)?;
    let texts = tree.text(tidy::alarms::TEXTS).ok_or("the texts to learn from are not there")?;
    let line = triage::learn_pressing(texts).map_err(|e| e.to_string())?;
    save(&root.join(tidy::alarms::LINE), &line)?;
    println!("{}: {} lines", tidy::alarms::LINE, line.lines().count());
    line.lines().filter(|l| l.starts_with("unseen")).for_each(|l| println!("{l}"));
    Ok(())
}

fn save(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    }
    std::fs::write(path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
}
