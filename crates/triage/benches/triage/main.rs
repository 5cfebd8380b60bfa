//! What is promised against what is measured: a table. Rows that need `../shared/data` say so where it is not there.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod hiding;
mod matters;
mod pressing;
mod subjects;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A row of the table.
struct Row {
    what: String,
    target: f64,
    measured: Option<f64>,
    /// Whether less is better.
    less: bool,
    unit: &'static str,
}

/// A row where more is better.
fn more(what: &str, target: f64, measured: f64, unit: &'static str) -> Row {
    Row { what: what.into(), target, measured: Some(measured), less: false, unit }
}

/// A row where less is better.
fn less(what: &str, target: f64, measured: f64, unit: &'static str) -> Row {
    Row { less: true, ..more(what, target, measured, unit) }
}

/// The messages that lie beside the project, where they do.
fn data(file: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messages").join(file);
    std::fs::read_to_string(path).ok()
}

/// The shortest of three times.
fn shortest<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut best: Option<(Duration, T)> = None;
    for _ in 0..3 {
        let began = Instant::now();
        let done = work();
        let took = began.elapsed();
        if best.as_ref().is_none_or(|b| took < b.0) {
            best = Some((took, done));
        }
    }
    best.expect("three runs were made")
}

/// The time of many small pieces of work, each at its best of fifteen: what others do on the machine in between
/// does not count.
fn undisturbed<T>(items: &[T], mut work: impl FnMut(&T)) -> Duration {
    items
        .chunks(16)
        .map(|piece| {
            let time = |_| {
                let began = Instant::now();
                piece.iter().for_each(&mut work);
                began.elapsed()
            };
            (0..15).map(time).min().unwrap_or_default()
        })
        .sum()
}

fn main() {
    if std::env::args().any(|a| a == "--test" || a == "--list") {
        return;
    }
    println!("{:<66}{:>12}{:>12}{:>9}", "", "target", "measured", "ratio");
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    type Part = (&'static str, fn() -> Vec<Row>);
    let parts: [Part; 6] = [
        ("hiding", hiding::rows),
        ("pressing", pressing::rows),
        ("start", subjects::start),
        ("subjects", subjects::rows),
        ("matters", matters::rows),
        ("million", matters::million),
    ];
    for (_, rows) in
        parts.iter().filter(|p| wanted.iter().any(|w| w == p.0) || (wanted.is_empty() && p.0 != "million"))
    {
        for row in rows() {
            let target = format!("{}{} {}", if row.less { "≤ " } else { "≥ " }, row.target, row.unit);
            match row.measured {
                Some(measured) => {
                    let ratio = measured / row.target;
                    let holds = if row.less { measured <= row.target } else { measured >= row.target };
                    let mark = if holds { "" } else { "  missed" };
                    println!("{:<66}{target:>12}{measured:>12.4}{ratio:>9.2}{mark}", row.what);
                }
                None => println!("{:<66}{target:>12}     skipped: ../shared/data is not there", row.what),
            }
        }
    }
}
