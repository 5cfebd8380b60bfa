//! Photos in chunks, and values that bring their own key.

use crate::common::{drawn, ring, vault};
use vault::{Aad, BlobError, Envelope, KeyId, KeyUse, OpenError, PersonKey, Suite, Vault};

const CHUNK: usize = 64 * 1024;
const HEAD: usize = 17;
const SEALED_CHUNK: usize = 12 + CHUNK + 16;

fn place() -> Aad<'static> {
    Aad::new("case", "photo", "7")
}

fn photo(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn sealed(key: &PersonKey, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let total = key.seal_blob(content, &mut out, place(), [5; 16]).expect("memory does not fail");
    assert_eq!(total, content.len() as u64);
    out
}

fn open(key: &PersonKey, blob: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut out = Vec::new();
    match key.open_blob(blob, &mut out, place()) {
        Ok(total) => {
            assert_eq!(total, out.len() as u64);
            Ok(out)
        }
        Err(BlobError::Open(why)) => Err(why),
        Err(BlobError::Io(e)) => panic!("memory does not fail: {e}"),
    }
}

/// Gives one to seven bytes at a time, as networks do.
struct Dripping<'a>(&'a [u8]);

impl std::io::Read for Dripping<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = (1 + self.0.len() % 7).min(into.len());
        std::io::Read::read(&mut self.0, &mut into[..most])
    }
}

#[test]
fn a_photo_of_any_length_opens_as_it_was() {
    for suite in Suite::ALL {
        let (key, _) = vault(suite).new_person_key(drawn(4));
        for length in [0, 1, 31, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17] {
            let content = photo(length);
            let blob = sealed(&key, &content);
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(blob.len(), HEAD + length + chunks * 28, "{length} bytes");
            assert_eq!(open(&key, &blob), Ok(content.clone()), "{length} bytes in {suite}");
            let other = if suite == Suite::ALL[0] { Suite::ALL[1] } else { Suite::ALL[0] };
            let (_, wrapped) = vault(suite).new_person_key(drawn(4));
            let there = vault(other).unwrap_key(&wrapped).unwrap();
            assert_eq!(open(&there, &blob), Ok(content), "in a vault of the other suite");
        }
    }
}

#[test]
fn a_photo_that_comes_in_drips_is_the_same_blob() {
    let (key, _) = vault(Suite::International).new_person_key(drawn(4));
    let content = photo(CHUNK + 1000);
    let (mut blob, mut again) = (Vec::new(), Vec::new());
    key.seal_blob(Dripping(&content), &mut blob, place(), [5; 16]).unwrap();
    assert_eq!(blob, sealed(&key, &content));
    key.open_blob(Dripping(&blob), &mut again, place()).unwrap();
    assert_eq!(again, content);
}

#[test]
fn chunks_can_be_neither_cut_off_nor_swapped_nor_repeated_nor_brought_from_elsewhere() {
    for suite in Suite::ALL {
        let (key, _) = vault(suite).new_person_key(drawn(4));
        let blob = sealed(&key, &photo(3 * CHUNK));
        let (one, two) = (HEAD..HEAD + SEALED_CHUNK, HEAD + SEALED_CHUNK..HEAD + 2 * SEALED_CHUNK);
        let cut_at_a_seam = blob[..two.end].to_vec();
        let cut_inside = blob[..two.end - 100].to_vec();
        let cut_to_the_head = blob[..HEAD].to_vec();
        let cut_in_the_head = blob[..5].to_vec();
        let swapped = [&blob[..HEAD], &blob[two.clone()], &blob[one.clone()], &blob[two.end..]].concat();
        let repeated = [&blob[..two.end], &blob[two.start..]].concat();
        let left_out = [&blob[..one.end], &blob[two.end..]].concat();
        let longer = [&blob[..], b"x"].concat();
        let mut other_salt = blob.clone();
        other_salt[3] ^= 1;
        let mut other = Vec::new();
        key.seal_blob(&photo(3 * CHUNK)[..], &mut other, place(), [6; 16]).unwrap();
        let mixed = [&blob[..one.end], &other[one.end..]].concat();
        for (what, spoilt) in [
            ("cut at a seam", cut_at_a_seam),
            ("cut inside", cut_inside),
            ("cut to the head", cut_to_the_head),
            ("cut in the head", cut_in_the_head),
            ("nothing at all", vec![]),
            ("swapped", swapped),
            ("repeated", repeated),
            ("left out", left_out),
            ("longer", longer),
            ("other salt", other_salt),
            ("mixed with another blob", mixed),
        ] {
            assert!(open(&key, &spoilt).is_err(), "{what} in {suite}");
        }
        let mut nowhere = Vec::new();
        let elsewhere = key.open_blob(&blob[..], &mut nowhere, Aad::new("case", "photo", "8"));
        assert!(matches!(elsewhere, Err(BlobError::Open(OpenError::Refused))));
        assert!(nowhere.is_empty(), "nothing unchecked is written");
        let (stranger, _) = vault(suite).new_person_key(drawn(5));
        assert_eq!(open(&stranger, &blob), Err(OpenError::Refused));
    }
}

#[test]
fn every_flipped_bit_of_a_small_blob_is_noticed() {
    for suite in Suite::ALL {
        let (key, _) = vault(suite).new_person_key(drawn(4));
        let blob = sealed(&key, b"a small photo");
        for bit in 0..blob.len() * 8 {
            let mut spoilt = blob.clone();
            spoilt[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, &spoilt).is_err(), "bit {bit} in {suite}");
        }
    }
}

#[test]
fn a_repeated_salt_does_not_repeat_a_nonce_of_sm4_gcm() {
    let (key, _) = vault(Suite::National).new_person_key(drawn(4));
    assert_ne!(sealed(&key, b"one")[HEAD..HEAD + 12], sealed(&key, b"two")[HEAD..HEAD + 12]);
}

#[test]
fn a_value_with_a_key_of_its_own_is_rotated_like_all_others() {
    for suite in Suite::ALL {
        let mut ring = ring();
        let secret = b"JBSWY3DPEHPK3PXP";
        let place = Aad::new("account", "totp", "17");
        let envelope = vault(suite).seal_envelope(secret, place, drawn(4));
        let read: Envelope = envelope.to_string().parse().unwrap();
        assert_eq!(read, envelope);
        assert_eq!(vault(suite).open_envelope(&read, place).unwrap().as_bytes(), secret);
        let elsewhere = Aad::new("account", "totp", "18");
        assert_eq!(vault(suite).open_envelope(&read, elsewhere), Err(OpenError::Refused));

        ring.add(KeyUse::Master, drawn(6)).unwrap();
        let rewrapped = Vault::from_ring(suite, &ring).rewrap_envelope(&read).unwrap();
        assert_eq!(rewrapped.wrapped_key().master(), KeyId(2));
        ring.drop_old(KeyUse::Master, KeyId(1)).unwrap();
        let after = Vault::from_ring(suite, &ring);
        assert_eq!(after.open_envelope(&rewrapped, place).unwrap().as_bytes(), secret);
        assert_eq!(after.open_envelope(&read, place), Err(OpenError::NoMaster(KeyId(1))));
        assert!(!format!("{envelope:?} {envelope}").contains("JBSW"));
        assert!(Envelope::from_bytes(&envelope.as_bytes()[..64]).is_err());
    }
}
