//! From a plan that keeps the rules to a better one and a bound: prices first, then windows from small to large,
//! then, while work is left, districts under suspicion are forbidden for a while and what follows is mended.

use crate::anneal::Data;
use crate::areas::Areas;
use crate::prices::Ascent;
use crate::rng::Rng;
use crate::windows::{Outcome, Priced, Windows};

/// Districts in a window, from the first pass to the last.
const SIZES: [usize; 8] = [5, 8, 10, 12, 14, 16, 18, 20];
/// How many of the sizes every start is tried with.
const SMALL: usize = 3;
/// Part-plans at a place of the sweep over a window of ten districts; wider windows may keep more.
const WIDTH: usize = 600;
/// Areas that cost more above their prices are in no window.
const CUTOFF: f64 = 2.5;

/// What to work on.
pub(crate) struct Refine<'a> {
    pub(crate) data: &'a Data,
    pub(crate) areas: &'a Areas,
    /// The number of districts, where it is fixed.
    pub(crate) number: Option<usize>,
    /// The number must stay as it is, though the bound need not know it.
    pub(crate) keep: bool,
    /// Areas, candidates and part-plans that may be looked at in all.
    pub(crate) work: u64,
    /// Whether a bound is wanted, beside prices to search by.
    pub(crate) bound: bool,
    /// Prices of units that are near already.
    pub(crate) prices: Option<Vec<f64>>,
    pub(crate) seed: u64,
}

/// What was found.
pub(crate) struct Refined {
    pub(crate) plan: Vec<u32>,
    pub(crate) cost: f64,
    pub(crate) bound: f64,
}

impl Refine<'_> {
    /// Improves the best of some plans, of which all are tried with small windows first; none if a district of the
    /// first is out of the rules.
    pub(crate) fn run(
        &self,
        starts: &[(Vec<u32>, f64)],
        report: &dyn Fn(f64, f64),
        stop: &dyn Fn() -> bool,
    ) -> Option<Refined> {
        let cost = starts.iter().map(|s| s.1).min_by(f64::total_cmp)?;
        let by_place = |prices: &Vec<f64>| self.areas.order.iter().map(|u| prices[*u as usize]).collect();
        let mut ascent = match &self.prices {
            Some(prices) => Ascent::from(self.areas, self.number, cost, by_place(prices)),
            None => Ascent::new(self.areas, self.number, cost),
        };
        let share = if self.bound { self.work / 3 } else { self.work / 4 };
        let told = |ascent: &Ascent<'_>| {
            if self.bound {
                report(cost, ascent.best.bound);
            }
        };
        for _ in 0..if self.prices.is_some() { 2 } else { 5 } {
            ascent.rounds(if self.bound { 50 } else { 30 }, stop);
            told(&ascent);
        }
        let mut stale = 0;
        while self.bound && ascent.work < share && stale < 2 && !stop() {
            let before = ascent.best.bound;
            ascent.cut(60);
            ascent.rounds(if self.bound { 50 } else { 30 }, stop);
            stale = if ascent.best.bound > before + 1e-5 * cost { 0 } else { stale + 1 };
            told(&ascent);
        }
        let prices = &ascent.best;
        report(cost, prices.bound);
        let priced = Priced::new(self.areas, prices, CUTOFF);
        let mut windows = Windows::new(&priced, self.data, &starts[0].0, self.keep)?;
        let left = self.work.saturating_sub(ascent.work);
        let mut rng = Rng::new(self.seed);
        let done = |w: &Windows| w.work > left || w.cost - prices.bound < 1e-9 * (1.0 + w.cost) || stop();
        self.widen(&mut windows, &SIZES[..SMALL], &mut rng, &done);
        for (plan, _) in &starts[1..] {
            let Some(mut other) = Windows::new(&priced, self.data, plan, self.keep) else { continue };
            other.work = windows.work;
            self.widen(&mut other, &SIZES[..SMALL], &mut rng, &done);
            let work = other.work;
            if other.cost < windows.cost {
                windows = other;
            }
            windows.work = work;
            report(windows.cost, prices.bound);
        }
        self.widen(&mut windows, &SIZES[SMALL..], &mut rng, &done);
        report(windows.cost, prices.bound);
        let mut best = (windows.plan(), windows.cost);
        while self.bound && !done(&windows) && windows.area.len() > 1 {
            let before = windows.position();
            self.kick(&mut windows, prices, &mut rng, &done);
            let worse = windows.cost - before.cost;
            if worse > 0.0 && rng.unit() >= (-worse / 0.1).exp() {
                windows.restore(before);
            } else if windows.cost < best.1 - 1e-9 {
                best = (windows.plan(), windows.cost);
                report(best.1, prices.bound);
            }
        }
        Some(Refined { plan: best.0, cost: best.1, bound: prices.bound })
    }

    /// Windows around districts drawn by chance, until none of a size can be divided better.
    fn widen(&self, windows: &mut Windows, sizes: &[usize], rng: &mut Rng, done: &dyn Fn(&Windows) -> bool) {
        let mut known = std::collections::HashSet::new();
        for &size in sizes {
            let mut idle = 0;
            while idle < 2 * windows.area.len() && !done(windows) {
                let first = rng.below(windows.area.len()) as u32;
                let chosen = windows.around(first, size, rng);
                let mut key: Vec<u32> = chosen.iter().map(|d| windows.area[*d as usize]).collect();
                key.sort_unstable();
                idle += 1;
                if !known.contains(&key) {
                    match windows.solve(&chosen, WIDTH * size * size / 100, 0.0, &[]) {
                        Outcome::Better | Outcome::BetterCut => idle = 0,
                        Outcome::Best | Outcome::Cut => drop(known.insert(key)),
                    }
                }
            }
            if size >= windows.area.len() {
                break;
            }
        }
    }

    /// Forbids one district, the likelier the dearer it is above its prices, and works on what lies around.
    fn kick(
        &self,
        windows: &mut Windows,
        prices: &crate::prices::Prices,
        rng: &mut Rng,
        done: &dyn Fn(&Windows) -> bool,
    ) {
        let dear: Vec<f64> =
            windows.area.iter().map(|a| prices.above(self.areas, *a as usize).0.max(0.01)).collect();
        let mut draw = rng.unit() * dear.iter().sum::<f64>();
        let suspect = dear.iter().position(|d| {
            draw -= d;
            draw <= 0.0
        });
        let suspect = suspect.unwrap_or(0);
        let banned = [windows.area[suspect]];
        let mut slack = 1.5;
        let mut queue = vec![self.areas.members(banned[0] as usize)[0]];
        while let Some(place) = queue.pop() {
            if done(windows) {
                break;
            }
            let old: std::collections::HashSet<u32> = windows.area.iter().copied().collect();
            let chosen = windows.around(windows.district[place as usize], 8, rng);
            let outcome = windows.solve(&chosen, WIDTH / 3, slack, &banned);
            slack = 0.0;
            if matches!(outcome, Outcome::Better | Outcome::BetterCut) {
                let fresh = windows.area.iter().filter(|a| !old.contains(a));
                queue.extend(fresh.map(|a| self.areas.members(*a as usize)[0]));
            }
        }
    }
}
