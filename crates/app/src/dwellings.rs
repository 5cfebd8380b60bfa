//! Dwellings behind a doorway: the page that lists them, and what changes them. Nothing is deleted.

use crate::error::Invalid;
use crate::roster::{Sound, TableRow};
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::cases::local_date;
use domain::{DoorwayId, DwellingId, PlaceId, dwellings};
use jiff::civil::Date;
use std::collections::{HashMap, HashSet};
use store::dwellings::Dwellings;
use store::events::Subject;
use store::territory::DoorwayRow;
use store::{StoreError, Tx};

/// A doorway and what lies behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorwayPage {
    /// The doorway.
    pub doorway: DoorwayRow,
    /// Its dwellings, closed ones too.
    pub dwellings: Dwellings,
    /// Whether this person may see and print its codes.
    pub may_codes: bool,
}

/// What is done with a dwelling, from today on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DwellingChange {
    /// One that nobody had listed.
    Add(String),
    /// It is called something else.
    Rename(DwellingId, String),
    /// It is no more.
    Close(DwellingId),
    /// It is there after all, under its last number.
    Reopen(DwellingId),
}

fn taken(e: AppError) -> AppError {
    match e {
        AppError::Store(StoreError::Duplicate(_)) => {
            Invalid::field("number", "这个门栋里已经有这个室号。", "This doorway has that number already.")
        }
        other => other,
    }
}

fn written(typed: &str) -> Result<String, AppError> {
    dwellings::number(typed).ok_or_else(|| {
        Invalid::field(
            "number",
            format!("请写是几室，比如“301”，最多{}个字。", dwellings::LONGEST),
            format!("Write which flat, such as 301, in at most {} characters.", dwellings::LONGEST),
        )
    })
}

impl App {
    /// A doorway with its dwellings, for staff who keep them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is none, or the person's roles do not reach it.
    pub async fn doorway_page(&self, who: &Who, id: DoorwayId) -> Result<DoorwayPage, AppError> {
        let (doorway, dwellings) = self.dwellings_of(id).await?.ok_or(AppError::NotFound)?;
        let target = Target { path: self.directory().path(doorway.place), unit: None };
        if !may(&who.grants, Action::KeepDwellings, &target) {
            return Err(AppError::NotFound);
        }
        let may_codes = may(&who.grants, Action::ManageCodes, &target);
        Ok(DoorwayPage { doorway, dwellings, may_codes })
    }

