//! One call from graph to plan: pieces, exact where that is possible, annealing where not.

use std::fmt;

use crate::anneal::{Data, Search, grow};
use crate::areas::Areas;
use crate::certificate::{Certificate, Reason, possible};
use crate::conflict::conflict;
use crate::dual::{Dual, ascend};
use crate::graph::{Graph, GraphError};
use crate::large::{self, tiled};
use crate::model::Model;
use crate::refine::Refine;
use crate::relax::{Relaxation, pair, relaxations};
use crate::rules::{Bounds, Wanted};
use crate::sweep::sweep;
use crate::tiles;

/// Above so many units a graph is worked on in tiles; a step of annealing is then two to three times as fast.
pub const TILED: usize = 1_500;
/// Up to so many units the optimum is looked for with a proof.
const PROVABLE: usize = 80;
/// How many areas are looked at in the time of one step of annealing.
pub(crate) const LOOKS_A_STEP: u64 = 800;

/// What to draw and how much work to spend on it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bounds on every district.
    pub bounds: Bounds,
    /// How many districts; ignored with `by_parent` (there the numbers of the model or the graph count).
    pub wanted: Wanted,
    /// No district crosses from one parent to another.
    pub by_parent: bool,
    /// Steps of annealing in all; the same number gives the same plan.
    pub effort: u64,
    /// What chance is drawn from.
    pub seed: u64,
    /// On how many threads; the plan does not depend on it.
    pub threads: usize,
    /// Rules and prices beside the bounds.
    pub model: Model,
}

impl Options {
    /// How many districts a plan has in all, where that is fixed.
    #[must_use]
    pub fn districts(&self, graph: &Graph) -> Option<usize> {
        match (self.by_parent, self.wanted) {
            (true, _) => self.model.per_parent.as_ref().or(graph.per_parent.as_ref()).map(|k| k.iter().sum()),
            (false, Wanted::Exactly(k)) => Some(k),
            (false, Wanted::Free) => None,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            bounds: Bounds::default(),
            wanted: Wanted::Free,
            by_parent: false,
            effort: 300_000,
            seed: 1,
            threads: 1,
            model: Model::default(),
        }
    }
}

/// A plan with what is proven about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// District of each unit, numbered from 0 by first unit.
    pub district: Vec<u32>,
    /// Within-district sum of squares over the total ([`crate::check::ssw`]).
    pub ssw: f64,
    /// The whole objective: `ssw` and the prices of the model. The same as `ssw` where there are none.
    pub cost: f64,
    /// No plan within the rules has a smaller `cost`; none where no bound was computed, or where the
    /// rules cannot be kept.
    pub lower_bound: Option<f64>,
    /// The plan is proven to be the best.
    pub proven: bool,
    /// Every district is connected and within bounds, and their number is as wanted.
    pub within_bounds: bool,
    /// What cannot be divided as asked, with the reason. There the plan keeps to the first relaxation, or to
    /// the pair.
    pub infeasible: Vec<Certificate>,
}

impl Plan {
    /// How far the plan may be from the best, as a share of its own `cost`.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        self.lower_bound.map(|b| if self.cost > 0.0 { ((self.cost - b) / self.cost).max(0.0) } else { 0.0 })
    }
}

/// Where the work stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// What is being done.
    pub what: &'static str,
    /// Best cost so far, of the part worked on.
    pub best: f64,
    /// Lower bound so far; 0 where there is none yet.
    pub bound: f64,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: best {:.4}", self.what, self.best)?;
        if self.bound > 0.0 {
            write!(f, ", bound {:.4}", self.bound)?;
        }
        Ok(())
    }
}

/// Why a piece cannot be divided; the single changes that help; else two that do together.
type Impossible = (Reason, Vec<Relaxation>, Option<(Relaxation, Relaxation)>);

/// What one piece of the graph came to; costs are sums of squares.
pub(crate) struct Piece {
    pub(crate) plan: Vec<u32>,
    pub(crate) cost: f64,
    pub(crate) bound: Option<f64>,
    pub(crate) proven: bool,
    pub(crate) certificate: Option<Impossible>,
}

