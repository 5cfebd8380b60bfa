//! Drawing precincts: drafts (their history is events; a row is what lists need), searches for plans, memberships from a
//! day on, and what is counted on the ground.

use crate::cases::{date_of, day_number};
use crate::events::{GENESIS, Hash, Subject, read_hash};
use crate::{StoreError, Tx, args};
use domain::precincts::{Draft, DraftEvent, DraftState, Recorded, apply, rebuild};
use domain::territory::Path;
use domain::{DraftId, PlaceId, StaffId};
use jiff::Timestamp;
use jiff::civil::Date;

crate::statements! {
    /// A new draft; the store gives the number.
    INSERT = "INSERT INTO precinct_draft (name, owner, state, changed_at, version, head) VALUES ('', 0, 'open', ?1, 0, ?2) RETURNING id";
    /// The row after a step.
    UPDATE = "UPDATE precinct_draft SET name = ?1, owner = ?2, state = ?3, holds_from = ?4, changed_at = ?5, version = ?6, head = ?7 WHERE id = ?8";
    /// The head of its chain, locked until this transaction ends.
    HOLD = "SELECT head FROM precinct_draft WHERE id = ?1 /*lock*/";
    /// With nobody is it shared.
    UNSHARE = "DELETE FROM precinct_draft_share WHERE draft = ?1";
    /// With somebody it is.
    SHARE = "INSERT INTO precinct_draft_share (draft, staff) VALUES (?1, ?2)";
    /// What somebody may open, the latest changed first.
    MINE = "SELECT id, name, owner, state, holds_from, changed_at FROM precinct_draft WHERE owner = ?1 \
        OR id IN (SELECT draft FROM precinct_draft_share WHERE staff = ?1) ORDER BY changed_at DESC, id DESC LIMIT 50";
    /// Adopted plans, the last first.
    ADOPTED = "SELECT id, name, owner, state, holds_from, changed_at FROM precinct_draft WHERE state = 'adopted' \
        ORDER BY holds_from DESC, id DESC LIMIT 50";
    /// The drafts after one, to walk them all.
    WALK = "SELECT id, name, owner, state, holds_from, version, head FROM precinct_draft WHERE id > ?1 ORDER BY id LIMIT 200";
    /// One adoption at a time: the waiting ones are decided about one after the other.
    ONE_AT_A_TIME = "SELECT value FROM meta WHERE key = 'code' /*lock*/";
    /// A new search.
    ASK = "INSERT INTO precinct_search (staff, asked_at, state, asked, progress, found) VALUES (?1, ?2, 'waiting', ?3, '', '') RETURNING id";
    /// One search.
    SEARCH = "SELECT id, staff, asked_at, state, asked, progress, found FROM precinct_search WHERE id = ?1";
    /// The oldest that is not done.
    NEXT_SEARCH = "SELECT id, staff, asked_at, state, asked, progress, found FROM precinct_search WHERE state IN ('waiting', 'drawing') ORDER BY id LIMIT 1";
    /// Somebody's latest.
    SEARCHES = "SELECT id, staff, asked_at, state, asked, progress, found FROM precinct_search WHERE staff = ?1 ORDER BY id DESC LIMIT 10";
    /// How many of somebody's wait.
    WAITING = "SELECT COUNT(*) FROM precinct_search WHERE staff = ?1 AND state IN ('waiting', 'drawing')";
    /// A search as it is now.
    KEEP_SEARCH = "UPDATE precinct_search SET state = ?2, progress = ?3, found = ?4 WHERE id = ?1";
    /// The membership that holds now ends on a day.
    END = "UPDATE place_parent SET valid_to = ?2 WHERE place = ?1 AND valid_to IS NULL";
    /// Another begins on it.
    BEGIN = "INSERT INTO place_parent (place, valid_from, parent) VALUES (?1, ?2, ?3)";
    /// What was to begin on a day does not.
    NOT_BEGUN = "DELETE FROM place_parent WHERE place = ?1 AND valid_from = ?2";
    /// What was to end on a day does not.
    NOT_ENDED = "UPDATE place_parent SET valid_to = NULL WHERE place = ?1 AND valid_to = ?2";
    /// A place ends on a day.
    END_PLACE = "UPDATE place SET valid_to = ?2 WHERE id = ?1 AND valid_to IS NULL";
    /// It does not.
    PLACE_NOT_ENDED = "UPDATE place SET valid_to = NULL WHERE id = ?1 AND valid_to = ?2";
    /// A place that was to begin on a day does not.
    PLACE_NOT_BEGUN = "DELETE FROM place WHERE id = ?1 AND valid_from = ?2";
    /// Places that belong to two others, or belong to a place that is not there, on a day.
    TWICE = "SELECT place, COUNT(*) FROM place_parent WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1) \
        GROUP BY place HAVING COUNT(*) > 1 ORDER BY place";
    /// Doorways whose place is not there on a day.
    HOMELESS = "SELECT d.id, d.address FROM doorway d LEFT JOIN place p ON p.id = d.place AND p.valid_from <= ?1 \
        AND (p.valid_to IS NULL OR p.valid_to > ?1) WHERE d.valid_to IS NULL AND p.id IS NULL ORDER BY d.id LIMIT 100";
    /// Doors, dwellings and floors by place.
    HOUSES = "SELECT place, COUNT(*), CAST(SUM(flats) AS BIGINT), CAST(SUM(floors) AS BIGINT) FROM doorway WHERE valid_to IS NULL GROUP BY place";
    /// Cases since a moment by place and subject.
    SAID = "SELECT p1, p2, p3, p4, subject, COUNT(*) FROM cases WHERE reported_at >= ?1 AND state <> 'withdrawn' GROUP BY p1, p2, p3, p4, subject";
    /// Open cases by place.
    OPEN_CASES = "SELECT p1, p2, p3, p4, COUNT(*) FROM cases WHERE due IS NOT NULL GROUP BY p1, p2, p3, p4";
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its number.
    pub id: DraftId,
    /// What it is called.
    pub name: String,
    /// Who opened it.
    pub owner: StaffId,
    /// Where it stands.
    pub state: DraftState,
    /// From when it holds.
    pub from: Option<Date>,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// A draft with the head of its chain, locked for change.
#[derive(Debug, Clone)]
pub struct HeldDraft {
    /// The draft as it stands.
    pub draft: Draft,
    /// The hash of its last event.
    pub head: Hash,
}

/// A search for plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRow {
    /// Its number.
    pub id: i64,
    /// Who asked.
    pub staff: StaffId,
    /// When.
    pub asked_at: Timestamp,
    /// `waiting`, `drawing`, `done` or `failed`.
    pub state: String,
    /// What was asked, as JSON.
    pub asked: String,
    /// How far it is, as JSON.
    pub progress: String,
    /// What was found, as JSON.
    pub found: String,
}

