//! A doorway: what lies behind it, and what changes that.

use super::Frame;
use crate::view::{FieldError, error_of, icons};
use askama::Template;

/// `GET /console/doorways/{doorway}`. Forms post to `…/add` (`number`), `…/rename` (`dwelling`, `number`), `…/close` and
/// `…/reopen` (`dwelling`).
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/doorway.html")]
pub struct DoorwayPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Its id.
    pub doorway: i64,
    /// Its address.
    pub address: String,
    /// Where it lies, from the top down: name, and address of the page where the person may see it.
    pub path: Vec<(String, Option<String>)>,
    /// The number of its notice board.
    pub board: String,
    /// How many floors; 0 if unknown.
    pub floors: u32,
    /// How many dwellings the roster says.
    pub flats: u32,
    /// Whether its dwellings are listed, or supposed.
    pub listed: bool,
    /// Those that are there.
    pub open: Vec<DwellingLine>,
    /// Those that were closed.
    pub closed: Vec<DwellingLine>,
    /// The address of its codes, for who may see them.
    pub codes: Option<String>,
    /// The dwelling that was being renamed, and what was typed, when a form is given back; 0 for a new one.
    pub draft: Option<(i64, String)>,
    /// What is wrong; field `number`.
    pub errors: Vec<FieldError>,
}

/// One dwelling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DwellingLine {
    /// Its id.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Since when it is called so, or until when it was.
    pub since: String,
    /// What it was called before, each with its days.
    pub before: Vec<String>,
}

impl DoorwayPage {
    fn has_size(&self) -> bool {
        self.flats > 0
    }

    fn new_typed(&self) -> &str {
        self.typed(&0)
    }

    fn new_error(&self) -> Option<&str> {
        self.error(&0)
    }

    fn typed(&self, dwelling: &i64) -> &str {
        self.draft.as_ref().filter(|(d, _)| d == dwelling).map_or("", |(_, typed)| typed)
    }

    fn error(&self, dwelling: &i64) -> Option<&str> {
        self.draft.as_ref().filter(|(d, _)| d == dwelling).and_then(|_| error_of(&self.errors, "number"))
    }
}
