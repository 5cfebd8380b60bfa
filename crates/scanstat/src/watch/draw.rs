//! A look: the circles as they are, then data sets drawn under the null hypothesis.

use super::bound::{Bounds, at};
use super::{Recent, Watch, llr};
use crate::rng::Rng;

/// How data sets are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How many at most; 0 for the observed scan alone.
    pub replicates: u32,
    /// What they are drawn from.
    pub seed: u64,
    /// Stop when so many score as high as the highest cluster (Besag and Clifford 1991); `None` draws all.
    pub enough: Option<u32>,
    /// How many clusters are told at most.
    pub clusters: usize,
}

impl Default for Draws {
    fn default() -> Self {
        Draws { replicates: 999, seed: 1, enough: Some(20), clusters: 5 }
    }
}

/// A circle with more cases over the last days than its past explains.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotspot {
    /// Metres east and north of the centre.
    pub center: (f64, f64),
    /// In metres; 0 for a single place.
    pub radius: f64,
    /// The first day of the window; it lasts until the end of the study.
    pub from: i32,
    /// Cases in the window: place and day, oldest first.
    pub cases: Vec<(u32, i32)>,
    /// How many they are.
    pub observed: u32,
    /// How many the circle's past and the days' totals would explain.
    pub expected: f64,
    /// The log likelihood ratio.
    pub llr: f64,
    /// The share of drawn data sets that scored as high, this one counted in; 1 where none was drawn.
    pub p: f64,
    /// The same from a Gumbel distribution fitted to the drawn maxima by moments (Abrams, Kleinman, Kulldorff 2010), which
    /// also tells apart what no drawn data set reached; where at least 100 were drawn.
    pub p_gumbel: Option<f64>,
    /// Once in how many looks chance alone does as much (Kleinman, Lazarus, Platt 2004), which are days where one looks
    /// daily: 1/p, p from Gumbel where fewer than 10 drawn data sets scored as high.
    pub recurrence_days: f64,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Clusters whose circles do not overlap, the highest first.
    pub clusters: Vec<Hotspot>,
    /// The cases of the study.
    pub cases: u32,
    /// How many data sets were drawn.
    pub replicates: u32,
}

/// A circle while a drawn data set is counted: side by side, for they are read together.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    count: u32,
    /// Its cases over the study.
    sum: f32,
}

/// The best window of a circle.
#[derive(Clone, Copy)]
struct Best {
    disc: usize,
    span: usize,
    observed: u32,
    expected: f64,
    llr: f64,
}

impl Watch {
    /// Looks once.
    pub fn look(&self, draws: &Draws) -> Look {
        let recent = self.recent();
        let found = self.apart(self.observed(&recent), draws.clusters);
        let drawn = match found.first() {
            Some(first) => self.drawn(&recent, draws, first.llr),
            None => Vec::new(),
        };
        let stopped = draws.enough.is_some_and(|e| drawn.len() < draws.replicates as usize && e > 0);
        let clusters =
            found.iter().enumerate().map(|(i, b)| self.tell(b, &drawn, i == 0 && stopped)).collect();
        Look { clusters, cases: self.cases, replicates: u32::try_from(drawn.len()).unwrap_or(u32::MAX) }
    }

    /// The best window of each circle that scores at all, highest first; ties to the smaller circle.
    ///
    /// A window's cases come one by one, newest day first, and each time the circle is scored with the span that
    /// reaches back to that day: a longer span without a further case expects more and scores less, so none is missed.
    fn observed(&self, recent: &Recent) -> Vec<Best> {
        let total = f64::from(self.cases);
        let mut counts = vec![0u32; self.sums.len()];
        let mut best: Vec<Option<Best>> = vec![None; self.sums.len()];
        let mut done = 0;
        for (span, (upto, share)) in recent.spans.iter().enumerate() {
            for place in &recent.places[done..*upto] {
                for disc in self.ground.over(*place) {
                    let disc = *disc as usize;
                    counts[disc] += 1;
                    let observed = counts[disc];
                    let expected = f64::from(self.sums[disc]) * share;
                    let llr = llr(f64::from(observed), expected, total);
                    if observed >= self.limits.least_cases && llr > best[disc].map_or(0.0, |b| b.llr) {
                        best[disc] = Some(Best { disc, span, observed, expected, llr });
                    }
                }
            }
            done = *upto;
        }
        let mut all: Vec<Best> = best.into_iter().flatten().collect();
        let radius = |b: &Best| self.ground.discs[b.disc].radius;
        all.sort_by(|a, b| {
            b.llr.total_cmp(&a.llr).then(radius(a).total_cmp(&radius(b))).then(a.disc.cmp(&b.disc))
        });
        all
    }

