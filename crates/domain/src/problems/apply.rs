//! From an event to the state after it.

use super::{
    Application, ApplicationState, Call, CallState, Joined, Problem, ProblemEvent, ProblemState, Recorded,
    Resource, StandingDuty, Task, TaskState, Whistle,
};
use crate::territory::Path;
use crate::{ProblemId, UnitId};
use jiff::Timestamp;

impl Problem {
    /// A problem before its first event.
    pub(crate) fn unborn(id: ProblemId) -> Problem {
        Problem {
            id,
            path: Path::default(),
            title: String::new(),
            cause: String::new(),
            subject: String::new(),
            state: ProblemState::Open,
            lead: None,
            opened_at: Timestamp::UNIX_EPOCH,
            due: Timestamp::UNIX_EPOCH,
            cases: vec![],
            drafted_from: None,
            tasks: vec![],
            resources: vec![],
            applications: vec![],
            duties: vec![],
            whistles: vec![],
            outcome: String::new(),
            quantities: vec![],
            solved: None,
            settled_at: None,
            closed_at: None,
            review_on: None,
            version: 0,
        }
    }

    fn on_task(&mut self, id: u32, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.iter_mut().find(|t| t.id == id) {
            change(task);
        }
    }

    fn on_application(&mut self, id: u32, change: impl FnOnce(&mut Application)) {
        if let Some(application) = self.applications.iter_mut().find(|a| a.id == id) {
            change(application);
        }
    }

    fn on_call(&mut self, whistle: u32, unit: UnitId, change: impl FnOnce(&mut Call)) {
        let whistle = self.whistles.iter_mut().find(|w| w.id == whistle);
        if let Some(call) = whistle.and_then(|w| w.calls.iter_mut().find(|c| c.unit == unit)) {
            change(call);
        }
    }

    fn drafting(&mut self) {
        if self.state == ProblemState::Open {
            self.state = ProblemState::Planning;
        }
    }
}

