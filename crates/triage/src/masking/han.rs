//! What each Han letter may begin or end: one look instead of a dozen, for most letters of a text begin nothing.

use super::letters::digit;
use super::people::WORDS;
use super::plates::PROVINCES;
use std::sync::LazyLock;

/// A digit in words.
pub(super) const DIGIT: u8 = 1;
/// A province on a plate.
pub(super) const PROVINCE: u8 = 2;
/// A surname of one letter.
pub(super) const SURNAME: u8 = 4;
/// The first of a surname of two.
pub(super) const COMPOUND: u8 = 8;
/// 老 or 小 before a surname.
pub(super) const NICK: u8 = 16;
/// The first of a title.
pub(super) const TITLE: u8 = 32;
/// The last of a word that ends like a surname.
pub(super) const WORD_END: u8 = 64;

const FIRST: u32 = 0x4e00;
const LAST: u32 = 0x9fff;

/// The letters of the lists in one table, read once.
pub(super) static HAN: LazyLock<Han> = LazyLock::new(Han::of_lists);

/// A byte for each Han letter.
pub(super) struct Han(Vec<u8>);

impl Han {
    fn of_lists() -> Han {
        let mut han = Han(vec![0; (LAST - FIRST + 1) as usize]);
        let w = &*WORDS;
        han.add(DIGIT, (FIRST..=LAST).filter_map(char::from_u32).filter(|c| digit(*c).is_some()));
        han.add(PROVINCE, PROVINCES.chars());
        han.add(SURNAME, w.surnames.iter().copied());
        han.add(COMPOUND, w.compound.iter().map(|pair| pair[0]));
        han.add(NICK, ['老', '小']);
        han.add(TITLE, w.titles.iter().chain(&w.private).filter_map(|t| t.first().copied()));
        han.add(WORD_END, w.words.iter().filter_map(|word| word.last().copied()));
        han
    }

    fn add(&mut self, what: u8, letters: impl IntoIterator<Item = char>) {
        for c in letters {
            if let Some(of) = self.0.get_mut((c as u32).wrapping_sub(FIRST) as usize) {
                *of |= what;
            }
        }
    }

    /// What a letter may be, a bit each; `None` for what is no Han letter.
    pub(super) fn of(&self, c: char) -> Option<u8> {
        self.0.get((c as u32).wrapping_sub(FIRST) as usize).copied()
    }

    /// Whether a letter may be that, or one of those.
    pub(super) fn is(&self, c: char, what: u8) -> bool {
        self.of(c).is_some_and(|of| of & what != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_lists_is_in_the_table() {
        let w = &*WORDS;
        assert!(w.surnames.iter().all(|c| HAN.is(*c, SURNAME)));
        assert!(w.compound.iter().all(|pair| HAN.is(pair[0], COMPOUND)));
        assert!(w.titles.iter().chain(&w.private).all(|t| HAN.is(t[0], TITLE)));
        assert!(w.words.iter().all(|word| HAN.is(word[word.len() - 1], WORD_END)));
        assert!(PROVINCES.chars().all(|c| HAN.is(c, PROVINCE)));
        assert!("一零玖".chars().all(|c| HAN.is(c, DIGIT)) && !HAN.is('的', u8::MAX));
        assert_eq!(HAN.of('a'), None);
    }
}
