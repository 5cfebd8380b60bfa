//! Why there is no plan: arithmetic that anybody can check, or a search that can be repeated.

use std::fmt;

use crate::anneal::Data;
use crate::areas::Areas;
use crate::conflict::conflict;
use crate::draw::Options;
use crate::dual::Dual;
use crate::graph::Graph;
use crate::model::Quantity;
use crate::relax::Relaxation;
use crate::rules::{Bounds, Wanted};
use crate::sweep::sweep;

/// The reason why some units cannot be divided.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The bounds need at least `least` districts and allow at most `most`; wanted may lie outside, or
    /// nothing lie between.
    Arithmetic {
        /// Units to divide.
        units: usize,
        /// Their residents.
        residents: u64,
        /// Districts needed at least.
        least: usize,
        /// Districts possible at most.
        most: usize,
        /// Districts wanted, if that was fixed.
        wanted: Option<usize>,
    },
    /// The bounds on a sum, with those on units and residents, need at least `least` districts and allow at most `most`.
    Sum {
        /// What is summed.
        of: Quantity,
        /// Its sum over the units to divide.
        total: f64,
        /// Districts needed at least.
        least: usize,
        /// Districts possible at most.
        most: usize,
        /// Districts wanted, if that was fixed.
        wanted: Option<usize>,
    },
    /// Pins contradict each other: two units shall lie together and apart.
    Contradiction {
        /// Ids of the two.
        units: [String; 2],
        /// Numbers of the pins that hold them together, from 0.
        together: Vec<usize>,
        /// Numbers of the pins that set them apart, from 0.
        apart: Vec<usize>,
    },
    /// A unit shall lie together with others that lie elsewhere: in another parent, or where no way leads.
    Scattered {
        /// Its id.
        unit: String,
        /// Numbers of the pins, from 0.
        pins: Vec<usize>,
    },
    /// Units that shall lie together are too many for one district, or have too much of something.
    Crowded {
        /// Ids of the units.
        units: Vec<String>,
        /// Numbers of the pins that hold them together, from 0.
        pins: Vec<usize>,
        /// What there is too much of; none for the units themselves.
        of: Option<Quantity>,
        /// How much they have.
        sum: f64,
        /// How much a district may have.
        most: f64,
    },
    /// A unit lies in no connected group within the rules.
    Orphan {
        /// The unit's id.
        unit: String,
        /// Connected groups within bounds that the search found elsewhere.
        areas: usize,
    },
    /// All combinations of all possible districts were gone through.
    Exhausted {
        /// How many possible districts there are.
        areas: usize,
        /// Districts wanted, if that was fixed.
        wanted: Option<usize>,
    },
}

/// The proof that some units cannot be divided, and what would help.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The parent it concerns; none for the whole graph or a piece of it.
    pub parent: Option<String>,
    /// The units, ascending.
    pub units: Vec<u32>,
    /// Why.
    pub reason: Reason,
    /// The smallest single changes found with which it works.
    pub relaxations: Vec<Relaxation>,
    /// Where no single change was found: two that work together, with the least change of residents among the
    /// pairs tried (a bound on units or the number of districts, with a bound on residents).
    pub together: Option<(Relaxation, Relaxation)>,
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.parent {
            Some(p) => write!(f, "parent {p}: ")?,
            None => write!(f, "{} units: ", self.units.len())?,
        }
        match &self.reason {
            Reason::Arithmetic { units, residents, least, most, wanted } => {
                write!(
                    f,
                    "{units} units with {residents} residents need at least {least} precincts and allow at most {most}"
                )?;
                if let Some(k) = wanted {
                    write!(f, "; wanted are {k}")?;
                }
            }
            Reason::Sum { of, total, least, most, wanted } => {
                write!(
                    f,
                    "with {total} in {of}, at least {least} precincts are needed and at most {most} possible"
                )?;
                if let Some(k) = wanted {
                    write!(f, "; wanted are {k}")?;
                }
            }
            Reason::Contradiction { units: [a, b], together, apart } => {
                let (together, apart) = (numbers(together), numbers(apart));
                write!(f, "\"{a}\" and \"{b}\" shall lie together ({together}) and apart ({apart})")?;
            }
            Reason::Scattered { unit, pins } => {
                write!(
                    f,
                    "\"{unit}\" shall lie together with units that it cannot reach ({})",
                    numbers(pins)
                )?;
            }
            Reason::Crowded { units, pins, of, sum, most } => {
                let of = of.as_ref().map_or("units".into(), ToString::to_string);
                let ids = units.join("\", \"");
                write!(
                    f,
                    "\"{ids}\" shall lie together ({}), but have {sum} {of}, above {most}",
                    numbers(pins)
                )?;
            }
            Reason::Orphan { unit, .. } => {
                write!(f, "no connected group of units around \"{unit}\" keeps the bounds")?;
            }
            Reason::Exhausted { areas, wanted } => {
                write!(f, "no combination of the {areas} possible precincts")?;
                if let Some(k) = wanted {
                    write!(f, " to {k}")?;
                }
                write!(f, " covers every unit exactly once (all were searched)")?;
            }
        }
        for (i, r) in self.relaxations.iter().enumerate() {
            write!(f, "{}{r}", if i == 0 { "; possible with " } else { ", or with " })?;
        }
        if let Some((first, second)) = &self.together {
            write!(f, "; no single change helps, but {first} and {second} together")?;
        }
        Ok(())
    }
}

