//! The whole model against going through everything: pins, further bounds, moves, soft parents, compactness,
//! balance, bridges, numbers by parent.

#![expect(clippy::unwrap_used, reason = "an instance that cannot be built is a fault of the test")]

use districting::check::{self, Fault};
use districting::{
    Balance, Bounds, Graph, Limit, Model, Options, Pin, Plan, Quantity, Sketch, Unit, Wanted, draw, front,
    heirs, verify_with,
};
use proptest::prelude::*;

/// What one unit is made of: residents, two features, area, parent, today's label, households, a place off the line.
type Row = (u64, i8, i8, u8, u8, Option<u8>, u8, i8);

fn graph(rows: &[Row], shortcuts: &[(usize, usize, bool)]) -> Graph {
    let n = rows.len();
    let units = rows.iter().enumerate().map(|(i, row)| Unit {
        id: format!("u{i}"),
        residents: row.0,
        area: f64::from(row.3),
        parent: Some(format!("p{}", row.4 % 2)),
        point: Some([i as f64, f64::from(row.7)]),
        features: vec![f64::from(row.1), f64::from(row.2)],
    });
    let mut edges: Vec<(usize, usize)> = (1..n).map(|i| (i - 1, i)).collect();
    let wide = shortcuts.iter().filter(|(a, b, _)| a < b && *b < n && a + 1 != *b);
    edges.extend(wide.clone().map(|(a, b, _)| (*a, *b)));
    edges.sort_unstable();
    edges.dedup();
    let edges: Vec<_> = edges.into_iter().map(|(a, b)| (a, b, 1.0)).collect();
    let mut graph = Graph::new(units.collect(), &edges).unwrap();
    let bridges: Vec<_> = wide.filter(|s| s.2).map(|s| (s.0, s.1)).collect();
    graph.mark_bridges(&bridges).unwrap();
    graph.add_quantity("households", rows.iter().map(|r| f64::from(r.6)).collect()).unwrap();
    let today: Vec<_> = rows.iter().map(|r| r.5.map(|label| format!("d{label}"))).collect();
    graph.set_today(&today).unwrap();
    graph
}

fn pins() -> impl Strategy<Value = Vec<(u8, usize, usize)>> {
    prop::collection::vec((0_u8..3, 0_usize..8, 0_usize..8), 0..4)
}

fn model(graph: &Graph, pins: &[(u8, usize, usize)], prices: [f64; 5], area: f64, households: f64) -> Model {
    let n = graph.len();
    let today = |u: usize| graph.today_of(u).is_some();
    let pins = pins.iter().filter_map(|(kind, a, b)| {
        let (a, b) = (a % n, b % n);
        match kind {
            0 if a != b => Some(Pin::Together(vec![a, b])),
            1 if a != b => Some(Pin::Apart(vec![a, b])),
            2 if today(a) => Some(Pin::Stays(a)),
            _ => None,
        }
    });
    let any = !graph.labels().is_empty();
    Model {
        pins: pins.collect(),
        limits: vec![
            Limit { of: Quantity::Area, min: 0.0, max: area },
            Limit { of: Quantity::from("households"), min: households, max: f64::INFINITY },
        ],
        compactness: prices[0],
        balance: vec![
            Balance { of: Quantity::Residents, target: None, weight: prices[1] },
            Balance { of: Quantity::Area, target: Some(9.0), weight: prices[2] },
        ],
        move_price: if any { prices[3] } else { 0.0 },
        parent_price: prices[4],
        ..Model::default()
    }
}

prop_compose! {
    fn instances()(
        rows in prop::collection::vec(
            (1_000_u64..9_000, -5_i8..5, -5_i8..5, 1_u8..5, 0_u8..3, prop::option::weighted(0.8, 0_u8..3), 1_u8..9, -2_i8..3),
            4..9,
        ),
        shortcuts in prop::collection::vec((0_usize..8, 0_usize..8, any::<bool>()), 0..8),
        pins in pins(),
        prices in prop::array::uniform5(prop_oneof![Just(0.0), 0.0..1.0]),
        area in prop_oneof![Just(1e9), 5.0..20.0],
        households in prop_oneof![Just(0.0), 2.0..12.0],
        bounds in (1_usize..3, 2_usize..5, 1_000_u64..6_000, 12_000_u64..30_000),
        wanted in prop::option::of(1_usize..5),
        bridges in any::<bool>(),
        by_parent in prop::bool::weighted(0.2),
    ) -> (Graph, Options) {
        let graph = graph(&rows, &shortcuts);
        let (min_units, more, min_residents, max_residents) = bounds;
        let bounds = Bounds { min_units, max_units: min_units + more, min_residents, max_residents };
        let model = Model { bridges, ..model(&graph, &pins, prices, area, households) };
        let wanted = wanted.map_or(Wanted::Free, Wanted::Exactly);
        (graph, Options { bounds, wanted, by_parent, model, effort: 2_000, ..Options::default() })
    }
}

