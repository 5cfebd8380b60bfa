//! Folding of written text to what counts: letters and digits, each in one form.

/// Full-width letters and digits as their ordinary twins, capital Latin letters small.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
        '\u{3000}' => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// Appends the letters and digits of a text, folded; everything else is left out.
pub(crate) fn letters(text: &str, into: &mut Vec<char>) {
    into.extend(text.chars().map(fold).filter(|c| is_letter(*c)));
}

/// Han characters, Latin letters, digits and other alphabets.
pub(crate) fn is_letter(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9')
        || (c > '\u{7f}' && !matches!(c, '\u{3000}'..='\u{303f}') && c.is_alphanumeric())
}

/// A stream of numbers from a seed (SplitMix64): for shuffling rows the same way every time.
pub(crate) struct Shuffler(pub(crate) u64);

impl Shuffler {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Puts a slice into another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = (self.next() % (i as u64 + 1)) as usize;
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_one_form() {
        let mut out = Vec::new();
        letters("Ａ３区，Ｂ栋 12号！", &mut out);
        assert_eq!(out.into_iter().collect::<String>(), "a3区b栋12号");
    }
}
