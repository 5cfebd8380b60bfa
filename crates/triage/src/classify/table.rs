//! From keys to numbers: a sieve that stays near the processor tells of most keys that nobody knows them; what
//! passes is looked for by open addressing.

/// A table of numbers by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// A key and its number, together so that they are one look.
    slots: Vec<(u32, u32)>,
    shift: u32,
    /// Words of bits of which each key sets two: a key whose two are not both set is not in the table.
    sieve: Vec<u64>,
    sieve_shift: u32,
}

const FREE: u32 = u32::MAX;

/// The sieve has so many bits a key at least: one unknown key in thirty passes.
const SIEVE: usize = 8;

impl Table {
    /// The number of each key is its position in the list.
    pub(crate) fn of(keys: &[u32]) -> Table {
        let entries: Vec<(u32, u32)> = keys.iter().copied().zip(0..).collect();
        Table::with(entries.into_iter())
    }

    /// With a number for each key, less than `u32::MAX`.
    pub(crate) fn with(entries: impl ExactSizeIterator<Item = (u32, u32)>) -> Table {
        let many = entries.len();
        let bits = (many * 4 / 3).max(15).next_power_of_two().trailing_zeros();
        let words = (many * SIEVE / 64).max(2).next_power_of_two().trailing_zeros();
        let mut table = Table {
            slots: vec![(0, FREE); 1 << bits],
            shift: 32 - bits,
            sieve: vec![0; 1 << words],
            sieve_shift: 32 - words,
        };
        for (key, number) in entries {
            let (word, both) = table.sieved(key);
            table.sieve[word] |= both;
            let mut at = table.start(key);
            while table.slots[at].1 != FREE {
                at = (at + 1) & (table.slots.len() - 1);
            }
            table.slots[at] = (key, number);
        }
        table
    }

    #[inline]
    fn start(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    /// The word of the sieve and the two bits in it of a key.
    #[inline]
    fn sieved(&self, key: u32) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x85eb_ca6b);
        ((mixed >> self.sieve_shift) as usize, 1 << (mixed & 63) | 1 << (mixed >> 6 & 63))
    }

    /// The number of a key.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> Option<u32> {
        if self.may_have(key) { self.find(key, self.first(key)) } else { None }
    }

    /// Whether the sieve lets a key pass: most that are not in the table it does not.
    #[inline]
    pub(crate) fn may_have(&self, key: u32) -> bool {
        let (word, both) = self.sieved(key);
        self.sieve.get(word).is_some_and(|bits| bits & both == both)
    }

    /// Where a key stands, if no other took its slot before it: what [`Table::find`] goes on from. Asked for many keys
    /// before the first is looked at, their lines of memory come at once.
    #[inline]
    pub(crate) fn first(&self, key: u32) -> (u32, u32) {
        self.slots.get(self.start(key)).copied().unwrap_or((0, FREE))
    }

    /// The number of a key that the sieve has let pass, with what stands in its first slot.
    #[inline]
    pub(crate) fn find(&self, key: u32, first: (u32, u32)) -> Option<u32> {
        let (mut found, mut number) = first;
        let mut at = self.start(key);
        while found != key || number == FREE {
            if number == FREE {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
            (found, number) = self.slots[at];
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Every key has its number, and no other key has one.
        #[test]
        fn what_was_put_in_is_found(known in prop::collection::btree_map(any::<u32>(), 0_u32..9, 0..300), asked in prop::collection::vec(any::<u32>(), 0..300)) {
            let known: BTreeMap<u32, u32> = known;
            let table = Table::with(known.iter().map(|(k, v)| (*k, *v)));
            for key in known.keys().chain(&asked) {
                prop_assert_eq!(table.get(*key), known.get(key).copied());
            }
        }
    }
}
