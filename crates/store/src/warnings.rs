//! Warnings of what is budding, and the reports that they are looked for in.

use crate::{StoreError, Tx, args};
use domain::cases::State;
use domain::territory::Path;
use domain::{CaseNo, DoorwayId, PlaceId, UnitId};
use jiff::Timestamp;

crate::statements! {
    /// Reports since a moment, one a voice, in the order of their cases.
    VOICES = "SELECT v.case_no, v.at, c.subject, c.p1, c.p2, c.p3, c.p4, c.doorway FROM voice v \
        JOIN cases c ON c.no = v.case_no WHERE v.at >= ?1 AND c.state <> 'withdrawn' ORDER BY v.case_no, v.voice";
    /// Cases since a moment and what became of them, in their order.
    COURSES = "SELECT no, subject, p1, p2, p3, p4, doorway, unit, reported_at, answered_at, closed_at, problem, \
        state FROM cases WHERE reported_at >= ?1 AND state NOT IN ('withdrawn', 'merged') \
        ORDER BY no";
    /// Dwellings a neighbourhood whose registrations cannot all be right, counted without opening one: the same person at two,
    /// or let and nobody registered. Declared before a moment, so that there was time to complete them.
    DOUBTS = "SELECT r.place, COUNT(DISTINCT r.dwelling_ix) FROM registration r \
        WHERE r.state IN ('pending', 'verified', 'handed_off') AND r.declared_at < ?1 AND ((r.kind = 'residency' AND EXISTS ( \
        SELECT 1 FROM registration o WHERE o.id_ix = r.id_ix AND o.dwelling_ix <> r.dwelling_ix AND o.kind = 'residency' \
        AND o.state IN ('pending', 'verified', 'handed_off'))) OR (r.kind = 'tenancy' AND NOT EXISTS (SELECT 1 FROM registration o \
        WHERE o.dwelling_ix = r.dwelling_ix AND o.kind = 'residency' AND o.state IN ('pending', 'verified', 'handed_off')))) \
        GROUP BY r.place ORDER BY r.place";
    /// A new warning; the store gives the number.
    INSERT = "INSERT INTO warning (precinct, open, last_on, body) VALUES (?1, ?2, ?3, ?4) RETURNING id";
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

/// A case and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its number.
    pub case: CaseNo,
    /// What it is about.
    pub subject: String,
    /// Where it lies.
    pub path: Path,
    /// At which doorway, where that is known.
    pub doorway: Option<DoorwayId>,
    /// The unit that has or had it.
    pub unit: Option<UnitId>,
    /// When it came in.
    pub reported_at: Timestamp,
    /// When it was answered, the last time.
    pub answered_at: Option<Timestamp>,
    /// When it was closed; none for what ended in another way.
    pub closed_at: Option<Timestamp>,
    /// Whether it is or was part of a problem.
    pub in_problem: bool,
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

    /// The cases that came in since a moment and what became of them, but for what was taken back or goes on in another.
    pub fn courses_since(&mut self, since: Timestamp) -> Result<Vec<Course>, StoreError> {
        self.all(COURSES, args![since], |r| {
            let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
            let closed = r.text(12)? == State::Closed.key();
            Ok(Course {
                case: CaseNo(r.int(0)?),
                subject: r.text(1)?,
                path: Path([place(2)?, place(3)?, place(4)?, place(5)?]),
                doorway: r.opt_int(6)?.map(DoorwayId),
                unit: r.opt_int(7)?.map(UnitId),
                reported_at: r.time(8)?,
                answered_at: r.opt_time(9)?,
                closed_at: r.opt_time(10)?.filter(|_| closed),
                in_problem: r.opt_int(11)?.is_some(),
            })
        })
    }

    /// Dwellings a neighbourhood whose registrations, declared before a moment, raise a question that nobody need open them
    /// for.
    pub fn doubtful_dwellings(&mut self, before: Timestamp) -> Result<Vec<(PlaceId, u32)>, StoreError> {
        self.all(DOUBTS, args![before], |r| {
            Ok((PlaceId(r.int(0)?), u32::try_from(r.int(1)?).unwrap_or(u32::MAX)))
        })
    }

    /// Keeps a warning: a new one where its number is 0. Gives its number.
    pub fn keep_warning(&mut self, w: &WarningRow) -> Result<i64, StoreError> {
        let open = i64::from(w.open);
        if w.id == 0 {
            let new = self.one(INSERT, args![w.precinct, open, w.last_on, &w.body], |r| r.int(0))?;
            return new.ok_or_else(|| StoreError::Unreadable("a new warning has no number".to_owned()));
        }
        self.run(KEEP, args![w.id, w.precinct, open, w.last_on, &w.body])?;
        Ok(w.id)
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
