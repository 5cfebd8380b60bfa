//! Number plates (GA 36): a province, a letter, and five or six letters and digits.

use super::han::{HAN, PROVINCE};
use super::letters::Letter;
use super::{Found, SpanKind, at, said_before};

/// The first letter of a plate.
pub(super) const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '·' | '-' | '.' | '•' | '・' | '－' | '—' | '_' | '(' | ')')
}

/// The number of a plate from here: where it ends. Five or six letters and digits, with gaps between.
fn body(letters: &[Letter], from: usize, fewest: usize) -> Option<usize> {
    let (mut n, mut digits, mut i) = (0, 0, from);
    let mut ends = None;
    while n < 6 {
        if n > 0 && is_gap(at(letters, i)) && is_part(letters, i + 1) {
            i += 1;
        }
        if !is_part(letters, i) {
            break;
        }
        digits += usize::from(letters[i].digit.is_some());
        n += 1;
        i += 1;
        // 警, 学, 挂, 港, 澳 take the last place.
        if n == 4 && matches!(at(letters, i), '警' | '学' | '挂' | '港' | '澳' | '试' | '超') {
            n += 1;
            i += 1;
        }
        // What comes after a gap is another word: 沪A12345 6号楼.
        if n >= 5 && !is_part(letters, i) {
            ends = Some(i);
            break;
        }
    }
    ends.filter(|_| digits >= fewest)
}

/// A letter or digit; a digit in words only after no plain one: 赣A50397一辆.
fn is_part(letters: &[Letter], i: usize) -> bool {
    let in_words = |l: &Letter| l.digit.is_some() && !l.is_plain();
    letters.get(i).is_some_and(|l| l.c.is_ascii_alphanumeric() || (in_words(l) && !letters[i - 1].is_plain()))
}

/// A plate that begins here.
pub(super) fn plate(letters: &[Letter], i: usize) -> Found {
    let gap = |i: usize| letters[i.min(letters.len())..].iter().take(2).take_while(|l| is_gap(l.c)).count();
    if HAN.is(at(letters, i), PROVINCE) {
        let mut next = i + 1 + gap(i + 1);
        if at(letters, next) == '牌' {
            next += 1 + gap(next + 1);
        }
        if at(letters, next).is_ascii_alphabetic() {
            let from = next + 1 + gap(next + 1);
            if let Some(end) = body(letters, from, 2) {
                return Some((SpanKind::Plate, i, end));
            }
        }
        return None;
    }
    // Without the province: only where the words before say what it is.
    let begins = i == 0 || !at(letters, i - 1).is_ascii_alphanumeric();
    let says = || said_before(letters, i, 6, &["车牌", "牌照", "车号", "牌号", "新能源车", "绿牌", "蓝牌"]);
    if begins && at(letters, i).is_ascii_alphabetic() && says() {
        let end = body(letters, i + 1 + gap(i + 1), 3)?;
        return Some((SpanKind::Plate, i, end));
    }
    None
}
