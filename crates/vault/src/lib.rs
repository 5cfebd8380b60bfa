//! Field encryption and blind indexes: the only code that sees keys.

mod index;
mod keys;
#[cfg(test)]
mod known;
mod person;
mod random;
mod ring;
mod sealed;
mod suite;
mod text;
mod vault;
mod wrapped;

pub use index::BlindIndex;
pub use keys::{BadKey, KeyId, MasterKey};
pub use person::PersonKey;
pub use random::{NoRandomness, os_random};
pub use ring::{KeyRing, KeyUse, RingError};
pub use sealed::{Aad, OpenError, Plain, Sealed};
pub use suite::{Suite, UnknownSuite};
pub use vault::Vault;
pub use wrapped::WrappedKey;
