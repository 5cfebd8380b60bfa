//! Signing in and out.
//!
//! Every refusal reads the same and costs the same, so that nobody learns which part was wrong or which
//! logins exist. After five failures an account rests, longer each time, a quarter of an hour at most.

use crate::error::Invalid;
use crate::{App, AppError};
use argon2::password_hash::{Output, ParamsString, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use domain::access::Grant;
use domain::{Actor, StaffId, UnitId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::staff::{Account, ListedSession};

/// How long a session lives without being used.
const IDLE: SignedDuration = SignedDuration::from_hours(2);
/// How long it lives at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// Not written down more often than this.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// Failures before an account rests.
const FREE_TRIES: u32 = 5;
/// The time step of the second factor in seconds (RFC 6238).
const STEP: u64 = 30;

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct Who {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub grants: Vec<Grant>,
    /// The hash of the session's token.
    pub session: [u8; 32],
}

impl Who {
    /// The actor of what this person does about something that is with `unit`: they act for that unit if
    /// they belong to it, else for the first that they belong to.
    pub fn actor(&self, unit: Option<UnitId>) -> Actor {
        let own = |u: &UnitId| self.grants.iter().any(|g| g.unit == Some(*u));
        let unit = unit.filter(own).or_else(|| self.grants.iter().find_map(|g| g.unit));
        Actor::Staff { id: self.staff, unit }
    }
}

/// The work that a password costs: OWASP's second choice, 12 MiB and three passes, because several may be
/// checked at once on a small machine.
fn argon() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(12 * 1024, 3, 1, None).map_err(|e| AppError::Keys(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with a salt of 16 unguessable bytes.
///
/// # Errors
/// When the hasher refuses, which it does for no password of a sane length.
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, AppError> {
    let keys = |e: argon2::password_hash::Error| AppError::Keys(e.to_string());
    let salt = SaltString::encode_b64(salt).map_err(keys)?;
    Ok(argon()?.hash_password(password.as_bytes(), &salt).map_err(keys)?.to_string())
}

/// What is checked where there is no account: a hash of the same work that no password fits, made without that work.
pub(crate) fn no_password() -> Result<String, AppError> {
    let keys = |e: argon2::password_hash::Error| AppError::Keys(e.to_string());
    let argon = argon()?;
    let salt = SaltString::encode_b64(&[0; 16]).map_err(keys)?;
    let made = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon.params()).map_err(keys)?,
        salt: Some(salt.as_salt()),
        hash: Some(Output::new(&[0; Params::DEFAULT_OUTPUT_LEN]).map_err(keys)?),
    };
    Ok(made.to_string())
}

fn password_fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
}

/// The code of the second factor for a time.
///
/// # Errors
/// When the secret is too short.
pub fn totp_at(secret: &[u8], at: Timestamp) -> Result<String, AppError> {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    Ok(totp(secret)?.generate(seconds))
}

fn totp(secret: &[u8]) -> Result<totp_rs::TOTP, AppError> {
    totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, STEP, secret.to_vec())
        .map_err(|e| AppError::Keys(format!("second factor: {e}")))
}

/// The time step in which `code` is right at `now`: this one, or one beside it for clocks that differ.
pub(crate) fn totp_step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let totp = totp(secret).ok()?;
    let seconds = u64::try_from(now.as_second()).ok()?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    [0, -1, 1].into_iter().find_map(|beside: i64| {
        let at = seconds.checked_add_signed(beside * STEP.cast_signed())?;
        (totp.generate(at) == code).then(|| i64::try_from(at / STEP).ok())?
    })
}

fn rest(failures: u32) -> SignedDuration {
    if failures + 1 < FREE_TRIES {
        return SignedDuration::ZERO;
    }
    let doubled = 15 * 2_i64.pow((failures + 1 - FREE_TRIES).min(10));
    SignedDuration::from_secs(doubled.min(900))
}

fn wrong() -> AppError {
    Invalid::field(
        "login",
        "账号、密码或动态码不对，或者尝试太多次；请核对后稍等再试。",
        "Login, password or one-time code is wrong, or there were too many tries; check and try again in a while.",
    )
}

