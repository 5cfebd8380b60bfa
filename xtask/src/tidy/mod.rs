//! What the house's rules say and neither the compiler nor a lint can: one file a check.
//!
//! A check is a pure function from the [`Tree`] to [`Finding`]s, so that its tests hand it a tree of
//! two or three bad files. To add one: a file here with `pub(super) fn check(&Tree) -> Vec<Finding>`, a
//! test with a bad fixture, and a line in [`CHECKS`].

pub(crate) mod alarms;
pub(crate) mod assets;
mod dependencies;
mod formalism;
mod ignored;
mod layers;
mod length;
mod manifest;
pub(crate) mod migrations;
mod places;
pub(crate) mod precincts;
mod source;
pub(crate) mod states;
mod templates;
mod words;

use std::fmt;

use crate::tree::Tree;

/// One thing that a check noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, from the workspace root.
    path: String,
    /// Counted from 1; 0 where the finding is about the file as a whole.
    line: usize,
    /// What is wrong and how to mend it, in a sentence.
    message: String,
    /// A warning is shown and does not fail the check.
    warning: bool,
}

impl Finding {
    fn error(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into(), warning: false }
    }

    fn warning(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { warning: true, ..Self::error(path, line, message) }
    }

    /// Whether this finding fails its check.
    pub(crate) fn is_error(&self) -> bool {
        !self.warning
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "warning" } else { "error" };
        match self.line {
            0 => write!(f, "{kind}: {}: {}", self.path, self.message),
            line => write!(f, "{kind}: {}:{line}: {}", self.path, self.message),
        }
    }
}

/// A check and the name that the summary gives it.
pub(crate) struct Check {
    /// One word, as printed.
    pub(crate) name: &'static str,
    /// Looks at the tree; an empty answer is a clean bill.
    pub(crate) run: fn(&Tree) -> Vec<Finding>,
}

/// Every check, in the order they are run.
pub(crate) const CHECKS: &[Check] = &[
    Check { name: "layers", run: layers::check },
    Check { name: "dependencies", run: dependencies::check },
    Check { name: "migrations", run: migrations::check },
    Check { name: "words", run: words::check },
    Check { name: "templates", run: templates::check },
    Check { name: "formalism", run: formalism::check },
    Check { name: "places", run: places::check },
    Check { name: "ignored", run: ignored::check },
    Check { name: "assets", run: assets::check },
    Check { name: "states", run: states::check },
    Check { name: "precincts", run: precincts::check },
    Check { name: "alarms", run: alarms::check },
    Check { name: "length", run: length::check },
];
