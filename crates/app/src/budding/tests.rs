//! What each kind finds, on made histories of a small district.

use super::find::{Facts, findings};
use crate::Directory;
use domain::cases::midnight;
use domain::territory::Path;
use domain::{CaseNo, DoorwayId, PlaceId, UnitId};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use store::territory::PlaceRow;
use store::warnings::{Course, Heard};
use warnings::{Budget, Finding, Kind, Season};

const TODAY: Date = date(2026, 3, 4);
const SUBJECTS: [&str; 4] = ["noise", "waste", "parking", "lighting"];

/// Four precincts of five neighbourhoods, 4,000 residents each.
fn district() -> Directory {
    let place = |id: i64, depth, parent: Option<i64>| PlaceRow {
        id: PlaceId(id),
        depth,
        code: id.to_string(),
        zh: id.to_string(),
        en: id.to_string(),
        hex: (depth == 3).then(|| (i32::try_from(id % 5).unwrap(), i32::try_from(id / 5 % 4).unwrap())),
        residents: 4_000,
        parent: parent.map(PlaceId),
    };
    let mut all = vec![place(1, 1, None)];
    all.extend((10..14).map(|p| place(p, 2, Some(1))));
    all.extend((0..20).map(|n| place(100 + n, 3, Some(10 + n / 5))));
    Directory::of_places(all)
}

fn path(neighborhood: i64) -> Path {
    Path::of(&[PlaceId(1), PlaceId(10 + (neighborhood - 100) / 5), PlaceId(neighborhood)])
}

/// A report so many days ago, answered a day later and closed the day after.
fn course(no: i64, place: i64, subject: &str, ago: i32) -> Course {
    let on = TODAY.saturating_sub(ago.days());
    let at = midnight(on).unwrap() + SignedDuration::from_hours(9);
    Course {
        case: CaseNo(no),
        subject: subject.to_owned(),
        path: path(place),
        doorway: Some(DoorwayId(place * 10 + no % 3)),
        unit: Some(UnitId(7)),
        reported_at: at,
        answered_at: Some(at + SignedDuration::from_hours(24)).filter(|_| ago > 1),
        closed_at: Some(at + SignedDuration::from_hours(48)).filter(|_| ago > 2),
        in_problem: false,
    }
}

/// So many quiet days: each neighbourhood reports every second day, of changing things.
fn quiet(days: i32) -> Vec<Course> {
    let mut out = vec![];
    for ago in (0..days).rev() {
        for place in (100..120).filter(|p| (p + i64::from(ago)) % 2 == 0) {
            let no = i64::try_from(out.len()).unwrap() + 1;
            let subject = SUBJECTS[usize::try_from((i64::from(ago) / 2 + place) % 4).unwrap()];
            out.push(course(no, place, subject, ago));
        }
    }
    out
}

fn heard(courses: &[Course]) -> Vec<Heard> {
    courses
        .iter()
        .map(|c| Heard {
            case: c.case,
            at: c.reported_at,
            subject: c.subject.clone(),
            path: c.path,
            doorway: c.doorway,
        })
        .collect()
}

fn look(courses: &[Course], doubts: &[(PlaceId, u32)], seasons: &[Season]) -> Vec<Finding> {
    let heard = heard(courses);
    let facts = Facts { heard: &heard, courses, doubts, seasons, ..Facts::default() };
    findings(&district(), facts, TODAY, Budget { alarms_a_month: 1.0 }).unwrap()
}

#[test]
fn a_quiet_district_has_nothing() {
    assert_eq!(look(&quiet(120), &[], &[]), []);
    assert_eq!(look(&[], &[], &[]), []);
}

