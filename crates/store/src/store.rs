//! The store itself: opening, reading, writing.

use crate::engine::{self, Done, Job, Lanes};
use crate::{StoreError, Tx, migrations};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as Poller, Poll};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Embedded: one file.
    File(PathBuf),
    /// A PostgreSQL server, by its address.
    Url(String),
}

impl Place {
    /// A folder means the embedded store in it; `postgres://…` a server.
    pub fn parse(text: &str) -> Place {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Place::Url(text.to_owned())
        } else {
            Place::File(Path::new(text).join("pianqu.db"))
        }
    }
}

/// The one store over both engines. Cheap to share behind an `Arc`; its threads end with it.
pub struct Store {
    lanes: Lanes,
    here: Option<engine::sqlite::Here>,
    place: Place,
    statements: Arc<AtomicU64>,
}

/// How many threads read side by side.
const READERS: usize = 2;

impl Store {
    /// Opens the store, making it and bringing its schema up to date where needed.
    ///
    /// # Errors
    /// When it cannot be reached or written, is damaged, or belongs to a later version of the program.
    pub fn open(place: &Place) -> Result<Store, StoreError> {
        let mut here = None;
        let lanes = match place {
            Place::File(file) => {
                if let Some(folder) = file.parent() {
                    std::fs::create_dir_all(folder)
                        .map_err(|e| StoreError::ReadOnly(format!("{}: {e}", folder.display())))?;
                }
                migrations::bring_up_embedded(file)?;
                here = Some(engine::sqlite::Here::new(file));
                engine::sqlite::open(file, READERS)?
            }
            Place::Url(url) => {
                migrations::bring_up_server(url)?;
                engine::postgres::open(url, READERS)?
            }
        };
        Ok(Store { lanes, here, place: place.clone(), statements: Arc::default() })
    }

    /// Where the data lies.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Runs `work` in a transaction that is durable before the receipt resolves. If `work` returns an
    /// error, none of its changes stand. On the embedded engine it shares its commit with whoever else
    /// waits, under a savepoint of its own.
    pub fn write<T, E, F>(&self, work: F) -> Receipt<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.hand_over(&self.lanes.writes, work)
    }

    /// Runs `work` on one snapshot. What it changes is refused by the engine.
    pub fn read<T, E, F>(&self, work: F) -> Receipt<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.hand_over(&self.lanes.reads, work)
    }

    /// How many statements all closures together have run since the store was opened: what a test of "at most so
    /// many" looks at.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }
}

impl Store {
    /// As [`Store::read`], for what is over in microseconds: a row or two by key. On the embedded engine it runs
    /// at once on the caller's own thread, unless somebody else holds the file for more than some milliseconds: then
    /// a reader's thread waits for it. Never give it a list, a search or a walk.
    pub fn glance<T, E, F>(&self, work: F) -> Receipt<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let Some(here) = &self.here else { return self.read(work) };
        let (answer, mut receipt) = oneshot::channel();
        here.read(Box::new(Handed { work, answer, counted: self.statements.clone() }), &self.lanes.reads);
        Receipt(match receipt.try_recv() {
            Ok(answer) => Answer::Here(Some(Box::new(answer))),
            Err(TryRecvError::Empty) => Answer::Coming(receipt),
            Err(TryRecvError::Closed) => Answer::Here(None),
        })
    }
}

struct Handed<T, E, F> {
    work: F,
    counted: Arc<AtomicU64>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Handed<T, E, F>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(self: Box<Self>, tx: &mut Tx<'_>) -> (bool, Done) {
        let Handed { work, answer, counted } = *self;
        let outcome = work(tx);
        counted.fetch_add(tx.statements(), Ordering::Relaxed);
        let keep = outcome.is_ok();
        let done = move |ended: Result<(), StoreError>| {
            let told = match (outcome, ended) {
                (Ok(value), Ok(())) => Ok(value),
                (Ok(_), Err(e)) => Err(e.into()),
                (Err(e), _) => Err(e),
            };
            // Nobody waits any more: fine, the change stands all the same.
            let _ = answer.send(told);
        };
        (keep, Box::new(done))
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.answer.send(Err(error.into()));
    }
}

impl Store {
    fn hand_over<T, E, F>(&self, lane: &crossbeam_channel::Sender<engine::Work>, work: F) -> Receipt<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, receipt) = oneshot::channel();
        if let Err(back) = lane.send(Box::new(Handed { work, answer, counted: self.statements.clone() })) {
            back.into_inner().refuse(StoreError::Closed);
        }
        Receipt(Answer::Coming(receipt))
    }
}

/// The answer to come: await it in async code, [`Receipt::wait`] for it elsewhere.
pub struct Receipt<T, E>(Answer<T, E>);

enum Answer<T, E> {
    /// From another thread.
    Coming(oneshot::Receiver<Result<T, E>>),
    /// There already; `None` if the closure panicked, or once it was taken.
    Here(Option<Box<Result<T, E>>>),
}

impl<T, E: From<StoreError>> Receipt<T, E> {
    /// Waits for the answer. Not to be called inside an async task.
    ///
    /// # Errors
    /// What the closure or the store said.
    pub fn wait(self) -> Result<T, E> {
        match self.0 {
            Answer::Coming(receipt) => {
                receipt.blocking_recv().unwrap_or_else(|_| Err(StoreError::Panicked.into()))
            }
            Answer::Here(answer) => answer.map_or_else(|| Err(StoreError::Panicked.into()), |a| *a),
        }
    }
}

impl<T, E: From<StoreError>> Future for Receipt<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, poller: &mut Poller<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Answer::Coming(receipt) => Pin::new(receipt)
                .poll(poller)
                .map(|got| got.unwrap_or_else(|_| Err(StoreError::Panicked.into()))),
            Answer::Here(answer) => {
                Poll::Ready(answer.take().map_or_else(|| Err(StoreError::Panicked.into()), |a| *a))
            }
        }
    }
}
