//! Registrations as rows: the folded events, and beside them what is sealed and what it is found by.
//!
//! As with cases, [`Tx::keep_registration`] writes events and row in one breath. What is personal never goes
//! through here in the open: a caller hands over an envelope and blind indexes.

pub mod desk;

use crate::cases::{date_of, day_number};
use crate::events::{GENESIS, Hash, Subject, read_hash};
use crate::sql::Row;
use crate::{StoreError, Tx, args};
use domain::registrations::Kind;
use domain::registrations::life::{Event, FailReason, Recorded, Registration, State, apply};
use domain::{DoorwayId, HandOffId, PersonId, PlaceId, RegistrationId};
use jiff::Timestamp;

/// The columns of a registration, in the order of [`read_listed`].
macro_rules! columns {
    () => {
        "no, kind, state, since, declared_at, due, form, failed, confirmed_at, verified_at, batch, handed_off_at, \
         accepted, valid_until, version, household, doorway, place, person, content, delete_at"
    };
}

crate::statements! {
    /// A new registration; the store gives the number.
    INSERT = "INSERT INTO registration (kind, household, doorway, place, state, since, declared_at, due, form, \
        confirmed_at, delete_at, version, head, person, content, id_ix, phone_ix, dwelling_ix, submission) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13, ?14, ?15, ?16, ?17, ?18) RETURNING no";
    /// The first event is in.
    BORN = "UPDATE registration SET version = ?1, head = ?2 WHERE no = ?3";
    /// One registration, to look at.
    BY_NO = concat!("SELECT ", columns!(), " FROM registration WHERE no = ?1");
    /// One registration, about to change.
    FOR_CHANGE = concat!("SELECT ", columns!(), ", head FROM registration WHERE no = ?1 /*lock*/");
    /// What can change of it.
    UPDATE = "UPDATE registration SET state = ?1, since = ?2, failed = ?3, confirmed_at = ?4, verified_at = ?5, \
        batch = ?6, handed_off_at = ?7, accepted = ?8, valid_until = ?9, delete_at = ?10, version = ?11, head = ?12 \
        WHERE no = ?13";
    /// Other content, after a correction.
    RESEAL = "UPDATE registration SET content = ?1, id_ix = ?2, phone_ix = ?3, dwelling_ix = ?4 WHERE no = ?5";
    /// Nothing personal any more.
    CLEAR = "UPDATE registration SET person = NULL, content = NULL, id_ix = NULL, phone_ix = NULL, \
        dwelling_ix = NULL, submission = NULL, delete_at = NULL WHERE no = ?1";
    /// The key of a person goes for good.
    DROP_PERSON = "DELETE FROM person WHERE id = ?1";
    /// A household: who filled the form in, and those with them.
    HOUSEHOLD = concat!("SELECT ", columns!(), " FROM registration WHERE no = ?1 OR household = ?1 ORDER BY no");
    /// The one that a submission made when it came before.
    BY_SUBMISSION = "SELECT no FROM registration WHERE submission = ?1";
    /// Where a person is registered.
    BY_ID = "SELECT no, dwelling_ix, state FROM registration WHERE id_ix = ?1 ORDER BY no LIMIT 20";
    /// What is registered with a phone, newest first.
    BY_PHONE = "SELECT no, household, state FROM registration WHERE phone_ix = ?1 ORDER BY no DESC LIMIT 50";
    /// Everything of one dwelling.
    AT_DWELLING = concat!("SELECT ", columns!(), " FROM registration WHERE dwelling_ix = ?1 ORDER BY no LIMIT 60");
    /// The other dwellings of a person.
    ELSEWHERE = "SELECT COUNT(DISTINCT o.dwelling_ix) FROM registration r JOIN registration o ON o.id_ix = r.id_ix \
        WHERE r.no = ?1 AND o.dwelling_ix <> r.dwelling_ix AND o.kind = 'residency' \
        AND o.state IN ('pending', 'verified', 'handed_off')";
    /// An earlier registration of the same person at the same dwelling.
    SAME_HERE = "SELECT MIN(o.no) FROM registration r JOIN registration o ON o.id_ix = r.id_ix \
        WHERE r.no = ?1 AND o.no < r.no AND o.dwelling_ix = r.dwelling_ix AND o.kind = r.kind \
        AND o.state IN ('pending', 'verified', 'handed_off')";
    /// What stands in a state at a place, by due time.
    STANDING = concat!("SELECT ", columns!(), " FROM registration WHERE place = ?1 AND state = ?2 \
        AND (due, no) > (?3, ?4) ORDER BY due, no LIMIT ?5");
    /// What is in a batch.
    IN_BATCH = concat!("SELECT ", columns!(), " FROM registration WHERE batch = ?1 ORDER BY no");
    /// Whose content is to be deleted by now.
    TO_DELETE = "SELECT no FROM registration WHERE delete_at <= ?1 ORDER BY delete_at, no LIMIT ?2";
    /// The next time that something is to be deleted.
    NEXT_DELETION = "SELECT MIN(delete_at) FROM registration WHERE delete_at IS NOT NULL";
    /// How many stand where, at a place.
    COUNTS = "SELECT state, COUNT(*) FROM registration WHERE place = ?1 GROUP BY state";
    /// Sums of a place by week (Monday 1970-01-05 is the beginning of week 0): registered, verified, handed off.
    SUMS = "SELECT (declared_at - ?2) / 604800000, kind, COUNT(*), COUNT(verified_at), COUNT(handed_off_at) \
        FROM registration WHERE place = ?1 AND declared_at >= ?3 AND confirmed_at IS NOT NULL \
        GROUP BY (declared_at - ?2) / 604800000, kind";
    /// What the row says is its last event.
    HEAD = "SELECT head FROM registration WHERE no = ?1";
    /// All numbers after one, for verification.
    NUMBERS = "SELECT no FROM registration WHERE no > ?1 ORDER BY no LIMIT 1000";
}

