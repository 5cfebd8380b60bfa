//! Names of people: before a title (张先生, 欧阳明远医生), after words that bring in a name (我叫, 联系人), beside a role
//! or a telephone (业主李小明; 李小明 138…), and as neighbours call each other (老王, 小李, 王姐). The words are those of
//! `data/people.csv`.

use super::han::{COMPOUND, HAN, SURNAME, TITLE, WORD_END};
use super::letters::Letter;
use super::{Found, SpanKind, at};
use std::collections::HashSet;
use std::sync::LazyLock;

pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../data/people.csv")));

/// The lists of the file.
#[derive(Default)]
pub(super) struct Words {
    pub(super) surnames: HashSet<char>,
    /// Surnames of two letters.
    pub(super) compound: Vec<[char; 2]>,
    /// Surnames that are often words: they take no given name before a title.
    joins: HashSet<char>,
    /// Surnames that are hardly ever anything else.
    strong: HashSet<char>,
    pub(super) titles: Vec<Vec<char>>,
    /// Titles by which people are called at home: 向女士 is a lady, 向书记反映 is a report.
    pub(super) private: Vec<Vec<char>>,
    /// Words that end like a surname.
    pub(super) words: Vec<Vec<char>>,
    /// Words that bring in a name, and those of them that often bring in something else.
    brings_in: Vec<String>,
    weak: Vec<String>,
    /// What a person is, said right before the name.
    roles: Vec<String>,
    /// What may follow a name that was brought in.
    after_name: HashSet<char>,
    /// Titles of one letter, and what makes a word of the title and the next letter.
    short_titles: HashSet<char>,
    after_short: HashSet<[char; 2]>,
    /// Surnames that 老 and 小 go before; letters after and before them that make it something else.
    nick: HashSet<char>,
    after_nick: HashSet<char>,
    before_nick: HashSet<char>,
}

