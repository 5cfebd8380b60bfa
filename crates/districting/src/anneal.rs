//! Annealing on a piece of the graph: pairs and triples of neighbouring districts are merged and
//! divided anew, each division drawn from all that are possible by its weight.

pub(crate) use crate::data::Data;
use crate::region::{MOST, Region, Weigh};
use crate::rng::Rng;
use crate::rules::{Bounds, MOST_UNITS};

#[derive(Clone, Copy)]
struct District {
    len: u8,
    units: [u32; MOST_UNITS],
    pop: u64,
    cost: f64,
    good: bool,
}

impl District {
    fn units(&self) -> &[u32] {
        &self.units[..self.len as usize]
    }
}

/// A plan under way on a piece of the graph.
pub(crate) struct Search<'a> {
    data: &'a Data,
    bounds: Bounds,
    district: Vec<u32>,
    districts: Vec<District>,
    /// Districts out of bounds (may hold some that have been mended or are gone since).
    bad: Vec<u32>,
    bad_count: usize,
    /// Sum of squares within all districts.
    pub(crate) cost: f64,
    /// How many districts there shall be, and what one more or less costs.
    pub(crate) wanted: Option<(usize, f64)>,
    /// Who is told now and then what a plan costs that keeps the rules.
    pub(crate) told: Option<&'a dyn Fn(f64)>,
    region: Region,
    local: Vec<u32>,
    pub(crate) rng: Rng,
}

impl<'a> Search<'a> {
    /// Starts from a plan whose districts are connected and of at most [`MOST_UNITS`] units.
    pub(crate) fn new(data: &'a Data, bounds: Bounds, plan: &[u32], seed: u64) -> Self {
        let mut search = Search {
            data,
            bounds,
            district: vec![u32::MAX; data.len()],
            districts: Vec::new(),
            bad: Vec::new(),
            bad_count: 0,
            cost: 0.0,
            wanted: None,
            told: None,
            region: Region::new(),
            local: Vec::new(),
            rng: Rng::new(seed),
        };
        let mut order: Vec<u32> = (0..plan.len() as u32).collect();
        order.sort_by_key(|u| plan[*u as usize]);
        for group in order.chunk_by(|a, b| plan[*a as usize] == plan[*b as usize]) {
            search.add(group);
        }
        search
    }

    /// District of each unit.
    pub(crate) fn plan(&self) -> &[u32] {
        &self.district
    }

