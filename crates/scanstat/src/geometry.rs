//! Where places are, and in which order circles reach them.

use crate::ScanError;
use crate::records::rows;
use std::collections::HashMap;

/// The earth's radius in kilometres, as the reference program takes it.
const EARTH: f64 = 6_367.0;

/// What coordinates mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coordinates {
    /// A plane; distances in its own units.
    Plane,
    /// Latitude and longitude in degrees; distances in kilometres along a great circle.
    LatLong,
}

/// Places with their coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// Their identifiers.
    pub ids: Vec<String>,
    /// Their coordinates: x and y, or latitude and longitude.
    pub at: Vec<[f64; 2]>,
    /// What the coordinates mean.
    pub kind: Coordinates,
    index: HashMap<String, usize>,
}

impl Places {
    /// Reads a geometry file: `id x y`. Takes coordinates for latitude and longitude if they can be and some
    /// longitude lies beyond 90 degrees.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_geo(text: &str) -> Result<Places, ScanError> {
        let (mut ids, mut at, mut index) = (Vec::new(), Vec::new(), HashMap::new());
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what: "coordinates", line, why };
            let [id, x, y, ..] = &f[..] else {
                return Err(bad("needs an identifier and two coordinates".into()));
            };
            let number = |t: &String| {
                t.parse()
                    .ok()
                    .filter(|v: &f64| v.is_finite())
                    .ok_or_else(|| bad(format!("{t:?} is no coordinate")))
            };
            if index.insert(id.clone(), ids.len()).is_some() {
                return Err(bad(format!("{id:?} stands there a second time")));
            }
            ids.push(id.clone());
            at.push([number(x)?, number(y)?]);
        }
        let globe = at.iter().all(|p: &[f64; 2]| p[0].abs() <= 90.0 && p[1].abs() <= 180.0)
            && at.iter().any(|p| p[1].abs() > 90.0);
        let kind = if globe { Coordinates::LatLong } else { Coordinates::Plane };
        Ok(Places { ids, at, kind, index })
    }

    /// The number of a place.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The distance of two places: Euclidean, or along a great circle (haversine).
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        let (p, q) = (self.at[a], self.at[b]);
        match self.kind {
            Coordinates::Plane => (p[0] - q[0]).hypot(p[1] - q[1]),
            Coordinates::LatLong => {
                let [lat, long] = [0, 1].map(|i| (q[i] - p[i]).to_radians() / 2.0);
                let h = lat.sin().powi(2)
                    + p[0].to_radians().cos() * q[0].to_radians().cos() * long.sin().powi(2);
                2.0 * EARTH * h.sqrt().min(1.0).asin()
            }
        }
    }

    /// For each place, all places in the order of distance, itself first, with their distances; none further
    /// than `most`. Equal distances stand in the order of the file.
    pub(crate) fn neighbours(&self, most: Option<f64>) -> Vec<Vec<(u32, f64)>> {
        (0..self.ids.len())
            .map(|from| {
                let mut all: Vec<(u32, f64)> = (0..self.ids.len())
                    .map(|to| (u32::try_from(to).unwrap_or(u32::MAX), self.distance(from, to)))
                    .filter(|(_, d)| most.is_none_or(|m| *d <= m))
                    .collect();
                all.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
                all
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_grow_by_distance() {
        let p = Places::parse_geo("a 0 0\nb 3 4\nc 1 0\n").unwrap();
        assert_eq!(p.kind, Coordinates::Plane);
        assert!((p.distance(0, 1) - 5.0).abs() < 1e-12);
        let order: Vec<u32> = p.neighbours(None)[0].iter().map(|n| n.0).collect();
        assert_eq!(order, [0, 2, 1]);
        assert_eq!(p.neighbours(Some(2.0))[0].len(), 2);
        // A quarter of the way round the earth.
        let g = Places::parse_geo("pole 90 0\nequator 0 120\n").unwrap();
        assert_eq!(g.kind, Coordinates::LatLong);
        assert!((g.distance(0, 1) - EARTH * std::f64::consts::FRAC_PI_2).abs() < 1e-6);
    }
}
