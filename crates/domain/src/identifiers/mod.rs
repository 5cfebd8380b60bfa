//! The numbers that people and organisations are known by, read at entry (rules §3).
//!
//! Parse, don't validate: whoever holds an [`IdDocument`], [`CreditCode`], [`DivisionCode`] or [`Phone`] holds
//! one that fits its standard. Everything typed by hand is forgiven first: full-width characters, spaces,
//! dashes, small letters. Errors never repeat what was typed, and `Debug` shows the last characters alone, so
//! that no log or crash report gives a number away. None of the personal ones can be serialised.
//!
//! ```
//! use domain::identifiers::{IdDocument, IdKind};
//! let today = jiff::civil::date(2026, 3, 2);
//! let id = IdDocument::parse(IdKind::Resident, "１１０１０５ 19491231 002x", today).unwrap();
//! assert_eq!(id.masked(), "**************002X");
//! assert_eq!(id.birth_date(), Some(jiff::civil::date(1949, 12, 31)));
//! ```

mod check;
mod credit;
mod division;
mod document;
mod phone;

pub use credit::CreditCode;
pub use division::{DivisionCode, DivisionRecord, Level, Roster, RosterError, TownKind};
pub use document::{IdDocument, IdKind};
pub use phone::{Phone, PhoneKind};

/// Why what was typed is not such a number. Never holds what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdError {
    /// Nothing was typed.
    #[error("the number is missing")]
    Empty,
    /// Not as long as it must be.
    #[error("the number must have {0} characters")]
    Length(&'static str),
    /// A character where another kind of character must stand.
    #[error("character {0} of the number cannot stand there")]
    Character(usize),
    /// The first digits name no place.
    #[error("the first digits of the number name no place in China")]
    Area,
    /// The date of birth within is no day of the calendar, or still to come.
    #[error("the date of birth in the number is not a real day")]
    BirthDate,
    /// A character is wrong: the check character does not fit.
    #[error("the last character does not fit the others: one of them is wrong")]
    CheckDigit,
    /// A number of another kind of document.
    #[error("this is the number of another kind of document")]
    OtherKind,
    /// The country is not three letters.
    #[error("the country must be three letters, as in the passport")]
    Country,
    /// No form that a telephone number has.
    #[error("this is not a telephone number: 11 digits of a mobile, 021 and 8 digits, or + and the country")]
    Phone,
}

impl IdError {
    /// As it is said to a resident.
    pub fn zh(self) -> String {
        match self {
            IdError::Empty => "请填写号码".into(),
            IdError::Length(n) => format!("号码应为 {n} 位，请核对"),
            IdError::Character(at) => format!("第 {at} 位不对，请核对"),
            IdError::Area => "号码开头的地区不对，请核对".into(),
            IdError::BirthDate => "号码里的出生日期不对，请核对".into(),
            IdError::CheckDigit => "号码有一位不对，请核对".into(),
            IdError::OtherKind => "这是另一种证件的号码，请重新选择证件种类".into(),
            IdError::Country => "请填写护照上的三个字母的国家代码".into(),
            IdError::Phone => "电话号码不对：手机 11 位，固定电话 021 加 8 位，境外号码以 + 开头".into(),
        }
    }
}

/// What was typed, without what people add or their keyboards change: full width to ASCII, capital letters,
/// no spaces, no dashes, no brackets.
fn compact(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '(' | ')' | '·'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The ASCII character that a full-width one stands for; others as they are.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Stars, and the last four characters; of a short number only its last half.
fn masked(text: &str) -> String {
    let n = text.chars().count();
    let shown = 4.min(n / 2);
    text.chars().enumerate().map(|(i, c)| if i + shown < n { '*' } else { c }).collect()
}

/// The place (from 1) of the first character that is not as `ok` wants it.
fn all(text: &str, ok: impl Fn(u8) -> bool) -> Result<(), IdError> {
    match text.chars().position(|c| !u8::try_from(c).is_ok_and(&ok)) {
        Some(at) => Err(IdError::Character(at + 1)),
        None => Ok(()),
    }
}
