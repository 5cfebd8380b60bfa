//! From data to clusters with their p-values.

use crate::data::{Study, counts};
use crate::engine;
use crate::expect;
use crate::geometry::{Places, Sites, apart};
use crate::null::Hypothesis;
use crate::observed::{self, Scored};
use crate::options::{Inference, Scope, Secondary, Zones};
use crate::problem::{Order, Problem};
use crate::records::Records;
use crate::replicate::Null;
use crate::score::Score;
use crate::secondary::{Told, gini, told};
use crate::spans::Spans;
use crate::times::told as told_time;
use crate::zones::{Caps, orders, to_u32};
use crate::{Model, Options, ScanError};
use jiff::civil::Date;

/// A cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The places, nearest to the centre first.
    pub ids: Vec<String>,
    /// Its centre: a place, the coordinates of a point of the grid, or `All` for a cluster in time alone.
    pub center: String,
    /// Where that is: x and y, or latitude and longitude.
    pub center_at: Option<[f64; 3]>,
    /// Its radius, in units of the plane or in kilometres, along the network where there is one; of an ellipse the shorter
    /// half-axis.
    pub radius: f64,
    /// Its shape, where it is an ellipse.
    pub ellipse: Option<Ellipse>,
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
    /// What was compared: the ratio, less where an ellipse is penalised for being long.
    pub statistic: f64,
    /// Monte Carlo: (1 + data sets that score at least as high) / (data sets + 1) (Dwass 1957).
    pub p: f64,
    /// The tail of a Gumbel distribution fitted to the drawn scores by moments: resolves small p without more
    /// data sets (Abrams, Kleinman, Kulldorff 2010).
    pub p_gumbel: f64,
    /// Prospective: once in how many days chance does this, if the scan is made every interval.
    pub recurrence_days: Option<f64>,
}

/// The shape of an elliptic cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Longer axis over shorter.
    pub shape: f64,
    /// Between x and the longer axis, in degrees, from above −90 to 90.
    pub angle: f64,
    /// The longer half-axis.
    pub longer: f64,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Clusters, most likely first.
    pub clusters: Vec<Cluster>,
    /// All cases.
    pub cases: u32,
    /// First and last day of the study.
    pub study: (Date, Date),
    /// How many intervals it has.
    pub intervals: usize,
    /// Whether times are numbers, each of which stands as a day here; [`Report::time`] tells it.
    pub numbers: bool,
    /// How many data sets were drawn.
    pub replicates: u32,
    /// From which seed.
    pub seed: u64,
    /// Whether draws ended early, because nothing unusual was to be found.
    pub ended_early: bool,
    /// Their highest scores, highest first.
    pub drawn: Vec<f64>,
    /// The largest share that a cluster told may have, and the Gini coefficient that chose it.
    pub gini: Option<(f64, f64)>,
}

impl Report {
    /// A time as it stood in the files: a date, or a number.
    pub fn time(&self, day: Date) -> String {
        told_time(day, self.numbers)
    }
}

