//! What comes each year at this time, two weeks ahead: from last year's same weeks where they are known, else from the
//! district's calendar.

use super::find::{Look, MOST_RARE, day_of, float, whole};
use domain::PlaceId;
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet};
use warnings::{Finding, Kind, season};

/// The four weeks that are looked at begin so many days after the last Sunday, a year ago: whole weeks, as weekdays count.
const YEAR: i64 = 364;
/// Whole weeks, in days.
const WEEKS: i64 = 28;
/// Fewer than this are no season.
const LEAST: f64 = 8.0;

/// See the module's words.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let from = look.sunday() + 15 - YEAR;
    let first = look.facts.heard.iter().map(|h| day_of(h.at)).min();
    Ok(if first.is_some_and(|first| first <= from) { as_last_year(look, from) } else { by_calendar(look) })
}

/// What last year, in the four weeks that lie two weeks ahead now, came far more often than in the mean of the year. One look
/// a week, a stream for each precinct and subject.
fn as_last_year(look: &Look<'_>, from: i64) -> Vec<Finding> {
    let mut counts: BTreeMap<(PlaceId, &str), (u32, usize)> = BTreeMap::new();
    for h in look.facts.heard {
        let (day, Some(precinct)) = (day_of(h.at), h.path.at(2)) else { continue };
        if day > look.end || day < from {
            continue;
        }
        let count = counts.entry((precinct, &h.subject)).or_default();
        count.0 += u32::from((from..from + WEEKS).contains(&day));
        count.1 += 1;
    }
    let precincts: BTreeSet<PlaceId> = look.precincts().collect();
    let streams = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    let threshold = look.budget.p(streams, 1.0 / 7.0, Kind::Season.share());
    let weeks_ahead = store::territory::date(from + YEAR).unwrap_or(look.today);
    let mut out = Vec::new();
    for ((precinct, subject), (same, all)) in counts {
        let usual = float(all) / whole(look.end - from + 1) * whole(WEEKS);
        let Some(expected) = season(&[same], usual, threshold).filter(|e| *e >= LEAST) else { continue };
        if !precincts.contains(&precinct) || subject.is_empty() {
            continue;
        }
        let p = warnings::at_least(same, usual).max(f64::MIN_POSITIVE);
        out.push(Finding {
            kind: Kind::Season,
            precinct,
            subject: subject.to_owned(),
            about: format!("last:{}", weeks_ahead.year()),
            doorways: vec![],
            cases: vec![],
            since: weeks_ahead,
            observed: expected,
            expected: usual,
            once_in_days: (7.0 / (p * f64::from(streams))).min(MOST_RARE),
            untold: None,
        });
    }
    out
}

/// What the calendar says of the next two weeks: to every precinct, as experience and not as a count.
fn by_calendar(look: &Look<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for s in look.facts.seasons {
        let Some(first) = s.ahead(look.today) else { continue };
        out.extend(look.precincts().map(|precinct| Finding {
            kind: Kind::Season,
            precinct,
            subject: s.subject.clone(),
            about: format!("season:{}:{}", s.key, first.year()),
            doorways: vec![],
            cases: vec![],
            since: first,
            observed: 0.0,
            expected: 0.0,
            once_in_days: 0.0,
            untold: None,
        }));
    }
    out
}
