//! Every step of a plan or a whistle: authorise, decide, keep, and do with the cases what follows from it.

use crate::error::Invalid;
use crate::{App, AppError, Who, jobs};
use domain::access::{Action, Target, may};
use domain::cases::{self, Case, State};
use domain::problems::{self, Command, NewTask, Opening, Problem, ProblemEvent, Refusal, Rota};
use domain::territory::Path;
use domain::{Actor, CaseNo, Context, ProblemId, UnitId};
use store::Tx;
use store::problems::HeldProblem;

/// Who may take a step.
enum Needs {
    /// Whoever plans for the place.
    Plan,
    /// Whoever blows the whistle for the place.
    Whistle,
    /// The unit itself.
    Unit(UnitId),
    /// The unit itself, or whoever plans: what an outside unit decided on paper is written down by either.
    UnitOrPlan(UnitId),
    /// Whoever rules on disputes, and did not blow this whistle.
    Rule(u32),
    /// Whoever may see it.
    See,
}

fn needs(p: &Problem, command: &Command) -> Result<Needs, AppError> {
    use Command as C;
    let gone = || AppError::PlanRefused(Refusal::NoSuchPart);
    let task = |id: u32| p.task(id).map(|t| Needs::UnitOrPlan(t.unit)).ok_or_else(gone);
    let application = |id: u32| p.application(id).map(|a| Needs::UnitOrPlan(a.unit)).ok_or_else(gone);
    Ok(match command {
        C::BeginTask { task: id, .. } | C::FinishTask { task: id, .. } => task(*id)?,
        C::Grant { application: id, .. }
        | C::GrantInPart { application: id, .. }
        | C::Refuse { application: id, .. } => application(*id)?,
        C::AttendDuty { duty, .. } => p.duty(*duty).map(|d| Needs::UnitOrPlan(d.unit)).ok_or_else(gone)?,
        C::Whistle { .. } | C::AcceptCall { .. } | C::SendBackCall { .. } | C::CallOff { .. } => {
            Needs::Whistle
        }
        C::TakeCall { unit, .. }
        | C::DelayCall { unit, .. }
        | C::DisputeCall { unit, .. }
        | C::Muster { unit, .. }
        | C::ReportCall { unit, .. } => Needs::Unit(*unit),
        C::RuleCall { whistle, .. } => Needs::Rule(*whistle),
        C::Note { .. } => Needs::See,
        // The clock alone.
        C::Climb { .. } => return Err(AppError::NotAllowed),
        _ => Needs::Plan,
    })
}

impl App {
    /// Opens a problem with the cases that have one cause. It lies in the smallest place that holds them all.
    ///
    /// # Errors
    /// Without a case, a title or a cause; when a case is not within reach or cannot join; when the cases lie
    /// in no place that the person plans for.
    pub async fn open_problem(
        &self,
        who: &Who,
        title: String,
        cause: String,
        numbers: Vec<CaseNo>,
        why: String,
    ) -> Result<ProblemId, AppError> {
        if numbers.is_empty() {
            return Err(Invalid::field("cases", "请至少选择一件诉求。", "Choose at least one case."));
        }
        let (app, who) = (self.clone(), who.clone());
        let (id, touched) = self
            .store
            .write(move |tx| {
                let ctx = app.context(who.actor(None));
                app.open_with(tx, &who, (title, cause, why), numbers, &ctx)
            })
            .await?;
        for no in touched {
            self.tell(no);
        }
        Ok(id)
    }

    pub(crate) fn open_with(
        &self,
        tx: &mut Tx<'_>,
        who: &Who,
        (title, cause, why): (String, String, String),
        mut numbers: Vec<CaseNo>,
        ctx: &Context,
    ) -> Result<(ProblemId, Vec<CaseNo>), AppError> {
        numbers.sort_unstable();
        numbers.dedup();
        let mut found: Vec<Case> = vec![];
        for no in &numbers {
            found.push(self.joinable(tx, who, *no)?);
        }
        let path = common(&found);
        if !may(&who.grants, Action::Plan, &Target { path, unit: None }) {
            return Err(Invalid::field(
                "cases",
                "这些诉求不在同一个您负责的片区里，请由街镇立项或分开办理。",
                "These cases do not lie in one place that you plan for; let the sub-district open it, or divide them.",
            ));
        }
        let subject = found.first().map(|c| c.subject.clone()).unwrap_or_default();
        let id = tx.new_problem()?;
        let opening = Opening {
            path,
            title: crate::reading::mask(&title),
            cause: crate::reading::mask(&cause),
            subject,
            due: None,
        };
        let (problem, first) = problems::open(id, opening, ctx, self.rules().as_ref())?;
        let mut held = tx.begin_problem(problem, &first)?;
        for case in &found {
            let command = Command::Join { case: case.no, voices: case.voices, why: why.clone() };
            held = self.decide_plan(tx, held, command, ctx)?;
        }
        let due = held.problem.due;
        for case in &found {
            self.carry_out(tx, case.no, cases::Command::JoinProblem { problem: id, due }, ctx)?;
        }
        self.led_to_problem(tx, &found, ctx)?;
        Ok((id, numbers))
    }

