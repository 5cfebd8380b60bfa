//! The independent checker: it shares no code with the searches and trusts nothing they say.

use std::collections::BTreeMap;
use std::fmt;

use crate::draw::Options;
use crate::graph::Graph;
use crate::model::{Model, Pin, Quantity, spacing};
use crate::rules::{Bounds, Wanted};

/// In place of a district: the unit is in none.
pub const NOWHERE: u32 = u32::MAX;

/// One way in which a plan breaks the rules.
#[derive(Debug, Clone, PartialEq)]
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
    /// A unit is in no district.
    Gap {
        /// Unit.
        unit: usize,
    },
    /// The sum of a quantity in a district is too small or too large.
    Sum {
        /// District.
        district: u32,
        /// What is summed.
        of: Quantity,
        /// The sum.
        sum: f64,
    },
    /// A district lies in several parents where none may cross.
    Crosses {
        /// District.
        district: u32,
        /// How many parents.
        parents: usize,
    },
    /// A parent has not as many districts as wanted for it.
    PerParent {
        /// Index into [`Graph::parents`].
        parent: usize,
        /// Districts found.
        found: usize,
        /// Districts wanted.
        wanted: usize,
    },
    /// Units that shall lie together do not.
    Parted {
        /// Number of the pin in [`Model::all_pins`], from 0.
        pin: usize,
        /// The districts that they lie in.
        districts: Vec<u32>,
    },
    /// Units that shall lie apart do not.
    Joined {
        /// Number of the pin, from 0.
        pin: usize,
        /// The district that several of them lie in.
        district: u32,
    },
    /// A unit that shall stay in today's district does not.
    Left {
        /// Number of the pin, from 0.
        pin: usize,
        /// The unit.
        unit: usize,
    },
}

impl Fault {
    /// The districts that the fault concerns.
    #[must_use]
    pub fn districts(&self) -> &[u32] {
        match self {
            Fault::Broken { district, .. }
            | Fault::Units { district, .. }
            | Fault::Residents { district, .. }
            | Fault::Sum { district, .. }
            | Fault::Crosses { district, .. }
            | Fault::Joined { district, .. } => std::slice::from_ref(district),
            Fault::Parted { districts, .. } => districts,
            Fault::Length { .. }
            | Fault::Count { .. }
            | Fault::Gap { .. }
            | Fault::PerParent { .. }
            | Fault::Left { .. } => &[],
        }
    }
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
            Fault::Gap { unit } => write!(f, "unit {unit} is in no district"),
            Fault::Sum { district, of, sum } => write!(f, "district {district} has {sum} in {of}"),
            Fault::Crosses { district, parents } => {
                write!(f, "district {district} lies in {parents} parents")
            }
            Fault::PerParent { parent, found, wanted } => {
                write!(f, "parent {parent} has {found} districts, wanted are {wanted}")
            }
            Fault::Parted { pin, districts } => {
                write!(f, "what pin {} holds together lies in {} districts", pin + 1, districts.len())
            }
            Fault::Joined { pin, district } => {
                write!(f, "what pin {} sets apart lies together in district {district}", pin + 1)
            }
            Fault::Left { pin, unit } => {
                write!(f, "unit {unit}, which pin {} keeps in today's district, has left it", pin + 1)
            }
        }
    }
}

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
    let wanted = if options.by_parent { Wanted::Free } else { options.wanted };
    let mut out = faults(land, &options.bounds, wanted, plan);
    if plan.len() != graph.len() {
        return out;
    }
    let districts = members(plan);
    for limit in &options.model.limits {
        let Ok(values) = graph.quantity(&limit.of) else { continue };
        for (&district, units) in &districts {
            let sum: f64 = units.iter().map(|u| values[*u as usize]).sum();
            if !limit.holds(sum) {
                out.push(Fault::Sum { district, of: limit.of.clone(), sum });
            }
        }
    }
    if options.by_parent {
        parents(graph, &options.model, land, &districts, &mut out);
    }
    pins(graph, &options.model, plan, &districts, &mut out);
    out
}

fn parents(
    graph: &Graph,
    model: &Model,
    land: &Graph,
    districts: &BTreeMap<u32, Vec<u32>>,
    out: &mut Vec<Fault>,
) {
    let mut found = vec![0; graph.parents().len()];
    for (&district, units) in districts {
        let mut own: Vec<_> = units.iter().map(|u| graph.parent_of(*u as usize)).collect();
        own.sort_unstable();
        own.dedup();
        if own.len() > 1 {
            out.push(Fault::Crosses { district, parents: own.len() });
        } else if let [Some(parent)] = own[..] {
            found[parent] += 1;
        }
    }
    for (parent, wanted) in
        model.per_parent.as_ref().or(graph.per_parent.as_ref()).into_iter().flatten().enumerate()
    {
        // A parent in several pieces takes what its pieces need.
        let own: Vec<u32> =
            (0..graph.len() as u32).filter(|u| graph.parent_of(*u as usize) == Some(parent)).collect();
        if found[parent] != *wanted && land.pieces(&own).len() == 1 {
            out.push(Fault::PerParent { parent, found: found[parent], wanted: *wanted });
        }
    }
}

