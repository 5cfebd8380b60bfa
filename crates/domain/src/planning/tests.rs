//! Stories and properties of schedules.

use super::*;
use crate::rulebook::Rulebook;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(text.parse().unwrap()).unwrap()
}

fn task(id: u32, hours: u32, after: &[u32]) -> Task {
    Task {
        id,
        what: format!("任务{id}"),
        unit: UnitId(i64::from(id)),
        person: None,
        minutes: hours * 60,
        due: None,
        not_before: None,
        after: after.iter().map(|a| After::end_of(*a)).collect(),
        progress: Progress::NotBegun,
    }
}

#[test]
fn circles_and_loose_ends_are_named() {
    let rules = Rulebook::china();
    let now = at("2026-03-02T09:00:00");
    let refused = |tasks: &[Task]| schedule(tasks, now, &rules).unwrap_err().to_string();
    let circle = [task(1, 1, &[]), task(2, 1, &[1, 4]), task(3, 1, &[2]), task(4, 1, &[3]), task(5, 1, &[4])];
    assert_eq!(
        refused(&circle),
        "these tasks wait for each other in a circle: 3 “任务3” → 4 “任务4” → 2 “任务2” → 3 “任务3”"
    );
    assert_eq!(
        refused(&[task(7, 1, &[7])]),
        "these tasks wait for each other in a circle: 7 “任务7” → 7 “任务7”"
    );
    assert_eq!(refused(&[task(1, 1, &[9])]), "task 1 “任务1” waits for task 9, which is not in the plan");
    assert_eq!(refused(&[task(1, 1, &[]), task(1, 2, &[])]), "task 1 is there twice");
    assert_eq!(refused(&[task(1, 1_000_000, &[])]), "the plan is longer than 22500 working hours");
}

/// Nanchang Road: planters out, kerb cut, bays painted; signs can wait.
#[test]
fn a_late_task_moves_what_waits_for_it_over_the_weekend() {
    let rules = Rulebook::china();
    // A Thursday afternoon: half a day is left of it.
    let now = at("2026-03-05T13:15:00");
    let mut tasks = vec![task(1, 4, &[]), task(2, 4, &[1]), task(3, 2, &[]), task(4, 1, &[2, 3])];
    tasks[3].after[0].lag = 60;
    tasks[3].due = Some(at("2026-03-06T16:30:00"));
    let plan = schedule(&tasks, now, &rules).unwrap();
    assert_eq!(plan.critical, [1, 2, 4]);
    assert_eq!(plan.length, (4 + 4 + 1 + 1) * 60);
    assert_eq!(plan.ends, at("2026-03-06T14:45:00"));
    assert_eq!(plan.slot(2).unwrap().start, at("2026-03-05T17:15:00"));
    assert_eq!(plan.slot(3).unwrap().room.unwrap(), Room { total: 420, free: 420, to_due: Some(525) });
    assert_eq!(plan.slot(1).unwrap().room.unwrap(), Room { total: 0, free: 0, to_due: Some(105) });

    let late = Change::FinishesAt(at("2026-03-06T11:15:00"));
    let r = reschedule(&tasks, 1, late, now, &rules).unwrap();
    assert_eq!(r.shifts.iter().map(|s| (s.task, s.by)).collect::<Vec<_>>(), [(1, 150), (2, 150), (4, 150)]);
    assert_eq!(r.after.ends, at("2026-03-06T17:15:00"));
    assert_eq!(r.end_moves, 150);
    let last = r.shifts.last().unwrap();
    assert_eq!((last.because, last.due), (Some(2), DueEffect::Missed));
    assert!(matches!(
        r.tell.iter().map(|t| (t.unit.0, t.facts[0])).collect::<Vec<_>>()[..],
        [
            (1, Fact::YoursIsLate { by: 150, .. }),
            (2, Fact::YoursMoves { because: Some(1), .. }),
            (4, Fact::YoursMoves { because: Some(2), due: DueEffect::Missed, .. }),
        ]
    ));
    // The kerb need not wait for the planters: best of all. Each way that keeps the due again comes first.
    assert_eq!(r.win_back[0].way, Way::Overlap { first: 1, second: 2 });
    assert_eq!((r.win_back[0].end, &r.win_back[0].kept[..]), (360, &[4][..]));
    assert!(r.win_back.iter().any(|w| w.way == Way::Shorten { task: 2, from: 240, to: 120 }));
}

