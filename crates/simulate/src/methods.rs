//! Ours, and three simpler ones. Each says what it finds at a look; all live by the same rules afterwards.

use crate::district::Ground;
use app::{ByWords, Facts, findings};
use domain::cases::local_date;
use domain::{CaseNo, PlaceId};
use jiff::civil::Date;
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet};
use store::cases::day_number;
use store::warnings::Heard;
use warnings::{Budget, Density, Finding, Kind, Point, concerned, ears_c2, recent, st_dbscan};

/// A way to find what is budding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// The product's finders, at so many false alarms a month.
    Ours(f64),
    /// So many reports of one subject in one neighbourhood within seven days.
    Threshold(u32),
    /// EARS C2 of one subject in one neighbourhood above this many quarters of a deviation.
    EarsC2(u32),
    /// ST-DBSCAN of one subject: clusters that last until today, with so many points around a core.
    StDbscan(u32),
}

/// Days of the threshold on counts.
const WEEK: usize = 7;
/// Days that EARS C2 needs.
const EARS: usize = 10;
/// The least deviation of EARS C2: most series are all zeros.
const LEAST: f64 = 0.5;
/// ST-DBSCAN: next-door neighbourhoods within three days; what is older than a fortnight is left out.
const METRES: f64 = 600.0;
const DAYS: i64 = 3;
const FORTNIGHT: i64 = 14;

impl Method {
    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Method::Ours(_) => "pianqu",
            Method::Threshold(_) => "threshold",
            Method::EarsC2(_) => "ears_c2",
            Method::StDbscan(_) => "st_dbscan",
        }
    }

    /// Where its threshold stands.
    pub fn at(self) -> f64 {
        match self {
            Method::Ours(a_month) => a_month,
            Method::EarsC2(n) => f64::from(n) / 4.0,
            Method::Threshold(n) | Method::StDbscan(n) => f64::from(n),
        }
    }

    /// What it finds in what was heard until now.
    pub(crate) fn look(
        self,
        ground: &Ground,
        heard: &[Heard],
        words: &ByWords,
        today: Date,
    ) -> Result<Vec<Finding>, ScanError> {
        match self {
            Method::Ours(alarms_a_month) => {
                let facts = Facts { heard, words: Some(words), ..Facts::default() };
                findings(&ground.directory, facts, today, Budget { alarms_a_month })
            }
            Method::Threshold(n) => Ok(series(heard, today, |counts| recent(counts, WEEK) >= n)),
            Method::EarsC2(n) => Ok(series(heard, today, |counts| {
                ears_c2(counts, LEAST).is_some_and(|c2| c2 > f64::from(n) / 4.0)
            })),
            Method::StDbscan(n) => Ok(dense(ground, heard, today, n as usize)),
        }
    }
}

/// The reports of the last days, which stand at the end.
fn late(heard: &[Heard], end: i64, days: i64) -> &[Heard] {
    let begin = heard.partition_point(|h| day_number(local_date(h.at)) <= end - days);
    &heard[begin..]
}

/// Reports a day, and those of the last week.
type Series<'h> = ([u32; EARS], Vec<&'h Heard>);

/// Looks at the days of each subject in each neighbourhood; what alarms is told with the reports of the last week.
fn series(heard: &[Heard], today: Date, alarms: impl Fn(&[u32]) -> bool) -> Vec<Finding> {
    let end = day_number(today);
    let mut all: BTreeMap<(Option<PlaceId>, &str), Series<'_>> = BTreeMap::new();
    for h in late(heard, end, EARS as i64) {
        let age = usize::try_from(end - day_number(local_date(h.at))).unwrap_or(EARS);
        let (counts, own) = all.entry((h.path.lowest(), &h.subject)).or_default();
        if let Some(i) = (EARS - 1).checked_sub(age) {
            counts[i] += 1;
        }
        if age < WEEK {
            own.push(h);
        }
    }
    all.into_iter()
        .filter(|(_, (counts, _))| counts[EARS - 1] > 0 && alarms(counts))
        .filter_map(|((_, subject), (_, own))| finding(subject, &own, today))
        .collect()
}

fn dense(ground: &Ground, heard: &[Heard], today: Date, points: usize) -> Vec<Finding> {
    let end = day_number(today);
    let mut by_subject: BTreeMap<&str, Vec<&Heard>> = BTreeMap::new();
    for h in late(heard, end, FORTNIGHT) {
        by_subject.entry(&h.subject).or_default().push(h);
    }
    let mut out = Vec::new();
    for (subject, own) in by_subject {
        let at = |h: &&Heard| {
            let spot = h.path.lowest().and_then(|p| ground.index.get(&p)).map(|i| ground.spots[*i].at);
            spot.map(|(x, y)| Point { x, y, day: day_number(local_date(h.at)) })
        };
        let laid: Vec<Point> = own.iter().filter_map(at).collect();
        let of = st_dbscan(&laid, &Density { metres: METRES, days: DAYS, points });
        let mut clusters: BTreeMap<usize, Vec<&Heard>> = BTreeMap::new();
        for (h, cluster) in own.iter().zip(of) {
            if let Some(c) = cluster {
                clusters.entry(c).or_default().push(h);
            }
        }
        let lasts = |c: &Vec<&Heard>| c.iter().any(|h| day_number(local_date(h.at)) == end);
        out.extend(clusters.into_values().filter(lasts).filter_map(|c| finding(subject, &c, today)));
    }
    out
}

fn finding(subject: &str, own: &[&Heard], today: Date) -> Option<Finding> {
    let precincts: Vec<PlaceId> = own.iter().filter_map(|h| h.path.at(2)).collect();
    let cases: BTreeSet<CaseNo> = own.iter().map(|h| h.case).collect();
    Some(Finding {
        kind: Kind::Cluster,
        precinct: concerned(&precincts)?,
        subject: subject.to_owned(),
        about: String::new(),
        doorways: Vec::new(),
        observed: f64::from(u32::try_from(own.len()).unwrap_or(u32::MAX)),
        expected: 0.0,
        once_in_days: 0.0,
        since: own.first().map_or(today, |h| local_date(h.at)),
        cases: cases.into_iter().collect(),
        untold: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::background::{Background, reports};
    use jiff::civil::date;

    /// Five reports of one subject in one neighbourhood on one day, in ten days of nothing.
    #[test]
    fn each_simpler_method_finds_five_where_there_are_none() {
        let ground = Ground::demo(7);
        let today = date(2026, 4, 10);
        let said = reports(Background::Poisson, &ground, &[], 1, (today, 1));
        let mut heard: Vec<Heard> = said.into_iter().take(5).map(|s| s.heard).collect();
        for h in &mut heard {
            (h.path, h.subject) = (ground.spots[9].path, "noise".to_owned());
        }
        let look = |m: Method| m.look(&ground, &heard, &ByWords::default(), today).unwrap();
        for (at, above) in [
            (Method::Threshold(5), Method::Threshold(6)),
            (Method::EarsC2(39), Method::EarsC2(40)),
            (Method::StDbscan(5), Method::StDbscan(6)),
        ] {
            let found = look(at);
            assert_eq!((found.len(), found[0].cases.len()), (1, 5), "{at:?}");
            assert_eq!(look(above), [], "{above:?}");
        }
    }
}
