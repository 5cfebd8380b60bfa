//! The scan as the papers print it, window by window, without a thought to speed and without a line of the program: what data
//! sets with parameter files are held against.

use scanstat::{Analysis, Cluster, Parameters, Report, ScanError};
use std::collections::BTreeSet;

/// Draws that are the same on every machine.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A parameter file and its data, together.
pub(crate) fn analysed(settings: &str, files: &[(&str, &str)]) -> Result<Report, ScanError> {
    Analysis::read(&Parameters::parse(settings)?, |name| {
        let found = files.iter().find(|f| f.0 == name).map(|f| f.1.to_owned());
        found.ok_or_else(|| ScanError::Parameter(format!("{name} is not there")))
    })?
    .scan()
}

/// Days since the first of March of the year 0, by the calendar's own rule.
pub(crate) fn day(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1
}

/// People times days between two days: the same before the first census, along a line from one to the next, the same after the
/// last. Lines bend at the beginnings of days, so that the middle of each day tells of all of it.
pub(crate) fn lived(census: &[(i64, f64)], from: i64, to: i64) -> f64 {
    let at = |t: f64| {
        let after = census.iter().position(|c| c.0 as f64 > t);
        match after {
            Some(0) => census[0].1,
            None => census[census.len() - 1].1,
            Some(i) => {
                let ((t0, p0), (t1, p1)) = (census[i - 1], census[i]);
                p0 + (p1 - p0) * (t - t0 as f64) / (t1 - t0) as f64
            }
        }
    };
    (from..to).map(|d| at(d as f64 + 0.5)).sum()
}

/// Where something is: a plane, or latitude and longitude.
pub(crate) struct Ground {
    pub(crate) ids: Vec<String>,
    pub(crate) at: Vec<(f64, f64)>,
    pub(crate) globe: bool,
}

impl Ground {
    pub(crate) fn new(places: &[(&str, f64, f64)], globe: bool) -> Ground {
        let ids = places.iter().map(|p| p.0.to_owned()).collect();
        Ground { ids, at: places.iter().map(|p| (p.1, p.2)).collect(), globe }
    }

    /// By the angle between two points of a sphere, as vectors.
    fn apart(&self, (a, b): (f64, f64), (c, d): (f64, f64)) -> f64 {
        if !self.globe {
            return ((a - c).powi(2) + (b - d).powi(2)).sqrt();
        }
        let point = |lat: f64, long: f64| {
            let (lat, long) = (lat.to_radians(), long.to_radians());
            [lat.cos() * long.cos(), lat.cos() * long.sin(), lat.sin()]
        };
        let (p, q) = (point(a, b), point(c, d));
        let cross = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
        let dot: f64 = p.iter().zip(q).map(|(x, y)| x * y).sum();
        6_367.0 * cross.iter().map(|x| x * x).sum::<f64>().sqrt().atan2(dot)
    }
}

/// What was counted and what is expected, by place and interval.
pub(crate) struct Cells {
    pub(crate) seen: Vec<Vec<f64>>,
    pub(crate) expected: Vec<Vec<f64>>,
    /// Cases and controls by place and interval, where there are controls.
    pub(crate) people: Option<Vec<Vec<f64>>>,
    /// By place, what the largest circle is measured by.
    pub(crate) at_risk: Vec<f64>,
}

pub(crate) fn table(places: usize, times: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..places).map(|p| (0..times).map(|t| value(p, t)).collect()).collect()
}

fn rows(of: &[Vec<f64>]) -> Vec<f64> {
    of.iter().map(|row| row.iter().sum()).collect()
}

impl Cells {
    /// Poisson: cases of each stratum in proportion to the people of that stratum (indirect standardisation).
    pub(crate) fn poisson(seen: &[Vec<Vec<f64>>], people: &[Vec<Vec<f64>>]) -> Cells {
        let (places, times) = (seen[0].len(), seen[0][0].len());
        let sum = |of: &[Vec<f64>]| rows(of).iter().sum::<f64>();
        let expected = table(places, times, |p, t| {
            seen.iter().zip(people).map(|(s, n)| sum(s) * n[p][t] / sum(n)).sum()
        });
        let seen = table(places, times, |p, t| seen.iter().map(|s| s[p][t]).sum());
        Cells { at_risk: rows(&expected), seen, expected, people: None }
    }

