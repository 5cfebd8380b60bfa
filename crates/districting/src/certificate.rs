//! Why there is no plan: arithmetic that anybody can check, or a search that can be repeated.

use std::fmt;

use crate::anneal::Data;
use crate::areas::Areas;
use crate::dual::Dual;
use crate::graph::Graph;
use crate::rules::{Bounds, Wanted};
use crate::sweep::sweep;

/// The reason why some units cannot be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A unit lies in no connected group within the bounds.
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A change of one rule that makes a plan possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relaxation {
    /// Another number of districts.
    Precincts(usize),
    /// A lower minimum of residents.
    MinResidents(u64),
    /// A higher maximum of residents.
    MaxResidents(u64),
    /// A lower minimum of units.
    MinUnits(usize),
    /// A higher maximum of units.
    MaxUnits(usize),
}

impl Relaxation {
    /// The rules with this change.
    #[must_use]
    pub fn apply(self, bounds: Bounds, wanted: Wanted) -> (Bounds, Wanted) {
        match self {
            Relaxation::Precincts(k) => (bounds, Wanted::Exactly(k)),
            Relaxation::MinResidents(min_residents) => (Bounds { min_residents, ..bounds }, wanted),
            Relaxation::MaxResidents(max_residents) => (Bounds { max_residents, ..bounds }, wanted),
            Relaxation::MinUnits(min_units) => (Bounds { min_units, ..bounds }, wanted),
            Relaxation::MaxUnits(max_units) => (Bounds { max_units, ..bounds }, wanted),
        }
    }
}

impl fmt::Display for Relaxation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Relaxation::Precincts(k) => write!(f, "{k} precincts"),
            Relaxation::MinResidents(v) => write!(f, "at least {v} residents"),
            Relaxation::MaxResidents(v) => write!(f, "at most {v} residents"),
            Relaxation::MinUnits(v) => write!(f, "at least {v} units"),
            Relaxation::MaxUnits(v) => write!(f, "at most {v} units"),
        }
    }
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

/// The smallest single changes with which a plan exists; every one is searched for exactly.
pub(crate) fn relaxations(
    data: &Data,
    bounds: &Bounds,
    wanted: Wanted,
    stop: &dyn Fn() -> bool,
) -> Vec<Relaxation> {
    let works = |r: Relaxation| {
        let (b, w) = r.apply(*bounds, wanted);
        b.check().is_ok() && possible(data, &b, w, &|_| String::new(), stop) == Some(Ok(()))
    };
    let mut out = Vec::new();
    if let Wanted::Exactly(k) = wanted {
        let (least, most) = bounds.possible(data.len(), data.pop.iter().sum());
        let mut others: Vec<usize> = (least..=most).filter(|o| *o != k).collect();
        others.sort_by_key(|o| o.abs_diff(k));
        out.extend(others.into_iter().map(Relaxation::Precincts).find(|r| works(*r)));
    }
    out.extend(least(bounds.min_residents, bounds.min_residents / 2, Relaxation::MinResidents, &works, stop));
    out.extend(least(
        bounds.max_residents,
        bounds.max_residents * 3 / 2,
        Relaxation::MaxResidents,
        &works,
        stop,
    ));
    if bounds.min_units > 1 && works(Relaxation::MinUnits(bounds.min_units - 1)) {
        out.push(Relaxation::MinUnits(bounds.min_units - 1));
    }
    if works(Relaxation::MaxUnits(bounds.max_units + 1)) {
        out.push(Relaxation::MaxUnits(bounds.max_units + 1));
    }
    out
}

/// The least change in steps of one resident: halving between "fails" and "works".
fn least(
    fails: u64,
    limit: u64,
    make: fn(u64) -> Relaxation,
    works: &dyn Fn(Relaxation) -> bool,
    stop: &dyn Fn() -> bool,
) -> Option<Relaxation> {
    if !works(make(limit)) {
        return None;
    }
    let (mut bad, mut good) = (fails, limit);
    while bad.abs_diff(good) > 1 && !stop() {
        let middle = u64::midpoint(bad, good);
        if works(make(middle)) { good = middle } else { bad = middle }
    }
    Some(make(good))
}

/// Two changes that work together, for where no single one does; of those tried the one with the least change of
/// residents, as a share of their bound.
pub(crate) fn pair(
    data: &Data,
    bounds: &Bounds,
    wanted: Wanted,
    stop: &dyn Fn() -> bool,
) -> Option<(Relaxation, Relaxation)> {
    let mut firsts = vec![Relaxation::MaxUnits(bounds.max_units + 1)];
    if bounds.min_units > 1 {
        firsts.push(Relaxation::MinUnits(bounds.min_units - 1));
    }
    if let Wanted::Exactly(k) = wanted {
        firsts.push(Relaxation::Precincts(k + 1));
        if k > 1 {
            firsts.push(Relaxation::Precincts(k - 1));
        }
    }
    let mut best: Option<(f64, (Relaxation, Relaxation))> = None;
    for first in firsts {
        let (b, w) = first.apply(*bounds, wanted);
        let works = |second: Relaxation| {
            let (b, w) = second.apply(b, w);
            b.check().is_ok() && possible(data, &b, w, &|_| String::new(), stop) == Some(Ok(()))
        };
        let (low, high) = (bounds.min_residents, bounds.max_residents);
        for second in [
            least(low, low / 2, Relaxation::MinResidents, &works, stop),
            least(high, high * 3 / 2, Relaxation::MaxResidents, &works, stop),
        ] {
            let change = match second {
                Some(Relaxation::MinResidents(v)) => (low - v) as f64 / low.max(1) as f64,
                Some(Relaxation::MaxResidents(v)) => (v - high) as f64 / high.max(1) as f64,
                _ => continue,
            };
            if let Some(second) = second
                && best.is_none_or(|b| change < b.0)
            {
                best = Some((change, (first, second)));
            }
        }
    }
    best.map(|b| b.1)
}

/// Checks a certificate anew, from the graph alone and without the code that made it: arithmetic is
/// computed again; an exhausted search is repeated by a plain depth-first search over subsets of units.
///
/// Meant for parts of up to some thirty units; the search remembers every dead end.
#[must_use]
pub fn verify(graph: &Graph, bounds: &Bounds, certificate: &Certificate) -> bool {
    crate::witness::verify(graph, bounds, certificate)
}
