//! Prices under which no area is cheaper than its units, for graphs whose optimum is out of reach.
//!
//! The relaxation of `dual` with two additions. Most areas are far too dear to matter: rounds look at the cheapest
//! tenth only, and now and then all are priced again, which is what counts as a bound. And where the averaged choice
//! of areas covers two of three units more than once, that is forbidden at a price: subset-row inequalities (Jepsen,
//! Petersen, Spoorendonk and Pisinger, 2008), "of the areas that hold at least two of these three units a plan has
//! one at most". They raise the bound to where plain prices cannot reach.

use crate::areas::Areas;

/// Three units of which a plan's areas may hold two or more once only, and what doing so costs.
#[derive(Clone, Copy)]
pub(crate) struct Triple {
    pub(crate) places: [u32; 3],
    pub(crate) price: f64,
}

/// Prices and the bound they prove.
#[derive(Clone)]
pub(crate) struct Prices {
    /// No plan costs less.
    pub(crate) bound: f64,
    /// Price of the unit at each place.
    pub(crate) price: Vec<f64>,
    /// Price of a district, when their number is fixed.
    pub(crate) each: f64,
    pub(crate) triples: Vec<Triple>,
    /// At each place: how far the cheapest area that begins there is below its prices (zero or less), when all areas were
    /// priced last.
    pub(crate) least: Vec<f64>,
    /// Triples of each place.
    of: Vec<Vec<u32>>,
}

impl Prices {
    /// Prices of units alone.
    pub(crate) fn of_units(price: Vec<f64>) -> Self {
        let n = price.len();
        Prices {
            bound: f64::NEG_INFINITY,
            price,
            each: 0.0,
            triples: Vec::new(),
            least: vec![0.0; n],
            of: vec![Vec::new(); n],
        }
    }

    /// Cost above the prices of units alone, and with what triples add.
    pub(crate) fn above(&self, areas: &Areas, area: usize) -> (f64, f64) {
        let members = areas.members(area);
        let plain =
            areas.cost[area] - self.each - members.iter().map(|m| self.price[*m as usize]).sum::<f64>();
        let mut more = 0.0;
        if !self.triples.is_empty() {
            self.held(members, |t| more += self.triples[t as usize].price);
        }
        (plain, plain + more)
    }

    /// What the triples with two units or more among some places (ascending) cost together.
    pub(crate) fn credit(&self, places: &[u32]) -> f64 {
        let mut sum = 0.0;
        self.held(places, |t| sum += self.triples[t as usize].price);
        sum
    }

    /// Triples of which the area holds two at least, each once.
    #[inline]
    fn held(&self, members: &[u32], mut with: impl FnMut(u32)) {
        for (i, m) in members.iter().enumerate() {
            for t in &self.of[*m as usize] {
                let places = &self.triples[*t as usize].places;
                // Counted at the second of its members that is met, and only there.
                if places.iter().filter(|p| members[..i].contains(p)).count() == 1 {
                    with(*t);
                }
            }
        }
    }
}

/// The areas that rounds look at.
struct Active {
    start: Vec<u32>,
    area: Vec<u32>,
    /// Triples that each holds: `held[from[i]..from[i + 1]]`.
    from: Vec<u32>,
    held: Vec<u32>,
    /// How much each was chosen of late.
    share: Vec<f64>,
}

/// Raises a bound step by step; every call of [`Ascent::rounds`] goes on where the last one stopped.
pub(crate) struct Ascent<'a> {
    areas: &'a Areas,
    wanted: Option<usize>,
    upper: f64,
    now: Prices,
    pub(crate) best: Prices,
    active: Active,
    /// Length of a step.
    pub(crate) scale: f64,
    /// Areas looked at so far.
    pub(crate) work: u64,
}

/// Part of the areas that rounds look at.
const SHARE: f64 = 0.08;
/// Weight of the latest choice in the average.
const FRESH: f64 = 0.04;

impl<'a> Ascent<'a> {
    /// Starts with prices by which each unit pays its share of the cheapest area that holds it.
    pub(crate) fn new(areas: &'a Areas, wanted: Option<usize>, upper: f64) -> Self {
        let n = areas.order.len();
        let mut price = vec![f64::INFINITY; n];
        for a in 0..areas.len() {
            let members = areas.members(a);
            for m in members {
                let p = &mut price[*m as usize];
                *p = p.min(areas.cost[a] / members.len() as f64);
            }
        }
        for p in &mut price {
            if !p.is_finite() {
                *p = 0.0;
            }
        }
        Ascent::from(areas, wanted, upper, price)
    }

