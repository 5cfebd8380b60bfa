//! District, sub-district, precinct, neighbourhood: places in levels, each dated.
//!
//! How many levels lie between the district and the doorway, and what they are called, is configuration
//! (a district without sub-districts has two). The rules only need to know which level does what.

use crate::PlaceId;
use serde::{Deserialize, Serialize};

/// The most levels that can lie between district and doorway.
pub const MAX_LEVELS: usize = 4;

/// One level of the territory, as configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Stable name in code and files, such as `precinct`.
    pub key: String,
    /// What people call it: 片区.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// What this level does, if the rules give it a part.
    pub part: Option<Part>,
}

/// The part a level plays in the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Leads its precincts: 街镇.
    Leader,
    /// Dispatcher of first resort: 片区.
    Dispatcher,
    /// Served by one residents' committee: 居民区.
    Committee,
}

/// The levels of a district, from the top (below the district itself) down to the last above the doorway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels(Vec<Level>);

/// Why a list of levels cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LevelsError {
    /// Too many or none.
    #[error("a district has between 1 and {MAX_LEVELS} levels above the doorway, not {0}")]
    Count(usize),
    /// The committee level must be the one right above the doorway.
    #[error("the last level must be the committee's; it is {0:?}")]
    LastIsNotCommittee(String),
    /// No level dispatches.
    #[error("one level must be the dispatcher; none is")]
    NoDispatcher,
}

impl Levels {
    /// Checks and takes the levels as configured.
    pub fn new(levels: Vec<Level>) -> Result<Self, LevelsError> {
        let Some(last) = levels.last().filter(|_| levels.len() <= MAX_LEVELS) else {
            return Err(LevelsError::Count(levels.len()));
        };
        if last.part != Some(Part::Committee) && levels.len() > 1 {
            return Err(LevelsError::LastIsNotCommittee(last.key.clone()));
        }
        if !levels.iter().any(|l| l.part == Some(Part::Dispatcher)) {
            return Err(LevelsError::NoDispatcher);
        }
        Ok(Levels(levels))
    }

    /// Sub-district, precinct, neighbourhood: as in the district that this was first built for.
    pub fn standard() -> Self {
        let level = |key: &str, zh: &str, en: &str, part| Level {
            key: key.into(),
            zh: zh.into(),
            en: en.into(),
            part: Some(part),
        };
        Levels(vec![
            level("subdistrict", "街镇", "sub-district", Part::Leader),
            level("precinct", "片区", "precinct", Part::Dispatcher),
            level("neighborhood", "居民区", "neighbourhood", Part::Committee),
        ])
    }

    /// All levels, top first.
    pub fn all(&self) -> &[Level] {
        &self.0
    }

    /// The 1-based depth of the level that plays `part`.
    pub fn depth_of(&self, part: Part) -> Option<usize> {
        self.0.iter().position(|l| l.part == Some(part)).map(|i| i + 1)
    }
}

/// The places that something lies in, top first: what it had on the day it was made, for good
/// (yesterday's cases keep yesterday's precinct).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub [Option<PlaceId>; MAX_LEVELS]);

impl Path {
    /// A path of the given places, top first. More than [`MAX_LEVELS`] are cut off.
    pub fn of(places: &[PlaceId]) -> Self {
        let mut path = [None; MAX_LEVELS];
        for (slot, place) in path.iter_mut().zip(places) {
            *slot = Some(*place);
        }
        Path(path)
    }

    /// Whether this lies in `place`, at whatever level that is.
    pub fn lies_in(&self, place: PlaceId) -> bool {
        self.0.contains(&Some(place))
    }

    /// The place at a 1-based depth.
    pub fn at(&self, depth: usize) -> Option<PlaceId> {
        depth.checked_sub(1).and_then(|i| self.0.get(i).copied().flatten())
    }

    /// The lowest place: the neighbourhood.
    pub fn lowest(&self) -> Option<PlaceId> {
        self.0.iter().rev().flatten().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_knows_what_it_lies_in() {
        let path = Path::of(&[PlaceId(1), PlaceId(20), PlaceId(300)]);
        assert!(path.lies_in(PlaceId(20)));
        assert!(!path.lies_in(PlaceId(21)));
        assert_eq!(path.lowest(), Some(PlaceId(300)));
        assert_eq!(path.at(2), Some(PlaceId(20)));
        assert_eq!(path.at(0), None);
        assert_eq!(path.at(4), None);
    }

    #[test]
    fn levels_are_checked() {
        let standard = Levels::standard();
        assert_eq!(standard.depth_of(Part::Dispatcher), Some(2));
        assert_eq!(Levels::new(vec![]), Err(LevelsError::Count(0)));
        let mut turned = standard.all().to_vec();
        turned.reverse();
        assert_eq!(Levels::new(turned), Err(LevelsError::LastIsNotCommittee("subdistrict".into())));
        let mut no_dispatcher = standard.all().to_vec();
        no_dispatcher.remove(1);
        assert_eq!(Levels::new(no_dispatcher), Err(LevelsError::NoDispatcher));
    }
}
