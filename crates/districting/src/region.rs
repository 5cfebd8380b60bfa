//! Re-splitting a handful of districts at once: every way to divide their units is tried.
//!
//! A region has at most 24 units, so a set of them is one word of bits. All connected groups within
//! the bounds are enumerated once each (the ESU scheme of Wernicke, 2006: each group from its lowest
//! unit), and put together to partitions by always covering the lowest unit that is left.

use crate::extra::Local;
use crate::rng::Rng;
use crate::rules::Bounds;

/// Most units in a region: three districts of eight.
pub(crate) const MOST: usize = 24;

/// A few districts taken together, with scratch space that is used again and again.
pub(crate) struct Region {
    pub(crate) m: usize,
    pub(crate) adj: [u32; MOST],
    pub(crate) pop: [u64; MOST],
    /// Squared distances of features between units: a group's sum of squares is their sum over its
    /// pairs, divided by its size.
    pub(crate) dist: [[f64; MOST]; MOST],
    /// What counts beside residents and likeness.
    pub(crate) local: Local,
    lists: Vec<Vec<(u32, f64)>>,
    best: f64,
    parts: Vec<u32>,
    found: Vec<u32>,
    nodes: u32,
}

/// How partitions of a region are weighed against each other.
#[derive(Clone, Copy)]
pub(crate) struct Weigh {
    pub(crate) bounds: Bounds,
    /// Temperature: 0 takes the best partition, above that partitions are drawn by their weight.
    pub(crate) heat: f64,
    /// Price for each district more or less than `parts`.
    pub(crate) count_price: f64,
    /// The number of parts that costs nothing, relative to the whole plan.
    pub(crate) parts: i64,
}

struct Grow<'a> {
    region: &'a Region,
    bounds: &'a Bounds,
    above: u32,
    out: &'a mut Vec<(u32, f64)>,
}

