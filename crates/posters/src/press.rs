//! The typesetter behind one small door: a template and its data in, a PDF/A-2b file out.

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Array, Bytes, Datetime, Dict, Duration, IntoValue, Smart, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Day, Error, Fonts};

/// One template, written once and set many times.
pub(crate) struct Template {
    /// Name for messages.
    pub(crate) name: &'static str,
    /// Typst source. It reads its data from `sys.inputs`, as values and never as markup: what people are called
    /// cannot change how a sheet is built.
    pub(crate) source: &'static str,
    /// Whether to write the structure that a screen reader follows. Notices hang on a wall; reports are read.
    pub(crate) tagged: bool,
}

/// Sets `template` with `data` and returns the pages.
pub(crate) fn set(
    template: &Template,
    mut data: Dict,
    fonts: &Fonts,
    made: Day,
) -> Result<PagedDocument, Error> {
    let families: Array = fonts.families().iter().map(|name| name.as_str().into_value()).collect();
    data.insert("fonts".into(), Value::Array(families));
    data.insert("made".into(), made.to_datetime().into_value());
    data.insert("made-zh".into(), made.zh().into_value());
    data.insert("made-en".into(), made.en().into_value());
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(data).build()),
        fonts,
        source: Source::detached(template.source),
    };
    typst::compile::<PagedDocument>(&desk).output.map_err(|errors| refused(template, &errors))
}

/// Writes pages as a PDF/A-2b file. That standard forbids a glyph that is not there, which is a second guard behind
/// [`Fonts::check`].
pub(crate) fn write(template: &Template, pages: &PagedDocument, made: Day) -> Result<Vec<u8>, Error> {
    let standards = PdfStandards::new(&[PdfStandard::A_2b])
        .map_err(|error| Error::Typesetter { what: template.name, message: error.message().to_string() })?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Pianqu".to_owned())),
        timestamp: made.to_datetime().map(Timestamp::new_utc),
        standards,
        tagged: template.tagged,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|errors| refused(template, &errors))
}

/// Lets go of what the typesetter remembers of earlier sheets. It keeps every intermediate result until told
/// otherwise; a long run would grow without end.
pub(crate) fn forget() {
    typst::comemo::evict(0);
}

fn refused(template: &Template, errors: &[SourceDiagnostic]) -> Error {
    let message = errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ");
    Error::Typesetter { what: template.name, message }
}

/// All that a template can see: itself and the fonts. No files, no network, no clock.
struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    source: Source,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
