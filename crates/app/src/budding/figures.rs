//! How well warnings do: a month and a kind, how many alarms were told, how many led to something, and how much earlier
//! they came than ten reports would have.

use super::{bears, warning};
use crate::{App, AppError, Who};
use domain::PlaceId;
use domain::access::{Action, Target, may};
use domain::cases::{local_date, midnight};
use domain::rates::{Rate, Showing, Shown};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::cases::day_number;
use store::warnings::Heard;
use warnings::{Fate, Kind, Warning};

/// So many whole months are measured, beside the one that runs.
const MONTHS: i32 = 12;
/// The report by which anybody would have noticed.
const TENTH: usize = 10;
/// A tenth report that comes later than so many days after the warning belongs to something else.
const LATEST: i32 = 30;

/// Days between a warning and the tenth report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gained {
    /// The median; negative where the tenth report was there first.
    pub median: f64,
    /// Of how many warnings: those whose tenth report came.
    pub n: usize,
}

/// What became of the alarms of one month and kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The first day of the month; none for all of them together.
    pub month: Option<Date>,
    /// The kind; none for all of them together.
    pub kind: Option<Kind>,
    /// How many were told.
    pub told: u64,
    /// Of these, so many led to something.
    pub led: u64,
    /// … led to nothing: known before, a false alarm, or lapsed.
    pub led_to_nothing: u64,
    /// … wait for an answer.
    pub waiting: u64,
    /// The share that led to something, of those that came to an end; none where these are too few to say.
    pub share: Option<Shown>,
    /// Days gained before the tenth report.
    pub gained: Option<Gained>,
    /// How many false alarms of this kind the whole district bears in a month, as it is set now.
    pub bears: f64,
}

/// The measure of warnings: the latest month first, then the whole time.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// How many false alarms a month the district bears now.
    pub bears: f64,
    /// Of fewer than so many no share is shown.
    pub least: u64,
    /// The lines: of each month and of the whole time all kinds together, then each kind of which there was any.
    pub lines: Vec<Line>,
}

impl App {
    /// How well the warnings did that this person sees, over a year.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for those who look after no precinct.
    pub async fn warnings_measured(&self, who: &Who) -> Result<Measured, AppError> {
        if !self.sees_budding(who) {
            return Err(AppError::NotAllowed);
        }
        let (app, who) = (self.clone(), who.clone());
        let today = local_date(self.clock.now());
        let how = Showing::default();
        let since = today.first_of_month().saturating_sub(MONTHS.months());
        self.store
            .read(move |tx| {
                let bears = bears(tx)?;
                let mut told = vec![];
                for row in tx.warnings_since(day_number(since))? {
                    let target = Target { path: app.directory().path(row.precinct), unit: None };
                    let kept = warning(&row)?;
                    let counts = kept.finding.kind.is_alarm() && kept.first >= since;
                    if counts && may(&who.grants, Action::SeeProblem, &target) {
                        told.push(kept);
                    }
                }
                // Reports are read only as far back as a warning asks for them.
                let first = told.iter().filter(|w| grows(w)).map(began).min();
                let heard = match first.and_then(midnight) {
                    Some(first) => tx.heard_since(first)?,
                    None => vec![],
                };
                Ok(Measured { bears, least: how.least_n, lines: measure(&told, &heard, today, (bears, how)) })
            })
            .await
    }
}

/// The first day of what a warning is about. Windows move on, so it is that of the day it was told.
fn began(w: &Warning) -> Date {
    w.began.unwrap_or(w.finding.since).min(w.first)
}

/// Whether a tenth report can be spoken of: where reports of one subject pile up in a place. What is told by its words, or
/// over all subjects, has no subject to count by: ten reports of anything are there on any day.
fn grows(w: &Warning) -> bool {
    let f = &w.finding;
    matches!(f.kind, Kind::Cluster | Kind::Rising) && !f.subject.is_empty() && f.about.is_empty()
}

/// Days from a warning to the tenth report of its subject in the neighbourhoods of its cases, counted from the day on
/// which it began; none where that did not come in time.
fn gained(w: &Warning, heard: &[Heard], lies: &HashMap<i64, PlaceId>) -> Option<i32> {
    if !grows(w) {
        return None;
    }
    let (f, began) = (&w.finding, began(w));
    let places: BTreeSet<PlaceId> = f.cases.iter().filter_map(|c| lies.get(&c.0)).copied().collect();
    let mut days: Vec<Date> = heard
        .iter()
        .filter(|h| h.subject == f.subject)
        .filter(|h| h.path.lowest().is_some_and(|p| places.contains(&p)))
        .map(|h| local_date(h.at))
        .filter(|day| *day >= began)
        .collect();
    days.sort_unstable();
    let tenth = *days.get(TENTH - 1)?;
    let days = w.first.until(tenth).ok()?.get_days();
    (days <= LATEST).then_some(days)
}

