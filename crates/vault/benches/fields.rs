//! How many fields a second: `cargo bench -p vault`, about ten seconds.
//!
//! Machines differ and are shared, so each row has its ratio to the bare cipher of the same suite over the same
//! 200 bytes, measured in the same run.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{AeadInOut, KeyInit};
use std::hint::black_box;
use std::time::{Duration, Instant};
use vault::{Aad, KeyRing, Suite, Vault};

const VALUE: [u8; 200] = [b'x'; 200];
const PHOTO: usize = 2_000_000;
const SUBJECT: [u8; 16] = [7; 16];

/// Calls a second: the best of five rounds, since whatever else runs here can only slow a round down.
fn rate(mut call: impl FnMut()) -> f64 {
    const ROUND: Duration = Duration::from_millis(80);
    let mut best = 0.0;
    for _ in 0..5 {
        let (start, mut calls) = (Instant::now(), 0u32);
        while start.elapsed() < ROUND {
            (0..8).for_each(|_| call());
            calls += 8;
        }
        best = f64::max(best, f64::from(calls) / start.elapsed().as_secs_f64());
    }
    best
}

/// The cipher alone: no nonce made, no place, no filling, nothing allocated.
fn bare(suite: Suite) -> f64 {
    fn run(cipher: &impl AeadInOut<NonceSize = U12>) -> f64 {
        let mut data = VALUE;
        rate(|| {
            let tag = cipher.encrypt_inout_detached(&[1; 12].into(), b"", black_box(&mut data[..]).into());
            assert!(black_box(tag).is_ok());
        })
    }
    match suite {
        Suite::International => run(&aes_gcm_siv::Aes256GcmSiv::new(&[7; 32].into())),
        Suite::National => run(&AesGcm::<sm4::Sm4, U12>::new(&[7; 16].into())),
    }
}

/// A residency: a person's key, six fields, two indexes.
fn registration(vault: &Vault, seed: [u8; 32]) {
    let (key, wrapped) = vault.new_person_key(seed);
    for (field, text) in [
        ("name", "欧阳建国"),
        ("identity", "11010519491231002X"),
        ("phone", "13800138000"),
        ("address", "田林十二村4号门502室"),
        ("occupation", "退休"),
        ("notice", "shown 2026-11-01, version 3"),
    ] {
        black_box(key.seal(text.as_bytes(), Aad::new("residency", field, &SUBJECT), [9; 12]));
    }
    black_box((
        vault.blind_index("phone", "13800138000"),
        vault.blind_index("identity", "11010519491231002X"),
    ));
    black_box(wrapped);
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{:<14} {:<38} {:>10} {:>12} {:>9}", "suite", "what", "target/s", "measured/s", "to bare");
    let mut missed = Vec::new();
    for suite in Suite::ALL {
        let vault = Vault::from_ring(suite, &KeyRing::generate(&vault::os_random()?)?);
        let seed = vault::os_random()?;
        let (key, wrapped) = vault.new_person_key(seed);
        let place = Aad::new("residency", "address", &SUBJECT);
        let sealed = key.seal(&VALUE, place, [9; 12]);
        let bare = bare(suite);
        let rows: [(&str, f64, f64); 10] = [
            ("bare cipher, 200 bytes", 0.0, bare),
            (
                "seal 200 bytes",
                200_000.0,
                rate(|| drop(black_box(key.seal(black_box(&VALUE), place, [9; 12])))),
            ),
            ("open 200 bytes", 200_000.0, rate(|| drop(black_box(key.open(black_box(&sealed), place))))),
            ("new key of a person", 0.0, rate(|| drop(black_box(vault.new_person_key(black_box(seed)))))),
            ("unwrap", 0.0, rate(|| drop(black_box(vault.unwrap_key(black_box(&wrapped)))))),
            ("rewrap", 0.0, rate(|| drop(black_box(vault.rewrap(black_box(&wrapped)))))),
            ("unwrap and open one field", 0.0, {
                rate(|| drop(black_box(vault.unwrap_key(&wrapped).and_then(|k| k.open(&sealed, place)))))
            }),
            ("blind index", 100_000.0, {
                rate(|| {
                    black_box(vault.blind_index("phone", black_box("13800138000")));
                })
            }),
            ("mac and verify", 0.0, {
                rate(|| {
                    let mac = vault.mac("door", black_box(b"board 7"));
                    assert!(vault.verify_mac("door", b"board 7", &mac));
                })
            }),
            ("registration: key, 6 fields, 2 indexes", 1_000.0, rate(|| registration(&vault, seed))),
        ];
        let megabytes = |calls: f64| calls * PHOTO as f64 / 1e6;
        let photo = vec![7; PHOTO];
        let blob = megabytes(rate(|| {
            let mut out = Vec::with_capacity(PHOTO + 4096);
            assert!(key.seal_blob(&photo[..], &mut out, place, [3; 16]).is_ok());
            black_box(out);
        }));
        for (what, target, measured) in rows {
            let shown = if target > 0.0 { format!("{target:.0}") } else { "-".to_owned() };
            let verdict = if measured < target { "  MISSED" } else { "" };
            println!(
                "{:<14} {what:<38} {shown:>10} {measured:>12.0} {:>9.2}{verdict}",
                suite.name(),
                measured / bare
            );
            if measured < target {
                missed.push(what);
            }
        }
        println!("{:<14} {:<38} {:>10} {blob:>9.0} MB", suite.name(), "seal a photo of 2 MB", "-");
    }
    if missed.is_empty() {
        Ok(())
    } else {
        Err(format!("slower than promised: {}", missed.join(", ")).into())
    }
}
