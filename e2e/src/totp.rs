//! The second factor, as a phone computes it.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Seconds for which one code holds.
const STEP: u64 = 30;

/// The six digits for a moment (RFC 6238 over HMAC-SHA-1, steps of 30 seconds).
///
/// # Errors
/// A sentence when the secret is not base 32 (RFC 4648, padding optional).
pub fn totp(secret: &str, unix_seconds: u64) -> Result<String, String> {
    let key = base32(secret).ok_or_else(|| format!("not base 32: {secret}"))?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).map_err(|e| e.to_string())?;
    mac.update(&(unix_seconds / STEP).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    // Dynamic truncation, RFC 4226 section 5.3.
    let at = usize::from(digest[digest.len() - 1] & 0x0f);
    let word = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    Ok(format!("{:06}", word % 1_000_000))
}

/// The six digits for now.
///
/// # Errors
/// As [`totp`].
#[expect(clippy::disallowed_methods, reason = "a phone has a clock; this plays the phone")]
pub fn totp_now(secret: &str) -> Result<String, String> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    totp(secret, since.map_err(|e| e.to_string())?.as_secs())
}

/// The six digits of the half minute after this one.
///
/// # Errors
/// As [`totp`].
#[expect(clippy::disallowed_methods, reason = "a phone has a clock; this plays the phone")]
pub fn totp_next(secret: &str) -> Result<String, String> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    totp(secret, since.map_err(|e| e.to_string())?.as_secs() + STEP)
}

fn base32(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut held, mut bytes) = (0u32, 0u32, Vec::new());
    for sign in text.trim_end_matches('=').bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a',
            b'2'..=b'7' => sign - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(((bits >> held) & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "12345678901234567890", the secret of the vectors in RFC 6238, appendix B (last six digits).
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn the_vectors_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp(SECRET, seconds).as_deref(), Ok(code));
        }
    }

    #[test]
    fn a_secret_that_is_not_base_32_is_a_sentence() {
        assert_eq!(totp("1", 0), Err("not base 32: 1".to_owned()));
    }
}
