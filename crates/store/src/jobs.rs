//! The queue of work that is done later: written in the transaction that makes it necessary, so that neither
//! can be without the other. Every job is idempotent, because each is done at least once.

use crate::{StoreError, Tx, args};
use jiff::Timestamp;

crate::statements! {
    /// A job for later.
    ADD = "INSERT INTO job (kind, about, run_at) VALUES (?1, ?2, ?3)";
    /// Jobs whose time has come, oldest first.
    DUE = "SELECT id, kind, about, run_at, attempts, error FROM job WHERE run_at <= ?1 ORDER BY run_at, id LIMIT ?2";
    /// A job is done.
    REMOVE = "DELETE FROM job WHERE id = ?1";
    /// One more done today.
    DONE = "INSERT INTO job_done (day, kind, done) VALUES (?1, ?2, 1) \
        ON CONFLICT (day, kind) DO UPDATE SET done = job_done.done + 1";
    /// A job failed; it is tried again later.
    FAILED = "UPDATE job SET attempts = attempts + 1, error = ?1, run_at = ?2 WHERE id = ?3";
    /// Whether a job of this kind waits about this, and comes by then.
    WAITS = "SELECT 1 FROM job WHERE kind = ?1 AND about = ?2 AND run_at <= ?3 LIMIT 1";
    /// What waits, by kind.
    WAITING = "SELECT kind, COUNT(*), MIN(run_at), SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END) FROM job GROUP BY kind ORDER BY kind";
    /// Jobs that failed, for the system administrator.
    TROUBLE = "SELECT id, kind, about, run_at, attempts, error FROM job WHERE attempts > 0 ORDER BY id LIMIT 100";
    /// What was done on a day.
    DONE_ON = "SELECT kind, done FROM job_done WHERE day = ?1 ORDER BY kind";
    /// The next time that anything is due.
    NEXT = "SELECT MIN(run_at) FROM job";
}

/// A job that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// About what: a case number, a day.
    pub about: i64,
    /// Not before this.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed last.
    pub error: Option<String>,
}

/// What waits of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What is to be done.
    pub kind: String,
    /// How many wait.
    pub waiting: u32,
    /// When the first is due.
    pub first: Timestamp,
    /// How many of them failed at least once.
    pub failing: u32,
}

fn read(r: &crate::Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: r.int(0)?,
        kind: r.text(1)?,
        about: r.int(2)?,
        run_at: r.time(3)?,
        attempts: r.count(4)?,
        error: r.opt_text(5)?,
    })
}

impl Tx<'_> {
    /// Adds a job for later.
    pub fn add_job(&mut self, kind: &str, about: i64, run_at: Timestamp) -> Result<(), StoreError> {
        self.run(ADD, args![kind, about, run_at])?;
        Ok(())
    }

    /// Adds a job unless one of its kind waits about the same and comes no later. One that comes later does
    /// not count: it may have been put in by a clock that went ahead.
    pub fn add_job_once(&mut self, kind: &str, about: i64, run_at: Timestamp) -> Result<(), StoreError> {
        if !self.job_waits(kind, about, run_at)? {
            self.add_job(kind, about, run_at)?;
        }
        Ok(())
    }

    /// Whether a job of a kind waits about something and comes by a time.
    pub fn job_waits(&mut self, kind: &str, about: i64, by: Timestamp) -> Result<bool, StoreError> {
        Ok(self.one(WAITS, args![kind, about, by], |_| Ok(()))?.is_some())
    }

    /// Jobs whose time has come.
    pub fn due_jobs(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.all(DUE, args![now, limit], read)
    }

    /// Takes a job off, in the transaction that did its work. `false` if another worker was faster: then
    /// this work must not stand.
    pub fn job_done(&mut self, job: &Job, day: i64) -> Result<bool, StoreError> {
        if self.run(REMOVE, args![job.id])? == 0 {
            return Ok(false);
        }
        self.count_done(day, &job.kind)?;
        Ok(true)
    }

    /// One more of a kind was done on a day.
    pub fn count_done(&mut self, day: i64, kind: &str) -> Result<(), StoreError> {
        self.run(DONE, args![day, kind])?;
        Ok(())
    }

    /// Puts a failed job back, to be tried again at `again`.
    pub fn job_failed(&mut self, id: i64, error: &str, again: Timestamp) -> Result<(), StoreError> {
        self.run(FAILED, args![error, again, id])?;
        Ok(())
    }

    /// What waits, by kind.
    pub fn waiting_jobs(&mut self) -> Result<Vec<Waiting>, StoreError> {
        self.all(WAITING, args![], |r| {
            Ok(Waiting { kind: r.text(0)?, waiting: r.count(1)?, first: r.time(2)?, failing: r.count(3)? })
        })
    }

    /// Jobs that failed, a hundred at most.
    pub fn failing_jobs(&mut self) -> Result<Vec<Job>, StoreError> {
        self.all(TROUBLE, args![], read)
    }

    /// What was done on a day, by kind.
    pub fn jobs_done_on(&mut self, day: i64) -> Result<Vec<(String, u32)>, StoreError> {
        self.all(DONE_ON, args![day], |r| Ok((r.text(0)?, r.count(1)?)))
    }

    /// When the next job is due.
    pub fn next_job(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.one(NEXT, args![], |r| r.opt_time(0))?.flatten())
    }
}
