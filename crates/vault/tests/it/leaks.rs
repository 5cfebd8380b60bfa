//! The hunt for leaks: whatever can be printed, in every encoding that somebody might print it in.

use crate::common::{drawn, ring, vault};
use std::fmt::Write as _;
use vault::{Aad, BadKey, KeyId, KeyRing, MasterKey, Plain, Sealed, Suite, WrappedKey};

const NAME: &str = "欧阳建国";
const IDENTITY: &str = "11010519491231002X";

/// The ways in which `secret` would show in a log: as it is, as numbers, hexadecimal, base64, escaped.
fn disguises(secret: &[u8]) -> Vec<String> {
    let numbers: Vec<String> = secret.iter().map(u8::to_string).collect();
    let hex: String = secret.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    });
    let text = String::from_utf8_lossy(secret).into_owned();
    let escaped: String = secret.escape_ascii().to_string();
    let url: String = secret.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "%{b:02X}");
        out
    });
    let base64 = base64(secret);
    let unicode: String = text.escape_unicode().to_string();
    vec![text, escaped, unicode, numbers.join(", "), numbers.join(","), hex.to_uppercase(), hex, url, base64]
}

/// Standard base64 without the last group, whose letters depend on what follows.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for [a, b, c] in bytes.as_chunks::<3>().0 {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        out.extend([18, 12, 6, 0].map(|by| char::from(LETTERS[(bits >> by) as usize & 63])));
    }
    out
}

fn assert_hidden(printed: &str, secrets: &[(&str, Vec<u8>)]) {
    for (what, secret) in secrets {
        for disguise in disguises(secret) {
            assert!(!printed.contains(&disguise), "{what} shows as {disguise:?} in {printed}");
            let url_safe = disguise.replace('+', "-").replace('/', "_");
            assert!(!printed.contains(&url_safe), "{what} shows as {url_safe:?} in {printed}");
        }
    }
}

#[test]
fn the_hunt_finds_what_is_there() {
    for disguise in disguises(IDENTITY.as_bytes()) {
        let log = format!("registered {disguise} today");
        let found = std::panic::catch_unwind(|| assert_hidden(&log, &[("identity", IDENTITY.into())]));
        assert!(found.is_err(), "{log}");
    }
    assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVh");
}

#[test]
fn nothing_that_can_be_printed_shows_a_key_or_a_value() {
    for suite in Suite::ALL {
        let ring = ring();
        let vault = vault(suite);
        let master = MasterKey::from_bytes(KeyId(9), drawn(1)).unwrap();
        let (key, wrapped) = vault.new_person_key(drawn(4));
        let place = Aad::new("residency", "name", "s");
        let (name, identity) =
            (key.seal(NAME.as_bytes(), place, [7; 12]), key.seal(IDENTITY.as_bytes(), place, [8; 12]));
        let plain: Plain = key.open(&identity, place).unwrap();
        let index = vault.blind_index("identity", IDENTITY);
        let printed = format!(
            "{ring:?} {ring:#?} {vault:?} {master:?} {master:#?} {key:?} {key:#?} {wrapped:?} {wrapped} \
             {name:?} {name} {identity:#?} {identity} {plain:?} {plain:#?} {:?} {index:?} {place:?}",
            Some(vec![&plain])
        );
        // Keys that no test can know are not searched for: what prints must be this and no more.
        let mac_key = vault.mac_key("door");
        let bare = format!("{key:?} {plain:?} {index:?} {vault:?} {mac_key:?} {wrapped:?}");
        let suite_name = suite.name();
        assert_eq!(
            bare,
            format!(
                "PersonKey(…) Plain(…) BlindIndex(…) Vault({suite_name}) MacKey(1, {suite_name}) \
                 WrappedKey({suite_name}, master 1)"
            )
        );
        assert_hidden(
            &printed,
            &[
                ("a master key", drawn(1).to_vec()),
                ("an index root", drawn(2).to_vec()),
                ("a mac root", drawn(3).to_vec()),
                ("the seed of a person's key", drawn(4).to_vec()),
                ("a name", NAME.into()),
                ("an identity number", IDENTITY.into()),
                ("the birthday in it", IDENTITY.as_bytes()[6..14].to_vec()),
                ("an index", index.as_bytes().to_vec()),
            ],
        );
    }
}

