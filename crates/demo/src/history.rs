//! Sixty days of what people said and what came of it.

use crate::chance::Chance;
use crate::course::live;
use crate::district::{District, Doorway, PRECINCTS};
use crate::texts::{Report, Texts, phone};
use domain::calendar::Calendar;
use domain::cases::{Channel, Command, Kind};
use domain::proposing::{Candidate, History, Hours, Matter, rank};
use domain::territory::Path;
use domain::units::{Duty, Unit};
use domain::{Actor, DoorwayId, PlaceId, StaffId, UnitId};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::HashMap;

/// One report and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Where.
    pub doorway: DoorwayId,
    /// When.
    pub at: Timestamp,
    /// How it came in.
    pub channel: Channel,
    /// What sort of request, where the person says so.
    pub kind: Option<Kind>,
    /// What was said.
    pub text: String,
    /// Where within the place.
    pub detail: String,
    /// How to reach the person; a number that nobody has.
    pub contact: String,
    /// What came of it, in order of time.
    pub later: Vec<Later>,
}

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub what: Joined,
}

/// What can happen: a command, or one more person who says "I too".
#[derive(Debug, Clone, PartialEq)]
pub enum Joined {
    /// A step with the case.
    Step(Command),
    /// One more voice.
    Voice {
        /// What they add.
        text: String,
        /// How to reach them.
        contact: String,
    },
}

/// Whoever acts for a place or a unit.
pub(crate) struct Cast<'a> {
    doors: HashMap<PlaceId, Vec<&'a Doorway>>,
    pub(crate) paths: HashMap<PlaceId, Path>,
    pub(crate) units: HashMap<UnitId, &'a Unit>,
    duties: HashMap<&'a str, Vec<&'a Duty>>,
    of_unit: HashMap<UnitId, StaffId>,
    of_precinct: HashMap<PlaceId, StaffId>,
    pub(crate) texts: Texts,
    pub(crate) calendar: Calendar,
}

impl<'a> Cast<'a> {
    pub(crate) fn new(district: &'a District) -> Cast<'a> {
        use domain::access::Role;
        let mut doors: HashMap<PlaceId, Vec<&Doorway>> = HashMap::new();
        for d in &district.doorways {
            doors.entry(d.place).or_default().push(d);
        }
        let parents: HashMap<PlaceId, Option<PlaceId>> =
            district.places.iter().map(|p| (p.id, p.parent)).collect();
        let paths = district
            .places
            .iter()
            .filter(|p| p.depth == 3)
            .filter_map(|p| {
                let precinct = p.parent?;
                Some((p.id, Path::of(&[(*parents.get(&precinct)?)?, precinct, p.id])))
            })
            .collect();
        let mut duties: HashMap<&str, Vec<&Duty>> = HashMap::new();
        for d in &district.duties {
            duties.entry(d.subject.as_str()).or_default().push(d);
        }
        let (mut of_unit, mut of_precinct) = (HashMap::new(), HashMap::new());
        for s in &district.staff {
            for g in &s.grants {
                match (g.role, g.unit, g.place) {
                    (Role::PrecinctCoordinator, _, Some(place)) => {
                        of_precinct.entry(place).or_insert(s.id);
                    }
                    (_, Some(unit), _) => {
                        of_unit.entry(unit).or_insert(s.id);
                    }
                    _ => {}
                }
            }
        }
        Cast {
            doors,
            paths,
            units: district.units.iter().map(|u| (u.id, u)).collect(),
            duties,
            of_unit,
            of_precinct,
            texts: Texts::load(),
            calendar: Calendar::china(),
        }
    }

    /// The units that could take a subject at a place, best first.
    pub(crate) fn proposals(&self, subject: &str, path: &Path) -> Vec<(UnitId, String)> {
        let candidates: Vec<Candidate<'_>> = self
            .duties
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|duty| Some(Candidate { unit: self.units.get(&duty.unit)?, duty, open: 0, at: None }))
            .collect();
        // Nothing has happened yet: the lists of duties and the jurisdictions alone speak.
        let matter = Matter { subject, path, hours: Hours::Working, at: None };
        rank(&matter, &candidates, &History::default(), 0).into_iter().map(|r| (r.unit, r.zh())).collect()
    }

