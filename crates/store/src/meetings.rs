//! The precincts' meetings: minutes are events; a row says when and whose.

use crate::cases::{date_of, day_number};
use crate::events::{GENESIS, Hash, Subject, read_hash};
use crate::{StoreError, Tx, args};
use domain::meetings::{Meeting, MeetingEvent, Recorded, apply, rebuild};
use domain::{MeetingId, PlaceId};
use jiff::Timestamp;
use jiff::civil::Date;

crate::statements! {
    /// A new meeting; the store gives the number.
    INSERT = "INSERT INTO meeting (place, held_on, decisions, version, head) VALUES (?1, ?2, 0, 0, ?3) RETURNING id";
    /// The row after a step.
    UPDATE = "UPDATE meeting SET closed_at = ?1, decisions = ?2, version = ?3, head = ?4 WHERE id = ?5";
    /// The head of its chain, locked until this transaction ends.
    HOLD = "SELECT head FROM meeting WHERE id = ?1 /*lock*/";
    /// The meetings of a place, newest first.
    OF_PLACE = "SELECT id, held_on, closed_at, decisions FROM meeting WHERE place = ?1 ORDER BY id DESC LIMIT 50";
}

/// A meeting in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRow {
    /// Its number.
    pub id: MeetingId,
    /// On which day.
    pub on: Date,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// How many decisions.
    pub decisions: u32,
}

/// A meeting with the head of its chain, locked for change.
#[derive(Debug, Clone)]
pub struct HeldMeeting {
    /// The meeting as it stands.
    pub meeting: Meeting,
    /// The hash of its last event.
    pub head: Hash,
}

fn event_json(event: &MeetingEvent) -> Result<String, StoreError> {
    serde_json::to_string(event).map_err(|e| StoreError::Unreadable(e.to_string()))
}

impl Tx<'_> {
    /// Opens a meeting: `first` is made once its number is known.
    pub fn begin_meeting(
        &mut self,
        place: PlaceId,
        on: Date,
        first: &Recorded,
    ) -> Result<MeetingId, StoreError> {
        let id = self
            .one(INSERT, args![place, day_number(on), &GENESIS], |r| r.int(0))?
            .ok_or_else(|| StoreError::Unreadable("a new meeting has no number".into()))?;
        let subject = Subject::Meeting(id);
        let head =
            self.append(subject, first.seq, first.at, first.actor, &event_json(&first.event)?, &GENESIS)?;
        self.run(UPDATE, args![None::<i64>, 0_u32, first.seq, &head, MeetingId(id)])?;
        Ok(MeetingId(id))
    }

    /// A meeting as its events have it; `None` if there is none.
    pub fn meeting(&mut self, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
        let events = self
            .history(Subject::Meeting(id.0))?
            .into_iter()
            .map(|s| {
                let event = serde_json::from_str(&s.body)
                    .map_err(|e| StoreError::Unreadable(format!("event {} of meeting {id}: {e}", s.seq)))?;
                Ok(Recorded { seq: s.seq, at: s.at, actor: s.actor, event })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(rebuild(id, &events))
    }

    /// A meeting, locked until this transaction ends, to be changed.
    pub fn hold_meeting(&mut self, id: MeetingId) -> Result<Option<HeldMeeting>, StoreError> {
        let Some(head) = self.one(HOLD, args![id], |r| read_hash(&r.blob(0)?))? else { return Ok(None) };
        Ok(self.meeting(id)?.map(|meeting| HeldMeeting { meeting, head }))
    }

    /// Appends an event and writes the row after it.
    pub fn keep_meeting(&mut self, held: HeldMeeting, e: &Recorded) -> Result<HeldMeeting, StoreError> {
        let HeldMeeting { meeting, head } = held;
        let subject = Subject::Meeting(meeting.id.0);
        let head = self.append(subject, e.seq, e.at, e.actor, &event_json(&e.event)?, &head)?;
        let meeting = apply(meeting, e);
        let decisions = u32::try_from(meeting.decisions.len()).unwrap_or(u32::MAX);
        self.run(UPDATE, args![meeting.closed_at, decisions, meeting.version, &head, meeting.id])?;
        Ok(HeldMeeting { meeting, head })
    }

    /// The meetings of a place, newest first, fifty at most.
    pub fn meetings(&mut self, place: PlaceId) -> Result<Vec<MeetingRow>, StoreError> {
        self.all(OF_PLACE, args![place], |r| {
            Ok(MeetingRow {
                id: MeetingId(r.int(0)?),
                on: date_of(r.int(1)?)?,
                closed_at: r.opt_time(2)?,
                decisions: r.count(3)?,
            })
        })
    }
}
