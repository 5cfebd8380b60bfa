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

    /// The newest root, in the suite of the vault.
    pub(crate) fn current(&self, suite: Suite) -> Root<'_> {
        let (id, secret) = &self.0[0];
        Root { id: *id, suite, secret }
    }

    /// All roots: the newest first, and each in the suite of the vault before the other.
    pub(crate) fn all(&self, suite: Suite) -> impl Iterator<Item = Root<'_>> {
        let other = if suite == Suite::ALL[0] { Suite::ALL[1] } else { Suite::ALL[0] };
        self.0
            .iter()
            .flat_map(move |(id, secret)| [suite, other].map(|suite| Root { id: *id, suite, secret }))
    }
}

/// One root in one suite.
#[derive(Clone, Copy)]
pub(crate) struct Root<'v> {
    id: KeyId,
    suite: Suite,
    secret: &'v Secret,
}

impl Root<'_> {
    fn keyed(&self, purpose: &str, context: &str) -> Mac {
        let key = self.suite.derive(self.secret.bytes(), purpose, context.as_bytes());
        Mac::new(self.suite, key.as_slice())
    }

    /// The index of a value, as of an index root.
    pub(crate) fn index(&self, domain: &str, normalised: &str) -> BlindIndex {
        let tag = self.keyed("index", domain).tag(&[normalised.as_bytes()]);
        BlindIndex(*tag.first_chunk().expect("a tag has 32 bytes"))
    }
}

/// The key of one purpose under one mac root: for many tags in a row, and for printed codes that carry only the
/// beginning of a tag, whose reader tries one key after the other. Full tags are checked by
/// [`Vault::verify_mac`](crate::Vault::verify_mac).
#[derive(Clone)]
pub struct MacKey {
    id: KeyId,
    suite: Suite,
    mac: Mac,
}

impl MacKey {
    pub(crate) fn new(root: Root<'_>, purpose: &str) -> MacKey {
        MacKey { id: root.id, suite: root.suite, mac: root.keyed("mac", purpose) }
    }

    /// Version of its root in the key ring.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Its suite.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The message authentication code over `bytes`.
    pub fn tag(&self, bytes: &[u8]) -> [u8; 32] {
        self.mac.tag(&[bytes])
    }

    /// Whether `tag` is that of `bytes`, in a time that does not tell where it differs.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], tag: &[u8; 32]) -> bool {
        self.mac.verify(bytes, tag)
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKey({}, {})", self.id, self.suite)
    }
}
