//! What stands around registrations: phone codes, published forms, who looked, and receipts of hand-offs.

use crate::{StoreError, Tx, args};
use domain::registrations::Kind;
use domain::{HandOffId, PlaceId, RegistrationId, StaffId};
use jiff::Timestamp;

crate::statements! {
    /// A code waits for a phone; a newer one takes the place of an older.
    CODE = "INSERT INTO phone_code (phone_ix, code, sent_at, ends_at, tries, sent) VALUES (?1, ?2, ?3, ?4, 0, ?5) \
        ON CONFLICT (phone_ix) DO UPDATE SET code = ?2, sent_at = ?3, ends_at = ?4, tries = 0, sent = ?5";
    /// The code that waits for a phone.
    WAITING = "SELECT code, sent_at, ends_at, tries, sent FROM phone_code WHERE phone_ix = ?1 /*lock*/";
    /// One more try.
    TRIED = "UPDATE phone_code SET tries = tries + 1 WHERE phone_ix = ?1";
    /// A code that fitted fits no second time.
    USED = "DELETE FROM phone_code WHERE phone_ix = ?1";
    /// Codes of yesterday.
    SWEEP_CODES = "DELETE FROM phone_code WHERE ends_at < ?1";
    /// A form is published.
    PUBLISH = "INSERT INTO form (kind, version, body, published_at) VALUES (?1, ?2, ?3, ?4)";
    /// The newest form of a kind.
    NEWEST = "SELECT body FROM form WHERE kind = ?1 ORDER BY version DESC LIMIT 1";
    /// A form as it was shown once.
    VERSION = "SELECT body FROM form WHERE kind = ?1 AND version = ?2";
    /// Somebody looked.
    LOOK = "INSERT INTO registration_look (registration, staff, place, purpose, outside, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Who looked at one registration.
    LOOKS = "SELECT registration, staff, place, purpose, outside, at FROM registration_look WHERE registration = ?1 \
        ORDER BY id DESC LIMIT 100";
    /// Who looked from outside at those of a place.
    LOOKS_OUTSIDE = "SELECT registration, staff, place, purpose, outside, at FROM registration_look \
        WHERE place = ?1 AND outside = 1 ORDER BY at DESC LIMIT 100";
    /// A batch is handed off.
    HAND_OFF = "INSERT INTO hand_off (kind, place, authority, basis, staff, at, records, digest, signature, accepted, refused) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, 0, 0) RETURNING no";
    /// What was in it, once it is known.
    CLOSE_BATCH = "UPDATE hand_off SET records = ?1, digest = ?2, signature = ?3 WHERE no = ?4";
    /// The authority answered.
    ANSWERED = "UPDATE hand_off SET answered_at = ?1, accepted = accepted + ?2, refused = refused + ?3 WHERE no = ?4";
    /// One receipt.
    RECEIPT = "SELECT no, kind, place, authority, basis, staff, at, records, digest, signature, answered_at, accepted, refused \
        FROM hand_off WHERE no = ?1";
    /// The newest receipts.
    RECEIPTS = "SELECT no, kind, place, authority, basis, staff, at, records, digest, signature, answered_at, accepted, refused \
        FROM hand_off ORDER BY no DESC LIMIT ?1";
    /// Receipts older than a time.
    SWEEP_RECEIPTS = "DELETE FROM hand_off WHERE at < ?1";
}

/// A code that waits for a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The keyed digest of the code.
    pub code: Vec<u8>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Until when it fits.
    pub ends_at: Timestamp,
    /// How often a wrong one was given.
    pub tries: u32,
    /// How many were sent to this phone one after the other.
    pub sent: u32,
}

/// Somebody looked at a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// At which.
    pub registration: RegistrationId,
    /// Who.
    pub staff: StaffId,
    /// The neighbourhood that it is of.
    pub place: PlaceId,
    /// What for.
    pub purpose: String,
    /// Whether from outside that neighbourhood.
    pub outside: bool,
    /// When.
    pub at: Timestamp,
}

/// The receipt of a hand-off: who, when, to whom, how many, and the digest. Nothing personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number.
    pub no: HandOffId,
    /// Of which registration.
    pub kind: Kind,
    /// For which place; `None` for the whole district.
    pub place: Option<PlaceId>,
    /// To whom.
    pub authority: String,
    /// Under which law.
    pub basis: String,
    /// By whom; `None` from the command line.
    pub staff: Option<StaffId>,
    /// When.
    pub at: Timestamp,
    /// How many registrations.
    pub records: u32,
    /// SHA-256 of the batch as CSV.
    pub digest: Vec<u8>,
    /// The district's keyed signature of that.
    pub signature: Vec<u8>,
    /// When the authority answered last.
    pub answered_at: Option<Timestamp>,
    /// How many it took.
    pub accepted: u32,
    /// How many it did not.
    pub refused: u32,
}

fn look(r: &crate::Row<'_>) -> Result<Look, StoreError> {
    Ok(Look {
        registration: RegistrationId(r.int(0)?),
        staff: StaffId(r.int(1)?),
        place: PlaceId(r.int(2)?),
        purpose: r.text(3)?,
        outside: r.int(4)? != 0,
        at: r.time(5)?,
    })
}

