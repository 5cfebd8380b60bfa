//! The life of a draft.

use super::{Bounds, Ground, Layout, Refusal, breaches};
use crate::cases::named;
use crate::{Actor, DraftId, PlaceId, StaffId};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More steps than this are not kept apart any more: whoever moves a thousand committees draws anew.
pub const MOST_STEPS: usize = 1_000;
/// And so many notes.
pub const MOST_NOTES: usize = 200;
const LONGEST_NAME: usize = 60;
const LONGEST_NOTE: usize = 500;
const LONGEST_REASON: usize = 200;
/// A plan is adopted for a day within a year.
const LATEST: i64 = 366;

named! {
    /// What somebody may do with a draft that is not theirs.
    Right {
        /// Look at it.
        See "see" "只能看" "may look",
        /// Change it.
        Edit "edit" "可以改" "may change",
    }
}

named! {
    /// Where a draft stands.
    DraftState {
        /// It is worked on.
        Open "open" "起草中" "draft",
        /// It holds from a day on.
        Adopted "adopted" "已定" "adopted",
        /// It was thrown away.
        Dropped "dropped" "已作废" "thrown away",
    }
}

/// A precinct that a draft makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fresh {
    /// Its name in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// The sub-district that leads it.
    pub subdistrict: PlaceId,
}

/// One neighbourhood goes from one precinct to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub place: PlaceId,
    /// From where.
    pub from: PlaceId,
    /// To where.
    pub to: PlaceId,
}

/// A note on a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub text: String,
}

/// Maps by number are kept as lists of pairs: the keys of a JSON object are texts.
mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        s: S,
    ) -> Result<S::Ok, S::Error> {
        s.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(d: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(d)?.into_iter().collect())
    }
}

/// From when a draft holds, and why where it breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// The first day.
    pub from: Date,
    /// Why a precinct may break the rules.
    #[serde(with = "pairs")]
    pub reasons: BTreeMap<PlaceId, String>,
    /// The numbers that its new precincts have got.
    #[serde(with = "pairs")]
    pub named: BTreeMap<PlaceId, PlaceId>,
}

/// A draft as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: DraftId,
    /// What it is called.
    pub name: String,
    /// Who opened it.
    pub owner: StaffId,
    /// The bounds that it is held to.
    pub bounds: Bounds,
    /// Which neighbourhood lies in which precinct.
    pub layout: Layout,
    /// The precincts that it makes.
    pub fresh: BTreeMap<PlaceId, Fresh>,
    /// Precincts of its own or of today that a neighbourhood may be moved to, empty ones too.
    pub precincts: BTreeSet<PlaceId>,
    /// What can be undone, oldest first.
    pub done: Vec<Step>,
    /// What can be done again, oldest first.
    pub undone: Vec<Step>,
    /// What was noted, oldest first.
    pub notes: Vec<Note>,
    /// With whom it is shared.
    pub shared: BTreeMap<StaffId, Right>,
    /// Where it stands.
    pub state: DraftState,
    /// From when it holds.
    pub adopted: Option<Adoption>,
    /// How many events it has.
    pub version: u32,
}

impl Draft {
    /// What somebody may do with it; `None` for nothing at all.
    pub fn right_of(&self, who: StaffId) -> Option<Right> {
        if self.owner == who { Some(Right::Edit) } else { self.shared.get(&who).copied() }
    }

    /// The neighbourhoods whose precinct is another than in `today`: which, from where, to where.
    pub fn moves(&self, today: &Layout) -> Vec<(PlaceId, Option<PlaceId>, PlaceId)> {
        self.layout
            .iter()
            .filter_map(|(id, to)| {
                let from = today.get(id).copied();
                (from != Some(*to)).then_some((*id, from, *to))
            })
            .collect()
    }

    /// The precincts of `today` that have no neighbourhood in it.
    pub fn emptied(&self, today: &Layout) -> BTreeSet<PlaceId> {
        let kept: BTreeSet<PlaceId> = self.layout.values().copied().collect();
        today.values().copied().filter(|p| !kept.contains(p)).collect()
    }
}

/// What somebody wants to do with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Move a neighbourhood.
    Move {
        /// Which.
        place: PlaceId,
        /// To which precinct.
        to: PlaceId,
    },
    /// Take the last move back.
    Undo,
    /// Do the last move again that was taken back.
    Redo,
    /// Give it another name.
    Rename(String),
    /// Note something.
    Note(String),
    /// Share it, or change what somebody may do.
    Share(StaffId, Right),
    /// No longer share it.
    Unshare(StaffId),
    /// Let it hold from a day on.
    Adopt {
        /// The first day.
        from: Date,
        /// Why precincts break the rules, each.
        reasons: BTreeMap<PlaceId, String>,
        /// The numbers that its new precincts get.
        named: BTreeMap<PlaceId, PlaceId>,
        /// Another plan waits for this day.
        waits: Option<Date>,
    },
    /// Withdraw the adoption before its day.
    Withdraw,
    /// Throw it away.
    Drop,
}

