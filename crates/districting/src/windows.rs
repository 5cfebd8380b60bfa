//! Windows: a handful of neighbouring districts is divided anew in the best of all ways.
//!
//! Under good prices (see `dual`) an area that costs far more than the prices of its units belongs to no good plan.
//! What the districts of a window cost above their prices in all is how much any better division of it may cost
//! above them; so only areas below that matter, and of the tens of thousands in a window a few hundred are left.
//! They are put together by a sweep over the window's units that keeps the cheapest of all part-plans with the same
//! cover: where nothing is left out, the window is proven to be divided in the best way.

use crate::anneal::Data;
use crate::areas::Areas;
use crate::prices::Prices;
use crate::rng::Rng;

/// Most units in a window: a set of them is one word of bits.
pub(crate) const MOST: usize = 128;
/// No part-plan before.
const NONE: u32 = u32::MAX;
/// Not in the window.
const OUT: u8 = u8::MAX;

/// Areas that are not too dear, at each place of the sweep from the cheapest up.
pub(crate) struct Priced<'a> {
    areas: &'a Areas,
    prices: &'a Prices,
    start: Vec<u32>,
    list: Vec<Offer>,
}

#[derive(Clone, Copy)]
struct Offer {
    /// Cost above all prices.
    above: f64,
    /// Cost above the prices of the units alone.
    plain: f64,
    area: u32,
}

impl<'a> Priced<'a> {
    /// Keeps areas that cost at most `cutoff` above their prices.
    pub(crate) fn new(areas: &'a Areas, prices: &'a Prices, cutoff: f64) -> Self {
        let n = areas.order.len();
        let mut start = vec![0];
        let mut list: Vec<Offer> = Vec::new();
        for f in 0..n {
            let from = list.len();
            for area in areas.start[f]..areas.start[f + 1] {
                let (plain, above) = prices.above(areas, area as usize);
                if above <= cutoff {
                    list.push(Offer { above, plain, area });
                }
            }
            list[from..].sort_by(|a, b| a.above.total_cmp(&b.above).then(a.area.cmp(&b.area)));
            start.push(list.len() as u32);
        }
        Priced { areas, prices, start, list }
    }

    fn at(&self, place: u32) -> &[Offer] {
        &self.list[self.start[place as usize] as usize..self.start[place as usize + 1] as usize]
    }
}

#[derive(Clone, Copy)]
struct State {
    cover: u128,
    /// Cost above all prices: what no completion can undercut.
    value: f64,
    /// Cost above the prices of the units: what a whole plan is chosen by.
    plain: f64,
    used: u32,
    trail: u32,
}

struct Candidate {
    set: u128,
    above: f64,
    plain: f64,
    area: u32,
}

/// What became of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was divided better.
    Better,
    /// It was divided better, but not all ways were looked at.
    BetterCut,
    /// There is no better way.
    Best,
    /// Too many part-plans: some were left out, and none of the others was better.
    Cut,
}

/// A plan to come back to.
pub(crate) struct Position {
    district: Vec<u32>,
    area: Vec<u32>,
    pub(crate) cost: f64,
}

/// A plan that is improved window by window.
pub(crate) struct Windows<'a> {
    priced: &'a Priced<'a>,
    near: Vec<Vec<u32>>,
    /// District of each place.
    pub(crate) district: Vec<u32>,
    /// The area of each district.
    pub(crate) area: Vec<u32>,
    /// Whether the number of districts must stay as it is.
    fixed: bool,
    /// Sum of squares within all districts.
    pub(crate) cost: f64,
    /// Candidates and part-plans looked at so far.
    pub(crate) work: u64,
    local: Vec<u8>,
    levels: Vec<Vec<State>>,
    trail: Vec<(u32, u32)>,
}

