//! Plans as outlines: the units of each district as one.

use serde_json::Value;

use super::Territory;
use super::ground::{outline, union};
use super::parse::Polygon;
use super::shape::{Ring, Shapes};
use super::touch::width;
use crate::check;

/// One district with its outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its number in the plan.
    pub district: u32,
    /// Its units, ascending.
    pub units: Vec<u32>,
    /// Its ground in the coordinates of the file; thin gaps between its own units are closed.
    pub outline: Vec<Polygon>,
    /// The same in the plane, in metres.
    pub rings: Vec<Vec<Ring>>,
}

impl Answer {
    /// The outline as a GeoJSON geometry.
    #[must_use]
    pub fn geometry(&self) -> Value {
        serde_json::json!({"type": "MultiPolygon", "coordinates": self.outline})
    }
}

/// The districts of a plan as outlines.
#[must_use]
pub fn outlines(land: &Territory, plan: &[u32]) -> Vec<Answer> {
    let districts = check::members(plan);
    let one = |(district, units): (u32, Vec<u32>)| {
        let own: Shapes = units.iter().flat_map(|u| land.shapes[*u as usize].iter().cloned()).collect();
        let rings = closed(union(&own), land.tolerance);
        Answer { district, units, outline: outline(&rings, &land.plane), rings }
    };
    districts.into_iter().map(one).collect()
}

/// One outline around units that are given by their rings in a plane (outer ones against the clock, holes with it): its
/// parts, the outer ring of each first. Holes no wider than `tolerance` are closed: they lie between borders that do not
/// match.
#[must_use]
pub fn around(units: &[Vec<Ring>], tolerance: f64) -> Vec<Vec<Ring>> {
    closed(union(&units.to_vec()), tolerance)
}

/// Without the holes that are too thin to be meant.
fn closed(mut rings: Shapes, tolerance: f64) -> Shapes {
    for part in &mut rings {
        let mut first = true;
        part.retain(|ring| {
            let mut hole = ring.clone();
            hole.reverse();
            std::mem::take(&mut first) || width(&[hole]) > tolerance
        });
    }
    rings
}
