//! What is done later: one file each. A job is idempotent, because it is done at least once, and its work
//! stands only together with its being taken off the queue.

mod deadline;
mod forget;
mod plan;
mod retention;
mod rewrap;
mod seal;
mod sweep;

use crate::{App, AppError};
use domain::cases::{Case, local_date};
use domain::{Actor, CaseNo, ProblemId};
use jiff::{SignedDuration, Timestamp};
use store::cases::day_number;
use store::jobs::Job;
use store::{StoreError, Tx};

/// How many jobs are looked at in one go.
const AT_ONCE: u32 = 200;

/// Sees to it that a case's running deadline is looked at when it comes near.
pub(crate) fn watch_deadline(
    tx: &mut Tx<'_>,
    no: CaseNo,
    case: &Case,
    now: Timestamp,
) -> Result<(), StoreError> {
    deadline::watch(tx, no, case, now)
}

/// Sees to it that the tasks of a plan and the calls of its whistles are looked at when they are overdue.
pub(crate) fn watch_plan(
    tx: &mut Tx<'_>,
    problem: &domain::problems::Problem,
    now: Timestamp,
) -> Result<(), StoreError> {
    plan::watch(tx, problem, now)
}

/// What a round of jobs came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Done for good.
    pub done: u32,
    /// Failed; they come again.
    pub failed: u32,
}

impl App {
    /// Puts in the jobs that a district always has. Safe to call at every start.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn plant_jobs(&self) -> Result<(), AppError> {
        let (app, now) = (self.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                rewrap::plant(&app, tx, now)?;
                tx.add_job_once(seal::KIND, 0, seal::next(now))?;
                tx.add_job_once(sweep::KIND, 0, now)?;
                tx.add_job_once(retention::KIND, 0, now)?;
                tx.add_job_once(forget::KIND, 0, now)?;
                Ok(())
            })
            .wait()
    }

    /// Does the jobs whose time has come. Call it again while `done` is not zero. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read; a single job that fails comes again later.
    pub fn do_jobs(&self) -> Result<Round, AppError> {
        self.learn()?;
        self.group_new()?;
        let now = self.clock.now();
        let (edition, due) = self
            .store
            .read(move |tx| Ok::<_, AppError>((tx.edition()?, tx.due_jobs(now, AT_ONCE)?)))
            .wait()?;
        let directory = self.directory();
        // With the day, neighbourhoods may belong to other precincts; and a command, or another program over the same
        // store, may have brought in a roster or taken a right.
        if directory.on() != local_date(now) || directory.edition() != edition {
            self.refresh()?;
        }
        let mut round = Round::default();
        let mut running = Vec::with_capacity(due.len());
        for job in due {
            let app = self.clone();
            let mine = job.clone();
            // Handed in together, so that they share a commit.
            running.push((job, self.store.write(move |tx| app.do_job(tx, &mine))));
        }
        for (job, receipt) in running {
            match receipt.wait() {
                Ok(touched) => {
                    round.done += 1;
                    if let Some(no) = touched {
                        self.tell(no);
                    }
                }
                Err(error) => {
                    round.failed += 1;
                    tracing::warn!(job = job.id, kind = job.kind, %error, "a job failed and comes again");
                    let wait = SignedDuration::from_secs(30 * 2_i64.pow(job.attempts.min(8)));
                    let text = error.to_string();
                    self.store
                        .write(move |tx| Ok::<_, AppError>(tx.job_failed(job.id, &text, now + wait)?))
                        .wait()?;
                }
            }
        }
        Ok(round)
    }

    fn do_job(&self, tx: &mut Tx<'_>, job: &Job) -> Result<Option<CaseNo>, AppError> {
        let ctx = self.context(Actor::System);
        if !tx.job_done(job, day_number(local_date(ctx.now)))? {
            return Ok(None);
        }
        match job.kind.as_str() {
            deadline::KIND => deadline::run(self, tx, CaseNo(job.about), &ctx),
            plan::KIND => plan::run(self, tx, ProblemId(job.about), &ctx).map(|()| None),
            seal::KIND => seal::run(tx, &ctx).map(|()| None),
            sweep::KIND => sweep::run(tx, &ctx).map(|()| None),
            retention::KIND => retention::run(self, tx, &ctx).map(|()| None),
            rewrap::KIND => rewrap::run(self, tx, &ctx).map(|()| None),
            forget::KIND => forget::run(self, tx, &ctx).map(|()| None),
            other => Err(StoreError::Unreadable(format!("a job of the unknown kind {other:?}")).into()),
        }
    }
}
