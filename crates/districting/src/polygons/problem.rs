//! What can be wrong with outlines, said in one sentence each and shown as a feature.

use std::fmt;

use serde_json::{Value, json};

use super::parse::Polygon;

/// What kind of thing is wrong; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Two features have one id.
    Duplicate,
    /// A unit whose residents nobody can count with.
    NoResidents,
    /// Ground that two units have.
    Overlap,
    /// Enclosed ground that no unit has.
    Gap,
    /// Units that touch none of the others.
    Island,
    /// A ring that crosses itself, or lies where it must not; mended by counting its crossings.
    Ring,
    /// A thin gap or overlap along a border; it counts as one border.
    Sliver,
}

impl Kind {
    /// Nothing can be drawn before a person has mended this.
    #[must_use]
    pub fn is_grave(self) -> bool {
        matches!(self, Kind::Duplicate | Kind::NoResidents)
    }

    /// One word for files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Kind::Duplicate => "duplicate",
            Kind::NoResidents => "no-residents",
            Kind::Overlap => "overlap",
            Kind::Gap => "gap",
            Kind::Island => "island",
            Kind::Ring => "ring",
            Kind::Sliver => "sliver",
        }
    }
}

/// One thing that is wrong with the outlines.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What kind of thing.
    pub kind: Kind,
    /// Ids of the units that it concerns.
    pub units: Vec<String>,
    /// Its ground in square metres; 0 where it has none.
    pub area: f64,
    /// A position on it, in the coordinates of the file.
    pub at: Option<[f64; 2]>,
    /// Its outline in the coordinates of the file; empty where a position says all.
    pub outline: Vec<Polygon>,
    pub(super) text: String,
}

impl Problem {
    pub(super) fn new(kind: Kind, units: Vec<String>, area: f64, at: [f64; 2], text: String) -> Problem {
        Problem { kind, units, area, at: Some(at), outline: vec![], text }
    }

    pub(super) fn unplaced(kind: Kind, units: Vec<String>, text: String) -> Problem {
        Problem { kind, units, area: 0.0, at: None, outline: vec![], text }
    }

    /// The problem as a GeoJSON feature: its outline, or the position.
    #[must_use]
    pub fn feature(&self) -> Value {
        let geometry = match (&self.at, self.outline.is_empty()) {
            (_, false) => json!({"type": "MultiPolygon", "coordinates": self.outline}),
            (Some(at), _) => json!({"type": "Point", "coordinates": at}),
            (None, _) => Value::Null,
        };
        json!({
            "type": "Feature",
            "properties": {
                "problem": self.kind.key(), "units": self.units, "area": self.area, "text": self.text,
            },
            "geometry": geometry,
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Ids as a sentence names them; no more than six.
pub(super) fn named(ids: &[String]) -> String {
    let quoted: Vec<String> = ids.iter().take(6).map(|id| format!("\"{id}\"")).collect();
    match (quoted.as_slice(), ids.len().saturating_sub(6)) {
        ([], _) => "no unit".into(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (some, more) => format!("{} and {more} more", some.join(", ")),
    }
}

/// Square metres with as many digits as mean something.
pub(super) fn square_metres(area: f64) -> String {
    if area >= 10.0 { format!("{area:.0} m²") } else { format!("{area:.2} m²") }
}
