//! Which messages speak of one matter in one place, as they arrive.
//!
//! A message joins the group whose members it is likest to, or begins a new one. How alike two messages are is
//! weighed from the words of their headings and texts and from the places that they name: letters that are
//! copies of one template but name two estates are two matters.
//!
//! ```
//! use triage::{Matters, Message};
//! let of = |title: &str, body: &str| Message { title: title.into(), body: body.into(), ..Message::default() };
//! let mut matters = Matters::default();
//! let first = matters.place(&of("丽发新城旁的搅拌站噪音扰民", "夜里施工，灰尘很大"));
//! let other = matters.place(&of("青青家园旁的搅拌站噪音扰民", "夜里施工，灰尘很大"));
//! let again = matters.place(&of("A2区丽发新城小区附近搅拌站污染环境", "灰尘大，夜里吵"));
//! assert_ne!(first.group, other.group);
//! assert_eq!(first.group, again.group);
//! assert!(again.shared.contains(&"丽发新城".to_owned()));
//! ```

mod index;
mod names;
mod pair;
mod sketch;
mod troubles;

use crate::message::Message;
use index::Index;
pub(crate) use names::building;
use pair::{Places, Weighed};
use sketch::{Rarity, Sketch};
use std::collections::HashMap;
pub(crate) use troubles::{of_text as troubles_of, words as trouble_words};

/// Where a message was put.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its group: a number from 0, in the order in which groups began.
    pub group: u32,
    /// Whether the group began with it.
    pub is_new: bool,
    /// How likely it is that the group is the right one, 0 to 1.
    pub likelihood: f32,
    /// The names of places that it shares with the group's likest member.
    pub shared: Vec<String>,
    /// Groups that this message showed to be the same matter: their members belong to `group` from now on.
    pub joined: Vec<u32>,
}

/// An earlier message that may speak of the same matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its number, in order of arrival from 0.
    pub message: u32,
    /// Its group.
    pub group: u32,
    /// How likely it is that they are one matter, 0 to 1.
    pub likelihood: f32,
}

/// Where messages came from, where that is known by itself (a door, a neighbourhood): a number of the caller's. Messages
/// of two grounds are never compared.
pub type Ground = Option<u32>;

/// How many earlier messages are looked at closely.
const LOOKED_AT: usize = 60;
/// A run that more messages have points at none of them; in addition a share of all of them.
const COMMON: usize = 150;
/// … but never more than this, so that the time does not grow with the city.
const COMMON_AT_MOST: usize = 2_000;
/// So many entries of the index are looked through for a message, those of the rarest runs first.
const LOOKED_THROUGH: usize = 30_000;
/// As likely must it be that a message belongs to a group.
const ENOUGH: f32 = 0.55;
/// As likely must it be that it belongs to a second group too for the two to become one.
const JOINS: f32 = 0.9;

/// All messages so far, and their groups.
#[derive(Debug, Clone)]
pub struct Matters {
    rarity: Rarity,
    sketches: Vec<Sketch>,
    grounds: Vec<Ground>,
    /// Whether any of them is known.
    is_grounded: bool,
    group_of: Vec<u32>,
    sizes: Vec<u32>,
    /// The group that a group has become part of; itself if none.
    parents: Vec<u32>,
    pointers: Index,
    points: Vec<f32>,
}

impl Default for Matters {
    fn default() -> Matters {
        Matters {
            rarity: Rarity::default(),
            sketches: Vec::new(),
            grounds: Vec::new(),
            is_grounded: false,
            group_of: Vec::new(),
            sizes: Vec::new(),
            parents: Vec::new(),
            pointers: Index::of(COMMON_AT_MOST),
            points: Vec::new(),
        }
    }
}

impl Matters {
    /// How many messages have been placed.
    pub fn len(&self) -> usize {
        self.sketches.len()
    }

    /// Whether none has been placed.
    pub fn is_empty(&self) -> bool {
        self.sketches.is_empty()
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        (0..).zip(&self.parents).filter(|(group, parent)| group == *parent).count()
    }

    /// The group of a message by its number, as it is now.
    pub fn group_of(&self, message: u32) -> Option<u32> {
        self.group_of.get(message as usize).map(|group| self.root(*group))
    }

    fn root(&self, mut group: u32) -> u32 {
        while self.parents[group as usize] != group {
            group = self.parents[group as usize];
        }
        group
    }

