//! A task is late: what moves, who must be told, and what would win the time back.

use super::network::{Early, Node, Stands};
use super::schedule::Laid;
use super::{Bound, Refused, Schedule, Slot, Task};
use crate::UnitId;
use crate::cases::Deadlines;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The most ways to win time back that are named.
const WAYS: usize = 10;

/// What changed about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It will be finished then.
    FinishesAt(Timestamp),
    /// It takes so many working minutes.
    Takes(u32),
    /// It cannot begin before.
    NotBefore(Timestamp),
}

/// What a shift does to the promise of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DueEffect {
    /// Nothing is promised.
    NoDue,
    /// It is kept.
    Kept,
    /// It was missed already, and still is.
    StillMissed,
    /// It was kept before, and is missed now.
    Missed,
    /// It was missed before, and is kept now.
    KeptAgain,
}

/// How one task moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Which task.
    pub task: u32,
    /// By how many working minutes its end moves; less than 0 where it becomes earlier.
    pub by: i64,
    /// Its place on the timeline before.
    pub before: Slot,
    /// And after.
    pub after: Slot,
    /// The task whose end holds it now; `None` where none does, as for the one that is late itself.
    pub because: Option<u32>,
    /// What it does to its promise.
    pub due: DueEffect,
}

/// One sentence for somebody, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Your task is the one that is late: it ends then, so many working minutes later.
    YoursIsLate {
        /// Which.
        task: u32,
        /// Its new end.
        finish: Timestamp,
        /// By how many working minutes it moved.
        by: i64,
        /// What that does to its promise.
        due: DueEffect,
    },
    /// Your task moves.
    YoursMoves {
        /// Which.
        task: u32,
        /// Its new beginning.
        start: Timestamp,
        /// Its new end.
        finish: Timestamp,
        /// By how many working minutes it moved.
        by: i64,
        /// Because of which task.
        because: Option<u32>,
        /// What that does to its promise.
        due: DueEffect,
    },
    /// Your task does not move, but another has used room of it: so many working minutes are left.
    YoursHasLessRoom {
        /// Which.
        task: u32,
        /// What is left until it moves the plan's end.
        left: i64,
    },
}

/// What somebody must be told: a unit, and within it a person if one is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tell {
    /// Which unit.
    pub unit: UnitId,
    /// Who there.
    pub person: Option<String>,
    /// Each a sentence, in the order of the plan.
    pub facts: Vec<Fact>,
}

/// Something that could be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Put more hands on a task, so that it takes this much.
    Shorten {
        /// Which.
        task: u32,
        /// From so many working minutes.
        from: i64,
        /// To so many: never less than half.
        to: i64,
    },
    /// Begin a task without waiting for another.
    Overlap {
        /// The one that is waited for.
        first: u32,
        /// The one that could begin beside it.
        second: u32,
    },
    /// Begin a task before its own first day.
    BeginSooner {
        /// Which.
        task: u32,
    },
}

/// A way to win time back, with what it wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WinBack {
    /// What.
    pub way: Way,
    /// By how many working minutes the end of the plan becomes earlier.
    pub end: i64,
    /// The tasks whose due would be kept that is missed otherwise.
    pub kept: Vec<u32>,
}

/// A plan after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescheduled {
    /// The timeline as it was.
    pub before: Schedule,
    /// As it is now.
    pub after: Schedule,
    /// The tasks that move, in the order of the plan.
    pub shifts: Vec<Shift>,
    /// By how many working minutes the end of the plan moves.
    pub end_moves: i64,
    /// Who must be told what.
    pub tell: Vec<Tell>,
    /// What would win time back, best first: dues kept, then minutes. Each is tried on the whole plan.
    pub win_back: Vec<WinBack>,
}

/// Puts a plan on the timeline again after one task changed.
///
/// # Errors
/// As [`super::schedule`]; and where the task is not in the plan, or is over.
pub fn reschedule(
    tasks: &[Task],
    task: u32,
    change: Change,
    now: Timestamp,
    rules: &dyn Deadlines,
) -> Result<Rescheduled, Refused> {
    // A far date is covered by the axis if some task names it.
    let mut reach = tasks.to_vec();
    let late = reach.iter_mut().find(|t| t.id == task).ok_or(Refused::NoSuchTask(task))?;
    if late.progress.is_over() {
        return Err(Refused::Over(task));
    }
    match change {
        Change::Takes(minutes) => late.minutes = late.minutes.max(minutes),
        Change::FinishesAt(at) | Change::NotBefore(at) => late.not_before = late.not_before.max(Some(at)),
    }
    let mut laid = Laid::new(&reach, now, rules)?;
    let place = laid.net.place(task).ok_or(Refused::NoSuchTask(task))?;
    let own = &tasks[place];
    laid.nodes[place].minutes = i64::from(own.minutes);
    laid.nodes[place].not_before = own.not_before.map_or(0, |at| laid.axis.from(at));
    let before = laid.schedule(tasks);
    let node = &mut laid.nodes[place];
    match change {
        Change::Takes(minutes) => node.minutes = i64::from(minutes),
        Change::NotBefore(at) => node.not_before = laid.axis.from(at),
        Change::FinishesAt(at) => {
            node.minutes = (laid.axis.from(at) - before.slots[place].start_minute).max(0);
        }
    }
    let after = laid.schedule(tasks);
    let shifts = shifts(tasks, task, &before, &after);
    let early = laid.forward(&laid.nodes, None);
    Ok(Rescheduled {
        end_moves: laid.end(&early) - end_of(&laid, &before),
        tell: tell(tasks, task, &shifts, &before, &after),
        win_back: win_back(&laid, &early, &shifts),
        before,
        after,
        shifts,
    })
}

