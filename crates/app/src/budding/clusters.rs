//! Space-time clusters of each subject, and of all together.

use super::find::{LEAST, Look, Report, STUDY, finding};
use domain::CaseNo;
use scanstat::ScanError;
use scanstat::watch::{Draws, Ground, Limits, Watch};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::warnings::Heard;
use warnings::{Finding, Kind};

/// The longest window of a cluster, in days.
const LONGEST: u16 = 14;
/// Circles reach so far, in metres.
const REACH: f64 = 1_500.0;

/// Space-time clusters, by a prospective permutation scan over the neighbourhoods of the map (Kulldorff and others 2005).
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    if !look.has_past() {
        return Ok(Vec::new());
    }
    let mut found = clusters(look)?;
    // Many things at once are told only where no single subject makes up half of them.
    let of_subjects: BTreeSet<CaseNo> =
        found.iter().filter(|f| !f.subject.is_empty()).flat_map(|f| f.cases.iter().copied()).collect();
    found.retain(|f| {
        let shared = f.cases.iter().filter(|c| of_subjects.contains(c)).count();
        !f.subject.is_empty() || shared * 2 < f.cases.len()
    });
    Ok(found)
}

fn clusters(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let (end, days) = (look.end, look.days);
    let ground = Arc::new(Ground::new(&look.land.at, REACH)?);
    let streams = u32::try_from(look.by_subject.len()).unwrap_or(u32::MAX);
    // As if one looked once a day: that looks overlap and that there is one every hour balance (docs/warnings-measured.md).
    let threshold = look.budget.p(streams, 1.0, Kind::Cluster.share());
    let limits = Limits {
        study_days: u16::try_from(days.min(STUDY)).unwrap_or(u16::MAX),
        max_days: LONGEST,
        least_cases: LEAST,
    };
    let mut out = Vec::new();
    for (subject, reports) in look.by_subject {
        let mut watch = Watch::new(ground.clone(), limits)?;
        let last = i32::try_from(days).unwrap_or(i32::MAX);
        watch.advance(last);
        let day_of = |r: &Report<'_>| i32::try_from(r.day - end + days).unwrap_or(0);
        for r in reports {
            watch.add(day_of(r), r.place)?;
        }
        let seed = u64::try_from(end).unwrap_or(0);
        // Ten that score as high are one in a hundred at most, and no threshold is as high as that.
        let seen = watch.look(&Draws { replicates: 999, seed, enough: Some(10), clusters: 3 });
        for spot in seen.clusters.into_iter().filter(|c| 1.0 / c.recurrence_days <= threshold) {
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
