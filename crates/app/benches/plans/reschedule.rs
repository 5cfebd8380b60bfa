//! A plan of 200 tasks and 400 dependencies, one task of which is late: the command is decided, what it moves is
//! applied, and the room that is left is worked out anew, as the page of the plan shows it.

use domain::problems::{Command, NewTask, Opening, Problem, Task, TaskState, apply, decide, open, rooms};
use domain::rulebook::Rulebook;
use domain::territory::Path;
use domain::{Actor, Context, PlaceId, ProblemId, UnitId};
use jiff::SignedDuration;
use std::time::Instant;

const TASKS: u32 = 200;
const LINKS: usize = 400;

/// A plan in which each task waits for some of the twelve before it.
fn plan(ctx: &Context, rules: &Rulebook) -> Problem {
    let now = ctx.now;
    let mut seed = 7_u32;
    let mut below = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % n
    };
    let opening = Opening {
        path: Path::of(&[PlaceId(1), PlaceId(2)]),
        title: "Lorries at night".into(),
        cause: "no place to park".into(),
        subject: "parking".into(),
        due: None,
    };
    let (mut p, _) = open(ProblemId(1), opening, ctx, rules).unwrap();
    p.tasks = (0..TASKS)
        .map(|id| Task {
            id,
            what: format!("task {id}"),
            unit: UnitId(i64::from(id % 20)),
            person: String::new(),
            hours: 1 + below(16),
            not_before: None,
            due: now,
            after: vec![],
            state: TaskState::Todo,
            begun_at: None,
            done_at: None,
            note: String::new(),
            quantities: vec![],
        })
        .collect();
    let mut links = 0;
    while links < LINKS {
        let second = 1 + below(TASKS - 1);
        let first = second.saturating_sub(1 + below(12));
        let after = &mut p.tasks[second as usize].after;
        if !after.contains(&first) {
            after.push(first);
            links += 1;
        }
    }
    // Each is promised for the moment at which it can be done, so whatever is late moves all that waits for it.
    for i in 0..p.tasks.len() {
        let ready = p.tasks[i].after.iter().map(|a| p.tasks[*a as usize].due).max().unwrap_or(now);
        p.tasks[i].due = domain::cases::Deadlines::after_working_hours(rules, ready, p.tasks[i].hours);
    }
    p
}

pub(crate) fn run() {
    let rules = Rulebook::china();
    let now = "2026-03-02T01:00:00Z".parse().unwrap();
    let ctx = Context::new(now, Actor::System, [7; 32]);
    let plan = plan(&ctx, &rules);
    let mut moved = 0;
    let times: Vec<f64> = (0..201)
        .map(|n| {
            let old = &plan.tasks[n % 40];
            let to = NewTask {
                what: old.what.clone(),
                unit: old.unit,
                person: String::new(),
                hours: old.hours,
                not_before: None,
                due: old.due + SignedDuration::from_hours(24 * 7),
                after: old.after.clone(),
            };
            let mut p = plan.clone();
            let command = Command::ChangeTask { task: old.id, to };
            let began = Instant::now();
            let events = decide(&p, command, &ctx, &rules).unwrap();
            moved = moved.max(events.len() - 1);
            for e in &events {
                p = apply(p, e);
            }
            let left = rooms(&p, now, &rules);
            let taken = began.elapsed().as_secs_f64() * 1_000.0;
            assert_eq!(left.len(), p.tasks.len());
            taken
        })
        .collect();
    assert!(moved > 100, "a late task at the head moves most of the plan");
    let most = times.iter().copied().fold(0.0, f64::max);
    println!("  200 tasks, 400 dependencies; up to {moved} tasks move");
    super::line("re-schedule after a late task, median of 201", Some(5.0), super::median(times), "ms");
    super::line("  the slowest of them", Some(5.0), most, "ms");
}
