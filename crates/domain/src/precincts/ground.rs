//! The ground, and what breaks a plan on it.

use crate::PlaceId;
use crate::cases::Deadlines;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The precinct of every neighbourhood. Numbers below zero are precincts that a draft has made and that are not there
/// yet.
pub type Layout = BTreeMap<PlaceId, PlaceId>;

/// One neighbourhood, as far as drawing is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Who lives there.
    pub residents: u32,
    /// Its hexagon on the schematic map, if it has one.
    pub hex: Option<(i32, i32)>,
    /// The precinct that it lies in today.
    pub precinct: Option<PlaceId>,
    /// The sub-district that it lies in today.
    pub subdistrict: Option<PlaceId>,
}

/// The neighbourhoods of a district, and who touches whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// Every neighbourhood.
    pub spots: BTreeMap<PlaceId, Spot>,
    near: BTreeMap<PlaceId, Vec<PlaceId>>,
}

impl Ground {
    /// The ground with the neighbours that the schematic map shows: hexagons that share a side. A neighbourhood without a
    /// hexagon touches nothing.
    pub fn of(spots: BTreeMap<PlaceId, Spot>) -> Ground {
        let at: BTreeMap<(i32, i32), PlaceId> =
            spots.iter().filter_map(|(id, s)| Some((s.hex?, *id))).collect();
        let near = spots
            .iter()
            .map(|(id, s)| {
                let around = s.hex.into_iter().flat_map(|(q, r)| {
                    [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)].map(|(dq, dr)| (q + dq, r + dr))
                });
                (*id, around.filter_map(|hex| at.get(&hex).copied()).collect())
            })
            .collect();
        Ground { spots, near }
    }

    /// The ground with the neighbours that a survey shows: those that share a border. Where one of two neighbourhoods has
    /// no outline yet, the schematic map goes on telling.
    pub fn surveyed(
        spots: BTreeMap<PlaceId, Spot>,
        outlined: &BTreeSet<PlaceId>,
        borders: impl IntoIterator<Item = (PlaceId, PlaceId)>,
    ) -> Ground {
        let mut ground = Ground::of(spots);
        for (id, near) in &mut ground.near {
            near.retain(|n| !(outlined.contains(id) && outlined.contains(n)));
        }
        for (a, b) in borders {
            if !ground.spots.contains_key(&a) || !ground.spots.contains_key(&b) || a == b {
                continue;
            }
            for (one, other) in [(a, b), (b, a)] {
                let near = ground.near.entry(one).or_default();
                if !near.contains(&other) {
                    near.push(other);
                }
            }
        }
        ground
    }

    /// The neighbourhoods that touch one.
    pub fn near(&self, id: PlaceId) -> &[PlaceId] {
        self.near.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The precinct of every neighbourhood today. Those that lie in none are not in it.
    pub fn today(&self) -> Layout {
        self.spots.iter().filter_map(|(id, s)| Some((*id, s.precinct?))).collect()
    }

    /// Into how many connected pieces a set of neighbourhoods falls.
    pub fn pieces(&self, members: &BTreeSet<PlaceId>) -> usize {
        let mut left = members.clone();
        let mut pieces = 0;
        while let Some(first) = left.pop_first() {
            pieces += 1;
            let mut todo = vec![first];
            while let Some(at) = todo.pop() {
                todo.extend(self.near(at).iter().filter(|n| left.remove(n)));
            }
        }
        pieces
    }
}

/// How large a precinct may be; both ends belong to the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Fewest and most committees.
    pub committees: (u32, u32),
    /// Fewest and most residents.
    pub residents: (u32, u32),
}

impl Bounds {
    /// The bounds that the rule table has on a day; `None` where it has not all four.
    pub fn of(rules: &dyn Deadlines, on: Timestamp) -> Option<Bounds> {
        let number = |id| rules.row(id, on).and_then(|r| r.value.parse().ok());
        Some(Bounds {
            committees: (number("precinct.committees_least")?, number("precinct.committees_most")?),
            residents: (number("precinct.residents_least")?, number("precinct.residents_most")?),
        })
    }
}

/// One way in which a precinct breaks the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// It has too few or too many committees.
    Committees(u32),
    /// It has too few or too many residents.
    Residents(u32),
    /// It does not hang together: so many pieces.
    Pieces(u32),
    /// Its neighbourhoods lie in so many sub-districts.
    Subdistricts(u32),
}

/// Committees and residents of every precinct.
pub fn headcounts(ground: &Ground, layout: &Layout) -> BTreeMap<PlaceId, (u32, u32)> {
    let mut out: BTreeMap<PlaceId, (u32, u32)> = BTreeMap::new();
    for (id, precinct) in layout {
        let sums = out.entry(*precinct).or_default();
        sums.0 += 1;
        sums.1 += ground.spots.get(id).map_or(0, |s| s.residents);
    }
    out
}

/// What is wrong with each precinct of a layout; precincts that keep the rules are not in it.
pub fn breaches(ground: &Ground, bounds: &Bounds, layout: &Layout) -> BTreeMap<PlaceId, Vec<Breach>> {
    let mut members: BTreeMap<PlaceId, BTreeSet<PlaceId>> = BTreeMap::new();
    for (id, precinct) in layout {
        members.entry(*precinct).or_default().insert(*id);
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut out = BTreeMap::new();
    for (precinct, own) in members {
        let mut wrong = Vec::new();
        let committees = count(own.len());
        if !(bounds.committees.0..=bounds.committees.1).contains(&committees) {
            wrong.push(Breach::Committees(committees));
        }
        let spots = || own.iter().filter_map(|id| ground.spots.get(id));
        let residents = spots().map(|s| s.residents).sum();
        if !(bounds.residents.0..=bounds.residents.1).contains(&residents) {
            wrong.push(Breach::Residents(residents));
        }
        let pieces = count(ground.pieces(&own));
        if pieces > 1 {
            wrong.push(Breach::Pieces(pieces));
        }
        let over: BTreeSet<PlaceId> = spots().filter_map(|s| s.subdistrict).collect();
        if over.len() > 1 {
            wrong.push(Breach::Subdistricts(count(over.len())));
        }
        if !wrong.is_empty() {
            out.insert(precinct, wrong);
        }
    }
    out
}

/// Gives the districts of a drawn plan the precincts of today that they share most residents with, so that as few people
/// as possible change theirs: pairs are taken by residents shared, most first, each precinct once; what is left over is
/// new and gets numbers below zero, in the order of the plan.
pub fn settle(ground: &Ground, drawn: &BTreeMap<PlaceId, u32>) -> Layout {
    let mut shared: BTreeMap<(u32, PlaceId), u64> = BTreeMap::new();
    for (id, district) in drawn {
        if let Some(Spot { residents, precinct: Some(p), .. }) = ground.spots.get(id) {
            // One more than its residents: an empty neighbourhood counts as a neighbourhood still.
            *shared.entry((*district, *p)).or_default() += u64::from(*residents) + 1;
        }
    }
    let mut pairs: Vec<((u32, PlaceId), u64)> = shared.into_iter().collect();
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut named, mut taken) = (BTreeMap::new(), BTreeSet::new());
    for ((district, precinct), _) in pairs {
        if !named.contains_key(&district) && taken.insert(precinct) {
            named.insert(district, precinct);
        }
    }
    let mut fresh = 0;
    let all: BTreeSet<u32> = drawn.values().copied().collect();
    for district in all {
        named.entry(district).or_insert_with(|| {
            fresh -= 1;
            PlaceId(fresh)
        });
    }
    drawn.iter().filter_map(|(id, d)| Some((*id, *named.get(d)?))).collect()
}
