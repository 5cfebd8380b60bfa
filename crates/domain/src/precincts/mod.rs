//! Drawing precincts: the ground that they are drawn on, what breaks a plan, and the life of a draft, from its first
//! move to the day on which it holds.
//!
//! A draft is a layout (which neighbourhood lies in which precinct) that people change step by step. [`decide`] answers a
//! command with events or a [`Refusal`], [`apply`] folds one event into the draft. Yesterday's cases keep yesterday's
//! precinct: an adopted draft changes what holds from its day on, and nothing before.

mod draft;
mod ground;
mod refusal;
#[cfg(test)]
mod tests;

pub use draft::{
    Adoption, Command, Draft, DraftEvent, DraftState, Fresh, MOST_NOTES, MOST_STEPS, Note, Recorded, Right,
    Step, apply, decide, open, rebuild,
};
pub use ground::{Bounds, Breach, Ground, Layout, Spot, breaches, headcounts, settle};
pub use refusal::Refusal;