    pub(crate) fn officer(&self, unit: UnitId) -> Actor {
        Actor::Staff { id: self.of_unit.get(&unit).copied().unwrap_or(StaffId(1)), unit: Some(unit) }
    }

    pub(crate) fn coordinator(&self, path: &Path) -> Actor {
        let id = path.at(2).and_then(|p| self.of_precinct.get(&p)).copied().unwrap_or(StaffId(3));
        Actor::Staff { id, unit: None }
    }
}

/// The days before `now`: about two hundred cases a day, a third of them still open, with seasons, bursts of one
/// matter, repeats, nights and holidays. Ordered by time.
pub fn history(district: &District, seed: u64, now: Timestamp, days: u32) -> Vec<Story> {
    let cast = Cast::new(district);
    let mut chance = Chance::new(seed, 3);
    let offset = Offset::constant(8);
    let today = offset.to_datetime(now).date();
    let neighborhoods: Vec<&crate::Place> = district.places.iter().filter(|p| p.depth == 3).collect();
    let mut out: Vec<Story> = Vec::new();
    for back in (0..=i64::from(days)).rev() {
        let Ok(day) = today.checked_sub(back.days()) else { continue };
        for _ in 0..wanted(&cast, day, &mut chance) {
            if let Some((door, at, report)) = one(&cast, &neighborhoods, day, now, &mut chance) {
                out.push(story(&cast, door, at, report, now, &mut chance));
            }
        }
        if chance.percent(25) {
            out.extend(burst(&cast, &neighborhoods, day, now, &mut chance));
        }
    }
    // Where the demo's people sit, something began two days ago: they find it among what is budding.
    let home: Vec<&crate::Place> =
        neighborhoods.iter().copied().filter(|p| p.parent == Some(PlaceId(PRECINCTS + 1))).take(1).collect();
    if let (Ok(day), false) = (today.checked_sub(2.days()), home.is_empty()) {
        let voices = |b: &Vec<Story>| {
            let joined =
                |s: &Story| s.later.iter().filter(|l| matches!(l.what, Joined::Voice { .. })).count();
            b.iter().map(|s| 1 + joined(s)).sum::<usize>()
        };
        // Large enough to stand out on any day of the year.
        let bursts = (0..12).map(|_| burst(&cast, &home, day, now, &mut chance));
        out.extend(bursts.max_by_key(voices).unwrap_or_default());
    }
    out.sort_by_key(|s| (s.at, s.doorway));
    out
}

/// How many people say something of their own on a day.
pub(crate) fn wanted(cast: &Cast<'_>, day: jiff::civil::Date, chance: &mut Chance) -> i64 {
    let rest = !cast.calendar.is_worked(day);
    chance.range(188, 245) * if rest { 80 } else { 100 } / 100
}

/// One of them: at which door, when, what. None where that would be after `now`.
pub(crate) fn one<'c>(
    cast: &'c Cast<'_>,
    neighborhoods: &[&crate::Place],
    day: jiff::civil::Date,
    now: Timestamp,
    chance: &mut Chance,
) -> Option<(&'c Doorway, Timestamp, &'c Report)> {
    let at = moment(day, chance).filter(|at| *at <= now)?;
    let place = chance.weighted(neighborhoods, |p| i64::from(p.residents));
    // The first precinct, where the demo's people sit, has a little more to do.
    let place = if chance.percent(2) {
        neighborhoods.iter().find(|p| p.parent == Some(PlaceId(PRECINCTS + 1))).unwrap_or(place)
    } else {
        place
    };
    let doors = cast.doors.get(&place.id).filter(|d| !d.is_empty())?;
    // Some doors speak again and again.
    let door = if chance.percent(30) { doors[chance.index(doors.len().min(3))] } else { *chance.of(doors) };
    Some((door, at, cast.texts.report(day, chance)))
}

