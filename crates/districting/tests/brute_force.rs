//! Plans and certificates against going through everything: on small graphs nothing is taken on trust.

#![expect(clippy::unwrap_used, reason = "an instance that cannot be built is a fault of the test")]

use districting::{Bounds, Certificate, Graph, Options, Reason, Unit, Wanted, check, draw, verify};
use proptest::prelude::*;

/// A connected graph of 4 to 9 units, on a line with some shortcuts, and bounds that often can be met.
fn instances() -> impl Strategy<Value = (Graph, Bounds, Wanted)> {
    let units = prop::collection::vec((1_000_u64..9_000, -5_i32..5, -5_i32..5), 4..10);
    let shortcuts = prop::collection::vec((0_usize..9, 0_usize..9), 0..8);
    (
        units,
        shortcuts,
        1_usize..3,
        2_usize..5,
        1_000_u64..6_000,
        9_000_u64..25_000,
        prop::option::of(1_usize..5),
    )
        .prop_map(|(units, shortcuts, min_units, more, min_residents, max_residents, wanted)| {
            let n = units.len();
            let units = units
                .into_iter()
                .enumerate()
                .map(|(i, (residents, a, b))| Unit {
                    id: format!("u{i}"),
                    residents,
                    area: 1.0,
                    parent: None,
                    point: None,
                    features: vec![f64::from(a), f64::from(b)],
                })
                .collect();
            let mut edges: Vec<(usize, usize)> = (1..n).map(|i| (i - 1, i)).collect();
            edges.extend(shortcuts.into_iter().filter(|(a, b)| a < b && *b < n && a + 1 != *b));
            edges.sort_unstable();
            edges.dedup();
            let edges: Vec<_> = edges.into_iter().map(|(a, b)| (a, b, 1.0)).collect();
            let max_units = (min_units + more).min(districting::MOST_UNITS);
            let bounds = Bounds { min_units, max_units, min_residents, max_residents };
            let wanted = wanted.map_or(Wanted::Free, Wanted::Exactly);
            (Graph::new(units, &edges).unwrap(), bounds, wanted)
        })
}

/// The best of all partitions, by putting each unit into every district so far or a new one.
fn best(graph: &Graph, bounds: &Bounds, wanted: Wanted) -> Option<f64> {
    fn go(graph: &Graph, bounds: &Bounds, wanted: Wanted, plan: &mut Vec<u32>, best: &mut Option<f64>) {
        if plan.len() == graph.len() {
            if check::faults(graph, bounds, wanted, plan).is_empty() {
                let value = check::ssw(graph, plan);
                *best = Some(best.map_or(value, |b: f64| b.min(value)));
            }
            return;
        }
        let new = plan.iter().max().map_or(0, |m| m + 1);
        for district in 0..=new {
            plan.push(district);
            go(graph, bounds, wanted, plan, best);
            plan.pop();
        }
    }
    let mut found = None;
    go(graph, bounds, wanted, &mut vec![], &mut found);
    found
}

fn drawn(graph: &Graph, bounds: Bounds, wanted: Wanted, seed: u64, threads: usize) -> districting::Plan {
    let options = Options { bounds, wanted, seed, threads, effort: 2_000, ..Options::default() };
    draw(graph, &options, &|_| (), &|| false).unwrap()
}

