//! Wrapped keys, walked in order when the master key changes.
//!
//! Each is written only over what was read (`WHERE … AND wrapped = old`), lest somebody who was forgotten meanwhile
//! come back.

use crate::cases::person_id;
use crate::{StoreError, Tx, args};
use domain::{PersonId, StaffId};

crate::statements! {
    /// People after one, with their wrapped keys.
    PEOPLE = "SELECT id, wrapped FROM person WHERE id > ?1 AND wrapped IS NOT NULL ORDER BY id LIMIT ?2";
    /// A person's key, wrapped anew.
    SET_PERSON = "UPDATE person SET wrapped = ?1 WHERE id = ?2 AND wrapped = ?3";
    /// What is sealed for members of staff.
    OWN = "SELECT id, 'totp', totp FROM staff UNION ALL SELECT staff, 'email', email FROM notice_choice WHERE email IS NOT NULL \
        UNION ALL SELECT staff, 'hook', hook FROM notice_choice WHERE hook IS NOT NULL";
    /// A second factor, its key wrapped anew.
    SET_TOTP = "UPDATE staff SET totp = ?1 WHERE id = ?2 AND totp = ?3";
    /// An address, its key wrapped anew.
    SET_EMAIL = "UPDATE notice_choice SET email = ?1 WHERE staff = ?2 AND email = ?3";
    /// A number or a name in the work chat, its key wrapped anew.
    SET_HOOK = "UPDATE notice_choice SET hook = ?1 WHERE staff = ?2 AND hook = ?3";
    /// How many wrapped keys do not begin so.
    OTHERWISE = "SELECT (SELECT COUNT(*) FROM person WHERE substr(wrapped, 1, 5) <> ?1) \
        + (SELECT COUNT(*) FROM staff WHERE substr(totp, 1, 5) <> ?1) \
        + (SELECT COUNT(*) FROM notice_choice WHERE substr(email, 1, 5) <> ?1) \
        + (SELECT COUNT(*) FROM notice_choice WHERE substr(hook, 1, 5) <> ?1)";
}

/// What is sealed for a member of staff, under a key that stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// The second factor.
    Totp,
    /// The address for notices.
    Email,
    /// The number or name for notices by gateway.
    Hook,
}

impl Tx<'_> {
    /// The next people after one, in the order of their ids, with their wrapped keys; `None` begins. Whoever was
    /// forgotten is left out.
    pub fn wrapped_after(
        &mut self,
        after: Option<&PersonId>,
        limit: u32,
    ) -> Result<Vec<(PersonId, Vec<u8>)>, StoreError> {
        let first = PersonId(uuid::Uuid::nil());
        self.all(PEOPLE, args![after.unwrap_or(&first), limit], |r| Ok((person_id(&r.blob(0)?)?, r.blob(1)?)))
    }

    /// Puts a wrapped key in the place of what was read; false if it changed meanwhile.
    pub fn rewrap_person(&mut self, id: &PersonId, new: &[u8], old: &[u8]) -> Result<bool, StoreError> {
        Ok(self.run(SET_PERSON, args![new, id, old])? == 1)
    }

    /// All that is sealed for members of staff.
    pub fn sealed_own(&mut self) -> Result<Vec<(StaffId, Own, Vec<u8>)>, StoreError> {
        let named = |name: String| match name.as_str() {
            "totp" => Own::Totp,
            "email" => Own::Email,
            _ => Own::Hook,
        };
        self.all(OWN, args![], |r| Ok((StaffId(r.int(0)?), named(r.text(1)?), r.blob(2)?)))
    }

    /// Puts what is sealed under a key wrapped anew in the place of what was read; false if it changed meanwhile.
    pub fn rewrap_own(&mut self, id: StaffId, own: Own, new: &[u8], old: &[u8]) -> Result<bool, StoreError> {
        let statement = match own {
            Own::Totp => SET_TOTP,
            Own::Email => SET_EMAIL,
            Own::Hook => SET_HOOK,
        };
        Ok(self.run(statement, args![new, id, old])? == 1)
    }

    /// How many wrapped keys do not begin with these bytes.
    pub fn count_wrapped_otherwise(&mut self, prefix: &[u8]) -> Result<u64, StoreError> {
        let n = self.one(OTHERWISE, args![prefix], |r| r.int(0))?.unwrap_or(0);
        Ok(u64::try_from(n).unwrap_or(0))
    }
}