/// What is counted of the houses of a neighbourhood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Houses {
    /// Doorways.
    pub doorways: i64,
    /// Dwellings.
    pub flats: i64,
    /// Floors of all doorways together.
    pub floors: i64,
}

/// What verifying compares: number, name, state, version, head of the chain.
pub(crate) type DraftHead = (DraftId, String, DraftState, u32, Hash);

fn event_json(event: &DraftEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|e| StoreError::Unreadable(e.to_string()))
}

fn read_row(r: &crate::Row<'_>) -> Result<DraftRow, StoreError> {
    Ok(DraftRow {
        id: DraftId(r.int(0)?),
        name: r.text(1)?,
        owner: StaffId(r.int(2)?),
        state: r.named(3, DraftState::from_key)?,
        from: r.opt_int(4)?.map(date_of).transpose()?,
        changed_at: r.time(5)?,
    })
}

fn read_search(r: &crate::Row<'_>) -> Result<SearchRow, StoreError> {
    Ok(SearchRow {
        id: r.int(0)?,
        staff: StaffId(r.int(1)?),
        asked_at: r.time(2)?,
        state: r.text(3)?,
        asked: r.text(4)?,
        progress: r.text(5)?,
        found: r.text(6)?,
    })
}

fn read_path(r: &crate::Row<'_>) -> Result<Path, StoreError> {
    let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
    Ok(Path([place(0)?, place(1)?, place(2)?, place(3)?]))
}

