//! The keys as the use cases need them: door codes, links, people, staff secrets.

use crate::AppError;
use domain::cases::Sealed;
use domain::registrations::Content;
use domain::{Context, PersonId, StaffId};
use std::sync::{Arc, PoisonError, RwLock};
use vault::{Aad, Envelope, MacKey, OpenError, PersonKey, Vault, WrappedKey};

/// The keys of a district. Cheap to clone; all clones change together ([`Keys::renew`]).
#[derive(Clone, Debug)]
pub struct Keys(Arc<RwLock<Arc<Inner>>>);

#[derive(Debug)]
struct Inner {
    vault: Vault,
    door: MacKey,
    link: MacKey,
    registration: MacKey,
}

impl Inner {
    fn new(vault: Vault) -> Inner {
        let (door, link) = (vault.mac_key("door-code"), vault.mac_key("case-link"));
        let registration = vault.mac_key("registration-link");
        Inner { vault, door, link, registration }
    }
}

impl From<OpenError> for AppError {
    fn from(e: OpenError) -> Self {
        AppError::Keys(e.to_string())
    }
}

impl Keys {
    /// The keys under a vault.
    pub fn new(vault: Vault) -> Keys {
        Keys(Arc::new(RwLock::new(Arc::new(Inner::new(vault)))))
    }

    /// Goes on with another ring: the same roots, with a master key added or dropped. What is under way ends with
    /// the keys that it began with.
    pub fn renew(&self, vault: Vault) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Inner::new(vault));
    }

    /// The keys of now.
    fn now(&self) -> Arc<Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How every wrapped key begins that needs no rewrapping.
    pub(crate) fn prefix(&self) -> [u8; 5] {
        self.now().vault.current_prefix()
    }

    /// A person's key under the newest master key; `None` where it is so already.
    pub(crate) fn rewrap(&self, wrapped: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        let (keys, old) = (self.now(), WrappedKey::from_bytes(wrapped)?);
        Ok(if keys.vault.needs_rewrap(&old) {
            Some(keys.vault.rewrap(&old)?.as_bytes().to_vec())
        } else {
            None
        })
    }

    /// What is sealed for a member of staff, its key under the newest master key; `None` where it is so already.
    pub(crate) fn rewrap_own(&self, sealed: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        let (keys, old) = (self.now(), Envelope::from_bytes(sealed)?);
        if !keys.vault.needs_rewrap(old.wrapped_key()) {
            return Ok(None);
        }
        Ok(Some(keys.vault.rewrap_envelope(&old)?.as_bytes().to_vec()))
    }

    pub(crate) fn door_tag(&self, message: &[u8]) -> [u8; 32] {
        self.now().door.tag(message)
    }

    pub(crate) fn link_tag(&self, message: &[u8]) -> [u8; 32] {
        self.now().link.tag(message)
    }

    pub(crate) fn registration_tag(&self, message: &[u8]) -> [u8; 32] {
        self.now().registration.tag(message)
    }

    /// A keyed digest for one purpose: of one-time codes, and as the signature under a hand-off.
    pub(crate) fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        self.now().vault.mac(purpose, message)
    }

    /// Whether a digest of [`Keys::mac`] is genuine.
    pub(crate) fn is_mac(&self, purpose: &str, message: &[u8], mac: &[u8]) -> bool {
        mac.try_into().is_ok_and(|mac| self.now().vault.verify_mac(purpose, message, mac))
    }

    /// The blind index of a value.
    pub(crate) fn index(&self, domain: &str, value: &str) -> [u8; 16] {
        *self.now().vault.blind_index(domain, value).as_bytes()
    }

    /// Every blind index that a value can stand under.
    pub(crate) fn indexes(&self, domain: &str, value: &str) -> Vec<[u8; 16]> {
        self.now().vault.blind_index_candidates(domain, value).iter().map(|i| *i.as_bytes()).collect()
    }

    /// Seals what a person registered, as a whole.
    pub(crate) fn seal_content(
        &self,
        person: PersonId,
        key: &PersonKey,
        content: &Content,
        ctx: &Context,
    ) -> Result<Vec<u8>, AppError> {
        let text =
            zeroize::Zeroizing::new(serde_json::to_vec(content).map_err(|e| AppError::Keys(e.to_string()))?);
        let place = Aad::new("registration", "content", person.0.as_bytes());
        Ok(key.seal(&text, place, ctx.bytes()).as_bytes().to_vec())
    }

    /// The key of a person from its wrapped form.
    pub(crate) fn unwrap(&self, wrapped: &[u8]) -> Result<PersonKey, AppError> {
        Ok(self.now().vault.unwrap_key(&WrappedKey::from_bytes(wrapped)?)?)
    }

    /// Opens what [`Keys::seal_content`] sealed.
    pub(crate) fn open_content(
        &self,
        person: PersonId,
        wrapped: &[u8],
        sealed: &[u8],
    ) -> Result<Content, AppError> {
        let place = Aad::new("registration", "content", person.0.as_bytes());
        let opened = self.unwrap(wrapped)?.open(&vault::Sealed::from_bytes(sealed)?, place)?;
        serde_json::from_slice(opened.as_bytes()).map_err(|_| AppError::Keys("content does not read".into()))
    }

    /// A new person with a key of their own; the wrapped key is to be kept.
    pub(crate) fn new_person(&self, ctx: &Context) -> Result<(PersonId, PersonKey, Vec<u8>), AppError> {
        let (key, wrapped) = self.now().vault.new_person_key(ctx.bytes());
        Ok((ctx.new_person(), key, wrapped.as_bytes().to_vec()))
    }

    /// Seals a person's text for one field.
    pub(crate) fn seal(
        &self,
        person: PersonId,
        key: &PersonKey,
        field: &str,
        text: &str,
        ctx: &Context,
    ) -> Result<Sealed, AppError> {
        let place = Aad::new("person", field, person.0.as_bytes());
        Ok(Sealed { person, data: key.seal(text.as_bytes(), place, ctx.bytes()).to_string() })
    }

    /// Opens what was sealed for one field.
    pub(crate) fn open(&self, wrapped: &[u8], sealed: &Sealed, field: &str) -> Result<String, AppError> {
        let place = Aad::new("person", field, sealed.person.0.as_bytes());
        let key = self.now().vault.unwrap_key(&WrappedKey::from_bytes(wrapped)?)?;
        Ok(key.open(&sealed.data.parse()?, place)?.as_str()?.to_owned())
    }

    /// Seals something of a member of staff's own, with a key of its own before it.
    pub(crate) fn seal_own(
        &self,
        staff: StaffId,
        field: &str,
        secret: &[u8],
        ctx: &Context,
    ) -> Result<Vec<u8>, AppError> {
        let id = staff.0.to_be_bytes();
        let place = Aad::new("staff", field, &id);
        Ok(self.now().vault.seal_envelope(secret, place, ctx.bytes()).as_bytes().to_vec())
    }

    /// Opens something of a member of staff's own; `None` if it cannot be.
    pub(crate) fn open_own(&self, staff: StaffId, field: &str, kept: &[u8]) -> Option<Vec<u8>> {
        let id = staff.0.to_be_bytes();
        let place = Aad::new("staff", field, &id);
        let opened = self.now().vault.open_envelope(&Envelope::from_bytes(kept).ok()?, place).ok()?;
        Some(opened.as_bytes().to_vec())
    }
}
