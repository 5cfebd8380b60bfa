//! A lower bound for a graph of any size: prices on units such that no district costs less than its units.
//!
//! Their sum is a bound, because every plan is made of districts. For a graph with fifty thousand units there are fifty
//! million areas: too many to hold, but quickly gone through. So prices are raised with the few dozen areas in hand that
//! cost least above them wherever one looks (see `prices`); then all areas are gone through, which says by how much the
//! prices are too high and where, and which areas to have in hand next.
//!
//! A graph that is larger still is divided into regions. What a district costs above the prices of its units is divided
//! among the regions in which it lies, and each raises its own prices within its part; regions do not see each other, so
//! they may be worked on in any order and on any number of threads. Where the number of districts is fixed, every
//! district has a price beside, the same everywhere.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::anneal::Data;
use crate::areas::{Areas, Limit};
use crate::prices::{Ascent, Prices};
use crate::rules::{Bounds, MOST_UNITS};
use crate::tiles::{self, TILE};

/// Units in a region, roughly.
pub(crate) const REGION: usize = 50_000;
/// Areas in hand that begin at one place, at most.
const IN_HAND: usize = 100;
/// None is in hand that costs more above its prices than this part of what a district of the plan costs.
const CUT: f64 = 0.9;
/// Prices begin as this part of what a plan costs.
const CAUTION: f64 = 0.8;
/// Length of the steps from where prices begin, and from where they are near already.
const STEPS: (f64, f64) = (0.2, 0.05);
/// Tiles on which the price of a district is found where there are several regions.
const SAMPLES: usize = 4;
/// Rounds between two looks at all areas in hand.
const ROUNDS: usize = 50;
/// Triples that are added at once, for so many units one.
const TRIPLES: usize = 5;

/// Prices over a whole piece.
pub(crate) struct Floor {
    number: Option<usize>,
    /// Price of a district, when their number is fixed.
    each: f64,
    /// Price of each unit.
    price: Vec<f64>,
    /// Whether all were raised before.
    raised: bool,
    triples: Vec<([u32; 3], f64)>,
    /// Triples of each unit; empty while there are none.
    of: Vec<Vec<u32>>,
}

/// Where prices are raised.
#[derive(Clone, Copy)]
pub(crate) struct Land<'a> {
    pub(crate) data: &'a Data,
    pub(crate) bounds: &'a Bounds,
    pub(crate) points: &'a [[f64; 2]],
    /// Units in a region, roughly.
    pub(crate) region: usize,
    pub(crate) threads: usize,
    pub(crate) seed: u64,
}

/// How much work to put into prices.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    /// How often all areas are gone through, at least twice.
    pub(crate) passes: usize,
    /// Looks at the areas in hand between two passes, each of [`ROUNDS`] rounds; the later half also looks for triples.
    pub(crate) batches: usize,
}

/// What a region came to.
struct Raised {
    price: Vec<(u32, f64)>,
    each: f64,
    triples: Vec<([u32; 3], f64)>,
    gain: f64,
}

/// What was found on the way through all areas of a region.
struct Pass {
    /// Those in hand from now on.
    areas: Areas,
    /// At each place: how far the cheapest is below its prices.
    least: Vec<f64>,
}

