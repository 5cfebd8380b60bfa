//! Which step of a plan or a whistle tells whom.

use crate::App;
use domain::notices::{About, Addressee, Subject, What};
use domain::problems::{Problem, ProblemEvent, ProblemState, Recorded, TaskState};
use domain::territory::Part;
use domain::{PlaceId, UnitId};
use std::collections::BTreeSet;
use store::{StoreError, Tx};

/// Whether residents who spoke are rung for it: something was done or decided. Joining a problem, its outcome and its
/// parking are steps of their own case, and told as such.
fn is_news(event: &ProblemEvent) -> bool {
    use ProblemEvent as E;
    matches!(
        event,
        E::Approved { .. }
            | E::TaskDone { .. }
            | E::Granted { .. }
            | E::GrantedInPart { .. }
            | E::Refused { .. }
            | E::CallReported { .. }
            | E::Reopened { .. }
            | E::TakenUp { .. }
    )
}

/// The units with something to do in a plan.
fn at_work(p: &Problem) -> BTreeSet<UnitId> {
    let tasks = p.tasks.iter().filter(|t| matches!(t.state, TaskState::Todo | TaskState::Begun));
    tasks.map(|t| t.unit).chain(p.duties.iter().map(|d| d.unit)).collect()
}

impl App {
    /// Tells whoever a step of a plan or a whistle concerns. `problem` is as it stands after the events.
    pub(crate) fn tell_of_plan(
        &self,
        tx: &mut Tx<'_>,
        problem: &Problem,
        events: &[Recorded],
    ) -> Result<(), StoreError> {
        let directory = self.directory();
        let planner = directory.part(&problem.path, Part::Dispatcher).or(problem.path.lowest());
        let leader = directory.part(&problem.path, Part::Leader);
        let subject = Subject { about: About::Problem, id: problem.id.0 };
        for Recorded { at, event, .. } in events {
            for (to, what, levels) in concerned(problem, event, planner, leader) {
                self.notify_climbed(tx, to, what, subject, *at, levels)?;
            }
            if is_news(event) {
                for joined in &problem.cases {
                    self.notify_residents(tx, joined.case, What::Progress, subject, *at)?;
                }
            }
        }
        Ok(())
    }
}

fn concerned(
    p: &Problem,
    event: &ProblemEvent,
    planner: Option<PlaceId>,
    leader: Option<PlaceId>,
) -> Vec<(Addressee, What, u8)> {
    use ProblemEvent as E;
    let unit = |unit: UnitId, what| vec![(Addressee::Unit(unit), what, 0)];
    let place = |place: Option<PlaceId>, what| {
        place.map(|place| (Addressee::Place(place), what, 0)).into_iter().collect::<Vec<_>>()
    };
    let applied_to = |id: u32| p.application(id).map(|a| a.unit);
    // What is only drafted is nobody's task yet.
    let runs = p.state == ProblemState::Running;
    match event {
        E::LeadChosen { unit: lead, .. } => unit(*lead, What::Lead),
        E::TaskSet { task, because: None } if runs => unit(task.unit, What::TaskGiven),
        E::TaskSet { task, because: Some(_) } if runs => unit(task.unit, What::TaskMoved),
        E::TaskReopened { task, .. } => {
            p.task(*task).map(|t| unit(t.unit, What::SentBack)).unwrap_or_default()
        }
        E::DutySet { unit: on, .. } if runs => unit(*on, What::TaskGiven),
        E::Approved { .. } => {
            at_work(p).into_iter().map(|u| (Addressee::Unit(u), What::TaskGiven, 0)).collect()
        }
        E::Applied { unit: asked, .. } => unit(*asked, What::ApplicationAsked),
        E::AskedAgain { application, .. } => {
            applied_to(*application).map(|u| unit(u, What::ApplicationAsked)).unwrap_or_default()
        }
        E::Granted { .. } | E::GrantedInPart { .. } | E::Refused { .. } => {
            place(planner, What::ApplicationAnswered)
        }
        E::Whistled { units, .. } => units.iter().map(|u| (Addressee::Unit(*u), What::Whistled, 0)).collect(),
        E::CallTaken { .. } | E::CallDelayed { .. } | E::Mustered { .. } | E::CallReported { .. } => {
            place(planner, What::WhistleAnswered)
        }
        E::CallDisputed { .. } => place(leader.or(planner), What::Disputed),
        E::CallRuled { unit: called, .. } => {
            let mut told = unit(*called, What::Ruled);
            told.extend(place(planner, What::Ruled));
            told
        }
        E::CallSentBack { unit: called, .. } => unit(*called, What::SentBack),
        E::Climbed { level, to, .. } => {
            let levels = u8::try_from(*level).unwrap_or(u8::MAX);
            to.iter().map(|s| (Addressee::Staff(*s), What::WhistleLate, levels)).collect()
        }
        _ => vec![],
    }
}
