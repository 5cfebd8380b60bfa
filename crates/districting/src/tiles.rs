//! Large graphs: districts are worked on tile by tile, on several threads, with tiles that lie elsewhere in
//! each round so that no border stays a border.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::anneal::{Data, Search};
use crate::areas::Areas;
use crate::refine::{Refine, Refined};
use crate::rng::Rng;
use crate::rules::Bounds;

/// Units in a tile, roughly.
pub(crate) const TILE: f64 = 400.0;

/// One pass over all tiles.
pub(crate) struct Round<'a> {
    pub(crate) bounds: Bounds,
    pub(crate) wanted: Option<usize>,
    pub(crate) steps_per_unit: f64,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) seed: u64,
    pub(crate) threads: usize,
    /// The number of districts is right by now and must stay so.
    pub(crate) settled: bool,
    /// Only tiles whose number of districts is not right are worked on.
    pub(crate) count_only: bool,
    /// Instead of annealing, windows: so many areas are looked at for each unit.
    pub(crate) windows: Option<f64>,
    /// Prices of units to begin windows with.
    pub(crate) prices: Option<&'a [f64]>,
}

/// A place in the plane for every unit: its own point, or steps from two far ends of the graph.
pub(crate) fn points(data: &Data, own: impl Iterator<Item = Option<[f64; 2]>>) -> Vec<[f64; 2]> {
    if let Some(all) = own.collect::<Option<Vec<_>>>() {
        return all;
    }
    let first = steps_from(data, 0);
    let far = |d: &[u32]| d.iter().enumerate().max_by_key(|(_, v)| **v).map_or(0, |(u, _)| u);
    let a = steps_from(data, far(&first));
    let end = far(&a);
    let half = a[end] / 2;
    // The second end: far off the middle of the way from end to end.
    let other = steps_from(data, end);
    let side = (0..data.len()).filter(|u| a[*u].abs_diff(other[*u]) <= 2 && a[*u] >= half);
    let b = steps_from(data, side.max_by_key(|u| a[*u]).unwrap_or(end));
    a.iter().zip(&b).map(|(x, y)| [f64::from(*x), f64::from(*y)]).collect()
}

fn steps_from(data: &Data, first: usize) -> Vec<u32> {
    let mut steps = vec![u32::MAX; data.len()];
    steps[first] = 0;
    let mut queue = vec![first as u32];
    let mut at = 0;
    while at < queue.len() {
        let u = queue[at] as usize;
        for v in data.near(u) {
            if steps[*v as usize] == u32::MAX {
                steps[*v as usize] = steps[u] + 1;
                queue.push(*v);
            }
        }
        at += 1;
    }
    steps
}

struct Done {
    plan: Vec<u32>,
    cost: f64,
}

/// A tile's plan improved window by window, where all of it keeps the rules.
fn windows(
    part: &Data,
    units: &[u32],
    round: &Round<'_>,
    search: &Search,
    looks: f64,
    stop: &dyn Fn() -> bool,
) -> Option<Refined> {
    if stop() || search.count().1 > 0 {
        return None;
    }
    let areas = Areas::new(part, &round.bounds, 2_000_000)?;
    let refine = Refine {
        data: part,
        areas: &areas,
        number: None,
        keep: round.wanted.is_some(),
        work: (looks * part.len() as f64) as u64,
        bound: false,
        prices: round.prices.map(|prices| units.iter().map(|u| prices[*u as usize]).collect()),
        seed: round.seed,
    };
    refine.run(&[(search.plan().to_vec(), search.cost)], &|_, _| (), stop)
}

/// Works once on every tile; answers with the plan's sum of squares.
pub(crate) fn round(
    data: &Data,
    points: &[[f64; 2]],
    plan: &mut [u32],
    round: &Round<'_>,
    stop: &(dyn Fn() -> bool + Sync),
) -> f64 {
    let tiles = cut(points, plan, TILE, round.seed);
    let quotas = quotas(&tiles, plan, round.wanted);
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Done>>> = tiles.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let t = next.fetch_add(1, Ordering::Relaxed);
            let Some(units) = tiles.get(t) else { break };
            let part = data.part(units);
            let own: Vec<u32> = units.iter().map(|u| plan[*u as usize]).collect();
            let mut search =
                Search::new(&part, round.bounds, &own, round.seed.wrapping_add((t as u64) << 20));
            let right = quotas.as_ref().is_none_or(|q| q[t] == search.count().0);
            if !(stop() || round.count_only && right) {
                let price = if round.settled { 1000.0 } else { 5.0 };
                search.wanted = quotas.as_ref().map(|q| (q[t], price));
                let steps = (round.steps_per_unit * units.len() as f64) as u64;
                search.mend(20 * units.len() as u64, stop);
                if round.windows.is_none() {
                    search.anneal(steps, round.from, round.to, 0.1, stop);
                }
            }
            let refined = round.windows.and_then(|looks| windows(&part, units, round, &search, looks, stop));
            let (plan, cost) =
                refined.map_or_else(|| (search.plan().to_vec(), search.cost), |r| (r.plan, r.cost));
            if let Ok(mut slot) = done[t].lock() {
                *slot = Some(Done { plan, cost });
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..round.threads {
            scope.spawn(work);
        }
        work();
    });
    let (mut cost, mut base) = (0.0, 0);
    for (units, slot) in tiles.iter().zip(done) {
        let Ok(Some(done)) = slot.into_inner() else { continue };
        cost += done.cost;
        for (u, d) in units.iter().zip(&done.plan) {
            plan[*u as usize] = base + d;
        }
        base += done.plan.iter().max().map_or(0, |m| m + 1);
    }
    cost
}

