//! Chinese text of everyday reports: what must be masked, what cannot wait, what it is about, what is alike.
//!
//! Knows nothing of the product: subjects come from a lexicon, and everything is a function of the text.
//!
//! ```
//! let masked = triage::mask("3号楼漏水，电话 138 0000 0000");
//! assert_eq!(masked.text, "3号楼漏水，电话 〔电话〕");
//! assert_eq!(triage::urgent("楼道里有煤气味").unwrap().kind, triage::UrgentKind::Danger);
//! assert_eq!(triage::subject::suggest("电梯又停了")[0].code, "elevators");
//! ```

mod classify;
mod common;
mod likeness;
mod masking;
mod matters;
mod message;
mod places;
pub mod subject;
mod synonyms;
mod telling;
mod text;
mod urgency;

pub use classify::{
    Caution, ClassScore, Classifier, Correction, CorrectionError, Evaluation, Learner, ModelError,
    Prediction, Reader, Training, TrainingError, evaluate, starting_messages,
};
pub use common::in_common;
pub use likeness::{Signature, likeness};
pub use masking::{Masked, Span, SpanKind, mask, mask_public};
pub use matters::{Candidate, Ground, Matters, Placed};
pub use message::{Labelled, Message, ReadError, read_labelled, read_messages};
pub use places::{Gazetteer, Place, PlaceKind, places};
pub use synonyms::synonyms;
pub use telling::TellingWords;
pub use urgency::{PressingError, Urgent, UrgentKind, learn_pressing, urgent};
