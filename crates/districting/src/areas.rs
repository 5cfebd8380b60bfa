//! All districts that are possible: every connected group of units within the bounds, once each.

use crate::anneal::Data;
use crate::rules::{Bounds, MOST_UNITS};

/// Feasible districts of a graph, sorted by their first unit in a sweep over the graph.
pub(crate) struct Areas {
    /// Unit at each place of the sweep.
    pub(crate) order: Vec<u32>,
    /// Areas whose first unit is at place `f`: `start[f]..start[f + 1]`.
    pub(crate) start: Vec<u32>,
    /// Places of the members, the first first.
    members: Vec<[u32; MOST_UNITS]>,
    len: Vec<u8>,
    /// Sum of squares within, and what else the area costs.
    pub(crate) cost: Vec<f64>,
}

/// What an area costs here, by its places and its own cost.
type Price<'a> = &'a mut dyn FnMut(&[u32], f64) -> f64;

/// What need not be gone through: areas that cost more than so much above the prices of their units.
pub(crate) struct Limit {
    /// Price of each unit, and the highest within reach of it (zero at least).
    pub(crate) price: Vec<f64>,
    pub(crate) most: Vec<f64>,
    /// Price of a district.
    pub(crate) each: f64,
    /// How much above them may be.
    pub(crate) above: f64,
    /// From which units on it is so; where areas may lie partly elsewhere they are gone through all.
    pub(crate) holds: Vec<bool>,
}

/// Goes through connected groups of units, each once, by the first of their places: Redelmeier's way of counting
/// polyominoes, by which what was passed over at one level is not asked again below.
struct Walk<'a> {
    data: &'a Data,
    bounds: &'a Bounds,
    place: &'a [u32],
    order: &'a [u32],
    /// Members at this place and after it are not kept.
    firsts: u32,
    seen: Vec<bool>,
    /// Places of the group so far.
    set: [u32; MOST_UNITS],
    /// Places that may join it, those of the calls above first.
    open: Vec<u32>,
    /// For each size: sums of the features of the group, measured from its first unit, and of their squares.
    sums: Vec<f64>,
    squares: [f64; MOST_UNITS + 1],
    limit: Option<&'a Limit>,
    /// What is in force of it for the areas from one place, and what its groups pay by their size.
    limited: bool,
    most: f64,
    paid: [f64; MOST_UNITS + 1],
    price: Price<'a>,
    out: Areas,
}

