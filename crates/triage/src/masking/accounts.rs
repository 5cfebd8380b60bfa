//! Addresses of e-mail, and accounts of chat programs.

use super::letters::Letter;
use super::{Found, SpanKind, at};

fn begins_word(letters: &[Letter], i: usize) -> bool {
    i == 0 || !at(letters, i - 1).is_ascii_alphanumeric()
}

fn run(letters: &[Letter], from: usize, fits: impl Fn(char) -> bool) -> usize {
    letters[from.min(letters.len())..].iter().take_while(|l| fits(l.c)).count()
}

/// How people write the sign between name and domain: how many letters it takes.
fn at_sign(letters: &[Letter], i: usize) -> Option<usize> {
    let blanks = run(letters, i, |c| c == ' ').min(2);
    let rest: String =
        letters[(i + blanks).min(letters.len())..].iter().take(4).map(|l| l.c.to_ascii_lowercase()).collect();
    let sign = if rest.starts_with('@') {
        1
    } else if rest.starts_with("(at)") || rest.starts_with("[at]") || rest.starts_with("【at】") {
        4
    } else if rest.starts_with("艾特") {
        2
    } else {
        return None;
    };
    let after = run(letters, i + blanks + sign, |c| c == ' ').min(2);
    Some(blanks + sign + after)
}

/// An address of e-mail that begins here.
pub(super) fn mail(letters: &[Letter], i: usize) -> Found {
    if !begins_word(letters, i) || !at(letters, i).is_ascii_alphanumeric() {
        return None;
    }
    let n = run(letters, i, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-'));
    let sign = at_sign(letters, i + n)?;
    let from = i + n + sign;
    let mut end = from;
    let mut dots = 0;
    loop {
        let part = run(letters, end, |c| c.is_ascii_alphanumeric() || c == '-');
        if part == 0 {
            return None;
        }
        end += part;
        let dot = matches!(at(letters, end), '.' | '点' | '。' | '．');
        let blanks = usize::from(
            dot && at(letters, end + 1) == ' ' && at(letters, end + 2).is_ascii_alphabetic() && dots == 0,
        );
        if !dot || !at(letters, end + 1 + blanks).is_ascii_alphanumeric() {
            break;
        }
        dots += 1;
        end += 1 + blanks;
    }
    (dots > 0).then_some((SpanKind::Mail, i, end))
}

/// What people call the programs.
const PROGRAMS: &[&str] = &[
    "微信",
    "wechat",
    "weixin",
    "v信",
    "vx",
    "wx",
    "薇信",
    "威信",
    "徽信",
    "加v",
    "我的v",
    "v❤",
    "v心",
    "微❤",
    "qq",
    "q q",
    "扣扣",
    "企鹅",
    "q号",
    "加q",
    "钉钉",
    "抖音",
    "支付宝",
    "小红书",
    "微博",
    "快手",
    "+v",
    "微",
    "薇",
    "扣",
    "v",
];

/// What those names end with; where none of it stands, none of them does.
const ENDS: &[char] = &[
    '信', 't', 'n', 'v', 'x', '❤', '心', 'q', '扣', '鹅', '号', '钉', '音', '宝', '书', '博', '手', '微',
    '薇',
];

/// Whether a program's name in Latin letters stands right before: VXli_ming.
fn follows_program(letters: &[Letter], i: usize) -> bool {
    ["vx", "wx", "qq", "wechat", "weixin", "+v", "加v"].iter().any(|p| {
        i.checked_sub(p.chars().count()).is_some_and(|from| {
            let name = letters[from..i].iter().map(|l| l.c.to_ascii_lowercase());
            (begins_word(letters, from) || !p.is_ascii()) && name.eq(p.chars())
        })
    })
}

/// After the name of a program: the account.
pub(super) fn chat(letters: &[Letter], i: usize) -> Found {
    if !(at(letters, i).is_ascii_alphanumeric() || letters[i].digit.is_some()) {
        return None;
    }
    if !begins_word(letters, i) && !follows_program(letters, i) {
        return None;
    }
    let before = &letters[i.saturating_sub(14)..i];
    if !before.iter().any(|l| ENDS.contains(&l.c.to_ascii_lowercase())) {
        return None;
    }
    let before: String = before.iter().map(|l| l.c).collect::<String>().to_lowercase();
    let trimmed = before.trim_end_matches([
        ' ', ':', '：', '号', '是', '为', '账', '帐', '同', '我', '，', ',', '码', '-', '=', '(', '（', '请',
        '加', '的', '群',
    ]);
    let trimmed = trimmed.strip_suffix("id").map_or(trimmed, str::trim_end);
    let parted = trimmed.len() < before.len();
    let program = PROGRAMS.iter().find(|p| trimmed.ends_with(**p))?;
    let n = run(letters, i, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    // A single letter names a program only right before a colon, or before what can be nothing but an account.
    let account = &letters[i..i + n];
    let is_mixed = n >= 6
        && account.iter().any(|l| l.c.is_ascii_alphabetic())
        && account.iter().any(|l| l.is_plain())
        && matches!(*program, "微" | "薇");
    if program.chars().count() == 1 && !before[trimmed.len()..].starts_with([':', '：']) && !is_mixed {
        return None;
    }
    let rest = run(letters, i + n, |c| c == '@');
    if rest > 0 {
        return None;
    }
    // 微信同号: the account is the telephone.
    if let Some((SpanKind::Phone, from, to)) = super::numbers::number(letters, i) {
        return Some((SpanKind::Phone, from, to));
    }
    let digits_only = n > 0 && letters[i..i + n].iter().all(|l| l.is_plain());
    if n == 0 || digits_only {
        // A number may be parted by blanks, or be written in words.
        let mut end = i;
        let mut count = 0;
        while count < 12 {
            let gap = usize::from(count > 0 && matches!(at(letters, end), ' ' | '-'));
            if letters.get(end + gap).is_none_or(|l| l.digit.is_none()) {
                break;
            }
            end += gap + 1;
            count += 1;
        }
        return ((5..=11).contains(&count) && (parted || count >= 6)).then_some((SpanKind::Chat, i, end));
    }
    (n >= 5).then_some((SpanKind::Chat, i, i + n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_program_ends_with_one_of_the_letters() {
        assert!(PROGRAMS.iter().all(|p| p.ends_with(ENDS)));
    }
}
