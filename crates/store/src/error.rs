//! What can go wrong in the store, in words that a person can act on.

/// Why the store did not do what was asked. Whatever was asked has not happened, unless it says that the
/// outcome is unknown.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the database.
    #[error("the database is locked by another process; nothing was changed, try again")]
    Locked,
    /// No room on the disk.
    #[error("the disk is full; nothing was changed, make room and try again")]
    Full,
    /// The folder or file cannot be written.
    #[error("the database cannot be written: {0}")]
    ReadOnly(String),
    /// The file is not a database, or is damaged.
    #[error("the database is damaged or is not a database: {0}")]
    Corrupt(String),
    /// The server cannot be reached, or went away.
    #[error("the database server cannot be reached: {0}")]
    Unavailable(String),
    /// The same thing exists already.
    #[error("already there: {0}")]
    Duplicate(String),
    /// A row does not read as what it should be.
    #[error("row does not read: {0}")]
    Unreadable(String),
    /// The database belongs to a later version of the program.
    #[error("the database has migration {found}, this program knows up to {known}; use a newer program")]
    TooNew {
        /// What the database has.
        found: i64,
        /// What this program knows.
        known: i64,
    },
    /// The closure of a caller panicked; its changes were rolled back.
    #[error("the change failed in an unexpected way and was rolled back")]
    Panicked,
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// Anything else the engine says.
    #[error("{0}")]
    Engine(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let Some(code) = e.sqlite_error_code() else {
            return StoreError::Engine(e.to_string());
        };
        match code {
            C::DatabaseBusy | C::DatabaseLocked => StoreError::Locked,
            C::DiskFull => StoreError::Full,
            C::ReadOnly | C::CannotOpen | C::PermissionDenied | C::SystemIoFailure => {
                StoreError::ReadOnly(e.to_string())
            }
            C::DatabaseCorrupt | C::NotADatabase => StoreError::Corrupt(e.to_string()),
            C::ConstraintViolation => StoreError::Duplicate(e.to_string()),
            _ => StoreError::Engine(e.to_string()),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(e: postgres::Error) -> Self {
        let Some(code) = e.code() else {
            return StoreError::Unavailable(e.to_string());
        };
        let text = e.as_db_error().map_or_else(|| e.to_string(), |d| d.message().to_owned());
        match code.code() {
            "23505" => StoreError::Duplicate(text),
            "53100" => StoreError::Full,
            "25006" => StoreError::ReadOnly(text),
            "57P01" | "57P02" | "57P03" | "08006" | "08003" | "08001" => StoreError::Unavailable(text),
            "40001" | "40P01" | "55P03" => StoreError::Locked,
            _ => StoreError::Engine(format!("{text} ({})", code.code())),
        }
    }
}
