//! `GET /console/calls`: what a unit has to do in problems. `GET /console/whistles`: the record of both sides.

use super::session::Staff;
use super::sheet::Sheet;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::console::{Cell, Nav, TablePage, Tool};
use crate::words::Lang;
use app::{AppError, PlanPart};
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::problems::{ApplicationState, CallState, ProblemState, TaskState};
use jiff::Timestamp;

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

/// How a table says moments: as one reads them, or whole, for a spreadsheet.
type Moment<'a> = &'a dyn Fn(Timestamp) -> String;

fn calls(web: &Web, parts: Vec<(PlanPart, String)>, t: Lang, by: Moment<'_>) -> Vec<Vec<Cell>> {
    let now = web.app.now();
    let row = |(part, title): (PlanPart, String)| {
        let due = part.due.map(|at| Cell { late: at < now, ..Cell::text(by(at)) });
        vec![
            due.unwrap_or_default(),
            Cell::text(kind(&part, t)),
            Cell::link(part.what.clone(), place(&part)),
            Cell::text(state(&part, t)),
            Cell::text(title),
        ]
    };
    parts.into_iter().map(row).collect()
}

fn calls_head(t: Lang) -> Vec<String> {
    [t.col_due(), t.job_kind(), t.col_task(), t.col_state(), t.col_problem()].map(Into::into).into()
}

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let by = |at| format!("{} {}", times::by(at, now, t), crate::view::console::time_left(at, now, t).0);
    let rows = match web.app.my_parts(&staff.who).await {
        Ok(parts) => calls(&web, parts, t, &by),
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Calls)),
        title: t.calls_title().into(),
        hint: t.calls_hint().into(),
        empty: format!("{} {}", t.calls_empty(), t.calls_empty_hint()),
        head: calls_head(t),
        tools: tools("/console/export/calls.xlsx", &staff, rows.is_empty()),
        rows,
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}

/// What the unit has to do, as a spreadsheet.
pub(super) async fn calls_sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let t = staff.visitor.lang;
    let rows = calls(web, web.app.my_parts(&staff.who).await?, t, &times::exact);
    Ok(sheet("calls", calls_head(t), rows))
}

fn tools(export: &str, staff: &Staff, empty: bool) -> Vec<Tool> {
    if empty || !may_somewhere(&staff.who.grants, Action::Export) {
        return vec![];
    }
    vec![Tool::export(export, staff.visitor.lang)]
}

fn sheet(name: &'static str, head: Vec<String>, rows: Vec<Vec<Cell>>) -> Sheet {
    let texts = |row: Vec<Cell>| row.into_iter().map(|c| c.text).collect();
    Sheet { name, head, rows: rows.into_iter().map(texts).collect(), of: vec![] }
}

fn whistles(web: &Web, calls: Vec<(PlanPart, String)>, t: Lang, when: Moment<'_>) -> Vec<Vec<Cell>> {
    let (now, d) = (web.app.now(), web.app.directory());
    let row = |(c, title): (PlanPart, String)| {
        let unit = d.unit(c.unit).map_or_else(|| format!("#{}", c.unit), |u| t.pick(&u.zh, &u.en).clone());
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
            Cell::text(when(c.begun_at)),
            Cell::text(unit),
            Cell::link(c.what.clone(), place(&c)),
            Cell { late, ..Cell::text(came) },
            Cell { late: c.needless, ..Cell::text(state) },
            Cell::text(if c.climbed > 0 { t.call_climbed(c.climbed) } else { String::new() }),
            Cell::text(title),
        ]
    };
    calls.into_iter().map(row).collect()
}

fn whistles_head(t: Lang) -> Vec<String> {
    [t.col_called(), t.col_unit(), t.col_task(), t.col_came(), t.col_state(), t.col_notice(), t.col_problem()]
        .map(Into::into)
        .into()
}

pub(super) async fn record(State(web): State<Web>, staff: Staff) -> Reply {
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let rows = match web.app.call_record(&staff.who).await {
        Ok(record) => whistles(&web, record, t, &|at| times::when(at, now, t)),
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Problems)),
        title: t.record_title().into(),
        hint: t.record_hint().into(),
        empty: t.record_empty().into(),
        head: whistles_head(t),
        tools: tools("/console/export/whistles.xlsx", &staff, rows.is_empty()),
        rows,
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}

/// The record of whistles, as a spreadsheet.
pub(super) async fn whistles_sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let t = staff.visitor.lang;
    let rows = whistles(web, web.app.call_record(&staff.who).await?, t, &times::exact);
    Ok(sheet("whistles", whistles_head(t), rows))
}
