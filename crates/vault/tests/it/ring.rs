//! Key files as people write them.

use crate::common::{drawn, ring};
use vault::{BadKey, KeyId, KeyRing, KeyUse, MasterKey, RingError};

const A: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const B: &str = "202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F";
const C: &str = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8";

fn file(lines: &[&str]) -> String {
    let mut text = format!("vault-keys 1\nmaster 1 {A}\nindex 1 {B}\nmac 1 {C}\n");
    lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    text
}

#[test]
fn a_ring_is_written_and_read_again() {
    let mut ring = ring();
    ring.add(KeyUse::Master, drawn(7)).unwrap();
    let again = KeyRing::parse(&ring.to_text()).unwrap();
    assert_eq!(again.list(), ring.list());
    assert_eq!(again.to_text(), ring.to_text());
    assert_eq!(again.newest(KeyUse::Master), KeyId(2));
    assert_eq!(again.newest(KeyUse::Mac), KeyId(1));
}

#[test]
fn people_write_key_files_in_many_ways() {
    let plain = KeyRing::parse(&file(&[])).unwrap();
    for text in [
        format!("\u{feff}{}", file(&[])),
        file(&[]).replace('\n', "\r\n"),
        format!("# of the district\n\n{}", file(&["", "# end"])),
        file(&[]).replace(C, &format!("{C}=  # drawn by two")),
        file(&[]).replace(' ', "\t").replacen('\t', " ", 1),
        file(&[]).replace(A, &A.to_uppercase()),
        format!("vault-keys 1\nmac 1 {C}\nmaster 1 {A}\nindex 1 {B}"),
    ] {
        assert_eq!(KeyRing::parse(&text).map(|r| r.list()), Ok(plain.list()), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_key_file_is_said_in_one_sentence_with_the_line_and_without_the_key() {
    let cases: [(String, &str); 14] = [
        (String::new(), "a key file must begin with the line \"vault-keys 1\""),
        (format!("master 1 {A}"), "a key file must begin with the line \"vault-keys 1\""),
        (
            file(&["master 2"]),
            "line 5 of the key file must read: master, index or mac, then a version, then the key",
        ),
        (
            file(&[&format!("{A} 2 master")]),
            "line 5 of the key file must read: master, index or mac, then a version, then the key",
        ),
        (
            file(&[&format!("master 2 {B} {C}")]),
            "line 5 of the key file must read: master, index or mac, then a version, then the key",
        ),
        (
            file(&[&format!("master 0 {A}")]),
            "line 5 of the key file: the version of a key is a whole number from 1 to 4294967295",
        ),
        (
            file(&[&format!("master {A} 2")]),
            "line 5 of the key file: the version of a key is a whole number from 1 to 4294967295",
        ),
        (
            file(&["# a remark", &format!("mac 2 {}", &A[..62])]),
            "line 6 of the key file: mac 2 cannot be used: it must be 64 hexadecimal digits or 43 letters of base64",
        ),
        (
            file(&["master 2 QEFCQ0RFRkdISUpLTE1OT1BR"]),
            "line 5 of the key file: master 2 cannot be used: it has 18 bytes, and 32 are needed",
        ),
        (
            file(&[&format!("master 2 {}", "00".repeat(32))]),
            "line 5 of the key file: master 2 cannot be used: it is not random: draw it anew",
        ),
        (file(&[&format!("mac 1 {}", A.replace("00", "ff"))]), "mac 1 stands twice in the key ring"),
        (
            file(&[&format!("master 2 {C}")]),
            "master 2 and mac 1 are the same secret: draw each key on its own",
        ),
        (format!("vault-keys 1\nmaster 1 {A}\nindex 1 {B}"), "the key ring has no mac key"),
        ("vault-keys 1".to_owned(), "the key ring has no master key"),
    ];
    for (text, sentence) in cases {
        assert_eq!(KeyRing::parse(&text).unwrap_err().to_string(), sentence, "{text}");
    }
}

#[test]
fn the_newest_key_cannot_be_dropped_and_no_key_comes_twice() {
    let mut ring = ring();
    assert_eq!(
        ring.drop_old(KeyUse::Master, KeyId(1)).unwrap_err().to_string(),
        "master 1 is the newest of its kind: add a newer one and move everything to it first"
    );
    assert_eq!(ring.drop_old(KeyUse::Mac, KeyId(4)), Err(RingError::NoSuch(KeyUse::Mac, KeyId(4))));
    assert_eq!(
        ring.add(KeyUse::Master, drawn(3)),
        Err(RingError::Same(KeyUse::Master, KeyId(2), KeyUse::Mac, KeyId(1)))
    );
    assert_eq!(ring.add(KeyUse::Master, [7; 32]), Err(RingError::NewKey(BadKey::NotRandom)));
    assert_eq!(ring.list().len(), 3, "what was refused left nothing behind");
    assert_eq!(ring.add(KeyUse::Master, drawn(4)), Ok(KeyId(2)));
    assert_eq!(ring.drop_old(KeyUse::Master, KeyId(1)), Ok(()));
    assert_eq!(ring.add(KeyUse::Master, drawn(5)), Ok(KeyId(3)), "a version is never given again");
}

#[test]
fn two_persons_compare_their_copies_by_fingerprint() {
    let one = MasterKey::from_text(KeyId(1), A).unwrap();
    let same = MasterKey::from_text(KeyId(2), " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \n").unwrap();
    let other = MasterKey::from_text(KeyId(1), B).unwrap();
    assert_eq!(one.fingerprint(), same.fingerprint());
    assert_ne!(one.fingerprint(), other.fingerprint());
}
