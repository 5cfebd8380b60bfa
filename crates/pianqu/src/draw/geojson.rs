//! A plan as GeoJSON: the outline of each precinct; of units that came without outlines, their points.

use super::drawn::Drawn;
use serde_json::{Value, json};

pub(super) fn text(drawn: &Drawn<'_>) -> String {
    let units = drawn.input.graph.units();
    let mut features: Vec<Value> = Vec::new();
    for (i, p) in drawn.precincts.iter().enumerate() {
        let ids: Vec<&str> = p.units.iter().map(|u| units[*u as usize].id.as_str()).collect();
        if let Some(answer) = drawn.outlines.get(i) {
            features.push(json!({
                "type": "Feature",
                "properties": {
                    "precinct": p.number, "units": ids, "residents": p.score.residents, "area": p.area,
                    "ssw_share": drawn.share(p), "within_bounds": p.faults.is_empty(), "faults": p.faults,
                },
                "geometry": answer.geometry(),
            }));
            continue;
        }
        for (u, id) in p.units.iter().zip(ids) {
            let unit = &units[*u as usize];
            let geometry = unit.point.map(|at| json!({"type": "Point", "coordinates": at}));
            features.push(json!({
                "type": "Feature",
                "properties": {
                    "id": id, "precinct": p.number, "residents": unit.residents, "area": unit.area,
                    "precinct_units": p.units.len(), "precinct_residents": p.score.residents,
                    "precinct_area": p.area, "ssw_share": drawn.share(p), "within_bounds": p.faults.is_empty(),
                },
                "geometry": geometry,
            }));
        }
    }
    json!({"type": "FeatureCollection", "features": features}).to_string()
}
