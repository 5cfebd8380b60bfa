//! Daily seals: a Merkle root over all events of a day, chained to the day before.
//!
//! A chain by subject shows that an event was changed; it cannot show that a whole subject vanished. The
//! seal of its day does: the root is over the hashes of all events in the order of writing (RFC 6962 §2.1:
//! leaves and nodes are hashed with different prefixes).

use crate::events::{Hash, read_hash};
use crate::{StoreError, Tx, args};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

crate::statements! {
    /// The newest seal.
    LAST = "SELECT day, first_event, last_event, events, root, previous, sealed_at FROM seal ORDER BY day DESC LIMIT 1";
    /// All seals.
    ALL = "SELECT day, first_event, last_event, events, root, previous, sealed_at FROM seal ORDER BY day";
    /// A new one.
    INSERT = "INSERT INTO seal (day, first_event, last_event, events, root, previous, sealed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// The last event, in the order of writing, that happened before a time.
    END = "SELECT id FROM event WHERE at < ?1 ORDER BY id DESC LIMIT 1";
    /// The hashes of the events from one to another, in the order of writing.
    HASHES = "SELECT id, hash FROM event WHERE id > ?1 AND id <= ?2 ORDER BY id";
}

/// The seal of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Days since 1970, in the district's own time.
    pub day: i64,
    /// The first event under it, in the order of writing.
    pub first_event: i64,
    /// The last.
    pub last_event: i64,
    /// How many.
    pub events: u32,
    /// The Merkle root over their hashes and over [`Seal::previous`].
    pub root: Hash,
    /// The root of the seal before.
    pub previous: Hash,
    /// When it was made.
    pub sealed_at: Timestamp,
}

/// The Merkle root of a list of hashes (RFC 6962 §2.1), without holding more than its logarithm.
#[derive(Debug, Default, Clone)]
pub struct Merkle {
    /// One hash for each one bit of the number of leaves, the highest first, with its height.
    peaks: Vec<(u32, Hash)>,
}

impl Merkle {
    /// Adds the next leaf.
    pub fn push(&mut self, leaf: &Hash) {
        let mut node = (0, Hash::from(Sha256::new().chain_update([0]).chain_update(leaf).finalize()));
        while let Some((_, left)) = self.peaks.pop_if(|p| p.0 == node.0) {
            node = (node.0 + 1, pair(&left, &node.1));
        }
        self.peaks.push(node);
    }

    /// The root; of nothing, the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some((_, last)) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(*last, |right, (_, left)| pair(left, &right))
    }
}

fn pair(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

fn read(r: &crate::Row<'_>) -> Result<Seal, StoreError> {
    Ok(Seal {
        day: r.int(0)?,
        first_event: r.int(1)?,
        last_event: r.int(2)?,
        events: r.count(3)?,
        root: read_hash(&r.blob(4)?)?,
        previous: read_hash(&r.blob(5)?)?,
        sealed_at: r.time(6)?,
    })
}

impl Tx<'_> {
    /// All seals, oldest first.
    pub fn seals(&mut self) -> Result<Vec<Seal>, StoreError> {
        self.all(ALL, args![], read)
    }

    /// Seals every event not yet sealed up to the last that happened before `before`, under the name of
    /// `day`. The order of writing decides, so a clock that was set back leaves no event out. Nothing happens
    /// when that day is sealed already or nothing is new.
    pub fn seal_day(
        &mut self,
        day: i64,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Seal>, StoreError> {
        let last = self.one(LAST, args![], read)?;
        if last.as_ref().is_some_and(|s| s.day >= day) {
            return Ok(None);
        }
        let (after, previous) = last.map_or((0, crate::events::GENESIS), |s| (s.last_event, s.root));
        let mut tree = Merkle::default();
        tree.push(&previous);
        let Some(end) = self.one(END, args![before], |r| r.int(0))? else { return Ok(None) };
        let hashes = self.all(HASHES, args![after, end], |r| Ok((r.int(0)?, read_hash(&r.blob(1)?)?)))?;
        for (_, hash) in &hashes {
            tree.push(hash);
        }
        let (Some(first), Some(end)) = (hashes.first(), hashes.last()) else { return Ok(None) };
        let seal = Seal {
            day,
            first_event: first.0,
            last_event: end.0,
            events: u32::try_from(hashes.len()).unwrap_or(u32::MAX),
            root: tree.root(),
            previous,
            sealed_at: now,
        };
        self.run(
            INSERT,
            args![seal.day, seal.first_event, seal.last_event, seal.events, &seal.root, &seal.previous, now],
        )?;
        Ok(Some(seal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => Sha256::new().chain_update([0]).chain_update(one).finalize().into(),
            many => {
                let split = many.len().next_power_of_two() / 2;
                let (a, b) = many.split_at(split);
                pair(&plain(a), &plain(b))
            }
        }
    }

    proptest! {
        /// The root without memory is the root by the definition.
        #[test]
        fn the_root_is_that_of_the_rfc(leaves in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
            let mut tree = Merkle::default();
            leaves.iter().for_each(|l| tree.push(l));
            prop_assert_eq!(tree.root(), plain(&leaves));
        }
    }
}
