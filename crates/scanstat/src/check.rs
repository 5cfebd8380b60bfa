//! The fast search of drawn data sets against scoring every window of the same data sets.

use crate::engine;
use crate::null::Hypothesis;
use crate::options::{Options, Rates};
use crate::problem::{Model, Order, Problem};
use crate::replicate::{Null, Scratch};
use crate::rng::Rng;
use crate::score::Score;
use crate::spans::{Run, Spans};

const PLACES: usize = 12;
const DAYS: usize = 20;

/// A small study, its cells random.
fn study(kind: u64) -> Hypothesis {
    let mut rng = Rng::new(kind, 3);
    let mut table = |n: u64| {
        let mut cells = vec![0_u32; PLACES * DAYS];
        (0..n).for_each(|_| cells[rng.below((PLACES * DAYS) as u64) as usize] += 1);
        cells
    };
    let (cases, controls) = (table(150), table(300));
    let listed = |which: usize| -> Vec<(u32, u32)> {
        (0..).zip(&cases).filter(|(i, n)| **n > 0 && *i as usize % 3 != which).map(|(i, n)| (i, *n)).collect()
    };
    if kind == 1 {
        return Hypothesis::permutation(PLACES, DAYS, vec![listed(3)]);
    }
    if kind == 4 {
        return Hypothesis::permutation(PLACES, DAYS, vec![listed(0), listed(1)]);
    }
    let all: Vec<u32> = cases.iter().zip(&controls).map(|(a, b)| a + b).collect();
    let mut null = Hypothesis::bernoulli(DAYS, cases, all);
    if kind != 2 {
        null.model = Model::Poisson;
        let weight: Vec<f64> = (0..PLACES * DAYS).map(|i| f64::from(1 + (i % 7) as u32)).collect();
        let sum: f64 = weight.iter().sum();
        null.mu = weight.iter().map(|m| m * 150.0 / sum).collect();
    }
    if kind == 3 {
        let half = |h: u32| (0..(PLACES * DAYS) as u32).filter(|i| i % 2 == h).collect();
        null.blocks = vec![(100, half(0)), (50, half(1))];
    }
    null
}

/// Runs of places along a ring; trees of them; weights; and everywhere.
fn orders(kind: usize) -> Vec<Order> {
    let ring = |c: usize, n: usize| (0..n).map(|k| ((c + k) % PLACES) as u32).collect::<Vec<_>>();
    let chain = (0..PLACES).map(|c| Order::chain(c, ring(c, 6)));
    match kind {
        0 => chain.collect(),
        1 => chain
            .map(|o| Order { weight: if o.centre % 2 == 0 { 0.8 } else { 1.0 }, ..o })
            .chain([Order { first: PLACES, ..Order::chain(PLACES, ring(0, PLACES)) }])
            .collect(),
        _ => (0..PLACES)
            .map(|c| {
                let m = ring(c, 5);
                // c; c+1 below it, with c+2 and c+3 below that; then c+4 beside, with c+1 below.
                let steps = [(m[0], 0), (m[1], 1), (m[2], 2), (m[3], 2), (m[4], 1), (m[1], 2)];
                let (members, depth) = steps.into_iter().unzip();
                Order { depth: Some(depth), ..Order::chain(c, members) }
            })
            .collect(),
    }
}

fn each_study(mut see: impl FnMut(&Problem, &[Order])) {
    let run = |length: u32, from: u32, number: u32| Run { length, from, number };
    let all = Spans((1..=5).map(|l| run(l, 0, 21 - l)).collect());
    let alive = Spans((1..=5).map(|l| run(l, 20 - l, 1)).collect());
    let odd = Spans(vec![run(2, 17, 2), run(4, 3, 7), run(20, 0, 1)]);
    for kind in 0..5 {
        let null = study(kind);
        for (k, spans) in [&all, &alive, &odd].into_iter().enumerate() {
            for rates in [Rates::High, Rates::Low, Rates::Both] {
                let limits = (k == 2).then_some(1.3);
                let options = Options { rates, min_risk: limits, max_risk: limits, ..Options::default() };
                let problem = Problem::new(&null, spans, Score::new(&null, &options));
                see(&problem, &orders((kind as usize + k) % 3));
            }
        }
    }
}

#[test]
fn no_drawn_maximum_is_missed_behind_the_bounds() {
    each_study(|problem, orders| {
        let null = Null::new(problem, 5);
        let fast = engine::maxima(problem, orders, &null, (0, 70), 1);
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
                for step in order.first - 1..order.members.len() {
                    let (mut c, mut m) = (vec![0.0; problem.lanes], vec![0.0; problem.lanes]);
                    for p in order.set(step) {
                        for l in 0..problem.lanes {
                            c[l] += rows[p as usize * problem.lanes + l];
                            m[l] += mu[p as usize * problem.lanes + l];
                        }
                    }
                    for w in 0..problem.windows.len() {
                        let llr = problem.score.llr(problem.inside(w, &c), problem.inside(w, &m));
                        best = best.max(llr * order.weight);
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
