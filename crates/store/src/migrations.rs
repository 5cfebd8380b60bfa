//! The schema, as numbered steps built into the program. A step that has landed is never edited.

use crate::StoreError;
use crate::engine;
use std::path::Path;

struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".postgres.sql")),
        }),+]
    };
}

const ALL: &[Migration] = migrations![
    "0001_spine",
    "0002_problems",
    "0003_notices",
    "0004_registrations",
    "0005_dwellings",
    "0006_choices",
    "0007_warnings",
    "0008_subject_choices",
    "0009_precincts",
    "0010_outlines",
    "0011_indexes"
];

/// How many steps this program knows.
fn known() -> i64 {
    i64::try_from(ALL.len()).unwrap_or(i64::MAX)
}

fn still_to_do(found: i64) -> Result<impl Iterator<Item = (i64, &'static Migration)>, StoreError> {
    if found > known() {
        return Err(StoreError::TooNew { found, known: known() });
    }
    Ok((1..).zip(ALL).filter(move |(n, _)| *n > found))
}

pub(crate) fn bring_up_embedded(file: &Path) -> Result<(), StoreError> {
    let connection = engine::sqlite::connect(file, 2_000, engine::sqlite::PATIENCE)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    for (n, migration) in still_to_do(found)? {
        connection
            .execute_batch(&format!(
                "BEGIN IMMEDIATE; {} PRAGMA user_version = {n}; COMMIT;",
                migration.sqlite
            ))
            .map_err(|e| {
                let _ = connection.execute_batch("ROLLBACK");
                named(migration.name, &e.into())
            })?;
    }
    Ok(())
}

pub(crate) fn bring_up_server(url: &str) -> Result<(), StoreError> {
    let mut client = engine::postgres::connect(url)?;
    let mut tx = client.transaction()?;
    // Two programs that start at once: the second waits here and finds the work done.
    tx.batch_execute(
        "SELECT pg_advisory_xact_lock(7239157);
         CREATE TABLE IF NOT EXISTS migration (n BIGINT PRIMARY KEY, name TEXT NOT NULL)",
    )?;
    let found: i64 = tx.query_one("SELECT COALESCE(MAX(n), 0) FROM migration", &[])?.get(0);
    for (n, migration) in still_to_do(found)? {
        tx.batch_execute(migration.postgres).map_err(|e| named(migration.name, &e.into()))?;
        tx.execute("INSERT INTO migration (n, name) VALUES ($1, $2)", &[&n, &migration.name])?;
    }
    Ok(tx.commit()?)
}

fn named(name: &str, e: &StoreError) -> StoreError {
    StoreError::Engine(format!("migration {name}: {e}"))
}
