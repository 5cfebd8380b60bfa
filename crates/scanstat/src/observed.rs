//! The scan of the data as they are: the best window of each centre.

use crate::problem::{Order, Problem};

/// A window that scored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    /// Which order, after which step, and which window of time.
    pub(crate) order: usize,
    pub(crate) step: usize,
    pub(crate) window: usize,
    pub(crate) observed: u32,
    pub(crate) expected: f64,
    pub(crate) llr: f64,
    /// The ratio times the weight of the shape: what is compared.
    pub(crate) statistic: f64,
}

/// Ratios that differ by less are the same, summed in another order.
const TIE: f64 = 1e-10;

/// The best window of each centre, those that score at all, highest first; ties in the order of the centres.
/// `allowed` tells of an order and a step whether its windows may be told.
pub(crate) fn best(
    problem: &Problem,
    orders: &[Order],
    allowed: impl Fn(&Order, usize) -> bool,
) -> Vec<Scored> {
    let mu = problem.lanes_of(|i| problem.mu[i]);
    let count = problem.lanes_of(|i| f64::from(problem.null.count[i]));
    let lanes = problem.lanes;
    let (mut m, mut c) = (vec![0.0; lanes], vec![0.0; lanes]);
    let mut held: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut best: Vec<Option<Scored>> = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        m.fill(0.0);
        c.fill(0.0);
        if best.len() <= order.centre {
            best.resize(order.centre + 1, None);
        }
        let of_centre = &mut best[order.centre];
        for (step, &p) in order.members.iter().enumerate() {
            if let Some(depth) = &order.depth {
                let depth = depth[step] as usize;
                if depth > held.len() {
                    held.push((c.clone(), m.clone()));
                } else if depth > 0 {
                    held.truncate(depth);
                    c.copy_from_slice(&held[depth - 1].0);
                    m.copy_from_slice(&held[depth - 1].1);
                } else {
                    held.clear();
                }
            }
            let at = p as usize * lanes;
            m.iter_mut().zip(&mu[at..at + lanes]).for_each(|(a, b)| *a += b);
            c.iter_mut().zip(&count[at..at + lanes]).for_each(|(a, b)| *a += b);
            if step + 1 < order.first || !allowed(order, step) {
                continue;
            }
            let mut beaten = of_centre.map_or(TIE, |b| b.statistic + TIE);
            for window in 0..problem.windows.len() {
                let (observed, expected) = (problem.inside(window, &c), problem.inside(window, &m));
                if problem.score.ceiling(observed, expected) * order.weight <= beaten {
                    continue;
                }
                let llr = problem.score.llr(observed, expected);
                let statistic = llr * order.weight;
                if statistic > beaten {
                    beaten = statistic + TIE;
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a sum of counts"
                    )]
                    let observed = observed as u32;
                    *of_centre =
                        Some(Scored { order: index, step, window, observed, expected, llr, statistic });
                }
            }
        }
    }
    let mut all: Vec<Scored> = best.into_iter().flatten().collect();
    all.sort_by(|a, b| {
        // Whole steps of the ratio, so that what is equal but for rounding stays in the order of the centres.
        let [x, y] = [a, b].map(|s| (s.statistic * 1e8).round());
        y.total_cmp(&x).then(orders[a.order].centre.cmp(&orders[b.order].centre))
    });
    all
}
