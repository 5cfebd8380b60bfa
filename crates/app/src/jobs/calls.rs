//! A called unit that does not answer or does not come: the call climbs one level at a time, to people who are
//! in post. A level where nobody is is passed over, and the record says so.

use crate::{App, AppError};
use domain::access::{Action, Role, Target, may};
use domain::problems::{Command, Ladder, Problem};
use domain::territory::Part;
use domain::{Context, ProblemId, StaffId, UnitId};
use store::{StoreError, Tx};

pub(super) const KIND: &str = "call";

pub(super) fn watch(tx: &mut Tx<'_>, problem: &Problem) -> Result<(), StoreError> {
    let next = problem.whistles.iter().flat_map(|w| &w.calls).filter_map(|c| c.due).min();
    match next {
        Some(at) => tx.add_job_once(KIND, problem.id.0, at),
        None => Ok(()),
    }
}

/// Safe to do twice: a call that climbed has a later time, and one that was answered has none.
pub(super) fn run(app: &App, tx: &mut Tx<'_>, id: ProblemId, ctx: &Context) -> Result<(), AppError> {
    let Some(problem) = tx.problem(id)? else { return Ok(()) };
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
    let Some(problem) = tx.problem(id)? else { return Ok(()) };
    let ahead = problem.whistles.iter().flat_map(|w| &w.calls).filter_map(|c| c.due).filter(|d| *d > ctx.now);
    if let Some(at) = ahead.min() {
        tx.add_job_once(KIND, id.0, at)?;
    }
    Ok(())
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
