//! The second opinion on certificates: plain, slow, and sharing nothing with the searches.

use std::collections::{BTreeSet, HashSet};

use crate::certificate::{Certificate, Reason};
use crate::check::{Laid, of_district, of_pins};
use crate::draw::Options;
use crate::graph::Graph;
use crate::model::{Pin, Quantity};

pub(crate) fn verify(graph: &Graph, options: &Options, certificate: &Certificate) -> bool {
    let shore;
    let land = if options.model.bridges {
        graph
    } else {
        shore = graph.without_bridges();
        &shore
    };
    let rules = Rules { graph, land, options };
    let bounds = &options.bounds;
    let units = &certificate.units;
    let people: u64 = units.iter().map(|u| graph.units()[*u as usize].residents).sum();
    match &certificate.reason {
        Reason::Arithmetic { units: n, residents, wanted, .. } => {
            // No number of districts fits the sums (or the wanted one does not).
            let fits = |k: usize| {
                let (wide, people) = (k as u128, u128::from(people));
                wide * bounds.min_units as u128 <= *n as u128
                    && *n as u128 <= wide * bounds.max_units as u128
                    && wide * u128::from(bounds.min_residents) <= people
                    && people <= wide * u128::from(bounds.max_residents)
            };
            *n == units.len() && *residents == people && wanted.map_or(!(1..=*n).any(fits), |k| !fits(k))
        }
        Reason::Sum { of, total, wanted, .. } => {
            let sum: f64 = units.iter().map(|u| graph.amount(of, *u as usize)).sum();
            let n = units.len();
            // Some limit on that sum alone, together with the bounds on units and residents.
            (sum - total).abs() <= 1e-9 * sum.abs()
                && options.model.limits.iter().filter(|l| l.of == *of).any(|limit| {
                    let fits = |k: usize| {
                        let (min, max) = (k as u64 * bounds.min_residents, k as u64 * bounds.max_residents);
                        k * bounds.min_units <= n
                            && n <= k * bounds.max_units
                            && (min..=max).contains(&people)
                            && limit.fits(sum, k)
                    };
                    wanted.map_or(!(1..=n).any(fits), |k| !fits(k))
                })
        }
        Reason::Contradiction { units: ids, together, apart } => {
            let [Some(a), Some(b)] = ids.each_ref().map(|id| rules.find(units, id)) else { return false };
            rules.linked(together, a).contains(&b) && a != b && rules.parted(apart, a, b)
        }
        Reason::Scattered { unit, pins } => {
            let Some(u) = rules.find(units, unit) else { return false };
            let inside = |v: &usize| units.contains(&(*v as u32));
            // Nothing leads out of the units, or only into other parents, which no district may enter.
            let crosses = |u: usize, v: usize| options.by_parent && graph.parent_of(u) != graph.parent_of(v);
            let closed = units.iter().all(|u| {
                land.neighbours(*u as usize)
                    .iter()
                    .all(|v| inside(&(*v as usize)) || crosses(*u as usize, *v as usize))
            });
            closed && rules.linked(pins, u).iter().any(|v| !inside(v))
        }
        Reason::Crowded { units: ids, pins, of, .. } => {
            let Some(own) = ids.iter().map(|id| rules.find(units, id)).collect::<Option<Vec<_>>>() else {
                return false;
            };
            let Some(first) = own.first() else { return false };
            let linked = rules.linked(pins, *first);
            let sum = |of: &Quantity| own.iter().map(|u| graph.amount(of, *u)).sum::<f64>();
            own.iter().all(|u| linked.contains(u))
                && own.iter().collect::<BTreeSet<_>>().len() == own.len()
                && match of {
                    None => own.len() > bounds.max_units,
                    Some(Quantity::Residents) if sum(&Quantity::Residents) > bounds.max_residents as f64 => {
                        true
                    }
                    Some(of) => options
                        .model
                        .limits
                        .iter()
                        .any(|l| l.of == *of && sum(of) > l.max && !l.holds(sum(of))),
                }
        }
        Reason::Orphan { unit, .. } => {
            let Some(u) = units.iter().find(|u| graph.units()[**u as usize].id == *unit) else {
                return false;
            };
            let all: BTreeSet<u32> = units.iter().copied().collect();
            rules.groups(&all, *u).is_empty()
        }
        Reason::Exhausted { wanted, .. } => {
            let all: BTreeSet<u32> = units.iter().copied().collect();
            !rules.coverable(&all, *wanted, &mut HashSet::new())
        }
    }
}

/// What the second opinion goes by.
struct Rules<'a> {
    graph: &'a Graph,
    land: &'a Graph,
    options: &'a Options,
}

