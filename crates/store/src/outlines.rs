//! Surveyed outlines of the neighbourhoods, who borders on whom, and what is wrong with the outlines. They come in as a
//! whole and are replaced as a whole.

use crate::{StoreError, Tx, args};
use domain::PlaceId;
use std::collections::BTreeMap;

crate::statements! {
    /// All outlines go.
    NO_OUTLINES = "DELETE FROM outline";
    /// All borders go.
    NO_BORDERS = "DELETE FROM border";
    /// All faults go.
    NO_FAULTS = "DELETE FROM outline_fault";
    /// An outline.
    OUTLINE = "INSERT INTO outline (place, area, x, y, rings) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// A border.
    BORDER = "INSERT INTO border (a, b, metres) VALUES (?1, ?2, ?3)";
    /// A fault.
    FAULT = "INSERT INTO outline_fault (id, kind, places, area) VALUES (?1, ?2, ?3, ?4)";
    /// Which places have outlines.
    OUTLINED = "SELECT place, area, x, y FROM outline ORDER BY place";
    /// All rings, by place.
    RINGS = "SELECT place, rings FROM outline ORDER BY place";
    /// All borders.
    BORDERS = "SELECT a, b, metres FROM border ORDER BY a, b";
    /// All faults, gravest first.
    FAULTS = "SELECT kind, places, area FROM outline_fault ORDER BY id";
}

/// A ring without its closing point, in metres of a plane, y to the north; outer rings run against the clock, holes with
/// it.
pub type Ring = Vec<[i32; 2]>;

/// The outline of a neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Which.
    pub place: PlaceId,
    /// Square metres.
    pub area: i64,
    /// A point inside.
    pub at: [i32; 2],
    /// Its rings.
    pub rings: Vec<Ring>,
}

/// What may be wrong with outlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Two have the same ground.
    Overlap,
    /// Enclosed ground that none has.
    Gap,
    /// One touches none of the others.
    Island,
    /// An outline crosses itself.
    Ring,
}

impl FaultKind {
    /// All kinds, gravest first.
    pub const ALL: [FaultKind; 4] = [FaultKind::Overlap, FaultKind::Gap, FaultKind::Island, FaultKind::Ring];

    /// One word for the store.
    pub fn key(self) -> &'static str {
        match self {
            FaultKind::Overlap => "overlap",
            FaultKind::Gap => "gap",
            FaultKind::Island => "island",
            FaultKind::Ring => "ring",
        }
    }

    /// The kind of a word.
    pub fn from_key(key: &str) -> Option<FaultKind> {
        FaultKind::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// One thing that is wrong with the outlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// The neighbourhoods that it concerns.
    pub places: Vec<PlaceId>,
    /// Square metres of it; 0 where it has none.
    pub area: i64,
}

/// What a survey says of a district.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// The outlines, by place.
    pub outlines: Vec<Outline>,
    /// Who borders on whom, the lower number first, and over how many metres.
    pub borders: Vec<(PlaceId, PlaceId, i64)>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

fn coordinate(v: i64) -> Result<i32, StoreError> {
    i32::try_from(v).map_err(|_| StoreError::Unreadable(format!("{v} metres from the middle")))
}

fn unreadable(e: &serde_json::Error) -> StoreError {
    StoreError::Unreadable(format!("an outline: {e}"))
}

impl Tx<'_> {
    /// Keeps a survey in place of the last one.
    pub fn keep_survey(&mut self, survey: &Survey) -> Result<(), StoreError> {
        for all in [NO_OUTLINES, NO_BORDERS, NO_FAULTS] {
            self.run_on_directory(all, args![])?;
        }
        for o in &survey.outlines {
            let rings = serde_json::to_string(&o.rings).map_err(|e| unreadable(&e))?;
            let [x, y] = o.at.map(i64::from);
            self.run_on_directory(OUTLINE, args![o.place, o.area, x, y, &rings])?;
        }
        for (a, b, metres) in &survey.borders {
            self.run_on_directory(BORDER, args![*a, *b, *metres])?;
        }
        for (id, fault) in (1_i64..).zip(&survey.faults) {
            let places: Vec<i64> = fault.places.iter().map(|p| p.0).collect();
            let places = serde_json::to_string(&places).map_err(|e| unreadable(&e))?;
            self.run(FAULT, args![id, fault.kind.key(), &places, fault.area])?;
        }
        Ok(())
    }

    /// The neighbourhoods that have outlines: which, square metres, a point inside.
    pub fn outlined(&mut self) -> Result<Vec<(PlaceId, i64, [i32; 2])>, StoreError> {
        self.all(OUTLINED, args![], |r| {
            Ok((PlaceId(r.int(0)?), r.int(1)?, [coordinate(r.int(2)?)?, coordinate(r.int(3)?)?]))
        })
    }

    /// Their rings.
    pub fn outlines(&mut self) -> Result<BTreeMap<PlaceId, Vec<Ring>>, StoreError> {
        let rings = self.all(RINGS, args![], |r| {
            Ok((PlaceId(r.int(0)?), serde_json::from_str(&r.text(1)?).map_err(|e| unreadable(&e))?))
        })?;
        Ok(rings.into_iter().collect())
    }

    /// Who borders on whom, the lower number first, and over how many metres.
    pub fn borders(&mut self) -> Result<Vec<(PlaceId, PlaceId, i64)>, StoreError> {
        self.all(BORDERS, args![], |r| Ok((PlaceId(r.int(0)?), PlaceId(r.int(1)?), r.int(2)?)))
    }

    /// What is wrong with the outlines, gravest first.
    pub fn outline_faults(&mut self) -> Result<Vec<Fault>, StoreError> {
        self.all(FAULTS, args![], |r| {
            let places: Vec<i64> = serde_json::from_str(&r.text(1)?).map_err(|e| unreadable(&e))?;
            Ok(Fault {
                kind: r.named(0, FaultKind::from_key)?,
                places: places.into_iter().map(PlaceId).collect(),
                area: r.int(2)?,
            })
        })
    }
}
