//! The circles that a watch looks at: laid out once, whatever the cases will be.

use crate::ScanError;
use std::collections::HashMap;

/// Each radius is so much of the next larger one.
const RATIO: f64 = 0.63;
/// The distance of neighbouring centres, as a share of the radius: nowhere is a point farther than half a radius
/// from the centre of a circle of each size.
const SPACING: f64 = 0.7;
/// The smallest circle, in metres, that holds more than a place by itself.
const SMALLEST: f64 = 100.0;

/// A circle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Disc {
    pub(super) x: f64,
    pub(super) y: f64,
    /// In metres; 0 is a place by itself.
    pub(super) radius: f64,
}

/// Where cases can be, and the circles over it: each place by itself, and for each radius of a falling series
/// (the largest, then 0.63 of the last, down to 100 m) a square grid of centres 0.7 radii apart.
///
/// The family of circles does not depend on the cases, as the test of a scan asks (Kulldorff 1997, section 2); a
/// grid of centres instead of every place is the user's choice there as here.
#[derive(Debug)]
pub struct Ground {
    places: Vec<(f64, f64)>,
    pub(super) discs: Vec<Disc>,
    /// For each place where its circles begin in `of`, and where the last ends.
    from: Vec<usize>,
    of: Vec<u32>,
}

impl Ground {
    /// Lays circles of at most `max_distance` metres over places given by metres east and north.
    ///
    /// # Errors
    /// A coordinate that is no number, a distance that is not above 0 or larger than 100 km.
    pub fn new(places: &[(f64, f64)], max_distance: f64) -> Result<Ground, ScanError> {
        if !(max_distance > 0.0 && max_distance <= 100_000.0) {
            let why =
                format!("the largest radius is {max_distance} m; it must be above 0 and at most 100000");
            return Err(ScanError::Parameter(why));
        }
        if let Some(i) = places.iter().position(|(x, y)| !(x.abs() < 1e9 && y.abs() < 1e9)) {
            let why = format!("place {i} lies at {:?}, which is no position in metres", places[i]);
            return Err(ScanError::Parameter(why));
        }
        let mut radii = vec![max_distance];
        while let Some(r) = radii.last().map(|r| r * RATIO).filter(|r| *r >= SMALLEST) {
            radii.push(r);
        }
        let mut discs: Vec<Disc> = places.iter().map(|(x, y)| Disc { x: *x, y: *y, radius: 0.0 }).collect();
        let mut known: HashMap<(usize, i64, i64), u32> = HashMap::new();
        let (mut from, mut of) = (vec![0], Vec::new());
        for (place, (x, y)) in places.iter().enumerate() {
            of.push(index(place));
            for (level, r) in radii.iter().enumerate() {
                let s = r * SPACING;
                for i in cell((x - r) / s)..=cell((x + r) / s) {
                    for j in cell((y - r) / s)..=cell((y + r) / s) {
                        #[expect(clippy::cast_precision_loss, reason = "a cell's number is small")]
                        let (cx, cy) = (i as f64 * s, j as f64 * s);
                        if (cx - x).hypot(cy - y) <= *r {
                            of.push(*known.entry((level, i, j)).or_insert_with(|| {
                                discs.push(Disc { x: cx, y: cy, radius: *r });
                                index(discs.len() - 1)
                            }));
                        }
                    }
                }
            }
            from.push(of.len());
        }
        Ok(Ground { places: places.to_vec(), discs, from, of })
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// How many circles there are.
    pub fn circles(&self) -> usize {
        self.discs.len()
    }

    /// The circles that a place lies in.
    #[inline]
    pub(super) fn over(&self, place: u32) -> &[u32] {
        let p = place as usize;
        &self.of[self.from[p]..self.from[p + 1]]
    }
}

#[expect(clippy::cast_possible_truncation, reason = "coordinates are bounded, so is the number of a cell")]
fn cell(v: f64) -> i64 {
    v.round() as i64
}

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