/// Something that happened to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DraftEvent {
    /// It was opened.
    Opened {
        /// What it is called.
        name: String,
        /// Who opened it.
        owner: StaffId,
        /// The bounds that it is held to.
        bounds: Bounds,
        /// Which neighbourhood lies in which precinct.
        #[serde(with = "pairs")]
        layout: Layout,
        /// The precincts that it makes.
        #[serde(with = "pairs")]
        fresh: BTreeMap<PlaceId, Fresh>,
        /// Precincts that are there today.
        precincts: BTreeSet<PlaceId>,
    },
    /// A neighbourhood was moved.
    Moved(Step),
    /// The last move was taken back.
    Undone {},
    /// The last move that was taken back was done again.
    Redone {},
    /// It got another name.
    Renamed {
        /// The name.
        name: String,
    },
    /// Something was noted.
    Noted {
        /// What.
        text: String,
    },
    /// It was shared.
    Shared {
        /// With whom.
        with: StaffId,
        /// To do what.
        right: Right,
    },
    /// It is no longer shared.
    Unshared {
        /// With whom.
        with: StaffId,
    },
    /// It holds from a day on.
    Adopted(Adoption),
    /// The adoption was withdrawn.
    Withdrawn {},
    /// It was thrown away.
    Dropped {},
}

/// One event with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// 1 for the first event of the draft.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What.
    pub event: DraftEvent,
}

fn checked(field: &'static str, text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::Empty(field));
    }
    if text.chars().count() > most {
        return Err(Refusal::TooLong(field, most));
    }
    Ok(text.to_owned())
}

/// Opens a draft with a layout.
///
/// # Errors
/// A name that is empty or too long; a layout that leaves a neighbourhood of the ground out, or names one that is not
/// there.
pub fn open(
    name: &str,
    owner: StaffId,
    bounds: Bounds,
    layout: Layout,
    fresh: BTreeMap<PlaceId, Fresh>,
    ground: &Ground,
    precincts: BTreeSet<PlaceId>,
) -> Result<DraftEvent, Refusal> {
    let name = checked("name", name, LONGEST_NAME)?;
    if !layout.keys().eq(ground.spots.keys()) {
        return Err(Refusal::GroundChanged);
    }
    if let Some(p) = layout.values().find(|p| !precincts.contains(p) && !fresh.contains_key(p)) {
        return Err(Refusal::NoPrecinct(*p));
    }
    Ok(DraftEvent::Opened { name, owner, bounds, layout, fresh, precincts })
}

/// What a command leads to, on the ground as it is today.
///
/// # Errors
/// The [`Refusal`]; nothing has changed.
pub fn decide(
    draft: &Draft,
    command: Command,
    by: StaffId,
    ground: &Ground,
    today: Date,
) -> Result<DraftEvent, Refusal> {
    if draft.right_of(by) != Some(Right::Edit) {
        return Err(Refusal::OnlyLook);
    }
    let open = || if draft.state == DraftState::Open { Ok(()) } else { Err(Refusal::Closed) };
    match command {
        Command::Move { place, to } => {
            open()?;
            let from = *draft.layout.get(&place).ok_or(Refusal::NoPlace(place))?;
            if !draft.precincts.contains(&to) && !draft.fresh.contains_key(&to) {
                return Err(Refusal::NoPrecinct(to));
            }
            if from == to {
                return Err(Refusal::SamePrecinct);
            }
            if draft.done.len() >= MOST_STEPS {
                return Err(Refusal::TooMany(MOST_STEPS));
            }
            Ok(DraftEvent::Moved(Step { place, from, to }))
        }
        Command::Undo => {
            open()?;
            draft.done.last().map(|_| DraftEvent::Undone {}).ok_or(Refusal::NothingToUndo)
        }
        Command::Redo => {
            open()?;
            draft.undone.last().map(|_| DraftEvent::Redone {}).ok_or(Refusal::NothingToRedo)
        }
        Command::Rename(name) => {
            open()?;
            Ok(DraftEvent::Renamed { name: checked("name", &name, LONGEST_NAME)? })
        }
        Command::Note(text) => {
            if draft.notes.len() >= MOST_NOTES {
                return Err(Refusal::TooMany(MOST_NOTES));
            }
            Ok(DraftEvent::Noted { text: checked("note", &text, LONGEST_NOTE)? })
        }
        Command::Share(with, right) => {
            owner(draft, by)?;
            if with == draft.owner {
                return Err(Refusal::NobodyToShareWith);
            }
            Ok(DraftEvent::Shared { with, right })
        }
        Command::Unshare(with) => {
            owner(draft, by)?;
            draft
                .shared
                .contains_key(&with)
                .then_some(DraftEvent::Unshared { with })
                .ok_or(Refusal::NobodyToShareWith)
        }
        Command::Adopt { from, reasons, named, waits } => {
            open()?;
            adopt(draft, from, &reasons, named, waits, ground, today)
        }
        Command::Withdraw => match &draft.adopted {
            Some(a) if draft.state == DraftState::Adopted && a.from > today => Ok(DraftEvent::Withdrawn {}),
            _ => Err(Refusal::NotWaiting),
        },
        Command::Drop => {
            open()?;
            Ok(DraftEvent::Dropped {})
        }
    }
}

