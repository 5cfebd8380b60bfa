//! What would help where there is no plan: the smallest changes of the rules with which there is one.

use std::fmt;

use crate::anneal::Data;
use crate::certificate::possible;
use crate::draw::Options;
use crate::model::{Limit, Quantity};
use crate::rules::{Bounds, Wanted};

/// Pins that are tried two by two.
const MOST_PINS: usize = 12;

/// A change of one rule that makes a plan possible.
#[derive(Debug, Clone, PartialEq)]
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
    /// A lower minimum of another sum.
    MinSum {
        /// What is summed.
        of: Quantity,
        /// The new minimum.
        min: f64,
    },
    /// A higher maximum of another sum.
    MaxSum {
        /// What is summed.
        of: Quantity,
        /// The new maximum.
        max: f64,
    },
    /// Without the pin of this number (from 0).
    DropPin(usize),
}

impl Relaxation {
    /// Bounds and number with this change; see [`Relaxation::ease`] for changes of anything else.
    #[must_use]
    pub fn apply(&self, bounds: Bounds, wanted: Wanted) -> (Bounds, Wanted) {
        match *self {
            Relaxation::Precincts(k) => (bounds, Wanted::Exactly(k)),
            Relaxation::MinResidents(min_residents) => (Bounds { min_residents, ..bounds }, wanted),
            Relaxation::MaxResidents(max_residents) => (Bounds { max_residents, ..bounds }, wanted),
            Relaxation::MinUnits(min_units) => (Bounds { min_units, ..bounds }, wanted),
            Relaxation::MaxUnits(max_units) => (Bounds { max_units, ..bounds }, wanted),
            Relaxation::MinSum { .. } | Relaxation::MaxSum { .. } | Relaxation::DropPin(_) => {
                (bounds, wanted)
            }
        }
    }

    /// The whole task with this change. With `by_parent` another number of precincts is one of the parent that
    /// the certificate speaks of, so it is left to the caller ([`Model::per_parent`]).
    #[must_use]
    pub fn ease(&self, options: &Options) -> Options {
        let (bounds, wanted) = self.apply(options.bounds, options.wanted);
        let mut out = Options { bounds, wanted, ..options.clone() };
        match self {
            Relaxation::MinSum { of, min } => {
                out.model.limits.iter_mut().filter(|l| l.of == *of).for_each(|l| l.min = l.min.min(*min));
            }
            Relaxation::MaxSum { of, max } => {
                out.model.limits.iter_mut().filter(|l| l.of == *of).for_each(|l| l.max = l.max.max(*max));
            }
            Relaxation::DropPin(number) => out.model.dropped.push(*number),
            _ => {}
        }
        out
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
            Relaxation::MinSum { of, min } => write!(f, "at least {min} in {of}"),
            Relaxation::MaxSum { of, max } => write!(f, "at most {max} in {of}"),
            Relaxation::DropPin(number) => write!(f, "pin {} dropped", number + 1),
        }
    }
}

/// The smallest single changes with which a plan exists; every one is searched for exactly.
pub(crate) fn relaxations(
    data: &Data,
    bounds: &Bounds,
    wanted: Wanted,
    stop: &dyn Fn() -> bool,
) -> Vec<Relaxation> {
    let works = |r: &Relaxation| works(data, bounds, wanted, r, stop);
    let mut out = Vec::new();
    if let Wanted::Exactly(k) = wanted {
        let (least, most) = bounds.possible(data.len(), data.pop.iter().sum());
        let mut others: Vec<usize> = (least..=most).filter(|o| *o != k).collect();
        others.sort_by_key(|o| o.abs_diff(k));
        out.extend(others.into_iter().map(Relaxation::Precincts).find(|r| works(r)));
    }
    out.extend(least(bounds.min_residents, bounds.min_residents / 2, Relaxation::MinResidents, &works, stop));
    out.extend(least(
        bounds.max_residents,
        bounds.max_residents * 3 / 2,
        Relaxation::MaxResidents,
        &works,
        stop,
    ));
    if bounds.min_units > 1 && works(&Relaxation::MinUnits(bounds.min_units - 1)) {
        out.push(Relaxation::MinUnits(bounds.min_units - 1));
    }
    if works(&Relaxation::MaxUnits(bounds.max_units + 1)) {
        out.push(Relaxation::MaxUnits(bounds.max_units + 1));
    }
    if let Some(extras) = &data.extras {
        for (limit, values) in extras.limits() {
            out.extend(sums(limit, &values, &works, stop));
        }
        out.extend(extras.pins().map(|p| Relaxation::DropPin(p.number)).filter(|r| works(r)));
    }
    out
}

