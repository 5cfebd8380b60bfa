//! Which outlines run along each other, how far apart and for how long; and which lie on each other.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;

use super::plane::Plane;
use super::shape::{Frame, Shapes, area, circumference, edges};

/// Two units whose outlines run along each other.
#[derive(Debug, Clone)]
pub(super) struct Touch {
    pub(super) a: usize,
    pub(super) b: usize,
    /// Metres of border.
    pub(super) border: f64,
    /// More than a touch in a point.
    pub(super) adjacent: bool,
    /// Ground between the two outlines, in square metres.
    pub(super) between: f64,
    /// Metres that they are apart at most, and where.
    pub(super) apart: f64,
    pub(super) at: [f64; 2],
}

/// Two units that lie on each other, and the ground that both have.
pub(super) struct Overlap {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) ground: Shapes,
}

/// One edge of an outline.
struct Edge {
    from: [f64; 2],
    along: [f64; 2],
    length: f64,
    left: f64,
    right: f64,
}

/// All pairs of units that run along each other, by unit; and the ground that is given twice. Pairs are found by
/// a sweep from west to east over their boxes.
pub(super) fn all(shapes: &[Shapes], plane: &Plane, tolerance: f64) -> (Vec<Touch>, Vec<Overlap>) {
    let frames: Vec<Frame> = shapes.iter().map(|s| Frame::of(s).wider(tolerance / 2.0)).collect();
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by(|a, b| frames[*a].low[0].total_cmp(&frames[*b].low[0]));
    let (mut touches, mut overlaps) = (Vec::new(), Vec::new());
    let mut open: Vec<usize> = Vec::new();
    for b in order {
        open.retain(|a| frames[*a].high[0] >= frames[b].low[0]);
        for &a in &open {
            let Some(common) = frames[a].common(&frames[b]) else { continue };
            let (a, b) = (a.min(b), a.max(b));
            let touch = along(a, b, shapes, &common.wider(tolerance / 2.0), plane, tolerance);
            let overlap = on_each_other(a, b, shapes, tolerance);
            // Who lies on somebody else by more than a sliver borders on him, wherever his outline runs.
            let deep = overlap.as_ref().filter(|o| o.ground.iter().any(|part| width(part) > tolerance));
            match (touch, deep.map(|o| (circumference(&o.ground) / 2.0, o.ground[0][0][0]))) {
                (Some(touch), Some((border, _))) if !touch.adjacent => {
                    touches.push(Touch { adjacent: true, border, ..touch });
                }
                (Some(touch), _) => touches.push(touch),
                (None, Some((border, at))) => {
                    touches.push(Touch { a, b, border, adjacent: true, between: 0.0, apart: 0.0, at });
                }
                (None, None) => {}
            }
            overlaps.extend(overlap);
        }
        open.push(b);
    }
    touches.sort_by_key(|t| (t.a, t.b));
    overlaps.sort_by_key(|o| (o.a, o.b));
    (touches, overlaps)
}

/// The ground that two units share. What is thinner than a hundredth of the tolerance is rounding.
fn on_each_other(a: usize, b: usize, shapes: &[Shapes], tolerance: f64) -> Option<Overlap> {
    Frame::of(&shapes[a])
        .wider(-tolerance / 200.0)
        .common(&Frame::of(&shapes[b]).wider(-tolerance / 200.0))?;
    let mut ground: Shapes =
        shapes[a].overlay_as::<i64>(&shapes[b], OverlayRule::Intersect, FillRule::NonZero);
    ground.retain(|part| width(part) > tolerance / 100.0);
    (!ground.is_empty()).then_some(Overlap { a, b, ground })
}

/// Mean width of a thin piece of ground.
pub(super) fn width(part: &[super::Ring]) -> f64 {
    let part = vec![part.to_vec()];
    2.0 * area(&part) / circumference(&part).max(1e-12)
}

/// The edges of a unit that reach into a box, from west to east.
fn within(shapes: &Shapes, frame: &Frame) -> Vec<Edge> {
    let inside = |p: [f64; 2], q: [f64; 2]| {
        (0..2).all(|k| p[k].min(q[k]) <= frame.high[k] && p[k].max(q[k]) >= frame.low[k])
    };
    let mut out: Vec<Edge> = shapes
        .iter()
        .flatten()
        .flat_map(edges)
        .filter(|(p, q)| inside(*p, *q))
        .filter_map(|(p, q)| {
            let length = (q[0] - p[0]).hypot(q[1] - p[1]);
            let along = [(q[0] - p[0]) / length, (q[1] - p[1]) / length];
            (length > 0.0).then_some(Edge {
                from: p,
                along,
                length,
                left: p[0].min(q[0]),
                right: p[0].max(q[0]),
            })
        })
        .collect();
    out.sort_by(|a, b| a.left.total_cmp(&b.left));
    out
}

