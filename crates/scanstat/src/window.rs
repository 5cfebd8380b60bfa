//! The scan itself: every circle and every span, scored.
//!
//! What is expected of a window does not change from one drawn data set to the next (its margins are fixed), so
//! its logarithms are computed once. Scoring a window is then two products and two look-ups of c·ln c.

use crate::Rates;

/// What a window is scored by.
#[derive(Debug, Clone)]
pub(crate) enum Scale {
    /// Expected counts by place and interval.
    Poisson(Vec<f64>),
    /// Cases by place and by interval; expected is their product over all.
    Permutation {
        /// All cases of a place.
        by_place: Vec<f64>,
        /// All cases of an interval.
        by_interval: Vec<f64>,
    },
    /// Cases and controls by place and interval.
    Bernoulli(Vec<u32>),
}

/// One window, ready to be scored again and again.
#[derive(Debug, Clone, Copy)]
struct Ready {
    /// Expected cases.
    mu: f64,
    /// ln mu and ln (C − mu); for Bernoulli the number of cases and controls, and what does not change.
    a: f64,
    b: f64,
}

/// All windows of a study.
pub(crate) struct Windows {
    pub(crate) places: usize,
    pub(crate) intervals: usize,
    /// For each centre the places of its circles, in order.
    pub(crate) circles: Vec<Vec<u32>>,
    /// The spans: first and last interval.
    pub(crate) spans: Vec<(usize, usize)>,
    /// The first interval that any span begins with.
    pub(crate) first: usize,
    ready: Vec<Ready>,
    c_ln_c: Vec<f64>,
    cases: u32,
    bernoulli: Option<u32>,
    rates: Rates,
}

/// A window that scored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scored {
    pub(crate) centre: usize,
    /// How many places of the centre's list.
    pub(crate) size: usize,
    /// Which span.
    pub(crate) span: usize,
    pub(crate) observed: u32,
    pub(crate) expected: f64,
    pub(crate) llr: f64,
}

fn c_ln_c(c: f64) -> f64 {
    if c > 0.0 { c * c.ln() } else { 0.0 }
}

impl Windows {
    pub(crate) fn new(
        intervals: usize,
        circles: Vec<Vec<u32>>,
        spans: Vec<(usize, usize)>,
        scale: &Scale,
        cases: u32,
        rates: Rates,
    ) -> Windows {
        let places = circles.len();
        let total = f64::from(cases);
        let controls: Option<u32> = match scale {
            Scale::Bernoulli(all) => Some(all.iter().sum()),
            _ => None,
        };
        let most = controls.unwrap_or(cases).max(cases);
        let table: Vec<f64> = (0..=most).map(|c| c_ln_c(f64::from(c))).collect();
        let mut ready = Vec::with_capacity(circles.iter().map(Vec::len).sum::<usize>() * spans.len());
        let mut sums = vec![0.0; intervals];
        for circle in &circles {
            sums.fill(0.0);
            let mut of_places = 0.0;
            for p in circle {
                let p = *p as usize;
                match scale {
                    Scale::Poisson(mu) => add(&mut sums, &mu[p * intervals..][..intervals], |v| *v),
                    Scale::Bernoulli(all) => {
                        add(&mut sums, &all[p * intervals..][..intervals], |v| f64::from(*v));
                    }
                    Scale::Permutation { by_place, .. } => of_places += by_place[p],
                }
                for (from, to) in &spans {
                    let within = |v: &[f64]| v[*from..=*to].iter().sum::<f64>();
                    ready.push(match scale {
                        Scale::Poisson(_) => poisson(within(&sums), total),
                        Scale::Permutation { by_interval, .. } => {
                            poisson(of_places * within(by_interval) / total, total)
                        }
                        Scale::Bernoulli(_) => {
                            let n = within(&sums);
                            let all = f64::from(controls.unwrap_or(0));
                            let fixed = c_ln_c(total) + c_ln_c(all - total) - c_ln_c(all)
                                + c_ln_c(n)
                                + c_ln_c(all - n);
                            Ready { mu: n * total / all, a: n, b: fixed }
                        }
                    });
                }
            }
        }
        let first = spans.iter().map(|s| s.0).min().unwrap_or(0);
        Windows {
            places,
            intervals,
            first,
            circles,
            spans,
            ready,
            c_ln_c: table,
            cases,
            bernoulli: controls,
            rates,
        }
    }

