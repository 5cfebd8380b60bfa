//! What speaks of one matter or one place: rising, coming back, silent, due each year.

use crate::count::{at_least, at_most};
use jiff::civil::Date;

/// A matter that several people spoke of within days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// How many people.
    pub people: u32,
    /// From the first of them …
    pub since: Date,
    /// … to the one that made it a warning.
    pub at: Date,
}

/// The first time that `people` different persons spoke of one matter within `days` days, its reports in order of time.
/// Somebody who writes again is heard once in a window. The first of these windows is given.
pub fn rising<P: PartialEq>(reports: &[(Date, P)], people: u32, days: u16) -> Option<Rise> {
    for (i, (at, _)) in reports.iter().enumerate() {
        let mut heard: Vec<&(Date, P)> = Vec::new();
        for report in reports[..=i].iter().rev().take_while(|r| apart(r.0, *at) < i32::from(days)) {
            if heard.iter().all(|h| h.1 != report.1) {
                heard.push(report);
            }
        }
        let n = u32::try_from(heard.len()).unwrap_or(u32::MAX);
        if n >= people.max(1) {
            return Some(Rise { people: n, since: heard.last()?.0, at: *at });
        }
    }
    None
}

/// How many different people must speak of one matter within a window for it to be a warning: the smallest number, and never
/// under `least`, that chance brings together less often than `p`. Whoever speaks first begins the window; the others come
/// as a Poisson count with mean `others`, which is what the matter's own past, or the likeness of reports that have
/// nothing to do with each other, would bring.
pub fn people_needed(least: u32, others: f64, p: f64) -> u32 {
    (least.max(1)..).find(|k| at_least(k - 1, others) <= p).unwrap_or(u32::MAX)
}

/// Whole days from one date to a later one.
fn apart(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |s| s.get_days())
}

/// How likely chance brings a closed matter back to its place so often: reports of that kind there usually come at `a_day`,
/// and the last of `again` came `days` after it was closed. One asks when a report comes, so that one is there for certain:
/// the others before it are a Poisson count as ever (Slivnyak; Mecke 1967), and the false alarms are reports that
/// return × p.
pub fn relapse(again: u32, a_day: f64, days: u32) -> f64 {
    at_least(again.saturating_sub(1), a_day * f64::from(days))
}

/// How a place reports beside those like it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silence {
    /// What comparable places would have reported, by residents.
    pub expected: f64,
    /// How likely chance leaves it at so few.
    pub p: f64,
}

/// Compares a place's reports with those of comparable ones: `others` are (reports, residents), so are `own`. `None` where
/// nothing can be compared. Their scatter beyond chance is allowed for: p is read at the lower quartile of
/// their rates, not at the mean, for half of all honest places lie below that.
pub fn silence(own: (u32, u32), others: &[(u32, u32)]) -> Option<Silence> {
    let mut rates: Vec<f64> =
        others.iter().filter(|o| o.1 > 0).map(|o| f64::from(o.0) / f64::from(o.1)).collect();
    if rates.len() < 4 {
        return None;
    }
    rates.sort_by(f64::total_cmp);
    let quartile = rates[rates.len() / 4];
    let mean = others.iter().map(|o| f64::from(o.0)).sum::<f64>()
        / others.iter().map(|o| f64::from(o.1)).sum::<f64>();
    let residents = f64::from(own.1);
    Some(Silence { expected: mean * residents, p: at_most(own.0, quartile * residents) })
}

/// What comes each year at this time: counts of the same four weeks ahead in past years, beside the mean of all four weeks
/// of those years. Gives how many are to be expected where the season stands out at `p`.
pub fn season(same_weeks: &[u32], mean_of_all: f64, p: f64) -> Option<f64> {
    let years = u32::try_from(same_weeks.len()).ok().filter(|y| *y > 0)?;
    let seen: u32 = same_weeks.iter().sum();
    let above = at_least(seen, mean_of_all * f64::from(years)) <= p;
    above.then(|| f64::from(seen) / f64::from(years))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn three_people_within_fourteen_days_and_one_who_writes_thrice_is_one() {
        let d = |day| date(2026, 3, day);
        assert_eq!(rising(&[(d(1), 'a'), (d(2), 'a'), (d(3), 'a'), (d(15), 'b')], 3, 14), None);
        let rise = rising(&[(d(1), 'a'), (d(2), 'b'), (d(15), 'c'), (d(15), 'a')], 3, 14).unwrap();
        assert_eq!(rise, Rise { people: 3, since: d(2), at: d(15) });
        // The fifteenth day is one too many.
        assert_eq!(rising(&[(d(1), 'a'), (d(2), 'b'), (d(15), 'c')], 3, 14), None);
    }

    #[test]
    fn where_reports_are_alike_by_chance_more_people_are_needed() {
        // P(X ≥ 2) of a mean of 0.05 is 0.0012, P(X ≥ 3) is 0.00002.
        assert_eq!(people_needed(3, 0.05, 0.01), 3);
        assert_eq!(people_needed(3, 0.05, 0.001), 4);
        assert_eq!(people_needed(3, 0.0, 0.0), 3);
        assert!(people_needed(3, 4.0, 1e-4) > 10);
    }

    #[test]
    fn a_matter_that_comes_back_above_expectation() {
        assert!(relapse(4, 0.01, 30) < 0.005);
        // One that comes back says nothing yet.
        assert_eq!(relapse(1, 0.05, 30), 1.0);
        assert!(relapse(3, 0.1, 30) > 0.5);
    }

    #[test]
    fn a_place_is_silent_only_beside_its_like() {
        let like = [(40, 4_000), (50, 4_000), (60, 4_000), (45, 4_000), (30, 4_000)];
        assert!(silence((8, 4_000), &like).unwrap().p < 1e-6);
        assert!(silence((32, 4_000), &like).unwrap().p > 0.05);
        assert_eq!(silence((0, 4_000), &like[..3]), None);
    }

    #[test]
    fn the_season_of_drains_is_told_before_it_comes() {
        assert_eq!(season(&[30, 36], 12.0, 0.001), Some(33.0));
        assert_eq!(season(&[13, 12], 12.0, 0.001), None);
        assert_eq!(season(&[], 12.0, 0.001), None);
    }
}
