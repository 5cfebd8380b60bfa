//! Which step of a plan or a whistle tells whom.

use crate::App;
use domain::notices::{About, Addressee, Subject, What};
use domain::problems::{Problem, ProblemEvent, Recorded};
use domain::territory::Part;
use domain::{ProblemId, UnitId};
use store::{StoreError, Tx};

/// A problem, as notices name it.
pub(crate) fn subject(id: ProblemId) -> Subject {
    Subject { about: About::Problem, id: id.0 }
}

/// Steps of which everybody who spoke is told; those that end or begin the problem tell them through their cases.
fn is_news(event: &ProblemEvent) -> bool {
    use ProblemEvent as E;
    matches!(
        event,
        E::LeadChosen { .. }
            | E::TaskDone { .. }
            | E::Applied { .. }
            | E::Granted { .. }
            | E::GrantedInPart { .. }
            | E::Refused { .. }
            | E::DutySet { .. }
            | E::Approved { .. }
            | E::Whistled { .. }
            | E::Mustered { .. }
            | E::CallReported { .. }
    )
}

impl App {
    /// Tells whoever steps of a problem concern. `problem` is as it stands after the events.
    pub(crate) fn tell_of_plan(
        &self,
        tx: &mut Tx<'_>,
        problem: &Problem,
        events: &[Recorded],
    ) -> Result<(), StoreError> {
        use ProblemEvent as E;
        let about = subject(problem.id);
        let d = self.directory();
        let planner = d.part(&problem.path, Part::Dispatcher).or(problem.path.lowest()).map(Addressee::Place);
        let leader = d.part(&problem.path, Part::Leader).map(Addressee::Place);
        let unit = |u: UnitId| Some(Addressee::Unit(u));
        for Recorded { at, event, .. } in events {
            let told: Vec<(Option<Addressee>, What)> = match event {
                E::LeadChosen { unit: u, .. } => vec![(unit(*u), What::TaskGiven)],
                E::TaskSet { task, because: None } => vec![(unit(task.unit), What::TaskGiven)],
                E::TaskSet { task, because: Some(_) } => vec![(unit(task.unit), What::TaskMoved)],
                E::TaskReopened { task, .. } => {
                    vec![(problem.task(*task).and_then(|t| unit(t.unit)), What::TaskGiven)]
                }
                E::Applied { unit: u, .. } => vec![(unit(*u), What::ApplicationAsked)],
                E::AskedAgain { application, .. } => {
                    let asked = problem.application(*application).and_then(|a| unit(a.unit));
                    vec![(asked, What::ApplicationAsked)]
                }
                E::Granted { .. } | E::GrantedInPart { .. } | E::Refused { .. } => {
                    vec![(planner, What::ApplicationAnswered)]
                }
                E::DutySet { unit: u, .. } => vec![(unit(*u), What::TaskGiven)],
                E::Whistled { units, .. } => units.iter().map(|u| (unit(*u), What::Whistled)).collect(),
                E::CallRuled { unit: u, theirs: true, .. } | E::CallSentBack { unit: u, .. } => {
                    vec![(unit(*u), What::Whistled)]
                }
                E::CallTaken { .. }
                | E::CallDelayed { .. }
                | E::CallRuled { .. }
                | E::Mustered { .. }
                | E::CallReported { .. } => vec![(planner, What::WhistleAnswered)],
                // Whoever rules must hear of it as well.
                E::CallDisputed { .. } => {
                    vec![(planner, What::WhistleAnswered), (leader, What::WhistleAnswered)]
                }
                E::Climbed { to, .. } => {
                    to.iter().map(|s| (Some(Addressee::Staff(*s)), What::WhistleLate)).collect()
                }
                _ => vec![],
            };
            for (to, what) in told {
                if let Some(to) = to {
                    self.notify(tx, to, what, about, *at)?;
                }
            }
            if is_news(event) {
                for joined in &problem.cases {
                    let case = Subject::case(joined.case);
                    self.notify_residents(tx, joined.case, What::Progress, case, *at)?;
                }
            }
        }
        Ok(())
    }
}
