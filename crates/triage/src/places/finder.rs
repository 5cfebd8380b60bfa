//! The walk through a text from left to right.

use super::words::WORDS;
use super::{Place, PlaceKind};
use crate::text::fold;
use std::collections::HashMap;

/// The longest name before its ending, in letters.
const LONGEST: usize = 10;

/// The letters of a name, and its entry.
type KnownName = (Vec<char>, usize);

/// Names that the caller knows.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    /// By the first two letters: the names, the longest first, each with its entry.
    by_start: HashMap<(char, char), Vec<KnownName>>,
}

impl Gazetteer {
    /// Of names, each with the number of its entry; several names may share an entry (variants). Names of a
    /// single letter are left out.
    pub fn new<'n>(names: impl IntoIterator<Item = (&'n str, usize)>) -> Gazetteer {
        let mut by_start: HashMap<(char, char), Vec<KnownName>> = HashMap::new();
        for (name, entry) in names {
            let letters: Vec<char> = name.chars().map(fold).filter(|c| !c.is_whitespace()).collect();
            if let [a, b, ..] = letters[..] {
                by_start.entry((a, b)).or_default().push((letters, entry));
            }
        }
        by_start.values_mut().for_each(|n| n.sort_by_key(|n| std::cmp::Reverse(n.0.len())));
        Gazetteer { by_start }
    }

    /// The names of places in a text, from left to right, none across another.
    pub fn places(&self, text: &str) -> Vec<Place> {
        let at: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
        let letters: Vec<char> = text.chars().map(fold).collect();
        let place = |kind, from: usize, to: usize, entry| Place {
            kind,
            name: text[at[from]..at[to]].to_owned(),
            range: at[from]..at[to],
            entry,
        };
        let mut found: Vec<(PlaceKind, usize, usize, Option<usize>)> = Vec::new();
        let (mut floor, mut end) = (0, 0);
        while end < letters.len() {
            if let Some((length, entry)) = self.known(&letters[end..]) {
                found.push((PlaceKind::Known, end, end + length, Some(entry)));
                end += length;
                floor = end;
                continue;
            }
            end += 1;
            if !is_name(letters[end - 1]) {
                floor = end;
                continue;
            }
            match named(&letters, floor, end) {
                Some((kind, from, length)) if from == end - length => {
                    // An ending alone carries on the name right before it: 柳影新城 + 小区.
                    if let Some(last) = found.last_mut()
                        && last.2 == from
                        && carries_on(last.0, kind)
                    {
                        last.2 = end;
                        if kind != PlaceKind::Gate && last.3.is_none() {
                            last.0 = kind;
                        }
                        floor = end;
                    } else if kind == PlaceKind::Gate {
                        found.push((kind, from, end, None));
                        floor = end;
                    }
                }
                Some((kind, from, _)) => {
                    found.push((kind, from, end, None));
                    floor = end;
                }
                None => {}
            }
        }
        found.into_iter().map(|(kind, from, to, entry)| place(kind, from, to, entry)).collect()
    }

    fn known(&self, letters: &[char]) -> Option<(usize, usize)> {
        let [a, b, ..] = letters[..] else { return None };
        let names = self.by_start.get(&(a, b))?;
        names.iter().find(|(name, _)| letters.starts_with(name)).map(|(name, entry)| (name.len(), *entry))
    }
}

/// The names of places in a text, for those who have no gazetteer.
pub fn places(text: &str) -> Vec<Place> {
    Gazetteer::default().places(text)
}

fn is_name(c: char) -> bool {
    crate::text::is_letter(c) || matches!(c, '#' | '·' | '-')
}

fn carries_on(last: PlaceKind, kind: PlaceKind) -> bool {
    use PlaceKind::{Area, Building, Compound, Facility, Gate, Organisation, Road};
    match kind {
        Compound | Facility | Organisation => last != Area && last != Building && last != Gate,
        Road => last == Road || last == Compound,
        Area => matches!(last, Compound | Facility),
        Building => last == Building,
        Gate | PlaceKind::Known => false,
    }
}