/// A registration with what lies beside its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As its events make it.
    pub registration: Registration,
    /// The number of who filled the form in; their own for that one.
    pub household: RegistrationId,
    /// Where.
    pub doorway: DoorwayId,
    /// The neighbourhood.
    pub place: PlaceId,
    /// Whose key seals the content; `None` once it is deleted.
    pub person: Option<PersonId>,
    /// What is sealed; `None` once it is deleted.
    pub content: Option<Vec<u8>>,
    /// When the content is to be deleted.
    pub delete_at: Option<Timestamp>,
}

/// A registration with the head of its chain, locked for change.
#[derive(Debug, Clone)]
pub struct Held {
    /// As it stands.
    pub listed: Listed,
    /// The hash of its last event.
    pub head: Hash,
}

/// What is kept of what somebody declared: an envelope, and what it is found by.
#[derive(Debug, Clone, Copy)]
pub struct SealedRow<'a> {
    /// The sealed content.
    pub content: &'a [u8],
    /// Blind index of the document, where one was given.
    pub id: Option<&'a [u8; 16]>,
    /// Blind index of the phone.
    pub phone: &'a [u8; 16],
    /// Blind index of the dwelling.
    pub dwelling: &'a [u8; 16],
}

/// A registration that is to be kept for the first time.
#[derive(Debug, Clone, Copy)]
pub struct Fresh<'a> {
    /// As the first event makes it; the store gives the number.
    pub registration: &'a Registration,
    /// The first event.
    pub first: &'a Recorded,
    /// Who filled the form in, for all others of the household.
    pub household: Option<RegistrationId>,
    /// Where.
    pub doorway: DoorwayId,
    /// The neighbourhood.
    pub place: PlaceId,
    /// Whose key seals the content, and that key, wrapped.
    pub person: (&'a PersonId, &'a [u8]),
    /// The content.
    pub sealed: SealedRow<'a>,
    /// Names the submission; for who filled the form in alone.
    pub submission: Option<&'a [u8; 16]>,
    /// When the content is to be deleted.
    pub delete_at: Option<Timestamp>,
}

fn person(bytes: &[u8]) -> Result<PersonId, StoreError> {
    uuid::Uuid::from_slice(bytes).map(PersonId).map_err(|e| StoreError::Unreadable(e.to_string()))
}

fn read_listed(r: &Row<'_>) -> Result<Listed, StoreError> {
    let no = RegistrationId(r.int(0)?);
    Ok(Listed {
        registration: Registration {
            no,
            kind: r.named(1, Kind::from_key)?,
            state: r.named(2, State::from_key)?,
            since: r.time(3)?,
            declared_at: r.time(4)?,
            due: r.time(5)?,
            form: r.count(6)?,
            failed: r.opt_named(7, FailReason::from_key)?,
            confirmed_at: r.opt_time(8)?,
            verified_at: r.opt_time(9)?,
            batch: r.opt_int(10)?.map(HandOffId),
            handed_off_at: r.opt_time(11)?,
            accepted: r.opt_int(12)?.map(|a| a != 0),
            valid_until: r.opt_int(13)?.map(date_of).transpose()?,
            version: r.count(14)?,
        },
        household: r.opt_int(15)?.map_or(no, RegistrationId),
        doorway: DoorwayId(r.int(16)?),
        place: PlaceId(r.int(17)?),
        person: r.opt_blob(18)?.as_deref().map(person).transpose()?,
        content: r.opt_blob(19)?,
        delete_at: r.opt_time(20)?,
    })
}

