//! From data to clusters with their p-values.

use crate::data::{Study, counts};
use crate::engine;
use crate::expect::expected;
use crate::geometry::Places;
use crate::problem::Problem;
use crate::records::Records;
use crate::replicate::Null;
use crate::window::{Scale, Scored, Windows};
use crate::{Model, Options, ScanError};
use jiff::civil::Date;
use std::collections::HashSet;

/// A cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The places, nearest to the centre first.
    pub ids: Vec<String>,
    /// Its centre.
    pub center: String,
    /// Its radius, in units of the plane or in kilometres.
    pub radius: f64,
    /// Its first day.
    pub start: Date,
    /// Its last day.
    pub end: Date,
    /// Cases in it.
    pub observed: u32,
    /// Cases expected in it.
    pub expected: f64,
    /// The risk within over the risk outside.
    pub relative_risk: f64,
    /// The log likelihood ratio.
    pub llr: f64,
    /// Monte Carlo: (1 + data sets that score at least as high) / (data sets + 1) (Dwass 1957).
    pub p: f64,
    /// The tail of a Gumbel distribution fitted to the drawn scores by moments: resolves small p without more
    /// data sets (Abrams, Kleinman, Kulldorff 2010).
    pub p_gumbel: f64,
    /// Prospective: once in how many days chance does this, if the scan is made every interval.
    pub recurrence_days: Option<f64>,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Clusters that do not overlap a more likely one, most likely first.
    pub clusters: Vec<Cluster>,
    /// All cases.
    pub cases: u32,
    /// First and last day of the study.
    pub study: (Date, Date),
    /// How many intervals it has.
    pub intervals: usize,
    /// How many data sets were drawn.
    pub replicates: u32,
    /// From which seed.
    pub seed: u64,
    /// Their highest scores, highest first.
    pub drawn: Vec<f64>,
}

/// The most clusters that are reported.
const MOST: usize = 20;

/// Scans.
///
/// # Errors
/// When the data do not fit together, naming the place or the parameter.
pub fn scan(places: &Places, cases: &Records, model: &Model, options: &Options) -> Result<Report, ScanError> {
    if !(options.max_share > 0.0 && options.max_share <= 1.0) {
        return Err(ScanError::Parameter(format!(
            "the largest circle cannot hold {} of all",
            options.max_share
        )));
    }
    let study = Study::of(cases, options)?;
    let n = study.intervals();
    let observed = counts(places, &study, cases)?;
    let total: u64 = observed.iter().map(|c| u64::from(*c)).sum();
    if total < 2 {
        return Err(ScanError::TooFew(total));
    }
    let total =
        u32::try_from(total).map_err(|_| ScanError::Parameter("more cases than can be counted".into()))?;
    let of_place = |v: &[u32], p: usize| f64::from(v[p * n..][..n].iter().sum::<u32>());
    let all_places = 0..places.ids.len();
    let (scale, at_risk) = match model {
        Model::Poisson(people) => {
            let (mu, at_risk) = expected(places, &study, cases, people)?;
            (Scale::Poisson(mu), at_risk)
        }
        Model::Permutation => {
            let by_place: Vec<f64> = all_places.map(|p| of_place(&observed, p)).collect();
            let by_interval =
                (0..n).map(|i| observed.iter().skip(i).step_by(n).map(|c| f64::from(*c)).sum()).collect();
            (Scale::Permutation { by_place: by_place.clone(), by_interval }, by_place)
        }
        Model::Bernoulli(controls) => {
            let mut all = counts(places, &study, controls)?;
            all.iter_mut().zip(&observed).for_each(|(a, c)| *a += c);
            let at_risk = all_places.map(|p| of_place(&all, p)).collect();
            (Scale::Bernoulli(all), at_risk)
        }
    };
    let circles = circles(places, &at_risk, options);
    let spans = spans(n, options);
    let windows = Windows::new(n, circles, spans, &scale, total, options.rates);
    let best = windows.best(&observed);
    let drawn = draw(&windows, &scale, &observed, options);
    let clusters = without_overlap(&windows, &best)
        .into_iter()
        .map(|s| cluster(places, &study, &windows, &s, total, &drawn, options))
        .collect();
    let whole = study.days(0, n - 1);
    Ok(Report {
        clusters,
        cases: total,
        study: whole,
        intervals: n,
        replicates: options.replicates,
        seed: options.seed,
        drawn,
    })
}

