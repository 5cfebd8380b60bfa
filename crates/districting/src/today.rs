//! Which of today's districts goes on in which new one: every label given once at most, so that as few units as
//! possible change theirs.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::check::members;
use crate::graph::Graph;
use crate::model::{Model, Pin};

/// New districts and the labels that they take over from today's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heirs {
    /// For each district the label (index into [`Graph::labels`]) under which it goes on; none for a new one.
    pub label: BTreeMap<u32, Option<usize>>,
    /// Units with a district today that will bear another label, ascending.
    pub moved: Vec<u32>,
}

/// Finds the heirs of today's districts by a best matching: each label goes to one new district at most, and as many
/// units as possible keep theirs. A label that a unit is pinned to ([`Pin::Stays`]) goes to that unit's district.
///
/// Successive shortest paths (Kuhn 1955, Jonker and Volgenant 1987) on the pairs that share units; a district is
/// free to take no label, so that every search ends near where it began.
#[must_use]
pub fn heirs(graph: &Graph, model: &Model, plan: &[u32]) -> Heirs {
    let districts = members(plan);
    let numbers: Vec<u32> = districts.keys().copied().collect();
    let mut pinned = vec![false; graph.len()];
    for (_, pin) in model.all_pins(graph) {
        if let Pin::Stays(u) = pin {
            pinned[*u] = true;
        }
    }
    // Worth of a label to a district: the units that keep it; pins weigh more than all units.
    let shares: Vec<BTreeMap<usize, i64>> = districts
        .values()
        .map(|units| {
            let mut share = BTreeMap::new();
            for u in units {
                if let Some(label) = graph.today_of(*u as usize) {
                    let weight = if pinned[*u as usize] { 1 + graph.len() as i64 } else { 1 };
                    *share.entry(label).or_insert(0) += weight;
                }
            }
            share
        })
        .collect();
    let label_of = matching(&shares, graph.labels().len());
    let mut moved: Vec<u32> = Vec::new();
    for (units, label) in districts.values().zip(&label_of) {
        let own = |u: &u32| graph.today_of(*u as usize);
        moved.extend(units.iter().filter(|u| own(u).is_some() && own(u) != *label));
    }
    moved.sort_unstable();
    Heirs { label: numbers.into_iter().zip(label_of).collect(), moved }
}

/// How many units lie in the same district in both plans, when districts are paired as well as can be.
pub(crate) fn kept(one: &[u32], other: &[u32]) -> usize {
    let names: BTreeMap<u32, usize> = members(other).into_keys().zip(0..).collect();
    let shares: Vec<BTreeMap<usize, i64>> = members(one)
        .values()
        .map(|units| {
            let mut share = BTreeMap::new();
            for name in units.iter().filter_map(|u| names.get(&other[*u as usize])) {
                *share.entry(*name).or_insert(0) += 1;
            }
            share
        })
        .collect();
    let given = matching(&shares, names.len());
    shares.iter().zip(given).filter_map(|(share, name)| name.and_then(|n| share.get(&n))).sum::<i64>()
        as usize
}

/// Gives each row a column that it is worth something to, every column once at most, with the largest sum of worths.
fn matching(worth: &[BTreeMap<usize, i64>], columns: usize) -> Vec<Option<usize>> {
    let mut row_of: Vec<Option<usize>> = vec![None; columns];
    let mut column_of: Vec<Option<usize>> = vec![None; worth.len()];
    // Costs are best worth of the row less worth; prices keep them at zero or more along every step.
    let mut price = vec![0_i64; columns];
    let mut debt: Vec<i64> = worth.iter().map(|w| -w.values().copied().max().unwrap_or(0)).collect();
    for row in 0..worth.len() {
        // Shortest way from the row to a free column, or to a row on the way that then takes none.
        let mut far: BTreeMap<usize, (i64, usize)> = BTreeMap::new();
        let mut done: BTreeMap<usize, i64> = BTreeMap::new();
        let mut rows = vec![(row, 0_i64)];
        let mut heap = BinaryHeap::new();
        let mut none: Option<(i64, usize)> = None;
        let mut at = 0;
        let (length, last, free) = loop {
            while let Some(&(r, reached)) = rows.get(at) {
                at += 1;
                let without = reached - debt[r];
                if none.is_none_or(|(best, _)| without < best) {
                    none = Some((without, r));
                }
                for (&c, &w) in &worth[r] {
                    let next = reached - w - debt[r] - price[c];
                    if !done.contains_key(&c) && far.get(&c).is_none_or(|(known, _)| next < *known) {
                        far.insert(c, (next, r));
                        heap.push(Reverse((next, c)));
                    }
                }
            }
            match (heap.pop(), none) {
                (Some(Reverse((length, c))), none) if none.is_none_or(|(best, _)| length < best) => {
                    if done.contains_key(&c) {
                        continue;
                    }
                    done.insert(c, length);
                    match row_of[c] {
                        Some(r) => rows.push((r, length)),
                        None => break (length, far[&c].1, Some(c)),
                    }
                }
                (_, Some((length, r))) => break (length, r, None),
                // Every row may go without a column, so there is always a way.
                (_, None) => break (0, row, None),
            }
        };
        for (r, reached) in &rows {
            debt[*r] += (length - reached).max(0);
        }
        for (c, reached) in &done {
            price[*c] -= (length - reached).max(0);
        }
        // Along the way back every row takes the column before it.
        let (mut r, mut take) = (last, free);
        loop {
            let before = column_of[r];
            column_of[r] = take;
            if let Some(c) = take {
                row_of[c] = Some(r);
            }
            if r == row {
                break;
            }
            take = before;
            let Some(c) = before else { break };
            r = far[&c].1;
        }
    }
    column_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(worth: &[BTreeMap<usize, i64>], given: &[Option<usize>]) -> i64 {
        worth.iter().zip(given).filter_map(|(w, c)| c.map(|c| w[&c])).sum()
    }

    fn best(worth: &[BTreeMap<usize, i64>], taken: u32) -> i64 {
        let Some((first, rest)) = worth.split_first() else { return 0 };
        let with = first.iter().filter(|(c, _)| taken & 1 << **c == 0);
        with.map(|(c, w)| w + best(rest, taken | 1 << c)).max().unwrap_or(0).max(best(rest, taken))
    }

    proptest! {
        /// No other way of giving each label once lets more units keep theirs.
        #[test]
        fn as_few_as_possible_are_moved(
            worth in prop::collection::vec(prop::collection::btree_map(0_usize..6, 1_i64..6, 0..5), 0..7)
        ) {
            let given = matching(&worth, 6);
            let mut taken: Vec<_> = given.iter().flatten().collect();
            taken.sort_unstable();
            let count = taken.len();
            taken.dedup();
            prop_assert_eq!(taken.len(), count, "a label is given twice");
            prop_assert_eq!(value(&worth, &given), best(&worth, 0));
        }
    }
}
