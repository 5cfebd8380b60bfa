//! What can be wrong with a form that residents fill in, each said beside its field.

use crate::view::FieldError;
use crate::words::Lang;

/// Something wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The report says nothing.
    TextMissing,
    /// A text is too long; so many characters are allowed.
    TextTooLong(usize),
    /// The place within the place is too long.
    WhereTooLong(usize),
    /// Not a telephone number.
    Contact,
    /// Not a picture.
    PhotoKind,
    /// Too large a picture; so many megabytes are allowed.
    PhotoTooLarge(u64),
    /// A bad code is reported without saying where it hangs.
    WhereMissing,
    /// "Not solved" without saying what is missing.
    WhyMissing,
    /// An empty remark.
    RemarkMissing,
    /// A rating without a choice.
    RatingMissing,
}

impl Wrong {
    /// The error in the language of the page, for the field (or on the timeline the form) that it is about.
    pub fn tell(self, t: Lang) -> FieldError {
        let (field, text) = match self {
            Wrong::TextMissing => ("text", t.error_text_missing().into()),
            Wrong::TextTooLong(max) => ("text", t.error_text_long(max)),
            Wrong::WhereTooLong(max) => ("where", t.error_text_long(max)),
            Wrong::Contact => ("contact", t.error_contact().into()),
            Wrong::PhotoKind => ("photo", t.error_photo_kind().into()),
            Wrong::PhotoTooLarge(mb) => ("photo", t.error_photo_large(mb)),
            Wrong::WhereMissing => ("where", t.error_where_missing().into()),
            Wrong::WhyMissing => ("not_solved", t.error_why_missing().into()),
            Wrong::RemarkMissing => ("remark", t.error_remark_missing().into()),
            Wrong::RatingMissing => ("rate", t.error_rating_missing().into()),
        };
        FieldError { field, text }
    }
}
