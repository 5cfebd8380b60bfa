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

mod names;
mod pair;
mod sketch;
mod troubles;

pub use pair::Alike;

use crate::message::Message;
use pair::likelihood;
use sketch::{Rarity, Sketch};
use std::collections::HashMap;

/// Where a message was put.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its group: a number from 0, in the order in which groups began.
    pub group: u32,
    /// Whether the group began with it.
    pub is_new: bool,
    /// How likely it is that the group is the right one, 0 to 1.
    pub likelihood: f32,
    /// What it shares with the group: names first, then the rarest words.
    pub shared: Vec<String>,
}

/// An earlier message that may speak of the same matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its number, in order of arrival from 0.
    pub message: u32,
    /// Its group.
    pub group: u32,
    /// How alike the two are.
    pub alike: Alike,
    /// How likely it is that they are one matter, 0 to 1.
    pub likelihood: f32,
}

/// How many earlier messages are looked at closely.
const LOOKED_AT: usize = 60;
/// A run that more messages have points at none of them; in addition a share of all of them.
const COMMON: usize = 150;
/// As likely must it be that a message belongs to a group.
const ENOUGH: f32 = 0.5;

/// All messages so far, and their groups.
#[derive(Debug, Default)]
pub struct Matters {
    rarity: Rarity,
    sketches: Vec<Sketch>,
    group_of: Vec<u32>,
    sizes: Vec<u32>,
    pointers: HashMap<u32, Vec<u32>>,
    points: Vec<f32>,
    touched: Vec<u32>,
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
        self.sizes.len()
    }

    /// The earlier messages that are likest to this one, the likeliest first, without placing it: for asking
    /// "is it one of these?" before somebody sends.
    pub fn like(&mut self, message: &Message) -> Vec<Candidate> {
        let sketch = Sketch::of(message);
        self.candidates(&sketch)
    }

    /// Lets the words of a message count for how rare words are, without placing it.
    pub fn acquaint(&mut self, message: &Message) {
        self.rarity.count(&Sketch::of(message));
    }

    /// Places a message with the group that it belongs to, or with a new one.
    pub fn place(&mut self, message: &Message) -> Placed {
        let sketch = Sketch::of(message);
        let candidates = self.candidates(&sketch);
        let mut by_group: HashMap<u32, Vec<&Candidate>> = HashMap::new();
        for c in &candidates {
            by_group.entry(c.group).or_default().push(c);
        }
        let best = by_group
            .into_iter()
            .map(|(group, members)| {
                // The mean of the three likest: one chance likeness does not open a large group.
                let counted = self.sizes[group as usize].min(3) as usize;
                let sum: f32 = members.iter().take(counted).map(|c| c.likelihood).sum();
                (sum / counted as f32, group)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let (likelihood, group, is_new) = match best {
            Some((likelihood, group)) if likelihood >= ENOUGH => (likelihood, group, false),
            other => {
                (1.0 - other.map_or(0.0, |o| o.0), u32::try_from(self.sizes.len()).unwrap_or(u32::MAX), true)
            }
        };
        let shared = if is_new {
            Vec::new()
        } else {
            let member = candidates.iter().find(|c| c.group == group);
            member.map_or_else(Vec::new, |c| sketch.shared(&self.sketches[c.message as usize]))
        };
        self.keep(sketch, group);
        Placed { group, is_new, likelihood, shared }
    }

    fn keep(&mut self, sketch: Sketch, group: u32) {
        let number = u32::try_from(self.sketches.len()).unwrap_or(u32::MAX);
        self.rarity.count(&sketch);
        for key in sketch.pointers() {
            self.pointers.entry(key).or_default().push(number);
        }
        if group as usize == self.sizes.len() {
            self.sizes.push(0);
        }
        self.sizes[group as usize] += 1;
        self.group_of.push(group);
        self.sketches.push(sketch);
        self.points.push(0.0);
    }

    fn candidates(&mut self, sketch: &Sketch) -> Vec<Candidate> {
        let most = COMMON + self.sketches.len() / 100;
        for key in sketch.pointers() {
            let Some(numbers) = self.pointers.get(&key) else { continue };
            if numbers.len() > most {
                continue;
            }
            let rare = self.rarity.of(key);
            for number in numbers {
                let points = &mut self.points[*number as usize];
                if *points == 0.0 {
                    self.touched.push(*number);
                }
                *points += rare * rare;
            }
        }
        let points = &self.points;
        let order = |a: &u32, b: &u32| points[*b as usize].total_cmp(&points[*a as usize]).then(a.cmp(b));
        if self.touched.len() > LOOKED_AT {
            self.touched.select_nth_unstable_by(LOOKED_AT, order);
        }
        let mut found: Vec<Candidate> = self
            .touched
            .iter()
            .take(LOOKED_AT)
            .map(|number| {
                let alike = pair::alike(sketch, &self.sketches[*number as usize], &self.rarity);
                Candidate {
                    message: *number,
                    group: self.group_of[*number as usize],
                    alike,
                    likelihood: likelihood(&alike),
                }
            })
            .collect();
        for number in self.touched.drain(..) {
            self.points[number as usize] = 0.0;
        }
        found.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood).then(a.message.cmp(&b.message)));
        found
    }
}
