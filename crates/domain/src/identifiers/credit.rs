//! What an organisation is known by.

use super::{IdError, all, check, compact};
use std::fmt;

/// A unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters. It is public.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<CreditCode, IdError> {
        let code = compact(text);
        if code.is_empty() {
            return Err(IdError::Empty);
        }
        all(&code, |c| check::ALPHABET.contains(&c))?;
        if code.len() != 18 {
            return Err(IdError::Length("18"));
        }
        // Places 3–8 are the division code of the authority that registered it.
        all(&code[2..8], |c| c.is_ascii_digit()).map_err(|e| match e {
            IdError::Character(at) => IdError::Character(at + 2),
            e => e,
        })?;
        match check::mod_31_3(&code.as_bytes()[..17]) {
            Some(c) if c == code.as_bytes()[17] => Ok(CreditCode(code)),
            _ => Err(IdError::CheckDigit),
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division code of the authority that registered it, six digits.
    pub fn registered_in(&self) -> &str {
        &self.0[2..8]
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vectors() {
        for ok in ["91350100M000100Y43", "12310104425001234J", "54310104MJ5000001B"] {
            assert_eq!(CreditCode::parse(ok).unwrap().as_str(), ok);
        }
        assert_eq!(CreditCode::parse("12310104425001234J").unwrap().registered_in(), "310104");
        assert_eq!(CreditCode::parse("91350100M000100Y34"), Err(IdError::CheckDigit));
        assert_eq!(CreditCode::parse("91350100M000100Y4"), Err(IdError::Length("18")));
        assert_eq!(CreditCode::parse("9135010OM000100Y43"), Err(IdError::Character(8)));
        assert_eq!(CreditCode::parse("9135010AM000100Y43"), Err(IdError::Character(8)));
    }

    fn any_code() -> impl Strategy<Value = String> {
        proptest::collection::vec(0usize..31, 9).prop_map(|tail| {
            let mut code = b"91310104".to_vec();
            code.extend(tail.iter().map(|i| check::ALPHABET[*i]));
            code.push(check::mod_31_3(&code).unwrap());
            String::from_utf8(code).unwrap()
        })
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_caught(code in any_code(), at in 0usize..18, to in 0usize..31) {
            prop_assert_eq!(CreditCode::parse(&code.to_lowercase()).unwrap().to_string(), code.clone());
            let mut bad = code.clone().into_bytes();
            bad[at] = check::ALPHABET[to];
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(CreditCode::parse(&bad).is_ok(), bad == code);
        }

        #[test]
        fn two_swapped_neighbours_are_caught(code in any_code(), at in 0usize..16) {
            let mut bad = code.clone().into_bytes();
            bad.swap(at, at + 1);
            let bad = String::from_utf8(bad).unwrap();
            prop_assert_eq!(CreditCode::parse(&bad).is_ok(), bad == code);
        }
    }

    /// A check value of 31 is written `0`: the standard's own text leaves it out.
    #[test]
    fn thirty_one_is_written_nought() {
        assert_eq!(check::mod_31_3(b"00000000000000000"), Some(b'0'));
    }
}
