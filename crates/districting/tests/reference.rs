//! Figures of others, where their data lie beside the project: every plan of a small real map, counted.

#![expect(clippy::print_stdout, reason = "a test says what it skips")]

use districting::{Bounds, Columns, Graph, check, read_json, recom};
use std::path::{Path, PathBuf};

fn file(name: &str) -> Option<PathBuf> {
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/districting").join(name);
    if there.is_file() {
        return Some(there);
    }
    println!("skipped: ../shared/data/districting/{name} is not there");
    None
}

/// All sets of units that hang together and contain the lowest unit of `within`, as bits.
fn connected(adj: &[u32], within: u32) -> Vec<u32> {
    fn go(adj: &[u32], set: u32, mut ext: u32, seen: u32, out: &mut Vec<u32>) {
        out.push(set);
        while ext != 0 {
            let v = ext & ext.wrapping_neg();
            ext &= !v;
            let fresh = adj[v.trailing_zeros() as usize] & !seen;
            go(adj, set | v, ext | fresh, seen | fresh, out);
        }
    }
    let first = within.trailing_zeros() as usize;
    let near = adj[first] & within;
    let mut out = Vec::new();
    let outside = !within;
    go(adj, 1 << first, near, near | outside | 1 << first, &mut out);
    out
}

fn hangs_together(adj: &[u32], set: u32) -> bool {
    let mut reached = set & set.wrapping_neg();
    loop {
        let mut wider = reached;
        let mut rest = reached;
        while rest != 0 {
            wider |= adj[rest.trailing_zeros() as usize] & set;
            rest &= rest - 1;
        }
        if wider == reached {
            return reached == set;
        }
        reached = wider;
    }
}

fn bits(graph: &Graph) -> Vec<u32> {
    (0..graph.len()).map(|u| graph.neighbours(u).iter().fold(0, |a, v| a | 1 << v)).collect()
}

/// The 25 precincts of Florida of which Fifield, Imai, Kawahara and Kenny enumerated every plan of three districts:
/// as many plans as they found, as many of them near balance; and a chain met with no plan that is not among them.
#[test]
fn every_plan_of_twenty_five_precincts() {
    let Some(path) = file("fl25_graph.json") else { return };
    let graph = read_json(&std::fs::read_to_string(path).unwrap(), &Columns::default()).unwrap();
    let adj = bits(&graph);
    let people = |set: u32| -> f64 {
        (0..25).filter(|u| set >> u & 1 == 1).map(|u| graph.units()[u].residents as f64).sum()
    };
    let all = (1_u32 << 25) - 1;
    let mean = people(all) / 3.0;
    let off = |set: u32| (people(set) - mean).abs() / mean;
    let mut deviations = Vec::new();
    for first in connected(&adj, all) {
        let rest = all & !first;
        if rest == 0 {
            continue;
        }
        for second in connected(&adj, rest) {
            let third = rest & !second;
            if third != 0 && hangs_together(&adj, third) {
                deviations.push(off(first).max(off(second)).max(off(third)));
            }
        }
    }
    assert_eq!(deviations.len(), 117_688);
    let within = |d: f64| deviations.iter().filter(|x| **x <= d).count();
    assert_eq!([within(0.01), within(0.05), within(0.10), within(0.20)], [8, 192, 927, 3_617]);
    let best = deviations.iter().copied().fold(1.0, f64::min);
    assert!((best - 0.007_186_81).abs() < 1e-8, "{best}");
}

/// A chain on the same map, from a plan within a tenth: it keeps the tenth, and meets most of the 927 plans.
#[test]
fn a_chain_meets_the_plans_that_there_are() {
    let Some(path) = file("fl25_graph.json") else { return };
    let graph = read_json(&std::fs::read_to_string(path).unwrap(), &Columns::default()).unwrap();
    let adj = bits(&graph);
    let total: u64 = graph.units().iter().map(|u| u.residents).sum();
    let bound = |share: f64| (total as f64 / 3.0 * share) as u64;
    let bounds =
        Bounds { min_units: 1, max_units: 23, min_residents: bound(0.9) + 1, max_residents: bound(1.1) };
    let all = (1_u32 << 25) - 1;
    let people =
        |set: u32| -> u64 { (0..25).filter(|u| set >> u & 1 == 1).map(|u| graph.units()[u].residents).sum() };
    let good = |set: u32| (bounds.min_residents..=bounds.max_residents).contains(&people(set));
    let begin = connected(&adj, all).into_iter().filter(|s| good(*s)).find_map(|first| {
        let rest = all & !first;
        let second = connected(&adj, rest)
            .into_iter()
            .find(|s| good(*s) && good(rest & !s) && hangs_together(&adj, rest & !s))?;
        let of = |u: u32| if first >> u & 1 == 1 { 0 } else { 1 + (second >> u & 1) };
        Some((0..25).map(of).collect::<Vec<u32>>())
    });
    let mut chain = recom::Chain::new(&graph, bounds, false, &begin.unwrap(), 1).unwrap();
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..100_000 {
        assert!(chain.step());
        let mut sets: Vec<Vec<u32>> = check::members(chain.plan()).into_values().collect();
        sets.sort();
        met.insert(sets);
    }
    assert!(met.len() <= 927, "{} plans, but there are only 927", met.len());
    assert!(met.len() > 400, "only {} of 927 plans were met", met.len());
}
