//! A piece that is worked on tile by tile: annealing, a bound, windows.

use crate::anneal::{Data, grow};
use crate::draw::{LOOKS_A_STEP, Piece, Stage, Task};
use crate::floor::{self, Floor, Land, REGION, Work};
use crate::rules::Bounds;
use crate::tiles;

/// Passes of annealing over all tiles.
const ROUNDS: u64 = 10;
/// With so many steps a unit the bound is begun after so many passes, so that one is there when time ends; with fewer it
/// comes after the plan.
const EARLY: (f64, u64) = (60.0, 5);
/// How much work goes into the bound where steps are few, and where they are not; and how much once more where windows
/// follow. It takes the time of about so many steps a unit, and of half of all at most.
const FEW: (Work, f64) = (Work { passes: 3, batches: 1 }, 10.0);
const SOME: (Work, f64) = (Work { passes: 3, batches: 2 }, 14.0);
const MORE: (Work, f64) = (Work { passes: 2, batches: 6 }, 12.0);
/// With so many steps a unit, tiles are worked on by windows in the end.
const EXACT: u64 = 120;

/// Draws a plan of a piece with more units than can be held in one view; and if there can be none, a unit that lies in
/// no area.
pub(crate) fn tiled(
    data: &Data,
    task: &Task,
    points: &[[f64; 2]],
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> (Piece, Option<u32>) {
    let n = data.len() as f64;
    let mut plan = grow(data, &task.bounds, task.seed);
    let mut cost = 0.0;
    let exact = task.effort / data.len() as u64 >= EXACT;
    let steps = task.effort as f64 / n;
    let few = steps < EARLY.0;
    let (first, takes) = if few { FEW } else { SOME };
    let takes = if exact { takes + MORE.1 } else { takes };
    let effort = task.effort as f64 * (1.0 - (takes / steps).min(0.5));
    let annealing = if exact { effort * 0.45 } else { effort };
    // A step in tiles takes the time of fewer looks.
    let looks = |steps: f64| steps / n * (LOOKS_A_STEP as f64 * 0.4);
    let mut counting = 0;
    let count = |plan: &[u32]| plan.iter().max().map_or(0, |m| *m as usize + 1);
    let mut floor: Option<Floor> = None;
    let land = |step: u64| Land {
        data,
        bounds: &task.bounds,
        points,
        region: REGION,
        threads: task.threads,
        seed: task.seed.wrapping_mul(1_000_033).wrapping_add(step),
    };
    let tell = |what, best: f64, bound: f64| {
        progress(Stage { what, best: best / task.total, bound: bound / task.total });
    };
    let mut round = 0;
    while round < ROUNDS + u64::from(exact) {
        if round > 0 && stop() {
            break;
        }
        // Where annealing has not come to the number wanted, some tiles go on until it has.
        let count_only =
            round >= ROUNDS.min(8) && counting < 40 && task.number().is_some_and(|k| k != count(&plan));
        if round == ROUNDS
            && !count_only
            && let Some(floor) = &mut floor
        {
            floor.raise(&land(round), &plan, MORE.0, &|b| tell("bound", cost, b), stop);
        }
        let prices = if round == ROUNDS { floor.as_ref().map(Floor::prices) } else { None };
        let at = |r: u64| 1.0 * 0.07f64.powf(r as f64 / ROUNDS as f64);
        let step = round + counting * 100;
        let work = tiles::Round {
            bounds: task.bounds,
            wanted: task.number(),
            steps_per_unit: annealing / ROUNDS as f64 / n,
            from: if count_only { 1.0 } else { at(round) },
            to: at(round + 1),
            seed: task.seed.wrapping_mul(1_000_003).wrapping_add(step),
            threads: task.threads,
            settled: round > 2,
            count_only,
            windows: (round == ROUNDS && !count_only).then_some(looks(effort * 0.5)),
            prices: prices.as_deref(),
        };
        cost = tiles::round(data, points, &mut plan, &work, stop);
        if count_only {
            counting += 1;
        } else {
            round += 1;
        }
        tell("tiles", cost, floor.as_ref().map_or(0.0, Floor::value));
        if round == if few { ROUNDS } else { EARLY.1 } && floor.is_none() && !stop() {
            let here = land(round);
            let mut fresh = Floor::new(&here, task.number(), &plan, stop);
            fresh.raise(&here, &plan, first, &|b| tell("bound", cost, b), stop);
            floor = Some(fresh);
        }
    }
    let kept = kept(data, &task.bounds, &plan);
    let bad = |unit: &u32| !kept[plan[*unit as usize] as usize];
    let orphan = floor::orphan(data, &task.bounds, (0..data.len() as u32).filter(bad));
    let bound = floor.map(|f| f.value().min(cost)).filter(|b| *b > 0.0 && orphan.is_none());
    (Piece { plan, cost, bound, proven: false, certificate: None }, orphan)
}

/// Which districts of a plan keep the rules.
fn kept(data: &Data, bounds: &Bounds, plan: &[u32]) -> Vec<bool> {
    let mut units: Vec<Vec<u32>> = vec![Vec::new(); plan.iter().max().map_or(0, |m| *m as usize + 1)];
    for (u, d) in plan.iter().enumerate() {
        units[*d as usize].push(u as u32);
    }
    let people = |own: &[u32]| own.iter().map(|u| data.pop[*u as usize]).sum();
    units
        .iter()
        .map(|own| own.is_empty() || bounds.hold(own.len(), people(own)) && data.allows(own))
        .collect()
}

/// The bound alone, of a piece that has too many areas to hold them all.
pub(crate) fn bound(
    data: &Data,
    task: &Task,
    plan: &[u32],
    cost: f64,
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<f64> {
    let points = tiles::points(data, std::iter::repeat_n(None, data.len()));
    let (bounds, threads, seed) = (&task.bounds, task.threads, task.seed);
    let land = Land { data, bounds, points: &points, region: REGION, threads, seed };
    let tell = |bound: f64| {
        progress(Stage { what: "bound", best: cost / task.total, bound: bound / task.total });
    };
    let mut floor = Floor::new(&land, task.number(), plan, stop);
    for seed in [seed, seed ^ 1] {
        floor.raise(&Land { seed, ..land }, plan, SOME.0, &tell, stop);
    }
    (floor.value() > 0.0).then(|| floor.value().min(cost))
}
