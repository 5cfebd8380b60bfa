//! What the vault is for, told from the outside.

use crate::common::{drawn, ring, vault};
use vault::{Aad, KeyId, KeyRing, KeyUse, MasterKey, OpenError, RingError, Sealed, Suite, Vault, WrappedKey};

const PHONE: &str = "13800138000";

fn at(subject: &str) -> Aad<'_> {
    Aad::new("residency", "phone", subject)
}

#[test]
fn what_is_sealed_for_a_person_opens_for_that_person_at_that_place() {
    for suite in Suite::ALL {
        let vault = vault(suite);
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

#[test]
fn a_key_in_the_row_of_another_person_opens_nothing_there() {
    let vault = vault(Suite::International);
    let (key_a, wrapped_a) = vault.new_person_key(drawn(4));
    let (key_b, wrapped_b) = vault.new_person_key(drawn(5));
    let (a, b) = (key_a.seal(b"a", at("a"), [7; 12]), key_b.seal(b"b", at("b"), [8; 12]));
    let (for_a, for_b) = (vault.unwrap_key(&wrapped_b).unwrap(), vault.unwrap_key(&wrapped_a).unwrap());
    assert_eq!(for_a.open(&a, at("a")), Err(OpenError::Refused));
    assert_eq!(for_b.open(&b, at("b")), Err(OpenError::Refused));
}

#[test]
fn the_master_key_is_rotated_while_people_keep_coming() {
    for suite in Suite::ALL {
        let mut ring = ring();
        let before = Vault::from_ring(suite, &ring);
        let mut kept: Vec<(WrappedKey, Sealed)> = (10..15)
            .map(|n| {
                let (key, wrapped) = before.new_person_key(drawn(n));
                (wrapped, key.seal(PHONE.as_bytes(), at("a"), [n; 12]))
            })
            .collect();
        let (index, mac) = (before.blind_index("phone", PHONE), before.mac("door", b"board 7"));

        // A second version comes into the ring; the program starts again with both.
        assert_eq!(ring.add(KeyUse::Master, drawn(6)), Ok(KeyId(2)));
        let during = Vault::from_ring(suite, &ring);
        let (key, wrapped) = during.new_person_key(drawn(20));
        assert_eq!(wrapped.master(), KeyId(2), "who comes now comes under the new key");
        kept.push((wrapped, key.seal(PHONE.as_bytes(), at("a"), [20; 12])));

        // The job is cut off in the middle, and run again: nothing is lost, nothing done twice.
        for (done, expected) in [(2, 2), (kept.len(), 3)] {
            let mut work = 0;
            for (wrapped, _) in kept.iter_mut().take(done).filter(|(w, _)| during.needs_rewrap(w)) {
                *wrapped = during.rewrap(wrapped).unwrap();
                work += 1;
            }
            assert_eq!(work, expected);
            for (wrapped, sealed) in &kept {
                let key = during.unwrap_key(wrapped).unwrap();
                assert_eq!(key.open(sealed, at("a")).unwrap().as_str(), Ok(PHONE), "at any time");
            }
        }
        assert!(kept.iter().all(|(w, _)| w.as_bytes().starts_with(&during.current_prefix())));
        assert!(kept.iter().all(|(w, _)| during.rewrap(w).as_ref() == Ok(w)), "once more changes nothing");

        // The old version goes; everything is still there, and codes printed long ago are still good.
        ring.drop_old(KeyUse::Master, KeyId(1)).unwrap();
        let after = Vault::from_ring(suite, &KeyRing::parse(&ring.to_text()).unwrap());
        for (wrapped, sealed) in &kept {
            let key = after.unwrap_key(wrapped).unwrap();
            assert_eq!(key.open(sealed, at("a")).unwrap().as_str(), Ok(PHONE));
        }
        assert_eq!(after.blind_index("phone", PHONE), index);
        assert!(after.verify_mac("door", b"board 7", &mac));

        // A backup with an old wrapped key, and the ring of today: one clear sentence.
        let (_, old) = before.new_person_key(drawn(30));
        assert_eq!(
            after.unwrap_key(&old).unwrap_err().to_string(),
            "the key ring has no master key 1, under which this was wrapped"
        );
    }
}

#[test]
fn a_district_moves_from_one_suite_to_the_other_without_a_day_off() {
    for (from, to) in [(Suite::International, Suite::National), (Suite::National, Suite::International)] {
        let old = vault(from);
        let (key, wrapped) = old.new_person_key(drawn(4));
        let sealed = key.seal(PHONE.as_bytes(), at("a"), [7; 12]);
        let (index, mac) = (old.blind_index("phone", PHONE), old.mac("door", b"board 7"));

        let new = vault(to);
        assert!(new.needs_rewrap(&wrapped));
        let rewrapped = new.rewrap(&wrapped).unwrap();
        assert_eq!((rewrapped.suite(), rewrapped.master()), (to, KeyId(1)));
        for wrapped in [&wrapped, &rewrapped] {
            let key = new.unwrap_key(wrapped).unwrap();
            assert_eq!(key.open(&sealed, at("a")).unwrap().as_str(), Ok(PHONE), "the old value opens");
            let renewed = key.seal(PHONE.as_bytes(), at("a"), [8; 12]);
            assert_eq!(renewed.suite(), to, "and is sealed anew in the new suite");
        }
        assert!(new.blind_index_candidates("phone", PHONE).contains(&index), "people are still found");
        assert_ne!(new.blind_index("phone", PHONE), index);
        assert!(new.verify_mac("door", b"board 7", &mac), "codes on walls are still good");
    }
}

#[test]
fn a_person_is_forgotten_and_history_stays_whole() {
    for suite in Suite::ALL {
        let vault = vault(suite);
        // What a database keeps: a row with the wrapped key and the index, and events that are never changed.
        let (mut key_column, mut index_column, events) = {
            let (key, wrapped) = vault.new_person_key(drawn(4));
            let events =
                [key.seal(PHONE.as_bytes(), at("a"), [7; 12]), key.seal("张三".as_bytes(), at("a"), [8; 12])];
            (Some(wrapped), Some(vault.blind_index("phone", PHONE)), events)
        };
        assert!(vault.unwrap_key(key_column.as_ref().unwrap()).unwrap().open(&events[0], at("a")).is_ok());

        key_column.take();
        index_column.take();

        // The events are the same bytes as before, and no key that the vault can make opens them.
        let text = events[0].to_string();
        assert_eq!(text.parse::<Sealed>().as_ref(), Ok(&events[0]), "a hash chain over them still fits");
        for n in 0..=255 {
            let (other, _) = vault.new_person_key(drawn(n).map(|b| b ^ 0x5a));
            assert_eq!(other.open(&events[0], at("a")), Err(OpenError::Refused));
        }
        // Who comes back is a new person: the same phone under another key.
        let (anew, _) = vault.new_person_key(drawn(9));
        assert_eq!(anew.open(&events[0], at("a")), Err(OpenError::Refused));
        assert!(index_column.is_none());
    }
}

#[test]
fn two_values_that_are_equal_do_not_look_equal_and_all_short_ones_are_of_one_length() {
    for suite in Suite::ALL {
        let (key, _) = vault(suite).new_person_key(drawn(4));
        let sealed = |text: &str, seed| key.seal(text.as_bytes(), at("a"), [seed; 12]);
        assert_ne!(sealed(PHONE, 1), sealed(PHONE, 2));
        assert_eq!(sealed(PHONE, 1), sealed(PHONE, 1), "the same input gives the same output, to the bit");
        let lengths: Vec<usize> = ["", "张三", PHONE, "11010519491231002X", "E12345678", "欧阳上官"]
            .iter()
            .map(|text| sealed(text, 1).as_bytes().len())
            .collect();
        assert_eq!(lengths, [61; 6]);
        assert_eq!(sealed(&"x".repeat(32), 1).as_bytes().len(), 93);
    }
}

#[test]
fn a_repeated_seed_does_not_repeat_a_nonce_of_sm4_gcm() {
    let (key, _) = vault(Suite::National).new_person_key(drawn(4));
    let nonce =
        |plain: &str, subject| key.seal(plain.as_bytes(), at(subject), [7; 12]).as_bytes()[1..13].to_vec();
    let nonces = [nonce(PHONE, "a"), nonce("13800138001", "a"), nonce(PHONE, "b"), nonce("", "a")];
    for (n, one) in nonces.iter().enumerate() {
        assert!(nonces[n + 1..].iter().all(|other| other != one), "number {n}");
    }
}

#[test]
fn people_are_found_by_equality_within_one_domain() {
    for suite in Suite::ALL {
        let vault = vault(suite);
        assert_eq!(vault.blind_index("phone", PHONE), vault.blind_index("phone", PHONE));
        assert_ne!(vault.blind_index("phone", PHONE), vault.blind_index("phone", "13800138001"));
        assert_ne!(vault.blind_index("phone", PHONE), vault.blind_index("identity", PHONE));
        assert_ne!(vault.blind_index("a", "bc"), vault.blind_index("ab", "c"));
    }
}

#[test]
fn an_index_root_that_leaked_is_replaced_while_people_are_still_found() {
    let mut ring = ring();
    let old = Vault::from_ring(Suite::International, &ring).blind_index("phone", PHONE);
    ring.add(KeyUse::Index, drawn(6)).unwrap();
    let during = Vault::from_ring(Suite::International, &ring);
    let candidates = during.blind_index_candidates("phone", PHONE);
    assert_eq!(candidates[0], during.blind_index("phone", PHONE), "the current one comes first");
    assert!(candidates[1..].contains(&old));
    ring.drop_old(KeyUse::Index, KeyId(1)).unwrap();
    let after = Vault::from_ring(Suite::International, &ring);
    assert!(!after.blind_index_candidates("phone", PHONE).contains(&old));
    assert_eq!(after.blind_index("phone", PHONE), candidates[0]);
}

#[test]
fn codes_are_genuine_until_their_root_is_dropped() {
    for suite in Suite::ALL {
        let mut ring = ring();
        let printed = Vault::from_ring(suite, &ring).mac("door", b"board 7");
        ring.add(KeyUse::Mac, drawn(6)).unwrap();
        let during = Vault::from_ring(suite, &ring);
        assert!(during.verify_mac("door", b"board 7", &printed));
        assert!(!during.verify_mac("door", b"board 8", &printed), "another board");
        assert!(!during.verify_mac("link", b"board 7", &printed), "another purpose");
        let renewed = during.mac("door", b"board 7");
        assert_ne!(renewed, printed);
        assert!(during.verify_mac("door", b"board 7", &renewed));
        // A code that carries only eight bytes is tried root by root.
        let genuine = |board: &[u8]| during.mac_keys("door").find(|key| key.tag(board)[..8] == printed[..8]);
        assert_eq!(genuine(b"board 7").map(|key| (key.id(), key.suite())), Some((KeyId(1), suite)));
        assert!(genuine(b"board 8").is_none());
        let first = during.mac_keys("door").next().unwrap();
        assert_eq!(first.tag(b"board 7"), renewed, "the current one comes first");
        assert_eq!(during.mac_key("door").tag(b"board 7"), renewed);

        ring.drop_old(KeyUse::Mac, KeyId(1)).unwrap();
        let after = Vault::from_ring(suite, &ring);
        assert!(!after.verify_mac("door", b"board 7", &printed), "replaced on every wall, and dropped");
        assert!(after.verify_mac("door", b"board 7", &renewed));
    }
}

#[test]
fn the_same_version_with_another_secret_is_refused() {
    let one = Vault::new(Suite::International, vec![MasterKey::from_random(drawn(1)).unwrap()]).unwrap();
    let other = Vault::new(Suite::International, vec![MasterKey::from_random(drawn(2)).unwrap()]).unwrap();
    let (_, wrapped) = one.new_person_key(drawn(3));
    assert_eq!(other.unwrap_key(&wrapped).unwrap_err(), OpenError::Refused);
}

#[test]
fn a_trial_ring_written_down_keeps_its_codes_when_its_first_master_key_goes() {
    let masters = vec![
        MasterKey::from_bytes(KeyId(2), drawn(2)).unwrap(),
        MasterKey::from_bytes(KeyId(1), drawn(1)).unwrap(),
    ];
    let trial = Vault::new(Suite::International, masters.clone()).unwrap();
    let mut ring = KeyRing::parse(&KeyRing::from_masters(masters).unwrap().to_text()).unwrap();
    ring.drop_old(KeyUse::Master, KeyId(1)).unwrap();
    let vault = Vault::from_ring(Suite::International, &ring);
    assert_eq!(vault.mac("door", b"x"), trial.mac("door", b"x"));
    assert_eq!(vault.blind_index("phone", PHONE), trial.blind_index("phone", PHONE));
    assert_eq!(Vault::new(Suite::National, vec![]).unwrap_err(), RingError::Missing(KeyUse::Master));
}

#[test]
fn the_operating_system_never_gives_the_same_twice() {
    let (one, other): ([u8; 32], [u8; 32]) = (vault::os_random().unwrap(), vault::os_random().unwrap());
    assert_ne!(one, other);
}
