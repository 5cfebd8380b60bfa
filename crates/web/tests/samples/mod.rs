//! Invented pages for the gallery and the tests: each a name and its text. Nobody in them exists.

mod console;
mod life;
mod office;
mod registration;
mod resident;

use web::words::Lang;

/// One rendered page.
pub(crate) struct Sample {
    /// Its name, for the file and the snapshot: `form-empty`.
    pub name: &'static str,
    /// Whether residents see it.
    pub for_residents: bool,
    /// The whole page.
    pub html: String,
}

/// Every page, in one language and one view.
pub(crate) fn all(lang: Lang, elder: bool) -> Vec<Sample> {
    let mut all = resident::pages(lang, elder);
    all.extend(registration::pages(lang, elder));
    if !elder {
        all.extend(console::pages(lang));
        all.extend(office::pages(lang));
        all.extend(registration::office(lang));
    }
    all
}