/// Whether a plan exists after one change.
fn works(data: &Data, bounds: &Bounds, wanted: Wanted, change: &Relaxation, stop: &dyn Fn() -> bool) -> bool {
    let (b, w) = change.apply(*bounds, wanted);
    let eased = data.eased(change);
    b.check().is_ok()
        && possible(eased.as_ref().unwrap_or(data), &b, w, &|_| String::new(), stop) == Some(Ok(()))
}

/// Wider bounds on a sum: the least change, to a thousandth of the way to no bound at all.
fn sums(
    limit: &Limit,
    values: &[f64],
    works: &dyn Fn(&Relaxation) -> bool,
    stop: &dyn Fn() -> bool,
) -> Vec<Relaxation> {
    let whole: f64 = values.iter().sum();
    let ends = [(limit.min, 0.0, true), (limit.max, whole.max(limit.max), false)];
    let mut out = Vec::new();
    for (fails, end, lower) in ends {
        let make = |bound| {
            let of = limit.of.clone();
            if lower { Relaxation::MinSum { of, min: bound } } else { Relaxation::MaxSum { of, max: bound } }
        };
        if !fails.is_finite() || (fails - end).abs() < 1e-12 || !works(&make(end)) {
            continue;
        }
        let (mut bad, mut good) = (fails, end);
        while (bad - good).abs() > 1e-3 * (fails - end).abs() && !stop() {
            let middle = f64::midpoint(bad, good);
            if works(&make(middle)) { good = middle } else { bad = middle }
        }
        out.push(make(good));
    }
    out
}

/// The least change in steps of one resident: halving between "fails" and "works".
fn least(
    fails: u64,
    limit: u64,
    make: fn(u64) -> Relaxation,
    works: &dyn Fn(&Relaxation) -> bool,
    stop: &dyn Fn() -> bool,
) -> Option<Relaxation> {
    if !works(&make(limit)) {
        return None;
    }
    let (mut bad, mut good) = (fails, limit);
    while bad.abs_diff(good) > 1 && !stop() {
        let middle = u64::midpoint(bad, good);
        if works(&make(middle)) { good = middle } else { bad = middle }
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
    let drops: Vec<Relaxation> = data
        .extras
        .iter()
        .flat_map(|extras| extras.pins().map(|p| Relaxation::DropPin(p.number)))
        .take(MOST_PINS)
        .collect();
    firsts.extend(drops.iter().cloned());
    let mut best: Option<(f64, (Relaxation, Relaxation))> = None;
    for first in firsts {
        let (b, w) = first.apply(*bounds, wanted);
        let eased = data.eased(&first);
        let works = |second: &Relaxation| works(eased.as_ref().unwrap_or(data), &b, w, second, stop);
        let (low, high) = (bounds.min_residents, bounds.max_residents);
        for second in [
            least(low, low / 2, Relaxation::MinResidents, &works, stop),
            least(high, high * 3 / 2, Relaxation::MaxResidents, &works, stop),
        ] {
            let change = match &second {
                Some(Relaxation::MinResidents(v)) => (low - v) as f64 / low.max(1) as f64,
                Some(Relaxation::MaxResidents(v)) => (v - high) as f64 / high.max(1) as f64,
                _ => continue,
            };
            if let Some(second) = second
                && best.as_ref().is_none_or(|b| change < b.0)
            {
                best = Some((change, (first.clone(), second)));
            }
        }
    }
    if best.is_none() {
        for (i, first) in drops.iter().enumerate() {
            let Some(eased) = data.eased(first) else { continue };
            let second = drops[i + 1..].iter().find(|r| works(&eased, bounds, wanted, r, stop));
            if let Some(second) = second {
                return Some((first.clone(), second.clone()));
            }
        }
    }
    best.map(|b| b.1)
}