/// The least cost of all partitions that the checker lets pass.
fn best(graph: &Graph, options: &Options) -> Option<f64> {
    fn go(graph: &Graph, options: &Options, plan: &mut Vec<u32>, best: &mut Option<f64>) {
        if plan.len() == graph.len() {
            if check::broken(graph, options, plan).is_empty() {
                let value = check::cost(graph, options, plan).whole();
                *best = Some(best.map_or(value, |b: f64| b.min(value)));
            }
            return;
        }
        let new = plan.iter().max().map_or(0, |m| m + 1);
        for district in 0..=new {
            plan.push(district);
            // No more units than allowed, so that going through everything ends.
            if plan.iter().filter(|d| **d == district).count() <= options.bounds.max_units {
                go(graph, options, plan, best);
            }
            plan.pop();
        }
    }
    let mut found = None;
    go(graph, options, &mut vec![], &mut found);
    found
}

fn drawn(graph: &Graph, options: &Options) -> Plan {
    draw(graph, options, &|_| (), &|| false).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// With every rule and every price: the best is the best, impossible is impossible, no bound is above the best.
    #[test]
    fn nothing_is_claimed_of_any_rule_that_does_not_hold((graph, options) in instances()) {
        let plan = drawn(&graph, &options);
        prop_assert_eq!(plan.within_bounds, check::broken(&graph, &options, &plan.district).is_empty());
        let cost = check::cost(&graph, &options, &plan.district).whole();
        prop_assert!((plan.cost - cost).abs() < 1e-9);
        // A graph in pieces takes as many districts as its pieces need; "exactly" is not searched for there.
        let land = if options.model.bridges { graph.clone() } else { graph.without_bridges().into_owned() };
        let whole = land.pieces(&(0..u32::try_from(graph.len()).unwrap()).collect::<Vec<_>>()).len() == 1;
        prop_assume!(whole || options.wanted == Wanted::Free || options.by_parent);
        match best(&graph, &options) {
            Some(best) => {
                prop_assert!(plan.infeasible.is_empty(), "{}", plan.infeasible[0]);
                prop_assert!(plan.within_bounds, "a plan of {best} exists: {:?}", plan.district);
                prop_assert!(plan.lower_bound.is_none_or(|b| b <= best + 1e-9), "{:?} > {best}", plan.lower_bound);
                prop_assert!(!plan.proven || (plan.cost - best).abs() < 1e-9, "{} is not {best}", plan.cost);
                prop_assert!(plan.proven, "so small a graph is not proven");
            }
            None => {
                prop_assert!(!plan.within_bounds);
                prop_assert!(!plan.infeasible.is_empty(), "no certificate");
                for certificate in &plan.infeasible {
                    prop_assert!(verify_with(&graph, &options, certificate), "{certificate}");
                }
                if whole && !options.by_parent {
                    for change in &plan.infeasible[0].relaxations {
                        let eased = change.ease(&options);
                        prop_assert!(best(&graph, &eased).is_some(), "{change} does not help");
                    }
                }
            }
        }
    }

    /// A move by hand costs and breaks what the checker finds after it, by every rule.
    #[test]
    fn a_move_says_what_it_does(
        (graph, options) in instances(),
        plan in prop::collection::vec(prop_oneof![0_u32..4, Just(check::NOWHERE)], 9),
        unit in 0_usize..4,
        to in prop_oneof![0_u32..5, Just(check::NOWHERE)],
    ) {
        let plan = &plan[..graph.len()];
        let mut sketch = Sketch::with(&graph, &options, plan).unwrap();
        let before = (sketch.cost(), sketch.faults());
        prop_assert_eq!(&before.1, &check::broken(&graph, &options, plan));
        let mut whole = check::cost(&graph, &options, plan);
        prop_assert!((before.0.whole() - whole.whole()).abs() < 1e-9);
        let said = sketch.cost_of_move(unit, to).unwrap();
        let from = sketch.move_unit(unit, to).unwrap();
        whole = check::cost(&graph, &options, sketch.plan());
        prop_assert!((whole.whole() - before.0.whole() - said.cost_change).abs() < 1e-9);
        prop_assert!((whole.ssw - before.0.ssw - said.ssw_change).abs() < 1e-9);
        let after = check::broken(&graph, &options, sketch.plan());
        for fault in &said.breaks {
            prop_assert!(after.contains(fault) && !before.1.contains(fault), "{fault} is not broken");
        }
        for fault in &said.mends {
            prop_assert!(before.1.contains(fault) && !after.contains(fault), "{fault} is not mended");
        }
        for fault in said.faults.iter().filter(|f| f.districts().contains(&to) || f.districts().contains(&from)) {
            prop_assert!(after.contains(fault), "{fault} is not there");
        }
        // As many faults of each kind of rule as there are after it.
        let new = after.len() as i64 - before.1.len() as i64;
        if plan.iter().all(|d| *d != check::NOWHERE) && to != check::NOWHERE {
            prop_assert_eq!(said.breaks.len() as i64 - said.mends.len() as i64, new, "{:?} {:?}", before.1, after);
        }
        sketch.move_unit(unit, from).unwrap();
        prop_assert_eq!(sketch.plan(), plan);
    }

    /// None of the plans to choose from is beaten by another in everything; all keep the rules; any two differ.
    #[test]
    fn a_front_has_no_member_that_another_beats((graph, options) in instances(), most in 1_usize..6) {
        let plans = front(&graph, &options, most, &|_| (), &|| false).unwrap();
        prop_assert!(!plans.is_empty() && plans.len() <= most);
        for (i, one) in plans.iter().enumerate() {
            prop_assert_eq!(one.plan.within_bounds, check::broken(&graph, &options, &one.plan.district).is_empty());
            prop_assert!(one.plan.within_bounds || plans.len() == 1);
            prop_assert_eq!(one.moved, heirs(&graph, &options.model, &one.plan.district).moved.len());
            for (j, other) in plans.iter().enumerate() {
                prop_assert!(!one.dominates(other), "{:?} beats {:?}", one.terms(), other.terms());
                prop_assert!(i == j || one.plan.district != other.plan.district);
                prop_assert!(one.cost.priced.is_finite());
            }
        }
        for aim in plans.iter().flat_map(|p| &p.best_at) {
            let at = *aim as usize;
            let least = plans.iter().map(|p| p.terms()[at]).fold(f64::INFINITY, f64::min);
            prop_assert!(plans.iter().any(|p| p.best_at.contains(aim) && p.terms()[at] <= least + 1e-9));
        }
    }
}

