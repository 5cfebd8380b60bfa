//! Cases as rows: loading, keeping, listing.
//!
//! A row is nothing but the folded events; [`Tx::keep_case`] writes both in one breath, so that neither can
//! be without the other.

pub mod list;

use crate::events::{GENESIS, Hash, Subject, read_hash};
use crate::sql::{Row, slots};
use crate::{Arg, StoreError, Tx, args};
use domain::cases::{
    Case, CaseEvent, Channel, Clock, Kind, Recorded, Satisfaction, Solved, State, Urgency, apply,
};
use domain::territory::Path;
use domain::{CaseNo, DoorwayId, PersonId, PlaceId, ProblemId, UnitId};
use jiff::civil::Date;

/// The columns of a case, in the order of [`read_case`].
macro_rules! columns {
    () => {
        "no, p1, p2, p3, p4, doorway, body, detail, subject, kind, urgency, channel, reported_at, state, unit, \
         due, due_for, handling_due, first_contact_due, first_contact_at, returns, hops, not_solved, \
         answered_at, outcome, closed_at, solved_unit, solved_resident, satisfaction, review_on, \
         merged_into, voices, version, contact_tries, problem, referred_by"
    };
}
pub(crate) use columns;

crate::statements! {
    /// A new case, with its number and the end of its first events.
    INSERT = "INSERT INTO cases (no, p1, p2, p3, p4, doorway, body, detail, subject, kind, urgency, channel, \
        reported_at, state, due, due_for, returns, hops, not_solved, outcome, voices, version, head) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0, 0, 0, '', 1, ?17, ?18)";
    /// One case, to look at.
    BY_NO = concat!("SELECT ", columns!(), " FROM cases WHERE no = ?1");
    /// One case, about to change.
    FOR_CHANGE = concat!("SELECT ", columns!(), ", head FROM cases WHERE no = ?1 /*lock*/");
    /// What can change of a case.
    UPDATE = "UPDATE cases SET subject = ?1, kind = ?2, state = ?3, unit = ?4, due = ?5, due_for = ?6, \
        handling_due = ?7, first_contact_due = ?8, first_contact_at = ?9, returns = ?10, hops = ?11, \
        not_solved = ?12, answered_at = ?13, outcome = ?14, closed_at = ?15, solved_unit = ?16, \
        solved_resident = ?17, satisfaction = ?18, review_on = ?19, merged_into = ?20, voices = ?21, \
        version = ?22, head = ?23, contact_tries = ?24, problem = ?25, referred_by = ?26, urgency = ?28 WHERE no = ?27";
    /// A person's voice in a case; says nothing if the same submission came before.
    INSERT_VOICE = "INSERT INTO voice (case_no, voice, person, at, submission) VALUES (?1, ?2, ?3, ?4, ?5)";
    /// The case of a submission that came before.
    BY_SUBMISSION = "SELECT case_no, voice FROM voice WHERE submission = ?1";
    /// All people who spoke in a case.
    VOICES = "SELECT voice, person, at FROM voice WHERE case_no = ?1 ORDER BY voice";
    /// Open cases at one doorway, newest first: "is it one of these?"
    OPEN_AT_DOORWAY = concat!("SELECT ", columns!(), " FROM cases WHERE doorway = ?1 AND due IS NOT NULL ORDER BY no DESC LIMIT 20");
    /// The cases that are or were part of a problem, oldest first.
    OF_PROBLEM = concat!("SELECT ", columns!(), " FROM cases WHERE problem = ?1 ORDER BY no");
    /// The words and subjects of open cases at one doorway, to see which are alike.
    TEXTS_AT_DOORWAY = "SELECT no, body, subject FROM cases WHERE doorway = ?1 AND due IS NOT NULL ORDER BY no DESC LIMIT 20";
    /// A person's wrapped key.
    INSERT_PERSON = "INSERT INTO person (id, wrapped, made_at) VALUES (?1, ?2, ?3)";
    /// The wrapped key; null once forgotten.
    PERSON_KEY = "SELECT wrapped FROM person WHERE id = ?1";
    /// Forgets a person: what was sealed for them can never be read again.
    FORGET_PERSON = "UPDATE person SET wrapped = NULL WHERE id = ?1";
    /// A photo of a report.
    INSERT_PHOTO = "INSERT INTO photo (case_no, voice, jpeg) VALUES (?1, ?2, ?3)";
    /// The photos of a case.
    PHOTO = "SELECT jpeg FROM photo WHERE case_no = ?1 AND voice = ?2";
    /// Which voices have one.
    PHOTOS = "SELECT voice FROM photo WHERE case_no = ?1 ORDER BY voice";
    /// Photos of cases that ended before a time.
    OLD_PHOTOS = "DELETE FROM photo WHERE case_no IN (SELECT no FROM cases WHERE closed_at IS NOT NULL AND closed_at < ?1)";
    /// Forgets whoever spoke in cases that ended before a time, and in none that is younger.
    OLD_PERSONS = "UPDATE person SET wrapped = NULL WHERE wrapped IS NOT NULL AND id IN (SELECT v.person FROM voice v \
        JOIN cases c ON c.no = v.case_no WHERE v.person IS NOT NULL AND c.closed_at IS NOT NULL AND c.closed_at < ?1)";
    /// What the row says is its last event.
    HEAD = "SELECT head FROM cases WHERE no = ?1";
    /// All numbers after one, for verification.
    NUMBERS = "SELECT no FROM cases WHERE no > ?1 ORDER BY no LIMIT 1000";
}