/// Folds one event into the state.
#[expect(clippy::too_many_lines, reason = "one arm an event; each is a line or a few")]
pub fn apply(mut p: Problem, recorded: &Recorded) -> Problem {
    use ProblemEvent as E;
    let at = recorded.at;
    p.version = recorded.seq;
    match &recorded.event {
        E::Opened { path, title, cause, subject, due } => {
            p.path = *path;
            p.title.clone_from(title);
            p.cause.clone_from(cause);
            p.subject.clone_from(subject);
            p.opened_at = at;
            p.due = *due;
        }
        E::Described { title, cause, due } => {
            p.title.clone_from(title);
            p.cause.clone_from(cause);
            p.due = *due;
        }
        E::CaseJoined { case, voices, .. } => p.cases.push(Joined { case: *case, voices: *voices, at }),
        E::CaseLeft { case, .. } => p.cases.retain(|c| c.case != *case),
        E::LeadChosen { unit, .. } => p.lead = Some(*unit),
        E::DraftedFrom { problem } => {
            p.drafted_from = Some(*problem);
            p.drafting();
        }
        E::TaskSet { task, .. } => {
            p.drafting();
            match p.tasks.iter_mut().find(|t| t.id == task.id) {
                Some(old) => {
                    let now = task.clone();
                    *old = Task {
                        state: old.state,
                        begun_at: old.begun_at,
                        done_at: old.done_at,
                        note: std::mem::take(&mut old.note),
                        quantities: std::mem::take(&mut old.quantities),
                        ..now
                    };
                }
                None => p.tasks.push(task.clone()),
            }
        }
        E::TaskBegun { task, person } => p.on_task(*task, |t| {
            t.state = TaskState::Begun;
            t.begun_at = Some(at);
            if !person.is_empty() {
                t.person.clone_from(person);
            }
        }),
        E::TaskDone { task, note, quantities } => p.on_task(*task, |t| {
            t.state = TaskState::Done;
            t.done_at = Some(at);
            t.note.clone_from(note);
            t.quantities.clone_from(quantities);
        }),
        E::TaskReopened { task, .. } => p.on_task(*task, |t| {
            t.state = TaskState::Begun;
            t.done_at = None;
        }),
        E::TaskDropped { task, why } => p.on_task(*task, |t| {
            t.state = TaskState::Dropped;
            t.note.clone_from(why);
        }),
        E::ResourceSet { resource, kind, quantity, unit } => {
            p.drafting();
            p.resources.push(Resource {
                id: *resource,
                kind: *kind,
                quantity: quantity.clone(),
                unit: *unit,
            });
        }
        E::ResourceDropped { resource } => p.resources.retain(|r| r.id != *resource),
        E::Applied { application, unit, what, quantities, document, due } => {
            p.drafting();
            p.applications.push(Application {
                id: *application,
                unit: *unit,
                what: what.clone(),
                asked: quantities.clone(),
                granted: vec![],
                state: ApplicationState::Asked,
                asked_at: at,
                due: *due,
                documents: vec![(at, document.clone())],
                ground: String::new(),
                decided_at: None,
            });
        }
        E::Granted { application, quantities, document, .. } => p.on_application(*application, |a| {
            a.state = ApplicationState::Granted;
            a.granted.clone_from(if quantities.is_empty() { &a.asked } else { quantities });
            a.ground.clear();
            a.documents.push((at, document.clone()));
            a.decided_at = Some(at);
        }),
        E::GrantedInPart { application, quantities, document, ground } => {
            p.on_application(*application, |a| {
                a.state = ApplicationState::Partly;
                a.granted.clone_from(quantities);
                a.ground.clone_from(ground);
                a.documents.push((at, document.clone()));
                a.decided_at = Some(at);
            });
        }
        E::Refused { application, document, ground } => p.on_application(*application, |a| {
            a.state = ApplicationState::Refused;
            a.ground.clone_from(ground);
            a.documents.push((at, document.clone()));
            a.decided_at = Some(at);
        }),
        E::AskedAgain { application, document, due, .. } => p.on_application(*application, |a| {
            a.state = ApplicationState::Asked;
            a.due = *due;
            a.documents.push((at, document.clone()));
        }),
        E::DecisionAccepted { application, .. } => {
            p.on_application(*application, |a| a.state = ApplicationState::Accepted);
        }
        E::ApplicationWithdrawn { application, .. } => {
            p.on_application(*application, |a| a.state = ApplicationState::Withdrawn);
        }
        E::DutySet { duty, unit, what, rota } => {
            p.drafting();
            p.duties.push(StandingDuty {
                id: *duty,
                unit: *unit,
                what: what.clone(),
                rota: rota.clone(),
                days: vec![],
                ended_on: None,
            });
        }
        E::DutyAttended { duty, day, attendance, note } => {
            if let Some(d) = p.duties.iter_mut().find(|d| d.id == *duty) {
                d.days.retain(|(on, ..)| on != day);
                d.days.push((*day, *attendance, note.clone()));
                d.days.sort_by_key(|d| d.0);
            }
        }
        E::DutyEnded { duty, on, .. } => {
            if let Some(d) = p.duties.iter_mut().find(|d| d.id == *duty) {
                d.ended_on = Some(*on);
            }
        }
        E::Approved { due } => {
            p.state = ProblemState::Running;
            p.due = *due;
        }
        E::Settled { outcome, quantities, solved } => {
            p.state = ProblemState::Settled;
            p.outcome.clone_from(outcome);
            p.quantities.clone_from(quantities);
            p.solved = Some(*solved);
            p.settled_at = Some(at);
        }
        E::Reopened { due, .. } => {
            p.state = ProblemState::Running;
            p.due = *due;
            p.settled_at = None;
            p.closed_at = None;
        }
        E::Closed { .. } => {
            p.state = ProblemState::Closed;
            p.closed_at = Some(at);
        }
        E::Parked { review_on, .. } => {
            p.state = ProblemState::Parked;
            p.review_on = Some(*review_on);
        }
        E::TakenUp { due } => {
            p.state = ProblemState::Planning;
            p.review_on = None;
            p.due = *due;
        }
        E::Dissolved { .. } => {
            p.state = ProblemState::Dissolved;
            p.cases.clear();
            p.closed_at = Some(at);
        }
        E::Noted { .. } => {}
        whistle => apply_whistle(&mut p, whistle, at),
    }
    p
}

