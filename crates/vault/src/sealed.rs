//! A sealed value, the place that it is bound to, and what comes out of it.

use crate::suite::{NONCE, Suite, TAG};
use std::fmt;
use zeroize::Zeroizing;

/// Why something did not open. Never contains what is inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not something that this crate wrote: cut off, of a later format, or no text of it.
    #[error("the sealed bytes are damaged: {0}")]
    Damaged(&'static str),
    /// The wrapped key names a master key that the ring has not.
    #[error("the key ring has no master key {0}, under which this was wrapped")]
    NoMaster(crate::KeyId),
    /// The cipher refused.
    #[error("it does not open here: another key, another place, or changed since it was sealed")]
    Refused,
    /// Opened, and asked for as text.
    #[error("what was sealed is not text")]
    NotText,
}

/// Where a sealed value stands. It opens only with the same three, so that nobody with access to the
/// database can move the phone number of one person into the row of another, or a name into a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aad<'a> {
    /// Table, or kind of event.
    pub table: &'a str,
    /// Column, or field of the event.
    pub field: &'a str,
    /// The row's key: usually the bytes of a UUID.
    pub subject: &'a [u8],
}

impl<'a> Aad<'a> {
    /// `Aad::new("residency", "phone", person.as_bytes())`; text is taken as a subject too.
    pub fn new(table: &'a str, field: &'a str, subject: &'a (impl AsRef<[u8]> + ?Sized)) -> Aad<'a> {
        Aad { table, field, subject: subject.as_ref() }
    }

    /// One string of bytes for each place: every part but the last is preceded by its length.
    pub(crate) fn encode(&self, header: u8) -> Vec<u8> {
        const LABEL: &[u8] = b"vault/seal";
        let (table, field) = (self.table.as_bytes(), self.field.as_bytes());
        let mut out = Vec::with_capacity(LABEL.len() + 17 + table.len() + field.len() + self.subject.len());
        out.extend_from_slice(LABEL);
        out.push(header);
        for part in [table, field] {
            out.extend_from_slice(&(part.len() as u64).to_be_bytes());
            out.extend_from_slice(part);
        }
        out.extend_from_slice(self.subject);
        out
    }
}

/// A sealed value: header, nonce, cipher text, tag. 61 bytes for anything up to 31 bytes, and 32 more for
/// each further 32: a name, a phone and an identity number have all the same length.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Sealed(Box<[u8]>);

/// Plain texts are filled up to a multiple of this, so that the length tells little.
pub(crate) const CELL: usize = 32;
/// Header and nonce.
pub(crate) const HEAD: usize = 1 + NONCE;

impl Sealed {
    /// The bytes, as a column keeps them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes bytes from a column. Whether they are genuine shows only when they are opened.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when they cannot be a sealed value.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sealed, OpenError> {
        let header = bytes.first().ok_or(OpenError::Damaged("it is empty"))?;
        Suite::of_header(*header).ok_or(OpenError::Damaged("its format is unknown"))?;
        let cells = bytes.len().checked_sub(HEAD + TAG).ok_or(OpenError::Damaged("it is too short"))?;
        if cells == 0 || cells % CELL != 0 {
            return Err(OpenError::Damaged("it is cut off"));
        }
        Ok(Sealed(bytes.into()))
    }

    /// The suite that it was sealed with.
    pub fn suite(&self) -> Suite {
        Suite::of_header(self.0[0]).expect("checked when it was made")
    }

    pub(crate) fn from_parts(whole: Vec<u8>) -> Sealed {
        Sealed(whole.into_boxed_slice())
    }

    /// Nonce, cipher text and tag.
    pub(crate) fn parts(&self) -> (&[u8; NONCE], &[u8], &[u8; TAG]) {
        const LONG: &str = "checked when it was made";
        let (nonce, rest) = self.0[1..].split_first_chunk().expect(LONG);
        let (data, tag) = rest.split_last_chunk().expect(LONG);
        (nonce, data, tag)
    }
}

crate::text::text_form!(Sealed);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({}, {} bytes)", self.suite(), self.0.len())
    }
}

/// What was sealed, opened: wiped from memory when dropped, and never printed. There is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(pub(crate) Zeroizing<Vec<u8>>);

impl Plain {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text.
    ///
    /// # Errors
    /// [`OpenError::NotText`] when bytes were sealed that are no UTF-8.
    pub fn as_str(&self) -> Result<&str, OpenError> {
        std::str::from_utf8(&self.0).map_err(|_| OpenError::NotText)
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(…)")
    }
}
