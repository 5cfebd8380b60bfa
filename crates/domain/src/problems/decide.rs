//! From a command to its events, or a refusal.

use super::command::NewTask;
use super::schedule;
use super::{
    ApplicationState, ApplicationStep, Call, CallStep, Command, Problem, ProblemEvent, ProblemState,
    ProblemStep, Recorded, Refusal, Task, TaskState, TaskStep, apply, figures,
};
use crate::cases::{Deadlines, Quantity, local_date};
use crate::territory::Path;
use crate::{Actor, Context, ProblemId, UnitId};
use jiff::Timestamp;
use std::collections::HashMap;

/// What a new problem is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The places it lies in, down to the one that holds all of it.
    pub path: Path,
    /// In a few words.
    pub title: String,
    /// The one cause.
    pub cause: String,
    /// What it is about.
    pub subject: String,
    /// When it should be settled; the time for complex cases where nobody says.
    pub due: Option<Timestamp>,
}

/// Opens a problem: its first state, and its first event.
///
/// # Errors
/// Without a title or a cause, or with a date that has passed.
pub fn open(
    id: ProblemId,
    opening: Opening,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<(Problem, Recorded), Refusal> {
    let due = opening.due.unwrap_or_else(|| rules.complex(ctx.now));
    ahead("due", due, ctx)?;
    let event = ProblemEvent::Opened {
        path: opening.path,
        title: said("title", opening.title)?,
        cause: said("cause", opening.cause)?,
        subject: opening.subject,
        due,
    };
    let first = Recorded { seq: 1, at: ctx.now, actor: ctx.actor, event };
    Ok((apply(Problem::unborn(id), &first), first))
}

/// Decides what a command leads to. The events are not yet applied.
///
/// # Errors
/// A [`Refusal`] that says why, in both languages; nothing has changed.
pub fn decide(
    problem: &Problem,
    command: Command,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<Vec<Recorded>, Refusal> {
    let events = events_of(problem, command, ctx, rules)?;
    Ok(events
        .into_iter()
        .zip(problem.version + 1..)
        .map(|(event, seq)| Recorded { seq, at: ctx.now, actor: ctx.actor, event })
        .collect())
}

#[expect(clippy::too_many_lines, reason = "one arm a command; each is a few lines")]
fn events_of(
    p: &Problem,
    command: Command,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<Vec<ProblemEvent>, Refusal> {
    use Command as C;
    use ProblemEvent as E;
    let now = ctx.now;
    let events = match command {
        C::Describe { title, cause, due } => {
            open_still(p)?;
            if due != p.due {
                ahead("due", due, ctx)?;
            }
            vec![E::Described { title: said("title", title)?, cause: said("cause", cause)?, due }]
        }
        C::Join { case, voices, why } => {
            open_still(p)?;
            if p.cases.iter().any(|c| c.case == case) {
                return Err(Refusal::InItAlready(case));
            }
            vec![E::CaseJoined { case, voices, why: said("why", why)? }]
        }
        C::Leave { case, why } => {
            open_still(p)?;
            if !p.cases.iter().any(|c| c.case == case) {
                return Err(Refusal::NotInIt(case));
            }
            if p.cases.len() == 1 {
                return Err(Refusal::LastCase);
            }
            vec![E::CaseLeft { case, why: said("why", why)? }]
        }
        C::ChooseLead { unit, off_list, why } => {
            open_still(p)?;
            if off_list {
                return Err(Refusal::OffTheList);
            }
            vec![E::LeadChosen { unit, why: said("why", why)? }]
        }
        C::DraftFrom { problem, tasks, duties } => {
            if !matches!(p.state, ProblemState::Open | ProblemState::Planning) {
                return Err(Refusal::NotNow(p.state));
            }
            let mut events = vec![E::DraftedFrom { problem }];
            let first = next_id(p.tasks.iter().map(|t| t.id));
            for (id, mut task) in (first..).zip(tasks) {
                // The earlier plan numbered its tasks from 1.
                task.after.iter_mut().for_each(|a| *a += first - 1);
                events.push(E::TaskSet { task: task_of(id, task)?, because: None });
            }
            let first = next_id(p.duties.iter().map(|d| d.id));
            for (duty, (unit, what, rota)) in (first..).zip(duties) {
                events.push(E::DutySet { duty, unit, what: said("what", what)?, rota });
            }
            events
        }
        C::AddTask(new) => {
            open_still(p)?;
            ahead("due", new.due, ctx)?;
            let task = task_of(next_id(p.tasks.iter().map(|t| t.id)), new)?;
            in_order(p, &task)?;
            set_and_move(p, task, rules)
        }
        C::ChangeTask { task, to } => {
            open_still(p)?;
            let old = p.task(task).ok_or(Refusal::NoSuchPart)?;
            if old.state.is_final() {
                return Err(Refusal::TaskNotNow(old.state));
            }
            let new = task_of(task, to)?;
            if new.due != old.due {
                ahead("due", new.due, ctx)?;
            }
            in_order(p, &new)?;
            set_and_move(p, new, rules)
        }
        C::BeginTask { task, person } => {
            task_step(p, task, TaskStep::Begin)?;
            vec![E::TaskBegun { task, person }]
        }
        C::FinishTask { task, note, quantities } => {
            let t = task_step(p, task, TaskStep::Finish)?;
            let mut events =
                vec![E::TaskDone { task, note: said("note", note)?, quantities: filled(quantities)? }];
            if now > t.due {
                // What waited for it is late as well, and says so.
                events.extend(moved(p, &Task { due: now, ..t.clone() }, rules));
            }
            events
        }
        C::ReopenTask { task, why } => {
            task_step(p, task, TaskStep::Reopen)?;
            vec![E::TaskReopened { task, why: said("why", why)? }]
        }
        C::DropTask { task, why } => {
            task_step(p, task, TaskStep::Drop)?;
            vec![E::TaskDropped { task, why: said("why", why)? }]
        }
        C::AddResource { kind, quantity, unit } => {
            open_still(p)?;
            let resource = next_id(p.resources.iter().map(|r| r.id));
            let quantity = filled(vec![quantity])?.pop().ok_or(Refusal::Missing("amount"))?;
            vec![E::ResourceSet { resource, kind, quantity, unit }]
        }
        C::DropResource { resource } => {
            open_still(p)?;
            if !p.resources.iter().any(|r| r.id == resource) {
                return Err(Refusal::NoSuchPart);
            }
            vec![E::ResourceDropped { resource }]
        }
        C::Apply { unit, what, quantities, document, due } => {
            open_still(p)?;
            ahead("due", due, ctx)?;
            vec![E::Applied {
                application: next_id(p.applications.iter().map(|a| a.id)),
                unit,
                what: said("what", what)?,
                quantities: filled(quantities)?,
                document: said("document", document)?,
                due,
            }]
        }
        C::Grant { application, quantities, document, note } => {
            application_step(p, application, ApplicationStep::Grant)?;
            let document = said("document", document)?;
            vec![E::Granted { application, quantities: filled(quantities)?, document, note }]
        }
        C::GrantInPart { application, quantities, document, ground } => {
            application_step(p, application, ApplicationStep::GrantPart)?;
            let (document, ground) = (said("document", document)?, said("ground", ground)?);
            vec![E::GrantedInPart { application, quantities: filled(quantities)?, document, ground }]
        }
        C::Refuse { application, document, ground } => {
            application_step(p, application, ApplicationStep::Refuse)?;
            let (document, ground) = (said("document", document)?, said("ground", ground)?);
            vec![E::Refused { application, document, ground }]
        }
        C::AskAgain { application, note, document, due } => {
            open_still(p)?;
            application_step(p, application, ApplicationStep::AskAgain)?;
            ahead("due", due, ctx)?;
            let (note, document) = (said("note", note)?, said("document", document)?);
            vec![E::AskedAgain { application, note, document, due }]
        }
        C::AcceptDecision { application, note } => {
            application_step(p, application, ApplicationStep::Accept)?;
            vec![E::DecisionAccepted { application, note }]
        }
        C::WithdrawApplication { application, why } => {
            application_step(p, application, ApplicationStep::Withdraw)?;
            vec![E::ApplicationWithdrawn { application, why: said("why", why)? }]
        }
        C::SetDuty { unit, what, rota } => {
            open_still(p)?;
            if rota.until < rota.begins || rota.to <= rota.from {
                return Err(Refusal::EmptyRota);
            }
            let duty = next_id(p.duties.iter().map(|d| d.id));
            vec![E::DutySet { duty, unit, what: said("what", what)?, rota }]
        }
        C::AttendDuty { duty, day, attendance, note } => {
            let d = p.duty(duty).ok_or(Refusal::NoSuchPart)?;
            let over = d.ended_on.is_some_and(|on| day >= on);
            if over || day > local_date(now) || !d.rota.is_on(day, rules.calendar()) {
                return Err(Refusal::NotOnDuty);
            }
            if attendance != super::Attendance::Kept && note.trim().is_empty() {
                return Err(Refusal::Missing("note"));
            }
            vec![E::DutyAttended { duty, day, attendance, note }]
        }
        C::EndDuty { duty, on, why } => {
            p.duty(duty).ok_or(Refusal::NoSuchPart)?;
            vec![E::DutyEnded { duty, on, why: said("why", why)? }]
        }
        C::Approve { due } => {
            step(p, ProblemStep::Approve)?;
            ahead("due", due, ctx)?;
            if p.lead.is_none() {
                return Err(Refusal::NoLead);
            }
            let tasks = p.tasks.iter().any(|t| t.state != TaskState::Dropped);
            if !tasks && p.applications.is_empty() && p.duties.is_empty() {
                return Err(Refusal::EmptyPlan);
            }
            vec![E::Approved { due }]
        }
        C::Settle { outcome, solved } => {
            step(p, ProblemStep::Settle)?;
            let unfinished = unfinished(p);
            if unfinished > 0 {
                return Err(Refusal::Unfinished(unfinished));
            }
            vec![E::Settled { outcome: said("outcome", outcome)?, quantities: figures::sums(p), solved }]
        }
        C::Reopen { why } => {
            step(p, ProblemStep::Reopen)?;
            vec![E::Reopened { why: said("why", why)?, due: rules.complex(now) }]
        }
        C::Close { unsettled, note } => {
            step(p, ProblemStep::Close)?;
            if unsettled > 0 {
                return Err(Refusal::Unsettled(unsettled));
            }
            vec![E::Closed { note }]
        }
        C::Park { cause, law, review_on } => {
            step(p, ProblemStep::Park)?;
            if review_on <= local_date(now) {
                return Err(Refusal::InThePast("review_on"));
            }
            vec![E::Parked { cause: said("cause", cause)?, law: said("law", law)?, review_on }]
        }
        C::TakeUp => {
            step(p, ProblemStep::TakeUp)?;
            vec![E::TakenUp { due: rules.complex(now) }]
        }
        C::Dissolve { why } => {
            step(p, ProblemStep::Dissolve)?;
            if p.whistles.iter().any(|w| w.calls.iter().any(|c| !c.state.is_final())) {
                return Err(Refusal::Unfinished(open_calls(p)));
            }
            vec![E::Dissolved { why: said("why", why)? }]
        }
        C::Note { text } => vec![E::Noted { text: said("text", text)? }],
        whistle => vec![whistle_event(p, whistle, ctx, rules)?],
    };
    Ok(events)
}

fn whistle_event(
    p: &Problem,
    command: Command,
    ctx: &Context,
    rules: &dyn Deadlines,
) -> Result<ProblemEvent, Refusal> {
    use Command as C;
    use ProblemEvent as E;
    let now = ctx.now;
    Ok(match command {
        C::Whistle { mut units, what, tried, muster_due } => {
            open_still(p)?;
            units.sort_unstable();
            units.dedup();
            if units.is_empty() {
                return Err(Refusal::CallsNobody);
            }
            let busy = |u: &UnitId| {
                p.whistles.iter().flat_map(|w| &w.calls).any(|c| c.unit == *u && !c.state.is_final())
            };
            if units.iter().any(busy) {
                return Err(Refusal::CalledAlready);
            }
            ahead("muster_due", muster_due, ctx)?;
            E::Whistled {
                whistle: next_id(p.whistles.iter().map(|w| w.id)),
                units,
                what: said("what", what)?,
                tried: said("tried", tried)?,
                answer_due: rules.within("whistle.answer", now).min(muster_due),
                muster_due,
            }
        }
        C::TakeCall { whistle, unit, note } => {
            call_step(p, whistle, unit, CallStep::Come)?;
            E::CallTaken { whistle, unit, note }
        }
        C::DelayCall { whistle, unit, until, ground } => {
            call_step(p, whistle, unit, CallStep::ComeLater)?;
            ahead("until", until, ctx)?;
            E::CallDelayed { whistle, unit, until, ground: said("ground", ground)? }
        }
        C::DisputeCall { whistle, unit, ground } => {
            let call = call_step(p, whistle, unit, CallStep::Dispute)?;
            if call.ruled {
                return Err(Refusal::RuledAlready);
            }
            let ground = said("ground", ground)?;
            E::CallDisputed { whistle, unit, ground, ruling_due: rules.within("dispute", now) }
        }
        C::RuleCall { whistle, unit, theirs, reason } => {
            let how = if theirs { CallStep::RuleTheirs } else { CallStep::RuleNotTheirs };
            let call = call_step(p, whistle, unit, how)?;
            if matches!(ctx.actor, Actor::Staff { unit: Some(own), .. } if own == unit) {
                return Err(Refusal::OwnDispute);
            }
            let answer_due = rules.within("whistle.answer", now);
            E::CallRuled {
                whistle,
                unit,
                theirs,
                reason: said("reason", reason)?,
                answer_due,
                muster_due: call.muster_due.max(answer_due),
            }
        }
        C::Muster { whistle, unit, person } => {
            call_step(p, whistle, unit, CallStep::Muster)?;
            E::Mustered { whistle, unit, person: said("person", person)? }
        }
        C::ReportCall { whistle, unit, what, quantities } => {
            call_step(p, whistle, unit, CallStep::Report)?;
            E::CallReported { whistle, unit, what: said("what", what)?, quantities: filled(quantities)? }
        }
        C::AcceptCall { whistle, unit } => {
            call_step(p, whistle, unit, CallStep::Accept)?;
            E::CallAccepted { whistle, unit }
        }
        C::SendBackCall { whistle, unit, why } => {
            call_step(p, whistle, unit, CallStep::SendBack)?;
            let due = rules.second_handling(now);
            E::CallSentBack { whistle, unit, why: said("why", why)?, due }
        }
        C::CallOff { whistle, unit, why, needless } => {
            call_step(p, whistle, unit, CallStep::CallOff)?;
            E::CallOff { whistle, unit, why: said("why", why)?, needless }
        }
        C::Climb { whistle, unit, ladder } => {
            let call = p.call(whistle, unit).ok_or(Refusal::NoSuchPart)?;
            if call.due.is_none_or(|due| due > now) {
                return Err(Refusal::NotOverdue);
            }
            let (level, to, vacant) = ladder.next(call.climbed).ok_or(Refusal::NotOverdue)?;
            let next = rules.within("whistle.climb", now);
            E::Climbed { whistle, unit, level, to: to.to_vec(), vacant, next }
        }
        _ => return Err(Refusal::NoSuchPart),
    })
}

fn step(p: &Problem, step: ProblemStep) -> Result<ProblemState, Refusal> {
    p.state.after(step).ok_or(Refusal::NotNow(p.state))
}

fn open_still(p: &Problem) -> Result<(), Refusal> {
    if p.state.is_open() { Ok(()) } else { Err(Refusal::NotNow(p.state)) }
}

fn task_step(p: &Problem, task: u32, step: TaskStep) -> Result<&Task, Refusal> {
    open_still(p)?;
    let t = p.task(task).ok_or(Refusal::NoSuchPart)?;
    t.state.after(step).map(|_| t).ok_or(Refusal::TaskNotNow(t.state))
}

fn application_step(p: &Problem, id: u32, step: ApplicationStep) -> Result<(), Refusal> {
    let a = p.application(id).ok_or(Refusal::NoSuchPart)?;
    a.state.after(step).map(|_| ()).ok_or(Refusal::ApplicationNotNow(a.state))
}

fn call_step(p: &Problem, whistle: u32, unit: UnitId, step: CallStep) -> Result<&Call, Refusal> {
    let call = p.call(whistle, unit).ok_or(Refusal::NoSuchPart)?;
    call.state.after(step).map(|_| call).ok_or(Refusal::CallNotNow(call.state))
}

fn open_calls(p: &Problem) -> u32 {
    let open = p.whistles.iter().flat_map(|w| &w.calls).filter(|c| !c.state.is_final()).count();
    u32::try_from(open).unwrap_or(u32::MAX)
}

/// How many tasks, applications and calls still wait for somebody.
fn unfinished(p: &Problem) -> u32 {
    let tasks = p.tasks.iter().filter(|t| !t.state.is_final()).count();
    let asked = p.applications.iter().filter(|a| a.state == ApplicationState::Asked).count();
    u32::try_from(tasks + asked).unwrap_or(u32::MAX).saturating_add(open_calls(p))
}

fn next_id(ids: impl Iterator<Item = u32>) -> u32 {
    ids.max().unwrap_or(0) + 1
}

fn said(field: &'static str, text: String) -> Result<String, Refusal> {
    if text.trim().is_empty() { Err(Refusal::Missing(field)) } else { Ok(text) }
}

fn ahead(field: &'static str, at: Timestamp, ctx: &Context) -> Result<(), Refusal> {
    if at > ctx.now { Ok(()) } else { Err(Refusal::InThePast(field)) }
}

/// Quantities of which each says how many and of what; the amount is a decimal number.
fn filled(quantities: Vec<Quantity>) -> Result<Vec<Quantity>, Refusal> {
    for q in &quantities {
        if q.what.trim().is_empty() {
            return Err(Refusal::Missing("what"));
        }
        if figures::thousandths(&q.amount).is_none() {
            return Err(Refusal::Missing("amount"));
        }
    }
    Ok(quantities)
}

fn task_of(id: u32, new: NewTask) -> Result<Task, Refusal> {
    Ok(Task {
        id,
        what: said("what", new.what)?,
        unit: new.unit,
        person: new.person,
        hours: new.hours.max(1),
        not_before: new.not_before,
        due: new.due,
        after: new.after,
        state: TaskState::Todo,
        begun_at: None,
        done_at: None,
        note: String::new(),
        quantities: vec![],
    })
}

/// Whether a plan with this task in it still has an order: everything it waits for is there, and nothing waits
/// for itself.
fn in_order(p: &Problem, task: &Task) -> Result<(), Refusal> {
    if let Some(missing) = task.after.iter().find(|a| **a != task.id && p.task(**a).is_none()) {
        return Err(Refusal::WaitsForNothing(*missing));
    }
    let after =
        |id: u32| if id == task.id { &task.after[..] } else { p.task(id).map_or(&[][..], |t| &t.after) };
    // Depth first from the task; a way back to it is a circle.
    let mut way = vec![task.id];
    let mut stack = vec![(task.id, 0)];
    let mut seen = vec![];
    while let Some((id, i)) = stack.pop() {
        let Some(next) = after(id).get(i) else {
            way.pop();
            seen.push(id);
            continue;
        };
        stack.push((id, i + 1));
        if *next == task.id {
            way.reverse();
            return Err(Refusal::Circle(way));
        }
        if !seen.contains(next) && !way.contains(next) {
            way.push(*next);
            stack.push((*next, 0));
        }
    }
    Ok(())
}

/// The task as it is set, and after it whatever it pushes back.
fn set_and_move(p: &Problem, task: Task, rules: &dyn Deadlines) -> Vec<ProblemEvent> {
    let pushed = moved(p, &task, rules);
    let mut events = vec![ProblemEvent::TaskSet { task, because: None }];
    events.extend(pushed);
    events
}

/// The tasks that can no longer be done in time because one is due later: each moved by as much as it takes,
/// and no more. Each is looked at once, after all that it waits for.
fn moved(p: &Problem, late: &Task, rules: &dyn Deadlines) -> Vec<ProblemEvent> {
    let open: Vec<&Task> = p.tasks.iter().filter(|t| !t.state.is_final() || t.id == late.id).collect();
    let place: HashMap<u32, usize> = open.iter().enumerate().map(|(i, t)| (t.id, i)).collect();
    let before: Vec<Vec<usize>> =
        open.iter().map(|t| t.after.iter().filter_map(|a| place.get(a).copied()).collect()).collect();
    let mut due: HashMap<u32, Timestamp> = HashMap::from([(late.id, late.due)]);
    let mut events = vec![];
    for t in schedule::in_order(&before).into_iter().map(|i| open[i]).filter(|t| t.id != late.id) {
        let pushed =
            t.after.iter().filter_map(|a| Some((*a, rules.after_working_hours(*due.get(a)?, t.hours))));
        if let Some((because, earliest)) = pushed.max_by_key(|(_, at)| *at).filter(|(_, at)| *at > t.due) {
            due.insert(t.id, earliest);
            let task = Task { due: earliest, ..t.clone() };
            events.push(ProblemEvent::TaskSet { task, because: Some(because) });
        }
    }
    events
}