    /// How many districts there are, and how many of them are out of bounds.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.districts.len(), self.bad_count)
    }

    fn add(&mut self, group: &[u32]) {
        let mut d =
            District { len: group.len() as u8, units: [0; MOST_UNITS], pop: 0, cost: 0.0, good: false };
        d.units[..group.len()].copy_from_slice(group);
        d.pop = group.iter().map(|u| self.data.pop[*u as usize]).sum();
        d.cost = self.data.cost(group);
        self.push(d);
    }

    fn push(&mut self, mut d: District) {
        d.good = self.bounds.hold(d.len as usize, d.pop) && self.data.allows(d.units());
        let at = self.districts.len() as u32;
        for &u in d.units() {
            self.district[u as usize] = at;
        }
        if !d.good {
            self.bad.push(at);
            self.bad_count += 1;
        }
        self.cost += d.cost;
        self.districts.push(d);
    }

    fn remove(&mut self, at: u32) {
        let d = self.districts.swap_remove(at as usize);
        self.cost -= d.cost;
        if !d.good {
            self.bad_count -= 1;
        }
        if let Some(moved) = self.districts.get(at as usize) {
            for &u in moved.units() {
                self.district[u as usize] = at;
            }
            if !moved.good {
                self.bad.push(at);
            }
        }
    }

    /// A district beside the given ones that is not one of them, by a random border.
    fn beside(&mut self, chosen: &[u32]) -> Option<u32> {
        for _ in 0..12 {
            let d = &self.districts[chosen[self.rng.below(chosen.len())] as usize];
            let u = d.units[self.rng.below(d.len as usize)] as usize;
            let near = self.data.near(u);
            if near.is_empty() {
                continue;
            }
            let other = self.district[near[self.rng.below(near.len())] as usize];
            if !chosen.contains(&other) {
                return Some(other);
            }
        }
        None
    }

    fn load(&mut self, chosen: &[u32]) -> bool {
        self.local.clear();
        for &d in chosen {
            let d = &self.districts[d as usize];
            self.local.extend_from_slice(&d.units[..d.len as usize]);
        }
        let m = self.local.len();
        if m > MOST {
            return false;
        }
        let r = &mut self.region;
        r.m = m;
        r.local.load(self.data.extras.as_ref(), &self.local);
        for i in 0..m {
            let u = self.local[i] as usize;
            r.pop[i] = self.data.pop[u];
            r.adj[i] = 0;
            for v in self.data.near(u) {
                if chosen.contains(&self.district[*v as usize])
                    && let Some(j) = self.local.iter().position(|w| w == v)
                {
                    r.adj[i] |= 1 << j;
                }
            }
            for j in 0..i {
                let d = self.data.dist(u, self.local[j] as usize);
                r.dist[i][j] = d;
                r.dist[j][i] = d;
            }
        }
        true
    }

    /// Merges the chosen districts and divides them anew. False if nothing could be done.
    fn resplit(&mut self, chosen: &mut [u32], heat: f64) -> bool {
        if !self.load(chosen) {
            return false;
        }
        let bounds = self.bounds;
        let (count_price, parts) = match self.wanted {
            None => (0.0, 0),
            Some((wanted, price)) => {
                (price, wanted as i64 - self.districts.len() as i64 + chosen.len() as i64)
            }
        };
        let weigh = Weigh { bounds, heat, count_price, parts };
        let mending = chosen.iter().any(|d| !self.districts[*d as usize].good);
        let found = if mending {
            let typical = (bounds.min_residents + bounds.max_residents) as f64
                / (bounds.min_units + bounds.max_units) as f64;
            let violation = |units: usize, pop: u64| {
                let few = bounds.min_units.saturating_sub(units) as f64;
                let low = bounds.min_residents.saturating_sub(pop) as f64;
                let high = pop.saturating_sub(bounds.max_residents) as f64;
                20.0 + 10.0 * (few + (low + high) / typical.max(1.0))
            };
            self.region.mend(&weigh, &mut self.rng, &violation)
        } else {
            self.region.split(&weigh, &mut self.rng)
        };
        let Some(found) = found else { return false };
        let found = found.to_vec();
        let mut fresh: [Option<District>; MOST] = [None; MOST];
        let count = found.len();
        for (slot, &set) in fresh.iter_mut().zip(&found) {
            let mut d = District { len: 0, units: [0; MOST_UNITS], pop: 0, cost: 0.0, good: false };
            let mut rest = set;
            while rest != 0 {
                d.units[d.len as usize] = self.local[rest.trailing_zeros() as usize];
                d.len += 1;
                rest &= rest - 1;
            }
            d.pop = self.region.people(set);
            d.cost = self.region.cost(set);
            *slot = Some(d);
        }
        // From the highest down, so that what swap_remove moves is none of those still to go.
        chosen.sort_unstable_by(|a, b| b.cmp(a));
        for &d in chosen.iter() {
            self.remove(d);
        }
        for d in fresh.into_iter().take(count).flatten() {
            self.push(d);
        }
        true
    }

    /// Draws a random group of two or three neighbouring districts and divides it anew.
    fn step(&mut self, heat: f64, triples: f64) {
        let first = self.rng.below(self.districts.len()) as u32;
        self.step_from(first, heat, triples);
    }

    fn step_from(&mut self, first: u32, heat: f64, triples: f64) {
        let Some(second) = self.beside(&[first]) else { return };
        let mut chosen = [first, second, 0];
        if self.rng.unit() < triples
            && let Some(third) = self.beside(&chosen[..2])
        {
            chosen[2] = third;
            self.resplit(&mut chosen, heat);
        } else {
            self.resplit(&mut chosen[..2], heat);
        }
    }

    /// Works on districts out of bounds, at most so many steps. True when none is left.
    pub(crate) fn mend(&mut self, steps: u64, stop: &dyn Fn() -> bool) -> bool {
        for i in 0..steps {
            if self.bad_count == 0 {
                break;
            }
            if i % 64 == 0 && stop() {
                break;
            }
            let at = self.rng.below(self.bad.len().max(1));
            let Some(&d) = self.bad.get(at) else { break };
            if self.districts.get(d as usize).is_none_or(|d| d.good) {
                self.bad.swap_remove(at);
                continue;
            }
            let heat = 2.0 + 6.0 * self.rng.unit();
            self.step_from(d, heat, 0.5);
            self.step(1.0, 0.0);
        }
        self.bad_count == 0
    }

    /// Cools from one temperature to another in so many steps; stops early when told.
    pub(crate) fn anneal(&mut self, steps: u64, from: f64, to: f64, triples: f64, stop: &dyn Fn() -> bool) {
        if self.districts.len() < 2 {
            return;
        }
        let ratio = to / from;
        let mut heat = from;
        for i in 0..steps {
            if i % 64 == 0 {
                if stop() {
                    return;
                }
                heat = from * ratio.powf(i as f64 / steps as f64);
            }
            if i % 2_048 == 2_047
                && self.bad_count == 0
                && let Some(told) = self.told
            {
                told(self.cost);
            }
            self.step(heat, triples);
        }
    }

    /// Takes the best division of random pairs and triples only.
    pub(crate) fn polish(&mut self, steps: u64, triples: f64, stop: &dyn Fn() -> bool) {
        for i in 0..steps {
            if self.districts.len() < 2 || (i % 64 == 0 && stop()) {
                return;
            }
            self.step(0.0, triples);
        }
    }
}

