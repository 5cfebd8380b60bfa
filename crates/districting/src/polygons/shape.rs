//! Single outlines: their area, a point inside, and what is wrong with their rings.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::float::simplify::SimplifyShape;

use super::parse::Polygon;
use super::plane::Plane;
use super::problem::{Kind, Problem};
use crate::graph::{GraphError, Unit};

/// One ring without its closing point; outer rings run against the clock, holes with it.
pub type Ring = Vec<[f64; 2]>;
/// Polygons, each with its outer ring first.
pub(super) type Shapes = Vec<Vec<Ring>>;

/// Twice the signed area, positive against the clock; measured from the first point, so that far-off origins cost
/// no digits.
fn signed(ring: &[[f64; 2]]) -> f64 {
    let Some(o) = ring.first() else { return 0.0 };
    ring.windows(2)
        .map(|w| (w[0][0] - o[0]) * (w[1][1] - o[1]) - (w[1][0] - o[0]) * (w[0][1] - o[1]))
        .sum::<f64>()
}

/// Area of shapes whose holes run the other way.
pub(super) fn area(shapes: &Shapes) -> f64 {
    shapes.iter().flatten().map(|ring| signed(ring) / 2.0).sum::<f64>().max(0.0)
}

/// Length of all rings in the plane.
pub(super) fn circumference(shapes: &Shapes) -> f64 {
    shapes.iter().flatten().flat_map(edges).map(|(p, q)| (q[0] - p[0]).hypot(q[1] - p[1])).sum()
}

/// The edges of a ring, the closing one as well.
pub(super) fn edges(ring: &Ring) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Brings a unit's polygons into the plane, turned the right way, and says what was wrong with them.
pub(super) fn checked(
    polygons: &[Polygon],
    plane: &Plane,
    id: &str,
) -> Result<(Shapes, Option<Problem>), GraphError> {
    let mut shapes: Shapes = Vec::with_capacity(polygons.len());
    let mut open = None;
    for polygon in polygons {
        let mut rings = Vec::with_capacity(polygon.len());
        for (r, ring) in polygon.iter().enumerate() {
            let mut own: Ring = ring.iter().map(|p| plane.there(*p)).collect();
            if own.len() > 1 && own.first() == own.last() {
                own.pop();
            } else {
                open = open.or(ring.first().copied());
            }
            own.dedup();
            if own.len() < 3 {
                let text = format!(
                    "unit \"{id}\": ring {} has {} different points; three are needed",
                    r + 1,
                    own.len()
                );
                return Err(GraphError(text));
            }
            if (signed(&own) < 0.0) == (r == 0) {
                own.reverse();
            }
            rings.push(own);
        }
        if rings.is_empty() {
            return Err(GraphError(format!("unit \"{id}\" has a polygon without rings")));
        }
        shapes.push(rings);
    }
    let own = shapes.iter().flatten().map(|ring| signed(ring) / 2.0).sum::<f64>();
    let covered = shapes.simplify_shape_as::<i64>(FillRule::NonZero);
    let really = area(&covered);
    if really <= 0.0 {
        return Err(GraphError(format!("unit \"{id}\" has an outline without any ground")));
    }
    let units = || vec![id.to_owned()];
    if (really - own).abs() > 1e-6 * really {
        let mended = shapes.simplify_shape_as::<i64>(FillRule::EvenOdd);
        let at = plane.back(crossing(&shapes).unwrap_or(shapes[0][0][0]));
        let text = format!(
            "the outline of \"{id}\" crosses itself near {}; mended by counting crossings",
            plane.words(at)
        );
        return Ok((mended, Some(Problem::new(Kind::Ring, units(), 0.0, at, text))));
    }
    let unclosed = open.map(|at| {
        let text = format!("a ring of \"{id}\" does not end where it begins, {}; closed", plane.words(at));
        Problem::new(Kind::Ring, units(), 0.0, at, text)
    });
    Ok((shapes, unclosed))
}

