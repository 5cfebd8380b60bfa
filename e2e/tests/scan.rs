//! `pianqu scan` from files to clusters, a map and tables, and to a clear word about what is wrong.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says what it did")]

use e2e::binary;
use std::path::Path;
use std::process::{Command, Output};

/// Four doors, three reports a day; eight more at one of them in the last days.
fn district(folder: &Path) {
    let mut cases = String::new();
    for day in 1..=28 {
        for k in 0..3 {
            cases += &format!("\"door {}\" 1 2026/2/{day}\n", (day + k) % 4);
        }
    }
    cases += "\"door 1\" 4 2026/2/27\n\"door 1\" 4 2026/2/28\n";
    std::fs::write(folder.join("reports.cas"), cases).unwrap();
    let doors = "\"door 0\" 0 0\n\"door 1\" 10 0\n\"door 2\" 20 0\n\"door 3\" 90 0\n";
    std::fs::write(folder.join("doors.geo"), doors).unwrap();
}

fn scan(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(binary().unwrap()).arg("scan").args(arguments).current_dir(folder).output().unwrap()
}

fn found(out: &Output) -> serde_json::Value {
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// What was said, where a scan was refused and nothing was printed.
fn refused(out: &Output) -> String {
    assert!(!out.status.success() && out.stdout.is_empty());
    String::from_utf8_lossy(&out.stderr).into_owned()
}

const DATA: [&str; 4] = ["--cases", "reports.cas", "--geo", "doors.geo"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&DATA, more].concat()
}

#[test]
fn reports_become_a_cluster_a_map_and_tables() {
    let folder = tempfile::tempdir().unwrap();
    district(folder.path());
    let out =
        found(&scan(folder.path(), &with(&["--prospective", "--max-days", "7", "--json", "--out", "found"])));
    let first = &out["clusters"][0];
    assert_eq!(first["ids"], serde_json::json!(["door 1"]));
    assert_eq!((first["observed"].as_u64(), first["end"].as_str()), (Some(10), Some("2026-02-28")));
    assert!(first["recurrence_days"].as_f64().unwrap() > 20.0);
    let map: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("found.geojson")).unwrap()).unwrap();
    assert_eq!(map["features"][0]["properties"]["id"], "door 1");
    let table = std::fs::read_to_string(folder.path().join("found.clusters.tsv")).unwrap();
    assert!(table.starts_with("CLUSTER\tLOC_ID\t") && table.contains("\n1\tdoor 1\t"));
    assert!(folder.path().join("found.places.tsv").exists());
    assert!(
        std::fs::read_dir(folder.path())
            .unwrap()
            .all(|f| { f.unwrap().path().extension().is_none_or(|e| e != "part") })
    );
    // The same question, asked by a parameter file.
    let settings = "[Input]\nCaseFile=C:\\data\\reports.cas\nPrecisionCaseTimes=3\nCoordinatesFile=doors.geo\n\
        StartDate=2026/2/1\nEndDate=2026/2/28\n[Analysis]\nAnalysisType=4\nModelType=2\nMaxTemporalSizeInterpretation=1\n\
        MaxTemporalSize=7\nCalculateOliveira=y\n";
    std::fs::write(folder.path().join("a.prm"), settings).unwrap();
    let asked = scan(folder.path(), &["--prm", "a.prm", "--json"]);
    assert_eq!(found(&asked)["clusters"], out["clusters"]);
    let remark = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(
        remark.contains("CalculateOliveira=y is not done here; the clusters are the same without"),
        "{remark}"
    );
    std::fs::write(folder.path().join("b.prm"), settings.to_owned() + "IsotonicScan=1\n").unwrap();
    let said = refused(&scan(folder.path(), &["--prm", "b.prm"]));
    assert!(said.contains("b.prm: IsotonicScan=1: the isotonic scan is not done here"), "{said}");
}

