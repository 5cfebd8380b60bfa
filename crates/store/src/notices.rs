//! What was told to whom, and what is still to be carried out of the house.
//!
//! [`Tx::tell`] keeps a notice, once; [`Tx::put_in_box`] lays it into a person's box for a channel, in the same
//! transaction as the step that causes it. Whoever delivers takes boxes that are due, closes a letter, tries,
//! and notes how it went.

use crate::{Row, StoreError, Tx, args};
use domain::notices::{About, Addressee, Channel, Subject, Waiting, What};
use domain::{CaseNo, PlaceId, StaffId, UnitId};
use jiff::Timestamp;

crate::statements! {
    /// Somebody is told something; the same twice is once.
    TELL = "INSERT INTO told (addressee, addressee_id, voice, what, levels, about, about_id, at) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING RETURNING id";
    /// The newest notices of an addressee.
    TOLD = "SELECT what, levels, about, about_id, at FROM told WHERE addressee = ?1 AND addressee_id = ?2 ORDER BY id DESC LIMIT 50";
    /// How a person wants to be rung.
    CHOICE = "SELECT staff, email, hook, quiet_from, quiet_to, digest, lang FROM notice_choice WHERE staff = ?1";
    /// Those of a unit who want to be rung.
    OF_UNIT = "SELECT c.staff, c.email, c.hook, c.quiet_from, c.quiet_to, c.digest, c.lang FROM notice_choice c \
        WHERE EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = c.staff AND r.unit = ?1 AND r.valid_from <= ?2 \
        AND (r.valid_to IS NULL OR r.valid_to > ?2)) ORDER BY c.staff";
    /// Those who have a role for a place, for itself and not for a unit in it.
    OF_PLACE = "SELECT c.staff, c.email, c.hook, c.quiet_from, c.quiet_to, c.digest, c.lang FROM notice_choice c \
        WHERE EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = c.staff AND r.place = ?1 AND r.unit IS NULL \
        AND r.valid_from <= ?2 AND (r.valid_to IS NULL OR r.valid_to > ?2)) ORDER BY c.staff";
    /// A person chooses.
    CHOOSE = "INSERT INTO notice_choice (staff, email, hook, quiet_from, quiet_to, digest, lang) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (staff) DO UPDATE SET email = ?2, hook = ?3, \
        quiet_from = ?4, quiet_to = ?5, digest = ?6, lang = ?7";
    /// Everybody who left something of theirs in a case, or in one that goes on in it, and wants to be told.
    VOICES = "WITH RECURSIVE matter (no) AS (SELECT CAST(?1 AS BIGINT) UNION \
        SELECT c.no FROM cases c JOIN matter m ON c.merged_into = m.no) \
        SELECT v.case_no, v.voice FROM voice v JOIN matter m ON m.no = v.case_no \
        WHERE v.person IS NOT NULL AND NOT EXISTS (SELECT 1 FROM notice_mute q WHERE q.case_no = v.case_no \
        AND q.voice = v.voice) ORDER BY v.case_no, v.voice";
    /// A resident wants no messages.
    MUTE = "INSERT INTO notice_mute (case_no, voice, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    /// A resident wants them again.
    UNMUTE = "DELETE FROM notice_mute WHERE case_no = ?1 AND voice = ?2";
    /// Whether a resident wants none.
    MUTED = "SELECT 1 FROM notice_mute WHERE case_no = ?1 AND voice = ?2";
    /// A box, and that it is to be looked at by then. One that failed keeps its pause.
    BOX = "INSERT INTO notice_box (channel, owner, owner_id, voice, next_at) VALUES (?1, ?2, ?3, ?4, ?5) \
        ON CONFLICT (channel, owner, owner_id, voice) DO UPDATE SET next_at = CASE \
        WHEN notice_box.next_at IS NOT NULL AND (notice_box.attempts > 0 OR notice_box.next_at < excluded.next_at) \
        THEN notice_box.next_at ELSE excluded.next_at END RETURNING id";
    /// A notice in a box.
    PUT = "INSERT INTO outbox (box, told, urgent, ready_at) VALUES (?1, ?2, ?3, ?4)";
    /// When the latest notice of a sort in a person's box was to leave: one that waits, or was written into a letter since.
    LATEST = "SELECT MAX(o.ready_at) FROM notice_box b JOIN outbox o ON o.box = b.id JOIN told t ON t.id = o.told \
        WHERE b.channel = ?1 AND b.owner = ?2 AND b.owner_id = ?3 AND b.voice = ?4 AND t.what = ?5 \
        AND (o.letter IS NULL OR o.letter IN (SELECT l.id FROM letter l WHERE l.box = b.id AND l.made_at >= ?6))";
    /// Boxes of a channel that are due, longest waiting first.
    DUE = "SELECT id, channel, owner, owner_id, voice, attempts, error, next_at FROM notice_box \
        WHERE channel = ?1 AND next_at <= ?2 ORDER BY next_at, id LIMIT ?3";
    /// One box, about to change.
    HOLD = "SELECT id, channel, owner, owner_id, voice, attempts, error, next_at FROM notice_box WHERE id = ?1 /*lock*/";
    /// What waits in a box.
    WAITING = "SELECT id, urgent, ready_at FROM outbox WHERE box = ?1 AND letter IS NULL ORDER BY id";
    /// The letter of a box that has not arrived yet.
    OPEN = "SELECT id, token, urgent, made_at FROM letter WHERE box = ?1 AND ended_at IS NULL ORDER BY id LIMIT 1";
    /// A letter.
    CLOSE = "INSERT INTO letter (box, token, urgent, made_at) VALUES (?1, ?2, ?3, ?4) RETURNING id";
    /// What is in it.
    INTO = "UPDATE outbox SET letter = ?1 WHERE id = ?2";
    /// The notices of a letter, oldest first.
    LINES = "SELECT t.what, t.levels, t.about, t.about_id, t.at FROM outbox o JOIN told t ON t.id = o.told WHERE o.letter = ?1 ORDER BY o.id";
    /// A try, and how it went.
    TRIED = "INSERT INTO letter_try (letter, at, outcome, error) VALUES (?1, ?2, ?3, ?4)";
    /// A letter's end.
    END = "UPDATE letter SET ended_at = ?1, ending = ?2 WHERE id = ?3";
    /// When a box is to be looked at again, and how it stands.
    SET_BOX = "UPDATE notice_box SET next_at = ?1, attempts = ?2, error = ?3 WHERE id = ?4";
    /// A channel is up again: those that pause need not.
    UP = "UPDATE notice_box SET next_at = ?1 WHERE channel = ?2 AND attempts > 0 AND next_at > ?1";
    /// A person chose anew: what waits for them is looked at again.
    LOOK_AGAIN = "UPDATE notice_box SET next_at = ?1 WHERE channel IN ('email', 'hook') AND owner = 'staff' AND owner_id = ?2 \
        AND voice = 0 AND attempts = 0 AND next_at > ?1";
    /// What waits, by channel: boxes, and those of them that failed.
    STATE = "SELECT channel, COUNT(*), MIN(next_at), CAST(SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END) AS BIGINT) \
        FROM notice_box WHERE next_at IS NOT NULL GROUP BY channel ORDER BY channel";
    /// Boxes that failed and come again.
    FAILING = "SELECT id, channel, owner, owner_id, voice, attempts, error, next_at FROM notice_box \
        WHERE next_at IS NOT NULL AND attempts > 0 ORDER BY id LIMIT 100";
    /// The newest tries.
    TRIES = "SELECT t.letter, b.channel, b.owner, t.at, t.outcome, t.error, \
        (SELECT COUNT(*) FROM outbox o WHERE o.letter = t.letter) FROM letter_try t JOIN letter l ON l.id = t.letter \
        JOIN notice_box b ON b.id = l.box ORDER BY t.id DESC LIMIT ?1";
    /// What was told before a time and waits for nobody.
    OLD_TOLD = "DELETE FROM told WHERE at < ?1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.told = told.id)";
    /// Tries of letters that ended before a time.
    OLD_TRIES = "DELETE FROM letter_try WHERE letter IN (SELECT id FROM letter WHERE ended_at < ?1)";
    /// Their notices' places in them.
    OLD_OUTBOX = "DELETE FROM outbox WHERE letter IN (SELECT id FROM letter WHERE ended_at < ?1)";
    /// And they themselves.
    OLD_LETTERS = "DELETE FROM letter WHERE ended_at < ?1";
}