// The embedded engine has one writer, so the next number is the one after the last; the server counts for many.
const NEXT_NO_LITE: &str = "SELECT COALESCE(MAX(no), 0) + 1 FROM cases";
const NEXT_NO_PG: &str = "SELECT nextval(pg_get_serial_sequence('cases', 'no'))";

#[cfg(test)]
pub(crate) fn engine_statements(postgres: bool) -> [&'static str; 1] {
    if postgres { [NEXT_NO_PG] } else { [NEXT_NO_LITE] }
}

/// Cases that are read with one statement.
const AT_ONCE: usize = 64;

/// A case with the head of its chain, locked for change.
#[derive(Debug, Clone)]
pub struct Held {
    /// The case as it stands.
    pub case: Case,
    /// The hash of its last event.
    pub head: Hash,
}

/// One person's part in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// 1 for who reported it.
    pub voice: u16,
    /// Whose key seals what is personal; `None` if nothing is.
    pub person: Option<PersonId>,
    /// When they spoke.
    pub at: jiff::Timestamp,
}

/// Days since 1970, as the store keeps dates.
pub fn day_number(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    i64::from((date - epoch).get_days())
}

/// The date of a day number.
pub fn date_of(day: i64) -> Result<Date, StoreError> {
    let bad = || StoreError::Unreadable(format!("day {day}"));
    let span = jiff::Span::new().try_days(day).map_err(|_| bad())?;
    jiff::civil::date(1970, 1, 1).checked_add(span).map_err(|_| bad())
}

/// Reads the columns of a case.
pub(crate) fn read_case(r: &Row<'_>) -> Result<Case, StoreError> {
    let due = match (r.opt_time(15)?, r.opt_named(16, Clock::from_key)?) {
        (Some(at), Some(clock)) => Some((clock, at)),
        _ => None,
    };
    let place = |i| r.opt_int(i).map(|p| p.map(PlaceId));
    Ok(Case {
        no: CaseNo(r.int(0)?),
        path: Path([place(1)?, place(2)?, place(3)?, place(4)?]),
        doorway: r.opt_int(5)?.map(DoorwayId),
        text: r.text(6)?,
        detail: r.text(7)?,
        subject: r.text(8)?,
        kind: r.named(9, Kind::from_key)?,
        urgency: r.named(10, Urgency::from_key)?,
        channel: r.named(11, Channel::from_key)?,
        reported_at: r.time(12)?,
        state: r.named(13, State::from_key)?,
        unit: r.opt_int(14)?.map(UnitId),
        due,
        handling_due: r.opt_time(17)?,
        first_contact_due: r.opt_time(18)?,
        first_contact_at: r.opt_time(19)?,
        returns: r.count(20)?,
        hops: r.count(21)?,
        not_solved: r.count(22)?,
        answered_at: r.opt_time(23)?,
        outcome: r.text(24)?,
        closed_at: r.opt_time(25)?,
        solved_unit: r.opt_named(26, Solved::from_key)?,
        solved_resident: r.opt_named(27, Solved::from_key)?,
        satisfaction: r.opt_named(28, Satisfaction::from_key)?,
        review_on: r.opt_int(29)?.map(date_of).transpose()?,
        merged_into: r.opt_int(30)?.map(CaseNo),
        voices: r.count(31)?,
        version: r.count(32)?,
        contact_tries: r.count(33)?,
        problem: r.opt_int(34)?.map(ProblemId),
        referred_by: r.opt_int(35)?.map(UnitId),
    })
}

/// The JSON of an event, as it is chained.
pub fn event_json(event: &CaseEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|e| StoreError::Unreadable(e.to_string()))
}

