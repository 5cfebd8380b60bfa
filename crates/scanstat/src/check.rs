//! The fast search of drawn data sets against scoring every window of the same data sets.

use crate::Rates;
use crate::engine;
use crate::problem::{Order, Problem};
use crate::replicate::{Null, Scratch};
use crate::rng::Rng;
use crate::window::{Scale, Windows};

const PLACES: usize = 12;
const DAYS: usize = 20;

/// A small study whose circles are runs of places along a ring.
fn study(kind: u64, prospective: bool, rates: Rates) -> (Problem, Vec<Order>) {
    let mut rng = Rng::new(kind, 3);
    let mut table = |n: u64| {
        let mut cells = vec![0_u32; PLACES * DAYS];
        (0..n).for_each(|_| cells[rng.below((PLACES * DAYS) as u64) as usize] += 1);
        cells
    };
    let (cases, controls) = (table(150), table(300));
    let scale = match kind {
        0 => Scale::Poisson((0..PLACES * DAYS).map(|i| f64::from(1 + (i % 7) as u32)).collect()),
        1 => Scale::Permutation {
            by_place: cases.chunks(DAYS).map(|r| f64::from(r.iter().sum::<u32>())).collect(),
            by_interval: (0..DAYS)
                .map(|t| cases.iter().skip(t).step_by(DAYS).map(|c| f64::from(*c)).sum())
                .collect(),
        },
        _ => Scale::Bernoulli(cases.iter().zip(&controls).map(|(a, b)| a + b).collect()),
    };
    let scale = match scale {
        Scale::Poisson(mu) => {
            let sum: f64 = mu.iter().sum();
            Scale::Poisson(mu.iter().map(|m| m * 150.0 / sum).collect())
        }
        other => other,
    };
    let circles = (0..PLACES).map(|c| (0..6).map(|k| ((c + k) % PLACES) as u32).collect()).collect();
    let ends = if prospective { DAYS - 1..DAYS } else { 0..DAYS };
    let spans = ends.flat_map(|to| ((to + 1).saturating_sub(5)..=to).map(move |from| (from, to))).collect();
    let windows = Windows::new(DAYS, circles, spans, &scale, 150, rates);
    Problem::new(&windows, &scale, &cases, rates)
}

fn each_study(mut see: impl FnMut(&Problem, &[Order])) {
    for kind in 0..3 {
        for prospective in [false, true] {
            for rates in [Rates::High, Rates::Low, Rates::Both] {
                let (problem, orders) = study(kind, prospective, rates);
                see(&problem, &orders);
            }
        }
    }
}

#[test]
fn no_drawn_maximum_is_missed_behind_the_bounds() {
    each_study(|problem, orders| {
        let null = Null::new(problem, 5);
        let fast = engine::maxima(problem, orders, &null, (0, 150), 1);
        let mu = problem.lanes_of(|i| problem.mu[i]);
        let mut scratch = Scratch::default();
        for (number, ours) in fast.iter().enumerate() {
            let mut drawn = vec![0_i32; problem.places * problem.lanes];
            let add = |p: u32, lane: u32, data: &mut [i32]| {
                data[p as usize * problem.lanes + lane as usize] += 1;
            };
            null.draw(number as u64, &mut scratch, add, &mut drawn);
            let mut rows: Vec<f64> = drawn.iter().map(|n| f64::from(*n)).collect();
            for row in rows.chunks_mut(problem.lanes) {
                (1..row.len()).for_each(|i| row[i] += row[i - 1]);
            }
            let mut best = 0.0_f64;
            for order in orders {
                let (mut c, mut m) = (vec![0.0; problem.lanes], vec![0.0; problem.lanes]);
                for p in &order.members {
                    for l in 0..problem.lanes {
                        c[l] += rows[*p as usize * problem.lanes + l];
                        m[l] += mu[*p as usize * problem.lanes + l];
                    }
                    for w in 0..problem.windows.len() {
                        best = best.max(problem.score.llr(problem.inside(w, &c), problem.inside(w, &m)));
                    }
                }
            }
            let of = (problem.score.model, problem.score.rates, problem.direct);
            assert!((ours - best).abs() < 1e-9, "{of:?}, data set {number}: {ours}, not {best}");
        }
    });
}

#[test]
fn threads_change_nothing() {
    each_study(|problem, orders| {
        let null = Null::new(problem, 9);
        let one = engine::maxima(problem, orders, &null, (0, 300), 1);
        assert_eq!(one, engine::maxima(problem, orders, &null, (0, 300), 3));
    });
}
