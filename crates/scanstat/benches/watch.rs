//! What a day of watching costs: a year of 500 reports a day over 20,000 doorways in 12 subjects; a day is added and
//! every subject looked at, at most 28 days and 1 km, 999 data sets drawn. Prints a table; nothing fails for being slow.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use scanstat::watch::{Draws, Ground, Limits, Watch};
use std::sync::Arc;
use std::time::Instant;

fn line(what: &str, target: f64, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    let verdict = if median <= target { "ok" } else { "missed" };
    println!("{what:<58} {target:>9.3} {median:>9.4} {:>6.2} {verdict:>7}", median / target);
}

fn main() -> Result<(), scanstat::ScanError> {
    let mut seed = 11u64;
    let mut below = |n: u32| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((seed >> 33) % u64::from(n)).unwrap_or(0)
    };
    // 55 km², as dense as an inner district.
    let places: Vec<(f64, f64)> =
        (0..20_000).map(|_| (f64::from(below(7_400)), f64::from(below(7_400)))).collect();
    let began = Instant::now();
    let ground = Arc::new(Ground::new(&places, 1_000.0)?);
    println!("{} circles laid in {:.2} s", ground.circles(), began.elapsed().as_secs_f64());
    let mut subjects = vec![Watch::new(ground, Limits::default())?; 12];
    subjects.iter_mut().for_each(|s| s.advance(364));
    for day in 0..365 {
        for _ in 0..500 {
            subjects[below(12) as usize].add(day, below(20_000))?;
        }
    }
    println!("{:<58} {:>9} {:>9} {:>6}", "one core", "target s", "median s", "ratio");
    let (mut full, mut early, mut one) = (Vec::new(), Vec::new(), Vec::new());
    for day in 365..370 {
        for (times, enough) in [(&mut full, None), (&mut early, Some(20))] {
            let mut copy = subjects.clone();
            let mut arrivals: Vec<(u32, u32)> = (0..500).map(|_| (below(12), below(20_000))).collect();
            arrivals.sort_unstable();
            let began = Instant::now();
            copy.iter_mut().for_each(|s| s.advance(day));
            for (subject, place) in arrivals {
                copy[subject as usize].add(day, place)?;
            }
            for s in &copy {
                s.look(&Draws { enough, ..Draws::default() });
            }
            times.push(began.elapsed().as_secs_f64());
            if enough.is_some() {
                subjects = copy;
            }
        }
        let began = Instant::now();
        subjects[0].add(day, below(20_000))?;
        subjects[0].look(&Draws { replicates: 0, ..Draws::default() });
        one.push(began.elapsed().as_secs_f64());
    }
    line("a day added, 12 subjects, every one of 999 drawn", 2.0, &mut full);
    line("the same, draws ended early where nothing is unusual", 2.0, &mut early);
    line("observed scan of a subject after one report", 0.005, &mut one);
    Ok(())
}