#[test]
fn what_was_closed_and_comes_back_to_its_door_is_a_relapse() {
    let mut courses = quiet(120);
    let door = DoorwayId(999);
    for (no, ago) in [(90_000, 60), (90_001, 45), (90_002, 30), (90_003, 18), (90_004, 6)] {
        courses.push(Course { doorway: Some(door), ..course(no, 103, "smoke", ago) });
    }
    courses.sort_by_key(|c| c.reported_at);
    let found = look(&courses, &[], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    let f = &found[0];
    let cases: Vec<i64> = f.cases.iter().map(|c| c.0).collect();
    assert_eq!((f.kind, f.precinct, f.doorways.clone()), (Kind::Relapse, PlaceId(10), vec![door]));
    assert_eq!(cases, [90_001, 90_002, 90_003, 90_004], "the one that was closed first is not one of them");
    assert!(f.expected < 0.5 && f.observed == 4.0 && f.once_in_days > 30.0, "{f:?}");
    // The same five where the first is still open are many cases, and nothing that came back.
    for c in courses.iter_mut().filter(|c| c.doorway == Some(door)) {
        c.closed_at = None;
    }
    assert!(look(&courses, &[], &[]).iter().all(|f| f.kind != Kind::Relapse));
}

#[test]
fn a_unit_that_takes_longer_and_longer_is_noticed_once_and_harder_work_is_not() {
    let at = |courses: &mut Vec<Course>, hours: &dyn Fn(&Course) -> i64| {
        for c in courses.iter_mut() {
            c.answered_at = c.answered_at.map(|_| c.reported_at + SignedDuration::from_hours(hours(c)));
        }
    };
    let recent = |c: &Course| c.reported_at > midnight(TODAY.saturating_sub(15.days())).unwrap();
    let scatter = |c: &Course| [18, 36, 24][usize::try_from(c.case.0 % 3).unwrap()];
    let mut courses = quiet(150);
    at(&mut courses, &|c| if recent(c) && c.path.at(2) == Some(PlaceId(11)) { 96 } else { scatter(c) });
    let found = look(&courses, &[], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    let f = &found[0];
    assert_eq!((f.kind, f.precinct, f.about.as_str()), (Kind::SlowAnswers, PlaceId(11), "unit:7"));
    assert!(f.observed > 90.0 && f.expected < 40.0 && f.once_in_days > 30.0 && f.cases.len() > 10, "{f:?}");

    // What always takes four days takes four days, and now there is more of it.
    let long = |c: &Course| if c.subject == "construction" { 96 } else { scatter(c) };
    let mut courses = quiet(150);
    for c in courses.iter_mut().filter(|c| c.case.0 % 10 == 0 || (recent(c) && c.case.0 % 2 == 0)) {
        "construction".clone_into(&mut c.subject);
    }
    at(&mut courses, &long);
    assert!(look(&courses, &[], &[]).iter().all(|f| f.kind != Kind::SlowAnswers || f.about.is_empty()));
}

#[test]
fn a_place_that_falls_silent_is_asked_after_unless_it_tells_all_there_is() {
    let silent = |c: &Course| c.path.lowest() == Some(PlaceId(107));
    let late = |c: &Course| c.reported_at > midnight(TODAY.saturating_sub(40.days())).unwrap();
    // Enough of it that none at all says something: a report a day and neighbourhood.
    let mut courses = quiet(120);
    courses.extend(quiet(120).into_iter().map(|c| Course { case: CaseNo(c.case.0 + 50_000), ..c }));
    courses.sort_by_key(|c| c.reported_at);
    courses.retain(|c| !(silent(c) && late(c)));
    let found = look(&courses, &[], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    let f = &found[0];
    assert_eq!((f.kind, f.precinct, f.about.as_str()), (Kind::Silence, PlaceId(11), "place:107"));
    assert!(f.observed == 0.0 && f.expected > 20.0, "{f:?}");

    // Elsewhere one voice a matter; there four: what happens is told.
    let mut heard = heard(&courses);
    let more: Vec<Heard> = heard.iter().filter(|h| h.path.lowest() == Some(PlaceId(107))).cloned().collect();
    for _ in 0..3 {
        heard.extend(more.clone());
    }
    let facts = Facts { heard: &heard, courses: &courses, ..Facts::default() };
    let found = findings(&district(), facts, TODAY, Budget { alarms_a_month: 1.0 }).unwrap();
    assert!(found.iter().all(|f| f.kind != Kind::Silence), "{found:?}");
}

#[test]
fn contradictions_are_counted_by_precinct_and_few_are_not_told() {
    let doubts = [(PlaceId(100), 3), (PlaceId(104), 2), (PlaceId(105), 4)];
    let found = look(&quiet(60), &doubts, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].kind, found[0].precinct, found[0].observed),
        (Kind::Contradiction, PlaceId(10), 5.0)
    );
    assert!(found[0].cases.is_empty() && found[0].doorways.is_empty(), "nobody is named");
}

#[test]
fn the_calendar_speaks_until_last_year_does() {
    let known = |code: &str| domain::subjects::by_code(code).is_some();
    let calendar =
        warnings::seasons("key,from,to,subject,zh,en\nx,03-14,04-01,pests,好,good", known).unwrap();
    let found = look(&quiet(120), &[], &calendar);
    assert_eq!(found.len(), 4, "one a precinct");
    assert_eq!(
        (found[0].kind, found[0].about.as_str(), found[0].since),
        (Kind::Season, "season:x:2026", date(2026, 3, 14))
    );

    // A year of reports: pests came last spring, and only in one precinct.
    let mut courses = quiet(399);
    for n in 0..40 {
        let ago = 340 - i32::try_from(n % 20).unwrap();
        courses.push(course(80_000 + n, 110 + n % 5, "pests", ago));
    }
    courses.sort_by_key(|c| c.reported_at);
    let found = look(&courses, &[], &calendar);
    assert_eq!(found.len(), 1, "{found:?}");
    let f = &found[0];
    assert_eq!((f.kind, f.precinct, f.subject.as_str()), (Kind::Season, PlaceId(12), "pests"));
    assert!(f.since > TODAY && f.observed > 30.0 && f.expected < 10.0, "{f:?}");
}
