//! When the tasks of a plan can be done, what its end hangs on, and what a late task moves.
//!
//! Tasks take working time and wait for each other: finish to start, with a lag in working time. The critical
//! path method (Kelley and Walker, “Critical-Path Planning and Scheduling”, 1959) gives every task its
//! earliest times in a forward pass and its latest in a backward pass; what lies between is its slack. All of
//! it is counted in working minutes of the district's own calendar, and turned into moments at the end.
//!
//! ```
//! use domain::planning::{After, Change, Progress, Task, reschedule, schedule};
//! use domain::{UnitId, rulebook::Rulebook};
//!
//! let rules = Rulebook::china();
//! let monday = "2026-03-02T01:00:00Z".parse().unwrap();
//! let task = |id, hours: u32, after: Option<u32>| Task {
//!     id,
//!     what: format!("task {id}"),
//!     unit: UnitId(1),
//!     person: None,
//!     minutes: hours * 60,
//!     due: None,
//!     not_before: None,
//!     after: after.map(After::end_of).into_iter().collect(),
//!     progress: Progress::NotBegun,
//! };
//! let tasks = [task(1, 4, None), task(2, 8, Some(1)), task(3, 2, Some(1))];
//! let plan = schedule(&tasks, monday, &rules).unwrap();
//! assert_eq!(plan.critical, [1, 2]);
//! assert_eq!(plan.slots[2].room.unwrap().total, 6 * 60);
//! let late = reschedule(&tasks, 1, Change::Takes(9 * 60), monday, &rules).unwrap();
//! assert_eq!(late.shifts.len(), 3);
//! assert_eq!(late.end_moves, 5 * 60);
//! ```

mod duties;
mod late;
mod network;
mod quantities;
mod schedule;
#[cfg(test)]
mod tests;
mod working_time;

pub use duties::{
    Attended, Days, DutyError, Occurrence, Record, Standing, StandingDuty, Tally, occurrences, tally,
};
pub use late::{Change, DueEffect, Fact, Rescheduled, Shift, Tell, Way, WinBack, reschedule};
pub use quantities::{Amount, AmountError, Quantity, summed};
pub use schedule::{Bound, Room, Schedule, Slot, schedule};
pub use working_time::WorkingTime;

use crate::UnitId;
use jiff::Timestamp;

/// One task of a plan, as far as its time goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number within the plan.
    pub id: u32,
    /// What is to be done; names the task in a refusal.
    pub what: String,
    /// By which unit.
    pub unit: UnitId,
    /// By whom there, if a person is named.
    pub person: Option<String>,
    /// How long it takes, in working minutes.
    pub minutes: u32,
    /// By when it is promised.
    pub due: Option<Timestamp>,
    /// Not before this moment.
    pub not_before: Option<Timestamp>,
    /// The tasks that must be done first.
    pub after: Vec<After>,
    /// How far it is.
    pub progress: Progress,
}

/// That a task waits for the end of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct After {
    /// The number of the task that must be done first.
    pub task: u32,
    /// How many working minutes must lie between its end and the beginning of the one that waits.
    pub lag: u32,
}

impl After {
    /// Right after the end of a task.
    pub fn end_of(task: u32) -> After {
        After { task, lag: 0 }
    }
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Progress {
    /// Nobody has begun.
    #[default]
    NotBegun,
    /// Somebody began then.
    Begun(Timestamp),
    /// It was done then.
    Done(Timestamp),
    /// It is not needed any more. It takes no time; what came before it still comes before what came after.
    Dropped,
}

impl Progress {
    /// Whether there is nothing left to do.
    pub fn is_over(self) -> bool {
        matches!(self, Progress::Done(_) | Progress::Dropped)
    }
}

/// Why the tasks make no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Two tasks have one number.
    #[error("task {0} is there twice")]
    Twice(u32),
    /// A task waits for one that is not in the plan.
    #[error("task {task} “{what}” waits for task {after}, which is not in the plan")]
    Dangling {
        /// The task that waits.
        task: u32,
        /// What it is.
        what: String,
        /// The number that is not there.
        after: u32,
    },
    /// Tasks wait for each other in a circle.
    #[error("these tasks wait for each other in a circle: {}", in_a_circle(.0))]
    Circle(Vec<(u32, String)>),
    /// Nobody plans so far ahead: more than [`FARTHEST`] working minutes.
    #[error("the plan is longer than {} working hours", FARTHEST / 60)]
    TooLong,
    /// The task that changes is not in the plan.
    #[error("task {0} is not in the plan")]
    NoSuchTask(u32),
    /// The task that changes is done or dropped.
    #[error("task {0} is over")]
    Over(u32),
}

/// The most working minutes that a plan can take: some ten years.
pub const FARTHEST: i64 = 10 * 250 * 9 * 60;

fn in_a_circle(tasks: &[(u32, String)]) -> String {
    let names: Vec<String> =
        tasks.iter().chain(tasks.first()).map(|(id, what)| format!("{id} “{what}”")).collect();
    names.join(" → ")
}
