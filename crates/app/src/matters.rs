//! What is reported most: cases that speak of one matter in one place, the largest groups first, with their words.

use crate::{App, AppError, Who};
use domain::access::{Action, Scope};
use domain::cases::{Case, Channel};
use domain::{CaseNo, PlaceId};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, TryLockError};
use store::cases::list::Filter;
use triage::{Ground, Matters, Message, TellingWords};

/// So many of the latest cases that somebody sees are looked at.
const LOOKED_AT: u32 = 5_000;
/// So many are kept in groups between two looks; when there are more, they are grouped anew. A short report takes some
/// five kilobytes.
const KEPT: usize = 20_000;
/// Of so many it is counted how rare words are.
const COUNTED: usize = 3_000;
/// So many new ones are placed at once as they come in; whoever looks has the others placed.
const AS_THEY_COME: u32 = 200;
/// So many groups are shown, and so many words of each.
const SHOWN: usize = 20;
const WORDS: usize = 4;

/// Cases that speak of one matter in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// Its cases, oldest first.
    pub cases: Vec<CaseNo>,
    /// How many people spoke.
    pub people: u32,
    /// How many of its cases are open.
    pub open: usize,
    /// Those of its cases that could be opened as one problem.
    pub joinable: Vec<CaseNo>,
    /// The neighbourhood, where all lie in one.
    pub place: Option<PlaceId>,
    /// The subject of most of them.
    pub subject: String,
    /// When the first and the last came in.
    pub since: Timestamp,
    /// … and the last.
    pub until: Timestamp,
    /// The words that tell it from others, the most telling first.
    pub words: Vec<String>,
    /// What the latest of them says.
    pub text: String,
}

impl App {
    /// The largest groups of cases about one matter in one place, among the latest cases that this person sees. What came
    /// through a door lies where the door is; of what was brought in from elsewhere the text says where.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for those who look after no precinct; when the store cannot be read.
    pub async fn largest_matters(&self, who: &Who) -> Result<Vec<Matter>, AppError> {
        if !self.sees_budding(who) {
            return Err(AppError::NotAllowed);
        }
        let scope = self.may_see(who, Action::SeeCase)?;
        let (app, directory) = (self.clone(), self.directory());
        let filter = Filter { limit: LOOKED_AT, ..Filter::of(scope) };
        let mut cases = self
            .store
            .read(move |tx| Ok::<_, AppError>(tx.list_cases(&filter, &|p: PlaceId| directory.depth(p))?))
            .await?;
        cases.sort_by_key(|c| c.no);
        let grouped = tokio::task::spawn_blocking(move || {
            let mut kept = app.groups.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get_or_insert_default().place(&cases);
            kept.as_ref().map_or_else(Vec::new, |kept| kept.largest(&cases))
        });
        grouped.await.map_err(|e| AppError::Keys(e.to_string()))
    }

    /// Places what came in since, once somebody has looked; whoever looks next waits less. Where somebody looks just now,
    /// they place it themselves.
    pub(crate) fn group_new(&self) -> Result<(), AppError> {
        let mut kept = match self.groups.try_lock() {
            Ok(kept) => kept,
            Err(TryLockError::Poisoned(kept)) => kept.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(()),
        };
        let Some(kept) = kept.as_mut() else { return Ok(()) };
        let newest = |limit| {
            let filter = Filter { limit, ..Filter::of(Scope { all: true, ..Scope::default() }) };
            self.store.read(move |tx| Ok::<_, AppError>(tx.list_cases(&filter, &|_| 0)?)).wait()
        };
        if newest(1)?.iter().any(|c| !kept.number_of.contains_key(&c.no)) {
            let mut cases = newest(AS_THEY_COME)?;
            cases.sort_by_key(|c| c.no);
            kept.place(&cases);
        }
        Ok(())
    }

    /// Which of some cases lie in one group with one of others, as far as they have been grouped.
    pub(crate) fn grouped_with(&self, these: &[Case], others: &[Case]) -> HashSet<CaseNo> {
        let Ok(kept) = self.groups.try_lock() else { return HashSet::new() };
        let Some(kept) = kept.as_ref() else { return HashSet::new() };
        let groups: HashSet<u32> = these.iter().filter_map(|c| kept.group_of(c.no)).collect();
        let with = |c: &&Case| kept.group_of(c.no).is_some_and(|g| groups.contains(&g));
        others.iter().filter(with).map(|c| c.no).collect()
    }
}

