//! Matters that rise in one neighbourhood, by subject.

use super::find::{LEAST, Look, Report, finding, float, whole};
use scanstat::ScanError;
use std::collections::BTreeMap;
use store::warnings::Heard;
use warnings::{Finding, Kind, at_least};

/// Windows in which a matter may rise, in days.
const RISING: [i64; 4] = [1, 3, 7, 14];
/// A neighbourhood's own past counts beside so many days of the district's mean.
const TRUST: f64 = 30.0;
/// Its share of the false alarms; what rises by its words has the rest of [`Kind::Rising`]'s.
const SHARE: f64 = 0.25;

/// How far the rest of the district moves what is expected: its reports count beside so many.
const STEADY: f64 = 20.0;

/// Neighbourhoods in which one subject comes far more often than it used to: the Poisson tail of the last 1, 3, 7 and 14 days
/// over the neighbourhood's own past, which is drawn towards the district's mean as a gamma prior draws it. Where the rest
/// of the district has more of it too (a season, a holiday, a storm), more is expected here: that is no matter of this
/// neighbourhood.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let (end, days) = (look.end, look.days);
    if !look.has_past() {
        return Ok(Vec::new());
    }
    let subjects = look.by_subject.keys().filter(|s| !s.is_empty()).count();
    let streams = u32::try_from(subjects * look.land.at.len() * RISING.len()).unwrap_or(u32::MAX);
    let threshold = look.budget.p(streams, 1.0, SHARE);
    let mut out = Vec::new();
    for (subject, reports) in look.by_subject.iter().filter(|(s, _)| !s.is_empty()) {
        let mean = float(reports.len()) / float(look.land.at.len()) / whole(days);
        let mut at: BTreeMap<u32, Vec<&Report<'_>>> = BTreeMap::new();
        for r in reports {
            at.entry(r.place).or_default().push(r);
        }
        let of_late: Vec<usize> =
            RISING.iter().map(|w| reports.iter().filter(|r| r.day > end - w).count()).collect();
        for own in at.values() {
            let best = RISING
                .iter()
                .zip(&of_late)
                .filter_map(|(window, of_late)| {
                    let since = end - window + 1;
                    let seen = own.iter().filter(|r| r.day >= since).count();
                    let before = own.len() - seen;
                    let a_day = (float(before) + TRUST * mean) / (whole(days - window) + TRUST);
                    let others = float(of_late - seen) + STEADY;
                    let past = float(reports.len() - own.len() + seen - of_late) * whole(*window);
                    let as_elsewhere = others / (past / whole(days - window) + STEADY);
                    let expected = a_day * whole(*window) * as_elsewhere;
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
    Ok(out)
}
