//! How long the demo district and sixty days of its history take to invent, against one second.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::time::Instant;

fn main() {
    let now = jiff::Timestamp::constant(1_795_000_000, 0);
    let mut taken: Vec<f64> = (0..7)
        .map(|seed| {
            let begun = Instant::now();
            let district = demo::District::xuhui(seed);
            let stories = demo::history(&district, seed, now, 60);
            assert!(stories.len() > 10_000, "sixty days are some 12,000 stories");
            begun.elapsed().as_secs_f64()
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    println!("what                      target  median of 7   ratio");
    println!("district and 60 days      1.00 s       {:.2} s    {:.2}", taken[3], taken[3]);
}
