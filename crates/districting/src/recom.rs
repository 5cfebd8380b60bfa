//! What a neutral plan looks like: a seeded Markov chain of recombinations (DeFord, Duchin and Solomon,
//! "Recombination: a family of Markov chains for redistricting", 2021).
//!
//! A step draws a border between two districts, merges the two, draws a spanning tree of what they are made of
//! (uniformly, by loop-erased walks: Wilson, 1996), and cuts the tree at one of the edges that leave both sides
//! within bounds, each with the same chance. Where no edge does, the proposal is thrown away and another border is
//! drawn. A step looks at the two districts and at nothing else, and takes no memory, so that it costs the
//! same on a country as on a town.
//!
//! The chain wanders over all plans within bounds that it can reach and likes those whose districts have many
//! spanning trees, that is, compact ones. Where a given plan lies among those met tells whether it is out of the
//! ordinary; it proves nothing about plans that the chain has not met.

use crate::check;
use crate::graph::{Graph, GraphError};
use crate::rng::Rng;
use crate::rules::{Bounds, Wanted, standardised};

/// Edges drawn in vain in a row (no border, or no place to cut) after which a chain counts as stuck.
const PATIENCE: u32 = 100_000;
/// Districts' deviations are told apart in so many steps of a thousandth.
const BINS: usize = 1024;

/// A chain of plans; every plan in it is connected and within bounds.
#[derive(Debug, Clone)]
pub struct Chain {
    bounds: Bounds,
    rng: Rng,
    start: Vec<u32>,
    near: Vec<u32>,
    source: Vec<u32>,
    people: Vec<u32>,
    parent: Option<Vec<u32>>,
    features: Vec<f64>,
    width: usize,
    ideal: f64,
    district: Vec<u32>,
    districts: Vec<District>,
    cut_edges: usize,
    squares: f64,
    bins: Box<[u32; BINS]>,
    filled: [u64; BINS / 64],
    proposals: u64,
    steps: u64,
    /// Place of a unit in the merged pair; only the pair's own entries mean anything.
    place: Vec<u32>,
    pair: Pair,
}

#[derive(Debug, Clone, Default)]
struct District {
    units: Vec<u32>,
    people: u64,
    squares: f64,
}

/// Two districts merged, with scratch space that is used again and again.
#[derive(Debug, Clone, Default)]
struct Pair {
    units: Vec<u32>,
    start: Vec<u32>,
    near: Vec<u32>,
    up: Vec<u32>,
    inside: Vec<bool>,
    order: Vec<u32>,
    people: Vec<u64>,
    size: Vec<u32>,
    cuts: Vec<u32>,
}

/// What is known of the plan on which a chain stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Within-district sum of squares over the total, as [`check::ssw`].
    pub ssw: f64,
    /// Pairs of neighbouring units that lie in different districts: few for a compact plan.
    pub cut_edges: usize,
    /// Largest deviation of a district's residents from the mean, as a share of the mean, down to the
    /// thousandth; at most 1.023.
    pub deviation: f64,
}

impl Chain {
    /// Sets a chain on a plan. With `within_parents` no step merges districts of different parents.
    ///
    /// The bounds may be wider than those of a search ([`crate::MOST_UNITS`] does not apply).
    ///
    /// # Errors
    /// The plan breaks a bound or falls into pieces.
    pub fn new(
        graph: &Graph,
        bounds: Bounds,
        within_parents: bool,
        plan: &[u32],
        seed: u64,
    ) -> Result<Self, GraphError> {
        if let Some(fault) = check::faults(graph, &bounds, Wanted::Free, plan).first() {
            return Err(GraphError(format!("a chain cannot begin with this plan: {fault}")));
        }
        let (mut start, mut near, mut source) = (vec![0], Vec::new(), Vec::new());
        for u in 0..graph.len() {
            near.extend_from_slice(graph.neighbours(u));
            source.resize(near.len(), u as u32);
            start.push(near.len() as u32);
        }
        let (features, width) = standardised(graph);
        let members = check::members(plan);
        let total: u64 = graph.units().iter().map(|u| u.residents).sum();
        let own = |u: usize| graph.parent_of(u).map_or(u32::MAX, |p| p as u32);
        let mut chain = Chain {
            bounds,
            rng: Rng::new(seed),
            start,
            near,
            source,
            people: graph.units().iter().map(|u| u.residents as u32).collect(),
            parent: within_parents.then(|| (0..graph.len()).map(own).collect()),
            features,
            width,
            ideal: (total as f64 / members.len() as f64).max(f64::MIN_POSITIVE),
            district: vec![0; graph.len()],
            districts: Vec::with_capacity(members.len()),
            cut_edges: 0,
            squares: 0.0,
            bins: Box::new([0; BINS]),
            filled: [0; BINS / 64],
            proposals: 0,
            steps: 0,
            place: vec![0; graph.len()],
            pair: Pair::default(),
        };
        for (d, units) in members.into_values().enumerate() {
            for u in &units {
                chain.district[*u as usize] = d as u32;
            }
            let people = units.iter().map(|u| u64::from(chain.people[*u as usize])).sum();
            let squares = chain.squares_of(&units);
            chain.squares += squares;
            chain.districts.push(District { units, people, squares });
            chain.count(people, true);
        }
        let apart =
            |e: &usize| chain.district[chain.source[*e] as usize] != chain.district[chain.near[*e] as usize];
        chain.cut_edges = (0..chain.near.len()).filter(apart).count() / 2;
        Ok(chain)
    }

