//! How I am told: channels, quiet hours, how long a burst is gathered.

use super::Frame;
use super::field::{Field, Shape};
use crate::view::{FieldError, error_of, icons};
use askama::Template;

/// `GET` and `POST /console/account/notices` with `email`, `hook`, `quiet_from`, `quiet_to`, `digest`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/telling.html")]
pub struct TellingPage {
    /// What surrounds it.
    pub frame: Frame,
    /// Whether e-mail is set up.
    pub has_email: bool,
    /// Whether messages are set up.
    pub has_hook: bool,
    /// The e-mail address, as typed or kept.
    pub email: String,
    /// The address at the gateway, as typed or kept.
    pub hook: String,
    /// Quiet from, `21:00`; empty for the rule.
    pub quiet_from: String,
    /// Quiet until, `08:00`.
    pub quiet_to: String,
    /// Minutes in which a burst is gathered; empty for the rule.
    pub digest: String,
    /// The hours of the rule, from and until; none for none.
    pub rule_quiet: Option<(String, String)>,
    /// The minutes of the rule.
    pub rule_digest: i64,
    /// It has just been kept.
    pub kept: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl TellingPage {
    fn line<'a>(&'a self, name: &'a str, label: &'a str, hint: &'a str, value: &'a str) -> Field<'a> {
        let error = error_of(&self.errors, name);
        Field { id: name.to_owned(), name, label, hint, value, error, shape: Shape::Line }
    }

    fn quiet_hint(&self) -> String {
        let t = self.frame.lang;
        match &self.rule_quiet {
            Some((from, to)) => t.choice_quiet_hint(from, to),
            None => t.choice_quiet_none().to_owned(),
        }
    }
}
