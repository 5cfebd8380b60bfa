//! Stories and properties of the ranking.

use super::*;
use crate::cases::{self, Command, Report, Solved};
use crate::rulebook::Rulebook;
use crate::{Actor, CaseNo, Context, PlaceId, StaffId};
use jiff::SignedDuration;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn unit(id: i64, kind: UnitKind, place: Option<i64>) -> Unit {
    Unit {
        id: UnitId(id),
        kind,
        zh: String::new(),
        en: String::new(),
        place: place.map(PlaceId),
        phone: String::new(),
    }
}

fn duty(id: i64, subject: &str, rank: i64) -> Duty {
    Duty {
        unit: UnitId(id),
        subject: subject.into(),
        rank,
        zh: format!("依据{id}。"),
        en: format!("basis {id}."),
    }
}

fn path() -> Path {
    Path::of(&[PlaceId(1), PlaceId(10), PlaceId(100)])
}

fn matter(path: &Path) -> Matter<'_> {
    Matter { subject: "noise", path, hours: Hours::Working, at: None }
}

/// The section of the sub-district comes first on paper, a department of the district second, and two property
/// companies of the neighbourhood third.
fn four() -> Vec<(Unit, Duty)> {
    vec![
        (unit(1, UnitKind::Section, Some(1)), duty(1, "noise", 1)),
        (unit(2, UnitKind::Department, None), duty(2, "noise", 2)),
        (unit(3, UnitKind::Property, Some(100)), duty(3, "noise", 3)),
        (unit(4, UnitKind::Property, Some(100)), duty(4, "noise", 3)),
    ]
}

fn candidates(of: &[(Unit, Duty)]) -> Vec<Candidate<'_>> {
    of.iter().map(|(unit, duty)| Candidate { unit, duty, open: 0, at: None }).collect()
}

fn learnt(unit: &Unit, duty: &Duty, path: &Path, lesson: Lesson, at: Timestamp) -> Learnt {
    Learnt {
        at,
        subject: duty.subject.clone(),
        path: *path,
        hours: Hours::Working,
        unit: unit.id,
        class: Class::of(unit, duty, path),
        lesson,
    }
}

fn order(ranked: &[Ranked]) -> Vec<i64> {
    ranked.iter().map(|r| r.unit.0).collect()
}

#[test]
fn without_history_the_list_of_duties_ranks() {
    let (units, path) = (four(), path());
    let ranked = rank(&matter(&path), &candidates(&units), &History::default(), 0);
    assert_eq!(order(&ranked), [1, 2, 3, 4]);
    assert_eq!(ranked[0].zh(), "依据1；管辖本街镇；现有未结0件。");
    assert_eq!(ranked[1].en(), "basis 2; serves the whole district; 0 open now.");
}

#[test]
fn it_learns_whom_people_choose_and_forgets_again() {
    let (units, path) = (four(), path());
    let next_door = Path::of(&[PlaceId(1), PlaceId(10), PlaceId(101)]);
    let mut history = History::default();
    let (own, theirs) = (&units[3], (unit(5, UnitKind::Property, Some(101)), duty(5, "noise", 3)));
    let long_ago = now() - SignedDuration::from_hours(24 * 400);
    for _ in 0..20 {
        history.add(&learnt(&own.0, &own.1, &path, Lesson::Chosen, long_ago));
    }
    let first = |history: &History, path: &Path, units: &[(Unit, Duty)]| {
        order(&rank(&matter(path), &candidates(units), history, weight(now())))[0]
    };
    assert_eq!(first(&history, &path, &units), 4);
    // Next door, where nobody was ever chosen, the property company of that place profits.
    let mut there = four();
    there.truncate(2);
    there.push(theirs);
    assert_eq!(first(&history, &next_door, &there), 5);
    // Of late everybody chooses the section.
    for _ in 0..14 {
        history.add(&learnt(&units[0].0, &units[0].1, &path, Lesson::Chosen, now()));
    }
    assert_eq!(first(&history, &path, &units), 1);
}