impl Floor {
    /// Prices from which all can be raised: none, or what takes the price of a district back.
    pub(crate) fn new(
        land: &Land<'_>,
        number: Option<usize>,
        plan: &[u32],
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Floor {
        let n = land.data.len();
        let each = if number.is_some() && n > land.region { each(land, plan, stop) } else { 0.0 };
        let units = if each > 0.0 { land.bounds.min_units } else { land.bounds.max_units };
        Floor {
            number,
            each,
            price: vec![-each / units as f64; n],
            raised: false,
            triples: Vec::new(),
            of: Vec::new(),
        }
    }

    /// The bound that holds now.
    pub(crate) fn value(&self) -> f64 {
        self.price.iter().sum::<f64>() - self.triples.iter().map(|t| t.1).sum::<f64>()
            + self.each * self.number.map_or(0.0, |k| k as f64)
    }

    /// Prices of units that bear that of their districts as well.
    pub(crate) fn prices(&self) -> Vec<f64> {
        let share = self.each * self.number.map_or(0.0, |k| k as f64) / self.price.len() as f64;
        self.price.iter().map(|p| p + share).collect()
    }

    /// What triples give back to a district that holds two or more of their units.
    fn credit(&self, units: &[u32]) -> f64 {
        let mut sum = 0.0;
        for (i, u) in units.iter().enumerate() {
            for t in &self.of[*u as usize] {
                let (places, price) = &self.triples[*t as usize];
                // Counted at the second of its units that is met, and only there.
                if places.iter().filter(|p| units[..i].contains(p)).count() == 1 {
                    sum += price;
                }
            }
        }
        sum
    }

    /// How far a district of its own cost lies above all prices.
    fn above(&self, units: &[u32], own: f64) -> f64 {
        let mut above = own - self.each - units.iter().map(|u| self.price[*u as usize]).sum::<f64>();
        if !self.triples.is_empty() {
            above += self.credit(units);
        }
        above
    }

    /// Raises the prices once everywhere, towards what a plan costs. Tells the bound now and then.
    pub(crate) fn raise(
        &mut self,
        land: &Land<'_>,
        plan: &[u32],
        work: Work,
        told: &(dyn Fn(f64) + Sync),
        stop: &(dyn Fn() -> bool + Sync),
    ) {
        let aim = self.aim(land.data, plan);
        let regions = if land.data.len() <= land.region {
            vec![(0..land.data.len() as u32).collect()]
        } else {
            tiles::cut(land.points, plan, land.region as f64, land.seed)
        };
        let next = AtomicUsize::new(0);
        let gained = Mutex::new(self.value());
        let done: Vec<Mutex<Option<Raised>>> = regions.iter().map(|_| Mutex::new(None)).collect();
        let work = || {
            loop {
                let r = next.fetch_add(1, Ordering::Relaxed);
                let Some(units) = regions.get(r) else { break };
                let region = Region::new(self, land, units, &aim);
                let Some(raised) = region.raise(work, stop) else { continue };
                if let Ok(mut gained) = gained.lock() {
                    *gained += raised.gain;
                    told(*gained);
                }
                if let Ok(mut slot) = done[r].lock() {
                    *slot = Some(raised);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..land.threads.min(regions.len()) {
                scope.spawn(work);
            }
            work();
        });
        for raised in done.into_iter().filter_map(|slot| slot.into_inner().ok().flatten()) {
            self.each += raised.each;
            for (unit, price) in raised.price {
                self.price[unit as usize] = price;
            }
            for (units, price) in raised.triples {
                self.of.resize(self.price.len(), Vec::new());
                for u in units {
                    self.of[u as usize].push(self.triples.len() as u32);
                }
                self.triples.push((units, price));
            }
        }
        self.raised = true;
    }

    /// For each unit what it would pay if its district of the plan were paid for to the last, half of it alike and half by
    /// how much the unit differs: prices to aim at.
    fn aim(&self, data: &Data, plan: &[u32]) -> Vec<f64> {
        let mut aim = self.price.clone();
        let mut order: Vec<u32> = (0..plan.len() as u32).collect();
        order.sort_by_key(|u| plan[*u as usize]);
        for units in order.chunk_by(|a, b| plan[*a as usize] == plan[*b as usize]) {
            let spread = |u: u32| units.iter().map(|v| data.dist(u as usize, *v as usize)).sum::<f64>();
            let all = units.iter().map(|u| spread(*u)).sum::<f64>().max(1e-12);
            let above = self.above(units, data.cost(units));
            for u in units {
                aim[*u as usize] += above * (0.5 / units.len() as f64 + 0.5 * spread(*u) / all);
            }
        }
        aim
    }
}

/// Some units whose prices are raised together.
struct Region<'a> {
    floor: &'a Floor,
    bounds: &'a Bounds,
    /// The number of districts, where all units are in the region.
    number: Option<usize>,
    /// Its units, ascending, and all that an area with one of them may hold.
    units: &'a [u32],
    all: Vec<u32>,
    part: Data,
    inside: Vec<bool>,
    aim: &'a [f64],
    /// By what units divide among them what a district costs above their prices.
    share: Vec<f64>,
    /// Areas that cost more than this above all prices are not taken in hand.
    cut: f64,
}

impl<'a> Region<'a> {
    fn new(floor: &'a Floor, land: &Land<'a>, units: &'a [u32], aim: &'a [f64]) -> Self {
        let all = around(land.data, units, land.bounds.max_units);
        let alone = all.len() == land.data.len() && units.len() == all.len();
        let mean = aim.iter().sum::<f64>() / aim.len() as f64;
        let share = |u: &u32| if floor.raised { 1.0 } else { aim[*u as usize].max(0.2 * mean.abs() + 1e-12) };
        let size = (land.bounds.min_units + land.bounds.max_units) as f64 / 2.0;
        Region {
            cut: CUT * size * mean.abs() + 1e-9,
            floor,
            bounds: land.bounds,
            number: floor.number.filter(|_| alone),
            units,
            part: land.data.part(&all),
            inside: all.iter().map(|u| units.binary_search(u).is_ok()).collect(),
            share: all.iter().map(share).collect(),
            all,
            aim,
        }
    }

