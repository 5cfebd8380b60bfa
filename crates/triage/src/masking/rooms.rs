//! Numbers of rooms: 302室, 12栋1203, 5-4304. The house stays readable, the flat does not.

use super::letters::Letter;
use super::{Found, SpanKind, at, said_before};

fn is_end(c: char) -> bool {
    !matches!(
        c,
        '元' | '年'
            | '月'
            | '日'
            | '天'
            | '平'
            | '米'
            | '㎡'
            | '人'
            | '户'
            | '路'
            | '弄'
            | '号'
            | '栋'
            | '幢'
            | '块'
            | '万'
            | '%'
            | '％'
            | '多'
            | '余'
            | '个'
            | '家'
            | '套'
            | '公'
            | '分'
            | '秒'
            | '点'
            | ':'
            | '：'
            | '线'
            | '斤'
            | '吨'
            | '次'
            | '位'
            | '名'
            | '度'
            | '瓦'
            | '-'
            | '/'
            | '千'
            | '毫'
            | '厘'
            | '克'
            | '升'
            | '岁'
            | '周'
            | '期'
            | '倍'
            | '小'
            | '条'
            | '班'
            | '瓶'
            | '医'
            | '胶'
            | '国'
            | '县'
            | '乡'
            | '省'
    )
}

/// How many digits stand here, all in one script.
fn digits(letters: &[Letter], from: usize) -> usize {
    let Some(first) = letters.get(from) else { return 0 };
    letters[from..]
        .iter()
        .take(6)
        .take_while(|l| l.digit.is_some() && l.is_plain() == first.is_plain())
        .count()
}

/// A room number that begins here.
pub(super) fn room(letters: &[Letter], i: usize) -> Found {
    if letters[i].c.is_ascii_alphabetic() {
        return lettered(letters, i);
    }
    letters[i].digit?;
    if i > 0
        && (letters[i - 1].digit.is_some()
            || letters[i - 1].c.is_ascii_alphabetic() && at(letters, i.wrapping_sub(2)).is_ascii_alphabetic())
    {
        return None;
    }
    flat(letters, i)
        .or_else(|| in_house(letters, i).map(|end| extended(letters, end)))
        .or_else(|| dashed(letters, i).map(|end| extended(letters, end)))
        .or_else(|| spoken_of(letters, i).map(|end| extended(letters, end)))
        .map(|end| (SpanKind::Room, i, end))
}

/// 我住A1203: a letter before the digits, where words before say that somebody lives there.
fn lettered(letters: &[Letter], i: usize) -> Found {
    let lives = || {
        said_right_before(letters, i, LIVES)
            || matches!(at(letters, i.wrapping_sub(1)), '座' | '幢' | '栋' | '楼')
    };
    let n = digits(letters, i + 1);
    let is_room = (3..=4).contains(&n) && is_storey(letters, i + 1, n) && is_end(at(letters, i + 1 + n));
    (i > 0 && is_room && lives()).then(|| (SpanKind::Room, i, extended(letters, i + 1 + n)))
}

/// 302室, 三零二室, 1801房.
fn flat(letters: &[Letter], i: usize) -> Option<usize> {
    let n = digits(letters, i);
    let gap = usize::from(at(letters, i + n) == ' ');
    let next = at(letters, i + n + gap);
    let after = at(letters, i + n + gap + 1);
    let is_flat = next == '室' && !matches!(after, '内' | '外' | '友' | '温')
        || next == '房'
            && !matches!(after, '产' | '子' | '屋' | '价' | '东' | '贷' | '地' | '租' | '源' | '型')
            && (after != '间' || n > 2 && is_storey(letters, i, n));
    ((2..=4).contains(&n) && is_flat).then_some(i + n + gap + 1)
}

/// 12栋1203, 2单元501: three or four digits after what they lie in.
fn in_house(letters: &[Letter], i: usize) -> Option<usize> {
    let n = digits(letters, i);
    let before = at(letters, i.wrapping_sub(1));
    let gap = usize::from(matches!(before, ' ' | '-' | '－' | '—' | ',') && i >= 2);
    let holder = at(letters, i.wrapping_sub(1 + gap));
    let in_house = i > gap
        && (matches!(holder, '栋' | '幢' | '座' | '#' | '元' | '楼' | '梯' | '门')
            || (holder == '号' && gap == 0)
            || (holder == '号' && before != ' ' && before != ','));
    let is_unit = holder != '元' || at(letters, i.wrapping_sub(2 + gap)) == '单';
    let is_house = holder != '楼' && holder != '门'
        || matches!(at(letters, i.wrapping_sub(2 + gap)), '号' | '#')
        || letters
            .get(i.wrapping_sub(2 + gap))
            .is_some_and(|l| l.digit.is_some() || l.c.is_ascii_alphabetic());
    let is_room = (3..=4).contains(&n) && ends(letters, i + n) && is_storey(letters, i, n);
    (in_house && is_unit && is_house && is_room).then_some(i + n)
}

/// Whether a room's number ends there, or goes on with one digit more: 302-1.
fn ends(letters: &[Letter], i: usize) -> bool {
    is_end(at(letters, i))
        || is_dash(at(letters, i)) && digits(letters, i + 1) == 1 && is_end(at(letters, i + 2))
}

