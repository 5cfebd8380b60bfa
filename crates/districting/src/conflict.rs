//! Pins that cannot all hold, found before any search.

use std::collections::BTreeSet;

use crate::anneal::Data;
use crate::certificate::Reason;
use crate::extra::{Extras, Held};
use crate::model::{Pin, Quantity};
use crate::rules::Bounds;

/// The first contradiction among the pins of a piece: together and apart; together with what lies elsewhere; more
/// together than a district may hold.
pub(crate) fn conflict(data: &Data, bounds: &Bounds, name: &dyn Fn(usize) -> String) -> Option<Reason> {
    let extras = data.extras.as_ref()?;
    let pins: Vec<&Held> = extras.pins().collect();
    for (units, whole) in extras.together() {
        let here = |u: u32| extras.own[u as usize] as usize;
        let first = units[0];
        let others: Vec<u32> = units[1..].to_vec();
        for (i, &b) in units.iter().enumerate() {
            for &a in &units[..i] {
                let apart = apart(&pins, here(a), here(b));
                if !apart.is_empty() {
                    let together = way(&pins, here(a), &|u| u == here(b))?;
                    return Some(Reason::Contradiction {
                        units: [name(a as usize), name(b as usize)],
                        together,
                        apart,
                    });
                }
            }
        }
        if !whole {
            let elsewhere = |u: usize| !units.iter().any(|v| here(*v) == u);
            let pins = way(&pins, here(first), &elsewhere)?;
            return Some(Reason::Scattered { unit: name(first as usize), pins });
        }
        let crowded = |of: Option<Quantity>, sum: f64, most: f64| {
            let mut numbers = BTreeSet::new();
            for other in &others {
                numbers.extend(way(&pins, here(first), &|u| u == here(*other)).into_iter().flatten());
            }
            let ids = units.iter().map(|u| name(*u as usize)).collect();
            Some(Reason::Crowded { units: ids, pins: numbers.into_iter().collect(), of, sum, most })
        };
        if units.len() > bounds.max_units {
            return crowded(None, units.len() as f64, bounds.max_units as f64);
        }
        let people: u64 = units.iter().map(|u| data.pop[*u as usize]).sum();
        if people > bounds.max_residents {
            return crowded(Some(Quantity::Residents), people as f64, bounds.max_residents as f64);
        }
        if let Some((limit, sum)) = too_much(extras, &units) {
            return crowded(Some(limit.0), sum, limit.1);
        }
    }
    // Units that stay and nothing else holds together are never in one group; a single unit needs no other.
    None
}

fn too_much(extras: &Extras, units: &[u32]) -> Option<((Quantity, f64), f64)> {
    extras.limits().find_map(|(limit, values)| {
        let sum: f64 = units.iter().map(|u| values[*u as usize]).sum();
        (sum > limit.max && !limit.holds(sum)).then(|| ((limit.of.clone(), limit.max), sum))
    })
}

/// Pins that set two units apart: one that names both, or two by which they stay in different districts.
fn apart(pins: &[&Held], a: usize, b: usize) -> Vec<usize> {
    let both =
        pins.iter().find(|p| matches!(&p.pin, Pin::Apart(units) if units.contains(&a) && units.contains(&b)));
    if let Some(pin) = both {
        return vec![pin.number];
    }
    let stays = |u: usize| pins.iter().find(|p| p.pin == Pin::Stays(u));
    match (stays(a), stays(b)) {
        (Some(x), Some(y)) if x.label != y.label => vec![x.number, y.number],
        _ => Vec::new(),
    }
}

/// The pins of a shortest chain that holds a unit together with one that is looked for.
fn way(pins: &[&Held], from: usize, to: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
    let mut reached: Vec<(usize, Vec<usize>)> = vec![(from, Vec::new())];
    let mut seen = BTreeSet::from([from]);
    let mut at = 0;
    while let Some((u, by)) = reached.get(at).cloned() {
        if to(u) {
            let mut by = by;
            by.sort_unstable();
            by.dedup();
            return Some(by);
        }
        at += 1;
        let mut step = |v: usize, numbers: &[usize]| {
            if seen.insert(v) {
                reached.push((v, by.iter().chain(numbers).copied().collect()));
            }
        };
        for held in pins {
            match &held.pin {
                Pin::Together(units) if units.contains(&u) => {
                    units.iter().for_each(|v| step(*v, &[held.number]));
                }
                Pin::Stays(v) if *v == u => {
                    for other in pins.iter().filter(|o| o.label.is_some() && o.label == held.label) {
                        step(other.pin.units()[0], &[held.number, other.number]);
                    }
                }
                _ => {}
            }
        }
    }
    None
}