fn apply_whistle(p: &mut Problem, event: &ProblemEvent, at: Timestamp) {
    use ProblemEvent as E;
    match event {
        E::Whistled { whistle, units, what, tried, answer_due, muster_due } => p.whistles.push(Whistle {
            id: *whistle,
            what: what.clone(),
            tried: tried.clone(),
            at,
            calls: units.iter().map(|unit| Call::new(*unit, *answer_due, *muster_due)).collect(),
        }),
        E::CallTaken { whistle, unit, .. } => p.on_call(*whistle, *unit, |c| {
            c.answer(CallState::Coming, at);
            c.due = Some(c.muster_due);
        }),
        E::CallDelayed { whistle, unit, until, ground } => p.on_call(*whistle, *unit, |c| {
            c.answer(CallState::Later, at);
            c.ground.clone_from(ground);
            c.due = Some(*until);
        }),
        E::CallDisputed { whistle, unit, ground, ruling_due } => p.on_call(*whistle, *unit, |c| {
            c.answer(CallState::Disputed, at);
            c.ground.clone_from(ground);
            c.due = Some(*ruling_due);
        }),
        E::CallRuled { whistle, unit, theirs, answer_due, muster_due, .. } => {
            p.on_call(*whistle, *unit, |c| {
                c.ruled = true;
                if *theirs {
                    c.state = CallState::Called;
                    c.answer_due = *answer_due;
                    c.muster_due = *muster_due;
                    c.due = Some(*answer_due);
                } else {
                    c.end(CallState::Released);
                }
            });
        }
        E::Mustered { whistle, unit, person } => p.on_call(*whistle, *unit, |c| {
            c.answer(CallState::Mustered, at);
            c.mustered_at.get_or_insert(at);
            c.person.clone_from(person);
            c.due = None;
        }),
        E::CallReported { whistle, unit, what, quantities } => p.on_call(*whistle, *unit, |c| {
            c.state = CallState::Reported;
            c.record.clone_from(what);
            c.quantities.clone_from(quantities);
            c.due = None;
        }),
        E::CallAccepted { whistle, unit } => p.on_call(*whistle, *unit, |c| c.end(CallState::Finished)),
        E::CallSentBack { whistle, unit, due, .. } => p.on_call(*whistle, *unit, |c| {
            c.state = CallState::Mustered;
            c.due = Some(*due);
        }),
        E::CallOff { whistle, unit, needless, .. } => p.on_call(*whistle, *unit, |c| {
            c.end(CallState::CalledOff);
            c.needless = *needless;
        }),
        E::Climbed { whistle, unit, level, next, .. } => p.on_call(*whistle, *unit, |c| {
            c.climbed = *level;
            c.due = Some(*next);
        }),
        _ => {}
    }
}

impl Call {
    fn new(unit: UnitId, answer_due: Timestamp, muster_due: Timestamp) -> Call {
        Call {
            unit,
            state: CallState::Called,
            answer_due,
            muster_due,
            due: Some(answer_due),
            answered_at: None,
            mustered_at: None,
            person: String::new(),
            ground: String::new(),
            ruled: false,
            record: String::new(),
            quantities: vec![],
            climbed: 0,
            needless: false,
        }
    }

    fn answer(&mut self, state: CallState, at: Timestamp) {
        self.state = state;
        self.answered_at.get_or_insert(at);
    }

    fn end(&mut self, state: CallState) {
        self.state = state;
        self.due = None;
    }
}

/// The state of a problem from its events alone; `None` where there are none.
pub fn rebuild<'a>(id: ProblemId, events: impl IntoIterator<Item = &'a Recorded>) -> Option<Problem> {
    let mut events = events.into_iter().peekable();
    events.peek()?;
    Some(events.fold(Problem::unborn(id), apply))
}
