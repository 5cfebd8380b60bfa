//! What a day's look finds: space-time clusters by subject and over all, and matters that rise in one neighbourhood.
//! Decides; reads and keeps nothing.

use crate::Directory;
use domain::cases::local_date;
use domain::{CaseNo, DoorwayId, PlaceId};
use jiff::civil::Date;
use scanstat::ScanError;
use scanstat::watch::{Draws, Ground, Limits, Watch};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use store::cases::day_number;
use store::warnings::Heard;
use warnings::{Budget, Finding, Kind, at_least, concerned};

/// The longest study, in days.
const STUDY: i64 = 365;
/// With fewer days than this there is no past to compare with.
const LEAST_STUDY: i64 = 42;
/// The longest window of a cluster, in days.
const LONGEST: u16 = 14;
/// Circles reach so far, in metres.
const REACH: f64 = 1_500.0;
/// From the middle of a hexagon of the schematic map to its corner, in metres: some 0.3 km² a neighbourhood.
const HEXAGON: f64 = 340.0;
/// Fewer reports than this are never a warning.
const LEAST: u32 = 4;
/// Windows in which a matter may rise, in days.
const RISING: [i64; 4] = [1, 3, 7, 14];
/// A neighbourhood's own past counts beside so many days of the district's mean.
const TRUST: f64 = 30.0;

/// The neighbourhoods on the map.
struct Land {
    at: Vec<(f64, f64)>,
    index: HashMap<PlaceId, u32>,
}

impl Land {
    fn of(directory: &Directory) -> Land {
        let mut land = Land { at: Vec::new(), index: HashMap::new() };
        for place in directory.places() {
            let Some((q, r)) = place.hex else { continue };
            let (q, r) = (f64::from(q), f64::from(r));
            land.index.insert(place.id, u32::try_from(land.at.len()).unwrap_or(u32::MAX));
            land.at.push((HEXAGON * 3_f64.sqrt() * (q + r / 2.0), HEXAGON * 1.5 * r));
        }
        land
    }
}

/// One report, as a look counts it.
struct Report<'a> {
    heard: &'a Heard,
    /// The neighbourhood's number on the map.
    place: u32,
    day: i64,
}

/// The findings of a day. `heard` holds the reports of the last year; those of today are counted as far as they have
/// come. Thresholds are such that chance alone makes as many warnings a month as `budget` bears, over the whole
/// district.
///
/// # Errors
/// What the scan refuses; none that the map of a district could bring about.
pub(crate) fn findings(
    directory: &Directory,
    heard: &[Heard],
    today: Date,
    budget: Budget,
) -> Result<Vec<Finding>, ScanError> {
    let land = Land::of(directory);
    let end = day_number(today);
    let reports: Vec<Report<'_>> = heard
        .iter()
        .filter_map(|heard| {
            let place = *land.index.get(&heard.path.lowest()?)?;
            let day = day_number(local_date(heard.at));
            (day <= end && day > end - STUDY).then_some(Report { heard, place, day })
        })
        .collect();
    let days = reports.iter().map(|r| end - r.day + 1).max().unwrap_or(0);
    if days < LEAST_STUDY || land.at.is_empty() {
        return Ok(Vec::new());
    }
    let mut by_subject: BTreeMap<&str, Vec<&Report<'_>>> = BTreeMap::new();
    for r in &reports {
        by_subject.entry(&r.heard.subject).or_default().push(r);
        by_subject.entry("").or_default().push(r);
    }
    let mut found = clusters(&land, &by_subject, (end, days), budget)?;
    // Many things at once are told only where no single subject makes up half of them.
    let of_subjects: BTreeSet<CaseNo> =
        found.iter().filter(|f| !f.subject.is_empty()).flat_map(|f| f.cases.iter().copied()).collect();
    found.retain(|f| {
        let shared = f.cases.iter().filter(|c| of_subjects.contains(c)).count();
        !f.subject.is_empty() || shared * 2 < f.cases.len()
    });
    let in_clusters: BTreeSet<CaseNo> = found.iter().flat_map(|f| f.cases.iter().copied()).collect();
    for rise in rising(&land, &by_subject, (end, days), budget) {
        // What a cluster tells already is not told twice.
        if !rise.cases.iter().all(|c| in_clusters.contains(c)) {
            found.push(rise);
        }
    }
    Ok(found)
}