#[test]
fn what_is_done_or_begun_stands_and_what_is_dropped_passes_on() {
    let rules = Rulebook::china();
    let now = at("2026-03-03T10:00:00");
    let mut tasks = vec![task(1, 8, &[]), task(2, 4, &[1]), task(3, 2, &[2]), task(4, 1, &[3])];
    tasks[0].progress = Progress::Done(at("2026-03-02T18:30:00"));
    tasks[1].progress = Progress::Begun(at("2026-03-03T09:00:00"));
    tasks[2].progress = Progress::Dropped;
    let plan = schedule(&tasks, now, &rules).unwrap();
    assert_eq!(plan.slot(1).unwrap().finish, at("2026-03-02T18:30:00"));
    assert_eq!(plan.slot(1).unwrap().room, None);
    assert_eq!(plan.slot(2).unwrap().finish, at("2026-03-03T13:00:00"));
    assert_eq!(plan.slot(4).unwrap().start, at("2026-03-03T13:00:00"));
    assert_eq!(plan.ends, at("2026-03-03T14:00:00"));
    assert_eq!(plan.critical, [2, 4]);
    assert_eq!(reschedule(&tasks, 1, Change::Takes(9), now, &rules).unwrap_err(), Refused::Over(1));
    // Begun long ago and not done: it lasts at least until now.
    tasks[1].progress = Progress::Begun(at("2026-03-02T09:00:00"));
    assert_eq!(schedule(&tasks, now, &rules).unwrap().slot(2).unwrap().finish, now);
}

#[test]
fn an_empty_plan_ends_now() {
    let now = at("2026-03-03T10:00:00");
    let plan = schedule(&[], now, &Rulebook::china()).unwrap();
    assert_eq!((plan.ends, plan.length, plan.slots.len()), (now, 0, 0));
}

/// Plans without circles: a task waits only for earlier ones. Numbers are shuffled against the order.
fn plans() -> impl Strategy<Value = Vec<Task>> {
    let one = (
        0u32..30 * 60,
        prop::collection::vec((0usize..25, 0u32..600), 0..4),
        prop::option::of(0i64..20_000),
        prop::option::of(0i64..40_000),
        0u8..10,
    );
    prop::collection::vec(one, 1..25).prop_map(|all| {
        let start = at("2026-02-10T09:00:00");
        let later = |minutes: i64| start + jiff::SignedDuration::from_mins(minutes);
        let n = all.len();
        let id = |i: usize| u32::try_from((i * 7 + 3) % 101).unwrap();
        let mut tasks: Vec<Task> = all
            .into_iter()
            .enumerate()
            .map(|(i, (minutes, after, not_before, due, progress))| Task {
                id: id(i),
                what: String::new(),
                unit: UnitId(i64::try_from(i % 3).unwrap()),
                person: None,
                minutes,
                due: due.map(later),
                not_before: not_before.filter(|_| i % 3 == 0).map(later),
                after: after
                    .into_iter()
                    .filter(|(a, _)| *a < i)
                    .map(|(a, lag)| After { task: id(a), lag })
                    .collect(),
                progress: match progress {
                    0 => Progress::Done(start + jiff::SignedDuration::from_hours(-20)),
                    1 => Progress::Begun(start + jiff::SignedDuration::from_hours(-10)),
                    2 => Progress::Dropped,
                    _ => Progress::NotBegun,
                },
            })
            .collect();
        tasks.rotate_left(n / 2);
        tasks
    })
}

/// The longest chain of durations and lags that ends with a task, by trying all of them.
fn longest(tasks: &[Task], i: usize) -> i64 {
    let before = tasks[i].after.iter().map(|a| {
        let b = tasks.iter().position(|t| t.id == a.task).unwrap();
        longest(tasks, b) + i64::from(a.lag)
    });
    before.max().unwrap_or(0) + i64::from(tasks[i].minutes)
}