fn receipt(r: &crate::Row<'_>) -> Result<Receipt, StoreError> {
    Ok(Receipt {
        no: HandOffId(r.int(0)?),
        kind: r.named(1, Kind::from_key)?,
        place: r.opt_int(2)?.map(PlaceId),
        authority: r.text(3)?,
        basis: r.text(4)?,
        staff: r.opt_int(5)?.map(StaffId),
        at: r.time(6)?,
        records: r.count(7)?,
        digest: r.blob(8)?,
        signature: r.blob(9)?,
        answered_at: r.opt_time(10)?,
        accepted: r.count(11)?,
        refused: r.count(12)?,
    })
}

impl Tx<'_> {
    /// Keeps the digest of a code that was sent; `sent` counts those to this phone.
    pub fn keep_phone_code(
        &mut self,
        phone_ix: &[u8; 16],
        code: &[u8],
        at: Timestamp,
        ends_at: Timestamp,
        sent: u32,
    ) -> Result<(), StoreError> {
        self.run(CODE, args![phone_ix, code, at, ends_at, sent])?;
        Ok(())
    }

    /// The code that waits for a phone, locked until this transaction ends.
    pub fn phone_code(&mut self, phone_ix: &[u8; 16]) -> Result<Option<Waiting>, StoreError> {
        self.one(WAITING, args![phone_ix], |r| {
            Ok(Waiting {
                code: r.blob(0)?,
                sent_at: r.time(1)?,
                ends_at: r.time(2)?,
                tries: r.count(3)?,
                sent: r.count(4)?,
            })
        })
    }

    /// A wrong code was given.
    pub fn phone_code_tried(&mut self, phone_ix: &[u8; 16]) -> Result<(), StoreError> {
        self.run(TRIED, args![phone_ix])?;
        Ok(())
    }

    /// The right code was given; it fits no second time.
    pub fn phone_code_used(&mut self, phone_ix: &[u8; 16]) -> Result<(), StoreError> {
        self.run(USED, args![phone_ix])?;
        Ok(())
    }

    /// Forgets codes that ended before a time.
    pub fn sweep_phone_codes(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run(SWEEP_CODES, args![before])
    }

    /// Keeps a published form for ever.
    pub fn insert_form(
        &mut self,
        kind: Kind,
        version: u32,
        body: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(PUBLISH, args![kind.key(), version, body, at])?;
        Ok(())
    }

    /// The newest form of a kind, as JSON.
    pub fn newest_form(&mut self, kind: Kind) -> Result<Option<String>, StoreError> {
        self.one(NEWEST, args![kind.key()], |r| r.text(0))
    }

    /// One version of a form, as JSON: what somebody was shown.
    pub fn form(&mut self, kind: Kind, version: u32) -> Result<Option<String>, StoreError> {
        self.one(VERSION, args![kind.key(), version], |r| r.text(0))
    }

    /// Notes who looked, and what for.
    pub fn note_registration_look(&mut self, l: &Look) -> Result<(), StoreError> {
        self.run(LOOK, args![l.registration, l.staff, l.place, &l.purpose, i64::from(l.outside), l.at])?;
        Ok(())
    }

    /// Who looked at a registration, newest first.
    pub fn registration_looks(&mut self, no: RegistrationId) -> Result<Vec<Look>, StoreError> {
        self.all(LOOKS, args![no], look)
    }

    /// Who looked from outside at those of a place, newest first.
    pub fn outside_looks(&mut self, place: PlaceId) -> Result<Vec<Look>, StoreError> {
        self.all(LOOKS_OUTSIDE, args![place], look)
    }

    /// Begins a batch; the store gives the number.
    pub fn begin_hand_off(
        &mut self,
        kind: Kind,
        place: Option<PlaceId>,
        authority: &str,
        basis: &str,
        staff: Option<StaffId>,
        at: Timestamp,
    ) -> Result<HandOffId, StoreError> {
        let nothing: &[u8] = &[];
        self.one(HAND_OFF, args![kind.key(), place, authority, basis, staff, at, nothing], |r| r.int(0))?
            .map(HandOffId)
            .ok_or_else(|| StoreError::Unreadable("a new batch has no number".into()))
    }

    /// Ends a batch with how many, the digest, and the signature.
    pub fn close_hand_off(
        &mut self,
        no: HandOffId,
        records: u32,
        digest: &[u8; 32],
        signature: &[u8; 32],
    ) -> Result<(), StoreError> {
        self.run(CLOSE_BATCH, args![records, digest, signature, no])?;
        Ok(())
    }

    /// Adds what the authority answered to the receipt.
    pub fn hand_off_answered(
        &mut self,
        no: HandOffId,
        at: Timestamp,
        accepted: u32,
        refused: u32,
    ) -> Result<(), StoreError> {
        self.run(ANSWERED, args![at, accepted, refused, no])?;
        Ok(())
    }

    /// One receipt.
    pub fn receipt(&mut self, no: HandOffId) -> Result<Option<Receipt>, StoreError> {
        self.one(RECEIPT, args![no], receipt)
    }

    /// The newest receipts.
    pub fn receipts(&mut self, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        self.all(RECEIPTS, args![limit], receipt)
    }

    /// Forgets receipts older than a time.
    pub fn sweep_receipts(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.run(SWEEP_RECEIPTS, args![before])
    }
}