/// A moment of a day: mostly by day and in the evening, some at night.
fn moment(day: jiff::civil::Date, chance: &mut Chance) -> Option<Timestamp> {
    let hour = *chance.weighted(
        &[
            (7, 4),
            (8, 9),
            (9, 11),
            (10, 11),
            (11, 8),
            (12, 5),
            (13, 6),
            (14, 8),
            (15, 8),
            (16, 7),
            (17, 6),
            (18, 7),
            (19, 8),
            (20, 7),
            (21, 5),
            (22, 3),
            (23, 2),
            (2, 1),
        ],
        |h| h.1,
    );
    let (minute, second) = (chance.range(0, 60), chance.range(0, 60));
    let at = day.at(hour.0, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0);
    Offset::constant(8).to_timestamp(at).ok()
}

/// One matter of one building, said by many within hours: some add their voice to the first report, some report
/// it anew from next door.
fn burst(
    cast: &Cast<'_>,
    neighborhoods: &[&crate::Place],
    day: jiff::civil::Date,
    now: Timestamp,
    chance: &mut Chance,
) -> Vec<Story> {
    let matters = cast.texts.matters();
    let ways = cast.texts.of_matter(matters[chance.index(matters.len())]);
    let place = chance.of(neighborhoods);
    let doors = cast.doors.get(&place.id).map_or(&[][..], Vec::as_slice);
    let Some(begin) = moment(day, chance).filter(|at| *at <= now && !doors.is_empty()) else { return vec![] };
    let first = chance.index(doors.len());
    let way = *chance.of(&ways);
    let mut out: Vec<Story> = vec![story(cast, doors[first], begin, way, now, chance)];
    let mut at = begin;
    for _ in 0..chance.range(5, 14) {
        at += SignedDuration::from_mins(chance.range(3, 40));
        if at > now {
            break;
        }
        let way = *chance.of(&ways);
        if chance.percent(40) && still_going(&out[0], at) {
            let text = if chance.percent(60) { way.said(doors[first], chance) } else { String::new() };
            let voice = Joined::Voice { text, contact: contact(chance) };
            let later = &mut out[0].later;
            let place = later.partition_point(|l| l.at <= at);
            later.insert(place, Later { at, actor: Actor::Resident, what: voice });
        } else {
            let door = doors[(first + chance.index(4)) % doors.len()];
            out.push(story(cast, door, at, way, now, chance));
        }
    }
    out
}

/// Whether nothing has ended a story by then.
fn still_going(story: &Story, at: Timestamp) -> bool {
    let ends = |c: &Command| {
        matches!(
            c,
            Command::Confirm { .. }
                | Command::CallBack { .. }
                | Command::Withdraw { .. }
                | Command::Redirect { .. }
                | Command::AnswerAtOnce { .. }
        )
    };
    // One who takes a report back would leave the others to wait.
    let withdrawn = story.later.iter().any(|l| matches!(l.what, Joined::Step(Command::Withdraw { .. })));
    !withdrawn
        && story
            .later
            .iter()
            .take_while(|l| l.at <= at)
            .all(|l| !matches!(&l.what, Joined::Step(c) if ends(c)))
}

/// How to reach somebody; not everybody says.
fn contact(chance: &mut Chance) -> String {
    if chance.percent(60) { phone(chance) } else { String::new() }
}