/// The groups of cases, kept between looks. They are of all cases that anybody has looked at; whoever looks is shown
/// only what they may see of them, as it stands then.
#[derive(Default)]
pub(crate) struct Kept {
    matters: Matters,
    words: TellingWords,
    number_of: HashMap<CaseNo, u32>,
}

/// Where a case speaks of: its neighbourhood; of a lift its doorway, for each house has its own. What was brought in from
/// elsewhere says so in its text.
fn ground(case: &Case) -> Ground {
    if case.channel == Channel::Import {
        return None;
    }
    let number = match case.doorway.filter(|_| case.subject == LIFTS) {
        Some(door) => 2 * door.0 + 1,
        None => 2 * case.path.lowest()?.0,
    };
    // Two that differ by all of a number's range would share a ground: there are no such numbers.
    u32::try_from(number & i64::from(u32::MAX)).ok()
}

/// The subject whose matters never reach beyond one house.
const LIFTS: &str = "elevators";

impl Kept {
    /// Places those that have not been placed; given oldest first.
    fn place(&mut self, cases: &[Case]) {
        if self.number_of.len() > KEPT {
            *self = Kept::default();
        }
        for case in cases {
            if self.number_of.contains_key(&case.no) {
                continue;
            }
            self.number_of.insert(case.no, u32::try_from(self.matters.len()).unwrap_or(u32::MAX));
            self.matters.place_from(&Message::of(&case.text), ground(case));
            if self.number_of.len() <= COUNTED {
                self.words.count(&case.text);
            }
        }
    }

    fn group_of(&self, no: CaseNo) -> Option<u32> {
        self.matters.group_of(*self.number_of.get(&no)?)
    }

    /// The largest groups of some cases, given oldest first; none of a single case. What a person merged lies where they
    /// put it.
    fn largest(&self, cases: &[Case]) -> Vec<Matter> {
        let mut members: HashMap<u32, Vec<&Case>> = HashMap::new();
        for case in cases {
            let merged = case.merged_into.and_then(|into| self.group_of(into));
            if let Some(group) = merged.or_else(|| self.group_of(case.no)) {
                members.entry(group).or_default().push(case);
            }
        }
        let mut groups: Vec<(u32, Vec<&Case>)> =
            members.into_values().filter(|g| g.len() > 1).map(|g| (people(&g), g)).collect();
        groups.sort_by_key(|(people, g)| std::cmp::Reverse((*people, g.last().map(|c| c.no))));
        groups.truncate(SHOWN);
        groups.iter().filter_map(|(_, g)| matter(g, &self.words)).collect()
    }
}

/// How many spoke. The voices of a case that was merged into one of these count there.
fn people(group: &[&Case]) -> u32 {
    let numbers: HashSet<CaseNo> = group.iter().map(|c| c.no).collect();
    let counts_here = |c: &&&Case| c.merged_into.is_none_or(|into| !numbers.contains(&into));
    group.iter().filter(counts_here).map(|c| c.voices).sum()
}

fn matter(group: &[&Case], all: &TellingWords) -> Option<Matter> {
    let latest = group.last()?;
    let mut subjects: HashMap<&str, usize> = HashMap::new();
    group.iter().for_each(|c| *subjects.entry(&c.subject).or_default() += 1);
    let texts: Vec<&str> = group.iter().map(|c| c.text.as_str()).collect();
    let place = latest.path.lowest();
    Some(Matter {
        cases: group.iter().map(|c| c.no).collect(),
        people: people(group),
        open: group.iter().filter(|c| c.state.is_open()).count(),
        joinable: group.iter().filter(|c| c.may_join()).map(|c| c.no).collect(),
        place: place.filter(|_| group.iter().all(|c| c.path.lowest() == place)),
        subject: subjects.into_iter().max_by_key(|(s, n)| (*n, *s)).map(|(s, _)| s.to_owned())?,
        since: group.iter().map(|c| c.reported_at).min()?,
        until: group.iter().map(|c| c.reported_at).max()?,
        words: all.tell(&texts, WORDS),
        text: latest.text.clone(),
    })
}
