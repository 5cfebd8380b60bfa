//! The rules and prices of `pianqu draw`, each against a graph so small that the better plan is plain to see.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here, and says what it did")]

use e2e::binary;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Output};

fn draw(graph: &Value, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("graph.json");
    std::fs::write(&file, graph.to_string()).unwrap();
    let mut command = Command::new(binary().unwrap());
    command.arg("draw").arg(&file).args(["--json", "--seconds", "1"]).args(arguments).output().unwrap()
}

/// The precincts that come out, as sets of units, and the whole answer.
fn plan(graph: &Value, arguments: &[&str]) -> (BTreeSet<BTreeSet<String>>, Value) {
    let out = draw(graph, arguments);
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    let answer: Value = serde_json::from_slice(&out.stdout).unwrap();
    let of = |n: u64| {
        let all = answer["assignment"].as_object().unwrap();
        all.iter().filter(|(_, p)| p.as_u64() == Some(n)).map(|(id, _)| id.clone()).collect()
    };
    let precincts = (0..answer["precincts"].as_u64().unwrap()).map(of).collect();
    (precincts, answer)
}

fn sets(all: &[&[&str]]) -> BTreeSet<BTreeSet<String>> {
    all.iter().map(|own| own.iter().map(|id| (*id).to_owned()).collect()).collect()
}

/// Eight in a row: the first four are alike and so are the last four; residents, parents and today's plan as told.
fn row(residents: [u64; 8], parents: Option<usize>, today: Option<usize>) -> Value {
    let node = |i: usize| {
        let side = |at: usize| if i < at { "west" } else { "east" };
        json!({
            "id": format!("n{i}"), "residents": residents[i], "x": i, "y": 0, "features": {"age": i / 4 * 30},
            "parent": parents.map(side), "today": today.map(side),
        })
    };
    let edges: Vec<_> = (1..8).map(|i| json!([format!("n{}", i - 1), format!("n{i}")])).collect();
    let nodes: Vec<_> = (0..8)
        .map(|i| {
            let mut node = node(i);
            node.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            node
        })
        .collect();
    json!({"nodes": nodes, "edges": edges, "precincts": 2})
}

const LOOSE: [&str; 4] = ["--size", "3..5", "--residents", "15000..25000"];

fn halves() -> BTreeSet<BTreeSet<String>> {
    sets(&[&["n0", "n1", "n2", "n3"], &["n4", "n5", "n6", "n7"]])
}

fn three_and_five() -> BTreeSet<BTreeSet<String>> {
    sets(&[&["n0", "n1", "n2"], &["n3", "n4", "n5", "n6", "n7"]])
}

#[test]
fn balance_moves_the_border_to_where_residents_are_equal() {
    let graph = row([7_000, 7_000, 6_000, 4_000, 4_000, 4_000, 4_000, 4_000], None, None);
    let (alone, answer) = plan(&graph, &LOOSE);
    assert_eq!(alone, halves(), "{answer}");
    let (balanced, answer) = plan(&graph, &[&LOOSE[..], &["--balance", "50"]].concat());
    assert_eq!(balanced, three_and_five(), "{answer}");
    // Likeness is paid for, and the bound is one of the whole cost.
    let (ssw, cost) = (answer["ssw"].as_f64().unwrap(), answer["cost"].as_f64().unwrap());
    assert!(ssw > 0.0 && (cost - ssw).abs() < 1e-9, "equal sums cost nothing: {answer}");
    assert_eq!(answer["proven"], true, "{answer}");
}

#[test]
fn a_soft_parent_is_kept_to_where_its_price_is_high() {
    let graph = row([5_000; 8], Some(3), None);
    assert_eq!(plan(&graph, &LOOSE).0, halves());
    let (cheap, answer) = plan(&graph, &[&LOOSE[..], &["--parent-price", "0.01"]].concat());
    assert_eq!(cheap, halves());
    // One of eight units lies outside the main parent of its precinct.
    let paid = answer["cost"].as_f64().unwrap() - answer["ssw"].as_f64().unwrap();
    assert!((paid - 0.01 / 8.0).abs() < 1e-9, "{answer}");
    let (dear, answer) = plan(&graph, &[&LOOSE[..], &["--parent-price", "20"]].concat());
    assert_eq!(dear, three_and_five(), "{answer}");
}

#[test]
fn who_stays_keeps_the_precinct_of_today() {
    let graph = row([5_000; 8], None, Some(3));
    assert_eq!(plan(&graph, &LOOSE).0, halves());
    assert_eq!(plan(&graph, &[&LOOSE[..], &["--stays", "n3"]].concat()).0, three_and_five());
}

#[test]
fn compactness_makes_blocks_of_what_would_be_rows() {
    let id = |x: usize, y: usize| format!("n{x}-{y}");
    let (mut nodes, mut edges) = (vec![], vec![]);
    for (x, y) in (0..4).flat_map(|y| (0..6).map(move |x| (x, y))) {
        nodes.push(json!({"id": id(x, y), "residents": 4_000, "x": x, "y": y, "features": {"age": y}}));
        if x < 5 {
            edges.push(json!([id(x, y), id(x + 1, y)]));
        }
        if y < 3 {
            edges.push(json!([id(x, y), id(x, y + 1)]));
        }
    }
    let graph = json!({"nodes": nodes, "edges": edges, "precincts": 4});
    let rows: BTreeSet<BTreeSet<String>> =
        (0..4).map(|y| (0..6).map(|x| id(x, y)).collect::<BTreeSet<_>>()).collect();
    let (alone, answer) = plan(&graph, &[]);
    assert_eq!((alone, answer["ssw"].as_f64().unwrap().round()), (rows, 0.0), "{answer}");
    let (compact, answer) = plan(&graph, &["--compact", "20"]);
    let blocks = [(0, 0), (3, 0), (0, 2), (3, 2)]
        .map(|(x, y)| (0..6).map(|i| id(x + i % 3, y + i / 3)).collect::<BTreeSet<_>>());
    assert_eq!(compact, BTreeSet::from(blocks), "{answer}");
    assert!(answer["cost"].as_f64().unwrap() > answer["ssw"].as_f64().unwrap(), "{answer}");
}

