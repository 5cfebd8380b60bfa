//! Every model with every kind of window, against a program that lists them all and scores them by the formula as printed.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test")]

use proptest::prelude::*;
use scanstat::{Links, Model, Neighbours, Options, Places, Populations, Rates, Records, Scope, Zones, scan};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    Circles,
    Ellipses,
    Network,
    Given,
    Flexible,
}

#[derive(Debug, Clone)]
struct Small {
    model: usize,
    shape: Shape,
    scope: Scope,
    rates: Rates,
    alive: bool,
    extra: (bool, bool),
    lengths: (usize, usize),
    at: Vec<(u8, u8)>,
    /// Cases of two strata by place and day.
    cases: Vec<Vec<[u8; 2]>>,
    controls: Vec<Vec<u8>>,
    people: Vec<u16>,
    /// Links of places, as pairs and lengths.
    links: Vec<(usize, usize, u8)>,
}

fn small() -> impl Strategy<Value = Small> {
    let what = (
        0usize..4,
        prop::sample::select(vec![
            Shape::Circles,
            Shape::Ellipses,
            Shape::Network,
            Shape::Given,
            Shape::Flexible,
        ]),
        prop::sample::select(vec![Scope::SpaceTime, Scope::SpaceTime, Scope::Space, Scope::Time]),
        prop::sample::select(vec![Rates::High, Rates::Low, Rates::Both]),
        any::<bool>(),
        any::<(bool, bool)>(),
        (1usize..3, 2usize..5),
    );
    (what, 2usize..6, 2usize..5).prop_flat_map(|(what, places, days)| {
        let (model, shape, scope, rates, alive, extra, lengths) = what;
        let table = |n: u8| prop::collection::vec(prop::collection::vec(0..n, days), places);
        (
            prop::collection::vec((0u8..20, 0u8..20), places),
            prop::collection::vec(prop::collection::vec([0u8..4, 0u8..2], days), places),
            table(4),
            prop::collection::vec(1u16..500, places),
            prop::collection::vec((0..places, 0..places, 1u8..9), 0..8),
        )
            .prop_map(move |(at, cases, controls, people, links)| Small {
                model,
                shape,
                scope,
                rates,
                alive,
                extra,
                lengths,
                at,
                cases,
                controls,
                people,
                links,
            })
    })
}

fn part(c: f64, of: f64) -> f64 {
    if c > 0.0 { c * (c / of).ln() } else { 0.0 }
}

impl Small {
    fn places(&self) -> usize {
        self.at.len()
    }

    fn days(&self) -> usize {
        self.cases[0].len()
    }

    /// Of all cells the sum of a value.
    fn sum(&self, set: &[usize], days: std::ops::Range<usize>, value: impl Fn(usize, usize) -> f64) -> f64 {
        set.iter().map(|p| days.clone().map(|d| value(*p, d)).sum::<f64>()).sum()
    }

    fn strata(&self) -> Vec<usize> {
        // Covariates in two of the models; else both strata are one.
        if self.model < 2 { vec![0, 1] } else { vec![2] }
    }

    fn seen(&self, p: usize, d: usize, stratum: usize) -> f64 {
        let [a, b] = self.cases[p][d];
        f64::from(match stratum {
            0 => a,
            1 => b,
            _ => a + b,
        })
    }

    /// Expected cases of each cell: permutation (0, 2 without strata), Poisson (1), Bernoulli (3).
    fn expected(&self) -> Vec<Vec<f64>> {
        let (n, t) = (self.places(), self.days());
        let every: Vec<usize> = (0..n).collect();
        let everybody: f64 = self.people.iter().map(|p| f64::from(*p)).sum();
        let persons = |p: usize, d: usize| self.seen(p, d, 2) + f64::from(self.controls[p][d]);
        let cell = |p: usize, d: usize| match self.model {
            1 => {
                // The second stratum lives in the first place alone.
                let first = self.sum(&every, 0..t, |p, d| self.seen(p, d, 0));
                first * f64::from(self.people[p]) / everybody / t as f64
                    + if p == 0 { self.sum(&every, 0..t, |p, d| self.seen(p, d, 1)) / t as f64 } else { 0.0 }
            }
            3 => {
                persons(p, d) * self.sum(&every, 0..t, |p, d| self.seen(p, d, 2))
                    / self.sum(&every, 0..t, persons)
            }
            _ => self
                .strata()
                .into_iter()
                .map(|s| {
                    let all = self.sum(&every, 0..t, |p, d| self.seen(p, d, s));
                    let here = self.sum(&[p], 0..t, |p, d| self.seen(p, d, s));
                    let now = self.sum(&every, d..d + 1, |p, d| self.seen(p, d, s));
                    if all > 0.0 { here * now / all } else { 0.0 }
                })
                .sum(),
        };
        (0..n).map(|p| (0..t).map(|d| cell(p, d)).collect()).collect()
    }

