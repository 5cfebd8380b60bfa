//! What is reported most: cases that speak of one matter in one place, the largest groups first, with their words.

use crate::{App, AppError, Who};
use domain::access::Action;
use domain::cases::{Case, Channel};
use domain::{CaseNo, PlaceId};
use jiff::Timestamp;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::PoisonError;
use store::cases::list::Filter;
use triage::{Matters, Message, TellingWords};

/// So many of the latest cases are looked at.
const LOOKED_AT: u32 = 5_000;
/// So many groups are shown, and so many words of each.
const SHOWN: usize = 20;
const WORDS: usize = 4;
/// With so many cases kept, the groups are made anew from those looked at: the oldest drop out.
const KEPT_AT_MOST: usize = 4 * LOOKED_AT as usize;

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
            // One at a time: the first takes a core for a second or two, the others place what came since.
            app.kept_groups.lock().unwrap_or_else(PoisonError::into_inner).largest(&cases)
        });
        grouped.await.map_err(|e| AppError::Keys(e.to_string()))
    }
}

/// Where a case was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    /// The neighbourhood of its door; none where only the text says where it is.
    place: Option<PlaceId>,
    /// Its number among those of that place.
    message: u32,
    /// Tells whether its text is still the one that was read.
    text: u64,
}

/// The groups of all cases that anybody looked at, kept from one look to the next. What a person is shown is made of the
/// cases given, as they stand now: the kept groups say no more than which of them belong together.
#[derive(Debug, Default)]
pub(crate) struct KeptGroups {
    matters: Matters,
    spots: HashMap<CaseNo, Spot>,
    words: TellingWords,
}

impl KeptGroups {
    /// Places a case, unless it stands where it was placed and says what it said.
    fn place(&mut self, case: &Case) -> Spot {
        let place = if case.channel == Channel::Import { None } else { case.path.lowest() };
        let mut hasher = DefaultHasher::new();
        case.text.hash(&mut hasher);
        let text = hasher.finish();
        if let Some(spot) = self.spots.get(&case.no).filter(|s| s.place == place && s.text == text) {
            return *spot;
        }
        let message = u32::try_from(self.matters.len()).unwrap_or(u32::MAX);
        let spot = Spot { place, message, text };
        // All places in one: a table of rare words for each would take four megabytes a place.
        let ground = place.map_or(0, |p| u32::try_from(p.0).unwrap_or(u32::MAX));
        self.matters.place_in(ground, &Message::of(&case.text));
        self.words.count(&case.text);
        self.spots.insert(case.no, spot);
        spot
    }

    /// Groups cases, given oldest first; the largest groups first, none of a single case.
    fn largest(&mut self, cases: &[Case]) -> Vec<Matter> {
        if self.spots.len() > KEPT_AT_MOST {
            *self = KeptGroups::default();
        }
        let spots: Vec<Spot> = cases.iter().map(|c| self.place(c)).collect();
        let mut members: HashMap<(Option<PlaceId>, u32), Vec<&Case>> = HashMap::new();
        for (case, spot) in cases.iter().zip(spots) {
            if let Some(group) = self.matters.group_of(spot.message) {
                members.entry((spot.place, group)).or_default().push(case);
            }
        }
        let mut groups: Vec<Vec<&Case>> = members.into_values().filter(|g| g.len() > 1).collect();
        groups.sort_by_key(|g| (std::cmp::Reverse(people(g)), std::cmp::Reverse(g.last().map(|c| c.no))));
        groups.truncate(SHOWN);
        groups.iter().filter_map(|g| matter(g, &self.words)).collect()
    }
}

fn people(group: &[&Case]) -> u32 {
    group.iter().map(|c| c.voices).sum()
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
