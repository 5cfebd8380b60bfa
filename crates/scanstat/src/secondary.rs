//! Which of the less likely windows are clusters of their own.

use crate::observed::Scored;
use crate::options::Secondary;
use crate::problem::Order;
use std::collections::HashSet;

/// A window with its places.
pub(crate) struct Told {
    pub(crate) scored: Scored,
    pub(crate) places: Vec<u32>,
}

/// The windows that are told, most likely first, at most `most`. `scored` is the best of each centre, highest first;
/// a cluster in time alone stands in nobody's way. With centres from a grid only those that are places can lie in another.
pub(crate) fn told(
    orders: &[Order],
    scored: &[Scored],
    rule: Secondary,
    most: usize,
    site_of: impl Fn(usize) -> Option<u32>,
) -> Vec<Told> {
    let mut out: Vec<Told> = Vec::new();
    let mut taken: HashSet<u32> = HashSet::new();
    for s in scored {
        if out.len() >= most {
            break;
        }
        let order = &orders[s.order];
        let places = order.set(s.step);
        let holds = |set: &[u32], centre: usize| site_of(centre).is_some_and(|c| set.contains(&c));
        let fits = order.everywhere
            || match rule {
                Secondary::NoOverlap | Secondary::Gini => places.iter().all(|p| !taken.contains(p)),
                rule => out.iter().filter(|t| !orders[t.scored.order].everywhere).all(|t| {
                    let mine_in_other = holds(&t.places, order.centre);
                    let other_in_mine = holds(&places, orders[t.scored.order].centre);
                    match rule {
                        Secondary::NoCentresInOther => !mine_in_other && !other_in_mine,
                        Secondary::NoCentresInMoreLikely => !mine_in_other,
                        Secondary::NoCentresInLessLikely => !other_in_mine,
                        Secondary::NoPairs => !(mine_in_other && other_in_mine),
                        _ => true,
                    }
                }),
            };
        if fits {
            if !order.everywhere {
                taken.extend(&places);
            }
            out.push(Told { scored: *s, places });
        }
    }
    out
}

/// The Gini coefficient of clusters (Han and others 2016): twice the area between the diagonal and the curve of the share of
/// cases over the share of expected cases, clusters by falling relative risk, all else last.
pub(crate) fn gini(clusters: &[Scored], total: f64) -> f64 {
    let mut parts: Vec<(f64, f64)> =
        clusters.iter().map(|s| (s.expected / total, f64::from(s.observed) / total)).collect();
    parts.sort_by(|a, b| (b.1 / b.0).total_cmp(&(a.1 / a.0)));
    let rest = parts.iter().fold((1.0, 1.0), |(x, y), p| (x - p.0, y - p.1));
    parts.push(rest);
    let (mut area, mut height) = (0.0, 0.0);
    for (dx, dy) in parts {
        area += dx * (height + dy / 2.0);
        height += dy;
    }
    2.0 * area - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_of_one_cluster_is_the_difference_of_its_shares() {
        let cluster = |observed, expected| Scored {
            order: 0,
            step: 0,
            window: 0,
            observed,
            expected,
            llr: 1.0,
            statistic: 1.0,
        };
        assert!(gini(&[], 100.0).abs() < 1e-12);
        assert!((gini(&[cluster(30, 10.0)], 100.0) - 0.2).abs() < 1e-12);
        // Two: the area of three trapezes, by hand.
        let by_hand = 2.0 * (0.1 * 0.15 + 0.2 * (0.3 + 0.1) + 0.7 * (0.5 + 0.25)) - 1.0;
        assert!((gini(&[cluster(20, 20.0), cluster(30, 10.0)], 100.0) - by_hand).abs() < 1e-12);
    }
}
