//! The outlines of a real district, where they lie beside the project: who borders on whom must come out as somebody
//! else measured it.

use districting::polygons::{Kind, Reading, Territory};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn thirteen_outlines_have_twenty_three_borders() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/geo");
    let (Ok(text), Ok(table)) = (
        std::fs::read_to_string(folder.join("xuhui_13_streets_osm.geojson")),
        std::fs::read_to_string(folder.join("xuhui_13_adjacency.csv")),
    ) else {
        println!("skipped: ../shared/data/geo is not there");
        return;
    };
    let reading = Reading { residents: Some("juwei_2023".into()), ..Reading::default() };
    let land = Territory::read(&text, &reading).unwrap();
    let mut wanted: BTreeMap<(String, String), f64> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        wanted.insert((cells[0].into(), cells[2].into()), cells[4].parse().unwrap());
    }
    let mut found: BTreeMap<(String, String), f64> = BTreeMap::new();
    for (a, b, border) in land.borders() {
        let (a, b) = (land.units()[*a].id.clone(), land.units()[*b].id.clone());
        found.insert((a.clone().min(b.clone()), a.max(b)), *border);
    }
    assert_eq!(found.len(), 23);
    for (pair, metres) in &wanted {
        let own = found[pair];
        println!("{pair:?}: {metres} m there, {own:.0} m here");
        assert!((own - metres).abs() < 0.01 * metres + 10.0, "{pair:?}: {metres} there, {own} here");
    }
    for p in land.problems() {
        println!("{p}");
    }
    assert!(land.problems().iter().all(|p| p.kind == Kind::Sliver || p.kind == Kind::Gap));
}