    /// The highest ones that do not overlap.
    fn apart(&self, all: Vec<Best>, most: usize) -> Vec<Best> {
        let mut kept: Vec<Best> = Vec::new();
        for b in all {
            let d = self.ground.discs[b.disc];
            let free = kept.iter().all(|k| {
                let other = self.ground.discs[k.disc];
                (d.x - other.x).hypot(d.y - other.y) > d.radius + other.radius
            });
            if kept.len() < most && free {
                kept.push(b);
            }
        }
        kept
    }

    /// The highest score of each drawn data set.
    fn drawn(&self, recent: &Recent, draws: &Draws, observed: f64) -> Vec<f64> {
        let mut all: Vec<u32> = self.days.values().flatten().copied().collect();
        let mut cells = self.cells();
        let mut bounds = Bounds::new(f64::from(self.cases), self.limits.least_cases, recent.places.len());
        let mut maxima = Vec::new();
        let mut as_high = 0;
        for replicate in 0..draws.replicates {
            // Days are shuffled over the cases; only who gets a recent day matters.
            let mut rng = Rng::new(draws.seed, u64::from(replicate));
            for i in 0..recent.places.len() {
                let rest = (all.len() - i) as u64;
                #[expect(clippy::cast_possible_truncation, reason = "below a length")]
                let j = i + rng.below(rest) as usize;
                all.swap(i, j);
            }
            let highest = self.highest(&all, &recent.spans, &mut cells, &mut bounds);
            maxima.push(highest);
            as_high += u32::from(highest >= observed - 1e-9);
            if draws.enough.is_some_and(|e| e > 0 && as_high >= e) {
                break;
            }
        }
        maxima
    }

    /// The circles, nothing counted.
    pub(super) fn cells(&self) -> Vec<Cell> {
        self.sums.iter().map(|sum| Cell { count: 0, sum: *sum }).collect()
    }

    /// The highest score of a data set whose recent cases, newest first, lie at `places`.
    #[expect(clippy::cast_possible_truncation, reason = "bounds are rounded up by more than is lost")]
    pub(super) fn highest(
        &self,
        places: &[u32],
        spans: &[(usize, f64)],
        cells: &mut [Cell],
        bounds: &mut Bounds,
    ) -> f64 {
        cells.iter_mut().for_each(|cell| cell.count = 0);
        let total = f64::from(self.cases);
        let mut best = 0.0;
        let mut row = bounds.row(best);
        let mut done = 0;
        for (upto, share) in spans {
            let rough = *share as f32;
            for place in &places[done..*upto] {
                for disc in self.ground.over(*place) {
                    let cell = &mut cells[*disc as usize];
                    cell.count += 1;
                    let c = cell.count;
                    if cell.sum * rough <= row[at(c)] {
                        let score = llr(f64::from(c), f64::from(cell.sum) * share, total);
                        if score > best {
                            best = score;
                            row = bounds.row(best);
                        }
                    }
                }
            }
            done = *upto;
        }
        best
    }

    fn tell(&self, b: &Best, drawn: &[f64], stopped: bool) -> Hotspot {
        #[expect(clippy::cast_precision_loss, reason = "a count of data sets")]
        let (n, as_high) = (drawn.len() as f64, drawn.iter().filter(|d| **d >= b.llr - 1e-9).count() as f64);
        let p = if stopped { as_high / n } else { (as_high + 1.0) / (n + 1.0) };
        let p_gumbel = gumbel(drawn, b.llr);
        let likely = p_gumbel.filter(|_| as_high < 10.0).unwrap_or(p);
        let disc = self.ground.discs[b.disc];
        let from = self.end.saturating_sub(i32::try_from(b.span).unwrap_or(0));
        let index = u32::try_from(b.disc).unwrap_or(u32::MAX);
        let cases = self
            .days
            .range(from..=self.end)
            .flat_map(|(day, places)| places.iter().map(|p| (*p, *day)))
            .filter(|(p, _)| self.ground.over(*p).contains(&index))
            .collect();
        Hotspot {
            center: (disc.x, disc.y),
            radius: disc.radius,
            from,
            cases,
            observed: b.observed,
            expected: b.expected,
            llr: b.llr,
            p,
            p_gumbel,
            recurrence_days: 1.0 / likely,
        }
    }
}

/// P(maximum ≥ score) under a Gumbel distribution with the mean and variance of the drawn maxima.
fn gumbel(drawn: &[f64], score: f64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a count of data sets")]
    let n = drawn.len() as f64;
    if n < 100.0 {
        return None;
    }
    let mean = drawn.iter().sum::<f64>() / n;
    let spread = (drawn.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let scale = spread * 6f64.sqrt() / std::f64::consts::PI;
    if scale <= 0.0 {
        return None;
    }
    let place = mean - 0.577_215_664_901_532_9 * scale;
    Some(-(-(-(score - place) / scale).exp()).exp_m1()).map(|p| p.max(1e-12))
}
