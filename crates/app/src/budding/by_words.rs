//! Matters that rise by what is said, whatever subject each report was given: one group of like reports, of which more and
//! more people speak. Groups are those of [`triage::Matters`].

use super::find::{Look, finding, float, whole};
use crate::{App, AppError};
use domain::access::Scope;
use domain::cases::{Channel, local_date};
use domain::{CaseNo, PlaceId};
use scanstat::ScanError;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::cases::day_number;
use store::cases::list::Filter;
use store::warnings::Heard;
use triage::{Matters, Message, TellingWords};
use warnings::{Budget, Finding, Kind, at_least, people_needed};

/// People within so many days are counted together.
const WINDOW: i64 = 14;
/// Fewer people than this are never a warning.
const PEOPLE: u32 = 3;
/// A report counts with another where it is likelier than not that both speak of one matter, though the group that the
/// other belongs to did not take it in.
const LIKELIER_THAN_NOT: f32 = 0.5;
/// A matter's own past counts beside so many days of what is usual.
const TRUST: f64 = 30.0;
/// The part of the false alarms that matters rising by words may make.
const SHARE: f64 = 0.15;
/// So many words say what a matter is about.
const WORDS: usize = 4;
/// They are looked for at the beginning of a text, in so many letters: there stands what it is about.
const BEGINNING: usize = 100;

/// So many of the latest reports are read.
const LATEST: u32 = 5_000;

/// Matters that rise by what is said.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let Some(words) = look.facts.words.filter(|_| look.has_past()) else { return Ok(Vec::new()) };
    Ok(words.rising(look.facts.heard, look.end, Needs::Budget(look.budget)))
}

impl App {
    /// What the latest reports say. Read anew for each look: some seconds an hour, instead of forty megabytes all day.
    pub(super) fn words_of_late(&self) -> Result<ByWords, AppError> {
        let mut words = ByWords::default();
        let scope = Scope { all: true, places: Vec::new(), units: Vec::new() };
        let filter = Filter { limit: LATEST, ..Filter::of(scope) };
        let directory = self.directory();
        let read = self
            .store
            .read(move |tx| Ok::<_, AppError>(tx.list_cases(&filter, &|p: PlaceId| directory.depth(p))?));
        let mut cases = read.wait()?;
        cases.sort_by_key(|c| c.no);
        for case in &cases {
            // What came through a door lies where the door is; of what was brought in from elsewhere the text says where.
            let place = if case.channel == Channel::Import { None } else { case.path.lowest() };
            words.read(case.no, place, None, &Message::of(&case.text));
        }
        Ok(words)
    }
}

/// Reports grouped by what they say, place by place.
#[derive(Debug, Clone, Default)]
pub struct ByWords {
    matters: Matters,
    words: TellingWords,
    of: HashMap<CaseNo, u32>,
    read: Vec<Read>,
}

/// A report that was read; its number is its place in the list.
#[derive(Debug, Clone)]
struct Read {
    place: Option<PlaceId>,
    text: String,
    /// Who wrote it, where that is known.
    person: Option<u64>,
    /// Earlier reports that it is likelier than not of one matter with.
    near: Vec<u32>,
}

/// What makes a matter a warning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Needs {
    /// Three people within fourteen days, whatever chance would do.
    ThreePeople,
    /// As many as chance brings together no oftener than the district bears, and never under three.
    Budget(Budget),
}

/// Somebody who spoke: the report's number on its ground, the day, what was said.
type Spoke<'a> = (u32, i64, &'a Heard);

impl ByWords {
    /// How many reports it has read.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether it has read none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether it has read this report.
    pub fn knows(&self, case: CaseNo) -> bool {
        self.of.contains_key(&case)
    }

    /// Reads a report, later ones later. `place` is where it lies, `None` where only its text says so; `person` is whoever
    /// wrote it, where that is known: somebody who writes twice is one.
    pub fn read(&mut self, case: CaseNo, place: Option<PlaceId>, person: Option<u64>, message: &Message) {
        if self.knows(case) {
            return;
        }
        let ground = place.map(|p| u32::try_from(p.0).unwrap_or(u32::MAX));
        let (_, near) = self.matters.place_and_tell(message, ground);
        let near = near.iter().filter(|c| c.likelihood >= LIKELIER_THAN_NOT).map(|c| c.message).collect();
        let text = message
            .title
            .chars()
            .chain([' '])
            .chain(message.body.chars().take(BEGINNING))
            .collect::<String>();
        self.words.count(&text);
        self.of.insert(case, u32::try_from(self.read.len()).unwrap_or(u32::MAX));
        self.read.push(Read { place, text, person, near });
    }

    fn report(&self, number: u32) -> &Read {
        &self.read[number as usize]
    }