#[test]
fn what_comes_back_and_what_is_not_solved_counts_against_a_unit() {
    let (mut units, path) = (four(), path());
    units.drain(..2);
    let mut history = History::default();
    let mut add = |i: usize, lesson| history.add(&learnt(&units[i].0, &units[i].1, &path, lesson, now()));
    for _ in 0..10 {
        add(0, Lesson::Chosen);
        add(1, Lesson::Chosen);
        add(1, Lesson::Settled);
        add(1, Lesson::Answered(Some(3 * 24 * 60)));
        add(0, Lesson::Unsettled);
    }
    add(1, Lesson::Returned);
    let ranked = rank(&matter(&path), &candidates(&units), &history, weight(now()));
    assert_eq!(order(&ranked), [4, 3]);
    assert_eq!(
        ranked[0].zh(),
        "依据4；就在本居民区；它办过同类件10件，办结10件，未留办1件，平均3天答复；现有未结0件。"
    );
    assert!(ranked[1].en().contains("was given 10 such cases, 0 settled, 10 times “not solved”;"));
}

#[test]
fn the_nearer_and_the_less_laden_of_two_alike_comes_first() {
    let (mut units, path) = (four(), path());
    units.drain(..2);
    let at = Some(Point { x: 0.0, y: 0.0 });
    let m = Matter { at, ..matter(&path) };
    let mut c = candidates(&units);
    c[0].open = 30;
    assert_eq!(order(&rank(&m, &c, &History::default(), 0)), [4, 3]);
    c[0] = Candidate { open: 0, at: Some(Point { x: 300.0, y: 400.0 }), ..c[0] };
    c[1].at = Some(Point { x: 0.0, y: 2_040.0 });
    let ranked = rank(&m, &c, &History::default(), 0);
    assert_eq!(order(&ranked), [3, 4]);
    assert!(ranked[0].zh().contains("离现场约500米"));
    assert!(ranked[1].zh().contains("离现场约2公里"), "{}", ranked[1].zh());
}

/// One case from the dispatch to the end, with a return in between.
#[test]
fn a_case_teaches_by_its_events() {
    let rules = Rulebook::china();
    let staff = |unit| Actor::Staff { id: StaffId(1), unit };
    let ctx = |hours, actor| Context::new(now() + SignedDuration::from_hours(hours), actor, [1; 32]);
    let report = Report { path: path(), ..Report::example("半夜施工") };
    let (start, _) = cases::open(CaseNo(1), report, &ctx(0, Actor::Resident), &rules);
    let dispatch = |unit| Command::Dispatch {
        unit: UnitId(unit),
        off_list: false,
        subject: "noise".into(),
        kind: cases::Kind::Complaint,
        reason: "near".into(),
        proposed: Some(1),
    };
    let text = || "x".to_owned();
    let steps = [
        (1, staff(None), dispatch(1)),
        (2, staff(Some(UnitId(1))), Command::Return { ground: text(), note: text() }),
        (3, staff(None), dispatch(2)),
        (4, staff(Some(UnitId(2))), Command::FirstContact { reached: true, note: text() }),
        (
            5,
            staff(Some(UnitId(2))),
            Command::Answer { outcome: text(), quantities: vec![], solved: Solved::Yes },
        ),
        (6, Actor::Resident, Command::NotSolved { voice: 1, text: text() }),
        (7, staff(Some(UnitId(2))), Command::FirstContact { reached: true, note: text() }),
        (
            8,
            staff(Some(UnitId(2))),
            Command::Answer { outcome: text(), quantities: vec![], solved: Solved::Yes },
        ),
        (9, Actor::Resident, Command::Confirm { voice: 1 }),
    ];
    let mut case = start.clone();
    let mut events = Vec::new();
    for (hours, actor, command) in steps {
        let more = cases::decide(&case, command, &ctx(hours, actor), &rules).unwrap();
        case = more.iter().fold(case, cases::apply);
        events.extend(more);
    }
    let units = four();
    let class = |u: UnitId, _: &str, p: &Path| {
        units.iter().find(|(x, _)| x.id == u).and_then(|(u, d)| Class::of(u, d, p))
    };
    let hours = |at| Hours::of(at, &rules);
    let whole = learn(&start, &events, class, hours);
    use Lesson as L;
    assert_eq!(
        whole.iter().map(|l| (l.unit.0, l.lesson)).collect::<Vec<_>>(),
        [
            (1, L::Chosen),
            (1, L::Returned),
            (2, L::Chosen),
            (2, L::Answered(None)),
            (2, L::Unsettled),
            (2, L::Answered(None)),
            (2, L::Settled),
        ]
    );
    assert!(whole.iter().all(|l| l.hours == Hours::Working && l.class.is_some()));
    // One event at a time teaches the same.
    let mut case = start;
    let mut singly = Vec::new();
    for e in &events {
        singly.extend(learn(&case, std::slice::from_ref(e), class, hours));
        case = cases::apply(case, e);
    }
    assert_eq!(singly, whole);
}