#[test]
fn each_way_to_scan_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    district(folder.path());
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let doors = |line: &dyn Fn(usize) -> String| -> String { (0..4).map(line).collect() };
    file("doors.pop", &doors(&|i| format!("\"door {i}\" 2026 {}\n", 100 + i)));
    file("doors.ctl", &doors(&|i| format!("\"door {i}\" 9 2026/2/3\n")));
    file("street.ntk", "\"door 0\" \"door 2\" 20\n\"door 2\" \"door 1\" 10\n\"door 2\" \"door 3\" 70\n");
    file("near.nbr", "\"door 1\" \"door 3\"\n");
    file("fair.adj", "\"door 1\" 5 2026/2/27 2026/2/28\n");
    let poisson = ["--model", "poisson", "--population", "doors.pop"];
    let bernoulli = ["--model", "bernoulli", "--controls", "doors.ctl"];
    let ways: [&[&str]; 9] = [
        &["--ellipses", "medium"],
        &["--network", "street.ntk", "--max-distance", "40"],
        &["--neighbors", "near.nbr"],
        &["--touching", "street.ntk", "--flexible", "3"],
        &["--weekly", "--rates", "both", "--secondary", "any"],
        &["--interval-length", "7", "--min-days", "7", "--early-stop", "10"],
        &["--adjustments", "fair.adj", "--trend", "any", "--secondary", "gini"],
        &["--temporal", "--trend", "2.5%"],
        &["--spatial", "--max-share", "40"],
    ];
    for (i, way) in ways.into_iter().enumerate() {
        let model: &[&str] = match i {
            6..=7 => &poisson,
            8 => &bernoulli,
            _ => &[],
        };
        let arguments = [&DATA, way, model, &["--json", "--replicates", "99"]].concat();
        let out = found(&scan(folder.path(), &arguments));
        assert!(out["clusters"].is_array(), "{way:?}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    district(folder.path());
    std::fs::write(folder.path().join("bad.geo"), "\"door 0\" 0 zero\n").unwrap();
    let said = |arguments: &[&str]| refused(&scan(folder.path(), arguments));
    let bad = said(&["--cases", "reports.cas", "--geo", "bad.geo", "--out", "never"]);
    assert!(bad.contains("bad.geo: coordinates, line 1: \"zero\" is no coordinate"), "{bad}");
    assert!(!folder.path().join("never.geojson").exists());
    let none = said(&["--cases", "reports.cas", "--geo", "none.geo"]);
    assert!(none.contains("none.geo"), "{none}");
    let nowhere = "id cases day\n\"door 1\" 4 2026/2/1\n\"door 9\" 1 2026/2/2\n";
    std::fs::write(folder.path().join("nowhere.cas"), nowhere).unwrap();
    let row = said(&["--cases", "nowhere.cas", "--geo", "doors.geo"]);
    assert!(row.contains("nowhere.cas: cases, line 3: \"door 9\" has no coordinates"), "{row}");
    std::fs::write(folder.path().join("old.cas"), b"\"door 1\" 4 2026/2/1\n\xc3\xc5 1 2026/2/2\n").unwrap();
    let old = said(&["--cases", "old.cas", "--geo", "doors.geo"]);
    assert!(old.contains("old.cas: line 2 is not UTF-8 text; save the file as UTF-8"), "{old}");
    let trend = said(&with(&["--trend", "log-linear"]));
    assert!(trend.contains("adjusted for with the Poisson model"), "{trend}");
    let people = said(&with(&["--model", "poisson"]));
    assert!(people.contains("--model poisson needs --population"), "{people}");
}

/// A parameter file from a machine that does not care for large and small letters, with its data in a folder, a table of another
/// program, and numbers for times.
#[test]
fn a_parameter_file_of_another_machine_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let mut table = String::from("day;n;place\r\n");
    for day in 1..=20 {
        table += &format!("{day};{};\"the mill\"\r\n{day};2;gate\r\n", if day > 18 { 9 } else { 2 });
    }
    write("data/cases.csv", &table);
    write("Places.geo", "\"the mill\" 0 0\r\ngate 5 5\r\n");
    let settings = "[Input]\r\nCaseFile=DATA\\Cases.csv\r\nCaseFile-SourceType=0\r\nCaseFile-SourceFieldMap=3,2,1\r\n\
        CaseFile-SourceDelimiter=;\r\nCaseFile-SourceFirstRowHeader=y\r\nCoordinatesFile=D:\\old\\places.GEO\r\n\
        PrecisionCaseTimes=4\r\nStartDate=1\r\nEndDate=20\r\nCoordinatesType=0\r\n[Analysis]\r\nAnalysisType=4\r\n\
        ModelType=2\r\nTimeAggregationUnits=4\r\n[Spatial Window]\r\nMaxSpatialSizeInPopulationAtRisk=60\r\n";
    write("a.prm", settings);
    let out = found(&scan(folder.path(), &["--prm", "a.prm", "--json"]));
    let first = &out["clusters"][0];
    assert_eq!(
        (&first["ids"], &first["start"], &first["end"], &first["observed"]),
        (
            &serde_json::json!(["the mill"]),
            &serde_json::json!("19"),
            &serde_json::json!("20"),
            &serde_json::json!(18)
        )
    );
    // The same without one.
    let own: String =
        table.lines().skip(1).map(|l| l.split(';').rev().collect::<Vec<_>>().join(" ") + "\n").collect();
    write("own.cas", &own);
    let asked = [
        "--cases",
        "own.cas",
        "--geo",
        "Places.geo",
        "--numbers",
        "--prospective",
        "--max-share",
        "60",
        "--json",
    ];
    assert_eq!(found(&scan(folder.path(), &asked))["clusters"], out["clusters"]);
    write("b.prm", &settings.replace("Cases.csv", "none.csv"));
    let said = refused(&scan(folder.path(), &["--prm", "b.prm"]));
    assert!(said.contains("b.prm: there is no DATA\\none.csv, nor a file of that name beside it"), "{said}");
}