    /// The matters that rise on a day (its number). `heard` holds what was said until then, one a voice; what was not read is
    /// left out.
    pub fn rising(&self, heard: &[Heard], end: i64, needs: Needs) -> Vec<Finding> {
        let mut spoken: BTreeMap<Option<PlaceId>, Vec<Spoke<'_>>> = BTreeMap::new();
        let (mut begin, mut reports) = (end, 0);
        for h in heard {
            let day = day_number(local_date(h.at));
            if let Some(number) = self.of.get(&h.case).filter(|_| day <= end) {
                spoken.entry(self.report(*number).place).or_default().push((*number, day, h));
                begin = begin.min(day);
                reports += 1;
            }
        }
        let days = end - begin + 1;
        let reports_a_day = float(reports) / whole(days);
        // Each report of a day may be the one with which a matter begins.
        let threshold = match needs {
            Needs::ThreePeople => None,
            Needs::Budget(budget) => Some(budget.p(1, reports_a_day.max(1.0), SHARE)),
        };
        let alike = self.alike_by_chance(&spoken, end);
        let usual = Usual { days, alike, threshold, reports_a_day };
        spoken.values().flat_map(|of| self.rising_at(of, end, usual)).collect()
    }

    /// How likely two reports of one place that lie apart in time are held to be of one matter.
    fn alike_by_chance(&self, spoken: &BTreeMap<Option<PlaceId>, Vec<Spoke<'_>>>, end: i64) -> f64 {
        let (mut pairs, mut alike) = (0, 0);
        for of in spoken.values() {
            let (recent, past): (Vec<&Spoke<'_>>, Vec<&Spoke<'_>>) =
                of.iter().partition(|s| is_recent(s, end));
            let mut groups: HashMap<Option<u32>, usize> = HashMap::new();
            past.iter().for_each(|s| *groups.entry(self.matters.group_of(s.0)).or_default() += 1);
            pairs += recent.len() * past.len();
            alike += recent.iter().filter_map(|s| groups.get(&self.matters.group_of(s.0))).sum::<usize>();
        }
        // A half, as where nothing is known yet.
        (float(alike) + 0.5) / (float(pairs) + 1.0)
    }
}

/// What is usual in the district.
#[derive(Clone, Copy)]
struct Usual {
    /// So many days are known.
    days: i64,
    /// How likely two reports of a place are alike by chance.
    alike: f64,
    /// Chance may do oftener than this only what fewer people do; `None` where three people are enough.
    threshold: Option<f64>,
    /// Reports of all places a day.
    reports_a_day: f64,
}

fn is_recent(spoke: &Spoke<'_>, end: i64) -> bool {
    spoke.1 > end - WINDOW
}

