//! Counting false alarms, and what is found of what was planted.

use crate::background::{Background, Letter, Said, reports};
use crate::dice::Dice;
use crate::district::Ground;
use crate::methods::Method;
use crate::outbreak::{Outbreak, Shape};
use app::ByWords;
use domain::CaseNo;
use domain::cases::local_date;
use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use scanstat::ScanError;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::warnings::Heard;
use warnings::{Change, Finding, Kind, MONTH, State, Warning, at_least, at_most, merge};

/// What is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// On how many threads; the answer does not depend on it.
    pub threads: usize,
    /// The false alarms a month that the district bears.
    pub nominal: f64,
    /// So many independent stretches are watched for false alarms …
    pub stretches: usize,
    /// … of so many days each; an outbreak is planted within the first fortnight of one.
    pub days: u32,
    /// Looks a day while watching for false alarms: 1, or 24 as in a running district.
    pub looks_a_day: u32,
    /// Whether the simpler methods are measured too.
    pub simpler: bool,
    /// So many times each outbreak is planted.
    pub runs: usize,
    /// The outbreaks.
    pub outbreaks: Vec<Outbreak>,
    /// What they are planted in.
    pub backgrounds: Vec<Background>,
    /// The real messages, for [`Background::Stream`].
    pub letters: Vec<Letter>,
}

/// Days that are known before anything is watched.
const PAST: u32 = 100;
/// What people say is read so many days back.
const READ: i64 = 28;

impl Plan {
    /// The plan of a minute or two.
    pub fn full(seed: u64) -> Plan {
        let outbreak = |shape, size, days| Outbreak { shape, size, days };
        Plan {
            seed,
            threads: 1,
            nominal: 1.0,
            stretches: 18,
            days: 61,
            looks_a_day: 1,
            simpler: true,
            runs: 20,
            outbreaks: vec![
                outbreak(Shape::Doorway, 5, 1),
                outbreak(Shape::Doorway, 10, 7),
                outbreak(Shape::Doorway, 20, 28),
                outbreak(Shape::Neighborhood, 5, 1),
                outbreak(Shape::Neighborhood, 10, 7),
                outbreak(Shape::Neighborhood, 20, 28),
                outbreak(Shape::Circle, 10, 3),
                outbreak(Shape::Circle, 20, 7),
                outbreak(Shape::Circle, 40, 28),
                outbreak(Shape::Street, 10, 3),
                outbreak(Shape::Street, 20, 7),
                outbreak(Shape::Street, 40, 28),
            ],
            backgrounds: vec![Background::Demo, Background::Poisson],
            letters: Vec::new(),
        }
    }

    /// The plan of some seconds: too little to tell 1 from 2.
    pub fn quick(seed: u64) -> Plan {
        let full = Plan::full(seed);
        let outbreaks = [0, 4, 7, 10].map(|i| full.outbreaks[i]).to_vec();
        Plan { stretches: 3, runs: 4, outbreaks, ..full }
    }

    /// How many steps of work there are, for a bar.
    pub fn steps(&self) -> usize {
        let planted = self.backgrounds.iter().filter(|b| **b != Background::Poisson).count();
        self.backgrounds.len() * 2 * self.stretches + planted * self.runs
    }
}

/// From … to.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// The exact 95 % interval of a Poisson mean of which so many were counted (Garwood 1936).
pub fn interval(counted: u32) -> Interval {
    let search = |tail: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 2.0 * f64::from(counted) + 20.0);
        for _ in 0..100 {
            let middle = f64::midpoint(low, high);
            if tail(middle) { low = middle } else { high = middle }
        }
        low
    };
    Interval {
        low: if counted == 0 { 0.0 } else { search(&|mean| at_least(counted, mean) < 0.025) },
        high: search(&|mean| at_most(counted, mean) > 0.025),
    }
}

/// The false alarms of one method in one background.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Alarms {
    /// The background.
    pub background: Background,
    /// The method's name.
    pub method: &'static str,
    /// Where its threshold stands: for ours the false alarms a month, for the others what brings them to as many.
    pub threshold: f64,
    /// Months that were watched.
    pub months: f64,
    /// Warnings that were told in them.
    pub alarms: u32,
    /// The same a month.
    pub a_month: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// What was asked for.
    pub nominal: f64,
    /// By kind: clusters, matters rising by subject, matters rising by words, others.
    pub by_kind: [u32; 4],
}

