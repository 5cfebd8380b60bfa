//! The schedule of a plan: forward and backward pass, critical path, slack.

use super::network::{Early, Network, Node, Stands, backward, forward};
use super::{FARTHEST, Progress, Refused, Task, WorkingTime};
use crate::cases::Deadlines;
use jiff::Timestamp;

/// What keeps a task from beginning sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Nothing: it can begin now.
    Now,
    /// Its own first day.
    NotBefore,
    /// The end of that task.
    Task(u32),
    /// It has begun, or is done.
    Begun,
}

/// How much later a task may be finished, in working minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Room {
    /// Without moving the end of the plan; 0 on the critical path.
    pub total: i64,
    /// Without moving any other task.
    pub free: i64,
    /// Without missing its own due or that of a task that waits for it; less than 0 where one is missed.
    /// `None` where nothing is promised. The least of all tasks is 0 or more if and only if every due is kept.
    pub to_due: Option<i64>,
}

/// One task on the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Which task.
    pub task: u32,
    /// When it begins at the earliest, or began.
    pub start: Timestamp,
    /// When it ends at the earliest, or ended.
    pub finish: Timestamp,
    /// What keeps it from beginning sooner.
    pub bound: Bound,
    /// Its room; `None` for what is done or dropped.
    pub room: Option<Room>,
    /// Whether it ends after it is due.
    pub misses_due: bool,
    /// The working minute in which it begins, on the axis of the plan.
    pub start_minute: i64,
    /// The working minute after which it ends.
    pub finish_minute: i64,
}

impl Slot {
    /// Whether the end of the plan hangs on it.
    pub fn is_critical(&self) -> bool {
        self.room.is_some_and(|r| r.total == 0)
    }
}

/// The timeline of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// All tasks, in the order in which they were given.
    pub slots: Vec<Slot>,
    /// One chain of tasks that the end hangs on, first to last, each beginning when the one before it lets it.
    pub critical: Vec<u32>,
    /// From the beginning of the critical path to its end, in working minutes: durations and lags.
    pub length: i64,
    /// When the last task ends; now for a plan without tasks.
    pub ends: Timestamp,
}

impl Schedule {
    /// The slot of a task.
    pub fn slot(&self, task: u32) -> Option<&Slot> {
        self.slots.iter().find(|s| s.task == task)
    }
}

/// Puts the tasks of a plan on the timeline, each as early as it can be.
///
/// # Errors
/// [`Refused`] where numbers stand twice, a task waits for one that is not there or for itself by a circle, or
/// the plan is longer than anybody plans.
pub fn schedule(tasks: &[Task], now: Timestamp, rules: &dyn Deadlines) -> Result<Schedule, Refused> {
    Ok(Laid::new(tasks, now, rules)?.schedule(tasks))
}

/// Tasks in minutes, ready for as many passes as somebody wants to try.
pub(super) struct Laid<'a> {
    pub(super) net: Network,
    pub(super) nodes: Vec<Node>,
    pub(super) ids: Vec<u32>,
    pub(super) now: i64,
    pub(super) axis: WorkingTime<'a>,
}

