//! Several good plans to choose from: none is beaten by another in everything, and they differ on the ground.

use std::collections::BTreeMap;

use crate::check::{self, Cost};
use crate::draw::{Options, Plan, Stage, draw};
use crate::graph::{Graph, GraphError};
use crate::model::{Balance, Model, Quantity};
use crate::today::{heirs, kept};

/// What a plan can be best at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aim {
    /// Units of a district are alike.
    Likeness,
    /// Districts are round.
    Compactness,
    /// Sums differ little from district to district: of residents, or what [`Model::balance`] names.
    Balance,
    /// Few units leave the district that they are in today.
    Stability,
}

/// A plan with its place among the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The plan. Its `cost` and its bound are those of the prices that it was drawn by.
    pub plan: Plan,
    /// Rules and prices that it was drawn by.
    pub drawn_by: Model,
    /// Term by term; `priced` by the prices that were asked for.
    pub cost: Cost,
    /// Units that leave today's district, each label given once ([`heirs`]).
    pub moved: usize,
    /// What no other plan of the answer is better at; empty for one that is a good middle.
    pub best_at: Vec<Aim>,
}

/// Plans differ if at least this share of units lies elsewhere.
const DIFFERENT: f64 = 0.03;

/// Draws up to `most` plans within the rules of which none is at least as good as another in likeness, compactness, balance
/// and stability and better in one; any two differ in 3 % of their units at least. The first is the one that is best by the prices
/// asked for. `options.effort` is spent on all runs together. Where the rules cannot be kept, the answer is the
/// one plan of [`draw`] with its certificate.
///
/// # Errors
/// As [`draw`].
pub fn front(
    graph: &Graph,
    options: &Options,
    most: usize,
    progress: &(dyn Fn(Stage) + Sync),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Scored>, GraphError> {
    let models = weightings(graph, &options.model, most);
    let mut all: Vec<Scored> = Vec::new();
    for (run, model) in models.iter().enumerate() {
        if run > 0 && stop() {
            break;
        }
        let task = Options {
            model: model.clone(),
            effort: options.effort / models.len() as u64,
            seed: options.seed.wrapping_add(run as u64),
            ..options.clone()
        };
        let plan = draw(graph, &task, progress, stop)?;
        let scored = score(graph, options, plan, model);
        if !scored.plan.within_bounds {
            if run == 0 && !scored.plan.infeasible.is_empty() {
                return Ok(vec![scored]);
            }
            if all.is_empty() {
                all.push(scored);
            }
            continue;
        }
        all.retain(|s| s.plan.within_bounds);
        all.push(scored);
    }
    let mut chosen = choose(&all, most.max(1));
    name(&mut chosen);
    Ok(chosen)
}

/// Prices that lead to the ends of the front and to its middle; the first are those asked for.
fn weightings(graph: &Graph, asked: &Model, most: usize) -> Vec<Model> {
    let bare = Model {
        compactness: 0.0,
        move_price: 0.0,
        balance: balance(asked).into_iter().map(|b| Balance { weight: 0.0, ..b }).collect(),
        ..asked.clone()
    };
    let points = graph.units().iter().all(|u| u.point.is_some());
    let today = !graph.labels().is_empty();
    // Shares of the strongest prices: compactness, balance, stability. At those a usual gain in each term
    // outweighs a usual loss of likeness.
    let mixed = |shares: [f64; 3]| {
        let mut model = bare.clone();
        model.compactness = if points { 0.3 * shares[0] } else { 0.0 };
        model.move_price = if today { 0.5 * shares[2] } else { 0.0 };
        for b in &mut model.balance {
            b.weight = 5.0 * shares[1];
        }
        model
    };
    let mut out = vec![asked.clone()];
    let steps = [
        [0.0, 0.0, 0.0],
        [1.0, 0.0, 0.0],
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.2, 0.2, 0.2],
        [0.3, 0.0, 0.1],
        [0.0, 0.3, 0.1],
        [0.3, 0.3, 0.0],
        [0.05, 0.05, 0.05],
    ];
    for shares in steps {
        let model = mixed(shares);
        if !out.contains(&model) {
            out.push(model);
        }
    }
    for i in 0..most.saturating_sub(out.len()) {
        let at = |k: usize| ((i + 1) as f64 * [0.618, 0.755, 0.570][k]).fract();
        out.push(mixed([at(0), at(1), at(2)]));
    }
    out
}

