use super::*;
use proptest::prelude::*;

/// A feature in metres of a plane: an id and its rings, without their closing points.
fn unit(id: &str, rings: &[&[[f64; 2]]]) -> Value {
    let rings: Vec<Vec<[f64; 2]>> =
        rings.iter().map(|r| r.iter().chain(r.first()).copied().collect()).collect();
    serde_json::json!({
        "type": "Feature",
        "properties": {"id": id, "residents": 4_000},
        "geometry": {"type": "Polygon", "coordinates": rings},
    })
}

fn square(id: &str, x: f64, y: f64, side: f64) -> Value {
    unit(id, &[&[[x, y], [x + side, y], [x + side, y + side], [x, y + side]]])
}

fn collection(features: &[Value]) -> String {
    serde_json::json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn land(features: &[Value]) -> Territory {
    Territory::read(&collection(features), &Reading::default()).unwrap()
}

fn said(land: &Territory) -> Vec<String> {
    land.problems().iter().map(ToString::to_string).collect()
}

fn pairs(land: &Territory) -> Vec<(&str, &str, f64)> {
    let id = |u: usize| land.units()[u].id.as_str();
    land.borders().iter().map(|(a, b, border)| (id(*a), id(*b), (border * 100.0).round() / 100.0)).collect()
}

#[test]
fn a_touch_in_a_point_is_no_border() {
    let land = land(&[
        square("sw", 0.0, 0.0, 500.0),
        square("se", 500.0, 0.0, 500.0),
        square("nw", 0.0, 500.0, 500.0),
        square("ne", 500.0, 500.0, 500.0),
    ]);
    assert_eq!(
        pairs(&land),
        [("sw", "se", 500.0), ("sw", "nw", 500.0), ("se", "ne", 500.0), ("nw", "ne", 500.0)]
    );
    assert!(land.problems().is_empty(), "{:?}", said(&land));
    assert_eq!(land.units()[3].area, 250_000.0);
    assert_eq!(land.units()[3].point, Some([750.0, 750.0]));
    // Nor is one at an acute angle: 20 degrees between two edges that leave one corner.
    let wedge = unit("b", &[&[[0.0, 0.0], [940.0, 342.0], [0.0, 900.0]]]);
    let flat = unit("a", &[&[[0.0, 0.0], [0.0, -500.0], [1000.0, -500.0], [1000.0, 0.0]]]);
    let land = super::tests::land(&[flat, wedge]);
    assert!(land.borders().is_empty(), "{:?}", pairs(&land));
    assert_eq!(said(&land), ["\"b\" touches none of the others: 423000 m² near 409.4, 414.0"]);
}

#[test]
fn borders_need_not_have_the_same_points() {
    // A T-junction: two small ones along the side of a large one, which has no point where they meet; and the large
    // one begins 70 centimetres too far east.
    let land = land(&[
        square("south", 0.0, 0.0, 500.0),
        square("north", 0.0, 500.0, 500.0),
        square("large", 500.7, 0.0, 1000.0),
    ]);
    assert_eq!(
        pairs(&land),
        [("south", "north", 500.0), ("south", "large", 500.0), ("north", "large", 500.0)]
    );
    assert_eq!(
        said(&land),
        [
            "the borders of \"south\" and \"large\" are up to 0.70 m apart over 500 m, 350 m² in all, near 500.0, 500.0; they count as one",
            "the borders of \"north\" and \"large\" are up to 0.70 m apart over 500 m, 350 m² in all, near 500.0, 1000.0; they count as one",
        ]
    );
    assert!(land.graph().is_ok());
    // At two metres there is no border any more, unless so much is borne.
    let apart = collection(&[square("a", 0.0, 0.0, 500.0), square("b", 502.0, 0.0, 500.0)]);
    let read = |tolerance| {
        let reading = Reading { tolerance: Some(tolerance), ..Reading::default() };
        Territory::read(&apart, &reading).unwrap()
    };
    assert_eq!(read(1.0).borders(), []);
    assert_eq!(read(1.0).problems()[0].kind, Kind::Island);
    assert_eq!(read(3.0).borders(), [(0, 1, 500.0)]);
}

#[test]
fn an_enclosed_gap_is_nobodys_ground_and_a_filled_hole_is_not() {
    let hole = [[200.0, 200.0], [200.0, 300.0], [300.0, 300.0], [300.0, 200.0]];
    let outer = [[0.0, 0.0], [500.0, 0.0], [500.0, 500.0], [0.0, 500.0]];
    let ring = unit("环村", &[&outer, &hole]);
    let land = land(std::slice::from_ref(&ring));
    assert_eq!(said(&land), ["10000 m² near 250.0, 250.0 belong to nobody, enclosed by \"环村\""]);
    let feature = land.problems()[0].feature();
    assert_eq!(feature["geometry"]["type"], "MultiPolygon");
    assert_eq!(feature["properties"]["problem"], "gap");
    assert_eq!(feature["properties"]["area"], 10_000.0);
    let land = super::tests::land(&[ring, square("心村", 200.0, 200.0, 100.0)]);
    assert_eq!(pairs(&land), [("环村", "心村", 400.0)]);
    assert!(land.problems().is_empty(), "{:?}", said(&land));
}

#[test]
fn slivers_are_mended_and_overlaps_named() {
    let inside = |corner: f64| {
        unit("c", &[&[[0.0, 500.0], [corner, 499.5], [500.0, 500.0], [500.0, 900.0], [0.0, 900.0]]])
    };
    // A thin overlap along the border of a and c.
    let land = land(&[square("a", 0.0, 0.0, 500.0), inside(250.0)]);
    assert_eq!(pairs(&land), [("a", "c", 500.0)]);
    assert_eq!(
        said(&land),
        ["\"a\" and \"c\" overlap along their borders by 125 m² near 250.0, 499.8, within the tolerance"]
    );
    assert_eq!(land.problems()[0].kind, Kind::Sliver);
    // Sixty metres are no sliver, and they touch all the same.
    let land = super::tests::land(&[square("a", 0.0, 0.0, 500.0), square("b", 440.0, 0.0, 500.0)]);
    assert_eq!(said(&land), ["\"a\" and \"b\" overlap: both have 30000 m² near 470.0, 250.0"]);
    assert_eq!(land.problems()[0].kind, Kind::Overlap);
    assert_eq!(land.borders().len(), 1);
    // A thin gap that is closed at both ends.
    let low = unit(
        "a",
        &[&[
            [0.0, 0.0],
            [500.0, 0.0],
            [500.0, 500.0],
            [400.0, 500.0],
            [250.0, 499.4],
            [100.0, 500.0],
            [0.0, 500.0],
        ]],
    );
    let high = unit("b", &[&[[0.0, 500.0], [500.0, 500.0], [500.0, 900.0], [0.0, 900.0]]]);
    let land = super::tests::land(&[low, high]);
    assert_eq!(
        said(&land),
        ["a thin gap of 90 m² lies between \"a\" and \"b\" near 250.0, 499.8; it counts as their border"]
    );
    // The two as one district have no hole.
    let whole = outlines(&land, &[0, 0]);
    assert_eq!((whole.len(), whole[0].outline.len(), whole[0].outline[0].len()), (1, 1, 1));
}

#[test]
fn several_parts_are_one_unit() {
    let mut two = square("两块", 0.0, 0.0, 500.0);
    let part =
        |x: f64| serde_json::json!([[[x, 0.0], [x + 500.0, 0.0], [x + 500.0, 500.0], [x, 500.0], [x, 0.0]]]);
    two["geometry"] = serde_json::json!({"type": "MultiPolygon", "coordinates": [part(0.0), part(1000.0)]});
    let land = land(&[two, square("中间", 500.0, 0.0, 500.0)]);
    assert_eq!(pairs(&land), [("两块", "中间", 1000.0)]);
    assert_eq!(land.units()[0].area, 500_000.0);
    assert!(land.problems().is_empty(), "{:?}", said(&land));
    let drawn = outlines(&land, &[0, 0]);
    assert_eq!(drawn[0].geometry()["coordinates"].as_array().unwrap().len(), 1);
    assert_eq!(drawn[0].units, [0, 1]);
}

#[test]
fn what_a_person_must_mend_is_said_and_nothing_is_drawn() {
    let mut silent = square("b", 500.0, 0.0, 500.0);
    silent["properties"]["residents"] = Value::Null;
    let land = land(&[square("a", 0.0, 0.0, 500.0), silent, square("a", 1000.0, 0.0, 500.0)]);
    let all = said(&land);
    assert_eq!(all[0], "the features 1 and 3 have the same id \"a\"");
    assert_eq!(all[1], "unit \"b\": \"residents\" is null; a whole number of zero or more is needed");
    assert_eq!(land.graph().unwrap_err().to_string(), format!("{} (and 1 more)", all[0]));
    let bow = unit("结", &[&[[0.0, 0.0], [500.0, 500.0], [500.0, 0.0], [0.0, 500.0]]]);
    let land = super::tests::land(&[bow]);
    assert_eq!(
        said(&land),
        ["the outline of \"结\" crosses itself near 250.0, 250.0; mended by counting crossings"]
    );
    assert!((land.units()[0].area - 125_000.0).abs() < 1e-3);
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_a_sentence() {
    for (text, wanted) in [
        ("[1]", "this is not GeoJSON: "),
        (r#"{"type": "Feature"}"#, "the file is a GeoJSON Feature; a FeatureCollection is needed"),
        (r#"{"type": "FeatureCollection", "features": []}"#, "the collection has no features"),
        (
            r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}"#,
            "feature 1 is a Point; a Polygon or MultiPolygon is needed",
        ),
        (
            r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1], [1, 1]]]}}]}"#,
            "feature 1 has a position without two numbers",
        ),
        (
            r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "a"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}}]}"#,
            "unit \"a\": ring 1 has 2 different points; three are needed",
        ),
    ] {
        let wrong = Territory::read(text, &Reading::default()).unwrap_err().to_string();
        assert!(wrong.starts_with(wanted), "{wrong}");
    }
    let named = Reading { residents: Some("人数".into()), ..Reading::default() };
    let wrong = Territory::read(&collection(&[square("a", 0.0, 0.0, 1.0)]), &named).unwrap_err();
    assert_eq!(wrong.to_string(), "no feature has the property \"人数\"");
}

