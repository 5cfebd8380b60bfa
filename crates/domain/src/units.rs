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