impl Walk<'_> {
    fn from(&mut self, first: usize) {
        let unit = self.order[first] as usize;
        let pop = self.data.pop[unit];
        if pop > self.bounds.max_residents {
            return;
        }
        self.set[0] = first as u32;
        self.seen[first] = true;
        if let Some(limit) = self.limit {
            self.limited = limit.holds[unit];
            self.most = limit.most[unit];
            self.paid[1] = limit.each + limit.above + limit.price[unit];
        }
        self.offer(1, pop);
        if self.bounds.max_units > 1 {
            self.widen(unit);
            self.run(1, pop, 0);
            self.narrow(0);
        }
        self.seen[first] = false;
    }

    /// Opens the neighbours of a unit that was taken.
    fn widen(&mut self, unit: usize) {
        for w in self.data.near(unit) {
            let at = self.place[*w as usize];
            if at > self.set[0] && !self.seen[at as usize] {
                self.seen[at as usize] = true;
                self.open.push(at);
            }
        }
    }

    fn narrow(&mut self, to: usize) {
        for at in self.open.drain(to..) {
            self.seen[at as usize] = false;
        }
    }

    fn run(&mut self, size: usize, pop: u64, from: usize) {
        let width = self.data.width;
        let first = self.order[self.set[0] as usize] as usize;
        let last = size + 1 == self.bounds.max_units;
        let mut at = from;
        while let Some(&v) = self.open.get(at) {
            at += 1;
            let unit = self.order[v as usize] as usize;
            let more = pop + self.data.pop[unit];
            if more > self.bounds.max_residents || (last && more < self.bounds.min_residents) {
                continue;
            }
            self.set[size] = v;
            let mut square = self.squares[size];
            let (done, next) = self.sums.split_at_mut((size + 1) * width);
            let rows = self.data.row(unit).iter().zip(self.data.row(first));
            for ((to, sum), (x, zero)) in next.iter_mut().zip(&done[size * width..]).zip(rows) {
                let x = x - zero;
                square += x * x;
                *to = sum + x;
            }
            self.squares[size + 1] = square;
            if let Some(limit) = self.limit.filter(|_| self.limited) {
                self.paid[size + 1] = self.paid[size] + limit.price[unit];
                // More units never make a sum of squares less.
                let rest = (self.bounds.max_units - size - 1) as f64 * self.most;
                if self.spread(size + 1) > self.paid[size + 1] + rest {
                    continue;
                }
            }
            self.offer(size + 1, more);
            if !last {
                let known = self.open.len();
                self.widen(unit);
                self.run(size + 1, more, at);
                self.narrow(known);
            }
        }
    }

    /// Sum of squares within the group so far.
    fn spread(&self, size: usize) -> f64 {
        let sum = &self.sums[size * self.data.width..(size + 1) * self.data.width];
        self.squares[size] - sum.iter().map(|s| s * s).sum::<f64>() / size as f64
    }

    /// Keeps the group so far, if it is within the rules.
    fn offer(&mut self, size: usize, pop: u64) {
        if size < self.bounds.min_units || pop < self.bounds.min_residents {
            return;
        }
        let spread = self.spread(size);
        if self.limited && spread > self.paid[size] {
            return;
        }
        let set = &self.set[..size];
        let (mut more, mut broken) = (0.0, 0.0);
        if let Some(extras) = &self.data.extras {
            let mut units = [0; MOST_UNITS];
            for (unit, at) in units.iter_mut().zip(set) {
                *unit = self.order[*at as usize];
            }
            (more, broken) = extras.judge(&units[..size]);
        }
        if broken > 0.0 {
            return;
        }
        let (mut members, mut len) = ([0; MOST_UNITS], 0);
        for at in set.iter().filter(|at| **at < self.firsts) {
            members[len] = *at;
            len += 1;
        }
        self.out.members.push(members);
        self.out.len.push(len as u8);
        self.out.cost.push((self.price)(set, spread.max(0.0) + more));
    }
}

impl Areas {
    /// Enumerates; none when there are more than `most` areas.
    pub(crate) fn new(data: &Data, bounds: &Bounds, most: usize) -> Option<Areas> {
        let order = sweep(data, &|_| true);
        Areas::walk(data, bounds, (&order, order.len()), None, &mut |_, own| own, &mut |areas, _| {
            areas.len() <= most
        })
    }

    /// Units inside in the order in which [`Areas::touching`] takes them.
    pub(crate) fn order(data: &Data, inside: &[bool]) -> Vec<u32> {
        sweep(data, &|u| inside[u])
    }

    /// Areas that hold one at least of the units inside: of each the members that lie there, at a price that is made of all
    /// its units and its own cost. Whenever those that begin at a place are there, they may be sifted (told is the number of
    /// those before them); none when the answer to that is no.
    pub(crate) fn touching(
        data: &Data,
        bounds: &Bounds,
        inside: &[bool],
        limit: Option<&Limit>,
        price: &mut dyn FnMut(&[u32], f64) -> f64,
        sift: &mut dyn FnMut(&mut Areas, usize) -> bool,
    ) -> Option<Areas> {
        let mut order = Areas::order(data, inside);
        let firsts = order.len();
        order.extend((0..data.len() as u32).filter(|u| !inside[*u as usize]));
        let mut units = [0; MOST_UNITS];
        let mut by_units = |places: &[u32], own: f64| {
            for (unit, place) in units.iter_mut().zip(places) {
                *unit = order[*place as usize];
            }
            price(&units[..places.len()], own)
        };
        Areas::walk(data, bounds, (&order, firsts), limit, &mut by_units, sift)
    }

