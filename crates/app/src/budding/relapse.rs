//! Closed matters that come back at their door more often than their kind usually comes there.

use super::find::{Look, MOST_RARE, day_of, float, whole};
use domain::DoorwayId;
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet};
use store::warnings::Course;
use warnings::{Finding, Kind, relapse};

/// A matter that was closed is watched for so many days.
const WATCHED: i64 = 90;
/// What came back last longer ago than this, in days, is over.
const FRESH: i64 = 14;
/// Fewer returns than this are never a warning.
const LEAST: u32 = 3;
/// A door's own past counts beside so many days of the mean door.
const TRUST: f64 = 90.0;

/// The cases of one subject at one door, in their order; and the first that was closed in the last ninety days.
struct Matter<'a> {
    closed: &'a Course,
    on: i64,
    returns: Vec<&'a Course>,
    before: usize,
}

/// One test for every case that comes back: a matter is closed, and cases of its subject at its door come after that. What is
/// usual there is the door's own past before the case that was closed, drawn towards the mean door as a gamma prior draws
/// it. Tests a day are the returns of the last four weeks, so that their false alarms add up to the share.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let end = look.end;
    let courses: Vec<&Course> = look.facts.courses.iter().filter(|c| day_of(c.reported_at) <= end).collect();
    let Some(first) = courses.iter().map(|c| day_of(c.reported_at)).min().filter(|_| look.has_past()) else {
        return Ok(Vec::new());
    };
    let mut at: BTreeMap<(DoorwayId, &str), Vec<&Course>> = BTreeMap::new();
    let mut by_subject: BTreeMap<&str, usize> = BTreeMap::new();
    for c in courses {
        if let Some(door) = c.doorway {
            at.entry((door, &c.subject)).or_default().push(c);
            *by_subject.entry(&c.subject).or_default() += 1;
        }
    }
    let doors = at.keys().map(|k| k.0).collect::<BTreeSet<_>>().len();
    let matters: Vec<Matter<'_>> = at.values().filter_map(|own| came_back(own, end)).collect();
    let recent = |m: &&Matter<'_>| m.returns.iter().filter(|c| day_of(c.reported_at) > end - 28).count();
    let tests_a_day = float(matters.iter().map(|m| recent(&m)).sum::<usize>().max(1)) / 28.0;
    let threshold = look.budget.p(1, tests_a_day, Kind::Relapse.share());
    let mut out = Vec::new();
    for m in &matters {
        let Some(last) = m.returns.last().map(|c| day_of(c.reported_at)).filter(|d| *d > end - FRESH) else {
            continue;
        };
        let again = u32::try_from(m.returns.len()).unwrap_or(u32::MAX);
        let known = (day_of(m.closed.reported_at) - first).max(0);
        let all = by_subject.get(m.closed.subject.as_str()).copied().unwrap_or(0);
        let mean = float(all) / float(doors.max(1)) / whole(end - first + 1);
        let a_day = (float(m.before) + TRUST * mean) / (whole(known) + TRUST);
        let days = u32::try_from((last - m.on).max(1)).unwrap_or(1);
        let p = relapse(again, a_day, days);
        if again < LEAST || p > threshold {
            continue;
        }
        let Some(precinct) = m.closed.path.at(2) else { continue };
        out.push(Finding {
            kind: Kind::Relapse,
            precinct,
            subject: m.closed.subject.clone(),
            about: String::new(),
            doorways: m.closed.doorway.into_iter().collect(),
            cases: m.returns.iter().map(|c| c.case).collect(),
            since: store::territory::date(m.on).unwrap_or(look.today),
            observed: f64::from(again),
            expected: a_day * f64::from(days),
            once_in_days: (1.0 / (p.max(f64::MIN_POSITIVE) * tests_a_day)).min(MOST_RARE),
            untold: None,
        });
    }
    Ok(out)
}

fn came_back<'a>(own: &[&'a Course], end: i64) -> Option<Matter<'a>> {
    let closed_on = |c: &&Course| c.closed_at.map(day_of).filter(|d| (end - WATCHED + 1..=end).contains(d));
    let closed = own.iter().copied().filter(|c| closed_on(c).is_some()).min_by_key(|c| c.closed_at)?;
    let at = closed.closed_at?;
    let returns: Vec<&Course> = own.iter().copied().filter(|c| c.reported_at > at).collect();
    let before = own.iter().filter(|c| c.reported_at < closed.reported_at).count();
    (!returns.is_empty()).then(|| Matter { closed, on: day_of(at), returns, before })
}
