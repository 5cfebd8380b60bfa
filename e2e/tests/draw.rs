//! `pianqu draw` from a file to a plan, to the proof that there is none, and to a clear word about what is wrong.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says what it did")]

use e2e::binary;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

fn draw(text: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("graph.json");
    std::fs::write(&file, text).unwrap();
    Command::new(binary().unwrap()).arg("draw").arg(&file).args(arguments).output().unwrap()
}

fn plan(out: &Output) -> serde_json::Value {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// A sheet of `wide` × `high` neighbourhoods, poorer to the west, with 4,000 residents each.
fn sheet(wide: usize, high: usize) -> (String, Vec<(String, String)>) {
    let id = |x: usize, y: usize| format!("n{x}-{y}");
    let (mut nodes, mut edges) = (vec![], vec![]);
    for y in 0..high {
        for x in 0..wide {
            nodes.push(serde_json::json!({
                "id": id(x, y), "residents": 4_000, "x": x, "y": y, "features": {"age": x * x, "rent": y},
            }));
            if x + 1 < wide {
                edges.push((id(x, y), id(x + 1, y)));
            }
            if y + 1 < high {
                edges.push((id(x, y), id(x, y + 1)));
            }
        }
    }
    (serde_json::json!({ "nodes": nodes, "edges": edges }).to_string(), edges)
}

/// Whether every precinct hangs together, by walking the edges.
fn hangs_together(assignment: &BTreeMap<String, i64>, edges: &[(String, String)]) -> bool {
    let precincts: BTreeSet<i64> = assignment.values().copied().collect();
    precincts.into_iter().all(|p| {
        let own: BTreeSet<&String> = assignment.iter().filter(|(_, q)| **q == p).map(|(u, _)| u).collect();
        let mut seen = BTreeSet::from([*own.first().unwrap()]);
        loop {
            let before = seen.len();
            for (a, b) in edges {
                for (a, b) in [(a, b), (b, a)] {
                    if seen.contains(a) && own.contains(b) {
                        seen.insert(own.get(b).unwrap());
                    }
                }
            }
            if seen.len() == before {
                return seen.len() == own.len();
            }
        }
    })
}

#[test]
fn a_district_is_drawn() {
    let (text, edges) = sheet(6, 5);
    let first = plan(&draw(&text, &["--json", "--seconds", "2"]));
    assert_eq!(first["within_bounds"], true);
    assert!(first["infeasible"].as_array().unwrap().is_empty());
    let ssw = first["ssw"].as_f64().unwrap();
    assert!(first["lower_bound"].as_f64().unwrap() <= ssw + 1e-9);
    let assignment: BTreeMap<String, i64> = serde_json::from_value(first["assignment"].clone()).unwrap();
    assert_eq!(assignment.len(), 30);
    let mut sizes: BTreeMap<i64, u32> = BTreeMap::new();
    assignment.values().for_each(|p| *sizes.entry(*p).or_default() += 1);
    assert!(sizes.values().all(|n| (4..=6).contains(n)), "{sizes:?}");
    assert!(hangs_together(&assignment, &edges));
    // The same on one thread.
    let again = plan(&draw(&text, &["--json", "--seconds", "2", "--threads", "1"]));
    assert_eq!(again["assignment"], first["assignment"]);
    let said = draw(&text, &["--seconds", "1"]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("100.0 % within bounds"));
}

#[test]
fn what_cannot_be_is_proven() {
    // Seven in a row: one precinct has too many units, of two one has too few. With seven units, or three, it works.
    let (text, _) = sheet(7, 1);
    let out = plan(&draw(&text, &["--json", "--seconds", "1", "--residents", "10000..30000"]));
    let certificates = out["infeasible"].as_array().unwrap();
    assert!(!certificates.is_empty(), "{out}");
    assert!(!certificates[0]["relaxations"].as_array().unwrap().is_empty(), "{out}");
    assert!(!certificates[0]["reason"].as_str().unwrap().is_empty());
}

#[test]
fn a_plan_is_seen_beside_neutral_ones() {
    let (text, _) = sheet(6, 5);
    let arguments = ["--json", "--seconds", "1", "--recom", "2000", "--seed", "3"];
    let out = plan(&draw(&text, &arguments));
    let neutral = &out["recom"];
    assert_eq!(neutral["steps"], 2_000, "{out}");
    assert!(neutral["proposals"].as_u64().unwrap() >= 2_000);
    // The best plan is as low as any that chance meets.
    let likeness = &neutral["ssw"];
    assert!((likeness["plan"].as_f64().unwrap() - out["ssw"].as_f64().unwrap()).abs() < 1e-9, "{out}");
    assert!(likeness["percentile"].as_f64().unwrap() < 5.0, "{neutral}");
    assert!(likeness["median"].as_f64() > likeness["plan"].as_f64(), "{neutral}");
    assert_eq!(plan(&draw(&text, &arguments))["recom"], *neutral);
    let said = draw(&text, &["--seconds", "1", "--recom", "500"]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("Beside 500 neutral plans"));
}

#[test]
fn a_wrong_file_is_named() {
    for (text, said) in [
        ("{", "graph.json"),
        (r#"{"nodes":[{"id":"a","residents":1},{"id":"a","residents":1}],"edges":[]}"#, "a"),
        (r#"{"nodes":[{"id":"a","residents":1}],"edges":[["a","b"]]}"#, "b"),
        (r#"{"nodes":[{"id":"a","residents":-5}],"edges":[]}"#, "residents"),
    ] {
        let out = draw(text, &["--json"]);
        let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && out.stdout.is_empty(), "{text}");
        assert!(sentence.contains(said) && sentence.lines().count() == 1, "{text}: {sentence}");
    }
    let (text, _) = sheet(3, 3);
    let out = draw(&text, &["--size", "6..4"]);
    assert!(String::from_utf8_lossy(&out.stderr).contains("the range 6..4 begins above its end"));
}
