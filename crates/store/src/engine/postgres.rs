//! The server engine: plain threads, each with a connection of its own.
//!
//! The synchronous client runs a runtime of its own inside, so it must never be used inside an async task;
//! these threads are its only home. A connection that broke is made anew for the next closure.

use super::{Lanes, Work, guarded};
use crate::tx::Conn;
use crate::{StoreError, Tx};
use crossbeam_channel::{Receiver, unbounded};
use postgres::{Client, IsolationLevel, NoTls};
use std::collections::HashMap;
use std::time::Duration;

/// Writers wait for the server's flush most of the time; its own group commit wants many at once.
const WRITERS: usize = 16;
/// How often, and after what pause, a lane looks for a server that is away before it says so: three seconds
/// are a restart. Once they are used up every caller is told at once, until the server is back.
const PATIENCE: u32 = 15;
const PAUSE: Duration = Duration::from_millis(200);

pub(crate) fn open(url: &str, readers: usize) -> Result<Lanes, StoreError> {
    // Fails now rather than at the first request.
    drop(connect(url)?);
    let (writes, write_queue) = unbounded::<Work>();
    let (reads, read_queue) = unbounded::<Work>();
    for n in 0..WRITERS {
        spawn(format!("store-writer-{n}"), url, write_queue.clone(), false)?;
    }
    for n in 0..readers {
        spawn(format!("store-reader-{n}"), url, read_queue.clone(), true)?;
    }
    Ok(Lanes { writes, reads })
}

pub(crate) fn connect(url: &str) -> Result<Client, StoreError> {
    let mut config: postgres::Config = url.parse().map_err(|e: postgres::Error| {
        StoreError::Unavailable(format!("the database address does not read: {e}"))
    })?;
    config.connect_timeout(Duration::from_secs(5));
    Ok(config.connect(NoTls)?)
}

fn spawn(name: String, url: &str, queue: Receiver<Work>, read_only: bool) -> Result<(), StoreError> {
    let url = url.to_owned();
    std::thread::Builder::new()
        .name(name)
        .spawn(move || lane(&url, &queue, read_only))
        .map(drop)
        .map_err(|e| StoreError::Engine(format!("no thread: {e}")))
}

struct Session {
    client: Client,
    known: HashMap<String, postgres::Statement>,
}

fn lane(url: &str, queue: &Receiver<Work>, read_only: bool) {
    let mut session: Option<Session> = None;
    let mut patience = PATIENCE;
    for work in queue {
        let mut waiting = Some(work);
        while let Some(work) = waiting.take() {
            let kept = session.take().filter(|s| !s.client.is_closed());
            let fresh = kept.is_none();
            let open = match kept {
                Some(open) => Ok(open),
                None => connect(url).map(|client| Session { client, known: HashMap::new() }),
            };
            let (work, error) = match open {
                Err(error) => (work, error),
                Ok(mut open) => match transact(&mut open, work, read_only) {
                    Ended::Good => {
                        session = Some(open);
                        patience = PATIENCE;
                        continue;
                    }
                    Ended::Lost => continue,
                    Ended::NotBegun(work, error) => (work, error),
                },
            };
            // Nothing has happened yet: a server that was restarted is tried again, at once where the
            // connection was an old one.
            if patience == 0 {
                tracing::error!(%error, "the database server cannot be reached");
                work.refuse(error);
                continue;
            }
            patience -= 1;
            if fresh {
                std::thread::sleep(PAUSE);
            }
            waiting = Some(work);
        }
    }
}

/// How a transaction ended.
enum Ended {
    /// Kept or rolled back; the connection is good for the next.
    Good,
    /// The connection broke on the way; whoever waited was told.
    Lost,
    /// It could not be begun, so it can be tried again on another connection.
    NotBegun(Work, StoreError),
}

fn transact(session: &mut Session, work: Work, read_only: bool) -> Ended {
    let isolation = if read_only { IsolationLevel::RepeatableRead } else { IsolationLevel::ReadCommitted };
    let begun = session.client.build_transaction().isolation_level(isolation).read_only(read_only).start();
    let mut begun = match begun {
        Ok(begun) => begun,
        Err(e) => return Ended::NotBegun(work, e.into()),
    };
    let outcome = guarded(work, &mut Tx::new(Conn::Pg { tx: &mut begun, known: &mut session.known }));
    let ended = match &outcome {
        Some((true, _)) => begun.commit().map_err(StoreError::from),
        _ => begun.rollback().map_err(StoreError::from),
    };
    let good = ended.is_ok();
    if let Some((_, done)) = outcome {
        done(ended);
    }
    if good { Ended::Good } else { Ended::Lost }
}
