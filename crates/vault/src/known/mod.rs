//! The algorithms against the answers that their standards print, through the seam that the rest uses, and
//! the formats of this crate against their own first edition.

mod formats;
mod hashes;

use crate::suite::{Cipher, Suite};

fn hex(text: &str) -> Vec<u8> {
    let text = if text == "-" { "" } else { text };
    base16ct::mixed::decode_vec(text).expect("hexadecimal digits")
}

fn array<const N: usize>(text: &str) -> [u8; N] {
    hex(text).try_into().expect("the right length")
}

/// Seals and opens, and says where either differs.
fn check(suite: Suite, key: [u8; 32], nonce: [u8; 12], aad: &[u8], plain: &[u8], result: &[u8]) {
    let cipher = Cipher::new(suite, &key);
    let mut data = plain.to_vec();
    let tag = cipher.seal(&nonce, aad, &mut data);
    let whole = [data.as_slice(), &tag].concat();
    assert_eq!(whole, result, "sealing {} bytes in {suite}", plain.len());
    assert!(cipher.open(&nonce, aad, &mut data, &tag), "opening what was sealed");
    assert_eq!(data, plain);
}

#[test]
fn aes_256_gcm_siv_is_that_of_rfc_8452() {
    let rows: Vec<Vec<&str>> = include_str!("rfc8452.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(' ').collect())
        .collect();
    assert_eq!(rows.len(), 26, "24 of C.2 and two of C.3");
    for row in rows {
        let [key, nonce, aad, plain, result] = row[..] else { panic!("five columns in {row:?}") };
        check(Suite::International, array(key), array(nonce), &hex(aad), &hex(plain), &hex(result));
    }
}

#[test]
fn sm4_gcm_is_that_of_rfc_8998() {
    // A.1. Our keys have 32 bytes, of which SM4 takes the first half.
    let key = array("0123456789ABCDEFFEDCBA9876543210ffffffffffffffffffffffffffffffff");
    let plain = "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD\
                 EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA";
    let result = "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735\
                  D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D\
                  83DE3541E4C2B58177E065A9BF7B62EC";
    let aad = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    check(Suite::National, key, array("00001234567800000000ABCD"), &aad, &hex(plain), &hex(result));
}

#[test]
fn sm4_is_that_of_gb_t_32907() {
    use aes_gcm::aead::KeyInit as _;
    use sm4::cipher::BlockCipherEncrypt as _;
    let block: [u8; 16] = array("0123456789abcdeffedcba9876543210");
    let cipher = sm4::Sm4::new(&block.into());
    let mut data = block.into();
    cipher.encrypt_block(&mut data);
    assert_eq!(data.as_slice(), hex("681edf34d206965e86b3e94f536e4246"), "example 1");
    for _ in 1..1_000_000 {
        cipher.encrypt_block(&mut data);
    }
    assert_eq!(data.as_slice(), hex("595298c7c6fd271f0402f804c33d3f66"), "example 2: a million times");
}