impl App {
    /// Signs a person in. Returns the token for the cookie; the store keeps only its hash.
    ///
    /// Does the work of a password hash: call it on a thread that may block.
    ///
    /// # Errors
    /// One and the same [`Invalid`] whatever was wrong.
    pub fn sign_in(
        &self,
        login: &str,
        password: &str,
        code: &str,
        device: &str,
    ) -> Result<[u8; 32], AppError> {
        let ctx = self.context(Actor::System);
        let now = ctx.now;
        let login = login.trim().to_owned();
        let account: Option<Account> = self.store.read(move |tx| tx.account_by_login(&login)).wait()?;
        // One at a time: a crowd at the door must not eat the memory.
        let fits = {
            let _turn = self.one_hash_at_a_time.lock();
            let hash = account.as_ref().map_or(self.no_password.as_str(), |a| a.password.as_str());
            password_fits(password, hash)
        };
        let Some(account) = account else { return Err(wrong()) };
        if account.locked_until > now {
            return Err(wrong());
        }
        let step = self
            .keys
            .open_own(account.id, "totp", &account.totp)
            .and_then(|secret| totp_step(&secret, code, self.clock.pocket()));
        let token: [u8; 32] = ctx.bytes();
        let hash: [u8; 32] = Sha256::digest(token).into();
        let device: String = device.chars().take(120).collect();
        let id = account.id;
        let (Some(step), true) = (step, fits) else {
            let until = now + rest(account.failures);
            self.store.write(move |tx| tx.sign_in_failed(id, until)).wait()?;
            return Err(wrong());
        };
        let begun = self
            .store
            .write(move |tx| {
                // The same one-time code twice is a replay.
                if !tx.signed_in(id, step)? {
                    return Ok::<_, AppError>(false);
                }
                tx.begin_session(&hash, id, now, now + IDLE, &device)?;
                let body = serde_json::json!({ "event": "signed_in", "device": device });
                tx.append_next(
                    store::events::Subject::Staff(id.0),
                    now,
                    Actor::Staff { id, unit: None },
                    &body.to_string(),
                )?;
                Ok(true)
            })
            .wait()?;
        if begun { Ok(token) } else { Err(wrong()) }
    }

    /// Who a session's token belongs to; `None` if it has ended.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn who(&self, token: &[u8; 32]) -> Result<Option<Who>, AppError> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let now = self.clock.now();
        let session = self.store.glance(move |tx| Ok::<_, AppError>(tx.session(&hash)?)).await?;
        let Some(session) = session.filter(|s| s.ends_at > now) else { return Ok(None) };
        if now.duration_since(session.seen_at) > SEEN_EVERY {
            let ends = (now + IDLE).min(session.started_at + LONGEST);
            // A store that cannot be written just now is no reason to send somebody away from reading.
            let seen =
                self.store.write(move |tx| Ok::<_, AppError>(tx.session_seen(&hash, now, ends)?)).await;
            if let Err(error) = seen {
                tracing::warn!(%error, "a session's use was not noted");
            }
        }
        let grants = self.directory().grants(session.staff).to_vec();
        Ok(Some(Who { staff: session.staff, name: session.name, grants, session: hash }))
    }

    /// A person's own sessions.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sessions(&self, who: &Who) -> Result<Vec<ListedSession>, AppError> {
        let (staff, now) = (who.staff, self.clock.now());
        self.store.read(move |tx| Ok(tx.sessions(staff, now)?)).await
    }

    /// Ends one of a person's own sessions.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if it is not there, or not theirs.
    pub async fn end_session(&self, who: &Who, session: Vec<u8>) -> Result<(), AppError> {
        let staff = who.staff;
        let ended = self.store.write(move |tx| Ok::<_, AppError>(tx.end_session(staff, &session)?)).await?;
        if ended { Ok(()) } else { Err(AppError::NotFound) }
    }
}

impl App {
    /// Ends all of a person's own sessions but the one in use.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end_other_sessions(&self, who: &Who) -> Result<(), AppError> {
        let (staff, keep) = (who.staff, who.session);
        self.store.write(move |tx| Ok::<_, AppError>(tx.end_other_sessions(staff, &keep)?)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 appendix B, the last six digits.
    #[test]
    fn the_second_factor_is_that_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let at = Timestamp::from_second(at).unwrap();
            assert_eq!(totp_at(secret, at).unwrap(), code);
            assert!(totp_step(secret, code, at).is_some());
            assert!(totp_step(secret, &format!("{} {}", &code[..3], &code[3..]), at).is_some());
            assert_eq!(totp_step(secret, code, at + SignedDuration::from_secs(90)), None);
        }
    }

    /// Where there is no account the check takes the same work, and ends the same way.
    #[test]
    fn a_hash_that_no_password_fits() {
        let (none, one) = (no_password().unwrap(), hash_password("x", &[7; 16]).unwrap());
        let work = |hash: &str| {
            let h = PasswordHash::new(hash).unwrap();
            (
                h.algorithm.to_string(),
                h.version,
                h.params.to_string(),
                h.salt.unwrap().len(),
                h.hash.unwrap().len(),
            )
        };
        assert_eq!(work(&none), work(&one));
        assert!(password_fits("x", &one) && !password_fits("y", &one));
        assert!(!password_fits("", &none) && !password_fits("x", &none));
    }

    #[test]
    fn an_account_rests_longer_each_time() {
        let rests: Vec<i64> = [0, 3, 4, 5, 8, 40].into_iter().map(|f| rest(f).as_secs()).collect();
        assert_eq!(rests, [0, 0, 15, 30, 240, 900]);
    }

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash_password("南昌路 178", &[3; 16]).unwrap();
        assert!(password_fits("南昌路 178", &hash));
        assert!(!password_fits("南昌路 179", &hash));
    }
}
