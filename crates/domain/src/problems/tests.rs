//! The rules of problems, plans and whistles.

use super::command::NewTask;
use super::*;
use crate::{Actor, Context, testing};
use jiff::SignedDuration;
use jiff::civil::{date, time};
use proptest::prelude::*;

const SECTION: UnitId = UnitId(1);
const GREENING: UnitId = UnitId(2);
const POLICE: UnitId = UnitId(3);

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn ctx(hours: i64) -> Context {
    Context::new(at(hours), Actor::Staff { id: StaffId(7), unit: None }, [7; 32])
}

fn word() -> String {
    "说明".into()
}

/// A problem under way in the hands of a test: every step is also folded again from the beginning.
struct Story {
    problem: Problem,
    events: Vec<Recorded>,
    now: i64,
}

impl Story {
    fn begin() -> Story {
        let opening = decide::Opening {
            path: Path::default(),
            title: "南昌路单车堵路".into(),
            cause: "没有规划停放点".into(),
            subject: "bikes".into(),
            due: None,
        };
        let (problem, first) = open(ProblemId(1), opening, &ctx(0), &testing::deadlines()).unwrap();
        Story { problem, events: vec![first], now: 0 }
    }

    fn planned() -> Story {
        let mut s = Story::begin();
        s.must(Command::Join { case: CaseNo(1), voices: 1, why: word() });
        s.must(Command::ChooseLead { unit: SECTION, off_list: false, why: word() });
        s.must(Command::AddTask(task(GREENING, 48, &[])));
        s.must(Command::Approve { due: at(300) });
        s
    }

    fn whistled() -> Story {
        let mut s = Story::planned();
        let (what, tried) = (word(), word());
        s.must(Command::Whistle { units: vec![GREENING, POLICE], what, tried, muster_due: at(60) });
        s
    }

    fn do_it(&mut self, command: Command) -> Result<(), Refusal> {
        let events = decide(&self.problem, command, &ctx(self.now), &testing::deadlines())?;
        for e in events {
            self.problem = apply(self.problem.clone(), &e);
            self.events.push(e);
        }
        assert_eq!(rebuild(self.problem.id, &self.events).as_ref(), Some(&self.problem));
        Ok(())
    }

    fn must(&mut self, command: Command) {
        self.do_it(command).unwrap();
    }

    fn refused(&mut self, command: Command) -> Refusal {
        let before = self.problem.clone();
        let refusal = self.do_it(command).unwrap_err();
        assert_eq!(self.problem, before);
        assert!(refusal.zh().ends_with('。') && refusal.en().ends_with('.'), "{refusal:?}");
        refusal
    }
}

fn task(unit: UnitId, due: i64, after: &[u32]) -> NewTask {
    NewTask {
        what: "移走花箱".into(),
        unit,
        person: String::new(),
        hours: 8,
        not_before: None,
        due: at(due),
        after: after.into(),
    }
}

#[test]
fn a_late_task_moves_what_waits_for_it_and_says_so() {
    let mut s = Story::planned();
    s.must(Command::AddTask(task(SECTION, 60, &[1])));
    s.must(Command::AddTask(task(SECTION, 100, &[2])));
    s.must(Command::AddTask(task(SECTION, 60, &[])));
    s.now = 70;
    s.must(Command::FinishTask { task: 1, note: word(), quantities: vec![] });
    assert_eq!(s.problem.task(2).unwrap().due, at(78), "eight hours after the one before it was done");
    assert_eq!(s.problem.task(3).unwrap().due, at(100), "there was room enough");
    assert_eq!(s.problem.task(4).unwrap().due, at(60), "waits for nothing");
    let because = s.events.iter().filter_map(|e| match &e.event {
        ProblemEvent::TaskSet { task, because: Some(b) } => Some((task.id, *b)),
        _ => None,
    });
    assert_eq!(because.collect::<Vec<_>>(), [(2, 1)]);
}

#[test]
fn tasks_that_wait_for_each_other_are_refused_by_name() {
    let mut s = Story::planned();
    s.must(Command::AddTask(task(SECTION, 60, &[1])));
    s.must(Command::AddTask(task(SECTION, 80, &[2])));
    let refused = s.refused(Command::ChangeTask { task: 1, to: task(GREENING, 48, &[3]) });
    assert_eq!(refused, Refusal::Circle(vec![2, 3, 1]));
    assert_eq!(
        s.refused(Command::ChangeTask { task: 1, to: task(GREENING, 48, &[1]) }),
        Refusal::Circle(vec![1])
    );
    assert_eq!(s.refused(Command::AddTask(task(SECTION, 80, &[9]))), Refusal::WaitsForNothing(9));
}

