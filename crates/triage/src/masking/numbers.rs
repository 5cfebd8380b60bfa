//! Numbers that name a person: mobiles, landlines, resident ids, bank cards.

use super::letters::Letter;
use super::{Found, SpanKind, at, said_before};

/// The most digits that one identifier has, with a country code before it.
const MOST: usize = 24;

/// A run of digits that begins here, with at most two marks between one digit and the next.
struct Run {
    digits: Vec<u8>,
    /// The place of each digit.
    places: Vec<usize>,
    /// For each digit, whether a mark stands before it.
    parted: Vec<bool>,
    /// Whether some of the marks also part the numbers of a list, or lines.
    loose: Vec<bool>,
}

/// The letters that stand for nought and one where digits are disguised.
fn disguised(c: char) -> Option<u8> {
    match c {
        'o' | 'O' | 'Q' => Some(0),
        'l' | 'I' => Some(1),
        _ => None,
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        ' ' | '-'
            | '–'
            | '—'
            | '－'
            | '−'
            | '‐'
            | '‑'
            | '.'
            | '·'
            | '•'
            | '_'
            | '~'
            | '('
            | ')'
            | '*'
            | '/'
            | '['
            | ']'
            | '【'
            | '】'
            | '\t'
    ) || is_loose(c)
}

/// Marks that also part the numbers of a list, or lines.
fn is_loose(c: char) -> bool {
    matches!(c, ',' | '、' | '\n' | '*')
}

/// A letter that stands for a digit beside digits: 138OOOO1234, l38.
fn in_disguise(letters: &[Letter], i: usize, so_far: usize) -> Option<u8> {
    let is_digit = |i: usize| letters.get(i).is_some_and(|l| l.digit.is_some() || disguised(l.c).is_some());
    let value = disguised(at(letters, i))?;
    let fits = if so_far == 0 { value == 1 && is_digit(i + 1) && is_digit(i + 2) } else { so_far >= 2 };
    (fits && (is_digit(i + 1) || so_far > 0 && is_digit(i - 1))).then_some(value)
}

fn run(letters: &[Letter], from: usize) -> Run {
    let mut run = Run { digits: Vec::new(), places: Vec::new(), parted: Vec::new(), loose: Vec::new() };
    let mut i = from;
    let (mut parted, mut loose) = (false, false);
    while run.digits.len() < MOST {
        let Some(letter) = letters.get(i) else { break };
        let value = letter.digit.or_else(|| in_disguise(letters, i, run.digits.len()));
        let Some(value) = value else { break };
        run.digits.push(value);
        run.places.push(i);
        run.parted.push(parted);
        run.loose.push(loose);
        i += 1;
        let marks = letters[i..].iter().take(4).take_while(|l| is_mark(l.c)).count();
        parted = marks > 0;
        loose = letters[i..i + marks].iter().any(|l| is_loose(l.c));
        // Stars stand for digits that the writer has taken out himself.
        if marks > 3 || marks > 1 && letters[i..i + marks].iter().any(|l| l.c == '*') {
            break;
        }
        i += marks;
    }
    run
}

/// An identifier of digits that begins here.
pub(super) fn number(letters: &[Letter], i: usize) -> Found {
    let first = letters[i];
    if first.digit.is_none() {
        in_disguise(letters, i, 0).filter(|_| i == 0 || !at(letters, i - 1).is_ascii_alphanumeric())?;
    }
    // Not in the middle of a run, unless a mark or another script parts it from what came before.
    if i > 0 && letters[i - 1].digit.is_some() && first.is_plain() == letters[i - 1].is_plain() {
        return None;
    }
    let run = run(letters, i);
    let total = run.digits.len();
    if total < 7 {
        return None;
    }
    for length in (7..=total).rev() {
        // It ends where the run ends or a mark stands: never in the middle of a longer number.
        let script = |n: usize| letters[run.places[n]].is_plain();
        let inside = length < total && !run.parted[length] && script(length) == script(length - 1);
        // 一三八…一直没人接: one that begins the next word belongs to no number.
        let begins_word = inside && length + 1 == total && run.digits[length] == 1 && !script(length);
        if inside && !begins_word {
            continue;
        }
        let end = run.places[length - 1] + 1;
        if let Some((kind, extra)) = reading(letters, i, end, &run, length) {
            return Some((kind, i, end + extra));
        }
    }
    None
}

