//! The critical path of a plan: which tasks its end hangs on, and how much room the others have.
//!
//! Critical path method (Kelley and Walker, “Critical-Path Planning and Scheduling”, 1959), in working minutes
//! from now: a forward pass gives each task its earliest finish, a backward pass its latest finish that moves
//! neither another task nor the end of the plan. Their difference is the total float.

use super::{Problem, Task};
use crate::cases::Deadlines;
use jiff::Timestamp;

/// What the plan leaves to one task that is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Which task.
    pub task: u32,
    /// When it can be finished at the earliest, in working minutes from now.
    pub earliest: i64,
    /// How much later it may be finished without moving the end of the plan, in working minutes; 0 on the
    /// critical path.
    pub float: i64,
    /// How much later it may be finished without moving any other task: free float.
    pub free: i64,
}

/// The room of every task that is not finished, in the order of the plan. What is finished or dropped holds
/// nobody up.
pub fn rooms(p: &Problem, now: Timestamp, rules: &dyn Deadlines) -> Vec<Room> {
    let open: Vec<&Task> = p.tasks.iter().filter(|t| !t.state.is_final()).collect();
    let place = |id: u32| open.iter().position(|t| t.id == id);
    let before: Vec<Vec<usize>> =
        open.iter().map(|t| t.after.iter().filter_map(|a| place(*a)).collect()).collect();
    let order = in_order(&before);
    let length = |t: &Task| {
        let whole = i64::from(t.hours) * 60;
        // What was worked on it so far is done; what is late still takes something.
        let worked = t.begun_at.map_or(0, |at| rules.working_minutes(at, now));
        (whole - worked).max(1)
    };
    let mut finish = vec![0; open.len()];
    for &i in &order {
        let ready = before[i].iter().map(|b| finish[*b]).max().unwrap_or(0);
        let not_before = open[i].not_before.map_or(0, |day| rules.working_minutes(now, rules.opening(day)));
        finish[i] = ready.max(not_before) + length(open[i]);
    }
    let end = finish.iter().copied().max().unwrap_or(0);
    let mut latest = vec![end; open.len()];
    let mut next = vec![end; open.len()];
    for &i in order.iter().rev() {
        for &b in &before[i] {
            latest[b] = latest[b].min(latest[i] - length(open[i]));
            next[b] = next[b].min(finish[i] - length(open[i]));
        }
    }
    (0..open.len())
        .map(|i| Room {
            task: open[i].id,
            earliest: finish[i],
            float: latest[i] - finish[i],
            free: next[i] - finish[i],
        })
        .collect()
}

/// The tasks so that each comes after all that it waits for. The rules let no circle into a plan; what a file
/// might hold all the same is taken as it stands, once.
pub(super) fn in_order(before: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(before.len());
    let mut seen = vec![false; before.len()];
    for start in 0..before.len() {
        let mut stack = vec![(start, 0)];
        while let Some((i, n)) = stack.pop() {
            if n == 0 && std::mem::replace(&mut seen[i], true) {
                continue;
            }
            if let Some(&b) = before[i].get(n) {
                stack.push((i, n + 1));
                if !seen[b] {
                    stack.push((b, 0));
                }
            } else {
                order.push(i);
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::{Problem, TaskState};
    use crate::{ProblemId, UnitId, testing};
    use proptest::prelude::*;

    fn plan(links: &[(u32, u32, u32)]) -> Problem {
        let mut p = Problem::unborn(ProblemId(1));
        for (id, hours, after) in links {
            p.tasks.push(Task {
                id: *id,
                what: String::new(),
                unit: UnitId(1),
                person: String::new(),
                hours: *hours,
                not_before: None,
                due: Timestamp::UNIX_EPOCH,
                after: if *after > 0 { vec![*after] } else { vec![] },
                state: TaskState::Todo,
                begun_at: None,
                done_at: None,
                note: String::new(),
                quantities: vec![],
            });
        }
        p
    }

    #[test]
    fn the_longest_way_is_critical_and_the_rest_has_room() {
        // 1 → 2 → 4 takes 16 hours, 3 takes 4 and could wait for 12.
        let p = plan(&[(1, 4, 0), (2, 8, 1), (3, 4, 0), (4, 4, 2)]);
        let rooms = rooms(&p, Timestamp::UNIX_EPOCH, &testing::deadlines());
        let of = |id: u32| *rooms.iter().find(|r| r.task == id).unwrap();
        assert_eq!([1, 2, 4].map(|id| of(id).float), [0, 0, 0]);
        assert_eq!((of(3).float, of(3).free, of(3).earliest), (12 * 60, 12 * 60, 4 * 60));
        assert_eq!(of(4).earliest, 16 * 60);
    }

    proptest! {
        /// Every order is kept, floats are never negative, something is always critical, and using the free
        /// float of a task moves no other.
        #[test]
        fn floats_are_honest(
            tasks in prop::collection::vec((1u32..20, prop::collection::vec(0usize..30, 0..3)), 1..30),
            slower in 0usize..30,
        ) {
            let mut p = plan(&[]);
            for (i, (hours, after)) in tasks.iter().enumerate() {
                let mut one = plan(&[(u32::try_from(i).unwrap() + 1, *hours, 0)]).tasks.remove(0);
                // Only earlier ones: no circle.
                one.after = after.iter().filter(|a| **a < i).map(|a| u32::try_from(*a).unwrap() + 1).collect();
                p.tasks.push(one);
            }
            let rules = testing::deadlines();
            let before = rooms(&p, Timestamp::UNIX_EPOCH, &rules);
            let at = |id: u32, rooms: &[Room]| *rooms.iter().find(|r| r.task == id).unwrap();
            for t in &p.tasks {
                let r = at(t.id, &before);
                prop_assert!(r.free >= 0 && r.float >= r.free);
                for a in &t.after {
                    prop_assert!(at(*a, &before).earliest + i64::from(t.hours) * 60 <= r.earliest);
                }
            }
            prop_assert!(before.iter().any(|r| r.float == 0));
            let end = |rooms: &[Room]| rooms.iter().map(|r| r.earliest).max();
            let i = slower % p.tasks.len();
            let r = at(p.tasks[i].id, &before);
            let mut slow = p.clone();
            slow.tasks[i].hours += u32::try_from(r.free / 60).unwrap();
            let after = rooms(&slow, Timestamp::UNIX_EPOCH, &rules);
            for t in p.tasks.iter().filter(|t| t.id != p.tasks[i].id) {
                prop_assert_eq!(at(t.id, &before).earliest, at(t.id, &after).earliest);
            }
            prop_assert_eq!(end(&before), end(&after));
        }
    }
}
