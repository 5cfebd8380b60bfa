//! Masking of identifiers that people type into free text: id numbers, phones, cards, plates, addresses of
//! e-mail and chat. House numbers, prices, dates and public hotlines stay readable.

use std::ops::Range;

/// What sort of identifier was masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// A resident id (GB 11643) or another long number that names a person.
    Id,
    /// A telephone number.
    Phone,
    /// A bank card.
    Card,
    /// A number plate (GA 36).
    Plate,
    /// An e-mail address.
    Mail,
    /// An account of a chat program.
    Chat,
}

impl SpanKind {
    /// What stands in its place.
    pub fn label(self) -> &'static str {
        match self {
            SpanKind::Id => "〔证件号〕",
            SpanKind::Phone => "〔电话〕",
            SpanKind::Card => "〔卡号〕",
            SpanKind::Plate => "〔车牌〕",
            SpanKind::Mail => "〔邮箱〕",
            SpanKind::Chat => "〔微信号〕",
        }
    }
}

/// One identifier and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: SpanKind,
    /// Its bytes in the original text.
    pub range: Range<usize>,
}

/// A text with identifiers taken out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Masked {
    /// The text with a label in the place of each identifier.
    pub text: String,
    /// What was taken out, in order.
    pub spans: Vec<Span>,
}

