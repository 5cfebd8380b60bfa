//! What is done about a warning before it is answered: a committee is asked, a visit is planned.

use crate::{State, Warning};
use domain::{PlaceId, StaffId};
use jiff::ToSpan;
use jiff::civil::Date;

/// What sort of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum StepKind {
    /// A committee is asked how things stand with them.
    Ask,
    /// Somebody goes and looks.
    Visit,
}

/// A step, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// What sort.
    pub kind: StepKind,
    /// The neighbourhood that is asked, or gone to.
    pub neighbourhood: PlaceId,
    /// The question; of a visit who goes.
    pub words: String,
    /// By when an answer is hoped for; of a visit its day.
    pub due: Date,
    /// Who took the step.
    pub by: StaffId,
    /// What was answered, or seen.
    #[serde(default)]
    pub said: Option<Said>,
}

/// What was answered, or seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Said {
    /// The day.
    pub on: Date,
    /// By whom.
    pub by: StaffId,
    /// In their words.
    pub words: String,
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepError {
    /// The warning was answered or has lapsed.
    Over,
    /// The same is waited for there already: nobody is asked twice.
    Waits,
    /// The day has passed, or lies further off than [`FURTHEST`].
    Day,
    /// [`MOST_STEPS`] were taken: this wants a problem.
    Many,
    /// There is no such step, or it was answered.
    Nothing,
}

/// A step lies so many days ahead at most.
pub const FURTHEST: i32 = 60;
/// So many steps for one warning: each is somebody's time.
pub const MOST_STEPS: usize = 12;

impl Warning {
    /// Takes a step.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn with_step(mut self, step: Step, today: Date) -> Result<Warning, StepError> {
        if !matches!(self.state, State::Open | State::Watching { .. }) {
            return Err(StepError::Over);
        }
        if step.due < today || step.due > today.saturating_add(FURTHEST.days()) {
            return Err(StepError::Day);
        }
        let same = |s: &Step| s.kind == step.kind && s.neighbourhood == step.neighbourhood;
        if self.steps.iter().any(|s| same(s) && s.said.is_none()) {
            return Err(StepError::Waits);
        }
        if self.steps.len() >= MOST_STEPS {
            return Err(StepError::Many);
        }
        self.steps.push(step);
        Ok(self)
    }

    /// Keeps what was answered to a step, or seen. The warning stays as it stands: what follows from it is for those to say
    /// who look after the precinct.
    ///
    /// # Errors
    /// [`StepError::Nothing`].
    pub fn with_said(mut self, index: usize, said: Said) -> Result<Warning, StepError> {
        let step = self.steps.get_mut(index).filter(|s| s.said.is_none()).ok_or(StepError::Nothing)?;
        step.said = Some(said);
        Ok(self)
    }

    /// Waits and watches: silent until a day, or until half as many cases again have come.
    #[must_use]
    pub fn watched(mut self, until: Date) -> Warning {
        self.state = State::Watching { until, strength: self.strength() };
        self
    }

    /// The steps that nobody has answered yet, with their places in the list; none once it led to nothing or lapsed.
    pub fn waiting_steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        let over = matches!(self.state, State::Nothing | State::Lapsed);
        self.steps.iter().enumerate().filter(move |(_, s)| s.said.is_none() && !over)
    }
}
