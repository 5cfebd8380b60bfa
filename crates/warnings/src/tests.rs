//! Stories of warnings.

use super::*;
use jiff::civil::date;

fn finding(cases: &[i64]) -> Finding {
    Finding {
        kind: Kind::Cluster,
        precinct: PlaceId(7),
        subject: "elevators".to_owned(),
        about: String::new(),
        doorways: vec![DoorwayId(1)],
        cases: cases.iter().map(|n| CaseNo(*n)).collect(),
        since: date(2026, 3, 1),
        observed: cases.len() as f64,
        expected: 0.4,
        once_in_days: 500.0,
        untold: None,
    }
}

fn told(cases: &[i64], on: Date) -> Warning {
    match merge(&[], vec![finding(cases)], on).pop() {
        Some(Change::Tell(w)) => w,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tomorrow_the_same_burst_is_the_same_warning() {
    let monday = date(2026, 3, 2);
    let w = told(&[1, 2, 3], monday);
    let changes = merge(
        std::slice::from_ref(&w),
        vec![finding(&[2, 3, 4, 5]), finding(&[9, 10, 11])],
        date(2026, 3, 3),
    );
    assert!(
        matches!(&changes[0], Change::GoesOn { index: 0, now, woke: false } if now.first == monday && now.finding.cases.len() == 4)
    );
    assert!(matches!(&changes[1], Change::Tell(new) if new.first == date(2026, 3, 3)));
    // Another subject at the same doors is another thing.
    let other = Finding { subject: "waste".to_owned(), ..finding(&[1, 2, 3]) };
    assert!(matches!(merge(&[w], vec![other], monday)[..], [Change::Tell(_)]));
}

#[test]
fn known_until_may_is_silent_for_that_reason_only() {
    let w = told(&[1, 2, 3, 4], date(2026, 3, 2)).known("road works".to_owned(), date(2026, 5, 1));
    assert!(!w.shown());
    let look = |cases: &[i64], on| merge(std::slice::from_ref(&w), vec![finding(cases)], on);
    assert!(matches!(look(&[2, 3, 4, 5], date(2026, 4, 1))[..], [Change::GoesOn { woke: false, .. }]));
    // Half as many again: the road works do not explain that.
    assert!(
        matches!(&look(&[1, 2, 3, 4, 5, 6, 7], date(2026, 4, 1))[..], [Change::GoesOn { woke: true, now, .. }] if now.shown())
    );
    assert!(matches!(look(&[2, 3], date(2026, 5, 2))[..], [Change::GoesOn { woke: true, .. }]));
    assert!(matches!(look(&[20, 21, 22], date(2026, 4, 1))[..], [Change::Tell(_)]));
}

#[test]
fn what_was_acted_on_is_told_again_when_it_grows_or_stays() {
    for state in [State::Acted, State::Nothing] {
        let w = Warning { state: state.clone(), ..told(&[1, 2, 3, 4], date(2026, 3, 2)) };
        let look =
            |cases: &[i64]| merge(std::slice::from_ref(&w), vec![finding(cases)], date(2026, 3, 6)).remove(0);
        let silent = look(&[2, 3, 4, 5, 6]);
        assert!(
            matches!(&silent, Change::GoesOn { woke: false, now, .. } if now.state == state && now.finding.cases.len() == 4)
        );
        assert!(
            matches!(look(&[1, 2, 3, 4, 5, 6, 7]), Change::GoesOn { woke: true, now, .. } if now.shown())
        );
        // Two weeks on, none of those cases is in it: it did not go away.
        assert!(matches!(look(&[9, 10, 11, 12]), Change::Tell(_)));
    }
}

#[test]
fn what_is_no_longer_found_lapses_by_itself() {
    let mut w = told(&[1, 2, 3], date(2026, 3, 2));
    assert_eq!(w.fate(), Fate::Waiting);
    assert_eq!(merge(std::slice::from_ref(&w), vec![], date(2026, 3, 8)), vec![]);
    assert_eq!(merge(std::slice::from_ref(&w), vec![], date(2026, 3, 9)), vec![Change::Lapses(0)]);
    w.state = State::Lapsed;
    assert_eq!(w.fate(), Fate::LedToNothing);
    // What comes back after that is told anew.
    assert!(matches!(merge(&[w], vec![finding(&[3, 4, 5])], date(2026, 4, 1))[..], [Change::Tell(_)]));
}

#[test]
fn it_goes_to_the_precinct_of_most_cases() {
    assert_eq!(concerned(&[PlaceId(9), PlaceId(4), PlaceId(9)]), Some(PlaceId(9)));
    assert_eq!(concerned(&[PlaceId(9), PlaceId(4)]), Some(PlaceId(4)));
    assert_eq!(concerned(&[]), None);
}

#[test]
fn the_shares_of_the_kinds_make_one() {
    let sum: f64 = Kind::ALL.iter().map(|k| k.share()).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
}

fn step(kind: StepKind, neighbourhood: i64, due: Date) -> Step {
    let (neighbourhood, by) = (PlaceId(neighbourhood), domain::StaffId(3));
    Step { kind, neighbourhood, words: "电梯修好了吗".to_owned(), due, by, said: None }
}

#[test]
fn a_committee_is_asked_once_and_what_it_says_stays_while_the_warning_goes_on() {
    let (monday, wednesday) = (date(2026, 3, 2), date(2026, 3, 4));
    let ask = |day| step(StepKind::Ask, 71, day);
    let w = told(&[1, 2, 3], monday).with_step(ask(wednesday), monday).unwrap();
    assert_eq!(w.clone().with_step(ask(wednesday), monday), Err(StepError::Waits));
    assert!(w.clone().with_step(step(StepKind::Ask, 72, wednesday), monday).is_ok(), "another committee");
    assert!(w.clone().with_step(step(StepKind::Visit, 71, wednesday), monday).is_ok(), "another step");
    for wrong in [date(2026, 3, 1), date(2026, 5, 2)] {
        assert_eq!(w.clone().with_step(step(StepKind::Visit, 71, wrong), monday), Err(StepError::Day));
    }
    assert_eq!(w.waiting_steps().count(), 1);
    let said = Said { on: wednesday, by: domain::StaffId(4), words: "零件周五到".to_owned() };
    assert_eq!(w.clone().with_said(1, said.clone()), Err(StepError::Nothing));
    let w = w.with_said(0, said.clone()).unwrap();
    assert_eq!(w.clone().with_said(0, said.clone()), Err(StepError::Nothing), "what was said stays said");
    assert_eq!(w.waiting_steps().count(), 0);
    // Asked again after the answer, and kept by tomorrow's look.
    let w = w.with_step(ask(date(2026, 3, 9)), wednesday).unwrap();
    let changes = merge(&[w], vec![finding(&[1, 2, 3, 4])], date(2026, 3, 5));
    assert!(
        matches!(&changes[0], Change::GoesOn { now, .. } if now.steps.len() == 2 && now.steps[0].said.as_ref() == Some(&said))
    );
    let over = Warning { state: State::Nothing, ..told(&[1], monday) };
    assert_eq!(over.with_step(ask(wednesday), monday), Err(StepError::Over));
    let many = (0..12)
        .fold(told(&[1], monday), |w, n| w.with_step(step(StepKind::Visit, n, wednesday), monday).unwrap());
    assert_eq!(many.with_step(step(StepKind::Visit, 99, wednesday), monday), Err(StepError::Many));
}

#[test]
fn what_is_watched_is_silent_until_its_day_or_until_it_grows_by_half() {
    let (monday, until) = (date(2026, 3, 2), date(2026, 3, 9));
    let w = told(&[1, 2, 3, 4], monday).watched(until);
    assert_eq!((w.shown(), w.fate()), (false, Fate::Waiting), "it is not done with");
    let woke = |cases: &[i64], on| match &merge(std::slice::from_ref(&w), vec![finding(cases)], on)[..] {
        [Change::GoesOn { now, woke, .. }] => (*woke, now.state == State::Open),
        other => panic!("{other:?}"),
    };
    assert_eq!(woke(&[1, 2, 3, 4, 5, 6], until), (false, false));
    assert_eq!(woke(&[1, 2, 3, 4, 5, 6, 7], date(2026, 3, 4)), (true, true));
    assert_eq!(woke(&[1, 2, 3, 4], date(2026, 3, 10)), (true, true), "its day is over");
    // Found no more, it lapses after its day and not before.
    assert_eq!(merge(std::slice::from_ref(&w), vec![], until), []);
    assert_eq!(merge(&[w], vec![], date(2026, 3, 10)), [Change::Lapses(0)]);
}

#[test]
fn a_warning_that_was_kept_before_there_were_steps_is_read() {
    let mut old = serde_json::to_value(told(&[1, 2], date(2026, 3, 2))).unwrap();
    old.as_object_mut().unwrap().remove("steps");
    assert_eq!(serde_json::from_value::<Warning>(old).unwrap().steps, []);
}
