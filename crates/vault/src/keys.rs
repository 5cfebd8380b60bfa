//! Root keys: 32 bytes with a version, read from text, wiped when dropped, never printed.

use crate::suite::Suite;
use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use std::fmt;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// Version of a root key. A larger one is newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why 32 bytes, or a text of them, cannot be a key. Never contains what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Letters that neither hexadecimal nor base64 has, or a text of an impossible length.
    #[error("it must be 64 hexadecimal digits or 43 letters of base64")]
    NotKeyText,
    /// Readable, and of another length than 32 bytes.
    #[error("it has {0} bytes, and 32 are needed")]
    Length(usize),
    /// So few different bytes that nobody can have drawn it at random.
    #[error("it is not random: draw it anew")]
    NotRandom,
}

/// A secret of 32 bytes; the common body of the three kinds of root keys.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl ZeroizeOnDrop for Secret {}

impl Secret {
    /// Fewer different values than this among 32 random bytes have a chance below 2⁻⁸⁰.
    const FEWEST_VALUES: usize = 12;

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Result<Secret, BadKey> {
        let bytes = Zeroizing::new(bytes);
        let mut seen = [false; 256];
        bytes.iter().for_each(|b| seen[usize::from(*b)] = true);
        if seen.iter().filter(|s| **s).count() < Self::FEWEST_VALUES {
            return Err(BadKey::NotRandom);
        }
        Ok(Secret(bytes))
    }

    pub(crate) fn from_text(text: &str) -> Result<Secret, BadKey> {
        let text = text.trim();
        let mut whole = Zeroizing::new([0u8; 128]);
        if text.len() == 64
            && let Ok(bytes) = base16ct::mixed::decode(text, whole.as_mut_slice())
        {
            return Secret::from_slice(bytes);
        }
        for decode in [Base64UrlUnpadded::decode, Base64Url::decode, Base64Unpadded::decode, Base64::decode] {
            if let Ok(bytes) = decode(text, whole.as_mut_slice()) {
                return Secret::from_slice(bytes);
            }
        }
        Err(BadKey::NotKeyText)
    }

    fn from_slice(bytes: &[u8]) -> Result<Secret, BadKey> {
        Secret::from_bytes(bytes.try_into().map_err(|_| BadKey::Length(bytes.len()))?)
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64UrlUnpadded::encode_string(self.0.as_slice()))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Eight hexadecimal digits by which two persons can tell on the telephone that they hold the same key.
    /// 32 bits out of HKDF say nothing about the other 256.
    pub(crate) fn fingerprint(&self) -> String {
        let [a, b, c, d, ..] = *Suite::International.derive(&self.0, "fingerprint", &[]);
        format!("{a:02x}{b:02x}-{c:02x}{d:02x}")
    }
}

/// A master key: wraps the keys of persons, and nothing else. Several versions can be valid at a time; the
/// newest wraps, the older ones still unwrap.
#[derive(Clone)]
pub struct MasterKey {
    id: KeyId,
    secret: Secret,
}

impl MasterKey {
    /// The first master key of a new installation (version 1), from 32 bytes of
    /// [`os_random`](crate::os_random).
    ///
    /// # Errors
    /// [`BadKey::NotRandom`] for bytes like `[0; 32]`.
    pub fn from_random(bytes: [u8; 32]) -> Result<MasterKey, BadKey> {
        MasterKey::from_bytes(KeyId(1), bytes)
    }

    /// Version `id` of the master key.
    ///
    /// # Errors
    /// [`BadKey::NotRandom`] for bytes like `[0; 32]`.
    pub fn from_bytes(id: KeyId, bytes: [u8; 32]) -> Result<MasterKey, BadKey> {
        Ok(MasterKey { id, secret: Secret::from_bytes(bytes)? })
    }

    /// Version `id` from hexadecimal or base64 text, as it comes from a variable or an external command.
    ///
    /// # Errors
    /// Says what is wrong without repeating any of the text.
    pub fn from_text(id: KeyId, text: &str) -> Result<MasterKey, BadKey> {
        Ok(MasterKey { id, secret: Secret::from_text(text)? })
    }

    /// Its version.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Eight digits by which two persons can compare keys without telling them.
    pub fn fingerprint(&self) -> String {
        self.secret.fingerprint()
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({}, {})", self.id, self.fingerprint())
    }
}
