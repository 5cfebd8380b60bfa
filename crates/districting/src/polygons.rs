//! GeoJSON outlines as a graph: who borders on whom and for how long, and what is wrong with the outlines.
//!
//! Borders need not match vertex by vertex. Two units border on each other where their outlines run in opposite
//! directions no further apart than the tolerance, over more than the tolerance: a shorter border cannot be told
//! from a touch in a point, which is none. What lies further apart is not mended but named.
//!
//! ```
//! use districting::polygons::{Reading, Territory};
//!
//! let square = |id: &str, x: f64| format!(r#"{{"type": "Feature", "properties": {{"id": "{id}", "residents": 9000}},
//!     "geometry": {{"type": "Polygon", "coordinates": [[[{x}, 0], [{}, 0], [{}, 500], [{x}, 500], [{x}, 0]]]}}}}"#,
//!     x + 400.0, x + 400.0);
//! // The second begins 40 centimetres beside the end of the first.
//! let text = format!(r#"{{"type": "FeatureCollection", "features": [{}, {}]}}"#, square("a", 0.0), square("b", 400.4));
//! let land = Territory::read(&text, &Reading::default())?;
//! let graph = land.graph()?;
//! assert_eq!(graph.neighbours(0), [1]);
//! assert_eq!(graph.borders(0), [500.0]);
//! assert_eq!(land.problems()[0].to_string(),
//!     "the borders of \"a\" and \"b\" are up to 0.40 m apart over 500 m, 200 m² in all, near 400.0, 500.0; they count as one");
//! # Ok::<(), districting::GraphError>(())
//! ```

mod ground;
mod parse;
mod plane;
mod problem;
mod shape;
mod touch;
mod write;

pub use problem::{Kind, Problem};
pub use shape::Ring;
pub use write::{Answer, around, outlines};

use serde_json::{Map, Value};

use crate::graph::{Graph, GraphError, Unit};
use plane::Plane;
use shape::Shapes;

/// How a file of outlines is to be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Property with the name of a unit; by default `id`, `code`, `name` (or their Chinese), else the feature's own.
    pub id: Option<String>,
    /// Property with residents; by default `residents`, `population`, `pop`, `TOTPOP` or their Chinese.
    pub residents: Option<String>,
    /// Property with the parent; by default `parent` where it occurs.
    pub parent: Option<String>,
    /// Properties to use as features; by default the numbers of the property `features`.
    pub features: Vec<String>,
    /// Metres between two outlines that still count as one border; by default 1, and a hundredth of the side of a
    /// usual unit where that is less.
    pub tolerance: Option<f64>,
    /// Whether coordinates are metres of a plane; by default they are, unless all could be longitude and latitude.
    pub plane: Option<bool>,
}

/// Outlines that were read and looked through.
#[derive(Debug, Clone)]
pub struct Territory {
    units: Vec<Unit>,
    edges: Vec<(usize, usize, f64)>,
    shapes: Vec<Shapes>,
    properties: Vec<Map<String, Value>>,
    problems: Vec<Problem>,
    plane: Plane,
    tolerance: f64,
}

/// Whether a JSON text is a collection of GeoJSON features, or one feature.
#[must_use]
pub fn is_geojson(text: &str) -> bool {
    parse::is_geojson(text)
}

impl Territory {
    /// Reads a GeoJSON collection of polygons and finds borders and problems.
    ///
    /// # Errors
    /// Not such a collection; a feature that is no polygon; a property that is not what it must be. What can be
    /// looked at is no error here but a [`Problem`].
    pub fn read(text: &str, reading: &Reading) -> Result<Territory, GraphError> {
        if reading.tolerance.is_some_and(|t| !(t.is_finite() && t > 0.0)) {
            return Err(GraphError("the tolerance must be more than 0 metres".into()));
        }
        let collection = parse::collection(text)?;
        let plane = Plane::of(&collection, reading.plane)?;
        let (mut units, mut problems) = parse::units(&collection, reading)?;
        let parse::Collection { features, .. } = collection;
        let mut shapes = Vec::with_capacity(features.len());
        let mut properties = Vec::with_capacity(features.len());
        for (unit, feature) in units.iter_mut().zip(features) {
            let (own, wrong) = shape::checked(&feature.polygons, &plane, &unit.id)?;
            problems.extend(wrong);
            unit.area = shape::area(&own);
            unit.point = Some(shape::inner_point(&own));
            shapes.push(own);
            properties.push(feature.properties);
        }
        let tolerance = reading.tolerance.unwrap_or_else(|| shape::usual_tolerance(&units));
        let mut land = Territory { units, edges: vec![], shapes, properties, problems, plane, tolerance };
        land.look();
        Ok(land)
    }

    fn look(&mut self) {
        let (touches, overlaps) = touch::all(&self.shapes, &self.plane, self.tolerance);
        self.edges = touches.iter().filter(|t| t.adjacent).map(|t| (t.a, t.b, t.border)).collect();
        let mut found = ground::look(self, &touches, overlaps);
        self.problems.append(&mut found);
        self.problems.sort_by_key(|p| p.kind);
    }

    /// The graph of the units: areas in square metres, borders and points in metres.
    ///
    /// # Errors
    /// The first problem that must be mended by a person before anything can be drawn, and how many more there are.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        let mut grave = self.problems.iter().filter(|p| p.kind.is_grave());
        if let Some(first) = grave.next() {
            let more = grave.count();
            let rest = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            return Err(GraphError(format!("{first}{rest}")));
        }
        Graph::new(self.units.clone(), &self.edges)
    }

    /// The units in the order of the file.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Pairs of units that share a border, with its length in metres.
    #[must_use]
    pub fn borders(&self) -> &[(usize, usize, f64)] {
        &self.edges
    }

    /// What is wrong with the outlines, gravest first.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Metres that two outlines may be apart and still be one border.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// One property of every unit, as it stands in the file.
    pub fn property<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Option<&'a Value>> {
        self.properties.iter().map(move |p| p.get(name).filter(|v| !v.is_null()))
    }

    /// The outline of each unit as rings of a plane in metres, the outer ring of each part first.
    pub fn rings(&self) -> impl Iterator<Item = impl Iterator<Item = &Ring>> {
        self.shapes.iter().map(|s| s.iter().flatten())
    }
}

#[cfg(test)]
mod tests;