#[test]
fn no_error_repeats_what_was_given() {
    let text = ring().to_text();
    let (_, key) = text.lines().nth(2).unwrap().rsplit_once(' ').unwrap();
    let mut printed = String::new();
    let mut say = |error: &dyn std::error::Error| writeln!(printed, "{error} {error:?}").unwrap();

    // A key file with each of its lines spoilt in several ways.
    for line in 0..text.lines().count() {
        for spoil in [
            (|l: &str| l[1..].to_owned()) as fn(&str) -> String,
            |l| format!("{l}!"),
            |l| l.replace(' ', ""),
            |l| l.split(' ').rev().collect::<Vec<_>>().join(" "),
            |l| format!("{l}\n{l}"),
            |l| l[..l.len() - 1].to_owned(),
        ] {
            let spoilt: Vec<String> = text
                .lines()
                .enumerate()
                .map(|(n, l)| if n == line { spoil(l) } else { l.to_owned() })
                .collect();
            if let Err(error) = KeyRing::parse(&spoilt.join("\n")) {
                say(&error);
            }
        }
    }
    for text in [&key[1..], &key[..40], &format!("{key}{key}"), &format!("{key}?")] {
        say(&MasterKey::from_text(KeyId(1), text).unwrap_err());
    }
    say(&MasterKey::from_bytes(KeyId(1), [42; 32]).unwrap_err());
    assert_eq!(MasterKey::from_bytes(KeyId(1), [42; 32]).unwrap_err(), BadKey::NotRandom);
    say(&IDENTITY.parse::<Sealed>().unwrap_err());
    say(&IDENTITY.parse::<WrappedKey>().unwrap_err());
    say(&IDENTITY.parse::<Suite>().unwrap_err());
    let (person, _) = vault(Suite::International).new_person_key(drawn(4));
    let sealed = person.seal(IDENTITY.as_bytes(), Aad::new("t", "f", "s"), [7; 12]);
    say(&person.open(&sealed, Aad::new("t", "f", IDENTITY)).unwrap_err());
    let bytes = person.seal(&[0xff; 20], Aad::new("t", "f", "s"), [7; 12]);
    say(&person.open(&bytes, Aad::new("t", "f", "s")).unwrap().as_str().unwrap_err());

    assert!(printed.lines().count() > 20, "{printed}");
    assert_hidden(
        &printed,
        &[
            ("an identity number", IDENTITY.into()),
            ("a master key", drawn(1).to_vec()),
            ("an index root", drawn(2).to_vec()),
            ("a mac root", drawn(3).to_vec()),
            ("a piece of a master key's text", key.as_bytes()[5..15].to_vec()),
            ("bytes that are no text", vec![0xff; 4]),
        ],
    );
}

/// A thousand people in one heap of what a database, a log and a backup would hold: none can be found in it.
#[test]
fn a_thousand_identifiers_are_sealed_and_none_is_found_in_what_is_kept() {
    for suite in Suite::ALL {
        let vault = vault(suite);
        let mut kept = Vec::new();
        let mut identifiers = Vec::new();
        for n in 0..1000u32 {
            let identity = format!("3101041990{:08}", n * 7919);
            let mut seed = drawn(4);
            seed[..4].copy_from_slice(&n.to_be_bytes());
            let (key, wrapped) = vault.new_person_key(seed);
            let sealed =
                key.seal(identity.as_bytes(), Aad::new("residency", "identity", &n.to_be_bytes()), [7; 12]);
            let index = vault.blind_index("identity", &identity);
            for part in [wrapped.as_bytes(), sealed.as_bytes(), index.as_bytes()] {
                kept.extend_from_slice(part);
            }
            kept.extend_from_slice(format!("{wrapped} {sealed} {wrapped:?} {sealed:?} {index:?}").as_bytes());
            identifiers.push(identity);
        }
        let heap = String::from_utf8_lossy(&kept);
        assert!(!heap.contains("3101041990"), "the part that all have in common");
        for identity in &identifiers[..20] {
            assert_hidden(&heap, &[("an identity number", identity.as_bytes().to_vec())]);
        }
    }
}
