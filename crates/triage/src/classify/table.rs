//! From keys to their places: open addressing, half empty, so that what is not known costs one look.

/// A table of places by key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    slots: Vec<(u32, u32)>,
    shift: u32,
}

const FREE: u32 = u32::MAX;

impl Table {
    /// The place of each key is its position in the list.
    pub(crate) fn of(keys: &[u32]) -> Table {
        let bits = (keys.len() * 2).max(16).next_power_of_two().trailing_zeros();
        let mut table = Table { slots: vec![(0, FREE); 1 << bits], shift: 32 - bits };
        for (place, key) in (0_u32..).zip(keys) {
            let mut at = table.start(*key);
            while table.slots[at].1 != FREE {
                at = (at + 1) & (table.slots.len() - 1);
            }
            table.slots[at] = (*key, place);
        }
        table
    }

    #[inline]
    fn start(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    /// The place of a key.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> Option<u32> {
        let mut at = self.start(key);
        loop {
            let (found, place) = *self.slots.get(at)?;
            if place == FREE {
                return None;
            }
            if found == key {
                return Some(place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}
