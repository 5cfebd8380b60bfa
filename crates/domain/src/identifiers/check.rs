//! The two check characters: ISO 7064 MOD 11-2 and that of GB 32100.

/// The check character of ISO/IEC 7064 MOD 11-2 (GB 11643-1999 §4.4) over ASCII digits: `0`–`9` or `X`.
///
/// The weight of a digit is 2 to the power of its distance from the check character, mod 11; 11 is prime and
/// no weight is 0, so every single wrong digit and every swap of two different neighbours is caught.
pub(super) fn mod_11_2(digits: &[u8]) -> u8 {
    let p = digits.iter().fold(0u32, |p, d| (p + u32::from(d.wrapping_sub(b'0'))) * 2 % 11);
    match (12 - p) % 11 {
        10 => b'X',
        v => b'0' + u8::try_from(v).unwrap_or(0),
    }
}

/// The 31 characters of GB 32100-2015: no I, O, S, V, Z.
pub(super) const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The check character of GB 32100-2015 over the first 17 characters; `None` for a foreign character.
///
/// Weights are 3^i mod 31; the check value is 31 − Σ mod 31, where 31 is written `0`.
pub(super) fn mod_31_3(text: &[u8]) -> Option<u8> {
    let (mut sum, mut weight) = (0, 1);
    for c in text {
        sum += ALPHABET.iter().position(|a| a == c)? * weight;
        weight = weight * 3 % 31;
    }
    Some(ALPHABET[(31 - sum % 31) % 31])
}