    /// District of each unit, as it stands.
    #[must_use]
    pub fn plan(&self) -> &[u32] {
        &self.district
    }

    /// Steps taken (recombinations accepted).
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Spanning trees drawn for these steps.
    #[must_use]
    pub fn proposals(&self) -> u64 {
        self.proposals
    }

    /// Residents of each district, as it stands.
    pub fn residents(&self) -> impl Iterator<Item = u64> + '_ {
        self.districts.iter().map(|d| d.people)
    }

    /// Units of each district, as it stands.
    pub fn sizes(&self) -> impl Iterator<Item = usize> + '_ {
        self.districts.iter().map(|d| d.units.len())
    }

    /// Figures of the plan as it stands; kept up to date by every step, so that asking is cheap.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let total = (self.people.len() * self.width).max(1) as f64;
        let highest = self.filled.iter().rposition(|w| *w != 0);
        let bin = highest.map_or(0, |w| w * 64 + 63 - self.filled[w].leading_zeros() as usize);
        Figures {
            ssw: (self.squares / total).max(0.0),
            cut_edges: self.cut_edges,
            deviation: bin as f64 / 1_000.0,
        }
    }

    /// Proposes until one recombination is accepted. False when there is nothing to recombine, or when a hundred
    /// thousand edges drawn in a row led nowhere.
    pub fn step(&mut self) -> bool {
        if self.cut_edges == 0 {
            return false;
        }
        for _ in 0..PATIENCE {
            let e = self.rng.below(self.near.len());
            let (u, v) = (self.source[e] as usize, self.near[e] as usize);
            let (a, b) = (self.district[u], self.district[v]);
            if a == b || self.parent.as_ref().is_some_and(|p| p[u] != p[v]) {
                continue;
            }
            self.proposals += 1;
            self.merge(a as usize, b as usize);
            self.draw_tree();
            if self.cut(a as usize, b as usize) {
                self.steps += 1;
                return true;
            }
        }
        false
    }

    fn count(&mut self, people: u64, come: bool) {
        let off = (people as f64 - self.ideal).abs() / self.ideal;
        let bin = ((off * 1_000.0) as usize).min(BINS - 1);
        if come {
            self.bins[bin] += 1;
            self.filled[bin / 64] |= 1 << (bin % 64);
        } else {
            self.bins[bin] -= 1;
            if self.bins[bin] == 0 {
                self.filled[bin / 64] &= !(1 << (bin % 64));
            }
        }
    }

    /// Sum of squared distances from the mean, by the distances of the first unit: no cancellation to speak of.
    fn squares_of(&self, units: &[u32]) -> f64 {
        let w = self.width;
        let row = |u: u32| &self.features[u as usize * w..(u as usize + 1) * w];
        let (base, mut out) = (row(units[0]), 0.0);
        for (j, origin) in base.iter().enumerate() {
            let (mut sum, mut square) = (0.0, 0.0);
            for u in units {
                let x = row(*u)[j] - origin;
                sum += x;
                square += x * x;
            }
            out += square - sum * sum / units.len() as f64;
        }
        out
    }

    fn merge(&mut self, a: usize, b: usize) {
        let p = &mut self.pair;
        p.units.clear();
        p.units.extend_from_slice(&self.districts[a].units);
        p.units.extend_from_slice(&self.districts[b].units);
        for (i, u) in p.units.iter().enumerate() {
            self.place[*u as usize] = i as u32;
        }
        p.start.clear();
        p.near.clear();
        p.start.push(0);
        for u in &p.units {
            let u = *u as usize;
            for v in &self.near[self.start[u] as usize..self.start[u + 1] as usize] {
                let d = self.district[*v as usize] as usize;
                if d == a || d == b {
                    p.near.push(self.place[*v as usize]);
                }
            }
            p.start.push(p.near.len() as u32);
        }
    }

    /// A spanning tree of the pair, each with the same chance; in `order` every unit stands after the one above it.
    fn draw_tree(&mut self) {
        let p = &mut self.pair;
        let m = p.units.len();
        p.up.clear();
        p.up.resize(m, u32::MAX);
        p.inside.clear();
        p.inside.resize(m, false);
        p.order.clear();
        let root = self.rng.below(m);
        p.inside[root] = true;
        p.order.push(root as u32);
        for first in 0..m {
            let mut at = first;
            while !p.inside[at] {
                let (low, high) = (p.start[at] as usize, p.start[at + 1] as usize);
                let next = p.near[low + self.rng.below(high - low)];
                p.up[at] = next;
                at = next as usize;
            }
            let begin = p.order.len();
            at = first;
            while !p.inside[at] {
                p.inside[at] = true;
                p.order.push(at as u32);
                at = p.up[at] as usize;
            }
            p.order[begin..].reverse();
        }
    }

    /// Cuts the tree where both sides keep the bounds. False when there is no such place.
    fn cut(&mut self, a: usize, b: usize) -> bool {
        let p = &mut self.pair;
        let m = p.units.len();
        p.people.clear();
        p.people.extend(p.units.iter().map(|u| u64::from(self.people[*u as usize])));
        p.size.clear();
        p.size.resize(m, 1);
        let total = self.districts[a].people + self.districts[b].people;
        p.cuts.clear();
        for &u in p.order[1..].iter().rev() {
            let u = u as usize;
            let (people, size) = (p.people[u], p.size[u]);
            if self.bounds.hold(size as usize, people) && self.bounds.hold(m - size as usize, total - people)
            {
                p.cuts.push(u as u32);
            }
            let up = p.up[u] as usize;
            p.people[up] += people;
            p.size[up] += size;
        }
        if p.cuts.is_empty() {
            return false;
        }
        let top = p.cuts[self.rng.below(p.cuts.len())] as usize;
        // `inside` now tells on which side of the cut a unit lies.
        p.inside.fill(false);
        for &u in &p.order {
            let u = u as usize;
            p.inside[u] = u == top || (p.up[u] != u32::MAX && p.inside[p.up[u] as usize]);
        }
        let (mut before, mut after) = (0, 0);
        for i in 0..m {
            let own = self.district[p.units[i] as usize];
            for &j in &p.near[p.start[i] as usize..p.start[i + 1] as usize] {
                before += usize::from(own != self.district[p.units[j as usize] as usize]);
                after += usize::from(p.inside[i] != p.inside[j as usize]);
            }
        }
        self.cut_edges = self.cut_edges + after / 2 - before / 2;
        let cut_off = p.people[top];
        let mut first = std::mem::take(&mut self.districts[a]);
        let mut second = std::mem::take(&mut self.districts[b]);
        self.count(first.people, false);
        self.count(second.people, false);
        self.squares -= first.squares + second.squares;
        first.units.clear();
        second.units.clear();
        for (u, inside) in self.pair.units.iter().zip(&self.pair.inside) {
            let (side, d) = if *inside { (&mut first, a) } else { (&mut second, b) };
            side.units.push(*u);
            self.district[*u as usize] = d as u32;
        }
        (first.people, second.people) = (cut_off, total - cut_off);
        first.squares = self.squares_of(&first.units);
        second.squares = self.squares_of(&second.units);
        self.squares += first.squares + second.squares;
        self.count(first.people, true);
        self.count(second.people, true);
        self.districts[a] = first;
        self.districts[b] = second;
        true
    }
}

