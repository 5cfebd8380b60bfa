//! Where and when the reports of a warning came: the map, the weeks to choose from, and the same as a table.

use crate::Web;
use crate::times;
use crate::view::console::{BudRow, BudWeek};
use crate::words::Lang;
use app::{Budding, WarningKind, WarningReport};
use domain::PlaceId;
use domain::cases::local_date;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The weeks that can be chosen, this one among them; what is older stands in the whole only.
const WEEKS: i32 = 13;
/// The radius of a hexagon, as `crate::map` draws it.
const R: f64 = 10.0;

/// So many weeks before this one, as an address asks for it; `None` shows all.
pub(super) fn asked(text: Option<&String>) -> Option<i32> {
    text.and_then(|w| w.parse().ok()).filter(|w| (0..WEEKS).contains(w))
}

/// How many weeks before today's a day lies; weeks begin on Monday.
fn ago(day: Date, today: Date) -> i32 {
    let monday = |d: Date| d.saturating_sub(i32::from(d.weekday().to_monday_zero_offset()).days());
    monday(day).until(monday(today)).map_or(0, |s| s.get_days() / 7)
}

fn within(b: &Budding, week: Option<i32>, today: Date) -> impl Iterator<Item = &WarningReport> {
    b.told.iter().filter(move |r| week.is_none_or(|w| ago(r.on, today) == w))
}

/// The weeks from the first report to this one, before them all together; none where one week has it all.
pub(super) fn weeks(b: &Budding, week: Option<i32>, today: Date, t: Lang) -> Vec<BudWeek> {
    let first = b.told.iter().map(|r| ago(r.on, today)).max().unwrap_or(0).min(WEEKS - 1);
    if first == 0 && week.is_none() {
        return vec![];
    }
    let one = |w: Option<i32>, name: String| BudWeek {
        name,
        count: within(b, w, today).count(),
        href: w.map_or_else(
            || format!("/console/budding#bud-{}", b.id),
            |w| format!("/console/budding?week={w}#bud-{}", b.id),
        ),
        here: w == week,
    };
    let each = (0..=first.max(week.unwrap_or(0))).rev().map(|w| {
        let monday = today.saturating_sub(i32::from(today.weekday().to_monday_zero_offset()).days());
        let name = match w {
            0 => t.bud_this_week().to_owned(),
            1 => t.bud_last_week().to_owned(),
            w => t.bud_week_of(times::day(monday.saturating_sub((7 * w).days()), today, t)),
        };
        one(Some(w), name)
    });
    std::iter::once(one(None, t.bud_all_weeks().to_owned())).chain(each).collect()
}

/// The reports by place, most first.
pub(super) fn rows(web: &Web, b: &Budding, week: Option<i32>, t: Lang) -> Vec<BudRow> {
    let (d, today) = (web.app.directory(), local_date(web.app.now()));
    let mut by_place: BTreeMap<PlaceId, Vec<&WarningReport>> = BTreeMap::new();
    for r in within(b, week, today) {
        by_place.entry(r.place).or_default().push(r);
    }
    let mut rows: Vec<BudRow> = by_place
        .into_iter()
        .map(|(place, reports)| {
            let mut days: Vec<Date> = reports.iter().map(|r| r.on).collect();
            days.dedup();
            let day = |d: &Date| times::day(*d, today, t);
            let when = match (days.first(), days.last()) {
                (Some(a), Some(z)) if a != z => t.bud_from_to(day(a), day(z)),
                (Some(a), _) => day(a),
                _ => String::new(),
            };
            let mut cases: Vec<_> = reports.iter().filter_map(|r| r.case).collect();
            cases.sort_unstable();
            cases.dedup();
            BudRow {
                place: d.place(place).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default(),
                count: reports.len(),
                when,
                others: reports.iter().filter(|r| r.case.is_none()).count(),
                cases: cases.iter().map(|no| (no.spoken(), format!("/console/cases/{no}"))).collect(),
            }
        })
        .collect();
    rows.sort_by_key(|r| std::cmp::Reverse(r.count));
    rows
}

