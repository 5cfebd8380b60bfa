//! The territory as a whole: ground that nobody has or two have, and units that stand alone.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::simplify::SimplifyShape;
use i_overlay::float::single::SingleFloatOverlay;
use std::collections::HashSet;

use super::Territory;
use super::parse::Polygon;
use super::plane::Plane;
use super::problem::{Kind, Problem, named, square_metres};
use super::shape::{Frame, Ring, Shapes, area, edges, inner_point};
use super::touch::{Overlap, Touch, width};

/// One outline around all; the rings of the units' own borders are gone.
pub(super) fn union(shapes: &Shapes) -> Shapes {
    shapes.simplify_shape_as::<i64>(FillRule::NonZero)
}

/// Everything that is wrong with the territory as a whole.
pub(super) fn look(land: &Territory, touches: &[Touch], overlaps: Vec<Overlap>) -> Vec<Problem> {
    let mut out = Vec::new();
    // Pairs of which a thin gap or overlap is told already.
    let mut told: HashSet<(usize, usize)> = HashSet::new();
    for o in overlaps {
        let thin = o.ground.iter().all(|part| width(part) <= land.tolerance);
        let (a, b) = (&land.units[o.a].id, &land.units[o.b].id);
        let size = area(&o.ground);
        if thin && size < land.tolerance.powi(2) / 10.0 {
            continue;
        }
        let at = land.plane.back(inner_point(&o.ground));
        let near = land.plane.words(at);
        let (kind, text) = if thin {
            told.insert((o.a, o.b));
            (
                Kind::Sliver,
                format!(
                    "\"{a}\" and \"{b}\" overlap along their borders by {} near {near}, within the tolerance",
                    square_metres(size)
                ),
            )
        } else {
            (
                Kind::Overlap,
                format!("\"{a}\" and \"{b}\" overlap: both have {} near {near}", square_metres(size)),
            )
        };
        let outline = outline(&o.ground, &land.plane);
        out.push(Problem { outline, ..Problem::new(kind, vec![a.clone(), b.clone()], size, at, text) });
    }
    gaps(land, &mut told, &mut out);
    for t in touches.iter().filter(|t| t.adjacent && !told.contains(&(t.a, t.b))) {
        // Outlines that part at an angle are apart at their end; a sliver is apart in the mean.
        if t.between <= land.tolerance / 100.0 * t.border {
            continue;
        }
        let (a, b) = (&land.units[t.a].id, &land.units[t.b].id);
        let at = land.plane.back(t.at);
        let text = format!(
            "the borders of \"{a}\" and \"{b}\" are up to {:.2} m apart over {:.0} m, {} in all, near {}; they count as one",
            t.apart,
            t.border,
            square_metres(t.between),
            land.plane.words(at)
        );
        out.push(Problem::new(Kind::Sliver, vec![a.clone(), b.clone()], t.between, at, text));
    }
    islands(land, &mut out);
    out
}

/// Enclosed ground that nobody has: what the outer rings of the whole hold and the units do not.
fn gaps(land: &Territory, told: &mut HashSet<(usize, usize)>, out: &mut Vec<Problem>) {
    let everything: Shapes = land.shapes.iter().flatten().cloned().collect();
    let whole = union(&everything);
    let outer: Shapes = whole.iter().map(|part| vec![part[0].clone()]).collect();
    let empty: Shapes = outer.overlay_as::<i64>(&whole, OverlayRule::Difference, FillRule::NonZero);
    let frames: Vec<Frame> = land.shapes.iter().map(Frame::of).collect();
    for part in empty {
        let across = width(&part);
        if across <= land.tolerance / 100.0 {
            continue;
        }
        let ground = vec![part];
        let around = around(land, &frames, &ground);
        let ids: Vec<String> = around.iter().map(|u| land.units[*u].id.clone()).collect();
        let size = area(&ground);
        let at = land.plane.back(inner_point(&ground));
        let near = land.plane.words(at);
        let (kind, text) = if across <= land.tolerance {
            for (i, a) in around.iter().enumerate() {
                told.extend(around[i + 1..].iter().map(|b| (*a, *b)));
            }
            (
                Kind::Sliver,
                format!(
                    "a thin gap of {} lies between {} near {near}; it counts as their border",
                    square_metres(size),
                    named(&ids)
                ),
            )
        } else {
            (
                Kind::Gap,
                format!("{} near {near} belong to nobody, enclosed by {}", square_metres(size), named(&ids)),
            )
        };
        let outline = outline(&ground, &land.plane);
        out.push(Problem { outline, ..Problem::new(kind, ids, size, at, text) });
    }
}

