//! A slip of paper or a telephone call, typed in within a minute: the resident's form with a place to find.

use super::{Choice, Frame, Similar};
use crate::view::{FieldError, error_of, icons};
use crate::words::Lang;
use askama::Template;
use domain::cases::{Channel, Kind};

/// `GET` and `POST /console/new`. Fields: `csrf`, `once`, `channel` (a key), `q` (what is searched for),
/// `doorway` (an id), `place` (a neighbourhood's id, where there is no doorway), and as on the resident's form
/// `text`, `where`, `kind`, `contact`. The button `find` asks only for doorways to be looked up, `join` adds a
/// voice to an open case, `checked=1` comes with the second press after [`NewCase::check`].
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/new.html")]
pub struct NewCase {
    /// What surrounds it.
    pub frame: Frame,
    /// A fresh nonce: the same one twice is the same report.
    pub once: String,
    /// How it came in; the telephone if nothing is said.
    pub channel: Option<Channel>,
    /// The doorways found for `hits.q`.
    pub hits: DoorwayHits,
    /// The person's neighbourhoods, for what is at no doorway.
    pub places: Vec<Choice>,
    /// What was typed.
    pub input: crate::view::resident::ReportInput,
    /// What is wrong; fields `doorway`, `text`, `where`, `contact`.
    pub errors: Vec<FieldError>,
    /// Open cases at that place that look alike.
    pub similar: Vec<Similar>,
    /// Given back before saving, because of `similar`.
    pub check: bool,
}

/// The doorways found while typing: `GET /console/doorways?q=` answers with this fragment.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/doorways.html")]
pub struct DoorwayHits {
    /// The language.
    pub lang: Lang,
    /// What was searched for.
    pub q: String,
    /// What was found: the doorway's id, and its full name. A dozen at most.
    pub hits: Vec<Choice>,
}

impl NewCase {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    fn channels(&self) -> [(&'static str, &'static str, bool); 3] {
        let t = self.frame.lang;
        let chosen = self.channel.unwrap_or(Channel::Phone);
        [Channel::Phone, Channel::Paper, Channel::Visit]
            .map(|c| (c.key(), t.pick(c.zh(), c.en()), c == chosen))
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let t = self.frame.lang;
        Kind::ALL.iter().map(|k| (k.key(), t.pick(k.zh(), k.en()), self.input.kind == Some(*k))).collect()
    }
}

/// What can be wrong with the forms of the console, beyond what is wrong with a resident's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffWrong {
    /// Neither doorway nor neighbourhood.
    NoPlace,
    /// This field is empty.
    Missing(&'static str),
    /// "This should not be asked of me" without saying what.
    BurdenMissing,
}

impl StaffWrong {
    /// The error in the language of the page.
    pub fn tell(self, t: Lang) -> FieldError {
        match self {
            StaffWrong::NoPlace => FieldError { field: "doorway", text: t.error_doorway_missing().into() },
            StaffWrong::Missing(field) => FieldError { field, text: t.error_missing().into() },
            StaffWrong::BurdenMissing => FieldError { field: "text", text: t.error_burden_missing().into() },
        }
    }
}

/// What is said on top after a case was saved.
pub fn saved_words(no: domain::CaseNo, t: Lang) -> String {
    t.new_saved(no.spoken())
}
