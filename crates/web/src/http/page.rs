//! What goes out: pages with the headers that keep them safe, and the page for when something cannot be had.

use super::fields::{Fields, Unreadable};
use super::visitor::Visitor;
use crate::Web;
use crate::view::Template;
use crate::view::resident::{Frame, Trouble, TroublePage};
use crate::words::Lang;
use app::AppError;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use base64::Engine as _;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

pub(crate) type Reply = Response<axum::body::Body>;

/// The policy of a resident's page: nothing but its own style and a picture in line.
static RESIDENT_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| resident_policy(""));

/// The same for the form of a registration: its own script as well, which asks this very service.
static REGISTER_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    resident_policy(&format!(
        "script-src 'sha256-{}'; connect-src 'self'; ",
        hash(crate::style::register_js())
    ))
});

fn hash(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text))
}

fn resident_policy(besides: &str) -> HeaderValue {
    HeaderValue::try_from(format!(
        "default-src 'none'; {besides}style-src 'sha256-{}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        hash(crate::style::resident())
    ))
    .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
}

const CONSOLE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

fn html(status: StatusCode, body: String, policy: HeaderValue) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    h.insert(CONTENT_SECURITY_POLICY, policy);
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    h.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    reply
}

/// A resident's page.
pub(crate) fn resident(status: StatusCode, page: &impl Template) -> Reply {
    match page.render() {
        Ok(body) => html(status, body, RESIDENT_POLICY.clone()),
        Err(error) => unrendered(&error),
    }
}

/// The form of a registration, with its script.
pub(crate) fn register(status: StatusCode, page: &impl Template) -> Reply {
    match page.render() {
        Ok(body) => html(status, body, REGISTER_POLICY.clone()),
        Err(error) => unrendered(&error),
    }
}

/// A sentence for a script, or nothing.
pub(crate) fn sentence(text: String) -> Reply {
    let mut reply = Response::new(text.into());
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    h.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

/// A page of the console.
pub(crate) fn console(status: StatusCode, page: &impl Template) -> Reply {
    match page.render() {
        Ok(body) => html(status, body, CONSOLE_POLICY),
        Err(error) => unrendered(&error),
    }
}

pub(crate) fn unrendered(error: &askama::Error) -> Reply {
    tracing::error!(%error, "a page could not be rendered");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Sends the browser on, after a form was taken.
pub(crate) fn see_other(to: &str) -> Reply {
    let mut reply = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::try_from(to) {
        reply.headers_mut().insert(LOCATION, to);
    }
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// The language that a form which was given back is asked for in: it is shown again, and nothing is saved.
pub(crate) fn relang(fields: &Fields) -> Option<Lang> {
    Lang::from_key(fields.text("relang"))
}

/// Adds a cookie to a reply.
pub(crate) fn with_cookie(mut reply: Reply, cookie: &str) -> Reply {
    if let Ok(value) = HeaderValue::try_from(cookie) {
        reply.headers_mut().append(SET_COOKIE, value);
    }
    reply
}

impl Web {
    /// Keeps a choice of language with the page that it was made on.
    pub(crate) fn keep_language(&self, reply: Reply, lang: Lang) -> Reply {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax{}", lang.key(), self.secure());
        with_cookie(reply, &cookie)
    }

    /// What surrounds a resident's page.
    pub(crate) fn frame(&self, v: &Visitor) -> Frame {
        let d = self.app.directory();
        Frame {
            lang: v.lang,
            elder: v.elder,
            district: v.lang.pick(&d.zh, &d.en).clone(),
            helpline: d.helpline.clone(),
            relang: None,
        }
    }

    /// The page for when something cannot be had.
    pub(crate) fn trouble(&self, v: &Visitor, trouble: Trouble) -> Reply {
        let status = match trouble {
            Trouble::NotFound | Trouble::DeadLink => StatusCode::NOT_FOUND,
            Trouble::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Trouble::BadRequest => StatusCode::BAD_REQUEST,
            Trouble::Error { .. } | Trouble::Maintenance { .. } => StatusCode::SERVICE_UNAVAILABLE,
        };
        let wait = if let Trouble::TooMany { minutes } = &trouble { Some(minutes * 60) } else { None };
        let mut reply = resident(status, &TroublePage { frame: self.frame(v), trouble });
        if let Some(seconds) = wait {
            reply.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        reply
    }

    /// The page for a form that could not be read.
    pub(crate) fn unreadable(&self, v: &Visitor, why: Unreadable) -> Reply {
        match why {
            Unreadable::TooLarge => self.trouble(v, Trouble::TooLarge),
            Unreadable::Broken => self.trouble(v, Trouble::BadRequest),
            Unreadable::Crowded => self.trouble(v, Trouble::TooMany { minutes: 1 }),
            Unreadable::Kind | Unreadable::Slow => {
                let mut reply = self.trouble(v, Trouble::BadRequest);
                *reply.status_mut() = if why == Unreadable::Slow {
                    StatusCode::REQUEST_TIMEOUT
                } else {
                    StatusCode::UNSUPPORTED_MEDIA_TYPE
                };
                reply
            }
        }
    }

    /// The page for what the program could not do, logged under a reference that can be read aloud.
    pub(crate) fn failed(&self, v: &Visitor, error: &AppError) -> Reply {
        match error {
            AppError::NotFound => self.trouble(v, Trouble::NotFound),
            AppError::Store(_) | AppError::Keys(_) => {
                let reference = self.reference();
                tracing::error!(reference, %error, path = v.uri.path(), "a request failed");
                self.trouble(v, Trouble::Error { reference })
            }
            _ => self.trouble(v, Trouble::BadRequest),
        }
    }

    /// Six letters that name one failure in the log.
    pub(crate) fn reference(&self) -> String {
        let bytes: [u8; 6] = self.app.context(domain::Actor::System).bytes();
        bytes.iter().map(|b| char::from(b"23456789ABCDEFGHJKMNPQRSTVWXYZ"[usize::from(*b) % 30])).collect()
    }

    /// Sixteen unguessable bytes as hex: the nonce of a form.
    pub(crate) fn nonce(&self) -> String {
        let bytes: [u8; 16] = self.app.context(domain::Actor::System).bytes();
        hex(&bytes)
    }
}

/// Bytes as hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        for half in [b >> 4, b & 15] {
            out.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        out
    })
}

/// Hex as bytes, exactly `N` of them.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.is_ascii() {
        return None;
    }
    let mut out = [0; N];
    for (i, slot) in out.iter_mut().enumerate() {
        *slot = u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).ok()?;
    }
    Some(out)
}