/// The schematic map of the sub-districts concerned: how many reports each neighbourhood has, and a circle around all of a
/// cluster's. Empty where nothing is drawn on the schematic map.
pub(super) fn map(web: &Web, b: &Budding, week: Option<i32>) -> String {
    let (d, today, f) = (web.app.directory(), local_date(web.app.now()), &b.warning.finding);
    // What lies deeper than a neighbourhood, or higher, counts where there is a hexagon.
    let tile = |place: PlaceId| (1..=4).rev().filter_map(|n| d.path(place).at(n)).find(|p| has_hex(&d, *p));
    let mut counts: BTreeMap<PlaceId, usize> = BTreeMap::new();
    for place in within(b, week, today).filter_map(|r| tile(r.place)) {
        *counts.entry(place).or_default() += 1;
    }
    let ever: Vec<PlaceId> = b.told.iter().filter_map(|r| tile(r.place)).collect();
    let quiet =
        f.about.strip_prefix("place:").and_then(|n| n.parse().ok()).map(PlaceId).filter(|_| ever.is_empty());
    let tops: Vec<PlaceId> =
        ever.iter().copied().chain([f.precinct]).filter_map(|p| d.path(p).at(1)).collect();
    let tiles: Vec<(PlaceId, (i32, i32))> = d
        .places()
        .filter_map(|p| Some((p.id, p.hex?)))
        .filter(|(p, _)| tops.iter().any(|top| d.path(*p).lies_in(*top)))
        .collect();
    let drawn: Vec<_> = tiles
        .iter()
        .map(|(p, hex)| (*hex, counts.contains_key(p) || quiet == Some(*p), d.path(*p).lies_in(f.precinct)))
        .collect();
    let at = |p: &PlaceId| tiles.iter().find(|(q, _)| p == q).map(|(_, hex)| centre(*hex));
    let points: Vec<(f64, f64)> =
        ever.iter().filter(|_| f.kind == WarningKind::Cluster).filter_map(at).collect();
    let mut over = String::new();
    for (place, n) in &counts {
        if let Some((x, y)) = at(place) {
            let _ = write!(over, "<text x=\"{x:.1}\" y=\"{:.1}\">{n}</text>", y + 3.0);
        }
    }
    crate::map::hexagons_under(&drawn, ring(&points), &over)
}

fn has_hex(d: &app::Directory, place: PlaceId) -> bool {
    d.place(place).is_some_and(|p| p.hex.is_some())
}

fn centre((q, r): (i32, i32)) -> (f64, f64) {
    let (q, r) = (f64::from(q), f64::from(r));
    (R * 3f64.sqrt() * (q + r / 2.0), R * 1.5 * r)
}

/// The smallest circle around the middle of one of these hexagons that holds the others.
fn ring(points: &[(f64, f64)]) -> Option<((f64, f64), f64)> {
    let reach = |c: &(f64, f64)| points.iter().map(|p| (p.0 - c.0).hypot(p.1 - c.1)).fold(0.0, f64::max);
    let all = points.iter().map(|c| (*c, reach(c)));
    all.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(c, r)| (c, r + R))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_begin_on_monday() {
        let today = date(2026, 3, 4); // a Wednesday
        let days = [date(2026, 3, 2), date(2026, 3, 1), date(2026, 2, 23), date(2026, 2, 22)];
        assert_eq!(days.map(|d| ago(d, today)), [0, 1, 1, 2]);
    }

    #[test]
    fn only_weeks_that_can_be_chosen_are_asked_for() {
        let asked = |text: &str| asked(Some(&text.to_owned()));
        assert_eq!([asked("0"), asked("12")], [Some(0), Some(12)]);
        assert_eq!([asked("13"), asked("-1"), asked("x")], [None; 3]);
    }

    #[test]
    fn a_circle_stands_on_the_neighbourhood_in_the_middle() {
        let (c, r) = ring(&[centre((0, 0)), centre((2, 0)), centre((1, 0))]).unwrap();
        assert_eq!(c, centre((1, 0)));
        assert!((r - (R + R * 3f64.sqrt())).abs() < 1e-9);
        assert_eq!(ring(&[]), None);
    }
}
