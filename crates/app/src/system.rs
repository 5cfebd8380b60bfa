//! What the system administrator sees: jobs, what waits, what fails; no case among it.

use crate::{App, AppError, Who};
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;
use store::cases::day_number;
use store::jobs::{Job, Waiting};

/// The state of the machine.
#[derive(Debug, Clone)]
pub struct SystemPage {
    /// What waits, by kind.
    pub waiting: Vec<Waiting>,
    /// Jobs that failed and come again.
    pub failing: Vec<Job>,
    /// What was done today, by kind.
    pub done_today: Vec<(String, u32)>,
    /// The newest daily seals.
    pub seals: Vec<store::seals::Seal>,
}

impl App {
    /// The state of the machine.
    ///
    /// # Errors
    /// Without the right to see it.
    pub async fn system_page(&self, who: &Who) -> Result<SystemPage, AppError> {
        if !may_somewhere(&who.grants, Action::SeeSystem) {
            return Err(AppError::NotAllowed);
        }
        let today = day_number(local_date(self.clock.now()));
        self.store
            .read(move |tx| {
                let mut seals = tx.seals()?;
                seals.reverse();
                seals.truncate(14);
                Ok(SystemPage {
                    waiting: tx.waiting_jobs()?,
                    failing: tx.failing_jobs()?,
                    done_today: tx.jobs_done_on(today)?,
                    seals,
                })
            })
            .await
    }
}
