//! The figures on the closing page of a problem, each with the events that it was counted from (invariant 8).

use super::{Problem, ProblemEvent, Recorded, TaskState};
use crate::cases::{Quantity, named};
use std::collections::BTreeMap;

named! {
    /// What is counted.
    FigureName {
        /// People who spoke.
        Voices "voices" "反映人数" "people who spoke",
        /// Units with a part in it.
        Units "units" "参与单位" "units with a part",
        /// Tasks done, of all that were not dropped.
        Tasks "tasks" "完成任务" "tasks done",
        /// Tasks done by the day that was promised last.
        TasksOnTime "tasks_on_time" "按时完成" "done on time",
        /// Applications granted whole, of all.
        Applications "applications" "报请同意" "applications granted",
        /// Called units that came, of all called and not released.
        Mustered "mustered" "到岗单位" "called units that came",
        /// Called units that came in time.
        MusteredInTime "mustered_in_time" "按时报到" "came in time",
        /// Levels that overdue calls climbed.
        Climbed "climbed" "逐级提醒" "levels climbed",
        /// Days of standing duties that were kept, of all that were written down.
        DutyDays "duty_days" "值守天数" "days on duty",
    }
}

/// A figure: so many, of so many where it is a share, and the events it was counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub name: FigureName,
    /// How many.
    pub count: u32,
    /// Of how many; `None` where it is no share.
    pub of: Option<u32>,
    /// The numbers of the events that it was counted from.
    pub events: Vec<u32>,
}

/// The figures of a problem, from its state and its events.
pub fn figures(p: &Problem, events: &[Recorded]) -> Vec<Figure> {
    use FigureName as N;
    use ProblemEvent as E;
    let of = |fits: &dyn Fn(&ProblemEvent) -> bool| -> Vec<u32> {
        events.iter().filter(|e| fits(&e.event)).map(|e| e.seq).collect()
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let tasks: Vec<_> = p.tasks.iter().filter(|t| t.state != TaskState::Dropped).collect();
    let done = tasks.iter().filter(|t| t.state == TaskState::Done).count();
    let on_time = tasks.iter().filter(|t| t.done_at.is_some_and(|at| at <= t.due)).count();
    let calls: Vec<_> = p
        .whistles
        .iter()
        .flat_map(|w| &w.calls)
        .filter(|c| !matches!(c.state, super::CallState::Released | super::CallState::CalledOff))
        .collect();
    let came = calls.iter().filter(|c| c.mustered_at.is_some()).count();
    let in_time = calls.iter().filter(|c| c.mustered_at.is_some_and(|at| at <= c.muster_due)).count();
    let granted = p.applications.iter().filter(|a| a.state == super::ApplicationState::Granted).count();
    let days = p.duties.iter().map(|d| d.days.len()).sum::<usize>();
    let kept = p.duties.iter().flat_map(|d| &d.days).filter(|d| d.1 == super::Attendance::Kept).count();
    let task_events = of(&|e| matches!(e, E::TaskDone { .. }));
    let muster_events = of(&|e| matches!(e, E::Mustered { .. }));
    let figure = |name, n: usize, whole: Option<usize>, events: Vec<u32>| Figure {
        name,
        count: count(n),
        of: whole.map(count),
        events,
    };
    let climbed = of(&|e| matches!(e, E::Climbed { .. }));
    let mut all = vec![
        Figure {
            name: N::Voices,
            count: p.voices(),
            of: None,
            events: of(&|e| matches!(e, E::CaseJoined { .. } | E::CaseLeft { .. })),
        },
        figure(
            N::Units,
            p.units().len(),
            None,
            of(&|e| {
                matches!(
                    e,
                    E::LeadChosen { .. }
                        | E::TaskSet { because: None, .. }
                        | E::Applied { .. }
                        | E::DutySet { .. }
                        | E::Whistled { .. }
                )
            }),
        ),
        figure(N::Tasks, done, Some(tasks.len()), task_events.clone()),
        figure(N::TasksOnTime, on_time, Some(done), task_events),
        figure(
            N::Applications,
            granted,
            Some(p.applications.len()),
            of(&|e| {
                matches!(
                    e,
                    E::Applied { .. }
                        | E::Granted { .. }
                        | E::GrantedInPart { .. }
                        | E::Refused { .. }
                        | E::AskedAgain { .. }
                )
            }),
        ),
        figure(N::Mustered, came, Some(calls.len()), muster_events.clone()),
        figure(N::MusteredInTime, in_time, Some(calls.len()), muster_events),
        figure(N::Climbed, climbed.len(), None, climbed),
        figure(N::DutyDays, kept, Some(days), of(&|e| matches!(e, E::DutyAttended { .. }))),
    ];
    // What nobody asked for is no figure.
    all.retain(|f| f.of != Some(0) && !(f.name == N::Climbed && f.count == 0));
    all
}

/// What was done, in quantities: those of tasks and of called units, added up by what they are of.
pub fn sums(p: &Problem) -> Vec<Quantity> {
    let tasks = p.tasks.iter().filter(|t| t.state == TaskState::Done).flat_map(|t| &t.quantities);
    let calls = p.whistles.iter().flat_map(|w| &w.calls).flat_map(|c| &c.quantities);
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for q in tasks.chain(calls) {
        *sums.entry(q.what.trim()).or_default() += thousandths(&q.amount).unwrap_or(0);
    }
    sums.into_iter().map(|(what, n)| Quantity { amount: written(n), what: what.to_owned() }).collect()
}

/// A decimal number of at most three places in thousandths: `12` is 12000, `2.5` is 2500.
pub(super) fn thousandths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 3 || !digits(whole) || !digits(part) {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 1_000 + format!("{part:0<3}").parse::<i64>().ok()?)
}

fn written(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
