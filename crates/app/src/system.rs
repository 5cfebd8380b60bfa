//! What the system administrator sees: jobs, what waits, what fails; no case among it.

use crate::{App, AppError, Who};
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;
use store::cases::day_number;
use store::jobs::{Job, Waiting};

/// The state of the machine.
#[derive(Debug, Clone)]
pub struct SystemPage {
    /// Which store, in words.
    pub store: String,
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
        let store = match self.store.place() {
            store::Place::File(file) => {
                let bytes = std::fs::metadata(file).map_or(0, |m| m.len());
                format!("SQLite, {} MB", bytes / 1_000_000)
            }
            store::Place::Url(_) => "PostgreSQL".to_owned(),
        };
        self.store
            .read(move |tx| {
                let mut seals = tx.seals()?;
                seals.reverse();
                seals.truncate(14);
                Ok(SystemPage {
                    store,
                    waiting: tx.waiting_jobs()?,
                    failing: tx.failing_jobs()?,
                    done_today: tx.jobs_done_on(today)?,
                    seals,
                })
            })
            .await
    }
}
