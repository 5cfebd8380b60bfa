//! Dwellings behind a doorway: listed once somebody has something to say about them, supposed until then.

use crate::cases::{date_of, day_number};
use crate::territory::DoorwayRow;
use crate::{StoreError, Tx, args};
use domain::{DoorwayId, DwellingId, PlaceId, dwellings};
use jiff::civil::Date;
use std::collections::HashMap;

crate::statements! {
    /// Everything that a doorway's dwellings were ever called.
    OF_DOORWAY = "SELECT doorway, ordinal, version, number, valid_from, valid_to FROM dwelling WHERE doorway = ?1 \
        ORDER BY ordinal, version";
    /// The same of all doorways of a neighbourhood.
    OF_PLACE = "SELECT doorway, ordinal, version, number, valid_from, valid_to FROM dwelling \
        WHERE doorway IN (SELECT id FROM doorway WHERE place = ?1) ORDER BY doorway, ordinal, version";
    /// The next listed dwellings after one, as they are now.
    WALK = "SELECT doorway, ordinal, version, number, valid_from, valid_to FROM dwelling \
        WHERE (doorway, ordinal) > (?1, ?2) AND valid_to IS NULL ORDER BY doorway, ordinal LIMIT ?3";
    /// A number that was supposed is listed, as old as its doorway.
    LIST = "INSERT INTO dwelling (doorway, ordinal, version, number, valid_from) \
        SELECT id, ?2, 1, ?3, valid_from FROM doorway WHERE id = ?1";
    /// A number from a day on.
    INSERT = "INSERT INTO dwelling (doorway, ordinal, version, number, valid_from) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// Until when it was called so.
    END = "UPDATE dwelling SET valid_to = ?1 WHERE doorway = ?2 AND ordinal = ?3 AND valid_to IS NULL";
    /// How many are listed and open.
    COUNT = "SELECT COUNT(*) FROM dwelling WHERE valid_to IS NULL";
}

/// What a dwelling was called for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number, as [`dwellings::number`] writes it.
    pub number: String,
    /// The first day on which it was called so.
    pub from: Date,
    /// The first day on which it no longer was.
    pub until: Option<Date>,
}

/// A dwelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DwellingRow {
    /// Its id, which stays.
    pub id: DwellingId,
    /// What it was called, oldest first; nothing for one that is only supposed.
    pub versions: Vec<Version>,
    /// What it is called now, or was last.
    pub number: String,
    /// Whether it was closed: pulled down, or made one with its neighbour.
    pub closed: bool,
}

/// The dwellings of a doorway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dwellings {
    /// Whether somebody listed them; else they are supposed from floors and flats.
    pub listed: bool,
    /// All of them, closed ones too, by ordinal.
    pub rows: Vec<DwellingRow>,
}

impl Dwellings {
    /// Those that are there now.
    pub fn open(&self) -> impl Iterator<Item = &DwellingRow> {
        self.rows.iter().filter(|d| !d.closed)
    }

    /// The one of a number that is there now. The number as [`dwellings::number`] writes it.
    pub fn by_number(&self, number: &str) -> Option<&DwellingRow> {
        self.open().find(|d| d.number == number)
    }

    /// What a dwelling was called on a day; `None` if it was not there.
    pub fn called_on(&self, id: DwellingId, day: Date) -> Option<&str> {
        let row = self.rows.iter().find(|d| d.id == id)?;
        if !self.listed {
            return Some(&row.number);
        }
        let then = row.versions.iter().find(|v| v.from <= day && v.until.is_none_or(|u| day < u))?;
        Some(&then.number)
    }

    /// The id of the next new one: no other ever had it, not even one that was only supposed.
    fn next(&self, door: &DoorwayRow) -> Result<DwellingId, StoreError> {
        let last = self.rows.last().map_or(0, |d| d.id.ordinal());
        let supposed = dwellings::supposed(door.floors, door.flats).len();
        let ordinal = last.max(u32::try_from(supposed).unwrap_or(u32::MAX)).saturating_add(1);
        DwellingId::of(door.id, ordinal).ok_or_else(no_room)
    }
}

/// The dwellings that a doorway must have, judging by its floors and flats.
fn supposed(door: &DoorwayRow) -> Dwellings {
    let numbers = dwellings::supposed(door.floors, door.flats);
    let rows = (1..).zip(numbers).filter_map(|(n, number)| {
        Some(DwellingRow { id: DwellingId::of(door.id, n)?, versions: vec![], number, closed: false })
    });
    Dwellings { listed: false, rows: rows.collect() }
}

/// What was read, one row a dwelling; what is supposed where nothing was.
fn folded(door: &DoorwayRow, found: Vec<(DwellingId, Version)>) -> Dwellings {
    if found.is_empty() {
        return supposed(door);
    }
    let mut rows: Vec<DwellingRow> = Vec::new();
    for (id, version) in found {
        let (number, closed) = (version.number.clone(), version.until.is_some());
        match rows.last_mut().filter(|d| d.id == id) {
            Some(row) => {
                row.versions.push(version);
                (row.number, row.closed) = (number, closed);
            }
            None => rows.push(DwellingRow { id, versions: vec![version], number, closed }),
        }
    }
    Dwellings { listed: true, rows }
}

