//! The keys as the use cases need them: door codes, links, people, staff secrets.

use crate::AppError;
use domain::cases::Sealed;
use domain::{Context, PersonId, StaffId};
use std::sync::Arc;
use vault::{Aad, MacKey, PersonKey, Vault, VaultError};

/// The keys of a district. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keys(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    vault: Vault,
    door: MacKey,
    link: MacKey,
}

impl From<VaultError> for AppError {
    fn from(e: VaultError) -> Self {
        AppError::Keys(e.to_string())
    }
}

impl Keys {
    /// The keys under a vault.
    pub fn new(vault: Vault) -> Keys {
        let (door, link) = (vault.mac_key("door-code"), vault.mac_key("case-link"));
        Keys(Arc::new(Inner { vault, door, link }))
    }

    pub(crate) fn door_tag(&self, message: &[u8]) -> [u8; 32] {
        self.0.door.tag(message)
    }

    pub(crate) fn link_tag(&self, message: &[u8]) -> [u8; 32] {
        self.0.link.tag(message)
    }

    /// A new person with a key of their own; the wrapped key is to be kept.
    pub(crate) fn new_person(&self, ctx: &Context) -> Result<(PersonId, PersonKey, Vec<u8>), AppError> {
        let (key, wrapped) = self.0.vault.new_person_key(ctx.bytes())?;
        Ok((ctx.new_person(), key, wrapped))
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
        let place = Aad { field, subject: person.0.as_bytes() };
        Ok(Sealed { person, data: key.seal(text, &place, ctx.bytes())? })
    }

    /// Opens what was sealed for one field.
    pub(crate) fn open(&self, wrapped: &[u8], sealed: &Sealed, field: &str) -> Result<String, AppError> {
        let place = Aad { field, subject: sealed.person.0.as_bytes() };
        Ok(self.0.vault.unwrap_key(wrapped)?.open(&sealed.data, &place)?)
    }

    /// Seals the secret of a person's second factor, with a key of its own before it.
    pub(crate) fn seal_own(&self, staff: StaffId, secret: &[u8], ctx: &Context) -> Result<Vec<u8>, AppError> {
        let (key, wrapped) = self.0.vault.new_person_key(ctx.bytes())?;
        let text: String = secret.iter().map(|b| format!("{b:02x}")).collect();
        let id = staff.0.to_be_bytes();
        let sealed = key.seal(&text, &Aad { field: "totp", subject: &id }, ctx.bytes())?;
        let length =
            u8::try_from(wrapped.len()).map_err(|_| AppError::Keys("a wrapped key is too long".into()))?;
        Ok([&[length][..], &wrapped, sealed.as_bytes()].concat())
    }

    /// Opens the secret of a person's second factor; `None` if it cannot be.
    pub(crate) fn open_own(&self, staff: StaffId, kept: &[u8]) -> Option<Vec<u8>> {
        let (length, rest) = kept.split_first()?;
        let (wrapped, sealed) = rest.split_at_checked(usize::from(*length))?;
        let id = staff.0.to_be_bytes();
        let key = self.0.vault.unwrap_key(wrapped).ok()?;
        let text = key.open(std::str::from_utf8(sealed).ok()?, &Aad { field: "totp", subject: &id }).ok()?;
        let digits = text.as_bytes().chunks_exact(2);
        digits.map(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok()).collect()
    }
}
