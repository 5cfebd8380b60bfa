//! `GET /console/notices`, `/console/looks`, `/console/trail`: plain tables, and the same as spreadsheets.

use super::session::Staff;
use super::sheet::{MOST, Sheet};
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::console::{Cell, Nav, TablePage, Tool};
use crate::words::Lang;
use app::{AppError, Notice};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::notices::{About, What};
use std::collections::HashMap;

/// Rows on one page.
const PAGE: u32 = 50;

pub(super) async fn notices(State(web): State<Web>, staff: Staff) -> Reply {
    let notices = match web.app.notices(&staff.who, PAGE).await {
        Ok(notices) => notices,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let rows = notices
        .into_iter()
        .map(|n| {
            let (thing, told, late) = told(&n, t);
            vec![
                Cell::text(times::when(n.at, now, t)),
                Cell::link(thing, n.subject.path()),
                Cell { late, ..Cell::text(told) },
            ]
        })
        .collect();
    let tools = if may_somewhere(&staff.who.grants, Action::Export) {
        vec![Tool::export("/console/export/notices.xlsx", t)]
    } else {
        vec![]
    };
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Notices)),
        title: t.notices_title().into(),
        hint: t.notices_hint().into(),
        empty: t.notices_empty().into(),
        head: [t.col_when(), t.col_case(), t.col_notice()].map(Into::into).into(),
        rows,
        next: None,
        tools,
    };
    console(StatusCode::OK, &page)
}

pub(super) async fn looks(State(web): State<Web>, staff: Staff) -> Reply {
    let looks = match web.app.looks(&staff.who, PAGE).await {
        Ok(looks) => looks,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t, d) = (web.app.now(), staff.visitor.lang, web.app.directory());
    let rows = looks
        .into_iter()
        .map(|l| {
            vec![
                Cell::text(times::when(l.at, now, t)),
                Cell::text(d.staff_name(l.staff).map_or_else(|| format!("#{}", l.staff), str::to_owned)),
                // A list that was taken out is of no single case.
                if l.case.0 == 0 {
                    Cell::text(t.look_list())
                } else {
                    Cell::link(l.case.spoken(), format!("/console/cases/{}", l.case))
                },
                Cell::text(l.purpose),
            ]
        })
        .collect();
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Looks)),
        title: t.looks_title().into(),
        hint: t.looks_hint().into(),
        empty: t.looks_empty().into(),
        head: [t.col_when(), t.col_who(), t.col_case(), t.col_purpose()].map(Into::into).into(),
        rows,
        next: None,
        tools: vec![Tool::export("/console/export/looks.xlsx", t)],
    };
    console(StatusCode::OK, &page)
}

pub(super) async fn trail(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let before = query.get("after").and_then(|n| n.parse().ok());
    let events = match web.app.trail(&staff.who, before, PAGE).await {
        Ok(events) => events,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let next = events.last().filter(|e| e.id > 1).map(|e| format!("/console/trail?after={}", e.id));
    let rows = events
        .into_iter()
        .map(|e| {
            let at = jiff::Timestamp::from_millisecond(e.at_ms).unwrap_or(now);
            vec![
                Cell::text(times::when(at, now, t)),
                Cell::text(actor(&web, &e.actor, t)),
                Cell::text(event_name(&e.body)),
                Cell::text(format!("{} {} · {}", e.subject, e.subject_id, e.seq)),
            ]
        })
        .collect();
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Trail)),
        title: t.trail_title().into(),
        hint: t.trail_hint().into(),
        empty: t.trail_empty().into(),
        head: [t.col_when(), t.col_who(), t.col_event(), t.col_subject()].map(Into::into).into(),
        rows,
        next,
        tools: vec![Tool::export("/console/export/trail.xlsx", t)],
    };
    console(StatusCode::OK, &page)
}

/// Of what a notice is, what it says, and whether that is late or urgent.
fn told(n: &Notice, t: Lang) -> (String, String, bool) {
    let what = t.pick(n.what.zh(), n.what.en());
    let told = if n.levels > 0 { t.notice_climbed(what, n.levels) } else { what.to_owned() };
    let late = n.what.is_urgent() || matches!(n.what, What::Overdue | What::TaskLate);
    let thing = match n.subject.about {
        About::Case => n.subject.spoken(),
        about => format!("{} {}", t.pick(about.zh(), about.en()), n.subject.spoken()),
    };
    (thing, told, late)
}

fn sheet(name: &'static str, head: &[&str], rows: Vec<Vec<String>>) -> Sheet {
    Sheet { name, head: head.iter().map(|h| (*h).to_owned()).collect(), rows, of: vec![] }
}

pub(super) async fn notices_sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let t = staff.visitor.lang;
    let notices = web.app.notices(&staff.who, MOST).await?;
    let rows = notices.into_iter().map(|n| {
        let (thing, told, _) = told(&n, t);
        vec![times::exact(n.at), thing, told]
    });
    Ok(sheet("notices", &[t.col_when(), t.col_case(), t.col_notice()], rows.collect()))
}

pub(super) async fn looks_sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let (t, d) = (staff.visitor.lang, web.app.directory());
    let looks = web.app.looks(&staff.who, MOST).await?;
    let rows = looks.into_iter().map(|l| {
        let who = d.staff_name(l.staff).map_or_else(|| format!("#{}", l.staff), str::to_owned);
        let of = if l.case.0 == 0 { t.look_list().to_owned() } else { l.case.spoken() };
        vec![times::exact(l.at), who, of, l.purpose]
    });
    Ok(sheet("looks", &[t.col_when(), t.col_who(), t.col_case(), t.col_purpose()], rows.collect()))
}

pub(super) async fn trail_sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let t = staff.visitor.lang;
    let events = web.app.trail(&staff.who, None, MOST).await?;
    let rows = events.into_iter().map(|e| {
        let at = jiff::Timestamp::from_millisecond(e.at_ms).map(times::exact).unwrap_or_default();
        let of = format!("{} {} · {}", e.subject, e.subject_id, e.seq);
        vec![at, actor(web, &e.actor, t), event_name(&e.body), of]
    });
    Ok(sheet("trail", &[t.col_when(), t.col_who(), t.col_event(), t.col_subject()], rows.collect()))
}

/// The name of an event, and nothing of what was said in it.
fn event_name(body: &str) -> String {
    let after = body.split_once("\"event\":\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default().replace('_', " ")
}

fn actor(web: &Web, text: &str, t: Lang) -> String {
    match text {
        "resident" => t.actor_resident().into(),
        "system" => t.actor_system().into(),
        staff => {
            let id = staff.trim_start_matches("staff:").split('@').next().and_then(|n| n.parse().ok());
            let d = web.app.directory();
            id.and_then(|id| d.staff_name(domain::StaffId(id)))
                .map_or_else(|| staff.to_owned(), str::to_owned)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::event_name;

    #[test]
    fn an_event_is_named_and_not_told() {
        assert_eq!(event_name(r#"{"event":"first_contacted","note":"\"event\":\"x\""}"#), "first contacted");
        assert_eq!(event_name(r#"{"note":"x","event":"code_ended"}"#), "code ended");
        assert_eq!(event_name("{}"), "");
    }
}