/// Scans.
///
/// # Errors
/// When the data do not fit together, naming the line or the parameter.
pub fn scan(places: &Places, cases: &Records, model: &Model, options: &Options) -> Result<Report, ScanError> {
    check(model, cases, options)?;
    let sites = Sites::new(places, options.scope == Scope::Time);
    let study = Study::of(cases, options)?;
    let null = match model {
        Model::Poisson(people) => expect::poisson(&sites, &study, cases, people, options)?,
        Model::Permutation => expect::permutation(&sites, &study, cases, options)?,
        Model::Bernoulli(controls) => {
            let observed = counts(&sites, &study, cases, options)?;
            let mut all = counts(&sites, &study, controls, options)?;
            all.iter_mut().zip(&observed).for_each(|(a, c)| *a += c);
            Hypothesis::bernoulli(study.intervals(), observed, all)
        }
    };
    let total: u64 = null.count.iter().map(|c| u64::from(*c)).sum();
    if total < 2 {
        return Err(ScanError::TooFew(total));
    }
    let sizes = sizes(&sites, options)?;
    let everybody: f64 = null.at_risk.iter().sum();
    let mut caps = vec![(&null.at_risk[..], everybody * options.max_share)];
    if let Some((sizes, share)) = &sizes {
        caps.push((sizes, sizes.iter().sum::<f64>() * share));
    }
    let orders = orders(&sites, &Caps(caps), options)?;
    let (spans, earlier) = Spans::of(&study, options)?;
    let problem = Problem::new(&null, &spans, Score::new(&null, options));
    let sizes = sizes.as_ref().map(|s| &s.0[..]);
    let found = Found { sites: &sites, study: &study, problem: &problem, orders: &orders, options, sizes };
    let best = found.best(None);
    // What chance is held against is the most likely window, whether or not its size is told.
    let highest = observed::best(&problem, &orders, |_, _| true).first().map_or(0.0, |s| s.statistic);
    let (drawn, ended_early) = if spans == earlier {
        draw(&problem, &orders, options, highest)
    } else {
        draw(&Problem::new(&null, &earlier, Score::new(&null, options)), &orders, options, highest)
    };
    let told = found.told(&best);
    let (told, gini) = if options.secondary == Secondary::Gini {
        found.by_gini(told, &drawn, ended_early)
    } else {
        (told, None)
    };
    let clusters = told.iter().map(|t| found.cluster(t, &drawn, ended_early)).collect();
    Ok(Report {
        clusters,
        cases: null.total(),
        study: study.days(0, study.intervals() - 1),
        intervals: study.intervals(),
        numbers: options.numbers,
        replicates: to_u32(drawn.len()),
        seed: options.seed,
        ended_early,
        drawn,
        gini,
    })
}

/// What fits the counters of drawn data sets.
const MOST: u64 = i32::MAX as u64;

/// Refuses what does not go together, rather than pass it over.
fn check(model: &Model, cases: &Records, options: &Options) -> Result<(), ScanError> {
    let no = |why: String| Err(ScanError::Parameter(why));
    let controls = match model {
        Model::Bernoulli(controls) => controls.all.as_slice(),
        _ => &[],
    };
    let people: u64 = cases.all.iter().chain(controls).map(|r| u64::from(r.count)).sum();
    if people > MOST {
        return no(format!("{people} cases and controls are more than can be counted here, which is {MOST}"));
    }
    for (what, share) in
        [("circle", options.max_share), ("circle that is told", options.told_share.unwrap_or(1.0))]
    {
        if !(share > 0.0 && share <= 1.0) {
            return no(format!("the largest {what} cannot hold {share} of all"));
        }
    }
    if options.scope != Scope::Space && cases.precision.is_none() && !cases.all.is_empty() {
        return no("the cases have no times: only places alone can be scanned".into());
    }
    if *model == Model::Permutation && options.scope != Scope::SpaceTime {
        return no("the permutation model needs both places and times".into());
    }
    let adjusted = !options.known.is_empty()
        || options.trend != crate::Trend::None
        || options.by_place != crate::Differences::None;
    if adjusted && !matches!(model, Model::Poisson(_)) {
        return no(
            "trends, known risks and places that keep their cases are adjusted for with the Poisson model; \
            the permutation model adjusts for them by itself"
                .into(),
        );
    }
    if options.weekly && (matches!(model, Model::Bernoulli(_)) || options.scope == Scope::Space) {
        return no(
            "days of the week are adjusted for with the Poisson and permutation models, in time".into()
        );
    }
    Ok(())
}

/// By site, what a largest circle is measured by beside the population at risk.
fn sizes(sites: &Sites, options: &Options) -> Result<Option<(Vec<f64>, f64)>, ScanError> {
    let Some((people, share)) = &options.max_people else { return Ok(None) };
    let mut out = vec![0.0; sites.len()];
    for c in &people.all {
        match sites.index(&c.id) {
            Some(site) => out[site] += c.people,
            None if options.relaxed.1 => {}
            None => return Err(people.wrong(c, format!("{:?} has no coordinates", c.id))),
        }
    }
    Ok(Some((out, *share)))
}