impl<'a> Windows<'a> {
    /// Lays a plan on the areas; none if one of its districts is no area.
    pub(crate) fn new(priced: &'a Priced<'a>, data: &Data, plan: &[u32], fixed: bool) -> Option<Self> {
        let areas = priced.areas;
        let n = areas.order.len();
        let mut place = vec![0_u32; n];
        for (at, u) in areas.order.iter().enumerate() {
            place[*u as usize] = at as u32;
        }
        let near =
            areas.order.iter().map(|u| data.near(*u as usize).iter().map(|v| place[*v as usize]).collect());
        let mut windows = Windows {
            priced,
            near: near.collect(),
            district: vec![NONE; n],
            area: Vec::new(),
            fixed,
            cost: 0.0,
            work: 0,
            local: vec![OUT; n],
            levels: (0..=MOST).map(|_| Vec::new()).collect(),
            trail: Vec::new(),
        };
        let mut groups: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
        for (at, u) in areas.order.iter().enumerate() {
            groups.entry(plan[*u as usize]).or_default().push(at as u32);
        }
        for group in groups.values() {
            windows.push(areas.find(group)?);
        }
        Some(windows)
    }

    fn push(&mut self, area: u32) {
        let d = self.area.len() as u32;
        for m in self.priced.areas.members(area as usize) {
            self.district[*m as usize] = d;
        }
        self.cost += self.priced.areas.cost[area as usize];
        self.area.push(area);
    }

    /// Where it stands, to come back to.
    pub(crate) fn position(&self) -> Position {
        Position { district: self.district.clone(), area: self.area.clone(), cost: self.cost }
    }

    /// Goes back.
    pub(crate) fn restore(&mut self, position: Position) {
        self.district = position.district;
        self.area = position.area;
        self.cost = position.cost;
    }

    /// District of each unit.
    pub(crate) fn plan(&self) -> Vec<u32> {
        let mut plan = vec![0; self.district.len()];
        for (u, d) in self.priced.areas.order.iter().zip(&self.district) {
            plan[*u as usize] = *d;
        }
        plan
    }

    /// Districts around one: grown by those that share most borders with what is taken, with some chance.
    pub(crate) fn around(&self, first: u32, count: usize, rng: &mut Rng) -> Vec<u32> {
        let areas = self.priced.areas;
        let mut chosen = vec![first];
        let mut units = areas.members(self.area[first as usize] as usize).len();
        let mut touch: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
        let mut last = first;
        while chosen.len() < count {
            for m in areas.members(self.area[last as usize] as usize) {
                for v in &self.near[*m as usize] {
                    let d = self.district[*v as usize];
                    if !chosen.contains(&d) {
                        *touch.entry(d).or_insert_with(|| 2.5 * rng.unit()) += 1.0;
                    }
                }
            }
            let next = touch.iter().max_by(|a, b| a.1.total_cmp(b.1)).map(|(d, _)| *d);
            let Some(next) = next else { break };
            touch.remove(&next);
            units += areas.members(self.area[next as usize] as usize).len();
            if units > MOST {
                break;
            }
            chosen.push(next);
            last = next;
        }
        chosen
    }

    /// Divides the window of some districts anew, in the best way if that takes at most `width` part-plans at a
    /// place. With `slack` it may get dearer by less than that; `banned` areas are not taken.
    pub(crate) fn solve(&mut self, chosen: &[u32], width: usize, slack: f64, banned: &[u32]) -> Outcome {
        let areas = self.priced.areas;
        let mut places: Vec<u32> = Vec::new();
        let mut own = slack - 1e-9;
        for d in chosen {
            let area = self.area[*d as usize] as usize;
            places.extend_from_slice(areas.members(area));
            own += self.priced.prices.above(areas, area).0;
        }
        places.sort_unstable();
        let m = places.len();
        for (i, p) in places.iter().enumerate() {
            self.local[*p as usize] = i as u8;
        }
        // What the triples in the window may be credited with: each is paid for once at most.
        let credit = self.priced.prices.credit(&places);
        let candidates = self.candidates(&places, own + credit, banned);
        for p in &places {
            self.local[*p as usize] = OUT;
        }
        // Values are counted above what the cheapest area at each place would cost; a place that is covered
        // from elsewhere forgoes its own.
        let mut forgone = vec![0.0; m + 1];
        for (i, (least, _)) in candidates.iter().enumerate() {
            forgone[i + 1] = forgone[i] - least;
        }
        let limit = own + credit + forgone[m];
        let parts = chosen.len() as u32;
        let Some((complete, best)) = self.cover(&candidates, &forgone, limit, own, parts, width) else {
            return Outcome::Cut;
        };
        let Some(best) = best else { return if complete { Outcome::Best } else { Outcome::Cut } };
        let mut at = best.trail;
        let mut fresh = Vec::new();
        while at != NONE {
            let (before, area) = self.trail[at as usize];
            fresh.push(area);
            at = before;
        }
        self.exchange(chosen, &fresh);
        if complete { Outcome::Better } else { Outcome::BetterCut }
    }

