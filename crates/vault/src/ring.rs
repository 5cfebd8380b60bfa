//! The key ring: every root key of an installation, and the text file that it is kept in.

use crate::keys::{BadKey, KeyId, MasterKey, Secret};
use crate::suite::Suite;
use std::fmt;
use zeroize::Zeroizing;

/// First line of a key file.
const FIRST_LINE: &str = "vault-keys 1";

/// What a root key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyUse {
    /// Wraps the keys of persons. Changed once a year and after an incident.
    Master,
    /// Makes blind indexes. Long-lived: a new one means making every index anew.
    Index,
    /// Makes message authentication codes, also such as are printed. Long-lived: dropping one means
    /// printing anew whatever carries its codes.
    Mac,
}

impl KeyUse {
    /// All, in the order in which a key file lists them.
    pub const ALL: [KeyUse; 3] = [KeyUse::Master, KeyUse::Index, KeyUse::Mac];

    /// The word at the beginning of a line of the key file.
    pub const fn word(self) -> &'static str {
        match self {
            KeyUse::Master => "master",
            KeyUse::Index => "index",
            KeyUse::Mac => "mac",
        }
    }
}

impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a text is no key ring, in one sentence that names the line and never repeats what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// Some other file.
    #[error("a key file must begin with the line \"{FIRST_LINE}\"")]
    FirstLine,
    /// A line of another shape.
    #[error("line {line} of the key file must read: master, index or mac, then a version, then the key")]
    Shape {
        /// Counted from 1.
        line: usize,
    },
    /// The second word is no version.
    #[error("line {line} of the key file: the version of a key is a whole number from 1 to 4294967295")]
    Version {
        /// Counted from 1.
        line: usize,
    },
    /// The third word is no key.
    #[error("line {line} of the key file: {kind} {id} cannot be used: {why}")]
    Key {
        /// Counted from 1.
        line: usize,
        /// As the line says.
        kind: KeyUse,
        /// As the line says.
        id: KeyId,
        /// What is wrong with it.
        why: BadKey,
    },
    /// Two keys with one name.
    #[error("{kind} {id} stands twice in the key ring")]
    Twice {
        /// Which use.
        kind: KeyUse,
        /// Which version.
        id: KeyId,
    },
    /// One secret under two names.
    #[error("{0} {1} and {2} {3} are the same secret: draw each key on its own")]
    Same(KeyUse, KeyId, KeyUse, KeyId),
    /// A use without any key.
    #[error("the key ring has no {0} key")]
    Missing(KeyUse),
    /// There is no such key to drop.
    #[error("the key ring has no {0} {1}")]
    NoSuch(KeyUse, KeyId),
    /// The newest key of a use is what everything is made with.
    #[error("{0} {1} is the newest of its kind: add a newer one and move everything to it first")]
    Newest(KeyUse, KeyId),
    /// New random bytes that are none.
    #[error("the new key cannot be used: {0}")]
    NewKey(BadKey),
}

/// Every root key of an installation: master keys, index roots and mac roots, several versions of each.
///
/// The text form is a file with one key a line; `#` begins a remark:
///
/// ```text
/// vault-keys 1
/// # drawn 2026-11-23 by two persons; a copy lies in the safe
/// master 2 <64 hexadecimal digits, or 43 letters of base64>
/// master 1 <…>
/// index 1 <…>
/// mac 1 <…>
/// ```
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<(KeyUse, KeyId, Secret)>,
}

impl KeyRing {
    /// A new ring with version 1 of each key, from 96 bytes of [`os_random`](crate::os_random).
    ///
    /// # Errors
    /// [`RingError::NewKey`] for bytes that are not random.
    pub fn generate(random: &[u8; 96]) -> Result<KeyRing, RingError> {
        let (chunks, _) = random.as_chunks::<32>();
        let mut keys = Vec::new();
        for (kind, bytes) in KeyUse::ALL.into_iter().zip(chunks) {
            keys.push((kind, KeyId(1), Secret::from_bytes(*bytes).map_err(RingError::NewKey)?));
        }
        KeyRing::checked(keys)
    }

    /// A ring whose index and mac roots are derived from the master key of the lowest version: for tests and
    /// for trying out. Written with [`KeyRing::to_text`], the roots stand on lines of their own, and from
    /// then on the first master key can be dropped like any other.
    ///
    /// # Errors
    /// [`RingError::Missing`] without any master key, [`RingError::Twice`] for one version given twice.
    pub fn from_masters(masters: Vec<MasterKey>) -> Result<KeyRing, RingError> {
        let oldest = masters.iter().min_by_key(|m| m.id()).ok_or(RingError::Missing(KeyUse::Master))?;
        let mut keys = Vec::new();
        for kind in [KeyUse::Index, KeyUse::Mac] {
            let root = Suite::International.derive(oldest.secret().bytes(), "root", kind.word().as_bytes());
            keys.push((kind, KeyId(1), Secret::from_bytes(*root).map_err(RingError::NewKey)?));
        }
        keys.extend(masters.into_iter().map(|m| (KeyUse::Master, m.id(), m.secret().clone())));
        KeyRing::checked(keys)
    }

