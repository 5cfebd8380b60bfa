//! The machine: jobs and the state of things, for the system administrator. No case, no person.

use super::Frame;
use askama::Template;

/// `GET /console/system`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/system.html")]
pub struct SystemPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The state of the machine.
    pub state: SystemState,
    /// What waits, by kind.
    pub waiting: Vec<WaitingRow>,
    /// Jobs that failed and come again.
    pub failing: Vec<JobRow>,
    /// What was done today: (kind, how often).
    pub done_today: Vec<(String, u32)>,
    /// The newest tries of letters.
    pub tries: Vec<TryRow>,
    /// The newest daily seals.
    pub seals: Vec<SealRow>,
}

/// The state of the machine, each in words ready to read; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemState {
    /// The program's version.
    pub version: String,
    /// Which store, and how large: "SQLite, 214 MB".
    pub store: String,
    /// How many cases and events.
    pub rows: String,
    /// When the last day was sealed.
    pub sealed: String,
    /// Since when it runs.
    pub since: String,
}

/// What waits of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaitingRow {
    /// Its name in the program: `remind`.
    pub kind: String,
    /// How many wait.
    pub waiting: u32,
    /// How many of them failed at least once.
    pub failing: u32,
    /// When the first is due, as people say it.
    pub first: String,
}

/// A job that failed and comes again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobRow {
    /// Its name in the program.
    pub kind: String,
    /// About what: a case number, a day.
    pub about: String,
    /// When it is tried again, as people say it.
    pub due: String,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last; no personal data.
    pub error: String,
}

/// One try to deliver a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TryRow {
    /// When.
    pub when: String,
    /// Through which channel, and whether to a resident or to staff.
    pub channel: String,
    /// The letter's number, and how many notices it holds.
    pub letter: String,
    /// How it went.
    pub outcome: String,
    /// Why it did not arrive; no address, no text.
    pub error: String,
}

/// The seal of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealRow {
    /// The day.
    pub day: String,
    /// How many events lie under it.
    pub events: u32,
    /// Its root, as hex.
    pub root: String,
}

impl SystemPage {
    fn facts(&self) -> Vec<(&'static str, &str)> {
        let t = self.frame.lang;
        [
            (t.fact_version(), &self.state.version),
            (t.fact_store(), &self.state.store),
            (t.fact_rows(), &self.state.rows),
            (t.fact_sealed(), &self.state.sealed),
            (t.fact_since(), &self.state.since),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, value.as_str()))
        .collect()
    }
}
