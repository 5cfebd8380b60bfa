use super::*;
use crate::graph::Unit;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn grid(wide: usize, high: usize, people: impl Fn(usize) -> u64) -> Graph {
    let units = (0..wide * high).map(|i| Unit {
        id: i.to_string(),
        residents: people(i),
        features: vec![(i % wide) as f64, ((i * 7) % 5) as f64],
        ..Unit::default()
    });
    let mut edges = Vec::new();
    for i in 0..wide * high {
        if i % wide + 1 < wide {
            edges.push((i, i + 1, 1.0));
        }
        if i + wide < wide * high {
            edges.push((i, i + wide, 1.0));
        }
    }
    Graph::new(units.collect(), &edges).unwrap()
}

const LOOSE: Bounds = Bounds { min_units: 3, max_units: 6, min_residents: 2_000, max_residents: 9_000 };

proptest! {
    /// Whatever the seed: each plan of a chain keeps the bounds, and the figures kept along the way are those
    /// counted anew.
    #[test]
    fn a_chain_stays_within_bounds_and_keeps_its_books(seed in 0_u64..500, steps in 1_usize..60) {
        let graph = grid(8, 4, |i| 1_000 + (i as u64 * 37) % 400);
        let plan: Vec<u32> = (0..32).map(|i| i / 4).collect();
        let mut chain = Chain::new(&graph, LOOSE, false, &plan, seed).unwrap();
        for _ in 0..steps {
            prop_assert!(chain.step());
        }
        let now = chain.plan();
        prop_assert_eq!(check::faults(&graph, &LOOSE, Wanted::Exactly(8), now), vec![]);
        let fresh = Chain::new(&graph, LOOSE, false, now, 1).unwrap();
        prop_assert_eq!(chain.figures().cut_edges, fresh.figures().cut_edges);
        prop_assert_eq!(chain.figures().deviation, fresh.figures().deviation);
        prop_assert!((chain.figures().ssw - check::ssw(&graph, now)).abs() < 1e-9);
        let total: u64 = graph.units().iter().map(|u| u.residents).sum();
        let mean = total as f64 / 8.0;
        let most = chain.residents().map(|p| (p as f64 - mean).abs() / mean).fold(0.0, f64::max);
        prop_assert!((most - chain.figures().deviation).abs() <= 0.001, "{most}");
        let again = {
            let mut again = Chain::new(&graph, LOOSE, false, &plan, seed).unwrap();
            (0..steps).for_each(|_| assert!(again.step()));
            again
        };
        prop_assert_eq!(again.plan(), now);
    }
}

/// Two districts of three on a sheet of three by two: the merged pair is the whole sheet, so each step draws afresh,
/// and a plan's share is its number of ways (trees on either side times edges between) over all trees and cuts. There
/// are three plans: two rows (one tree each side, three edges between) and two corners (one tree each, three edges
/// between). All three are met equally often.
#[test]
fn plans_are_met_as_often_as_theory_says() {
    let graph = grid(3, 2, |_| 1);
    let bounds = Bounds { min_units: 3, max_units: 3, min_residents: 1, max_residents: 9 };
    let mut chain = Chain::new(&graph, bounds, false, &[0, 0, 0, 1, 1, 1], 7).unwrap();
    let mut met: BTreeMap<Vec<bool>, u32> = BTreeMap::new();
    for _ in 0..30_000 {
        assert!(chain.step());
        let first = chain.plan()[0];
        *met.entry(chain.plan().iter().map(|d| *d == first).collect()).or_default() += 1;
    }
    assert_eq!(met.len(), 3, "{met:?}");
    // Five standard deviations of a third of 30,000 are 410.
    assert!(met.values().all(|n| n.abs_diff(10_000) < 410), "{met:?}");
}

#[test]
fn parents_are_not_crossed() {
    let graph = grid(8, 2, |_| 1_000);
    let units = graph
        .units()
        .iter()
        .enumerate()
        .map(|(i, u)| Unit { parent: Some(if i % 8 < 4 { "west" } else { "east" }.into()), ..u.clone() });
    let edges: Vec<_> =
        (0..16).flat_map(|u| graph.neighbours(u).iter().map(move |v| (u, *v as usize, 1.0))).collect();
    let graph = Graph::new(units.collect(), &edges).unwrap();
    let plan: Vec<u32> = (0..16).map(|i| (i % 8) / 4 * 2 + i / 8).collect();
    let bounds = Bounds { min_units: 3, max_units: 5, ..LOOSE };
    let mut chain = Chain::new(&graph, bounds, true, &plan, 3).unwrap();
    for _ in 0..200 {
        assert!(chain.step());
        for units in check::members(chain.plan()).values() {
            let first = graph.parent_of(units[0] as usize);
            assert!(units.iter().all(|u| graph.parent_of(*u as usize) == first));
        }
    }
}

#[test]
fn a_chain_that_cannot_move_says_so() {
    let graph = grid(3, 1, |_| 1_000);
    let all = Bounds { min_units: 1, max_units: 3, min_residents: 1, max_residents: 9_000 };
    assert!(!Chain::new(&graph, all, false, &[0, 0, 0], 1).unwrap().step());
    let wrong = Chain::new(&graph, all, false, &[0, 1, 0], 1).unwrap_err();
    assert_eq!(wrong.to_string(), "a chain cannot begin with this plan: district 0 falls into 2 pieces");
}

#[test]
fn a_rank_counts_the_equal_half() {
    assert!((rank(&[1, 2, 2, 3], &2) - 0.5).abs() < 1e-12);
    assert!((rank(&[1.0, 2.0], &0.0)).abs() < 1e-12);
    assert!((rank(&[1, 2, 3, 4], &9) - 1.0).abs() < 1e-12);
    assert!((rank::<u32>(&[], &9) - 0.5).abs() < 1e-12);
}
