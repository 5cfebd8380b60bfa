//! A plan of precincts on the schematic map: shades that differ between neighbours, a line between precincts, a dot on
//! whatever moves. Colour is never alone: the lines say the same.

use super::{R, centre, corner, frame};
use domain::PlaceId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How many shades there are; neighbours never share one where six suffice.
const SHADES: usize = 6;
/// The neighbour across each side, the side between corner `i` and the next.
const ACROSS: [(i32, i32); 6] = [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)];

/// A neighbourhood on the map.
#[derive(Debug, Clone)]
pub(crate) struct Plot {
    /// Which.
    pub(crate) id: PlaceId,
    /// Its hexagon.
    pub(crate) hex: (i32, i32),
    /// Its precinct.
    pub(crate) precinct: PlaceId,
    /// What is said of it.
    pub(crate) title: String,
    /// Whether it changes its precinct.
    pub(crate) moves: bool,
    /// Whether it is the one that was chosen.
    pub(crate) chosen: bool,
    /// Whether its precinct breaks a rule.
    pub(crate) broken: bool,
    /// Where choosing it leads.
    pub(crate) href: Option<String>,
}

/// Draws a plan as SVG. Empty for none.
pub(crate) fn plan(plots: &[Plot]) -> String {
    let at: BTreeMap<(i32, i32), &Plot> = plots.iter().map(|p| (p.hex, p)).collect();
    let Some(mut out) = frame(plots.iter().map(|p| p.hex), "hexes plan") else { return String::new() };
    let shades = shades(plots, &at);
    let (mut lines, mut bad) = (String::new(), String::new());
    for p in plots {
        let (x, y) = centre(p.hex);
        let corners: Vec<String> = (0..6).map(|i| corner((x, y), i, R)).collect();
        let shade = shades.get(&p.precinct).copied().unwrap_or(0);
        let class = if p.chosen { " here" } else { "" };
        let tile = format!(
            "<polygon class=\"s{shade}{class}\" data-place=\"{}\" data-precinct=\"{}\" points=\"{}\"><title>{}</title></polygon>",
            p.id,
            p.precinct,
            corners.join(" "),
            escaped(&p.title)
        );
        let _ = match &p.href {
            Some(href) => write!(out, "<a href=\"{}\" tabindex=\"-1\">{tile}</a>", escaped(href)),
            None => write!(out, "{tile}"),
        };
        if p.moves {
            let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.6\"/>");
        }
        for (side, (dq, dr)) in ACROSS.iter().enumerate() {
            let other = at.get(&(p.hex.0 + dq, p.hex.1 + dr));
            if other.is_none_or(|o| o.precinct != p.precinct) {
                let path = if p.broken { &mut bad } else { &mut lines };
                let _ = write!(path, "M{}L{}", corners[side], corners[(side + 1) % 6]);
            }
        }
    }
    let _ = write!(out, "<path class=\"edge\" d=\"{lines}\"/><path class=\"edge bad\" d=\"{bad}\"/>");
    out + "</svg>"
}

/// A shade for each precinct, other than those of its neighbours: the first that is free, by number of the precinct.
fn shades(plots: &[Plot], at: &BTreeMap<(i32, i32), &Plot>) -> BTreeMap<PlaceId, usize> {
    let mut near: BTreeMap<PlaceId, BTreeSet<PlaceId>> = BTreeMap::new();
    for p in plots {
        let own = near.entry(p.precinct).or_default();
        let around = ACROSS.iter().filter_map(|(dq, dr)| at.get(&(p.hex.0 + dq, p.hex.1 + dr)));
        own.extend(around.map(|o| o.precinct).filter(|o| *o != p.precinct));
    }
    let mut out: BTreeMap<PlaceId, usize> = BTreeMap::new();
    for (precinct, around) in &near {
        let taken: BTreeSet<usize> = around.iter().filter_map(|o| out.get(o).copied()).collect();
        let free = (0..SHADES).find(|s| !taken.contains(s));
        out.insert(*precinct, free.unwrap_or(0));
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(q: i32, precinct: i64) -> Plot {
        Plot {
            id: PlaceId(i64::from(q)),
            hex: (q, 0),
            precinct: PlaceId(precinct),
            title: "<甲> & \"乙\"".into(),
            moves: q == 0,
            chosen: false,
            broken: false,
            href: None,
        }
    }

    #[test]
    fn neighbours_differ_and_lines_run_between_precincts() {
        let plots = [plot(0, 1), plot(1, 1), plot(2, 2)];
        let svg = plan(&plots);
        assert_eq!((svg.matches("s0").count(), svg.matches("s1").count()), (2, 1));
        assert_eq!(svg.matches("<circle").count(), 1);
        // Eighteen sides, but for the one between the two of the first precinct, which both would draw.
        assert_eq!(svg.matches('M').count(), 16);
        assert!(svg.contains("&lt;甲&gt; &amp; &quot;乙&quot;") && !svg.contains("<甲>"));
        assert_eq!(plan(&[]), "");
    }
}
