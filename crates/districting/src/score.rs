//! What a given plan is worth, district by district, and what one unit's move would cost: for somebody who
//! draws by hand and wants to see at once what a change does.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::{self, Cost, Fault, Laid, NOWHERE, members, of_district, of_number, of_pins};
use crate::cost::Scales;
use crate::draw::Options;
use crate::graph::{Graph, GraphError};
use crate::rules::{Bounds, standardised};

/// One district of a scored plan.
#[derive(Debug, Clone, PartialEq)]
pub struct DistrictScore {
    /// Its units.
    pub units: usize,
    /// Its residents.
    pub residents: u64,
    /// What it adds to the plan's `ssw`: its sum of squares over the total of the graph.
    pub within: f64,
    /// What it adds to the whole objective.
    pub cost: f64,
    /// How many connected pieces it falls into; 1 when it hangs together.
    pub pieces: usize,
    /// Units, residents and all other sums are within bounds, and it hangs together.
    pub within_bounds: bool,
}

/// What a move of one unit would do; nothing is changed by asking.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// By how much the plan's `ssw` would grow (below zero: the plan gets better).
    pub ssw_change: f64,
    /// By how much the whole objective would grow; the same as `ssw_change` where the model has no prices.
    pub cost_change: f64,
    /// What would then be wrong with the two districts concerned, pins on their units included; empty when both
    /// keep the rules.
    pub faults: Vec<Fault>,
    /// What would be wrong in the whole plan that is not now.
    pub breaks: Vec<Fault>,
    /// What is wrong now and would be no more.
    pub mends: Vec<Fault>,
    /// The unit touches the district that it would go to.
    pub touches: bool,
}

/// A plan laid on its graph, ready to be asked and changed unit by unit.
#[derive(Debug, Clone)]
pub struct Sketch<'a> {
    graph: &'a Graph,
    /// The graph without the bridges that do not count.
    land: Cow<'a, Graph>,
    options: Options,
    scales: Scales,
    features: Vec<f64>,
    width: usize,
    plan: Vec<u32>,
    districts: BTreeMap<u32, Vec<u32>>,
}

/// The sketch as it would be after one move.
struct After<'s> {
    sketch: &'s Sketch<'s>,
    unit: usize,
    from: u32,
    to: u32,
    left: &'s [u32],
    grown: &'s [u32],
}

impl Laid for After<'_> {
    fn district(&self, unit: usize) -> u32 {
        if unit == self.unit { self.to } else { self.sketch.plan[unit] }
    }

    fn units(&self, district: u32) -> &[u32] {
        if district == self.from {
            self.left
        } else if district == self.to {
            self.grown
        } else {
            self.sketch.units(district)
        }
    }
}

impl<'a> Sketch<'a> {
    /// Lays a plan (the district of each unit, any numbers) on a graph; it need not keep the bounds.
    ///
    /// # Errors
    /// The plan has not one entry for each unit.
    pub fn new(graph: &'a Graph, bounds: Bounds, plan: &[u32]) -> Result<Self, GraphError> {
        Sketch::with(graph, &Options { bounds, ..Options::default() }, plan)
    }

    /// The same with the whole task: number, parents, and the rules and prices of the model. A unit that is
    /// [`NOWHERE`] is a gap.
    ///
    /// # Errors
    /// The plan has not one entry for each unit; a model that cannot be meant.
    pub fn with(graph: &'a Graph, options: &Options, plan: &[u32]) -> Result<Self, GraphError> {
        if plan.len() != graph.len() {
            let text = format!("the plan has {} entries for {} units", plan.len(), graph.len());
            return Err(GraphError(text));
        }
        options.model.check(graph)?;
        let (features, width) = standardised(graph);
        let land = if options.model.bridges { Cow::Borrowed(graph) } else { graph.without_bridges() };
        Ok(Sketch {
            graph,
            land,
            options: options.clone(),
            scales: Scales::new(graph, options),
            features,
            width,
            plan: plan.to_vec(),
            districts: members(plan),
        })
    }

