//! The ranking itself. The formula stands at the head of [`super`].

use super::{Candidate, Class, History, Matter, Outcomes, Ranked, Reason, Scope};
use std::collections::{BTreeMap, HashMap};

/// How many choices' worth of trust lie in what the scope above says.
const TRUST: f64 = 8.0;
/// How much one rank of competence outweighs the next, as a power of e.
const RANK: f64 = 3.0;
/// How much one level of nearness outweighs the next.
const LEVEL: f64 = 1.0;
/// How many settled cases' worth of trust lie in the mean of all candidates.
const OUTCOMES: f64 = 6.0;
/// How much outcomes count beside the share of choices.
const SETTLED: f64 = 0.5;
/// How much slowness counts.
const SLOW: f64 = 0.1;
/// How much load counts.
const LOAD: f64 = 1.0 / 6.0;
/// Open cases that nobody notices.
const USUAL_LOAD: f64 = 20.0;
/// So many metres cost a power of e.
const FAR: f64 = 20_000.0;
/// From so many choices on, "chosen here" is a reason.
const TELLING: i64 = 5;

/// One candidate that may do it, with its class.
struct Able<'a> {
    candidate: &'a Candidate<'a>,
    class: Class,
}

/// Ranks units for a matter, best first. A unit without the duty or without the jurisdiction is left out, however
/// often it was chosen. `today` is the [`super::weight`] of an event of now; 0 where there is no history.
pub fn rank(matter: &Matter<'_>, candidates: &[Candidate<'_>], history: &History, today: i64) -> Vec<Ranked> {
    let mut able: Vec<Able<'_>> = candidates
        .iter()
        .filter(|c| c.duty.subject == matter.subject)
        .filter_map(|c| Some(Able { candidate: c, class: Class::of(c.unit, c.duty, matter.path)? }))
        .collect();
    // A unit stands here once, by the best of its duties.
    able.sort_by_key(|a| (a.candidate.unit.id, a.class.rank));
    able.dedup_by_key(|a| a.candidate.unit.id);
    if able.is_empty() {
        return Vec::new();
    }
    let past = Past::new(&able, matter, history, today);
    let scores: Vec<f64> = able.iter().map(|a| past.score(a, matter)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let all: f64 = scores.iter().map(|s| (s - most).exp()).sum();
    let mut ranked: Vec<Ranked> = able
        .iter()
        .zip(&scores)
        .map(|(a, score)| Ranked {
            unit: a.candidate.unit.id,
            score: *score,
            share: (score - most).exp() / all,
            reasons: past.reasons(a, matter),
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.unit.cmp(&b.unit)));
    ranked
}

/// The sums over all candidates that each is compared with.
struct Past<'a> {
    history: &'a History,
    /// The share of each class, and how many candidates are of it.
    classes: BTreeMap<Class, (f64, usize)>,
    /// The fading choices of each class, in choices of today, by its units.
    of_class: HashMap<Class, f64>,
    /// What a choice of today weighs.
    today: f64,
    settled: f64,
    minutes: f64,
    open: f64,
}