fn along(
    a: usize,
    b: usize,
    shapes: &[Shapes],
    common: &Frame,
    plane: &Plane,
    tolerance: f64,
) -> Option<Touch> {
    let (ours, theirs) = (within(&shapes[a], common), within(&shapes[b], common));
    if ours.is_empty() || theirs.is_empty() {
        return None;
    }
    let one = covered(&ours, &theirs, plane, tolerance);
    let other = covered(&theirs, &ours, plane, tolerance);
    if one.length <= 0.0 && other.length <= 0.0 {
        return None;
    }
    let border = f64::midpoint(one.length, other.length);
    let between = f64::midpoint(one.between, other.between);
    let worst = if one.apart >= other.apart { &one } else { &other };
    // Two edges that leave one corner at an angle lie close for a while: 1 / sin(angle) times the tolerance, half of
    // it apart in the mean. A border is longer than that for any angle above 14 degrees.
    let adjacent = border > tolerance + 6.0 * between / border;
    Some(Touch { a, b, border, adjacent, between, apart: worst.apart, at: worst.at })
}

#[derive(Default)]
struct Covered {
    length: f64,
    between: f64,
    apart: f64,
    at: [f64; 2],
}

/// How much of some edges has edges of the other unit beside it that run the other way.
fn covered(ours: &[Edge], theirs: &[Edge], plane: &Plane, tolerance: f64) -> Covered {
    let longest = theirs.iter().map(|e| e.right - e.left).fold(0.0, f64::max);
    let mut out = Covered::default();
    let mut beside: Vec<(f64, f64, f64, f64)> = Vec::new();
    for e in ours {
        beside.clear();
        let first = theirs.partition_point(|t| t.left < e.left - tolerance - longest);
        for t in theirs[first..].iter().take_while(|t| t.left <= e.right + tolerance) {
            beside.extend(stretch(e, t, tolerance));
        }
        // The nearer edge first: what it has covered, another does not cover again.
        beside.sort_by(|p, q| (p.2 + p.3).total_cmp(&(q.2 + q.3)).then(p.0.total_cmp(&q.0)));
        let middle = e.from[1] + e.along[1] * e.length / 2.0;
        let [east, north] = plane.stretch(middle);
        let scale = (e.along[0] * east).hypot(e.along[1] * north);
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for &(low, high, near, far) in &beside {
            for (from, to) in left_of(low, high, &taken) {
                out.length += (to - from) * scale;
                out.between += (to - from) * scale * f64::midpoint(near, far);
                let apart = near.max(far);
                if apart > out.apart {
                    out.apart = apart;
                    let at = if far >= near { to } else { from };
                    out.at = [e.from[0] + e.along[0] * at, e.from[1] + e.along[1] * at];
                }
                taken.push((from, to));
            }
        }
    }
    out
}

/// The stretch of edge `e` (from, to) beside which edge `t` runs the other way within the tolerance, and how far
/// apart they are at either end of it.
fn stretch(e: &Edge, t: &Edge, tolerance: f64) -> Option<(f64, f64, f64, f64)> {
    let turn = e.along[0] * t.along[0] + e.along[1] * t.along[1];
    // The direction of an edge shorter than the tolerance is chance.
    let least =
        if e.length > tolerance && t.length > tolerance { -std::f64::consts::FRAC_1_SQRT_2 } else { 0.0 };
    if turn >= least {
        return None;
    }
    let place = |p: [f64; 2]| {
        let d = [p[0] - e.from[0], p[1] - e.from[1]];
        (d[0] * e.along[0] + d[1] * e.along[1], d[1] * e.along[0] - d[0] * e.along[1])
    };
    // Since they run against each other, the end of t comes first along e.
    let (low, beside_low) = place([t.from[0] + t.along[0] * t.length, t.from[1] + t.along[1] * t.length]);
    let (high, beside_high) = place(t.from);
    let slope = (beside_high - beside_low) / (high - low);
    let beside = |at: f64| beside_low + slope * (at - low);
    let (mut from, mut to) = (low.max(0.0), high.min(e.length));
    if slope.abs() > 1e-12 {
        let (p, q) = (low + (tolerance - beside_low) / slope, low + (-tolerance - beside_low) / slope);
        (from, to) = (from.max(p.min(q)), to.min(p.max(q)));
    } else if beside_low.abs() > tolerance {
        return None;
    }
    (to > from).then(|| (from, to, beside(from).abs(), beside(to).abs()))
}

/// What of a stretch is not taken yet.
fn left_of(low: f64, high: f64, taken: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut free = vec![(low, high)];
    for &(from, to) in taken {
        free = free
            .into_iter()
            .flat_map(|(a, b)| [(a, b.min(from)), (a.max(to), b)])
            .filter(|(a, b)| b > a)
            .collect();
    }
    free
}
