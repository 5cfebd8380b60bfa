//! What is late in a plan. A task: its unit is told. A called unit that does not answer or does not come: the call
//! climbs one level at a time, to people who are in post; a level where nobody is is passed over, and the record
//! says so.

use crate::{App, AppError};
use domain::access::{Action, Role, Target, may};
use domain::notices::{About, Addressee, Subject, What};
use domain::problems::{ApplicationState, Command, Ladder, Problem};
use domain::territory::Part;
use domain::{Context, ProblemId, StaffId, UnitId};
use jiff::Timestamp;
use store::{StoreError, Tx};

pub(super) const KIND: &str = "plan";

fn subject(id: ProblemId) -> Subject {
    Subject { about: About::Problem, id: id.0 }
}

/// When something promised becomes late, after a moment: the earliest of it.
fn next(problem: &Problem, after: Timestamp) -> Option<Timestamp> {
    if !problem.state.is_open() {
        return None;
    }
    let tasks = problem.tasks.iter().filter(|t| !t.state.is_final()).map(|t| t.due);
    let asked = problem.applications.iter().filter(|a| a.state == ApplicationState::Asked).map(|a| a.due);
    let calls = problem.whistles.iter().flat_map(|w| w.calls.iter().filter_map(|c| c.due));
    tasks.chain(asked).chain(calls).filter(|at| *at > after).min()
}

pub(super) fn watch(tx: &mut Tx<'_>, problem: &Problem, now: Timestamp) -> Result<(), StoreError> {
    match next(problem, now) {
        Some(at) => tx.add_job_once(KIND, problem.id.0, at),
        None => Ok(()),
    }
}

/// Safe to do twice: a call that climbed has a later time, one that was answered has none, and what was told once
/// is not told again.
pub(super) fn run(app: &App, tx: &mut Tx<'_>, id: ProblemId, ctx: &Context) -> Result<(), AppError> {
    let Some(problem) = tx.problem(id)? else { return Ok(()) };
    if !problem.state.is_open() {
        return Ok(());
    }
    for task in problem.tasks.iter().filter(|t| !t.state.is_final() && t.due <= ctx.now) {
        app.notify(tx, Addressee::Unit(task.unit), What::TaskLate, subject(id), task.due)?;
    }
    for asked in
        problem.applications.iter().filter(|a| a.state == ApplicationState::Asked && a.due <= ctx.now)
    {
        app.notify(tx, Addressee::Unit(asked.unit), What::Overdue, subject(id), asked.due)?;
    }
    let late: Vec<(u32, UnitId, u32)> = problem
        .whistles
        .iter()
        .flat_map(|w| w.calls.iter().map(|c| (w.id, c)))
        .filter(|(_, c)| c.due.is_some_and(|due| due <= ctx.now))
        .map(|(whistle, c)| (whistle, c.unit, c.climbed))
        .collect();
    for (whistle, unit, climbed) in late {
        let ladder = app.ladder(&problem, unit);
        // At the top there is nobody left to tell; the list of what is late still shows it.
        if ladder.next(climbed).is_some() {
            app.carry_plan(tx, id, Command::Climb { whistle, unit, ladder }, ctx)?;
        }
    }
    match tx.problem(id)? {
        Some(problem) => Ok(watch(tx, &problem, ctx.now)?),
        None => Ok(()),
    }
}

impl App {
    /// Whom an overdue call of a unit climbs to: all who work for the unit; then who leads the sub-district
    /// where the problem lies; then the district's office.
    pub(crate) fn ladder(&self, problem: &Problem, unit: UnitId) -> Ladder {
        let d = self.directory();
        let staff = d.people();
        let of = |fits: &dyn Fn(StaffId) -> bool| -> Vec<StaffId> {
            staff.iter().copied().filter(|id| fits(*id)).collect()
        };
        let own = Target { path: problem.path, unit: Some(unit) };
        let leads = d.part(&problem.path, Part::Leader);
        let has = |id: StaffId, role: Role| {
            d.grants(id).iter().any(|g| g.role == role && (g.place.is_none() || g.place == leads))
        };
        Ladder(vec![
            of(&|id| {
                d.grants(id).iter().any(|g| g.unit == Some(unit)) && may(d.grants(id), Action::TakePart, &own)
            }),
            of(&|id| has(id, Role::SubdistrictLeader)),
            of(&|id| has(id, Role::DistrictOffice)),
        ])
    }
}