/// Where two edges of the outline cross, if they do.
fn crossing(shapes: &Shapes) -> Option<[f64; 2]> {
    let mut all: Vec<_> = shapes.iter().flatten().flat_map(edges).collect();
    let low = |e: &([f64; 2], [f64; 2])| e.0[0].min(e.1[0]);
    all.sort_by(|a, b| low(a).total_cmp(&low(b)));
    for (i, &(a, b)) in all.iter().enumerate() {
        for &(c, d) in all[i + 1..].iter().take_while(|e| low(e) <= a[0].max(b[0])) {
            let cross = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
                (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
            };
            let (s, t) = (cross(a, b, c), cross(a, b, d));
            if s * t < 0.0 && cross(c, d, a) * cross(c, d, b) < 0.0 {
                let at = s / (s - t);
                return Some([c[0] + at * (d[0] - c[0]), c[1] + at * (d[1] - c[1])]);
            }
        }
    }
    None
}

/// A point inside: the middle of the widest stretch at the height of the centroid of the largest part.
pub(super) fn inner_point(shapes: &Shapes) -> [f64; 2] {
    let size = |rings: &&Vec<Ring>| rings.iter().map(|r| signed(r)).sum::<f64>();
    let Some(part) = shapes.iter().max_by(|a, b| size(a).total_cmp(&size(b))) else { return [0.0; 2] };
    let outer = &part[0];
    let (o, mut middle, mut twice) = (outer[0], 0.0, 0.0);
    for (p, q) in edges(outer) {
        let piece = (p[0] - o[0]) * (q[1] - o[1]) - (q[0] - o[0]) * (p[1] - o[1]);
        middle += piece * (p[1] + q[1] - 2.0 * o[1]);
        twice += piece;
    }
    let height = o[1] + if twice > 0.0 { middle / (3.0 * twice) } else { 0.0 };
    let mut at: Vec<f64> = part
        .iter()
        .flat_map(edges)
        .filter(|(p, q)| (p[1] > height) != (q[1] > height))
        .map(|(p, q)| p[0] + (height - p[1]) / (q[1] - p[1]) * (q[0] - p[0]))
        .collect();
    at.sort_by(f64::total_cmp);
    let (stretches, _) = at.as_chunks::<2>();
    let widest = stretches.iter().max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    widest.map_or(o, |[a, b]| [f64::midpoint(*a, *b), height])
}

/// One metre, or a hundredth of the side of a usual unit where that is less.
pub(super) fn usual_tolerance(units: &[Unit]) -> f64 {
    let mut areas: Vec<f64> = units.iter().map(|u| u.area).collect();
    areas.sort_by(f64::total_cmp);
    areas.get(areas.len() / 2).map_or(1.0, |a| (a.sqrt() / 100.0).min(1.0))
}

/// The box around shapes: least and largest coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) low: [f64; 2],
    pub(super) high: [f64; 2],
}

impl Frame {
    pub(super) fn of(shapes: &Shapes) -> Frame {
        let mut frame = Frame { low: [f64::MAX; 2], high: [f64::MIN; 2] };
        for p in shapes.iter().flatten().flatten() {
            frame.low = [frame.low[0].min(p[0]), frame.low[1].min(p[1])];
            frame.high = [frame.high[0].max(p[0]), frame.high[1].max(p[1])];
        }
        frame
    }

    pub(super) fn wider(self, by: f64) -> Frame {
        Frame { low: self.low.map(|v| v - by), high: self.high.map(|v| v + by) }
    }

    pub(super) fn common(&self, other: &Frame) -> Option<Frame> {
        let low = [self.low[0].max(other.low[0]), self.low[1].max(other.low[1])];
        let high = [self.high[0].min(other.high[0]), self.high[1].min(other.high[1])];
        (low[0] <= high[0] && low[1] <= high[1]).then_some(Frame { low, high })
    }
}