/// Divides a graph. `stop` is asked often; once it says yes, the best so far is returned soon.
///
/// # Errors
/// Bounds that no district can meet ([`Bounds::check`]); a model that cannot be meant ([`Model::check`]); a graph
/// without parents when `by_parent` is asked.
pub fn draw(
    graph: &Graph,
    options: &Options,
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Plan, GraphError> {
    options.bounds.check()?;
    options.model.check(graph)?;
    let whole = graph;
    let shore;
    let graph = if options.model.bridges {
        graph
    } else {
        shore = graph.without_bridges();
        &shore
    };
    let data = Data::new(whole, graph, &options.model, &options.bounds, options.districts(graph));
    let total = graph.len() as f64 * data.scale;
    let mut jobs: Vec<(Option<usize>, Vec<u32>, Wanted)> = Vec::new();
    if options.by_parent {
        if let Some(u) = (0..graph.len()).find(|u| graph.parent_of(*u).is_none()) {
            return Err(GraphError(format!("unit \"{}\" has no parent", graph.units()[u].id)));
        }
        for p in 0..graph.parents().len() {
            let own: Vec<u32> =
                (0..graph.len() as u32).filter(|u| graph.parent_of(*u as usize) == Some(p)).collect();
            let pieces = graph.pieces(&own);
            let wanted = match options.model.per_parent.as_ref().or(graph.per_parent.as_ref()) {
                Some(k) if pieces.len() == 1 => Wanted::Exactly(k[p]),
                _ => Wanted::Free,
            };
            jobs.extend(pieces.into_iter().map(|units| (Some(p), units, wanted)));
        }
    } else {
        let pieces = graph.pieces(&(0..graph.len() as u32).collect::<Vec<_>>());
        let wanted = if pieces.len() == 1 { options.wanted } else { Wanted::Free };
        jobs.extend(pieces.into_iter().map(|units| (None, units, wanted)));
    }
    let mut plan = Plan {
        district: vec![u32::MAX; graph.len()],
        ssw: 0.0,
        cost: 0.0,
        lower_bound: None,
        proven: true,
        within_bounds: false,
        infeasible: Vec::new(),
    };
    let mut bound = Some(0.0);
    let mut next = 0;
    for (number, (parent, units, wanted)) in jobs.into_iter().enumerate() {
        let part = data.part(&units);
        let share = options.effort * units.len() as u64 / graph.len() as u64;
        let seed = options.seed ^ (number as u64) << 32;
        let task = Task {
            bounds: options.bounds,
            wanted,
            effort: share.max(200),
            seed,
            threads: options.threads,
            total,
        };
        let name = |u: usize| graph.units()[units[u] as usize].id.clone();
        let piece = if part.len() > TILED {
            let points = tiles::points(&part, units.iter().map(|u| graph.units()[*u as usize].point));
            let (mut piece, orphan) = tiled(&part, &task, &points, progress, stop);
            let reason = conflict(&part, &task.bounds, &name)
                .or_else(|| orphan.map(|unit| Reason::Orphan { unit: name(unit as usize), areas: 0 }));
            piece.certificate = reason.map(|reason| (reason, Vec::new(), None));
            piece
        } else {
            small(&part, &task, &name, progress, stop)
        };
        let mut names = std::collections::BTreeMap::new();
        for (u, d) in units.iter().zip(&piece.plan) {
            let id = *names.entry(*d).or_insert_with(|| {
                next += 1;
                next - 1
            });
            plan.district[*u as usize] = id;
        }
        plan.proven &= piece.proven;
        bound = bound.zip(piece.bound).map(|(a, b)| a + b);
        if let Some((reason, relaxations, together)) = piece.certificate {
            let parent = parent.map(|p| graph.parents()[p].clone());
            plan.infeasible.push(Certificate { parent, units, reason, relaxations, together });
        }
        progress(Stage {
            what: "piece done",
            best: piece.cost / total,
            bound: piece.bound.unwrap_or(0.0) / total,
        });
    }
    plan.ssw = crate::check::ssw(graph, &plan.district);
    plan.cost = crate::check::cost(whole, options, &plan.district).whole();
    plan.lower_bound = bound.map(|b| (b / total).min(plan.cost));
    plan.within_bounds =
        plan.infeasible.is_empty() && crate::check::broken(whole, options, &plan.district).is_empty();
    Ok(plan)
}

/// How to divide a piece.
pub(crate) struct Task {
    pub(crate) bounds: Bounds,
    wanted: Wanted,
    pub(crate) effort: u64,
    pub(crate) seed: u64,
    pub(crate) threads: usize,
    pub(crate) total: f64,
}

impl Task {
    pub(crate) fn number(&self) -> Option<usize> {
        match self.wanted {
            Wanted::Free => None,
            Wanted::Exactly(k) => Some(k),
        }
    }
}

fn from_areas(areas: &Areas, chosen: &[u32]) -> Vec<u32> {
    let mut plan = vec![0; areas.order.len()];
    for (d, a) in chosen.iter().enumerate() {
        for m in areas.members(*a as usize) {
            plan[areas.order[*m as usize] as usize] = d as u32;
        }
    }
    plan
}

fn nothing(n: usize) -> Dual {
    Dual { bound: 0.0, price: vec![0.0; n], each: 0.0, least: vec![0.0; n] }
}

/// A piece that is worked on as a whole.
fn small(
    data: &Data,
    task: &Task,
    name: &dyn Fn(usize) -> String,
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Piece {
    if let Some(reason) = conflict(data, &task.bounds, name) {
        return relaxed(data, task, reason, name, progress, stop);
    }
    let number = task.number();
    let tell = |cost: f64| progress(Stage { what: "annealing", best: cost / task.total, bound: 0.0 });
    let start = grow(data, &task.bounds, task.seed);
    let mut search = Search::new(data, task.bounds, &start, task.seed);
    let steps = if data.len() <= PROVABLE { 300 } else { 40_000 };
    let fits = |s: &Search| s.count().1 == 0 && number.is_none_or(|k| k == s.count().0);
    search.wanted = number.map(|k| (k, 5.0));
    search.mend(steps, stop);
    for again in 1..6 {
        if data.len() <= PROVABLE || fits(&search) || stop() {
            break;
        }
        search = begun(data, task, again, stop);
    }
    if !fits(&search) {
        // The heuristic found nothing: is there anything to find?
        if let Some(Err(reason)) = possible(data, &task.bounds, task.wanted, name, stop) {
            return relaxed(data, task, reason, name, progress, stop);
        }
        if let Some(areas) = Areas::new(data, &task.bounds, 4_000_000)
            && let Some((_, chosen)) = sweep(&areas, &nothing(data.len()), number, f64::MAX, 4_000, stop).best
        {
            search = Search::new(data, task.bounds, &from_areas(&areas, &chosen), task.seed);
        }
    }
    search.wanted = number.map(|k| (k, 1000.0));
    search.told = Some(&tell);
    let mut steps = task.effort;
    if data.len() <= PROVABLE {
        steps = steps.min(100 * data.len() as u64);
    } else if fits(&search)
        && let Some(areas) = Areas::new(data, &task.bounds, 4_000_000)
    {
        search.anneal((task.effort / 8).min(12_000), 1.0, 0.07, 0.5, stop);
        if fits(&search)
            && let Some(piece) = refined(data, task, &areas, &search, progress, stop)
        {
            return piece;
        }
    }
    search.anneal(steps, 1.0, 0.07, 0.15, stop);
    search.polish(steps / 20, 0.5, stop);
    let report = |what, cost: f64, bound: f64| {
        progress(Stage { what, best: cost / task.total, bound: bound / task.total });
    };
    report("annealed", search.cost, 0.0);
    let mut piece = Piece {
        plan: search.plan().to_vec(),
        cost: search.cost,
        bound: None,
        proven: false,
        certificate: None,
    };
    let feasible = fits(&search);
    let Some(areas) = Areas::new(data, &task.bounds, 4_000_000) else {
        piece.bound = large::bound(data, task, &piece.plan, piece.cost, progress, stop);
        return piece;
    };
    let upper = if feasible { piece.cost } else { f64::MAX };
    let aim = if feasible { piece.cost } else { data.len() as f64 * data.width as f64 };
    let dual = ascend(&areas, number, aim, 400, &|| false);
    let mut bound = dual.bound;
    report("bounded", piece.cost, bound);
    // Plans ever further above the bound, until one is found or the sweep grows too large.
    let gap = (upper - bound).max(0.0);
    let width = if data.len() <= PROVABLE { 300_000 } else { 300 };
    let limits: &[f64] = if data.len() <= PROVABLE { &[0.25, 0.5, 1.0] } else { &[1.0] };
    for share in limits {
        let limit = if feasible { gap * share + 1e-9 * (1.0 + upper) } else { f64::MAX };
        let swept = sweep(&areas, &dual, number, limit, width, stop);
        if let Some((above, chosen)) = &swept.best {
            let found = Search::new(data, task.bounds, &from_areas(&areas, chosen), task.seed);
            if found.cost < piece.cost || !feasible {
                piece.plan = found.plan().to_vec();
                piece.cost = found.cost;
            }
            if swept.complete {
                bound = dual.bound + above;
                piece.proven = true;
            }
            break;
        }
        if !swept.complete {
            break;
        }
        bound = dual.bound + limit;
    }
    if !piece.proven && data.len() > PROVABLE {
        let mut last = Search::new(data, task.bounds, &piece.plan, task.seed ^ 7);
        last.wanted = number.map(|k| (k, 1000.0));
        last.polish(2_000, 0.7, stop);
        piece.cost = last.cost;
        piece.plan = last.plan().to_vec();
    }
    piece.bound = Some(bound.min(piece.cost));
    report("searched", piece.cost, bound);
    piece
}

/// A plan from another seed, as near to the rules as a short annealing takes it.
fn begun<'a>(data: &'a Data, task: &Task, number: u64, stop: &dyn Fn() -> bool) -> Search<'a> {
    let seed = task.seed.wrapping_add(number.wrapping_mul(0x5851_f42d));
    let mut search = Search::new(data, task.bounds, &grow(data, &task.bounds, seed), seed);
    search.wanted = task.number().map(|k| (k, 5.0));
    search.mend(10_000, stop);
    search.wanted = task.number().map(|k| (k, 100.0));
    search.anneal(1_000, 2.0, 1.0, 0.5, stop);
    search.mend(2_000, stop);
    search.wanted = task.number().map(|k| (k, 1000.0));
    search
}