/// Whether a name ends here: its kind, where it begins, and the length of its ending.
fn named(letters: &[char], floor: usize, end: usize) -> Option<(PlaceKind, usize, usize)> {
    let words = &*WORDS;
    let last = letters[end - 1];
    let endings = words.endings.get(&last)?;
    let (ending, kind) =
        endings.iter().find(|(ending, _)| end - floor >= ending.len() && letters[..end].ends_with(ending))?;
    let next = letters.get(end).copied().unwrap_or(' ');
    if words.then.get(&last).is_some_and(|then| then.contains(&next)) && ending.len() == 1 {
        return None;
    }
    // 长桥一村: what ends like a bridge goes on to be a village with a number.
    let may_go_on = !matches!(kind, PlaceKind::Building | PlaceKind::Gate);
    if may_go_on && begins_with_a_numbered_village(&letters[end..]) {
        return None;
    }
    // Every government ends like an estate.
    if letters[..end].ends_with(&['政', '府']) {
        return None;
    }
    let stem = end - ending.len();
    let mut from = stem.saturating_sub(LONGEST).max(floor);
    // Numbers stand alone: 12号, 3栋. Letters of a name may come before them, not words.
    if *kind == PlaceKind::Building {
        let digits = letters[from..stem].iter().rev().take_while(|c| is_number(**c)).count();
        return (digits > 0).then_some((*kind, stem - digits, ending.len()));
    }
    'walk: for at in (from + 1..=stem).rev() {
        // 2018年9月份…: a day stands before a name, not in it.
        if is_of_a_day(&letters[..at]) {
            from = at;
            break;
        }
        if let Some(before) = words.before.get(&letters[at - 1]) {
            for word in before {
                if letters[..at].ends_with(word) && at - from >= word.len() {
                    from = at;
                    break 'walk;
                }
            }
        }
    }
    // What joins one name to the next, or says where about the last one.
    while from > 0 && from < stem {
        let joins = matches!(letters[from], '和' | '及' | '与')
            && !matches!(letters[from + 1], '平' | '谐' | '顺' | '美' | '馨' | '信');
        let about = from == floor
            && matches!(letters[from], '-' | '·' | '#' | '之' | '等' | '内' | '里' | '上' | '下' | '边');
        if !joins && !about {
            break;
        }
        from += 1;
    }
    if words.common.contains(&letters[from..end]) {
        return if from == stem { Some((*kind, stem, ending.len())) } else { None };
    }
    let any = if *kind == PlaceKind::Road { &words.any_road } else { &words.any };
    if any.contains(&letters[from..stem]) {
        return None;
    }
    Some((*kind, from, ending.len()))
}

/// 一村, 十二村, 2村: the rest of a name.
fn begins_with_a_numbered_village(letters: &[char]) -> bool {
    let digits = letters.iter().take(4).take_while(|c| is_number(**c)).count();
    (1..=3).contains(&digits) && letters.get(digits) == Some(&'村')
}

/// Whether a year, a month or a day ends there: 2018年, 9月份.
fn is_of_a_day(letters: &[char]) -> bool {
    let letters = letters.strip_suffix(&['份']).unwrap_or(letters);
    matches!(letters, [.., digit, '年' | '月' | '日'] if digit.is_ascii_digit())
}

fn is_number(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '-' | '〇'
                | '零'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '甲'
                | '乙'
                | '丙'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        places(text).into_iter().map(|p| p.name).collect()
    }

    #[test]
    fn names_fall_into_their_parts() {
        for (text, expected) in [
            ("反映A5区劳动东路魅力之城小区油烟扰民", vec!["A5区", "劳动东路", "魅力之城小区"]),
            ("丽发新城小区旁边建搅拌站", vec!["丽发新城小区", "旁边"]),
            ("长桥新村十二号302室漏水", vec!["长桥新村", "十二号", "302室"]),
            ("龙南三村东门路灯不亮", vec!["龙南三村", "东门"]),
            ("长桥一村和长桥二村都没有路灯", vec!["长桥一村", "长桥二村"]),
            ("柳影新城12村的电梯", vec!["柳影新城12村"]),
            ("我们小区的路灯坏了", vec![]),
            ("政府和学校都不管", vec![]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn known_names_go_first_with_their_entry() {
        let gazetteer = Gazetteer::new([("小木桥", 7), ("小木桥路", 8), ("桥", 9)]);
        let found = gazetteer.places("小木桥路上的小木桥");
        assert_eq!(found.iter().map(|p| p.entry).collect::<Vec<_>>(), [Some(8), Some(7)]);
        assert_eq!(found[1].range, 18..27);
    }
}
