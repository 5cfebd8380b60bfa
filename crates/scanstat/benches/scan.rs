//! How long a scan takes, on a data set made here: 300 places, 30,000 cases, a year, prospective, 999 data sets
//! drawn; and a year of 500 reports a day. Prints a table; nothing fails for being slow.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use scanstat::{Model, Options, Places, Records, scan};
use std::time::Instant;

fn main() -> Result<(), scanstat::ScanError> {
    let mut seed = 11u64;
    let mut below = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let geo: String = (0..300).map(|i| format!("L{i} {} {}\n", below(10_000), below(10_000))).collect();
    let start = jiff::civil::date(2025, 1, 1);
    let cases: String = (0..30_000)
        .map(|_| {
            let day = start.saturating_add(jiff::Span::new().days(i64::try_from(below(365)).unwrap_or(0)));
            format!("L{} 1 {day}\n", below(300))
        })
        .collect();
    let places = Places::parse_geo(&geo)?;
    let cases = Records::parse_cases(&cases)?;
    println!(
        "{:<44} {:>9} {:>9} {:>7}",
        "300 places, 30,000 cases, 365 days, 999 drawn", "target s", "median s", ""
    );
    for (threads, target) in [(1, 0.5), (2, 0.3)] {
        let options = Options {
            prospective: true,
            max_distance: Some(2_000.0),
            max_time: Some(14),
            threads,
            ..Options::default()
        };
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            scan(&places, &cases, &Model::Permutation, &options)?;
            times.push(began.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        let verdict = if times[2] <= target { "ok" } else { "missed" };
        println!("{:<44} {target:>9.2} {:>9.2} {verdict:>7}", format!("  on {threads} threads"), times[2]);
    }
    Ok(())
}
