//! The schematic map: one hexagon a neighbourhood, drawn on the server. Every map stands beside a list that
//! says the same.

use std::fmt::Write as _;

/// A hexagon in axial coordinates, whether it is the one meant, and whether it is of the same precinct.
pub(crate) type Tile = ((i32, i32), bool, bool);

/// The radius of a hexagon in units of the drawing.
const R: f64 = 10.0;

mod plan;
pub(crate) use plan::{Plot, plan, plan_on_land};

/// The middle of a hexagon.
fn centre((q, r): (i32, i32)) -> (f64, f64) {
    let (q, r) = (f64::from(q), f64::from(r));
    (R * 3f64.sqrt() * (q + r / 2.0), R * 1.5 * r)
}

/// The corner of a hexagon, clockwise from the upper one on the right.
fn corner((x, y): (f64, f64), i: i32, r: f64) -> String {
    let angle = (60.0 * f64::from(i) - 30.0).to_radians();
    format!("{:.1},{:.1}", x + r * angle.cos(), y + r * angle.sin())
}

/// A circle of a drawing: its middle and radius.
pub(crate) type Circle = ((f64, f64), f64);

/// The beginning of a drawing that shows all of these; `None` for none.
fn frame(hexes: impl Iterator<Item = (i32, i32)>, circle: Option<Circle>, class: &str) -> Option<String> {
    let round: Vec<Circle> = hexes.map(|h| (centre(h), R)).collect();
    let first = round.first()?.0;
    let edge = round
        .iter()
        .chain(&circle)
        .fold((first.0, first.1, first.0, first.1), |(a, b, c, d), ((x, y), r)| {
            (a.min(x - r), b.min(y - r), c.max(x + r), d.max(y + r))
        });
    Some(format!(
        "<svg viewBox=\"{:.0} {:.0} {:.0} {:.0}\" class=\"{class}\">",
        edge.0 - 2.0,
        edge.1 - 2.0,
        edge.2 - edge.0 + 4.0,
        edge.3 - edge.1 + 4.0
    ))
}

/// Draws hexagons, flat side up, as SVG. Empty for none.
pub(crate) fn hexagons(tiles: &[Tile]) -> String {
    hexagons_under(tiles, None, "")
}

/// The same with a circle and more SVG over it.
pub(crate) fn hexagons_under(tiles: &[Tile], circle: Option<Circle>, over: &str) -> String {
    let Some(mut out) = frame(tiles.iter().map(|t| t.0), circle, "hexes") else { return String::new() };
    for (hex, here, near) in tiles {
        let at = centre(*hex);
        let class = if *here {
            "here"
        } else if *near {
            "near"
        } else {
            "far"
        };
        let corners: Vec<String> = (0..6).map(|i| corner(at, i, R - 0.6)).collect();
        let _ = write!(out, "<polygon class=\"{class}\" points=\"{}\"/>", corners.join(" "));
    }
    if let Some(((x, y), r)) = circle {
        let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>");
    }
    out + over + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_marks_the_place() {
        let svg = hexagons(&[((0, 0), true, true), ((1, 0), false, true), ((0, 1), false, false)]);
        assert_eq!(svg.matches("<polygon").count(), 3);
        assert_eq!(svg.matches("class=\"here\"").count(), 1);
        assert_eq!(hexagons(&[]), "");
        let around = hexagons_under(&[((0, 0), true, true)], Some(((0.0, 0.0), 30.0)), "<text/>");
        assert!(
            around.starts_with("<svg viewBox=\"-32 -32 64 64\"")
                && around.ends_with("r=\"30.0\"/><text/></svg>")
        );
    }
}
