//! Tasks as a graph without circles, and the two passes over it, in minutes.

use super::{Bound, Progress, Refused, Task};
use std::collections::HashMap;

/// Which task waits for which, and an order in which each comes after all that it waits for.
pub(super) struct Network {
    /// For each task: the places of those it waits for, with the lag.
    pub(super) before: Vec<Vec<(usize, i64)>>,
    /// For each task: the places of those that wait for it, with the lag.
    pub(super) next: Vec<Vec<(usize, i64)>>,
    pub(super) order: Vec<usize>,
    places: HashMap<u32, usize>,
}

impl Network {
    pub(super) fn new(tasks: &[Task]) -> Result<Network, Refused> {
        let mut places = HashMap::with_capacity(tasks.len());
        for (i, t) in tasks.iter().enumerate() {
            if places.insert(t.id, i).is_some() {
                return Err(Refused::Twice(t.id));
            }
        }
        let mut before = vec![Vec::new(); tasks.len()];
        let mut next = vec![Vec::new(); tasks.len()];
        for (i, t) in tasks.iter().enumerate() {
            for a in &t.after {
                let Some(&b) = places.get(&a.task) else {
                    return Err(Refused::Dangling { task: t.id, what: t.what.clone(), after: a.task });
                };
                // A lag beside a dropped task waits for nothing.
                let dropped = [i, b].iter().any(|x| tasks[*x].progress == Progress::Dropped);
                let lag = if dropped { 0 } else { i64::from(a.lag) };
                before[i].push((b, lag));
                next[b].push((i, lag));
            }
        }
        let mut waits: Vec<usize> = before.iter().map(Vec::len).collect();
        let mut order: Vec<usize> = (0..tasks.len()).filter(|i| waits[*i] == 0).collect();
        let mut at = 0;
        while let Some(&i) = order.get(at) {
            at += 1;
            for &(n, _) in &next[i] {
                waits[n] -= 1;
                if waits[n] == 0 {
                    order.push(n);
                }
            }
        }
        if order.len() < tasks.len() {
            return Err(Refused::Circle(circle(tasks, &before, &waits)));
        }
        Ok(Network { before, next, order, places })
    }

    pub(super) fn place(&self, task: u32) -> Option<usize> {
        self.places.get(&task).copied()
    }
}

/// The tasks of one circle, each before the next. Whatever still waits has another that waits before it.
fn circle(tasks: &[Task], before: &[Vec<(usize, i64)>], waits: &[usize]) -> Vec<(u32, String)> {
    let mut walk: Vec<usize> = Vec::new();
    let mut at = waits.iter().position(|w| *w > 0).unwrap_or(0);
    loop {
        if let Some(from) = walk.iter().position(|w| *w == at) {
            walk.drain(..from);
            break;
        }
        walk.push(at);
        match before[at].iter().find(|(b, _)| waits[*b] > 0) {
            Some((b, _)) => at = *b,
            None => break,
        }
    }
    walk.iter().rev().map(|i| (tasks[*i].id, tasks[*i].what.clone())).collect()
}

/// A task in minutes of the axis.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) minutes: i64,
    pub(super) not_before: i64,
    pub(super) due: Option<i64>,
    pub(super) stands: Stands,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    Waits,
    Begun(i64),
    /// Beginning and end, as they were.
    Done(i64),
    Dropped,
}

impl Stands {
    pub(super) fn is_over(self) -> bool {
        matches!(self, Stands::Done(_) | Stands::Dropped)
    }
}

/// When a task begins and ends at the earliest, and what keeps it from beginning sooner.
#[derive(Clone, Copy)]
pub(super) struct Early {
    pub(super) start: i64,
    pub(super) finish: i64,
    pub(super) bound: Bound,
}

/// The forward pass. `without` is a link (first, second) that is taken for cut.
pub(super) fn forward(
    net: &Network,
    nodes: &[Node],
    ids: &[u32],
    now: i64,
    without: Option<(usize, usize)>,
) -> Vec<Early> {
    let mut early = vec![Early { start: now, finish: now, bound: Bound::Now }; nodes.len()];
    for &i in &net.order {
        let node = nodes[i];
        let (mut ready, mut bound) = (now, Bound::Now);
        if node.not_before > ready && node.stands != Stands::Dropped {
            (ready, bound) = (node.not_before, Bound::NotBefore);
        }
        for &(b, lag) in &net.before[i] {
            let free = early[b].finish + lag;
            if free > ready && without != Some((b, i)) {
                (ready, bound) = (free, Bound::Task(ids[b]));
            }
        }
        early[i] = match node.stands {
            Stands::Waits => Early { start: ready, finish: ready + node.minutes, bound },
            // What takes longer than was thought goes on at least until now.
            Stands::Begun(at) => {
                Early { start: at, finish: (at + node.minutes).max(now), bound: Bound::Begun }
            }
            Stands::Done(at) => Early { start: at, finish: at, bound: Bound::Begun },
            Stands::Dropped => Early { start: ready, finish: ready, bound },
        };
    }
    early
}

/// The latest finish of every task that moves no task after it beyond its own limit: `limit` is the end of
/// the plan, or each task's due. `None` where nothing limits it.
pub(super) fn backward(
    net: &Network,
    nodes: &[Node],
    early: &[Early],
    limit: impl Fn(usize) -> Option<i64>,
) -> Vec<Option<i64>> {
    let mut latest: Vec<Option<i64>> = vec![None; nodes.len()];
    for &i in net.order.iter().rev() {
        let mut at = if nodes[i].stands == Stands::Dropped { None } else { limit(i) };
        for &(n, lag) in &net.next[i] {
            // What has begun waits no more.
            if matches!(nodes[n].stands, Stands::Waits | Stands::Dropped)
                && let Some(late) = latest[n]
            {
                let must = late - (early[n].finish - early[n].start) - lag;
                at = Some(at.map_or(must, |a| a.min(must)));
            }
        }
        latest[i] = at;
    }
    latest
}
