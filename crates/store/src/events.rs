//! The history: append-only, hash-chained by subject.

use crate::{StoreError, Tx, args};
use domain::Actor;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A case, by number.
    Case(i64),
    /// A doorway's codes, by doorway.
    Codes(i64),
    /// A doorway's dwellings, by doorway.
    Dwellings(i64),
    /// A member of staff and their rights.
    Staff(i64),
    /// The roster: places, doorways, units, duties.
    Roster(i64),
    /// A problem with its plan and whistles.
    Problem(i64),
    /// A precinct's meeting.
    Meeting(i64),
    /// A registration, by number.
    Registration(i64),
    /// A batch of registrations handed off, by number.
    HandOff(i64),
    /// The forms of one kind of registration: 1 residency, 2 tenancy.
    Form(i64),
    /// A draft of precincts, by number.
    Draft(i64),
}

impl Subject {
    /// The stable name of its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Subject::Case(_) => "case",
            Subject::Codes(_) => "codes",
            Subject::Dwellings(_) => "dwellings",
            Subject::Staff(_) => "staff",
            Subject::Roster(_) => "roster",
            Subject::Problem(_) => "problem",
            Subject::Meeting(_) => "meeting",
            Subject::Registration(_) => "registration",
            Subject::HandOff(_) => "hand_off",
            Subject::Form(_) => "form",
            Subject::Draft(_) => "precinct_draft",
        }
    }

    /// Its number.
    pub fn id(self) -> i64 {
        match self {
            Subject::Case(id)
            | Subject::Codes(id)
            | Subject::Dwellings(id)
            | Subject::Staff(id)
            | Subject::Roster(id)
            | Subject::Problem(id)
            | Subject::Meeting(id)
            | Subject::Registration(id)
            | Subject::HandOff(id)
            | Subject::Form(id)
            | Subject::Draft(id) => id,
        }
    }
}

/// The hash of an event, which the next one of its subject is chained to.
pub type Hash = [u8; 32];

/// What the first event of a subject is chained to.
pub const GENESIS: Hash = [0; 32];

crate::statements! {
    /// Appends one event.
    INSERT = "INSERT INTO event (subject, subject_id, seq, at, actor, body, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// The newest event of a subject, which the next is chained to.
    HEAD = "SELECT seq, hash FROM event WHERE subject = ?1 AND subject_id = ?2 ORDER BY seq DESC LIMIT 1";
    /// A subject's whole history.
    HISTORY = "SELECT seq, at, actor, body FROM event WHERE subject = ?1 AND subject_id = ?2 ORDER BY seq";
    /// Who acted in a subject after an event.
    ACTORS_AFTER = "SELECT actor FROM event WHERE subject = ?1 AND subject_id = ?2 AND seq > ?3";
    /// The newest events before one.
    NEWEST = "SELECT id, subject, subject_id, seq, at, actor, body, hash FROM event WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
    /// The next thousand events in the order of writing.
    WALK = "SELECT id, subject, subject_id, seq, at, actor, body, hash FROM event WHERE id > ?1 ORDER BY id LIMIT 1000";
}

/// An event as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// 1 for the subject's first.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: Actor,
    /// What, as JSON.
    pub body: String,
}

/// The hash of an event: SHA-256 over the previous hash and every field, each text with its length, so that
/// no two different events read the same.
pub fn hash(previous: &Hash, subject: (&str, i64), seq: u32, at_ms: i64, actor: &str, body: &str) -> Hash {
    let mut h = Sha256::new();
    h.update(previous);
    for text in [subject.0, actor, body] {
        h.update((text.len() as u64).to_be_bytes());
        h.update(text.as_bytes());
    }
    h.update(subject.1.to_be_bytes());
    h.update(seq.to_be_bytes());
    h.update(at_ms.to_be_bytes());
    h.finalize().into()
}

/// An actor as text: `resident`, `system`, `staff:17`, `staff:17@42` (unit 42).
pub fn actor_text(actor: Actor) -> String {
    match actor {
        Actor::Resident => "resident".into(),
        Actor::System => "system".into(),
        Actor::Staff { id, unit: None } => format!("staff:{id}"),
        Actor::Staff { id, unit: Some(unit) } => format!("staff:{id}@{unit}"),
    }
}

