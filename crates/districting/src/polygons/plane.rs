//! From longitude and latitude to metres and back.

use super::parse::Collection;
use crate::graph::GraphError;

/// Half axis and squared eccentricity of the ellipsoid of CGCS2000 (WGS-84 differs by a tenth of a millimetre).
const HALF_AXIS: f64 = 6_378_137.0;
const ECCENTRICITY: f64 = 0.006_694_380_022_9;

/// The plane in which outlines are measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plane {
    /// Coordinates are metres already.
    Metres,
    /// The cylindrical equal-area projection (Lambert) with the middle of the territory as its true parallel:
    /// areas are right everywhere, lengths at the middle, and elsewhere after [`Plane::stretch`]. Measured from
    /// the point `lon`, `lat`, with the ellipsoid's radii there.
    Lambert { lon: f64, lat: f64, east: f64, north: f64 },
}

impl Plane {
    pub(super) fn of(collection: &Collection, plane: Option<bool>) -> Result<Plane, GraphError> {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for [x, y] in collection.features.iter().flat_map(|f| f.polygons.iter().flatten().flatten()) {
            low = [low[0].min(*x), low[1].min(*y)];
            high = [high[0].max(*x), high[1].max(*y)];
        }
        let globe = low[0] >= -180.0 && high[0] <= 180.0 && low[1] >= -90.0 && high[1] <= 90.0;
        if plane.unwrap_or(!globe || collection.projected) {
            return Ok(Plane::Metres);
        }
        if !globe {
            let text = format!("{}, {} is no longitude and latitude", high[0], high[1]);
            return Err(GraphError(text));
        }
        let (lon, lat) = (f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1]));
        let curve = 1.0 - ECCENTRICITY * lat.to_radians().sin().powi(2);
        Ok(Plane::Lambert {
            lon,
            lat,
            east: HALF_AXIS / curve.sqrt(),
            north: HALF_AXIS * (1.0 - ECCENTRICITY) / curve.powf(1.5),
        })
    }

    pub(super) fn there(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        match *self {
            Plane::Metres => [x, y],
            Plane::Lambert { lon, lat, east, north } => {
                let (sin, cos) = lat.to_radians().sin_cos();
                [east * cos * (x - lon).to_radians(), north * (y.to_radians().sin() - sin) / cos]
            }
        }
    }

    pub(super) fn back(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        match *self {
            Plane::Metres => [x, y],
            Plane::Lambert { lon, lat, east, north } => {
                let (sin, cos) = lat.to_radians().sin_cos();
                let round = |v: f64| (v * 1e9).round() / 1e9;
                [
                    round(lon + (x / (east * cos)).to_degrees()),
                    round((sin + y * cos / north).clamp(-1.0, 1.0).asin().to_degrees()),
                ]
            }
        }
    }

    /// What a metre east and a metre north of the plane are on the ground at the height `y` of the plane.
    pub(super) fn stretch(&self, y: f64) -> [f64; 2] {
        match *self {
            Plane::Metres => [1.0, 1.0],
            Plane::Lambert { lat, north, .. } => {
                let (sin, cos) = lat.to_radians().sin_cos();
                let here = (1.0 - (sin + y * cos / north).clamp(-1.0, 1.0).powi(2)).sqrt().max(1e-9);
                [here / cos, cos / here]
            }
        }
    }

    /// A position as a person looks it up.
    pub(super) fn words(&self, at: [f64; 2]) -> String {
        match self {
            Plane::Metres => format!("{:.1}, {:.1}", at[0], at[1]),
            Plane::Lambert { .. } => format!("{:.6}, {:.6}", at[0], at[1]),
        }
    }
}
