//! One-time codes to a telephone: six digits, ten minutes, five tries, and not more often than a person would.
//!
//! What is kept is a keyed digest, so a stolen database does not tell a code. How a code reaches a telephone is the
//! business of a [`CodeSender`]: a gateway in a real district, the page itself in the demo.

use crate::error::Invalid;
use crate::{App, AppError};
use domain::Context;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use store::Tx;

/// How long a code fits.
const FITS: SignedDuration = SignedDuration::from_mins(10);
/// The shortest time between two codes to one phone.
const BETWEEN: SignedDuration = SignedDuration::from_secs(60);
/// Codes to one phone within the hour.
const MOST_SENT: u32 = 5;
/// Wrong tries before a code is worth nothing.
const MOST_TRIES: u32 = 5;

/// A code did not go out; never with the number or the code in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the code was not sent: {0}")]
pub struct NotSent(pub String);

/// Whatever carries a code to a telephone.
pub trait CodeSender: Send + Sync {
    /// Whether there is a way at all. Without one no code is asked for, and the collector checks the telephone at the
    /// visit.
    fn is_there(&self) -> bool {
        true
    }

    /// Sends a code to a mobile number. Blocks; must log neither.
    ///
    /// # Errors
    /// When it was not taken.
    fn send(&self, phone: &str, code: &str) -> Result<(), NotSent>;

    /// The code that was sent to a number last, to be shown on the page: in the demo alone.
    fn shown(&self, _phone: &str) -> Option<String> {
        None
    }
}

/// No way to send anything.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoSender;

impl CodeSender for NoSender {
    fn is_there(&self) -> bool {
        false
    }

    fn send(&self, _: &str, _: &str) -> Result<(), NotSent> {
        Err(NotSent("no gateway for text messages is set up".into()))
    }
}

/// The demo's: the page shows what a telephone would.
#[derive(Default)]
pub struct ShownCodes(Mutex<HashMap<String, String>>);

impl CodeSender for ShownCodes {
    fn send(&self, phone: &str, code: &str) -> Result<(), NotSent> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > 10_000 {
            all.clear();
        }
        all.insert(phone.to_owned(), code.to_owned());
        Ok(())
    }

    fn shown(&self, phone: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(phone).cloned()
    }
}

/// Six digits from unguessable bytes.
fn six_digits(ctx: &Context) -> String {
    let n = u64::from_be_bytes(ctx.bytes()) % 1_000_000;
    format!("{n:06}")
}

fn message(phone: &str, code: &str) -> Vec<u8> {
    format!("{phone}/{code}").into_bytes()
}

impl App {
    /// Draws a code for a phone and keeps its digest; returns it for the sender. `None` if there went one out just
    /// before: that one fits.
    pub(crate) fn draw_code(
        &self,
        tx: &mut Tx<'_>,
        phone: &str,
        ctx: &Context,
    ) -> Result<Option<String>, AppError> {
        let ix = self.keys.index("phone", phone);
        let before = tx.phone_code(&ix)?;
        let mut sent = 0;
        if let Some(w) = &before {
            let since = ctx.now.duration_since(w.sent_at);
            if since < BETWEEN && w.tries == 0 {
                return Ok(None);
            }
            if since < SignedDuration::from_hours(1) {
                sent = w.sent;
            }
            if sent >= MOST_SENT {
                return Err(Invalid::field(
                    "code",
                    "验证码发得太多了，请过一小时再试，或者打电话给居委会。",
                    "Too many codes were sent; try again in an hour, or ring the committee.",
                ));
            }
        }
        let code = six_digits(ctx);
        let digest = self.keys.mac("phone-code", &message(phone, &code));
        // Kept an hour, so that a new one remembers how many there were; it fits for ten minutes.
        let ends = ctx.now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MAX);
        tx.keep_phone_code(&ix, &digest, ctx.now, ends, sent + 1)?;
        Ok(Some(code))
    }

    /// Whether a code fits; a wrong one is counted. The transaction must be kept either way.
    pub(crate) fn try_code(
        &self,
        tx: &mut Tx<'_>,
        phone: &str,
        typed: &str,
        now: Timestamp,
    ) -> Result<bool, AppError> {
        let ix = self.keys.index("phone", phone);
        let Some(w) = tx.phone_code(&ix)? else { return Ok(false) };
        let typed: String = typed
            .chars()
            .filter_map(|c| {
                c.to_digit(10).map(|d| d.to_string()).or_else(|| {
                    // Full-width digits, as some keyboards send them.
                    ('０'..='９').contains(&c).then(|| (u32::from(c) - u32::from('０')).to_string())
                })
            })
            .collect();
        let fits = w.tries < MOST_TRIES
            && now.duration_since(w.sent_at) <= FITS
            && self.keys.is_mac("phone-code", &message(phone, &typed), &w.code);
        if fits {
            tx.phone_code_used(&ix)?;
        } else {
            tx.phone_code_tried(&ix)?;
        }
        Ok(fits)
    }

    /// Hands a code to the sender, on a thread that may block.
    pub(crate) async fn send_code(&self, phone: String, code: Option<String>) -> Result<(), AppError> {
        let Some(code) = code else { return Ok(()) };
        let sender = self.sender();
        let sent = match tokio::runtime::Handle::try_current() {
            Ok(runtime) => runtime
                .spawn_blocking(move || sender.send(&phone, &code))
                .await
                .unwrap_or_else(|_| Err(NotSent("the sender failed".into()))),
            Err(_) => sender.send(&phone, &code),
        };
        sent.map_err(|error| {
            tracing::warn!(%error, "a one-time code did not go out");
            Invalid::field(
                "code",
                "验证码没有发出去，请过一会儿再试，或者打电话给居委会。",
                "The code did not go out; try again in a while, or ring the committee.",
            )
        })
    }
}

/// What is said of a code that does not fit.
pub(crate) fn wrong_code() -> AppError {
    Invalid::field(
        "code",
        "验证码不对，或者过了时间；请核对，或者再要一个。",
        "The code is wrong, or its time is over; check it, or ask for another.",
    )
}