impl ByWords {
    fn rising_at(&self, spoken: &[Spoke<'_>], end: i64, usual: Usual) -> Vec<Finding> {
        let mut groups: BTreeMap<u32, Vec<Spoke<'_>>> = BTreeMap::new();
        for s in spoken {
            if let Some(group) = self.matters.group_of(s.0) {
                groups.entry(group).or_default().push(*s);
            }
        }
        let of_chance = float(spoken.len()) / whole(usual.days) * usual.alike;
        let mut out = Vec::new();
        let mut told: BTreeSet<CaseNo> = BTreeSet::new();
        // Groups that are large enough by themselves first: what is near them is not told beside them.
        for alone in [true, false] {
            for members in groups.values() {
                let mut own: Vec<Spoke<'_>> = members.iter().filter(|s| is_recent(s, end)).copied().collect();
                let before = float(members.len() - own.len());
                let Some(latest) = own.iter().map(|s| s.0).max() else { continue };
                if !alone && self.report(latest).near.is_empty() {
                    continue;
                }
                if !alone {
                    let near = &self.report(latest).near;
                    let others = spoken.iter().filter(|s| is_recent(s, end) && near.contains(&s.0));
                    own.extend(others.filter(|s| members.iter().all(|m| m.0 != s.0)));
                }
                let past = whole((usual.days - WINDOW).max(0));
                let expected = whole(WINDOW) * (before + TRUST * of_chance) / (past + TRUST);
                let needed = usual.threshold.map_or(PEOPLE, |p| people_needed(PEOPLE, expected, p));
                let people = self.people(&own);
                if people >= needed && own.iter().all(|s| !told.contains(&s.2.case)) {
                    told.extend(own.iter().map(|s| s.2.case));
                    out.extend(self.finding(&own, (people, expected), usual));
                }
            }
        }
        out
    }

    /// How many different people; of those who are not known each voice is one.
    fn people(&self, own: &[Spoke<'_>]) -> u32 {
        let known: BTreeSet<u64> = own.iter().filter_map(|s| self.report(s.0).person).collect();
        let unknown = own.iter().filter(|s| self.report(s.0).person.is_none()).count();
        u32::try_from(known.len() + unknown).unwrap_or(u32::MAX)
    }

    fn finding(&self, own: &[Spoke<'_>], (people, expected): (u32, f64), usual: Usual) -> Option<Finding> {
        let since = own.iter().map(|s| s.1).min()?;
        let heard: Vec<&Heard> = own.iter().map(|s| s.2).collect();
        let p = at_least(people.saturating_sub(1), expected).max(f64::MIN_POSITIVE);
        let once = 1.0 / (p * usual.reports_a_day.max(1.0));
        let texts: Vec<&str> = own.iter().map(|s| self.report(s.0).text.as_str()).collect();
        let words = self.words.tell(&texts, WORDS);
        let found = finding(Kind::Rising, "", &heard, since, (f64::from(people), expected), once)?;
        Some(Finding { about: words.join("、"), ..found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::territory::Path;
    use jiff::Timestamp;

    const TODAY: i64 = 20_600;

    fn heard(case: i64, day: i64) -> Heard {
        Heard {
            case: CaseNo(case),
            at: Timestamp::from_second(day * 86_400 + 3_600).unwrap(),
            subject: "other".to_owned(),
            path: Path::of(&[PlaceId(1), PlaceId(101), PlaceId(1001)]),
            doorway: None,
        }
    }

    const PUMP: [&str; 4] = [
        "柳影新城小区旁边的搅拌站夜里施工噪声大，灰尘也大",
        "柳影新城附近的搅拌站粉尘污染，睡不着觉",
        "投诉柳影新城旁的搅拌站，彻夜噪音，满天灰尘",
        "柳影新城搅拌站什么时候搬走，灰尘太大，夜里吵",
    ];

    /// The lamps belong to another neighbourhood.
    fn stage(said: &[(&str, i64, Option<u64>)]) -> (ByWords, Vec<Heard>) {
        let (mut words, mut all) = (ByWords::default(), Vec::new());
        for (case, (text, day, person)) in (1..).zip(said) {
            let place = text.contains('灯').then_some(PlaceId(1001));
            words.read(CaseNo(case), place, *person, &Message::of(text));
            all.push(heard(case, *day));
        }
        (words, all)
    }

    #[test]
    fn three_people_who_say_one_thing_in_other_words_are_a_matter_and_one_who_says_it_thrice_is_not() {
        let of = |persons: [u64; 3]| {
            let said: Vec<_> =
                (0..3).map(|i| (PUMP[i], TODAY - 8 + 4 * i as i64, Some(persons[i]))).collect();
            let (words, all) = stage(&said);
            words.rising(&all, TODAY, Needs::ThreePeople)
        };
        assert_eq!(of([7, 7, 8]), []);
        let found = of([7, 8, 9]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].cases, [CaseNo(1), CaseNo(2), CaseNo(3)]);
        assert!(found[0].about.contains("灰尘"), "{}", found[0].about);
    }

    #[test]
    fn what_was_said_a_fortnight_ago_or_will_be_said_tomorrow_does_not_count() {
        let said = [
            (PUMP[0], TODAY - 14, None),
            (PUMP[1], TODAY, None),
            (PUMP[2], TODAY, None),
            (PUMP[3], TODAY + 1, None),
        ];
        let (words, all) = stage(&said);
        assert_eq!(words.rising(&all, TODAY, Needs::ThreePeople), []);
        assert_eq!(words.rising(&all, TODAY - 1, Needs::ThreePeople), []);
        // The day after, the fourth is in.
        assert_eq!(words.rising(&all, TODAY + 1, Needs::ThreePeople)[0].observed, 3.0);
    }

    #[test]
    fn what_is_always_said_there_must_be_said_by_many() {
        // The same lamp fails every third day for a hundred days: four of it within a fortnight is what is usual.
        let lamp = "楼道的灯又不亮了，请修一修";
        let mut said: Vec<(&str, i64, Option<u64>)> =
            (0..33).map(|i| (lamp, TODAY - 99 + 3 * i, None)).collect();
        let budget = Needs::Budget(Budget { alarms_a_month: 1.0 });
        let (words, all) = stage(&said);
        assert_eq!(words.rising(&all, TODAY, budget), []);
        assert_eq!(words.rising(&all, TODAY, Needs::ThreePeople).len(), 1);
        said.extend(PUMP.iter().map(|text| (*text, TODAY, None)));
        let (words, all) = stage(&said);
        let found = words.rising(&all, TODAY, budget);
        assert_eq!(found.iter().map(|f| f.cases.len()).collect::<Vec<_>>(), [4]);
        assert!(found[0].once_in_days > 30.0, "{found:?}");
    }
}