    /// A case that a person may take into a problem.
    pub(crate) fn joinable(&self, tx: &mut Tx<'_>, who: &Who, no: CaseNo) -> Result<Case, AppError> {
        let not_here = || {
            Invalid::field(
                "case",
                format!("没有{}号，或者不在您的范围内。", no.spoken()),
                format!("There is no case {}, or it is not within your reach.", no.spoken()),
            )
        };
        let seen = |c: &Case| may(&who.grants, Action::Dispatch, &Target { path: c.path, unit: c.unit });
        let case = tx.case(no)?.filter(seen).ok_or_else(not_here)?;
        if !case.may_join() {
            return Err(cases::Refusal::NotNow(case.state).into());
        }
        Ok(case)
    }

    /// Does one step of a plan or a whistle.
    ///
    /// # Errors
    /// When the problem may not be seen, the step is not the person's to take, or the rules refuse it; nothing
    /// has changed then.
    pub async fn plan(&self, who: &Who, id: ProblemId, command: Command) -> Result<(), AppError> {
        let (app, who) = (self.clone(), who.clone());
        let touched = self.store.write(move |tx| app.plan_in(tx, &who, id, command)).await?;
        for no in touched {
            self.tell(no);
        }
        Ok(())
    }

    pub(crate) fn plan_in(
        &self,
        tx: &mut Tx<'_>,
        who: &Who,
        id: ProblemId,
        command: Command,
    ) -> Result<Vec<CaseNo>, AppError> {
        let (problem, events, _) = self.load_problem(tx, who, id)?;
        let rights = App::plan_rights(who, &problem);
        let (allowed, unit) = match needs(&problem, &command)? {
            Needs::Plan => (rights.plan, None),
            Needs::Whistle => (rights.whistle, None),
            Needs::Unit(unit) => (rights.units.contains(&unit), Some(unit)),
            Needs::UnitOrPlan(unit) => (rights.plan || rights.units.contains(&unit), Some(unit)),
            Needs::Rule(whistle) => {
                let own = events.iter().any(|e| {
                    matches!(&e.event, ProblemEvent::Whistled { whistle: w, .. } if *w == whistle)
                        && matches!(e.actor, Actor::Staff { id, .. } if id == who.staff)
                });
                if rights.rule && own {
                    return Err(Refusal::OwnDispute.into());
                }
                (rights.rule, None)
            }
            Needs::See => (true, None),
        };
        if !allowed {
            return Err(AppError::NotAllowed);
        }
        self.units_exist(&command)?;
        let ctx = self.context(who.actor(unit));
        let command = self.filled(tx, who, &problem, command)?;
        self.carry_plan(tx, id, command, &ctx)
    }

    /// What the rules must be told that the page did not say.
    fn filled(
        &self,
        tx: &mut Tx<'_>,
        who: &Who,
        problem: &Problem,
        command: Command,
    ) -> Result<Command, AppError> {
        Ok(match command {
            Command::Join { case, why, .. } => {
                let found = self.joinable(tx, who, case)?;
                Command::Join { case, voices: found.voices, why }
            }
            Command::ChooseLead { unit, why, .. } => {
                let off_list = self.directory().is_off_list(unit, &problem.subject);
                Command::ChooseLead { unit, off_list, why }
            }
            Command::Close { note, .. } => {
                let open = tx.cases_of_problem(problem.id)?.iter().filter(|c| c.state.is_open()).count();
                Command::Close { unsettled: u32::try_from(open).unwrap_or(u32::MAX), note }
            }
            Command::DraftFrom { problem: from, .. } => {
                let earlier = tx.problem(from)?.ok_or_else(|| {
                    Invalid::field("problem", "没有这个难题。", "There is no such problem.")
                })?;
                let (tasks, duties) = draft_of(&earlier, self.now(), self.rules().as_ref());
                Command::DraftFrom { problem: from, tasks, duties }
            }
            other => other,
        })
    }

