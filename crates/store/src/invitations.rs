//! Invitations: a link, good once and for some days, with which a person makes an account their own.

use crate::{StoreError, Tx, args};
use domain::StaffId;
use jiff::Timestamp;

crate::statements! {
    /// An invitation.
    INSERT = "INSERT INTO invitation (token, staff, made_at, ends_at) VALUES (?1, ?2, ?3, ?4)";
    /// Whose it is, while it is good.
    GOOD = "SELECT i.staff, s.login, s.name FROM invitation i JOIN staff s ON s.id = i.staff \
        WHERE i.token = ?1 AND i.used_at IS NULL AND i.ends_at > ?2 AND s.ended_at IS NULL";
    /// It is used up, and with it whatever else was open for the same account.
    USE = "UPDATE invitation SET used_at = ?1 WHERE staff = ?2 AND used_at IS NULL";
    /// A password of one's own, and the second factor's secret.
    OWN = "UPDATE staff SET password = ?1, totp = ?2, totp_used = ?3, failures = 0, locked_until = 0 WHERE id = ?4 AND ended_at IS NULL";
    /// Invitations that ended long ago.
    SWEEP = "DELETE FROM invitation WHERE ends_at < ?1";
}

/// Whose account an invitation opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// The account.
    pub staff: StaffId,
    /// What its owner types.
    pub login: String,
    /// Their name.
    pub name: String,
}

impl Tx<'_> {
    /// Keeps an invitation by the hash of its token; earlier ones of the account are no longer good.
    pub fn invite(
        &mut self,
        token: &[u8; 32],
        staff: StaffId,
        now: Timestamp,
        ends: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(USE, args![now, staff])?;
        self.run(INSERT, args![token, staff, now, ends])?;
        Ok(())
    }

    /// Whose a token's hash is, while it is good.
    pub fn invited(&mut self, token: &[u8; 32], now: Timestamp) -> Result<Option<Invited>, StoreError> {
        self.one(GOOD, args![token, now], |r| {
            Ok(Invited { staff: StaffId(r.int(0)?), login: r.text(1)?, name: r.text(2)? })
        })
    }

    /// Uses an account's invitations up and gives it its password's hash and its sealed second factor, of which one
    /// time step is used already. `false` if nothing was open.
    pub fn take_invitation(
        &mut self,
        staff: StaffId,
        password: &str,
        totp: &[u8],
        step: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.run(USE, args![now, staff])? > 0 && self.run(OWN, args![password, totp, step, staff])? == 1)
    }

    /// Forgets invitations that ended before a time.
    pub fn sweep_invitations(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run(SWEEP, args![before])
    }
}