    /// District of each unit.
    #[must_use]
    pub fn plan(&self) -> &[u32] {
        &self.plan
    }

    /// Every district by its number.
    #[must_use]
    pub fn districts(&self) -> BTreeMap<u32, DistrictScore> {
        self.districts.iter().map(|(d, units)| (*d, self.district_score(*d, units))).collect()
    }

    /// Within-district sum of squares over the total, as [`crate::check::ssw`].
    #[must_use]
    pub fn ssw(&self) -> f64 {
        self.districts.values().map(|units| self.within(units)).sum()
    }

    /// The whole objective, term by term.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let mut out = self.terms(&mut self.districts.values().map(Vec::as_slice));
        out.ssw = self.ssw();
        out
    }

    /// Everything that is wrong with the plan.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        check::broken(self.graph, &self.options, &self.plan)
    }

    /// What it would do to move a unit to a district (a number that is not there yet makes a new one;
    /// [`NOWHERE`] takes the unit out of all). Costs time in the two districts and for each pin, not in the graph.
    ///
    /// # Errors
    /// There is no such unit.
    pub fn cost_of_move(&self, unit: usize, to: u32) -> Result<Moved, GraphError> {
        let from = self.from(unit)?;
        let (old, new) = (self.units(from), self.units(to));
        let before = self.around(from, to, old, new, &(self.plan.as_slice(), &self.districts));
        if from == to {
            let (faults, none) = (before, Vec::new());
            let (ssw_change, cost_change) = (0.0, 0.0);
            return Ok(Moved {
                ssw_change,
                cost_change,
                faults,
                breaks: none.clone(),
                mends: none,
                touches: true,
            });
        }
        let left: Vec<u32> = old.iter().copied().filter(|u| *u as usize != unit).collect();
        let mut grown = new.to_vec();
        if to != NOWHERE {
            grown.push(unit as u32);
        }
        let after = After { sketch: self, unit, from, to, left: &left, grown: &grown };
        let mut faults = self.around(from, to, &left, &grown, &after);
        let gap = |d: u32| (d == NOWHERE).then_some(Fault::Gap { unit });
        let ssw_change = self.within(&left) + self.within(&grown) - self.within(old) - self.within(new);
        let priced = self.terms(&mut [left.as_slice(), &grown].into_iter()).priced
            - self.terms(&mut [old, new].into_iter()).priced;
        let (mut numbers, mut numbers_before) = (Vec::new(), Vec::new());
        self.number(&mut self.districts.values().map(Vec::as_slice), &mut numbers_before);
        let others = self.districts.iter().filter(|(d, _)| **d != from && **d != to);
        let others = others.map(|(_, units)| units.as_slice());
        let changed = [left.as_slice(), &grown].into_iter().filter(|units| !units.is_empty());
        self.number(&mut others.chain(changed), &mut numbers);
        let was: Vec<Fault> = before.into_iter().chain(gap(from)).chain(numbers_before).collect();
        let now: Vec<Fault> = faults.iter().cloned().chain(gap(to)).chain(numbers).collect();
        faults.extend(gap(to));
        Ok(Moved {
            ssw_change,
            cost_change: ssw_change + priced,
            breaks: now.iter().filter(|f| !was.iter().any(|w| same(w, f))).cloned().collect(),
            mends: was.into_iter().filter(|w| !now.iter().any(|f| same(w, f))).collect(),
            faults,
            touches: self.land.neighbours(unit).iter().any(|v| self.plan[*v as usize] == to),
        })
    }

    /// All moves of a unit to a district that it touches: those that break nothing first, then by what they cost.
    ///
    /// # Errors
    /// There is no such unit.
    pub fn moves(&self, unit: usize) -> Result<Vec<(u32, Moved)>, GraphError> {
        let from = self.from(unit)?;
        let mut near: Vec<u32> = self.land.neighbours(unit).iter().map(|v| self.plan[*v as usize]).collect();
        near.sort_unstable();
        near.dedup();
        near.retain(|d| *d != from && *d != NOWHERE);
        let moves: Result<Vec<_>, _> =
            near.into_iter().map(|d| Ok((d, self.cost_of_move(unit, d)?))).collect();
        let mut moves = moves?;
        let worth = |m: &Moved| (!m.breaks.is_empty(), m.cost_change);
        moves.sort_by(|(a, x), (b, y)| {
            let (x, y) = (worth(x), worth(y));
            x.0.cmp(&y.0).then(x.1.total_cmp(&y.1)).then(a.cmp(b))
        });
        Ok(moves)
    }

    /// Moves the unit; answers with the district it came from, so that the move can be undone.
    ///
    /// # Errors
    /// There is no such unit.
    pub fn move_unit(&mut self, unit: usize, to: u32) -> Result<u32, GraphError> {
        let from = self.from(unit)?;
        if let Some(units) = self.districts.get_mut(&from) {
            units.retain(|u| *u as usize != unit);
            if units.is_empty() {
                self.districts.remove(&from);
            }
        }
        if to != NOWHERE {
            let units = self.districts.entry(to).or_default();
            let at = units.partition_point(|u| (*u as usize) < unit);
            units.insert(at, unit as u32);
        }
        self.plan[unit] = to;
        Ok(from)
    }

    fn from(&self, unit: usize) -> Result<u32, GraphError> {
        let there = self.plan.get(unit).copied();
        there
            .ok_or_else(|| GraphError(format!("there is no unit {unit}; the graph has {}", self.graph.len())))
    }

    fn units(&self, district: u32) -> &[u32] {
        self.districts.get(&district).map_or(&[], Vec::as_slice)
    }

    fn district_score(&self, district: u32, units: &[u32]) -> DistrictScore {
        let mut faults = Vec::new();
        of_district(self.graph, &self.land, &self.options, district, units, &mut faults);
        let within = self.within(units);
        DistrictScore {
            units: units.len(),
            residents: units.iter().map(|u| self.graph.units()[*u as usize].residents).sum(),
            within,
            cost: within + self.terms(&mut std::iter::once(units)).priced,
            pieces: self.land.pieces(units).len(),
            within_bounds: faults.is_empty(),
        }
    }

    /// What is wrong with two districts, and with pins on their units.
    fn around(&self, from: u32, to: u32, old: &[u32], new: &[u32], laid: &dyn Laid) -> Vec<Fault> {
        let mut out = Vec::new();
        for (district, units) in [(from, old), (to, new)].into_iter().take(if from == to { 1 } else { 2 }) {
            if !units.is_empty() {
                of_district(self.graph, &self.land, &self.options, district, units, &mut out);
            }
        }
        of_pins(self.graph, &self.options.model, laid, Some(&[from, to]), &mut out);
        out
    }

    fn number(&self, districts: &mut dyn Iterator<Item = &[u32]>, out: &mut Vec<Fault>) {
        of_number(self.graph, &self.land, &self.options, districts, out);
    }

    fn terms(&self, districts: &mut dyn Iterator<Item = &[u32]>) -> Cost {
        let balance = vec![0.0; self.options.model.balance.len()];
        let mut out = Cost { balance, ..Cost::default() };
        for units in districts {
            self.scales.add(self.graph, &self.options.model, units, &mut out);
        }
        out
    }

    fn within(&self, units: &[u32]) -> f64 {
        if units.is_empty() || self.width == 0 {
            return 0.0;
        }
        let value = |u: u32, j: usize| self.features[u as usize * self.width + j];
        let mut sum = 0.0;
        for j in 0..self.width {
            let mean = units.iter().map(|u| value(*u, j)).sum::<f64>() / units.len() as f64;
            sum += units.iter().map(|u| (value(*u, j) - mean).powi(2)).sum::<f64>();
        }
        sum / (self.graph.len() * self.width) as f64
    }
}

