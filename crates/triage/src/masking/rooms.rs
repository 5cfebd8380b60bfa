//! Numbers of rooms: 302室, 12栋1203, 5-4304. The house stays readable, the flat does not.

use super::letters::Letter;
use super::{Found, SpanKind, at};

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
    letters[i].digit?;
    if i > 0
        && (letters[i - 1].digit.is_some()
            || letters[i - 1].c.is_ascii_alphabetic() && at(letters, i.wrapping_sub(2)).is_ascii_alphabetic())
    {
        return None;
    }
    let n = digits(letters, i);
    let next = at(letters, i + n);
    let after = at(letters, i + n + 1);
    // 302室, 三零二室, 1801房.
    let is_flat = next == '室' && !matches!(after, '内' | '外' | '友' | '温')
        || next == '房'
            && !matches!(after, '间' | '产' | '子' | '屋' | '价' | '东' | '贷' | '地' | '租' | '源' | '型');
    if (2..=4).contains(&n) && is_flat {
        return Some((SpanKind::Room, i, i + n + 1));
    }
    // 12栋1203, 2单元501: three or four digits after what they lie in.
    let before = at(letters, i.wrapping_sub(1));
    let gap = usize::from(matches!(before, ' ' | '-' | '－' | '—') && i >= 2);
    let holder = at(letters, i.wrapping_sub(1 + gap));
    let in_house = i > gap
        && (matches!(holder, '栋' | '幢' | '座' | '#' | '元' | '楼' | '梯' | '门')
            || (holder == '号' && gap == 0)
            || (holder == '号' && before != ' '));
    let is_unit = holder != '元' || at(letters, i.wrapping_sub(2 + gap)) == '单';
    let is_house = holder != '楼' && holder != '门'
        || at(letters, i.wrapping_sub(2 + gap)) == '号'
        || letters
            .get(i.wrapping_sub(2 + gap))
            .is_some_and(|l| l.digit.is_some() || l.c.is_ascii_alphabetic());
    if in_house && is_unit && is_house && (3..=4).contains(&n) && is_end(next) && is_storey(letters, i, n) {
        return Some((SpanKind::Room, i, i + n));
    }
    // 5-4304, 12-3-402: house, staircase, room.
    if !(1..=3).contains(&n) || !is_dash(next) || i > 0 && (is_dash(before) || before == '.' || before == '/')
    {
        return None;
    }
    let second = digits(letters, i + n + 1);
    let end = i + n + 1 + second;
    if (1..=2).contains(&second) && is_dash(at(letters, end)) {
        let third = digits(letters, end + 1);
        if (3..=4).contains(&third) && is_end(at(letters, end + 1 + third)) {
            return Some((
                SpanKind::Room,
                i,
                end + 1 + third + usize::from(matches!(at(letters, end + 1 + third), '室' | '房')),
            ));
        }
        return None;
    }
    let stands_after_name = i > 0
        && ('\u{4e00}'..='\u{9fff}').contains(&before)
        && !matches!(before, '第' | '约' | '共' | '至' | '到' | '晚' | '早' | '价' | '收' | '费' | '达');
    if (3..=4).contains(&second)
        && stands_after_name
        && is_end(at(letters, end))
        && is_storey(letters, i + n + 1, second)
    {
        return Some((SpanKind::Room, i, end + usize::from(matches!(at(letters, end), '室' | '房'))));
    }
    None
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