    /// Goes through all areas; in hand stay those that cost least above some prices.
    fn pass(&self, order: &[u32], prices: &Prices, stop: &dyn Fn() -> bool) -> Option<Pass> {
        let limit = self.limit(order, prices);
        let mut names = [0; MOST_UNITS];
        // What an area costs here: the prices of its units here, and their part of what it costs above all prices. Where it
        // is here whole, prices fall out.
        let mut price = |members: &[u32], own: f64| {
            let whole = members.iter().all(|m| self.inside[*m as usize]);
            if whole && self.floor.triples.is_empty() {
                return own - self.floor.each;
            }
            let (mut here, mut share, mut paid) = (0.0, 0.0, 0.0);
            for (name, m) in names.iter_mut().zip(members) {
                *name = self.all[*m as usize];
                share += self.share[*m as usize];
                if self.inside[*m as usize] {
                    here += self.share[*m as usize];
                    paid += self.floor.price[*name as usize];
                }
            }
            let above = self.floor.above(&names[..members.len()], own);
            if whole { above + paid } else { above * here / share + paid }
        };
        let (mut least, mut above) = (Vec::with_capacity(order.len()), Vec::new());
        let mut sift = |areas: &mut Areas, from: usize| {
            above.clear();
            above.extend((from..areas.len()).map(|area| prices.above(areas, area).1));
            least.push(above.iter().copied().fold(0.0, f64::min));
            let mut cutoff = self.cut;
            if above.len() > IN_HAND {
                let mut sorted = above.clone();
                cutoff = cutoff.min(*sorted.select_nth_unstable_by(IN_HAND - 1, f64::total_cmp).1);
            }
            areas.keep(from, |i| above[i] <= cutoff);
            !stop()
        };
        let (part, bounds, inside) = (&self.part, self.bounds, &self.inside);
        let areas = Areas::touching(part, bounds, inside, Some(&limit), &mut price, &mut sift)?;
        Some(Pass { areas, least })
    }

    /// Which areas need not be gone through under some prices.
    fn limit(&self, order: &[u32], prices: &Prices) -> Limit {
        let n = self.part.len();
        let mut price = vec![0.0; n];
        for (u, p) in order.iter().zip(&prices.price) {
            price[*u as usize] = *p;
        }
        let mut most: Vec<f64> = price.iter().map(|p| p.max(0.0)).collect();
        let mut holds = self.inside.clone();
        for _ in 1..self.bounds.max_units {
            let near = |u: usize| self.part.near(u).iter().map(|v| *v as usize);
            most = (0..n).map(|u| near(u).map(|v| most[v]).fold(most[u], f64::max)).collect();
            holds = (0..n).map(|u| holds[u] && near(u).all(|v| holds[v])).collect();
        }
        Limit { price, most, each: self.floor.each + prices.each, above: self.cut, holds }
    }

