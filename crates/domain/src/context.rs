//! Where time, chance and the acting person come in (invariant 9).

use crate::{PersonId, StaffId, UnitId};
use jiff::Timestamp;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;

/// Who does something. Written into every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A resident, known by their link alone.
    Resident,
    /// A member of staff, with the unit they act for.
    Staff {
        /// Who.
        id: StaffId,
        /// For which unit; `None` for those who act for a territory or the district.
        unit: Option<UnitId>,
    },
    /// The program itself: a clock that ran out, a nightly job.
    System,
}

/// One moment, one actor, one seeded stream of chance. The same context and the same input give the same
/// output, to the bit.
pub struct Context {
    /// The moment of the change; every event of one command carries it.
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    chance: RefCell<ChaCha12Rng>,
}

impl Context {
    /// A context at `now` for `actor`; in production the shell draws `seed` from the operating system.
    pub fn new(now: Timestamp, actor: Actor, seed: [u8; 32]) -> Self {
        Context { now, actor, chance: RefCell::new(ChaCha12Rng::from_seed(seed)) }
    }

    /// Fills `out` with unguessable bytes.
    pub fn fill(&self, out: &mut [u8]) {
        self.chance.borrow_mut().fill_bytes(out);
    }

    /// `N` unguessable bytes, for tokens, nonces and secrets.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A new person's id (UUID v7: sorted by time, so that rows lie together).
    pub fn new_person(&self) -> PersonId {
        let millis = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        PersonId(uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }
}
