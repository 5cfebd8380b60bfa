//! What cannot wait: danger to life, and water, power and gas. Two readers, and what is done where they differ.
//!
//! The rules of `data/dangers.csv`: words that say so alone (着火), and words that say so together within a sentence
//! (孩子 … 反锁). A word does not count where it is denied, stands in a longer word that is harmless (跳楼价), is a
//! manner of speaking (像着火一样), or where its clause is about something else (演习). Fire, falling and collapse that
//! are only feared or past do not count either; what a person may do to himself, and gas, count when they are feared.
//!
//! A learnt line over everything that was said, which also hears danger that is told without a word of danger: see
//! [`reader`]. Where the line is very sure, or the rules and the line agree, the text is raised at once; where one of
//! them alone thinks of danger, a person looks first.

mod learn;
mod reader;
mod rules;
mod said;
mod tokens;

pub use learn::{PressingError, learn_pressing};

use reader::READER;
use said::Said;

/// Why a report is pressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrgentKind {
    /// Danger to life, or a sudden event.
    Danger,
    /// Water, power, gas.
    Utility,
    /// It may be danger: a person looks first.
    Perhaps,
}

/// What makes a report pressing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// The more pressing of the kinds found.
    pub kind: UrgentKind,
    /// How likely danger is as the learnt line hears it, in per cent.
    pub likely: u8,
    /// The words that say so, as they stand in the text.
    pub words: Vec<String>,
}

/// Whether a text holds something that cannot wait.
///
/// ```
/// use triage::{UrgentKind, urgent};
/// assert_eq!(urgent("孩子一个人被反锁在家里").unwrap().words[..2], ["孩子", "反锁"]);
/// assert_eq!(urgent("楼下火锅店又涨价了"), None);
/// assert_eq!(urgent("整栋楼停水两天").unwrap().kind, UrgentKind::Utility);
/// ```
pub fn urgent(text: &str) -> Option<Urgent> {
    let said = Said::of(text);
    let seen = READER.see(text);
    let likely = READER.likely(&seen);
    let mut words = said.words(text, UrgentKind::Danger);
    let (at_once, look) =
        if words.is_empty() { (READER.at_once, READER.look) } else { (READER.agreed, READER.ruled) };
    let kind = if likely >= at_once {
        UrgentKind::Danger
    } else {
        let utility = said.words(text, UrgentKind::Utility);
        if !utility.is_empty() {
            words = utility;
            UrgentKind::Utility
        } else if likely >= look {
            UrgentKind::Perhaps
        } else {
            return None;
        }
    };
    if kind != UrgentKind::Utility {
        for (from, to) in READER.words(&seen) {
            if words.len() >= reader::TOLD {
                break;
            }
            if words.iter().all(|w| to <= w.0 || w.1 <= from) {
                words.push((from, to));
            }
        }
    }
    let mut told: Vec<String> = Vec::new();
    for (from, to) in words {
        let word = text[from..to].to_owned();
        if !told.contains(&word) {
            told.push(word);
        }
    }
    Some(Urgent { kind, likely: (likely * 100.0).round() as u8, words: told })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_once_a_look_and_nothing() {
        assert_eq!(urgent("快！三楼着火了，还有人没下来").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("整栋楼停水两天").unwrap().kind, UrgentKind::Utility);
        assert_eq!(urgent("停电后有人触电倒在地上").unwrap().kind, UrgentKind::Danger);
        assert_eq!(urgent("楼道灯坏了"), None);
        assert_eq!(urgent(""), None);
    }

    #[test]
    fn words_of_the_rules_come_first_and_stand_as_they_were_written() {
        assert_eq!(urgent("厨房 着 火 了").unwrap().words[0], "着 火");
        let told = urgent("着火了！真的着火了").unwrap().words;
        assert_eq!(told.iter().filter(|w| *w == "着火").count(), 1, "{told:?}");
    }
}