/// A street of twelve houses in a row, today three districts of four, all alike.
fn street() -> Graph {
    let rows: Vec<Row> = (0..12).map(|i| (4_000, 0, 0, 1, 0, Some(i / 4), 1, 0)).collect();
    graph(&rows, &[])
}

fn task(graph: &Graph, model: Model) -> Options {
    let bounds = Bounds { min_units: 3, max_units: 5, min_residents: 10_000, max_residents: 25_000 };
    let options = Options { bounds, model, ..Options::default() };
    options.model.check(graph).unwrap();
    options
}

#[test]
fn with_a_price_on_moves_today_stays_as_it_is() {
    let graph = street();
    let plan = drawn(&graph, &task(&graph, Model { move_price: 0.1, ..Model::default() }));
    assert_eq!(plan.district, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    assert!(heirs(&graph, &Model::default(), &plan.district).moved.is_empty());
}

#[test]
fn contradicting_pins_are_named_at_once_and_dropping_one_helps() {
    let graph = street();
    let pins = vec![Pin::Together(vec![0, 1]), Pin::Together(vec![1, 2]), Pin::Apart(vec![0, 2])];
    let options = task(&graph, Model { pins, ..Model::default() });
    let plan = drawn(&graph, &options);
    let certificate = &plan.infeasible[0];
    assert!(
        certificate.to_string().starts_with(
            "12 units: \"u0\" and \"u2\" shall lie together (pins 1, 2) and apart (pin 3); possible with pin 3 dropped"
        ),
        "{certificate}"
    );
    assert!(verify_with(&graph, &options, certificate));
    // Without one of the first two, "u0" would be left over with one neighbour: too few for a district.
    assert_eq!(certificate.relaxations, [districting::Relaxation::DropPin(2)]);
    // The plan keeps all but the pin that was dropped.
    let faults = check::broken(&graph, &options, &plan.district);
    assert!(faults.iter().all(|f| matches!(f, Fault::Joined { pin: 2, .. })), "{faults:?}");
}

#[test]
fn sums_that_cannot_be_met_are_refused_by_arithmetic() {
    let graph = street();
    let limits = vec![Limit { of: Quantity::Area, min: 6.0, max: 9.0 }];
    let options = task(&graph, Model { limits, ..Model::default() });
    let plan = drawn(&graph, &options);
    let certificate = &plan.infeasible[0];
    assert!(certificate.to_string().contains("12 in area"), "{certificate}");
    assert!(verify_with(&graph, &options, certificate));
    assert!(!verify_with(&graph, &task(&graph, Model::default()), certificate));
    let eased = certificate.relaxations[0].ease(&options);
    assert!(drawn(&graph, &eased).within_bounds, "{certificate}");
}

#[test]
fn the_caller_says_how_many_districts_each_parent_gets() {
    let rows: Vec<Row> = (0..12).map(|i| (4_000, 0, 0, 1, i / 6, None, 1, 0)).collect();
    let graph = graph(&rows, &[]);
    let bounds = Bounds { min_units: 2, max_units: 6, min_residents: 1, max_residents: 30_000 };
    let model = Model { per_parent: Some(vec![3, 1]), ..Model::default() };
    let mut options = Options { bounds, by_parent: true, model, ..Options::default() };
    let plan = drawn(&graph, &options);
    assert!(plan.within_bounds && plan.proven);
    assert_eq!(plan.district, [0, 0, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3]);
    options.model.per_parent = Some(vec![4, 1]);
    let plan = drawn(&graph, &options);
    assert_eq!(plan.infeasible[0].parent.as_deref(), Some("p0"));
}

#[test]
fn a_bridge_holds_a_district_together_only_if_it_counts() {
    let rows: Vec<Row> =
        (0..4).map(|i| (9_000, if i % 2 == 0 { 0 } else { 5 }, 0, 1, 0, None, 1, 0)).collect();
    // A row of four with bridges from 0 to 2 and from 1 to 3.
    let graph = graph(&rows, &[(0, 2, true), (1, 3, true)]);
    let bounds = Bounds { min_units: 2, max_units: 2, ..Bounds::default() };
    let mut options = Options { bounds, ..Options::default() };
    assert_eq!(drawn(&graph, &options).district, [0, 1, 0, 1]);
    options.model.bridges = false;
    assert_eq!(drawn(&graph, &options).district, [0, 0, 1, 1]);
    assert_eq!(check::broken(&graph, &options, &[0, 1, 0, 1]).len(), 2);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let graph = street();
    let refused = |model: Model| {
        let options = Options { model, ..Options::default() };
        draw(&graph, &options, &|_| (), &|| false).unwrap_err().to_string()
    };
    let pins = |pin| Model { pins: vec![pin], ..Model::default() };
    assert_eq!(refused(pins(Pin::Apart(vec![3, 3]))), "pin 1: two different units at least are needed");
    assert_eq!(refused(pins(Pin::Stays(40))), "pin 1: there is no unit 40; the graph has 12");
    assert_eq!(
        refused(Model { move_price: -1.0, ..Model::default() }),
        "the price of a move is -1; zero or more is needed"
    );
    let limit = Limit { of: Quantity::from("cases"), min: 0.0, max: 1.0 };
    assert_eq!(
        refused(Model { limits: vec![limit], ..Model::default() }),
        "no unit has a quantity \"cases\""
    );
}

/// Twenty by twenty blocks: too many for a proof, with pins all over.
#[test]
fn pins_hold_on_a_graph_too_large_for_a_proof() {
    let n = 20;
    let unit = |i: usize| Unit {
        id: i.to_string(),
        residents: 3_000 + (i as u64 * 7_919) % 2_000,
        features: vec![(i * 31 % 17) as f64, (i / 60) as f64],
        point: Some([(i % n) as f64, (i / n) as f64]),
        ..Unit::default()
    };
    let mut edges = Vec::new();
    for i in 0..n * n {
        edges.extend((i % n + 1 < n).then_some((i, i + 1, 1.0)));
        edges.extend((i + n < n * n).then_some((i, i + n, 1.0)));
    }
    let mut graph = Graph::new((0..n * n).map(unit).collect(), &edges).unwrap();
    let today: Vec<_> = (0..n * n).map(|i| Some(format!("{}-{}", i % n / 5, i / n))).collect();
    graph.set_today(&today).unwrap();
    let mut pins: Vec<Pin> = (0..10).map(|i| Pin::Together(vec![i * 40, i * 40 + n + 1])).collect();
    pins.extend((0..10).map(|i| Pin::Apart(vec![i * 40 + 10, i * 40 + 11, i * 40 + 30])));
    pins.extend((0..10).map(|i| Pin::Stays(i * 40 + 16)));
    let model = Model { pins, move_price: 0.02, compactness: 0.02, ..Model::default() };
    let options = Options { effort: 4_000, model, ..Options::default() };
    let plan = drawn(&graph, &options);
    assert_eq!(check::broken(&graph, &options, &plan.district), []);
    assert!(plan.within_bounds);
    let bound = plan.lower_bound.unwrap();
    assert!(bound > 0.0 && bound <= plan.cost, "{bound} {}", plan.cost);
}