/// A piece too large to be proven the best: prices, then windows.
fn refined(
    data: &Data,
    task: &Task,
    areas: &Areas,
    search: &Search,
    progress: &dyn Fn(Stage),
    stop: &dyn Fn() -> bool,
) -> Option<Piece> {
    let number = task.number();
    // What the annealing before left, in areas looked at.
    let others = (task.effort / 50_000).clamp(1, 8) - 1;
    let work = (task.effort * 7 / 10).saturating_sub(others * 10_000) * LOOKS_A_STEP;
    let refine = Refine {
        data,
        areas,
        number,
        keep: number.is_some(),
        work,
        bound: true,
        prices: None,
        seed: task.seed ^ 7,
    };
    let report = |best: f64, bound: f64| {
        progress(Stage { what: "windows", best: best / task.total, bound: bound / task.total });
    };
    let mut starts = vec![(search.plan().to_vec(), search.cost)];
    for start in 1..=others {
        let least = starts.iter().map(|s| s.1).fold(f64::INFINITY, f64::min);
        let tell = |cost: f64| {
            progress(Stage { what: "annealing", best: cost.min(least) / task.total, bound: 0.0 });
        };
        let mut other = begun(data, task, start + 10, stop);
        other.told = Some(&tell);
        other.anneal(6_000, 1.0, 0.07, 0.5, stop);
        if other.count().1 == 0 && number.is_none_or(|k| k == other.count().0) {
            starts.push((other.plan().to_vec(), other.cost));
        }
    }
    let found = refine.run(&starts, &report, stop)?;
    Some(Piece {
        proven: found.cost - found.bound < 1e-9 * (1.0 + found.cost),
        bound: Some(found.bound.min(found.cost)),
        plan: found.plan,
        cost: found.cost,
        certificate: None,
    })
}

