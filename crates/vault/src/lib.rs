//! Field encryption and blind indexes: the only code that sees keys.
//!
//! What a district collects about where people live is the most dangerous thing that it holds. This crate sees
//! to it that a stolen disk, backup or crash dump tells nothing, that a value moved to another row does not
//! open there, and that a person can be forgotten although history is kept for ever. It knows nothing of the
//! product: tables and fields are words that the caller gives.
//!
//! # How to use it
//!
//! ```
//! use vault::{Aad, KeyRing, Suite, Vault};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, when an installation is set up: draw the root keys and put them where neither the database nor its
//! // backups are. (The seeds here come from the operating system; library code gets them from its context.)
//! let file = KeyRing::generate(&vault::os_random()?)?.to_text();
//!
//! // (`KeyRing::save_new` writes the file so that no other account reads it; `KeySource` reads it back from a
//! // file, an environment's text or an external command.)
//!
//! // At every start: read them, and choose the suite by configuration.
//! let ring = KeyRing::parse(&file)?;
//! let vault = Vault::from_ring(Suite::International, &ring);
//!
//! // A person appears. Their key is kept wrapped, in a column of its own.
//! let (key, wrapped) = vault.new_person_key(vault::os_random()?);
//!
//! // Seal each field for the place where it will stand, and index what must be found again.
//! let person = [7u8; 16]; // the row's UUID
//! let place = Aad::new("residency", "phone", &person);
//! let phone = key.seal("13800138000".as_bytes(), place, vault::os_random()?);
//! let found_by = vault.blind_index("phone", "13800138000");
//!
//! // Later: read the row, unwrap the key, open the field.
//! let key = vault.unwrap_key(&wrapped)?;
//! assert_eq!(key.open(&phone, place)?.as_str()?, "13800138000");
//! assert_eq!(vault.blind_index("phone", "13800138000"), found_by);
//!
//! // In any other place the value does not open, and nothing of it is ever printed.
//! assert!(key.open(&phone, Aad::new("residency", "phone", &[8u8; 16])).is_err());
//! assert_eq!(format!("{phone:?}"), "Sealed(international, 61 bytes)");
//!
//! // To forget the person, delete `wrapped` and `found_by`: what is sealed stays, and is noise.
//! # Ok(())
//! # }
//! ```
//!
//! # Which key does what
//!
//! ```text
//! master 1, 2, …  ── wraps ──▶ key of a person ── seals ──▶ fields, photos
//! index 1, 2, …   ── HKDF(domain)  ──▶ blind indexes
//! mac 1, 2, …     ── HKDF(purpose) ──▶ codes and links
//! ```
//!
//! The three kinds of root keys have lives of different length, and so they are different secrets:
//!
//! - A **master key** only wraps other keys, so changing it costs one small rewrite a person. Change it every
//!   year, and after an incident: [`KeyRing::add`], restart, let a job [`Vault::rewrap`] whatever
//!   [`Vault::needs_rewrap`] (the two versions work side by side meanwhile, and a job that was cut off is simply
//!   run again), then [`KeyRing::drop_old`]. The job must write only over what it has read
//!   (`UPDATE … SET key = new WHERE id = ? AND key = old`), lest it bring back somebody who was just forgotten. Whoever copied the old master key *and* an old backup can still
//!   read that backup: rotation protects what comes after.
//! - A **mac root** stands behind codes that are printed on walls for years, so it must not change with the
//!   master key. If it has leaked: add a newer one, print anew, drop the old one; until then
//!   [`Vault::verify_mac`] takes both.
//! - An **index root** stands behind every blind index. If it has leaked (with the database, guesses of phones
//!   and identity numbers can then be tested): add a newer one, search by [`Vault::blind_index_candidates`] while
//!   a job opens every value and indexes it anew, drop the old one.
//!
//! A change of [`Suite`] is such a rotation too: values say how they were made, and both kinds open.
//!
//! # What it promises, and what it does not
//!
//! - A sealed value opens only with its person's key, at its table, field and subject; any flipped bit is
//!   noticed. An older value put back into the *same* place is not: that is the history's matter.
//! - A wrapped key moved to another person's row opens nothing there, since values know their subject.
//! - The length of a value is hidden up to 31 bytes (name, phone, identity number, passport all look alike),
//!   and known to within 32 bytes above.
//! - Seeds are twelve or 32 unguessable bytes. A repeated one tells at most whether two values are the same.
//! - A blind index tells which rows have equal values, and nothing else to who has not the index root.
//! - Forgetting is as good as the deletion of the wrapped key: a backup that still has it can still open. Keep
//!   backups no longer than the law lets you remember, or keep the table of wrapped keys out of them.
//! - Keys and opened values are wiped from memory when dropped, and have no printable form. A process that is
//!   read while it runs, or swapped to disk, is outside what a program can promise: encrypt swap.
//! - Ciphers use the processor's instructions where it has them. SM4 in software reads tables, and so is not
//!   proof against somebody who measures its time on the same machine.
//!
//! # The formats
//!
//! | what | bytes |
//! |---|---|
//! | [`Sealed`] | header (`0x11` AES-256-GCM-SIV, `0x12` SM4-GCM) · nonce 12 · cipher text of value, `0x80`, zeros up to a multiple of 32 · tag 16 |
//! | its associated data | `vault/seal` · header · length of table (8, big-endian) · table · length of field · field · subject |
//! | [`WrappedKey`] | header · master version (4, big-endian) · nonce 12 · cipher text of 32 · tag 16; associated data `vault/wrap` · header · version |
//! | derived keys | HKDF without salt, info `vault/1/` · purpose · `0` · context; purposes `person`, `seal`, `nonce`, `wrap`, `wrap nonce`, `index`, `mac` |
//! | derived nonces | first 12 bytes of HMAC over length of seed (8) · length of associated data (8) · seed · associated data · value |
//! | [`Envelope`] | a wrapped key, then a sealed value with nonce seed 0 |
//! | blob | header (`0x31`, `0x32`) · salt 16 · chunks of nonce 12, cipher text of 65,536 (the last one: fewer), tag 16; the salt, the chunk's number (8) and 1 for the last one follow the associated data; keys `blob` and `blob nonce` have the salt as context |
//! | [`BlindIndex`] | first 16 bytes of HMAC under the derived key of its domain |
//!
//! As text, all are base64url without padding; serde uses the text.

mod blob;
mod envelope;
mod index;
mod keys;
#[cfg(test)]
mod known;
mod person;
mod random;
mod ring;
mod sealed;
mod source;
mod suite;
mod text;
mod vault;
mod wrapped;

pub use blob::BlobError;
pub use envelope::Envelope;
pub use index::{BlindIndex, MacKey};
pub use keys::{BadKey, KeyId, MasterKey};
pub use person::PersonKey;
pub use random::{NoRandomness, os_random};
pub use ring::{KeyRing, KeyUse, RingError};
pub use sealed::{Aad, OpenError, Plain, Sealed};
pub use source::{KeySource, SourceError};
pub use suite::{Suite, UnknownSuite};
pub use vault::Vault;
pub use wrapped::WrappedKey;
