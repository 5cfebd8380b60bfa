//! Places in levels, each dated, and doorways.

use crate::{StoreError, Tx, args};
use domain::{DoorwayId, PlaceId};
use jiff::civil::Date;

use crate::cases::{date_of, day_number};
use crate::sql::Row;

crate::statements! {
    /// A place.
    INSERT_PLACE = "INSERT INTO place (id, depth, code, zh, en, q, r, residents, valid_from) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    /// Where it belongs from a day on.
    INSERT_PARENT = "INSERT INTO place_parent (place, valid_from, parent) VALUES (?1, ?2, ?3)";
    /// Until when it belonged there.
    END_PARENT = "UPDATE place_parent SET valid_to = ?1 WHERE place = ?2 AND valid_to IS NULL";
    /// All places with the parent that they had on a day.
    PLACES = "SELECT p.id, p.depth, p.code, p.zh, p.en, p.q, p.r, p.residents, b.parent FROM place p \
        LEFT JOIN place_parent b ON b.place = p.id AND b.valid_from <= ?1 AND (b.valid_to IS NULL OR b.valid_to > ?1) \
        WHERE p.valid_from <= ?1 AND (p.valid_to IS NULL OR p.valid_to > ?1) ORDER BY p.depth, p.id";
    /// Places that are there no more, with the last parent that they had.
    PAST = "SELECT p.id, p.depth, p.code, p.zh, p.en, p.q, p.r, p.residents, b.parent FROM place p \
        LEFT JOIN place_parent b ON b.place = p.id AND b.valid_to IS NULL \
        WHERE p.valid_to <= ?1 ORDER BY p.depth, p.id";
    /// How deep a place lies.
    DEPTH = "SELECT depth FROM place WHERE id = ?1";
    /// The highest number that a place ever had, those to come included.
    LAST_PLACE = "SELECT COALESCE(MAX(id), 0) FROM place";
    /// A doorway.
    INSERT_DOORWAY = "INSERT INTO doorway (id, place, board, address, floors, flats, valid_from) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// One doorway.
    DOORWAY = "SELECT id, place, board, address, floors, flats FROM doorway WHERE id = ?1 AND valid_to IS NULL";
    /// One doorway by the number printed on its board.
    BY_BOARD = "SELECT id, place, board, address, floors, flats FROM doorway WHERE board = ?1 AND valid_to IS NULL";
    /// The doorways of a place by address, from one on.
    DOORWAYS = "SELECT id, place, board, address, floors, flats FROM doorway \
        WHERE place = ?1 AND (address, id) > (?2, ?3) AND valid_to IS NULL ORDER BY address, id LIMIT ?4";
    /// Doorways whose address holds a text.
    FIND = "SELECT id, place, board, address, floors, flats FROM doorway \
        WHERE address LIKE ?1 ESCAPE '!' AND valid_to IS NULL ORDER BY id LIMIT ?2";
    /// Doorways in the order of their numbers, to walk them all.
    WALK = "SELECT id, place, board, address, floors, flats FROM doorway WHERE id > ?1 AND valid_to IS NULL ORDER BY id LIMIT ?2";
    /// How many there are.
    COUNT_DOORWAYS = "SELECT COUNT(*) FROM doorway WHERE valid_to IS NULL";
    /// A setting of the district.
    META = "SELECT value FROM meta WHERE key = ?1";
    /// Sets it.
    SET_META = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
    /// The next edition of what programs hold in memory.
    NEXT_EDITION = "INSERT INTO meta (key, value) VALUES ('edition', '1') \
        ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)";
}

/// A place of any level, as it is on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// Its id.
    pub id: PlaceId,
    /// 1 for the level right below the district.
    pub depth: usize,
    /// Its official code, or one of our own.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Where its hexagon lies on the schematic map (axial coordinates), for the lowest level.
    pub hex: Option<(i32, i32)>,
    /// How many people live there.
    pub residents: u32,
    /// What it belongs to; `None` right below the district.
    pub parent: Option<PlaceId>,
}

/// An entrance with a notice board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorwayRow {
    /// Its id.
    pub id: DoorwayId,
    /// The neighbourhood that it lies in.
    pub place: PlaceId,
    /// The number printed on its notice board.
    pub board: String,
    /// Its address as people write it.
    pub address: String,
    /// How many floors; 0 if unknown.
    pub floors: u32,
    /// How many dwellings.
    pub flats: u32,
}

/// The pattern of whatever holds a text.
pub(crate) fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn read_place(r: &Row<'_>) -> Result<PlaceRow, StoreError> {
    let coordinate =
        |i| -> Result<Option<i32>, StoreError> { Ok(r.opt_int(i)?.and_then(|v| i32::try_from(v).ok())) };
    Ok(PlaceRow {
        id: PlaceId(r.int(0)?),
        depth: usize::try_from(r.int(1)?).unwrap_or(0),
        code: r.text(2)?,
        zh: r.text(3)?,
        en: r.text(4)?,
        hex: coordinate(5)?.zip(coordinate(6)?),
        residents: r.count(7)?,
        parent: r.opt_int(8)?.map(PlaceId),
    })
}