#[test]
fn nothing_is_settled_while_somebody_still_works_on_it() {
    let mut s = Story::whistled();
    let settle = Command::Settle { outcome: "已移走12个花箱".into(), solved: Solved::Yes };
    assert_eq!(s.refused(settle.clone()), Refusal::Unfinished(3));
    let removed = vec![Quantity { amount: "12".into(), what: "个花箱移走".into() }];
    s.must(Command::FinishTask { task: 1, note: word(), quantities: removed });
    for unit in [GREENING, POLICE] {
        s.must(Command::Muster { whistle: 1, unit, person: "王某".into() });
        let more = vec![Quantity { amount: "0.5".into(), what: "个花箱移走".into() }];
        s.must(Command::ReportCall { whistle: 1, unit, what: word(), quantities: more });
        assert!(s.do_it(settle.clone()).is_err(), "the called unit alone closes nothing");
        s.must(Command::AcceptCall { whistle: 1, unit });
    }
    s.must(settle);
    assert_eq!(s.problem.quantities, [Quantity { amount: "13".into(), what: "个花箱移走".into() }]);
    assert_eq!(s.refused(Command::Close { unsettled: 2, note: String::new() }), Refusal::Unsettled(2));
    s.must(Command::Close { unsettled: 0, note: String::new() });
    assert_eq!(s.problem.state, ProblemState::Closed);
}

#[test]
fn a_dispute_is_ruled_on_once_by_neither_side() {
    let mut s = Story::whistled();
    s.must(Command::DisputeCall { whistle: 1, unit: POLICE, ground: "不在职责清单".into() });
    let rule = |theirs| Command::RuleCall { whistle: 1, unit: POLICE, theirs, reason: word() };
    let own = Context::new(at(1), Actor::Staff { id: StaffId(8), unit: Some(POLICE) }, [7; 32]);
    let refused = decide(&s.problem, rule(false), &own, &testing::deadlines()).unwrap_err();
    assert_eq!(refused, Refusal::OwnDispute);
    s.must(rule(true));
    let again = Command::DisputeCall { whistle: 1, unit: POLICE, ground: word() };
    assert_eq!(s.refused(again), Refusal::RuledAlready);
    s.must(Command::DelayCall { whistle: 1, unit: POLICE, until: at(200), ground: "警力紧张".into() });
    assert_eq!(s.problem.call(1, POLICE).unwrap().due, Some(at(200)));
}

#[test]
fn an_overdue_call_climbs_past_a_vacancy_one_level_at_a_time() {
    let mut s = Story::whistled();
    let ladder = Ladder(vec![vec![StaffId(1)], vec![], vec![StaffId(3)]]);
    let climb = Command::Climb { whistle: 1, unit: POLICE, ladder };
    assert_eq!(s.refused(climb.clone()), Refusal::NotOverdue);
    s.now = 30;
    s.must(climb.clone());
    assert_eq!(s.problem.call(1, POLICE).unwrap().climbed, 1);
    assert_eq!(s.refused(climb.clone()), Refusal::NotOverdue, "not twice for one day");
    s.now = 60;
    s.must(climb.clone());
    let last = &s.events.last().unwrap().event;
    assert!(
        matches!(last, ProblemEvent::Climbed { level: 3, to, vacant, .. } if *to == [StaffId(3)] && *vacant == [2]),
        "{last:?}"
    );
    s.now = 90;
    assert_eq!(s.refused(climb), Refusal::NotOverdue, "nobody is left above");
}

