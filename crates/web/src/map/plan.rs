//! A plan of precincts on the schematic map: shades that differ between neighbours, a line between precincts, a dot on
//! whatever moves. Colour is never alone: the lines say the same.

use super::{R, centre, corner, frame};
use app::precincts::{Outlines, Ring};
use domain::PlaceId;
use domain::precincts::{Ground, Layout};
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
    /// Its hexagon, where it has one.
    pub(crate) hex: Option<(i32, i32)>,
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

/// A plan with the neighbourhoods' hexagons, as SVG. Empty for none.
pub(crate) fn plan(plots: &[Plot]) -> String {
    let at: BTreeMap<(i32, i32), &Plot> = plots.iter().filter_map(|p| Some((p.hex?, p))).collect();
    let Some(mut out) = frame(at.keys().copied(), None, "hexes plan") else { return String::new() };
    let around = |(q, r): (i32, i32)| ACROSS.map(|(dq, dr)| at.get(&(q + dq, r + dr)).copied());
    let shades = shades(
        at.iter().map(|(hex, p)| (*p, around(*hex).into_iter().flatten().map(|o| o.precinct).collect())),
    );
    let (mut lines, mut bad) = (String::new(), String::new());
    for (hex, p) in &at {
        let middle = centre(*hex);
        let corners: Vec<String> = (0..6).map(|i| corner(middle, i, R)).collect();
        tile(&mut out, p, &shades, &format!("<polygon points=\"{}\"", corners.join(" ")), "polygon");
        dot(&mut out, p, middle, R * 0.26);
        for (side, other) in around(*hex).iter().enumerate() {
            if other.is_none_or(|o| o.precinct != p.precinct) {
                let path = if p.broken { &mut bad } else { &mut lines };
                let _ = write!(path, "M{}L{}", corners[side], corners[(side + 1) % 6]);
            }
        }
    }
    let _ = write!(out, "<path class=\"edge\" d=\"{lines}\"/><path class=\"edge bad\" d=\"{bad}\"/>");
    out + "</svg>"
}

/// A plan with the neighbourhoods' surveyed outlines, north above, as SVG. Empty where none of them has one.
pub(crate) fn plan_on_land(plots: &[Plot], outlines: &Outlines, ground: &Ground, layout: &Layout) -> String {
    let drawn: Vec<(&Plot, &Vec<Ring>)> =
        plots.iter().filter_map(|p| Some((p, outlines.0.get(&p.id)?))).collect();
    let points = || drawn.iter().flat_map(|(_, rings)| rings.iter().flatten());
    let Some(first) = points().next() else { return String::new() };
    let (low, high) = points().fold((*first, *first), |(low, high), p| {
        ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
    });
    let (width, height) = (high[0] - low[0], high[1] - low[1]);
    let edge = width.max(height) / 100;
    let mut out = format!(
        "<svg viewBox=\"{} {} {} {}\" class=\"hexes plan land\">",
        -edge,
        -edge,
        width + 2 * edge,
        height + 2 * edge
    );
    let there = |p: [i32; 2]| [p[0] - low[0], high[1] - p[1]];
    let beside = |p: &Plot| ground.near(p.id).iter().filter_map(|n| layout.get(n).copied()).collect();
    let shades = shades(drawn.iter().map(|(p, _)| (*p, beside(p))));
    for (p, rings) in &drawn {
        tile(
            &mut out,
            p,
            &shades,
            &format!("<path fill-rule=\"evenodd\" d=\"{}\"", path(rings, &there)),
            "path",
        );
    }
    let broken: BTreeSet<PlaceId> = plots.iter().filter(|p| p.broken).map(|p| p.precinct).collect();
    for (precinct, rings) in outlines.around(layout) {
        let class = if broken.contains(&precinct) { "edge bad" } else { "edge" };
        let _ = write!(out, "<path class=\"{class}\" d=\"{}\"/>", path(&rings, &there));
    }
    for (p, rings) in &drawn {
        if let Some(ring) = rings.first() {
            let n = ring.len().max(1) as f64;
            let sum = ring
                .iter()
                .map(|p| there(*p))
                .fold((0.0, 0.0), |s, [x, y]| (s.0 + f64::from(x), s.1 + f64::from(y)));
            dot(&mut out, p, (sum.0 / n, sum.1 / n), f64::from(edge.max(1)));
        }
    }
    out + "</svg>"
}