    /// Every unit that a command names must be one of ours.
    fn units_exist(&self, command: &Command) -> Result<(), AppError> {
        let d = self.directory();
        let named: Vec<UnitId> = match command {
            Command::ChooseLead { unit, .. }
            | Command::Apply { unit, .. }
            | Command::SetDuty { unit, .. } => vec![*unit],
            Command::AddTask(t) | Command::ChangeTask { to: t, .. } => vec![t.unit],
            Command::AddResource { unit, .. } => unit.iter().copied().collect(),
            Command::Whistle { units, .. } => units.clone(),
            _ => vec![],
        };
        match named.iter().find(|u| d.unit(**u).is_none()) {
            Some(_) => Err(Invalid::field("unit", "请选择单位。", "Please choose a unit.")),
            None => Ok(()),
        }
    }

    fn decide_plan(
        &self,
        tx: &mut Tx<'_>,
        held: HeldProblem,
        command: Command,
        ctx: &Context,
    ) -> Result<HeldProblem, AppError> {
        let events = problems::decide(&held.problem, command, ctx, self.rules().as_ref())?;
        let held = tx.keep_problem(held, &events)?;
        self.tell_of_plan(tx, &held.problem, &events)?;
        Ok(held)
    }

    /// Decides and keeps one step, and does with the cases what follows from it. Returns the cases touched.
    pub(crate) fn carry_plan(
        &self,
        tx: &mut Tx<'_>,
        id: ProblemId,
        command: Command,
        ctx: &Context,
    ) -> Result<Vec<CaseNo>, AppError> {
        use cases::Command as OnCase;
        let held = tx.hold_problem(id)?.ok_or(AppError::NotFound)?;
        let before = held.problem.clone();
        let events = problems::decide(&before, command, ctx, self.rules().as_ref())?;
        let held = tx.keep_problem(held, &events)?;
        let after = &held.problem;
        self.keep_learnt(tx, &self.learnt_lead(&before, &events))?;
        jobs::watch_plan(tx, after, ctx.now)?;
        self.tell_of_plan(tx, after, &events)?;
        let mut touched = vec![];
        for e in &events {
            let (numbers, command): (Vec<CaseNo>, Box<dyn Fn() -> OnCase>) = match &e.event {
                ProblemEvent::CaseJoined { case, .. } => {
                    let due = after.due;
                    (vec![*case], Box::new(move || OnCase::JoinProblem { problem: id, due }))
                }
                ProblemEvent::CaseLeft { case, .. } => {
                    (vec![*case], Box::new(move || OnCase::LeaveProblem { problem: id }))
                }
                ProblemEvent::Dissolved { .. } => {
                    (numbers(&before), Box::new(move || OnCase::LeaveProblem { problem: id }))
                }
                ProblemEvent::Approved { due } | ProblemEvent::Described { due, .. }
                    if *due != before.due =>
                {
                    let due = *due;
                    (numbers(after), Box::new(move || OnCase::PromisePlan { problem: id, due }))
                }
                ProblemEvent::Parked { cause, law, review_on } => {
                    let (cause, law, review_on) = (cause.clone(), law.clone(), *review_on);
                    let park = move || OnCase::Park { cause: cause.clone(), law: law.clone(), review_on };
                    (numbers(after), Box::new(park))
                }
                ProblemEvent::TakenUp { .. } | ProblemEvent::Reopened { .. } => {
                    touched.extend(self.back_into(tx, after, ctx)?);
                    continue;
                }
                ProblemEvent::Settled { outcome, quantities, solved } => {
                    let unit = after.lead.ok_or(Refusal::NoLead)?;
                    let (outcome, quantities, solved) = (outcome.clone(), quantities.clone(), *solved);
                    let settle = move || OnCase::SettleByPlan {
                        problem: id,
                        unit,
                        outcome: outcome.clone(),
                        quantities: quantities.clone(),
                        solved,
                    };
                    (numbers(after), Box::new(settle))
                }
                _ => continue,
            };
            for no in numbers {
                let joins = matches!(e.event, ProblemEvent::CaseJoined { .. });
                let stands = tx.case(no)?.is_some_and(|c| c.state == State::InProblem);
                // A case that was withdrawn or ended meanwhile stays as it is.
                if joins || stands {
                    self.carry_out(tx, no, command(), ctx)?;
                    touched.push(no);
                }
            }
        }
        if touched.is_empty() {
            // Who looks at a case of this problem sees the new step at once.
            touched = numbers(after);
        }
        Ok(touched)
    }

