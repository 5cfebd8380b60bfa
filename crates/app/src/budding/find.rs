//! What a day's look finds, kind by kind: [`FINDERS`] lists them. Decides; reads and keeps nothing.

use super::by_words::{self, ByWords};
use super::{clusters, contradictions, relapse, rising, seasons, silence, slow};
use crate::Directory;
use domain::cases::local_date;
use domain::{CaseNo, DoorwayId, PlaceId};
use jiff::civil::Date;
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::cases::day_number;
use store::warnings::{Course, Heard};
use warnings::{Budget, Finding, Kind, Season, concerned};

/// The longest study, in days.
pub(super) const STUDY: i64 = 365;
/// So many days are read: those of the study, and the weeks that a year ago lay ahead.
pub(crate) const REMEMBERED: i64 = 400;
/// With fewer days than this there is no past to compare with.
pub(super) const LEAST_STUDY: i64 = 42;
/// Fewer reports than this are never a warning.
pub(super) const LEAST: u32 = 4;
/// Rarer than this nothing is said to be, in days.
pub(super) const MOST_RARE: f64 = 1e6;
/// From the middle of a hexagon of the schematic map to its corner, in metres: some 0.3 km² a neighbourhood.
const HEXAGON: f64 = 340.0;

/// What finds one kind of warning.
type Finder = fn(&Look<'_>) -> Result<Vec<Finding>, ScanError>;

/// Every kind that is looked for, in the order in which they speak: what an earlier one tells, a later one of the same
/// cases does not tell again.
const FINDERS: &[Finder] = &[
    clusters::find,
    rising::find,
    by_words::find,
    relapse::find,
    slow::find,
    silence::find,
    contradictions::find,
    seasons::find,
];

/// What a look is given. All of it is plain data, so that a simulator can make it up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
    /// The reports of the last [`REMEMBERED`] days, one a voice; those of today as far as they have come.
    pub heard: &'a [Heard],
    /// The cases of the last year and what became of them.
    pub courses: &'a [Course],
    /// Dwellings a neighbourhood whose registrations contradict each other.
    pub doubts: &'a [(PlaceId, u32)],
    /// What comes each year, as the district's calendar says.
    pub seasons: &'a [Season],
    /// What the latest reports say, read so far.
    pub words: Option<&'a ByWords>,
}

/// The neighbourhoods on the map.
pub(super) struct Land {
    /// Where each lies, in metres.
    pub at: Vec<(f64, f64)>,
    /// Which place each is.
    pub ids: Vec<PlaceId>,
    index: HashMap<PlaceId, u32>,
}

impl Land {
    fn of(directory: &Directory) -> Land {
        let mut land = Land { at: Vec::new(), ids: Vec::new(), index: HashMap::new() };
        for place in directory.places() {
            let Some((q, r)) = place.hex else { continue };
            let (q, r) = (f64::from(q), f64::from(r));
            land.index.insert(place.id, u32::try_from(land.at.len()).unwrap_or(u32::MAX));
            land.ids.push(place.id);
            land.at.push((HEXAGON * 3_f64.sqrt() * (q + r / 2.0), HEXAGON * 1.5 * r));
        }
        land
    }
}

/// One report, as a look counts it.
pub(super) struct Report<'a> {
    /// What was said where.
    pub heard: &'a Heard,
    /// The neighbourhood's number on the map.
    pub place: u32,
    /// The day, as a number.
    pub day: i64,
}

/// Everything that a finder sees.
pub(super) struct Look<'a> {
    /// The district.
    pub directory: &'a Directory,
    /// What was given.
    pub facts: Facts<'a>,
    /// Today.
    pub today: Date,
    /// The neighbourhoods.
    pub land: &'a Land,
    /// The reports of the study by subject, and all of them under the empty one.
    pub by_subject: &'a BTreeMap<&'a str, Vec<&'a Report<'a>>>,
    /// Today, as a number.
    pub end: i64,
    /// So many days are known, today among them; 0 where there is no report.
    pub days: i64,
    /// The false alarms that the district bears.
    pub budget: Budget,
}

impl Look<'_> {
    /// Whether there is a past to compare with.
    pub(super) fn has_past(&self) -> bool {
        self.days >= LEAST_STUDY && !self.land.at.is_empty()
    }

    /// The precinct that a place lies in.
    pub(super) fn precinct_of(&self, place: PlaceId) -> Option<PlaceId> {
        self.directory.path(place).at(2)
    }

    /// The precincts, in their order.
    pub(super) fn precincts(&self) -> impl Iterator<Item = PlaceId> {
        self.directory.places().filter(|p| p.depth == 2).map(|p| p.id)
    }

    /// The last Sunday before today: what is looked at once a week is looked at in whole weeks.
    pub(super) fn sunday(&self) -> i64 {
        self.end - (self.end + 3).rem_euclid(7) - 1
    }
}

/// The findings of a day. Thresholds are such that chance alone makes as many warnings a month as `budget` bears, over the
/// whole district.
///
/// # Errors
/// What the scan refuses; none that the map of a district could bring about.
pub fn findings(
    directory: &Directory,
    facts: Facts<'_>,
    today: Date,
    budget: Budget,
) -> Result<Vec<Finding>, ScanError> {
    let land = Land::of(directory);
    let end = day_number(today);
    let reports: Vec<Report<'_>> = facts
        .heard
        .iter()
        .filter_map(|heard| {
            let place = *land.index.get(&heard.path.lowest()?)?;
            let day = day_number(local_date(heard.at));
            (day <= end && day > end - STUDY).then_some(Report { heard, place, day })
        })
        .collect();
    let days = reports.iter().map(|r| end - r.day + 1).max().unwrap_or(0);
    let mut by_subject: BTreeMap<&str, Vec<&Report<'_>>> = BTreeMap::new();
    for r in &reports {
        by_subject.entry(&r.heard.subject).or_default().push(r);
        by_subject.entry("").or_default().push(r);
    }
    let look = Look { directory, facts, today, land: &land, by_subject: &by_subject, end, days, budget };
    let mut found: Vec<Finding> = Vec::new();
    for finder in FINDERS {
        let told: BTreeSet<CaseNo> = found.iter().flat_map(|f| f.cases.iter().copied()).collect();
        let new = finder(&look)?;
        found.extend(new.into_iter().filter(|f| !is_told(f, &told)));
    }
    Ok(found)
}

/// Whether a finding says nothing that was not told of the same cases already.
fn is_told(f: &Finding, told: &BTreeSet<CaseNo>) -> bool {
    matches!(f.kind, Kind::Rising | Kind::Relapse) && f.cases.iter().all(|c| told.contains(c))
}

/// A finding of some reports.
pub(super) fn finding(
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
        once_in_days: once_in_days.min(MOST_RARE),
        untold: None,
    })
}

/// The day of a moment, as a number.
pub(super) fn day_of(at: jiff::Timestamp) -> i64 {
    day_number(local_date(at))
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "reports of a year are far below 2^53")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}

/// Days as a number.
#[expect(clippy::cast_precision_loss, reason = "days of a year")]
pub(super) fn whole(n: i64) -> f64 {
    n as f64
}
