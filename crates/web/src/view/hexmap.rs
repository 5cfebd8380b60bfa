//! The schematic map: one neighbourhood a hexagon, drawn as SVG. Colours come from the tokens, so that it is
//! right in the dark; shade alone carries nothing that the list beside it does not say.

use std::fmt::Write as _;

/// One hexagon, at axial coordinates (flat top: `q` to the right, `r` downwards).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hex {
    /// Column.
    pub q: i32,
    /// Row along the slanted axis.
    pub r: i32,
    /// The neighbourhood's name, shown when pointed at and written inside if `label` is set.
    pub name: String,
    /// Written inside: two to four characters. May be empty.
    pub label: String,
    /// Where a click leads; nowhere if empty.
    pub href: String,
    /// How dark: 0 to 4.
    pub shade: u8,
    /// The one that the page is about.
    pub here: bool,
}

/// Draws the hexagons. The answer is safe to put into a page as it is: names are escaped.
pub fn draw(hexes: &[Hex]) -> String {
    const R: f64 = 20.0;
    let centre = |h: &Hex| {
        let (q, r) = (f64::from(h.q), f64::from(h.r));
        (R * 1.5 * q, R * 3f64.sqrt() * (r + q / 2.0))
    };
    let edge = |pick: fn((f64, f64)) -> f64, better: fn(f64, f64) -> f64| {
        hexes.iter().map(|h| pick(centre(h))).reduce(better).unwrap_or(0.0)
    };
    let (left, right) = (edge(|c| c.0, f64::min), edge(|c| c.0, f64::max));
    let (top, bottom) = (edge(|c| c.1, f64::min), edge(|c| c.1, f64::max));
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write!(
        out,
        r#"<svg class="hexes" viewBox="{:.1} {:.1} {:.1} {:.1}">"#,
        left - R - 2.0,
        top - R,
        right - left + 2.0 * R + 4.0,
        bottom - top + 2.0 * R
    );
    // The one that the page is about comes last, so that its border lies above its neighbours'.
    for h in hexes.iter().filter(|h| !h.here).chain(hexes.iter().filter(|h| h.here)) {
        let (x, y) = centre(h);
        let link = !h.href.is_empty();
        if link {
            let _ = write!(out, r#"<a href="{}" tabindex="-1">"#, escape(&h.href));
        }
        let here = if h.here { " here" } else { "" };
        let _ = write!(out, r#"<polygon class="h{}{here}" points=""#, h.shade.min(4));
        for k in 0..6 {
            let angle = std::f64::consts::FRAC_PI_3 * f64::from(k);
            let _ = write!(out, "{:.1},{:.1} ", x + R * angle.cos(), y + R * angle.sin());
        }
        let _ = write!(out, r#""><title>{}</title></polygon>"#, escape(&h.name));
        if !h.label.is_empty() {
            let _ = write!(out, r#"<text x="{x:.1}" y="{:.1}">{}</text>"#, y + 3.0, escape(&h.label));
        }
        if link {
            out += "</a>";
        }
    }
    out + "</svg>"
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '<' => "&lt;".into(),
            '>' => "&gt;".into(),
            '&' => "&amp;".into(),
            '"' => "&quot;".into(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_the_picture() {
        let evil = Hex {
            name: "\"><script>".into(),
            label: "<b>".into(),
            href: "\" onclick=\"x".into(),
            ..Hex::default()
        };
        let svg = draw(&[evil]);
        assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains(" onclick=\"x"));
    }

    #[test]
    fn every_corner_lies_inside_the_picture() {
        let hexes: Vec<Hex> =
            (-3..4).flat_map(|q| (-2..5).map(move |r| Hex { q, r, ..Hex::default() })).collect();
        let svg = draw(&hexes);
        let view: Vec<f64> = svg.split('"').nth(3).unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
        for points in svg.split("points=\"").skip(1) {
            for point in points.split('"').next().unwrap().split_whitespace() {
                let (x, y) = point.split_once(',').unwrap();
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                assert!(x >= view[0] && x <= view[0] + view[2], "{x}");
                assert!(y >= view[1] && y <= view[1] + view[3], "{y}");
            }
        }
        assert_eq!(svg.matches("<polygon").count(), 49);
    }

    #[test]
    fn no_hexagon_is_still_a_picture() {
        assert!(draw(&[]).starts_with("<svg"));
    }
}
