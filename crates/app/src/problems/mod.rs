//! Problems: seeing them, opening them, and every step of their plans and whistles, in one transaction with
//! what it means for the cases.

mod act;
mod likely;
mod told;

pub use told::Told;

use crate::{App, AppError, Who};
use domain::access::{Action, Target, may, scope};
use domain::cases::Case;
use domain::problems::{Figure, Problem, ProblemState, Recorded, Room, figures, rooms};
use domain::proposing::Ranked;
use domain::{CaseNo, PlaceId, ProblemId, UnitId};
use std::collections::HashMap;
use store::Tx;
use store::problems::{Part, ProblemRow};

/// A problem on one page.
#[derive(Debug, Clone)]
pub struct ProblemPage {
    /// The problem.
    pub problem: Problem,
    /// All that happened, oldest first.
    pub events: Vec<Recorded>,
    /// The cases that belong to it.
    pub cases: Vec<Case>,
    /// Its figures, each with its events.
    pub figures: Vec<Figure>,
    /// How much room each open task has; none on the critical path.
    pub rooms: Vec<Room>,
    /// What this person may do.
    pub rights: PlanRights,
    /// Open cases that may have the same cause, most likely first, with the reason; while it is open.
    pub likely: Vec<(Case, String, String)>,
    /// Units that could lead it, with the reason for each; while nobody does.
    pub proposals: Vec<Ranked>,
    /// Earlier problems of its kind that were settled: a plan can be drafted from theirs.
    pub earlier: Vec<ProblemRow>,
}

/// What somebody may do with a problem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanRights {
    /// Plan it, settle it.
    pub plan: bool,
    /// Call units, accept what they did.
    pub whistle: bool,
    /// Rule on disputes.
    pub rule: bool,
    /// The units for which this person does a part.
    pub units: Vec<UnitId>,
}

impl App {
    fn plan_rights(who: &Who, problem: &Problem) -> PlanRights {
        let target = Target { path: problem.path, unit: None };
        let own = |unit: &UnitId| {
            who.grants.iter().any(|g| g.unit == Some(*unit))
                && may(&who.grants, Action::TakePart, &Target { path: problem.path, unit: Some(*unit) })
        };
        PlanRights {
            plan: may(&who.grants, Action::Plan, &target),
            whistle: may(&who.grants, Action::Whistle, &target),
            rule: may(&who.grants, Action::Rule, &target),
            units: problem.units().into_iter().filter(own).collect(),
        }
    }

    /// Whether a person may see a problem: it lies in their place, it joins a case that does, or a unit of
    /// theirs has a part in it.
    fn sees_problem(&self, who: &Who, problem: &Problem, cases: &[Case]) -> bool {
        let sees = |path, unit| may(&who.grants, Action::SeeProblem, &Target { path, unit });
        sees(problem.path, None)
            || problem.units().into_iter().any(|u| sees(problem.path, Some(u)))
            || cases.iter().any(|c| sees(c.path, None))
    }

    fn load_problem(
        &self,
        tx: &mut Tx<'_>,
        who: &Who,
        id: ProblemId,
    ) -> Result<(Problem, Vec<Recorded>, Vec<Case>), AppError> {
        let events = tx.problem_events(id)?;
        let problem = domain::problems::rebuild(id, &events).ok_or(AppError::NotFound)?;
        let cases = tx.cases_of_problem(id)?;
        if !self.sees_problem(who, &problem, &cases) {
            return Err(AppError::NotFound);
        }
        Ok((problem, events, cases))
    }

