//! Adjustments of what is expected: known events, days of the week, trends, and what is left to each place or time.

use crate::data::Study;
use crate::geometry::Sites;
use crate::options::{Differences, Options, Trend};
use crate::records::table;
use crate::times::{Times, day_number, last, moment};
use crate::{Interval, ScanError};
use jiff::civil::Date;

/// Known relative risks of places and times: a fair that brings cases, a place that could not report (risk 0).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownRisks(Vec<Known>);

#[derive(Debug, Clone, PartialEq)]
struct Known {
    line: usize,
    /// `None` for all places.
    id: Option<String>,
    risk: f64,
    /// First day and the day after the last.
    days: Option<(Date, Date)>,
}

impl KnownRisks {
    /// Reads an adjustments file of the reference program: `id risk [first last]`, or `All` for every place. Risks of one
    /// place and time are multiplied.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse(text: &str) -> Result<KnownRisks, ScanError> {
        Self::parse_with(text, Times::AsGiven)
    }

    /// The same, where times are known to be dates, or numbers.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_with(text: &str, times: Times) -> Result<KnownRisks, ScanError> {
        let mut out = Vec::new();
        for (line, f) in table(text) {
            let bad = |why: String| ScanError::Line { what: "adjustments".to_owned(), line, why };
            let (id, risk, days) = match &f[..] {
                [id, risk] => (id, risk, None),
                [id, risk, from, to] => {
                    let day = |t: &String| moment(t, times == Times::Numbers).map_err(bad);
                    let (begin, (end, precision)) = (day(from)?.0, day(to)?);
                    let (from, end) = (begin, last(end, precision));
                    if end < from {
                        return Err(bad(format!("ends on {end}, before it begins on {from}")));
                    }
                    (id, risk, Some((from, end.tomorrow().unwrap_or(end))))
                }
                _ => return Err(bad("needs an identifier, a risk, and both times or none".into())),
            };
            let risk = risk
                .parse::<f64>()
                .ok()
                .filter(|r| r.is_finite() && *r >= 0.0)
                .ok_or_else(|| bad(format!("{risk:?} is no relative risk")))?;
            let id = (!id.eq_ignore_ascii_case("all")).then(|| id.clone());
            out.push(Known { line, id, risk, days });
        }
        Ok(KnownRisks(out))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn apply(&self, sites: &Sites, study: &Study, mu: &mut [f64]) -> Result<(), ScanError> {
        let n = study.intervals();
        for k in &self.0 {
            let of = match &k.id {
                None => 0..sites.len(),
                Some(id) => {
                    let line = k.line;
                    let site = sites.index(id).ok_or_else(|| ScanError::Line {
                        what: "adjustments".to_owned(),
                        line,
                        why: format!("{id:?} is no place of the study"),
                    })?;
                    site..site + 1
                }
            };
            for i in 0..n {
                let (from, to) = study.span(i);
                // The share of the interval that the days cover.
                let share = k.days.map_or(1.0, |(a, b)| {
                    ((day_number(b).min(to) - day_number(a).max(from)) / (to - from)).max(0.0)
                });
                let factor = 1.0 + share * (k.risk - 1.0);
                of.clone().for_each(|s| mu[s * n + i] *= factor);
            }
        }
        Ok(())
    }
}