#[test]
fn a_problem_teaches_who_leads_it() {
    use crate::problems::{self, Command as C, NewTask, Opening};
    let rules = Rulebook::china();
    let ctx = Context::new(now(), Actor::Staff { id: StaffId(1), unit: None }, [1; 32]);
    let opening = Opening {
        path: path(),
        title: "施工".into(),
        cause: "半夜施工".into(),
        subject: "noise".into(),
        due: None,
    };
    let (start, _) = problems::open(crate::ProblemId(1), opening, &ctx, &rules).unwrap();
    let lead = |unit| C::ChooseLead { unit: UnitId(unit), off_list: false, why: "near".into() };
    let settle = || C::Settle { outcome: "x".into(), solved: Solved::Yes };
    let steps = [
        lead(1),
        lead(1),
        lead(2),
        C::AddTask(NewTask {
            what: "x".into(),
            unit: UnitId(2),
            person: String::new(),
            hours: 1,
            not_before: None,
            due: start.due,
            after: vec![],
        }),
        C::Approve { due: start.due },
        C::DropTask { task: 1, why: "x".into() },
        settle(),
        C::Reopen { why: "x".into() },
        settle(),
        C::Close { note: String::new(), unsettled: 0 },
    ];
    let mut problem = start;
    let units = four();
    let class = |u: UnitId, _: &str, p: &Path| {
        units.iter().find(|(x, _)| x.id == u).and_then(|(u, d)| Class::of(u, d, p))
    };
    let mut taught = Vec::new();
    for command in steps {
        let events = problems::decide(&problem, command, &ctx, &rules).unwrap();
        taught.extend(learn_lead(&problem, &events, class, |at| Hours::of(at, &rules)));
        problem = events.iter().fold(problem, problems::apply);
    }
    use Lesson as L;
    assert_eq!(
        taught.iter().map(|l| (l.unit.0, l.lesson)).collect::<Vec<_>>(),
        [(1, L::Chosen), (1, L::Returned), (2, L::Chosen), (2, L::Unsettled), (2, L::Settled)]
    );
    assert!(taught.iter().all(|l| l.subject == "noise" && l.class.is_some()));
}

#[test]
fn weights_double_and_stay_small() {
    let days = |n: i64| now() + SignedDuration::from_hours(24 * n);
    assert_eq!(weight(days(HALF_LIFE)) / weight(now()), 2);
    assert_eq!(weight("1999-01-01T00:00:00Z".parse().unwrap()), 1);
    // A million cases of the farthest day still fit.
    assert!(weight(Timestamp::MAX).checked_mul(100_000).is_some());
}

#[test]
fn classes_and_hours_have_names() {
    let class = Class { kind: UnitKind::Property, depth: 3, rank: 2 };
    assert_eq!(class.to_string(), "property/3/2");
    assert_eq!("property/3/2".parse(), Ok(class));
    for bad in ["", "property/3", "shop/1/1", "property/x/1", "property/1/1/1"] {
        assert!(bad.parse::<Class>().is_err(), "{bad}");
    }
    let rules = Rulebook::china();
    let at = |t: &str| Hours::of(t.parse().unwrap(), &rules);
    assert_eq!(at("2026-03-02T01:00:00Z"), Hours::Working);
    assert_eq!(at("2026-03-02T09:30:00Z"), Hours::Off, "closing time");
    assert_eq!(at("2026-02-18T02:00:00Z"), Hours::Off, "Spring Festival");
    assert_eq!(Hours::from_key("off"), Some(Hours::Off));
}