    /// Cases that belong to a problem which is taken up again, and that wait outside it.
    fn back_into(&self, tx: &mut Tx<'_>, problem: &Problem, ctx: &Context) -> Result<Vec<CaseNo>, AppError> {
        let mut touched = vec![];
        for no in numbers(problem) {
            let Some(case) = tx.case(no)? else { continue };
            if case.state == State::Parked {
                self.carry_out(tx, no, cases::Command::Unpark, ctx)?;
            }
            let Some(case) = tx.case(no)? else { continue };
            if case.may_join() {
                let due = problem.due;
                self.carry_out(tx, no, cases::Command::JoinProblem { problem: problem.id, due }, ctx)?;
                touched.push(no);
            }
        }
        Ok(touched)
    }
}

/// The tasks and duties of an earlier plan as a draft that begins now: the same units, the same order, as long
/// as they took to be promised then.
fn draft_of(
    earlier: &Problem,
    now: jiff::Timestamp,
    rules: &dyn cases::Deadlines,
) -> (Vec<NewTask>, Vec<(UnitId, String, Rota)>) {
    let kept: Vec<_> = earlier.tasks.iter().filter(|t| t.state != problems::TaskState::Dropped).collect();
    let mut tasks: Vec<NewTask> = vec![];
    for t in &kept {
        let after: Vec<u32> = t
            .after
            .iter()
            .filter_map(|a| kept.iter().position(|k| k.id == *a))
            .filter_map(|i| u32::try_from(i + 1).ok())
            .collect();
        // Written down before what waits for it, so its new day is known; one that is not starts now.
        let begins =
            after.iter().filter_map(|a| tasks.get(*a as usize - 1)).map(|b| b.due).max().unwrap_or(now);
        tasks.push(NewTask {
            what: t.what.clone(),
            unit: t.unit,
            person: String::new(),
            hours: t.hours,
            not_before: None,
            due: rules.after_working_hours(begins, t.hours),
            after,
        });
    }
    let today = cases::local_date(now);
    let duties = earlier
        .duties
        .iter()
        .filter_map(|d| {
            let until = today.checked_add(d.rota.until - d.rota.begins).ok()?;
            Some((d.unit, d.what.clone(), Rota { begins: today, until, ..d.rota.clone() }))
        })
        .collect();
    (tasks, duties)
}

fn numbers(problem: &Problem) -> Vec<CaseNo> {
    problem.cases.iter().map(|c| c.case).collect()
}

/// The smallest place that holds all cases.
fn common(cases: &[Case]) -> Path {
    let Some(first) = cases.first() else { return Path::default() };
    let shared: Vec<_> = (0..first.path.0.len())
        .map_while(|i| first.path.0[i].filter(|p| cases.iter().all(|c| c.path.0[i] == Some(*p))))
        .collect();
    Path::of(&shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::PlaceId;
    use domain::cases::Report;
    use domain::testing;

    #[test]
    fn a_problem_lies_in_the_smallest_place_that_holds_its_cases() {
        let ctx = Context::new("2026-03-02T01:00:00Z".parse().unwrap(), Actor::Resident, [7; 32]);
        let at = |places: &[i64]| {
            let path: Vec<PlaceId> = places.iter().map(|p| PlaceId(*p)).collect();
            let report = Report { path: Path::of(&path), ..Report::example("路堵了") };
            cases::open(CaseNo(1), report, &ctx, &testing::deadlines()).0
        };
        assert_eq!(common(&[at(&[1, 2, 3]), at(&[1, 2, 4])]), Path::of(&[PlaceId(1), PlaceId(2)]));
        assert_eq!(common(&[at(&[1, 2, 3]), at(&[5, 2, 3])]), Path::default());
        assert_eq!(common(&[at(&[1, 2, 3])]), Path::of(&[PlaceId(1), PlaceId(2), PlaceId(3)]));
    }
}
