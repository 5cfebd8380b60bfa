//! What must hold for every value, place and seed.

use crate::common::{drawn, vault};
use proptest::collection::vec;
use proptest::prelude::*;
use vault::{Aad, KeyRing, OpenError, Sealed, Suite, WrappedKey};

fn suite() -> impl Strategy<Value = Suite> {
    prop_oneof![Just(Suite::International), Just(Suite::National)]
}

/// Owned parts of a place: table, field, subject.
type Place = (String, String, Vec<u8>);

fn place() -> impl Strategy<Value = Place> {
    ("[a-z]{0,6}", "[a-z]{0,6}", vec(any::<u8>(), 0..20))
}

fn aad(place: &Place) -> Aad<'_> {
    Aad { table: &place.0, field: &place.1, subject: &place.2 }
}

proptest! {
    #[test]
    fn what_is_sealed_opens(suite in suite(), plain in vec(any::<u8>(), 0..300), place in place(), seed: [u8; 12]) {
        let (key, wrapped) = vault(suite).new_person_key(drawn(4));
        let sealed = key.seal(&plain, aad(&place), seed);
        prop_assert_eq!(sealed.as_bytes().len(), 29 + (plain.len() + 1).next_multiple_of(32));
        // By way of a column of bytes, and by way of text.
        let kept = Sealed::from_bytes(sealed.as_bytes()).unwrap();
        let written: Sealed = kept.to_string().parse().unwrap();
        prop_assert_eq!(&written, &sealed);
        let key = vault(suite).unwrap_key(&wrapped.to_string().parse().unwrap()).unwrap();
        let opened = key.open(&written, aad(&place)).unwrap();
        prop_assert_eq!(opened.as_bytes(), plain);
    }

    #[test]
    fn any_flipped_bit_of_a_value_is_noticed(suite in suite(), plain in vec(any::<u8>(), 0..80), bit: proptest::sample::Index) {
        let (key, _) = vault(suite).new_person_key(drawn(4));
        let place = Aad::new("t", "f", "s");
        let mut bytes = key.seal(&plain, place, [7; 12]).as_bytes().to_vec();
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let opened = Sealed::from_bytes(&bytes).and_then(|sealed| key.open(&sealed, place));
        prop_assert!(opened.is_err(), "bit {bit}");
    }

    #[test]
    fn any_other_place_is_refused(suite in suite(), there in place(), here in place()) {
        prop_assume!(there != here);
        let (key, _) = vault(suite).new_person_key(drawn(4));
        let sealed = key.seal(b"x", aad(&there), [7; 12]);
        prop_assert_eq!(key.open(&sealed, aad(&here)), Err(OpenError::Refused));
    }

    /// The parts of a place do not run into one another: "ab" + "c" is not "a" + "bc".
    #[test]
    fn the_same_letters_cut_elsewhere_are_another_place(letters in "[a-z]{2,12}", cuts: [proptest::sample::Index; 4]) {
        let cut = |a: usize, b: usize| {
            let (mut a, mut b) = (cuts[a].index(letters.len() + 1), cuts[b].index(letters.len() + 1));
            if a > b { std::mem::swap(&mut a, &mut b); }
            (letters[..a].to_owned(), letters[a..b].to_owned(), letters.as_bytes()[b..].to_vec())
        };
        let (there, here) = (cut(0, 1), cut(2, 3));
        prop_assume!(there != here);
        let (key, _) = vault(Suite::International).new_person_key(drawn(4));
        let sealed = key.seal(b"x", aad(&there), [7; 12]);
        prop_assert_eq!(key.open(&sealed, aad(&here)), Err(OpenError::Refused));
    }

    #[test]
    fn any_flipped_bit_of_a_wrapped_key_is_noticed(suite in suite(), seed: [u8; 32], bit in 0..65usize * 8) {
        let vault = vault(suite);
        let (_, wrapped) = vault.new_person_key(seed);
        let mut bytes = wrapped.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let unwrapped = WrappedKey::from_bytes(&bytes).and_then(|w| vault.unwrap_key(&w).map(|_| ()));
        prop_assert!(unwrapped.is_err(), "bit {bit}");
    }

    #[test]
    fn any_flipped_bit_of_a_code_is_noticed(suite in suite(), message in vec(any::<u8>(), 0..40), bit in 0..256usize) {
        let vault = vault(suite);
        let mut mac = vault.mac("door", &message);
        prop_assert!(vault.verify_mac("door", &message, &mac));
        mac[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!vault.verify_mac("door", &message, &mac));
    }

    #[test]
    fn other_values_have_other_indexes(suite in suite(), domains in ("[a-z]{0,4}", "[a-z]{0,4}"), values in ("[0-9]{0,4}", "[0-9]{0,4}")) {
        let vault = vault(suite);
        let (one, other) = (vault.blind_index(&domains.0, &values.0), vault.blind_index(&domains.1, &values.1));
        prop_assert_eq!(one == other, domains.0 == domains.1 && values.0 == values.1);
    }

    /// Whatever stands in a column or in a request, reading it ends with an answer.
    #[test]
    fn no_bytes_and_no_text_can_break_the_readers(bytes in vec(any::<u8>(), 0..200), first in 0x10u8..0x14, text in ".{0,100}") {
        let vault = vault(Suite::International);
        let (key, _) = vault.new_person_key(drawn(4));
        let mut headed = bytes.clone();
        headed.insert(0, first);
        for bytes in [bytes, headed] {
            if let Ok(sealed) = Sealed::from_bytes(&bytes) {
                prop_assert_eq!(key.open(&sealed, Aad::new("t", "f", "s")), Err(OpenError::Refused));
            }
            if let Ok(wrapped) = WrappedKey::from_bytes(&bytes) {
                prop_assert!(vault.unwrap_key(&wrapped).is_err());
            }
        }
        prop_assert!(text.parse::<Sealed>().is_err());
        prop_assert!(text.parse::<WrappedKey>().is_err());
        prop_assert!(KeyRing::parse(&text).is_err());
    }
}

/// Not only a sample: every bit of one value and of one wrapped key.
#[test]
fn every_single_bit_counts() {
    for suite in Suite::ALL {
        let vault = vault(suite);
        let (key, wrapped) = vault.new_person_key(drawn(4));
        let place = Aad::new("residency", "phone", "s");
        let sealed = key.seal(b"13800138000", place, [7; 12]);
        for bit in 0..sealed.as_bytes().len() * 8 {
            let mut bytes = sealed.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let opened = Sealed::from_bytes(&bytes).and_then(|s| key.open(&s, place));
            assert!(opened.is_err(), "bit {bit} of a value in {suite}");
        }
        for bit in 0..wrapped.as_bytes().len() * 8 {
            let mut bytes = wrapped.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let opened = WrappedKey::from_bytes(&bytes).and_then(|w| vault.unwrap_key(&w));
            assert!(opened.is_err(), "bit {bit} of a wrapped key in {suite}");
        }
    }
}
