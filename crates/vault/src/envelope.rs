//! A value that brings its own wrapped key: for what belongs to no person.

use crate::sealed::{Aad, OpenError, Plain, Sealed};
use crate::vault::Vault;
use crate::wrapped::{LENGTH, WrappedKey};
use std::fmt;

/// A sealed value together with its wrapped key, for the secrets of the program itself: the second factor of an
/// account, the token of an interface. One column; rotated by [`Vault::rewrap_envelope`].
///
/// Values of one person share that person's key instead, so that one deletion forgets them all.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Envelope {
    whole: Box<[u8]>,
    wrapped: WrappedKey,
    sealed: Sealed,
}

impl Envelope {
    fn new(wrapped: WrappedKey, sealed: Sealed) -> Envelope {
        Envelope { whole: [wrapped.as_bytes(), sealed.as_bytes()].concat().into(), wrapped, sealed }
    }

    /// The bytes, as a column keeps them: the wrapped key, then the sealed value.
    pub fn as_bytes(&self) -> &[u8] {
        &self.whole
    }

    /// Takes bytes from a column.
    ///
    /// # Errors
    /// [`OpenError::Damaged`] when they cannot be an envelope.
    pub fn from_bytes(bytes: &[u8]) -> Result<Envelope, OpenError> {
        let (wrapped, sealed) = bytes
            .split_at_checked(LENGTH)
            .ok_or(OpenError::Damaged("an envelope begins with a key of 65 bytes"))?;
        Ok(Envelope::new(WrappedKey::from_bytes(wrapped)?, Sealed::from_bytes(sealed)?))
    }

    /// The key that it brings.
    pub fn wrapped_key(&self) -> &WrappedKey {
        &self.wrapped
    }
}

crate::text::text_form!(Envelope);

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Envelope({:?}, {:?})", self.wrapped, self.sealed)
    }
}

impl Vault {
    /// Seals a value for a place under a key of its own, from 32 unguessable bytes of the caller's context.
    pub fn seal_envelope(&self, plain: &[u8], aad: Aad<'_>, seed: [u8; 32]) -> Envelope {
        let (key, wrapped) = self.new_person_key(seed);
        // The key is used this once, so the nonce need not be drawn.
        let sealed = key.seal(plain, aad, [0; 12]);
        Envelope::new(wrapped, sealed)
    }

    /// Opens an envelope at its place.
    ///
    /// # Errors
    /// As [`Vault::unwrap_key`] and [`PersonKey::open`](crate::PersonKey::open).
    pub fn open_envelope(&self, envelope: &Envelope, aad: Aad<'_>) -> Result<Plain, OpenError> {
        self.unwrap_key(&envelope.wrapped)?.open(&envelope.sealed, aad)
    }

    /// The same value with its key wrapped under the newest master key.
    ///
    /// # Errors
    /// As [`Vault::unwrap_key`].
    pub fn rewrap_envelope(&self, envelope: &Envelope) -> Result<Envelope, OpenError> {
        Ok(Envelope::new(self.rewrap(&envelope.wrapped)?, envelope.sealed.clone()))
    }
}
