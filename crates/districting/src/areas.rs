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

struct Grow<'a> {
    data: &'a Data,
    bounds: &'a Bounds,
    place: &'a [u32],
    order: &'a [u32],
    seen: Vec<bool>,
    set: [u32; MOST_UNITS],
    out: &'a mut Areas,
}

impl Grow<'_> {
    fn run(&mut self, size: usize, pop: u64, pairs: f64, mut ext: Vec<u32>) {
        if size >= self.bounds.min_units && pop >= self.bounds.min_residents {
            let judged = self.data.extras.as_ref().map(|extras| {
                let mut units = [0; MOST_UNITS];
                for (unit, at) in units.iter_mut().zip(&self.set[..size]) {
                    *unit = self.order[*at as usize];
                }
                extras.judge(&units[..size])
            });
            let (more, broken) = judged.unwrap_or_default();
            if broken == 0.0 {
                self.out.members.push(self.set);
                self.out.len.push(size as u8);
                self.out.cost.push(pairs / size as f64 + more);
            }
        }
        if size == self.bounds.max_units {
            return;
        }
        while let Some(v) = ext.pop() {
            let unit = self.order[v as usize] as usize;
            let more = pop + self.data.pop[unit];
            if more > self.bounds.max_residents {
                continue;
            }
            let mut sum = pairs;
            for w in &self.set[..size] {
                sum += self.data.dist(unit, self.order[*w as usize] as usize);
            }
            let mut wider = ext.clone();
            let known = wider.len();
            for w in self.data.near(unit) {
                let at = self.place[*w as usize];
                if at > self.set[0] && !self.seen[at as usize] {
                    self.seen[at as usize] = true;
                    wider.push(at);
                }
            }
            let fresh = wider[known..].to_vec();
            self.set[size] = v;
            self.run(size + 1, more, sum, wider);
            for at in fresh {
                self.seen[at as usize] = false;
            }
        }
    }
}

impl Areas {
    /// Enumerates; none when there are more than `most` areas.
    pub(crate) fn new(data: &Data, bounds: &Bounds, most: usize) -> Option<Areas> {
        let order = sweep(data);
        let mut place = vec![0; data.len()];
        for (at, u) in order.iter().enumerate() {
            place[*u as usize] = at as u32;
        }
        let mut areas = Areas {
            order: order.clone(),
            start: vec![0],
            members: Vec::new(),
            len: Vec::new(),
            cost: Vec::new(),
        };
        let mut grow = Grow {
            data,
            bounds,
            place: &place,
            order: &order,
            seen: vec![false; data.len()],
            set: [0; MOST_UNITS],
            out: &mut areas,
        };
        for (at, &u) in order.iter().enumerate() {
            if data.pop[u as usize] <= bounds.max_residents {
                grow.set[0] = at as u32;
                let mut ext = Vec::new();
                for w in data.near(u as usize) {
                    let p = place[*w as usize];
                    if p > at as u32 {
                        grow.seen[p as usize] = true;
                        ext.push(p);
                    }
                }
                grow.seen[at] = true;
                let own = ext.clone();
                grow.run(1, data.pop[u as usize], 0.0, ext);
                grow.seen[at] = false;
                for p in own {
                    grow.seen[p as usize] = false;
                }
            }
            if grow.out.len.len() > most {
                return None;
            }
            let count = grow.out.len.len() as u32;
            grow.out.start.push(count);
        }
        Some(areas)
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

/// Units in the order of a walk from one end of the graph to the other, breadth first, so that what
/// is covered and what is not meet in a narrow front.
fn sweep(data: &Data) -> Vec<u32> {
    let n = data.len();
    let mut order = Vec::with_capacity(n);
    let mut done = vec![false; n];
    for first in 0..n {
        if done[first] {
            continue;
        }
        let mut end = first as u32;
        for _ in 0..2 {
            end = walk(data, end, &mut vec![false; n]).last().copied().unwrap_or(end);
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
