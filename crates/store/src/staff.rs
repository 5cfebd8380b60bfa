//! Staff accounts, roles and sessions.

use crate::{StoreError, Tx, args};
use domain::access::{Grant, Role};
use domain::{PlaceId, StaffId, UnitId};
use jiff::Timestamp;
use std::collections::HashMap;

crate::statements! {
    /// An account.
    INSERT = "INSERT INTO staff (id, login, name, password, totp) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// The next number for an account.
    NEXT_ID = "SELECT COALESCE(MAX(id), 0) + 1 FROM staff";
    /// One account, about to sign in.
    BY_LOGIN = "SELECT id, login, name, password, totp, totp_used, failures, locked_until FROM staff \
        WHERE login = ?1 AND ended_at IS NULL";
    /// One account by number.
    BY_ID = "SELECT id, login, name, password, totp, totp_used, failures, locked_until FROM staff \
        WHERE id = ?1 AND ended_at IS NULL";
    /// A try failed.
    FAILED = "UPDATE staff SET failures = failures + 1, locked_until = ?1 WHERE id = ?2";
    /// A try succeeded; the second factor's step is used up. Says nothing if it was used before.
    SIGNED_IN = "UPDATE staff SET failures = 0, locked_until = 0, totp_used = ?1 WHERE id = ?2 AND totp_used < ?1";
    /// All accounts by name.
    ALL = "SELECT id, login, name FROM staff WHERE ended_at IS NULL ORDER BY id";
    /// Accounts whose login or name holds a text.
    FIND = "SELECT id, login, name FROM staff WHERE ended_at IS NULL AND (login LIKE ?1 ESCAPE '!' OR name LIKE ?1 ESCAPE '!') ORDER BY id LIMIT ?2";
    /// A new secret for the second factor.
    SET_TOTP = "UPDATE staff SET totp = ?1, totp_used = 0, failures = 0, locked_until = 0 WHERE id = ?2 AND ended_at IS NULL";
    /// An account ends.
    END = "UPDATE staff SET ended_at = ?1 WHERE id = ?2 AND ended_at IS NULL";
    /// All sessions of a person end.
    END_ALL = "DELETE FROM session WHERE staff = ?1";
    /// A role ends.
    END_ROLE = "UPDATE staff_role SET valid_to = ?1 WHERE staff = ?2 AND role = ?3 AND COALESCE(place, -1) = ?4 \
        AND COALESCE(unit, -1) = ?5 AND valid_to IS NULL";
    /// A role for a person.
    INSERT_ROLE = "INSERT INTO staff_role (staff, role, place, unit, valid_from) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// The roles that a person has at a time.
    ROLES = "SELECT role, place, unit FROM staff_role WHERE staff = ?1 AND valid_from <= ?2 \
        AND (valid_to IS NULL OR valid_to > ?2)";
    /// The roles that everybody has at a time.
    ALL_ROLES = "SELECT staff, role, place, unit FROM staff_role WHERE valid_from <= ?1 \
        AND (valid_to IS NULL OR valid_to > ?1) ORDER BY staff";
    /// A session begins.
    INSERT_SESSION = "INSERT INTO session (token, staff, started_at, seen_at, ends_at, device) VALUES (?1, ?2, ?3, ?3, ?4, ?5)";
    /// Whose session it is.
    SESSION = "SELECT s.staff, s.seen_at, s.ends_at, t.name, s.started_at FROM session s JOIN staff t ON t.id = s.staff \
        WHERE s.token = ?1 AND t.ended_at IS NULL";
    /// It was used.
    SEEN = "UPDATE session SET seen_at = ?1, ends_at = ?2 WHERE token = ?3";
    /// A person's sessions.
    SESSIONS = "SELECT token, started_at, seen_at, device FROM session WHERE staff = ?1 AND ends_at > ?2 ORDER BY seen_at DESC";
    /// Ends one session of a person.
    END_SESSION = "DELETE FROM session WHERE token = ?1 AND staff = ?2";
    /// Ends all sessions of a person but one.
    END_OTHERS = "DELETE FROM session WHERE staff = ?1 AND token <> ?2";
    /// Forgets sessions that ran out.
    SWEEP = "DELETE FROM session WHERE ends_at < ?1";
}

