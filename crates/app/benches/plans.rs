//! How long a plan takes to re-schedule, how long it takes to propose who should do something after a million
//! cases, and how often the demo's dispatchers chose one of the first three. Prints a table; nothing fails for
//! being slow.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on ends here, and says why")]
#![expect(clippy::cast_precision_loss, reason = "shares of some thousands")]

#[path = "plans/million.rs"]
mod million;
#[path = "plans/replay.rs"]
mod replay;
#[path = "plans/reschedule.rs"]
mod reschedule;

/// One line: what, target, measured, and whether it is met. A larger share and a smaller time are better.
fn line(what: &str, target: Option<f64>, measured: f64, unit: &str) {
    let (target, ratio) = match target {
        Some(t) => (format!("{t:.1} {unit}"), format!("{:.2}", measured / t)),
        None => ("–".into(), "–".into()),
    };
    let measured = format!("{measured:.2} {unit}");
    println!("{what:<64} {target:>10} {measured:>12} {ratio:>7}");
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    // `cargo bench -p app registrations` asks every benchmark of this crate; only the one that is named answers.
    if std::env::args().skip(1).any(|a| a == "registrations") {
        return;
    }
    println!("{:<64} {:>10} {:>12} {:>7}", "what", "target", "measured", "ratio");
    reschedule::run();
    replay::run();
    million::run();
}