    /// The log likelihood ratio of a window with so many cases (Kulldorff 1997, equations 1 and 2).
    fn llr(&self, r: &Ready, c: u32) -> f64 {
        let total = self.cases;
        let wanted = match self.rates {
            // One case is no cluster.
            Rates::High => f64::from(c) > r.mu && c >= 2,
            Rates::Low => f64::from(c) < r.mu,
            Rates::Both => f64::from(c) < r.mu || (f64::from(c) > r.mu && c >= 2),
        };
        if !wanted {
            return 0.0;
        }
        let t = &self.c_ln_c;
        match self.bernoulli {
            None => {
                let rest = total - c;
                t[c as usize] + t[rest as usize] - f64::from(c) * r.a - f64::from(rest) * r.b
            }
            Some(all) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a is a whole number of people"
                )]
                let n = r.a as u32;
                let (rest, out) = (total - c, all - n);
                t[c as usize] + t[(n - c) as usize] + t[rest as usize] + t[(out - rest) as usize] - r.b
            }
        }
    }

    /// Looks at every window of a data set.
    fn each(&self, counts: &[u32], mut see: impl FnMut(usize, usize, usize, u32, &Ready)) {
        let (t, n) = (self.intervals, self.spans.len());
        // The cases of each span, by place: a circle that takes a place in adds one row.
        let mut rows = vec![0u32; self.places * n];
        let mut upto = vec![0u32; t + 1];
        for (of_place, row) in counts.chunks_exact(t).zip(rows.chunks_exact_mut(n)) {
            for (i, c) in of_place.iter().enumerate().skip(self.first) {
                upto[i + 1] = upto[i] + c;
            }
            for ((from, to), slot) in self.spans.iter().zip(row) {
                *slot = upto[to + 1] - upto[*from];
            }
        }
        let mut here = vec![0u32; n];
        let mut ready = self.ready.chunks_exact(n);
        for (centre, circle) in self.circles.iter().enumerate() {
            here.fill(0);
            for (size, p) in circle.iter().enumerate() {
                let row = &rows[*p as usize * n..][..n];
                here.iter_mut().zip(row).for_each(|(h, c)| *h += c);
                let Some(ready) = ready.next() else { return };
                for (s, (c, r)) in here.iter().zip(ready).enumerate() {
                    see(centre, size, s, *c, r);
                }
            }
        }
    }

    /// The best window of each centre, those that score at all, highest first; ties in the order of the file.
    pub(crate) fn best(&self, counts: &[u32]) -> Vec<Scored> {
        let mut best: Vec<Option<Scored>> = vec![None; self.places];
        self.each(counts, |centre, size, span, observed, r| {
            let llr = self.llr(r, observed);
            if llr > 0.0 && best[centre].is_none_or(|b| llr > b.llr) {
                best[centre] = Some(Scored { centre, size: size + 1, span, observed, expected: r.mu, llr });
            }
        });
        let mut all: Vec<Scored> = best.into_iter().flatten().collect();
        all.sort_by(|a, b| b.llr.total_cmp(&a.llr).then(a.centre.cmp(&b.centre)));
        all
    }
}

fn add<T>(sums: &mut [f64], more: &[T], value: impl Fn(&T) -> f64) {
    for (s, v) in sums.iter_mut().zip(more) {
        *s += value(v);
    }
}

fn poisson(mu: f64, total: f64) -> Ready {
    let rest = total - mu;
    Ready { mu, a: mu.max(f64::MIN_POSITIVE).ln(), b: if rest > 0.0 { rest.ln() } else { 0.0 } }
}
