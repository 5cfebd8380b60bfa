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

/// A square of 400 m at 121.4 east, 31.2 north, `x` and `y` squares away; moved by so many metres to the east.
fn plot(id: &str, x: f64, y: f64, aside: f64) -> serde_json::Value {
    let (east, north) = (400.0 / 95_300.0, 400.0 / 110_870.0);
    let at = |dx: f64, dy: f64| [121.4 + (x + dx) * east + aside / 95_300.0, 31.2 + (y + dy) * north];
    serde_json::json!({
        "type": "Feature",
        "properties": {
            "名称": id, "人口": 4_000, "户数": 1_500 + (x as i64) * 100, "今天": format!("甲{}", (x as i64) / 3),
            "features": {"age": x * x, "rent": y},
        },
        "geometry": {"type": "Polygon", "coordinates": [[at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)]]},
    })
}

fn outlines(features: &[serde_json::Value]) -> String {
    serde_json::json!({"type": "FeatureCollection", "features": features}).to_string()
}

/// Six by two committees with Chinese names; the eastern half lies 60 centimetres too far east.
fn committees() -> Vec<serde_json::Value> {
    let name = |x: usize, y: usize| {
        format!("{}{}居委会", ["田林", "漕河泾", "康健", "虹梅", "长桥", "华泾"][x], y + 1)
    };
    let shift = |x: usize| if x < 3 { 0.0 } else { 0.6 };
    (0..2).flat_map(|y| (0..6).map(move |x| plot(&name(x, y), x as f64, y as f64, shift(x)))).collect()
}

#[test]
fn outlines_become_precincts_on_a_map_in_a_workbook_and_on_paper() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let mut arguments = vec![
        "--json".to_owned(),
        "--precincts".into(),
        "2".into(),
        "--seconds".into(),
        "1".into(),
        "--problems".into(),
        file("wrong.geojson"),
    ];
    for name in ["plan.geojson", "plan.xlsx", "plan.pdf", "plan.json"] {
        arguments.extend(["--out".into(), file(name)]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let out = plan(&draw(&outlines(&committees()), &arguments));
    assert_eq!(out["within_bounds"], true, "{out}");
    assert_eq!(out["precincts"], 2, "{out}");
    // The shift is two thin gaps, one for each pair across it; both are said and shown.
    let problems = out["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|p| p["kind"] == "sliver"));
    assert!(
        problems[0]["text"].as_str().unwrap().contains("\"康健1居委会\" and \"虹梅1居委会\""),
        "{problems:?}"
    );
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(file(name)).unwrap()).unwrap()
    };
    assert_eq!(read("wrong.geojson")["features"].as_array().unwrap().len(), 2);
    assert_eq!(read("plan.json")["assignment"], out["assignment"]);
    // Each precinct is one outline that says what is in it.
    let drawn = read("plan.geojson");
    let features = drawn["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    for f in features {
        let p = &f["properties"];
        assert_eq!(p["residents"], 24_000, "{p}");
        let area = p["area"].as_f64().unwrap();
        assert!((area - 960_000.0).abs() < 10_000.0, "{area}");
        for id in p["units"].as_array().unwrap() {
            assert_eq!(
                out["assignment"][id.as_str().unwrap()].as_u64().unwrap() + 1,
                p["precinct"].as_u64().unwrap()
            );
        }
        assert_eq!(f["geometry"]["type"], "MultiPolygon");
    }
    assert!(std::fs::read(file("plan.xlsx")).unwrap().starts_with(b"PK"));
    let pdf = std::fs::read(file("plan.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    let left = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().file_name());
    assert_eq!(left.filter(|n| n.to_string_lossy().contains("part")).count(), 0);
    // What was drawn is a graph of outlines again.
    let again = draw(
        &std::fs::read_to_string(file("plan.geojson")).unwrap(),
        &["--size", "1..2", "--residents", "24000..48000", "--id-column", "precinct", "--json"],
    );
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
}

#[test]
fn what_is_wrong_with_outlines_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.geojson");
    let target = folder.path().join("plan.pdf");
    let mut features = committees();
    features.push(plot("海岛", 20.0, 20.0, 0.0));
    features.push(plot("田林1居委会", 0.0, 5.0, 0.0));
    features[4]["properties"]["人口"] = serde_json::Value::Null;
    let (w, t) = (wrong.to_str().unwrap(), target.to_str().unwrap());
    let out = draw(&outlines(&features), &["--json", "--problems", w, "--out", t]);
    let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!out.status.success() && out.stdout.is_empty());
    assert!(
        sentence.contains("the features 1 and 14 have the same id \"田林1居委会\" (and 1 more)"),
        "{sentence}"
    );
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    assert!(!target.exists());
    let shown: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&wrong).unwrap()).unwrap();
    let kinds: BTreeSet<&str> = shown["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["properties"]["problem"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, BTreeSet::from(["duplicate", "no-residents", "island", "sliver"]));

    // A name that asks for no known kind of file is refused before any work, and so is a folder that is not there.
    let out = draw(&outlines(&committees()), &["--seconds", "600", "--out", "plan.docx"]);
    let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        sentence.contains("plan.docx: the name must end in .geojson, .xlsx, .pdf or .json"),
        "{sentence}"
    );
    // A name without a glyph stops the paper, and leaves the workbook beside it unwritten too: the proof names it.
    let mut rare = committees();
    rare.truncate(3);
    rare[0]["properties"]["名称"] = "\u{799b}居委会".into();
    let (sheet, paper) = (folder.path().join("b.xlsx"), folder.path().join("b.pdf"));
    let (s, p) = (sheet.to_str().unwrap(), paper.to_str().unwrap());
    let out = draw(
        &outlines(&rare),
        &[
            "--bound",
            "户数=0..1550",
            "--size",
            "1..1",
            "--residents",
            "1..5000",
            "--together",
            "\u{799b}居委会,漕河泾1居委会",
            "--seconds",
            "1",
            "--out",
            s,
            "--out",
            p,
        ],
    );
    let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(sentence.contains("b.pdf: no glyph for \u{799b}"), "{sentence}");
    assert!(!out.status.success() && !sheet.exists() && !paper.exists());
}