impl Words {
    /// One list a line: its name, a comma, words with blanks between, or letters.
    fn parse(text: &str) -> Words {
        let mut words = Words::default();
        for (list, line) in text.lines().filter_map(|l| l.split_once(',')) {
            let letters = || line.chars().filter(|c| *c != ' ').collect::<HashSet<char>>();
            let apart =
                || line.split_whitespace().map(|w| w.chars().collect::<Vec<char>>()).collect::<Vec<_>>();
            let whole = || line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            match list {
                "surnames" => words.surnames = letters(),
                "compound" => {
                    words.compound = apart().iter().filter_map(|w| w.first_chunk::<2>().copied()).collect();
                }
                "joins" => words.joins = letters(),
                "strong" => words.strong = letters(),
                "titles" => words.titles = apart(),
                "private" => words.private = apart(),
                "words" => words.words = apart(),
                "brings_in" => words.brings_in = whole(),
                "weak" => words.weak = whole(),
                "roles" => words.roles = whole(),
                "after_name" => words.after_name = letters(),
                "short_titles" => words.short_titles = letters(),
                "after_short" => {
                    let made = apart();
                    let pairs = made.iter().filter_map(|w| w.split_first());
                    words.after_short =
                        pairs.flat_map(|(first, rest)| rest.iter().map(|next| [*first, *next])).collect();
                }
                "nick" => words.nick = letters(),
                "after_nick" => words.after_nick = letters(),
                "before_nick" => words.before_nick = letters(),
                _ => {}
            }
        }
        words
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn text(letters: &[Letter], from: usize, to: usize) -> String {
    letters[from..to.min(letters.len())].iter().map(|l| l.c).collect()
}

/// Whether a word stands there.
fn stands(letters: &[Letter], i: usize, word: &[char]) -> bool {
    letters.len() >= i + word.len() && word.iter().zip(&letters[i..]).all(|(c, l)| *c == l.c)
}

/// How many letters a surname takes that begins here.
fn surname(letters: &[Letter], i: usize) -> usize {
    let pair = [at(letters, i), at(letters, i + 1)];
    let is_compound = HAN.is(pair[0], COMPOUND) && WORDS.compound.contains(&pair);
    if is_compound { 2 } else { usize::from(HAN.is(pair[0], SURNAME)) }
}

/// How many letters the title takes that stands here.
fn title(letters: &[Letter], i: usize, titles: &[Vec<char>]) -> Option<usize> {
    if !HAN.is(at(letters, i), TITLE) {
        return None;
    }
    titles.iter().filter(|t| stands(letters, i, t)).map(Vec::len).max()
}

/// Whether the letter there ends a common word and so begins no name.
fn ends_word(letters: &[Letter], i: usize) -> bool {
    HAN.is(letters[i].c, WORD_END)
        && WORDS
            .words
            .iter()
            .any(|w| (i + 1).checked_sub(w.len()).is_some_and(|from| stands(letters, from, w)))
}

/// A name of a person that begins here.
pub(super) fn name(letters: &[Letter], i: usize) -> Found {
    nick(letters, i).or_else(|| {
        let length = surname(letters, i);
        if length == 0 || ends_word(letters, i) {
            return None;
        }
        titled(letters, i, length)
            .or_else(|| briefly_titled(letters, i, length))
            .or_else(|| brought_in(letters, i, length))
            .or_else(|| beside(letters, i, length))
            .map(|end| (SpanKind::Name, i, end))
    })
}

/// 老王, 小李, 老张头.
fn nick(letters: &[Letter], i: usize) -> Found {
    let w = &*WORDS;
    let is_free = i == 0 || !w.before_nick.contains(&at(letters, i - 1));
    let next = at(letters, i + 2);
    let fits = matches!(at(letters, i), '老' | '小') && w.nick.contains(&at(letters, i + 1));
    if !fits || !is_free || w.after_nick.contains(&next) {
        return None;
    }
    if let Some(title) = title(letters, i + 2, &w.titles) {
        return Some((SpanKind::Name, i, i + 2 + title));
    }
    Some((SpanKind::Name, i, i + 2 + usize::from(next == '头' && at(letters, i) == '老')))
}

/// Before a title: the surname alone, or with one or two letters; a letter that is often a word takes none.
fn titled(letters: &[Letter], i: usize, length: usize) -> Option<usize> {
    let joins = length == 1 && WORDS.joins.contains(&at(letters, i));
    let titles = if at(letters, i) == '向' { &WORDS.private } else { &WORDS.titles };
    for given in 0..=2 {
        let from = i + length + given;
        if given > 0 && (!is_han(at(letters, from - 1)) || joins) {
            break;
        }
        // 张 in 向张先生 begins the name, 王 in 王林先生 too: the first surname that fits holds.
        if let Some(title) = title(letters, from, titles) {
            return Some(from + title);
        }
    }
    None
}

/// 王总, 刘工, 陈姐: only after surnames that are nothing else, and where title and next letter make no word.
fn briefly_titled(letters: &[Letter], i: usize, length: usize) -> Option<usize> {
    let [title, next] = [at(letters, i + length), at(letters, i + length + 1)];
    let is_one = (is_strong(letters, i, length) || matches!(title, '叔' | '姨' | '婶' | '嫂'))
        && WORDS.short_titles.contains(&title)
        && !WORDS.after_short.contains(&[title, next]);
    is_one.then_some(i + length + 1)
}

fn is_strong(letters: &[Letter], i: usize, length: usize) -> bool {
    length == 2 || WORDS.strong.contains(&at(letters, i))
}

/// After words that bring in a name.
fn brought_in(letters: &[Letter], i: usize, length: usize) -> Option<usize> {
    let before = text(letters, i.saturating_sub(8), i);
    // 我姓王, 免贵姓李.
    if before.ends_with('姓') && !before.ends_with("百姓") && !before.ends_with("老姓") {
        return Some(i + length);
    }
    let trimmed = before.trim_end_matches([' ', ':', '：', '是', '为', '(', '（', '，', ',', '、', '"', '“']);
    let marked = trimmed.len() < before.len();
    if !WORDS.brings_in.iter().any(|w| trimmed.ends_with(w.as_str())) {
        return None;
    }
    let weak = WORDS.weak.iter().any(|w| trimmed.ends_with(w.as_str()));
    let given = letters[i + length..].iter().take(2).take_while(|l| is_han(l.c)).count();
    let next = at(letters, i + length + given);
    let ended = !is_han(next) || WORDS.after_name.contains(&next);
    if given == 0 || (!ended && given == 2 && weak && !marked) {
        return None;
    }
    Some(i + length + given)
}

/// Beside what a person is, or a telephone: 业主李小明，; 李小明（业主）; 李小明 138….
fn beside(letters: &[Letter], i: usize, length: usize) -> Option<usize> {
    if !is_strong(letters, i, length) {
        return None;
    }
    let given = letters[i + length..].iter().take(3).take_while(|l| is_han(l.c)).count();
    if !(1..=2).contains(&given) {
        return None;
    }
    let end = i + length + given;
    let before = text(letters, i.saturating_sub(4), i);
    let before = before.trim_end_matches([' ', ':', '：']);
    if WORDS.roles.iter().any(|w| before.ends_with(w.as_str())) {
        return Some(end);
    }
    // A name that begins where a word of the text goes on is none: 物业公司李….
    if i > 0 && is_han(at(letters, i - 1)) {
        return None;
    }
    let gap =
        letters[end..].iter().take(2).take_while(|l| matches!(l.c, ' ' | '(' | ',' | ':' | '、')).count();
    let after = text(letters, end + gap, end + gap + 3);
    let is_role = gap > 0
        && at(letters, end) == '('
        && WORDS.roles.iter().any(|w| w.chars().count() > 1 && after.starts_with(w.as_str()));
    let rings = || {
        letters.get(end + gap).is_some()
            && matches!(super::numbers::number(letters, end + gap), Some((SpanKind::Phone, _, _)))
    };
    (is_role || rings()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_of_the_file_is_read() {
        let w = &*WORDS;
        assert!(w.surnames.len() > 150 && w.compound.len() > 10 && w.joins.len() > 30 && w.strong.len() > 40);
        assert!(w.titles.len() > 60 && w.words.len() > 150 && w.brings_in.len() > 20 && w.roles.len() > 5);
        assert!(w.strong.is_subset(&w.surnames));
        assert!(w.strong.is_disjoint(&w.joins), "a surname is hardly ever a word, or often one");
        assert!(!w.after_short.is_empty() && !w.before_nick.is_empty() && !w.weak.is_empty());
    }

    #[test]
    fn what_is_no_name_stays() {
        for text in ["老陈旧的管道", "从小王国", "王总是不在", "李工作服", "老百姓高兴", "物业公司李代桃僵"]
        {
            let letters = super::super::letters::read(text);
            let found: Vec<_> = (0..letters.len()).filter_map(|i| name(&letters, i)).collect();
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }
}
