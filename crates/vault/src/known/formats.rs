//! What was written with format 1 must open for ever: fixed keys and seeds, and the very bytes that they gave
//! when the format was made. A failure here means that data in the field would be lost: make a format 2.
//!
//! An independent implementation (in Python, over OpenSSL) was written from the description in `lib.rs`, and
//! made the same bytes.

use super::hex;
use crate::{Aad, KeyId, KeyRing, Sealed, Suite, Vault, WrappedKey};
use base64ct::{Base64UrlUnpadded, Encoding as _};

const RING: &str = "vault-keys 1
master 3 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
index 2 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f
mac 1 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
";

struct Edition {
    suite: Suite,
    wrapped: &'static str,
    sealed: &'static str,
    blob: &'static str,
    index: &'static str,
    mac: &'static str,
}

const FIRST: [Edition; 2] = [
    Edition {
        suite: Suite::International,
        wrapped: "EQAAAAMJq8KaAIqpfYbsrJ66imnU5xmqES_H0UCumVhXSnc2X0TyoxEMJnA4IqGfu06AB_QE1aULeTk-9koRN58",
        sealed: "EXR3ZWx2ZSBieXRlc9o9jV4EQkFqpg3mvT0HkCk6vsZnP-PVU9dFqpDGyQvgM3rqZkbirsSdLNr6CjEAxw",
        blob: "MXNpeHRlZW4gYnl0ZXMgb2sAAAAAAAAAAAAAAAByRA5MvdBy7O4OSThLRlFmFm_fjc0nKb6NYLJFiQ",
        index: "b61a0b7e9d3ff2d9d95558862156d251",
        mac: "1bbb4d0e3e0c6182ade98e2bcd8c541570f51e0e94f4d3fd9c2081bf4357a614",
    },
    Edition {
        suite: Suite::National,
        wrapped: "EgAAAAOjxe0BqnlbotGJhAVohu-grsce4Wx91ksqsMfLHJA4CLir_3Ol_1yB2rBUVyXI__xNjQurCmERv_KGtcs",
        sealed: "EgKzfSH6SPGgy3Snz01k2cVnXSnBYBwvlyxGHyprujlwLAUHo_-t2m8uFF6bn5vQSY5A3kRqkVn-brCSDA",
        blob: "MnNpeHRlZW4gYnl0ZXMgb2vVLRkVkPPEsOKo9Ly1myHlJs_YTtN3fasQLOCNaeB2dHNhwNCPM9zFRw",
        index: "c29ca4abf543cb894d715f4107511cd5",
        mac: "588562f8e649d319088c39cfe4a19ae57246c5f4e40c9f6c4e5aa282eb3dcecf",
    },
];

#[test]
fn the_bytes_are_those_of_the_first_edition() {
    for edition in FIRST {
        let vault = Vault::from_ring(edition.suite, &KeyRing::parse(RING).unwrap());
        let (key, wrapped) = vault.new_person_key(std::array::from_fn(|n| 0x60 + n as u8));
        let place = Aad::new("residency", "phone", "row 1");
        let sealed = key.seal(b"13800138000", place, *b"twelve bytes");
        let index = vault.blind_index("phone", "13800138000");
        let index = base16ct::lower::encode_string(index.as_bytes());
        let mac = base16ct::lower::encode_string(&vault.mac("door", b"310104010003/1"));
        let mut blob = Vec::new();
        key.seal_blob(&b"a small photo"[..], &mut blob, place, *b"sixteen bytes ok").unwrap();
        let blob = Base64UrlUnpadded::encode_string(&blob);
        let made = [wrapped.to_string(), sealed.to_string(), blob, index, mac];
        let then = [edition.wrapped, edition.sealed, edition.blob, edition.index, edition.mac];
        assert_eq!(made, then, "{}", edition.suite);
    }
}

#[test]
fn the_first_edition_opens_in_a_vault_of_either_suite() {
    let ring = KeyRing::parse(RING).unwrap();
    for edition in FIRST {
        let wrapped: WrappedKey = edition.wrapped.parse().unwrap();
        let sealed: Sealed = edition.sealed.parse().unwrap();
        assert_eq!((wrapped.master(), wrapped.suite()), (KeyId(3), edition.suite));
        for suite in Suite::ALL {
            let vault = Vault::from_ring(suite, &ring);
            let key = vault.unwrap_key(&wrapped).unwrap();
            let plain = key.open(&sealed, Aad::new("residency", "phone", "row 1")).unwrap();
            assert_eq!(plain.as_str(), Ok("13800138000"));
            let (blob, mut photo) = (Base64UrlUnpadded::decode_vec(edition.blob).unwrap(), Vec::new());
            key.open_blob(&blob[..], &mut photo, Aad::new("residency", "phone", "row 1")).unwrap();
            assert_eq!(photo, b"a small photo");
            let mac = hex(edition.mac).try_into().unwrap();
            assert!(vault.verify_mac("door", b"310104010003/1", &mac), "{} in {suite}", edition.suite);
        }
    }
}