/// What one method found of one outbreak.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Found {
    /// The background.
    pub background: Background,
    /// The outbreak.
    #[serde(flatten)]
    pub outbreak: Outbreak,
    /// The method's name.
    pub method: &'static str,
    /// How often it was planted.
    pub runs: usize,
    /// The share of times it was warned of.
    pub power: f64,
    /// Days from the first planted report to the warning, the median of those that were warned of.
    pub days_to_warning: Option<f64>,
    /// Planted reports that were in by then, the median.
    pub reports_in: Option<f64>,
}

/// All that was measured.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Report {
    /// False alarms.
    pub false_alarms: Vec<Alarms>,
    /// Power and days.
    pub power: Vec<Found>,
}

/// Runs the plan; `done` is told after each step of work how many it was.
///
/// # Errors
/// What the scan refuses.
pub fn measure(plan: &Plan, done: &(dyn Fn(usize) + Sync)) -> Result<Report, ScanError> {
    let ground = Ground::demo(plan.seed);
    let mut report = Report::default();
    for background in &plan.backgrounds {
        let stage = Stage { plan, ground: &ground, background: *background };
        let methods = stage.calibrated(done)?;
        let stretches = parallel(plan.stretches, plan.threads, done, |i| {
            methods.iter().map(|m| stage.stretch(*m, 1_000 + i as u64)).collect::<Result<Vec<_>, _>>()
        })?;
        for (k, method) in methods.iter().enumerate() {
            report.false_alarms.push(stage.alarms(*method, stretches.iter().map(|s| &s[k])));
        }
        if *background == Background::Poisson {
            // It checks the nominal number; nothing is planted in it.
            continue;
        }
        let runs = parallel(plan.runs, plan.threads, done, |i| stage.run(&methods, i as u64))?;
        for (o, outbreak) in plan.outbreaks.iter().enumerate() {
            for (k, method) in methods.iter().enumerate() {
                let hits: Vec<(f64, f64)> = runs.iter().filter_map(|r| r[o][k]).collect();
                report.power.push(Found {
                    background: *background,
                    outbreak: *outbreak,
                    method: method.key(),
                    runs: plan.runs,
                    power: share(hits.len(), plan.runs),
                    days_to_warning: median(hits.iter().map(|h| h.0).collect()),
                    reports_in: median(hits.iter().map(|h| h.1).collect()),
                });
            }
        }
    }
    Ok(report)
}

#[expect(clippy::cast_precision_loss, reason = "counts of runs")]
fn share(n: usize, of: usize) -> f64 {
    n as f64 / of.max(1) as f64
}

fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let n = all.len();
    let lower = *all.get(n.checked_sub(1)? / 2)?;
    Some(f64::midpoint(lower, all[n / 2]))
}

/// Does `n` pieces of work on some threads; the answers are in their order.
fn parallel<T: Send>(
    n: usize,
    threads: usize,
    done: &(dyn Fn(usize) + Sync),
    work: impl Fn(usize) -> Result<T, ScanError> + Sync,
) -> Result<Vec<T>, ScanError> {
    let next = AtomicUsize::new(0);
    let out: Mutex<Vec<(usize, Result<T, ScanError>)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, n.max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    if i >= n {
                        break;
                    }
                    let did = work(i);
                    out.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((i, did));
                    done(1);
                }
            });
        }
    });
    let mut all = out.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, t)| t).collect()
}

/// Days from the first planted report to the warning, and planted reports that were in by then.
type Hit = Option<(f64, f64)>;

/// One background, looked at by methods.
#[derive(Clone, Copy)]
pub(crate) struct Stage<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) ground: &'a Ground,
    pub(crate) background: Background,
}

/// A moment of a local day.
fn moment(day: Date, hour: i64) -> Timestamp {
    let midnight = Offset::constant(8).to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    midnight + SignedDuration::from_secs(hour * 3_600 - 1)
}