/// What a chain met, step by step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Distribution {
    /// `ssw` of every plan, ascending.
    pub ssw: Vec<f64>,
    /// Cut edges of every plan, ascending.
    pub cut_edges: Vec<usize>,
    /// Largest deviation of residents of every plan, ascending.
    pub deviation: Vec<f64>,
}

impl Distribution {
    /// Takes so many steps and notes the figures after each; ends early when the chain is stuck or told to stop.
    pub fn gather(chain: &mut Chain, steps: usize, stop: &dyn Fn() -> bool) -> Self {
        let mut out = Distribution::default();
        for i in 0..steps {
            if (i % 1024 == 0 && stop()) || !chain.step() {
                break;
            }
            let figures = chain.figures();
            out.ssw.push(figures.ssw);
            out.cut_edges.push(figures.cut_edges);
            out.deviation.push(figures.deviation);
        }
        out.ssw.sort_by(f64::total_cmp);
        out.cut_edges.sort_unstable();
        out.deviation.sort_by(f64::total_cmp);
        out
    }
}

/// Where a value lies among ascending ones: the share that is smaller, what is equal counting half; 0.5 among none.
#[must_use]
pub fn rank<T: PartialOrd>(sorted: &[T], value: &T) -> f64 {
    if sorted.is_empty() {
        return 0.5;
    }
    let below = sorted.partition_point(|x| x < value);
    let not_above = sorted.partition_point(|x| x <= value);
    (below + not_above) as f64 / (2 * sorted.len()) as f64
}

#[cfg(test)]
mod tests;
