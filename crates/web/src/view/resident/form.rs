//! The report form behind a door code: `GET` and `POST /q/{code}`.

use super::Frame;
use crate::view::{FieldError, error_of, icons};
use askama::Template;
use domain::cases::Kind;

/// The form, empty, or given back with errors, or given back with open cases that look alike.
///
/// Posts to `/q/{code}`, as multipart where a photo may be sent and URL-encoded otherwise. Fields: `text`,
/// `where`, `kind` ([`Kind::key`] or nothing), `contact`, `photo`, `once`, and `join` with the number of an
/// open case where somebody pressed "me too" (the other fields then hold what they had typed). `look=1`
/// says that there are open cases to look at before it is sent; `checked=1` comes with the second press after [`ReportForm::check`], so that nobody is asked twice.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "resident/form.html")]
pub struct ReportForm {
    /// What surrounds it.
    pub frame: Frame,
    /// The code that was scanned, as in the address.
    pub code: String,
    /// The place in full: "天平街道 太原居民区 太原路25弄3号".
    pub place: String,
    /// The number of the notice board, where it has one.
    pub board: Option<String>,
    /// A fresh nonce: the same one twice is the same report.
    pub once: String,
    /// What was typed, when the form is given back.
    pub input: ReportInput,
    /// Whether whoever leaves a mobile number gets messages.
    pub texts: bool,
    /// What is wrong, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// Open cases of this doorway, newest or most alike first; a handful.
    pub similar: Vec<SimilarCase>,
    /// Given back before sending, because `similar` look like what was typed.
    pub check: bool,
    /// Whether a photo may be sent.
    pub photo: bool,
}

/// What somebody typed into the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of the form")]
pub struct ReportInput {
    pub text: String,
    pub place_detail: String,
    pub contact: String,
    pub kind: Option<Kind>,
}

/// An open case at the same place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimilarCase {
    /// Its number, as `join` sends it.
    pub no: i64,
    /// What was said, masked; a sentence or two.
    pub text: String,
    /// When, as people say it.
    pub when: String,
    /// How many people said it.
    pub voices: u32,
    /// What it and what was typed both say; empty before anything was.
    pub shared: String,
    /// Where it stands, in words ([`super::headline`]).
    pub stands: String,
}

impl ReportForm {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }

    fn kinds(&self) -> [(&'static str, &'static str, bool); 4] {
        let t = self.frame.lang;
        [
            (Kind::Complaint, t.kind_complaint()),
            (Kind::Help, t.kind_help()),
            (Kind::Opinion, t.kind_opinion()),
            (Kind::Question, t.kind_question()),
        ]
        .map(|(kind, word)| (kind.key(), word, self.input.kind == Some(kind)))
    }
}
