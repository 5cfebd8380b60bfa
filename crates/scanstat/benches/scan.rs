//! How long a scan takes, on data sets made here: 300 places with 30,000 cases and 1,000 places with 200,000, a year,
//! prospective, at most 14 days and a fifth of the ground's width, 999 data sets drawn. Prints a table; nothing fails for
//! being slow.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use scanstat::{Inference, Model, Options, Places, Records, ScanError, Zones, scan};
use std::time::Instant;

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn study(places: u64, cases: u64) -> Result<(Places, Records), ScanError> {
    let mut dice = Dice(11);
    let geo: String =
        (0..places).map(|i| format!("L{i} {} {}\n", dice.below(10_000), dice.below(10_000))).collect();
    let start = jiff::civil::date(2025, 1, 1);
    let file: String = (0..cases)
        .map(|_| {
            let days = i64::try_from(dice.below(365)).unwrap_or(0);
            let day = start.saturating_add(jiff::Span::new().days(days));
            format!("L{} 1 {day}\n", dice.below(places))
        })
        .collect();
    Ok((Places::parse_geo(&geo)?, Records::parse_cases(&file)?))
}

fn line(
    what: &str,
    target: Option<f64>,
    (places, cases): &(Places, Records),
    options: &Options,
    runs: usize,
) -> Result<(), ScanError> {
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..runs {
        let began = Instant::now();
        scan(places, cases, &Model::Permutation, options)?;
        times.push(began.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let median = times[runs / 2];
    let (target, verdict) = match target {
        Some(t) => (format!("{t:.2}"), if median <= t { "ok" } else { "missed" }),
        None => (String::new(), ""),
    };
    println!("{what:<58} {target:>9} {median:>9.2} {verdict:>7}");
    Ok(())
}

fn main() -> Result<(), ScanError> {
    let options =
        Options { prospective: true, max_distance: Some(2_000.0), max_time: Some(14), ..Options::default() };
    let on = |threads| Options { threads, ..options.clone() };
    println!("{:<58} {:>9} {:>9}", "999 data sets drawn", "target s", "median s");
    let small = study(300, 30_000)?;
    line("300 places, 30,000 cases, one core", Some(0.5), &small, &on(1), 5)?;
    line("  two threads", None, &small, &on(2), 5)?;
    let shapes = vec![(1.5, 4), (2.0, 6), (3.0, 9), (4.0, 12), (5.0, 15)];
    let ellipses = Options { zones: Zones::Ellipses { shapes, penalty: 0.5 }, ..on(1) };
    line("  the same in ellipses, 46 forms beside the circle, one core", None, &small, &ellipses, 1)?;
    let early = Options { inference: Inference::Sequential(50), ..on(1) };
    line("  the same in circles, draws ended early, one core", None, &small, &early, 5)?;
    let large = study(1_000, 200_000)?;
    line("1,000 places, 200,000 cases, one core", Some(4.0), &large, &on(1), 3)?;
    line("  two threads", None, &large, &on(2), 3)?;
    Ok(())
}
