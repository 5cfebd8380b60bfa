//! What is known of the past, as sums.

use super::{Class, Hours, Learnt, Lesson, weight};
use crate::territory::Path;
use crate::{PlaceId, UnitId};
use std::collections::HashMap;

/// Where choices are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// In the whole district.
    District,
    /// In the whole district, of what came in at such hours.
    Hours(Hours),
    /// In a place.
    Place(PlaceId),
}

impl Scope {
    /// The scopes that something at a place is counted in, widest first.
    pub fn of(path: &Path, hours: Hours) -> impl Iterator<Item = Scope> {
        [Scope::District, Scope::Hours(hours)]
            .into_iter()
            .chain(path.0.into_iter().flatten().map(Scope::Place))
    }
}

/// How often units of a class were chosen in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Choices {
    /// How often.
    pub chosen: i64,
    /// The same, fading: a sum of [`weight`]s.
    pub weight: i64,
    /// The weight of those that did not stay.
    pub returned: i64,
}

/// What came of a subject with one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// How often it was chosen.
    pub chosen: i64,
    /// The same, fading.
    pub weight: i64,
    /// How often that did not stay.
    pub returned: i64,
    /// The same, fading.
    pub returned_weight: i64,
    /// How many answers have a time.
    pub timed: i64,
    /// Their minutes together.
    pub minutes: i64,
    /// How often it was settled.
    pub settled: i64,
    /// The same, fading.
    pub settled_weight: i64,
    /// How often a resident said "not solved".
    pub unsettled: i64,
    /// The same, fading.
    pub unsettled_weight: i64,
}

/// All that is known of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Choices by scope and class.
    pub choices: HashMap<(Scope, Class), Choices>,
    /// Outcomes by unit.
    pub outcomes: HashMap<UnitId, Outcomes>,
}

impl History {
    /// Adds one thing. The order does not matter.
    pub fn add(&mut self, learnt: &Learnt) {
        let Learnt { class, path, hours, unit, lesson, .. } = learnt;
        self.add_weighed(*class, path, *hours, *unit, *lesson, weight(learnt.at));
    }

    /// [`History::add`] for what was weighed before.
    pub fn add_weighed(
        &mut self,
        class: Option<Class>,
        path: &Path,
        hours: Hours,
        unit: UnitId,
        lesson: Lesson,
        w: i64,
    ) {
        if let Some(class) = class
            && matches!(lesson, Lesson::Chosen | Lesson::Returned)
        {
            for scope in Scope::of(path, hours) {
                let c = self.choices.entry((scope, class)).or_default();
                if lesson == Lesson::Chosen {
                    c.chosen += 1;
                    c.weight += w;
                } else {
                    c.returned += w;
                }
            }
        }
        self.outcomes.entry(unit).or_default().add(lesson, w);
    }
}

impl Outcomes {
    /// One more of a unit's outcomes, weighing so much.
    pub fn add(&mut self, lesson: Lesson, w: i64) {
        match lesson {
            Lesson::Chosen => {
                self.chosen += 1;
                self.weight += w;
            }
            Lesson::Returned => {
                self.returned += 1;
                self.returned_weight += w;
            }
            Lesson::Answered(minutes) => {
                self.timed += i64::from(minutes.is_some());
                self.minutes += minutes.unwrap_or(0);
            }
            Lesson::Settled => {
                self.settled += 1;
                self.settled_weight += w;
            }
            Lesson::Unsettled => {
                self.unsettled += 1;
                self.unsettled_weight += w;
            }
        }
    }
}
