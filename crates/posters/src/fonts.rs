//! The fonts a sheet is set in: a subset of our own that is always there, and fuller ones on request.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::Error;

// See `fonts/FONT.md`.
static REGULAR: &[u8] = include_bytes!("../fonts/PianquSansSC-Regular.otf");
static BOLD: &[u8] = include_bytes!("../fonts/PianquSansSC-Bold.otf");

/// Loaded fonts, in the order in which they are asked for a glyph. Loading costs a few milliseconds: keep one
/// for the life of the program.
///
/// The embedded font holds GB 2312, Latin-1 and a few marks, which is enough for the ordinary names of places.
/// A rarer character (禛) is an [`Error::MissingGlyph`] until a fuller font is loaded beside it.
#[derive(Debug)]
pub struct Fonts {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    families: Vec<String>,
}

impl Fonts {
    /// The embedded fonts alone: Regular and Bold.
    pub fn embedded() -> Self {
        let fonts = [REGULAR, BOLD].into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect();
        Self::of(fonts)
    }

    /// The embedded fonts, and behind them those of a folder: a list of file name and content (`.otf`, `.ttf`,
    /// or a collection `.ttc`). A character is taken from the first font that has it.
    ///
    /// # Errors
    /// [`Error::Font`] when a file holds no font; nothing is skipped in silence.
    pub fn with_folder(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, Error> {
        let mut fonts = Self::embedded().fonts;
        for (name, content) in files {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(content)));
            if fonts.len() == before {
                return Err(Error::Font { name });
            }
        }
        Ok(Self::of(fonts))
    }

    fn of(fonts: Vec<Font>) -> Self {
        let mut families: Vec<String> = Vec::new();
        for font in &fonts {
            let family = font.info().family.as_str();
            if !families.iter().any(|known| known == family) {
                families.push(family.to_owned());
            }
        }
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts, families }
    }

    /// Whether some loaded font can draw the character.
    pub fn covers(&self, character: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(u32::from(character)))
    }

    /// Checks one field of a sheet before it is set.
    ///
    /// # Errors
    /// [`Error::MissingGlyph`] for the first character that no font has, [`Error::Field`] for a control character.
    pub(crate) fn check(&self, text: &str, place: impl Fn() -> String) -> Result<(), Error> {
        for character in text.chars() {
            if character.is_control() {
                let problem =
                    format!("holds the control character U+{:04X}: remove it", u32::from(character));
                return Err(Error::Field { place: place(), problem });
            }
            if !self.covers(character) {
                return Err(Error::MissingGlyph { character, place: place() });
            }
        }
        Ok(())
    }

    pub(crate) fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    pub(crate) fn get(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// Family names in order of preference.
    pub(crate) fn families(&self) -> &[String] {
        &self.families
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_font_has_both_weights_under_one_name() {
        let fonts = Fonts::embedded();
        assert_eq!(fonts.families(), ["Pianqu Sans SC"]);
        let mut weights: Vec<_> = fonts.fonts.iter().map(|f| f.info().variant.weight.to_number()).collect();
        weights.sort_unstable();
        assert_eq!(weights, [400, 700]);
    }

    #[test]
    fn all_of_gb_2312_is_there() {
        let mut hanzi = 0;
        let fonts = Fonts::embedded();
        for (row, cell) in (0xA1..=0xF7_u8).flat_map(|row| (0xA1..=0xFE_u8).map(move |cell| (row, cell))) {
            let bytes = [row, cell];
            let (text, _, unassigned) = encoding_rs::GBK.decode(&bytes);
            let character = text.chars().next().unwrap();
            // GBK fills the gaps of GB 2312 with rows of its own (A2, A6, A8) and with private characters.
            let private = ('\u{E000}'..='\u{F8FF}').contains(&character);
            if unassigned || private || !(row == 0xA1 || row == 0xA3 || row >= 0xB0) {
                continue;
            }
            assert!(fonts.covers(character), "{character} (U+{:04X})", u32::from(character));
            hanzi += usize::from(row >= 0xB0);
        }
        assert_eq!(hanzi, 6763);
    }

    #[test]
    fn it_knows_what_residents_write_and_admits_what_it_does_not_know() {
        let fonts = Fonts::embedded();
        for character in
            "徐汇区田林街道十二村居委会漕河泾浜弄支幢室，。、；：？！“”（）《》·—…℃①⑩〇邨ABCxyz0189 éü¥×"
                .chars()
        {
            assert!(fonts.covers(character), "{character}");
        }
        assert!(!fonts.covers('禛'));
        assert!(!fonts.covers('😀'));
    }

    #[test]
    fn a_file_that_is_no_font_is_named() {
        let error = Fonts::with_folder([("notes.txt".to_owned(), b"not a font".to_vec())]).unwrap_err();
        assert_eq!(error.to_string(), "the font file notes.txt is not a font that can be read");
    }
}
