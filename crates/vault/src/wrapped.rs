//! The key of a person as it is kept: wrapped under a master key.

use crate::keys::KeyId;
use crate::person::{PersonKey, synthetic};
use crate::sealed::OpenError;
use crate::suite::{Cipher, Mac, NONCE, Suite, TAG};
use std::fmt;
use zeroize::Zeroizing;

const PREFIX: usize = 1 + 4;
const ROOT: usize = 32;
/// Bytes of a wrapped key.
pub(crate) const LENGTH: usize = PREFIX + NONCE + ROOT + TAG;

/// The key of one person, wrapped under a master key: 65 bytes for a column of its own. **Deleting it, here
/// and in every copy, is forgetting the person**: nothing that was sealed under it can be opened again.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WrappedKey([u8; LENGTH]);

impl WrappedKey {
    /// The bytes, as a column keeps them: header, version of the master key (big-endian), nonce, key, tag.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes bytes from a column.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when they cannot be a wrapped key.
    pub fn from_bytes(bytes: &[u8]) -> Result<WrappedKey, OpenError> {
        let whole: [u8; LENGTH] =
            bytes.try_into().map_err(|_| OpenError::Damaged("a wrapped key has 65 bytes"))?;
        Suite::of_header(whole[0]).ok_or(OpenError::Damaged("its format is unknown"))?;
        Ok(WrappedKey(whole))
    }

    /// Under which master key it is wrapped.
    pub fn master(&self) -> KeyId {
        let [_, a, b, c, d, ..] = self.0;
        KeyId(u32::from_be_bytes([a, b, c, d]))
    }

    /// With which suite it is wrapped.
    pub fn suite(&self) -> Suite {
        Suite::of_header(self.0[0]).expect("checked when it was made")
    }

    pub(crate) fn prefix(&self) -> [u8; PREFIX] {
        *self.0.first_chunk().expect("a wrapped key is longer")
    }
}

crate::text::text_form!(WrappedKey);

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({}, master {})", self.suite(), self.master())
    }
}

/// One master key in one suite, ready to wrap.
///
/// Wrapping is deterministic (a synthetic nonce), so it needs no randomness, and wrapping twice gives the
/// same bytes: a rotation that was interrupted can simply be run again.
pub(crate) struct Wrapper {
    suite: Suite,
    prefix: [u8; PREFIX],
    cipher: Cipher,
    nonces: Mac,
}

impl Wrapper {
    pub(crate) fn new(suite: Suite, id: KeyId, master: &[u8; 32]) -> Wrapper {
        let mut prefix = [suite.header(); PREFIX];
        prefix[1..].copy_from_slice(&id.0.to_be_bytes());
        Wrapper {
            suite,
            prefix,
            cipher: Cipher::new(suite, &suite.derive(master, "wrap", &[])),
            nonces: Mac::new(suite, suite.derive(master, "wrap nonce", &[]).as_slice()),
        }
    }

    pub(crate) fn prefix(&self) -> [u8; PREFIX] {
        self.prefix
    }

    pub(crate) fn suite(&self) -> Suite {
        self.suite
    }

    fn aad(&self) -> [u8; 10 + PREFIX] {
        let mut aad = *b"vault/wrap.....";
        aad[10..].copy_from_slice(&self.prefix);
        aad
    }

    pub(crate) fn wrap(&self, key: &PersonKey) -> WrappedKey {
        let nonce = synthetic(&self.nonces, &[], &self.aad(), key.root());
        let mut whole = [0; LENGTH];
        whole[..PREFIX].copy_from_slice(&self.prefix);
        let (head, tail) = whole[PREFIX..].split_at_mut(NONCE);
        head.copy_from_slice(&nonce);
        let (data, tag) = tail.split_at_mut(ROOT);
        data.copy_from_slice(key.root());
        tag.copy_from_slice(&self.cipher.seal(&nonce, &self.aad(), data));
        WrappedKey(whole)
    }

    pub(crate) fn unwrap(&self, wrapped: &WrappedKey, suite: Suite) -> Result<PersonKey, OpenError> {
        const LONG: &str = "a wrapped key has 65 bytes";
        let (nonce, rest) = wrapped.0[PREFIX..].split_first_chunk::<NONCE>().expect(LONG);
        let (data, tag) = rest.split_last_chunk::<TAG>().expect(LONG);
        let mut root = Zeroizing::new([0; ROOT]);
        root.copy_from_slice(data);
        if !self.cipher.open(nonce, &self.aad(), root.as_mut_slice(), tag) {
            return Err(OpenError::Refused);
        }
        Ok(PersonKey::new(suite, root))
    }
}
