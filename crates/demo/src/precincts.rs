//! How the precincts of the demo are drawn: by the library that draws the office's own.
//!
//! Drawing takes longer than a start of the demo may, so the plan lies in `data/drawn.csv`; `cargo xtask precincts` draws it
//! anew, and tidy finds a plan that is not what would be drawn.

use crate::SEED;
use crate::district::{District, Doorway, Place, precinct_rows};
use districting::{Graph, GraphError, Model, Options, Unit, draw};
use domain::PlaceId;
use std::collections::HashMap;

/// Steps of annealing before each sub-district's plan is proven to be the best.
const EFFORT: u64 = 60_000;
/// Weight of compactness beside likeness: precincts are walked.
const COMPACT: f64 = 0.15;

/// Draws the precincts of the demo within its sub-districts, as many in each as have a name: neighbourhoods with houses
/// as high, lived in as closely, lie together. The answer is the whole of `data/drawn.csv`.
///
/// # Errors
/// A sentence, where the numbers of precincts are not possible within the bounds.
pub fn drawn() -> Result<String, String> {
    let district = District::xuhui(SEED);
    let homes: Vec<&Place> = district.places.iter().filter(|p| p.depth == 3).collect();
    let graph = graph(&district, &homes).map_err(|e| e.to_string())?;
    let names = precinct_rows();
    let of_parent = |code: &String| names.iter().filter(|n| n.subdistrict == *code).count();
    let model = Model {
        per_parent: Some(graph.parents().iter().map(of_parent).collect()),
        compactness: COMPACT,
        ..Model::default()
    };
    let options = Options { by_parent: true, effort: EFFORT, model, ..Options::default() };
    let plan = draw(&graph, &options, &|_| (), &|| false).map_err(|e| e.to_string())?;
    if let Some(certificate) = plan.infeasible.first() {
        return Err(certificate.to_string());
    }
    // The names of a sub-district go to its precincts in the order of their first committees.
    let mut free: HashMap<&str, std::vec::IntoIter<i64>> = HashMap::new();
    for code in graph.parents() {
        let own = names.iter().filter(|n| n.subdistrict == *code).map(|n| n.number);
        free.insert(code, own.collect::<Vec<_>>().into_iter());
    }
    let mut numbers: HashMap<u32, i64> = HashMap::new();
    let mut out = String::from("code,precinct\n");
    for ((home, unit), d) in homes.iter().zip(graph.units()).zip(&plan.district) {
        let mut next = || unit.parent.as_deref().and_then(|p| free.get_mut(p)).and_then(Iterator::next);
        let number = *numbers.entry(*d).or_insert_with(|| next().unwrap_or_default());
        out += &format!("{},{number}\n", home.code);
    }
    Ok(out)
}

/// Neighbourhoods with what their houses tell, and who touches whom: hexagons that share a side.
fn graph(district: &District, homes: &[&Place]) -> Result<Graph, GraphError> {
    let mut doors: HashMap<PlaceId, Vec<&Doorway>> = HashMap::new();
    for door in &district.doorways {
        doors.entry(door.place).or_default().push(door);
    }
    let unit = |home: &&Place| {
        let own = doors.get(&home.id).map_or(&[][..], Vec::as_slice);
        let sum = |of: fn(&Doorway) -> u32| own.iter().map(|d| f64::from(of(d))).sum::<f64>();
        let high = sum(|d| d.floors) / (own.len() as f64).max(1.0);
        let close = f64::from(home.residents) / sum(|d| d.dwellings).max(1.0);
        Unit {
            id: home.code.clone(),
            residents: u64::from(home.residents),
            // An official code begins with that of the sub-district.
            parent: home.code.get(..9).map(str::to_owned),
            point: home.hex.map(|(q, r)| {
                let (q, r) = (f64::from(q), f64::from(r));
                [3f64.sqrt() * (q + r / 2.0), 1.5 * r]
            }),
            features: vec![high, close.ln_1p()],
            ..Unit::default()
        }
    };
    let at: HashMap<(i32, i32), usize> =
        homes.iter().enumerate().filter_map(|(i, h)| Some((h.hex?, i))).collect();
    let mut edges = Vec::new();
    for ((q, r), a) in &at {
        for near in [(q + 1, *r), (*q, r + 1), (q + 1, r - 1)] {
            edges.extend(at.get(&near).map(|b| (*a.min(b), *a.max(b), 1.0)));
        }
    }
    edges.sort_by_key(|e| (e.0, e.1));
    Graph::new(homes.iter().map(unit).collect(), &edges)
}
