//! What chance does: p is uniform where there is nothing, draws end early without changing what they say, and threads
//! change nothing.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test")]

use scanstat::{
    Inference, Model, Options, Places, Populations, Rates, Records, Report, Scope, Trend, Zones, scan,
};

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn ground() -> Places {
    Places::parse_geo(&(0..25).map(|i| format!("p{i} {} {}\n", i % 5, i / 5)).collect::<String>()).unwrap()
}

/// A data set without clusters: cases anywhere, any day, of two strata.
fn nothing(dice: &mut Dice, n: u64) -> String {
    (0..n)
        .map(|_| format!("p{} 1 2026/3/{} s{}\n", dice.below(25), dice.below(20) + 1, dice.below(2)))
        .collect()
}

/// People in the shares in which `nothing` draws cases, but for a little: were they equal, so would many scores be, and
/// ties count against.
fn people() -> Model {
    let of = |s: usize| (0..25).map(move |i| format!("p{i} 2026 {} s{s}\n", 1_000 + (i * 7 + s) % 25));
    Model::Poisson(Populations::parse(&of(0).chain(of(1)).collect::<String>()).unwrap())
}

/// One of several ways to scan, with its data.
fn way(kind: usize, dice: &mut Dice, seed: u64) -> (Records, Model, Options) {
    let cases = Records::parse_cases(&nothing(dice, 120)).unwrap();
    let day = |d| jiff::civil::date(2026, 3, d);
    let base = Options { study: Some((day(1), day(20))), replicates: 99, seed, ..Options::default() };
    match kind {
        0 => (
            cases,
            Model::Permutation,
            Options { weekly: true, prospective: true, max_time: Some(5), ..base },
        ),
        1 => (cases, people(), Options { rates: Rates::Both, max_time: Some(4), ..base }),
        2 => (
            cases,
            people(),
            Options { trend: Trend::Stratified(1), max_time: Some(4), prospective: true, ..base },
        ),
        _ => {
            let controls = Records::parse_controls(&nothing(dice, 200)).unwrap();
            let zones = Zones::Ellipses { shapes: vec![(2.0, 4)], penalty: 0.5 };
            (cases, Model::Bernoulli(controls), Options { scope: Scope::Space, zones, ..base })
        }
    }
}

/// The distance of Kolmogorov and Smirnov between p over drawn data sets and the uniform distribution.
fn furthest(kind: usize, sets: u64) -> f64 {
    let (ground, mut dice) = (ground(), Dice(7 + kind as u64));
    let mut ps: Vec<f64> = (0..sets)
        .map(|run| {
            let (cases, model, options) = way(kind, &mut dice, run);
            scan(&ground, &cases, &model, &options).unwrap().clusters.first().map_or(1.0, |c| c.p)
        })
        .collect();
    ps.sort_by(f64::total_cmp);
    let n = ps.len() as f64;
    // p takes the values 0.01, 0.02, …, 1: at each the share of sets at or below it is compared.
    (1..=100)
        .map(|k| {
            let p = f64::from(k) / 100.0;
            (ps.partition_point(|q| *q <= p + 1e-9) as f64 / n - p).abs()
        })
        .fold(0.0, f64::max)
}

/// Under the null hypothesis p is uniform: Kolmogorov and Smirnov at one per cent, over 1,000 drawn data sets for each way.
#[test]
fn p_is_uniform_without_clusters() {
    for kind in 0..4 {
        let furthest = furthest(kind, 1_000);
        assert!(furthest < 1.628 / 1_000_f64.sqrt(), "way {kind}: {furthest}");
    }
}

#[test]
fn threads_change_nothing() {
    let ground = ground();
    for kind in 0..4 {
        let (cases, model, options) = way(kind, &mut Dice(3), 5);
        for inference in [Inference::MonteCarlo, Inference::Sequential(9)] {
            let with = |threads| {
                let options = Options { replicates: 399, threads, inference, ..options.clone() };
                scan(&ground, &cases, &model, &options).unwrap()
            };
            assert_eq!(with(1), with(3));
        }
    }
}

fn run(inference: Inference, cases: &str) -> Report {
    let options = Options { inference, prospective: true, seed: 4, ..Options::default() };
    scan(&ground(), &Records::parse_cases(cases).unwrap(), &Model::Permutation, &options).unwrap()
}

#[test]
fn draws_end_early_only_where_nothing_is_unusual() {
    let mut dice = Dice(11);
    let quiet = nothing(&mut dice, 150);
    let (all, early) = (run(Inference::MonteCarlo, &quiet), run(Inference::Sequential(20), &quiet));
    assert!(early.ended_early && early.replicates < 999 && all.replicates == 999);
    // The share of those drawn that score as high: exactly the twentieth ended it.
    assert!((early.clusters[0].p - 20.0 / f64::from(early.replicates)).abs() < 1e-12);
    assert!(
        (early.clusters[0].p - all.clusters[0].p).abs() < 0.2,
        "{} {}",
        early.clusters[0].p,
        all.clusters[0].p
    );
    let burst = quiet + &"p12 9 2026/3/20 s0\n".repeat(2);
    let (all, early) = (run(Inference::MonteCarlo, &burst), run(Inference::Sequential(20), &burst));
    assert_eq!(all, early);
    assert!((all.clusters[0].p - 0.001).abs() < 1e-12);
    assert_eq!(all.clusters[0].recurrence_days.map(f64::round), Some(1_000.0));
    // Gumbel tells more apart than a thousand data sets can.
    let gumbel = run(Inference::Gumbel, &burst);
    assert!(gumbel.clusters[0].p < 1e-4 && gumbel.clusters[0].p > 0.0);
}

/// Counting in the scans of earlier days can only make p larger.
#[test]
fn earlier_scans_count() {
    let mut dice = Dice(5);
    let cases = Records::parse_cases(&(nothing(&mut dice, 150) + "p3 4 2026/3/20 s0\n")).unwrap();
    let p = |since| {
        let options = Options { prospective: true, max_time: Some(3), since, ..Options::default() };
        scan(&ground(), &cases, &Model::Permutation, &options).unwrap().clusters[0].p
    };
    let (alone, among) = (p(None), p(Some(jiff::civil::date(2026, 3, 8))));
    assert!(among > alone * 2.0, "{alone} {among}");
}
