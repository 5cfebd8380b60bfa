//! Which step of a case tells whom.

use crate::App;
use domain::cases::{Case, CaseEvent, Recorded, Urgency};
use domain::notices::{Addressee, Subject, What};
use domain::territory::Part;
use store::{StoreError, Tx};

/// What the residents of a case are told of a step; nothing of what they did themselves.
fn for_residents(event: &CaseEvent) -> Option<What> {
    Some(match event {
        CaseEvent::Dispatched { .. } => What::HandedOn,
        CaseEvent::Answered { .. } | CaseEvent::Settled { .. } => What::Answered,
        CaseEvent::Extended { .. } => What::MoreTime,
        CaseEvent::MergedInto { .. } | CaseEvent::JoinedProblem { .. } => What::Joined,
        CaseEvent::LeftProblem { .. } => What::Progress,
        CaseEvent::Parked { .. } => What::Parked,
        CaseEvent::Unparked { .. } => What::TakenUp,
        CaseEvent::Redirected { .. } => What::SentOn,
        _ => return None,
    })
}

impl App {
    /// Tells whoever a step of a case concerns. `case` is as it stands after the events.
    pub(crate) fn tell_of_steps(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        events: &[Recorded],
    ) -> Result<(), StoreError> {
        let subject = Subject::case(case.no);
        let dispatcher = self.directory().part(&case.path, Part::Dispatcher).map(Addressee::Place);
        for Recorded { at, event, .. } in events {
            let told = match event {
                CaseEvent::Reported { urgency: Urgency::Danger, .. } => dispatcher.map(|d| (d, What::Danger)),
                CaseEvent::Reported { urgency: Urgency::Utility, .. } => {
                    dispatcher.map(|d| (d, What::Utility))
                }
                CaseEvent::Reported { urgency: Urgency::Perhaps, .. } => dispatcher.map(|d| (d, What::Look)),
                CaseEvent::Dispatched { unit, .. } => Some((Addressee::Unit(*unit), What::Given)),
                CaseEvent::Returned { .. } => dispatcher.map(|d| (d, What::CameBack)),
                CaseEvent::Referred { .. } => dispatcher.map(|d| (d, What::Referred)),
                CaseEvent::GivenBack { unit, .. } => Some((Addressee::Unit(*unit), What::GivenBack)),
                CaseEvent::NotSolved { .. } => {
                    case.unit.map(Addressee::Unit).or(dispatcher).map(|to| (to, What::NotSolved))
                }
                _ => None,
            };
            if let Some((to, what)) = told {
                self.notify(tx, to, what, subject, *at)?;
            }
            if let Some(what) = for_residents(event) {
                self.notify_residents(tx, case.no, what, subject, *at)?;
            }
        }
        Ok(())
    }
}