/// A notice as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// What happened.
    pub what: What,
    /// How many levels it has climbed.
    pub levels: u8,
    /// To what.
    pub subject: Subject,
    /// When: the moment that the notice speaks of.
    pub at: Timestamp,
}

/// How a member of staff wants to be rung, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Who.
    pub staff: StaffId,
    /// The sealed e-mail address; none for no e-mail.
    pub email: Option<Vec<u8>>,
    /// The sealed address at the gateway; none for no messages.
    pub hook: Option<Vec<u8>>,
    /// Quiet hours of their own, in minutes of the day; none for those of the rule.
    pub quiet: Option<(u16, u16)>,
    /// How many minutes a burst is gathered; none for the rule's.
    pub digest: Option<u16>,
    /// The language of their letters: `zh`, `en`.
    pub lang: String,
}

/// Whose box it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A member of staff.
    Staff(StaffId),
    /// The resident behind a voice.
    Voice(CaseNo, u16),
}

/// One person's box for one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Its number.
    pub id: i64,
    /// Through which channel.
    pub channel: Channel,
    /// Whose.
    pub owner: Owner,
    /// How often the letter in hand was tried.
    pub attempts: u32,
    /// Why it failed last.
    pub error: Option<String>,
    /// When it is looked at next; never while empty.
    pub next_at: Option<Timestamp>,
}

