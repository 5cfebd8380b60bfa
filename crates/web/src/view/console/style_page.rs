//! The components, living, each with its states: what is changed in the sheet of tokens is seen here first.

use super::frame::Frame;
use super::row::{Due, Level};
use crate::view::icons;
use askama::Template;

/// `GET /style`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/style.html")]
pub struct StylePage {
    /// What surrounds it.
    pub frame: Frame,
}

impl StylePage {
    /// The tokens of colour, each shown by a class of its own.
    fn colours(&self) -> [&'static str; 12] {
        ["bg", "card", "ink", "soft", "line", "edge", "act", "on", "tint", "soon", "late", "mark"]
    }

    fn dues(&self) -> [Due; 3] {
        let t = self.frame.lang;
        let due = |left: String, level| Due { left, level, ..Due::default() };
        [
            due(t.due_left(t.pick("2天", "2 days")), Level::Calm),
            due(t.due_left(t.pick("3小时", "3 hours")), Level::Soon),
            due(t.due_over(t.pick("1天", "1 day")), Level::Late),
        ]
    }
}
