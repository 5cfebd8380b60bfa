//! The independent checker: it shares no code with the searches and trusts nothing they say.

use std::collections::BTreeMap;

use crate::draw::Options;
use crate::graph::Graph;
use crate::model::{Model, Pin};
use crate::rules::{Bounds, Wanted};

pub use crate::cost::{Cost, cost};
pub use crate::fault::Fault;

/// In place of a district: the unit is in none.
pub const NOWHERE: u32 = u32::MAX;

/// Members of every district of a plan, ascending; without the units that are [`NOWHERE`].
#[must_use]
pub fn members(plan: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let mut out: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (u, d) in plan.iter().enumerate() {
        if *d != NOWHERE {
            out.entry(*d).or_default().push(u as u32);
        }
    }
    out
}

/// Everything in which a plan breaks the rules of a task: bounds, number, parents, and the model's.
#[must_use]
pub fn broken(graph: &Graph, options: &Options, plan: &[u32]) -> Vec<Fault> {
    let shore;
    let land = if options.model.bridges {
        graph
    } else {
        shore = graph.without_bridges();
        &shore
    };
    if plan.len() != graph.len() {
        return vec![Fault::Length { found: plan.len(), units: graph.len() }];
    }
    let districts = members(plan);
    let mut out: Vec<Fault> = gaps(plan).collect();
    for (&district, units) in &districts {
        of_district(graph, land, options, district, units, &mut out);
    }
    of_number(graph, land, options, &mut districts.values().map(Vec::as_slice), &mut out);
    of_pins(graph, &options.model, &(plan, &districts), None, &mut out);
    out
}

fn gaps(plan: &[u32]) -> impl Iterator<Item = Fault> {
    plan.iter().enumerate().filter(|(_, d)| **d == NOWHERE).map(|(unit, _)| Fault::Gap { unit })
}

/// A plan that can be asked unit by unit and district by district.
pub(crate) trait Laid {
    fn district(&self, unit: usize) -> u32;
    fn units(&self, district: u32) -> &[u32];
}

impl Laid for (&[u32], &BTreeMap<u32, Vec<u32>>) {
    fn district(&self, unit: usize) -> u32 {
        self.0[unit]
    }

    fn units(&self, district: u32) -> &[u32] {
        self.1.get(&district).map_or(&[], Vec::as_slice)
    }
}

/// What is wrong with one district by itself. `land` is the graph without the bridges that do not count.
pub(crate) fn of_district(
    graph: &Graph,
    land: &Graph,
    options: &Options,
    district: u32,
    units: &[u32],
    out: &mut Vec<Fault>,
) {
    let bounds = &options.bounds;
    let pieces = land.pieces(units).len();
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
    for limit in &options.model.limits {
        let sum: f64 = units.iter().map(|u| graph.amount(&limit.of, *u as usize)).sum();
        if !limit.holds(sum) {
            out.push(Fault::Sum { district, of: limit.of.clone(), sum });
        }
    }
    if options.by_parent {
        let mut own: Vec<_> = units.iter().map(|u| graph.parent_of(*u as usize)).collect();
        own.sort_unstable();
        own.dedup();
        if own.len() > 1 {
            out.push(Fault::Crosses { district, parents: own.len() });
        }
    }
}

/// What is wrong with the number of districts, in all or by parent.
pub(crate) fn of_number(
    graph: &Graph,
    land: &Graph,
    options: &Options,
    districts: &mut dyn Iterator<Item = &[u32]>,
    out: &mut Vec<Fault>,
) {
    if !options.by_parent {
        if let Wanted::Exactly(wanted) = options.wanted {
            let found = districts.count();
            if found != wanted {
                out.push(Fault::Count { found, wanted });
            }
        }
        return;
    }
    let Some(wanted) = options.model.per_parent.as_ref().or(graph.per_parent.as_ref()) else { return };
    let mut found = vec![0; graph.parents().len()];
    for units in districts {
        let mut own = units.iter().map(|u| graph.parent_of(*u as usize));
        if let Some(Some(parent)) = own.next()
            && own.all(|p| p == Some(parent))
        {
            found[parent] += 1;
        }
    }
    for (parent, (&found, &wanted)) in found.iter().zip(wanted).enumerate() {
        if found == wanted {
            continue;
        }
        // A parent in several pieces takes what its pieces need.
        let own: Vec<u32> =
            (0..graph.len() as u32).filter(|u| graph.parent_of(*u as usize) == Some(parent)).collect();
        if land.pieces(&own).len() == 1 {
            out.push(Fault::PerParent { parent, found, wanted });
        }
    }
}

/// Pins that are broken; of those only that speak of a unit in one of the districts `about`, if given.
pub(crate) fn of_pins(
    graph: &Graph,
    model: &Model,
    laid: &dyn Laid,
    about: Option<&[u32]>,
    out: &mut Vec<Fault>,
) {
    for (pin, rule) in model.all_pins(graph) {
        let mut own: Vec<u32> =
            rule.units().iter().map(|u| laid.district(*u)).filter(|d| *d != NOWHERE).collect();
        own.sort_unstable();
        if own.is_empty() || about.is_some_and(|about| !own.iter().any(|d| about.contains(d))) {
            continue;
        }
        match rule {
            Pin::Together(_) => {
                own.dedup();
                if own.len() > 1 {
                    out.push(Fault::Parted { pin, districts: own });
                }
            }
            Pin::Apart(units) => {
                own.dedup();
                for district in own {
                    let mut there: Vec<usize> =
                        units.iter().copied().filter(|u| laid.district(*u) == district).collect();
                    there.sort_unstable();
                    there.dedup();
                    if there.len() > 1 {
                        out.push(Fault::Joined { pin, district });
                    }
                }
            }
            Pin::Stays(unit) => {
                if !stays(graph, model, laid, *unit) {
                    out.push(Fault::Left { pin, unit: *unit });
                }
            }
        }
    }
}

/// Whether a unit is in the district that its own of today goes on in ([`Pin::Stays`]).
fn stays(graph: &Graph, model: &Model, laid: &dyn Laid, unit: usize) -> bool {
    let (here, label) = (laid.district(unit), graph.today_of(unit));
    let mut share = BTreeMap::new();
    for own in laid.units(here).iter().filter_map(|u| graph.today_of(*u as usize)) {
        *share.entry(Some(own)).or_insert(0) += 1;
    }
    let most = share.values().max();
    let others =
        model.all_pins(graph).filter_map(|(_, p)| if let Pin::Stays(u) = p { Some(*u) } else { None });
    share.get(&label).is_some_and(|own| Some(own) == most)
        // With all who stay in the same of today's districts, and with nobody who stays in another.
        && others.filter(|u| laid.district(*u) != NOWHERE)
            .all(|other| (graph.today_of(other) == label) == (laid.district(other) == here))
}

/// What is wrong with a plan (the district of each unit) by bounds and number alone; empty for one that keeps them.
#[must_use]
pub fn faults(graph: &Graph, bounds: &Bounds, wanted: Wanted, plan: &[u32]) -> Vec<Fault> {
    let options = Options { bounds: *bounds, wanted, ..Options::default() };
    let mut out = broken(graph, &options, plan);
    out.retain(|f| !matches!(f, Fault::Parted { .. } | Fault::Joined { .. } | Fault::Left { .. }));
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