/// 5-4304, 12-3-402: house, staircase, room.
fn dashed(letters: &[Letter], i: usize) -> Option<usize> {
    let n = digits(letters, i);
    let before = at(letters, i.wrapping_sub(1));
    if !(1..=3).contains(&n)
        || !is_dash(at(letters, i + n))
        || i > 0 && (is_dash(before) || matches!(before, '.' | '/' | ':'))
        || said_before(letters, i, 6, &["取件", "取货", "验证码", "货架", "比分", "编号", "型号"])
    {
        return None;
    }
    let second = digits(letters, i + n + 1);
    let end = i + n + 1 + second;
    if (1..=2).contains(&second) && is_dash(at(letters, end)) {
        let third = digits(letters, end + 1);
        let is_room = (3..=4).contains(&third) && is_end(at(letters, end + 1 + third));
        return is_room.then_some(end + 1 + third);
    }
    let stands_after_name = i > 0
        && ('\u{4e00}'..='\u{9fff}').contains(&before)
        && !matches!(before, '第' | '约' | '共' | '至' | '到' | '晚' | '早' | '价' | '收' | '费' | '达');
    let stands_alone = i == 0 || matches!(before, ',' | '。' | '、' | '\n' | ';' | '(');
    let is_room = (3..=4).contains(&second)
        && is_end(at(letters, end))
        && is_storey(letters, i + n + 1, second)
        && value(letters, i, n) <= 300;
    (is_room && (stands_after_name || stands_alone)).then_some(end)
}

/// Said right before a number, these say that somebody lives there.
const LIVES: &[&str] =
    &["楼上", "楼下", "隔壁", "对门", "我家", "我住", "住在", "家住", "住", "室号", "房号", "门牌", "房间号"];
/// Said right after it.
const LIVE: &[&str] =
    &["邻居", "住户", "业主", "租户", "房东", "房客", "租客", "那户", "这户", "那家", "这家"];

/// 楼上402, 302的邻居, and what is named along with a room: 302、303.
fn spoken_of(letters: &[Letter], i: usize) -> Option<usize> {
    let n = digits(letters, i);
    if !(3..=4).contains(&n) || !is_storey(letters, i, n) || matches!(value(letters, i, n), 110 | 119 | 120) {
        return None;
    }
    let end = i + n;
    let from = end + usize::from(at(letters, end) == '的');
    let after: String = letters[from.min(letters.len())..].iter().take(2).map(|l| l.c).collect();
    let live = LIVE.iter().any(|w| after == *w) && !is_dash(at(letters, i.wrapping_sub(1)));
    let lives = is_end(at(letters, end)) && said_right_before(letters, i, LIVES);
    let along = || {
        let joint =
            i.checked_sub(1).filter(|j| matches!(at(letters, *j), '、' | '和' | '与' | '及' | '/' | '跟'))?;
        let last = joint - usize::from(joint > 0 && matches!(at(letters, joint - 1), '室' | '房'));
        let n = letters[..last].iter().rev().take_while(|l| l.digit.is_some()).count();
        let (_, _, end) = room(letters, last.checked_sub(n).filter(|_| n >= 3)?)?;
        (end == joint).then_some(())
    };
    (live || lives || is_end(at(letters, end)) && along().is_some()).then_some(end)
}

fn said_right_before(letters: &[Letter], i: usize, words: &[&str]) -> bool {
    let from = i - letters[..i].iter().rev().take(2).take_while(|l| matches!(l.c, ' ' | ':' | '是')).count();
    let before: String = letters[from.saturating_sub(3)..from].iter().map(|l| l.c).collect();
    words.iter().any(|w| before.ends_with(w))
}

/// What belongs to a room after its digits: 302室, 302A, 302甲室, 302-1.
fn extended(letters: &[Letter], end: usize) -> usize {
    let mut end = end;
    let next = at(letters, end);
    let is_part = next.is_ascii_alphabetic() && !at(letters, end + 1).is_ascii_alphanumeric()
        || matches!(next, '甲' | '乙' | '丙' | '丁') && !matches!(at(letters, end + 1), '方' | '醛');
    let is_number = is_dash(next)
        && digits(letters, end + 1) == 1
        && !matches!(at(letters, end + 2), '号' | '幢' | '栋' | '楼' | '个' | '人' | '室')
        && is_end(at(letters, end + 2));
    if is_part {
        end += 1;
    } else if is_number {
        end += 2;
    }
    let is_flat =
        matches!(at(letters, end), '室' | '房') && !matches!(at(letters, end + 1), '内' | '外' | '东' | '子');
    end + usize::from(is_flat)
}

/// What some digits say; no room has more than six.
fn value(letters: &[Letter], from: usize, n: usize) -> u32 {
    letters[from..from + n].iter().fold(0, |v, l| v * 10 + u32::from(l.digit.unwrap_or(0)))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '－' | '—' | '–')
}

/// The digits begin with a storey and end with a flat of it: 1203, not 1000.
fn is_storey(letters: &[Letter], from: usize, n: usize) -> bool {
    let value = |l: &Letter| u32::from(l.digit.unwrap_or(0));
    let storey = letters[from..from + n - 2].iter().fold(0, |s, l| s * 10 + value(l));
    let flat = letters[from + n - 2..from + n].iter().fold(0, |s, l| s * 10 + value(l));
    (1..=60).contains(&storey) && (1..=40).contains(&flat)
}
