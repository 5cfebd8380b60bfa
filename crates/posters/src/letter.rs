//! A letter on paper: to somebody, in paragraphs, from somebody.

use typst::foundations::{IntoValue, Value};

use crate::notice::dict;
use crate::press::{self, Template};
use crate::report::check_lines;
use crate::{Day, Error, Fonts};

const TEMPLATE: Template =
    Template { name: "letter", source: include_str!("../templates/letter.typ"), tagged: true };

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letter {
    /// Title in the middle, e.g. 关于 7 弄垃圾房的答复; empty for none.
    pub title: String,
    /// Who it is to, e.g. 王阿婆：or 12号门的各位邻居：.
    pub to: String,
    /// Its paragraphs; each is indented by two characters as Chinese letters are.
    pub paragraphs: Vec<String>,
    /// Who it is from, e.g. 田林十二村居委会; stands at the end above the day.
    pub from: String,
    /// Small print in the foot, e.g. a telephone and the number of the case; empty for none.
    pub foot: String,
}

/// Sets a letter as a PDF/A-2b file, in type that the old read without glasses.
///
/// # Errors
/// [`Error::MissingGlyph`] and [`Error::Field`], naming the part of the letter.
pub fn letter(letter: &Letter, fonts: &Fonts, made: Day) -> Result<Vec<u8>, Error> {
    for (name, text) in [("addressee", &letter.to), ("sender", &letter.from)] {
        if text.trim().is_empty() {
            let place = format!("the {name} of the letter");
            return Err(Error::Field { place, problem: "is empty".into() });
        }
        fonts.check(text, || format!("the {name} of the letter"))?;
    }
    fonts.check(&letter.title, || "the title of the letter".into())?;
    fonts.check(&letter.foot, || "the foot of the letter".into())?;
    for (index, paragraph) in letter.paragraphs.iter().enumerate() {
        check_lines(paragraph, fonts, || format!("paragraph {} of the letter", index + 1))?;
    }
    let paragraphs = letter.paragraphs.iter().flat_map(|text| text.lines()).map(IntoValue::into_value);
    let data = dict([
        ("title", letter.title.as_str().into_value()),
        ("to", letter.to.as_str().into_value()),
        ("paragraphs", Value::Array(paragraphs.collect())),
        ("from", letter.from.as_str().into_value()),
        ("foot", letter.foot.as_str().into_value()),
    ]);
    let pdf =
        press::set(&TEMPLATE, data, fonts, made).and_then(|pages| press::write(&TEMPLATE, &pages, made));
    press::forget();
    pdf
}
