//! The scan against a program that does it the slow and obvious way.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test")]

use proptest::prelude::*;
use scanstat::{Model, Options, Places, Populations, Rates, Records, Scope, scan};

#[derive(Debug, Clone)]
struct Small {
    at: Vec<(u8, u8)>,
    /// Cases by place and day.
    cases: Vec<Vec<u8>>,
    /// Controls by place.
    controls: Vec<u8>,
    people: Vec<u16>,
    prospective: bool,
}

fn small() -> impl Strategy<Value = Small> {
    (2usize..7, 2usize..6, any::<bool>()).prop_flat_map(|(places, days, prospective)| {
        (
            prop::collection::vec((0u8..20, 0u8..20), places),
            prop::collection::vec(prop::collection::vec(0u8..5, days), places),
            prop::collection::vec(0u8..6, places),
            prop::collection::vec(1u16..500, places),
        )
            .prop_map(move |(at, cases, controls, people)| Small {
                at,
                cases,
                controls,
                people,
                prospective,
            })
    })
}

impl Small {
    fn geo(&self) -> String {
        (0..).zip(&self.at).map(|(i, (x, y))| format!("p{i} {x} {y}\n")).collect()
    }

    fn case_file(&self) -> String {
        let mut out = String::new();
        for (i, days) in self.cases.iter().enumerate() {
            for (d, c) in days.iter().enumerate().filter(|(_, c)| **c > 0) {
                out += &format!("p{i} {c} 2026/3/{}\n", d + 1);
            }
        }
        out
    }

    fn total(&self) -> u32 {
        self.cases.iter().flatten().map(|c| u32::from(*c)).sum()
    }

    fn options(&self, spatial: bool) -> Options {
        let day = |d: usize| jiff::civil::date(2026, 3, i8::try_from(d).unwrap());
        Options {
            replicates: 0,
            prospective: self.prospective,
            scope: if spatial { Scope::Space } else { Scope::SpaceTime },
            study: Some((day(1), day(self.cases[0].len()))),
            ..Options::default()
        }
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        let ((x, y), (u, v)) = (self.at[a], self.at[b]);
        (f64::from(x) - f64::from(u)).hypot(f64::from(y) - f64::from(v))
    }

    /// The best score over all circles and spans, given what is expected of a set of places and days.
    fn best(&self, at_risk: &[f64], spatial: bool, llr: impl Fn(&[usize], usize, usize) -> f64) -> f64 {
        let days = self.cases[0].len();
        let most = at_risk.iter().sum::<f64>() / 2.0 * (1.0 + 1e-12);
        let mut best: f64 = 0.0;
        for centre in 0..self.at.len() {
            let mut order: Vec<usize> = (0..self.at.len()).collect();
            order.sort_by(|a, b| {
                self.distance(centre, *a).total_cmp(&self.distance(centre, *b)).then(a.cmp(b))
            });
            for size in 1..=order.len() {
                let zone = &order[..size];
                if zone.iter().map(|p| at_risk[*p]).sum::<f64>() > most {
                    break;
                }
                for from in 0..days {
                    for to in from..days {
                        let whole = from == 0 && to == days - 1;
                        let fits = if spatial { whole } else { to - from < (days / 2).max(1) };
                        if fits && (spatial || !self.prospective || to == days - 1) {
                            best = best.max(llr(zone, from, to));
                        }
                    }
                }
            }
        }
        best
    }

    fn inside(&self, zone: &[usize], from: usize, to: usize) -> f64 {
        zone.iter().map(|p| self.cases[*p][from..=to].iter().map(|c| f64::from(*c)).sum::<f64>()).sum()
    }
}

fn part(c: f64, mu: f64) -> f64 {
    if c > 0.0 { c * (c / mu).ln() } else { 0.0 }
}

fn poisson(c: f64, mu: f64, all: f64) -> f64 {
    if c > mu && c >= 2.0 { part(c, mu) + part(all - c, all - mu) } else { 0.0 }
}