#[test]
fn an_application_is_granted_in_part_and_then_in_whole() {
    let mut s = Story::planned();
    let bays = |n: &str| vec![Quantity { amount: n.into(), what: "个车位".into() }];
    let apply = Command::Apply {
        unit: GREENING,
        what: "移走花箱".into(),
        quantities: bays("12"),
        document: "片函1号".into(),
        due: at(100),
    };
    s.must(apply);
    let part = Command::GrantInPart {
        application: 1,
        quantities: bays("8"),
        document: "复函3号".into(),
        ground: "其余在花期".into(),
    };
    s.must(part);
    assert_eq!(s.problem.application(1).unwrap().granted, bays("8"));
    let document = String::from("复函9号");
    s.must(Command::Grant { application: 1, quantities: bays("12"), document, note: String::new() });
    let granted = s.problem.application(1).unwrap();
    assert_eq!((granted.state, granted.granted.clone()), (ApplicationState::Granted, bays("12")));
    let papers: Vec<&str> = granted.documents.iter().map(|d| d.1.as_str()).collect();
    assert_eq!(papers, ["片函1号", "复函3号", "复函9号"]);
}

#[test]
fn a_standing_duty_keeps_its_days_and_no_others() {
    let mut s = Story::planned();
    let rota = Rota {
        days: Days::Working,
        weekdays: vec![],
        from: time(17, 0, 0, 0),
        to: time(19, 0, 0, 0),
        begins: date(2026, 3, 2),
        until: date(2026, 3, 31),
    };
    let backwards = Rota { to: time(16, 0, 0, 0), ..rota.clone() };
    let set = |rota| Command::SetDuty { unit: POLICE, what: "疏导".into(), rota };
    assert_eq!(s.refused(set(backwards)), Refusal::EmptyRota);
    s.must(set(rota));
    s.now = 24 * 7;
    let attend =
        |day| Command::AttendDuty { duty: 1, day, attendance: Attendance::Kept, note: String::new() };
    s.must(attend(date(2026, 3, 3)));
    assert_eq!(s.refused(attend(date(2026, 3, 7))), Refusal::NotOnDuty, "a Saturday");
    assert_eq!(s.refused(attend(date(2026, 3, 20))), Refusal::NotOnDuty, "has not come yet");
    let missed = |note: &str| Command::AttendDuty {
        duty: 1,
        day: date(2026, 3, 4),
        attendance: Attendance::Missed,
        note: note.into(),
    };
    assert_eq!(s.refused(missed("")), Refusal::Missing("note"));
    s.must(missed("另有任务"));
    let figures = figures(&s.problem, &s.events);
    let days = figures.iter().find(|f| f.name == FigureName::DutyDays).unwrap();
    assert_eq!((days.count, days.of, days.events.len()), (1, Some(2), 2));
}

#[test]
fn a_committee_never_leads_what_is_off_its_list() {
    let mut s = Story::begin();
    let lead = Command::ChooseLead { unit: SECTION, off_list: true, why: word() };
    assert_eq!(s.refused(lead), Refusal::OffTheList);
}

#[test]
fn every_figure_names_the_events_it_is_counted_from() {
    let mut s = Story::whistled();
    s.must(Command::Muster { whistle: 1, unit: GREENING, person: "王某".into() });
    for f in figures(&s.problem, &s.events) {
        assert!(f.count == 0 || !f.events.is_empty(), "{f:?}");
        assert!(f.events.iter().all(|seq| s.events.iter().any(|e| e.seq == *seq)), "{f:?}");
    }
}

fn any_command() -> impl Strategy<Value = Command> {
    let unit = (1i64..4).prop_map(UnitId);
    let small = 1u32..4;
    let hours = -20i64..400;
    prop_oneof![
        (1i64..4).prop_map(|n| Command::Join { case: CaseNo(n), voices: 1, why: word() }),
        (1i64..4).prop_map(|n| Command::Leave { case: CaseNo(n), why: word() }),
        unit.clone().prop_map(|unit| Command::ChooseLead { unit, off_list: false, why: word() }),
        (unit.clone(), hours.clone(), prop::collection::vec(small.clone(), 0..2))
            .prop_map(|(unit, due, after)| Command::AddTask(task(unit, due, &after))),
        (small.clone(), unit.clone(), hours.clone(), prop::collection::vec(small.clone(), 0..2))
            .prop_map(|(n, unit, due, after)| Command::ChangeTask { task: n, to: task(unit, due, &after) }),
        small.clone().prop_map(|task| Command::FinishTask { task, note: word(), quantities: vec![] }),
        small.clone().prop_map(|task| Command::DropTask { task, why: word() }),
        hours.clone().prop_map(|due| Command::Approve { due: at(due) }),
        (prop::collection::vec(unit.clone(), 0..3), hours).prop_map(|(units, due)| Command::Whistle {
            units,
            what: word(),
            tried: word(),
            muster_due: at(due)
        }),
        (small.clone(), unit.clone()).prop_map(|(whistle, unit)| Command::TakeCall {
            whistle,
            unit,
            note: word()
        }),
        (small.clone(), unit.clone()).prop_map(|(whistle, unit)| Command::DisputeCall {
            whistle,
            unit,
            ground: word()
        }),
        (small.clone(), unit.clone(), any::<bool>()).prop_map(|(whistle, unit, theirs)| Command::RuleCall {
            whistle,
            unit,
            theirs,
            reason: word()
        }),
        (small.clone(), unit.clone()).prop_map(|(whistle, unit)| Command::Muster {
            whistle,
            unit,
            person: word()
        }),
        (small.clone(), unit.clone()).prop_map(|(whistle, unit)| Command::ReportCall {
            whistle,
            unit,
            what: word(),
            quantities: vec![]
        }),
        (small.clone(), unit.clone()).prop_map(|(whistle, unit)| Command::AcceptCall { whistle, unit }),
        (small, unit).prop_map(|(whistle, unit)| Command::CallOff {
            whistle,
            unit,
            why: word(),
            needless: true
        }),
        Just(Command::Settle { outcome: word(), solved: Solved::Yes }),
        Just(Command::Close { unsettled: 0, note: String::new() }),
        Just(Command::Reopen { why: word() }),
    ]
}

