//! Pages for when something cannot be shown, each with what to do now.

use super::Frame;
use crate::view::icons;
use askama::Template;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No such page (404).
    NotFound,
    /// A tracking link that is not ours (404).
    DeadLink,
    /// Too many reports from here; to be tried again in so many minutes (429).
    TooMany {
        /// At least 1.
        minutes: u32,
    },
    /// What was sent is too large (413).
    TooLarge,
    /// What was sent cannot be read (400, 415, 422).
    BadRequest,
    /// Our fault (500, 503); the reference stands in the log.
    Error {
        /// A short one that can be read aloud.
        reference: String,
    },
    /// Down on purpose (503).
    Maintenance {
        /// When it will be back, as people say it, if that is known.
        until: Option<String>,
    },
}

/// A page that says what went wrong and what to do.
#[derive(Debug, Clone, Template)]
#[template(path = "resident/trouble.html")]
pub struct TroublePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What went wrong.
    pub trouble: Trouble,
}

impl TroublePage {
    fn title(&self) -> &'static str {
        let t = self.frame.lang;
        match self.trouble {
            Trouble::NotFound => t.not_found_title(),
            Trouble::DeadLink => t.link_dead_title(),
            Trouble::TooMany { .. } => t.too_many_title(),
            Trouble::TooLarge => t.too_large_title(),
            Trouble::BadRequest => t.bad_request_title(),
            Trouble::Error { .. } => t.error_title(),
            Trouble::Maintenance { .. } => t.maintenance_title(),
        }
    }

    fn text(&self) -> String {
        let t = self.frame.lang;
        match &self.trouble {
            Trouble::NotFound => t.not_found().into(),
            Trouble::DeadLink => t.link_dead().into(),
            Trouble::TooMany { minutes } => t.too_many(minutes),
            Trouble::TooLarge => t.too_large().into(),
            Trouble::BadRequest => t.bad_request().into(),
            Trouble::Error { reference } => t.error_text(reference),
            Trouble::Maintenance { until: Some(until) } => t.maintenance(until),
            Trouble::Maintenance { until: None } => t.maintenance_soon().into(),
        }
    }
}