impl Tx<'_> {
    /// Opens a draft.
    pub fn begin_draft(&mut self, first: &Recorded) -> Result<DraftId, StoreError> {
        let id = self
            .one(INSERT, args![first.at, &GENESIS], |r| r.int(0))?
            .map(DraftId)
            .ok_or_else(|| StoreError::Unreadable("a new draft has no number".into()))?;
        let body = event_json(&first.event)?;
        let head = self.append(Subject::Draft(id.0), first.seq, first.at, first.actor, &body, &GENESIS)?;
        let draft = rebuild(id, [first])
            .ok_or_else(|| StoreError::Unreadable("a draft does not begin with its opening".into()))?;
        self.keep_row(&draft, first.at, &head)?;
        Ok(id)
    }

    fn keep_row(&mut self, d: &Draft, at: Timestamp, head: &Hash) -> Result<(), StoreError> {
        let from = d.adopted.as_ref().map(|a| day_number(a.from));
        self.run(UPDATE, args![&d.name, d.owner, d.state.key(), from, at, d.version, head, d.id])?;
        self.run(UNSHARE, args![d.id])?;
        for with in d.shared.keys() {
            self.run(SHARE, args![d.id, *with])?;
        }
        Ok(())
    }

    /// What happened to a draft, oldest first.
    pub fn draft_events(&mut self, id: DraftId) -> Result<Vec<Recorded>, StoreError> {
        self.history(Subject::Draft(id.0))?
            .into_iter()
            .map(|s| {
                let event = serde_json::from_str(&s.body)
                    .map_err(|e| StoreError::Unreadable(format!("event {} of draft {id}: {e}", s.seq)))?;
                Ok(Recorded { seq: s.seq, at: s.at, actor: s.actor, event })
            })
            .collect()
    }

    /// A draft as its events have it; `None` if there is none.
    pub fn draft(&mut self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        Ok(rebuild(id, &self.draft_events(id)?))
    }

    /// A draft, locked until this transaction ends, to be changed.
    pub fn hold_draft(&mut self, id: DraftId) -> Result<Option<HeldDraft>, StoreError> {
        let Some(head) = self.one(HOLD, args![id], |r| read_hash(&r.blob(0)?))? else { return Ok(None) };
        Ok(self.draft(id)?.map(|draft| HeldDraft { draft, head }))
    }

    /// Appends an event and writes the row after it.
    pub fn keep_draft(&mut self, held: HeldDraft, e: &Recorded) -> Result<Draft, StoreError> {
        let HeldDraft { draft, head } = held;
        let body = event_json(&e.event)?;
        let head = self.append(Subject::Draft(draft.id.0), e.seq, e.at, e.actor, &body, &head)?;
        let draft = apply(draft, e);
        self.keep_row(&draft, e.at, &head)?;
        Ok(draft)
    }

    /// The drafts that somebody opened or that are shared with them, fifty at most.
    pub fn drafts_of(&mut self, who: StaffId) -> Result<Vec<DraftRow>, StoreError> {
        self.all(MINE, args![who], read_row)
    }

    /// Adopted plans, the last first, fifty at most.
    pub fn adopted_drafts(&mut self) -> Result<Vec<DraftRow>, StoreError> {
        self.all(ADOPTED, args![], read_row)
    }

    /// The same for whoever is about to adopt another or to withdraw one: nobody else does until this transaction ends.
    pub fn adopted_drafts_locked(&mut self) -> Result<Vec<DraftRow>, StoreError> {
        self.one(ONE_AT_A_TIME, args![], |_| Ok(()))?;
        self.adopted_drafts()
    }

    /// Rows of drafts after one with their version and head, to verify them.
    pub(crate) fn walk_drafts(&mut self, after: DraftId) -> Result<Vec<DraftHead>, StoreError> {
        self.all(WALK, args![after], |r| {
            let state = r.named(3, DraftState::from_key)?;
            Ok((DraftId(r.int(0)?), r.text(1)?, state, r.count(5)?, read_hash(&r.blob(6)?)?))
        })
    }

    /// Lets neighbourhoods belong to other precincts from a day on.
    pub fn join_from(&mut self, moves: &[(PlaceId, PlaceId)], from: Date) -> Result<(), StoreError> {
        let from = day_number(from);
        for (place, to) in moves {
            self.run_on_directory(END, args![*place, from])?;
            self.run_on_directory(BEGIN, args![*place, from, *to])?;
        }
        Ok(())
    }

    /// Takes [`Tx::join_from`] back, before its day.
    pub fn not_join_from(&mut self, places: &[PlaceId], from: Date) -> Result<(), StoreError> {
        let from = day_number(from);
        for place in places {
            self.run_on_directory(NOT_BEGUN, args![*place, from])?;
            self.run_on_directory(NOT_ENDED, args![*place, from])?;
        }
        Ok(())
    }

    /// A place is there no more from a day on.
    pub fn end_place(&mut self, place: PlaceId, from: Date) -> Result<(), StoreError> {
        self.run_on_directory(END_PLACE, args![place, day_number(from)]).map(drop)
    }

    /// Takes [`Tx::end_place`] back, before its day.
    pub fn not_end_place(&mut self, place: PlaceId, from: Date) -> Result<(), StoreError> {
        self.run_on_directory(PLACE_NOT_ENDED, args![place, day_number(from)]).map(drop)
    }

    /// A place that was to begin on a day does not.
    pub fn not_begin_place(&mut self, place: PlaceId, from: Date) -> Result<(), StoreError> {
        self.not_join_from(&[place], from)?;
        self.run_on_directory(PLACE_NOT_BEGUN, args![place, day_number(from)]).map(drop)
    }

    /// Places that belong to more than one other on a day: which, to how many.
    pub fn places_twice(&mut self, on: Date) -> Result<Vec<(PlaceId, u32)>, StoreError> {
        self.all(TWICE, args![day_number(on)], |r| Ok((PlaceId(r.int(0)?), r.count(1)?)))
    }

    /// Doorways in use whose place is not there on a day: number and address, a hundred at most.
    pub fn homeless_doorways(&mut self, on: Date) -> Result<Vec<(i64, String)>, StoreError> {
        self.all(HOMELESS, args![day_number(on)], |r| Ok((r.int(0)?, r.text(1)?)))
    }

    /// Doorways, dwellings and floors of every neighbourhood.
    pub fn houses(&mut self) -> Result<Vec<(PlaceId, Houses)>, StoreError> {
        self.all(HOUSES, args![], |r| {
            Ok((PlaceId(r.int(0)?), Houses { doorways: r.int(1)?, flats: r.int(2)?, floors: r.int(3)? }))
        })
    }

    /// Cases since a moment by where they lay and what they were about.
    pub fn said_since(&mut self, since: Timestamp) -> Result<Vec<(Path, String, u32)>, StoreError> {
        self.all(SAID, args![since], |r| Ok((read_path(r)?, r.text(4)?, r.count(5)?)))
    }

    /// Open cases by where they lie.
    pub fn open_cases(&mut self) -> Result<Vec<(Path, u32)>, StoreError> {
        self.all(OPEN_CASES, args![], |r| Ok((read_path(r)?, r.count(4)?)))
    }

    /// Asks for plans.
    pub fn ask_search(&mut self, who: StaffId, at: Timestamp, asked: &str) -> Result<i64, StoreError> {
        self.one(ASK, args![who, at, asked], |r| r.int(0))?
            .ok_or_else(|| StoreError::Unreadable("a new search has no number".into()))
    }

    /// How many searches of somebody are not done.
    pub fn searches_waiting(&mut self, who: StaffId) -> Result<u32, StoreError> {
        Ok(self.one(WAITING, args![who], |r| r.count(0))?.unwrap_or(0))
    }

    /// One search.
    pub fn search_for_plans(&mut self, id: i64) -> Result<Option<SearchRow>, StoreError> {
        self.one(SEARCH, args![id], read_search)
    }

    /// The oldest search that is not done.
    pub fn next_search(&mut self) -> Result<Option<SearchRow>, StoreError> {
        self.one(NEXT_SEARCH, args![], read_search)
    }

    /// The latest ten searches of somebody.
    pub fn searches_of(&mut self, who: StaffId) -> Result<Vec<SearchRow>, StoreError> {
        self.all(SEARCHES, args![who], read_search)
    }

    /// Keeps where a search stands.
    pub fn keep_search(&mut self, s: &SearchRow) -> Result<(), StoreError> {
        self.run(KEEP_SEARCH, args![s.id, &s.state, &s.progress, &s.found]).map(drop)
    }
}