    /// Reads the text of a key file, from wherever it came: file, variable, external command.
    ///
    /// # Errors
    /// One sentence that names the line.
    pub fn parse(text: &str) -> Result<KeyRing, RingError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(n, line)| (n + 1, line.split_once('#').map_or(line, |(before, _)| before).trim()))
            .filter(|(_, line)| !line.is_empty());
        if lines.next().is_none_or(|(_, line)| line != FIRST_LINE) {
            return Err(RingError::FirstLine);
        }
        let keys = lines.map(|(n, line)| parse_line(n, line)).collect::<Result<Vec<_>, _>>()?;
        KeyRing::checked(keys)
    }

    /// The text of the key file. Wiped from memory when dropped.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(64 * (self.keys.len() + 4)));
        text.push_str(FIRST_LINE);
        text.push_str(
            "\n# Who has this file can read everything. Keep it apart from database and backups.\n",
        );
        for (kind, id, secret) in &self.keys {
            for part in [kind.word(), " ", &id.to_string(), " ", &secret.to_text(), "\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// Adds a newer key of a use, from 32 random bytes, and returns its version. What is made from now on is
    /// made with it.
    ///
    /// # Errors
    /// [`RingError::NewKey`] for bytes that are not random, [`RingError::Same`] for those of another key.
    pub fn add(&mut self, kind: KeyUse, random: [u8; 32]) -> Result<KeyId, RingError> {
        let id =
            KeyId(self.newest(kind).0.checked_add(1).ok_or(RingError::Twice { kind, id: KeyId(u32::MAX) })?);
        let mut keys = self.keys.clone();
        keys.push((kind, id, Secret::from_bytes(random).map_err(RingError::NewKey)?));
        *self = KeyRing::checked(keys)?;
        Ok(id)
    }

    /// Drops an old key: the last step of a rotation, once nothing is left under it.
    ///
    /// # Errors
    /// [`RingError::Newest`] for the key in use, [`RingError::NoSuch`] for one that is not there.
    pub fn drop_old(&mut self, kind: KeyUse, id: KeyId) -> Result<(), RingError> {
        let at =
            self.keys.iter().position(|k| (k.0, k.1) == (kind, id)).ok_or(RingError::NoSuch(kind, id))?;
        if id == self.newest(kind) {
            return Err(RingError::Newest(kind, id));
        }
        self.keys.remove(at);
        Ok(())
    }

    /// Version of the key of this use that new things are made with.
    pub fn newest(&self, kind: KeyUse) -> KeyId {
        self.of(kind).map(|(id, _)| id).max().expect("a ring has a key of each use")
    }

    /// Use, version and fingerprint of every key: for a check of the configuration, and for two persons who
    /// compare their copies on the telephone.
    pub fn list(&self) -> Vec<(KeyUse, KeyId, String)> {
        self.keys.iter().map(|(kind, id, secret)| (*kind, *id, secret.fingerprint())).collect()
    }

    pub(crate) fn of(&self, kind: KeyUse) -> impl Iterator<Item = (KeyId, &Secret)> {
        self.keys.iter().filter(move |k| k.0 == kind).map(|(_, id, secret)| (*id, secret))
    }

    /// Sorted by use, newest first; each name and each secret once; a key of each use.
    fn checked(mut keys: Vec<(KeyUse, KeyId, Secret)>) -> Result<KeyRing, RingError> {
        keys.sort_by_key(|(kind, id, _)| (*kind, std::cmp::Reverse(*id)));
        for (n, (kind, id, secret)) in keys.iter().enumerate() {
            for (kind2, id2, secret2) in &keys[n + 1..] {
                if (kind, id) == (kind2, id2) {
                    return Err(RingError::Twice { kind: *kind, id: *id });
                }
                if secret == secret2 {
                    return Err(RingError::Same(*kind, *id, *kind2, *id2));
                }
            }
        }
        match KeyUse::ALL.into_iter().find(|kind| !keys.iter().any(|k| k.0 == *kind)) {
            Some(kind) => Err(RingError::Missing(kind)),
            None => Ok(KeyRing { keys }),
        }
    }
}

fn parse_line(line: usize, text: &str) -> Result<(KeyUse, KeyId, Secret), RingError> {
    let mut words = text.split_whitespace();
    let (Some(kind), Some(id), Some(key), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(RingError::Shape { line });
    };
    let kind = KeyUse::ALL.into_iter().find(|k| k.word() == kind).ok_or(RingError::Shape { line })?;
    let id = id.parse().ok().filter(|id| *id > 0).map(KeyId).ok_or(RingError::Version { line })?;
    let secret = Secret::from_text(key).map_err(|why| RingError::Key { line, kind, id, why })?;
    Ok((kind, id, secret))
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for (kind, id, fingerprint) in self.list() {
            list.entry(&format_args!("{kind} {id} {fingerprint}"));
        }
        list.finish()
    }
}
