//! Units: whoever can be given work, with what they are there for and where.

use crate::{PlaceId, UnitId};
use serde::{Deserialize, Serialize};

/// A unit that can be given work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// What sort of unit it is.
    pub kind: UnitKind,
    /// Its name in Chinese, as residents see it.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The place that it serves; `None` for the whole district.
    pub place: Option<PlaceId>,
    /// Its telephone, for the staff who send it work.
    pub phone: String,
}

/// What sort of unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// A residents' committee 居委会. Never lead unit for what is off its list of duties.
    Committee,
    /// A section of the sub-district 科室.
    Section,
    /// A department of the district 区级部门.
    Department,
    /// A property-management company 物业.
    Property,
    /// A utility or other enterprise with a public duty.
    Utility,
}

impl UnitKind {
    /// All kinds.
    pub const ALL: [UnitKind; 5] =
        [UnitKind::Committee, UnitKind::Section, UnitKind::Department, UnitKind::Property, UnitKind::Utility];

    /// The stable name in files and the store.
    pub fn key(self) -> &'static str {
        match self {
            UnitKind::Committee => "committee",
            UnitKind::Section => "section",
            UnitKind::Department => "department",
            UnitKind::Property => "property",
            UnitKind::Utility => "utility",
        }
    }

    /// The kind of that name.
    pub fn from_key(key: &str) -> Option<UnitKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// One line of a unit's published list of duties: this subject, in its territory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The unit.
    pub unit: UnitId,
    /// The subject code (see [`crate::subjects`]).
    pub subject: String,
    /// 1 = first in competence for it, 2 = second, …
    pub rank: i64,
    /// Why, in Chinese: one sentence with the basis.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// A unit proposed for a case, with the reasons in one sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The unit.
    pub unit: UnitId,
    /// Lower is better; only for ordering.
    pub score: f64,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What is known of a unit when it is considered for a case.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// The duty that makes it competent for the subject.
    pub duty: &'a Duty,
    /// Its open cases now.
    pub open: i64,
}

/// Ranks units for a case: competence first, then nearness of jurisdiction ("nearest function, handiest
/// disposal" 职能就近、方便处置), then load. Only candidates with a duty for the subject and with jurisdiction
/// over `path` are kept, so a unit without either is never proposed.
pub fn propose(subject: &str, path: &crate::territory::Path, candidates: &[Candidate<'_>]) -> Vec<Proposal> {
    let depth = |unit: &Unit| match unit.place {
        None => Some(0),
        Some(place) => path.0.iter().position(|p| *p == Some(place)).map(|i| i + 1),
    };
    let mut found: Vec<Proposal> = candidates
        .iter()
        .filter(|c| c.duty.subject == subject && c.duty.unit == c.unit.id)
        .filter_map(|c| {
            let depth = depth(c.unit)?;
            let far = crate::territory::MAX_LEVELS - depth;
            // Competence outweighs nearness, nearness outweighs load; a hundred open cases weigh one level.
            #[expect(clippy::cast_precision_loss, reason = "counts of open cases are far below 2^52")]
            let score = c.duty.rank as f64 * 10.0 + far as f64 + (c.open as f64 / 100.0).min(3.0);
            let (near_zh, near_en) = match depth {
                0 => ("管辖全区", "serves the whole district"),
                1 => ("管辖本街镇", "serves this sub-district"),
                2 => ("就在本片区", "is in this precinct"),
                _ => ("就在本居民区", "is in this neighbourhood"),
            };
            Some(Proposal {
                unit: c.unit.id,
                score,
                zh: format!("{}；{near_zh}；现有未结{}件。", c.duty.zh.trim_end_matches('。'), c.open),
                en: format!("{}; {near_en}; {} open now.", c.duty.en.trim_end_matches('.'), c.open),
            })
        })
        .collect();
    found.sort_by(|a, b| a.score.total_cmp(&b.score).then(a.unit.cmp(&b.unit)));
    found.dedup_by_key(|p| p.unit);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::territory::Path;
    use proptest::prelude::*;

    proptest! {
        /// A unit without the duty or the jurisdiction is never proposed.
        #[test]
        fn only_the_competent_are_proposed(
            units in prop::collection::vec((0i64..6, 0usize..3, 1i64..4, 0i64..500), 1..30),
        ) {
            let subjects = ["noise", "waste", "parking"];
            let units: Vec<(Unit, Duty, i64)> = units.into_iter().enumerate().map(|(i, (place, subject, rank, open))| {
                let id = UnitId(i64::try_from(i).unwrap());
                let unit = Unit {
                    id, kind: UnitKind::Section, zh: String::new(), en: String::new(),
                    place: (place > 0).then_some(PlaceId(place)), phone: String::new(),
                };
                let duty = Duty { unit: id, subject: subjects[subject].into(), rank, zh: String::new(), en: String::new() };
                (unit, duty, open)
            }).collect();
            let candidates: Vec<Candidate<'_>> =
                units.iter().map(|(unit, duty, open)| Candidate { unit, duty, open: *open }).collect();
            let path = Path::of(&[PlaceId(1), PlaceId(2), PlaceId(3)]);
            let proposals = propose("noise", &path, &candidates);
            for p in &proposals {
                let (unit, duty, _) = units.iter().find(|(u, ..)| u.id == p.unit).unwrap();
                prop_assert_eq!(&duty.subject, "noise");
                prop_assert!(unit.place.is_none_or(|at| path.lies_in(at)));
            }
            let competent = units.iter()
                .filter(|(u, d, _)| d.subject == "noise" && u.place.is_none_or(|at| path.lies_in(at))).count();
            prop_assert_eq!(proposals.len(), competent);
            prop_assert!(proposals.windows(2).all(|w| w[0].score <= w[1].score));
        }
    }
}