#[test]
fn todays_plan_prices_and_pins_come_from_the_command_line() {
    let text = outlines(&committees());
    let base = ["--json", "--seconds", "1"];
    let with = |more: &[&str]| plan(&draw(&text, &[&base[..], more].concat()));
    // Without a word about today, the rows are divided by age; with a high price for moves everybody stays.
    let same = |out: &serde_json::Value, a: &str, b: &str| out["assignment"][a] == out["assignment"][b];
    let kept = with(&["--today", "今天", "--move-price", "50"]);
    for (a, b) in [("田林1居委会", "康健2居委会"), ("虹梅1居委会", "华泾2居委会")] {
        assert!(same(&kept, a, b), "{kept}");
    }
    assert!(!same(&kept, "田林1居委会", "华泾1居委会"));
    // An answer is today's plan for the next question.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("today.json");
    std::fs::write(&file, kept.to_string()).unwrap();
    let again = with(&["--today", file.to_str().unwrap(), "--move-price", "50"]);
    assert_eq!(again["assignment"], kept["assignment"]);
    let pinned = with(&[
        "--size",
        "3..6",
        "--residents",
        "12000..25000",
        "--apart",
        "田林1居委会,漕河泾1居委会",
        "--together",
        "长桥1居委会，华泾1居委会",
    ]);
    assert!(!same(&pinned, "田林1居委会", "漕河泾1居委会"), "{pinned}");
    assert!(same(&pinned, "长桥1居委会", "华泾1居委会"), "{pinned}");
    let bounded = with(&["--bound", "户数=9000..12500"]);
    let homes = |precinct: u64| -> i64 {
        let all = bounded["assignment"].as_object().unwrap();
        let own = all.iter().filter(|(_, p)| p.as_u64() == Some(precinct));
        own.map(|(id, _)| {
            1_500
                + ["田林", "漕河泾", "康健", "虹梅", "长桥", "华泾"]
                    .iter()
                    .position(|n| id.starts_with(n))
                    .unwrap() as i64
                    * 100
        })
        .sum()
    };
    assert!((9_000..=12_500).contains(&homes(0)), "{bounded}");
    let several = with(&["--size", "3..6", "--residents", "12000..25000", "--plans", "3"]);
    let plans = several["plans"].as_array().unwrap();
    assert!(!plans.is_empty() && plans.len() <= 3, "{several}");
    assert_eq!(plans[0]["assignment"], several["assignment"]);
    for (more, said) in [
        (vec!["--together", "田林1居委会,乌有"], "--together: \"乌有\" is no unit"),
        (vec!["--today", "昨天"], "--today 昨天 is neither a file nor a property of the outlines"),
        (vec!["--bound", "车=1..2"], "\"车\" is not a number"),
        (vec!["--bound", "户数"], "write it as households=4000..9000"),
    ] {
        let out = draw(&text, &[&base[..], &more].concat());
        let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && sentence.contains(said), "{more:?}: {sentence}");
    }
}

/// Ctrl-C ends the search, and what was best so far is printed and written.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_best_so_far() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let (graph, target) = (folder.path().join("graph.json"), folder.path().join("plan.geojson"));
    std::fs::write(&graph, sheet(30, 25).0).unwrap();
    let mut child = Command::new(binary().unwrap())
        .arg("draw")
        .arg(&graph)
        .args(["--seconds", "3000", "--out"])
        .arg(&target)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // As soon as it searches, it is told to stop.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert_eq!(first, "750 units are read, searching for 3000 s");
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let said: Vec<String> = lines.map_while(Result::ok).collect();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{said:?}");
    assert!(said.iter().any(|l| l == "keeping the best plan so far"), "{said:?}");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.contains("The search was stopped; this was the best plan so far."), "{text}");
    let drawn: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&target).unwrap()).unwrap();
    assert_eq!(drawn["features"].as_array().unwrap().len(), 750);
}