proptest! {
    /// Whatever is asked in whatever order: the state is what its events lead to, no call ends without the
    /// caller or a ruling, and nothing is settled while anything is open.
    #[test]
    fn any_row_of_commands_leaves_a_sound_problem(
        commands in prop::collection::vec((any_command(), 0i64..30), 0..40),
    ) {
        let mut s = Story::begin();
        for (command, later) in commands {
            s.now += later;
            let of_the_called = matches!(
                command,
                Command::TakeCall { .. } | Command::DisputeCall { .. } | Command::Muster { .. } | Command::ReportCall { .. }
            );
            let ended = |p: &Problem| p.whistles.iter().flat_map(|w| &w.calls).filter(|c| c.state.is_final()).count();
            let before = ended(&s.problem);
            let _ = s.do_it(command);
            prop_assert!(!of_the_called || ended(&s.problem) == before);
            if matches!(s.problem.state, ProblemState::Settled | ProblemState::Closed) {
                prop_assert!(s.problem.tasks.iter().all(|t| t.state.is_final()));
                prop_assert!(s.problem.whistles.iter().flat_map(|w| &w.calls).all(|c| c.state.is_final()));
            }
            for t in &s.problem.tasks {
                prop_assert!(t.after.iter().all(|a| *a != t.id && s.problem.task(*a).is_some()));
            }
        }
    }

    /// A plan is never in a circle, and what waits is never due before what it waits for could be done.
    #[test]
    fn what_waits_is_due_after_what_it_waits_for(
        links in prop::collection::vec((1u32..12, 1u32..12), 0..30),
        moves in prop::collection::vec((1u32..12, 20i64..300), 0..10),
    ) {
        let mut s = Story::planned();
        for n in 0..11 {
            s.must(Command::AddTask(task(SECTION, 10 + n, &[])));
        }
        let change = |s: &Story, id: u32, edit: &dyn Fn(&mut NewTask)| {
            let t = s.problem.task(id).unwrap();
            let mut to = task(t.unit, 0, &t.after);
            to.due = t.due;
            edit(&mut to);
            Command::ChangeTask { task: id, to }
        };
        for (id, after) in links {
            let command = change(&s, id, &|t| t.after.push(after));
            let _ = s.do_it(command);
        }
        for (id, due) in moves {
            let command = change(&s, id, &|t| t.due = at(due));
            let _ = s.do_it(command);
            // Whoever was pushed stands late enough after this one.
            for t in s.problem.tasks.iter().filter(|t| t.after.contains(&id)) {
                prop_assert!(t.due >= at(due) + SignedDuration::from_hours(8), "{} after {id}", t.id);
            }
        }
    }
}

#[test]
fn amounts_add_up_exactly() {
    assert_eq!(figures::thousandths("2.5"), Some(2_500));
    assert_eq!(figures::thousandths("12"), Some(12_000));
    for bad in ["", "x", "1.2345", "-1", ".5", "1e3"] {
        assert_eq!(figures::thousandths(bad), None, "{bad}");
    }
}