proptest! {
    /// Nothing begins before what it waits for is done, before its own day, or before now; and nothing waits
    /// longer than it must.
    #[test]
    fn every_dependency_is_respected(tasks in plans()) {
        let rules = Rulebook::china();
        let now = at("2026-02-10T09:00:00");
        let plan = schedule(&tasks, now, &rules).unwrap();
        for (t, s) in tasks.iter().zip(&plan.slots) {
            if t.progress != Progress::NotBegun {
                continue;
            }
            prop_assert_eq!(s.finish_minute - s.start_minute, i64::from(t.minutes));
            prop_assert!(s.start >= now && t.not_before.is_none_or(|n| s.start >= n));
            let mut held = s.start == now || t.not_before.is_some_and(|n| s.bound == Bound::NotBefore && s.start >= n);
            for a in &t.after {
                let b = plan.slot(a.task).unwrap();
                let dropped = tasks.iter().any(|x| x.id == a.task && x.progress == Progress::Dropped);
                let lag = if dropped { 0 } else { i64::from(a.lag) };
                prop_assert!(b.finish_minute + lag <= s.start_minute);
                prop_assert!(b.finish <= s.start);
                held |= b.finish_minute + lag == s.start_minute;
            }
            prop_assert!(held, "task {} waits for nothing", t.id);
        }
    }

    /// No slack is less than 0 exactly where every promise of an open task is kept; total slack never is.
    #[test]
    fn slack_is_there_if_and_only_if_the_due_is_kept(tasks in plans()) {
        let plan = schedule(&tasks, at("2026-02-10T09:00:00"), &Rulebook::china()).unwrap();
        let open: Vec<&Slot> = plan.slots.iter().filter(|s| s.room.is_some()).collect();
        for s in &open {
            let room = s.room.unwrap();
            prop_assert!(room.free >= 0 && room.total >= room.free);
            if s.misses_due {
                prop_assert!(room.to_due.unwrap() < 0);
            }
        }
        let slack = open.iter().all(|s| s.room.unwrap().to_due.is_none_or(|d| d >= 0));
        prop_assert_eq!(slack, open.iter().all(|s| !s.misses_due));
    }

    /// The critical path is as long as the plan, its tasks follow each other without a gap, and no other chain
    /// is longer.
    #[test]
    fn the_critical_path_is_as_long_as_the_plan(tasks in plans()) {
        let rules = Rulebook::china();
        let now = at("2026-02-10T09:00:00");
        let plan = schedule(&tasks, now, &rules).unwrap();
        if let (Some(first), Some(last)) = (plan.critical.first(), plan.critical.last()) {
            let (first, last) = (plan.slot(*first).unwrap(), plan.slot(*last).unwrap());
            prop_assert_eq!(last.finish_minute - first.start_minute, plan.length);
            prop_assert!(plan.slots.iter().zip(&tasks)
                .all(|(s, t)| t.progress == Progress::Dropped || s.finish_minute <= last.finish_minute));
        }
        // Without dates and progress, the plan is as long as the longest chain of its tasks.
        let mut bare = tasks;
        for t in &mut bare {
            (t.not_before, t.progress) = (None, Progress::NotBegun);
        }
        let plan = schedule(&bare, now, &rules).unwrap();
        let most = (0..bare.len()).map(|i| longest(&bare, i)).max().unwrap();
        prop_assert_eq!(plan.length, most);
        let all_critical = plan.critical.iter().all(|c| plan.slot(*c).unwrap().is_critical());
        prop_assert!(all_critical);
        let sum: i64 = plan.critical.iter().map(|c| {
            i64::from(bare.iter().find(|t| t.id == *c).unwrap().minutes)
        }).sum();
        prop_assert!(sum <= plan.length);
    }

    /// A task that slips within its free slack moves nothing else; one that slips by more than its total slack
    /// moves the end by what is over.
    #[test]
    fn slack_can_be_used(tasks in plans(), which in 0usize..25, over in 1u32..500) {
        let rules = Rulebook::china();
        let now = at("2026-02-10T09:00:00");
        let plan = schedule(&tasks, now, &rules).unwrap();
        let i = which % tasks.len();
        let t = &tasks[i];
        if let (Progress::NotBegun, Some(room)) = (t.progress, plan.slots[i].room) {
            let free = u32::try_from(room.free).unwrap();
            let r = reschedule(&tasks, t.id, Change::Takes(t.minutes + free), now, &rules).unwrap();
            prop_assert!(r.shifts.iter().all(|s| s.task == t.id));
            prop_assert_eq!(r.end_moves, 0);
            prop_assert!(r.shifts.len() == usize::from(free > 0));
            let more = u32::try_from(room.total).unwrap() + over;
            let r = reschedule(&tasks, t.id, Change::Takes(t.minutes + more), now, &rules).unwrap();
            prop_assert_eq!(r.end_moves, i64::from(over));
            // Whoever has a task that moves is told of it, once.
            let told: Vec<u32> = r.tell.iter().flat_map(|t| &t.facts).filter_map(|f| match f {
                Fact::YoursIsLate { task, .. } | Fact::YoursMoves { task, .. } => Some(*task),
                Fact::YoursHasLessRoom { .. } => None,
            }).collect();
            prop_assert_eq!(told.len(), r.shifts.len());
            prop_assert!(r.shifts.iter().all(|s| told.contains(&s.task)));
            // What is proposed does win what it says, tried anew.
            for w in &r.win_back {
                let mut helped = tasks.clone();
                helped[i].minutes = t.minutes + more;
                match w.way {
                    Way::Shorten { task, to, .. } => {
                        helped.iter_mut().find(|t| t.id == task).unwrap().minutes = u32::try_from(to).unwrap();
                    }
                    Way::Overlap { first, second } => {
                        helped.iter_mut().find(|t| t.id == second).unwrap().after.retain(|a| a.task != first);
                    }
                    Way::BeginSooner { task } => {
                        helped.iter_mut().find(|t| t.id == task).unwrap().not_before = None;
                    }
                }
                let anew = schedule(&helped, now, &rules).unwrap();
                prop_assert!(anew.ends <= r.after.ends);
                for kept in &w.kept {
                    prop_assert!(!anew.slot(*kept).unwrap().misses_due);
                }
            }
        }
    }
}
