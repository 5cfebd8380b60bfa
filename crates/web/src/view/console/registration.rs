//! The pages for registrations: `/console/registrations` and below.

use super::Frame;
use crate::view::{FieldError, error_of, icons};
use askama::Template;

/// One registration at a dwelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRow {
    /// Its number.
    pub no: i64,
    /// The number as it is read aloud.
    pub spoken: String,
    /// The name, masked.
    pub name: String,
    /// What it is: kind, from abroad, perhaps the same as another.
    pub line: String,
}

/// One dwelling to visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskVisit {
    /// Address and flat.
    pub place: String,
    /// When it is due, and whether it is late.
    pub due: (String, bool),
    /// What waits there.
    pub rows: Vec<DeskRow>,
    /// What to ask.
    pub questions: Vec<String>,
}

/// The verification desk.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/registrations.html")]
pub struct DeskPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The states to choose from: key, word, how many, whether shown.
    pub states: Vec<(&'static str, &'static str, u32, bool)>,
    /// Other pages of this part.
    pub links: Vec<(&'static str, &'static str)>,
    /// Whether what is listed waits to be verified.
    pub verify: bool,
    /// Whether the last step can be taken back.
    pub reopen: bool,
    /// Heading and visits: due within a day, then by route.
    pub groups: Vec<(&'static str, Vec<DeskVisit>)>,
    /// Whether there are more.
    pub more: bool,
}

/// One registration with its fields.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordPart {
    /// Its number.
    pub no: i64,
    /// Kind, number and state.
    pub title: String,
    /// The fields; empty once the content is deleted.
    pub rows: Vec<(String, String)>,
    /// Whether it waits to be verified.
    pub verify: bool,
    /// Whether the last step can be taken back.
    pub reopen: bool,
}

/// One record, opened.
#[derive(Clone, Template)]
#[template(path = "console/registration.html")]
pub struct RecordPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Address and flat.
    pub place: String,
    /// Where a purpose is to be stated first: the number. Then nothing else is shown.
    pub ask: Option<i64>,
    /// The household or letting.
    pub opened: Vec<RecordPart>,
    /// Others of the same flat.
    pub beside: Vec<RecordPart>,
    /// What to ask.
    pub questions: Vec<String>,
    /// What the rules of letting say: rule, word, why, law.
    pub rent: Vec<(&'static str, &'static str, String, String)>,
    /// Who looked.
    pub looks: Vec<String>,
    /// Why it may not have been verified: key, word.
    pub reasons: Vec<(&'static str, &'static str)>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl RecordPage {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// One receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number.
    pub no: i64,
    /// When, what, how many.
    pub title: String,
    /// To whom, and under which law.
    pub line: String,
    /// The digest, and the signature, in hex.
    pub digest: (String, String),
    /// What the authority answered.
    pub answered: Option<String>,
}

/// Hand-offs.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/hand_off.html")]
pub struct HandOffPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Both registrations: key, word, whether chosen.
    pub kinds: Vec<(&'static str, &'static str, bool)>,
    /// What was typed.
    pub authority: String,
    /// What was typed.
    pub basis: String,
    /// The newest receipts.
    pub receipts: Vec<ReceiptRow>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl HandOffPage {
    fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// One table of sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumTable {
    /// What it is.
    pub title: String,
    /// The headings of the columns.
    pub head: Vec<String>,
    /// The place, and its cells.
    pub rows: Vec<(String, Vec<String>)>,
}

/// Sums.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/registration_sums.html")]
pub struct SumsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is not shown.
    pub hint: String,
    /// The tables.
    pub tables: Vec<SumTable>,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormPart {
    /// Its key.
    pub key: &'static str,
    /// Which.
    pub title: &'static str,
    /// The version that is open, or that there is none.
    pub open: String,
    /// What it costs everybody together.
    pub cost: Option<String>,
    /// The fields of the draft: key, question, purpose and law, depth, asked now.
    pub fields: Vec<(String, String, String, &'static str, bool)>,
}

/// Forms, and their publication.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/registration_forms.html")]
pub struct FormsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Both forms.
    pub forms: Vec<FormPart>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}