proptest! {
    /// A unit without the duty or the jurisdiction is never proposed, however often it was chosen; every
    /// other one is, once, in the order of the scores; shares add up.
    #[test]
    fn only_the_able_are_ranked(
        units in prop::collection::vec((0usize..5, 0i64..7, 0usize..2, 1i64..4, 0i64..300), 1..40),
        past in prop::collection::vec((0usize..40, 0u8..5, 0i64..600, prop::bool::ANY), 0..200),
    ) {
        let of: Vec<(Unit, Duty, i64)> = units.iter().enumerate().map(|(i, (kind, place, subject, rank, open))| {
            let id = i64::try_from(i).unwrap();
            let place = [None, Some(1), Some(10), Some(100), Some(2), Some(11), Some(101)][usize::try_from(*place).unwrap()];
            (unit(id, UnitKind::ALL[*kind], place), duty(id, ["noise", "waste"][*subject], *rank), *open)
        }).collect();
        let path = path();
        let mut history = History::default();
        for (i, lesson, days, classed) in past {
            let (u, d, _) = &of[i % of.len()];
            let lesson = [Lesson::Chosen, Lesson::Returned, Lesson::Answered(Some(days)), Lesson::Settled, Lesson::Unsettled][usize::from(lesson)];
            let at = now() - SignedDuration::from_hours(24 * days);
            let mut l = learnt(u, d, &path, lesson, at);
            // Even what no rule would let happen.
            l.class = l.class.filter(|_| classed).or(Some(Class { kind: u.kind, depth: 3, rank: d.rank }));
            history.add(&l);
        }
        let c: Vec<Candidate<'_>> = of.iter().map(|(unit, duty, open)| Candidate { unit, duty, open: *open, at: None }).collect();
        let ranked = rank(&matter(&path), &c, &history, weight(now()));
        let able = |u: &Unit, d: &Duty| d.subject == "noise" && u.place.is_none_or(|p| path.lies_in(p));
        for r in &ranked {
            let (u, d, _) = &of[usize::try_from(r.unit.0).unwrap()];
            prop_assert!(able(u, d), "{:?} {:?}", u, d);
            prop_assert!(r.score.is_finite() && !r.reasons.is_empty());
        }
        let mut ids = order(&ranked);
        prop_assert!(ranked.windows(2).all(|w| w[0].score >= w[1].score));
        ids.sort_unstable();
        let all: Vec<i64> = of.iter().filter(|(u, d, _)| able(u, d)).map(|(u, ..)| u.id.0).collect();
        prop_assert_eq!(ids, all);
        let sum: f64 = ranked.iter().map(|r| r.share).sum();
        prop_assert!(ranked.is_empty() || (sum - 1.0).abs() < 1e-9);
    }

    /// More open cases never help; one more choice never hurts.
    #[test]
    fn load_and_choices_point_the_right_way(
        opens in prop::collection::vec(0i64..200, 4), which in 0usize..4, more in 1i64..100, times in 0usize..30,
    ) {
        let (units, path) = (four(), path());
        let mut c = candidates(&units);
        c.iter_mut().zip(&opens).for_each(|(c, open)| c.open = *open);
        let mut history = History::default();
        for n in 0..times {
            let (u, d) = &units[n % 4];
            history.add(&learnt(u, d, &path, Lesson::Chosen, now()));
        }
        let share = |c: &[Candidate<'_>], h: &History| {
            let ranked = rank(&matter(&path), c, h, weight(now()));
            ranked.iter().find(|r| r.unit == units[which].0.id).unwrap().share
        };
        let before = share(&c, &history);
        let mut chosen = history.clone();
        chosen.add(&learnt(&units[which].0, &units[which].1, &path, Lesson::Chosen, now()));
        prop_assert!(share(&c, &chosen) >= before - 1e-12);
        c[which].open += more;
        prop_assert!(share(&c, &history) <= before + 1e-12);
    }

    /// What is learnt does not depend on the order in which it is added.
    #[test]
    fn sums_do_not_depend_on_the_order(past in prop::collection::vec((0usize..4, 0u8..5, 0i64..600), 0..60)) {
        let (units, path) = (four(), path());
        let all: Vec<Learnt> = past.iter().map(|(i, lesson, days)| {
            let lesson = [Lesson::Chosen, Lesson::Returned, Lesson::Answered(None), Lesson::Settled, Lesson::Unsettled][usize::from(*lesson)];
            learnt(&units[*i].0, &units[*i].1, &path, lesson, now() - SignedDuration::from_hours(24 * days))
        }).collect();
        let (mut a, mut b) = (History::default(), History::default());
        all.iter().for_each(|l| a.add(l));
        all.iter().rev().for_each(|l| b.add(l));
        prop_assert_eq!(a, b);
    }
}