    /// All sets of places that a window can hold, with the factor of their score.
    fn sets(&self, at_risk: &[f64]) -> Vec<(Vec<usize>, f64)> {
        let n = self.places();
        let most = at_risk.iter().sum::<f64>() / 2.0 * (1.0 + 1e-12);
        let fits = |set: &[usize]| set.iter().map(|p| at_risk[*p]).sum::<f64>() <= most;
        let apart = |c: usize, p: usize, shape: f64, angle: f64| {
            let [dx, dy] = [(self.at[c].0, self.at[p].0), (self.at[c].1, self.at[p].1)]
                .map(|(a, b)| f64::from(b) - f64::from(a));
            let (u, v) = (dx * angle.cos() + dy * angle.sin(), dy * angle.cos() - dx * angle.sin());
            if shape == 1.0 { dx.hypot(dy) } else { (u / shape).hypot(v) }
        };
        let (mut out, mut shapes) = (Vec::new(), Vec::new());
        let mut grow = |mut near: Vec<(f64, usize)>, weight: f64| {
            near.sort_by(|a, b| a.partial_cmp(b).unwrap());
            let order: Vec<usize> = near.into_iter().map(|x| x.1).collect();
            let sizes = (1..=order.len()).take_while(|k| fits(&order[..*k]));
            out.extend(sizes.map(|k| (order[..k].to_vec(), weight)));
        };
        for c in 0..n {
            match self.shape {
                Shape::Circles => grow((0..n).map(|p| (apart(c, p, 1.0, 0.0), p)).collect(), 1.0),
                Shape::Ellipses => {
                    grow((0..n).map(|p| (apart(c, p, 1.0, 0.0), p)).collect(), 1.0);
                    for (shape, angles) in [(2.0, 3), (4.0, 2)] {
                        for k in 0..angles {
                            let angle = std::f64::consts::PI * f64::from(k) / f64::from(angles);
                            let weight = (4.0 * shape / (shape + 1.0_f64).powi(2)).sqrt();
                            grow((0..n).map(|p| (apart(c, p, shape, angle), p)).collect(), weight);
                        }
                    }
                }
                Shape::Network => {
                    // Bellman and Ford, to be another way than the program's.
                    let mut far = vec![f64::INFINITY; n];
                    far[c] = 0.0;
                    for _ in 0..n {
                        for &(a, b, l) in &self.links {
                            far[b] = far[b].min(far[a] + f64::from(l));
                            far[a] = far[a].min(far[b] + f64::from(l));
                        }
                    }
                    grow((0..n).filter(|p| far[*p].is_finite()).map(|p| (far[p], p)).collect(), 1.0);
                }
                // Around the ring.
                Shape::Given => grow((0..n).map(|k| (k as f64, (c + k) % n)).collect(), 1.0),
                Shape::Flexible => {
                    let mut near: Vec<(f64, usize)> = (0..n).map(|p| (apart(c, p, 1.0, 0.0), p)).collect();
                    near.sort_by(|a, b| a.partial_cmp(b).unwrap());
                    let near: Vec<usize> = near.into_iter().take(4).map(|x| x.1).collect();
                    for bits in 1u32..1 << near.len() {
                        let set: Vec<usize> =
                            (0..near.len()).filter(|i| bits >> i & 1 == 1).map(|i| near[i]).collect();
                        if set.contains(&c) && self.connected(&set) && fits(&set) {
                            shapes.push((set, 1.0));
                        }
                    }
                }
            }
        }
        out.extend(shapes);
        out
    }

    fn connected(&self, set: &[usize]) -> bool {
        let mut reached = BTreeSet::from([set[0]]);
        for _ in set {
            for &(a, b, _) in &self.links {
                if set.contains(&a) && set.contains(&b) && (reached.contains(&a) || reached.contains(&b)) {
                    reached.extend([a, b]);
                }
            }
        }
        reached.len() == set.len()
    }

    /// Kulldorff (1997), as the logarithm of the likelihood with a cluster less that without.
    fn ratio(&self, c: f64, mu: f64, all: f64, people: f64) -> f64 {
        let high = c > mu * (1.0 + 1e-10);
        let low = c < mu * (1.0 - 1e-10);
        let wanted = match self.rates {
            Rates::High => high && c >= 2.0,
            Rates::Low => low,
            Rates::Both => low || (high && c >= 2.0),
        };
        if !wanted {
            0.0
        } else if self.model == 3 {
            let n = mu * people / all;
            part(c, n) + part(n - c, n) + part(all - c, people - n) + part(people - n - all + c, people - n)
                - part(all, people)
                - part(people - all, people)
        } else {
            part(c, mu) + part(all - c, all - mu)
        }
    }

