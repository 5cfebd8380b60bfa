//! One transaction, whichever engine carries it. The seam between the two is this file.

use crate::StoreError;
use crate::sql::{Arg, Row};
use postgres::types::ToSql;
use std::collections::HashMap;

/// What a closure works on: one transaction of one engine.
pub struct Tx<'a> {
    conn: Conn<'a>,
    statements: u64,
    /// Entries of the full-text index that wait for the end of the group; `None` where they are written at once.
    words: Option<Words>,
    /// Whether it has said already that the directory changes.
    is_new_edition: bool,
}

/// Rows of the full-text index: row number and entries.
pub(crate) type Words = Vec<(i64, String)>;

/// The server's prepared statements of one connection, by text.
pub(crate) type Known = HashMap<String, postgres::Statement>;

/// The four calls that we make of the server's client; hides the lifetime that its transaction drags along.
pub(crate) trait PgTx {
    fn prepare(&mut self, sql: &str) -> Result<postgres::Statement, postgres::Error>;
    fn execute(
        &mut self,
        s: &postgres::Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, postgres::Error>;
    fn query(
        &mut self,
        s: &postgres::Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, postgres::Error>;
}

impl PgTx for postgres::Transaction<'_> {
    fn prepare(&mut self, sql: &str) -> Result<postgres::Statement, postgres::Error> {
        postgres::Transaction::prepare(self, sql)
    }
    fn execute(
        &mut self,
        s: &postgres::Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, postgres::Error> {
        postgres::Transaction::execute(self, s, args)
    }
    fn query(
        &mut self,
        s: &postgres::Statement,
        args: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<postgres::Row>, postgres::Error> {
        postgres::Transaction::query(self, s, args)
    }
}

pub(crate) enum Conn<'a> {
    Lite(&'a rusqlite::Connection),
    Pg { tx: &'a mut dyn PgTx, known: &'a mut Known },
}

/// Statements are written once, with `?1`, `?2` …, and `/*lock*/` where the server must lock a row that is
/// about to change (the embedded engine has a single writer and needs no lock).
pub(crate) fn for_postgres(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '?' && chars.peek().is_some_and(char::is_ascii_digit) { out.push('$') } else { out.push(c) }
    }
    out.replace("/*lock*/", "FOR UPDATE")
}

impl<'a> Tx<'a> {
    /// A transaction that was just begun.
    pub(crate) fn new(conn: Conn<'a>) -> Tx<'a> {
        Tx { conn, statements: 0, words: None, is_new_edition: false }
    }

    /// One of a group that ends in one commit: what it indexes is gathered, for [`Tx::take_words`].
    pub(crate) fn in_group(conn: Conn<'a>) -> Tx<'a> {
        Tx { conn, statements: 0, words: Some(Vec::new()), is_new_edition: false }
    }
}

impl Tx<'_> {
    /// How many statements it has run so far, each a trip to the engine.
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Where entries of the full-text index are gathered, if they are.
    pub(crate) fn gathered(&mut self) -> Option<&mut Words> {
        self.words.as_mut()
    }

    /// The gathered entries, which whoever commits must write before.
    pub(crate) fn take_words(&mut self) -> Words {
        self.words.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Runs a statement and says how many rows it touched.
    pub fn run(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        self.statements += 1;
        match &mut self.conn {
            Conn::Lite(c) => {
                let n = c.prepare_cached(sql)?.execute(rusqlite::params_from_iter(args))?;
                Ok(u64::try_from(n).unwrap_or(u64::MAX))
            }
            Conn::Pg { tx, known } => {
                let statement = prepared(*tx, known, sql)?;
                Ok(tx.execute(&statement, &pg_args(args))?)
            }
        }
    }

    /// Runs a statement on what every program holds of the district in memory, and says so to all of them, once in a
    /// transaction: see [`Tx::edition`].
    pub(crate) fn run_on_directory(&mut self, sql: &str, args: &[Arg<'_>]) -> Result<u64, StoreError> {
        let touched = self.run(sql, args)?;
        if touched > 0 && !self.is_new_edition {
            self.next_edition()?;
            self.is_new_edition = true;
        }
        Ok(touched)
    }

    /// Runs a query and reads each row.
    pub fn all<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.statements += 1;
        match &mut self.conn {
            Conn::Lite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                let mut out = Vec::new();
                while let Some(row) = rows.next()? {
                    out.push(read(&Row::Lite(row))?);
                }
                Ok(out)
            }
            Conn::Pg { tx, known } => {
                let statement = prepared(*tx, known, sql)?;
                tx.query(&statement, &pg_args(args))?.iter().map(|r| read(&Row::Pg(r))).collect()
            }
        }
    }

    /// Runs a query that has one row or none.
    pub fn one<T>(
        &mut self,
        sql: &str,
        args: &[Arg<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.statements += 1;
        match &mut self.conn {
            Conn::Lite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                match rows.next()? {
                    Some(row) => read(&Row::Lite(row)).map(Some),
                    None => Ok(None),
                }
            }
            Conn::Pg { tx, known } => {
                let statement = prepared(*tx, known, sql)?;
                match tx.query(&statement, &pg_args(args))?.first() {
                    Some(row) => read(&Row::Pg(row)).map(Some),
                    None => Ok(None),
                }
            }
        }
    }

    /// Prepares a statement without running it: what a test does with every statement there is.
    pub fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.conn {
            Conn::Lite(c) => drop(c.prepare(sql)?),
            Conn::Pg { tx, known } => drop(prepared(*tx, known, sql)?),
        }
        Ok(())
    }

    /// Whether the server engine carries this: for the few places where the two differ.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.conn, Conn::Pg { .. })
    }
}

fn prepared(tx: &mut dyn PgTx, known: &mut Known, sql: &str) -> Result<postgres::Statement, StoreError> {
    if let Some(statement) = known.get(sql) {
        return Ok(statement.clone());
    }
    let statement = tx.prepare(&for_postgres(sql))?;
    known.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

fn pg_args<'a>(args: &'a [Arg<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|a| a as &(dyn ToSql + Sync)).collect()
}
