//! Online backup of the embedded store, and its way back.

use crate::engine::sqlite::connect;
use crate::{Place, Store, StoreError};
use std::path::Path;
use std::time::Duration;

/// Copies the embedded store into `file` while it is in use.
///
/// # Errors
/// For a store on a server (its own tools back that up), when `file` exists, or cannot be written.
pub fn backup(store: &Store, file: &Path) -> Result<(), StoreError> {
    let Place::File(source) = store.place() else {
        return Err(StoreError::Engine(
            "a database server is backed up with its own tools; this copies the embedded store only".into(),
        ));
    };
    if file.exists() {
        return Err(StoreError::Duplicate(format!("{} exists; choose another name", file.display())));
    }
    let part = file.with_extension("part");
    let copy = || -> Result<(), StoreError> {
        let from = connect(source, 2_000, crate::engine::sqlite::PATIENCE)?;
        let mut to = rusqlite::Connection::open(&part)?;
        let run = rusqlite::backup::Backup::new(&from, &mut to)?;
        run.run_to_completion(1_024, Duration::ZERO, None)?;
        drop(run);
        to.close().map_err(|(_, e)| StoreError::from(e))?;
        std::fs::File::open(&part)
            .and_then(|f| f.sync_all())
            .and_then(|()| std::fs::rename(&part, file))
            .map_err(|e| StoreError::ReadOnly(format!("{}: {e}", file.display())))
    };
    copy().inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })
}

/// Puts a backup in the place of an embedded store that is not there yet.
///
/// # Errors
/// When there is a store already, or `file` is not a whole backup.
pub fn restore(file: &Path, into: &Path) -> Result<(), StoreError> {
    if into.exists() {
        return Err(StoreError::Duplicate(format!(
            "{} exists; restore into an empty folder",
            into.display()
        )));
    }
    let check = connect_read_only(file)?;
    let answer: String = check.query_row("PRAGMA integrity_check", [], |r| r.get(0))?;
    if answer != "ok" {
        return Err(StoreError::Corrupt(format!("{}: {answer}", file.display())));
    }
    drop(check);
    let unwritable = |e: std::io::Error| StoreError::ReadOnly(format!("{}: {e}", into.display()));
    if let Some(folder) = into.parent() {
        std::fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let part = into.with_extension("part");
    std::fs::copy(file, &part)
        .and_then(|_| std::fs::File::open(&part)?.sync_all())
        .and_then(|()| std::fs::rename(&part, into))
        .map_err(unwritable)
}

fn connect_read_only(file: &Path) -> Result<rusqlite::Connection, StoreError> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    Ok(rusqlite::Connection::open_with_flags(file, flags)?)
}
