//! What the system administrator sees: jobs, what waits, what fails; no case among it.

use crate::{App, AppError, Who};
use domain::access::{Action, Scope, may_somewhere};
use domain::cases::local_date;
use domain::notices::Channel;
use store::cases::day_number;
use store::cases::list::Filter;
use store::jobs::{Job, Waiting};
use store::notices::Try;

/// How many tries are shown.
const TRIES: u32 = 20;

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
    /// The newest tries of letters.
    pub tries: Vec<Try>,
    /// The newest daily seals.
    pub seals: Vec<store::seals::Seal>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Places by level, top first.
    pub by_depth: [u32; domain::territory::MAX_LEVELS],
    /// Doorways in use.
    pub doorways: u32,
    /// Cases ever.
    pub cases: u32,
    /// Accounts.
    pub staff: usize,
    /// Units.
    pub units: usize,
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
                // Letters wait in boxes instead of the queue, and are shown beside it.
                let kind = |channel: Channel| format!("deliver.{}", channel.key());
                let mut waiting = tx.waiting_jobs()?;
                waiting.extend(tx.queues()?.into_iter().map(|q| Waiting {
                    kind: kind(q.channel),
                    waiting: q.waiting,
                    first: q.first,
                    failing: q.failing,
                }));
                let mut failing = tx.failing_jobs()?;
                failing.extend(tx.failing_boxes()?.into_iter().filter_map(|b| {
                    Some(Job {
                        id: b.id,
                        kind: kind(b.channel),
                        about: b.id,
                        run_at: b.next_at?,
                        attempts: b.attempts,
                        error: b.error,
                    })
                }));
                Ok(SystemPage {
                    store,
                    waiting,
                    failing,
                    tries: tx.tries(TRIES)?,
                    done_today: tx.jobs_done_on(today)?,
                    seals,
                })
            })
            .await
    }

    /// How much there is. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counts(&self) -> Result<Counts, AppError> {
        let d = self.directory();
        let mut by_depth = [0; domain::territory::MAX_LEVELS];
        for p in d.places() {
            if let Some(n) = p.depth.checked_sub(1).and_then(|i| by_depth.get_mut(i)) {
                *n += 1;
            }
        }
        let everything = Filter::of(Scope { all: true, ..Scope::default() });
        let (doorways, cases, staff) = self
            .store
            .read(move |tx| {
                let cases = tx.count_cases(&everything, &|_| 0)?.iter().map(|(_, n)| n).sum();
                Ok::<_, AppError>((tx.count_doorways()?, cases, tx.staff()?.len()))
            })
            .wait()?;
        Ok(Counts { by_depth, doorways, cases, staff, units: d.units().len() })
    }

    /// Adds sums of scans: day, kind, how many. Blocks.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn add_scans(&self, sums: Vec<(i64, domain::codes::CodeKind, u32)>) -> Result<(), AppError> {
        self.store
            .write(move |tx| Ok(sums.iter().try_for_each(|(day, kind, n)| tx.add_scans(*day, *kind, *n))?))
            .wait()
    }

    /// Seals everything that happened before a day (days since 1970, in the district's own time). Blocks.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn seal_until(&self, day: i64) -> Result<(), AppError> {
        let date = store::territory::date(day)?;
        let before = jiff::tz::Offset::constant(8)
            .to_timestamp(date.at(0, 0, 0, 0))
            .map_err(|e| AppError::Store(store::StoreError::Unreadable(e.to_string())))?;
        let now = self.clock.now();
        self.store.write(move |tx| Ok::<_, AppError>(tx.seal_day(day - 1, before, now)?)).wait()?;
        Ok(())
    }
}
