//! The codes on the doors: found, printed, stopped, issued anew.

use super::{Choice, Frame};
use crate::view::icons;
use crate::words::Lang;
use askama::Template;
use domain::codes::CodeKind;

/// `GET /console/codes?q=&place=`. Forms: `POST /console/codes/print` (`place`),
/// `POST /console/codes/{doorway}/{kind}/revoke` (`reason`), `POST /console/codes/{doorway}/{kind}/reissue`;
/// one notice is `GET /console/codes/{doorway}.pdf`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/codes.html")]
pub struct CodesPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What was searched for.
    pub q: String,
    /// Places that can be looked at or printed as a whole.
    pub places: Vec<Choice>,
    /// One page of doorways.
    pub rows: Vec<DoorRow>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
    /// The address of the list as a spreadsheet.
    pub export: String,
    /// Print runs, newest first.
    pub runs: Vec<PrintRun>,
    /// Scans of this month in the place that is shown, in sum only.
    pub scans: Option<u64>,
}

/// One doorway with its three codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoorRow {
    /// Its id.
    pub doorway: i64,
    /// Its full name.
    pub name: String,
    /// The number of its notice board.
    pub board: String,
    /// Whether the person may see its dwellings.
    pub dwellings: bool,
    /// Its codes, in the order of the notice.
    pub codes: Vec<CodeCell>,
}

/// One code of a doorway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCell {
    /// What it is for.
    pub kind: CodeKind,
    /// Which issue, 1 for the first.
    pub issue: u32,
    /// The day on which it was stopped, as people say it.
    pub stopped: Option<String>,
}

/// A batch of notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrintRun {
    /// What is printed: the place's name.
    pub what: String,
    /// When it was asked for.
    pub when: String,
    /// How many notices are done.
    pub done: u32,
    /// Of how many.
    pub total: u32,
    /// The address of the PDF, once it is there.
    pub href: Option<String>,
}

impl CodeCell {
    fn name(&self, t: &Lang) -> &'static str {
        match self.kind {
            CodeKind::Opinion => t.code_opinion(),
            CodeKind::Tenancy => t.code_tenancy(),
            CodeKind::Residency => t.code_residency(),
        }
    }
}
