//! How well texts are read: a month in figures, and what was learnt.

use super::{Frame, Tool};
use crate::view::icons;
use askama::Template;

/// `GET /console/reading`. Forms post to `/console/reading/{case}/forget`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/reading.html")]
pub struct ReadingPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The month, in words.
    pub month: String,
    /// Earlier and later months: text and address.
    pub months: Vec<(String, String)>,
    /// What can be done with the page.
    pub tools: Vec<Tool>,
    /// The month in sentences.
    pub facts: Vec<String>,
    /// A subject a row: name, cases, agreed, share of agreed, unsure, given back.
    pub rows: Vec<[String; 6]>,
    /// What was learnt, newest first.
    pub learnt: Vec<Learnt>,
    /// How much more was learnt than is shown, in words.
    pub more: Option<String>,
}

/// One correction that is heeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learnt {
    /// The case as it is spoken.
    pub no: String,
    /// Its number in addresses.
    pub case: String,
    /// When.
    pub when: String,
    /// From which subject to which.
    pub change: String,
    /// The text.
    pub text: String,
}
