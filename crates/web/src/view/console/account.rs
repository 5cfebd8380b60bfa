//! One's own account: roles, and where one is signed in.

use super::Frame;
use crate::view::icons;
use askama::Template;

/// `GET /console/account`. A session is ended with `POST /console/account/sessions/{id}/end`, all others with
/// `POST /console/account/sessions/others/end`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/account.html")]
pub struct AccountPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The account's name.
    pub login: String,
    /// What the person is, and where: one line a grant.
    pub posts: Vec<String>,
    /// Where they are signed in, newest first.
    pub sessions: Vec<SessionRow>,
}

/// One session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id; not its secret.
    pub id: String,
    /// What it is used from, in words: "Chrome, Windows".
    pub device: String,
    /// When it began.
    pub since: String,
    /// When it was last used.
    pub last: String,
    /// The one that asks.
    pub here: bool,
}