/// The highest scores of data sets drawn under the null hypothesis, highest first; and whether draws ended early: as soon as
/// so many score as high as the data, in the order of their numbers (Besag and Clifford 1991).
fn draw(problem: &Problem, orders: &[Order], options: &Options, highest: f64) -> (Vec<f64>, bool) {
    let all = u64::from(options.replicates);
    if all == 0 {
        return (Vec::new(), false);
    }
    let null = Null::new(problem, options.seed);
    let enough = match options.inference {
        Inference::Sequential(n) if n > 0 => n as usize,
        _ => usize::MAX,
    };
    let mut drawn: Vec<f64> = Vec::new();
    let mut ended = false;
    let mut from = 0;
    while from < all && !ended {
        let to = if enough == usize::MAX { all } else { all.min((from * 3 / 2).max(from + 128)) };
        drawn.extend(engine::maxima(problem, orders, &null, (from, to), options.threads));
        let as_high = drawn.iter().enumerate().filter(|d| *d.1 >= highest - TIE).map(|d| d.0);
        if let Some(last) =
            as_high.clone().nth(enough.saturating_sub(1)).filter(|l| *l + 1 < options.replicates as usize)
        {
            drawn.truncate(last + 1);
            ended = true;
        }
        from = to;
    }
    drawn.sort_by(|a, b| b.total_cmp(a));
    (drawn, ended)
}

/// Scores that differ by rounding alone are ties, and ties count against.
const TIE: f64 = 1e-9;

/// Dwass (1957): the rank of the data among themselves and what was drawn; where draws ended early, the share of those drawn
/// that score as high (Besag and Clifford 1991).
#[expect(clippy::cast_precision_loss, reason = "a count of data sets")]
fn monte_carlo(drawn: &[f64], statistic: f64, ended_early: bool) -> f64 {
    let higher = drawn.partition_point(|d| *d >= statistic - TIE);
    if ended_early {
        higher as f64 / drawn.len() as f64
    } else {
        (1 + higher) as f64 / (drawn.len() + 1) as f64
    }
}

struct Found<'a> {
    sites: &'a Sites<'a>,
    study: &'a Study,
    problem: &'a Problem<'a>,
    orders: &'a [Order],
    options: &'a Options,
    /// What a largest circle is measured by beside the population at risk.
    sizes: Option<&'a [f64]>,
}