fn story(
    cast: &Cast<'_>,
    door: &Doorway,
    at: Timestamp,
    report: &Report,
    now: Timestamp,
    chance: &mut Chance,
) -> Story {
    let text = report.said(door, chance);
    let channels = [(Channel::Door, 70), (Channel::Phone, 18), (Channel::Visit, 7), (Channel::Paper, 5)];
    // Nobody brings a slip of paper to a closed office.
    let awake = (8..20).contains(&Offset::constant(8).to_datetime(at).hour());
    let channel = chance.weighted(&channels, |c| c.1).0;
    let channel = match channel {
        Channel::Visit | Channel::Paper if !awake => Channel::Door,
        other => other,
    };
    let contact = contact(chance);
    let detail = if chance.percent(40) {
        format!("{}楼", chance.range(1, i64::from(door.floors) + 1))
    } else {
        String::new()
    };
    let kind = match report.subject.as_str() {
        "question" => Some(Kind::Question),
        "praise" => Some(Kind::Opinion),
        _ if chance.percent(20) => Some(*chance.of(&[Kind::Help, Kind::Complaint, Kind::Opinion])),
        _ => None,
    };
    let later = live(cast, chance, (at, now), door, report, kind);
    Story { doorway: door.id, at, channel, kind, text, detail, contact, later }
}

