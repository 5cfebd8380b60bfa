//! Graphs too large to be proven: what is promised of their plans, their bounds and of being stopped.

#![expect(clippy::unwrap_used, reason = "an instance that cannot be built is a fault of the test")]

use districting::{Bounds, Graph, Options, Plan, Unit, Wanted, check, draw};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A sheet of squares with residents and two features that vary, by a fixed rule.
fn sheet(wide: usize, high: usize) -> Graph {
    let noise = |i: usize, k: usize| ((i * 7_919 + k * 104_729) * 2_654_435_761 % 1_000_003) as f64 / 1e6;
    let unit = |i: usize| Unit {
        id: i.to_string(),
        residents: 3_000 + (1_500.0 * noise(i, 1)) as u64,
        features: vec![
            (i % wide) as f64 * 0.3 + noise(i, 2),
            ((i / wide) as f64 * 0.5).sin() + 0.7 * noise(i, 3),
        ],
        point: Some([(i % wide) as f64, (i / wide) as f64]),
        ..Unit::default()
    };
    let mut edges = Vec::new();
    for i in 0..wide * high {
        edges.extend((i % wide + 1 < wide).then_some((i, i + 1, 1.0)));
        edges.extend((i + wide < wide * high).then_some((i, i + wide, 1.0)));
    }
    Graph::new((0..wide * high).map(unit).collect(), &edges).unwrap()
}

fn drawn(
    graph: &Graph,
    wanted: Wanted,
    effort: u64,
    threads: usize,
    stop: &(dyn Fn() -> bool + Sync),
) -> Plan {
    let options = Options { wanted, effort, threads, ..Options::default() };
    draw(graph, &options, &|_| (), stop).unwrap()
}

/// The plan keeps the rules, the bound is near and not above it, and a search six times as long is no worse.
#[test]
fn a_hundred_and_twenty_units_come_near_their_bound() {
    let graph = sheet(12, 10);
    for wanted in [Wanted::Free, Wanted::Exactly(24)] {
        let short = drawn(&graph, wanted, 4_000, 1, &|| false);
        let long = drawn(&graph, wanted, 24_000, 1, &|| false);
        for plan in [&short, &long] {
            let faults = check::faults(&graph, &Bounds::default(), wanted, &plan.district);
            assert!(plan.within_bounds && faults.is_empty(), "{faults:?}");
            let bound = plan.lower_bound.unwrap();
            assert!(bound <= plan.ssw, "{} below {bound}", plan.ssw);
        }
        assert!(long.gap().unwrap() < 0.05, "{} above {:?}", long.ssw, long.lower_bound);
        // Each is a plan: the bound of the one holds for the other.
        assert!(short.lower_bound.unwrap() <= long.ssw + 1e-9);
        assert!(long.lower_bound.unwrap() <= short.ssw + 1e-9);
        assert!(long.ssw <= short.ssw + 1e-9, "{} after {}", long.ssw, short.ssw);
    }
}

/// Whole or in tiles: the same plan on one thread and on three.
#[test]
fn threads_change_nothing_in_tiles_either() {
    for (graph, effort) in [(sheet(12, 10), 3_000), (sheet(40, 40), 20_000)] {
        let wanted = Wanted::Exactly(graph.len() / 5);
        let one = drawn(&graph, wanted, effort, 1, &|| false);
        let three = drawn(&graph, wanted, effort, 3, &|| false);
        assert_eq!(one, three);
        assert!(one.within_bounds);
    }
}

/// Whenever the search is stopped there is a plan: every unit in a district, every district in one piece.
#[test]
fn stopped_at_any_moment_there_is_a_plan() {
    let graph = sheet(12, 10);
    for moment in [0, 1, 5, 20, 60, 100, 200, 400] {
        let asked = AtomicUsize::new(0);
        let plan = drawn(&graph, Wanted::Free, 8_000, 1, &|| asked.fetch_add(1, Ordering::Relaxed) >= moment);
        assert_eq!(plan.district.len(), graph.len());
        for units in check::members(&plan.district).values() {
            assert_eq!(graph.pieces(units).len(), 1, "stopped at {moment}");
        }
        assert!(plan.lower_bound.is_none_or(|b| b <= plan.ssw + 1e-9));
    }
}