#[test]
fn degrees_are_measured_in_metres() {
    // A hundredth of a degree at 31.2 degrees north, by the ellipsoid: 952.9 m east, 1108.7 m north.
    let feature = |id: &str, x: f64| square(id, x, 31.195, 0.01);
    let land = land(&[feature("西", 121.40), feature("东", 121.41)]);
    let border = land.borders()[0].2;
    assert!((border - 1108.7).abs() < 0.5, "{border}");
    let area = land.units()[0].area;
    assert!((area - 952.9 * 1108.7).abs() < 1500.0, "{area}");
    // There and back.
    let drawn = outlines(&land, &[0, 1]);
    let ring = &drawn[1].outline[0][0];
    assert!(
        ring.iter().all(|p| (p[0] - 121.415).abs() < 0.00501 && (p[1] - 31.2).abs() < 0.00501),
        "{ring:?}"
    );
    // Far from the true parallel a length is still right: a unit of 0.01 degrees in the north of a large land.
    let land = super::tests::land(&[
        feature("南", 121.40),
        square("北", 121.40, 50.0, 0.01),
        square("北东", 121.41, 50.0, 0.01),
    ]);
    let border = land.borders()[0].2;
    assert!((border / 1112.3 - 1.0).abs() < 0.003, "{border}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A sheet of squares whose corners everybody has digitised for himself, with an error of up to 0.3 m: borders
    /// are those of the sheet, each of its length, and nothing worse than a sliver is found.
    #[test]
    fn sloppy_digitising_changes_nothing(
        noise in prop::collection::vec(-0.3_f64..0.3, 4 * 4 * 8),
        turn in 0.0_f64..6.3,
    ) {
        let mut features = Vec::new();
        for y in 0..4 {
            for x in 0..4 {
                let corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
                let ring: Vec<[f64; 2]> = corners.iter().enumerate().map(|(c, [dx, dy])| {
                    let k = (y * 4 + x) * 8 + c * 2;
                    let (px, py) = (f64::from((x + dx) as u32) * 300.0 + noise[k], f64::from((y + dy) as u32) * 300.0 + noise[k + 1]);
                    [px * turn.cos() - py * turn.sin(), px * turn.sin() + py * turn.cos()]
                }).collect();
                features.push(unit(&format!("{x}-{y}"), &[&ring]));
            }
        }
        let land = land(&features);
        prop_assert_eq!(land.borders().len(), 24);
        for (a, b, border) in land.borders() {
            prop_assert!(a + 1 == *b || a + 4 == *b);
            prop_assert!((border - 300.0).abs() < 2.0, "{}", border);
        }
        prop_assert!(land.problems().iter().all(|p| p.kind == Kind::Sliver), "{:?}", said(&land));
    }
}

#[test]
fn one_outline_around_units_keeps_a_courtyard_and_closes_a_crack() {
    let square = |x: f64, y: f64, w: f64, h: f64| vec![vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]];
    // A frame of four around a courtyard of 100 m.
    let frame = [
        square(0.0, 0.0, 300.0, 100.0),
        square(0.0, 200.0, 300.0, 100.0),
        square(0.0, 100.0, 100.0, 100.0),
        square(200.0, 100.0, 100.0, 100.0),
    ];
    let parts = around(&frame, 2.0);
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    // A crack of one metre within is not meant.
    let mut cracked = frame.to_vec();
    cracked.push(square(101.0, 100.0, 99.0, 100.0));
    assert_eq!(around(&cracked, 2.0).iter().map(Vec::len).collect::<Vec<_>>(), [1]);
    assert!(around(&[], 2.0).is_empty());
}