fn median(mut days: Vec<i32>) -> Option<Gained> {
    days.sort_unstable();
    let n = days.len();
    let middle = days.get(n.checked_sub(1)? / 2)?;
    Some(Gained { median: f64::from(middle + days[n / 2]) / 2.0, n })
}

fn line(
    month: Option<Date>,
    kind: Option<Kind>,
    of: &[&(Warning, Option<i32>)],
    (bears, how): (f64, Showing),
) -> Line {
    let count = |fate| of.iter().filter(|(w, _)| w.fate() == fate).map(|_| 1).sum();
    let outcomes = of.iter().map(|(w, _)| w.fate()).filter(|f| *f != Fate::Waiting).map(|f| f == Fate::Led);
    Line {
        month,
        kind,
        told: of.iter().map(|_| 1).sum(),
        led: count(Fate::Led),
        led_to_nothing: count(Fate::LedToNothing),
        waiting: count(Fate::Waiting),
        share: Rate::of("led_to_something", outcomes).shown(how),
        gained: median(of.iter().filter_map(|w| w.1).collect()),
        bears: kind.map_or(bears, |k| bears * k.share()),
    }
}

/// The lines of some alarms. Months without any are among them: that nothing was told is a figure too.
fn measure(told: &[Warning], heard: &[Heard], today: Date, bears: (f64, Showing)) -> Vec<Line> {
    let lies: HashMap<i64, PlaceId> =
        heard.iter().filter_map(|h| Some((h.case.0, h.path.lowest()?))).collect();
    let told: Vec<(Warning, Option<i32>)> =
        told.iter().map(|w| (w.clone(), gained(w, heard, &lies))).collect();
    let mut months: BTreeMap<Date, Vec<&(Warning, Option<i32>)>> = BTreeMap::new();
    for w in &told {
        months.entry(w.0.first.first_of_month()).or_default().push(w);
    }
    let Some(earliest) = months.keys().next().copied() else { return vec![] };
    let mut lines = vec![];
    let mut add = |month: Option<Date>, of: &[&(Warning, Option<i32>)]| {
        lines.push(line(month, None, of, bears));
        for kind in Kind::ALL.into_iter().filter(|k| k.is_alarm()) {
            let of: Vec<_> = of.iter().filter(|(w, _)| w.finding.kind == kind).copied().collect();
            if !of.is_empty() {
                lines.push(line(month, Some(kind), &of, bears));
            }
        }
    };
    let mut month = today.first_of_month();
    while month >= earliest {
        add(Some(month), months.get(&month).map_or(&[], Vec::as_slice));
        month = month.saturating_sub(1.month());
    }
    add(None, &told.iter().collect::<Vec<_>>());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::CaseNo;
    use domain::territory::Path;
    use jiff::SignedDuration;
    use jiff::civil::date;
    use warnings::{Finding, State};

    const TODAY: Date = date(2026, 5, 20);

    fn told(kind: Kind, first: Date, case: i64, state: State) -> Warning {
        let finding = Finding {
            kind,
            precinct: PlaceId(10),
            subject: "noise".to_owned(),
            about: String::new(),
            doorways: vec![],
            cases: vec![CaseNo(case)],
            since: first,
            observed: 5.0,
            expected: 0.4,
            once_in_days: 500.0,
            untold: None,
        };
        Warning { finding, first, began: Some(first.yesterday().unwrap()), last: first, state, steps: vec![] }
    }

    /// A report in a neighbourhood on a day.
    fn said(case: i64, place: i64, subject: &str, on: Date) -> Heard {
        Heard {
            case: CaseNo(case),
            at: midnight(on).unwrap() + SignedDuration::from_hours(9),
            subject: subject.to_owned(),
            path: Path::of(&[PlaceId(1), PlaceId(10), PlaceId(place)]),
            doorway: None,
        }
    }

    /// Two a day from the day before the warning: the tenth comes three days after it.
    fn burst(first: Date, case: i64, place: i64) -> Vec<Heard> {
        let day = |n: i32| first.yesterday().unwrap().saturating_add((n / 2).days());
        (0..12).map(|n| said(case + i64::from(n), place, "noise", day(n))).collect()
    }

    fn days(heard: &[Heard], w: Warning) -> Option<Gained> {
        measure(&[w], heard, TODAY, (1.0, Showing::default()))[0].gained
    }

    #[test]
    fn the_tenth_report_is_counted_from_the_beginning_in_its_place_and_subject() {
        let first = date(2026, 5, 4);
        let w = told(Kind::Cluster, first, 1, State::Open);
        let heard = burst(first, 1, 100);
        assert_eq!(days(&heard, w.clone()), Some(Gained { median: 3.0, n: 1 }));
        // What was there before it began, lies elsewhere, or is about something else is none of the ten.
        let mut more = heard.clone();
        for n in 50..60 {
            more.push(said(n, 100, "noise", date(2026, 5, 2)));
            more.push(said(n + 100, 101, "noise", first));
            more.push(said(n + 200, 100, "waste", first));
        }
        assert_eq!(days(&more, w.clone()), Some(Gained { median: 3.0, n: 1 }));
        // Nine are not ten, and a tenth of months later is another story.
        assert_eq!(days(&heard[..9], w.clone()), None);
        let late = [&heard[..9], &[said(99, 100, "noise", date(2026, 6, 4))]].concat();
        assert_eq!(days(&late, w.clone()), None);
        // Ten on the day before the warning: it came a day late, and says so.
        let early: Vec<Heard> = (1..11).map(|n| said(n, 100, "noise", date(2026, 5, 3))).collect();
        assert_eq!(days(&early, w.clone()), Some(Gained { median: -1.0, n: 1 }));
        // Its window moved on; the ten are still counted from where it began.
        let mut moved = w;
        moved.finding.since = date(2026, 5, 12);
        assert_eq!(days(&heard, moved), Some(Gained { median: 3.0, n: 1 }));
        // A slow unit has no tenth report, nor has what was told over all subjects.
        let mut any = told(Kind::Cluster, first, 1, State::Open);
        any.finding.subject.clear();
        assert_eq!(days(&heard, any), None);
        assert_eq!(days(&heard, told(Kind::SlowAnswers, first, 1, State::Open)), None);
    }

    #[test]
    fn months_and_kinds_add_up_and_an_empty_month_is_one() {
        let all = [
            told(Kind::Cluster, date(2026, 3, 31), 1, State::Acted),
            told(Kind::Cluster, date(2026, 5, 1), 2, State::Lapsed),
            told(Kind::Relapse, date(2026, 5, 19), 3, State::Nothing),
            told(Kind::Rising, date(2026, 5, 20), 4, State::Open),
        ];
        let lines = measure(&all, &[], TODAY, (2.0, Showing { least_n: 3, ..Showing::default() }));
        let short: Vec<_> = lines
            .iter()
            .map(|l| (l.month.map(Date::month), l.kind, [l.told, l.led, l.led_to_nothing, l.waiting]))
            .collect();
        assert_eq!(
            short,
            [
                (Some(5), None, [3, 0, 2, 1]),
                (Some(5), Some(Kind::Cluster), [1, 0, 1, 0]),
                (Some(5), Some(Kind::Rising), [1, 0, 0, 1]),
                (Some(5), Some(Kind::Relapse), [1, 0, 1, 0]),
                (Some(4), None, [0; 4]),
                (Some(3), None, [1, 1, 0, 0]),
                (Some(3), Some(Kind::Cluster), [1, 1, 0, 0]),
                (None, None, [4, 1, 2, 1]),
                (None, Some(Kind::Cluster), [2, 1, 1, 0]),
                (None, Some(Kind::Rising), [1, 0, 0, 1]),
                (None, Some(Kind::Relapse), [1, 0, 1, 0]),
            ]
        );
        let whole = &lines[7];
        assert_eq!((whole.share.map(|s| s.n), whole.bears), (Some(3), 2.0), "who waits is not counted");
        assert_eq!(lines[0].share, None, "two are too few to say");
        assert!((lines[3].bears - 0.2).abs() < 1e-12);
        assert_eq!(measure(&[], &[], TODAY, (1.0, Showing::default())), []);
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![5, -1, 2]), Some(Gained { median: 2.0, n: 3 }));
        assert_eq!(median(vec![4, 1]), Some(Gained { median: 2.5, n: 2 }));
    }
}
