//! Numbers within addresses, and the names that stand in place of one.

/// Rooms of lane houses that have names, longest first.
pub(super) const ROOMS: &[&str] = &[
    "前客堂",
    "后客堂",
    "东厢房",
    "西厢房",
    "前厢房",
    "后厢房",
    "亭子间",
    "过街楼",
    "三层阁",
    "二层阁",
    "晒台间",
    "客堂间",
    "客堂",
    "厢房",
    "前楼",
    "后楼",
    "灶间",
    "灶披间",
    "阁楼",
];

/// Floors that have names.
pub(super) const FLOORS: &[&str] = &["底层", "底楼", "地下室", "顶层"];

pub(super) fn is_named_room(text: &str) -> bool {
    ROOMS.contains(&text)
}

/// Whether a part is a name, which takes no counting word after it. Roads and estates have none anyway.
pub(super) fn is_named(text: &str) -> bool {
    is_named_room(text) || FLOORS.contains(&text)
}

/// The value of one Chinese digit.
fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<u32> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

pub(super) fn is_chinese(c: char) -> bool {
    digit(c).is_some() || power(c).is_some()
}

/// Digits for a Chinese number, counted (一千二百零三) or spelt (五〇一); `None` if it is neither.
pub(super) fn to_digits(text: &[char]) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if let Some(spelt) = text.iter().map(|c| digit(*c)).collect::<Option<Vec<u32>>>() {
        return Some(spelt.iter().map(u32::to_string).collect());
    }
    let (mut sum, mut pending, mut last) = (0, None, u32::MAX);
    for c in text {
        match (digit(*c), power(*c)) {
            (Some(0), _) if pending.is_none() => {}
            (Some(d), _) if pending.is_none() => pending = Some(d),
            // 十二: a ten without a digit counts once, at the beginning alone.
            (_, Some(p)) if p < last && (pending.is_some() || (p == 10 && sum == 0)) => {
                sum += pending.take().unwrap_or(1) * p;
                last = p;
            }
            _ => return None,
        }
    }
    Some((sum + pending.unwrap_or(0)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        to_digits(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn counted_and_spelt() {
        for (text, number) in [
            ("十", "10"),
            ("十二", "12"),
            ("二十", "20"),
            ("一百零三", "103"),
            ("一千二百", "1200"),
            ("一千二百三十四", "1234"),
            ("五〇一", "501"),
            ("零五", "05"),
            ("两百", "200"),
        ] {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
        for bad in ["", "百", "十十", "一二十", "十百", "十号"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    /// Writes a number as it is counted.
    fn counted(n: u32) -> String {
        let names: Vec<char> = "零一二三四五六七八九".chars().collect();
        let (mut out, mut gap) = (String::new(), false);
        for (p, word) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let d = n / p % 10;
            if d == 0 {
                gap = true;
                continue;
            }
            if gap && !out.is_empty() {
                out.push('零');
            }
            gap = false;
            out.push(names[d as usize]);
            out.push_str(word);
        }
        out
    }

    proptest! {
        #[test]
        fn counted_numbers_read_back(n in 1u32..10_000) {
            prop_assert_eq!(read(&counted(n)), Some(n.to_string()));
        }
    }
}