impl<'a> Past<'a> {
    fn new(able: &[Able<'_>], matter: &Matter<'_>, history: &'a History, today: i64) -> Past<'a> {
        let today = float(today.max(1));
        let best = able.iter().map(|a| a.class.rank).min().unwrap_or(1);
        let prior = |a: &Able<'_>| {
            let far = crate::territory::MAX_LEVELS.saturating_sub(a.class.depth);
            (-RANK * float(a.class.rank - best) - LEVEL * float(i64::try_from(far).unwrap_or(0))).exp()
        };
        let mut classes: BTreeMap<Class, (f64, usize)> = BTreeMap::new();
        let mut of_class: HashMap<Class, f64> = HashMap::new();
        let all: f64 = able.iter().map(&prior).sum();
        let outcomes = |a: &Able<'_>| history.outcomes.get(&a.candidate.unit.id).copied().unwrap_or_default();
        for a in able {
            let class = classes.entry(a.class).or_default();
            class.0 += prior(a) / all;
            class.1 += 1;
            *of_class.entry(a.class).or_default() += kept(&outcomes(a), today);
        }
        for scope in Scope::of(matter.path, matter.hours) {
            let count = |class: Class| {
                let c = history.choices.get(&(scope, class)).copied().unwrap_or_default();
                float((c.weight - c.returned).max(0)) / today
            };
            let n: f64 = classes.keys().map(|c| count(*c)).sum();
            for (class, (share, _)) in &mut classes {
                *share = (count(*class) + TRUST * *share) / (n + TRUST);
            }
        }
        let sum = |of: fn(&Outcomes) -> i64| able.iter().map(|a| float(of(&outcomes(a)))).sum::<f64>();
        let (good, bad) = (sum(|o| o.settled_weight), sum(|o| o.unsettled_weight + o.returned_weight));
        let (timed, minutes) = (sum(|o| o.timed), sum(|o| o.minutes));
        let open: f64 = able.iter().map(|a| float(a.candidate.open)).sum();
        Past {
            history,
            classes,
            of_class,
            today,
            settled: if good + bad > 0.0 { (good / (good + bad)).clamp(0.05, 0.95) } else { 0.5 },
            minutes: if timed > 0.0 { (minutes / timed).max(1.0) } else { 1.0 },
            open: open / float(i64::try_from(able.len()).unwrap_or(1)),
        }
    }

    fn outcomes(&self, a: &Able<'_>) -> Outcomes {
        self.history.outcomes.get(&a.candidate.unit.id).copied().unwrap_or_default()
    }

    fn score(&self, a: &Able<'_>, matter: &Matter<'_>) -> f64 {
        let o = self.outcomes(a);
        let (share, members) = self.classes.get(&a.class).copied().unwrap_or((1.0, 1));
        // All units of a class have the same territory here, so their choices compare.
        let of_class = self.of_class.get(&a.class).copied().unwrap_or(0.0);
        let members = float(i64::try_from(members).unwrap_or(1));
        let own = (kept(&o, self.today) + 1.0) / (of_class + members);
        let (good, bad) = (
            float(o.settled_weight) / self.today,
            float(o.unsettled_weight + o.returned_weight) / self.today,
        );
        let settled = (good + OUTCOMES * self.settled) / (good + bad + OUTCOMES);
        let minutes = (float(o.minutes) + OUTCOMES * self.minutes) / (float(o.timed) + OUTCOMES);
        let load = (float(a.candidate.open) + USUAL_LOAD) / (self.open + USUAL_LOAD);
        let metres = distance(a.candidate, matter).unwrap_or(0.0);
        (share * own).ln() + SETTLED * (settled / self.settled).ln()
            - SLOW * (minutes.max(1.0) / self.minutes).ln()
            - LOAD * load.ln()
            - metres / FAR
    }

    fn reasons(&self, a: &Able<'_>, matter: &Matter<'_>) -> Vec<Reason> {
        let duty = a.candidate.duty;
        let mut out = vec![
            Reason::Competence { rank: duty.rank, zh: duty.zh.clone(), en: duty.en.clone() },
            Reason::Near { depth: a.class.depth },
        ];
        if let Some(metres) = distance(a.candidate, matter) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a float is cut off"
            )]
            out.push(Reason::Distance { metres: metres.round() as u32 });
        }
        out.extend(self.chosen_here(a, matter));
        let o = self.outcomes(a);
        if o.chosen > 0 {
            out.push(Reason::Before {
                chosen: o.chosen,
                returned: o.returned,
                settled: o.settled,
                unsettled: o.unsettled,
                minutes: (o.timed > 0).then(|| o.minutes / o.timed.max(1)),
            });
        }
        out.push(Reason::Load { open: a.candidate.open });
        out
    }

    /// How often it was chosen in the smallest place with enough choices; only where the class is one unit.
    fn chosen_here(&self, a: &Able<'_>, matter: &Matter<'_>) -> Option<Reason> {
        if self.classes.get(&a.class).is_some_and(|c| c.1 > 1) {
            return None;
        }
        let places = matter.path.0.iter().enumerate().rev().filter_map(|(i, p)| Some((i + 1, (*p)?)));
        // Above the level of its own territory the class is other units too.
        places.filter(|(depth, _)| *depth >= a.class.depth).find_map(|(depth, place)| {
            let count = |class: Class| {
                self.history.choices.get(&(Scope::Place(place), class)).map_or(0, |c| c.chosen)
            };
            let of: i64 = self.classes.keys().map(|c| count(*c)).sum();
            let chosen = count(a.class);
            (of >= TELLING).then_some(Reason::ChosenHere { depth, chosen, of })
        })
    }
}

/// The fading choices of a unit that stayed, in choices of today.
fn kept(o: &Outcomes, today: f64) -> f64 {
    float((o.weight - o.returned_weight).max(0)) / today
}

fn distance(c: &Candidate<'_>, matter: &Matter<'_>) -> Option<f64> {
    let (a, b) = (c.at?, matter.at?);
    Some((a.x - b.x).hypot(a.y - b.y)).filter(|m| m.is_finite())
}

#[expect(clippy::cast_precision_loss, reason = "sums of weights: a rounding beyond 2^53 ranks nobody else")]
fn float(n: i64) -> f64 {
    n as f64
}