/// A closed letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// What names it at every try.
    pub token: Vec<u8>,
    /// Whether any of it is urgent.
    pub urgent: bool,
    /// When it was closed.
    pub made_at: Timestamp,
}

/// What waits for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Which channel.
    pub channel: Channel,
    /// How many people wait for something.
    pub waiting: u32,
    /// When the first of them is looked at.
    pub first: Timestamp,
    /// For how many of them a try failed.
    pub failing: u32,
}

/// One try, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// Which letter.
    pub letter: i64,
    /// Through which channel.
    pub channel: Channel,
    /// Whether to a resident.
    pub resident: bool,
    /// When.
    pub at: Timestamp,
    /// How it went: `sent`, `down`, `later`, `refused`, `dropped`.
    pub outcome: String,
    /// Why; no address, no text.
    pub error: Option<String>,
    /// How many notices the letter holds.
    pub notices: u32,
}

fn key(to: Addressee) -> (&'static str, i64, u16) {
    match to {
        Addressee::Unit(id) => ("unit", id.0, 0),
        Addressee::Place(id) => ("place", id.0, 0),
        Addressee::Staff(id) => ("staff", id.0, 0),
        Addressee::Voice { case, voice } => ("voice", case.0, voice),
    }
}

fn owner_key(owner: Owner) -> (&'static str, i64, u16) {
    match owner {
        Owner::Staff(id) => ("staff", id.0, 0),
        Owner::Voice(case, voice) => ("voice", case.0, voice),
    }
}

fn small(n: i64) -> Result<u16, StoreError> {
    u16::try_from(n).map_err(|_| StoreError::Unreadable(format!("{n} is no small number")))
}

fn read_told(r: &Row<'_>) -> Result<Told, StoreError> {
    Ok(Told {
        what: r.named(0, What::from_key)?,
        levels: u8::try_from(r.int(1)?).unwrap_or(u8::MAX),
        subject: Subject { about: r.named(2, About::from_key)?, id: r.int(3)? },
        at: r.time(4)?,
    })
}

fn read_choice(r: &Row<'_>) -> Result<Chosen, StoreError> {
    let quiet = r.opt_int(3)?.zip(r.opt_int(4)?);
    Ok(Chosen {
        staff: StaffId(r.int(0)?),
        email: r.opt_blob(1)?,
        hook: r.opt_blob(2)?,
        quiet: quiet.map(|(from, to)| Ok::<_, StoreError>((small(from)?, small(to)?))).transpose()?,
        digest: r.opt_int(5)?.map(small).transpose()?,
        lang: r.text(6)?,
    })
}

fn read_box(r: &Row<'_>) -> Result<Mailbox, StoreError> {
    Ok(Mailbox {
        id: r.int(0)?,
        channel: r.named(1, Channel::from_key)?,
        owner: match r.text(2)?.as_str() {
            "voice" => Owner::Voice(CaseNo(r.int(3)?), small(r.int(4)?)?),
            _ => Owner::Staff(StaffId(r.int(3)?)),
        },
        attempts: r.count(5)?,
        error: r.opt_text(6)?,
        next_at: r.opt_time(7)?,
    })
}

