//! Field encryption: the only code that sees keys.
//!
//! A person's texts are sealed under a key of that person's own, and that key is wrapped under the master.
//! To forget somebody is to destroy the wrapped key: whatever was sealed for them, in rows, events and
//! backups alike, can never be read again. A sealed text is bound to where it stands, so one cannot be moved
//! to another field or person.
//!
//! ```
//! use vault::{Aad, Vault};
//!
//! let vault = Vault::new([7; 32]);
//! let (key, wrapped) = vault.new_person_key([1; 32]).unwrap();
//! let place = Aad { field: "contact", subject: b"person 1" };
//! let sealed = key.seal("138 0000 0000", &place, [2; 12]).unwrap();
//! assert_eq!(vault.unwrap_key(&wrapped).unwrap().open(&sealed, &place).unwrap(), "138 0000 0000");
//! ```

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64ct::{Base64UrlUnpadded, Encoding};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The first byte of everything sealed: AES-256-GCM-SIV (RFC 8452) under keys by HKDF-SHA-256 (RFC 5869).
const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Why something sealed was not opened, or could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not of the form of something that was sealed here.
    #[error("this was not sealed here")]
    Malformed,
    /// Changed, moved to another place, or sealed under another key.
    #[error("it was changed or moved, or the key is not the one that it was sealed with")]
    Refused,
    /// The text of a key file is not 64 hexadecimal digits.
    #[error("a key is 64 hexadecimal digits on one line")]
    KeyText,
    /// The operating system gives no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
}

/// Where a sealed text stands.
#[derive(Debug, Clone, Copy)]
pub struct Aad<'a> {
    /// Which field.
    pub field: &'a str,
    /// Whose, or of what.
    pub subject: &'a [u8],
}

impl Aad<'_> {
    fn bytes(&self) -> Vec<u8> {
        // The field's length first, so that no two places read the same.
        let length = u32::try_from(self.field.len()).unwrap_or(u32::MAX).to_be_bytes();
        [&length[..], self.field.as_bytes(), self.subject].concat()
    }
}

/// The master key and what is derived from it. Printing it shows nothing.
pub struct Vault {
    wrapping: Aes256GcmSiv,
    macs: Hkdf<Sha256>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// One person's key. Printing it shows nothing.
pub struct PersonKey(Aes256GcmSiv);

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey(…)")
    }
}

impl Vault {
    /// A vault under a master key.
    pub fn new(master: [u8; 32]) -> Vault {
        let master = Zeroizing::new(master);
        let root = Hkdf::<Sha256>::new(None, &*master);
        let mut key = Zeroizing::new([0; 32]);
        // Thirty-two bytes are within what HKDF can give, so this cannot fail.
        let _ = root.expand(b"pianqu/wrap/1", &mut *key);
        Vault { wrapping: Aes256GcmSiv::new((&*key).into()), macs: root }
    }

    /// Reads a key file: 64 hexadecimal digits, blanks around them.
    ///
    /// # Errors
    /// [`VaultError::KeyText`] for anything else.
    pub fn from_key_text(text: &str) -> Result<Vault, VaultError> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(VaultError::KeyText);
        }
        let mut key = [0; 32];
        for (i, slot) in key.iter_mut().enumerate() {
            *slot = u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).map_err(|_| VaultError::KeyText)?;
        }
        Ok(Vault::new(key))
    }

    /// A new person's key from 32 unguessable bytes, and the same wrapped, to be kept.
    ///
    /// # Errors
    /// None in practice: the cipher refuses only texts of gigabytes.
    pub fn new_person_key(&self, seed: [u8; 32]) -> Result<(PersonKey, Vec<u8>), VaultError> {
        let seed = Zeroizing::new(seed);
        let mut derived = Zeroizing::new([0; 32 + NONCE]);
        let _ = Hkdf::<Sha256>::new(Some(b"pianqu/person/1"), &*seed).expand(b"", &mut *derived);
        let (key, nonce) = derived.split_at(32);
        let nonce: [u8; NONCE] = nonce.try_into().unwrap_or([0; NONCE]);
        let wrapped = seal(&self.wrapping, key, b"person", nonce)?;
        Ok((person_key(key)?, wrapped))
    }

    /// A person's key, unwrapped.
    ///
    /// # Errors
    /// [`VaultError::Refused`] if it was wrapped under another master.
    pub fn unwrap_key(&self, wrapped: &[u8]) -> Result<PersonKey, VaultError> {
        let key = Zeroizing::new(open(&self.wrapping, wrapped, b"person")?);
        person_key(&key)
    }

    /// The keyed hash of a message for one purpose (HMAC-SHA-256 under a key of that purpose's own).
    pub fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        self.mac_key(purpose).tag(message)
    }

    /// The key of one purpose, to be kept where many messages are tagged.
    pub fn mac_key(&self, purpose: &str) -> MacKey {
        let mut key = Zeroizing::new([0; 32]);
        let _ = self.macs.expand_multi_info(&[b"pianqu/mac/1/", purpose.as_bytes()], &mut *key);
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(&*key);
        // A key of a whole block, padded with zeros, is the same key (RFC 2104 §2).
        MacKey(Hmac::new((&*block).into()))
    }
}

/// The key of one purpose. Printing it shows nothing.
#[derive(Clone)]
pub struct MacKey(Hmac<Sha256>);

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(…)")
    }
}

