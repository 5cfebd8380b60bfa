//! Answers that take longer and longer: of a unit in a precinct, and of a subject in a precinct.

use super::find::{Look, MOST_RARE, day_of, float};
use domain::PlaceId;
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet};
use store::warnings::Course;
use warnings::{Cusum, Finding, Kind, MONTH, Usual};

/// Answers of so many days are added up; what came before is the usual.
const RECENT: i64 = 28;
/// With fewer answers than this nothing is usual, and fewer recent ones say nothing.
const LEAST_USUAL: usize = 40;
const LEAST_RECENT: usize = 5;
/// The drift to be found, in standard deviations.
const SHIFT: f64 = 1.0;
/// A warning names so many cases at most.
const NAMED: usize = 40;

/// Whose answers: a unit's, or those about a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose<'a> {
    Unit(i64),
    Subject(&'a str),
}

/// An answer: its case, the hours it took, and by how much its subject takes longer than all, as a factor.
#[derive(Clone, Copy)]
struct Answer<'a> {
    case: &'a Course,
    hours: f64,
    factor: f64,
}

/// A cumulative sum (Page 1954) of how much longer than usual each answer took, in the order of the answers, over the last
/// four weeks; the usual is what came before. Of a unit each answer is compared with its subject's usual time, so that
/// harder work is no drift. The run length is such that answers a month / run length is the share of false alarms.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let end = look.end;
    if !look.has_past() {
        return Ok(Vec::new());
    }
    let mut answers: Vec<(i64, &Course)> = look
        .facts
        .courses
        .iter()
        .filter_map(|c| Some((day_of(c.answered_at?), c)))
        .filter(|(day, _)| *day <= end)
        .collect();
    answers.sort_by_key(|(_, c)| (c.answered_at, c.case));
    let mut logs: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (_, c) in answers.iter().filter(|(day, _)| *day <= end - RECENT) {
        let sum = logs.entry(&c.subject).or_default();
        *sum = (sum.0 + hours(c).ln(), sum.1 + 1);
    }
    let (all, n) = logs.values().fold((0.0, 0), |a, s| (a.0 + s.0, a.1 + s.1));
    let overall = all / float(n.max(1));
    let mut streams: BTreeMap<(PlaceId, Whose<'_>), (Vec<f64>, Vec<Answer<'_>>)> = BTreeMap::new();
    for (day, case) in answers {
        let Some(precinct) = case.path.at(2) else { continue };
        let subject = logs.get(case.subject.as_str()).map_or(overall, |s| s.0 / float(s.1));
        let factor = (subject - overall).exp();
        let answer = Answer { case, hours: hours(case), factor };
        let unit = case.unit.map(|u| (Whose::Unit(u.0), answer));
        let kinds =
            unit.into_iter().chain([(Whose::Subject(&case.subject), Answer { factor: 1.0, ..answer })]);
        for (whose, a) in kinds {
            let stream = streams.entry((precinct, whose)).or_default();
            if day > end - RECENT {
                stream.1.push(a);
            } else {
                stream.0.push(a.hours / a.factor);
            }
        }
    }
    streams.retain(|_, (usual, recent)| usual.len() >= LEAST_USUAL && recent.len() >= LEAST_RECENT);
    let a_day = float(streams.values().map(|s| s.1.len()).sum::<usize>().max(1)) / 28.0;
    let bears = look.budget.alarms_a_month * Kind::SlowAnswers.share();
    let cusum = Cusum::with_run_length(SHIFT, (a_day * MONTH / bears.max(f64::MIN_POSITIVE)).max(2.0));
    let mut out: Vec<Finding> = Vec::new();
    let mut told = BTreeSet::new();
    for ((precinct, whose), (before, recent)) in streams {
        let Some(usual) = Usual::of(&before) else { continue };
        let Some(drift) = cusum.at_end(usual, recent.iter().map(|a| a.hours / a.factor)) else { continue };
        let slow = &recent[drift.since..];
        let n = float(slow.len());
        let typical =
            |f: &dyn Fn(&Answer<'_>) -> f64| (slow.iter().map(|a| f(a).ln()).sum::<f64>() / n).exp();
        let (subject, about) = match &whose {
            Whose::Unit(unit) => (String::new(), format!("unit:{unit}")),
            Whose::Subject(code) => ((*code).to_owned(), String::new()),
        };
        let cases: Vec<_> =
            slow.iter().filter(|a| a.hours > usual.mean.exp() * a.factor).map(|a| a.case.case).collect();
        // A unit that drifts takes its subjects with it: said once.
        if matches!(whose, Whose::Subject(_))
            && cases.iter().filter(|c| told.contains(*c)).count() * 2 > cases.len()
        {
            continue;
        }
        told.extend(cases.iter().copied());
        let since =
            slow.first().and_then(|a| a.case.answered_at).map_or(look.today, domain::cases::local_date);
        out.push(Finding {
            kind: Kind::SlowAnswers,
            precinct,
            subject,
            about,
            doorways: vec![],
            cases: cases.into_iter().rev().take(NAMED).collect(),
            since,
            observed: typical(&|a| a.hours),
            expected: typical(&|a| usual.mean.exp() * a.factor),
            once_in_days: (drift.answers / a_day).min(MOST_RARE),
            untold: None,
        });
    }
    Ok(out)
}

/// From the report to its answer, in hours; a minute at least.
fn hours(c: &Course) -> f64 {
    let span = c.answered_at.map_or(0.0, |at| at.duration_since(c.reported_at).as_secs_f64());
    (span / 3_600.0).max(1.0 / 60.0)
}