fn numbers(pins: &[usize]) -> String {
    let all: Vec<String> = pins.iter().map(|p| (p + 1).to_string()).collect();
    format!("{} {}", if all.len() == 1 { "pin" } else { "pins" }, all.join(", "))
}

const WIDTH: usize = 400_000;

/// Whether a plan exists: yes, no with a reason, or unknown (none) when the search would be too large.
pub(crate) fn possible(
    data: &Data,
    bounds: &Bounds,
    wanted: Wanted,
    name: &dyn Fn(usize) -> String,
    stop: &dyn Fn() -> bool,
) -> Option<Result<(), Reason>> {
    let residents = data.pop.iter().sum();
    let (least, most) = bounds.possible(data.len(), residents);
    let k = match wanted {
        Wanted::Free => None,
        Wanted::Exactly(k) => Some(k),
    };
    if least > most || k.is_some_and(|k| k < least || k > most) {
        return Some(Err(Reason::Arithmetic { units: data.len(), residents, least, most, wanted: k }));
    }
    if let Some(reason) = conflict(data, bounds, name) {
        return Some(Err(reason));
    }
    for (limit, values) in data.extras.iter().flat_map(|extras| extras.limits()) {
        let total = values.iter().sum::<f64>();
        let fits = |k: &usize| limit.fits(total, *k);
        let (low, high) = ((least..=most).find(fits), (least..=most).rev().find(fits));
        if low.is_none() || k.is_some_and(|k| !fits(&k)) {
            let (least, most) = (low.unwrap_or(least.max(1)), high.unwrap_or(0));
            return Some(Err(Reason::Sum { of: limit.of.clone(), total, least, most, wanted: k }));
        }
    }
    let areas = Areas::new(data, bounds, 4_000_000)?;
    if let Some(unit) = areas.orphan() {
        return Some(Err(Reason::Orphan { unit: name(unit as usize), areas: areas.len() }));
    }
    let free = Dual { bound: 0.0, price: vec![0.0; data.len()], each: 0.0, least: vec![0.0; data.len()] };
    // A narrow sweep finds most plans; only where it finds none is everything searched.
    let mut swept = sweep(&areas, &free, k, f64::MAX, 200, stop);
    if swept.best.is_none() && !swept.complete {
        swept = sweep(&areas, &free, k, f64::MAX, if data.len() > 80 { 4_000 } else { WIDTH }, stop);
    }
    match (swept.best, swept.complete) {
        (Some(_), _) => Some(Ok(())),
        (None, true) => Some(Err(Reason::Exhausted { areas: areas.len(), wanted: k })),
        (None, false) => None,
    }
}

/// Checks a certificate anew, from the graph alone and without the code that made it: arithmetic is
/// computed again; an exhausted search is repeated by a plain depth-first search over subsets of units.
///
/// Meant for parts of up to some thirty units; the search remembers every dead end.
#[must_use]
pub fn verify(graph: &Graph, bounds: &Bounds, certificate: &Certificate) -> bool {
    verify_with(graph, &Options { bounds: *bounds, ..Options::default() }, certificate)
}

/// The same for a task with a model: pins, bounds on further sums, bridges that do not count.
#[must_use]
pub fn verify_with(graph: &Graph, options: &Options, certificate: &Certificate) -> bool {
    crate::witness::verify(graph, options, certificate)
}