/// The JSON of an event, as it is chained.
fn json(event: &Event) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|e| StoreError::Unreadable(e.to_string()))
}

impl Tx<'_> {
    /// Keeps a new registration: its person's key, its row and its first event. The store refuses a submission that
    /// came before.
    pub fn insert_registration(&mut self, f: &Fresh<'_>) -> Result<RegistrationId, StoreError> {
        let r = f.registration;
        self.insert_person(f.person.0, f.person.1, r.declared_at)?;
        let no = self
            .one(
                INSERT,
                args![
                    r.kind.key(),
                    f.household,
                    f.doorway,
                    f.place,
                    r.state.key(),
                    r.since,
                    r.declared_at,
                    r.due,
                    r.form,
                    r.confirmed_at,
                    f.delete_at,
                    &GENESIS,
                    f.person.0,
                    f.sealed.content,
                    f.sealed.id,
                    f.sealed.phone,
                    f.sealed.dwelling,
                    f.submission,
                ],
                |r| r.int(0).map(RegistrationId),
            )?
            .ok_or_else(|| StoreError::Unreadable("a new registration has no number".into()))?;
        let e = f.first;
        let head =
            self.append(Subject::Registration(no.0), e.seq, e.at, e.actor, &json(&e.event)?, &GENESIS)?;
        self.run(BORN, args![e.seq, &head, no])?;
        Ok(no)
    }

    /// One registration, to look at.
    pub fn registration(&mut self, no: RegistrationId) -> Result<Option<Listed>, StoreError> {
        self.one(BY_NO, args![no], read_listed)
    }

    /// One registration, locked until this transaction ends, to be changed.
    pub fn hold_registration(&mut self, no: RegistrationId) -> Result<Option<Held>, StoreError> {
        self.one(FOR_CHANGE, args![no], |r| {
            Ok(Held { listed: read_listed(r)?, head: read_hash(&r.blob(21)?)? })
        })
    }

    /// Appends the events of a decision and writes the state after them, with the new time of deletion.
    pub fn keep_registration(
        &mut self,
        held: Held,
        events: &[Recorded],
        delete_at: impl FnOnce(&Registration) -> Option<Timestamp>,
    ) -> Result<Registration, StoreError> {
        let Held { listed, mut head } = held;
        let mut r = listed.registration;
        for e in events {
            let subject = Subject::Registration(r.no.0);
            head = self.append(subject, e.seq, e.at, e.actor, &json(&e.event)?, &head)?;
            r = apply(r, e);
        }
        self.run(
            UPDATE,
            args![
                r.state.key(),
                r.since,
                r.failed.map(FailReason::key),
                r.confirmed_at,
                r.verified_at,
                r.batch,
                r.handed_off_at,
                r.accepted.map(i64::from),
                r.valid_until.map(day_number),
                delete_at(&r),
                r.version,
                &head,
                r.no,
            ],
        )?;
        if r.state == State::Deleted
            && let Some(person) = listed.person
        {
            self.run(CLEAR, args![r.no])?;
            self.run(DROP_PERSON, args![&person])?;
        }
        Ok(r)
    }

    /// Puts other content in the place of what was corrected.
    pub fn reseal_registration(&mut self, no: RegistrationId, s: &SealedRow<'_>) -> Result<(), StoreError> {
        self.run(RESEAL, args![s.content, s.id, s.phone, s.dwelling, no])?;
        Ok(())
    }

    /// The events of a registration, oldest first.
    pub fn registration_events(&mut self, no: RegistrationId) -> Result<Vec<Recorded>, StoreError> {
        self.history(Subject::Registration(no.0))?
            .into_iter()
            .map(|s| {
                let event = serde_json::from_str(&s.body).map_err(|e| {
                    StoreError::Unreadable(format!("event {} of registration {no}: {e}", s.seq))
                })?;
                Ok(Recorded { seq: s.seq, at: s.at, actor: s.actor, event })
            })
            .collect()
    }

    /// A household by who filled the form in, them first.
    pub fn household(&mut self, first: RegistrationId) -> Result<Vec<Listed>, StoreError> {
        self.all(HOUSEHOLD, args![first], read_listed)
    }

    /// The registration that a submission made when it came before.
    pub fn registration_by_submission(
        &mut self,
        submission: &[u8; 16],
    ) -> Result<Option<RegistrationId>, StoreError> {
        self.one(BY_SUBMISSION, args![submission], |r| r.int(0).map(RegistrationId))
    }

    /// Where the person of a document is registered: number and state, twenty at most.
    pub fn registrations_of_person(
        &mut self,
        id_ix: &[u8; 16],
    ) -> Result<Vec<(RegistrationId, State)>, StoreError> {
        self.all(BY_ID, args![id_ix], |r| Ok((RegistrationId(r.int(0)?), r.named(2, State::from_key)?)))
    }

    /// The households registered with a phone, newest first, each with the state of one of its members.
    pub fn registrations_of_phone(
        &mut self,
        phone_ix: &[u8; 16],
    ) -> Result<Vec<(RegistrationId, State)>, StoreError> {
        let mut all = self.all(BY_PHONE, args![phone_ix], |r| {
            let no = r.int(0)?;
            Ok((RegistrationId(r.opt_int(1)?.unwrap_or(no)), r.named(2, State::from_key)?))
        })?;
        let mut seen = Vec::new();
        all.retain(|(household, _)| {
            let new = !seen.contains(household);
            seen.push(*household);
            new
        });
        Ok(all)
    }

    /// Everything registered at one dwelling, sixty at most.
    pub fn registrations_at(&mut self, dwelling_ix: &[u8; 16]) -> Result<Vec<Listed>, StoreError> {
        self.all(AT_DWELLING, args![dwelling_ix], read_listed)
    }

    /// At how many other dwellings the person of a registration is registered now.
    pub fn registered_elsewhere(&mut self, no: RegistrationId) -> Result<u32, StoreError> {
        Ok(self.one(ELSEWHERE, args![no], |r| r.count(0))?.unwrap_or(0))
    }

    /// An earlier registration of the same person or letting at the same dwelling.
    pub fn registered_here_before(
        &mut self,
        no: RegistrationId,
    ) -> Result<Option<RegistrationId>, StoreError> {
        Ok(self.one(SAME_HERE, args![no], |r| r.opt_int(0))?.flatten().map(RegistrationId))
    }

    /// What stands in a state at a place, by due time, after a registration of that due time.
    pub fn registrations_standing(
        &mut self,
        place: PlaceId,
        state: State,
        after: Option<(Timestamp, RegistrationId)>,
        limit: u32,
    ) -> Result<Vec<Listed>, StoreError> {
        let (due, no) = after.map_or((i64::MIN, i64::MIN), |(due, no)| (due.as_millisecond(), no.0));
        self.all(STANDING, args![place, state.key(), due, no, limit], read_listed)
    }

    /// What was handed off in a batch.
    pub fn registrations_in_batch(&mut self, batch: HandOffId) -> Result<Vec<Listed>, StoreError> {
        self.all(IN_BATCH, args![batch], read_listed)
    }

    /// Registrations whose content is to be deleted by now.
    pub fn registrations_to_delete(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<RegistrationId>, StoreError> {
        self.all(TO_DELETE, args![now, limit], |r| r.int(0).map(RegistrationId))
    }

    /// The next time that content is to be deleted.
    pub fn next_deletion(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.one(NEXT_DELETION, args![], |r| r.opt_time(0))?.flatten())
    }

    /// How many stand in each state at a place.
    pub fn registration_counts(&mut self, place: PlaceId) -> Result<Vec<(State, u32)>, StoreError> {
        self.all(COUNTS, args![place], |r| Ok((r.named(0, State::from_key)?, r.count(1)?)))
    }

    /// Sums of a place since a time, by week counted from `monday`: week, kind, registered, verified, handed off.
    pub fn registration_sums(
        &mut self,
        place: PlaceId,
        monday: Timestamp,
        since: Timestamp,
    ) -> Result<Vec<(i64, Kind, [u32; 3])>, StoreError> {
        self.all(SUMS, args![place, monday, since], |r| {
            Ok((r.int(0)?, r.named(1, Kind::from_key)?, [r.count(2)?, r.count(3)?, r.count(4)?]))
        })
    }

    /// The hash that the row of a registration says is that of its last event.
    pub fn head_of_registration(&mut self, no: RegistrationId) -> Result<Hash, StoreError> {
        self.one(HEAD, args![no], |r| read_hash(&r.blob(0)?))?
            .ok_or_else(|| StoreError::Unreadable(format!("registration {no} has no row")))
    }

    /// The next thousand numbers after one.
    pub fn registration_numbers(&mut self, after: RegistrationId) -> Result<Vec<RegistrationId>, StoreError> {
        self.all(NUMBERS, args![after], |r| r.int(0).map(RegistrationId))
    }
}