fn sizes(run: &Run, length: usize) -> Vec<usize> {
    let mut sizes = Vec::new();
    for parted in &run.parted[..length] {
        if *parted || sizes.is_empty() {
            sizes.push(0);
        }
        if let Some(last) = sizes.last_mut() {
            *last += 1;
        }
    }
    sizes
}

/// Groups as people make them: no stray digit beside long ones, unless every digit stands alone.
fn is_even(sizes: &[usize]) -> bool {
    sizes.len() == 1 || sizes.iter().all(|s| *s == 1) || sizes.iter().all(|s| *s >= 2)
}

/// What some digits are together, and how many letters after them belong to it.
fn reading(
    letters: &[Letter],
    begin: usize,
    end: usize,
    run: &Run,
    length: usize,
) -> Option<(SpanKind, usize)> {
    let d = &run.digits[..length];
    let sizes = sizes(run, length);
    let together = sizes.len() == 1;
    // What stands in a list is one number only if it is grouped as people group one.
    let as_one = matches!(sizes[..], [3, 4, 4] | [3, 8] | [7, 4] | [6, 8, 4] | [6, 4, 4, 4] | [6, 12])
        || sizes.len() >= 4 && sizes.iter().rev().skip(1).all(|s| *s == 4);
    if run.loose[..length].contains(&true) && !as_one {
        return None;
    }
    let plain = run.places[..length].iter().all(|p| letters[*p].is_plain());
    if is_mobile(d) && (is_even(&sizes) || matches!(sizes[..], [2, 1, ..] | [1, 2, 4, 4])) {
        return Some((SpanKind::Phone, 0));
    }
    let x = at(letters, end + usize::from(is_mark(at(letters, end)) && sizes.len() > 1));
    let ends_in_x = length == 17 && matches!(x, 'x' | 'X' | '×' | 'χ' | 'Х');
    let extra = if ends_in_x { 1 + usize::from(is_mark(at(letters, end))) } else { 0 };
    if (length == 18 || ends_in_x) && is_even(&sizes) {
        let is_vouched = is_resident_id(&[d, &[10][..usize::from(ends_in_x)]].concat());
        if is_vouched || ends_in_x && !counts(letters, begin) {
            return Some((SpanKind::Id, extra));
        }
        if ends_in_x {
            return None;
        }
        if together || has_birthday(&d[6..14]) {
            return (!counts(letters, begin)).then_some((SpanKind::Card, 0));
        }
    }
    if length == 15
        && has_birthday(&[&[1, 9], &d[6..12]].concat())
        && (together && plain || said(letters, begin, ID_WORDS))
    {
        return Some((SpanKind::Id, 0));
    }
    if is_landline(d)
        && (plain || said(letters, begin, PHONE_WORDS))
        && (together || matches!(sizes[..], [3 | 4, ..]) || matches!(sizes[..], [2, 2 | 3, ..]) && d[0] == 8)
    {
        return Some((SpanKind::Phone, 0));
    }
    if (13..=19).contains(&length) && is_even(&sizes) {
        let vouched = length >= 15 && luhn(d) && (together || sizes.iter().rev().skip(1).all(|s| *s >= 3));
        if (vouched && !is_moment(d)) || said(letters, begin, CARD_WORDS) {
            return Some((SpanKind::Card, 0));
        }
        if together && plain && !counts(letters, begin) && !is_moment(d) {
            return Some((SpanKind::Card, 0));
        }
    }
    // Twelve and more digits in one run count no thing of daily life.
    if together && plain && length >= 12 && !counts(letters, begin) && !is_moment(d) {
        return Some((SpanKind::Id, 0));
    }
    // A local number is one only if the words before it say so.
    let local = (length == 8 || length == 7)
        && matches!(d[0], 2..=8)
        && (together || matches!(sizes[..], [4, 4] | [3, 4] | [4, 3] | [2, 2, 2, 2]));
    (local && said(letters, begin, PHONE_WORDS)).then_some((SpanKind::Phone, 0))
}

const PHONE_WORDS: &[&str] = &[
    "电话", "手机", "联系", "座机", "拨打", "致电", "来电", "号码", "传真", "固话", "宅电", "热线", "tel",
    "Tel", "TEL",
];
const CARD_WORDS: &[&str] =
    &["卡", "账号", "帐号", "账户", "帐户", "开户", "银行", "收款", "汇款", "打到", "转到", "存折"];
