//! The demo's history again, with its last two weeks held out: was the chosen unit among the first three?

use domain::cases::{self, Case, CaseEvent, Command, Recorded, Report};
use domain::proposing::{Candidate, Class, History, Hours, Matter, learn, rank, weight};
use domain::rulebook::Rulebook;
use domain::territory::Path;
use domain::units::{Duty, Unit};
use domain::{Actor, CaseNo, Context, PlaceId, UnitId};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

struct District {
    demo: demo::District,
    paths: HashMap<PlaceId, Path>,
    units: HashMap<UnitId, Unit>,
    duties: HashMap<String, Vec<Duty>>,
}

/// What the held-out weeks came to.
#[derive(Default)]
struct Score {
    dispatches: u32,
    first: u32,
    among_three: u32,
    candidates: usize,
    more_than_three: u32,
    of_those_among_three: u32,
}

pub(crate) fn run() {
    let now = Timestamp::constant(1_795_000_000, 0);
    let district = District::new(demo::District::xuhui(7));
    let rules = Rulebook::china();
    let stories = tell(&district, &rules, now);
    let cut = now - SignedDuration::from_hours(24 * 14);
    let learnt = replay(&district, &rules, &stories, cut, true, |unit, _| unit);
    let share = |n: u32, of: u32| f64::from(n) * 100.0 / f64::from(of.max(1));
    println!(
        "  demo, 60 days, the last 14 held out: {} dispatches, {:.1} able units on average, {} with more than three",
        learnt.dispatches,
        learnt.candidates as f64 / f64::from(learnt.dispatches),
        learnt.more_than_three,
    );
    super::line(
        "chosen unit among the first three",
        Some(90.0),
        share(learnt.among_three, learnt.dispatches),
        "%",
    );
    super::line("  the first", None, share(learnt.first, learnt.dispatches), "%");
    super::line(
        "  where more than three were able",
        None,
        share(learnt.of_those_among_three, learnt.more_than_three),
        "%",
    );
    // The demo's dispatchers go by the lists of duties. Others have habits of their own: here each precinct
    // chooses whom the lists name last.
    let habit = |unit: UnitId, able: &[UnitId]| able.last().copied().unwrap_or(unit);
    let (with, without) = (
        replay(&district, &rules, &stories, cut, true, habit),
        replay(&district, &rules, &stories, cut, false, habit),
    );
    super::line(
        "dispatchers who choose the last on the list: first, learnt",
        None,
        share(with.first, with.dispatches),
        "%",
    );
    super::line("  the same by the lists alone", None, share(without.first, without.dispatches), "%");
    super::line("  among the first three, learnt", None, share(with.among_three, with.dispatches), "%");
}

impl District {
    fn new(demo: demo::District) -> District {
        let parents: HashMap<PlaceId, Option<PlaceId>> =
            demo.places.iter().map(|p| (p.id, p.parent)).collect();
        let paths = demo
            .places
            .iter()
            .map(|p| {
                let mut up = vec![p.id];
                while let Some(Some(parent)) = up.last().and_then(|p| parents.get(p)) {
                    up.push(*parent);
                }
                up.reverse();
                (p.id, Path::of(&up))
            })
            .collect();
        let mut duties: HashMap<String, Vec<Duty>> = HashMap::new();
        for d in &demo.duties {
            duties.entry(d.subject.clone()).or_default().push(d.clone());
        }
        let units = demo.units.iter().map(|u| (u.id, u.clone())).collect();
        District { demo, paths, units, duties }
    }

    fn candidates(&self, subject: &str, open: &HashMap<UnitId, i64>) -> Vec<Candidate<'_>> {
        self.duties
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|duty| {
                let unit = self.units.get(&duty.unit)?;
                Some(Candidate { unit, duty, open: open.get(&unit.id).copied().unwrap_or(0), at: None })
            })
            .collect()
    }

    fn class(&self, unit: UnitId, subject: &str, path: &Path) -> Option<Class> {
        let duty = self.duties.get(subject)?.iter().find(|d| d.unit == unit)?;
        Class::of(self.units.get(&unit)?, duty, path)
    }
}