    /// Permutation: within each stratum place and time are independent.
    pub(crate) fn permutation(seen: &[Vec<Vec<f64>>]) -> Cells {
        let (places, times) = (seen[0].len(), seen[0][0].len());
        let expected = table(places, times, |p, t| {
            seen.iter()
                .map(|s| {
                    let all: f64 = rows(s).iter().sum();
                    let now: f64 = s.iter().map(|row| row[t]).sum();
                    if all > 0.0 { s[p].iter().sum::<f64>() * now / all } else { 0.0 }
                })
                .sum()
        });
        let seen = table(places, times, |p, t| seen.iter().map(|s| s[p][t]).sum());
        Cells { at_risk: rows(&seen), seen, expected, people: None }
    }

    /// Bernoulli: cases in the share that all cases have of all people.
    pub(crate) fn bernoulli(seen: Vec<Vec<f64>>, controls: &[Vec<f64>]) -> Cells {
        let people = table(seen.len(), seen[0].len(), |p, t| seen[p][t] + controls[p][t]);
        let share = rows(&seen).iter().sum::<f64>() / rows(&people).iter().sum::<f64>();
        let expected = table(seen.len(), seen[0].len(), |p, t| share * people[p][t]);
        Cells { at_risk: rows(&people), seen, expected, people: Some(people) }
    }
}

/// What is looked at.
pub(crate) struct Ask {
    /// The largest share of those at risk.
    pub(crate) share: f64,
    pub(crate) radius: Option<f64>,
    /// By place, and the largest share.
    pub(crate) sizes: Option<(Vec<f64>, f64)>,
    /// Centres other than the places.
    pub(crate) grid: Option<Vec<(f64, f64)>>,
    /// First and last interval of each window of time.
    pub(crate) windows: Vec<(usize, usize)>,
    /// Whether all places at once are looked at too, or only they.
    pub(crate) everywhere: bool,
    pub(crate) places: bool,
    /// High, low.
    pub(crate) rates: (bool, bool),
}

impl Ask {
    pub(crate) fn windows(windows: Vec<(usize, usize)>) -> Ask {
        let (radius, sizes, grid, everywhere) = (None, None, None, false);
        Ask { share: 0.5, radius, sizes, grid, windows, everywhere, places: true, rates: (true, false) }
    }
}

/// All windows of between so many and so many of a number of intervals.
pub(crate) fn spans(intervals: usize, lengths: std::ops::RangeInclusive<usize>) -> Vec<(usize, usize)> {
    let all = (0..intervals).flat_map(|a| (a..intervals).map(move |b| (a, b)));
    all.filter(|(a, b)| lengths.contains(&(b - a + 1))).collect()
}

#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) centre: usize,
    pub(crate) members: BTreeSet<usize>,
    pub(crate) span: (usize, usize),
    pub(crate) seen: f64,
    pub(crate) expected: f64,
    pub(crate) ratio: f64,
}

/// Kulldorff (1997): the logarithm of the likelihood with a cluster less that without one.
fn ratio(c: f64, mu: f64, all: f64, inside: Option<(f64, f64)>) -> f64 {
    let term = |n: f64, of: f64| if n > 0.0 { n * (n / of).ln() } else { 0.0 };
    match inside {
        None => term(c, mu) + term(all - c, all - mu),
        Some((n, people)) => {
            let with = term(c, n) + term(n - c, n) + term(all - c, people - n);
            let with = with + term(people - n - (all - c), people - n);
            with - term(all, people) - term(people - all, people)
        }
    }
}

