//! The embedded engine: one writer with group commit, a few snapshot readers.
//!
//! A durable commit costs a disk flush, and a disk gives a few hundred a second. So the writer takes all
//! closures that wait, runs each under a savepoint of its own in one transaction, commits once, and only
//! then answers them all. While it flushes, the next group gathers by itself.
//!
//! The full-text index writes a segment whenever a savepoint is set after it was touched, so closures only say what
//! is to be indexed; the group's entries are written together, before its commit and in the same transaction.

use super::{Done, Lanes, Work, guarded};
use crate::tx::{Conn, Words};
use crate::{StoreError, Tx};
use crossbeam_channel::{Receiver, Sender, unbounded};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a connection waits for one that holds the file.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// The same on a thread that has other work to do.
const GLANCE: Duration = Duration::from_millis(10);
/// The most closures that share a commit: bounds how long the first of them waits.
const MOST_IN_A_GROUP: usize = 256;

pub(crate) fn open(path: &Path, readers: usize) -> Result<Lanes, StoreError> {
    let writer = connect(path, 8_000, PATIENCE)?;
    // Readers see the last commit while the writer works; FULL makes every commit durable before it returns.
    let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0))?;
    if mode != "wal" {
        return Err(StoreError::ReadOnly(format!("{} cannot be put into WAL mode", path.display())));
    }
    // The engine falls back to reading alone where it may not write; better said now than at the first report.
    if writer.is_readonly(rusqlite::MAIN_DB)? {
        return Err(StoreError::ReadOnly(format!("{} is read-only", path.display())));
    }
    writer.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;")?;
    let (writes, queue) = unbounded::<Work>();
    spawn("store-writer", move || write_lane(&writer, &queue))?;
    let (reads, queue) = unbounded::<Work>();
    for n in 0..readers {
        let reader = reader(path, PATIENCE)?;
        let queue = queue.clone();
        spawn(&format!("store-reader-{n}"), move || read_lane(&reader, &queue))?;
    }
    Ok(Lanes { writes, reads })
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map(drop)
        .map_err(|e| StoreError::Engine(format!("no thread: {e}")))
}

pub(crate) fn connect(path: &Path, cache_kib: i64, patience: Duration) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(256);
    // Otherwise a statement that a partial index may serve is prepared anew each time that its arguments change.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(&format!("PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY;"))?;
    Ok(connection)
}

fn read_lane(connection: &Connection, queue: &Receiver<Work>) {
    for work in queue {
        read_one(connection, work);
    }
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(StoreError::from)
}

/// Runs one closure on a snapshot.
fn read_one(connection: &Connection, work: Work) {
    match run(connection, "BEGIN") {
        Ok(()) => read_begun(connection, work),
        Err(e) => work.refuse(e),
    }
}

/// The same on a snapshot that was begun.
fn read_begun(connection: &Connection, work: Work) {
    let done = guarded(work, &mut Tx::new(Conn::Lite(connection)));
    let ended = run(connection, "COMMIT");
    if let Some((_, done)) = done {
        done(ended);
    }
}