    /// The group that a message's group has become part of; the way there is shorter the next time.
    fn shorten(&mut self, message: u32) -> u32 {
        let group = self.root(self.group_of[message as usize]);
        self.group_of[message as usize] = group;
        group
    }

    /// Whether the likest members of two groups name different places.
    fn are_elsewhere(&self, one: &[&Candidate], other: &[&Candidate]) -> bool {
        let sketch = |c: &Candidate| &self.sketches[c.message as usize];
        one.iter().take(3).any(|a| {
            other.iter().take(3).any(|b| Places::of(sketch(a), sketch(b), &self.rarity).is_elsewhere())
        })
    }

    /// The earlier messages that are likest to this one, the likeliest first, without placing it: for asking
    /// "is it one of these?" before somebody sends.
    pub fn like(&mut self, message: &Message) -> Vec<Candidate> {
        self.like_from(message, None)
    }

    /// As [`Matters::like`], for a message from a ground that is known.
    pub fn like_from(&mut self, message: &Message, ground: Ground) -> Vec<Candidate> {
        let sketch = Sketch::of(message);
        self.candidates(&sketch, ground)
    }

    /// What a message shares with an earlier one: the names of places that stand in both.
    pub fn shared(&self, message: &Message, earlier: u32) -> Vec<String> {
        self.sketches.get(earlier as usize).map_or_else(Vec::new, |other| Sketch::of(message).shared(other))
    }

    /// Lets the words of a message count for how rare words are, without placing it.
    pub fn acquaint(&mut self, message: &Message) {
        self.rarity.count(&Sketch::of(message));
    }

    /// Places a message with the group that it belongs to, or with a new one.
    pub fn place(&mut self, message: &Message) -> Placed {
        self.place_from(message, None)
    }

    /// As [`Matters::place`], for a message from a ground that is known: its words need not say where it is, and only
    /// what came from the same ground is compared with it.
    pub fn place_from(&mut self, message: &Message, ground: Ground) -> Placed {
        self.place_and_tell(message, ground).0
    }

    /// As [`Matters::place_from`]; tells as well what [`Matters::like_from`] would have told just before.
    pub fn place_and_tell(&mut self, message: &Message, ground: Ground) -> (Placed, Vec<Candidate>) {
        let sketch = Sketch::of(message);
        let candidates = self.candidates(&sketch, ground);
        let mut by_group: HashMap<u32, Vec<&Candidate>> = HashMap::new();
        for c in &candidates {
            by_group.entry(c.group).or_default().push(c);
        }
        let mut groups: Vec<(f32, u32)> = by_group
            .iter()
            .map(|(group, members)| {
                // The mean of the two likest: one chance likeness does not open a group of several.
                let counted = self.sizes[*group as usize].min(2) as usize;
                let sum: f32 = members.iter().take(counted).map(|c| c.likelihood).sum();
                (sum / counted as f32, *group)
            })
            .collect();
        groups.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let first = groups.first().copied().filter(|g| g.0 >= ENOUGH);
        let (likelihood, group, is_new) = match first {
            Some((likelihood, group)) => (likelihood, group, false),
            None => {
                let begun = u32::try_from(self.parents.len()).unwrap_or(u32::MAX);
                self.parents.push(begun);
                self.sizes.push(0);
                (1.0 - groups.first().map_or(0.0, |g| g.0), begun, true)
            }
        };
        let mut joined = Vec::new();
        for (_, other) in groups.iter().skip(1).filter(|g| !is_new && g.0 >= JOINS) {
            if !self.are_elsewhere(&by_group[&group], &by_group[other]) {
                self.parents[*other as usize] = group;
                self.sizes[group as usize] += self.sizes[*other as usize];
                joined.push(*other);
            }
        }
        let shared = if is_new {
            Vec::new()
        } else {
            let member = candidates.iter().find(|c| c.group == group);
            member.map_or_else(Vec::new, |c| sketch.shared(&self.sketches[c.message as usize]))
        };
        self.keep(sketch, ground, group);
        (Placed { group, is_new, likelihood, shared, joined }, candidates)
    }