/// The same thing is wrong, though perhaps by another number.
fn same(a: &Fault, b: &Fault) -> bool {
    use std::mem::discriminant;
    let key = |f: &Fault| match f {
        Fault::Parted { pin, .. } | Fault::Joined { pin, .. } | Fault::Left { pin, .. } => Some(*pin),
        Fault::PerParent { parent, .. } => Some(*parent),
        Fault::Gap { unit } => Some(*unit),
        _ => None,
    };
    let of = |f: &Fault| if let Fault::Sum { of, .. } = f { Some(of.clone()) } else { None };
    let place =
        |f: &Fault| if matches!(f, Fault::Parted { .. }) { None } else { f.districts().first().copied() };
    discriminant(a) == discriminant(b) && key(a) == key(b) && of(a) == of(b) && place(a) == place(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::graph::Unit;
    use crate::rules::Wanted;
    use proptest::prelude::*;

    /// A sheet three wide with features and residents that differ.
    fn sheet(values: &[(u32, i32)]) -> Graph {
        let units = values.iter().enumerate().map(|(i, (people, f))| Unit {
            id: i.to_string(),
            residents: u64::from(*people),
            features: vec![f64::from(*f), f64::from(i as u32 % 5)],
            ..Unit::default()
        });
        let mut edges = Vec::new();
        for i in 0..values.len() {
            if i % 3 < 2 && i + 1 < values.len() {
                edges.push((i, i + 1, 1.0));
            }
            if i + 3 < values.len() {
                edges.push((i, i + 3, 1.0));
            }
        }
        Graph::new(units.collect(), &edges).unwrap()
    }

    proptest! {
        /// What a move is said to cost and break is what the independent checker finds after it; and back is back.
        #[test]
        fn a_move_costs_what_it_says(
            values in prop::collection::vec((1_000_u32..9_000, -9_i32..9), 6..16),
            plan in prop::collection::vec(0_u32..4, 16),
            unit in 0_usize..6,
            to in 0_u32..5,
        ) {
            let graph = sheet(&values);
            let bounds = Bounds { min_units: 2, max_units: 6, min_residents: 5_000, max_residents: 30_000 };
            let plan = &plan[..graph.len()];
            let mut sketch = Sketch::new(&graph, bounds, plan).unwrap();
            prop_assert!((sketch.ssw() - check::ssw(&graph, plan)).abs() < 1e-12);
            let said = sketch.cost_of_move(unit, to).unwrap();
            let before = sketch.ssw();
            let from = sketch.move_unit(unit, to).unwrap();
            let after = check::ssw(&graph, sketch.plan());
            prop_assert!((after - before - said.ssw_change).abs() < 1e-12);
            let mut found = check::faults(&graph, &bounds, Wanted::Free, sketch.plan());
            found.retain(|f| matches!(f, Fault::Broken { district: d, .. } | Fault::Units { district: d, .. }
                | Fault::Residents { district: d, .. } if *d == from || *d == to));
            let sorted = |mut v: Vec<Fault>| { v.sort_by_key(|f| format!("{f:?}")); v };
            prop_assert_eq!(sorted(said.faults), sorted(found));
            let scores = sketch.districts();
            let share = scores.values().filter(|d| d.within_bounds).count() as f64 / scores.len() as f64;
            prop_assert!((share - check::share_within(&graph, &bounds, sketch.plan())).abs() < 1e-12);
            sketch.move_unit(unit, from).unwrap();
            prop_assert_eq!(sketch.plan(), plan);
        }
    }

    #[test]
    fn what_is_not_there_is_named() {
        let graph = sheet(&[(1, 1), (2, 2)]);
        let wrong = Sketch::new(&graph, Bounds::default(), &[0]).unwrap_err();
        assert_eq!(wrong.to_string(), "the plan has 1 entries for 2 units");
        let sketch = Sketch::new(&graph, Bounds::default(), &[0, 1]).unwrap();
        let wrong = sketch.cost_of_move(7, 0).unwrap_err();
        assert_eq!(wrong.to_string(), "there is no unit 7; the graph has 2");
        assert!(sketch.cost_of_move(0, 1).unwrap().touches);
        assert!(!sketch.cost_of_move(0, 5).unwrap().touches);
    }
}