/// A piece that cannot be divided as asked: the certificate, and a plan under the first relaxation.
fn relaxed(
    data: &Data,
    task: &Task,
    reason: Reason,
    name: &dyn Fn(usize) -> String,
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Piece {
    let ways =
        if data.len() <= PROVABLE { relaxations(data, &task.bounds, task.wanted, stop) } else { Vec::new() };
    let together = (ways.is_empty() && data.len() <= PROVABLE)
        .then(|| pair(data, &task.bounds, task.wanted, stop))
        .flatten();
    let changes: Vec<&Relaxation> = match (ways.first(), &together) {
        (Some(way), _) => vec![way],
        (None, Some((first, second))) => vec![first, second],
        (None, None) => vec![],
    };
    let mut piece = if changes.is_empty() {
        let start = grow(data, &task.bounds, task.seed);
        let mut search = Search::new(data, task.bounds, &start, task.seed);
        search.mend(2_000, stop);
        Piece {
            plan: search.plan().to_vec(),
            cost: search.cost,
            bound: None,
            proven: false,
            certificate: None,
        }
    } else {
        let (mut bounds, mut wanted, mut eased) = (task.bounds, task.wanted, None);
        for change in changes {
            (bounds, wanted) = change.apply(bounds, wanted);
            eased = eased.as_ref().unwrap_or(data).eased(change).or(eased);
        }
        small(eased.as_ref().unwrap_or(data), &Task { bounds, wanted, ..*task }, name, progress, stop)
    };
    piece.bound = None;
    piece.proven = false;
    piece.certificate = Some((reason, ways, together));
    piece
}
