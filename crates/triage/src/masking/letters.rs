//! The letters of a text in one form, each with its place.

use super::han::{DIGIT, HAN};
use crate::text::fold;

/// A letter and where it begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Letter {
    /// Its first byte in the text.
    pub(super) at: usize,
    /// The letter: narrow, Latin letters as written.
    pub(super) c: char,
    /// Its value if it is a digit in any script that people use for numbers.
    pub(super) digit: Option<u8>,
}

impl Letter {
    /// Whether it is a digit written as 0 to 9.
    pub(super) fn is_plain(self) -> bool {
        self.c.is_ascii_digit()
    }
}

/// Reads a text; marks without width, that some phones put between digits, are left out.
pub(super) fn read(text: &str) -> Vec<Letter> {
    let han = &*HAN;
    let mut letters = Vec::with_capacity(text.len() / 2);
    for (at, c) in text.char_indices() {
        match han.of(c) {
            Some(of) => letters.push(Letter { at, c, digit: if of & DIGIT == 0 { None } else { digit(c) } }),
            None if c.is_ascii() => letters.push(Letter { at, c, digit: digit(c) }),
            None if is_unseen(c) => {}
            None => {
                let c = narrow(c);
                letters.push(Letter { at, c, digit: digit(c) });
            }
        }
    }
    letters
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}' | '\u{20e3}')
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff21}'..='\u{ff3a}' => fold(c).to_ascii_uppercase(),
        '\u{00a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
        '①'..='⑨' => offset(c, '①', '1'),
        '⓪' => '0',
        '❶'..='❾' => offset(c, '❶', '1'),
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_digit((c as u32 - 0x1d7ce) % 10, 10).unwrap_or(c),
        c => fold(c),
    }
}

fn offset(c: char, from: char, to: char) -> char {
    char::from_u32(c as u32 - from as u32 + to as u32).unwrap_or(c)
}

pub(super) fn digit(c: char) -> Option<u8> {
    Some(match c {
        '0'..='9' => c as u8 - b'0',
        '〇' | '零' | '○' | '◯' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}