    fn keep(&mut self, sketch: Sketch, ground: Ground, group: u32) {
        let number = u32::try_from(self.sketches.len()).unwrap_or(u32::MAX);
        self.rarity.count(&sketch);
        for key in sketch.pointers() {
            self.pointers.add(pointer(key, ground), number);
        }
        self.sizes[group as usize] += 1;
        self.group_of.push(group);
        self.grounds.push(ground);
        self.is_grounded |= ground.is_some();
        self.sketches.push(sketch);
        self.points.push(0.0);
    }

    /// The messages that have most of the rarest keys of this one, each with its points.
    fn pointed_at(&mut self, sketch: &Sketch, ground: Ground) -> Vec<(f32, u32)> {
        let most = (COMMON + self.sketches.len() / 100).min(COMMON_AT_MOST);
        let mut lists: Vec<(&[u32], f32)> = sketch
            .pointers()
            .into_iter()
            .map(|key| (self.pointers.get(pointer(key, ground)), self.rarity.of(key)))
            .filter(|(numbers, _)| !numbers.is_empty() && numbers.len() <= most)
            .collect();
        if lists.iter().map(|l| l.0.len()).sum::<usize>() > LOOKED_THROUGH {
            lists.sort_by_key(|l| l.0.len());
            let mut left = LOOKED_THROUGH;
            lists.retain(|l| {
                left = left.saturating_sub(l.0.len());
                left > 0
            });
        }
        let mut touched: Vec<u32> = Vec::new();
        for (numbers, rare) in lists {
            for number in numbers {
                let points = &mut self.points[*number as usize];
                if *points == 0.0 {
                    // Two keys of two grounds may fall together.
                    if self.is_grounded && self.grounds[*number as usize] != ground {
                        continue;
                    }
                    touched.push(*number);
                }
                *points += rare * rare;
            }
        }
        let points = touched.into_iter().map(|n| (std::mem::take(&mut self.points[n as usize]), n));
        let mut found: Vec<(f32, u32)> = points.collect();
        if found.len() > LOOKED_AT {
            found.select_nth_unstable_by(LOOKED_AT, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            found.truncate(LOOKED_AT);
        }
        found
    }

    fn candidates(&mut self, sketch: &Sketch, ground: Ground) -> Vec<Candidate> {
        let near = self.pointed_at(sketch, ground);
        let groups: Vec<u32> = near.iter().map(|n| self.shorten(n.1)).collect();
        let weighed = Weighed::of(sketch, &self.rarity);
        let mut found: Vec<Candidate> = near
            .into_iter()
            .zip(groups)
            .map(|((_, message), group)| {
                let other = &self.sketches[message as usize];
                let likelihood = if ground.is_some() && sketch.is_of_another_building(other) {
                    0.0
                } else {
                    weighed.likelihood(other, ground.is_some(), &self.rarity)
                };
                Candidate { message, group, likelihood }
            })
            .collect();
        found.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood).then(a.message.cmp(&b.message)));
        found
    }
}