/// Every story as a case before its first step, and its events.
fn tell(d: &District, rules: &Rulebook, now: Timestamp) -> Vec<(Case, Vec<Recorded>)> {
    let stories = demo::history(&d.demo, 7, now, 60);
    (1..)
        .zip(stories)
        .map(|(no, s)| {
            let place = d.demo.doorways[usize::try_from(s.doorway.0 - 1).unwrap()].place;
            let report = Report { path: d.paths[&place], channel: s.channel, ..Report::example(&s.text) };
            let (opened, _) =
                cases::open(CaseNo(no), report, &Context::new(s.at, Actor::Resident, [0; 32]), rules);
            let (mut case, mut events) = (opened.clone(), Vec::new());
            for later in s.later {
                let command = match later.what {
                    demo::Joined::Step(command) => command,
                    demo::Joined::Voice { text, .. } => {
                        Command::AddVoice { text, contact: None, channel: s.channel }
                    }
                };
                let more =
                    cases::decide(&case, command, &Context::new(later.at, later.actor, [0; 32]), rules);
                let more = more.unwrap_or_else(|e| panic!("story {no}: {}", e.en()));
                case = more.iter().fold(case, cases::apply);
                events.extend(more);
            }
            if let Some((cases::Clock::Silence, due)) = case.due.filter(|d| d.1 <= now) {
                let ctx = Context::new(due, Actor::System, [0; 32]);
                events.extend(cases::decide(&case, Command::CloseOnSilence, &ctx, rules).unwrap());
            }
            (opened, events)
        })
        .collect()
}

/// Goes through all events in the order of time: learns from those before the cut, and ranks at each dispatch
/// after it. `chosen` says whom the dispatcher chose, of the able ones in the order of the lists.
fn replay(
    d: &District,
    rules: &Rulebook,
    stories: &[(Case, Vec<Recorded>)],
    cut: Timestamp,
    learns: bool,
    chosen: impl Fn(UnitId, &[UnitId]) -> UnitId,
) -> Score {
    let mut order: Vec<(Timestamp, usize, usize)> = stories
        .iter()
        .enumerate()
        .flat_map(|(s, (_, events))| events.iter().enumerate().map(move |(e, r)| (r.at, s, e)))
        .collect();
    order.sort_unstable();
    let mut now: Vec<Case> = stories.iter().map(|s| s.0.clone()).collect();
    let mut open: HashMap<UnitId, i64> = HashMap::new();
    let mut past: HashMap<String, History> = HashMap::new();
    let none = History::default();
    let mut score = Score::default();
    for (at, s, e) in order {
        let mut event = stories[s].1[e].clone();
        let before = &now[s];
        if let CaseEvent::Dispatched { unit, subject, .. } = &mut event.event {
            let hours = Hours::of(before.reported_at, rules);
            let matter = Matter { subject, path: &before.path, hours, at: None };
            let candidates = d.candidates(subject, &open);
            let by_list: Vec<UnitId> = rank(&matter, &d.candidates(subject, &HashMap::new()), &none, 0)
                .iter()
                .map(|r| r.unit)
                .collect();
            *unit = chosen(*unit, &by_list);
            if at >= cut {
                let history = past.get(subject.as_str()).filter(|_| learns).unwrap_or(&none);
                let ranked = rank(&matter, &candidates, history, weight(at));
                let place = ranked.iter().position(|r| r.unit == *unit);
                let three = u32::from(place.is_some_and(|p| p < 3));
                score.dispatches += 1;
                score.first += u32::from(place == Some(0));
                score.among_three += three;
                score.candidates += ranked.len();
                if ranked.len() > 3 {
                    score.more_than_three += 1;
                    score.of_those_among_three += three;
                }
            }
        }
        if at < cut && learns {
            let lessons = learn(
                before,
                std::slice::from_ref(&event),
                |unit, subject, path| d.class(unit, subject, path),
                |at| Hours::of(at, rules),
            );
            for l in lessons {
                past.entry(l.subject.clone()).or_default().add(&l);
            }
        }
        let held = |c: &Case| c.unit.filter(|_| c.due.is_some());
        if let Some(unit) = held(before) {
            *open.entry(unit).or_default() -= 1;
        }
        now[s] = cases::apply(now[s].clone(), &event);
        if let Some(unit) = held(&now[s]) {
            *open.entry(unit).or_default() += 1;
        }
    }
    score
}
