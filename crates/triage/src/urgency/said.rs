//! The first reader: the words of `data/dangers.csv`, alone or together in a sentence, and what takes their meaning away.

use super::UrgentKind;
use super::rules::{RULES, Rules};
use crate::text::{fold, is_letter};
use std::ops::Range;

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

/// A text with the words of all rules that stand in it.
pub(super) struct Said<'r> {
    rules: &'r Rules,
    letters: Vec<Letter>,
    /// The words that stand in it, those of one rule together.
    hits: Vec<Hit>,
}

impl<'r> Said<'r> {
    /// Finds the words of all rules in a text.
    pub(super) fn of(text: &str) -> Said<'r> {
        let rules: &'r Rules = &RULES;
        let letters = letters(text);
        let mut hits = Vec::new();
        let mut harmless: Vec<(usize, usize)> = Vec::new();
        for from in 0..letters.len() {
            let next = letters.get(from + 1).map_or('\0', |l| l.c);
            for (word, of) in rules.beginning_with(letters[from].c, next) {
                let to = from + word.len();
                let stands = letters.len() >= to
                    && word[1..].iter().zip(&letters[from + 1..to]).all(|(c, l)| *c == l.c)
                    && letters[from].clause == letters[to - 1].clause;
                if stands {
                    match of {
                        Some((rule, part)) => hits.push(Hit { rule: *rule, part: *part, from, to }),
                        None => harmless.push((from, to)),
                    }
                }
            }
        }
        hits.retain(|h| !harmless.iter().any(|(from, to)| *from <= h.from && h.to <= *to));
        hits.sort_by_key(|h| h.rule);
        Said { rules, letters, hits }
    }

    /// Where the words stand that speak for a kind: ranges of the text in their order, none within another.
    pub(super) fn words(&self, text: &str, kind: UrgentKind) -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for of_rule in self.hits.chunk_by(|a, b| a.rule == b.rule) {
            let rule = &self.rules.rules[of_rule[0].rule];
            if rule.kind != kind {
                continue;
            }
            match rule.parts {
                1 => {
                    let counted = of_rule.iter().filter(|h| self.counts(h));
                    spans.extend(counted.map(|h| (h.from, h.to)));
                }
                parts => spans.extend(self.together(of_rule, parts, rule.apart).into_iter().flatten()),
            }
        }
        spans.sort_by_key(|s| (s.0, std::cmp::Reverse(s.1)));
        let mut end = 0;
        spans.retain(|(from, to)| {
            let is_next = *from >= end;
            if is_next {
                end = *to;
            }
            is_next
        });
        spans.into_iter().map(|(from, to)| self.range(text, from, to)).collect()
    }

    /// The words of one rule that stand together: one of each part in a sentence, of which the last counts.
    fn together(&self, hits: &[Hit], parts: usize, most: usize) -> Option<Vec<(usize, usize)>> {
        let of = |part: usize| hits.iter().filter(move |h| h.part == part);
        let near = |a: &Hit, b: &Hit| {
            let apart = b.from.checked_sub(a.to).or_else(|| a.from.checked_sub(b.to));
            self.letters[a.from].sentence == self.letters[b.from].sentence && apart.is_some_and(|n| n <= most)
        };
        for second in of(1) {
            let beside: Vec<&Hit> = of(0).filter(|h| near(h, second)).collect();
            if beside.is_empty() || !self.counts(second) {
                continue;
            }
            let Some(first) = beside.into_iter().filter(|h| self.is_on_topic(h)).min_by_key(|h| {
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
        let clause = self.clause(hit);
        let said = |letters: &[Letter]| letters.iter().map(|l| l.c).collect::<String>();
        let before = said(&self.letters[clause.start..hit.from]);
        let after = said(&self.letters[hit.to..clause.end]);
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

    /// The letters of the clause in which a word stands.
    fn clause(&self, hit: &Hit) -> Range<usize> {
        let clause = self.letters[hit.from].clause;
        let before = self.letters[..hit.from].iter().rev().take_while(|l| l.clause == clause).count();
        let after = self.letters[hit.from..].iter().take_while(|l| l.clause == clause).count();
        hit.from - before..hit.from + after
    }

    /// Whether the clause of a word is not about something else.
    fn is_on_topic(&self, hit: &Hit) -> bool {
        let whole: String = self.letters[self.clause(hit)].iter().map(|l| l.c).collect();
        !self.rules.is_about(&whole, "") && !self.rules.is_about(&whole, &self.rules.rules[hit.rule].class)
    }

    fn sentence(&self, hit: &Hit) -> String {
        let sentence = self.letters[hit.from].sentence;
        self.letters.iter().filter(|l| l.sentence == sentence).map(|l| l.c).collect()
    }

    /// Where in the text the words from one letter to another stand.
    fn range(&self, text: &str, from: usize, to: usize) -> (usize, usize) {
        let end = self.letters[to - 1].at;
        let last = text[end..].chars().next().map_or(0, char::len_utf8);
        (self.letters[from].at, end + last)
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

    /// What the rules alone find.
    fn urgent(text: &str) -> Option<(UrgentKind, Vec<&str>)> {
        let said = Said::of(text);
        [UrgentKind::Danger, UrgentKind::Utility].into_iter().find_map(|kind| {
            let mut words: Vec<&str> =
                said.words(text, kind).into_iter().map(|(from, to)| &text[from..to]).collect();
            words.dedup();
            (!words.is_empty()).then_some((kind, words))
        })
    }

    #[test]
    fn every_text_that_the_rules_were_made_for_is_told_right() {
        let texts = csv::Reader::from_reader(include_str!("../../data/pressing.csv").as_bytes())
            .into_records()
            .map(Result::unwrap)
            .filter(|t| &t[0] == "c")
            .collect::<Vec<_>>();
        assert!(texts.len() > 300);
        for text in texts {
            let found = match urgent(&text[2]) {
                Some((UrgentKind::Danger, _)) => "danger",
                Some(_) => "utility",
                None => "none",
            };
            assert_eq!(found, &text[1], "{}", &text[2]);
        }
    }

    #[test]
    fn what_cannot_wait() {
        assert_eq!(urgent("快！三楼着火了").unwrap().0, UrgentKind::Danger);
        assert_eq!(urgent("有人被困电梯半小时").unwrap().1, ["被困"]);
        assert_eq!(urgent("整栋楼停水两天").unwrap().0, UrgentKind::Utility);
        assert_eq!(urgent("停电后有人触电").unwrap().0, UrgentKind::Danger);
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
        assert_eq!(urgent("厨房 着 火 了").unwrap().1, ["着 火"]);
        assert_eq!(urgent("着火了！真的着火了").unwrap().1, ["着火"]);
        assert_eq!(urgent("Strong smell of gas in the stairwell").unwrap().1, ["smell of gas"]);
        assert!(urgent("").is_none());
    }
}