impl Found<'_> {
    /// The best window of each centre among those that may be told, and hold no more than a share of all at risk.
    fn best(&self, share: Option<f64>) -> Vec<Scored> {
        let at_risk = &self.problem.null.at_risk;
        let share =
            share.map_or(self.options.told_share, |s| Some(self.options.told_share.unwrap_or(1.0).min(s)));
        let limit = |of: &'_ [f64], s: f64| s * of.iter().sum::<f64>() * (1.0 + 1e-12);
        let most = share.map(|s| (&at_risk[..], limit(at_risk, s)));
        let sizes = self.sizes.zip(self.options.told_people).map(|(of, s)| (of, limit(of, s)));
        let reach = self.options.told_distance;
        observed::best(self.problem, self.orders, |order, step| {
            let within = |cap: &Option<(&[f64], f64)>| {
                cap.is_none_or(|(of, m)| order.set(step).iter().map(|p| of[*p as usize]).sum::<f64>() <= m)
            };
            within(&most)
                && within(&sizes)
                && reach.is_none_or(|r| order.reach.get(step).is_none_or(|d| *d <= r))
        })
    }

    fn told(&self, best: &[Scored]) -> Vec<Told> {
        let site_of = |centre: usize| match self.options.grid {
            None => Some(to_u32(centre)),
            Some(_) => None,
        };
        told(self.orders, best, self.options.secondary, self.options.most_clusters, site_of)
    }

    /// Of several largest shares that which gives the significant clusters the highest Gini coefficient (Han and others
    /// 2016); without a significant cluster, the clusters of the whole scan.
    fn by_gini(&self, whole: Vec<Told>, drawn: &[f64], ended_early: bool) -> (Vec<Told>, Option<(f64, f64)>) {
        let mut best: Option<(f64, f64, Vec<Told>)> = None;
        for share in self.options.gini_shares.iter().filter(|s| **s <= self.options.max_share) {
            let told = self.told(&self.best(Some(*share)));
            let significant: Vec<Scored> = told
                .iter()
                .map(|t| t.scored)
                .filter(|s| monte_carlo(drawn, s.statistic, ended_early) <= self.options.gini_p)
                .collect();
            let value = gini(&significant, self.problem.score.cases);
            if !significant.is_empty() && best.as_ref().is_none_or(|b| value > b.1 + 1e-12) {
                best = Some((*share, value, told));
            }
        }
        match best {
            Some((share, value, told)) => (told, Some((share, value))),
            None => (whole, None),
        }
    }

    /// Over how many days p tells of chance: the time from one scan to the next, or all since the first that is counted in.
    fn watched(&self) -> f64 {
        let study = self.study;
        let every =
            self.options.every_days.unwrap_or_else(|| study.length(self.options.interval_length.max(1)));
        let first = self.options.since.and_then(|day| study.interval_of(day));
        let since = first.map_or(1, |i| study.intervals() - i) * self.options.interval_length.max(1);
        every.max(if first.is_some() { study.length(since) } else { 0.0 })
    }

    fn cluster(&self, t: &Told, drawn: &[f64], ended_early: bool) -> Cluster {
        let (s, sites) = (&t.scored, self.sites);
        let order = &self.orders[s.order];
        let (from, to) = self.problem.windows[s.window];
        let (start, end) = self.study.days(from as usize, to as usize - 1);
        let p_gumbel = gumbel(drawn, s.statistic);
        let p = match self.options.inference {
            Inference::Gumbel => p_gumbel,
            _ => monte_carlo(drawn, s.statistic, ended_early),
        };
        let everywhere = order.everywhere || self.options.scope == Scope::Time;
        let center_at = match &self.options.grid {
            _ if everywhere => None,
            Some(grid) => grid.get(order.centre).copied(),
            None => Some(*sites.at(order.centre)),
        };
        let center = match (&self.options.grid, center_at) {
            (_, None) => "All".to_owned(),
            (Some(_), Some(at)) => format!("{}, {}", at[0], at[1]),
            (None, _) => sites.names(order.centre).next().unwrap_or_default().to_owned(),
        };
        let radius = match (order.reach.get(s.step), center_at, &self.options.zones) {
            (Some(reach), ..) => *reach,
            (None, Some(at), Zones::Flexible { .. }) => {
                t.places.iter().map(|p| apart(sites.kind(), &at, sites.at(*p as usize))).fold(0.0, f64::max)
            }
            _ => 0.0,
        };
        Cluster {
            ids: t.places.iter().flat_map(|p| sites.names(*p as usize)).map(str::to_owned).collect(),
            center,
            center_at,
            radius,
            ellipse: order.ellipse.filter(|(shape, _)| *shape > 1.0).map(|(shape, angle)| Ellipse {
                shape,
                angle: leaning(angle.to_degrees()),
                longer: shape * radius,
            }),
            start,
            end,
            observed: s.observed,
            expected: s.expected,
            relative_risk: self.problem.score.relative_risk(f64::from(s.observed), s.expected),
            llr: s.llr,
            statistic: s.statistic,
            p,
            p_gumbel,
            recurrence_days: self.options.prospective.then(|| self.watched() / p),
        }
    }
}

/// An angle of an axis from above −90 to 90 degrees, without what turning there and back left behind the ninth digit.
fn leaning(angle: f64) -> f64 {
    let angle = (angle * 1e9).round() / 1e9;
    if angle > 90.0 { angle - 180.0 } else { angle }
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

#[cfg(test)]
mod tests {
    use super::leaning;

    #[test]
    fn an_axis_leans_to_one_side_or_the_other() {
        let angles = [0.0, 59.999_999_999_999_99, 90.0, 119.999_999_999_999_99, 168.0].map(leaning);
        assert!(angles.iter().zip([0.0, 60.0, 90.0, -60.0, -12.0]).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