    /// Starts with prices of units that are near already.
    pub(crate) fn from(areas: &'a Areas, wanted: Option<usize>, upper: f64, price: Vec<f64>) -> Self {
        Ascent::with(areas, wanted, upper, Prices::of_units(price))
    }

    /// Goes on with prices that other areas led to.
    pub(crate) fn with(areas: &'a Areas, wanted: Option<usize>, upper: f64, prices: Prices) -> Self {
        let now = Prices { bound: f64::NEG_INFINITY, ..prices };
        let active = Active {
            start: Vec::new(),
            area: Vec::new(),
            from: Vec::new(),
            held: Vec::new(),
            share: Vec::new(),
        };
        let mut ascent = Ascent { areas, wanted, upper, best: now.clone(), now, active, scale: 1.0, work: 0 };
        ascent.reprice();
        ascent
    }

    /// Prices all areas: the bound that holds, and the areas to look at from here on.
    fn reprice(&mut self) {
        let n = self.areas.order.len();
        let above: Vec<f64> = (0..self.areas.len()).map(|a| self.now.above(self.areas, a).1).collect();
        self.work += 4 * above.len() as u64;
        let least: Vec<f64> = (0..n)
            .map(|f| {
                let here = self.areas.start[f] as usize..self.areas.start[f + 1] as usize;
                above[here].iter().copied().fold(0.0, f64::min)
            })
            .collect();
        self.now.bound = self.now.price.iter().sum::<f64>()
            + self.now.each * self.wanted.map_or(0.0, |k| k as f64)
            - self.now.triples.iter().map(|t| t.price).sum::<f64>()
            + least.iter().sum::<f64>();
        self.now.least = least;
        if self.now.bound > self.best.bound {
            self.best = self.now.clone();
        }
        let keep = ((above.len() as f64 * SHARE) as usize).max(30 * n).min(above.len().max(1) - 1);
        let mut sorted = above.clone();
        let cutoff =
            if sorted.is_empty() { 0.0 } else { *sorted.select_nth_unstable_by(keep, f64::total_cmp).1 };
        let active = &mut self.active;
        let old: std::collections::HashMap<u32, f64> = active
            .area
            .iter()
            .zip(&active.share)
            .filter(|(_, s)| **s > 1e-3)
            .map(|(a, s)| (*a, *s))
            .collect();
        active.start = vec![0];
        active.area.clear();
        for f in 0..n {
            for a in self.areas.start[f]..self.areas.start[f + 1] {
                if above[a as usize] <= cutoff || old.contains_key(&a) {
                    active.area.push(a);
                }
            }
            active.start.push(active.area.len() as u32);
        }
        active.share = active.area.iter().map(|a| old.get(a).copied().unwrap_or(0.0)).collect();
        self.index();
    }

    fn index(&mut self) {
        let active = &mut self.active;
        active.from = vec![0];
        active.held.clear();
        for a in &active.area {
            self.now.held(self.areas.members(*a as usize), |t| active.held.push(t));
            active.from.push(active.held.len() as u32);
        }
    }

