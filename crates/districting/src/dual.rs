//! A lower bound: prices for units, such that no district is cheaper than the prices of its units.
//!
//! Lagrangian relaxation of "each unit in exactly one area" (set partitioning), maximised by
//! subgradients with Polyak's steps. At most one area begins at each place of the sweep, so each place
//! adds its cheapest area if that costs less than nothing.

use crate::areas::Areas;

/// Prices and the bound they prove.
pub(crate) struct Dual {
    /// No plan costs less.
    pub(crate) bound: f64,
    /// Price of the unit at each place.
    pub(crate) price: Vec<f64>,
    /// Price of a district, when their number is fixed.
    pub(crate) each: f64,
    /// At each place: how much the cheapest area that begins there costs below its prices (zero or less).
    pub(crate) least: Vec<f64>,
}

/// Cost of an area above the prices of its members.
pub(crate) fn reduced(areas: &Areas, dual: &Dual, area: usize) -> f64 {
    areas.cost[area] - dual.each - areas.members(area).iter().map(|m| dual.price[*m as usize]).sum::<f64>()
}

/// Raises the bound for so many rounds, aiming at `upper`, the cost of a known plan.
pub(crate) fn ascend(
    areas: &Areas,
    wanted: Option<usize>,
    upper: f64,
    rounds: usize,
    stop: &dyn Fn() -> bool,
) -> Dual {
    let n = areas.order.len();
    let mut now = Dual { bound: 0.0, price: vec![0.0; n], each: 0.0, least: vec![0.0; n] };
    // Start: each unit pays its share of the cheapest area that holds it.
    now.price.fill(f64::INFINITY);
    for a in 0..areas.len() {
        let members = areas.members(a);
        for m in members {
            let p = &mut now.price[*m as usize];
            *p = p.min(areas.cost[a] / members.len() as f64);
        }
    }
    for p in &mut now.price {
        if !p.is_finite() {
            *p = 0.0;
        }
    }
    let mut best = Dual { bound: 0.0, price: vec![0.0; n], each: 0.0, least: vec![0.0; n] };
    let (mut scale, mut stale) = (1.0, 0);
    let mut direction = vec![0.0; n];
    let mut each_direction = 0.0;
    for round in 0..rounds {
        if round > 0 && stop() {
            break;
        }
        let mut slack = vec![1.0; n];
        let mut each_slack = wanted.map_or(0.0, |k| k as f64);
        now.bound = now.price.iter().sum::<f64>() + now.each * each_slack;
        for f in 0..n {
            let (mut low, mut choice) = (0.0, usize::MAX);
            for a in areas.start[f] as usize..areas.start[f + 1] as usize {
                let r = reduced(areas, &now, a);
                if r < low {
                    (low, choice) = (r, a);
                }
            }
            now.least[f] = low;
            now.bound += low;
            if choice != usize::MAX {
                for m in areas.members(choice) {
                    slack[*m as usize] -= 1.0;
                }
                if wanted.is_some() {
                    each_slack -= 1.0;
                }
            }
        }
        if now.bound > best.bound {
            stale = 0;
            best.bound = now.bound;
            best.price.clone_from(&now.price);
            best.least.clone_from(&now.least);
            best.each = now.each;
        } else {
            stale += 1;
            if stale == 8 {
                stale = 0;
                scale *= 0.7;
                now.price.clone_from(&best.price);
                now.each = best.each;
            }
        }
        let mut norm = 0.0;
        for (d, s) in direction.iter_mut().zip(&slack) {
            *d = 0.6 * *d + s;
            norm += *d * *d;
        }
        each_direction = 0.6 * each_direction + each_slack;
        norm += each_direction * each_direction / n as f64;
        if norm < 1e-12 || scale < 1e-4 {
            break;
        }
        let step = scale * (upper - now.bound).max(upper * 1e-4) / norm;
        for (p, d) in now.price.iter_mut().zip(&direction) {
            *p += step * d;
        }
        now.each += step * each_direction / n as f64;
    }
    best
}