/// What is balanced: what the model names, else residents.
fn balance(model: &Model) -> Vec<Balance> {
    if model.balance.is_empty() {
        vec![Balance { of: Quantity::Residents, target: None, weight: 0.0 }]
    } else {
        model.balance.clone()
    }
}

fn score(graph: &Graph, options: &Options, plan: Plan, drawn_by: &Model) -> Scored {
    let model = Model { balance: balance(&options.model), ..options.model.clone() };
    let cost = check::cost(graph, &Options { model, ..options.clone() }, &plan.district);
    let moved = heirs(graph, &options.model, &plan.district).moved.len();
    Scored { plan, drawn_by: drawn_by.clone(), cost, moved, best_at: Vec::new() }
}

impl Scored {
    /// What the plan is compared by, in the order of [`Aim`]; less is better.
    #[must_use]
    pub fn terms(&self) -> [f64; 4] {
        [self.cost.ssw, self.cost.compactness, self.cost.balance.iter().sum(), self.moved as f64]
    }

    /// At least as good in everything, and better in something (differences below 1e-9 are none).
    #[must_use]
    pub fn dominates(&self, other: &Scored) -> bool {
        let pairs = self.terms().into_iter().zip(other.terms());
        let (mut worse, mut better) = (false, false);
        for (a, b) in pairs {
            worse |= a > b + 1e-9;
            better |= a < b - 1e-9;
        }
        better && !worse
    }
}

/// Undominated plans that differ: the best by the price asked for, the best in each term, then always the one that differs
/// most from those chosen.
fn choose(all: &[Scored], most: usize) -> Vec<Scored> {
    let good = |s: &Scored| !all.iter().any(|other| other.dominates(s));
    let mut left: Vec<Scored> = all.iter().filter(|s| good(s)).cloned().collect();
    let mut chosen: Vec<Scored> = Vec::new();
    let least = |left: &[Scored], value: &dyn Fn(&Scored) -> f64| {
        (0..left.len()).min_by(|a, b| value(&left[*a]).total_cmp(&value(&left[*b])))
    };
    for term in 0..5 {
        let next = if term == 0 {
            least(&left, &|s| s.cost.whole())
        } else {
            least(&left, &|s| s.terms()[term - 1])
        };
        let best = |s: &Scored| s.terms()[term.max(1) - 1];
        if let Some(next) = next
            && chosen.len() < most
            // Somebody who was chosen before may be best at this as well.
            && (term == 0 || chosen.iter().all(|c| best(c) > best(&left[next]) + 1e-9))
            && distance(&chosen, &left[next]) >= DIFFERENT
        {
            chosen.push(left.swap_remove(next));
        }
    }
    while chosen.len() < most {
        left.retain(|s| distance(&chosen, s) >= DIFFERENT);
        let far = least(&left, &|s| -distance(&chosen, s));
        let Some(far) = far else { break };
        chosen.push(left.swap_remove(far));
    }
    chosen
}

/// Share of units that lie elsewhere than in the nearest of the plans chosen; infinite when there is none.
fn distance(chosen: &[Scored], plan: &Scored) -> f64 {
    let n = plan.plan.district.len();
    let away = |c: &Scored| (n - kept(&c.plan.district, &plan.plan.district)) as f64 / n as f64;
    chosen.iter().map(away).fold(f64::INFINITY, f64::min)
}

fn name(chosen: &mut [Scored]) {
    let mut best: BTreeMap<Aim, f64> = BTreeMap::new();
    let aims = [Aim::Likeness, Aim::Compactness, Aim::Balance, Aim::Stability];
    for s in chosen.iter() {
        for (aim, term) in aims.iter().zip(s.terms()) {
            let least = best.entry(*aim).or_insert(f64::INFINITY);
            *least = least.min(term);
        }
    }
    let worst = |aim: usize| chosen.iter().map(|s| s.terms()[aim]).fold(0.0, f64::max);
    let worst = [worst(0), worst(1), worst(2), worst(3)];
    let alone = chosen.len() == 1;
    for s in chosen.iter_mut() {
        let terms = s.terms();
        // Where all are alike in something, nobody is best at it.
        s.best_at = (0..4)
            .filter(|i| terms[*i] <= best[&aims[*i]] + 1e-9 && (alone || worst[*i] > best[&aims[*i]] + 1e-9))
            .map(|i| aims[i])
            .collect();
    }
}