impl MacKey {
    /// The keyed hash of a message.
    pub fn tag(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

fn person_key(bytes: &[u8]) -> Result<PersonKey, VaultError> {
    Aes256GcmSiv::new_from_slice(bytes).map(PersonKey).map_err(|_| VaultError::Malformed)
}

impl PersonKey {
    /// Seals a text for the place where it will stand. `nonce` is twelve fresh bytes; the cipher stays safe
    /// for each single text even if they should repeat.
    ///
    /// # Errors
    /// None in practice: the cipher refuses only texts of gigabytes.
    pub fn seal(&self, text: &str, place: &Aad<'_>, nonce: [u8; NONCE]) -> Result<String, VaultError> {
        Ok(Base64UrlUnpadded::encode_string(&seal(&self.0, text.as_bytes(), &place.bytes(), nonce)?))
    }

    /// Opens a text that was sealed for this place.
    ///
    /// # Errors
    /// When it was changed, moved, or sealed for somebody else.
    pub fn open(&self, sealed: &str, place: &Aad<'_>) -> Result<String, VaultError> {
        let bytes = Base64UrlUnpadded::decode_vec(sealed).map_err(|_| VaultError::Malformed)?;
        String::from_utf8(open(&self.0, &bytes, &place.bytes())?).map_err(|_| VaultError::Malformed)
    }
}

fn seal(cipher: &Aes256GcmSiv, plain: &[u8], aad: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>, VaultError> {
    let sealed =
        cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad }).map_err(|_| VaultError::Refused)?;
    Ok([&[VERSION][..], &nonce, &sealed].concat())
}

fn open(cipher: &Aes256GcmSiv, sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>, VaultError> {
    let Some((&VERSION, rest)) = sealed.split_first() else { return Err(VaultError::Malformed) };
    let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(VaultError::Malformed)?;
    cipher.decrypt(&Nonce::from(*nonce), Payload { msg, aad }).map_err(|_| VaultError::Refused)
}

/// `N` unguessable bytes of the operating system: the one place where chance enters the program.
///
/// # Errors
/// [`VaultError::NoRandomness`] where the system gives none; nothing safe can be done then.
pub fn os_random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|_| VaultError::NoRandomness)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: Aad<'static> = Aad { field: "contact", subject: b"7" };

    proptest! {
        #[test]
        fn what_is_sealed_opens_here_alone(text in ".{0,80}", nonce: [u8; 12], at in 0usize..400, bit in 0u8..8) {
            let vault = Vault::new([3; 32]);
            let (key, wrapped) = vault.new_person_key([5; 32]).unwrap();
            let sealed = key.seal(&text, &HERE, nonce).unwrap();
            let again = vault.unwrap_key(&wrapped).unwrap();
            prop_assert_eq!(again.open(&sealed, &HERE).unwrap(), text);
            for elsewhere in [Aad { field: "original", ..HERE }, Aad { subject: b"8", ..HERE }, Aad { field: "contact7", subject: b"" }] {
                prop_assert_eq!(again.open(&sealed, &elsewhere), Err(VaultError::Refused));
            }
            let mut bytes = Base64UrlUnpadded::decode_vec(&sealed).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(again.open(&Base64UrlUnpadded::encode_string(&bytes), &HERE).is_err());
        }
    }

    #[test]
    fn another_master_opens_nothing() {
        let (_, wrapped) = Vault::new([3; 32]).new_person_key([5; 32]).unwrap();
        assert_eq!(Vault::new([4; 32]).unwrap_key(&wrapped).err(), Some(VaultError::Refused));
        assert_eq!(Vault::new([3; 32]).unwrap_key(&wrapped[..9]).err(), Some(VaultError::Malformed));
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let vault = Vault::new([3; 32]);
        assert_ne!(vault.mac("door", b"x"), vault.mac("link", b"x"));
        assert_eq!(vault.mac("door", b"x"), vault.mac_key("door").tag(b"x"));
    }

    #[test]
    fn printing_shows_nothing() {
        let vault = Vault::new([0xab; 32]);
        let (key, _) = vault.new_person_key([0xcd; 32]).unwrap();
        let shown = format!("{vault:?}{key:?}{:?}", vault.mac_key("door"));
        assert_eq!(shown, "Vault(…)PersonKey(…)MacKey(…)");
    }

    #[test]
    fn a_key_file_is_read_strictly() {
        assert!(Vault::from_key_text(&format!(" {}\n", "0f".repeat(32))).is_ok());
        for bad in ["", "0f", &"zz".repeat(32), &"0f".repeat(33)] {
            assert_eq!(Vault::from_key_text(bad).err(), Some(VaultError::KeyText));
        }
    }

    /// RFC 8452, appendix C.2: AES-256-GCM-SIV with a plain text of eight bytes.
    #[test]
    fn the_cipher_is_that_of_the_rfc() {
        let mut key = [0; 32];
        key[0] = 1;
        let mut nonce = [0; 12];
        nonce[0] = 3;
        let cipher = Aes256GcmSiv::new((&key).into());
        let sealed = seal(&cipher, &[1, 0, 0, 0, 0, 0, 0, 0], b"", nonce).unwrap();
        let expected = "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28";
        let got: String = sealed[13..].iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(got, expected);
    }
}