#[test]
fn a_bridge_holds_a_precinct_together_only_where_it_may() {
    // Two banks with four units each, a bridge between each pair; likeness goes across the water.
    let node = |bank: &str, i: usize| json!({"id": format!("{bank}{i}"), "residents": 5_000, "x": i, "y": 0, "features": {"age": i / 2 * 9}});
    let nodes: Vec<_> = ["a", "b"].iter().flat_map(|bank| (0..4).map(move |i| node(bank, i))).collect();
    let mut edges = vec![];
    for i in 0..4 {
        if i > 0 {
            edges.extend(
                ["a", "b"].map(|bank| json!([format!("{bank}{}", i - 1), format!("{bank}{i}"), 1.0])),
            );
        }
        edges.push(json!([format!("a{i}"), format!("b{i}"), 0.1, "bridge"]));
    }
    let graph = json!({"nodes": nodes, "edges": edges});
    let across = sets(&[&["a0", "a1", "b0", "b1"], &["a2", "a3", "b2", "b3"]]);
    assert_eq!(plan(&graph, &[]).0, across);
    let banks = sets(&[&["a0", "a1", "a2", "a3"], &["b0", "b1", "b2", "b3"]]);
    assert_eq!(plan(&graph, &["--no-bridges"]).0, banks);
    // Where a bank alone is too small, there is a proof and no plan across the water.
    let (_, answer) = plan(&graph, &["--no-bridges", "--size", "5..8", "--residents", "25000..40000"]);
    assert!(!answer["infeasible"].as_array().unwrap().is_empty(), "{answer}");
    assert_eq!(answer["within_bounds"], false, "{answer}");
}

#[test]
fn several_plans_are_none_worse_than_another_in_everything() {
    // Alike are the first three and the last five, as they lie today; the same number of residents have four and four.
    let mut graph = row([5_000; 8], None, Some(3));
    for (i, node) in graph["nodes"].as_array_mut().unwrap().iter_mut().enumerate() {
        node["features"]["age"] = json!([0, 0, 4, 9, 12, 14, 14, 16][i]);
    }
    let (_, answer) = plan(&graph, &[&LOOSE[..], &["--plans", "5"]].concat());
    let plans = answer["plans"].as_array().unwrap();
    assert!((2..=5).contains(&plans.len()), "{answer}");
    let marks = |p: &Value| ["ssw", "compactness", "balance", "moved"].map(|of| p[of].as_f64().unwrap());
    for (i, a) in plans.iter().enumerate() {
        for (j, b) in plans.iter().enumerate() {
            let beaten = marks(a).iter().zip(marks(b)).all(|(x, y)| *x >= y - 1e-12);
            assert!(i == j || !beaten, "{a} is beaten by {b}");
        }
    }
    let best: BTreeSet<&str> = plans
        .iter()
        .flat_map(|p| p["best_at"].as_array().unwrap())
        .map(|aim| aim.as_str().unwrap())
        .collect();
    assert!(best.contains("likeness") && best.contains("balance"), "{answer}");
}

#[test]
fn a_wrong_rule_is_named_and_nothing_is_drawn() {
    let (plain, no_place) = (row([5_000; 8], None, None), {
        let mut graph = row([5_000; 8], None, None);
        graph["nodes"][4].as_object_mut().unwrap().remove("x");
        graph
    });
    let cases: [(&Value, &[&str], &str); 13] = [
        (&plain, &["--compact=-1"], "compactness is -1; zero or more is needed"),
        (&plain, &["--compact", "NaN"], "compactness is NaN; zero or more is needed"),
        (&plain, &["--compact", "much"], "invalid value 'much' for '--compact <W>'"),
        (&no_place, &["--compact", "1"], "unit \"n4\""),
        (&plain, &["--balance=-2"], "the weight of balance is -2; zero or more is needed"),
        (&plain, &["--balance", "inf"], "the weight of balance is inf; zero or more is needed"),
        (&plain, &["--parent-price=-1"], "the price of a foreign parent is -1; zero or more is needed"),
        (&plain, &["--parent-price", "1"], "a price for foreign parents needs parents, but no unit has one"),
        (&plain, &["--parent-price", "1", "--by-parent"], "cannot be used with"),
        (&plain, &["--stays", "n9"], "--stays: \"n9\" is no unit"),
        (&plain, &["--stays", "n1"], "unit \"n1\" has no district today to stay in"),
        (&plain, &["--plans", "0"], "0 is not in 1..=9"),
        (&plain, &["--move-price", "1"], "a price for moves needs today's plan"),
    ];
    for (graph, arguments, said) in cases {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("plan.json");
        let out = draw(graph, &[arguments, &["--out", target.to_str().unwrap()]].concat());
        let sentence = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && sentence.contains(said), "{arguments:?}: {sentence}");
        assert!(out.stdout.is_empty() && !target.exists(), "{arguments:?}");
    }
}
