//! Door codes and tracking links: short, signed, read aloud without mistakes.
//!
//! Both are a few bytes and a truncated keyed tag in Crockford's base 32. The key never comes here: the
//! caller passes the tagging function, and compares nothing itself.

use crate::{CaseNo, DoorwayId};
use serde::{Deserialize, Serialize};

/// What a code on the notice board is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeKind {
    /// Opinions and issues 问题意见征集.
    Opinion,
    /// Housing-rental registration 房屋出租登记.
    Tenancy,
    /// Actual-population registration 实有人口登记.
    Residency,
}

impl CodeKind {
    /// All three, in the order of the notice.
    pub const ALL: [CodeKind; 3] = [CodeKind::Opinion, CodeKind::Tenancy, CodeKind::Residency];

    /// The stable name in files and the store.
    pub fn key(self) -> &'static str {
        match self {
            CodeKind::Opinion => "opinion",
            CodeKind::Tenancy => "tenancy",
            CodeKind::Residency => "residency",
        }
    }

    /// The kind of that name.
    pub fn from_key(key: &str) -> Option<CodeKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// One code of one doorway. `issue` counts the times that this one code was issued anew, so that it can be
/// revoked without touching its neighbours on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DoorCode {
    /// What it is for.
    pub kind: CodeKind,
    /// Where it hangs.
    pub doorway: DoorwayId,
    /// 0 for the first issue.
    pub issue: u8,
}

/// Why a scanned code is refused before anything is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not of the form of a code at all.
    #[error("this is not a code of ours")]
    Malformed,
    /// Of the right form, but of another district.
    #[error("this code is of another district")]
    Foreign,
    /// Of our district by its own word, and not signed by us.
    #[error("this code is forged")]
    Forged,
}

/// The most doorways that codes can tell apart (30 bits).
pub const MAX_DOORWAY: i64 = (1 << 30) - 1;

const TAG_BYTES: usize = 5;

/// The two letters that name the district within its codes, from any stable name of it: tells a code of a
/// neighbouring district from a forged one.
pub fn district_mark(name: &str) -> String {
    let sum = name.bytes().fold(0u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b)));
    let ten_bits = (sum ^ (sum >> 10) ^ (sum >> 20)) & 0x3ff;
    [ten_bits >> 5, ten_bits & 31].iter().map(|v| char::from(ALPHABET[*v as usize])).collect()
}

impl DoorCode {
    /// Writes the code: two letters of the district, eight of content, eight of tag (40 bits).
    ///
    /// Returns `None` for a doorway number above [`MAX_DOORWAY`].
    pub fn write(self, mark: &str, tag: impl Fn(&[u8]) -> [u8; 32]) -> Option<String> {
        if !(0..=MAX_DOORWAY).contains(&self.doorway.0) {
            return None;
        }
        let kind = CodeKind::ALL.iter().position(|k| *k == self.kind)?;
        let bits = ((kind as u64) << 38) | (u64::from(self.issue) << 30) | self.doorway.0.unsigned_abs();
        let content: [u8; 5] = bits.to_be_bytes()[3..].try_into().ok()?;
        let tag = tag(&signed_part(mark, &content));
        Some(format!("{mark}{}{}", encode(&content), encode(&tag[..TAG_BYTES])))
    }

    /// Reads a scanned or typed code and checks its tag.
    pub fn read(text: &str, mark: &str, tag: impl Fn(&[u8]) -> [u8; 32]) -> Result<DoorCode, CodeError> {
        let text: String = text.chars().filter(|c| *c != '-' && *c != ' ').collect();
        if text.len() != 18 || !text.is_ascii() {
            return Err(CodeError::Malformed);
        }
        let (district, rest) = text.split_at(2);
        let content: [u8; 5] =
            decode(&rest[..8]).and_then(|b| b.try_into().ok()).ok_or(CodeError::Malformed)?;
        let given = decode(&rest[8..]).ok_or(CodeError::Malformed)?;
        if !same_letters(district, mark) {
            return Err(CodeError::Foreign);
        }
        let expected = tag(&signed_part(mark, &content));
        if !same_in_constant_time(&given, &expected[..TAG_BYTES]) {
            return Err(CodeError::Forged);
        }
        let mut wide = [0; 8];
        wide[3..].copy_from_slice(&content);
        let bits = u64::from_be_bytes(wide);
        let kind = CodeKind::ALL.get(usize::try_from(bits >> 38).unwrap_or(3)).ok_or(CodeError::Malformed)?;
        Ok(DoorCode {
            kind: *kind,
            issue: u8::try_from((bits >> 30) & 0xff).unwrap_or(0),
            doorway: DoorwayId(i64::try_from(bits & MAX_DOORWAY.unsigned_abs()).unwrap_or(0)),
        })
    }
}

fn signed_part(mark: &str, content: &[u8]) -> Vec<u8> {
    [mark.as_bytes(), b"/", content].concat()
}

/// The secret link of one person to one case: the case, which of its voices, and an 80-bit tag. Nothing of
/// it is stored, so a stolen database opens no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tracking {
    /// The case that was reported or joined.
    pub case: CaseNo,
    /// Whose voice: 1 for who reported it, 2 and on for who joined.
    pub voice: u16,
}

const TRACKING_TAG: usize = 10;

