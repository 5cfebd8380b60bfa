//! What the vault is for, told from the outside.

use vault::{Aad, KeyRing, OpenError, Suite, Vault};

/// Bytes that look random and are the same in every run.
fn drawn(n: u8) -> [u8; 32] {
    std::array::from_fn(|i| {
        let x = (i as u8).wrapping_mul(167).wrapping_add(n.wrapping_mul(59));
        x ^ x.rotate_left(3).wrapping_mul(29)
    })
}

fn ring() -> KeyRing {
    let mut random = [0; 96];
    random.copy_from_slice(&[drawn(1), drawn(2), drawn(3)].concat());
    KeyRing::generate(&random).expect("three good keys")
}

const PHONE: &str = "13800138000";

fn at(subject: &str) -> Aad<'_> {
    Aad::new("residency", "phone", subject)
}

#[test]
fn what_is_sealed_for_a_person_opens_for_that_person_at_that_place() {
    for suite in Suite::ALL {
        let vault = Vault::from_ring(suite, &ring());
        let (key, wrapped) = vault.new_person_key(drawn(4));
        let sealed = key.seal(PHONE.as_bytes(), at("a"), [7; 12]);
        let again = vault.unwrap_key(&wrapped).unwrap();
        assert_eq!(again.open(&sealed, at("a")).unwrap().as_str(), Ok(PHONE));
        assert_eq!(again.open(&sealed, at("b")), Err(OpenError::Refused), "moved into another row");
        let other_field = Aad { field: "name", ..at("a") };
        assert_eq!(again.open(&sealed, other_field), Err(OpenError::Refused), "moved into another column");
        let other_table = Aad { table: "tenancy", ..at("a") };
        assert_eq!(again.open(&sealed, other_table), Err(OpenError::Refused), "moved into another table");
        let (stranger, _) = vault.new_person_key(drawn(5));
        assert_eq!(stranger.open(&sealed, at("a")), Err(OpenError::Refused), "another person's key");
    }
}