/// Six in a row with 1,000 people each; wanted are districts of one unit with 2,500 people at least:
/// a single change of one rule is not enough.
#[test]
fn where_one_change_is_not_enough_two_are_named() {
    let unit = |i: u32| Unit { id: i.to_string(), residents: 1_000, ..Unit::default() };
    let edges: Vec<_> = (1..6).map(|i| (i - 1, i, 1.0)).collect();
    let graph = Graph::new((0..6).map(unit).collect(), &edges).unwrap();
    let bounds = Bounds { min_units: 1, max_units: 1, min_residents: 2_500, max_residents: 9_000 };
    let plan = drawn(&graph, bounds, Wanted::Free, 1, 1);
    let certificate = &plan.infeasible[0];
    assert!(certificate.relaxations.is_empty(), "{certificate}");
    let pair = (districting::Relaxation::MaxUnits(2), districting::Relaxation::MinResidents(2_000));
    assert_eq!(certificate.together, Some(pair), "{certificate}");
    assert!(verify(&graph, &bounds, certificate));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// What is called the best is the best; what is called impossible is; a bound is never above the best.
    #[test]
    fn nothing_is_claimed_that_does_not_hold((graph, bounds, wanted) in instances(), seed in 0_u64..1_000) {
        let plan = drawn(&graph, bounds, wanted, seed, 1);
        prop_assert_eq!(plan.district.len(), graph.len());
        let faults = check::faults(&graph, &bounds, wanted, &plan.district);
        prop_assert_eq!(plan.within_bounds, faults.is_empty(), "{:?}", faults);
        match best(&graph, &bounds, wanted) {
            Some(best) => {
                prop_assert!(plan.infeasible.is_empty(), "{:?}", plan.infeasible);
                prop_assert!(plan.within_bounds, "a plan of {best} exists: {:?}", plan.district);
                prop_assert!((plan.ssw - check::ssw(&graph, &plan.district)).abs() < 1e-9);
                prop_assert!(plan.lower_bound.is_none_or(|b| b <= best + 1e-9), "{:?} > {best}", plan.lower_bound);
                prop_assert!(!plan.proven || (plan.ssw - best).abs() < 1e-9, "{} is not {best}", plan.ssw);
            }
            None => {
                prop_assert!(!plan.within_bounds);
                prop_assert!(!plan.infeasible.is_empty(), "no certificate");
                for certificate in &plan.infeasible {
                    prop_assert!(verify(&graph, &bounds, certificate), "{certificate}");
                    for r in &certificate.relaxations {
                        let (b, w) = r.apply(bounds, wanted);
                        prop_assert!(best_exists(&graph, &b, w), "{r} does not help");
                    }
                    if let Some((first, second)) = &certificate.together {
                        prop_assert!(certificate.relaxations.is_empty());
                        let (b, w) = first.apply(bounds, wanted);
                        let (both, w2) = second.apply(b, w);
                        prop_assert!(best_exists(&graph, &both, w2), "{first} and {second} do not help");
                        prop_assert!(!best_exists(&graph, &b, w), "{first} alone helps");
                    }
                }
            }
        }
    }

    /// The same seed gives the same plan on any number of threads.
    #[test]
    fn threads_change_nothing((graph, bounds, wanted) in instances(), seed in 0_u64..1_000) {
        let one = drawn(&graph, bounds, wanted, seed, 1);
        let three = drawn(&graph, bounds, wanted, seed, 3);
        prop_assert_eq!(one.district, three.district);
    }

    /// A certificate for a graph that can be divided is not taken, whatever its reason.
    #[test]
    fn the_checker_is_no_yes_man((graph, bounds, wanted) in instances()) {
        prop_assume!(best(&graph, &bounds, wanted).is_some());
        let (units, residents) = (graph.len(), graph.units().iter().map(|u| u.residents).sum());
        let wanted = if let Wanted::Exactly(k) = wanted { Some(k) } else { None };
        for reason in [
            Reason::Arithmetic { units, residents, least: 2, most: 1, wanted },
            Reason::Orphan { unit: "u0".into(), areas: 0 },
            Reason::Exhausted { areas: 7, wanted },
        ] {
            let all = (0..u32::try_from(units).unwrap()).collect();
            let forged = Certificate { parent: None, units: all, reason, relaxations: vec![], together: None };
            prop_assert!(!verify(&graph, &bounds, &forged), "{forged}");
        }
    }
}

fn best_exists(graph: &Graph, bounds: &Bounds, wanted: Wanted) -> bool {
    best(graph, bounds, wanted).is_some()
}