    /// The sweep: the cheapest cover below the limits, and whether nothing was left out.
    fn cover(
        &mut self,
        candidates: &[(f64, Vec<Candidate>)],
        forgone: &[f64],
        limit: f64,
        own: f64,
        parts: u32,
        width: usize,
    ) -> Option<(bool, Option<State>)> {
        let m = candidates.len();
        let fixed = self.fixed;
        let mut complete = true;
        self.trail.clear();
        for level in &mut self.levels[..=m] {
            level.clear();
        }
        self.levels[0].push(State { cover: 0, value: 0.0, plain: 0.0, used: 0, trail: NONE });
        for (f, (_, offers)) in candidates.iter().enumerate() {
            let mut states = std::mem::take(&mut self.levels[f]);
            let key = |s: &State| (s.cover, if fixed { s.used } else { 0 });
            states.sort_unstable_by(|a, b| {
                key(a).cmp(&key(b)).then(a.plain.total_cmp(&b.plain)).then(a.trail.cmp(&b.trail))
            });
            states.dedup_by(|b, a| {
                let same = key(a) == key(b);
                if same {
                    a.value = a.value.min(b.value);
                }
                same
            });
            if states.len() > width {
                states.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.cover.cmp(&b.cover)));
                states.truncate(width);
                complete = false;
            }
            for s in &states {
                if fixed && s.used == parts {
                    continue;
                }
                for c in offers {
                    self.work += 1;
                    let value = s.value + c.above;
                    if value > limit {
                        break;
                    }
                    if c.set & s.cover != 0 {
                        continue;
                    }
                    let cover = s.cover | c.set;
                    let next = (!cover).trailing_zeros().min(m as u32) as usize;
                    let value = value + forgone[next] - forgone[f + 1];
                    if value > limit {
                        continue;
                    }
                    self.trail.push((s.trail, c.area));
                    let (plain, trail) = (s.plain + c.plain, self.trail.len() as u32 - 1);
                    self.levels[next].push(State { cover, value, plain, used: s.used + 1, trail });
                }
            }
            self.work += states.len() as u64;
            self.levels[f] = states;
            if self.trail.len() > 4_000_000 {
                return None;
            }
        }
        let fits = |s: &&State| s.plain < own && (!fixed || s.used == parts);
        let best = self.levels[m].iter().filter(fits).min_by(|a, b| a.plain.total_cmp(&b.plain));
        Some((complete, best.copied()))
    }

    /// Areas inside the window that a better division may hold, at each place behind the least cost above prices
    /// there (zero or less), from which theirs are counted.
    fn candidates(&mut self, places: &[u32], limit: f64, banned: &[u32]) -> Vec<(f64, Vec<Candidate>)> {
        let areas = self.priced.areas;
        // Negative costs elsewhere may pay for an area; they are small under good prices.
        let paid: f64 =
            places.iter().map(|p| self.priced.at(*p).first().map_or(0.0, |o| o.above.min(0.0))).sum();
        let mut out = Vec::with_capacity(places.len());
        for p in places {
            let mut list = Vec::new();
            'offers: for offer in self.priced.at(*p) {
                if offer.above > limit - paid {
                    break;
                }
                self.work += 1;
                if banned.contains(&offer.area) {
                    continue;
                }
                let mut set = 0_u128;
                for m in areas.members(offer.area as usize) {
                    let at = self.local[*m as usize];
                    if at == OUT {
                        continue 'offers;
                    }
                    set |= 1 << at;
                }
                list.push(Candidate { set, above: offer.above, plain: offer.plain, area: offer.area });
            }
            let low = list.first().map_or(0.0, |c| c.above.min(0.0));
            for c in &mut list {
                c.above -= low;
            }
            out.push((low, list));
        }
        out
    }

    fn exchange(&mut self, chosen: &[u32], fresh: &[u32]) {
        let areas = self.priced.areas;
        let mut old = chosen.to_vec();
        old.sort_unstable_by(|a, b| b.cmp(a));
        for d in &old {
            let gone = self.area.swap_remove(*d as usize);
            self.cost -= areas.cost[gone as usize];
            if let Some(moved) = self.area.get(*d as usize) {
                for m in areas.members(*moved as usize) {
                    self.district[*m as usize] = *d;
                }
            }
        }
        for a in fresh {
            self.push(*a);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anneal::{Search, grow};
    use crate::dual::ascend;
    use crate::graph::{Graph, Unit};
    use crate::prices::Ascent;
    use crate::rules::Bounds;
    use crate::sweep::sweep;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        /// One window over everything finds what the sweep over all areas proves to be the best, under plain prices
        /// and under prices of triples; and no bound is above it.
        #[test]
        fn a_window_is_divided_in_the_best_way(
            values in prop::collection::vec((2_500_u32..5_500, -9_i32..9, -9_i32..9), 20..29),
            fixed in prop::bool::ANY,
            triples in 0_usize..4,
        ) {
            let units = values.iter().enumerate().map(|(i, (people, a, b))| Unit {
                id: i.to_string(),
                residents: u64::from(*people),
                features: vec![f64::from(*a), f64::from(*b)],
                ..Unit::default()
            });
            let n = values.len();
            let mut edges: Vec<_> = (1..n).filter(|i| i % 4 > 0).map(|i| (i - 1, i, 1.0)).collect();
            edges.extend((4..n).map(|i| (i - 4, i, 1.0)));
            let graph = Graph::new(units.collect(), &edges).unwrap();
            let bounds = Bounds::default();
            let data = Data::new(&graph, &graph, &crate::model::Model::default(), &bounds, None);
            let mut search = Search::new(&data, bounds, &grow(&data, &bounds, 1), 1);
            prop_assume!(search.mend(2_000, &|| false));
            let number = fixed.then_some(search.count().0);
            let areas = Areas::new(&data, &bounds, 1_000_000).unwrap();
            let dual = ascend(&areas, number, search.cost, 200, &|| false);
            let swept = sweep(&areas, &dual, number, f64::MAX, usize::MAX, &|| false);
            prop_assert!(swept.complete);
            let best = dual.bound + swept.best.as_ref().unwrap().0;
            let mut ascent = Ascent::new(&areas, number, search.cost);
            ascent.rounds(60, &|| false);
            for _ in 0..triples {
                ascent.cut(20);
                ascent.rounds(30, &|| false);
            }
            prop_assert!(ascent.best.bound <= best + 1e-6, "{} above {best}", ascent.best.bound);
            let priced = Priced::new(&areas, &ascent.best, f64::MAX);
            let mut windows = Windows::new(&priced, &data, search.plan(), fixed).unwrap();
            let all: Vec<u32> = (0..windows.area.len() as u32).collect();
            let outcome = windows.solve(&all, usize::MAX, 0.0, &[]);
            prop_assert!(matches!(outcome, Outcome::Better | Outcome::Best), "{outcome:?}");
            prop_assert!((windows.cost - best).abs() < 1e-6, "{} is not {best}", windows.cost);
            let laid = Search::new(&data, bounds, &windows.plan(), 1);
            prop_assert!((laid.cost - windows.cost).abs() < 1e-6 && laid.count().1 == 0);
        }
    }
}