/// The units on whose outlines the edges of some ground lie.
fn around(land: &Territory, frames: &[Frame], ground: &Shapes) -> Vec<usize> {
    let slack = land.tolerance / 100.0;
    let frame = Frame::of(ground).wider(slack);
    let middles: Vec<[f64; 2]> = ground
        .iter()
        .flatten()
        .flat_map(edges)
        .map(|(p, q)| [f64::midpoint(p[0], q[0]), f64::midpoint(p[1], q[1])])
        .collect();
    let lies_on = |u: &usize| {
        land.shapes[*u].iter().flatten().flat_map(edges).any(|(p, q)| {
            let (d, length) = ([q[0] - p[0], q[1] - p[1]], (q[0] - p[0]).hypot(q[1] - p[1]).max(1e-12));
            middles.iter().any(|m| {
                let e = [m[0] - p[0], m[1] - p[1]];
                let along = (e[0] * d[0] + e[1] * d[1]) / length;
                let beside = (e[1] * d[0] - e[0] * d[1]) / length;
                beside.abs() <= slack && along >= -slack && along <= length + slack
            })
        })
    };
    (0..frames.len()).filter(|u| frames[*u].common(&frame).is_some()).filter(lies_on).collect()
}

/// Groups of units that touch none of the others: all but the largest.
fn islands(land: &Territory, out: &mut Vec<Problem>) {
    let mut root: Vec<usize> = (0..land.units.len()).collect();
    fn find(root: &mut [usize], mut u: usize) -> usize {
        while root[u] != u {
            root[u] = root[root[u]];
            u = root[u];
        }
        u
    }
    for &(a, b, _) in &land.edges {
        let (a, b) = (find(&mut root, a), find(&mut root, b));
        root[a.max(b)] = a.min(b);
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
    for u in 0..land.units.len() {
        groups.entry(find(&mut root, u)).or_default().push(u);
    }
    let largest = groups.iter().max_by_key(|(first, g)| (g.len(), std::cmp::Reverse(**first))).map(|g| *g.0);
    for (first, group) in groups {
        if Some(first) == largest {
            continue;
        }
        let ids: Vec<String> = group.iter().map(|u| land.units[*u].id.clone()).collect();
        let size = group.iter().map(|u| land.units[*u].area).sum();
        let at = land.plane.back(land.units[first].point.unwrap_or_default());
        let touch = if ids.len() == 1 { "touches" } else { "touch" };
        let text = format!(
            "{} {touch} none of the others: {} near {}",
            named(&ids),
            square_metres(size),
            land.plane.words(at)
        );
        let all: Shapes = group.iter().flat_map(|u| land.shapes[*u].clone()).collect();
        let outline = outline(&all, &land.plane);
        out.push(Problem { outline, ..Problem::new(Kind::Island, ids, size, at, text) });
    }
}

/// Shapes in the coordinates of the file, rings closed.
pub(super) fn outline(shapes: &Shapes, plane: &Plane) -> Vec<Polygon> {
    let ring =
        |ring: &Ring| -> Vec<[f64; 2]> { ring.iter().chain(ring.first()).map(|p| plane.back(*p)).collect() };
    shapes.iter().map(|part| part.iter().map(ring).collect()).collect()
}