    fn best(&self) -> f64 {
        let (n, t) = (self.places(), self.days());
        let every: Vec<usize> = (0..n).collect();
        let mu = self.expected();
        let all = self.sum(&every, 0..t, |p, d| self.seen(p, d, 2));
        let people = all + self.sum(&every, 0..t, |p, d| f64::from(self.controls[p][d]));
        // People and controls of a place, in the model that has them; else what is expected there.
        let at_risk: Vec<f64> = every.iter().map(|p| self.sum(&[*p], 0..t, |p, d| mu[p][d])).collect();
        let mut sets = if self.scope == Scope::Time { Vec::new() } else { self.sets(&at_risk) };
        if self.scope == Scope::Time || (self.extra.1 && self.scope == Scope::SpaceTime) {
            sets.push((every, 1.0));
        }
        let mut best = 0.0_f64;
        for (set, weight) in &sets {
            for from in 0..t {
                for to in from..t {
                    let (length, whole) = (to - from + 1, from == 0 && to == t - 1);
                    let in_time = (self.lengths.0..=self.lengths.1.min(t)).contains(&length)
                        && (!self.alive || to == t - 1);
                    let fits = match self.scope {
                        Scope::Space => whole,
                        Scope::Time => in_time,
                        Scope::SpaceTime => in_time || (whole && self.extra.0),
                    };
                    if fits {
                        let c = self.sum(set, from..to + 1, |p, d| self.seen(p, d, 2));
                        let m = self.sum(set, from..to + 1, |p, d| mu[p][d]);
                        best = best.max(weight * self.ratio(c, m, all, people));
                    }
                }
            }
        }
        best
    }

    fn scan(&self) -> Result<scanstat::Report, scanstat::ScanError> {
        let lines = |cell: &dyn Fn(usize, usize) -> String| -> String {
            (0..self.places())
                .flat_map(|p| (0..self.days()).map(move |d| (p, d)))
                .map(|(p, d)| cell(p, d))
                .collect()
        };
        let geo: String = (0..)
            .zip(&self.at)
            .map(|(i, (x, y))| {
                format!("p{i} {x} {y} {}\n", if self.shape == Shape::Ellipses { "" } else { "0" })
            })
            .collect();
        let cases = lines(&|p, d| {
            let strata = self.strata();
            let line = |s: &usize| {
                let covariate = if strata.len() > 1 { format!("s{s}") } else { String::new() };
                format!("p{p} {} 2026/3/{} {covariate}\n", self.seen(p, d, *s), d + 1)
            };
            strata.iter().map(line).collect()
        });
        let controls = lines(&|p, d| format!("p{p} {} 2026/3/{}\n", self.controls[p][d], d + 1));
        let mut people: String =
            (0..).zip(&self.people).map(|(i, n)| format!("p{i} 2026 {n} s0\n")).collect();
        people += "p0 2026 7 s1\n";
        let links: String = self.links.iter().map(|(a, b, l)| format!("p{a} p{b} {l}\n")).collect();
        let links = Links::parse(&links).unwrap();
        let n = self.places();
        let ring: String =
            (0..n).map(|c| (0..n).map(|k| format!("p{} ", (c + k) % n)).collect::<String>() + "\n").collect();
        let day = |d: usize| jiff::civil::date(2026, 3, i8::try_from(d).unwrap());
        let options = Options {
            scope: self.scope,
            rates: self.rates,
            alive: self.alive,
            with_purely_spatial: self.extra.0 && self.scope == Scope::SpaceTime,
            with_purely_temporal: self.extra.1 && self.scope == Scope::SpaceTime,
            min_time: self.lengths.0,
            max_time: Some(self.lengths.1),
            study: Some((day(1), day(self.days()))),
            replicates: 0,
            zones: match self.shape {
                Shape::Circles => Zones::Circles,
                Shape::Ellipses => Zones::Ellipses { shapes: vec![(2.0, 3), (4.0, 2)], penalty: 0.5 },
                Shape::Network => Zones::Network(links),
                Shape::Given => Zones::Given(Neighbours::parse(&ring).unwrap()),
                Shape::Flexible => Zones::Flexible { touching: links, nearest: 4 },
            },
            ..Options::default()
        };
        let model = match self.model {
            1 => Model::Poisson(Populations::parse(&people).unwrap()),
            3 => Model::Bernoulli(Records::parse_controls(&controls).unwrap()),
            _ => Model::Permutation,
        };
        scan(&Places::parse_geo(&geo).unwrap(), &Records::parse_cases(&cases).unwrap(), &model, &options)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn no_window_is_missed_and_none_invented(mut s in small()) {
        // Places that share a spot are one: told apart here, each of them stands for itself.
        let spots: BTreeSet<_> = s.at.iter().collect();
        prop_assume!(spots.len() == s.at.len());
        prop_assume!(s.lengths.0 <= s.days());
        if s.model == 1 {
            // Who has a case must live there.
            s.cases.iter_mut().skip(1).flatten().for_each(|c| c[1] = 0);
        }
        prop_assume!(s.scope == Scope::SpaceTime || !matches!(s.model, 0 | 2));
        let every: Vec<usize> = (0..s.places()).collect();
        prop_assume!(s.sum(&every, 0..s.days(), |p, d| s.seen(p, d, 2)) >= 2.0);
        let found = s.scan().unwrap().clusters.first().map_or(0.0, |c| c.statistic);
        let best = s.best();
        prop_assert!((found - best).abs() < 1e-8, "found {found}, by hand {best}");
    }
}