fn read_doorway(r: &Row<'_>) -> Result<DoorwayRow, StoreError> {
    Ok(DoorwayRow {
        id: DoorwayId(r.int(0)?),
        place: PlaceId(r.int(1)?),
        board: r.text(2)?,
        address: r.text(3)?,
        floors: r.count(4)?,
        flats: r.count(5)?,
    })
}

impl Tx<'_> {
    /// Adds a place from a day on.
    pub fn insert_place(&mut self, place: &PlaceRow, from: Date) -> Result<(), StoreError> {
        let depth = i64::try_from(place.depth).unwrap_or(i64::MAX);
        let (q, r) = (place.hex.map(|h| i64::from(h.0)), place.hex.map(|h| i64::from(h.1)));
        let from = day_number(from);
        self.run_on_directory(
            INSERT_PLACE,
            args![place.id, depth, &place.code, &place.zh, &place.en, q, r, place.residents, from],
        )?;
        if let Some(parent) = place.parent {
            self.run(INSERT_PARENT, args![place.id, from, parent])?;
        }
        Ok(())
    }

    /// Lets a place belong to another from a day on; until then it belongs where it did.
    pub fn move_place(&mut self, place: PlaceId, parent: PlaceId, from: Date) -> Result<(), StoreError> {
        let from = day_number(from);
        self.run_on_directory(END_PARENT, args![from, place])?;
        self.run_on_directory(INSERT_PARENT, args![place, from, parent])?;
        Ok(())
    }

    /// All places as they are on a day, top level first.
    pub fn places(&mut self, on: Date) -> Result<Vec<PlaceRow>, StoreError> {
        self.all(PLACES, args![day_number(on)], read_place)
    }

    /// The places that are there no more on a day: whose names old cases still carry.
    pub fn past_places(&mut self, on: Date) -> Result<Vec<PlaceRow>, StoreError> {
        self.all(PAST, args![day_number(on)], read_place)
    }

    /// The depth of what lies right below a place.
    pub fn depth_below(&mut self, place: PlaceId) -> Result<usize, StoreError> {
        let depth = self.one(DEPTH, args![place], |r| r.int(0))?.unwrap_or(0);
        Ok(usize::try_from(depth).unwrap_or(0) + 1)
    }

    /// The highest number that a place ever had or will have: a new one gets the next.
    pub fn last_place(&mut self) -> Result<i64, StoreError> {
        Ok(self.one(LAST_PLACE, args![], |r| r.int(0))?.unwrap_or(0))
    }

    /// Adds a doorway from a day on.
    pub fn insert_doorway(&mut self, d: &DoorwayRow, from: Date) -> Result<(), StoreError> {
        self.run(
            INSERT_DOORWAY,
            args![d.id, d.place, &d.board, &d.address, d.floors, d.flats, day_number(from)],
        )?;
        Ok(())
    }

    /// One doorway that is in use.
    pub fn doorway(&mut self, id: DoorwayId) -> Result<Option<DoorwayRow>, StoreError> {
        self.one(DOORWAY, args![id], read_doorway)
    }

    /// One doorway by the number on its board.
    pub fn doorway_by_board(&mut self, board: &str) -> Result<Option<DoorwayRow>, StoreError> {
        self.one(BY_BOARD, args![board], read_doorway)
    }

    /// A page of the doorways of a neighbourhood, by address, after the last of the page before.
    pub fn doorways_of(
        &mut self,
        place: PlaceId,
        after: Option<&DoorwayRow>,
        limit: u32,
    ) -> Result<Vec<DoorwayRow>, StoreError> {
        let (address, id) = after.map_or(("", 0), |d| (d.address.as_str(), d.id.0));
        self.all(DOORWAYS, args![place, address, id, limit], read_doorway)
    }

    /// Doorways whose address holds `text`.
    pub fn find_doorways(&mut self, text: &str, limit: u32) -> Result<Vec<DoorwayRow>, StoreError> {
        let pattern = like(text);
        self.all(FIND, args![&pattern, limit], read_doorway)
    }

    /// The next doorways after one, to walk them all.
    pub fn walk_doorways(&mut self, after: DoorwayId, limit: u32) -> Result<Vec<DoorwayRow>, StoreError> {
        self.all(WALK, args![after, limit], read_doorway)
    }

    /// How many doorways are in use.
    pub fn count_doorways(&mut self) -> Result<u32, StoreError> {
        Ok(self.one(COUNT_DOORWAYS, args![], |r| r.count(0))?.unwrap_or(0))
    }

    /// A setting of the district, by name.
    pub fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        self.one(META, args![key], |r| r.text(0))
    }

    /// Keeps a setting of the district.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.run_on_directory(SET_META, args![key, value])?;
        Ok(())
    }

    /// Which edition of places, units, duties, staff, rights, settings and outlines the store holds. It grows with each
    /// change, whichever program makes it: one that holds an older edition in memory reads anew.
    pub fn edition(&mut self) -> Result<i64, StoreError> {
        Ok(self.one(META, args!["edition"], |r| r.text(0))?.and_then(|n| n.parse().ok()).unwrap_or(0))
    }

    pub(crate) fn next_edition(&mut self) -> Result<(), StoreError> {
        self.run(NEXT_EDITION, args![]).map(drop)
    }
}

/// The date of a day number, for callers that keep days.
pub fn date(day: i64) -> Result<Date, StoreError> {
    date_of(day)
}