/// Rings as a path, each point told from the one before it.
fn path(rings: &[Ring], there: &impl Fn([i32; 2]) -> [i32; 2]) -> String {
    let mut out = String::new();
    for ring in rings {
        let mut last: Option<[i32; 2]> = None;
        for p in ring {
            let [x, y] = there(*p);
            let _ = match last {
                None => write!(out, "M{x} {y}"),
                Some([a, b]) => write!(out, "l{} {}", x - a, y - b),
            };
            last = Some([x, y]);
        }
        out.push('z');
    }
    out
}

/// One neighbourhood: `open` is its element up to the attributes that all have.
fn tile(out: &mut String, p: &Plot, shades: &BTreeMap<PlaceId, usize>, open: &str, element: &str) {
    let shade = shades.get(&p.precinct).copied().unwrap_or(0);
    let class = if p.chosen { " here" } else { "" };
    let tile = format!(
        "{open} class=\"tile s{shade}{class}\" data-place=\"{}\" data-precinct=\"{}\"><title>{}</title></{element}>",
        p.id,
        p.precinct,
        escaped(&p.title)
    );
    let _ = match &p.href {
        Some(href) => write!(out, "<a href=\"{}\" tabindex=\"-1\">{tile}</a>", escaped(href)),
        None => write!(out, "{tile}"),
    };
}

/// A dot on whatever moves.
fn dot(out: &mut String, p: &Plot, (x, y): (f64, f64), r: f64) {
    if p.moves {
        let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>");
    }
}

/// A shade for each precinct, other than those of its neighbours: the first that is free, by number of the precinct. Given
/// are the neighbourhoods, each with the precincts of those beside it.
fn shades<'p>(beside: impl Iterator<Item = (&'p Plot, Vec<PlaceId>)>) -> BTreeMap<PlaceId, usize> {
    let mut near: BTreeMap<PlaceId, BTreeSet<PlaceId>> = BTreeMap::new();
    for (p, around) in beside {
        near.entry(p.precinct).or_default().extend(around.into_iter().filter(|o| *o != p.precinct));
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
    use domain::precincts::Spot;

    fn plot(q: i32, precinct: i64) -> Plot {
        Plot {
            id: PlaceId(i64::from(q)),
            hex: Some((q, 0)),
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
        assert_eq!((svg.matches(" s0").count(), svg.matches(" s1").count()), (2, 1));
        assert_eq!(svg.matches("<circle").count(), 1);
        // Eighteen sides, but for the one between the two of the first precinct, which both would draw.
        assert_eq!(svg.matches('M').count(), 16);
        assert!(svg.contains("&lt;甲&gt; &amp; &quot;乙&quot;") && !svg.contains("<甲>"));
        assert_eq!(plan(&[]), "");
    }

    #[test]
    fn a_survey_is_drawn_with_north_above_and_one_line_around_each_precinct() {
        let spot = |precinct: i64| Spot {
            residents: 1,
            hex: None,
            precinct: Some(PlaceId(precinct)),
            subdistrict: None,
        };
        let ground = Ground::surveyed(
            BTreeMap::from([(PlaceId(0), spot(1)), (PlaceId(1), spot(1)), (PlaceId(2), spot(2))]),
            &BTreeSet::new(),
            [(PlaceId(0), PlaceId(1)), (PlaceId(1), PlaceId(2))],
        );
        let square = |y: i32| vec![vec![[0, y], [300, y], [300, y + 200], [0, y + 200]]];
        let outlines = Outlines((0..3).map(|i| (PlaceId(i), square(200 * i as i32))).collect());
        let plots: Vec<Plot> = [(0, 1), (1, 1), (2, 2)].map(|(i, p)| Plot { hex: None, ..plot(i, p) }).into();
        let svg = plan_on_land(&plots, &outlines, &ground, &ground.today());
        assert!(svg.starts_with("<svg viewBox=\"-6 -6 312 612\""), "{svg}");
        // The first lies in the south: below.
        assert!(
            svg.contains("d=\"M0 600l300 0l0 -200l-300 0z\" class=\"tile s0\" data-place=\"0\""),
            "{svg}"
        );
        assert!(svg.contains("class=\"tile s1\" data-place=\"2\""), "{svg}");
        assert_eq!(svg.matches("class=\"edge\"").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 1);
        assert_eq!(plan_on_land(&plots, &Outlines::default(), &ground, &ground.today()), "");
    }
}
