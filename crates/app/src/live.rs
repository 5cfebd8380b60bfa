//! Telling open pages what changed.

use crate::App;
use domain::CaseNo;
use tokio::sync::broadcast;

/// How many changes a slow listener may fall behind before it is told to look again at everything.
pub(crate) const BEHIND: usize = 256;

impl App {
    /// Tells every open page that a case changed. Nobody listening is fine.
    pub(crate) fn tell(&self, no: CaseNo) {
        let _ = self.changes.send(no);
    }

    /// Numbers of cases as they change. What may be seen is asked again by whoever listens.
    pub fn changes(&self) -> broadcast::Receiver<CaseNo> {
        self.changes.subscribe()
    }
}
