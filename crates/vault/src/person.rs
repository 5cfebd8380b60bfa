//! The key of one person, and the form in which it is kept.

use crate::sealed::{Aad, CELL, HEAD, OpenError, Plain, Sealed};
use crate::suite::{Cipher, Mac, NONCE, Suite, TAG};
use std::borrow::Cow;
use std::fmt;
use zeroize::Zeroizing;

/// The key of one person, ready for use. Lives in memory alone; what is kept is the
/// [`WrappedKey`](crate::WrappedKey).
///
/// Opens values of both suites, seals with the suite of its vault.
pub struct PersonKey(Box<Inner>);

struct Inner {
    root: Zeroizing<[u8; 32]>,
    suite: Suite,
    cipher: Cipher,
    /// Makes nonces where the cipher does not forgive a repeated one.
    nonces: Option<Mac>,
}

impl PersonKey {
    pub(crate) fn new(suite: Suite, root: Zeroizing<[u8; 32]>) -> PersonKey {
        let cipher = cipher(suite, &root);
        let nonces = match suite {
            Suite::International => None,
            Suite::National => Some(Mac::new(suite, suite.derive(&root, "nonce", &[]).as_slice())),
        };
        PersonKey(Box::new(Inner { root, suite, cipher, nonces }))
    }

    pub(crate) fn suite(&self) -> Suite {
        self.0.suite
    }

    pub(crate) fn root(&self) -> &[u8; 32] {
        &self.0.root
    }

    /// Seals `plain` for the place `aad`.
    ///
    /// `nonce_seed` is twelve unguessable bytes of the caller's context. Should they ever repeat, an onlooker
    /// learns no more than whether the same value was sealed twice for the same place: AES-GCM-SIV is made so,
    /// and for SM4-GCM the nonce is a keyed digest of seed, place and value.
    pub fn seal(&self, plain: &[u8], aad: Aad<'_>, nonce_seed: [u8; 12]) -> Sealed {
        let Inner { suite, cipher, nonces, .. } = &*self.0;
        let aad = aad.encode(suite.header());
        let nonce = match nonces {
            None => nonce_seed,
            Some(mac) => synthetic(mac, &nonce_seed, &aad, plain),
        };
        let cells = (plain.len() + 1).next_multiple_of(CELL);
        let mut whole = Vec::with_capacity(HEAD + cells + TAG);
        whole.push(suite.header());
        whole.extend_from_slice(&nonce);
        whole.extend_from_slice(plain);
        // Filling after ISO/IEC 7816-4: one bit, then zeros.
        whole.push(0x80);
        whole.resize(HEAD + cells, 0);
        let tag = cipher.seal(&nonce, &aad, &mut whole[HEAD..]);
        whole.extend_from_slice(&tag);
        Sealed::from_parts(whole)
    }

    /// Opens what was sealed with this key for the same place.
    ///
    /// # Errors
    /// [`OpenError::Refused`] for another person's value, another place, or a changed bit.
    pub fn open(&self, sealed: &Sealed, aad: Aad<'_>) -> Result<Plain, OpenError> {
        let suite = sealed.suite();
        let (nonce, data, tag) = sealed.parts();
        let mut plain = Zeroizing::new(data.to_vec());
        if !self.cipher_of(suite).open(nonce, &aad.encode(suite.header()), &mut plain, tag) {
            return Err(OpenError::Refused);
        }
        let end = plain.iter().rposition(|b| *b != 0).filter(|at| plain[*at] == 0x80);
        plain.truncate(end.ok_or(OpenError::Damaged("its filling is wrong"))?);
        Ok(Plain(plain))
    }

    fn cipher_of(&self, suite: Suite) -> Cow<'_, Cipher> {
        if suite == self.0.suite {
            Cow::Borrowed(&self.0.cipher)
        } else {
            Cow::Owned(cipher(suite, &self.0.root))
        }
    }
}

fn cipher(suite: Suite, root: &[u8; 32]) -> Cipher {
    Cipher::new(suite, &suite.derive(root, "seal", &[]))
}

/// A nonce that repeats only when seed, place and value all do, and then the whole cipher text repeats.
pub(crate) fn synthetic(mac: &Mac, seed: &[u8], aad: &[u8], plain: &[u8]) -> [u8; NONCE] {
    let lengths = [(seed.len() as u64).to_be_bytes(), (aad.len() as u64).to_be_bytes()];
    let tag = mac.tag(&[&lengths[0], &lengths[1], seed, aad, plain]);
    *tag.first_chunk().expect("a tag has 32 bytes")
}

impl fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonKey(…)")
    }
}