/// Space-time clusters (prospective permutation scan) of each subject, and of all together.
fn clusters(
    land: &Land,
    by_subject: &BTreeMap<&str, Vec<&Report<'_>>>,
    (end, days): (i64, i64),
    budget: Budget,
) -> Result<Vec<Finding>, ScanError> {
    let ground = Arc::new(Ground::new(&land.at, REACH)?);
    let streams = u32::try_from(by_subject.len()).unwrap_or(u32::MAX);
    let threshold = budget.p(streams, 1.0, 0.5);
    let limits = Limits {
        study_days: u16::try_from(days.min(STUDY)).unwrap_or(u16::MAX),
        max_days: LONGEST,
        least_cases: LEAST,
    };
    let mut out = Vec::new();
    for (subject, reports) in by_subject {
        let mut watch = Watch::new(ground.clone(), limits)?;
        let last = i32::try_from(days).unwrap_or(i32::MAX);
        watch.advance(last);
        let day_of = |r: &Report<'_>| i32::try_from(r.day - end + days).unwrap_or(0);
        for r in reports {
            watch.add(day_of(r), r.place)?;
        }
        let seed = u64::try_from(end).unwrap_or(0);
        let look = watch.look(&Draws { replicates: 999, seed, enough: Some(20), clusters: 3 });
        for spot in look.clusters.into_iter().filter(|c| 1.0 / c.recurrence_days <= threshold) {
            let places: BTreeSet<u32> = spot.cases.iter().map(|c| c.0).collect();
            let own: Vec<&Heard> = reports
                .iter()
                .filter(|r| day_of(r) >= spot.from && places.contains(&r.place))
                .map(|r| r.heard)
                .collect();
            let since = end - days + i64::from(spot.from);
            let once = spot.recurrence_days / f64::from(streams);
            let seen = (f64::from(spot.observed), spot.expected);
            out.extend(finding(Kind::Cluster, subject, &own, since, seen, once));
        }
    }
    Ok(out)
}

/// Neighbourhoods in which one subject comes far more often than it used to: the Poisson tail of the last 1, 3, 7 and 14 days
/// over the neighbourhood's own past, which is drawn towards the district's mean as a gamma prior draws it.
fn rising(
    land: &Land,
    by_subject: &BTreeMap<&str, Vec<&Report<'_>>>,
    (end, days): (i64, i64),
    budget: Budget,
) -> Vec<Finding> {
    let subjects = by_subject.keys().filter(|s| !s.is_empty()).count();
    let streams = u32::try_from(subjects * land.at.len() * RISING.len()).unwrap_or(u32::MAX);
    let threshold = budget.p(streams, 1.0, 0.5);
    let mut out = Vec::new();
    for (subject, reports) in by_subject.iter().filter(|(s, _)| !s.is_empty()) {
        let mean = float(reports.len()) / float(land.at.len()) / whole(days);
        let mut at: BTreeMap<u32, Vec<&Report<'_>>> = BTreeMap::new();
        for r in reports {
            at.entry(r.place).or_default().push(r);
        }
        for own in at.values() {
            let best = RISING
                .iter()
                .filter_map(|window| {
                    let since = end - window + 1;
                    let seen = own.iter().filter(|r| r.day >= since).count();
                    let before = own.len() - seen;
                    let a_day = (float(before) + TRUST * mean) / (whole(days - window) + TRUST);
                    let expected = a_day * whole(*window);
                    let seen = u32::try_from(seen).ok().filter(|n| *n >= LEAST)?;
                    Some((at_least(seen, expected), since, seen, expected))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((p, since, seen, expected)) = best.filter(|b| b.0 <= threshold) {
                let cases: Vec<&Heard> = own.iter().filter(|r| r.day >= since).map(|r| r.heard).collect();
                let once = 1.0 / (p.max(f64::MIN_POSITIVE) * f64::from(streams));
                out.extend(finding(Kind::Rising, subject, &cases, since, (f64::from(seen), expected), once));
            }
        }
    }
    out
}

fn finding(
    kind: Kind,
    subject: &str,
    own: &[&Heard],
    since: i64,
    (observed, expected): (f64, f64),
    once_in_days: f64,
) -> Option<Finding> {
    let precincts: Vec<PlaceId> = own.iter().filter_map(|h| h.path.at(2)).collect();
    let cases: BTreeSet<CaseNo> = own.iter().map(|h| h.case).collect();
    let doorways: BTreeSet<DoorwayId> = own.iter().filter_map(|h| h.doorway).collect();
    Some(Finding {
        kind,
        precinct: concerned(&precincts)?,
        subject: subject.to_owned(),
        about: String::new(),
        doorways: doorways.into_iter().collect(),
        cases: cases.into_iter().collect(),
        since: store::territory::date(since).ok()?,
        observed,
        expected,
        once_in_days: once_in_days.min(1e6),
    })
}

#[expect(clippy::cast_precision_loss, reason = "reports of a year are far below 2^53")]
fn float(n: usize) -> f64 {
    n as f64
}

#[expect(clippy::cast_precision_loss, reason = "days of a year")]
fn whole(n: i64) -> f64 {
    n as f64
}
