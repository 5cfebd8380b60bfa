//! Pages for staff when something cannot be shown or done.

use super::Frame;
use askama::Template;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffTrouble {
    /// Outside the person's role or territory (403).
    Forbidden,
    /// No such page or number (404).
    NotFound,
    /// A colleague changed the case in between (409).
    Conflict {
        /// The case's address.
        href: String,
    },
    /// The form's token is no longer good (403).
    Stale,
    /// Our fault (500, 503).
    Error {
        /// A short one that stands in the log.
        reference: String,
    },
}

/// A page that says what went wrong and what to do.
#[derive(Debug, Clone, Template)]
#[template(path = "console/trouble.html")]
pub struct StaffTroublePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What went wrong.
    pub trouble: StaffTrouble,
    /// What the person had typed, given back to them.
    pub typed: Vec<String>,
}

impl StaffTroublePage {
    fn title(&self) -> &'static str {
        let t = self.frame.lang;
        match self.trouble {
            StaffTrouble::Forbidden => t.staff_forbidden_title(),
            StaffTrouble::NotFound => t.staff_not_found_title(),
            StaffTrouble::Conflict { .. } => t.staff_conflict_title(),
            StaffTrouble::Stale => t.staff_stale_title(),
            StaffTrouble::Error { .. } => t.staff_error_title(),
        }
    }

    fn text(&self) -> String {
        let t = self.frame.lang;
        match &self.trouble {
            StaffTrouble::Forbidden => t.staff_forbidden().into(),
            StaffTrouble::NotFound => t.staff_not_found().into(),
            StaffTrouble::Conflict { .. } => t.staff_conflict().into(),
            StaffTrouble::Stale => t.staff_stale().into(),
            StaffTrouble::Error { reference } => t.staff_error(reference),
        }
    }

    fn case(&self) -> Option<&str> {
        match &self.trouble {
            StaffTrouble::Conflict { href, .. } => Some(href),
            _ => None,
        }
    }
}
