//! From keys to the messages that have them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are hashes already: one multiplication spreads them over the table.
#[derive(Debug, Clone, Copy, Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = (self.0 ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// So many tables share the keys: when one of them grows, no message waits for all the others.
const TABLES: usize = 64;
/// Set where an entry is the number of a list, and not that of the only message that has the key.
const LIST: u32 = 1 << 31;

/// The messages of each key, by their numbers.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Most keys are those of a single message, which is told by the entry itself.
    tables: Vec<HashMap<u32, u32, BuildHasherDefault<Spread>>>,
    lists: Vec<Vec<u32>>,
    /// A key of more messages than this is never asked for again, and its list is let go.
    most: usize,
}

impl Index {
    /// With lists of so many messages at most.
    pub(super) fn of(most: usize) -> Index {
        Index { tables: vec![HashMap::default(); TABLES], lists: Vec::new(), most }
    }

    /// The messages that have a key, in order of arrival; none where they are more than the most.
    pub(super) fn get(&self, key: u32) -> &[u32] {
        match self.tables[key as usize % TABLES].get(&key) {
            None => &[],
            Some(entry) if entry & LIST != 0 => &self.lists[(entry & !LIST) as usize],
            Some(entry) => std::slice::from_ref(entry),
        }
    }

    /// Says that a message has a key.
    pub(super) fn add(&mut self, key: u32, message: u32) {
        let lists = &mut self.lists;
        let most = self.most;
        self.tables[key as usize % TABLES]
            .entry(key)
            .and_modify(|entry| {
                if *entry & LIST == 0 {
                    lists.push(vec![*entry, message]);
                    *entry = LIST | (lists.len() - 1) as u32;
                    return;
                }
                let list = &mut lists[(*entry & !LIST) as usize];
                // An empty list is one that was let go.
                if list.len() >= most {
                    *list = Vec::new();
                } else if !list.is_empty() {
                    list.push(message);
                }
            })
            .or_insert(message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What is asked for is what was added, unless it is more than the most.
        #[test]
        fn it_tells_who_has_a_key(keys in prop::collection::vec(0_u32..9, 0..60)) {
            let mut index = Index::of(5);
            for (message, key) in (0..).zip(&keys) {
                index.add(*key, message);
            }
            for key in 0..10 {
                let all: Vec<u32> = (0..).zip(&keys).filter(|k| *k.1 == key).map(|k| k.0).collect();
                prop_assert_eq!(index.get(key), if all.len() > 5 { &[][..] } else { &all[..] });
            }
        }
    }
}