    fn raise(&self, work: Work, stop: &dyn Fn() -> bool) -> Option<Raised> {
        let order = Areas::order(&self.part, &self.inside);
        let by_place =
            |of: &[f64]| -> Vec<f64> { order.iter().map(|u| of[self.all[*u as usize] as usize]).collect() };
        let (now, aim) = (by_place(&self.floor.price), by_place(self.aim));
        let upper: f64 = aim.iter().sum();
        let start = if self.floor.raised { now.clone() } else { aim.iter().map(|a| a * CAUTION).collect() };
        let mut prices = Prices::of_units(start);
        let mut pass = self.pass(&order, &prices, stop)?;
        let mut best: Option<(f64, Prices)> = None;
        for number in 1..work.passes.max(2) {
            let mut ascent = Ascent::with(&pass.areas, self.number, upper, prices);
            ascent.scale = if number > 1 || self.floor.raised { STEPS.1 } else { STEPS.0 };
            for batch in 0..work.batches {
                if batch > 1 && 2 * batch >= work.batches {
                    ascent.cut(self.units.len().div_ceil(TRIPLES));
                }
                ascent.rounds(ROUNDS, stop);
            }
            prices = ascent.best;
            let Some(next) = self.pass(&order, &prices, stop) else { break };
            prices.least = next.least.clone();
            let value = prices.price.iter().chain(&prices.least).sum::<f64>()
                - prices.triples.iter().map(|t| t.price).sum::<f64>()
                + prices.each * self.number.map_or(0.0, |k| k as f64);
            if best.as_ref().is_none_or(|b| value > b.0) {
                best = Some((value, prices.clone()));
            }
            pass = next;
        }
        let (value, best) = best?;
        let gain = value - now.iter().sum::<f64>();
        let unit = |place: u32| self.all[order[place as usize] as usize];
        // Each place gives up what the cheapest area that begins there lacks: then no area lacks anything.
        let price = (0..).zip(best.price.iter().zip(&best.least));
        let triples = best.triples.iter().filter(|t| t.price > 0.0);
        (gain > 0.0).then(|| Raised {
            price: price.map(|(place, (price, least))| (unit(place), price + least)).collect(),
            each: best.each,
            triples: triples.map(|t| (t.places.map(unit), t.price)).collect(),
            gain,
        })
    }
}

/// The first of some units that lies in no area.
pub(crate) fn orphan(data: &Data, bounds: &Bounds, units: impl Iterator<Item = u32>) -> Option<u32> {
    let alone = |unit: &u32| {
        let all = around(data, &[*unit], bounds.max_units);
        let inside: Vec<bool> = all.iter().map(|u| u == unit).collect();
        let mut none = true;
        let mut sift = |areas: &mut Areas, _: usize| {
            none = areas.len() == 0;
            none
        };
        Areas::touching(&data.part(&all), bounds, &inside, None, &mut |_, own| own, &mut sift);
        none
    };
    let mut units = units;
    units.find(alone)
}

/// The price of a district, as it comes out on some tiles of a plan where their number is held.
fn each(land: &Land<'_>, plan: &[u32], stop: &(dyn Fn() -> bool + Sync)) -> f64 {
    let tiles = tiles::cut(land.points, plan, TILE, land.seed);
    let some = tiles.len().div_ceil(4).min(SAMPLES);
    let (mut sum, mut weight) = (0.0, 0.0);
    for units in (0..some).map(|i| &tiles[i * tiles.len() / some]) {
        let part = land.data.part(units);
        let Some(areas) = Areas::new(&part, land.bounds, 4_000_000) else { continue };
        let mut districts: Vec<u32> = units.iter().map(|u| plan[*u as usize]).collect();
        districts.sort_unstable();
        let upper = districts_cost(land.data, units, plan);
        districts.dedup();
        let mut ascent = Ascent::new(&areas, Some(districts.len()), upper);
        for _ in 0..4 {
            ascent.rounds(ROUNDS, stop);
        }
        if ascent.best.bound > 0.0 {
            sum += ascent.best.each * units.len() as f64;
            weight += units.len() as f64;
        }
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

/// What the districts of some units cost.
fn districts_cost(data: &Data, units: &[u32], plan: &[u32]) -> f64 {
    let mut own = units.to_vec();
    own.sort_by_key(|u| plan[*u as usize]);
    own.chunk_by(|a, b| plan[*a as usize] == plan[*b as usize]).map(|d| data.cost(d)).sum()
}

/// Some units (ascending) with all that an area with one of them may hold, ascending.
fn around(data: &Data, units: &[u32], most: usize) -> Vec<u32> {
    let mut all: std::collections::HashSet<u32> = units.iter().copied().collect();
    let mut edge = units.to_vec();
    for _ in 1..most {
        let near = edge.iter().flat_map(|u| data.near(*u as usize)).copied();
        edge = near.filter(|v| all.insert(*v)).collect();
    }
    let mut all: Vec<u32> = all.into_iter().collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anneal::grow;
    use crate::draw::{Options, draw};
    use crate::graph::{Graph, Unit};
    use crate::model::{Balance, Model, Quantity};
    use crate::rules::Wanted;
    use proptest::prelude::*;

    /// A sheet four wide with residents and features that differ.
    fn sheet(values: &[(u32, i32, i32)]) -> Graph {
        let n = values.len();
        let units = values.iter().enumerate().map(|(i, (people, a, b))| Unit {
            id: i.to_string(),
            residents: u64::from(*people),
            features: vec![f64::from(*a), f64::from(*b)],
            point: Some([(i % 4) as f64, (i / 4) as f64]),
            ..Unit::default()
        });
        let mut edges: Vec<_> = (1..n).filter(|i| i % 4 > 0).map(|i| (i - 1, i, 1.0)).collect();
        edges.extend((4..n).map(|i| (i - 4, i, 1.0)));
        Graph::new(units.collect(), &edges).unwrap()
    }

    /// Twice raised in regions of a few units each: the bound after each time.
    fn raised(graph: &Graph, options: &Options, (threads, region): (usize, usize), work: Work) -> [f64; 2] {
        let number = options.districts(graph);
        let data = Data::new(graph, graph, &options.model, &options.bounds, number);
        let points = tiles::points(&data, graph.units().iter().map(|u| u.point));
        let plan = grow(&data, &options.bounds, options.seed);
        let land =
            |seed| Land { data: &data, bounds: &options.bounds, points: &points, region, threads, seed };
        let mut floor = Floor::new(&land(options.seed), number, &plan, &|| false);
        [1, 2].map(|seed| {
            floor.raise(&land(seed), &plan, work, &|_| (), &|| false);
            floor.value() / (graph.len() as f64 * data.scale)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Cut into tiny tiles, with and without a number and prices: the bound is never above the proven optimum, does not
        /// fall, and is the same on any number of threads.
        #[test]
        fn the_bound_lies_below_the_best_plan(
            values in prop::collection::vec((2_000_u32..7_000, -9_i32..9, -9_i32..9), 9..26),
            size in (1_usize..4, 1_usize..3),
            number in any::<bool>(),
            prices in prop_oneof![Just([0.0, 0.0]), [0.0..0.5, 0.0..0.5]],
            seed in 0_u64..100,
            whole in any::<bool>(),
        ) {
            let graph = sheet(&values);
            let bounds = Bounds { min_units: size.0, max_units: size.0 + size.1, min_residents: 6_000, max_residents: 30_000 };
            let balance = Balance { of: Quantity::Residents, target: None, weight: prices[1] };
            let model = Model { compactness: prices[0], balance: vec![balance], ..Model::default() };
            let free = Options { bounds, seed, model, effort: 2_000, ..Options::default() };
            let districts = |o: &Options| draw(&graph, o, &|_| (), &|| false).unwrap();
            let k = districts(&free).district.iter().max().unwrap() + 1;
            let wanted = if number { Wanted::Exactly(k as usize) } else { Wanted::Free };
            let options = Options { wanted, ..free };
            let best = districts(&options);
            let region = if whole { 100 } else { 6 };
            let work = Work { passes: 4, batches: 4 };
            let [first, second] = raised(&graph, &options, (1, region), work);
            if best.within_bounds && best.proven {
                prop_assert!(second <= best.cost + 1e-9, "{second} above {}", best.cost);
            }
            prop_assert!(first <= second + 1e-12, "{second} after {first}");
            prop_assert_eq!([first, second], raised(&graph, &options, (3, region), work));
        }
    }

    /// The bound is worth having: near the optimum where all is in one region, and not far where regions are small.
    #[test]
    fn the_bound_comes_near() {
        let noise = |i: u32, k: u32| (i * 7_919 + k * 104_729).wrapping_mul(2_654_435_761) % 1_009;
        let values = (0..60).map(|i| {
            (3_000 + noise(i, 1), (noise(i, 2) / 60) as i32 + (i / 8 * 3) as i32, (noise(i, 3) / 40) as i32)
        });
        let graph = sheet(&values.collect::<Vec<_>>());
        let options = Options { effort: 6_000, ..Options::default() };
        let plan = draw(&graph, &options, &|_| (), &|| false).unwrap();
        assert!(plan.proven);
        let work = Work { passes: 6, batches: 6 };
        let [first, second] = raised(&graph, &options, (1, 60), work);
        assert!(first > 0.9 * plan.cost && second >= first, "{first}, {second} below {}", plan.cost);
        let [first, second] = raised(&graph, &options, (1, 20), work);
        assert!(first > 0.4 * plan.cost && second > 0.6 * plan.cost, "{first}, {second} below {}", plan.cost);
    }
}