fn pins(
    graph: &Graph,
    model: &Model,
    plan: &[u32],
    districts: &BTreeMap<u32, Vec<u32>>,
    out: &mut Vec<Fault>,
) {
    // The districts that a label goes on in: in each, none other of today's districts has more units.
    let goes_on = |district: u32, label: usize| {
        let mut share = BTreeMap::new();
        for u in districts.get(&district).into_iter().flatten() {
            if let Some(l) = graph.today_of(*u as usize) {
                *share.entry(l).or_insert(0) += 1;
            }
        }
        share.get(&label).is_some_and(|own| share.values().all(|s| s <= own))
    };
    let stays: Vec<(usize, usize)> = model
        .all_pins(graph)
        .enumerate()
        .filter_map(|(pin, p)| if let Pin::Stays(u) = p { Some((pin, *u)) } else { None })
        .filter(|(_, u)| plan[*u] != NOWHERE)
        .collect();
    for (pin, rule) in model.all_pins(graph).enumerate() {
        let mut own: Vec<u32> = rule.units().iter().map(|u| plan[*u]).filter(|d| *d != NOWHERE).collect();
        match rule {
            Pin::Together(_) => {
                own.sort_unstable();
                own.dedup();
                if own.len() > 1 {
                    out.push(Fault::Parted { pin, districts: own });
                }
            }
            Pin::Apart(units) => {
                let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
                let mut joined = Vec::new();
                for u in units {
                    if plan[*u] != NOWHERE && *seen.entry(plan[*u]).or_insert(*u) != *u {
                        joined.push(plan[*u]);
                    }
                }
                joined.sort_unstable();
                joined.dedup();
                out.extend(joined.into_iter().map(|district| Fault::Joined { pin, district }));
            }
            Pin::Stays(u) if plan[*u] == NOWHERE => {}
            Pin::Stays(unit) => {
                let label = graph.today_of(*unit);
                let goes_on = label.is_some_and(|l| goes_on(plan[*unit], l));
                // Who stays in one of today's districts stays with the others who do, and with nobody who
                // stays in another.
                let with = stays
                    .iter()
                    .all(|(_, other)| (graph.today_of(*other) == label) == (plan[*other] == plan[*unit]));
                if !goes_on || !with {
                    out.push(Fault::Left { pin, unit: *unit });
                }
            }
        }
    }
}

/// What a plan costs, term by term; every term is a mean over units, and none is weighted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// [`ssw`].
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
    let model = &options.model;
    let n = graph.len() as f64;
    let mut out = Cost { ssw: ssw(graph, plan), ..Cost::default() };
    let districts = members(plan);
    let usual = spacing(graph);
    for units in districts.values() {
        let points: Option<Vec<[f64; 2]>> = units.iter().map(|u| graph.units()[*u as usize].point).collect();
        if let Some(points) = points.filter(|_| usual > 0.0) {
            for i in 0..2 {
                let centre = points.iter().map(|p| p[i]).sum::<f64>() / points.len() as f64;
                out.compactness += points.iter().map(|p| (p[i] - centre).powi(2)).sum::<f64>() / usual / n;
            }
        }
        out.moved += outside(units, &|u| graph.today_of(u)) / n;
        out.outside += outside(units, &|u| graph.parent_of(u)) / n;
    }
    for balance in &model.balance {
        let target = Model::target(balance, graph, &options.bounds, options.districts(graph));
        let mut term = 0.0;
        if let Ok(values) = graph.quantity(&balance.of)
            && target > 0.0
        {
            for units in districts.values() {
                let sum: f64 = units.iter().map(|u| values[*u as usize]).sum();
                term += units.len() as f64 / n * ((sum - target) / target).powi(2);
            }
        }
        out.priced += balance.weight * term;
        out.balance.push(term);
    }
    out.priced += model.compactness * out.compactness;
    out.priced += model.move_price * out.moved + model.parent_price * out.outside;
    out
}

/// How many units are not of the kind that most are of; those of no kind do not count.
fn outside(units: &[u32], kind: &dyn Fn(usize) -> Option<usize>) -> f64 {
    let mut count: BTreeMap<usize, usize> = BTreeMap::new();
    for u in units {
        if let Some(k) = kind(*u as usize) {
            *count.entry(k).or_default() += 1;
        }
    }
    (count.values().sum::<usize>() - count.values().max().copied().unwrap_or(0)) as f64
}

/// Everything that is wrong with a plan (the district of each unit); empty for a plan that keeps the rules.
#[must_use]
pub fn faults(graph: &Graph, bounds: &Bounds, wanted: Wanted, plan: &[u32]) -> Vec<Fault> {
    if plan.len() != graph.len() {
        return vec![Fault::Length { found: plan.len(), units: graph.len() }];
    }
    let districts = members(plan);
    let gaps = plan.iter().enumerate().filter(|(_, d)| **d == NOWHERE);
    let mut out: Vec<Fault> = gaps.map(|(unit, _)| Fault::Gap { unit }).collect();
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
