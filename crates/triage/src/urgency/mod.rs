//! What cannot wait: danger to life, and water, power and gas.
//!
//! Read from `data/dangers.csv`: words that say so alone (着火), and words that say so together within a sentence
//! (孩子 … 反锁). A word does not count where it is denied, stands in a longer word that is harmless (跳楼价), is a
//! manner of speaking (像着火一样), or where its clause is about something else (演习). Fire, falling and collapse that
//! are only feared or past do not count either; what a person may do to himself, and gas, count when they are feared.

mod rules;

use crate::text::{fold, is_letter};
use rules::{RULES, Rules};

/// Why a report is pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrgentKind {
    /// Danger to life, or a sudden event.
    Danger,
    /// Water, power, gas.
    Utility,
}

/// What makes a report pressing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// The more pressing of the kinds found.
    pub kind: UrgentKind,
    /// The words that say so.
    pub words: Vec<String>,
}

/// A letter, where it stands in the text, and in which clause and sentence.
struct Letter {
    c: char,
    at: usize,
    clause: u32,
    sentence: u32,
}

/// A word of a rule where it stands.
#[derive(Clone, Copy)]
struct Hit {
    rule: usize,
    part: usize,
    from: usize,
    to: usize,
}

fn letters(text: &str) -> Vec<Letter> {
    let (mut clause, mut sentence) = (0, 0);
    let mut out = Vec::new();
    for (at, c) in text.char_indices() {
        let c = fold(c);
        if is_letter(c) {
            out.push(Letter { c, at, clause, sentence });
        } else if matches!(c, '。' | '!' | '?' | ';' | '\n' | '…') {
            clause += 1;
            sentence += 1;
        } else if matches!(c, ',' | ':' | '.' | '~') {
            clause += 1;
        }
    }
    out
}

/// Whether a text holds something that cannot wait.
///
/// ```
/// use triage::{UrgentKind, urgent};
/// assert_eq!(urgent("孩子一个人被反锁在家里").unwrap().words, ["孩子", "反锁"]);
/// assert_eq!(urgent("楼下火锅店又涨价了"), None);
/// assert_eq!(urgent("整栋楼停水两天").unwrap().kind, UrgentKind::Utility);
/// ```
pub fn urgent(text: &str) -> Option<Urgent> {
    let said = Said::of(text, &RULES);
    [UrgentKind::Danger, UrgentKind::Utility].into_iter().find_map(|kind| {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for (n, rule) in RULES.rules.iter().enumerate().filter(|r| r.1.kind == kind) {
            match rule.parts {
                1 => {
                    let counted = said.hits.iter().filter(|h| h.rule == n && said.counts(h));
                    spans.extend(counted.map(|h| (h.from, h.to)));
                }
                parts => spans.extend(said.together(n, parts).into_iter().flatten()),
            }
        }
        spans.sort_by_key(|s| (s.0, std::cmp::Reverse(s.1)));
        let mut words: Vec<String> = Vec::new();
        let mut end = 0;
        for (from, to) in spans {
            if from < end {
                continue;
            }
            end = to;
            let word = said.as_written(text, from, to);
            if !words.contains(&word) {
                words.push(word);
            }
        }
        (!words.is_empty()).then_some(Urgent { kind, words })
    })
}

/// A text with the words of all rules that stand in it.
struct Said<'r> {
    rules: &'r Rules,
    letters: Vec<Letter>,
    hits: Vec<Hit>,
}

