//! The whole objective of a plan, term by term, computed from the graph anew.

use std::collections::BTreeMap;

use crate::check::{members, ssw};
use crate::draw::Options;
use crate::graph::Graph;
use crate::model::{Model, spacing};

/// What a plan costs, term by term; every term is a mean over units, and none is weighted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// Within-district sum of squares over the total ([`ssw`]).
    pub ssw: f64,
    /// Mean squared distance from the centre of the district, in the usual squared distance of neighbours.
    pub compactness: f64,
    /// For each of [`Model::balance`]: the mean squared relative deviation from the target.
    pub balance: Vec<f64>,
    /// Share of units that are not of the label under which their district goes on.
    pub moved: f64,
    /// Share of units outside the main parent of their district.
    pub outside: f64,
    /// What the prices of the model make of the terms beside `ssw`.
    pub priced: f64,
}

impl Cost {
    /// The whole objective.
    #[must_use]
    pub fn whole(&self) -> f64 {
        self.ssw + self.priced
    }
}

/// What a plan costs by the prices of a model. Terms without a price are computed too, where the graph has what
/// they need.
#[must_use]
pub fn cost(graph: &Graph, options: &Options, plan: &[u32]) -> Cost {
    let scales = Scales::new(graph, options);
    let mut out =
        Cost { ssw: ssw(graph, plan), balance: vec![0.0; options.model.balance.len()], ..Cost::default() };
    for units in members(plan).values() {
        scales.add(graph, &options.model, units, &mut out);
    }
    out
}

/// What the terms are measured by; the same for all districts.
#[derive(Debug, Clone)]
pub(crate) struct Scales {
    usual: f64,
    targets: Vec<f64>,
}

impl Scales {
    pub(crate) fn new(graph: &Graph, options: &Options) -> Self {
        let districts = options.districts(graph);
        let target = |b| Model::target(b, graph, &options.bounds, districts);
        Scales { usual: spacing(graph), targets: options.model.balance.iter().map(target).collect() }
    }

    /// Adds the terms of one district, all but `ssw`.
    pub(crate) fn add(&self, graph: &Graph, model: &Model, units: &[u32], out: &mut Cost) {
        let n = graph.len() as f64;
        let points: Option<Vec<[f64; 2]>> = units.iter().map(|u| graph.units()[*u as usize].point).collect();
        if let Some(points) = points.filter(|_| self.usual > 0.0) {
            let mut spread = 0.0;
            for i in 0..2 {
                let centre = points.iter().map(|p| p[i]).sum::<f64>() / points.len() as f64;
                spread += points.iter().map(|p| (p[i] - centre).powi(2)).sum::<f64>();
            }
            out.compactness += spread / self.usual / n;
            out.priced += model.compactness * spread / self.usual / n;
        }
        for ((balance, target), term) in model.balance.iter().zip(&self.targets).zip(&mut out.balance) {
            if *target > 0.0 {
                let sum: f64 = units.iter().map(|u| graph.amount(&balance.of, *u as usize)).sum();
                let own = units.len() as f64 / n * ((sum - target) / target).powi(2);
                *term += own;
                out.priced += balance.weight * own;
            }
        }
        let moved = outside(units, &|u| graph.today_of(u)) / n;
        let foreign = outside(units, &|u| graph.parent_of(u)) / n;
        out.moved += moved;
        out.outside += foreign;
        out.priced += model.move_price * moved + model.parent_price * foreign;
    }
}

/// How many units are not of the kind that most are of; those of no kind do not count.
fn outside(units: &[u32], kind: &dyn Fn(usize) -> Option<usize>) -> f64 {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    for k in units.iter().filter_map(|u| kind(*u as usize)) {
        *count.entry(k).or_default() += 1;
    }
    (count.values().sum::<usize>() - count.values().max().copied().unwrap_or(0)) as f64
}
