//! The one seam between the two families of algorithms. Nothing above this file names AES or SM4.

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm_siv::Aes256GcmSiv;
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use sm3::Sm3;
use sm4::Sm4;
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

/// Bytes of a nonce, in both suites (RFC 8452, RFC 8998).
pub(crate) const NONCE: usize = 12;
/// Bytes of an authentication tag, in both suites.
pub(crate) const TAG: usize = 16;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// Which family of algorithms new values are made with. Values say themselves how they were made, so a
/// vault of one suite opens what the other one sealed: a change of suite needs no day without service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suite {
    /// AES-256-GCM-SIV (RFC 8452) with HMAC and HKDF over SHA-256.
    International,
    /// SM4-GCM (GB/T 32907, RFC 8998) with HMAC and HKDF over SM3 (GB/T 32905).
    National,
}

/// The word for a suite was neither `international` nor `national`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the suite must be \"international\" (AES, SHA-2) or \"national\" (SM4, SM3)")]
pub struct UnknownSuite;

impl Suite {
    /// Both, in the order of their codes.
    pub const ALL: [Suite; 2] = [Suite::International, Suite::National];

    /// The word that stands in a configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Suite::International => "international",
            Suite::National => "national",
        }
    }

    /// First byte of everything that is sealed: format 1 in the upper half, the suite in the lower.
    pub(crate) const fn header(self) -> u8 {
        match self {
            Suite::International => 0x11,
            Suite::National => 0x12,
        }
    }

    /// The inverse of [`Suite::header`].
    pub(crate) fn of_header(byte: u8) -> Option<Suite> {
        Suite::ALL.into_iter().find(|s| s.header() == byte)
    }

    /// A key of 32 bytes for one purpose, by HKDF (RFC 5869) over the suite's hash.
    ///
    /// `purpose` is a constant of this crate without a zero byte, `context` is free: the zero byte between
    /// them keeps every pair apart.
    pub(crate) fn derive(self, root: &[u8; 32], purpose: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
        let info: [&[u8]; 4] = [b"vault/1/", purpose.as_bytes(), &[0], context];
        let mut out = Zeroizing::new([0; 32]);
        self.hkdf(None, root, &info, out.as_mut_slice());
        out
    }

    /// HKDF with everything open, as the standards' known answers need it.
    pub(crate) fn hkdf(self, salt: Option<&[u8]>, key: &[u8], info: &[&[u8]], out: &mut [u8]) {
        match self {
            Suite::International => Hkdf::<Sha256>::new(salt, key).expand_multi_info(info, out),
            Suite::National => Hkdf::<Sm3>::new(salt, key).expand_multi_info(info, out),
        }
        .expect("HKDF refuses only more than 255 blocks of output");
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Suite {
    type Err = UnknownSuite;

    fn from_str(word: &str) -> Result<Self, UnknownSuite> {
        Suite::ALL.into_iter().find(|s| s.name() == word).ok_or(UnknownSuite)
    }
}

/// An authenticated cipher, keyed and ready.
#[derive(Clone)]
pub(crate) enum Cipher {
    Aes(Box<Aes256GcmSiv>),
    Sm4(Box<Sm4Gcm>),
}

impl Cipher {
    /// Keys the suite's cipher; SM4 takes the first 16 bytes.
    pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Cipher {
        match suite {
            Suite::International => Cipher::Aes(Box::new(Aes256GcmSiv::new(key.into()))),
            Suite::National => {
                let [half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = key;
                Cipher::Sm4(Box::new(Sm4Gcm::new(half.into())))
            }
        }
    }

    /// Encrypts `data` where it stands and returns the tag.
    pub(crate) fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], data: &mut [u8]) -> [u8; TAG] {
        match self {
            Cipher::Aes(c) => c.encrypt_inout_detached(nonce.into(), aad, data.into()),
            Cipher::Sm4(c) => c.encrypt_inout_detached(nonce.into(), aad, data.into()),
        }
        .expect("both ciphers refuse only messages above 64 GiB, which memory does not hold")
        .into()
    }

    /// Checks the tag and decrypts `data` where it stands; false leaves nothing of the plain text in it.
    #[must_use]
    pub(crate) fn open(&self, nonce: &[u8; NONCE], aad: &[u8], data: &mut [u8], tag: &[u8; TAG]) -> bool {
        match self {
            Cipher::Aes(c) => c.decrypt_inout_detached(nonce.into(), aad, (&mut *data).into(), tag.into()),
            Cipher::Sm4(c) => c.decrypt_inout_detached(nonce.into(), aad, (&mut *data).into(), tag.into()),
        }
        .map_err(|_| zeroize::Zeroize::zeroize(data))
        .is_ok()
    }
}

