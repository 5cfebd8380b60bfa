//! The machine: jobs and the state of things, for the system administrator. No case, no person.

use super::Frame;
use crate::words::Lang;
use askama::Template;

/// `GET /console/system`. A job is tried again with `POST /console/system/jobs/{id}/retry`.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/system.html")]
pub struct SystemPage {
    /// What surrounds it.
    pub frame: Frame,
    /// The state of the machine.
    pub state: SystemState,
    /// Jobs, those in trouble first.
    pub jobs: Vec<JobRow>,
    /// The address of the page after.
    pub next: Option<String>,
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

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: i64,
    /// Its name in the program: `seal_day`.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When it is due, or was done.
    pub due: String,
    /// How often it was tried.
    pub tries: u32,
    /// What went wrong last; no personal data.
    pub error: String,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// In the queue.
    Waiting,
    /// Somebody is at it.
    Running,
    /// Done.
    Done,
    /// Failed, and will be tried again.
    Failed,
    /// Failed for good.
    Dead,
}

impl JobRow {
    fn told(&self, t: &Lang) -> &'static str {
        match self.status {
            JobStatus::Waiting => t.job_waiting(),
            JobStatus::Running => t.job_running(),
            JobStatus::Done => t.job_done(),
            JobStatus::Failed => t.job_failed(),
            JobStatus::Dead => t.job_dead(),
        }
    }

    fn dead(&self) -> bool {
        self.status == JobStatus::Dead
    }
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