/// The day of the week of an interval, which must be a day.
pub(crate) fn weekday(study: &Study, i: usize) -> Result<usize, ScanError> {
    let (from, to) = study.span(i);
    if to - from > 1.0 {
        return Err(ScanError::Parameter("days of the week need intervals of one day".into()));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 6")]
    Ok(from.rem_euclid(7.0) as usize)
}

/// Scales what is expected so that each class of cells has what it was observed to have.
fn keep(count: &[u32], mu: &mut [f64], classes: usize, class: impl Fn(usize) -> usize) {
    let (mut c, mut m) = (vec![0.0; classes], vec![0.0; classes]);
    for i in 0..mu.len() {
        c[class(i)] += f64::from(count[i]);
        m[class(i)] += mu[i];
    }
    for (i, v) in mu.iter_mut().enumerate() {
        let k = class(i);
        if m[k] > 0.0 {
            *v *= c[k] / m[k];
        }
    }
}

/// Adjusts what the Poisson model expects, and tells the sets of cells that keep their cases under chance. In the end as
/// many cases are expected as there are.
pub(crate) fn poisson(
    sites: &Sites,
    study: &Study,
    count: &[u32],
    mu: &mut [f64],
    options: &Options,
) -> Result<Vec<(u32, Vec<u32>)>, ScanError> {
    let n = study.intervals();
    options.known.apply(sites, study, mu)?;
    if options.weekly {
        let days = (0..n).map(|i| weekday(study, i)).collect::<Result<Vec<_>, _>>()?;
        keep(count, mu, 7, |i| days[i % n]);
    }
    let mut block = None;
    match options.trend {
        Trend::None => {}
        Trend::Percent(percent) => {
            if percent <= -100.0 {
                return Err(ScanError::Parameter(format!("a trend of {percent} % a year leaves nothing")));
            }
            let years = options.interval_length.max(1) as f64
                * match study.interval {
                    Interval::Year => 1.0,
                    Interval::Month => 1.0 / 12.0,
                    Interval::Day => 1.0 / 365.25,
                };
            scale(mu, n, |i| (1.0 + percent / 100.0).powf(i as f64 * years));
        }
        Trend::AsObserved => {}
        Trend::LogLinear => fit(n, count, mu, 1)?,
        Trend::Quadratic => fit(n, count, mu, 2)?,
        Trend::Stratified(length) => {
            let length = length.max(1);
            keep(count, mu, n.div_ceil(length), |i| (n - 1 - i % n) / length);
            block = Some((n.div_ceil(length), Box::new(move |i: usize| (n - 1 - i % n) / length) as Class));
        }
    }
    let (times, places) = (options.trend == Trend::AsObserved, options.by_place == Differences::AsObserved);
    // One after the other until both hold, where both are asked for (Deming and Stephan 1940).
    for _ in 0..if times && places { ROUNDS } else { 1 } {
        if times {
            keep(count, mu, n, |i| i % n);
        }
        if places {
            keep(count, mu, sites.len(), |i| i / n);
        }
    }
    if options.by_place == Differences::Kept {
        if block.is_some() {
            return Err(ScanError::Parameter(
                "each place and each time keeping its cases is the permutation model".into(),
            ));
        }
        keep(count, mu, sites.len(), |i| i / n);
        block = Some((sites.len(), Box::new(move |i: usize| i / n) as Class));
    }
    let (total, sum) = (count.iter().map(|c| f64::from(*c)).sum::<f64>(), mu.iter().sum::<f64>());
    if sum <= 0.0 {
        return Err(ScanError::Parameter("nothing is expected anywhere after the adjustments".into()));
    }
    mu.iter_mut().for_each(|m| *m *= total / sum);
    if let Some(i) = (0..mu.len()).find(|i| count[*i] > 0 && mu[*i] <= 0.0) {
        let (from, to) = study.days(i % n, i % n);
        let name = sites.names(i / n).next().unwrap_or_default();
        return Err(ScanError::Parameter(format!(
            "{name:?} has cases from {from} to {to}, where none are expected"
        )));
    }
    let Some((blocks, class)) = block else { return Ok(Vec::new()) };
    let mut out = vec![(0, Vec::new()); blocks];
    for i in 0..mu.len() {
        let (cases, cells): &mut (u32, Vec<u32>) = &mut out[class(i)];
        *cases += count[i];
        cells.push(u32::try_from(i).unwrap_or(u32::MAX));
    }
    Ok(out)
}

/// Far more than it takes for two margins to agree to the last digit.
const ROUNDS: usize = 200;

type Class = Box<dyn Fn(usize) -> usize>;

fn scale(mu: &mut [f64], n: usize, factor: impl Fn(usize) -> f64) {
    mu.iter_mut().enumerate().for_each(|(i, m)| *m *= factor(i % n));
}

/// Poisson regression on time, log-linear or log-quadratic, with what is expected as offset (McCullagh and Nelder 1989,
/// chapter 6): its likelihood given the total is that of a multinomial with weights m(t)·exp(b₁t + b₂t²), maximised by
/// Newton's method.
fn fit(n: usize, count: &[u32], mu: &mut [f64], degree: usize) -> Result<(), ScanError> {
    let (mut c, mut m) = (vec![0.0; n], vec![0.0; n]);
    for i in 0..mu.len() {
        c[i % n] += f64::from(count[i]);
        m[i % n] += mu[i];
    }
    // Intervals are numbered from −1 to 1.
    let t = |i: usize| if n > 1 { 2.0 * i as f64 / (n - 1) as f64 - 1.0 } else { 0.0 };
    let total: f64 = c.iter().sum();
    let mut b = [0.0; 2];
    for _ in 0..100 {
        let weight = |i: usize| m[i] * (b[0] * t(i) + b[1] * t(i) * t(i)).exp();
        let all: f64 = (0..n).map(weight).sum();
        let mean = |p: i32| (0..n).map(|i| weight(i) * t(i).powi(p)).sum::<f64>() / all;
        let seen = |p: i32| (0..n).map(|i| c[i] * t(i).powi(p)).sum::<f64>() / total;
        let [m1, m2] = [1, 2].map(mean);
        let [g1, g2] = [seen(1) - m1, seen(2) - m2];
        let v11 = m2 - m1 * m1;
        let step = if degree == 1 {
            [g1 / v11, 0.0]
        } else {
            let (v12, v22) = (mean(3) - m1 * m2, mean(4) - m2 * m2);
            let det = v11 * v22 - v12 * v12;
            [(g1 * v22 - g2 * v12) / det, (g2 * v11 - g1 * v12) / det]
        };
        if !step.iter().all(|s| s.is_finite()) {
            return Err(ScanError::Parameter(
                "the trend of the cases cannot be estimated: too few times".into(),
            ));
        }
        // A step too far is shortened, so that weights stay numbers.
        b.iter_mut().zip(step).for_each(|(b, s)| *b += s.clamp(-2.0, 2.0));
        if step.iter().all(|s| s.abs() < 1e-12) {
            break;
        }
    }
    scale(mu, n, |i| (b[0] * t(i) + b[1] * t(i) * t(i)).exp());
    Ok(())
}
