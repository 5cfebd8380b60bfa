//! The vault: root keys loaded and ready.

use crate::index::{BlindIndex, MacKey, Roots};
use crate::keys::MasterKey;
use crate::person::PersonKey;
use crate::ring::{KeyRing, KeyUse, RingError};
use crate::sealed::OpenError;
use crate::suite::Suite;
use crate::wrapped::{WrappedKey, Wrapper};
use std::fmt;
use zeroize::Zeroizing;

/// The root keys of an installation, ready for use. Made once at start, shared between threads.
pub struct Vault {
    suite: Suite,
    /// Each master key in each suite; the first is the newest in the suite of the vault.
    wrappers: Vec<Wrapper>,
    index: Roots,
    mac: Roots,
}

impl Vault {
    /// A vault for tests and for trying out: index and mac roots come from the master key of the lowest
    /// version, so dropping that one changes every index and every code. An installation uses
    /// [`Vault::from_ring`], where they have lines of their own.
    ///
    /// # Errors
    /// [`RingError`] without any key, or with one version given twice.
    pub fn new(suite: Suite, masters: Vec<MasterKey>) -> Result<Vault, RingError> {
        Ok(Vault::from_ring(suite, &KeyRing::from_masters(masters)?))
    }

    /// The vault of an installation. `suite` decides how new things are made; what the other suite made is
    /// still opened.
    pub fn from_ring(suite: Suite, ring: &KeyRing) -> Vault {
        let mut masters: Vec<_> = ring.of(KeyUse::Master).collect();
        masters.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let mut wrappers: Vec<Wrapper> = Suite::ALL
            .iter()
            .flat_map(|s| masters.iter().map(|(id, secret)| Wrapper::new(*s, *id, secret.bytes())))
            .collect();
        // Stable: within a suite the newest stays first.
        wrappers.sort_by_key(|w| w.suite() != suite);
        let roots = |kind| Roots::new(ring.of(kind).map(|(id, secret)| (id, secret.clone())).collect());
        Vault { suite, wrappers, index: roots(KeyUse::Index), mac: roots(KeyUse::Mac) }
    }

    /// The suite that new things are made with.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// A key for a person (or for anything else that shall be forgotten as a whole), from 32 unguessable
    /// bytes of the caller's context. Keep the wrapped form; drop the key after use.
    pub fn new_person_key(&self, seed: [u8; 32]) -> (PersonKey, WrappedKey) {
        let seed = Zeroizing::new(seed);
        let key = PersonKey::new(self.suite, self.suite.derive(&seed, "person", &[]));
        let wrapped = self.wrappers[0].wrap(&key);
        (key, wrapped)
    }

    /// The key of a person, ready for use.
    ///
    /// # Errors
    /// [`OpenError::NoMaster`] when the ring has not the master key any more, [`OpenError::Refused`] when the
    /// wrapped key was changed or the master key of this version is another one.
    pub fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<PersonKey, OpenError> {
        let wrapper = self
            .wrappers
            .iter()
            .find(|w| w.prefix() == wrapped.prefix())
            .ok_or(OpenError::NoMaster(wrapped.master()))?;
        wrapper.unwrap(wrapped, self.suite)
    }

    /// The same key, wrapped under the newest master key and in the suite of the vault. Values sealed with it
    /// stay as they are. Wrapping what is already so gives the same bytes.
    ///
    /// # Errors
    /// As [`Vault::unwrap_key`].
    pub fn rewrap(&self, wrapped: &WrappedKey) -> Result<WrappedKey, OpenError> {
        Ok(self.wrappers[0].wrap(&self.unwrap_key(wrapped)?))
    }

    /// Whether [`Vault::rewrap`] has something to do.
    pub fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        wrapped.prefix() != self.wrappers[0].prefix()
    }

    /// The first five bytes of every wrapped key that needs no rewrapping: lets a job of the store pick its
    /// work with `substr(key, 1, 5) <> ?`.
    pub fn current_prefix(&self) -> [u8; 5] {
        self.wrappers[0].prefix()
    }

    /// The blind index of a value in one domain. `normalised` must be written in one way only, which is the
    /// caller's matter: `"13800138000"` and `"138 0013 8000"` have different indexes. Values of different
    /// domains (`"phone"`, `"identity"`) cannot be compared with each other.
    ///
    /// A column with few different values (sex, age) must not be indexed: counting would tell which is which.
    pub fn blind_index(&self, domain: &str, normalised: &str) -> BlindIndex {
        self.index.current(self.suite).index(domain, normalised)
    }

    /// Every index that the value can stand under while a change of index root or of suite is under way, the
    /// current one first: `WHERE phone_ix IN (…)`.
    pub fn blind_index_candidates(&self, domain: &str, normalised: &str) -> Vec<BlindIndex> {
        self.index.all(self.suite).map(|root| root.index(domain, normalised)).collect()
    }

    /// A message authentication code over `bytes` for one purpose, under the newest mac root. It does not
    /// change when master keys do.
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.mac_key(purpose).tag(bytes)
    }

    /// Whether `mac` is genuine under any mac root of the ring and either suite, in a time that does not tell
    /// where it differs.
    #[must_use]
    pub fn verify_mac(&self, purpose: &str, bytes: &[u8], mac: &[u8; 32]) -> bool {
        self.mac_keys(purpose).any(|key| key.verify(bytes, mac))
    }

    /// The key that [`Vault::mac`] uses for a purpose, to be kept where many tags are made.
    pub fn mac_key(&self, purpose: &str) -> MacKey {
        MacKey::new(self.mac.current(self.suite), purpose)
    }

    /// The keys of every mac root in either suite, that of [`Vault::mac_key`] first: for printed codes that
    /// carry only a part of a tag, `keys.iter().find_map(|key| read(code, |part| key.tag(part)).ok())`.
    pub fn mac_keys<'v>(&'v self, purpose: &'v str) -> impl Iterator<Item = MacKey> + 'v {
        self.mac.all(self.suite).map(move |root| MacKey::new(root, purpose))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.suite)
    }
}
