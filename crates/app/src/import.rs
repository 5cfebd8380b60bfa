//! Messages of another time, each through the same path as a scan.

use crate::report::{Incoming, Prepared};
use crate::{App, AppError};
use domain::cases::Channel;
use domain::{Actor, Context};
use jiff::Timestamp;
use store::territory::DoorwayRow;

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Cases made.
    pub new: u64,
    /// Messages that had been brought in before.
    pub again: u64,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, other: Imported) {
        self.new += other.new;
        self.again += other.again;
    }
}

impl App {
    /// Takes messages at their own times. Blocks until all of them are kept.
    ///
    /// # Errors
    /// When a form is wrong or the store cannot be written; those before it are kept, and coming again does
    /// no harm.
    pub fn import(&self, messages: Vec<(Timestamp, Incoming)>) -> Result<Imported, AppError> {
        let mut ready: Vec<(Context, Prepared)> = Vec::with_capacity(messages.len());
        for (at, incoming) in messages {
            let ctx = Context::new(at, Actor::Resident, (self.seeds)());
            let prepared = self.prepare(incoming, Channel::Import, &ctx)?;
            ready.push((ctx, prepared));
        }
        let doorways: Vec<_> = ready.iter().map(|r| r.1.report.doorway).collect();
        let open = self
            .store
            .read(move |tx| {
                doorways
                    .into_iter()
                    .map(|d| d.map_or(Ok(vec![]), |d| tx.open_texts_at_doorway(d)))
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(AppError::from)
            })
            .wait()?;
        let mut receipts = Vec::with_capacity(ready.len());
        for ((ctx, mut prepared), open) in ready.into_iter().zip(open) {
            prepared.report.similar = crate::report::alike(&prepared.report, &open);
            let app = self.clone();
            receipts.push(self.store.write(move |tx| {
                if tx.by_submission(prepared.submission())?.is_some() {
                    return Ok::<_, AppError>(false);
                }
                app.keep_report(tx, prepared, &ctx)?;
                Ok(true)
            }));
        }
        let mut sum = Imported::default();
        for r in receipts {
            if r.wait()? {
                sum.new += 1;
            } else {
                sum.again += 1;
            }
        }
        Ok(sum)
    }

    /// All doorways, for spreading messages over them. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all_doorways(&self) -> Result<Vec<DoorwayRow>, AppError> {
        self.store
            .read(|tx| {
                let mut all: Vec<DoorwayRow> = Vec::new();
                loop {
                    let after = all.last().map_or(domain::DoorwayId(0), |d| d.id);
                    let some = tx.walk_doorways(after, 5_000)?;
                    if some.is_empty() {
                        return Ok(all);
                    }
                    all.extend(some);
                }
            })
            .wait()
    }
}