fn owner(draft: &Draft, by: StaffId) -> Result<(), Refusal> {
    if draft.owner == by { Ok(()) } else { Err(Refusal::NotOwner) }
}

fn adopt(
    draft: &Draft,
    from: Date,
    reasons: &BTreeMap<PlaceId, String>,
    named: BTreeMap<PlaceId, PlaceId>,
    waits: Option<Date>,
    ground: &Ground,
    today: Date,
) -> Result<DraftEvent, Refusal> {
    if !draft.layout.keys().eq(ground.spots.keys()) {
        return Err(Refusal::GroundChanged);
    }
    if draft.moves(&ground.today()).is_empty() {
        return Err(Refusal::NothingMoves);
    }
    if let Some(day) = waits {
        return Err(Refusal::AnotherWaits(day));
    }
    // From tomorrow on: what was taken in today has its precinct already.
    let (first, last) = (today.saturating_add(1.day()), today.saturating_add(LATEST.days()));
    if !(first..=last).contains(&from) {
        return Err(Refusal::Day(first, last));
    }
    let broken = breaches(ground, &draft.bounds, &draft.layout);
    let mut given = BTreeMap::new();
    for (precinct, wrong) in &broken {
        let reason = reasons.get(precinct).map_or("", String::as_str);
        let first = wrong.first().copied();
        match checked("reason", reason, LONGEST_REASON) {
            Ok(reason) => drop(given.insert(*precinct, reason)),
            Err(Refusal::Empty(_)) if first.is_some() => {
                let Some(breach) = first else { continue };
                return Err(Refusal::NoReason(*precinct, breach));
            }
            Err(other) => return Err(other),
        }
    }
    // Only those that somebody lives in come into being.
    let used: BTreeSet<PlaceId> = draft.layout.values().copied().collect();
    let named: BTreeMap<PlaceId, PlaceId> = named.into_iter().filter(|(k, _)| used.contains(k)).collect();
    if let Some(p) = draft.fresh.keys().find(|p| used.contains(p) && !named.contains_key(p)) {
        return Err(Refusal::NoPrecinct(*p));
    }
    Ok(DraftEvent::Adopted(Adoption { from, reasons: given, named }))
}

/// A draft from its events; `None` where the first is not its opening.
pub fn rebuild<'a>(id: DraftId, events: impl IntoIterator<Item = &'a Recorded>) -> Option<Draft> {
    let mut events = events.into_iter();
    let first = events.next()?;
    let DraftEvent::Opened { name, owner, bounds, layout, fresh, precincts } = &first.event else {
        return None;
    };
    let draft = Draft {
        id,
        name: name.clone(),
        owner: *owner,
        bounds: *bounds,
        layout: layout.clone(),
        fresh: fresh.clone(),
        precincts: precincts.clone(),
        done: vec![],
        undone: vec![],
        notes: vec![],
        shared: BTreeMap::new(),
        state: DraftState::Open,
        adopted: None,
        version: first.seq,
    };
    Some(events.fold(draft, apply))
}

/// Folds one event into a draft.
pub fn apply(mut draft: Draft, recorded: &Recorded) -> Draft {
    draft.version = recorded.seq;
    match &recorded.event {
        DraftEvent::Opened { .. } => {}
        DraftEvent::Moved(step) => {
            draft.layout.insert(step.place, step.to);
            draft.done.push(*step);
            draft.undone.clear();
        }
        DraftEvent::Undone {} => {
            if let Some(step) = draft.done.pop() {
                draft.layout.insert(step.place, step.from);
                draft.undone.push(step);
            }
        }
        DraftEvent::Redone {} => {
            if let Some(step) = draft.undone.pop() {
                draft.layout.insert(step.place, step.to);
                draft.done.push(step);
            }
        }
        DraftEvent::Renamed { name } => draft.name.clone_from(name),
        DraftEvent::Noted { text } => {
            draft.notes.push(Note { at: recorded.at, actor: recorded.actor, text: text.clone() });
        }
        DraftEvent::Shared { with, right } => drop(draft.shared.insert(*with, *right)),
        DraftEvent::Unshared { with } => drop(draft.shared.remove(with)),
        DraftEvent::Adopted(adoption) => {
            draft.state = DraftState::Adopted;
            draft.adopted = Some(adoption.clone());
        }
        DraftEvent::Withdrawn {} => {
            draft.state = DraftState::Open;
            draft.adopted = None;
        }
        DraftEvent::Dropped {} => draft.state = DraftState::Dropped,
    }
    draft
}