/// HMAC (RFC 2104) over the suite's hash, keyed and ready.
#[derive(Clone)]
pub(crate) enum Mac {
    Sha256(Hmac<Sha256>),
    Sm3(Hmac<Sm3>),
}

impl Mac {
    pub(crate) fn new(suite: Suite, key: &[u8]) -> Mac {
        const ANY: &str = "HMAC takes keys of every length";
        match suite {
            Suite::International => Mac::Sha256(Hmac::new_from_slice(key).expect(ANY)),
            Suite::National => Mac::Sm3(Hmac::new_from_slice(key).expect(ANY)),
        }
    }

    /// The tag of the parts, one after the other.
    pub(crate) fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        match self.clone() {
            Mac::Sha256(mut m) => {
                parts.iter().for_each(|p| m.update(p));
                m.finalize().into_bytes().into()
            }
            Mac::Sm3(mut m) => {
                parts.iter().for_each(|p| m.update(p));
                m.finalize().into_bytes().into()
            }
        }
    }

    /// Whether `tag` is the tag of `data`, in a time that does not tell where they differ.
    pub(crate) fn verify(&self, data: &[u8], tag: &[u8; 32]) -> bool {
        match self.clone() {
            Mac::Sha256(m) => m.chain_update(data).verify_slice(tag),
            Mac::Sm3(m) => m.chain_update(data).verify_slice(tag),
        }
        .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Secret;
    use zeroize::ZeroizeOnDrop;

    /// A feature flag of a library that got lost would leave keys in freed memory, and nothing else would
    /// fail: this does, when it is compiled.
    #[test]
    fn what_holds_keys_wipes_itself() {
        fn wiped<T: ZeroizeOnDrop>() {}
        wiped::<Secret>();
        wiped::<Zeroizing<[u8; 32]>>();
        // AES-GCM-SIV and HMAC wipe themselves part by part, and say nothing of it as a whole.
        wiped::<aes::Aes256>();
        wiped::<Sm4>();
        wiped::<Sm4Gcm>();
        wiped::<Sha256>();
        wiped::<Sm3>();
    }

    #[test]
    fn what_does_not_open_leaves_nothing_behind() {
        for suite in Suite::ALL {
            let cipher = Cipher::new(suite, &[7; 32]);
            let mut data = *b"13800138000";
            let tag = cipher.seal(&[1; NONCE], b"here", &mut data);
            assert!(!cipher.open(&[1; NONCE], b"there", &mut data, &tag));
            assert_eq!(data, [0; 11], "{suite}");
        }
    }

    #[test]
    fn a_configuration_names_a_suite_in_one_word() {
        for suite in Suite::ALL {
            assert_eq!(suite.to_string().parse(), Ok(suite));
            assert_eq!(Suite::of_header(suite.header()), Some(suite));
        }
        assert_eq!(
            "SM4".parse::<Suite>().unwrap_err().to_string(),
            "the suite must be \"international\" (AES, SHA-2) or \"national\" (SM4, SM3)"
        );
    }

    #[test]
    fn purposes_contexts_and_roots_give_keys_of_their_own() {
        for suite in Suite::ALL {
            let key =
                |root: u8, purpose, context: &str| *suite.derive(&[root; 32], purpose, context.as_bytes());
            let keys = [
                key(1, "index", "phone"),
                key(1, "index", "identity"),
                key(1, "mac", "phone"),
                key(2, "index", "phone"),
                key(1, "wrap", ""),
                key(1, "wrap nonce", ""),
            ];
            for (n, one) in keys.iter().enumerate() {
                assert!(keys[n + 1..].iter().all(|other| other != one), "{suite}, number {n}");
            }
        }
    }
}
