//! Drawing precincts: today, plans proposed, a draft.

use super::{Cell, Frame};
use crate::view::{FieldError, icons};
use askama::Template;

/// `GET /console/precincts`. Forms post to `…/search` (`committees_least`, `committees_most`, `residents_least`,
/// `residents_most`, `across`) and `…/drafts` (`name`, `source`).
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/precincts.html")]
pub struct PrecinctsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The map as SVG; empty where there is none.
    pub map: String,
    /// Whether it shows surveyed outlines.
    pub surveyed: bool,
    /// The rule, and today in a sentence.
    pub facts: Vec<String>,
    /// Every precinct.
    pub rows: Vec<PrecinctLine>,
    /// Gaps and overlaps: what, how to mend it, where.
    pub gaps: Vec<(String, String, Option<String>)>,
    /// The form for plans, for those who draw: the four bounds and whether precincts may cross.
    pub bounds: Option<([String; 4], bool)>,
    /// Searches before: what, how it stands, address.
    pub searches: Vec<(String, String, String)>,
    /// Drafts: name, how it stands, address.
    pub drafts: Vec<(String, String, String)>,
    /// Adopted plans: name, from when, address where it may be opened.
    pub adopted: Vec<(String, String, Option<String>)>,
    /// What is wrong; fields `committees`, `residents`, `name`.
    pub errors: Vec<FieldError>,
}

/// A precinct in a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrecinctLine {
    /// Its name.
    pub name: String,
    /// The letters that a jump leads to.
    pub anchor: String,
    /// Its neighbourhoods.
    pub members: Vec<String>,
    /// Residents, likeness, open cases, posts.
    pub residents: String,
    #[expect(missing_docs, reason = "named as the column")]
    pub likeness: String,
    #[expect(missing_docs, reason = "named as the column")]
    pub open: String,
    #[expect(missing_docs, reason = "named as the column")]
    pub posts: String,
    /// What is wrong with it, in words; empty where nothing is.
    pub wrong: String,
}

/// `GET /console/precincts/search/{id}`: plans side by side.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/precincts_search.html")]
pub struct SearchView {
    /// What surrounds it.
    pub frame: Frame,
    /// Its number.
    pub id: i64,
    /// What was asked.
    pub asked: String,
    /// How far it is, while it goes on.
    pub running: Option<String>,
    /// Whether the fault is ours.
    pub failed: bool,
    /// What cannot be done: a sentence each.
    pub refusals: Vec<String>,
    /// Bounds that would help: what the button says, and the bounds with it (five fields).
    pub ease: Vec<(String, [String; 4], bool)>,
    /// Plans: number from 0, title, map.
    pub plans: Vec<(usize, String, String)>,
    /// Figures: heading, today, then one a plan.
    pub figures: Vec<(&'static str, Vec<String>)>,
}

/// `GET /console/precincts/drafts/{id}`. Forms post to `…/{action}`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/precincts_draft.html")]
pub struct DraftView {
    /// What surrounds it.
    pub frame: Frame,
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Who opened it, and how it stands.
    pub facts: Vec<String>,
    /// The map as SVG.
    pub map: String,
    /// Whether it shows surveyed outlines.
    pub surveyed: bool,
    /// Whether it can be changed by this person now.
    pub edits: bool,
    /// Whether it is theirs.
    pub owns: bool,
    /// Whether something can be undone, and done again.
    pub undo: (bool, bool),
    /// Neighbourhoods to choose from, by precinct: heading, (number, name, chosen).
    pub choose: Vec<(String, Vec<ToChoose>)>,
    /// The chosen one, and where it could go.
    pub chosen: Option<(i64, String, Vec<PriceLine>)>,
    /// Likeness and faults today and in the draft: heading, today, draft.
    pub figures: Vec<(&'static str, String, String)>,
    /// Every precinct.
    pub rows: Vec<PrecinctLine>,
    /// Who moves, in a sentence; empty where nobody does.
    pub moves: String,
    /// Each of them.
    pub moving: Vec<Vec<Cell>>,
    /// Precincts that end.
    pub ending: Vec<String>,
    /// Notes: when and by whom, what.
    pub notes: Vec<(String, String)>,
    /// With whom it is shared: number, name, what they may do.
    pub shared: Vec<(i64, String, String)>,
    /// Colleagues to share it with.
    pub colleagues: Vec<(i64, String)>,
    /// What can be done with it: key and words.
    pub rights: Vec<(&'static str, String)>,
    /// The form to adopt it: the first day, the day typed, reasons asked for (number, label, typed).
    pub adopt: Option<(String, String, Vec<AskedReason>)>,
    /// Whether an adoption can be withdrawn.
    pub withdraws: bool,
    /// Reasons that were given.
    pub reasons: Vec<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A neighbourhood to choose: number, name, whether it is chosen.
pub type ToChoose = (i64, String, bool);
/// A reason that is asked for: the precinct's number, what is wrong with it, what was typed.
pub type AskedReason = (i64, String, String);

/// A precinct that a neighbourhood could go to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceLine {
    /// Its number.
    pub to: i64,
    /// What the button says.
    pub button: String,
    /// What it costs.
    pub price: String,
    /// What it would break.
    pub breaks: String,
    /// Whether it breaks something.
    pub bad: bool,
}

impl PrecinctsPage {
    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == field).map(|e| e.text.as_str())
    }
}

impl DraftView {
    fn at(&self) -> String {
        format!("/console/precincts/drafts/{}", self.id)
    }

    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|e| e.field == field).map(|e| e.text.as_str())
    }
}
