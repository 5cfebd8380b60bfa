//! `GET /console/calls`: what a unit has to do in problems. `GET /console/whistles`: the record of both sides.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::console::{Cell, Nav, TablePage};
use crate::words::Lang;
use app::PlanPart;
use axum::extract::State;
use axum::http::StatusCode;
use domain::problems::{ApplicationState, CallState, ProblemState, TaskState};

fn kind(part: &PlanPart, t: Lang) -> &'static str {
    match part.kind.as_str() {
        "call" => t.part_call(),
        "task" => t.part_task(),
        "application" => t.part_application(),
        "duty" => t.part_duty(),
        _ => t.part_lead(),
    }
}

fn state(part: &PlanPart, t: Lang) -> &'static str {
    let key = part.state.as_str();
    let named = match part.kind.as_str() {
        "call" => CallState::from_key(key).map(|s| t.pick(s.zh(), s.en())),
        "task" => TaskState::from_key(key).map(|s| t.pick(s.zh(), s.en())),
        "application" => ApplicationState::from_key(key).map(|s| t.pick(s.zh(), s.en())),
        _ => ProblemState::from_key(key).map(|s| t.pick(s.zh(), s.en())),
    };
    named.unwrap_or_default()
}

/// Where on the page of the problem it stands.
fn place(part: &PlanPart) -> String {
    let at = match part.kind.as_str() {
        "call" => "#whistles".to_owned(),
        "task" => format!("#task-{}", part.part),
        "application" => "#applications".to_owned(),
        "duty" => "#duties".to_owned(),
        _ => String::new(),
    };
    format!("/console/problems/{}{at}", part.problem)
}

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let parts = match web.app.my_parts(&staff.who).await {
        Ok(parts) => parts,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let rows = parts
        .into_iter()
        .map(|(part, title)| {
            let due = part.due.map(|at| {
                let (left, _) = crate::view::console::time_left(at, now, t);
                Cell { late: at < now, ..Cell::text(format!("{} {left}", times::by(at, now, t))) }
            });
            vec![
                due.unwrap_or_default(),
                Cell::text(kind(&part, t)),
                Cell::link(part.what.clone(), place(&part)),
                Cell::text(state(&part, t)),
                Cell::text(title),
            ]
        })
        .collect();
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Calls)),
        title: t.calls_title().into(),
        hint: t.calls_hint().into(),
        empty: format!("{} {}", t.calls_empty(), t.calls_empty_hint()),
        head: [t.col_due(), t.job_kind(), t.col_task(), t.col_state(), t.col_problem()]
            .map(Into::into)
            .into(),
        rows,
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}

pub(super) async fn record(State(web): State<Web>, staff: Staff) -> Reply {
    let calls = match web.app.call_record(&staff.who).await {
        Ok(calls) => calls,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t, d) = (web.app.now(), staff.visitor.lang, web.app.directory());
    let rows = calls
        .into_iter()
        .map(|(c, title)| {
            let unit =
                d.unit(c.unit).map_or_else(|| format!("#{}", c.unit), |u| t.pick(&u.zh, &u.en).clone());
            let ended = c.call_state().is_some_and(CallState::is_final);
            let overdue = c.muster_due.is_some_and(|due| due < now);
            let (came, late) = match (c.mustered_at, c.muster_due) {
                (Some(at), Some(due)) if at <= due => (t.record_in_time(), false),
                (Some(_), _) => (t.record_late(), true),
                (None, _) if ended => ("", false),
                (None, _) if overdue => (t.record_not_come(), true),
                (None, _) => (t.record_not_yet(), false),
            };
            let state = if c.needless { t.call_needless() } else { state(&c, t) };
            vec![
                Cell::text(times::when(c.begun_at, now, t)),
                Cell::text(unit),
                Cell::link(c.what.clone(), place(&c)),
                Cell { late, ..Cell::text(came) },
                Cell { late: c.needless, ..Cell::text(state) },
                Cell::text(if c.climbed > 0 { t.call_climbed(c.climbed) } else { String::new() }),
                Cell::text(title),
            ]
        })
        .collect();
    let head = [
        t.col_called(),
        t.col_unit(),
        t.col_task(),
        t.col_came(),
        t.col_state(),
        t.col_notice(),
        t.col_problem(),
    ];
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Problems)),
        title: t.record_title().into(),
        hint: t.record_hint().into(),
        empty: t.record_empty().into(),
        head: head.map(Into::into).into(),
        rows,
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}
