//! Dwellings of a doorway: how they are numbered, and which there must be where nobody has listed them yet.
//!
//! A doorway comes with how many floors and dwellings it has. Until its dwellings are listed they are supposed to be
//! numbered as flats are: the floor, then two digits. What follows from two numbers need not be kept, so a
//! district of 400,000 dwellings begins with none in its store. Each has its id from the first: the one of an
//! ordinal within its doorway, listed or supposed.

use crate::addresses::Address;
use crate::identifiers::half_width;
use crate::{DoorwayId, DwellingId};

/// The most dwellings that one doorway ever has, closed ones counted.
pub const MOST: u32 = 4_095;
/// The longest number of a dwelling, in characters.
pub const LONGEST: usize = 20;

impl DwellingId {
    /// The dwelling of an ordinal, 1 for the first. `None` beyond [`MOST`].
    pub fn of(doorway: DoorwayId, ordinal: u32) -> Option<DwellingId> {
        let high = doorway.0.checked_mul(i64::from(MOST) + 1)?;
        (1..=MOST).contains(&ordinal).then(|| DwellingId(high + i64::from(ordinal)))
    }

    /// The doorway that it lies behind.
    pub fn doorway(self) -> DoorwayId {
        DoorwayId(self.0.div_euclid(i64::from(MOST) + 1))
    }

    /// Its ordinal within the doorway.
    pub fn ordinal(self) -> u32 {
        u32::try_from(self.0.rem_euclid(i64::from(MOST) + 1)).unwrap_or(0)
    }
}

/// The number of a dwelling within its doorway, written in one way: `３０１ 室` and `301` are the same, and so are
/// `2单元301` and `2-301`. `None` where nothing is left, or more than [`LONGEST`] characters were typed.
pub fn number(typed: &str) -> Option<String> {
    let text: String = typed.chars().filter(|c| !c.is_control()).collect();
    let mut text = text.trim().to_owned();
    // What is left once a 室 has fallen away may read as a number itself: 室三 is 三, and 三 is 3.
    for _ in 0..LONGEST {
        let read = (text.chars().count() <= LONGEST).then(|| read_once(&text)).filter(|r| !r.is_empty())?;
        if read == text {
            break;
        }
        text = read;
    }
    Some(text)
}

/// One reading of what was typed; empty where nothing is left.
fn read_once(text: &str) -> String {
    let address = Address::parse(&format!("某路1号{text}"));
    let read = [&address.building, &address.unit, &address.floor, &address.room, &address.compartment];
    match (&address.room, address.unread.is_empty()) {
        (Some(_), true) => {
            read.into_iter().flatten().map(|part| part.trim_end_matches('室')).collect::<Vec<_>>().join("-")
        }
        _ => text
            .chars()
            .map(half_width)
            .filter(|c| !c.is_whitespace() && *c != '室')
            .flat_map(char::to_uppercase)
            .collect(),
    }
}

/// The numbers that the dwellings of a doorway have where each floor has as many as the next, from the lowest up:
/// the floor, then two digits. What does not come out even is on the last floor. None where the roster does
/// not say how many there are.
///
/// ```
/// assert_eq!(domain::dwellings::supposed(2, 3), ["101", "102", "201"]);
/// ```
pub fn supposed(floors: u32, dwellings: u32) -> Vec<String> {
    if floors == 0 || dwellings == 0 {
        return Vec::new();
    }
    let a_floor = dwellings.div_ceil(floors).min(99);
    (0..dwellings.min(MOST)).map(|n| format!("{}{:02}", n / a_floor + 1, n % a_floor + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn a_number_is_written_in_one_way() {
        for (typed, written) in [
            ("301", Some("301")),
            (" ３０１ 室", Some("301")),
            ("12a", Some("12A")),
            ("2单元301室", Some("2-301")),
            ("亭子间", Some("亭子间")),
            ("室三", Some("3")),
            ("室", None),
            (" ", None),
            ("一二三四五六七八九十一二三四五六七八九十一", None),
        ] {
            assert_eq!(number(typed).as_deref(), written, "{typed}");
        }
    }

    #[test]
    fn as_many_as_the_roster_says() {
        assert_eq!(supposed(6, 24).len(), 24);
        assert_eq!(supposed(6, 24)[4], "201");
        assert_eq!(supposed(0, 24), Vec::<String>::new());
        assert_eq!(supposed(6, 0), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn an_id_names_its_doorway(doorway in 0i64..1_000_000_000_000, ordinal in 1u32..=MOST) {
            let id = DwellingId::of(DoorwayId(doorway), ordinal).unwrap();
            prop_assert_eq!((id.doorway(), id.ordinal()), (DoorwayId(doorway), ordinal));
        }

        /// No two are the same, each is as it would be written, and their ids would all fit.
        #[test]
        fn supposed_numbers_differ(floors in 0u32..60, dwellings in 0u32..500) {
            let all = supposed(floors, dwellings);
            prop_assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
            prop_assert!(all.len() <= MOST as usize);
            for n in &all {
                prop_assert_eq!(number(n), Some(n.clone()));
            }
        }

        #[test]
        fn written_once_it_stays(typed in "[0-9０-９一二三甲室单元A-c 号楼-]{0,24}") {
            if let Some(once) = number(&typed) {
                prop_assert_eq!(number(&once), Some(once));
            }
        }
    }
}