fn no_room() -> StoreError {
    StoreError::Engine(format!("a doorway has room for {} dwellings", dwellings::MOST))
}

impl Tx<'_> {
    /// The dwellings of a doorway: as listed, or as supposed.
    pub fn dwellings(&mut self, door: &DoorwayRow) -> Result<Dwellings, StoreError> {
        let found = self.all(OF_DOORWAY, args![door.id], read)?;
        Ok(folded(door, found))
    }

    /// The dwellings of all `doors`, which lie in one neighbourhood.
    pub fn dwellings_in(
        &mut self,
        place: PlaceId,
        doors: Vec<DoorwayRow>,
    ) -> Result<Vec<(DoorwayRow, Dwellings)>, StoreError> {
        let mut listed: HashMap<DoorwayId, Vec<(DwellingId, Version)>> = HashMap::new();
        for (id, version) in self.all(OF_PLACE, args![place], read)? {
            listed.entry(id.doorway()).or_default().push((id, version));
        }
        Ok(doors
            .into_iter()
            .map(|door| {
                let dwellings = folded(&door, listed.remove(&door.id).unwrap_or_default());
                (door, dwellings)
            })
            .collect())
    }

    /// Lists what was supposed, so that one of them can be changed. Returns the list.
    pub fn list_dwellings(&mut self, door: &DoorwayRow) -> Result<Dwellings, StoreError> {
        let now = self.dwellings(door)?;
        if now.listed {
            return Ok(now);
        }
        for d in &now.rows {
            self.run(LIST, args![door.id, d.id.ordinal(), &d.number])?;
        }
        self.dwellings(door)
    }

    /// Lists a number of a doorway for the first time, as a roster does: it keeps the id under which it was
    /// supposed. `known` is what [`Tx::dwellings`] said, and is kept up to date here.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where an open dwelling has that number.
    pub fn roster_dwelling(
        &mut self,
        door: &DoorwayRow,
        known: &mut Dwellings,
        number: &str,
        from: Date,
    ) -> Result<DwellingId, StoreError> {
        let was = known.rows.iter().find(|d| d.versions.is_empty() && d.number == number).map(|d| d.id);
        let id = match was {
            Some(id) => id,
            None => known.next(door)?,
        };
        self.run(INSERT, args![door.id, id.ordinal(), 1_i64, number, day_number(from)])?;
        let version = Version { number: number.to_owned(), from, until: None };
        match known.rows.iter_mut().find(|d| d.id == id) {
            Some(row) => row.versions.push(version),
            None => known.rows.push(DwellingRow {
                id,
                versions: vec![version],
                number: number.to_owned(),
                closed: false,
            }),
        }
        Ok(id)
    }

    /// Adds a dwelling from a day on.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where an open dwelling has that number.
    pub fn add_dwelling(
        &mut self,
        door: &DoorwayRow,
        number: &str,
        from: Date,
    ) -> Result<DwellingId, StoreError> {
        let id = self.list_dwellings(door)?.next(door)?;
        self.run(INSERT, args![door.id, id.ordinal(), 1_i64, number, day_number(from)])?;
        Ok(id)
    }

    /// Ends what a dwelling is called, and calls it `next` from that day on; `None` closes it. One that was closed is
    /// opened again by calling it something. `false` if there is nothing to do.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where another open dwelling has that number.
    pub fn call_dwelling(
        &mut self,
        door: &DoorwayRow,
        id: DwellingId,
        next: Option<&str>,
        from: Date,
    ) -> Result<bool, StoreError> {
        let known = self.list_dwellings(door)?;
        let Some(row) = known.rows.iter().find(|d| d.id == id) else { return Ok(false) };
        if (row.closed && next.is_none()) || (!row.closed && next == Some(&row.number)) {
            return Ok(false);
        }
        let day = day_number(from);
        self.run(END, args![day, door.id, id.ordinal()])?;
        if let Some(number) = next {
            let version = i64::try_from(row.versions.len()).unwrap_or(i64::MAX) + 1;
            self.run(INSERT, args![door.id, id.ordinal(), version, number, day])?;
        }
        Ok(true)
    }

    /// The next listed dwellings after one of a doorway, as they are now, to walk them all.
    pub fn walk_dwellings(
        &mut self,
        after: Option<DwellingId>,
        limit: u32,
    ) -> Result<Vec<(DoorwayId, DwellingId, String)>, StoreError> {
        let (door, ordinal) = after.map_or((-1, 0), |id| (id.doorway().0, id.ordinal()));
        let found = self.all(WALK, args![door, ordinal, limit], read)?;
        Ok(found.into_iter().map(|(id, v)| (id.doorway(), id, v.number)).collect())
    }

    /// How many dwellings are listed and open.
    pub fn count_dwellings(&mut self) -> Result<u32, StoreError> {
        Ok(self.one(COUNT, args![], |r| r.count(0))?.unwrap_or(0))
    }
}

fn read(r: &crate::Row<'_>) -> Result<(DwellingId, Version), StoreError> {
    let id = DwellingId::of(DoorwayId(r.int(0)?), r.count(1)?)
        .ok_or_else(|| StoreError::Unreadable("a dwelling's ordinal".into()))?;
    let until = r.opt_int(5)?.map(date_of).transpose()?;
    Ok((id, Version { number: r.text(3)?, from: date_of(r.int(4)?)?, until }))
}
