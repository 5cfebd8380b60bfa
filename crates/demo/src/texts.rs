//! What people say, and how matters end: our own writing, filled in with invented places and numbers.

use crate::chance::Chance;
use crate::district::{Doorway, rows};
use jiff::civil::Date;
use serde::Deserialize;

/// One way of saying something.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    pub(crate) subject: String,
    season: String,
    #[serde(rename = "manner")]
    _manner: String,
    /// Several reports of one and the same matter share this; empty for the others.
    pub(crate) matter: String,
    /// 1 where it cannot wait.
    pub(crate) urgent: u8,
    weight: i64,
    text: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Outcome {
    kind: String,
    subject: String,
    text: String,
}

/// All texts.
pub(crate) struct Texts {
    reports: Vec<Report>,
    outcomes: Vec<Outcome>,
}

impl Texts {
    pub(crate) fn load() -> Texts {
        Texts {
            reports: rows(include_str!("../data/reports.csv")),
            outcomes: rows(include_str!("../data/outcomes.csv")),
        }
    }

    /// Something that is said on such a day, not of a shared matter.
    pub(crate) fn report(&self, on: Date, chance: &mut Chance) -> &Report {
        loop {
            let r = chance.weighted(&self.reports, |r| r.weight.max(1));
            if r.matter.is_empty() && in_season(&r.season, on) {
                return r;
            }
        }
    }

    /// The names of shared matters.
    pub(crate) fn matters(&self) -> Vec<&str> {
        let mut all: Vec<&str> =
            self.reports.iter().map(|r| r.matter.as_str()).filter(|m| !m.is_empty()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// All ways of saying a shared matter.
    pub(crate) fn of_matter(&self, matter: &str) -> Vec<&Report> {
        self.reports.iter().filter(|r| r.matter == matter).collect()
    }

    /// A text of a kind: an answer for its subject, a ground for a return, …
    pub(crate) fn outcome(&self, kind: &str, subject: &str, chance: &mut Chance) -> String {
        let fits: Vec<&Outcome> = self
            .outcomes
            .iter()
            .filter(|o| o.kind == kind && (o.subject == subject || o.subject == "any"))
            .collect();
        if fits.is_empty() { "已到现场处理。".to_owned() } else { chance.of(&fits).text.clone() }
    }

    /// How many ways of saying something there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.reports.len()
    }
}

fn in_season(season: &str, on: Date) -> bool {
    match season {
        "spring" => (3..=5).contains(&on.month()),
        "summer" => (6..=8).contains(&on.month()),
        "autumn" => (9..=11).contains(&on.month()),
        "winter" => matches!(on.month(), 12 | 1 | 2),
        "rain" => (6..=9).contains(&on.month()),
        _ => true,
    }
}

/// A mobile number that nobody has: its block is not given out.
pub(crate) fn phone(chance: &mut Chance) -> String {
    format!("1380000{:04}", chance.range(0, 10_000))
}

/// Fills a text in.
pub(crate) fn filled(text: &str, door: &Doorway, chance: &mut Chance) -> String {
    let mut out = text.to_owned();
    let mut put = |name: &str, value: &dyn Fn(&mut Chance) -> String| {
        while out.contains(name) {
            out = out.replacen(name, &value(chance), 1);
        }
    };
    put("{road}", &|_| door.road.clone());
    put("{lane}", &|_| door.lane.to_string());
    put("{building}", &|_| door.number.to_string());
    put("{compound}", &|_| format!("{}小区", door.road.trim_end_matches('路')));
    put("{room}", &|c| format!("{}0{}", c.range(1, i64::from(door.floors) + 1), c.range(1, 5)));
    put("{days}", &|c| c.range(2, 15).to_string());
    put("{name}", &|c| format!("{}阿姨", c.of(&["王", "李", "张", "陈", "沈"])));
    put("{phone}", &phone);
    put("{plate}", &|c| format!("沪Z{:05}", c.range(10_000, 99_999)));
    put("{idcard}", &|_| "310104194912310020".to_owned());
    out
}

impl Report {
    /// Its text, filled in.
    pub(crate) fn said(&self, door: &Doorway, chance: &mut Chance) -> String {
        filled(&self.text, door, chance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn texts_are_many_and_cover_all_subjects() {
        let t = Texts::load();
        assert!(t.len() >= 150, "{}", t.len());
        let subjects: HashSet<&str> = t.reports.iter().map(|r| r.subject.as_str()).collect();
        for s in domain::subjects::ALL {
            assert!(subjects.contains(s.code), "{}", s.code);
            assert!(
                t.outcomes.iter().any(|o| o.kind == "answer" && o.subject == s.code),
                "answer {}",
                s.code
            );
        }
        assert_eq!(t.matters().len(), 8);
    }

    #[test]
    fn nothing_is_left_to_fill_in() {
        let t = Texts::load();
        let d = crate::District::xuhui(7);
        let mut c = Chance::new(1, 1);
        for r in &t.reports {
            let text = filled(&r.text, &d.doorways[3], &mut c);
            assert!(!text.contains('{'), "{text}");
        }
        for o in &t.outcomes {
            assert!(!filled(&o.text, &d.doorways[3], &mut c).contains('{'));
        }
    }
}
