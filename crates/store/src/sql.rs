//! Values in and out, the same for both engines.

use crate::StoreError;
use postgres::types::{IsNull, ToSql as PgToSql, Type, to_sql_checked};
use rusqlite::types::{ToSql as LiteToSql, ToSqlOutput, ValueRef};

/// A value passed to a statement. Whole numbers, texts and bytes are all that the schema knows.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Nothing.
    Null,
    /// A whole number, also for times and dates.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl LiteToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Arg::Null => ValueRef::Null,
            Arg::Int(v) => ValueRef::Integer(v),
            Arg::Text(v) => ValueRef::Text(v.as_bytes()),
            Arg::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

impl PgToSql for Arg<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Arg::Null => Ok(IsNull::Yes),
            Arg::Int(v) => PgToSql::to_sql(&v, ty, out),
            Arg::Text(v) => PgToSql::to_sql(&v, ty, out),
            Arg::Blob(v) => PgToSql::to_sql(&v, ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

macro_rules! from {
    ($($t:ty => |$v:ident| $e:expr),+ $(,)?) => {$(
        impl<'a> From<$t> for Arg<'a> {
            fn from($v: $t) -> Self { $e }
        }
    )+};
}

from! {
    i64 => |v| Arg::Int(v),
    u32 => |v| Arg::Int(i64::from(v)),
    u16 => |v| Arg::Int(i64::from(v)),
    &'a str => |v| Arg::Text(v),
    &'a String => |v| Arg::Text(v),
    &'a [u8] => |v| Arg::Blob(v),
    &'a Vec<u8> => |v| Arg::Blob(v),
    &'a [u8; 16] => |v| Arg::Blob(v),
    &'a [u8; 32] => |v| Arg::Blob(v),
    jiff::Timestamp => |v| Arg::Int(v.as_millisecond()),
    domain::CaseNo => |v| Arg::Int(v.0),
    domain::PlaceId => |v| Arg::Int(v.0),
    domain::UnitId => |v| Arg::Int(v.0),
    domain::StaffId => |v| Arg::Int(v.0),
    domain::DoorwayId => |v| Arg::Int(v.0),
    domain::DwellingId => |v| Arg::Int(v.0),
    domain::ProblemId => |v| Arg::Int(v.0),
    domain::MeetingId => |v| Arg::Int(v.0),
    domain::RegistrationId => |v| Arg::Int(v.0),
    domain::HandOffId => |v| Arg::Int(v.0),
    domain::DraftId => |v| Arg::Int(v.0),
    &'a domain::PersonId => |v| Arg::Blob(v.0.as_bytes()),
}

impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(v: Option<T>) -> Self {
        v.map_or(Arg::Null, Into::into)
    }
}

/// `?2, ?3, ?4`: the slots of `n` values from number `first` on, for an `IN (…)`.
pub(crate) fn slots(first: usize, n: usize) -> String {
    let each: Vec<String> = (first..first + n).map(|i| format!("?{i}")).collect();
    each.join(", ")
}

/// `args![no, text, when]`: the values of a statement, in order.
#[macro_export]
macro_rules! args {
    ($($v:expr),* $(,)?) => { &[$($crate::Arg::from($v)),*] };
}

/// Declares the statements of a module and lists them, so that a test prepares every one on both engines.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+
        /// Every statement of this module, by name.
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

/// One row of an answer.
pub enum Row<'a> {
    /// From the embedded engine.
    Lite(&'a rusqlite::Row<'a>),
    /// From the server.
    Pg(&'a postgres::Row),
}

type Got<T> = Result<T, StoreError>;

impl Row<'_> {
    /// A whole number.
    pub fn int(&self, i: usize) -> Got<i64> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// A whole number that may be missing.
    pub fn opt_int(&self, i: usize) -> Got<Option<i64>> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// A small whole number.
    pub fn count(&self, i: usize) -> Got<u32> {
        u32::try_from(self.int(i)?).map_err(unreadable)
    }

    /// A text.
    pub fn text(&self, i: usize) -> Got<String> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// A text that may be missing.
    pub fn opt_text(&self, i: usize) -> Got<Option<String>> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// Bytes.
    pub fn blob(&self, i: usize) -> Got<Vec<u8>> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// Bytes that may be missing.
    pub fn opt_blob(&self, i: usize) -> Got<Option<Vec<u8>>> {
        match self {
            Row::Lite(r) => r.get(i).map_err(unreadable),
            Row::Pg(r) => r.try_get(i).map_err(unreadable),
        }
    }

    /// A time.
    pub fn time(&self, i: usize) -> Got<jiff::Timestamp> {
        jiff::Timestamp::from_millisecond(self.int(i)?).map_err(unreadable)
    }

    /// A time that may be missing.
    pub fn opt_time(&self, i: usize) -> Got<Option<jiff::Timestamp>> {
        self.opt_int(i)?.map(jiff::Timestamp::from_millisecond).transpose().map_err(unreadable)
    }

    /// A name of one of ours, such as a state.
    pub fn named<T>(&self, i: usize, from_key: impl Fn(&str) -> Option<T>) -> Got<T> {
        let text = self.text(i)?;
        from_key(&text).ok_or_else(|| StoreError::Unreadable(format!("{text:?} in column {i}")))
    }

    /// A name of one of ours that may be missing.
    pub fn opt_named<T>(&self, i: usize, from_key: impl Fn(&str) -> Option<T>) -> Got<Option<T>> {
        self.opt_text(i)?
            .map(|text| {
                from_key(&text).ok_or_else(|| StoreError::Unreadable(format!("{text:?} in column {i}")))
            })
            .transpose()
    }
}

fn unreadable(e: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(e.to_string())
}
