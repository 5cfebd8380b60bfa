//! A field of a form: label, hint, error and box, always put together in the same way.

use crate::view::icons;
use askama::Template;

/// One field as it is drawn.
#[derive(Template)]
#[template(path = "console/field.html")]
pub(super) struct Field<'a> {
    pub(super) id: String,
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: &'a str,
    pub(super) value: &'a str,
    pub(super) error: Option<&'a str>,
    pub(super) shape: Shape<'a>,
}

/// What sort of box it has.
pub(super) enum Shape<'a> {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// A day, not before this one.
    Day { first: &'a str },
}

impl Field<'_> {
    /// The attributes that all boxes share.
    fn described(&self) -> String {
        let mut ids = vec![];
        if !self.hint.is_empty() {
            ids.push(format!("{}-h", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-e", self.id));
        }
        ids.join(" ")
    }
}