    /// A problem for its page.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for one that is not there and one that may not be seen.
    pub async fn problem_page(&self, who: &Who, id: ProblemId) -> Result<ProblemPage, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let (problem, events, cases) = app.load_problem(tx, &who, id)?;
                let rights = App::plan_rights(&who, &problem);
                let open = problem.state.is_open() && rights.plan;
                let likely = if open { app.likely_cases(tx, &problem, &cases)? } else { vec![] };
                let proposals = if open && problem.lead.is_none() {
                    app.ranked(tx, &problem.subject, &problem.path, app.now())?
                } else {
                    vec![]
                };
                let early = matches!(problem.state, ProblemState::Open | ProblemState::Planning);
                let earlier = if early && rights.plan { app.earlier(tx, &problem)? } else { vec![] };
                let figures = figures(&problem, &events);
                let rooms = rooms(&problem, app.now(), app.rules().as_ref());
                Ok(ProblemPage { problem, events, cases, figures, rooms, rights, likely, proposals, earlier })
            })
            .await
    }

    /// The problems that a person may see, open ones by what comes next.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] if they may see none at all.
    pub async fn problems(
        &self,
        who: &Who,
        state: Option<ProblemState>,
    ) -> Result<Vec<ProblemRow>, AppError> {
        let scope = scope(&who.grants, Action::SeeProblem);
        if scope.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let d = self.directory();
        self.store.read(move |tx| Ok(tx.problems(&scope, |p: PlaceId| d.depth(p), state)?)).await
    }

    /// What the units of a person have to do in open problems, with each problem's title: who is calling me,
    /// which tasks are mine, what was I asked for.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] if they work for no unit.
    pub async fn my_parts(&self, who: &Who) -> Result<Vec<(Part, String)>, AppError> {
        let scope = scope(&who.grants, Action::TakePart);
        if scope.units.is_empty() {
            return Err(AppError::NotAllowed);
        }
        self.store
            .read(move |tx| {
                let mut parts = vec![];
                for unit in &scope.units {
                    parts.extend(tx.parts_of_unit(*unit)?);
                }
                App::with_titles(tx, parts)
            })
            .await
    }

    /// The record of calls: those that the person's precincts made, and those that their units got.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] if they see no problem at all.
    pub async fn call_record(&self, who: &Who) -> Result<Vec<(Part, String)>, AppError> {
        let scope = scope(&who.grants, Action::SeeProblem);
        if scope.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let d = self.directory();
        self.store
            .read(move |tx| {
                let mut calls = tx.calls_made(&scope, |p: PlaceId| d.depth(p))?;
                for unit in &scope.units {
                    calls.extend(tx.calls_of_unit(*unit)?);
                }
                calls.sort_by_key(|c| (std::cmp::Reverse((c.begun_at, c.problem, c.part)), c.unit));
                calls.dedup();
                App::with_titles(tx, calls)
            })
            .await
    }

    fn with_titles(tx: &mut Tx<'_>, parts: Vec<Part>) -> Result<Vec<(Part, String)>, AppError> {
        let mut titles: HashMap<ProblemId, String> = HashMap::new();
        for part in &parts {
            if !titles.contains_key(&part.problem)
                && let Some((row, _)) = tx.problem_row(part.problem)?
            {
                titles.insert(part.problem, row.title);
            }
        }
        Ok(parts
            .into_iter()
            .map(|p| {
                let title = titles.get(&p.problem).cloned().unwrap_or_default();
                (p, title)
            })
            .collect())
    }

    /// Cases that could belong to one problem with a case, most likely first: what the form for a new problem
    /// proposes.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a case that may not be seen.
    pub async fn like_this_case(
        &self,
        who: &Who,
        no: CaseNo,
    ) -> Result<(Case, Vec<(Case, String, String)>), AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let target = |c: &Case| Target { path: c.path, unit: c.unit };
                let case = tx
                    .case(no)?
                    .filter(|c| may(&who.grants, Action::SeeCase, &target(c)))
                    .ok_or(AppError::NotFound)?;
                if !may(&who.grants, Action::Plan, &target(&case)) {
                    return Err(AppError::NotAllowed);
                }
                let likely = app.likely_to_join(tx, std::slice::from_ref(&case), &case.subject, case.path)?;
                Ok((case, likely))
            })
            .await
    }
}