/// Whether a unit is a committee; used by tests of who leads what.
#[cfg(test)]
fn is_committee(district: &District, unit: UnitId) -> bool {
    district.units.iter().any(|u| u.id == unit && u.kind == domain::units::UnitKind::Committee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::access::{Action, Target, may};
    use domain::cases::{self, Report};
    use domain::{CaseNo, Context};

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    #[test]
    fn sixty_days_are_as_promised() {
        let d = District::xuhui(7);
        let all = history(&d, 7, now(), 60);
        assert!((11_500..12_800).contains(&all.len()), "{}", all.len());
        assert!(all.windows(2).all(|w| w[0].at <= w[1].at));
        assert!(all.iter().all(|s| s.at <= now() && s.later.iter().all(|l| l.at <= now() && l.at >= s.at)));
        assert_eq!(all, history(&d, 7, now(), 60));
        assert!(all.iter().any(|s| s.later.iter().any(|l| matches!(l.what, Joined::Voice { .. }))));
    }

    /// Every story is one that the rules allow, done by somebody who may and at an hour at which people work; the
    /// events alone give the same state; about a third are still open, some of those late; nothing that can
    /// happen to a case is missing.
    #[test]
    fn every_story_is_legal() {
        let d = District::xuhui(7);
        let by_calendar = domain::rulebook::Rulebook::china();
        let round_the_clock = domain::testing::deadlines();
        let rules: [&dyn cases::Deadlines; 2] = [&by_calendar, &round_the_clock];
        let paths = Cast::new(&d).paths;
        let (mut open, mut late, mut all) = (0, 0, 0);
        let mut seen: HashMap<&str, i32> = HashMap::new();
        for s in history(&d, 7, now(), 60) {
            let place = d.doorways[usize::try_from(s.doorway.0 - 1).unwrap()].place;
            for (n, rules) in rules.iter().enumerate() {
                let case = told(&d, &s, paths[&place], *rules);
                if n == 0 {
                    all += 1;
                    open += i32::from(case.state.is_open());
                    late += i32::from(case.state.is_open() && case.due.is_some_and(|(_, at)| at < now()));
                    *seen.entry(case.state.key()).or_default() += 1;
                    *seen.entry("second handling").or_default() += i32::from(case.not_solved > 0);
                    *seen.entry("third return").or_default() += i32::from(case.returns == 3);
                    *seen.entry("many voices").or_default() += i32::from(case.voices > 3);
                }
            }
        }
        for (what, least) in [
            ("received", 50),
            ("assigned", 50),
            ("in_hand", 50),
            ("answered", 50),
            ("closed", 5_000),
            ("parked", 100),
            ("redirected", 20),
            ("withdrawn", 50),
            ("at_meeting", 3),
            ("referred", 3),
            ("second handling", 300),
            ("third return", 20),
            ("many voices", 5),
        ] {
            assert!(seen.get(what).is_some_and(|n| *n >= least), "{what}: {seen:?}");
        }
        assert!((50..open).contains(&late), "{late} of {open} late: {seen:?}");
        let share = f64::from(open) / f64::from(all);
        assert!((0.25..0.42).contains(&share), "{share}: {seen:?}");
    }

    /// Runs a story through the rules, asking of each step what every step must be; gives the case at its end.
    fn told(d: &District, s: &Story, path: Path, rules: &dyn cases::Deadlines) -> cases::Case {
        let ctx = |at, actor| Context::new(at, actor, [1; 32]);
        let kind = s.kind.unwrap_or(Kind::Complaint);
        let report = Report { kind, path, doorway: Some(s.doorway), ..Report::example(&s.text) };
        let (mut case, mut events) = cases::open(CaseNo(1), report, &ctx(s.at, Actor::Resident), rules);
        for l in &s.later {
            let command = match l.what.clone() {
                Joined::Step(command) => command,
                Joined::Voice { text, .. } => {
                    Command::AddVoice { text, contact: None, channel: Channel::Door }
                }
            };
            if let Command::Dispatch { unit, subject, .. } = &command
                && is_committee(d, *unit)
            {
                assert!(d.duties.iter().any(|x| x.unit == *unit && x.subject == *subject));
            }
            if let Actor::Staff { id, .. } = l.actor {
                let who = &d.staff[usize::try_from(id.0 - 1).unwrap()];
                let needs = right(&command);
                let target = Target { path, unit: case.unit };
                assert!(may(&who.grants, needs, &target), "{} may not {needs:?}: {l:?}", who.login);
            }
            let more = cases::decide(&case, command, &ctx(l.at, l.actor), rules)
                .unwrap_or_else(|r| panic!("{}: {l:?} in {:?} of {s:?}", r.en(), case.state));
            case = more.iter().fold(case, cases::apply);
            events.extend(more);
        }
        if let Some((cases::Clock::Silence, at)) = case.due
            && at <= now()
        {
            let more = cases::decide(&case, Command::CloseOnSilence, &ctx(at, Actor::System), rules).unwrap();
            case = more.iter().fold(case, cases::apply);
            events.extend(more);
        }
        assert_eq!(cases::rebuild(CaseNo(1), &events).as_ref(), Some(&case));
        case
    }

    /// The right that a step of staff needs.
    fn right(command: &Command) -> Action {
        match command {
            Command::Dispatch { .. }
            | Command::Recall
            | Command::AnswerAtOnce { .. }
            | Command::Redirect { .. } => Action::Dispatch,
            Command::Refer { .. } => Action::Refer,
            Command::Extend { .. } | Command::Park { .. } => Action::Decide,
            Command::CallBack { .. } => Action::CallBack,
            Command::Note { .. } => Action::SeeCase,
            _ => Action::Handle,
        }
    }

    /// Staff work in office hours; only what cannot wait is done at night and on days of rest.
    #[test]
    fn nights_are_for_what_cannot_wait() {
        let d = District::xuhui(7);
        let all = history(&d, 7, now(), 60);
        let calendar = Calendar::china();
        let hour = |at| Offset::constant(8).to_datetime(at).hour();
        let at_work = |at| {
            calendar.is_worked(Offset::constant(8).to_datetime(at).date()) && (9..18).contains(&hour(at))
        };
        let steps =
            || all.iter().flat_map(|s| s.later.iter()).filter(|l| matches!(l.actor, Actor::Staff { .. }));
        let outside = steps().filter(|l| !at_work(l.at)).count();
        assert!(outside > 0 && outside * 20 < steps().count(), "{outside} of {}", steps().count());
        let at_night = all.iter().filter(|s| !(7..22).contains(&hour(s.at))).count();
        assert!(at_night * 50 > all.len(), "{at_night} come in at night");
        let rest = all.iter().filter(|s| !calendar.is_worked(Offset::constant(8).to_datetime(s.at).date()));
        assert!(rest.count() * 10 > all.len(), "some come in on days of rest");
    }
}