impl<'a> Laid<'a> {
    pub(super) fn new(tasks: &[Task], now: Timestamp, rules: &'a dyn Deadlines) -> Result<Laid<'a>, Refused> {
        let net = Network::new(tasks)?;
        let work: i64 = tasks
            .iter()
            .map(|t| i64::from(t.minutes) + t.after.iter().map(|a| i64::from(a.lag)).sum::<i64>())
            .sum();
        let dates = || {
            tasks.iter().flat_map(|t| {
                let was = match t.progress {
                    Progress::Begun(at) | Progress::Done(at) => Some(at),
                    _ => None,
                };
                was.into_iter().chain(t.not_before)
            })
        };
        let far = dates().max().unwrap_or(now).max(now);
        let years = far.duration_since(now).as_hours() / (24 * 365);
        if work > FARTHEST || years > 10 {
            return Err(Refused::TooLong);
        }
        let mut axis = WorkingTime::new(rules, dates().min().unwrap_or(now).min(now));
        axis.cover_until(far);
        axis.cover(axis.from(far) + work + 1);
        let nodes = tasks
            .iter()
            .map(|t| Node {
                minutes: i64::from(t.minutes),
                not_before: t.not_before.map_or(0, |at| axis.from(at)),
                due: t.due.map(|at| axis.by(at)),
                stands: match t.progress {
                    Progress::NotBegun => Stands::Waits,
                    Progress::Begun(at) => Stands::Begun(axis.from(at)),
                    Progress::Done(at) => Stands::Done(axis.from(at)),
                    Progress::Dropped => Stands::Dropped,
                },
            })
            .collect();
        let now = axis.from(now);
        Ok(Laid { net, nodes, ids: tasks.iter().map(|t| t.id).collect(), now, axis })
    }

    pub(super) fn forward(&self, nodes: &[Node], without: Option<(usize, usize)>) -> Vec<Early> {
        forward(&self.net, nodes, &self.ids, self.now, without)
    }

    /// Where the last task ends.
    pub(super) fn end(&self, early: &[Early]) -> i64 {
        let ends = early.iter().zip(&self.nodes).filter(|(_, n)| n.stands != Stands::Dropped);
        ends.map(|(e, _)| e.finish).max().unwrap_or(self.now)
    }

    pub(super) fn schedule(&self, tasks: &[Task]) -> Schedule {
        let early = self.forward(&self.nodes, None);
        let end = self.end(&early);
        let by_end = backward(&self.net, &self.nodes, &early, |_| Some(end));
        // What is done missed its due or kept it; it binds nobody any more.
        let due = |i: usize| self.nodes[i].due.filter(|_| !self.nodes[i].stands.is_over());
        let by_due = backward(&self.net, &self.nodes, &early, due);
        let room = |i: usize| {
            let finish = early[i].finish;
            let total = by_end[i].unwrap_or(end) - finish;
            Room {
                total,
                free: self.free(i, &early, &by_end).map_or(total, |next| next - finish),
                to_due: by_due[i].map(|late| late - finish),
            }
        };
        let slots = (0..tasks.len())
            .map(|i| {
                let (e, stands) = (early[i], self.nodes[i].stands);
                let (start, finish) = match tasks[i].progress {
                    Progress::Done(at) => (at, at),
                    Progress::Begun(at) => (at, self.axis.ends(e.finish)),
                    _ => (self.axis.begins(e.start), self.axis.ends(e.finish).max(self.axis.begins(e.start))),
                };
                // What takes no time ends where it begins.
                let finish = if e.start == e.finish { start } else { finish };
                Slot {
                    task: tasks[i].id,
                    start,
                    finish,
                    bound: e.bound,
                    room: (!stands.is_over()).then(|| room(i)),
                    misses_due: stands != Stands::Dropped
                        && self.nodes[i].due.is_some_and(|due| e.finish > due),
                    start_minute: e.start,
                    finish_minute: e.finish,
                }
            })
            .collect();
        let chain = self.chain(&early, end);
        let begins = chain.first().map_or(self.now, |i| early[*i].start);
        Schedule {
            slots,
            critical: chain.iter().map(|i| self.ids[*i]).collect(),
            length: end - begins,
            ends: self.axis.ends(end),
        }
    }

    /// The earliest beginning among the tasks that wait for one, less the lag: how far it can slip unnoticed.
    /// A dropped task that nothing waits for (it has no latest end) is not asked.
    fn free(&self, i: usize, early: &[Early], by_end: &[Option<i64>]) -> Option<i64> {
        let next = self.net.next[i].iter().filter_map(|&(n, lag)| match self.nodes[n].stands {
            Stands::Waits => Some(early[n].start - lag),
            Stands::Dropped => by_end[n].map(|_| early[n].start),
            _ => None,
        });
        next.min()
    }

    /// The tasks that a moment hangs on, first to last; dropped ones are walked through and not named.
    pub(super) fn chain(&self, early: &[Early], finish: i64) -> Vec<usize> {
        let last =
            (0..early.len()).find(|i| early[*i].finish == finish && self.nodes[*i].stands != Stands::Dropped);
        last.map_or_else(Vec::new, |last| self.chain_to(early, last))
    }

    pub(super) fn chain_to(&self, early: &[Early], last: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut at = Some(last);
        while let Some(i) = at {
            if self.nodes[i].stands != Stands::Dropped {
                chain.push(i);
            }
            at = match early[i].bound {
                Bound::Task(id) => self.net.place(id),
                _ => None,
            };
        }
        chain.reverse();
        chain
    }
}
