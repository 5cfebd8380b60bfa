//! The independent checker: it shares no code with the searches and trusts nothing they say.

use std::collections::BTreeMap;
use std::fmt;

use crate::graph::Graph;
use crate::rules::{Bounds, Wanted};

/// One way in which a plan breaks the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The assignment has not one entry for each unit.
    Length {
        /// Entries found.
        found: usize,
        /// Units in the graph.
        units: usize,
    },
    /// A district falls into several pieces.
    Broken {
        /// District.
        district: u32,
        /// How many pieces.
        pieces: usize,
    },
    /// A district has too few or too many units.
    Units {
        /// District.
        district: u32,
        /// Its units.
        units: usize,
    },
    /// A district has too few or too many residents.
    Residents {
        /// District.
        district: u32,
        /// Its residents.
        residents: u64,
    },
    /// The plan has not as many districts as wanted.
    Count {
        /// Districts found.
        found: usize,
        /// Districts wanted.
        wanted: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Length { found, units } => write!(f, "the plan has {found} entries for {units} units"),
            Fault::Broken { district, pieces } => write!(f, "district {district} falls into {pieces} pieces"),
            Fault::Units { district, units } => write!(f, "district {district} has {units} units"),
            Fault::Residents { district, residents } => {
                write!(f, "district {district} has {residents} residents")
            }
            Fault::Count { found, wanted } => {
                write!(f, "the plan has {found} districts, wanted are {wanted}")
            }
        }
    }
}

/// Members of every district of a plan, ascending.
#[must_use]
pub fn members(plan: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let mut out: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (u, d) in plan.iter().enumerate() {
        out.entry(*d).or_default().push(u as u32);
    }
    out
}

/// Everything that is wrong with a plan (the district of each unit); empty for a plan that keeps the rules.
#[must_use]
pub fn faults(graph: &Graph, bounds: &Bounds, wanted: Wanted, plan: &[u32]) -> Vec<Fault> {
    if plan.len() != graph.len() {
        return vec![Fault::Length { found: plan.len(), units: graph.len() }];
    }
    let districts = members(plan);
    let mut out = Vec::new();
    for (&district, units) in &districts {
        let pieces = graph.pieces(units).len();
        if pieces != 1 {
            out.push(Fault::Broken { district, pieces });
        }
        if units.len() < bounds.min_units || units.len() > bounds.max_units {
            out.push(Fault::Units { district, units: units.len() });
        }
        let residents = units.iter().map(|u| graph.units()[*u as usize].residents).sum();
        if residents < bounds.min_residents || residents > bounds.max_residents {
            out.push(Fault::Residents { district, residents });
        }
    }
    if let Wanted::Exactly(wanted) = wanted
        && wanted != districts.len()
    {
        out.push(Fault::Count { found: districts.len(), wanted });
    }
    out
}

/// Share of districts that keep the bounds and hang together, 0 to 1.
#[must_use]
pub fn share_within(graph: &Graph, bounds: &Bounds, plan: &[u32]) -> f64 {
    let districts = members(plan);
    let good = |units: &Vec<u32>| {
        let residents = units.iter().map(|u| graph.units()[*u as usize].residents).sum();
        bounds.hold(units.len(), residents) && graph.pieces(units).len() == 1
    };
    districts.values().filter(|u| good(u)).count() as f64 / districts.len().max(1) as f64
}

/// Within-district sum of squares of the standardised features over their total sum of squares:
/// 0 when all units of a district are the same, 1 for one single district. 0 without features.
#[must_use]
pub fn ssw(graph: &Graph, plan: &[u32]) -> f64 {
    let units = graph.units();
    let n = units.len() as f64;
    let districts = members(plan);
    let (mut within, mut features) = (0.0, 0.0);
    for j in 0..units[0].features.len() {
        let mean = units.iter().map(|u| u.features[j]).sum::<f64>() / n;
        let total: f64 = units.iter().map(|u| (u.features[j] - mean).powi(2)).sum();
        if total <= 1e-18 * n * (1.0 + mean * mean) {
            continue;
        }
        let mut own = 0.0;
        for group in districts.values() {
            let value = |u: &u32| units[*u as usize].features[j];
            let centre = group.iter().map(value).sum::<f64>() / group.len() as f64;
            own += group.iter().map(|u| (value(u) - centre).powi(2)).sum::<f64>();
        }
        within += own / total;
        features += 1.0;
    }
    if features > 0.0 { within / features } else { 0.0 }
}
