//! What residents see: no account, no script, one request, 14 KB at most.

mod code;
mod ending;
mod errors;
mod form;
pub mod registration;
pub mod registration_form;
mod story;
mod timeline;
mod trouble;

pub use code::{CodeRefused, CodeReported, CodeTrouble, Registration, RegistrationComing};
pub use ending::{outcome_of, parked_of, redirected_of};
pub use errors::Wrong;
pub use form::{ReportForm, ReportInput, SimilarCase};
pub use story::{Reader, amounts, story};
pub use timeline::{
    ActionDraft, Banner, Can, Line, MOST_BYTES, Merged, Outcome, Parked, Promise, Redirected, Timeline,
    ToldProblem, headline, next_step, spoken_groups,
};
pub use trouble::{Trouble, TroublePage};

use crate::words::Lang;

/// What every page for residents has around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Larger type.
    pub elder: bool,
    /// The district's name in that language.
    pub district: String,
    /// The number to ring instead: "12345".
    pub helpline: String,
    /// The form that was given back: changing the language sends it again, unsaved, so that nothing typed is lost.
    pub relang: Option<String>,
}
