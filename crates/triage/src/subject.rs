//! What a report is about, by the words that people use for it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A proposed subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The subject's code, as in the lexicon.
    pub code: String,
    /// Its share of all that was found, 0 to 1.
    pub confidence: f32,
    /// The words that speak for it.
    pub words: Vec<String>,
}

/// One line of the lexicon: a word, the subject it speaks for, and how strongly.
struct Entry {
    word: &'static str,
    code: &'static str,
    weight: f32,
}

/// The lexicon that is built in: `code,word word word …`; a word with `!` speaks twice as strongly.
static LEXICON: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    include_str!("../data/subjects.csv")
        .lines()
        .filter_map(|line| line.split_once(','))
        .flat_map(|(code, words)| {
            words.split_whitespace().map(move |w| {
                let word = w.trim_end_matches('!');
                let length = f32::from(u8::try_from(word.chars().count()).unwrap_or(u8::MAX));
                Entry { word, code, weight: length * if word.len() < w.len() { 2.0 } else { 1.0 } }
            })
        })
        .collect()
});

/// The words of the lexicon: the word, the subject it speaks for, and whether it speaks twice as strongly.
pub fn lexicon() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let strong = |e: &Entry| e.weight > e.word.chars().count() as f32;
    LEXICON.iter().map(move |e| (e.word, e.code, strong(e)))
}

/// Proposes subjects for a text, the most likely first; nothing if no word of the lexicon occurs.
pub fn suggest(text: &str) -> Vec<Suggestion> {
    let mut found: BTreeMap<&str, (f32, Vec<String>)> = BTreeMap::new();
    for e in LEXICON.iter().filter(|e| text.contains(e.word)) {
        let (weight, words) = found.entry(e.code).or_default();
        *weight += e.weight;
        words.push(e.word.to_owned());
    }
    let all: f32 = found.values().map(|f| f.0).sum();
    let mut out: Vec<Suggestion> = found
        .into_iter()
        .map(|(code, (weight, words))| Suggestion { code: code.to_owned(), confidence: weight / all, words })
        .collect();
    out.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_reports() {
        for (text, code) in [
            ("楼道灯不亮，晚上看不见", "lighting"),
            ("隔壁半夜唱歌太吵", "noise"),
            ("共享单车堵住门口", "shared_bikes"),
            ("楼下饭店油烟直冲卧室", "smoke"),
            ("二房东把三室隔成八间群租", "rental_crowding"),
            ("污水井满出来了，下水道堵了", "water_sewage"),
            ("电梯运行抖动", "elevators"),
            ("有人遛狗不牵绳", "pets"),
        ] {
            assert_eq!(suggest(text).first().map(|s| s.code.as_str()), Some(code), "{text}");
        }
        assert_eq!(suggest("你好"), vec![]);
        let sum: f32 = suggest("电梯里有人遛狗不牵绳还吵").iter().map(|s| s.confidence).sum();
        assert!((sum - 1.0).abs() < 1e-5);
    }
}