impl Tx<'_> {
    /// Keeps a notice; `None` if it was told before.
    pub fn tell(&mut self, to: Addressee, told: &Told) -> Result<Option<i64>, StoreError> {
        let (addressee, id, voice) = key(to);
        let Subject { about, id: about_id } = told.subject;
        let levels = u16::from(told.levels);
        self.one(
            TELL,
            args![addressee, id, voice, told.what.key(), levels, about.key(), about_id, told.at],
            |r| r.int(0),
        )
    }

    /// The newest notices of a unit, a place or a person, fifty at most.
    pub fn told(&mut self, to: Addressee) -> Result<Vec<Told>, StoreError> {
        let (addressee, id, _) = key(to);
        self.all(TOLD, args![addressee, id], read_told)
    }

    /// The newest notices of several units, places and people together, each once, in one statement.
    pub fn told_to(&mut self, all: &[Addressee], limit: u32) -> Result<Vec<Told>, StoreError> {
        if all.is_empty() {
            return Ok(vec![]);
        }
        let mut args = vec![crate::Arg::from(limit)];
        let any: Vec<String> = all
            .iter()
            .map(|to| {
                let (addressee, id, _) = key(*to);
                args.extend([crate::Arg::from(addressee), crate::Arg::from(id)]);
                format!("(addressee = ?{} AND addressee_id = ?{})", args.len() - 1, args.len())
            })
            .collect();
        let sql = format!(
            "SELECT DISTINCT what, levels, about, about_id, at FROM told WHERE {} \
             ORDER BY at DESC, about, about_id DESC, what, levels DESC LIMIT ?1",
            any.join(" OR ")
        );
        self.all(&sql, &args, read_told)
    }

    /// How a person wants to be rung; `None` if they never said.
    pub fn choice(&mut self, staff: StaffId) -> Result<Option<Chosen>, StoreError> {
        self.one(CHOICE, args![staff], read_choice)
    }

    /// Those who work for a unit at a time and said how they want to be rung.
    pub fn choices_of_unit(&mut self, unit: UnitId, at: Timestamp) -> Result<Vec<Chosen>, StoreError> {
        self.all(OF_UNIT, args![unit, at], read_choice)
    }

    /// Those who have a role for a place at a time and said how they want to be rung.
    pub fn choices_of_place(&mut self, place: PlaceId, at: Timestamp) -> Result<Vec<Chosen>, StoreError> {
        self.all(OF_PLACE, args![place, at], read_choice)
    }

    /// Keeps how a person wants to be rung; what waits for them is looked at again by that.
    pub fn choose(&mut self, c: &Chosen, now: Timestamp) -> Result<(), StoreError> {
        let (from, to) = (c.quiet.map(|q| q.0), c.quiet.map(|q| q.1));
        let (email, hook) = (c.email.as_deref(), c.hook.as_deref());
        self.run(CHOOSE, args![c.staff, email, hook, from, to, c.digest, &c.lang])?;
        self.run(LOOK_AGAIN, args![now, c.staff])?;
        Ok(())
    }

    /// A resident wants messages about their report, or none; from `at` on.
    pub fn set_muted(
        &mut self,
        case: CaseNo,
        voice: u16,
        muted: bool,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if muted {
            self.run(MUTE, args![case, voice, at])?;
        } else {
            self.run(UNMUTE, args![case, voice])?;
        }
        Ok(())
    }

    /// Whether a resident asked for no messages.
    pub fn is_muted(&mut self, case: CaseNo, voice: u16) -> Result<bool, StoreError> {
        Ok(self.one(MUTED, args![case, voice], |_| Ok(()))?.is_some())
    }

    /// Everybody who left something of theirs in a case, or in one that goes on in it, but for those who asked for
    /// no messages.
    pub fn voices_in_matter(&mut self, no: CaseNo) -> Result<Vec<(CaseNo, u16)>, StoreError> {
        self.all(VOICES, args![no], |r| Ok((CaseNo(r.int(0)?), small(r.int(1)?)?)))
    }

    /// Lays a notice into a person's box for a channel, which is looked at by `next_at`.
    pub fn put_in_box(
        &mut self,
        channel: Channel,
        owner: Owner,
        told: i64,
        w: Waiting,
        next_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (kind, id, voice) = owner_key(owner);
        let found = self.one(BOX, args![channel.key(), kind, id, voice, next_at], |r| r.int(0))?;
        let found = found.ok_or_else(|| StoreError::Unreadable("a box was not made".into()))?;
        self.run(PUT, args![found, told, i64::from(w.urgent), w.ready_at])?;
        Ok(())
    }

    /// When the latest notice of a sort in a person's box was to leave, of those that wait or left in a letter since a moment.
    pub fn latest_in_box(
        &mut self,
        channel: Channel,
        owner: Owner,
        what: What,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let (kind, id, voice) = owner_key(owner);
        let found =
            self.one(LATEST, args![channel.key(), kind, id, voice, what.key(), since], |r| r.opt_time(0))?;
        Ok(found.flatten())
    }

    /// Boxes of a channel that are due, longest waiting first.
    pub fn due_boxes(
        &mut self,
        channel: Channel,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Mailbox>, StoreError> {
        self.all(DUE, args![channel.key(), now, limit], read_box)
    }

    /// One box, held for change.
    pub fn hold_box(&mut self, id: i64) -> Result<Option<Mailbox>, StoreError> {
        self.one(HOLD, args![id], read_box)
    }

    /// What waits in a box, oldest first: number and when it may leave.
    pub fn waiting_in(&mut self, mailbox: i64) -> Result<Vec<(i64, Waiting)>, StoreError> {
        self.all(WAITING, args![mailbox], |r| {
            Ok((r.int(0)?, Waiting { urgent: r.int(1)? != 0, ready_at: r.time(2)? }))
        })
    }

    /// The letter of a box that has not come to its end.
    pub fn open_letter(&mut self, mailbox: i64) -> Result<Option<Letter>, StoreError> {
        self.one(OPEN, args![mailbox], |r| {
            Ok(Letter { id: r.int(0)?, token: r.blob(1)?, urgent: r.int(2)? != 0, made_at: r.time(3)? })
        })
    }

    /// Closes a letter over some of what waits in a box.
    pub fn close_letter(
        &mut self,
        mailbox: i64,
        items: &[i64],
        token: &[u8; 16],
        urgent: bool,
        at: Timestamp,
    ) -> Result<Letter, StoreError> {
        let id = self.one(CLOSE, args![mailbox, token, i64::from(urgent), at], |r| r.int(0))?;
        let id = id.ok_or_else(|| StoreError::Unreadable("a letter was not made".into()))?;
        for item in items {
            self.run(INTO, args![id, *item])?;
        }
        Ok(Letter { id, token: token.to_vec(), urgent, made_at: at })
    }

    /// The notices in a letter, oldest first.
    pub fn letter_lines(&mut self, letter: i64) -> Result<Vec<Told>, StoreError> {
        self.all(LINES, args![letter], read_told)
    }

    /// Notes a try and how it went; `error` holds no address and no text.
    pub fn note_try(
        &mut self,
        letter: i64,
        at: Timestamp,
        outcome: &str,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        self.run(TRIED, args![letter, at, outcome, error])?;
        Ok(())
    }

    /// A letter came to its end: `sent`, `refused` or `dropped`.
    pub fn end_letter(&mut self, letter: i64, ending: &str, at: Timestamp) -> Result<(), StoreError> {
        self.run(END, args![at, ending, letter])?;
        Ok(())
    }

    /// When a box is to be looked at again, how often its letter was tried, and why that failed.
    pub fn set_box(
        &mut self,
        mailbox: i64,
        next_at: Option<Timestamp>,
        attempts: u32,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        self.run(SET_BOX, args![next_at, attempts, error, mailbox])?;
        Ok(())
    }

    /// A channel is up again: boxes that pause after a failure are due now.
    pub fn channel_is_up(&mut self, channel: Channel, now: Timestamp) -> Result<u64, StoreError> {
        self.run(UP, args![now, channel.key()])
    }

    /// What waits, by channel.
    pub fn queues(&mut self) -> Result<Vec<Queue>, StoreError> {
        self.all(STATE, args![], |r| {
            Ok(Queue {
                channel: r.named(0, Channel::from_key)?,
                waiting: r.count(1)?,
                first: r.time(2)?,
                failing: r.count(3)?,
            })
        })
    }

    /// Boxes for which a try failed, a hundred at most.
    pub fn failing_boxes(&mut self) -> Result<Vec<Mailbox>, StoreError> {
        self.all(FAILING, args![], read_box)
    }

    /// The newest tries.
    pub fn tries(&mut self, limit: u32) -> Result<Vec<Try>, StoreError> {
        self.all(TRIES, args![limit], |r| {
            Ok(Try {
                letter: r.int(0)?,
                channel: r.named(1, Channel::from_key)?,
                resident: r.text(2)? == "voice",
                at: r.time(3)?,
                outcome: r.text(4)?,
                error: r.opt_text(5)?,
                notices: r.count(6)?,
            })
        })
    }

    /// Forgets notices older than a time, and letters that ended before it. What still waits stays.
    pub fn sweep_notices(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run(OLD_TRIES, args![before])?;
        self.run(OLD_OUTBOX, args![before])?;
        self.run(OLD_LETTERS, args![before])?;
        self.run(OLD_TOLD, args![before])
    }
}
