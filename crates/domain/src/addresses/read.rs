//! The reader: places by their words, then the road, then numbered parts from large to small.

use super::Address;
use super::numerals::{FLOORS, ROOMS, is_chinese, to_digits};
use unicode_normalization::UnicodeNormalization as _;

/// The numbered parts, from large to small.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Lane,
    Sublane,
    Number,
    Building,
    Unit,
    Floor,
    Room,
    Compartment,
}

/// Counting words, longest first where one begins another.
const WORDS: &[(&str, Part)] = &[
    ("支弄", Part::Sublane),
    ("弄", Part::Lane),
    ("号楼", Part::Building),
    ("号房", Part::Compartment),
    ("号", Part::Number),
    ("幢", Part::Building),
    ("栋", Part::Building),
    ("座", Part::Building),
    ("单元", Part::Unit),
    ("层", Part::Floor),
    ("楼", Part::Floor),
    ("室", Part::Room),
    ("房间", Part::Compartment),
    ("房", Part::Compartment),
];

/// How names of estates and villages end.
const ESTATES: &[char] = &[
    '村', '苑', '园', '坊', '里', '邨', '庭', '城', '区', '厦', '寓', '墅', '居', '湾', '都', '府', '郡',
    '心', '场', '家', '庄', '宅', '弄',
];

pub(super) fn read(raw: &str) -> Address {
    let text = normalised(raw);
    let mut a = Address { raw: raw.to_owned(), ..Address::default() };
    let rest = places(&text, &mut a);
    let rest = road(rest, &mut a);
    parts(rest, &mut a);
    a
}

/// NFKC, capital letters, one dash, no spaces, no punctuation.
fn normalised(raw: &str) -> Vec<char> {
    raw.nfkc()
        .filter_map(|c| match c {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '~' | '～' | '〜' | '至' | '_' => {
                Some('-')
            }
            c if c.is_whitespace() || c.is_control() => None,
            ',' | '.' | '。' | '、' | ';' | ':' | '(' | ')' | '#' => None,
            c => Some(c.to_ascii_uppercase()),
        })
        .collect()
}

/// Takes city, district, sub-district and neighbourhood off the front.
fn places<'t>(text: &'t [char], a: &mut Address) -> &'t [char] {
    let mut rest = after(text, "上海市").unwrap_or(text);
    if let Some(in_city) = after(rest, "上海")
        && district(in_city).is_some()
    {
        // 上海新村 is an estate: the city's bare name goes only where a district follows.
        rest = in_city;
    }
    if let Some(n) = district(rest) {
        a.district = Some(rest[..n].iter().collect());
        rest = &rest[n..];
    }
    if let Some(n) = subdistrict(rest) {
        a.subdistrict = Some(rest[..n].iter().collect());
        rest = &rest[n..];
    }
    for word in ["居民委员会", "村民委员会", "居委会", "村委会", "居民区"] {
        if let Some(n) = find(rest, word).filter(|n| (1..=12).contains(n)) {
            let end = n + word.chars().count();
            a.neighborhood = Some(rest[..end].iter().collect());
            return &rest[end..];
        }
    }
    rest
}

/// The length of a district's name at the front: two to four characters and 区, but no 小区, 社区, 园区.
fn district(text: &[char]) -> Option<usize> {
    let at = text.iter().take(5).position(|c| *c == '区')?;
    (at >= 2 && !matches!(text[at - 1], '小' | '社' | '园' | '业' | '发' | '民')).then_some(at + 1)
}

/// The length of a sub-district's name at the front. 天平路街道 is one; 镇宁路 is a road, and so is 朱泾镇路.
fn subdistrict(text: &[char]) -> Option<usize> {
    let before = |stop: fn(char) -> bool| {
        let n = text.iter().position(|c| stop(*c)).unwrap_or(text.len());
        &text[..n.min(10)]
    };
    let street = before(|c| c.is_ascii_digit() || matches!(c, '弄' | '号'));
    if let Some(n) = find(street, "街道").filter(|n| *n >= 2) {
        return Some(n + 2);
    }
    let town = before(|c| c.is_ascii_digit() || matches!(c, '路' | '弄' | '号'));
    let at = town.iter().position(|c| *c == '镇').filter(|n| *n >= 2)?;
    (text.get(at + 1) != Some(&'路')).then_some(at + 1)
}

/// Takes a road's name off the front.
fn road<'t>(text: &'t [char], a: &mut Address) -> &'t [char] {
    let ends = |i: usize| match text[i] {
        '路' => true,
        '街' => !matches!(text.get(i + 1), Some('坊' | '道')),
        '道' => text[i - 1] == '大',
        _ => false,
    };
    // A road stands before the first number; its own name may count (中山南二路).
    let until = text.iter().position(char::is_ascii_digit).unwrap_or(text.len());
    match (1..until).find(|i| ends(*i)) {
        Some(i) => {
            a.road = Some(text[..=i].iter().collect());
            &text[i + 1..]
        }
        None => text,
    }
}