/// Every window, of every centre.
pub(crate) fn every(ground: &Ground, cells: &Cells, ask: &Ask) -> Vec<Window> {
    let n = ground.ids.len();
    let all: f64 = rows(&cells.seen).iter().sum();
    let everybody = cells.people.as_ref().map(|p| rows(p).iter().sum::<f64>());
    let mut sets: Vec<(usize, Vec<usize>)> = Vec::new();
    let centres = ask.grid.as_ref().unwrap_or(&ground.at);
    for (centre, at) in centres.iter().enumerate().filter(|_| ask.places) {
        let far: Vec<f64> = ground.at.iter().map(|q| ground.apart(*at, *q)).collect();
        for edge in 0..n {
            let set: Vec<usize> = (0..n).filter(|p| far[*p] <= far[edge] + 1e-9).collect();
            let within = |of: &[f64], share: f64| {
                set.iter().map(|p| of[*p]).sum::<f64>() <= share * of.iter().sum::<f64>() + 1e-9
            };
            let sized = ask.sizes.as_ref().is_none_or(|(of, share)| within(of, *share));
            if within(&cells.at_risk, ask.share) && sized && ask.radius.is_none_or(|r| far[edge] <= r) {
                sets.push((centre, set));
            }
        }
    }
    if ask.everywhere {
        sets.push((usize::MAX, (0..n).collect()));
    }
    let mut out = Vec::new();
    for (centre, set) in &sets {
        for &(from, to) in &ask.windows {
            let sum =
                |of: &[Vec<f64>]| set.iter().map(|p| of[*p][from..=to].iter().sum::<f64>()).sum::<f64>();
            let (c, mu) = (sum(&cells.seen), sum(&cells.expected));
            let wanted = (ask.rates.0 && c > mu + 1e-9 && c >= 2.0) || (ask.rates.1 && c < mu - 1e-9);
            if wanted && all - mu > 1e-9 {
                let inside = cells.people.as_ref().map(|p| sum(p)).zip(everybody);
                out.push(Window {
                    centre: *centre,
                    members: set.iter().copied().collect(),
                    span: (from, to),
                    seen: c,
                    expected: mu,
                    ratio: ratio(c, mu, all, inside),
                });
            }
        }
    }
    out
}

/// The best window of each centre that shares no place with a better one; what is everywhere stands in nobody's way.
pub(crate) fn told(windows: &[Window]) -> Vec<&Window> {
    let mut sorted: Vec<&Window> = windows.iter().collect();
    sorted.sort_by(|a, b| b.ratio.partial_cmp(&a.ratio).unwrap());
    let (mut centres, mut taken, mut out) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for w in sorted {
        let free = w.centre == usize::MAX || w.members.is_disjoint(&taken);
        if centres.insert(w.centre) && free {
            if w.centre != usize::MAX {
                taken.extend(&w.members);
            }
            out.push(w);
        }
    }
    out
}

/// Holds a report against all windows: as many clusters, of the same ratios to the sixth digit; each with the places, times,
/// cases and expected cases of one of the windows that have this ratio.
pub(crate) fn compare(report: &Report, ground: &Ground, cells: &Cells, ask: &Ask, starts: &[String]) {
    let windows = every(ground, cells, ask);
    let by_hand = told(&windows);
    let ratios = |r: Vec<f64>| r.iter().map(|r| format!("{r:.6}")).collect::<Vec<_>>();
    assert_eq!(
        ratios(report.clusters.iter().map(|c| c.llr).collect()),
        ratios(by_hand.iter().map(|w| w.ratio).collect()),
    );
    assert!(!by_hand.is_empty() && by_hand[0].ratio > 0.5, "nothing is found that a mistake could change");
    let same = |c: &Cluster, w: &Window| {
        let ids: BTreeSet<&String> = w.members.iter().map(|p| &ground.ids[*p]).collect();
        ids == c.ids.iter().collect()
            && report.time(c.start) == starts[w.span.0]
            && report.time(c.end.tomorrow().unwrap()) == starts[w.span.1 + 1]
            && f64::from(c.observed) == w.seen
            && (c.expected - w.expected).abs() < 1e-7
            && (c.llr - w.ratio).abs() < 1e-6
    };
    for c in &report.clusters {
        assert!(windows.iter().any(|w| same(c, w)), "no window is {c:?}");
    }
}
