//! Matters that rise by words in the real messages, beside the rule with perfect grouping.

use crate::background::Letter;
use app::{ByWords, Needs};
use domain::CaseNo;
use domain::PlaceId;
use domain::cases::local_date;
use domain::territory::Path;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::cases::day_number;
use store::warnings::Heard;
use warnings::{Budget, Change, State, Warning, merge, rising};

/// The rule that is compared with: three people within fourteen days.
const PEOPLE: u32 = 3;
const WITHIN: u16 = 14;
/// A look sees so many days.
const SEEN: i64 = 60;

/// A hand-made group of messages about one matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The ids of its messages.
    pub members: Vec<String>,
}

/// The groups of a file: `"group": "G01"` and the numbers of `"members"`.
///
/// # Errors
/// A sentence where there is none.
pub fn groups(text: &str) -> Result<Vec<Group>, String> {
    let between = |text: &str, key: &str, open: char, close: char| -> Option<String> {
        let (_, rest) = text.split_once(key)?;
        let (_, rest) = rest.split_once(open)?;
        rest.split_once(close).map(|(inside, _)| inside.to_owned())
    };
    let groups: Vec<Group> = text
        .split("\"group\"")
        .skip(1)
        .filter_map(|part| {
            let name = part.split('"').nth(1)?.to_owned();
            let members = between(part, "\"members\"", '[', ']')?;
            let members = members.split(|c: char| !c.is_ascii_digit()).filter(|m| !m.is_empty());
            Some(Group { name, members: members.map(str::to_owned).collect() })
        })
        .collect();
    if groups.is_empty() {
        return Err("there is no group in it: {\"groups\": [{\"group\": …, \"members\": […]}]}".to_owned());
    }
    Ok(groups)
}

/// What became of one group.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct GroupFound {
    /// Its name.
    pub group: String,
    /// The day on which the rule raises it.
    pub rule: String,
    /// The day on which ours does.
    pub ours: Option<String>,
}

/// What rises by words in the stream.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct OnStream {
    /// What makes a matter a warning: `three_people`, or the budget.
    pub needs: &'static str,
    /// Messages that were read.
    pub messages: usize,
    /// Warnings in all.
    pub alarms: usize,
    /// Groups that there are.
    pub groups: usize,
    /// Groups that the rule raises with perfect grouping.
    pub ruled: usize,
    /// Of these, those that ours finds.
    pub found: usize,
    /// … and no later than the rule.
    pub no_later: usize,
    /// Each of them.
    pub each: Vec<GroupFound>,
}

/// Reads the messages one by one, looks after each, and compares with the groups.
pub fn on_stream(letters: &[Letter], groups: &[Group], budget: Option<f64>) -> OnStream {
    let needs = budget.map_or(Needs::ThreePeople, |alarms_a_month| Needs::Budget(Budget { alarms_a_month }));
    let at: HashMap<&str, usize> = letters.iter().enumerate().map(|(i, l)| (l.id.as_str(), i)).collect();
    let members: Vec<BTreeSet<usize>> = groups
        .iter()
        .map(|g| g.members.iter().filter_map(|m| at.get(m.as_str()).copied()).collect())
        .collect();
    let ruled: BTreeMap<usize, Date> = members
        .iter()
        .enumerate()
        .filter_map(|(g, of)| {
            let said: Vec<(Date, u64)> =
                of.iter().map(|i| (local_date(letters[*i].at), letters[*i].user)).collect();
            Some((g, rising(&said, PEOPLE, WITHIN)?.at))
        })
        .collect();
    let mut ours: BTreeMap<usize, Timestamp> = BTreeMap::new();
    let (mut words, mut warnings, mut alarms) = (ByWords::default(), Vec::<Warning>::new(), 0);
    let heard: Vec<Heard> = (0..).zip(letters).map(|(n, l)| heard(n, l)).collect();
    for (n, letter) in letters.iter().enumerate() {
        words.read(heard[n].case, None, Some(letter.user), &letter.message);
        let today = local_date(letter.at);
        let end = day_number(today);
        let begin = heard.partition_point(|h| day_number(local_date(h.at)) <= end - SEEN);
        for change in merge(&warnings, words.rising(&heard[begin..=n], end, needs), today) {
            let told = match change {
                Change::Tell(w) => {
                    alarms += 1;
                    warnings.push(w.clone());
                    w
                }
                Change::GoesOn { index, now, .. } => {
                    warnings[index] = now.clone();
                    now
                }
                Change::Lapses(index) => {
                    warnings[index].state = State::Lapsed;
                    continue;
                }
            };
            let cases: Vec<usize> =
                told.finding.cases.iter().filter_map(|c| usize::try_from(c.0).ok()).collect();
            for (g, of) in members.iter().enumerate() {
                // A warning of a group: two or more of its cases, and half of them, are in it.
                let shared = cases.iter().filter(|c| of.contains(c)).count();
                if shared >= 2 && shared * 2 >= cases.len() {
                    ours.entry(g).or_insert(letter.at);
                }
            }
        }
    }
    let each: Vec<GroupFound> = ruled
        .iter()
        .map(|(g, day)| GroupFound {
            group: groups[*g].name.clone(),
            rule: day.to_string(),
            ours: ours.get(g).map(|at| local_date(*at).to_string()),
        })
        .collect();
    OnStream {
        needs: if budget.is_some() { "budget" } else { "three_people" },
        messages: letters.len(),
        alarms,
        groups: groups.len(),
        ruled: ruled.len(),
        found: each.iter().filter(|e| e.ours.is_some()).count(),
        no_later: each.iter().filter(|e| e.ours.as_ref().is_some_and(|o| *o <= e.rule)).count(),
        each,
    }
}

/// As if all of it had come to one precinct.
fn heard(n: i64, letter: &Letter) -> Heard {
    Heard {
        case: CaseNo(n),
        at: letter.at,
        subject: letter.subject.clone(),
        path: Path::of(&[PlaceId(1), PlaceId(101)]),
        doorway: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters;
    use triage::Message;

    fn letter(id: &str, time: &str, body: &str, user: &str) -> (Message, String) {
        let message = Message { id: id.into(), time: time.into(), body: body.into(), ..Message::default() };
        (message, user.to_owned())
    }

    #[test]
    fn a_matter_of_three_people_is_found_on_the_day_of_the_third() {
        let read = letters(vec![
            letter("4", "2019/5/1 9:00", "请问医保卡怎么办理", "d"),
            letter("1", "2019/5/2 9:00", "柳影新城东门外的水泵站整夜轰响，墙面震得发抖", "a"),
            letter("2", "2019/5/4 9:00", "柳影新城的水泵站整夜轰响，墙面发抖，老人睡不着觉", "b"),
            letter("5", "2019/5/5 9:00", "公交车站什么时候修", "e"),
            letter("3", "2019/5/9 9:00", "请管管柳影新城水泵站，半夜轰响，墙面发抖", "c"),
        ])
        .unwrap();
        let text = r#"{"groups": [{"group": "G1", "members": [1, 2, 3], "ambiguous": []},
            {"group": "G2", "members": [4, 5], "ambiguous": []}]}"#;
        let groups = groups(text).unwrap();
        let found = on_stream(&read, &groups, None);
        assert_eq!((found.alarms, found.ruled, found.found, found.no_later), (1, 1, 1, 1), "{found:?}");
        assert_eq!(found.each[0].ours.as_deref(), Some("2019-05-09"));
        assert!(super::groups("{}").is_err());
        assert!(letters(vec![letter("9", "soon", "", "a")]).unwrap_err().contains("message 9"));
    }
}