/// An account as it is needed to sign in.
#[derive(Clone)]
pub struct Account {
    /// Who.
    pub id: StaffId,
    /// What they type.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The password's hash, in PHC text.
    pub password: String,
    /// The sealed secret of the second factor.
    pub totp: Vec<u8>,
    /// The last time step of the second factor that was used.
    pub totp_used: i64,
    /// Tries that failed since the last success.
    pub failures: u32,
    /// No try is heard before this.
    pub locked_until: Timestamp,
}

/// A running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was used last.
    pub seen_at: Timestamp,
    /// When it ends by itself.
    pub ends_at: Timestamp,
}

/// A session as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    /// The hash of its token, which names it.
    pub token: Vec<u8>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was used last.
    pub seen_at: Timestamp,
    /// What it was begun with, in words.
    pub device: String,
}

impl Tx<'_> {
    /// Adds an account.
    pub fn insert_staff(
        &mut self,
        id: StaffId,
        login: &str,
        name: &str,
        password: &str,
        totp: &[u8],
    ) -> Result<(), StoreError> {
        self.run_on_directory(INSERT, args![id, login, name, password, totp])?;
        Ok(())
    }

    /// The next number for an account.
    pub fn next_staff_id(&mut self) -> Result<StaffId, StoreError> {
        Ok(StaffId(self.one(NEXT_ID, args![], |r| r.int(0))?.unwrap_or(1)))
    }

    fn account(&mut self, sql: &str, args: &[crate::Arg<'_>]) -> Result<Option<Account>, StoreError> {
        self.one(sql, args, |r| {
            Ok(Account {
                id: StaffId(r.int(0)?),
                login: r.text(1)?,
                name: r.text(2)?,
                password: r.text(3)?,
                totp: r.blob(4)?,
                totp_used: r.int(5)?,
                failures: r.count(6)?,
                locked_until: r.time(7)?,
            })
        })
    }

    /// One account by what its owner types.
    pub fn account_by_login(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        self.account(BY_LOGIN, args![login])
    }

    /// One account by number.
    pub fn account_by_id(&mut self, id: StaffId) -> Result<Option<Account>, StoreError> {
        self.account(BY_ID, args![id])
    }

    /// Counts a failed try; the next is heard after `locked_until`.
    pub fn sign_in_failed(&mut self, id: StaffId, locked_until: Timestamp) -> Result<(), StoreError> {
        self.run(FAILED, args![locked_until, id])?;
        Ok(())
    }

    /// Notes a success and uses up the time step of the second factor. `false` if that step was used before.
    pub fn signed_in(&mut self, id: StaffId, totp_step: i64) -> Result<bool, StoreError> {
        Ok(self.run(SIGNED_IN, args![totp_step, id])? == 1)
    }

    /// All accounts: number, login, name.
    pub fn staff(&mut self) -> Result<Vec<(StaffId, String, String)>, StoreError> {
        self.all(ALL, args![], |r| Ok((StaffId(r.int(0)?), r.text(1)?, r.text(2)?)))
    }

    /// Accounts whose login or name holds a text: number, login, name.
    pub fn find_staff(
        &mut self,
        text: &str,
        limit: u32,
    ) -> Result<Vec<(StaffId, String, String)>, StoreError> {
        let pattern = crate::territory::like(text);
        self.all(FIND, args![&pattern, limit], |r| Ok((StaffId(r.int(0)?), r.text(1)?, r.text(2)?)))
    }

    /// Gives an account a new, sealed secret for its second factor, and ends its sessions. `false` if there is
    /// no such account.
    pub fn reset_totp(&mut self, id: StaffId, totp: &[u8]) -> Result<bool, StoreError> {
        self.run(END_ALL, args![id])?;
        Ok(self.run(SET_TOTP, args![totp, id])? == 1)
    }

    /// Ends an account and its sessions. `false` if it had ended before.
    pub fn end_account(&mut self, id: StaffId, at: Timestamp) -> Result<bool, StoreError> {
        self.run(END_ALL, args![id])?;
        Ok(self.run_on_directory(END, args![at, id])? == 1)
    }

    /// Takes a role from a time on. `false` if the person does not have it.
    pub fn end_grant(&mut self, staff: StaffId, g: &Grant, at: Timestamp) -> Result<bool, StoreError> {
        let (place, unit) = (g.place.map_or(-1, |p| p.0), g.unit.map_or(-1, |u| u.0));
        Ok(self.run_on_directory(END_ROLE, args![at, staff, g.role.key(), place, unit])? > 0)
    }

    /// Gives a role from a time on.
    pub fn insert_grant(&mut self, staff: StaffId, g: &Grant, from: Timestamp) -> Result<(), StoreError> {
        self.run_on_directory(INSERT_ROLE, args![staff, g.role.key(), g.place, g.unit, from])?;
        Ok(())
    }

    /// The roles that a person has at a time.
    pub fn grants(&mut self, staff: StaffId, at: Timestamp) -> Result<Vec<Grant>, StoreError> {
        self.all(ROLES, args![staff, at], |r| {
            Ok(Grant {
                role: r.named(0, Role::from_key)?,
                place: r.opt_int(1)?.map(PlaceId),
                unit: r.opt_int(2)?.map(UnitId),
            })
        })
    }

    /// The roles that everybody has at a time.
    pub fn all_grants(&mut self, at: Timestamp) -> Result<HashMap<StaffId, Vec<Grant>>, StoreError> {
        let mut out: HashMap<StaffId, Vec<Grant>> = HashMap::new();
        let rows = self.all(ALL_ROLES, args![at], |r| {
            let grant = Grant {
                role: r.named(1, Role::from_key)?,
                place: r.opt_int(2)?.map(PlaceId),
                unit: r.opt_int(3)?.map(UnitId),
            };
            Ok((StaffId(r.int(0)?), grant))
        })?;
        for (staff, grant) in rows {
            out.entry(staff).or_default().push(grant);
        }
        Ok(out)
    }

    /// Begins a session, named by the hash of its token.
    pub fn begin_session(
        &mut self,
        token: &[u8; 32],
        staff: StaffId,
        now: Timestamp,
        ends_at: Timestamp,
        device: &str,
    ) -> Result<(), StoreError> {
        self.run(INSERT_SESSION, args![token, staff, now, ends_at, device])?;
        Ok(())
    }

    /// The session of a token's hash, whether or not it has run out.
    pub fn session(&mut self, token: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        self.one(SESSION, args![token], |r| {
            Ok(Session {
                staff: StaffId(r.int(0)?),
                seen_at: r.time(1)?,
                ends_at: r.time(2)?,
                name: r.text(3)?,
                started_at: r.time(4)?,
            })
        })
    }

    /// Notes that a session was used and when it now ends.
    pub fn session_seen(
        &mut self,
        token: &[u8; 32],
        now: Timestamp,
        ends_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(SEEN, args![now, ends_at, token])?;
        Ok(())
    }

    /// A person's running sessions.
    pub fn sessions(&mut self, staff: StaffId, now: Timestamp) -> Result<Vec<ListedSession>, StoreError> {
        self.all(SESSIONS, args![staff, now], |r| {
            Ok(ListedSession {
                token: r.blob(0)?,
                started_at: r.time(1)?,
                seen_at: r.time(2)?,
                device: r.text(3)?,
            })
        })
    }

    /// Ends one session of a person; `false` if there was none.
    pub fn end_session(&mut self, staff: StaffId, token: &[u8]) -> Result<bool, StoreError> {
        Ok(self.run(END_SESSION, args![token, staff])? == 1)
    }

    /// Ends all sessions of a person but the one in use.
    pub fn end_other_sessions(&mut self, staff: StaffId, keep: &[u8; 32]) -> Result<u64, StoreError> {
        self.run(END_OTHERS, args![staff, keep])
    }

    /// Forgets sessions that ran out.
    pub fn sweep_sessions(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        self.run(SWEEP, args![now])
    }
}
