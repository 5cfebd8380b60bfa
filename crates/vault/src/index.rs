//! Blind indexes and message authentication: what must stay the same for years.

use crate::keys::{KeyId, Secret};
use crate::suite::{Mac, Suite};
use std::fmt;

/// 128 bits by which equal values are found without being readable: a pseudonym under a key, no more. It is
/// personal data while it exists: forgetting somebody means deleting it too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindIndex([u8; 16]);

impl BlindIndex {
    /// The bytes, as a column keeps them.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Takes bytes from a column.
    pub fn from_bytes(bytes: [u8; 16]) -> BlindIndex {
        BlindIndex(bytes)
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Two log lines with the same index would tell that they are about the same person.
        f.write_str("BlindIndex(…)")
    }
}

/// The long-lived roots of one use (index or mac), newest first.
pub(crate) struct Roots(Vec<(KeyId, Secret)>);

impl Roots {
    /// `roots` must not be empty.
    pub(crate) fn new(mut roots: Vec<(KeyId, Secret)>) -> Roots {
        roots.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        Roots(roots)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = KeyId> + '_ {
        self.0.iter().map(|(id, _)| *id)
    }

    /// The state for the newest root.
    pub(crate) fn current(&self, suite: Suite, purpose: &str, context: &str) -> Mac {
        keyed(suite, &self.0[0].1, purpose, context)
    }

    /// The state for one root, if the ring has it.
    pub(crate) fn under(&self, id: KeyId, suite: Suite, purpose: &str, context: &str) -> Option<Mac> {
        self.0.iter().find(|(i, _)| *i == id).map(|(_, secret)| keyed(suite, secret, purpose, context))
    }

    /// The states of all roots, made one by one as they are asked for: newest root first, and within a root
    /// the suite of the vault first.
    pub(crate) fn all(&self, suite: Suite, purpose: &str, context: &str) -> impl Iterator<Item = Mac> {
        let other = if suite == Suite::ALL[0] { Suite::ALL[1] } else { Suite::ALL[0] };
        self.0.iter().flat_map(move |(_, secret)| {
            [suite, other].into_iter().map(move |suite| keyed(suite, secret, purpose, context))
        })
    }
}

fn keyed(suite: Suite, secret: &Secret, purpose: &str, context: &str) -> Mac {
    Mac::new(suite, suite.derive(secret.bytes(), purpose, context.as_bytes()).as_slice())
}

/// The index of one value under one state.
pub(crate) fn index(mac: &Mac, normalised: &str) -> BlindIndex {
    let tag = mac.tag(&[normalised.as_bytes()]);
    BlindIndex(*tag.first_chunk().expect("a tag has 32 bytes"))
}