/// Snapshot connections for reads that are over in microseconds: these run on the caller's own thread, because
/// waking another one costs more than they do.
pub(crate) struct Here {
    path: std::path::PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Here {
    pub(crate) fn new(path: &Path) -> Here {
        Here { path: path.to_owned(), idle: Mutex::default() }
    }

    /// Runs one closure now; gives it to the readers' threads where the file is held by somebody else for longer
    /// than a glance.
    pub(crate) fn read(&self, work: Work, readers: &Sender<Work>) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let begun = idle.map_or_else(|| reader(&self.path, GLANCE), Ok).and_then(|connection| {
            snapshot(&connection)?;
            Ok(connection)
        });
        let connection = match begun {
            Ok(connection) => connection,
            Err(StoreError::Locked) => {
                if let Err(back) = readers.send(work) {
                    back.into_inner().refuse(StoreError::Closed);
                }
                return;
            }
            Err(e) => return work.refuse(e),
        };
        read_begun(&connection, work);
        // One that a panic left inside a transaction is not used again.
        if connection.is_autocommit() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

/// Begins a transaction and takes its snapshot at once: from then on nobody makes it wait.
fn snapshot(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "BEGIN")?;
    let taken = connection
        .prepare_cached("SELECT 1 FROM meta LIMIT 1")
        .and_then(|mut s| s.query([])?.next().map(drop))
        .map_err(StoreError::from);
    if taken.is_err() {
        let _ = run(connection, "ROLLBACK");
    }
    taken
}

fn reader(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let reader = connect(path, 2_000, patience)?;
    reader.execute_batch("PRAGMA query_only = ON")?;
    Ok(reader)
}

fn write_lane(connection: &Connection, queue: &Receiver<Work>) {
    while let Ok(first) = queue.recv() {
        if let Err(e) = begin(connection) {
            tracing::error!(error = %e, "the writer could not begin");
            // Whoever gathered meanwhile waited as long: one wait for all, not one after another.
            let crowd: Vec<Work> = queue.try_iter().collect();
            for work in crowd {
                work.refuse(same_again(&e));
            }
            first.refuse(e);
            continue;
        }
        let mut answers: Vec<Done> = Vec::new();
        let mut words = Words::new();
        let mut lost = run_one(connection, first, &mut answers, &mut words);
        while !lost && answers.len() < MOST_IN_A_GROUP {
            let Ok(next) = queue.try_recv() else { break };
            lost = run_one(connection, next, &mut answers, &mut words);
        }
        let ended = if lost {
            Err(StoreError::Full)
        } else {
            Tx::new(Conn::Lite(connection)).write_all_words(words).and_then(|()| run(connection, "COMMIT"))
        };
        if let Err(error) = &ended {
            tracing::error!(%error, "a commit failed");
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
        }
        for done in answers {
            done(ended.as_ref().copied().map_err(same_again));
        }
    }
}

fn begin(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "BEGIN IMMEDIATE")
}

/// Runs one closure under a savepoint. Says whether the engine gave up the whole transaction (disk full).
/// What a closure that stands wants indexed is added to `words`.
fn run_one(connection: &Connection, work: Work, answers: &mut Vec<Done>, words: &mut Words) -> bool {
    if let Err(e) = connection.prepare_cached("SAVEPOINT one").and_then(|mut s| s.execute([])) {
        work.refuse(e.into());
        return connection.is_autocommit();
    }
    let mut tx = Tx::in_group(Conn::Lite(connection));
    let outcome = guarded(work, &mut tx);
    if connection.is_autocommit() {
        if let Some((_, done)) = outcome {
            answers.push(done);
        }
        return true;
    }
    let keep = outcome.as_ref().is_some_and(|(keep, _)| *keep);
    if keep {
        words.append(&mut tx.take_words());
    }
    let undone = keep || connection.execute_batch("ROLLBACK TO one").is_ok();
    let released = connection.prepare_cached("RELEASE one").and_then(|mut s| s.execute([])).is_ok();
    if let Some((_, done)) = outcome {
        answers.push(done);
    }
    !(undone && released)
}

/// The one failure of a group, told to each of its members.
fn same_again(e: &StoreError) -> StoreError {
    match e {
        StoreError::Locked => StoreError::Locked,
        StoreError::Full => StoreError::Full,
        StoreError::ReadOnly(s) => StoreError::ReadOnly(s.clone()),
        StoreError::Corrupt(s) => StoreError::Corrupt(s.clone()),
        other => StoreError::Engine(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Job;
    use std::sync::mpsc;

    struct Told(mpsc::Sender<&'static str>);

    impl Job for Told {
        fn run(self: Box<Self>, tx: &mut Tx<'_>) -> (bool, Done) {
            self.0.send(if tx.statements() == 0 { "run" } else { "not fresh" }).unwrap();
            (true, Box::new(|_| ()))
        }

        fn refuse(self: Box<Self>, _: StoreError) {
            self.0.send("refused").unwrap();
        }
    }

    /// While somebody else holds the file, the caller's thread gives the read away; afterwards it reads by itself.
    #[test]
    fn a_glance_waits_for_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("held.db");
        let other = Connection::open(&file).unwrap();
        other.execute_batch("CREATE TABLE meta (key TEXT); BEGIN EXCLUSIVE").unwrap();
        let (here, (readers, queue), (told, heard)) = (Here::new(&file), unbounded(), mpsc::channel());
        here.read(Box::new(Told(told.clone())), &readers);
        assert!(heard.try_recv().is_err(), "the file is held; nobody was told anything yet");
        let handed_over = queue.try_recv().unwrap();
        other.execute_batch("COMMIT").unwrap();
        read_one(&reader(&file, PATIENCE).unwrap(), handed_over);
        assert_eq!(heard.try_recv(), Ok("run"));
        here.read(Box::new(Told(told)), &readers);
        assert_eq!(heard.try_recv(), Ok("run"));
        assert!(queue.is_empty());
    }
}