/// Sorts whole districts into tiles by where their first unit lies; units of a tile ascend.
pub(crate) fn cut(points: &[[f64; 2]], plan: &[u32], tile: f64, seed: u64) -> Vec<Vec<u32>> {
    let mut rng = Rng::new(seed);
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for p in points {
        for i in 0..2 {
            low[i] = low[i].min(p[i]);
            high[i] = high[i].max(p[i]);
        }
    }
    let size = [(high[0] - low[0]).max(1e-9), (high[1] - low[1]).max(1e-9)];
    let side = (size[0] * size[1] * tile / points.len() as f64).sqrt();
    let shift = [rng.unit(), rng.unit()];
    let columns = (size[0] / side) as usize + 2;
    let districts = plan.iter().max().map_or(0, |m| *m as usize + 1);
    let mut tile_of = vec![u32::MAX; districts];
    let mut tiles: Vec<Vec<u32>> = Vec::new();
    let mut index = std::collections::HashMap::new();
    for (u, d) in plan.iter().enumerate() {
        let slot = &mut tile_of[*d as usize];
        if *slot == u32::MAX {
            let cell = |i: usize| ((points[u][i] - low[i]) / side + shift[i]) as usize;
            *slot = *index.entry(cell(1) * columns + cell(0)).or_insert_with(|| {
                tiles.push(Vec::new());
                tiles.len() as u32 - 1
            });
        }
        tiles[*slot as usize].push(u as u32);
    }
    tiles
}

/// How many districts each tile shall have so that the sum is as wanted.
fn quotas(tiles: &[Vec<u32>], plan: &[u32], wanted: Option<usize>) -> Option<Vec<usize>> {
    let wanted = wanted? as i64;
    let mut now: Vec<usize> = tiles
        .iter()
        .map(|units| {
            let mut all: Vec<u32> = units.iter().map(|u| plan[*u as usize]).collect();
            all.sort_unstable();
            all.dedup();
            all.len()
        })
        .collect();
    let missing = wanted - now.iter().sum::<usize>() as i64;
    let units: i64 = tiles.iter().map(|t| t.len() as i64).sum();
    let (mut seen, mut given) = (0, 0);
    for (quota, tile) in now.iter_mut().zip(tiles) {
        seen += tile.len() as i64;
        let due = missing * seen / units - given;
        given += due;
        *quota = (*quota as i64 + due).max(1) as usize;
    }
    Some(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anneal::grow;
    use crate::graph::{Graph, Unit};

    /// The round of windows: the same on one thread and on three, never dearer than before, and within the rules.
    #[test]
    fn windows_in_tiles_do_not_depend_on_threads() {
        let (wide, n) = (30, 900);
        let noise = |i: usize| (i * 7_919 * 2_654_435_761 % 1_000_003) as f64 / 1e6;
        let units = (0..n).map(|i| Unit {
            id: i.to_string(),
            residents: 4_000,
            features: vec![(i % wide) as f64 * 0.2 + noise(i), noise(i + n)],
            ..Unit::default()
        });
        let mut edges: Vec<_> = (1..n).filter(|i| i % wide > 0).map(|i| (i - 1, i, 1.0)).collect();
        edges.extend((wide..n).map(|i| (i - wide, i, 1.0)));
        let graph = Graph::new(units.collect(), &edges).unwrap();
        let bounds = Bounds::default();
        let data = Data::new(&graph, &graph, &crate::model::Model::default(), &bounds, None);
        let mut search = Search::new(&data, bounds, &grow(&data, &bounds, 1), 1);
        assert!(search.mend(20_000, &|| false));
        let points: Vec<[f64; 2]> = (0..n).map(|i| [(i % wide) as f64, (i / wide) as f64]).collect();
        let work = |threads| {
            let task = Round {
                bounds,
                wanted: None,
                steps_per_unit: 0.0,
                from: 1.0,
                to: 1.0,
                seed: 3,
                threads,
                settled: true,
                count_only: false,
                windows: Some(3_000.0),
                prices: None,
            };
            let mut plan = search.plan().to_vec();
            let cost = round(&data, &points, &mut plan, &task, &|| false);
            (plan, cost)
        };
        let (one, three) = (work(1), work(3));
        assert_eq!(one, three);
        assert!(one.1 < search.cost, "{} was {}", one.1, search.cost);
        let after = Search::new(&data, bounds, &one.0, 1);
        assert!(after.count().1 == 0 && (after.cost - one.1).abs() < 1e-6);
    }
}
