//! Where somebody can be rung.

use super::{IdError, compact, masked};
use std::fmt;

/// Which kind of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A mobile of the mainland: the only one that a one-time code is sent to.
    Mobile,
    /// A Shanghai line: 021 and eight digits.
    Line,
    /// A public service: 12345, 962xxx.
    Service,
    /// Abroad, Hong Kong, Macao and Taiwan included: E.164.
    Abroad,
}

/// A telephone number: `13800000000`, `02112345678`, `12345` or `+33123456789`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    kind: PhoneKind,
    number: String,
}

impl Phone {
    /// Reads a number as people write it: `+86 138…`, `021-…`, `0033 …`.
    ///
    /// # Errors
    /// [`IdError::Empty`] or [`IdError::Phone`].
    pub fn parse(text: &str) -> Result<Phone, IdError> {
        let typed = compact(text);
        if typed.is_empty() {
            return Err(IdError::Empty);
        }
        let abroad = typed.strip_prefix('+').or_else(|| typed.strip_prefix("00"));
        let digits = abroad.unwrap_or(&typed);
        if !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err(IdError::Phone);
        }
        let (kind, number) = match (abroad, abroad.and_then(|n| n.strip_prefix("86"))) {
            // Written from abroad, without the nought of the trunk.
            (_, Some(home)) if is_mobile(home) => (PhoneKind::Mobile, home.to_owned()),
            (_, Some(home)) if home.len() == 10 && home.starts_with("21") => {
                (PhoneKind::Line, format!("0{home}"))
            }
            (_, Some(_)) => return Err(IdError::Phone),
            // E.164: at most 15 digits, none begins with 0; fewer than 7 reach nobody.
            (Some(n), None) if (7..=15).contains(&n.len()) && !n.starts_with('0') => {
                (PhoneKind::Abroad, format!("+{n}"))
            }
            (None, _) if is_mobile(digits) => (PhoneKind::Mobile, typed),
            (None, _) if digits.len() == 11 && digits.starts_with("021") => (PhoneKind::Line, typed),
            (None, _) if digits == "12345" || (digits.len() == 6 && digits.starts_with("962")) => {
                (PhoneKind::Service, typed)
            }
            _ => return Err(IdError::Phone),
        };
        Ok(Phone { kind, number })
    }

    /// Which kind of number.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// The whole number, normalised: for the vault, its blind index, and whoever rings.
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// As it may be shown: the last four digits (of a short number its last half).
    pub fn masked(&self) -> String {
        masked(&self.number)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

fn is_mobile(n: &str) -> bool {
    n.len() == 11 && n.starts_with('1') && matches!(n.as_bytes()[1], b'3'..=b'9')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_people_write_them() {
        for (typed, kind, number) in [
            ("138 0000 0000", PhoneKind::Mobile, "13800000000"),
            ("+86-138-0000-0000", PhoneKind::Mobile, "13800000000"),
            ("００８６１３８００００００００", PhoneKind::Mobile, "13800000000"),
            ("（021）12345678", PhoneKind::Line, "02112345678"),
            ("+86 21 1234 5678", PhoneKind::Line, "02112345678"),
            ("12345", PhoneKind::Service, "12345"),
            ("962000", PhoneKind::Service, "962000"),
            ("+852 1234 5678", PhoneKind::Abroad, "+85212345678"),
            ("0033 1 23 45 67 89", PhoneKind::Abroad, "+33123456789"),
        ] {
            let phone = Phone::parse(typed).unwrap();
            assert_eq!((phone.kind(), phone.expose()), (kind, number), "{typed}");
        }
        for bad in
            ["12800000000", "1380000000", "02112345", "110", "+861280000000", "+0123456789", "1380000000a"]
        {
            assert_eq!(Phone::parse(bad), Err(IdError::Phone), "{bad}");
        }
        assert_eq!(Phone::parse("  "), Err(IdError::Empty));
        assert_eq!(format!("{:?}", Phone::parse("13800001234").unwrap()), "Phone(*******1234)");
    }

    proptest! {
        #[test]
        fn a_mobile_reads_back(n in "1[3-9][0-9]{9}") {
            let phone = Phone::parse(&n).unwrap();
            prop_assert_eq!(Phone::parse(phone.expose()).unwrap(), phone);
            prop_assert_eq!(Phone::parse(&format!("+86 {n}")).unwrap(), Phone::parse(&n).unwrap());
        }

        #[test]
        fn a_digit_too_few_or_too_many_is_caught(n in "1[3-9][0-9]{9}", d in 0u8..10) {
            prop_assert!(Phone::parse(&n[..10]).is_err());
            let longer = format!("{n}{d}");
            prop_assert!(Phone::parse(&longer).is_err());
        }

        #[test]
        fn anything_typed_is_answered(text in ".{0,20}", digits in "\\+?[0-9]{0,18}") {
            for t in [text, digits] {
                if let Ok(phone) = Phone::parse(&t) {
                    prop_assert_eq!(Phone::parse(phone.expose()).unwrap(), phone);
                }
            }
        }
    }
}