impl Stage<'_> {
    /// Ours at the nominal number, and the others where they come closest to it from below in months that are not those which
    /// are measured.
    fn calibrated(&self, done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Method>, ScanError> {
        if !self.plan.simpler {
            done(self.plan.stretches);
            return Ok(vec![Method::Ours(self.plan.nominal)]);
        }
        let bears = self.plan.nominal * self.months();
        let backgrounds = parallel(self.plan.stretches, self.plan.threads, done, |i| {
            Ok((self.said(i as u64), self.days(i as u64)))
        })?;
        let mut methods = vec![Method::Ours(self.plan.nominal)];
        for of in [Method::Threshold as fn(u32) -> Method, Method::EarsC2, Method::StDbscan] {
            // From the published three upwards: the first that makes no more than is borne.
            let (mut low, mut high) = (2, 80);
            while high - low > 1 {
                let middle = u32::midpoint(low, high);
                let counts = parallel(backgrounds.len(), self.plan.threads, &|_| {}, |i| {
                    let (said, days) = &backgrounds[i];
                    Ok(self.told(of(middle), said, days)?.len())
                })?;
                let all: usize = counts.iter().sum();
                if share(all, 1) > bears { low = middle } else { high = middle }
            }
            methods.push(of(high));
        }
        Ok(methods)
    }

    fn months(&self) -> f64 {
        share(self.plan.stretches, 1) * f64::from(self.plan.days) / MONTH
    }

    /// The days that a stretch watches: anywhere in two years, or in the time of the stream.
    fn days(&self, stretch: u64) -> Vec<Date> {
        let mut dice = Dice::new(self.plan.seed ^ (stretch << 20), 41);
        let (first, span) = self.span();
        let first = first.saturating_add((dice.below(span) as i64).days());
        (0..i64::from(self.plan.days)).map(|d| first.saturating_add(d.days())).collect()
    }

    /// Where stretches may begin: the first day and how many there are.
    fn span(&self) -> (Date, usize) {
        match self.background {
            Background::Demo | Background::Poisson => (date(2025, 1, 1), 600),
            Background::Stream => {
                // Its first messages lie far apart: one in ten is left before it begins.
                let at = |share: usize| {
                    self.plan.letters.get(self.plan.letters.len() * share / 100).map(|l| local_date(l.at))
                };
                let (Some(first), Some(last)) = (at(20), at(99)) else { return (date(2025, 1, 1), 1) };
                let span = first.until(last).map_or(0, |s| s.get_days())
                    - i32::try_from(self.plan.days).unwrap_or(0);
                (first, usize::try_from(span).unwrap_or(1).max(1))
            }
        }
    }

    fn said(&self, stretch: u64) -> Vec<Said> {
        let last = self.days(stretch).last().copied().unwrap_or(date(2025, 1, 1));
        let seed = self.plan.seed.wrapping_mul(1_000_003).wrapping_add(stretch);
        reports(self.background, self.ground, &self.plan.letters, seed, (last, PAST + self.plan.days))
    }

    fn stretch(&self, method: Method, stretch: u64) -> Result<Vec<Finding>, ScanError> {
        self.told(method, &self.said(stretch), &self.days(stretch))
    }

    /// The warnings that are told in the days.
    fn told(&self, method: Method, said: &[Said], days: &[Date]) -> Result<Vec<Finding>, ScanError> {
        let a_day = i64::from(self.plan.looks_a_day.clamp(1, 24));
        let moments: Vec<Timestamp> =
            days.iter().flat_map(|d| (1..=a_day).map(|i| moment(*d, 24 * i / a_day))).collect();
        let mut told = Vec::new();
        self.watch(method, (said, ByWords::default()), &moments, |_, changes, _| {
            told.extend(changes.iter().filter_map(|c| match c {
                Change::Tell(w) => Some(w.finding.clone()),
                _ => None,
            }));
            false
        })?;
        Ok(told)
    }

    fn alarms<'t>(&self, method: Method, told: impl Iterator<Item = &'t Vec<Finding>>) -> Alarms {
        let mut by_kind = [0; 4];
        for f in told.flatten() {
            by_kind[match f.kind {
                Kind::Cluster => 0,
                Kind::Rising if f.about.is_empty() => 1,
                Kind::Rising => 2,
                _ => 3,
            }] += 1;
        }
        let (alarms, months) = (by_kind.iter().sum(), self.months());
        let i = interval(alarms);
        Alarms {
            background: self.background,
            method: method.key(),
            threshold: method.at(),
            months,
            alarms,
            a_month: f64::from(alarms) / months,
            interval: Interval { low: i.low / months, high: i.high / months },
            nominal: self.plan.nominal,
            by_kind,
        }
    }

    /// Plants each outbreak once; for each and each method the days and the reports until it was warned of.
    fn run(&self, methods: &[Method], run: u64) -> Result<Vec<Vec<Hit>>, ScanError> {
        let stretch = 2_000 + run;
        let (said, days) = (self.said(stretch), self.days(stretch));
        // Five weeks of those that are watched are enough for the slowest.
        let first = days[usize::try_from(run % 14).unwrap_or(0).min(days.len() - 1)];
        let begin = moment(first, 0);
        let mut words = ByWords::default();
        read(&mut words, said.iter().filter(|s| s.heard.at < begin), begin);
        let no = i64::try_from(said.len()).unwrap_or(0) + 1;
        let seed = |o: usize| self.plan.seed ^ (run << 8) ^ o as u64;
        let mut out = Vec::new();
        for (o, outbreak) in self.plan.outbreaks.iter().enumerate() {
            let planted = outbreak.reports(self.ground, seed(o), first, no);
            let mut all = said.clone();
            all.extend(planted.iter().cloned());
            all.sort_by_key(|s| s.heard.at);
            let ours: BTreeSet<CaseNo> = planted.iter().map(|s| s.heard.case).collect();
            let began = planted[0].heard.at;
            let hour = |at: Timestamp| {
                Timestamp::from_second((at.as_second().div_euclid(3_600) + 1) * 3_600 - 1).unwrap_or(at)
            };
            let mut moments: Vec<Timestamp> = planted.iter().map(|s| hour(s.heard.at)).collect();
            moments.extend((1..=i64::from(outbreak.days) + 1).map(|d| moment(first, 24 * d)));
            moments.sort_unstable();
            moments.dedup();
            let mut of_methods = Vec::new();
            for method in methods {
                let mut hit = None;
                let kept = if matches!(method, Method::Ours(_)) { words.clone() } else { ByWords::default() };
                self.watch(*method, (&all, kept), &moments, |at, _, warnings| {
                    if warnings.iter().any(|w| w.state == State::Open && speaks_of(w, &ours)) {
                        let days = at.duration_since(began).as_secs_f64() / 86_400.0;
                        hit = Some((days, share(planted.iter().filter(|s| s.heard.at <= at).count(), 1)));
                    }
                    hit.is_some()
                })?;
                of_methods.push(hit);
            }
            out.push(of_methods);
        }
        Ok(out)
    }

    /// Looks at each moment, keeps warnings as the product does, and tells of each look; ends where it is told to.
    pub(crate) fn watch(
        &self,
        method: Method,
        (said, mut words): (&[Said], ByWords),
        moments: &[Timestamp],
        mut tell: impl FnMut(Timestamp, &[Change], &[Warning]) -> bool,
    ) -> Result<(), ScanError> {
        let heard: Vec<Heard> = said.iter().map(|s| s.heard.clone()).collect();
        let mut warnings: Vec<Warning> = Vec::new();
        let mut known = 0;
        for at in moments {
            let upto = said.partition_point(|s| s.heard.at <= *at);
            if matches!(method, Method::Ours(_)) {
                read(&mut words, said[known..upto].iter(), *at);
                known = upto;
            }
            let today = local_date(*at);
            let found = method.look(self.ground, &heard[..upto], &words, today)?;
            let changes = merge(&warnings, found, today);
            for change in &changes {
                match change {
                    Change::Tell(w) => warnings.push(w.clone()),
                    Change::GoesOn { index, now, .. } => warnings[*index] = now.clone(),
                    Change::Lapses(index) => warnings[*index].state = State::Lapsed,
                }
            }
            if tell(*at, &changes, &warnings) {
                break;
            }
        }
        Ok(())
    }
}

/// Reads what was said within the last weeks.
fn read<'s>(words: &mut ByWords, said: impl Iterator<Item = &'s Said>, now: Timestamp) {
    let since = now - SignedDuration::from_hours(24 * READ);
    for s in said.filter(|s| s.heard.at > since) {
        if let Some(message) = &s.message {
            words.read(s.heard.case, s.heard.path.lowest(), s.person, message);
        }
    }
}

/// Whether a warning is of what was planted: at least two of it, and half of what it rests on.
fn speaks_of(w: &Warning, planted: &BTreeSet<CaseNo>) -> bool {
    let of_it = w.finding.cases.iter().filter(|c| planted.contains(c)).count();
    of_it >= 2 && of_it * 2 >= w.finding.cases.len()
}

#[cfg(test)]
mod tests;
