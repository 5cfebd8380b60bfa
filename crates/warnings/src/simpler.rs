//! Three simpler methods, to measure ours beside: a threshold on counts, EARS C2, ST-DBSCAN. The product does not warn by
//! them; the simulator does.

use std::collections::VecDeque;

/// How many there were on the last `days` days; `counts` has one number a day, the last one today's.
pub fn recent(counts: &[u32], days: usize) -> u32 {
    counts.iter().rev().take(days).sum()
}

/// Days of the baseline of EARS C2, and days left out between it and today.
const BASELINE: usize = 7;
const LAG: usize = 2;

/// The statistic of EARS C2: today's count in standard deviations above the mean of the seven days that ended three days
/// ago (two days are left out, so that a slow beginning does not raise its own baseline). The published threshold is 3.
/// (Hutwagner, Thompson, Seeman, Treadwell 2003.) `counts` has one number a day, the last one today's; `None` with fewer
/// than ten days.
///
/// Where next to nothing happens the deviation is 0 and one report would be infinitely unusual: `least_deviation` is taken
/// where the baseline's is smaller.
pub fn ears_c2(counts: &[u32], least_deviation: f64) -> Option<f64> {
    let (today, past) = counts.split_last()?;
    let end = past.len().checked_sub(LAG)?;
    let baseline = &past[end.checked_sub(BASELINE)?..end];
    let n = f64::from(u32::try_from(BASELINE).unwrap_or(1));
    let mean = baseline.iter().map(|c| f64::from(*c)).sum::<f64>() / n;
    let spread = baseline.iter().map(|c| (f64::from(*c) - mean).powi(2)).sum::<f64>() / (n - 1.0);
    Some((f64::from(*today) - mean) / spread.sqrt().max(least_deviation))
}

/// Where and when something was reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Metres east.
    pub x: f64,
    /// Metres north.
    pub y: f64,
    /// The day, as a number.
    pub day: i64,
}

/// What makes points neighbours, and how many make a cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Neighbours lie within so many metres (Eps1) …
    pub metres: f64,
    /// … and so many days (Eps2).
    pub days: i64,
    /// A point with so many neighbours, itself among them, is the core of a cluster (MinPts).
    pub points: usize,
}

impl Density {
    fn neighbours(&self, a: &Point, b: &Point) -> bool {
        (a.day - b.day).abs() <= self.days && (a.x - b.x).hypot(a.y - b.y) <= self.metres
    }
}

/// The cluster of each point, numbered from 0 in the order of the points that begin them; `None` for noise. (ST-DBSCAN:
/// Birant and Kut 2007, whose third bound, on a measured value, has no meaning for reports and is left out.) A point at the
/// edge of two clusters belongs to the one that began first.
pub fn st_dbscan(points: &[Point], density: &Density) -> Vec<Option<usize>> {
    let around = |i: usize| -> Vec<usize> {
        (0..points.len()).filter(|j| density.neighbours(&points[i], &points[*j])).collect()
    };
    let mut of: Vec<Option<usize>> = vec![None; points.len()];
    let mut clusters = 0;
    for begin in 0..points.len() {
        if of[begin].is_some() {
            continue;
        }
        let first = around(begin);
        if first.len() < density.points {
            continue;
        }
        of[begin] = Some(clusters);
        let mut waiting: VecDeque<usize> = first.into();
        while let Some(next) = waiting.pop_front() {
            if of[next].is_some() {
                continue;
            }
            of[next] = Some(clusters);
            let more = around(next);
            if more.len() >= density.points {
                waiting.extend(more);
            }
        }
        clusters += 1;
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_threshold_counts_the_last_days() {
        assert_eq!(recent(&[9, 1, 2, 3], 3), 6);
        assert_eq!(recent(&[4], 7), 4);
        assert_eq!(recent(&[], 7), 0);
    }

    /// By hand: the baseline 3 1 2 4 2 0 2 has mean 2 and squares 1 1 0 4 0 4 0 = 10, so a deviation of √(10/6) = 1.29099. The
    /// two days before today are not in it.
    #[test]
    fn ears_c2_is_as_worked_out_by_hand() {
        let days = |today| [7, 3, 1, 2, 4, 2, 0, 2, 50, 60, today];
        assert!((ears_c2(&days(6), 0.0).unwrap() - 3.098_386_676_965_933).abs() < 1e-12);
        assert!(ears_c2(&days(5), 0.0).unwrap() < 3.0);
        // A larger least deviation is taken instead.
        assert!((ears_c2(&days(6), 2.0).unwrap() - 2.0).abs() < 1e-12);
        // Nothing happens, then four at once.
        assert_eq!(ears_c2(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 4], 0.5), Some(8.0));
        // Ten days are needed.
        assert_eq!(ears_c2(&[1, 1, 1, 1, 1, 1, 1, 1, 1], 0.5), None);
    }

    #[test]
    fn a_dense_spot_is_a_cluster_and_its_edge_belongs_to_it() {
        let at = |x: f64, day| Point { x, y: 0.0, day };
        let density = Density { metres: 100.0, days: 2, points: 3 };
        // Three at one door within two days; one at the edge in place; one the same place, too late; two alone.
        let points =
            [at(0.0, 1), at(10.0, 2), at(20.0, 2), at(115.0, 3), at(0.0, 9), at(5_000.0, 1), at(0.0, 12)];
        assert_eq!(st_dbscan(&points, &density), [Some(0), Some(0), Some(0), Some(0), None, None, None]);
        assert_eq!(st_dbscan(&[], &density), []);
    }

    fn some_points() -> impl Strategy<Value = Vec<Point>> {
        let point = (0u32..12, 0u32..12, 0i64..12).prop_map(|(x, y, day)| Point {
            x: f64::from(x) * 50.0,
            y: f64::from(y) * 50.0,
            day,
        });
        prop::collection::vec(point, 0..60)
    }

    proptest! {
        /// Against the definition: cores that are neighbours, over any number of steps, are one cluster and no others; what
        /// is no core belongs to the cluster of some core next to it, or is noise where there is none.
        #[test]
        fn clusters_are_those_of_the_definition(points in some_points(), least in 2usize..6) {
            let density = Density { metres: 110.0, days: 2, points: least };
            let of = st_dbscan(&points, &density);
            let near = |i: usize, j: usize| density.neighbours(&points[i], &points[j]);
            let n = points.len();
            let core: Vec<bool> = (0..n).map(|i| (0..n).filter(|j| near(i, *j)).count() >= least).collect();
            // The reach of each core by repeated steps.
            let mut label: Vec<usize> = (0..n).collect();
            for _ in 0..n {
                for i in 0..n {
                    for j in 0..n {
                        if core[i] && core[j] && near(i, j) {
                            let low = label[i].min(label[j]);
                            (label[i], label[j]) = (low, low);
                        }
                    }
                }
            }
            for i in 0..n {
                for j in 0..n {
                    if core[i] && core[j] {
                        prop_assert_eq!(of[i] == of[j], label[i] == label[j]);
                    }
                }
                let beside: BTreeSet<Option<usize>> =
                    (0..n).filter(|j| core[*j] && near(i, *j)).map(|j| of[j]).collect();
                prop_assert_eq!(of[i].is_some(), !beside.is_empty());
                prop_assert!(of[i].is_none() || beside.contains(&of[i]));
            }
        }
    }
}
