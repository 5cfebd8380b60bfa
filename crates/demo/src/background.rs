//! What people say when nothing is budding, and what they say of one matter.

use crate::chance::Chance;
use crate::district::{District, Doorway};
use crate::history::{Cast, one, wanted};
use crate::texts::Texts;
use domain::{DoorwayId, PlaceId};
use jiff::{Timestamp, ToSpan};

/// Something that was said, without what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// At which door.
    pub doorway: DoorwayId,
    /// In which neighbourhood.
    pub place: PlaceId,
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub subject: String,
    /// In which words.
    pub text: String,
}

/// What people say of their own over `days` days up to the end of `last`, as in [`crate::history`] but without its bursts: nothing
/// is budding in it, so that every warning of it is a false one. Ordered by time.
pub fn background(district: &District, seed: u64, last: jiff::civil::Date, days: u32) -> Vec<Said> {
    let cast = Cast::new(district);
    let mut chance = Chance::new(seed, 11);
    let neighborhoods: Vec<&crate::Place> = district.places.iter().filter(|p| p.depth == 3).collect();
    let mut out = Vec::new();
    for back in (0..i64::from(days)).rev() {
        let Ok(day) = last.checked_sub(back.days()) else { continue };
        for _ in 0..wanted(&cast, day, &mut chance) {
            if let Some((door, at, r)) = one(&cast, &neighborhoods, day, Timestamp::MAX, &mut chance) {
                let (place, subject) = (door.place, r.subject.clone());
                out.push(Said { doorway: door.id, place, at, subject, text: r.said(door, &mut chance) });
            }
        }
    }
    out.sort_by_key(|s| (s.at, s.doorway));
    out
}

/// What people say of one matter: for each door one way of saying it, in words of their own. Which of the shared matters it
/// is follows from the seed; all are about the same subject.
pub fn of_one_matter(district: &District, seed: u64, doors: &[DoorwayId]) -> Vec<(String, String)> {
    let texts = Texts::load();
    let mut chance = Chance::new(seed, 12);
    let matters = texts.matters();
    let ways = texts.of_matter(matters[chance.index(matters.len())]);
    let at = |id: &DoorwayId| district.doorways.iter().find(|d| d.id == *id);
    let subject = ways.first().map(|w| w.subject.clone()).unwrap_or_default();
    let say = |door: &Doorway, chance: &mut Chance| chance.of(&ways).said(door, chance);
    doors.iter().filter_map(at).map(|door| (subject.clone(), say(door, &mut chance))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_is_the_demo_without_its_bursts() {
        let d = District::xuhui(7);
        let last = jiff::civil::date(2026, 11, 22);
        let all = background(&d, 7, last, 60);
        assert!((10_500..12_500).contains(&all.len()), "{}", all.len());
        assert!(all.windows(2).all(|w| w[0].at <= w[1].at));
        assert_eq!(all, background(&d, 7, last, 60));
        assert_ne!(all, background(&d, 8, last, 60));
        let doors = [d.doorways[0].id, d.doorways[1].id];
        let said = of_one_matter(&d, 3, &doors);
        assert!(said.len() == 2 && said[0].0 == said[1].0 && !said[0].1.is_empty(), "{said:?}");
    }
}
