//! From the events of a problem to what staff read: every event a line that can be linked to.

use super::history::Names;
use crate::times;
use crate::view::resident::amounts;
use crate::words::Lang;
use domain::Actor;
use domain::cases::Quantity;
use domain::problems::{Problem, ProblemEvent, Recorded, Rota};

/// One line of the history of a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanLine {
    /// The event's number: the line's anchor is `e` and this.
    pub seq: u32,
    /// When, as people say it.
    pub when: String,
    /// And to the minute.
    pub exact: String,
    /// By whom.
    pub who: String,
    /// What happened.
    pub what: String,
    /// What was written with it.
    pub quote: String,
    /// Quantities.
    pub amounts: Vec<String>,
}

/// The history of a problem for staff, newest first.
pub fn plan_history(problem: &Problem, events: &[Recorded], names: Names<'_>) -> Vec<PlanLine> {
    events.iter().rev().map(|r| line(problem, r, names)).collect()
}

fn line(problem: &Problem, recorded: &Recorded, names: Names<'_>) -> PlanLine {
    let Names { now, lang: t, .. } = names;
    let (what, quote, quantities) = told(problem, &recorded.event, names);
    PlanLine {
        seq: recorded.seq,
        when: times::when(recorded.at, now, t),
        exact: times::exact(recorded.at),
        who: match recorded.actor {
            Actor::Resident => t.by_resident().into(),
            Actor::System => t.by_system().into(),
            Actor::Staff { id, unit } => {
                let name = (names.staff)(id);
                unit.map_or(name.clone(), |u| format!("{name} · {}", (names.unit)(u)))
            }
        },
        what,
        quote,
        amounts: amounts(&quantities),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm an event, each a line or two")]
fn told(problem: &Problem, event: &ProblemEvent, names: Names<'_>) -> (String, String, Vec<Quantity>) {
    use ProblemEvent as E;
    let Names { now, lang: t, unit, staff } = names;
    let by = |at| times::by(at, now, t);
    let asked = |n: u32| problem.application(n).map(|a| unit(a.unit)).unwrap_or_default();
    let day = |d: jiff::civil::Date| times::day(d, times::local(now).date(), t);
    let none = Vec::new;
    let with = |note: &str, document: &str| -> String {
        [document, note].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    match event {
        E::Opened { title, cause, .. } => (t.pe_opened().into(), format!("{title} · {cause}"), none()),
        E::Described { title, cause, .. } => (t.pe_described().into(), format!("{title} · {cause}"), none()),
        E::CaseJoined { case, why, .. } => (t.pe_joined(case.spoken()), why.clone(), none()),
        E::CaseLeft { case, why } => (t.pe_left(case.spoken()), why.clone(), none()),
        E::LeadChosen { unit: u, why } => (t.pe_lead(unit(*u)), why.clone(), none()),
        E::DraftedFrom { problem } => (t.pe_drafted(problem), String::new(), none()),
        E::TaskSet { task, because: None } => {
            (t.pe_task(task.id, unit(task.unit), by(task.due)), task.what.clone(), none())
        }
        E::TaskSet { task, because: Some(b) } => {
            (t.pe_task_moved(task.id, b, by(task.due)), task.what.clone(), none())
        }
        E::TaskBegun { task, person } => (t.pe_task_begun(task), person.clone(), none()),
        E::TaskDone { task, note, quantities } => (t.pe_task_done(task), note.clone(), quantities.clone()),
        E::TaskReopened { task, why } => (t.pe_task_reopened(task), why.clone(), none()),
        E::TaskDropped { task, why } => (t.pe_task_dropped(task), why.clone(), none()),
        E::ResourceSet { kind, quantity, unit: u, .. } => (
            t.pe_resource(t.pick(kind.zh(), kind.en())),
            u.map(unit).unwrap_or_default(),
            vec![quantity.clone()],
        ),
        E::ResourceDropped { .. } => (t.pe_resource_dropped().into(), String::new(), none()),
        E::Applied { unit: u, what, quantities, document, due, .. } => {
            (t.pe_applied(unit(*u), by(*due)), with(what, document), quantities.clone())
        }
        E::Granted { application, quantities, document, note } => {
            (t.pe_granted(asked(*application)), with(note, document), quantities.clone())
        }
        E::GrantedInPart { application, quantities, document, ground } => {
            (t.pe_granted_part(asked(*application)), with(ground, document), quantities.clone())
        }
        E::Refused { application, document, ground } => {
            (t.pe_refused(asked(*application)), with(ground, document), none())
        }
        E::AskedAgain { application, note, document, .. } => {
            (t.pe_asked_again(asked(*application)), with(note, document), none())
        }
        E::DecisionAccepted { application, note } => {
            (t.pe_decision_accepted(asked(*application)), note.clone(), none())
        }
        E::ApplicationWithdrawn { why, .. } => (t.pe_application_withdrawn().into(), why.clone(), none()),
        E::DutySet { unit: u, what, rota, .. } => {
            let when = self::rota(rota, t);
            (t.pe_duty(unit(*u)), format!("{what} · {when}"), none())
        }
        E::DutyAttended { day: on, attendance, note, .. } => {
            (t.pe_attended(day(*on), t.pick(attendance.zh(), attendance.en())), note.clone(), none())
        }
        E::DutyEnded { why, .. } => (t.pe_duty_ended().into(), why.clone(), none()),
        E::Approved { due } => (t.pe_approved(by(*due)), String::new(), none()),
        E::Whistled { units, what, tried, muster_due, .. } => {
            let called = units.iter().map(|u| unit(*u)).collect::<Vec<_>>().join(t.pick("、", ", "));
            (t.pe_whistled(called, by(*muster_due)), format!("{what} · {tried}"), none())
        }
        E::CallTaken { unit: u, note, .. } => (t.pe_call_taken(unit(*u)), note.clone(), none()),
        E::CallDelayed { unit: u, until, ground, .. } => {
            (t.pe_call_delayed(unit(*u), by(*until)), ground.clone(), none())
        }
        E::CallDisputed { unit: u, ground, .. } => (t.pe_call_disputed(unit(*u)), ground.clone(), none()),
        E::CallRuled { unit: u, theirs: true, reason, .. } => {
            (t.pe_ruled_theirs(unit(*u)), reason.clone(), none())
        }
        E::CallRuled { unit: u, reason, .. } => (t.pe_ruled_not(unit(*u)), reason.clone(), none()),
        E::Mustered { unit: u, person, .. } => (t.pe_mustered(unit(*u), person), String::new(), none()),
        E::CallReported { unit: u, what, quantities, .. } => {
            (t.pe_call_reported(unit(*u)), what.clone(), quantities.clone())
        }
        E::CallAccepted { unit: u, .. } => (t.pe_call_accepted(unit(*u)), String::new(), none()),
        E::CallSentBack { unit: u, why, .. } => (t.pe_call_sent_back(unit(*u)), why.clone(), none()),
        E::CallOff { unit: u, why, .. } => (t.pe_call_off(unit(*u)), why.clone(), none()),
        E::Climbed { unit: u, to, vacant, .. } => {
            let comma = t.pick("、", ", ");
            let who = to.iter().map(|id| staff(*id)).collect::<Vec<_>>().join(comma);
            let levels = vacant.iter().map(u32::to_string).collect::<Vec<_>>().join(comma);
            let what = if vacant.is_empty() {
                t.pe_climbed(unit(*u), who)
            } else {
                t.pe_climbed_vacant(unit(*u), who, levels)
            };
            (what, String::new(), none())
        }
        E::Settled { outcome, quantities, solved } => {
            (t.pe_settled(t.pick(solved.zh(), solved.en())), outcome.clone(), quantities.clone())
        }
        E::Reopened { why, .. } => (t.pe_reopened().into(), why.clone(), none()),
        E::Closed { note } => (t.pe_closed().into(), note.clone(), none()),
        E::Parked { cause, law, review_on } => {
            (t.pe_parked(day(*review_on)), format!("{cause} · {law}"), none())
        }
        E::TakenUp { .. } => (t.pe_taken_up().into(), String::new(), none()),
        E::Dissolved { why } => (t.pe_dissolved().into(), why.clone(), none()),
        E::Noted { text } => (t.pe_noted().into(), text.clone(), none()),
    }
}

/// When a standing duty is kept: `每天 17:00–19:00`.
pub(crate) fn rota(rota: &Rota, t: Lang) -> String {
    let hour = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    format!("{} {}–{}", t.pick(rota.days.zh(), rota.days.en()), hour(rota.from), hour(rota.to))
}

/// What a resident reads of a public step; `None` for what is not for them.
pub(crate) fn public_line(
    problem: &Problem,
    event: &ProblemEvent,
    t: Lang,
    unit: &dyn Fn(domain::UnitId) -> String,
) -> Option<(String, String, Vec<String>)> {
    use ProblemEvent as E;
    let asked = |n: u32| problem.application(n).map(|a| unit(a.unit)).unwrap_or_default();
    let what = |n: u32| problem.application(n).map(|a| a.what.clone()).unwrap_or_default();
    Some(match event {
        E::LeadChosen { unit: u, .. } => (t.told_lead(unit(*u)), String::new(), vec![]),
        E::TaskDone { task, note, quantities } => {
            let by = problem.task(*task).map(|k| unit(k.unit)).unwrap_or_default();
            (t.tp_task(by), note.clone(), amounts(quantities))
        }
        E::Applied { unit: u, what, quantities, .. } => {
            (t.tp_applied(unit(*u)), what.clone(), amounts(quantities))
        }
        E::Granted { application, quantities, .. } => {
            (t.tp_granted(asked(*application)), what(*application), amounts(quantities))
        }
        E::GrantedInPart { application, quantities, .. } => {
            (t.tp_granted_part(asked(*application)), what(*application), amounts(quantities))
        }
        E::Refused { application, ground, .. } => (t.tp_refused(asked(*application)), ground.clone(), vec![]),
        E::AskedAgain { application, .. } => {
            (t.tp_asked_again(asked(*application)), what(*application), vec![])
        }
        E::DutySet { unit: u, what, .. } => (t.tp_duty(unit(*u)), what.clone(), vec![]),
        E::Approved { .. } => (t.tp_approved().into(), String::new(), vec![]),
        E::Whistled { units, what, .. } => {
            let called = units.iter().map(|u| unit(*u)).collect::<Vec<_>>().join(t.pick("、", ", "));
            (t.tp_whistled(called), what.clone(), vec![])
        }
        E::Mustered { unit: u, .. } => (t.tp_mustered(unit(*u)), String::new(), vec![]),
        E::CallReported { unit: u, what, quantities, .. } => {
            (t.tp_reported(unit(*u)), what.clone(), amounts(quantities))
        }
        E::Settled { .. } => (t.tp_settled().into(), String::new(), vec![]),
        E::Reopened { .. } => (t.tp_reopened().into(), String::new(), vec![]),
        E::Parked { .. } => (t.tp_parked().into(), String::new(), vec![]),
        E::TakenUp { .. } => (t.tp_taken_up().into(), String::new(), vec![]),
        E::Dissolved { .. } => (t.tp_dissolved().into(), String::new(), vec![]),
        E::Closed { .. } => (t.tp_closed().into(), String::new(), vec![]),
        _ => return None,
    })
}