/// Reads the numbered parts and an estate's name among them.
fn parts(text: &[char], a: &mut Address) {
    let (mut at, mut last) = (0, None);
    while at < text.len() {
        let rest = &text[at..];
        if rest[0] == '-' {
            at += 1;
        } else if let Some((part, value, n)) = numbered(rest, last)
            && last.is_none_or(|l| l < part)
        {
            *slot(a, part) = Some(value);
            (last, at) = (Some(part), at + n);
        } else if let Some((number, room)) = bare_pair(rest, last) {
            (a.number, a.room) = (Some(number), Some(room));
            return;
        } else {
            // A name: up to where the next numbered part begins.
            let n = (1..rest.len())
                .find(|i| {
                    boundary(rest, *i) && numbered(&rest[*i..], last).is_some_and(|(p, ..)| last < Some(p))
                })
                .unwrap_or(rest.len());
            let name: String = rest[..n].iter().collect();
            let of_an_estate = n >= 2 && ESTATES.contains(&rest[n - 1]) && !rest[..n].iter().any(is_digit);
            if a.estate.is_none() && of_an_estate && last < Some(Part::Unit) {
                a.estate = Some(name);
            } else {
                a.unread.push_str(&name);
            }
            at += n;
        }
    }
}

fn is_digit(c: &char) -> bool {
    c.is_ascii_digit()
}

/// Whether a number may begin here: not in the middle of one.
fn boundary(text: &[char], at: usize) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || is_chinese(c);
    !(inside(text[at - 1]) && inside(text[at]))
}

fn slot(a: &mut Address, part: Part) -> &mut Option<String> {
    match part {
        Part::Lane => &mut a.lane,
        Part::Sublane => &mut a.sublane,
        Part::Number => &mut a.number,
        Part::Building => &mut a.building,
        Part::Unit => &mut a.unit,
        Part::Floor => &mut a.floor,
        Part::Room => &mut a.room,
        Part::Compartment => &mut a.compartment,
    }
}

/// One part at the front: which, its value, and how many characters it takes. A number without a word is a
/// room where it ends the text after a house number.
fn numbered(text: &[char], last: Option<Part>) -> Option<(Part, String, usize)> {
    for room in ROOMS {
        if let Some(rest) = after(text, room) {
            return Some((Part::Room, (*room).to_owned(), text.len() - rest.len()));
        }
    }
    for floor in FLOORS {
        if let Some(rest) = after(text, floor) {
            let name = if *floor == "底楼" { "底层" } else { floor };
            return Some((Part::Floor, name.to_owned(), text.len() - rest.len()));
        }
    }
    let (value, n) = number(text)?;
    for (word, part) in WORDS {
        let Some(rest) = after(&text[n..], word) else { continue };
        let mut end = text.len() - rest.len();
        let mut value = value;
        // 12号甲 and 甲12号 are 12甲号.
        if *part == Part::Number
            && let Some(stem @ ('甲' | '乙' | '丙' | '丁')) = rest.first()
        {
            value.push(*stem);
            end += 1;
        }
        return Some((*part, value, end));
    }
    let behind_a_house = last.is_some_and(|l| (Part::Number..Part::Room).contains(&l));
    (behind_a_house && n == text.len() && value.bytes().any(|c| c.is_ascii_digit())).then_some((
        Part::Room,
        value,
        n,
    ))
}

/// `12-501` at the end: house and room.
fn bare_pair(text: &[char], last: Option<Part>) -> Option<(String, String)> {
    if last.is_some_and(|l| l >= Part::Number) {
        return None;
    }
    let all: String = text.iter().collect();
    let (house, room) = all.split_once('-')?;
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    (digits(house) && digits(room)).then(|| (house.to_owned(), room.to_owned()))
}

/// A number at the front, in digits, and how many characters it takes: `12`, `十二`, `甲12`, `临5`, `12-14`,
/// `501A`, `B`.
fn number(text: &[char]) -> Option<(String, usize)> {
    let mut at = 0;
    let temporary = text.first() == Some(&'临');
    at += usize::from(temporary);
    let stem = text.get(at).copied().filter(|c| matches!(c, '甲' | '乙' | '丙' | '丁'));
    at += usize::from(stem.is_some());
    let (mut value, n) = plain(&text[at..])?;
    at += n;
    if text.get(at) == Some(&'-')
        && let Some((upper, n)) = plain(&text[at + 1..])
        // 12-14号 is one house with two numbers; 12-501 is a house and a room.
        && after(&text[at + 1 + n..], "号").is_some()
    {
        value = format!("{value}-{upper}");
        at += n + 1;
    }
    let behind = text.get(at).copied().filter(|c| stem.is_none() && matches!(c, '甲' | '乙' | '丙' | '丁'));
    at += usize::from(behind.is_some());
    value.extend(stem.or(behind));
    Some((if temporary { format!("临{value}") } else { value }, at))
}

/// A number without its trimmings: ASCII letters and digits, or Chinese numerals.
fn plain(text: &[char]) -> Option<(String, usize)> {
    let n = text.iter().take_while(|c| c.is_ascii_alphanumeric()).count();
    if n > 0 {
        return (n <= 8).then(|| (text[..n].iter().collect(), n));
    }
    let n = text.iter().take_while(|c| is_chinese(**c)).count();
    Some((to_digits(&text[..n])?, n))
}

fn after<'t>(text: &'t [char], word: &str) -> Option<&'t [char]> {
    let n = word.chars().count();
    (text.len() >= n && word.chars().eq(text[..n].iter().copied())).then(|| &text[n..])
}

fn find(text: &[char], word: &str) -> Option<usize> {
    (0..text.len()).find(|i| after(&text[*i..], word).is_some())
}
