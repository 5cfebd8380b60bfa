//! Where a place lies, in the three reference systems that maps in China use (rules §3).
//!
//! Stored is WGS-84 (CGCS2000 is the same within decimetres). Maps of Amap and Tencent want GCJ-02, which
//! shifts everything in China by some hundred metres; Baidu wants BD-09, shifted once more. The shifts are not
//! published as a standard; the formulas here are those that public map libraries agree on. Conversion
//! happens at the edge, and every position says which system it is in.
//!
//! ```
//! use domain::coordinates::{Crs, Position};
//! let door = Position::new(121.433, 31.183, Crs::Wgs84).unwrap();
//! let on_amap = door.to(Crs::Gcj02);
//! assert!((on_amap.lon() - 121.43762196013903).abs() < 1e-12);
//! ```

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// The reference system of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crs {
    /// WGS-84, and CGCS2000: what is stored.
    Wgs84,
    /// GCJ-02: Amap, Tencent.
    Gcj02,
    /// BD-09: Baidu.
    Bd09,
}

/// Why two numbers are no position.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// Longitude not within −180…180 degrees.
    #[error("lon: {0} is not within -180 and 180")]
    Lon(f64),
    /// Latitude not within −90…90 degrees.
    #[error("lat: {0} is not within -90 and 90")]
    Lat(f64),
}

/// A position in degrees, with its reference system.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Position {
    lon: f64,
    lat: f64,
    crs: Crs,
}

#[derive(Serialize, Deserialize)]
struct Raw {
    lon: f64,
    lat: f64,
    crs: Crs,
}

impl TryFrom<Raw> for Position {
    type Error = PositionError;
    fn try_from(raw: Raw) -> Result<Position, PositionError> {
        Position::new(raw.lon, raw.lat, raw.crs)
    }
}

impl From<Position> for Raw {
    fn from(p: Position) -> Raw {
        Raw { lon: p.lon, lat: p.lat, crs: p.crs }
    }
}

impl Position {
    /// A position in degrees; east and north are positive.
    ///
    /// # Errors
    /// Which of the two is out of range or no number.
    pub fn new(lon: f64, lat: f64, crs: Crs) -> Result<Position, PositionError> {
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::Lon(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::Lat(lat));
        }
        Ok(Position { lon, lat, crs })
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// The reference system.
    pub fn crs(self) -> Crs {
        self.crs
    }

    /// The same place in another system. Exact forwards (WGS-84 → GCJ-02 → BD-09) as far as the formulas go;
    /// backwards within 10⁻⁹ degrees (0.1 mm) of what goes forwards. Outside China nothing is shifted.
    pub fn to(self, crs: Crs) -> Position {
        let at = (self.lon, self.lat);
        let (lon, lat) = match (self.crs, crs) {
            (Crs::Wgs84, Crs::Gcj02) => gcj_from_wgs(at),
            (Crs::Wgs84, Crs::Bd09) => bd_from_gcj(gcj_from_wgs(at)),
            (Crs::Gcj02, Crs::Bd09) => bd_from_gcj(at),
            (Crs::Gcj02, Crs::Wgs84) => inverse(gcj_from_wgs, at),
            (Crs::Bd09, Crs::Gcj02) => inverse(bd_from_gcj, at),
            (Crs::Bd09, Crs::Wgs84) => inverse(gcj_from_wgs, inverse(bd_from_gcj, at)),
            (Crs::Wgs84, Crs::Wgs84) | (Crs::Gcj02, Crs::Gcj02) | (Crs::Bd09, Crs::Bd09) => at,
        };
        Position { lon, lat, crs }
    }
}

/// The box within which the shifts apply, in degrees.
fn in_china((lon, lat): (f64, f64)) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// Semi-major axis in metres and squared eccentricity of the Krassovsky 1940 ellipsoid.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;

