//! Where places are, and in which order circles reach them.

use crate::ScanError;
use crate::records::{rows, table};
use std::collections::HashMap;

/// The earth's radius in kilometres, as the reference program takes it.
pub(crate) const EARTH: f64 = 6_367.0;

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
    /// Their coordinates: x, y and z (0 where there is none), or latitude and longitude.
    pub at: Vec<[f64; 3]>,
    /// What the coordinates mean.
    pub kind: Coordinates,
    index: HashMap<String, usize>,
}

impl Places {
    /// Reads a geometry file: `id x y [z]`. Takes coordinates for latitude and longitude if they can be and some
    /// longitude lies beyond 90 degrees.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_geo(text: &str) -> Result<Places, ScanError> {
        Self::parse_geo_as(text, None)
    }

    /// Reads a geometry file whose coordinates are known for what they are.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_geo_as(text: &str, kind: Option<Coordinates>) -> Result<Places, ScanError> {
        let (mut ids, mut at, mut index) = (Vec::new(), Vec::new(), HashMap::new());
        for (line, f) in table(text) {
            let bad = |why: String| ScanError::Line { what: "coordinates".to_owned(), line, why };
            let [id, rest @ ..] = &f[..] else { continue };
            let point = point(rest).map_err(bad)?;
            let beyond = point[0].abs() > 90.0 || point[1].abs() > 180.0;
            if kind == Some(Coordinates::LatLong) && beyond {
                let why = format!("{id:?} lies beyond 90 degrees of latitude or 180 of longitude");
                return Err(bad(why));
            }
            match index.insert(id.clone(), ids.len()) {
                None => {
                    ids.push(id.clone());
                    at.push(point);
                }
                // The same once more says nothing new.
                Some(before) if at[before] == point => {
                    index.insert(id.clone(), before);
                }
                Some(_) => {
                    return Err(bad(format!("{id:?} stands there a second time, with other coordinates")));
                }
            }
        }
        let globe = at.iter().all(|p: &[f64; 3]| p[0].abs() <= 90.0 && p[1].abs() <= 180.0 && p[2] == 0.0)
            && at.iter().any(|p| p[1].abs() > 90.0);
        let guess = if globe { Coordinates::LatLong } else { Coordinates::Plane };
        let kind = kind.unwrap_or(guess);
        Ok(Places { ids, at, kind, index })
    }

    /// Places that have names and no coordinates: where neighbours are given, or all are taken together.
    pub fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Places {
        let mut out =
            Places { ids: Vec::new(), at: Vec::new(), kind: Coordinates::Plane, index: HashMap::new() };
        for name in names {
            if !out.index.contains_key(name) {
                out.index.insert(name.to_owned(), out.ids.len());
                #[expect(clippy::cast_precision_loss, reason = "a number of places")]
                out.at.push([out.ids.len() as f64, 0.0, 0.0]);
                out.ids.push(name.to_owned());
            }
        }
        out
    }

    /// Reads a file of centres: `x y [z]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_grid(text: &str) -> Result<Vec<[f64; 3]>, ScanError> {
        rows(text)
            .map(|(line, f)| point(&f).map_err(|why| ScanError::Line { what: "grid".to_owned(), line, why }))
            .collect()
    }

    /// The number of a place.
    pub fn index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The distance of two places: Euclidean, or along a great circle (haversine).
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        apart(self.kind, &self.at[a], &self.at[b])
    }
}

/// The coordinates of a point.
fn point(fields: &[String]) -> Result<[f64; 3], String> {
    let number = |t: &String| {
        t.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| format!("{t:?} is no coordinate"))
    };
    match fields {
        [x, y] => Ok([number(x)?, number(y)?, 0.0]),
        [x, y, z] => Ok([number(x)?, number(y)?, number(z)?]),
        [_, _, _, _, ..] => Err("has more than three coordinates".into()),
        _ => Err("needs two coordinates".into()),
    }
}

/// The distance of two points: Euclidean, or along a great circle (haversine).
pub(crate) fn apart(kind: Coordinates, p: &[f64; 3], q: &[f64; 3]) -> f64 {
    match kind {
        // The root of the sum, so that what is equally far on a square of whole numbers is so to the last bit.
        Coordinates::Plane => p.iter().zip(q).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt(),
        Coordinates::LatLong => {
            let [lat, long] = [0, 1].map(|i| (q[i] - p[i]).to_radians() / 2.0);
            let h =
                lat.sin().powi(2) + p[0].to_radians().cos() * q[0].to_radians().cos() * long.sin().powi(2);
            2.0 * EARTH * h.sqrt().min(1.0).asin()
        }
    }
}

/// Where cases are counted: places of the same coordinates are one site, since no window can tell them apart; all
/// places are one where only time is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Sites<'a> {
    places: &'a Places,
    /// The places of each site, in the order of their names.
    of: Vec<Vec<usize>>,
    site: Vec<usize>,
}

impl<'a> Sites<'a> {
    /// Sites in the order of the names of their first places: ties are told in this order.
    pub(crate) fn new(places: &'a Places, together: bool) -> Sites<'a> {
        let mut by_name: Vec<usize> = (0..places.ids.len()).collect();
        by_name.sort_by(|a, b| places.ids[*a].cmp(&places.ids[*b]));
        let mut known: HashMap<[u64; 3], usize> = HashMap::new();
        let mut of: Vec<Vec<usize>> = Vec::new();
        let mut site = vec![0; places.ids.len()];
        for p in by_name {
            // Adding nought makes one of the two noughts.
            let key = if together { [0; 3] } else { places.at[p].map(|x| (x + 0.0).to_bits()) };
            let s = *known.entry(key).or_insert(of.len());
            if s == of.len() {
                of.push(Vec::new());
            }
            of[s].push(p);
            site[p] = s;
        }
        Sites { places, of, site }
    }

    pub(crate) fn len(&self) -> usize {
        self.of.len()
    }

    /// The site of a place.
    pub(crate) fn index(&self, id: &str) -> Option<usize> {
        self.places.index(id).map(|p| self.site[p])
    }

    /// The names at a site.
    pub(crate) fn names(&self, site: usize) -> impl Iterator<Item = &str> {
        self.of[site].iter().map(|p| self.places.ids[*p].as_str())
    }

    pub(crate) fn at(&self, site: usize) -> &[f64; 3] {
        &self.places.at[self.of[site][0]]
    }

    pub(crate) fn kind(&self) -> Coordinates {
        self.places.kind
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
        let b = Places::parse_geo("b 0 0\na -0 0\nc 1 0").unwrap();
        let sites = Sites::new(&b, false);
        assert_eq!((sites.len(), sites.index("a"), sites.index("b")), (2, Some(0), Some(0)));
        assert_eq!(sites.names(0).collect::<Vec<_>>(), ["a", "b"]);
        // A quarter of the way round the earth.
        let g = Places::parse_geo("pole 90 0\nequator 0 120\n").unwrap();
        assert_eq!(g.kind, Coordinates::LatLong);
        assert!((g.distance(0, 1) - EARTH * std::f64::consts::FRAC_PI_2).abs() < 1e-6);
    }
}
