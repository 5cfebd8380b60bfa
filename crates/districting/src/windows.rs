//! Windows: a handful of neighbouring districts is divided anew in the best of all ways.
//!
//! Under good prices (see `dual`) an area that costs far more than the prices of its units belongs to no good plan.
//! What the districts of a window cost above their prices in all is how much any better division of it may cost
//! above them; so only areas below that matter, and of the tens of thousands in a window a few hundred are left.
//! They are put together by a sweep over the window's units that keeps the cheapest of all part-plans with the same
//! cover: where nothing is left out, the window is proven to be divided in the best way.

use crate::anneal::Data;
use crate::areas::Areas;
use crate::dual::{Dual, reduced};
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
    start: Vec<u32>,
    /// Cost above the prices, and the area.
    list: Vec<(f64, u32)>,
    price: Vec<f64>,
    each: f64,
}

impl<'a> Priced<'a> {
    /// Keeps areas that cost at most `cutoff` above their prices.
    pub(crate) fn new(areas: &'a Areas, dual: &Dual, cutoff: f64) -> Self {
        let n = areas.order.len();
        let mut start = vec![0];
        let mut list: Vec<(f64, u32)> = Vec::new();
        for f in 0..n {
            let from = list.len();
            for a in areas.start[f] as usize..areas.start[f + 1] as usize {
                let above = reduced(areas, dual, a);
                if above <= cutoff {
                    list.push((above, a as u32));
                }
            }
            list[from..].sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            start.push(list.len() as u32);
        }
        Priced { areas, start, list, price: dual.price.clone(), each: dual.each }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    fn above(&self, area: u32) -> f64 {
        let members = self.areas.members(area as usize);
        let paid: f64 = members.iter().map(|m| self.price[*m as usize]).sum();
        self.areas.cost[area as usize] - self.each - paid
    }
}

#[derive(Clone, Copy)]
struct State {
    cover: u128,
    value: f64,
    used: u32,
    trail: u32,
}

struct Candidate {
    set: u128,
    above: f64,
    area: u32,
}

/// What became of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was divided better.
    Better,
    /// There is no better way.
    Best,
    /// Too many part-plans: some were left out, and none of the others was better.
    Cut,
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
        let near = areas.order.iter().map(|u| data.near(*u as usize).iter().map(|v| place[*v as usize]).collect());
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
    /// place.
    pub(crate) fn solve(&mut self, chosen: &[u32], width: usize) -> Outcome {
        let areas = self.priced.areas;
        let mut places: Vec<u32> = Vec::new();
        let mut own = 0.0;
        for d in chosen {
            let area = self.area[*d as usize];
            places.extend_from_slice(areas.members(area as usize));
            own += self.priced.above(area);
        }
        places.sort_unstable();
        let m = places.len();
        for (i, p) in places.iter().enumerate() {
            self.local[*p as usize] = i as u8;
        }
        let (candidates, least) = self.candidates(&places, own);
        for p in &places {
            self.local[*p as usize] = OUT;
        }
        // Values are counted above what the cheapest area at each place would cost.
        let limit = own - least.iter().sum::<f64>() - 1e-9;
        let mut skipped = vec![0.0; m + 1];
        for i in 0..m {
            skipped[i + 1] = skipped[i] - least[i];
        }
        let all = if m == MOST { u128::MAX } else { (1 << m) - 1 };
        let mut complete = true;
        self.trail.clear();
        for level in &mut self.levels[..=m] {
            level.clear();
        }
        self.levels[0].push(State { cover: 0, value: 0.0, used: 0, trail: NONE });
        for f in 0..m {
            let mut states = std::mem::take(&mut self.levels[f]);
            states.sort_unstable_by(|a, b| {
                (a.cover, a.used).cmp(&(b.cover, b.used)).then(a.value.total_cmp(&b.value))
            });
            let fixed = self.fixed;
            states.dedup_by(|b, a| a.cover == b.cover && (!fixed || a.used == b.used));
            if states.len() > width {
                states.sort_by(|a, b| a.value.total_cmp(&b.value));
                states.truncate(width);
                complete = false;
            }
            for s in &states {
                if fixed && s.used as usize == chosen.len() {
                    continue;
                }
                for c in &candidates[f] {
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
                    let value = value + skipped[next] - skipped[f + 1];
                    if value > limit {
                        continue;
                    }
                    let used = s.used + 1;
                    if next == m && cover != all {
                        continue;
                    }
                    self.trail.push((s.trail, c.area));
                    self.levels[next].push(State { cover, value, used, trail: self.trail.len() as u32 - 1 });
                }
            }
            self.work += states.len() as u64;
            self.levels[f] = states;
        }
        let fits = |s: &&State| !self.fixed || s.used as usize == chosen.len();
        let best = self.levels[m].iter().filter(fits).min_by(|a, b| a.value.total_cmp(&b.value)).copied();
        let Some(best) = best else { return if complete { Outcome::Best } else { Outcome::Cut } };
        let mut at = best.trail;
        let mut fresh = Vec::new();
        while at != NONE {
            let (before, area) = self.trail[at as usize];
            fresh.push(area);
            at = before;
        }
        self.exchange(chosen, &fresh);
        Outcome::Better
    }

    /// Areas inside the window that a better division may hold, and the least cost above prices at each place.
    fn candidates(&mut self, places: &[u32], own: f64) -> (Vec<Vec<Candidate>>, Vec<f64>) {
        let areas = self.priced.areas;
        let mut out = Vec::with_capacity(places.len());
        let mut least = Vec::with_capacity(places.len());
        // Negative costs elsewhere may pay for an area; they are small under good prices.
        let credit: f64 = places
            .iter()
            .map(|p| {
                let from = self.priced.start[*p as usize] as usize;
                let here = from..self.priced.start[*p as usize + 1] as usize;
                self.priced.list[here].first().map_or(0.0, |a| a.0.min(0.0))
            })
            .sum();
        for p in places {
            let from = self.priced.start[*p as usize] as usize;
            let here = &self.priced.list[from..self.priced.start[*p as usize + 1] as usize];
            let mut list = Vec::new();
            'areas: for (above, area) in here {
                if *above > own - credit {
                    break;
                }
                self.work += 1;
                let mut set = 0_u128;
                for m in areas.members(*area as usize) {
                    let at = self.local[*m as usize];
                    if at == OUT {
                        continue 'areas;
                    }
                    set |= 1 << at;
                }
                list.push(Candidate { set, above: *above, area: *area });
            }
            let low = list.first().map_or(0.0, |c| c.above.min(0.0));
            for c in &mut list {
                c.above -= low;
            }
            least.push(low);
            out.push(list);
        }
        (out, least)
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