/// The common part of both shifts: two waves over the longitude.
fn waves(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn gcj_from_wgs((lon, lat): (f64, f64)) -> (f64, f64) {
    if !in_china((lon, lat)) {
        return (lon, lat);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + waves(x)
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + waves(x)
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    // Metres to degrees on the ellipsoid: radius of the meridian, and of the parallel.
    let phi = lat.to_radians();
    let w2 = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY_2) / (w2 * w2.sqrt());
    let parallel = AXIS / w2.sqrt() * phi.cos();
    (lon + (east / parallel).to_degrees(), lat + (north / meridian).to_degrees())
}

fn bd_from_gcj((lon, lat): (f64, f64)) -> (f64, f64) {
    if !in_china((lon, lat)) {
        return (lon, lat);
    }
    let k = PI * 3000.0 / 180.0;
    let r = lon.hypot(lat) + 0.000_02 * (lat * k).sin();
    let theta = lat.atan2(lon) + 0.000_003 * (lon * k).cos();
    (r * theta.cos() + 0.0065, r * theta.sin() + 0.006)
}

/// What `shift` takes to `to`, by repeatedly walking back what is missing. The shifts vary slowly (less than
/// a hundredth of a degree a degree), so that each round gains about two digits.
fn inverse(shift: fn((f64, f64)) -> (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let mut at = to;
    for _ in 0..30 {
        let got = shift(at);
        let missing = (to.0 - got.0, to.1 - got.1);
        at = (at.0 + missing.0, at.1 + missing.1);
        if missing.0.abs().max(missing.1.abs()) < 1e-12 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(a: Position, b: (f64, f64), by: f64) -> bool {
        (a.lon - b.0).abs() <= by && (a.lat - b.1).abs() <= by
    }

    #[test]
    fn the_vectors() {
        let wgs = Position::new(121.433, 31.183, Crs::Wgs84).unwrap();
        let gcj = (121.43762196013903, 31.181121013648234);
        let bd = (121.44401296122109, 31.187478351590332);
        assert!(near(wgs.to(Crs::Gcj02), gcj, 1e-11), "{:?}", wgs.to(Crs::Gcj02));
        assert!(near(wgs.to(Crs::Bd09), bd, 1e-11), "{:?}", wgs.to(Crs::Bd09));
        assert!(near(wgs.to(Crs::Bd09).to(Crs::Wgs84), (121.433, 31.183), 1e-9));
    }

    #[test]
    fn abroad_nothing_is_shifted() {
        let paris = Position::new(2.35, 48.86, Crs::Wgs84).unwrap();
        assert!(near(paris.to(Crs::Bd09), (2.35, 48.86), 0.0));
        assert_eq!(paris.to(Crs::Bd09).crs(), Crs::Bd09);
    }

    #[test]
    fn no_position() {
        let said = |lon, lat| Position::new(lon, lat, Crs::Wgs84).unwrap_err().to_string();
        assert_eq!(said(181.0, 0.0), "lon: 181 is not within -180 and 180");
        assert_eq!(said(31.183, 121.433), "lat: 121.433 is not within -90 and 90");
        assert_eq!(said(f64::NAN, 0.0), "lon: NaN is not within -180 and 180");
        let json = r#"{"lon":121.4,"lat":131.0,"crs":"wgs84"}"#;
        assert!(serde_json::from_str::<Position>(json).unwrap_err().to_string().starts_with("lat: 131"));
        let json = r#"{"lon":121.4,"lat":31.0,"crs":"gcj02"}"#;
        let read: Position = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }

    proptest! {
        /// There and back again, everywhere in China, between all three.
        #[test]
        fn the_way_back(lon in 73.5f64..135.0, lat in 18.0f64..53.5, a in 0usize..3, b in 0usize..3) {
            let all = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09];
            let there = Position::new(lon, lat, all[a]).unwrap();
            let back = there.to(all[b]).to(all[a]);
            prop_assert!(near(back, (lon, lat), 1e-9), "{there:?} {back:?}");
            // A shift is some hundred metres: never nothing, never more than about two kilometres.
            let moved = there.to(all[b]);
            prop_assert!(near(moved, (lon, lat), 0.02));
            prop_assert_eq!(a == b, near(moved, (lon, lat), 1e-5));
        }
    }
}