/// Takes identifiers out of a text.
pub fn mask(text: &str) -> Masked {
    let chars: Vec<(usize, char)> = text.char_indices().map(|(i, c)| (i, narrow(c))).collect();
    let mut spans = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let found = chat(&chars, i)
            .or_else(|| mail(&chars, i))
            .or_else(|| plate(&chars, i))
            .or_else(|| number(&chars, i));
        match found {
            Some((kind, from, to)) => {
                let end = chars.get(to).map_or(text.len(), |c| c.0);
                spans.push(Span { kind, range: chars[from].0..end });
                i = to;
            }
            None => i += 1,
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for s in &spans {
        out.push_str(&text[at..s.range.start]);
        out.push_str(s.kind.label());
        at = s.range.end;
    }
    out.push_str(&text[at..]);
    Masked { text: out, spans }
}

type Found = Option<(SpanKind, usize, usize)>;
type Chars = [(usize, char)];

/// Full-width letters and digits as their ordinary twins.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

fn at(chars: &Chars, i: usize) -> char {
    chars.get(i).map_or('\0', |c| c.1)
}

fn run(chars: &Chars, from: usize, fits: impl Fn(char) -> bool) -> usize {
    chars[from.min(chars.len())..].iter().take_while(|c| fits(c.1)).count()
}

fn begins_word(chars: &Chars, i: usize) -> bool {
    i == 0 || !at(chars, i - 1).is_ascii_alphanumeric()
}

/// A run of digits that begins here, and the groups that follow it with one blank, dash or dot between.
fn number(chars: &Chars, i: usize) -> Found {
    if !at(chars, i).is_ascii_digit() || (i > 0 && at(chars, i - 1).is_ascii_digit()) {
        return None;
    }
    let mut groups: Vec<(usize, usize)> = Vec::with_capacity(5);
    let mut from = i;
    loop {
        let n = run(chars, from, |c| c.is_ascii_digit());
        if n == 0 {
            break;
        }
        groups.push((from, from + n));
        let next = from + n;
        if groups.len() == 6 || !matches!(at(chars, next), ' ' | '-' | '–' | '—' | '.') {
            break;
        }
        from = next + 1;
    }
    // The longest reading first: "138 0000 0000" is one phone and not three numbers.
    (1..=groups.len()).rev().find_map(|n| {
        let (kind, extra) = reading(chars, &groups[..n])?;
        Some((kind, i, groups[n - 1].1 + extra))
    })
}

/// What some groups of digits are together, and how many characters after them belong to it.
fn reading(chars: &Chars, groups: &[(usize, usize)]) -> Option<(SpanKind, usize)> {
    let digits: String = groups.iter().flat_map(|g| chars[g.0..g.1].iter().map(|c| c.1)).collect();
    let sizes: Vec<usize> = groups.iter().map(|g| g.1 - g.0).collect();
    let end = groups.last()?.1;
    let together = sizes.len() == 1;
    if is_mobile(&digits)
        && (together || matches!(sizes[..], [3, 4, 4] | [3, 8] | [4, 7] | [3, 3, 5] | [2, 11] | [2, 3, 4, 4]))
    {
        return Some((SpanKind::Phone, 0));
    }
    let ends_in_x = at(chars, end).eq_ignore_ascii_case(&'x') && digits.len() == 17;
    if (digits.len() == 18 || ends_in_x) && (together || matches!(sizes[..], [6, 8, 3 | 4])) {
        return Some((
            if is_resident_id(&digits, ends_in_x) || ends_in_x { SpanKind::Id } else { SpanKind::Card },
            usize::from(ends_in_x),
        ));
    }
    if is_landline(&digits) && (together || matches!(sizes[..], [3 | 4, 7 | 8] | [3, 4, 4])) {
        return Some((SpanKind::Phone, 0));
    }
    if (13..=19).contains(&digits.len()) && (together || sizes.iter().rev().skip(1).all(|s| *s == 4)) {
        return (together || luhn(&digits)).then_some((SpanKind::Card, 0));
    }
    // Twelve and more digits in one run count no thing of daily life.
    if together && digits.len() >= 12 {
        return Some((SpanKind::Id, 0));
    }
    // A local number of eight digits is one only if the words before it say so.
    let local =
        digits.len() == 8 && matches!(digits.as_bytes()[0], b'2'..=b'8') && (together || sizes == [4, 4]);
    (local && said_before(chars, groups[0].0, &["电话", "手机", "联系", "座机", "拨打"]))
        .then_some((SpanKind::Phone, 0))
}

fn is_mobile(digits: &str) -> bool {
    let d = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86").filter(|r| r.len() == 11))
        .unwrap_or(digits);
    d.len() == 11 && d.starts_with('1') && matches!(d.as_bytes()[1], b'3'..=b'9')
}

/// Area code (three or four digits, beginning with 0) and seven or eight digits.
fn is_landline(digits: &str) -> bool {
    (10..=12).contains(&digits.len()) && digits.starts_with('0') && !digits.starts_with("00")
}

/// GB 11643-1999: the check character by ISO 7064 MOD 11-2 fits.
fn is_resident_id(digits: &str, x: bool) -> bool {
    let sum: u32 = digits
        .bytes()
        .take(17)
        .zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(d, w)| u32::from(d - b'0') * w)
        .sum();
    let check = (12 - sum % 11) % 11;
    if x { check == 10 } else { digits.as_bytes().get(17).is_some_and(|d| u32::from(d - b'0') == check) }
}

/// ISO/IEC 7812-1: the check digit of a card fits.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u32::from(d - b'0') * if i % 2 == 1 { 2 } else { 1 };
            d / 10 + d % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

