//! Keys that are the same in every run.

use vault::{KeyRing, Suite, Vault};

/// Bytes that look random and are the same in every run; another `n`, other bytes.
pub(crate) fn drawn(n: u8) -> [u8; 32] {
    std::array::from_fn(|i| {
        let x = u8::try_from(i).unwrap_or(0).wrapping_mul(167).wrapping_add(n.wrapping_mul(59));
        x ^ x.rotate_left(3).wrapping_mul(29)
    })
}

/// A ring with version 1 of each key.
pub(crate) fn ring() -> KeyRing {
    let mut random = [0; 96];
    random.copy_from_slice(&[drawn(1), drawn(2), drawn(3)].concat());
    KeyRing::generate(&random).expect("three good keys")
}

/// The vault of that ring.
pub(crate) fn vault(suite: Suite) -> Vault {
    Vault::from_ring(suite, &ring())
}