    /// A doorway with its dwellings, to choose one from; `None` where there is no such doorway.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn dwellings_of(&self, id: DoorwayId) -> Result<Option<(DoorwayRow, Dwellings)>, AppError> {
        self.store
            .read(move |tx| {
                let Some(door) = tx.doorway(id)? else { return Ok(None) };
                let dwellings = tx.dwellings(&door)?;
                Ok(Some((door, dwellings)))
            })
            .await
    }

    /// A page of the doorways of a neighbourhood after one, by address, and whether there are more. Who may see them
    /// is asked before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn doorways_in(
        &self,
        place: PlaceId,
        after: Option<DoorwayId>,
        limit: u32,
    ) -> Result<(Vec<DoorwayRow>, bool), AppError> {
        self.store
            .read(move |tx| {
                let after = after.map(|id| tx.doorway(id)).transpose()?.flatten();
                let mut doors = tx.doorways_of(place, after.as_ref(), limit.saturating_add(1))?;
                let more = doors.len() > limit as usize;
                doors.truncate(limit as usize);
                Ok((doors, more))
            })
            .await
    }

    /// The doorways of a neighbourhood with their dwellings, at most `limit`. Who may see them is asked before.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn dwellings_in(
        &self,
        place: PlaceId,
        limit: u32,
    ) -> Result<Vec<(DoorwayRow, Dwellings)>, AppError> {
        self.store
            .read(move |tx| {
                let doors = tx.doorways_of(place, None, limit)?;
                Ok(tx.dwellings_in(place, doors)?)
            })
            .await
    }

    /// Changes one dwelling from today on; the doorway's dwellings are listed from then on. Says which it was.
    ///
    /// # Errors
    /// Without the right, with a number that is none or that another open dwelling of the doorway has, or where
    /// there is no such dwelling.
    pub async fn change_dwelling(
        &self,
        who: &Who,
        doorway: DoorwayId,
        change: DwellingChange,
    ) -> Result<DwellingId, AppError> {
        let door = self.doorway_page(who, doorway).await?.doorway;
        let (event, id, number) = match change {
            DwellingChange::Add(typed) => ("dwelling_added", None, Some(written(&typed)?)),
            DwellingChange::Rename(id, typed) => ("dwelling_renamed", Some(id), Some(written(&typed)?)),
            DwellingChange::Close(id) => ("dwelling_closed", Some(id), None),
            DwellingChange::Reopen(id) => ("dwelling_reopened", Some(id), None),
        };
        let ctx = self.context(who.actor(None));
        let day = local_date(ctx.now);
        self.store
            .write(move |tx| {
                let id = match (id, &number) {
                    (None, number) => tx.add_dwelling(&door, number.as_deref().unwrap_or_default(), day)?,
                    (Some(id), number) => {
                        let list = tx.dwellings(&door)?;
                        let row = list.rows.iter().find(|d| d.id == id).ok_or(AppError::NotFound)?;
                        let next = match event {
                            "dwelling_reopened" if row.closed => Some(row.number.as_str()),
                            "dwelling_reopened" => return Ok(id),
                            "dwelling_renamed" if row.closed => return Err(AppError::NotFound),
                            _ => number.as_deref(),
                        };
                        if !tx.call_dwelling(&door, id, next, day)? {
                            return Ok(id);
                        }
                        id
                    }
                };
                let body = serde_json::json!({ "event": event, "dwelling": id, "number": number });
                tx.append_next(Subject::Dwellings(door.id.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(id)
            })
            .await
            .map_err(taken)
    }
}

/// What a roster of dwellings is held against.
pub(crate) struct DwellingsKnown {
    doors: HashMap<String, DoorwayRow>,
    listed: HashSet<(DoorwayId, String)>,
}

/// Rows read at once.
const AT_ONCE: u32 = 5_000;

impl App {
    pub(crate) fn dwellings_known(&self) -> Result<DwellingsKnown, AppError> {
        let doors = self.all_doorways()?.into_iter().map(|d| (d.board.clone(), d)).collect();
        let listed = self.all_dwellings()?.into_iter().map(|(door, _, number)| (door, number)).collect();
        Ok(DwellingsKnown { doors, listed })
    }

    /// Every dwelling that is listed and open: its doorway, its id, its number. Blocks.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all_dwellings(&self) -> Result<Vec<(DoorwayId, DwellingId, String)>, AppError> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let some = self.store.read(move |tx| tx.walk_dwellings(after, AT_ONCE)).wait()?;
            let Some(last) = some.last() else { return Ok(all) };
            after = Some(last.1);
            all.extend(some);
        }
    }
}

impl DwellingsKnown {
    /// A row of a roster: `false` for one that is listed already.
    pub(crate) fn row(
        &self,
        row: &TableRow,
        sound: &mut Sound,
        seen: &mut HashSet<String>,
    ) -> Result<bool, String> {
        let (board, typed) = (row.needed("board")?, row.needed("number")?);
        let door = self.doors.get(&board).ok_or_else(|| format!("board: there is no board {board:?}"))?;
        let number = dwellings::number(&typed).ok_or_else(|| {
            format!("number: {typed:?} is no number of at most {} characters", dwellings::LONGEST)
        })?;
        if self.listed.contains(&(door.id, number.clone())) {
            return Ok(false);
        }
        if !seen.insert(format!("{}/{number}", door.id)) {
            return Err(format!("number: {typed:?} of board {board:?} stands in an earlier row too"));
        }
        sound.dwellings.push((door.clone(), number));
        Ok(true)
    }
}

/// Lists the dwellings of a roster, from a day on.
pub(crate) fn keep_listed(tx: &mut Tx<'_>, rows: &[(DoorwayRow, String)], day: Date) -> Result<(), AppError> {
    let mut known: HashMap<DoorwayId, Dwellings> = HashMap::new();
    for (door, number) in rows {
        let list = match known.entry(door.id) {
            std::collections::hash_map::Entry::Occupied(e) => e.into_mut(),
            std::collections::hash_map::Entry::Vacant(e) => e.insert(tx.dwellings(door)?),
        };
        tx.roster_dwelling(door, list, number, day)?;
    }
    Ok(())
}