fn said_before(chars: &Chars, i: usize, words: &[&str]) -> bool {
    let before: String = chars[i.saturating_sub(8)..i].iter().map(|c| c.1).collect();
    words.iter().any(|w| before.contains(w))
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A province, a letter, and five (six for new energy) letters and digits, at least two of them digits.
fn plate(chars: &Chars, i: usize) -> Found {
    if !PROVINCES.contains(at(chars, i)) || !at(chars, i + 1).is_ascii_alphabetic() {
        return None;
    }
    let gap = usize::from(matches!(at(chars, i + 2), ' ' | '·' | '-' | '.' | '•'));
    let from = i + 2 + gap;
    let n = run(chars, from, |c| c.is_ascii_alphanumeric());
    let digits = chars[from..from + n].iter().filter(|c| c.1.is_ascii_digit()).count();
    ((n == 5 || n == 6) && digits >= 2).then_some((SpanKind::Plate, i, from + n))
}

fn mail(chars: &Chars, i: usize) -> Found {
    if !begins_word(chars, i) || !at(chars, i).is_ascii_alphanumeric() {
        return None;
    }
    let n = run(chars, i, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-'));
    if at(chars, i + n) != '@' {
        return None;
    }
    let m = run(chars, i + n + 1, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let domain: String = chars[i + n + 1..i + n + 1 + m].iter().map(|c| c.1).collect();
    let kept = domain.trim_end_matches(['.', '-']).len();
    domain[..kept].contains('.').then_some((SpanKind::Mail, i, i + n + 1 + kept))
}

/// After 微信 or QQ: the account.
fn chat(chars: &Chars, i: usize) -> Found {
    if !begins_word(chars, i) || !at(chars, i).is_ascii_alphanumeric() {
        return None;
    }
    let before: String = chars[i.saturating_sub(6)..i].iter().map(|c| c.1).collect::<String>().to_lowercase();
    let before = before.trim_end_matches([' ', ':', '号', '是', '：']);
    if !(before.ends_with("微信") || before.ends_with("qq") || before.ends_with("wechat")) {
        return None;
    }
    let n = run(chars, i, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    (n >= 5).then_some((SpanKind::Chat, i, i + n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str) -> String {
        mask(text).text
    }

    #[test]
    fn what_names_a_person_is_masked() {
        for (text, expected) in [
            ("电话13800000000急", "电话〔电话〕急"),
            ("打138-0000-0000", "打〔电话〕"),
            ("＋８６１３８００００００００", "＋〔电话〕"),
            ("+86 138 0000 0000。", "+〔电话〕。"),
            ("021-64000000转3", "〔电话〕转3"),
            ("座机6400 0000", "座机〔电话〕"),
            ("身份证11010519491231002X的", "身份证〔证件号〕的"),
            ("310104 19900101 1233", "〔证件号〕"),
            ("卡6222 0200 0000 0000 005", "卡6222 0200 0000 0000 005"),
            ("车牌沪A·D12345占了", "车牌〔车牌〕占了"),
            ("沪A12345", "〔车牌〕"),
            ("微信号：li_ming88", "微信号：〔微信号〕"),
            ("写信 li.ming@example.com。", "写信 〔邮箱〕。"),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
        assert_eq!(mask("310104199001011233").spans[0].kind, SpanKind::Id);
    }

    #[test]
    fn what_names_a_place_a_price_or_a_day_stays() {
        for text in [
            "太原路25弄12-14号302室",
            "2026-03-02 晚上8:30",
            "20260302起",
            "停车费1200元",
            "12345热线没用",
            "打了110和120",
            "962121转3",
            "面积88.88平米",
            "共38000000元",
            "第3幢 15楼 1502",
            "川湘菜馆",
            "新A楼",
            "京东快递",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    proptest! {
        /// Anything typed is answered, spans lie in order on the borders of characters, and what remains is as it was.
        #[test]
        fn any_text_is_answered(text in "[0-9０-９ +.@a-zA-Z沪A微信电话\\-—，\u{0}-\u{ffff}]{0,60}") {
            let m = mask(&text);
            let mut at = 0;
            for s in &m.spans {
                prop_assert!(s.range.start >= at && text.is_char_boundary(s.range.start) && text.is_char_boundary(s.range.end));
                at = s.range.end;
            }
            prop_assert_eq!(m.spans.is_empty(), m.text == text);
        }

        /// A mobile number is found however it is grouped and whatever stands around it.
        #[test]
        fn a_mobile_is_found(tail in "[0-9]{9}", head in "[3-9]", sep in prop::sample::select(vec!["", " ", "-"]), around in "[，。的是\n]{1,3}") {
            let digits = format!("1{head}{tail}");
            let number = format!("{}{sep}{}{sep}{}", &digits[..3], &digits[3..7], &digits[7..]);
            let text = format!("{around}{number}{around}");
            prop_assert_eq!(masked(&text), format!("{around}〔电话〕{around}"));
        }
    }
}
