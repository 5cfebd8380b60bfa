//! Warnings of what is budding, and the reports that they are looked for in.

use crate::{StoreError, Tx, args};
use domain::territory::Path;
use domain::{CaseNo, DoorwayId, PlaceId};
use jiff::Timestamp;

crate::statements! {
    /// Reports since a moment, one a voice, in the order of their cases.
    VOICES = "SELECT v.case_no, v.at, c.subject, c.p1, c.p2, c.p3, c.p4, c.doorway FROM voice v \
        JOIN cases c ON c.no = v.case_no WHERE v.at >= ?1 AND c.state <> 'withdrawn' ORDER BY v.case_no, v.voice";
    /// A new warning.
    INSERT = "INSERT INTO warning (precinct, open, last_on, body) VALUES (?1, ?2, ?3, ?4)";
    /// A warning as it is now.
    KEEP = "UPDATE warning SET precinct = ?2, open = ?3, last_on = ?4, body = ?5 WHERE id = ?1";
    /// One warning.
    ONE = "SELECT id, precinct, open, last_on, body FROM warning WHERE id = ?1";
    /// The warnings that were found, or answered, since a day.
    SINCE = "SELECT id, precinct, open, last_on, body FROM warning WHERE last_on >= ?1 ORDER BY id";
    /// Those of one precinct, newest first.
    OF = "SELECT id, precinct, open, last_on, body FROM warning WHERE precinct = ?1 AND last_on >= ?2 ORDER BY id DESC";
}

/// One voice of a case: a person who said something, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its case.
    pub case: CaseNo,
    /// When.
    pub at: Timestamp,
    /// The case's subject.
    pub subject: String,
    /// Where it lies.
    pub path: Path,
    /// At which doorway, where that is known.
    pub doorway: Option<DoorwayId>,
}

/// A warning as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningRow {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// The precinct concerned.
    pub precinct: PlaceId,
    /// Whether somebody should look.
    pub open: bool,
    /// The day it was last found, as a number.
    pub last_on: i64,
    /// All of it, as JSON.
    pub body: String,
}

fn read(r: &crate::sql::Row<'_>) -> Result<WarningRow, StoreError> {
    Ok(WarningRow {
        id: r.int(0)?,
        precinct: PlaceId(r.int(1)?),
        open: r.int(2)? != 0,
        last_on: r.int(3)?,
        body: r.text(4)?,
    })
}

impl Tx<'_> {
    /// What was said since a moment, by whomever, but for what was taken back.
    pub fn heard_since(&mut self, since: Timestamp) -> Result<Vec<Heard>, StoreError> {
        self.all(VOICES, args![since], |r| {
            let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
            Ok(Heard {
                case: CaseNo(r.int(0)?),
                at: r.time(1)?,
                subject: r.text(2)?,
                path: Path([place(3)?, place(4)?, place(5)?, place(6)?]),
                doorway: r.opt_int(7)?.map(DoorwayId),
            })
        })
    }

    /// Keeps a warning: a new one where its number is 0.
    pub fn keep_warning(&mut self, w: &WarningRow) -> Result<(), StoreError> {
        let open = i64::from(w.open);
        if w.id == 0 {
            self.run(INSERT, args![w.precinct, open, w.last_on, &w.body])?;
        } else {
            self.run(KEEP, args![w.id, w.precinct, open, w.last_on, &w.body])?;
        }
        Ok(())
    }

    /// One warning.
    pub fn warning(&mut self, id: i64) -> Result<Option<WarningRow>, StoreError> {
        self.one(ONE, args![id], read)
    }

    /// All warnings that were last found on a day or later.
    pub fn warnings_since(&mut self, day: i64) -> Result<Vec<WarningRow>, StoreError> {
        self.all(SINCE, args![day], read)
    }

    /// Those of a precinct, newest first.
    pub fn warnings_of(&mut self, precinct: PlaceId, since: i64) -> Result<Vec<WarningRow>, StoreError> {
        self.all(OF, args![precinct, since], read)
    }
}
