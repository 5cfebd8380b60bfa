//! What is reported most.

use super::Frame;
use crate::view::icons;
use askama::Template;

/// `GET /console/matters`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/matters.html")]
pub struct MattersPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The groups, the largest first.
    pub cards: Vec<MatterCard>,
}

/// Cases that speak of one matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MatterCard {
    /// The words that tell it from others.
    pub words: String,
    /// How many cases, people, open ones; since when and until when.
    pub facts: String,
    /// About what, and where.
    pub place: String,
    /// What the latest says.
    pub text: String,
    /// Its cases: number as said, address.
    pub cases: Vec<(String, String)>,
    /// Where a problem is opened with those that are open.
    pub open: Option<String>,
}
