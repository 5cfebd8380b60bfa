//! The watch against plain counting, and against itself built anew.

use super::bound::Bounds;
use super::*;
use proptest::prelude::*;

const STUDY: Limits = Limits { study_days: 40, max_days: 7, least_cases: 2 };

fn ground(side: u32) -> Arc<Ground> {
    let places: Vec<(f64, f64)> =
        (0..side * side).map(|i| (f64::from(i % side) * 90.0, f64::from(i / side) * 130.0)).collect();
    Arc::new(Ground::new(&places, 400.0).unwrap())
}

fn watch(ground: &Arc<Ground>, end: i32, cases: &[(i32, u32)]) -> Watch {
    let mut watch = Watch::new(Arc::clone(ground), STUDY).unwrap();
    watch.advance(end);
    for (day, place) in cases {
        watch.add(*day, *place).unwrap();
    }
    watch
}

/// Every circle and every span, counted from the list of cases.
fn by_hand(ground: &Ground, cases: &[(i32, u32)], end: i32) -> f64 {
    let mut best: f64 = 0.0;
    let total = cases.len() as f64;
    for disc in 0..ground.circles() as u32 {
        for span in 0..i32::from(STUDY.max_days) {
            let inside = |c: &&(i32, u32)| ground.over(c.1).contains(&disc);
            let late = |c: &&(i32, u32)| c.0 >= end - span;
            let all = cases.iter().filter(inside).count() as f64;
            let days = cases.iter().filter(late).count() as f64;
            let seen = cases.iter().filter(inside).filter(late).count() as f64;
            if seen >= f64::from(STUDY.least_cases) {
                best = best.max(llr(seen, all * days / total, total));
            }
        }
    }
    best
}

fn a_study() -> impl Strategy<Value = Vec<(i32, u32)>> {
    prop::collection::vec((1i32..=40, 0u32..25), 2..60)
}

proptest! {
    #[test]
    fn the_highest_window_is_the_one_found_by_hand(cases in a_study()) {
        let ground = ground(5);
        let watch = watch(&ground, 40, &cases);
        let look = watch.look(&Draws { replicates: 0, ..Draws::default() });
        let best = look.clusters.first().map_or(0.0, |c| c.llr);
        prop_assert!((best - by_hand(&ground, &cases, 40)).abs() < 1e-9);
        if let Some(first) = look.clusters.first() {
            prop_assert_eq!(first.cases.len(), first.observed as usize);
        }
    }

    #[test]
    fn a_drawn_data_set_scores_as_by_hand(cases in a_study(), shift in 1usize..60) {
        // Any other pairing of the same places and days is a data set under the null hypothesis.
        let ground = ground(5);
        let watch = watch(&ground, 40, &cases);
        let mut paired: Vec<(i32, u32)> =
            (0..cases.len()).map(|i| (cases[i].0, cases[(i + shift) % cases.len()].1)).collect();
        let by_hand = by_hand(&ground, &paired, 40);
        paired.sort_by_key(|c| std::cmp::Reverse(c.0));
        let places: Vec<u32> = paired.iter().map(|c| c.1).collect();
        let mut cells = watch.cells();
        let mut bounds = Bounds::new(cases.len() as f64, STUDY.least_cases, cases.len());
        let highest = watch.highest(&places, &watch.recent().spans, &mut cells, &mut bounds);
        prop_assert!((highest - by_hand).abs() < 1e-9, "{} {}", highest, by_hand);
    }

    #[test]
    fn days_that_pass_leave_what_a_new_watch_would_hold(cases in a_study(), later in 41i32..70) {
        let ground = ground(5);
        let mut old = watch(&ground, 40, &cases);
        old.advance(later);
        prop_assert!(!old.remove(later, 3));
        old.add(later, 3).unwrap();
        old.add(later, 7).unwrap();
        prop_assert!(old.remove(later, 3));
        let mut kept: Vec<(i32, u32)> = cases.into_iter().filter(|c| c.0 > later - 40).collect();
        kept.push((later, 7));
        let fresh = watch(&ground, later, &kept);
        let draws = Draws { replicates: 19, ..Draws::default() };
        prop_assert_eq!(&old.sums, &fresh.sums);
        prop_assert_eq!(old.look(&draws), fresh.look(&draws));
    }
}

#[test]
fn circles_hold_exactly_the_places_within_their_radius() {
    let ground = ground(7);
    for (index, disc) in ground.discs.iter().enumerate() {
        for place in 0..49u32 {
            let (x, y) = (f64::from(place % 7) * 90.0, f64::from(place / 7) * 130.0);
            let within = (x - disc.x).hypot(y - disc.y) <= disc.radius;
            assert_eq!(ground.over(place).contains(&(index as u32)), within, "{disc:?} {place}");
        }
    }
}

#[test]
fn a_quiet_day_draws_few_and_a_burst_draws_all() {
    let ground = ground(10);
    let mut rng = crate::rng::Rng::new(5, 0);
    let cases: Vec<(i32, u32)> =
        (0..800).map(|_| (1 + rng.below(40) as i32, rng.below(100) as u32)).collect();
    let mut watch = watch(&ground, 40, &cases);
    let quiet = watch.look(&Draws::default());
    assert!(quiet.replicates < 600 && quiet.clusters[0].p > 0.02, "{quiet:?}");
    for day in [38, 39, 39, 40, 40, 40, 40, 40] {
        watch.add(day, 44).unwrap();
    }
    let burst = watch.look(&Draws::default());
    assert_eq!(burst.replicates, 999);
    assert!(burst.clusters[0].recurrence_days > 365.0, "{:?}", burst.clusters[0]);
    assert_eq!(burst.clusters[0].p, 0.001);
}

/// Under the null hypothesis p is uniform: Kolmogorov and Smirnov's distance over 300 studies, at 1 %.
#[test]
fn chance_alone_gives_each_p_as_often_as_any_other() {
    let ground = ground(6);
    let mut p: Vec<f64> = (0..300)
        .map(|study| {
            let mut rng = crate::rng::Rng::new(77, study);
            let cases: Vec<(i32, u32)> =
                (0..200).map(|_| (1 + rng.below(40) as i32, rng.below(36) as u32)).collect();
            let draws = Draws { replicates: 199, seed: study, enough: None, clusters: 1 };
            watch(&ground, 40, &cases).look(&draws).clusters.first().map_or(1.0, |c| c.p)
        })
        .collect();
    p.sort_by(f64::total_cmp);
    let n = p.len() as f64;
    let distance = p
        .iter()
        .enumerate()
        .map(|(i, p)| (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs()))
        .fold(0.0, f64::max);
    assert!(distance < 1.63 / n.sqrt(), "{distance}");
}

#[test]
fn what_cannot_be_is_said_in_a_sentence() {
    let ground = ground(2);
    let mut watch = watch(&ground, 40, &[]);
    assert_eq!(watch.add(41, 0).unwrap_err().to_string(), "day 41 lies outside the study, days 1 to 40");
    assert_eq!(watch.add(40, 4).unwrap_err().to_string(), "place 4 is not among the ground's 4");
    assert!(Ground::new(&[(0.0, f64::NAN)], 100.0).is_err());
    assert!(Watch::new(ground, Limits { max_days: 365, ..Limits::default() }).is_err());
    assert_eq!(watch.look(&Draws::default()).clusters, []);
}