fn end_of(laid: &Laid<'_>, schedule: &Schedule) -> i64 {
    let counted = schedule.slots.iter().zip(&laid.nodes).filter(|(_, n)| n.stands != Stands::Dropped);
    counted.map(|(s, _)| s.finish_minute).max().unwrap_or(laid.now)
}

fn shifts(tasks: &[Task], late: u32, before: &Schedule, after: &Schedule) -> Vec<Shift> {
    let moved = before.slots.iter().zip(&after.slots).zip(tasks).filter(|((b, a), t)| {
        let same = (b.start_minute, b.finish_minute) == (a.start_minute, a.finish_minute);
        !same && t.progress != super::Progress::Dropped
    });
    moved
        .map(|((b, a), t)| Shift {
            task: t.id,
            by: a.finish_minute - b.finish_minute,
            before: *b,
            after: *a,
            because: match a.bound {
                Bound::Task(id) if t.id != late => Some(id),
                _ => None,
            },
            due: match (t.due, b.misses_due, a.misses_due) {
                (None, ..) => DueEffect::NoDue,
                (_, false, false) => DueEffect::Kept,
                (_, true, true) => DueEffect::StillMissed,
                (_, false, true) => DueEffect::Missed,
                (_, true, false) => DueEffect::KeptAgain,
            },
        })
        .collect()
}

fn tell(tasks: &[Task], late: u32, shifts: &[Shift], before: &Schedule, after: &Schedule) -> Vec<Tell> {
    let mut by_whom: BTreeMap<(UnitId, Option<&str>), Vec<Fact>> = BTreeMap::new();
    let mut shifts = shifts.iter().peekable();
    for (i, t) in tasks.iter().enumerate() {
        let fact = match shifts.next_if(|s| s.task == t.id) {
            Some(s) if t.id == late => {
                Some(Fact::YoursIsLate { task: t.id, finish: s.after.finish, by: s.by, due: s.due })
            }
            Some(s) => Some(Fact::YoursMoves {
                task: t.id,
                start: s.after.start,
                finish: s.after.finish,
                by: s.by,
                because: s.because,
                due: s.due,
            }),
            None => match (before.slots[i].room, after.slots[i].room) {
                (Some(b), Some(a)) if a.total < b.total => {
                    Some(Fact::YoursHasLessRoom { task: t.id, left: a.total })
                }
                _ => None,
            },
        };
        by_whom.entry((t.unit, t.person.as_deref())).or_default().extend(fact);
    }
    by_whom
        .into_iter()
        .filter(|(_, facts)| !facts.is_empty())
        .map(|((unit, person), facts)| Tell { unit, person: person.map(str::to_owned), facts })
        .collect()
}

/// Tries, on each task that the end or a newly missed due hangs on, what could be done about it.
fn win_back(laid: &Laid<'_>, early: &[Early], shifts: &[Shift]) -> Vec<WinBack> {
    let missed: Vec<usize> =
        shifts.iter().filter(|s| s.due == DueEffect::Missed).filter_map(|s| laid.net.place(s.task)).collect();
    let moved = shifts.iter().map(|s| s.by).max().unwrap_or(0);
    if moved <= 0 {
        return Vec::new();
    }
    let end = laid.end(early);
    let mut chained: BTreeSet<usize> = laid.chain(early, end).into_iter().collect();
    chained.extend(missed.iter().flat_map(|m| laid.chain_to(early, *m)));
    let mut found = Vec::new();
    let mut attempt = |way: Way, nodes: &[Node], without: Option<(usize, usize)>| {
        let tried = laid.forward(nodes, without);
        let wins = end - laid.end(&tried);
        let kept: Vec<u32> = missed
            .iter()
            .filter(|m| nodes[**m].due.is_some_and(|due| tried[**m].finish <= due))
            .map(|m| laid.ids[*m])
            .collect();
        if wins > 0 || !kept.is_empty() {
            found.push(WinBack { way, end: wins, kept });
        }
    };
    let mut nodes = laid.nodes.clone();
    for &i in &chained {
        let node = nodes[i];
        if node.stands.is_over() {
            continue;
        }
        let to = (node.minutes - moved).max((node.minutes + 1) / 2);
        if to < node.minutes {
            nodes[i].minutes = to;
            attempt(Way::Shorten { task: laid.ids[i], from: node.minutes, to }, &nodes, None);
            nodes[i] = node;
        }
        match early[i].bound {
            Bound::Task(id) => {
                if let Some(b) = laid.net.place(id).filter(|b| !laid.nodes[*b].stands.is_over()) {
                    attempt(Way::Overlap { first: id, second: laid.ids[i] }, &nodes, Some((b, i)));
                }
            }
            Bound::NotBefore => {
                nodes[i].not_before = 0;
                attempt(Way::BeginSooner { task: laid.ids[i] }, &nodes, None);
                nodes[i] = node;
            }
            Bound::Now | Bound::Begun => {}
        }
    }
    found.sort_by(|a, b| (b.kept.len(), b.end, a.way).cmp(&(a.kept.len(), a.end, b.way)));
    found.truncate(WAYS);
    found
}