/// The key by which a message of a ground is found again.
fn pointer(key: u32, ground: Ground) -> u32 {
    key ^ ground.map_or(0, |g| g.wrapping_add(1).wrapping_mul(0x9e37_79b1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(title: &str, body: &str) -> Message {
        Message { title: title.into(), body: body.into(), ..Message::default() }
    }

    /// One letter, copied from estate to estate with only the name changed.
    fn template(estate: &str) -> Message {
        of(
            &format!("A3区{estate}小区临街门面油烟扰民"),
            &format!(
                "尊敬的领导：{estate}小区楼下的烧烤店没有排烟管道，油烟直排，每天营业到凌晨，居民无法休息，请求处理。"
            ),
        )
    }

    #[test]
    fn copies_of_one_letter_about_two_estates_are_two_matters() {
        let estates =
            ["魅力之城", "润芳园", "青青家园", "凯乐国际城", "丽发新城", "金茂府", "圣力华苑", "山水湾"];
        let mut matters = Matters::default();
        let first: Vec<u32> = estates.iter().map(|e| matters.place(&template(e)).group).collect();
        let again: Vec<u32> = estates.iter().map(|e| matters.place(&template(e)).group).collect();
        assert_eq!(first, (0..8).collect::<Vec<u32>>());
        assert_eq!(again, first);
    }

    #[test]
    fn villages_with_numbers_are_each_a_place_of_their_own() {
        let titles = ["{}楼下烧烤店油烟扰民", "电梯又坏了", "关于噪音扰民的投诉"];
        let body = "我住在{}，从上周开始就这样，打了物业电话没人管，楼里有很多老人孩子。";
        for title in titles {
            let mut matters = Matters::default();
            let mut at = |village: &str| {
                matters.place(&of(&title.replace("{}", village), &body.replace("{}", village))).group
            };
            let placed = ["龙南三村", "龙南五村", "龙南十二村", "龙南三村"].map(&mut at);
            assert_eq!(placed, [0, 1, 2, 0], "{title}");
        }
    }

    #[test]
    fn one_matter_in_other_words_is_one_group_and_another_trouble_is_not() {
        let mut matters = Matters::default();
        for other in ["请问医保卡怎么办理", "农村户口如何迁移", "小学入学划片咨询", "拖欠农民工工资"]
        {
            matters.place(&of(other, ""));
        }
        let first =
            matters.place(&of("丽发新城旁边建搅拌站", "混凝土搅拌站粉尘污染，夜里噪音扰民，无法入睡"));
        let again =
            matters.place(&of("投诉A2区丽发新城小区附近搅拌站", "彻夜施工噪音大，灰尘多，小区居民睡不着"));
        let lamps = matters.place(&of("丽发新城的路灯什么时候修", "晚上黑灯，老人摸黑走路"));
        assert_eq!(again.group, first.group, "{again:?}");
        assert_eq!(again.shared, ["丽发新城"]);
        assert!(lamps.is_new, "{lamps:?}");
        let asked = matters.like(&of("丽发新城搅拌站太吵", "粉尘也大"));
        assert_eq!(matters.group_of(asked[0].message), Some(first.group));
        assert_eq!((matters.len(), matters.groups()), (7, 6));
    }

    #[test]
    fn what_came_from_one_ground_need_not_say_where_it_is() {
        let said = |text| Message::of(text);
        let mut matters = Matters::default();
        let first = matters.place_from(&said("楼道的灯坏了好几天，晚上看不见"), Some(1));
        let elsewhere = matters.place_from(&said("楼道的灯坏了好几天，晚上看不见"), Some(2));
        let again = matters.place_from(&said("楼道灯坏了好几天，晚上黑，老人看不见"), Some(1));
        assert_eq!(again.group, first.group, "{again:?}");
        assert_ne!(elsewhere.group, first.group);
        let sixth = matters.place_from(&said("6号楼电梯停了三天，没有人来修"), Some(1));
        let eighth = matters.place_from(&said("8号楼电梯停了三天，没有人来修"), Some(1));
        let sixth_too = matters.place_from(&said("六号楼的电梯停了三天没人修"), Some(1));
        assert_ne!(sixth.group, eighth.group);
        assert_eq!(sixth_too.group, sixth.group, "{sixth_too:?}");
    }

    #[test]
    fn one_text_on_two_grounds_is_two_matters() {
        let lamp = of("楼道灯不亮", "三楼的灯坏了三天，老人摸黑上楼");
        let mut matters = Matters::default();
        let placed: Vec<u32> =
            [Some(1), Some(2), Some(1), Some(2), None].map(|g| matters.place_from(&lamp, g).group).to_vec();
        assert_eq!(placed, [0, 1, 0, 1, 2]);
        assert_eq!(matters.like_from(&lamp, Some(2)).iter().map(|c| c.group).collect::<Vec<_>>(), [1, 1]);
    }

    proptest! {
        /// Whatever comes, each message has a group, and groups are as many as have not become part of another.
        #[test]
        fn every_message_has_a_group(texts in prop::collection::vec("[东西南北路小区坏噪音停车1-3，]{0,12}", 1..20)) {
            let mut matters = Matters::default();
            let placed: Vec<Placed> = texts.iter().map(|t| matters.place(&of(t, t))).collect();
            let mut groups: Vec<u32> = (0..).zip(&texts).map(|(n, _)| matters.group_of(n).unwrap()).collect();
            groups.sort_unstable();
            groups.dedup();
            prop_assert_eq!(groups.len(), matters.groups());
            let begun = placed.iter().filter(|p| p.is_new).count();
            let joined: usize = placed.iter().map(|p| p.joined.len()).sum();
            prop_assert_eq!(matters.groups(), begun - joined);
            prop_assert!(placed.iter().all(|p| (0.0..=1.0).contains(&p.likelihood)));
        }
    }
}
