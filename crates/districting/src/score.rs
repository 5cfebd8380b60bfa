//! What a given plan is worth, district by district, and what one unit's move would cost: for somebody who
//! draws by hand and wants to see at once what a change does.

use crate::check::{Fault, members};
use crate::graph::{Graph, GraphError};
use crate::rules::{Bounds, standardised};
use std::collections::BTreeMap;

/// One district of a scored plan.
#[derive(Debug, Clone, PartialEq)]
pub struct DistrictScore {
    /// Its units.
    pub units: usize,
    /// Its residents.
    pub residents: u64,
    /// What it adds to the plan's `ssw`: its sum of squares over the total of the graph.
    pub within: f64,
    /// How many connected pieces it falls into; 1 when it hangs together.
    pub pieces: usize,
    /// Units and residents are within bounds, and it hangs together.
    pub within_bounds: bool,
}

/// What a move of one unit would do; nothing is changed by asking.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// By how much the plan's `ssw` would grow (below zero: the plan gets better).
    pub ssw_change: f64,
    /// What would then be wrong with the two districts concerned; empty when both keep the rules.
    pub faults: Vec<Fault>,
    /// The unit touches the district that it would go to.
    pub touches: bool,
}

/// A plan laid on its graph, ready to be asked and changed unit by unit.
#[derive(Debug, Clone)]
pub struct Sketch<'a> {
    graph: &'a Graph,
    bounds: Bounds,
    features: Vec<f64>,
    width: usize,
    plan: Vec<u32>,
    districts: BTreeMap<u32, Vec<u32>>,
}

impl<'a> Sketch<'a> {
    /// Lays a plan (the district of each unit, any numbers) on a graph; it need not keep the bounds.
    ///
    /// # Errors
    /// The plan has not one entry for each unit.
    pub fn new(graph: &'a Graph, bounds: Bounds, plan: &[u32]) -> Result<Self, GraphError> {
        if plan.len() != graph.len() {
            let text = format!("the plan has {} entries for {} units", plan.len(), graph.len());
            return Err(GraphError(text));
        }
        let (features, width) = standardised(graph);
        Ok(Sketch { graph, bounds, features, width, plan: plan.to_vec(), districts: members(plan) })
    }

    /// District of each unit.
    #[must_use]
    pub fn plan(&self) -> &[u32] {
        &self.plan
    }

    /// Every district by its number.
    #[must_use]
    pub fn districts(&self) -> BTreeMap<u32, DistrictScore> {
        self.districts.iter().map(|(d, units)| (*d, self.district(units))).collect()
    }

    /// Within-district sum of squares over the total, as [`crate::check::ssw`].
    #[must_use]
    pub fn ssw(&self) -> f64 {
        self.districts.values().map(|units| self.within(units)).sum()
    }

    /// What it would do to move a unit to a district (a number that is not there yet makes a new one).
    /// Costs time in the two districts only, not in the graph.
    ///
    /// # Errors
    /// There is no such unit.
    pub fn cost_of_move(&self, unit: usize, to: u32) -> Result<Moved, GraphError> {
        let from = self.from(unit)?;
        let none = Vec::new();
        let (old, new) = (&self.districts[&from], self.districts.get(&to).unwrap_or(&none));
        if from == to {
            let faults = self.faults(from, old);
            return Ok(Moved { ssw_change: 0.0, faults, touches: true });
        }
        let left: Vec<u32> = old.iter().copied().filter(|u| *u as usize != unit).collect();
        let mut grown = new.clone();
        grown.push(unit as u32);
        let before = self.within(old) + self.within(new);
        let mut faults = self.faults(from, &left);
        faults.extend(self.faults(to, &grown));
        let touches = self.graph.neighbours(unit).iter().any(|v| self.plan[*v as usize] == to);
        Ok(Moved { ssw_change: self.within(&left) + self.within(&grown) - before, faults, touches })
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
        let units = self.districts.entry(to).or_default();
        let at = units.partition_point(|u| (*u as usize) < unit);
        units.insert(at, unit as u32);
        self.plan[unit] = to;
        Ok(from)
    }

    fn from(&self, unit: usize) -> Result<u32, GraphError> {
        let there = self.plan.get(unit).copied();
        there
            .ok_or_else(|| GraphError(format!("there is no unit {unit}; the graph has {}", self.graph.len())))
    }

    fn people(&self, units: &[u32]) -> u64 {
        units.iter().map(|u| self.graph.units()[*u as usize].residents).sum()
    }

    fn district(&self, units: &[u32]) -> DistrictScore {
        let (residents, pieces) = (self.people(units), self.graph.pieces(units).len());
        let within_bounds = pieces == 1 && self.bounds.hold(units.len(), residents);
        DistrictScore { units: units.len(), residents, within: self.within(units), pieces, within_bounds }
    }

    fn faults(&self, district: u32, units: &[u32]) -> Vec<Fault> {
        if units.is_empty() {
            return Vec::new();
        }
        let mut out = Vec::new();
        let (residents, pieces) = (self.people(units), self.graph.pieces(units).len());
        if pieces != 1 {
            out.push(Fault::Broken { district, pieces });
        }
        if !(self.bounds.min_units..=self.bounds.max_units).contains(&units.len()) {
            out.push(Fault::Units { district, units: units.len() });
        }
        if !(self.bounds.min_residents..=self.bounds.max_residents).contains(&residents) {
            out.push(Fault::Residents { district, residents });
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
