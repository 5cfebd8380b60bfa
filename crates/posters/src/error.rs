//! What can go wrong while printing, each as one sentence that names the thing to mend.

/// Why a sheet could not be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A character has no glyph in any loaded font: it would print as a blank.
    #[error(
        "no glyph for {character} (U+{:04X}) in {place}: load a fuller font, or write the name otherwise",
        u32::from(*.character)
    )]
    MissingGlyph {
        /// The character.
        character: char,
        /// Where it stands, e.g. "the place of notice 3 (公示栏 040312-012)".
        place: String,
    },
    /// A field is empty, or holds a line break or another control character.
    #[error("{place} {problem}")]
    Field {
        /// Which field of which notice, row or column.
        place: String,
        /// What is wrong with it, e.g. "is empty".
        problem: String,
    },
    /// The address of a code does not begin as the notice tells people it does.
    #[error("{place} is {url}, but the notice says that it begins with {prefix}")]
    ForeignAddress {
        /// Which code of which notice.
        place: String,
        /// The address that was given.
        url: String,
        /// What every address of this notice has to begin with.
        prefix: String,
    },
    /// An address makes a QR code too fine to be scanned from an arm's length.
    #[error(
        "{place} has {bytes} bytes, which makes a code of {modules} modules; print allows {most}: shorten it"
    )]
    AddressTooLong {
        /// Which code of which notice.
        place: String,
        /// Length of the address in bytes.
        bytes: usize,
        /// Modules along one side of the code it would need.
        modules: usize,
        /// Most modules along one side that print well at the size of the notice.
        most: usize,
    },
    /// The words of one notice do not fit its page.
    #[error("{place} does not fit on one page: shorten its longest field")]
    DoesNotFit {
        /// Which notice.
        place: String,
    },
    /// A font file could not be read.
    #[error("the font file {name} is not a font that can be read")]
    Font {
        /// The file's name, as the caller gave it.
        name: String,
    },
    /// A day that the calendar does not have.
    #[error("{year}-{month}-{day} is not a day of the calendar")]
    Day {
        /// Year.
        year: i32,
        /// Month, counted from 1.
        month: u8,
        /// Day of the month, counted from 1.
        day: u8,
    },
    /// The caller's progress callback asked to stop.
    #[error("printing was stopped after {done} of {total}")]
    Stopped {
        /// Notices finished, all of them handed over.
        done: usize,
        /// Notices asked for.
        total: usize,
    },
    /// The typesetter refused; this is a fault of a template, not of the data.
    #[error("the typesetter refused {what}: {message}")]
    Typesetter {
        /// Which template.
        what: &'static str,
        /// What it said.
        message: String,
    },
}
