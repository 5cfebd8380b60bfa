//! "This should not be asked of me": from every page of the console to the office that lightens the burden.

use super::Frame;
use crate::view::{FieldError, error_of, icons};
use askama::Template;

/// `GET /console/burden?page=` and `POST /console/burden` with `page`, `text`, `minutes`, `once`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/burden.html")]
pub struct BurdenPage {
    /// What surrounds it.
    pub frame: Frame,
    /// A fresh nonce.
    pub once: String,
    /// The page that the person came from.
    pub page: String,
    /// What was typed.
    pub text: String,
    /// How many minutes it costs, as typed.
    pub minutes: String,
    /// It has just been sent.
    pub sent: bool,
    /// What is wrong; field `text`.
    pub errors: Vec<FieldError>,
    /// What this person sent before, newest first.
    pub mine: Vec<BurdenItem>,
}

/// One that was sent, and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BurdenItem {
    /// When.
    pub when: String,
    /// About which page.
    pub page: String,
    /// What.
    pub text: String,
    /// What the office answered.
    pub answer: Option<String>,
}

impl BurdenPage {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
