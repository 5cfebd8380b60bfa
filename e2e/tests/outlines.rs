//! A survey of the neighbourhoods, brought in from GeoJSON: who borders on whom, the map, what is wrong with it.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

use demo::{District, Place};
use e2e::Program;
use serde_json::{Value, json};
use std::process::Output;

/// The outline of a hexagon of the schematic map, some 600 m across, around a point of the city; `shift` in its widths.
fn feature(code: &str, (q, r): (i32, i32), shift: f64) -> Value {
    let (q, r) = (f64::from(q) + shift, f64::from(r));
    // A degree of longitude is shorter here than one of latitude.
    let (x, y) = (3f64.sqrt() * (q + r / 2.0), -1.5 * r);
    let corner = |i: i32| {
        let angle = (60.0 * f64::from(i) - 30.0).to_radians();
        let round = |v: f64| (v * 1e7).round() / 1e7;
        json!([round(121.4 + (x + angle.cos()) * 0.0035), round(31.2 + (y + angle.sin()) * 0.003)])
    };
    let ring: Vec<Value> = (0..7).map(corner).collect();
    json!({"type": "Feature", "properties": {"代码": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn import(program: &Program, text: &str, more: &[&str]) -> Output {
    let file = program.data().join("outlines.geojson");
    std::fs::write(&file, text).unwrap();
    program.run(&[&["import", "outlines", file.to_str().unwrap()], more].concat()).unwrap()
}

fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

#[test]
fn from_the_schematic_map_to_the_survey() {
    let mut program = Program::demo().unwrap();
    let office = program.client();
    office.sign_in(program.ready().sign_in("district_office").unwrap()).unwrap();
    let district = District::xuhui(310_104);
    let committees: Vec<&Place> = district.places.iter().filter(|p| p.hex.is_some()).collect();
    let sound: Vec<Value> = committees.iter().map(|p| feature(&p.code, p.hex.unwrap(), 0.0)).collect();
    let last = sound.len() - 1;

    // What is no collection of outlines, or fits nothing here, is told in a sentence and changes nothing.
    for (text, told) in [
        ("{\"type\": \"FeatureCollection\"", "this is not GeoJSON"),
        ("{\"type\": \"FeatureCollection\", \"features\": []}", "the collection has no features"),
    ] {
        let refused = import(&program, text, &[]);
        assert!(!refused.status.success() && said(&refused).contains(told), "{}", said(&refused));
    }
    let foreign = import(&program, &collection(&[feature("999", (0, 0), 0.0)]), &[]);
    assert!(!foreign.status.success() && said(&foreign).contains("say --id-property"), "{}", said(&foreign));
    let mut wrong = sound.clone();
    wrong.push(feature("999", (90, 90), 0.0));
    wrong.push(feature(&committees[3].code, (95, 95), 0.0));
    let refused = import(&program, &collection(&wrong), &[]);
    let told = said(&refused);
    assert!(!refused.status.success(), "{told}");
    assert!(told.contains("feature 313: \"999\" names no neighbourhood"), "{told}");
    assert!(
        told.contains("feature 314") && told.contains("is of the same neighbourhood as feature 4"),
        "{told}"
    );
    assert!(told.contains("nothing was brought in"), "{told}");
    let dry = import(&program, &collection(&sound), &["--dry-run", "--json"]);
    let report: Value = serde_json::from_slice(&dry.stdout).unwrap();
    assert_eq!((&report["outlines"], &report["dry_run"]), (&json!(312), &json!(true)));
    // The demo's map leaves room for parks and the river.
    let found: Vec<&str> = report["found"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    assert!(!found.is_empty() && found.iter().all(|t| t.contains("belong to nobody")), "{found:?}");
    program.stop().unwrap();
    program.restart().unwrap();
    let page = office.get("/console/precincts").unwrap();
    assert!(page.body.contains("class=\"hexes plan\""), "the map is schematic still");

    // One has no outline, one lies over its neighbour.
    let mut surveyed = sound.clone();
    surveyed[0] = feature(&committees[0].code, committees[0].hex.unwrap(), 0.25);
    surveyed.remove(last);
    let done = import(&program, &collection(&surveyed), &[]);
    let told = said(&done);
    assert!(done.status.success() && told.contains("311 outlines"), "{told}");
    assert!(told.contains("Neighbourhoods without an outline: 1") && told.contains("overlap"), "{told}");
    program.stop().unwrap();
    program.restart().unwrap();
    let page = office.get("/console/precincts").unwrap();
    assert!(
        page.body.contains("class=\"hexes plan land\"")
            && page.body.matches("<path fill-rule").count() == 311
    );
    assert!(page.body.contains(&format!("{}没有边界", committees[last].zh)), "{}", page.body);
    assert!(
        page.body.contains("的边界重叠") && page.body.contains("pianqu import outlines"),
        "{}",
        page.body
    );
    let opened =
        office.post("/console/precincts/drafts", &[("source", "today"), ("name", "按边界")]).unwrap();
    let draft = office.follow(&opened).unwrap();
    assert!(draft.body.contains("边界图：点一个居民区"), "{}", draft.body);

    // The mended file takes its place.
    assert!(import(&program, &collection(&sound), &[]).status.success());
    program.stop().unwrap();
    program.restart().unwrap();
    let page = office.get("/console/precincts").unwrap();
    assert!(!page.body.contains("没有边界") && !page.body.contains("的边界重叠"), "{}", page.body);
    assert_eq!(page.body.matches("不属于任何居民区").count(), found.len(), "{}", page.body);
    assert_eq!(page.body.matches("class=\"edge\"").count(), 61, "a line around every precinct");
}