    /// So many rounds, then all areas are priced.
    pub(crate) fn rounds(&mut self, rounds: usize, stop: &dyn Fn() -> bool) {
        let n = self.areas.order.len();
        let places = self.now.price.len() as f64;
        let mut direction = vec![0.0; n];
        let (mut each_direction, mut triple_direction) = (0.0, vec![0.0; self.now.triples.len()]);
        let mut top = self.now.clone();
        top.bound = f64::NEG_INFINITY;
        let mut stale = 0;
        for _ in 0..rounds {
            if stop() {
                break;
            }
            let mut slack = vec![1.0; n];
            let mut each_slack = self.wanted.map_or(0.0, |k| k as f64);
            let mut over = vec![-1.0; self.now.triples.len()];
            let mut bound = self.now.price.iter().sum::<f64>() + self.now.each * each_slack
                - self.now.triples.iter().map(|t| t.price).sum::<f64>();
            for f in 0..n {
                let (mut low, mut choice) = (0.0, usize::MAX);
                for i in self.active.start[f] as usize..self.active.start[f + 1] as usize {
                    let area = self.active.area[i] as usize;
                    let mut above = self.areas.cost[area] - self.now.each;
                    for m in self.areas.members(area) {
                        above -= self.now.price[*m as usize];
                    }
                    if above < low {
                        let held = self.active.from[i] as usize..self.active.from[i + 1] as usize;
                        for t in &self.active.held[held] {
                            above += self.now.triples[*t as usize].price;
                        }
                        if above < low {
                            (low, choice) = (above, i);
                        }
                    }
                }
                bound += low;
                if choice != usize::MAX {
                    self.active.share[choice] += FRESH / (1.0 - FRESH);
                    for m in self.areas.members(self.active.area[choice] as usize) {
                        slack[*m as usize] -= 1.0;
                    }
                    let held = self.active.from[choice] as usize..self.active.from[choice + 1] as usize;
                    for t in &self.active.held[held] {
                        over[*t as usize] += 1.0;
                    }
                    if self.wanted.is_some() {
                        each_slack -= 1.0;
                    }
                }
            }
            for s in &mut self.active.share {
                *s *= 1.0 - FRESH;
            }
            self.work += self.active.area.len() as u64;
            if bound > top.bound {
                stale = 0;
                top.clone_from(&self.now);
                top.bound = bound;
            } else {
                stale += 1;
                if stale == 8 {
                    stale = 0;
                    self.scale *= 0.75;
                    self.now.clone_from(&top);
                }
            }
            let mut norm = 0.0;
            for (d, s) in direction.iter_mut().zip(&slack) {
                *d = 0.6 * *d + s;
                norm += *d * *d;
            }
            for ((d, s), t) in triple_direction.iter_mut().zip(&over).zip(&self.now.triples) {
                *d = 0.6 * *d + s;
                if t.price > 0.0 || *d > 0.0 {
                    norm += *d * *d;
                }
            }
            each_direction = 0.6 * each_direction + each_slack;
            norm += each_direction * each_direction / places;
            if norm < 1e-12 || self.scale < 1e-4 {
                break;
            }
            let step = self.scale * (self.upper - bound).max(self.upper.abs() * 1e-4) / norm;
            for (p, d) in self.now.price.iter_mut().zip(&direction) {
                *p += step * d;
            }
            for (t, d) in self.now.triples.iter_mut().zip(&triple_direction) {
                t.price = (t.price + step * d).max(0.0);
            }
            self.now.each += step * each_direction / places;
        }
        if top.bound > f64::NEG_INFINITY {
            self.now = top;
        }
        self.reprice();
        if self.scale < 0.05 {
            self.scale = 0.05;
        }
    }

    /// Adds the triples that the averaged choice violates most; how many there were.
    pub(crate) fn cut(&mut self, most: usize) -> usize {
        use std::collections::BTreeMap;
        let mut pairs: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        let mut all: BTreeMap<[u32; 3], f64> = BTreeMap::new();
        let n = self.areas.order.len();
        for (a, share) in self.active.area.iter().zip(&self.active.share) {
            if *share < 0.01 {
                continue;
            }
            let mut m = self.areas.members(*a as usize).to_vec();
            m.sort_unstable();
            for i in 0..m.len() {
                for j in 0..i {
                    *pairs.entry((m[j], m[i])).or_default() += share;
                    for k in 0..j {
                        *all.entry([m[k], m[j], m[i]]).or_default() += share;
                    }
                }
            }
        }
        let mut after: Vec<Vec<u32>> = vec![Vec::new(); n];
        for ((a, b), share) in &pairs {
            if *share > 0.05 {
                after[*a as usize].push(*b);
            }
        }
        let mut found: Vec<(f64, [u32; 3])> = Vec::new();
        let weight = |a: u32, b: u32| pairs.get(&(a, b)).copied().unwrap_or(0.0);
        for a in 0..n as u32 {
            let own = &after[a as usize];
            for (i, b) in own.iter().enumerate() {
                for c in &own[i + 1..] {
                    let three = [a, *b, *c];
                    let over = weight(a, *b) + weight(a, *c) + weight(*b, *c)
                        - 2.0 * all.get(&three).copied().unwrap_or(0.0)
                        - 1.0;
                    if over > 0.05 {
                        found.push((over, three));
                    }
                }
            }
        }
        found.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        let mut added = 0;
        for (_, places) in found {
            if added == most {
                break;
            }
            let known = |t: &u32| self.now.triples[*t as usize].places == places;
            if self.now.of[places[0] as usize].iter().any(known) {
                continue;
            }
            let t = self.now.triples.len() as u32;
            self.now.triples.push(Triple { places, price: 0.0 });
            for p in places {
                self.now.of[p as usize].push(t);
            }
            added += 1;
        }
        self.index();
        added
    }
}
