//! Sixty days of what people said and what came of it.

use crate::chance::Chance;
use crate::district::{District, Doorway, PRECINCTS};
use crate::texts::{Texts, filled, phone};
use domain::cases::{Channel, Command, Kind, Quantity, Satisfaction, Solved};
use domain::territory::Path;
use domain::units::{Candidate, Duty, Unit, propose};
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
struct Cast<'a> {
    doors: HashMap<PlaceId, Vec<&'a Doorway>>,
    paths: HashMap<PlaceId, Path>,
    units: HashMap<UnitId, &'a Unit>,
    duties: HashMap<&'a str, Vec<&'a Duty>>,
    of_unit: HashMap<UnitId, StaffId>,
    of_precinct: HashMap<PlaceId, StaffId>,
    texts: Texts,
}

impl<'a> Cast<'a> {
    fn new(district: &'a District) -> Cast<'a> {
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
        }
    }

    /// The units that could take a subject at a place, best first.
    fn proposals(&self, subject: &str, path: &Path) -> Vec<(UnitId, String)> {
        let candidates: Vec<Candidate<'_>> = self
            .duties
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|duty| Some(Candidate { unit: self.units.get(&duty.unit)?, duty, open: 0 }))
            .collect();
        propose(subject, path, &candidates).into_iter().map(|p| (p.unit, p.zh)).collect()
    }

    fn officer(&self, unit: UnitId) -> Actor {
        Actor::Staff { id: self.of_unit.get(&unit).copied().unwrap_or(StaffId(1)), unit: Some(unit) }
    }

    fn coordinator(&self, path: &Path) -> Actor {
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
        let weekend = matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
        let wanted = chance.range(170, 225) * if weekend { 80 } else { 100 } / 100;
        for _ in 0..wanted {
            let Some(at) = moment(day, &mut chance).filter(|at| *at <= now) else { continue };
            let place = chance.weighted(&neighborhoods, |p| i64::from(p.residents));
            // The first precinct, where the demo's people sit, has a little more to do.
            let place = if chance.percent(2) {
                neighborhoods.iter().find(|p| p.parent == Some(PlaceId(PRECINCTS + 1))).unwrap_or(place)
            } else {
                place
            };
            let Some(doors) = cast.doors.get(&place.id).filter(|d| !d.is_empty()) else { continue };
            // Some doors speak again and again.
            let door =
                if chance.percent(30) { doors[chance.index(doors.len().min(3))] } else { *chance.of(doors) };
            let report = cast.texts.report(day, &mut chance);
            out.push(story(
                &cast,
                door,
                at,
                &report.subject,
                report.said(door, &mut chance),
                now,
                &mut chance,
            ));
        }
        // A burst: one matter, many doors of one neighbourhood, within hours.
        if chance.percent(25) {
            let matters = cast.texts.matters();
            let ways = cast.texts.of_matter(matters[chance.index(matters.len())]);
            let place = chance.of(&neighborhoods);
            let Some(doors) = cast.doors.get(&place.id).filter(|d| !d.is_empty()) else { continue };
            let Some(begin) = moment(day, &mut chance) else { continue };
            let first = chance.index(doors.len());
            for n in 0..chance.range(5, 14) {
                let at = begin + SignedDuration::from_mins(n * chance.range(4, 30));
                if at > now {
                    break;
                }
                let door = doors[(first + chance.index(4)) % doors.len()];
                let way = chance.of(&ways);
                out.push(story(&cast, door, at, &way.subject, way.said(door, &mut chance), now, &mut chance));
            }
        }
    }
    out.sort_by_key(|s| (s.at, s.doorway));
    out
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

/// How a case goes on from here.
struct Course<'a, 'c> {
    cast: &'a Cast<'a>,
    chance: &'c mut Chance,
    now: Timestamp,
    at: Timestamp,
    later: Vec<Later>,
}

impl Course<'_, '_> {
    /// Lets minutes pass and something happen; `None` once the present is reached.
    fn then(&mut self, from: i64, to: i64, actor: Actor, what: Command) -> Option<()> {
        self.at += SignedDuration::from_mins(self.chance.range(from, to));
        if self.at > self.now {
            return None;
        }
        self.later.push(Later { at: self.at, actor, what: Joined::Step(what) });
        Some(())
    }

    fn text(&mut self, kind: &str, subject: &str, door: &Doorway) -> String {
        let text = self.cast.texts.outcome(kind, subject, self.chance);
        filled(&text, door, self.chance)
    }