/// Reads [`actor_text`].
pub fn parse_actor(text: &str) -> Option<Actor> {
    match text {
        "resident" => return Some(Actor::Resident),
        "system" => return Some(Actor::System),
        _ => {}
    }
    let rest = text.strip_prefix("staff:")?;
    match rest.split_once('@') {
        None => Some(Actor::Staff { id: rest.parse().ok()?, unit: None }),
        Some((id, unit)) => Some(Actor::Staff { id: id.parse().ok()?, unit: Some(unit.parse().ok()?) }),
    }
}

impl Tx<'_> {
    /// Appends one event of a subject, chained to `previous`; returns its hash.
    pub fn append(
        &mut self,
        subject: Subject,
        seq: u32,
        at: Timestamp,
        actor: Actor,
        body: &str,
        previous: &Hash,
    ) -> Result<Hash, StoreError> {
        let actor = actor_text(actor);
        let at_ms = at.as_millisecond();
        let hash = hash(previous, (subject.kind(), subject.id()), seq, at_ms, &actor, body);
        self.run(INSERT, args![subject.kind(), subject.id(), seq, at_ms, &actor, body, &hash])?;
        Ok(hash)
    }

    /// Appends one event to a subject whose head is not at hand (codes, staff, rosters).
    pub fn append_next(
        &mut self,
        subject: Subject,
        at: Timestamp,
        actor: Actor,
        body: &str,
    ) -> Result<Hash, StoreError> {
        let head = self
            .one(HEAD, args![subject.kind(), subject.id()], |r| Ok((r.count(0)?, read_hash(&r.blob(1)?)?)))?;
        let (seq, previous) = head.unwrap_or((0, GENESIS));
        self.append(subject, seq + 1, at, actor, body, &previous)
    }

    /// A subject's history, oldest first.
    pub fn history(&mut self, subject: Subject) -> Result<Vec<Stored>, StoreError> {
        self.all(HISTORY, args![subject.kind(), subject.id()], |r| {
            let actor = r.text(2)?;
            Ok(Stored {
                seq: r.count(0)?,
                at: r.time(1)?,
                actor: parse_actor(&actor)
                    .ok_or_else(|| StoreError::Unreadable(format!("actor {actor:?}")))?,
                body: r.text(3)?,
            })
        })
    }

    /// Who acted in a subject after its event `seq`.
    pub fn actors_after(&mut self, subject: Subject, seq: u32) -> Result<Vec<Actor>, StoreError> {
        self.all(ACTORS_AFTER, args![subject.kind(), subject.id(), seq], |r| r.named(0, parse_actor))
    }
}

/// One event in the order of writing, as `verify` walks them.
#[derive(Debug, Clone)]
pub struct Walked {
    /// Its number in the order of writing.
    pub id: i64,
    /// What kind of subject.
    pub subject: String,
    /// Which.
    pub subject_id: i64,
    /// Its number within the subject.
    pub seq: u32,
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// By whom, as text.
    pub actor: String,
    /// What, as JSON.
    pub body: String,
    /// What it hashes to, as written down then.
    pub hash: Hash,
}

fn walked(r: &crate::Row<'_>) -> Result<Walked, StoreError> {
    Ok(Walked {
        id: r.int(0)?,
        subject: r.text(1)?,
        subject_id: r.int(2)?,
        seq: r.count(3)?,
        at_ms: r.int(4)?,
        actor: r.text(5)?,
        body: r.text(6)?,
        hash: read_hash(&r.blob(7)?)?,
    })
}

impl Tx<'_> {
    /// The next thousand events after `id`, in the order of writing.
    pub fn walk_events(&mut self, after: i64) -> Result<Vec<Walked>, StoreError> {
        self.all(WALK, args![after], walked)
    }

    /// The newest events before `id`, newest first.
    pub fn newest_events(&mut self, before: i64, limit: u32) -> Result<Vec<Walked>, StoreError> {
        self.all(NEWEST, args![before, limit], walked)
    }
}

pub(crate) fn read_hash(bytes: &[u8]) -> Result<Hash, StoreError> {
    bytes.try_into().map_err(|_| StoreError::Unreadable(format!("a hash of {} bytes", bytes.len())))
}
