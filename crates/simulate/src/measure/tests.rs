//! The measure itself.

use super::*;

fn small(background: Background, days: u32) -> Plan {
    let outbreaks = vec![Outbreak { shape: Shape::Neighborhood, size: 12, days: 1 }];
    Plan { stretches: 1, days, runs: 1, outbreaks, backgrounds: vec![background], ..Plan::full(3) }
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
/// threads as on one.
#[test]
fn a_large_outbreak_is_found_by_every_method_on_any_number_of_threads() {
    let plan = small(Background::Demo, 3);
    let report = measure(&plan, &|_| {}).unwrap();
    let two = measure(&Plan { threads: 2, ..plan.clone() }, &|_| {}).unwrap();
    assert_eq!(report, two);
    assert_eq!(report.power.len(), 4);
    for found in &report.power {
        assert_eq!(found.power, 1.0, "{found:?}");
        assert!(found.reports_in.is_some_and(|n| n <= 12.0));
    }
    let another = measure(&Plan { seed: 4, simpler: false, ..plan }, &|_| {}).unwrap();
    assert_ne!(report.power[0], another.power[0]);
}

/// Of pure chance ours alarms as often as it may: the nominal number lies in the interval of what was counted.
#[test]
fn chance_alone_alarms_no_oftener_than_is_borne() {
    let plan =
        Plan { stretches: 2, days: 15, nominal: 10.0, simpler: false, ..small(Background::Poisson, 15) };
    let report = measure(&plan, &|_| {}).unwrap();
    let ours = &report.false_alarms[0];
    assert!(ours.interval.low <= ours.nominal && ours.nominal <= ours.interval.high, "{ours:?}");
    assert_eq!(report.power, []);
}
