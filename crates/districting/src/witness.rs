//! The second opinion on certificates: plain, slow, and sharing nothing with the searches.

use std::collections::{BTreeSet, HashSet};

use crate::certificate::{Certificate, Reason};
use crate::graph::Graph;
use crate::rules::Bounds;

pub(crate) fn verify(graph: &Graph, bounds: &Bounds, certificate: &Certificate) -> bool {
    let units = &certificate.units;
    let people: u64 = units.iter().map(|u| graph.units()[*u as usize].residents).sum();
    match &certificate.reason {
        Reason::Arithmetic { units: n, residents, wanted, .. } => {
            // No number of districts fits the sums (or the wanted one does not).
            let fits = |k: usize| {
                let (wide, people) = (k as u128, u128::from(people));
                wide * bounds.min_units as u128 <= *n as u128
                    && *n as u128 <= wide * bounds.max_units as u128
                    && wide * u128::from(bounds.min_residents) <= people
                    && people <= wide * u128::from(bounds.max_residents)
            };
            *n == units.len() && *residents == people && wanted.map_or(!(1..=*n).any(fits), |k| !fits(k))
        }
        Reason::Orphan { unit, .. } => {
            let Some(u) = units.iter().find(|u| graph.units()[**u as usize].id == *unit) else {
                return false;
            };
            let all: BTreeSet<u32> = units.iter().copied().collect();
            groups(graph, bounds, &all, *u).is_empty()
        }
        Reason::Exhausted { wanted, .. } => {
            let all: BTreeSet<u32> = units.iter().copied().collect();
            !coverable(graph, bounds, &all, *wanted, &mut HashSet::new())
        }
    }
}

/// All connected groups within bounds of the units left that hold `first`.
fn groups(graph: &Graph, bounds: &Bounds, left: &BTreeSet<u32>, first: u32) -> Vec<BTreeSet<u32>> {
    let mut level: HashSet<BTreeSet<u32>> = HashSet::from([BTreeSet::from([first])]);
    let mut out = Vec::new();
    for size in 1..=bounds.max_units {
        for group in &level {
            let people = group.iter().map(|u| graph.units()[*u as usize].residents).sum();
            if bounds.hold(size, people) {
                out.push(group.clone());
            }
        }
        let mut wider = HashSet::new();
        for group in &level {
            for u in group {
                for v in graph.neighbours(*u as usize) {
                    if left.contains(v) && !group.contains(v) {
                        let mut more = group.clone();
                        more.insert(*v);
                        wider.insert(more);
                    }
                }
            }
        }
        level = wider;
    }
    out
}

fn coverable(
    graph: &Graph,
    bounds: &Bounds,
    left: &BTreeSet<u32>,
    wanted: Option<usize>,
    dead: &mut HashSet<(BTreeSet<u32>, Option<usize>)>,
) -> bool {
    if left.is_empty() {
        return wanted.is_none_or(|k| k == 0);
    }
    if wanted == Some(0) || dead.contains(&(left.clone(), wanted)) {
        return false;
    }
    // The unit with fewest free neighbours has the fewest groups.
    let free = |u: &u32| graph.neighbours(*u as usize).iter().filter(|v| left.contains(v)).count();
    let Some(first) = left.iter().min_by_key(|u| free(u)).copied() else { return false };
    for group in groups(graph, bounds, left, first) {
        let rest: BTreeSet<u32> = left.difference(&group).copied().collect();
        if coverable(graph, bounds, &rest, wanted.map(|k| k - 1), dead) {
            return true;
        }
    }
    dead.insert((left.clone(), wanted));
    false
}
