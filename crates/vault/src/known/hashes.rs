//! Hashes, HMAC and HKDF.

use super::hex;
use crate::suite::{Mac, Suite};
use sm3::Digest as _;

#[test]
fn sha_256_is_that_of_fips_180_4() {
    let digest = sha2::Sha256::digest(b"abc");
    assert_eq!(digest.as_slice(), hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

#[test]
fn sm3_is_that_of_gb_t_32905() {
    for (text, digest) in [
        ("abc".to_owned(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ] {
        assert_eq!(sm3::Sm3::digest(text.as_bytes()).as_slice(), hex(digest), "{text}");
    }
}

#[test]
fn hmac_sha_256_is_that_of_rfc_4231() {
    for (key, data, tag) in [
        (
            b"Jefe".to_vec(),
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 131],
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ] {
        assert_eq!(
            Mac::new(Suite::International, &key).tag(&[data.as_bytes()]).as_slice(),
            hex(tag),
            "{data}"
        );
    }
}

#[test]
fn hmac_sm3_is_that_of_gm_t_0042() {
    let key: Vec<u8> = (1..=32).collect();
    let data = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".repeat(2);
    let tag = Mac::new(Suite::National, &key).tag(&[data.as_bytes()]);
    assert_eq!(tag.as_slice(), hex("ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"));
}

#[test]
fn hkdf_sha_256_is_that_of_rfc_5869() {
    let long: Vec<u8> = (0..=0x4f).collect();
    let (salt, info): (Vec<u8>, Vec<u8>) = ((0x60..=0xaf).collect(), (0xb0..=0xff).collect());
    type Case<'a> = (&'a [u8], Option<&'a [u8]>, &'a [u8], &'a str);
    let cases: [Case<'_>; 3] = [
        (
            &[0x0b; 22],
            Some(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
            &[0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9],
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            &long,
            Some(&salt),
            &info,
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
             59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
             cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            &[0x0b; 22],
            None,
            &[],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (n, (key, salt, info, result)) in cases.into_iter().enumerate() {
        let result = hex(result);
        let mut out = vec![0; result.len()];
        Suite::International.hkdf(salt, key, &[info], &mut out);
        assert_eq!(out, result, "case {}", n + 1);
    }
}

/// No standard prints an HKDF over SM3. This is what another implementation (OpenSSL 3.0) makes of the
/// input of RFC 5869's first case.
#[test]
fn hkdf_sm3_is_that_of_another_implementation() {
    let salt: Vec<u8> = (0..=12).collect();
    let info: Vec<u8> = (0xf0..=0xf9).collect();
    let mut out = [0; 42];
    Suite::National.hkdf(Some(&salt), &[0x0b; 22], &[&info], &mut out);
    let expected = "c69fe91b7aaee2dd5718d72dcaee0cce93f1b8e41f792da51261b6a517e68b36ed2c595572b01dfa359b";
    assert_eq!(out.as_slice(), hex(expected));
}
