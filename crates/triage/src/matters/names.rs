//! The names by which two messages are held to speak of one place.

use super::sketch::key;
use crate::message::Message;
use crate::places::{PlaceKind, places};
use crate::text::{is_letter, letters};

/// So much of a name must fit to be the same.
pub(super) const FITS: f32 = 0.66;

/// A name in a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Name {
    /// As it is written, folded.
    whole: Box<[char]>,
    /// So many of its letters are left without the endings that people leave out (丽发新城小区 → 丽发).
    core: usize,
    /// Of the core.
    pub(super) key: u32,
    /// A bit for each letter of the core, some letters sharing one: names without a bit in common have no letter in common.
    bits: u64,
    /// A bit for each number in the core, some numbers sharing one.
    numbers: u64,
    /// Whether it stands in the heading.
    pub(super) in_title: bool,
    /// Whether the message is about this place: it stands in the heading, or the heading names no spot.
    pub(super) is_anchor: bool,
    /// Whether it names a spot (an estate, a school, a firm, a line of buses) and not a road or a ground.
    pub(super) is_spot: bool,
    /// Whether it is a ground with a government of its own: too large to be the spot of a matter.
    pub(super) is_ground: bool,
    /// Whether it is a community or a village, in which estates lie.
    pub(super) is_community: bool,
    /// The line of buses or trains that it is.
    pub(super) line: Option<(u32, bool)>,
    /// Whether people live there.
    is_home: bool,
}

/// Endings that are left out at will.
const LOOSE: &[&str] = &[
    "安置小区",
    "居民区",
    "小区",
    "新城",
    "国际城",
    "家园",
    "花园",
    "公寓",
    "楼盘",
    "项目",
    "一期",
    "二期",
    "三期",
    "四期",
    "五期",
    "有限责任公司",
    "有限公司",
    "公司",
    "集团",
    "物业",
    "社区",
    "街道",
    "广场",
    "之城",
    "新村",
    "安置房",
    "学校",
    "幼儿园",
    "小学",
    "中学",
    "医院",
    "置业",
    "地产",
    "商务",
    "大厦",
    "佳苑",
    "佳园",
    "公园",
    "公交站",
    "地铁站",
    "火车站",
    "汽车站",
    "加油站",
    "车站",
    "站",
];

/// Grounds so large that sharing them says nothing.
fn is_large(name: &[char]) -> bool {
    matches!(name.last(), Some('市' | '县' | '区' | '省'))
        && (name.len() <= 4 || name.iter().any(char::is_ascii_digit))
        && !name.ends_with(&['小', '区'])
        && !name.ends_with(&['社', '区'])
        && name.len() <= 4
}

/// Whether it ends like a ground with a government: 街道, 镇, 县.
fn is_ground(name: &[char]) -> bool {
    name.ends_with(&['街', '道'])
        || matches!(name.last(), Some('市' | '县' | '区' | '省' | '镇' | '乡'))
            && !matches!(name, [.., '小' | '社' | '住' | '民', '区'])
}