const ID_WORDS: &[&str] = &["身份证", "证件", "证号"];
/// What is counted by long numbers and names nobody.
const COUNTS: &[&str] = &[
    "工单",
    "编号",
    "订单",
    "单号",
    "案号",
    "文号",
    "发票",
    "型号",
    "备案",
    "批号",
    "条码",
    "流水",
    "许可证",
    "受理号",
    "信用代码",
    "户号",
    "表号",
    "缴费",
    "运单",
    "快递",
    "取件",
    "序列号",
    "房产证",
    "楼盘",
    "工号",
];

/// Papers whose numbers begin with letters: a passport, a permit.
const PAPERS: &[&str] = &["护照", "通行证", "台胞证", "回乡证", "军官证", "士兵证", "驾驶证", "居留"];

/// A letter or two and seven to nine digits after the name of such a paper: 护照E00000000.
pub(super) fn paper(letters: &[Letter], i: usize) -> Found {
    if i > 0 && at(letters, i - 1).is_ascii_alphanumeric() {
        return None;
    }
    let run = |from: usize, fits: fn(char) -> bool| letters[from..].iter().take_while(|l| fits(l.c)).count();
    let first = run(i, |c| c.is_ascii_alphabetic());
    let end = i + first + run(i + first, |c| c.is_ascii_digit());
    let fits = (1..=2).contains(&first) && (7..=9).contains(&(end - i - first));
    (fits && said(letters, i, PAPERS)).then_some((SpanKind::Id, i, end))
}

fn said(letters: &[Letter], i: usize, words: &[&str]) -> bool {
    said_before(letters, i, 8, words)
}

fn counts(letters: &[Letter], i: usize) -> bool {
    said_before(letters, i, 6, COUNTS)
}

fn is_mobile(d: &[u8]) -> bool {
    let d = match d {
        [0, 0, 8, 6, rest @ ..] | [8, 6, rest @ ..] if rest.len() == 11 => rest,
        [0, rest @ ..] if rest.len() == 11 => rest,
        d => d,
    };
    d.len() == 11 && d[0] == 1 && (3..=9).contains(&d[1])
}

/// Area code (010, 02x, or four digits that begin with 03 to 09) and seven or eight digits; or with +86.
fn is_landline(d: &[u8]) -> bool {
    match d {
        [0, 0, 8, 6, rest @ ..] | [8, 6, rest @ ..] if (9..=11).contains(&rest.len()) => {
            is_landline(&[&[0], rest].concat())
        }
        [0, 1, 0, rest @ ..] | [0, 2, _, rest @ ..] => rest.len() == 8 && rest[0] >= 2,
        [0, 3..=9, _, _, rest @ ..] => matches!(rest.len(), 7 | 8) && rest[0] >= 2,
        _ => false,
    }
}

/// Year, month and day that a person can be born on.
fn has_birthday(d: &[u8]) -> bool {
    let n = |d: &[u8]| d.iter().fold(0_u32, |n, d| n * 10 + u32::from(*d));
    d.len() == 8
        && (1900..=2099).contains(&n(&d[..4]))
        && (1..=12).contains(&n(&d[4..6]))
        && (1..=31).contains(&n(&d[6..8]))
}

/// A moment written in one piece: 20200105123045.
fn is_moment(d: &[u8]) -> bool {
    let n = |d: &[u8]| d.iter().fold(0_u32, |n, d| n * 10 + u32::from(*d));
    matches!(d.len(), 12 | 14)
        && d[0] == 2
        && d[1] == 0
        && has_birthday(&d[..8])
        && n(&d[8..10]) < 24
        && n(&d[10..12]) < 60
}

/// GB 11643-1999: the check character by ISO 7064 MOD 11-2 fits.
fn is_resident_id(d: &[u8]) -> bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = d.iter().zip(weights).map(|(d, w)| u32::from(*d) * w).sum();
    d.len() == 18 && (12 - sum % 11) % 11 == u32::from(d[17])
}

/// ISO/IEC 7812-1: the check digit of a card fits.
fn luhn(d: &[u8]) -> bool {
    let sum: u32 = d
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u32::from(*d) * if i % 2 == 1 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        let digits = |s: &str| -> Vec<u8> { s.bytes().map(|b| b - b'0').collect() };
        assert!(is_resident_id(&digits("310104199001011233")));
        assert!(!is_resident_id(&digits("310104199001011234")));
        assert!(luhn(&digits("4111111111111111")));
        assert!(!luhn(&digits("4111111111111112")));
    }
}
