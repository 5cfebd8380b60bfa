//! The measure itself.

use super::*;

fn small(background: Background) -> Plan {
    let outbreaks = vec![Outbreak { shape: Shape::Neighborhood, size: 12, days: 1 }];
    Plan { stretches: 1, runs: 1, outbreaks, backgrounds: vec![background], ..Plan::full(3) }
}

#[test]
fn intervals_are_those_of_the_tables() {
    // Garwood's: 0: 0 to 3.69; 10: 4.80 to 18.39.
    let i = interval(10);
    assert!((i.low - 4.795).abs() < 1e-3 && (i.high - 18.390).abs() < 1e-3, "{i:?}");
    let i = interval(0);
    assert!(i.low == 0.0 && (i.high - 3.689).abs() < 1e-3, "{i:?}");
}

#[test]
fn medians_are_in_the_middle() {
    assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    assert_eq!(median(vec![]), None);
}

/// Twelve people of one neighbourhood on one day are warned of by whatever method; the same seed gives the same on two
/// threads as on one; and in two months of pure chance ours alarms no oftener than its budget makes likely.
#[test]
fn a_large_outbreak_is_found_and_chance_stays_within_the_nominal() {
    let plan = Plan { backgrounds: vec![Background::Demo, Background::Poisson], ..small(Background::Demo) };
    let report = measure(&plan, &|_| {}).unwrap();
    let two = measure(&Plan { threads: 2, ..plan }, &|_| {}).unwrap();
    assert_eq!(report, two);
    for found in &report.power {
        assert_eq!(found.power, 1.0, "{found:?}");
        assert!(found.reports_in.is_some_and(|n| n <= 12.0));
    }
    for ours in report.false_alarms.iter().filter(|a| a.method == "pianqu") {
        assert!(ours.interval.low <= ours.nominal, "{ours:?}");
    }
    assert_eq!(report.power.len(), 4);
}