fn highest(report: &scanstat::Report) -> f64 {
    report.clusters.first().map_or(0.0, |c| c.llr)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn permutation(s in small()) {
        prop_assume!(s.total() >= 2);
        let all = f64::from(s.total());
        let by_place: Vec<f64> = (0..s.at.len()).map(|p| s.inside(&[p], 0, s.cases[0].len() - 1)).collect();
        let every: Vec<usize> = (0..s.at.len()).collect();
        let expected = s.best(&by_place, false, |zone, from, to| {
            let mu = zone.iter().map(|p| by_place[*p]).sum::<f64>() * s.inside(&every, from, to) / all;
            poisson(s.inside(zone, from, to), mu, all)
        });
        let places = Places::parse_geo(&s.geo()).unwrap();
        let cases = Records::parse_cases(&s.case_file()).unwrap();
        let report = scan(&places, &cases, &Model::Permutation, &s.options(false)).unwrap();
        prop_assert!((highest(&report) - expected).abs() < 1e-9, "{} {}", highest(&report), expected);
    }

    #[test]
    fn poisson_in_space_and_time(s in small(), spatial in any::<bool>()) {
        prop_assume!(s.total() >= 2);
        let all = f64::from(s.total());
        let days = s.cases[0].len();
        let people: f64 = s.people.iter().map(|p| f64::from(*p)).sum();
        let mu_day = |p: usize| all * f64::from(s.people[p]) / people / days as f64;
        let at_risk: Vec<f64> = (0..s.at.len()).map(|p| mu_day(p) * days as f64).collect();
        let expected = s.best(&at_risk, spatial, |zone, from, to| {
            let mu = zone.iter().map(|p| mu_day(*p)).sum::<f64>() * (to - from + 1) as f64;
            poisson(s.inside(zone, from, to), mu, all)
        });
        let population: String = (0..).zip(&s.people).map(|(i, n)| format!("p{i} 2026 {n}\n")).collect();
        let places = Places::parse_geo(&s.geo()).unwrap();
        let cases = Records::parse_cases(&s.case_file()).unwrap();
        let model = Model::Poisson(Populations::parse(&population).unwrap());
        let report = scan(&places, &cases, &model, &s.options(spatial)).unwrap();
        prop_assert!((highest(&report) - expected).abs() < 1e-9, "{} {}", highest(&report), expected);
    }

    #[test]
    fn bernoulli_in_space(s in small()) {
        prop_assume!(s.total() >= 2);
        let all = f64::from(s.total());
        let last = s.cases[0].len() - 1;
        let n: Vec<f64> = (0..s.at.len()).map(|p| s.inside(&[p], 0, last) + f64::from(s.controls[p])).collect();
        let people: f64 = n.iter().sum();
        let expected = s.best(&n, true, |zone, from, to| {
            let (c, here) = (s.inside(zone, from, to), zone.iter().map(|p| n[*p]).sum::<f64>());
            let mu = here * all / people;
            if !(c > mu && c >= 2.0) {
                return 0.0;
            }
            let (out, rest) = (people - here, all - c);
            part(c, here) + part(here - c, here) + part(rest, out) + part(out - rest, out)
                - part(all, people) - part(people - all, people)
        });
        let controls: String = (0..).zip(&s.controls).map(|(i, c)| format!("p{i} {c}\n")).collect();
        let cases: String = (0..s.at.len()).map(|p| format!("p{p} {}\n", s.inside(&[p], 0, last))).collect();
        let places = Places::parse_geo(&s.geo()).unwrap();
        let model = Model::Bernoulli(Records::parse_controls(&controls).unwrap());
        let report = scan(&places, &Records::parse_cases(&cases).unwrap(), &model, &s.options(true)).unwrap();
        prop_assert!((highest(&report) - expected).abs() < 1e-9, "{} {}", highest(&report), expected);
    }

    /// The same seed, however many threads.
    #[test]
    fn threads_change_nothing(s in small(), threads in 2usize..5) {
        prop_assume!(s.total() >= 2);
        let places = Places::parse_geo(&s.geo()).unwrap();
        let cases = Records::parse_cases(&s.case_file()).unwrap();
        let with = |threads| {
            let options = Options { replicates: 19, threads, rates: Rates::Both, ..s.options(false) };
            scan(&places, &cases, &Model::Permutation, &options).unwrap()
        };
        prop_assert_eq!(with(1), with(threads));
    }
}

/// Under the null hypothesis p is uniform: Kolmogorov and Smirnov at one per cent, over 300 drawn data sets.
#[test]
fn p_is_uniform_without_clusters() {
    let geo: String = (0..25).map(|i| format!("p{i} {} {}\n", i % 5, i / 5)).collect();
    let places = Places::parse_geo(&geo).unwrap();
    let mut seed = 7u64;
    let mut below = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let mut ps: Vec<f64> = (0..300)
        .map(|run| {
            let file: String =
                (0..120).map(|_| format!("p{} 1 2026/3/{}\n", below(25), below(20) + 1)).collect();
            let cases = Records::parse_cases(&file).unwrap();
            let options = Options { replicates: 99, seed: run, ..Options::default() };
            let report = scan(&places, &cases, &Model::Permutation, &options).unwrap();
            report.clusters.first().map_or(1.0, |c| c.p)
        })
        .collect();
    ps.sort_by(f64::total_cmp);
    let n = ps.len() as f64;
    let furthest = ps.iter().enumerate().map(|(i, p)| ((i as f64 + 1.0) / n - p).abs()).fold(0.0, f64::max);
    // The critical value at one per cent, and one hundredth for the steps of p itself.
    assert!(furthest < 1.63 / n.sqrt() + 0.01, "{furthest}");
}
