//! `GET /console`: my work today, by due time.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::console::{ErrandRow, Flash, Nav, Today};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;
use jiff::ToSpan;
use std::collections::HashMap;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<HashMap<String, String>>,
) -> Reply {
    show(&web, &staff, asked.contains_key("done"), None).await
}

/// An answer to a step that is given back: warning, step, what was typed, what is wrong.
pub(super) type GivenBack = (i64, usize, String, String);

/// The page; `done` after something was kept, `wrong` with an answer that was not.
pub(super) async fn show(web: &Web, staff: &Staff, done: bool, wrong: Option<GivenBack>) -> Reply {
    // Administrators see no case; their desk is another page.
    if !may_somewhere(&staff.who.grants, Action::SeeCase) {
        let to = [
            (Action::SeeSystem, "/console/system"),
            (Action::ManageStaff, "/console/rights"),
            (Action::SeeAudit, "/console/trail"),
        ]
        .into_iter()
        .find(|(action, _)| may_somewhere(&staff.who.grants, *action))
        .map_or("/console/account", |(_, to)| to);
        return see_other(to);
    }
    let work = match web.app.my_work(&staff.who).await {
        Ok(work) => work,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let errands = match web.app.errands(&staff.who).await {
        Ok(errands) => errands,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let today = local_date(now);
    let days =
        work.cases.iter().map(|c| c.due.map_or(0, |d| i64::from((local_date(d.1) - today).get_days())));
    let rows: Vec<_> = web.rows(&work.cases, lang).into_iter().zip(days).collect();
    let mut page = Today {
        frame: web.staff_frame(staff, Some(Nav::Today)),
        // Reckoned from far off, so that it is told as a date with its weekday.
        date: times::day(today, today.saturating_add(20.days()), lang),
        ..Today::default()
    };
    // What somebody else has answered meanwhile is not there any more: said at the head of the page.
    let there = |w: &GivenBack| errands.iter().any(|e| (e.warning, e.index) == (w.0, w.1));
    let gone = wrong.as_ref().filter(|w| !there(w)).map(|w| w.3.clone());
    for e in errands {
        let at = (e.warning, e.index);
        let back = wrong.as_ref().filter(|w| (w.0, w.1) == at);
        let subject = domain::subjects::by_code(&e.subject).map(|s| lang.pick(s.zh, s.en));
        page.errands.push(ErrandRow {
            at,
            what: super::budding::step(web, &e.step, today, lang),
            about: subject.map(|s| lang.errand_about(s)).unwrap_or_default(),
            said: back.map(|w| w.2.clone()).unwrap_or_default(),
            error: back.map(|w| w.3.clone()),
        });
    }
    page.sort_in(rows);
    let said = gone.or_else(|| done.then(|| lang.saved_action().to_owned()));
    page.frame.flash = said.map(|text| Flash { text, undo: None });
    page.frame.late = u32::try_from(page.late.len()).unwrap_or(u32::MAX);
    page.frame.live = Some("/console/live".into());
    console(if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}