impl<'r> Said<'r> {
    fn of(text: &str, rules: &'r Rules) -> Said<'r> {
        let letters = letters(text);
        let mut hits = Vec::new();
        let mut harmless: Vec<(usize, usize)> = Vec::new();
        for from in 0..letters.len() {
            for (word, of) in rules.beginning_with(letters[from].c) {
                let to = from + word.len();
                let stands = letters.len() >= to
                    && letters[from].clause == letters[to - 1].clause
                    && word.iter().zip(&letters[from..to]).all(|(c, l)| *c == l.c);
                if stands {
                    match of {
                        Some((rule, part)) => hits.push(Hit { rule: *rule, part: *part, from, to }),
                        None => harmless.push((from, to)),
                    }
                }
            }
        }
        hits.retain(|h| !harmless.iter().any(|(from, to)| *from <= h.from && h.to <= *to));
        Said { rules, letters, hits }
    }

    /// The words of one rule that stand together: one of each part in a sentence, of which the last counts.
    fn together(&self, rule: usize, parts: usize) -> Option<Vec<(usize, usize)>> {
        let of = |part: usize| self.hits.iter().filter(move |h| h.rule == rule && h.part == part);
        let most = self.rules.rules[rule].apart;
        let near = |a: &Hit, b: &Hit| {
            let apart = b.from.checked_sub(a.to).or_else(|| a.from.checked_sub(b.to));
            self.letters[a.from].sentence == self.letters[b.from].sentence && apart.is_some_and(|n| n <= most)
        };
        for second in of(1).filter(|h| self.counts(h)) {
            let Some(first) = of(0).filter(|h| near(h, second) && self.is_on_topic(h)).min_by_key(|h| {
                let apart = second.from.abs_diff(h.from);
                (apart, std::cmp::Reverse(h.to))
            }) else {
                continue;
            };
            let mut found = vec![(first.from, first.to), (second.from, second.to)];
            if parts > 2 {
                let third = of(2).find(|h| {
                    (near(h, second) || near(h, first)) && !found.iter().any(|f| f.0 < h.to && h.from < f.1)
                });
                let Some(third) = third else { continue };
                found.push((third.from, third.to));
            }
            return Some(found);
        }
        None
    }

    /// Whether a word means what it says where it stands.
    fn counts(&self, hit: &Hit) -> bool {
        let clause = self.letters[hit.from].clause;
        let begin = self.letters[..hit.from].iter().rposition(|l| l.clause != clause).map_or(0, |n| n + 1);
        let before: String = self.letters[begin..hit.from].iter().map(|l| l.c).collect();
        let after: String =
            self.letters[hit.to..].iter().take_while(|l| l.clause == clause).map(|l| l.c).collect();
        if is_denied(&before) || is_manner_of_speaking(&before, &after) {
            return false;
        }
        let class = &self.rules.rules[hit.rule].class;
        let may_be_feared =
            matches!(class.as_str(), "fire" | "fall" | "ruin" | "crash" | "trip" | "hole" | "power");
        if may_be_feared && self.rules.is_feared(&before) {
            return false;
        }
        let is_smoke = (hit.from..hit.to).any(|i| self.letters[i].c == '烟');
        if is_smoke && self.rules.is_about(&self.sentence(hit), "smoke") {
            return false;
        }
        self.is_on_topic(hit)
    }

    /// Whether the clause of a word is not about something else.
    fn is_on_topic(&self, hit: &Hit) -> bool {
        let clause = self.letters[hit.from].clause;
        let whole: String = self.letters.iter().filter(|l| l.clause == clause).map(|l| l.c).collect();
        !self.rules.is_about(&whole, "") && !self.rules.is_about(&whole, &self.rules.rules[hit.rule].class)
    }

    fn sentence(&self, hit: &Hit) -> String {
        let sentence = self.letters[hit.from].sentence;
        self.letters.iter().filter(|l| l.sentence == sentence).map(|l| l.c).collect()
    }

    fn as_written(&self, text: &str, from: usize, to: usize) -> String {
        let end = self.letters[to - 1].at;
        let last = text[end..].chars().next().map_or(0, char::len_utf8);
        text[self.letters[from].at..end + last].to_owned()
    }
}

/// Said right before a word, these turn it round; with a question around them (是不是, 会不会) they do not.
fn is_denied(before: &str) -> bool {
    const NOT: &[&str] = &["没有", "没", "不会", "不是", "未", "并未", "不", "未曾", "从未", "无"];
    const ASKS: &[&str] = &["是不是", "会不会", "有没有", "要不要", "能不能", "是否"];
    let before = ["发生过", "发生", "出现", "再", "人", "有人", "谁"]
        .iter()
        .find_map(|between| before.strip_suffix(between).filter(|b| NOT.iter().any(|n| b.ends_with(n))))
        .unwrap_or(before);
    NOT.iter().any(|n| before.ends_with(n)) && !ASKS.iter().any(|a| before.ends_with(a))
}

/// 像着火了一样, 跟跳楼似的.
fn is_manner_of_speaking(before: &str, after: &str) -> bool {
    if ["似的", "似地", "一样"].iter().any(|w| after.starts_with(w)) {
        return true;
    }
    let near: String = before.chars().rev().take(5).collect();
    near.contains(['像', '如', '跟', '好'])
        && ["一样", "似的", "一般", "那样", "似地"].iter().any(|w| after.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_wait() {
        assert_eq!(urgent("快！三楼着火了").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("有人被困电梯半小时").unwrap().words, ["被困"]);
        assert_eq!(urgent("整栋楼停水两天").unwrap().kind, UrgentKind::Utility);
        assert_eq!(urgent("停电后有人触电").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("希望加强巡查，防止起火"), None);
        assert_eq!(urgent("楼道灯坏了"), None);
    }

    #[test]
    fn a_question_is_no_denial_and_a_denial_is_no_alarm() {
        assert!(urgent("是不是煤气泄漏了，头晕").is_some());
        assert!(urgent("没有人被困，电梯已经修好").is_none());
        assert!(urgent("没着火，是蒸汽").is_none());
        assert!(urgent("热得像着火了一样").is_none());
        assert!(
            urgent("怕他跳楼，快来人").is_some(),
            "what a person may do to himself counts when it is feared"
        );
        assert!(urgent("堆满纸箱，怕着火").is_none());
    }

    #[test]
    fn words_are_told_as_they_were_written() {
        assert_eq!(urgent("厨房 着 火 了").unwrap().words, ["着 火"]);
        assert_eq!(urgent("着火了！真的着火了").unwrap().words, ["着火"]);
        assert_eq!(urgent("Strong smell of gas in the stairwell").unwrap().words, ["smell of gas"]);
        assert!(urgent("").is_none());
    }
}