/// One group as a district by the number 0; every other unit by itself.
struct Alone<'a>(&'a [u32]);

impl Laid for Alone<'_> {
    fn district(&self, unit: usize) -> u32 {
        if self.0.contains(&(unit as u32)) { 0 } else { unit as u32 + 1 }
    }

    fn units(&self, district: u32) -> &[u32] {
        if district == 0 { self.0 } else { &[] }
    }
}

impl Rules<'_> {
    fn find(&self, units: &[u32], id: &str) -> Option<usize> {
        units.iter().map(|u| *u as usize).find(|u| self.graph.units()[*u].id == id)
    }

    fn pins(&self, numbers: &[usize]) -> Vec<&Pin> {
        let all = self.options.model.all_pins(self.graph);
        all.filter(|(number, _)| numbers.contains(number)).map(|(_, pin)| pin).collect()
    }

    /// Units that the pins hold together with one, itself included.
    fn linked(&self, numbers: &[usize], first: usize) -> BTreeSet<usize> {
        let pins = self.pins(numbers);
        let stay: Vec<usize> =
            pins.iter().filter_map(|p| if let Pin::Stays(u) = p { Some(*u) } else { None }).collect();
        let mut out = BTreeSet::from([first]);
        loop {
            let before = out.len();
            for pin in &pins {
                if let Pin::Together(units) = pin
                    && units.iter().any(|u| out.contains(u))
                {
                    out.extend(units);
                }
            }
            let labels: BTreeSet<_> =
                stay.iter().filter(|u| out.contains(u)).map(|u| self.graph.today_of(*u)).collect();
            out.extend(stay.iter().filter(|u| labels.contains(&self.graph.today_of(**u))));
            if out.len() == before {
                return out;
            }
        }
    }

    /// Whether one of the pins sets the two apart, or both stay in different districts.
    fn parted(&self, numbers: &[usize], a: usize, b: usize) -> bool {
        let pins = self.pins(numbers);
        let stays = |u: usize| pins.iter().any(|p| **p == Pin::Stays(u));
        pins.iter().any(|p| matches!(p, Pin::Apart(units) if units.contains(&a) && units.contains(&b)))
            || (stays(a) && stays(b) && self.graph.today_of(a) != self.graph.today_of(b))
    }

    /// Whether a group keeps every rule that can be told from itself.
    fn keeps(&self, group: &BTreeSet<u32>) -> bool {
        let units: Vec<u32> = group.iter().copied().collect();
        let mut faults = Vec::new();
        of_district(self.graph, self.land, self.options, 0, &units, &mut faults);
        if faults.is_empty() {
            of_pins(self.graph, &self.options.model, &Alone(&units), Some(&[0]), &mut faults);
        }
        faults.is_empty()
    }

    /// All connected groups within the rules of the units left that hold `first`.
    fn groups(&self, left: &BTreeSet<u32>, first: u32) -> Vec<BTreeSet<u32>> {
        let mut level: HashSet<BTreeSet<u32>> = HashSet::from([BTreeSet::from([first])]);
        let mut out = Vec::new();
        for _ in 1..=self.options.bounds.max_units {
            out.extend(level.iter().filter(|group| self.keeps(group)).cloned());
            let mut wider = HashSet::new();
            for group in &level {
                for u in group {
                    for v in self.land.neighbours(*u as usize) {
                        if left.contains(v) && !group.contains(v) {
                            let mut more = group.clone();
                            more.insert(*v);
                            wider.insert(more);
                        }
                    }
                }
            }
            level = wider;
        }
        out
    }

    fn coverable(
        &self,
        left: &BTreeSet<u32>,
        wanted: Option<usize>,
        dead: &mut HashSet<(BTreeSet<u32>, Option<usize>)>,
    ) -> bool {
        if left.is_empty() {
            return wanted.is_none_or(|k| k == 0);
        }
        if wanted == Some(0) || dead.contains(&(left.clone(), wanted)) {
            return false;
        }
        // The unit with fewest free neighbours has the fewest groups.
        let free = |u: &u32| self.land.neighbours(*u as usize).iter().filter(|v| left.contains(v)).count();
        let Some(first) = left.iter().min_by_key(|u| free(u)).copied() else { return false };
        for group in self.groups(left, first) {
            let rest: BTreeSet<u32> = left.difference(&group).copied().collect();
            if self.coverable(&rest, wanted.map(|k| k - 1), dead) {
                return true;
            }
        }
        dead.insert((left.clone(), wanted));
        false
    }
}
