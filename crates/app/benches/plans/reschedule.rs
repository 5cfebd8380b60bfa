//! A plan of 200 tasks and 400 dependencies, one task of which is late.

use domain::UnitId;
use domain::planning::{After, Change, Progress, Task, reschedule};
use domain::rulebook::Rulebook;
use std::time::Instant;

pub(crate) fn run() {
    let rules = Rulebook::china();
    let now = "2026-03-02T01:00:00Z".parse().unwrap();
    let mut seed = 7_u32;
    let mut below = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % n
    };
    let mut tasks: Vec<Task> = (0..200)
        .map(|id| Task {
            id,
            what: format!("task {id}"),
            unit: UnitId(i64::from(id % 20)),
            person: None,
            minutes: 60 * (1 + below(16)),
            due: (id % 3 == 0).then(|| now + jiff::SignedDuration::from_hours(24 * (2 + i64::from(id) / 2))),
            not_before: (id % 25 == 0)
                .then(|| now + jiff::SignedDuration::from_hours(24 * i64::from(id) / 8)),
            after: vec![],
            progress: Progress::NotBegun,
        })
        .collect();
    let mut links = 0;
    while links < 400 {
        let second = 1 + below(199);
        let first = second.saturating_sub(1 + below(12));
        let waits = &mut tasks[second as usize].after;
        if waits.iter().all(|a| a.task != first) {
            waits.push(After { task: first, lag: 30 * below(4) });
            links += 1;
        }
    }
    let (mut moved, mut ways) = (0, 0);
    let times = (0..201)
        .map(|n| {
            let began = Instant::now();
            let late = reschedule(&tasks, n % 40, Change::Takes(60 * 40), now, &rules).unwrap();
            let taken = began.elapsed().as_secs_f64() * 1_000.0;
            moved = moved.max(late.shifts.len());
            ways = ways.max(late.win_back.len());
            taken
        })
        .collect::<Vec<_>>();
    let most = times.iter().copied().fold(0.0, f64::max);
    println!("  200 tasks, 400 dependencies; up to {moved} tasks move, {ways} ways to win time back");
    super::line("re-schedule after a late task, median of 201", Some(5.0), super::median(times), "ms");
    super::line("  the slowest of them", Some(5.0), most, "ms");
}