impl Tx<'_> {
    /// Keeps a new case with the events that opened it, under the next number, which it is given here. The number is
    /// there before the row, so that the row is written once, with the end of its chain.
    pub fn open_case(&mut self, mut case: Case, opening: &[Recorded]) -> Result<Held, StoreError> {
        let next = if self.is_postgres() { NEXT_NO_PG } else { NEXT_NO_LITE };
        case.no = self
            .one(next, args![], |r| r.int(0))?
            .map(CaseNo)
            .ok_or_else(|| StoreError::Unreadable("a new case has no number".into()))?;
        let mut head = GENESIS;
        for e in opening {
            let json = event_json(&e.event)?;
            head = self.append(Subject::Case(case.no.0), e.seq, e.at, e.actor, &json, &head)?;
        }
        let [p1, p2, p3, p4] = case.path.0;
        self.run(
            INSERT,
            args![
                case.no,
                p1,
                p2,
                p3,
                p4,
                case.doorway,
                &case.text,
                &case.detail,
                &case.subject,
                case.kind.key(),
                case.urgency.key(),
                case.channel.key(),
                case.reported_at,
                case.state.key(),
                case.due.map(|d| d.1),
                case.due.map(|d| d.0.key()),
                opening.last().map_or(0, |e| e.seq),
                &head,
            ],
        )?;
        Ok(Held { case, head })
    }

    /// One case, to look at.
    pub fn case(&mut self, no: CaseNo) -> Result<Option<Case>, StoreError> {
        self.one(BY_NO, args![no], read_case)
    }

    /// Several cases in the order of their numbers here; those that are not there are left out.
    pub fn cases_in(&mut self, numbers: &[CaseNo]) -> Result<Vec<Case>, StoreError> {
        let mut found = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(AT_ONCE) {
            // Always as many slots, so that the engine knows the statement already.
            let wanted: Vec<Arg<'_>> = some
                .iter()
                .map(|no| Arg::from(*no))
                .chain(std::iter::repeat(Arg::Int(-1)))
                .take(AT_ONCE)
                .collect();
            let sql =
                format!(concat!("SELECT ", columns!(), " FROM cases WHERE no IN ({})"), slots(1, AT_ONCE));
            let mut rows = self.all(&sql, &wanted, read_case)?;
            rows.sort_by_key(|c| some.iter().position(|no| *no == c.no));
            found.extend(rows);
        }
        Ok(found)
    }

    /// One case, locked until this transaction ends, to be changed.
    pub fn hold_case(&mut self, no: CaseNo) -> Result<Option<Held>, StoreError> {
        self.one(FOR_CHANGE, args![no], |r| Ok(Held { case: read_case(r)?, head: read_hash(&r.blob(36)?)? }))
    }

    /// Appends the events of a decision and writes the state after them.
    pub fn keep_case(&mut self, held: Held, events: &[Recorded]) -> Result<Held, StoreError> {
        let Held { mut case, mut head } = held;
        for e in events {
            let json = event_json(&e.event)?;
            head = self.append(Subject::Case(case.no.0), e.seq, e.at, e.actor, &json, &head)?;
            case = apply(case, e);
        }
        self.write_row(&case, &head)?;
        Ok(Held { case, head })
    }

    fn write_row(&mut self, case: &Case, head: &Hash) -> Result<(), StoreError> {
        self.run(
            UPDATE,
            args![
                &case.subject,
                case.kind.key(),
                case.state.key(),
                case.unit,
                case.due.map(|d| d.1),
                case.due.map(|d| d.0.key()),
                case.handling_due,
                case.first_contact_due,
                case.first_contact_at,
                case.returns,
                case.hops,
                case.not_solved,
                case.answered_at,
                &case.outcome,
                case.closed_at,
                case.solved_unit.map(Solved::key),
                case.solved_resident.map(Solved::key),
                case.satisfaction.map(Satisfaction::key),
                case.review_on.map(day_number),
                case.merged_into,
                case.voices,
                case.version,
                head,
                case.contact_tries,
                case.problem,
                case.referred_by,
                case.no,
                case.urgency.key(),
            ],
        )?;
        Ok(())
    }

    /// The events of a case, oldest first.
    pub fn case_events(&mut self, no: CaseNo) -> Result<Vec<Recorded>, StoreError> {
        self.history(Subject::Case(no.0))?
            .into_iter()
            .map(|s| {
                let event = serde_json::from_str(&s.body)
                    .map_err(|e| StoreError::Unreadable(format!("event {} of case {no}: {e}", s.seq)))?;
                Ok(Recorded { seq: s.seq, at: s.at, actor: s.actor, event })
            })
            .collect()
    }

    /// A person joins a case.
    pub fn insert_voice(
        &mut self,
        no: CaseNo,
        voice: u16,
        person: Option<&PersonId>,
        at: jiff::Timestamp,
        submission: &[u8; 16],
    ) -> Result<(), StoreError> {
        self.run(INSERT_VOICE, args![no, voice, person, at, submission])?;
        Ok(())
    }

    /// The case and voice that a submission made when it came before.
    pub fn by_submission(&mut self, submission: &[u8; 16]) -> Result<Option<(CaseNo, u16)>, StoreError> {
        self.one(BY_SUBMISSION, args![submission], |r| {
            Ok((CaseNo(r.int(0)?), u16::try_from(r.int(1)?).unwrap_or(0)))
        })
    }

    /// The people who spoke in a case.
    pub fn voices(&mut self, no: CaseNo) -> Result<Vec<Voice>, StoreError> {
        self.all(VOICES, args![no], |r| {
            Ok(Voice {
                voice: u16::try_from(r.int(0)?).unwrap_or(0),
                person: r.opt_blob(1)?.as_deref().map(person_id).transpose()?,
                at: r.time(2)?,
            })
        })
    }

    /// Open cases at a doorway, newest first, twenty at most.
    pub fn open_at_doorway(&mut self, doorway: DoorwayId) -> Result<Vec<Case>, StoreError> {
        self.all(OPEN_AT_DOORWAY, args![doorway], read_case)
    }

    /// The cases that are or were part of a problem, oldest first.
    pub fn cases_of_problem(&mut self, problem: ProblemId) -> Result<Vec<Case>, StoreError> {
        self.all(OF_PROBLEM, args![problem], read_case)
    }

    /// The words of open cases at a doorway, newest first, twenty at most.
    pub fn open_texts_at_doorway(
        &mut self,
        doorway: DoorwayId,
    ) -> Result<Vec<(CaseNo, String, String)>, StoreError> {
        self.all(TEXTS_AT_DOORWAY, args![doorway], |r| Ok((CaseNo(r.int(0)?), r.text(1)?, r.text(2)?)))
    }

    /// Keeps the wrapped key of a new person.
    pub fn insert_person(
        &mut self,
        id: &PersonId,
        wrapped: &[u8],
        at: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        self.run(INSERT_PERSON, args![id, wrapped, at])?;
        Ok(())
    }

    /// The wrapped key of a person; `None` if unknown or forgotten.
    pub fn person_key(&mut self, id: &PersonId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.one(PERSON_KEY, args![id], |r| r.opt_blob(0))?.flatten())
    }

    /// Destroys a person's key.
    pub fn forget_person(&mut self, id: &PersonId) -> Result<(), StoreError> {
        self.run(FORGET_PERSON, args![id])?;
        Ok(())
    }

    /// Keeps a photo, already re-encoded.
    pub fn insert_photo(&mut self, no: CaseNo, voice: u16, jpeg: &[u8]) -> Result<(), StoreError> {
        self.run(INSERT_PHOTO, args![no, voice, jpeg])?;
        Ok(())
    }

    /// One photo.
    pub fn photo(&mut self, no: CaseNo, voice: u16) -> Result<Option<Vec<u8>>, StoreError> {
        self.one(PHOTO, args![no, voice], |r| r.blob(0))
    }

    /// Which voices of a case sent a photo.
    pub fn photos(&mut self, no: CaseNo) -> Result<Vec<u16>, StoreError> {
        self.all(PHOTOS, args![no], |r| Ok(u16::try_from(r.int(0)?).unwrap_or(0)))
    }

    /// Removes the photos of cases that ended before a time.
    pub fn sweep_photos(&mut self, before: jiff::Timestamp) -> Result<u64, StoreError> {
        self.run(OLD_PHOTOS, args![before])
    }

    /// Destroys the keys of whoever spoke in cases that ended before a time: what was sealed for them can never
    /// be read again, and the chain stays whole. A person belongs to one voice of one case.
    pub fn sweep_persons(&mut self, before: jiff::Timestamp) -> Result<u64, StoreError> {
        self.run(OLD_PERSONS, args![before])
    }

    /// The hash that the row of a case says is that of its last event.
    pub fn head_of_case(&mut self, no: CaseNo) -> Result<Hash, StoreError> {
        self.one(HEAD, args![no], |r| read_hash(&r.blob(0)?))?
            .ok_or_else(|| StoreError::Unreadable(format!("case {no} has no row")))
    }

    /// The next thousand case numbers after one.
    pub fn case_numbers(&mut self, after: CaseNo) -> Result<Vec<CaseNo>, StoreError> {
        self.all(NUMBERS, args![after], |r| r.int(0).map(CaseNo))
    }
}

pub(crate) fn person_id(bytes: &[u8]) -> Result<PersonId, StoreError> {
    uuid::Uuid::from_slice(bytes).map(PersonId).map_err(|e| StoreError::Unreadable(e.to_string()))
}