    fn walk(
        data: &Data,
        bounds: &Bounds,
        (order, firsts): (&[u32], usize),
        limit: Option<&Limit>,
        price: Price<'_>,
        sift: &mut dyn FnMut(&mut Areas, usize) -> bool,
    ) -> Option<Areas> {
        let mut place = vec![0; data.len()];
        for (at, u) in order.iter().enumerate() {
            place[*u as usize] = at as u32;
        }
        let mut walk = Walk {
            data,
            bounds,
            place: &place,
            order,
            firsts: firsts as u32,
            seen: vec![false; data.len()],
            set: [0; MOST_UNITS],
            open: Vec::new(),
            sums: vec![0.0; (MOST_UNITS + 1) * data.width],
            squares: [0.0; MOST_UNITS + 1],
            limit,
            limited: false,
            most: 0.0,
            paid: [0.0; MOST_UNITS + 1],
            price,
            out: Areas {
                order: order[..firsts].to_vec(),
                start: vec![0],
                members: Vec::new(),
                len: Vec::new(),
                cost: Vec::new(),
            },
        };
        for first in 0..firsts {
            let before = walk.out.len();
            walk.from(first);
            if !sift(&mut walk.out, before) {
                return None;
            }
            walk.out.start.push(walk.out.len() as u32);
        }
        Some(walk.out)
    }

    /// Of the areas from a number on keeps those of which it is so, by their place after it.
    pub(crate) fn keep(&mut self, from: usize, of: impl Fn(usize) -> bool) {
        let mut to = from;
        for at in from..self.len() {
            if of(at - from) {
                self.members[to] = self.members[at];
                self.len[to] = self.len[at];
                self.cost[to] = self.cost[at];
                to += 1;
            }
        }
        self.members.truncate(to);
        self.len.truncate(to);
        self.cost.truncate(to);
    }

    /// How many areas.
    pub(crate) fn len(&self) -> usize {
        self.len.len()
    }

    /// Places of the members of an area.
    #[inline]
    pub(crate) fn members(&self, area: usize) -> &[u32] {
        &self.members[area][..self.len[area] as usize]
    }

    /// The area with just these members (places, ascending), if it is one.
    pub(crate) fn find(&self, places: &[u32]) -> Option<u32> {
        let first = *places.first()? as usize;
        let same = |a: usize| {
            let members = self.members(a);
            members.len() == places.len() && members.iter().all(|m| places.binary_search(m).is_ok())
        };
        (self.start[first] as usize..self.start[first + 1] as usize).find(|a| same(*a)).map(|a| a as u32)
    }

    /// A unit (not a place) that lies in no area.
    pub(crate) fn orphan(&self) -> Option<u32> {
        let mut found = vec![false; self.order.len()];
        for a in 0..self.len() {
            for m in self.members(a) {
                found[*m as usize] = true;
            }
        }
        found.iter().position(|f| !f).map(|at| self.order[at])
    }
}

/// Units inside in the order of a walk from one end to the other, breadth first, so that what is covered and what
/// is not meet in a narrow front.
fn sweep(data: &Data, inside: &dyn Fn(usize) -> bool) -> Vec<u32> {
    let n = data.len();
    let mut order = Vec::with_capacity(n);
    let fresh: Vec<bool> = (0..n).map(|u| !inside(u)).collect();
    let mut done = fresh.clone();
    for first in 0..n {
        if done[first] {
            continue;
        }
        let mut end = first as u32;
        for _ in 0..2 {
            end = walk(data, end, &mut fresh.clone()).last().copied().unwrap_or(end);
        }
        order.extend(walk(data, end, &mut done));
    }
    order
}

fn walk(data: &Data, first: u32, done: &mut [bool]) -> Vec<u32> {
    let mut out = vec![first];
    done[first as usize] = true;
    let mut at = 0;
    while at < out.len() {
        for v in data.near(out[at] as usize) {
            if !done[*v as usize] {
                done[*v as usize] = true;
                out.push(*v);
            }
        }
        at += 1;
    }
    out
}