impl Tracking {
    /// Writes the link's secret part (28 letters).
    pub fn write(self, tag: impl Fn(&[u8]) -> [u8; 32]) -> String {
        let content = self.content();
        let tag = tag(&content);
        encode(&[&content[..], &tag[..TRACKING_TAG]].concat())
    }

    /// Reads a link's secret part; `None` if it is not ours.
    pub fn read(text: &str, tag: impl Fn(&[u8]) -> [u8; 32]) -> Option<Tracking> {
        if text.len() != 28 {
            return None;
        }
        let bytes = decode(text)?;
        let (content, given) = bytes.split_at_checked(7)?;
        let expected = tag(content);
        if !same_in_constant_time(given, &expected[..TRACKING_TAG]) {
            return None;
        }
        let mut wide = [0; 8];
        wide[3..].copy_from_slice(&content[..5]);
        Some(Tracking {
            case: CaseNo(i64::try_from(u64::from_be_bytes(wide)).ok()?),
            voice: u16::from_be_bytes([content[5], content[6]]),
        })
    }

    fn content(self) -> [u8; 7] {
        let mut content = [0; 7];
        content[..5].copy_from_slice(&self.case.0.to_be_bytes()[3..]);
        content[5..].copy_from_slice(&self.voice.to_be_bytes());
        content
    }
}

/// Crockford's base 32, small letters: no i, l, o, u, which are misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut acc, mut bits) = (0u32, 0);
    for b in bytes {
        acc = (acc << 8) | u32::from(*b);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[((acc >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(ALPHABET[((acc << (5 - bits)) & 31) as usize]));
    }
    out
}

fn letter_value(c: u8) -> Option<u8> {
    let c = match c.to_ascii_lowercase() {
        b'o' => b'0',
        b'i' | b'l' => b'1',
        c => c,
    };
    ALPHABET.iter().position(|a| *a == c).and_then(|v| u8::try_from(v).ok())
}

/// Whole bytes only; leftover bits must be zero, so that every text stands for one value and back.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut acc, mut bits) = (0u32, 0);
    for c in text.bytes() {
        acc = (acc << 5) | u32::from(letter_value(c)?);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((acc >> bits) & 0xff).ok()?);
        }
    }
    (acc & ((1 << bits) - 1) == 0).then_some(out)
}

fn same_letters(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(x, y)| letter_value(x) == letter_value(y))
}

fn same_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Not a real keyed hash: enough to see that the tag is compared.
    fn tag(message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        for (i, slot) in out.iter_mut().enumerate() {
            *slot = message.iter().fold(i as u8, |h, b| h.wrapping_mul(167).wrapping_add(*b ^ 0x5a));
        }
        out
    }

    fn any_code() -> impl Strategy<Value = DoorCode> {
        (0usize..3, 0i64..=MAX_DOORWAY, any::<u8>()).prop_map(|(k, d, issue)| DoorCode {
            kind: CodeKind::ALL[k],
            doorway: DoorwayId(d),
            issue,
        })
    }

    proptest! {
        #[test]
        fn a_code_reads_back(code in any_code()) {
            let text = code.write("xh", tag).unwrap();
            prop_assert_eq!(text.len(), 18);
            prop_assert_eq!(DoorCode::read(&text, "xh", tag), Ok(code));
            prop_assert_eq!(DoorCode::read(&text.to_uppercase(), "xh", tag), Ok(code));
        }

        #[test]
        fn a_changed_letter_is_refused(code in any_code(), at in 2usize..18, to in 0usize..32) {
            let text = code.write("xh", tag).unwrap();
            let mut bad: Vec<u8> = text.clone().into_bytes();
            bad[at] = ALPHABET[to];
            let bad = String::from_utf8(bad).unwrap();
            if bad != text {
                prop_assert!(DoorCode::read(&bad, "xh", tag).is_err());
            }
        }

        #[test]
        fn anything_scanned_is_answered(text in ".{0,40}") {
            let _ = DoorCode::read(&text, "xh", tag);
            let _ = Tracking::read(&text, tag);
        }

        #[test]
        fn a_link_reads_back(no in 1i64..(1 << 39), voice in any::<u16>()) {
            let link = Tracking { case: CaseNo(no), voice };
            let text = link.write(tag);
            prop_assert_eq!(text.len(), 28);
            prop_assert_eq!(Tracking::read(&text, tag), Some(link));
            let other = Tracking { case: CaseNo(no), voice: voice ^ 1 }.write(tag);
            let spliced = format!("{}{}", &text[..12], &other[12..]);
            prop_assert!(spliced == text || Tracking::read(&spliced, tag).is_none());
        }
    }

    #[test]
    fn another_district_is_told_from_a_forgery() {
        let code = DoorCode { kind: CodeKind::Opinion, doorway: DoorwayId(17), issue: 0 };
        let text = code.write("ab", tag).unwrap();
        assert_eq!(DoorCode::read(&text, "xh", tag), Err(CodeError::Foreign));
        assert_eq!(DoorCode::read(&text.replacen("ab", "xh", 1), "xh", tag), Err(CodeError::Forged));
        assert_eq!(DoorCode::read("hello", "xh", tag), Err(CodeError::Malformed));
        assert_eq!(DoorCode { doorway: DoorwayId(MAX_DOORWAY + 1), ..code }.write("xh", tag), None);
        assert_eq!(district_mark("310104").len(), 2);
    }
}
