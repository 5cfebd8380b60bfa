//! The one registry of typed ids: a case number can never be passed where a place is meant.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map($name)
            }
        }
    )+};
}

numbered!(
    /// A place of any level above the doorway: district, sub-district, precinct, neighbourhood.
    PlaceId,
    /// An entrance with a notice board.
    DoorwayId,
    /// A flat or house behind a doorway ([`crate::dwellings`]).
    DwellingId,
    /// Whoever can be given work.
    UnitId,
    /// A member of staff.
    StaffId,
    /// A problem: cases with one cause, and the plan that settles them.
    ProblemId,
    /// A precinct's meeting.
    MeetingId,
    /// A registration: one person at one dwelling, or one letting.
    RegistrationId,
    /// A batch of registrations handed off to the authority that owns the register.
    HandOffId,
    /// A draft of precincts ([`crate::precincts`]).
    DraftId,
);

/// The number of a case, given by the store in order of arrival. People see it with a check digit
/// ([`CaseNo::spoken`]) so that a digit misheard on the telephone is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNo(pub i64);

impl CaseNo {
    /// The number as it is printed and read aloud: six digits or more, a dash, a check digit
    /// (ISO/IEC 7064 MOD 11,10, which catches every single wrong digit and nearly every swap).
    pub fn spoken(self) -> String {
        let digits = format!("{:06}", self.0);
        let check = mod_11_10(&digits);
        format!("{digits}-{check}")
    }

    /// Reads what a person typed: with or without dash and spaces, full-width digits too.
    /// `None` where it is not a number or the check digit is wrong.
    pub fn parse_spoken(typed: &str) -> Option<CaseNo> {
        let digits: String = typed
            .chars()
            .filter(|c| !matches!(c, '-' | '－' | ' ' | '\u{3000}' | '#' | '№'))
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)),
                other => other,
            })
            .collect();
        if digits.len() < 7 || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (number, check) = digits.split_at(digits.len() - 1);
        (mod_11_10(number).to_string() == check).then(|| number.parse().ok().map(CaseNo))?
    }
}

/// ISO/IEC 7064 MOD 11,10 over decimal digits.
fn mod_11_10(digits: &str) -> u32 {
    let mut p = 10;
    for d in digits.bytes().map(|b| u32::from(b - b'0')) {
        let sum = (p + d) % 10;
        p = (if sum == 0 { 10 } else { sum } * 2) % 11;
    }
    (11 - p) % 10
}

impl fmt::Display for CaseNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for CaseNo {
    type Err = std::num::ParseIntError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(CaseNo)
    }
}

/// A natural person of whom something personal is held; the id under which their key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Uuid);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_spoken_number_reads_back(n in 1i64..10_000_000_000) {
            prop_assert_eq!(CaseNo::parse_spoken(&CaseNo(n).spoken()), Some(CaseNo(n)));
        }

        #[test]
        fn one_wrong_digit_is_noticed(n in 1i64..10_000_000_000, at in 0usize..11, by in 1u8..10) {
            let good: Vec<u8> = CaseNo(n).spoken().bytes().filter(u8::is_ascii_digit).collect();
            let at = at % good.len();
            let mut bad = good.clone();
            bad[at] = b'0' + (bad[at] - b'0' + by) % 10;
            prop_assert_eq!(CaseNo::parse_spoken(std::str::from_utf8(&bad).unwrap()), None);
        }
    }

    #[test]
    fn typed_with_full_width_digits_and_spaces() {
        let spoken = CaseNo(123_456).spoken();
        let wide: String = spoken
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap(),
                c => c,
            })
            .collect();
        assert_eq!(CaseNo::parse_spoken(&format!(" {wide}")), Some(CaseNo(123_456)));
        assert_eq!(CaseNo::parse_spoken("abc"), None);
        assert_eq!(CaseNo::parse_spoken(""), None);
    }
}