    fn first_contact(&mut self, unit: UnitId, subject: &str, door: &Doorway) -> Option<()> {
        let note = self.text("first_contact", subject, door);
        let officer = self.cast.officer(unit);
        if self.chance.percent(15) {
            let note = "拨打两次无人接听。".to_owned();
            self.then(20, 300, officer, Command::FirstContact { reached: false, note })?;
        }
        self.then(20, 600, officer, Command::FirstContact { reached: true, note })
    }

    fn answer(&mut self, unit: UnitId, subject: &str, door: &Doorway) -> Option<()> {
        let outcome = self.text("answer", subject, door);
        let solved =
            *self.chance.weighted(&[(Solved::Yes, 7), (Solved::Partly, 2), (Solved::No, 1)], |s| s.1);
        let quantities = quantities(&outcome);
        self.then(
            300,
            6_000,
            self.cast.officer(unit),
            Command::Answer { outcome, quantities, solved: solved.0 },
        )
    }
}

/// The first number with its counter in an outcome: 更换1块 → 1 块.
fn quantities(outcome: &str) -> Vec<Quantity> {
    let chars: Vec<char> = outcome.chars().collect();
    let Some(at) = chars.iter().position(char::is_ascii_digit) else { return vec![] };
    let digits: String = chars[at..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    let what: String =
        chars[at + digits.chars().count()..].iter().take_while(|c| c.is_alphabetic()).take(6).collect();
    if what.is_empty() { vec![] } else { vec![Quantity { amount: digits, what }] }
}

fn story(
    cast: &Cast<'_>,
    door: &Doorway,
    at: Timestamp,
    subject: &str,
    text: String,
    now: Timestamp,
    chance: &mut Chance,
) -> Story {
    let channel = chance
        .weighted(
            &[(Channel::Door, 70), (Channel::Phone, 18), (Channel::Visit, 7), (Channel::Paper, 5)],
            |c| c.1,
        )
        .0;
    let contact = if chance.percent(60) { phone(chance) } else { String::new() };
    let detail = if chance.percent(40) {
        format!("{}楼", chance.range(1, i64::from(door.floors) + 1))
    } else {
        String::new()
    };
    let kind = match subject {
        "question" => Some(Kind::Question),
        "praise" => Some(Kind::Opinion),
        _ if chance.percent(20) => Some(*chance.of(&[Kind::Help, Kind::Complaint, Kind::Opinion])),
        _ => None,
    };
    let mut course = Course { cast, chance, now, at, later: vec![] };
    live(&mut course, door, subject, kind);
    let later = course.later;
    Story { doorway: door.id, at, channel, kind, text, detail, contact, later }
}

/// What comes of a case, until the present or its end.
fn live(c: &mut Course<'_, '_>, door: &Doorway, subject: &str, kind: Option<Kind>) -> Option<()> {
    let path = *c.cast.paths.get(&door.place)?;
    let coordinator = c.cast.coordinator(&path);
    let mut proposals = c.cast.proposals(subject, &path);
    // A committee leads only for what is on its list; the proposals hold to that already.
    proposals.truncate(3);
    if c.chance.percent(6) {
        let at = c.at + SignedDuration::from_mins(c.chance.range(10, 300));
        if at < c.now {
            let voice = Joined::Voice { text: String::new(), contact: phone(c.chance) };
            c.later.push(Later { at, actor: Actor::Resident, what: voice });
            c.at = at;
        }
    }
    // Some wait longer than they should.
    if c.chance.percent(10) {
        c.at += SignedDuration::from_hours(c.chance.range(20, 200));
    }
    let kind = kind.unwrap_or(Kind::Complaint);
    if kind == Kind::Question && c.chance.percent(60) {
        let text = c.text("answer", subject, door);
        return c.then(20, 600, coordinator, Command::AnswerAtOnce { text });
    }
    let dispatch = |c: &mut Course<'_, '_>, unit: &(UnitId, String)| {
        let command = Command::Dispatch {
            unit: unit.0,
            off_list: false,
            subject: subject.to_owned(),
            kind,
            reason: unit.1.clone(),
        };
        c.then(15, 700, coordinator, command)
    };
    let (first, others) = proposals.split_first()?;
    let first = first.clone();
    dispatch(c, &first)?;
    let mut unit = first.0;
    let mut returns = 0;
    while let Some(other) = others.get(returns).filter(|_| c.chance.percent(7)) {
        let ground = "不在本单位职责清单内".to_owned();
        let note = c.text("return", subject, door);
        c.then(60, 1_500, c.cast.officer(unit), Command::Return { ground, note })?;
        returns += 1;
        let other = other.clone();
        dispatch(c, &other)?;
        unit = other.0;
    }
    if c.chance.percent(12) {
        return None;
    }
    c.first_contact(unit, subject, door)?;
    if c.chance.percent(8) {
        let text = c.text("remark", subject, door);
        c.then(60, 3_000, Actor::Resident, Command::Remark { voice: 1, text, original: None })?;
    }
    if c.chance.percent(3) {
        let cause = c.text("parked", subject, door);
        let review_on =
            Offset::constant(8).to_datetime(c.now).date().checked_add(c.chance.range(20, 170).days()).ok()?;
        let leader = coordinator;
        return c.then(
            500,
            5_000,
            leader,
            Command::Park {
                cause, law: "需业主共同决定（民法典第二百七十八条）".into(), review_on
            },
        );
    }
    if c.chance.percent(12) {
        return None;
    }
    c.answer(unit, subject, door)?;
    if c.chance.percent(9) {
        let text = c.text("not_solved", subject, door);
        c.then(100, 4_000, Actor::Resident, Command::NotSolved { voice: 1, text })?;
        c.answer(unit, subject, door)?;
        if c.chance.percent(75) {
            let note = c.text("confirmed", subject, door);
            let satisfaction = Some(*c.chance.of(&[Satisfaction::Satisfied, Satisfaction::Mostly]));
            let solved = Some(Solved::Yes);
            return c.then(300, 3_500, coordinator, Command::CallBack { solved, satisfaction, note });
        }
    }
    if c.chance.percent(55) {
        c.then(60, 5_000, Actor::Resident, Command::Confirm { voice: 1 })?;
        if c.chance.percent(70) {
            let how =
                [(Satisfaction::Satisfied, 6), (Satisfaction::Mostly, 3), (Satisfaction::Dissatisfied, 1)];
            let satisfaction = c.chance.weighted(&how, |s| s.1).0;
            c.then(0, 2, Actor::Resident, Command::Rate { voice: 1, satisfaction })?;
        }
        return Some(());
    }
    // Silence: the program itself closes it when the time has passed.
    Some(())
}

/// Whether a unit is a committee; used by tests of who leads what.
#[cfg(test)]
fn is_committee(district: &District, unit: UnitId) -> bool {
    district.units.iter().any(|u| u.id == unit && u.kind == domain::units::UnitKind::Committee)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::cases::{self, Report};
    use domain::{CaseNo, Context};

    fn now() -> Timestamp {
        "2026-11-23T02:00:00Z".parse().unwrap()
    }

    #[test]
    fn sixty_days_are_as_promised() {
        let d = District::xuhui(7);
        let all = history(&d, 7, now(), 60);
        assert!((11_000..13_500).contains(&all.len()), "{}", all.len());
        assert!(all.windows(2).all(|w| w[0].at <= w[1].at));
        assert!(all.iter().all(|s| s.at <= now() && s.later.iter().all(|l| l.at <= now() && l.at >= s.at)));
        assert_eq!(all, history(&d, 7, now(), 60));
        assert!(all.iter().any(|s| s.later.iter().any(|l| matches!(l.what, Joined::Voice { .. }))));
    }

    /// Every story is one that the rules allow, and about a third of them are still open.
    #[test]
    fn every_story_is_legal() {
        let d = District::xuhui(7);
        let rules = domain::rulebook::Rulebook::china();
        let (mut open, mut all) = (0, 0);
        for s in history(&d, 7, now(), 60) {
            let ctx = |at, actor| Context::new(at, actor, [1; 32]);
            let report = Report { kind: s.kind.unwrap_or(Kind::Complaint), ..Report::example(&s.text) };
            let (mut case, _) = cases::open(CaseNo(1), report, &ctx(s.at, Actor::Resident), &rules);
            for l in &s.later {
                let command = match l.what.clone() {
                    Joined::Step(command) => command,
                    Joined::Voice { text, .. } => {
                        Command::AddVoice { text, contact: None, channel: Channel::Door }
                    }
                };
                if let Command::Dispatch { unit, subject, .. } = &command
                    && is_committee(&d, *unit)
                {
                    assert!(d.duties.iter().any(|x| x.unit == *unit && x.subject == *subject));
                }
                let events = cases::decide(&case, command, &ctx(l.at, l.actor), &rules)
                    .unwrap_or_else(|r| panic!("{}: {l:?} in {:?} of {s:?}", r.en(), case.state));
                case = events.iter().fold(case, cases::apply);
            }
            if let Some((cases::Clock::Silence, at)) = case.due
                && at <= now()
            {
                let events =
                    cases::decide(&case, Command::CloseOnSilence, &ctx(at, Actor::System), &rules).unwrap();
                case = events.iter().fold(case, cases::apply);
            }
            all += 1;
            open += i32::from(case.state.is_open());
        }
        let share = f64::from(open) / f64::from(all);
        assert!((0.22..0.42).contains(&share), "{share}");
    }
}