/// A first plan: districts grown unit by unit from the edge of what is already taken.
pub(crate) fn grow(data: &Data, bounds: &Bounds, seed: u64) -> Vec<u32> {
    let n = data.len();
    let mut rng = Rng::new(seed);
    let mut plan = vec![u32::MAX; n];
    let mut open: Vec<u32> = (0..n).map(|u| data.near(u).len() as u32).collect();
    let aim_units = (bounds.min_units + bounds.max_units).div_ceil(2);
    let aim_people = u64::midpoint(bounds.min_residents, bounds.max_residents);
    let mut queue = std::collections::VecDeque::new();
    let mut next = 0;
    let first = rng.below(n);
    queue.push_back(first as u32);
    // What pins hold together comes first, joined by the shortest ways.
    let cores =
        data.extras.as_ref().map_or_else(Vec::new, |extras| crate::extra::cores(data, extras, bounds));
    let take = |u: u32, district: u32, plan: &mut [u32], open: &mut [u32]| {
        plan[u as usize] = district;
        for v in data.near(u as usize) {
            open[*v as usize] -= 1;
        }
    };
    for (district, core) in (0..).zip(&cores) {
        core.iter().for_each(|u| take(*u, district, &mut plan, &mut open));
    }
    for district in 0.. {
        let mut members = if let Some(core) = cores.get(district as usize) {
            core.clone()
        } else {
            let seed_unit = loop {
                match queue.pop_front() {
                    Some(u) if plan[u as usize] == u32::MAX => break Some(u),
                    Some(_) => {}
                    None => {
                        while next < n && plan[next] != u32::MAX {
                            next += 1;
                        }
                        break (next < n).then_some(next as u32);
                    }
                }
            };
            let Some(seed_unit) = seed_unit else { break };
            take(seed_unit, district, &mut plan, &mut open);
            vec![seed_unit]
        };
        let mut people: u64 = members.iter().map(|u| data.pop[*u as usize]).sum();
        while members.len() < aim_units && people < aim_people {
            // The neighbour with fewest free neighbours of its own: nobody is left stranded.
            let mut choice: Option<(u32, u32)> = None;
            for &m in &members {
                for &v in data.near(m as usize) {
                    if plan[v as usize] == u32::MAX
                        && people + data.pop[v as usize] <= bounds.max_residents
                        && choice.is_none_or(|c| (open[v as usize], v) < c)
                    {
                        choice = Some((open[v as usize], v));
                    }
                }
            }
            let Some((_, v)) = choice else { break };
            take(v, district, &mut plan, &mut open);
            people += data.pop[v as usize];
            members.push(v);
        }
        for &m in &members {
            for &v in data.near(m as usize) {
                if plan[v as usize] == u32::MAX {
                    queue.push_back(v);
                }
            }
        }
    }
    plan
}
