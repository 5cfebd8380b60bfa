//! A watch: the prospective space-time permutation scan, kept from day to day.
//!
//! Cases come in, days pass, and at each look the question is whether some circle has had more cases over the last 1, 2,
//! … days than its own past explains (Kulldorff and others 2005, prospective as in Kulldorff 2001). What is expected
//! of a window is the cases of the circle over the whole study, times the share of all cases that fell into the span.
//!
//! Made for repeating: the circles are laid once ([`Ground`]), their sums over the study are kept up to date, and only
//! cases of the last days are walked. A drawn data set costs as much as its recent cases lie in circles; a
//! window is scored only where a bound on its count does not rule it out; and a quiet day ends its draws early.
//!
//! ```
//! use scanstat::watch::{Draws, Ground, Limits, Watch};
//! use std::sync::Arc;
//!
//! let places: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i % 10) * 200.0, f64::from(i / 10) * 200.0)).collect();
//! let ground = Arc::new(Ground::new(&places, 1000.0).unwrap());
//! let mut watch = Watch::new(ground, Limits::default()).unwrap();
//! watch.advance(364);
//! for day in 0..365 {
//!     watch.add(day, (day as u32 * 37) % 100).unwrap();
//! }
//! for day in [361, 362, 362, 363, 364] {
//!     watch.add(day, 55).unwrap();
//! }
//! let look = watch.look(&Draws::default());
//! assert_eq!(look.clusters[0].observed, 5);
//! assert!(look.clusters[0].recurrence_days > 1000.0);
//! ```

mod bound;
mod draw;
mod ground;

use crate::ScanError;
use bound::llr;
pub use draw::{Draws, Hotspot, Look};
pub use ground::Ground;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a watch looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many days the study has; older cases are forgotten.
    pub study_days: u16,
    /// The longest span of a window, in days.
    pub max_days: u16,
    /// Fewer cases than this are no cluster; at least 2.
    pub least_cases: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { study_days: 365, max_days: 28, least_cases: 3 }
    }
}

/// The cases of one subject over the days of the study, ready to be looked at. Days are numbered by the caller from any day.
#[derive(Debug, Clone)]
pub struct Watch {
    ground: Arc<Ground>,
    limits: Limits,
    end: i32,
    days: BTreeMap<i32, Vec<u32>>,
    cases: u32,
    /// Cases of the study by circle.
    sums: Vec<f32>,
}

/// A look's recent cases, newest day first, and for each span how many of them and what share of all.
struct Recent {
    places: Vec<u32>,
    spans: Vec<(usize, f64)>,
}

impl Watch {
    /// An empty watch whose study ends at day 0.
    ///
    /// # Errors
    /// Limits that leave nothing to compare: a longest span that is 0 or not shorter than the study, fewer than 2 cases.
    pub fn new(ground: Arc<Ground>, limits: Limits) -> Result<Watch, ScanError> {
        if limits.max_days == 0 || limits.max_days >= limits.study_days {
            let Limits { max_days, study_days, .. } = limits;
            let why = format!(
                "the longest span is {max_days} days; it must be 1 or more and under the study's {study_days}"
            );
            return Err(ScanError::Parameter(why));
        }
        if limits.least_cases < 2 {
            return Err(ScanError::Parameter("a cluster needs at least 2 cases".to_owned()));
        }
        let sums = vec![0.0; ground.circles()];
        Ok(Watch { ground, limits, end: 0, days: BTreeMap::new(), cases: 0, sums })
    }

    /// The study's last day.
    pub fn end(&self) -> i32 {
        self.end
    }

    /// How many cases the study holds.
    pub fn cases(&self) -> u32 {
        self.cases
    }

    fn begin(&self) -> i32 {
        self.end.saturating_sub(i32::from(self.limits.study_days) - 1)
    }

    /// Moves the end of the study to `day` and forgets what is older than the study. Moving back forgets what came later.
    pub fn advance(&mut self, day: i32) {
        self.end = day;
        let begin = self.begin();
        let mut kept = self.days.split_off(&begin);
        let later = day.checked_add(1).map(|next| kept.split_off(&next)).unwrap_or_default();
        let gone = std::mem::replace(&mut self.days, kept);
        for place in gone.into_values().chain(later.into_values()).flatten() {
            self.count(place, -1.0);
            self.cases -= 1;
        }
    }

    fn count(&mut self, place: u32, by: f32) {
        for disc in self.ground.over(place) {
            self.sums[*disc as usize] += by;
        }
    }

    /// Takes in one case at a place (its index in the ground) on a day.
    ///
    /// # Errors
    /// A place that the ground does not have, a day outside the study.
    pub fn add(&mut self, day: i32, place: u32) -> Result<(), ScanError> {
        if place as usize >= self.ground.places() {
            let why = format!("place {place} is not among the ground's {}", self.ground.places());
            return Err(ScanError::Parameter(why));
        }
        if day < self.begin() || day > self.end {
            let why = format!("day {day} lies outside the study, days {} to {}", self.begin(), self.end);
            return Err(ScanError::Parameter(why));
        }
        self.days.entry(day).or_default().push(place);
        self.count(place, 1.0);
        self.cases += 1;
        Ok(())
    }

    /// Takes out one case that was added: withdrawn, or moved to another subject. Says whether it was there.
    pub fn remove(&mut self, day: i32, place: u32) -> bool {
        let Some(of_day) = self.days.get_mut(&day) else { return false };
        let Some(at) = of_day.iter().position(|p| *p == place) else { return false };
        of_day.remove(at);
        self.count(place, -1.0);
        self.cases -= 1;
        true
    }

    fn recent(&self) -> Recent {
        let (mut places, mut spans) = (Vec::new(), Vec::new());
        for age in 0..i32::from(self.limits.max_days) {
            if let Some(of_day) = self.days.get(&self.end.saturating_sub(age)) {
                places.extend_from_slice(of_day);
            }
            #[expect(clippy::cast_precision_loss, reason = "a count of cases")]
            spans.push((places.len(), places.len() as f64 / f64::from(self.cases.max(1))));
        }
        Recent { places, spans }
    }
}

#[cfg(test)]
mod tests;