/// For each centre the places that its circles take in, up to the largest that is allowed.
fn circles(places: &Places, at_risk: &[f64], options: &Options) -> Vec<Vec<u32>> {
    let most = at_risk.iter().sum::<f64>() * options.max_share;
    places
        .neighbours(options.max_distance)
        .into_iter()
        .map(|all| {
            let mut sum = 0.0;
            all.into_iter()
                .map(|(p, _)| p)
                .take_while(|p| {
                    sum += at_risk[*p as usize];
                    sum <= most * (1.0 + 1e-12)
                })
                .collect()
        })
        .collect()
}

fn spans(n: usize, options: &Options) -> Vec<(usize, usize)> {
    if n == 1 {
        return vec![(0, 0)];
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a small count"
    )]
    let share = (n as f64 * options.max_time_share).floor() as usize;
    let longest = options.max_intervals.unwrap_or(share).clamp(1, n);
    let ends = if options.prospective { n - 1..n } else { 0..n };
    ends.flat_map(|to| ((to + 1).saturating_sub(longest)..=to).map(move |from| (from, to))).collect()
}

/// The highest scores of data sets drawn under the null hypothesis, highest first.
fn draw(windows: &Windows, scale: &Scale, observed: &[u32], options: &Options) -> Vec<f64> {
    if options.replicates == 0 {
        return Vec::new();
    }
    let (problem, orders) = Problem::new(windows, scale, observed, options.rates);
    let null = Null::new(&problem, options.seed);
    let range = (0, u64::from(options.replicates));
    let mut drawn = engine::maxima(&problem, &orders, &null, range, options.threads);
    drawn.sort_by(|a, b| b.total_cmp(a));
    drawn
}

/// The most likely windows of which no two share a place.
fn without_overlap(windows: &Windows, best: &[Scored]) -> Vec<Scored> {
    let mut taken: HashSet<u32> = HashSet::new();
    let mut out = Vec::new();
    for s in best {
        let places = &windows.circles[s.centre][..s.size];
        if out.len() < MOST && places.iter().all(|p| !taken.contains(p)) {
            taken.extend(places);
            out.push(*s);
        }
    }
    out
}

fn cluster(
    places: &Places,
    study: &Study,
    windows: &Windows,
    s: &Scored,
    total: u32,
    drawn: &[f64],
    options: &Options,
) -> Cluster {
    let members = &windows.circles[s.centre][..s.size];
    let (from, to) = windows.spans[s.span];
    let (start, end) = study.days(from, to);
    let (c, mu, all) = (f64::from(s.observed), s.expected, f64::from(total));
    // Scores that differ by rounding alone are ties, and ties count against.
    let higher = drawn.partition_point(|d| *d >= s.llr - 1e-9);
    #[expect(clippy::cast_precision_loss, reason = "a count of data sets")]
    let p = (1 + higher) as f64 / (drawn.len() + 1) as f64;
    let furthest = members.last().map_or(s.centre, |m| *m as usize);
    let relative_risk = if all > c { (c / mu) / ((all - c) / (all - mu)) } else { f64::INFINITY };
    Cluster {
        ids: members.iter().map(|m| places.ids[*m as usize].clone()).collect(),
        center: places.ids[s.centre].clone(),
        radius: places.distance(s.centre, furthest),
        start,
        end,
        observed: s.observed,
        expected: mu,
        relative_risk,
        llr: s.llr,
        p,
        p_gumbel: gumbel(drawn, s.llr),
        recurrence_days: options.prospective.then(|| study.last_length() / p),
    }
}

/// The tail of the Gumbel distribution with the mean and variance of `drawn`.
fn gumbel(drawn: &[f64], llr: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a count of data sets")]
    let n = drawn.len() as f64;
    if n < 2.0 {
        return 1.0;
    }
    let mean = drawn.iter().sum::<f64>() / n;
    let variance = drawn.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
    if variance <= 0.0 {
        return 1.0;
    }
    let beta = (6.0 * variance).sqrt() / std::f64::consts::PI;
    let mu = mean - 0.577_215_664_901_532_9 * beta;
    -(-(-(llr - mu) / beta).exp()).exp_m1()
}
