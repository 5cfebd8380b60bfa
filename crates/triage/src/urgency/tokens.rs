//! A text cut for the second reader: letters of Han one by one, Latin words, numbers as one sign, and the ends of clauses.

use crate::text::{fold, is_letter};

/// The end of a clause.
const END: u32 = ',' as u32;
/// Any number: how many is nothing that a text is pressing by.
const NUMBER: u32 = '0' as u32;
/// Latin words have this bit.
const WORD: u32 = 1 << 31;

/// One sign of a text, and where it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) key: u32,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Token {
    /// Whether it is the end of a clause.
    pub(super) fn is_end(&self) -> bool {
        self.key == END
    }

    /// Whether it may be told as a word: no end, and no number, which may be somebody's.
    pub(super) fn may_be_told(&self) -> bool {
        self.key != END && self.key != NUMBER
    }
}

/// A text, between two ends of clauses.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::with_capacity(text.len() / 3 + 4);
    out.push(Token { key: END, from: 0, to: 0 });
    cut(text, &mut out);
    if !out.last().is_some_and(Token::is_end) {
        out.push(Token { key: END, from: text.len(), to: text.len() });
    }
    out
}

/// A run as it is written in a file, without ends around it.
pub(super) fn inner(run: &str) -> Vec<Token> {
    let mut out = Vec::new();
    cut(run, &mut out);
    out
}

fn cut(text: &str, out: &mut Vec<Token>) {
    // What stands before: a Latin word or a number may go on, and a blank behind a Latin word ends no clause.
    let (mut in_word, mut in_number, mut behind_word) = (false, false, false);
    for (from, c) in text.char_indices() {
        let to = from + c.len_utf8();
        let c = fold(c);
        if c.is_ascii_lowercase() {
            match out.last_mut().filter(|_| in_word) {
                Some(word) => *word = Token { key: longer(word.key, c), to, ..*word },
                None => out.push(Token { key: longer(WORD, c), from, to }),
            }
            (in_word, in_number, behind_word) = (true, false, true);
        } else if c.is_ascii_digit() {
            match out.last_mut().filter(|_| in_number) {
                Some(number) => number.to = to,
                None => out.push(Token { key: NUMBER, from, to }),
            }
            (in_word, in_number) = (false, true);
        } else if is_letter(c) {
            out.push(Token { key: u32::from(c), from, to });
            (in_word, in_number, behind_word) = (false, false, false);
        } else {
            let is_blank = c == ' ' || c == '\'';
            let is_end = !is_blank || !behind_word;
            if is_end && !out.last().is_some_and(Token::is_end) {
                out.push(Token { key: END, from, to });
            }
            (in_word, in_number, behind_word) = (false, false, behind_word && is_blank);
        }
    }
}

fn longer(word: u32, c: char) -> u32 {
    (word.rotate_left(5) ^ u32::from(c)).wrapping_mul(0x9e37_79b1) | WORD
}

/// One more sign of a run.
#[inline]
pub(super) fn step(state: u64, token: Token) -> u64 {
    (state.rotate_left(23) ^ u64::from(token.key))
        .wrapping_add(0x632b_e59b_d9b4_e019)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The key of a run whose signs have all been stepped over.
#[inline]
pub(super) fn finish(state: u64) -> u32 {
    ((state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_of(text: &str) -> Vec<&str> {
        tokens(text).iter().map(|t| if t.is_end() { "," } else { &text[t.from..t.to] }).collect()
    }

    #[test]
    fn letters_words_numbers_and_ends() {
        assert_eq!(cut_of("9楼着火了！！快"), [",", "9", "楼", "着", "火", "了", ",", "快", ","]);
        assert_eq!(cut_of("There's a FIRE 12 people"), [",", "There", "s", "a", "FIRE", "12", "people", ","]);
        assert_eq!(cut_of(""), [","]);
        assert_eq!(tokens("ＦＩＲＥ")[1].key, tokens("fire")[1].key);
        assert_eq!(tokens("12")[1].key, tokens("七0")[2].key, "any number is one sign");
    }

    #[test]
    fn a_run_reads_as_it_was_written() {
        let text = "there is a fire,火0楼";
        let all = tokens(text);
        assert_eq!(
            all[1..all.len() - 1].iter().map(|t| t.key).collect::<Vec<_>>(),
            inner(text).iter().map(|t| t.key).collect::<Vec<_>>()
        );
    }
}
