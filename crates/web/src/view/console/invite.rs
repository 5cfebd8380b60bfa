//! The link that makes an account its owner's.

use crate::view::{FieldError, error_of, icons};
use crate::words::Lang;
use askama::Template;

/// `GET` and `POST /invite/{token}` with `password`, `again`, `secret`, `totp`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/invite.html")]
pub struct InvitePage {
    /// The language.
    pub lang: Lang,
    /// The district's name in that language.
    pub district: String,
    /// The secret part of the link, as in the address.
    pub token: String,
    /// What the person will type; empty where the link is no longer good.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The secret of the second factor, as authenticators take it.
    pub secret: String,
    /// What is wrong; fields `password`, `again`, `totp`.
    pub errors: Vec<FieldError>,
}

impl InvitePage {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    /// The secret in groups of four, to be typed.
    fn groups(&self) -> Vec<&str> {
        self.secret.as_bytes().chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect()
    }
}
