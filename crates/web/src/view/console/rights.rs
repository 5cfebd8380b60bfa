//! Rights: accounts, their roles, giving and taking them.

use super::{Choice, Frame};
use crate::view::{FieldError, icons};
use askama::Template;

/// `GET /console/rights?q=`. Forms: `POST /console/rights/{id}/give` (`role`, `place`, `unit`), `…/take` (the
/// same), `…/invite`, `…/factor`, `…/end`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/rights.html")]
pub struct RightsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What was searched for.
    pub q: String,
    /// Accounts, fifty at most.
    pub accounts: Vec<AccountRow>,
    /// The roles that can be given.
    pub roles: Vec<Choice>,
    /// What is told once: what it is and whose, and the secret itself.
    pub secret: Option<(String, String)>,
    /// What is wrong with a form.
    pub errors: Vec<FieldError>,
}

/// One account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountRow {
    /// Its number.
    pub id: i64,
    /// What its owner types.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Its roles.
    pub grants: Vec<GrantRow>,
}

/// One role of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantRow {
    /// In words: "dispatcher · Yinxing Precinct".
    pub told: String,
    /// The role's key.
    pub role: String,
    /// The place's number, or nothing.
    pub place: String,
    /// The unit's number, or nothing.
    pub unit: String,
}
