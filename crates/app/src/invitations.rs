//! Invitations: a new account is its owner's from the first. Whoever makes it learns neither password nor second
//! factor, only a link that is good once and for a week.

use crate::accounts::{hash_password, totp_step};
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, may_somewhere};
use domain::{Actor, Context, StaffId};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::fmt;
use store::events::Subject;
use store::invitations::Invited;

/// How long a link is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The shortest password, in characters; with a second factor beside it (NIST SP 800-63B-4 asks for eight).
const SHORTEST: usize = 10;
/// The longest: more would only cost time.
const LONGEST: usize = 200;

/// A link for the owner of an account, told once.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What its owner types.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The secret part of the link, after `/invite/`.
    pub token: String,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation {{ login: {:?}, … }}", self.login)
    }
}

/// Whom an invitation welcomes, and the secret that it offers for their second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct Welcome {
    /// What they will type.
    pub login: String,
    /// Their name.
    pub name: String,
    /// A secret for their authenticator.
    pub secret: [u8; 20],
}

/// A token, and the hash that is kept of it.
pub(crate) fn new_token(ctx: &Context) -> (String, [u8; 32]) {
    let bytes: [u8; 16] = ctx.bytes();
    let token = bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let hash = hash_of(&token);
    (token, hash)
}

fn hash_of(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A password's hash that no password fits.
pub(crate) fn nobodys_password(ctx: &Context) -> Result<String, AppError> {
    let unguessable: [u8; 32] = ctx.bytes();
    let text: String = unguessable.iter().map(|b| format!("{b:02x}")).collect();
    hash_password(&text, &ctx.bytes())
}

/// Keeps an invitation and the event that says so.
pub(crate) fn keep(
    tx: &mut store::Tx<'_>,
    staff: StaffId,
    hash: &[u8; 32],
    ctx: &Context,
) -> Result<(), AppError> {
    tx.invite(hash, staff, ctx.now, ctx.now + GOOD_FOR)?;
    tx.append_next(Subject::Staff(staff.0), ctx.now, ctx.actor, r#"{"event":"account_invited"}"#)?;
    Ok(())
}

impl App {
    async fn invited(&self, token: &str) -> Result<Invited, AppError> {
        let (hash, now) = (hash_of(token), self.clock.now());
        self.store.read(move |tx| tx.invited(&hash, now)?.ok_or(AppError::NotFound)).await
    }

    /// Whom a link welcomes.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is no longer good, or never was.
    pub async fn welcome(&self, token: &str) -> Result<Welcome, AppError> {
        let found = self.invited(token).await?;
        let secret = self.context(Actor::System).bytes();
        Ok(Welcome { login: found.login, name: found.name, secret })
    }

    /// Makes an account its owner's: their password, and a second factor that they have shown to work. Does the
    /// work of a password hash: call it on a thread that may block.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a link that is no longer good; [`AppError::Invalid`] naming `password`, `again` or
    /// `totp`.
    pub fn take_invitation(
        &self,
        token: &str,
        password: &str,
        again: &str,
        secret: &[u8; 20],
        code: &str,
    ) -> Result<String, AppError> {
        let (hash, ctx) = (hash_of(token), self.context(Actor::System));
        let now = ctx.now;
        let found = self.store.read(move |tx| tx.invited(&hash, now)?.ok_or(AppError::NotFound)).wait()?;
        let long = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&long) || password.eq_ignore_ascii_case(&found.login) {
            return Err(Invalid::field(
                "password",
                format!("密码至少{SHORTEST}个字，不能和账号一样。"),
                format!("A password has at least {SHORTEST} characters and is not the login."),
            ));
        }
        if password != again {
            return Err(Invalid::field("again", "两次输入的密码不一样。", "The two passwords differ."));
        }
        let step = totp_step(secret, code, now).ok_or_else(|| {
            Invalid::field(
                "totp",
                "动态码不对；请核对密钥和手机时间，再输入现在显示的六位数。",
                "The one-time code is wrong; check the secret and the phone's clock, and type the six digits shown now.",
            )
        })?;
        let password = {
            let _turn = self.one_hash_at_a_time.lock();
            hash_password(password, &ctx.bytes())?
        };
        let sealed = self.keys.seal_own(found.staff, "totp", secret, &ctx)?;
        let actor = Actor::Staff { id: found.staff, unit: None };
        self.store
            .write(move |tx| {
                // Another tap of the same link may have been first.
                if tx.invited(&hash, now)?.is_none()
                    || !tx.take_invitation(found.staff, &password, &sealed, step, now)?
                {
                    return Err(AppError::NotFound);
                }
                let body = r#"{"event":"account_taken"}"#;
                tx.append_next(Subject::Staff(found.staff.0), now, actor, body)?;
                Ok(found.login)
            })
            .wait()
    }

    /// Invites the owner of an account anew: a lost password or telephone, or a link that ran out. Until the link
    /// is used the account stays as it is.
    ///
    /// # Errors
    /// Without the right, for oneself, or for an account that is not there.
    pub async fn invite(&self, who: &Who, whose: StaffId) -> Result<Invitation, AppError> {
        if !may_somewhere(&who.grants, Action::ManageStaff) {
            return Err(AppError::NotAllowed);
        }
        if who.staff == whose {
            return Err(Invalid::field("role", "不能给自己发邀请。", "Nobody invites themselves."));
        }
        let ctx = self.context(who.actor(None));
        let (token, hash) = new_token(&ctx);
        self.store
            .write(move |tx| {
                let account = tx.account_by_id(whose)?.ok_or(AppError::NotFound)?;
                keep(tx, whose, &hash, &ctx)?;
                Ok(Invitation { login: account.login, name: account.name, token })
            })
            .await
    }
}
