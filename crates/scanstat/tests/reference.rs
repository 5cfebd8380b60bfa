//! The reference program's own answers (SaTScan 10.3.2), where its data lie beside the project.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test says what it skips, and stops where it cannot go on"
)]

use scanstat::{Analysis, Parameters, Report};
use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/scan");
    if there.is_dir() {
        return Some(there);
    }
    println!("skipped: ../shared/data/scan is not there");
    None
}

fn run(folder: &Path, prm: &str) -> Report {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let p = Parameters::parse(&read(prm)).unwrap();
    let mut analysis = Analysis::read(&p, |name| Ok::<_, scanstat::ScanError>(read(name))).unwrap();
    analysis.options.threads = 2;
    analysis.scan().unwrap()
}

/// Within three standard errors of a Monte Carlo p from 999 data sets, on both sides.
fn close(p: f64, reference: f64) -> bool {
    (p - reference).abs() <= 3.0 * (2.0 * reference * (1.0 - reference) / 999.0).sqrt() + 0.001
}

#[test]
fn new_mexico() {
    let Some(folder) = folder() else { return };
    let r = run(&folder, "NewMexicoSpaceTimePoisson.prm");
    let first = &r.clusters[0];
    let names = [
        "Torrance",
        "Bernalillo",
        "Valencia",
        "SantaFe",
        "Guadelupe",
        "Socorro",
        "Sandoval",
        "SanMiguel",
        "LosAlamos",
    ];
    assert_eq!(first.ids, names);
    assert_eq!((first.start.year(), first.end.year(), first.observed), (1985, 1989, 236));
    assert!((first.llr - 10.979758).abs() < 1e-6 && (first.expected - 176.22).abs() < 0.005);
    assert!((first.radius - 125.60).abs() < 0.005 && (first.relative_risk - 1.42).abs() < 0.005);
    assert!(close(first.p, 0.014), "{}", first.p);
    assert_eq!(r.clusters[1].ids, ["Chaves"]);
    assert!((r.clusters[1].llr - 5.684828).abs() < 1e-6 && close(r.clusters[1].p, 0.692));
    assert_eq!(r.clusters[2].ids, ["Curry", "Roosevelt"]);
    assert!((r.clusters[2].llr - 3.884186).abs() < 1e-6 && close(r.clusters[2].p, 0.996));
}

#[test]
fn north_humberside() {
    let Some(folder) = folder() else { return };
    let r = run(&folder, "NHumbersideSpatialBernoulli.prm");
    for c in &r.clusters[..2] {
        assert!((c.llr - 4.836516).abs() < 1e-6 && (c.expected - 1.22).abs() < 0.005 && c.observed == 4);
        assert!(close(c.p, 0.674), "{}", c.p);
    }
    let tied: Vec<&[String]> = r.clusters[..2].iter().map(|c| c.ids.as_slice()).collect();
    assert!(tied.contains(&["170", "173", "172", "169"].map(String::from).as_slice()));
    assert!(tied.contains(&["18", "19", "14", "26"].map(String::from).as_slice()));
}

#[test]
fn three_hundred_places() {
    let Some(folder) = folder() else { return };
    let r = run(&folder, "xh300.prm");
    let first = &r.clusters[0];
    assert_eq!(first.ids, ["L0", "L97", "L5", "L40", "L270"]);
    assert!(
        (first.llr - 36.780236).abs() < 1e-6
            && first.observed == 49
            && (first.expected - 10.56).abs() < 0.005
    );
    assert_eq!(first.start.to_string(), "2025-12-27");
    assert!((first.p - 0.001).abs() < 1e-12 && (first.radius - 0.91).abs() < 0.005);
    assert!((first.recurrence_days.unwrap() / 365.25 - 2.7).abs() < 0.05);
    assert_eq!(r.clusters[1].ids, ["L130", "L284", "L183"]);
}