/// A line of buses or trains: 805路, 139区间线, 地铁1号线; its number, and whether it is one of few that cross the city.
fn line(name: &[char]) -> Option<(u32, bool)> {
    let from = name.iter().position(char::is_ascii_digit)?;
    let digits = name[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let number = name[from..from + digits].iter().collect::<String>().parse().ok()?;
    let rest: String = name[from + digits..].iter().collect();
    match rest.as_str() {
        "路" | "路车" | "区间线" | "区间线路" | "线" => Some((number, false)),
        "号线" => Some((number, true)),
        _ => None,
    }
}

/// The names of a message, and the numbers of the buildings that it names.
pub(super) fn names(message: &Message, read: usize) -> (Vec<Name>, Vec<u32>) {
    let mut out: Vec<Name> = Vec::new();
    let mut buildings: Vec<u32> = Vec::new();
    let body_end = message.body.char_indices().nth(read).map_or(message.body.len(), |c| c.0);
    for (text, in_title) in [(message.title.as_str(), true), (&message.body[..body_end], false)] {
        for place in places(text) {
            match place.kind {
                PlaceKind::Gate => continue,
                PlaceKind::Building => {
                    buildings.extend(building(&place.name).filter(|n| !buildings.contains(n)));
                    continue;
                }
                _ => {}
            }
            let mut whole = Vec::new();
            letters(&place.name, &mut whole);
            // Offices of the city are named in letters about anything.
            if is_large(&whole) || whole.ends_with(&['局']) || whole.ends_with(&['市', '委', '市']) {
                continue;
            }
            let core = core(&whole);
            // What begins with a large ground is no name of its own: A市片区.
            if core.len() < 2
                || core.iter().skip(1).take(2).any(|c| matches!(c, '市' | '县' | '省'))
                || out.iter().any(|n| n.core() == core)
            {
                continue;
            }
            let line = line(&whole).filter(|_| place.kind == PlaceKind::Road);
            // 龙南三村 is an estate, whatever 龙南村 may be.
            let is_numbered = matches!(&whole[..], [.., n, '村'] if number([*n].into_iter()).is_some());
            let is_spot = is_numbered
                || matches!(line, Some((_, false)))
                || matches!(
                    place.kind,
                    PlaceKind::Compound | PlaceKind::Facility | PlaceKind::Organisation | PlaceKind::Known
                );
            let is_ground = place.kind == PlaceKind::Area && is_ground(&whole);
            let is_community = place.kind == PlaceKind::Area && !is_ground && !is_numbered;
            let is_home = is_numbered || place.kind == PlaceKind::Compound;
            let key = key(core) ^ 0x5bd1_e995;
            let bits = core.iter().fold(0, |bits, c| bits | 1 << bit(*c));
            let numbers = numbers(core);
            let core = core.len();
            let is_anchor = in_title && !is_ground;
            out.push(Name {
                whole: whole.into(),
                core,
                key,
                bits,
                numbers,
                in_title,
                is_anchor,
                is_spot,
                is_ground,
                is_home,
                is_community,
                line,
            });
        }
    }
    if !out.iter().any(|n| n.in_title && n.is_spot) {
        // The first that the text names is what it is about; beside a road in the heading only where people live. Many
        // estates are called villages: where no spot is named, it is the first of those.
        let has_road = out.iter().any(|n| n.is_anchor);
        let first = out.iter().position(|n| if has_road { n.is_home } else { n.is_spot });
        let village = || out.iter().position(|n| n.is_community).filter(|_| !has_road);
        if let Some(first) = first.or_else(village) {
            out[first].is_anchor = true;
        }
    }
    (out, buildings)
}

/// The number of a building, however it is written (十二号楼, 12栋, 12#): none of a staircase or a flat.
pub(crate) fn building(name: &str) -> Option<u32> {
    if name.ends_with("单元") || name.ends_with('室') || name.ends_with('座') {
        return None;
    }
    number(name.chars().map(crate::text::fold)).map(|n| n.0)
}

/// The number that letters begin with, in digits or in words (128, 一百二十八), and how many letters it takes.
fn number(letters: impl Iterator<Item = char>) -> Option<(u32, usize)> {
    let (mut whole, mut last, mut taken) = (0_u32, 0_u32, 0);
    for letter in letters {
        if let Some(digit) = letter.to_digit(10) {
            last = last.checked_mul(10)?.checked_add(digit)?;
        } else if let Some(digit) = (0..).zip("零一二三四五六七八九".chars()).find(|d| d.1 == letter)
        {
            last = digit.0;
        } else if let Some(unit) = [('十', 10), ('百', 100)].into_iter().find(|u| u.0 == letter) {
            whole = whole.checked_add(last.max(1).checked_mul(unit.1)?)?;
            last = 0;
        } else {
            break;
        }
        taken += 1;
    }
    (taken > 0).then_some((whole.checked_add(last)?, taken))
}

/// A bit for each number in a name.
fn numbers(core: &[char]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < core.len() {
        match number(core[at..].iter().copied()) {
            Some((number, taken)) => {
                bits |= 1 << (number % 64);
                at += taken;
            }
            None => at += 1,
        }
    }
    bits
}

/// One of 64 bits for a letter.
fn bit(c: char) -> u32 {
    u32::from(c).wrapping_mul(0x9e37_79b1) >> 26
}

fn core(whole: &[char]) -> &[char] {
    let mut core = whole;
    loop {
        let shorter = LOOSE.iter().find_map(|ending| {
            let length = ending.chars().count();
            (core.len() >= length + 2 && core[core.len() - length..].iter().copied().eq(ending.chars()))
                .then(|| &core[..core.len() - length])
        });
        match shorter {
            Some(shorter) => core = shorter,
            None => break,
        }
    }
    debug_assert!(core.iter().all(|c| is_letter(*c)));
    core
}

impl Name {
    /// Without the endings that people leave out.
    fn core(&self) -> &[char] {
        &self.whole[..self.core]
    }

    /// The keys by which messages that name it are found: the core, and its runs of two letters.
    pub(super) fn pointers(&self) -> impl Iterator<Item = u32> {
        self.core().windows(2).map(key).chain([self.key])
    }

    /// No fewer letters than the two cores have in common.
    fn letters_in_common(&self, other: &Name) -> f32 {
        let both = self.bits & other.bits;
        let each_has_a_bit = |name: &Name| name.bits.count_ones() as usize == name.core;
        if both == 0 || each_has_a_bit(self) && each_has_a_bit(other) {
            both.count_ones() as f32
        } else {
            f32::INFINITY
        }
    }

    /// How much of the shorter of two cores stands in the longer in one piece, 0 to 1; 0 where it is seen early to be less
    /// than [`FITS`].
    pub(super) fn fits(&self, other: &Name) -> f32 {
        if self.key == other.key {
            return 1.0;
        }
        if let (Some(line), Some(other)) = (self.line, other.line) {
            return if line == other { 1.0 } else { 0.0 };
        }
        // 龙南三村, 龙南五村: the letters are nearly all the same, and the places are two.
        let both = self.numbers & other.numbers;
        if both != self.numbers && both != other.numbers {
            return 0.0;
        }
        if self.letters_in_common(other) < FITS * self.core.min(other.core) as f32 {
            return 0.0;
        }
        let (mine, theirs) = (self.core(), other.core());
        let length = common(mine, theirs);
        let shorter = mine.len().min(theirs.len());
        if shorter >= 4 && mine.len().abs_diff(theirs.len()) <= 1 {
            // The same letters but one, in any order: 富惠天下, 惠伏天下.
            let same = mine.iter().filter(|c| theirs.contains(c)).count();
            if same + 1 >= shorter {
                return 0.75_f32.max(length as f32 / shorter as f32);
            }
        }
        // 金茂府, 金茂湾: of two short names two letters of three are a family's, and the third tells them apart, unless it is
        // one that people write by ear.
        let by_ear = |c: char| matches!(c, '园' | '苑' | '院');
        if let ([a, b, last], [c, d, other]) = (mine, theirs)
            && (a, b) == (c, d)
            && !(by_ear(*last) && by_ear(*other))
        {
            return 0.0;
        }
        // All letters of the shorter, in order, with others between: 陵考古遗址, 陵国家考古遗址.
        if shorter >= 5 && in_order(mine, theirs) == shorter {
            return 0.85;
        }
        if length < 2 { 0.0 } else { length as f32 / shorter as f32 }
    }

    /// What is written alike in both, if it is most of the shorter.
    pub(super) fn shared(&self, other: &Name) -> Option<String> {
        if self.fits(other) < FITS {
            return None;
        }
        let (shorter, longer) =
            if self.whole.len() <= other.whole.len() { (self, other) } else { (other, self) };
        let text: String = shorter.whole.iter().collect();
        if longer.whole.iter().collect::<String>().contains(&text) {
            Some(text)
        } else {
            Some(shorter.core().iter().collect())
        }
    }
}

/// A row of counts, one a letter and one more, that needs no memory of its own for names as people write them.
fn with_row<T>(length: usize, work: impl FnOnce(&mut [u16]) -> T) -> T {
    let mut short = [0; 33];
    match short.get_mut(..=length) {
        Some(row) => work(row),
        None => work(&mut vec![0; length + 1]),
    }
}

/// How many letters stand in both in the same order.
fn in_order(a: &[char], b: &[char]) -> usize {
    with_row(b.len(), |row| {
        for x in a {
            let mut before = 0;
            for (j, y) in b.iter().enumerate() {
                let here = row[j + 1];
                row[j + 1] = if x == y { before + 1 } else { here.max(row[j]) };
                before = here;
            }
        }
        usize::from(row[b.len()])
    })
}

/// The longest piece that stands in both.
fn common(a: &[char], b: &[char]) -> usize {
    with_row(b.len(), |row| {
        let mut best = 0;
        for x in a {
            let mut before = 0;
            for (j, y) in b.iter().enumerate() {
                let here = row[j + 1];
                row[j + 1] = if x == y { before + 1 } else { 0 };
                best = best.max(row[j + 1]);
                before = here;
            }
        }
        usize::from(best)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(title: &str) -> Vec<Name> {
        names(&Message { title: title.into(), ..Message::default() }, 100).0
    }

    #[test]
    fn a_name_fits_its_short_and_long_forms() {
        for (a, b) in [
            ("丽发新城居民区", "丽发小区"),
            ("一师润芳园小区", "润芳园小区"),
            ("万科魅力之城", "魅力之城小区"),
        ] {
            let (a, b) = (of(a), of(b));
            assert!(a[0].fits(&b[0]) > 0.99, "{a:?} {b:?}");
        }
        for (a, b) in [
            ("龙南三村", "龙南五村"),
            ("田林十二村", "田林十四村"),
            ("长桥一村", "长桥二村"),
            ("紫阳1小区", "紫阳2小区"),
            ("金茂府", "金茂湾小区"),
        ] {
            assert!(of(a)[0].fits(&of(b)[0]) < FITS, "{a} {b}");
        }
        assert!(of("润芳园")[0].fits(&of("润芳苑")[0]) >= FITS);
        assert!(of("丽发新城")[0].fits(&of("青青家园")[0]) < 0.01);
        assert_eq!(of("A市A7县"), []);
    }

    #[test]
    fn a_building_has_one_number_however_it_is_written() {
        for (name, number) in [
            ("12号楼", Some(12)),
            ("十二栋", Some(12)),
            ("一百二十八号", Some(128)),
            ("３#", Some(3)),
            ("二十幢", Some(20)),
            ("2单元", None),
            ("302室", None),
            ("b栋", None),
            ("99999999999号", None),
        ] {
            assert_eq!(building(name), number, "{name}");
        }
    }

    #[test]
    fn the_longest_common_piece() {
        assert_eq!(common(&['a', 'b', 'c', 'd'], &['x', 'b', 'c', 'y', 'b']), 2);
        assert_eq!(common(&[], &['a']), 0);
    }
}