impl Grow<'_> {
    fn run(&mut self, set: u32, mut ext: u32, seen: u32, size: usize, pop: u64, pairs: f64) {
        if size >= self.bounds.min_units && pop >= self.bounds.min_residents {
            let cost = pairs / size as f64;
            if !self.region.local.on {
                self.out.push((set, cost));
            } else if let (more, 0.0) = self.region.local.judge(set) {
                self.out.push((set, cost + more));
            }
        }
        if size == self.bounds.max_units {
            return;
        }
        while ext != 0 {
            let v = ext.trailing_zeros() as usize;
            ext &= ext - 1;
            let more = pop + self.region.pop[v];
            if more > self.bounds.max_residents {
                continue;
            }
            let mut sum = pairs;
            let mut rest = set;
            while rest != 0 {
                sum += self.region.dist[v][rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            let near = self.region.adj[v] & self.above;
            self.run(set | 1 << v, ext | (near & !seen), seen | near, size + 1, more, sum);
        }
    }
}

impl Region {
    pub(crate) fn new() -> Self {
        Region {
            m: 0,
            adj: [0; MOST],
            pop: [0; MOST],
            dist: [[0.0; MOST]; MOST],
            local: Local::default(),
            lists: vec![Vec::new(); MOST],
            best: f64::INFINITY,
            parts: Vec::new(),
            found: Vec::new(),
            nodes: 0,
        }
    }

    fn enumerate(&mut self, bounds: &Bounds) {
        let mut lists = std::mem::take(&mut self.lists);
        for (r, list) in lists.iter_mut().enumerate().take(self.m) {
            list.clear();
            if self.pop[r] > bounds.max_residents {
                continue;
            }
            let above = !((2u32 << r) - 1);
            let ext = self.adj[r] & above;
            Grow { region: self, bounds, above, out: list }.run(1 << r, ext, ext, 1, self.pop[r], 0.0);
        }
        self.lists = lists;
    }

    /// Draws (or, without heat, chooses) a partition into districts within bounds; none if there is none.
    /// Each part is a set of local units.
    pub(crate) fn split(&mut self, weigh: &Weigh, rng: &mut Rng) -> Option<&[u32]> {
        self.enumerate(&weigh.bounds);
        self.best = f64::INFINITY;
        self.parts.clear();
        self.found.clear();
        self.nodes = 200_000;
        let lists = std::mem::take(&mut self.lists);
        self.cover(&lists, weigh, rng, (1u32 << self.m) - 1, 0.0);
        self.lists = lists;
        (self.best < f64::INFINITY).then_some(self.found.as_slice())
    }

    fn cover(&mut self, lists: &[Vec<(u32, f64)>], weigh: &Weigh, rng: &mut Rng, rest: u32, cost: f64) {
        if rest == 0 {
            let price = weigh.count_price * (self.parts.len() as i64 - weigh.parts).abs() as f64;
            let value = cost + price - weigh.heat * gumbel(weigh.heat, rng);
            if value < self.best {
                self.best = value;
                self.found.clone_from(&self.parts);
            }
            return;
        }
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        let left = rest.count_ones() as usize;
        for &(set, c) in &lists[rest.trailing_zeros() as usize] {
            if set & !rest != 0 {
                continue;
            }
            let after = left - set.count_ones() as usize;
            if after != 0 && after < weigh.bounds.min_units {
                continue;
            }
            // A partition that costs this much more is drawn once in e^12 times.
            if cost + c - 12.0 * weigh.heat >= self.best {
                continue;
            }
            self.parts.push(set);
            self.cover(lists, weigh, rng, rest & !set, cost + c);
            self.parts.pop();
        }
    }

    /// Like [`Region::split`], but units may be left over: connected leftovers of at most `max_units`
    /// become districts out of bounds, at the price of `violation` each. The last word of the answer says how
    /// many parts there are within bounds.
    pub(crate) fn mend(
        &mut self,
        weigh: &Weigh,
        rng: &mut Rng,
        violation: &dyn Fn(usize, u64) -> f64,
    ) -> Option<&[u32]> {
        self.enumerate(&weigh.bounds);
        self.best = f64::INFINITY;
        self.parts.clear();
        self.found.clear();
        self.nodes = 3_000;
        let lists = std::mem::take(&mut self.lists);
        self.cover_some(&lists, weigh, rng, (1u32 << self.m) - 1, 0, 0.0, violation);
        self.lists = lists;
        (self.best < f64::INFINITY).then_some(self.found.as_slice())
    }

    #[expect(clippy::too_many_arguments, reason = "one recursive step; the arguments are its state")]
    fn cover_some(
        &mut self,
        lists: &[Vec<(u32, f64)>],
        weigh: &Weigh,
        rng: &mut Rng,
        rest: u32,
        skipped: u32,
        cost: f64,
        violation: &dyn Fn(usize, u64) -> f64,
    ) {
        if rest == 0 {
            let mut value = cost - weigh.heat * gumbel(weigh.heat, rng);
            let mut pieces = [0u32; MOST];
            let (mut count, mut left) = (0, skipped);
            while left != 0 {
                let piece = self.flood(left);
                let size = piece.count_ones() as usize;
                if size > weigh.bounds.max_units {
                    return;
                }
                value += violation(size, self.people(piece));
                if self.local.on {
                    value += 10.0 * self.local.judge(piece).1;
                }
                pieces[count] = piece;
                count += 1;
                left &= !piece;
            }
            let price = weigh.count_price * ((self.parts.len() + count) as i64 - weigh.parts).abs() as f64;
            if value + price < self.best {
                self.best = value + price;
                self.found.clone_from(&self.parts);
                self.found.extend_from_slice(&pieces[..count]);
            }
            return;
        }
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        let first = rest.trailing_zeros() as usize;
        // From a random place in the list, so that a search cut short is not always the same.
        let list = &lists[first];
        let shift = if list.is_empty() { 0 } else { rng.below(list.len()) };
        for i in 0..list.len() {
            let (set, c) = list[(i + shift) % list.len()];
            if set & !rest != 0 {
                continue;
            }
            self.parts.push(set);
            self.cover_some(lists, weigh, rng, rest & !set, skipped, cost + c, violation);
            self.parts.pop();
        }
        if (skipped.count_ones() as usize) < weigh.bounds.max_units {
            self.cover_some(lists, weigh, rng, rest & (rest - 1), skipped | 1 << first, cost, violation);
        }
    }

    fn flood(&self, within: u32) -> u32 {
        let mut set = within & within.wrapping_neg();
        let mut edge = set;
        while edge != 0 {
            let v = edge.trailing_zeros() as usize;
            edge &= edge - 1;
            let new = self.adj[v] & within & !set;
            set |= new;
            edge |= new;
        }
        set
    }

    /// Residents of a set.
    pub(crate) fn people(&self, mut set: u32) -> u64 {
        let mut sum = 0;
        while set != 0 {
            sum += self.pop[set.trailing_zeros() as usize];
            set &= set - 1;
        }
        sum
    }

    /// Cost of a set: its sum of squares, and what else it costs.
    pub(crate) fn cost(&self, set: u32) -> f64 {
        let (mut sum, mut a) = (0.0, set);
        while a != 0 {
            let i = a.trailing_zeros() as usize;
            a &= a - 1;
            let mut b = a;
            while b != 0 {
                sum += self.dist[i][b.trailing_zeros() as usize];
                b &= b - 1;
            }
        }
        let more = if self.local.on { self.local.judge(set).0 } else { 0.0 };
        sum / f64::from(set.count_ones()) + more
    }
}

/// Noise that makes "take the best" a draw by weight; none without heat.
fn gumbel(heat: f64, rng: &mut Rng) -> f64 {
    if heat > 0.0 { -(-(rng.unit() + 1e-300).ln()).ln() } else { 0.0 }
}
