//! `GET /console`: my work today, by due time.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::console::{Nav, Today};
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;
use jiff::ToSpan;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
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
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let today = local_date(now);
    let days =
        work.cases.iter().map(|c| c.due.map_or(0, |d| i64::from((local_date(d.1) - today).get_days())));
    let rows: Vec<_> = web.rows(&work.cases, lang).into_iter().zip(days).collect();
    let mut page = Today {
        frame: web.staff_frame(&staff, Some(Nav::Today)),
        // Reckoned from far off, so that it is told as a date with its weekday.
        date: times::day(today, today.saturating_add(20.days()), lang),
        ..Today::default()
    };
    page.sort_in(rows);
    page.frame.late = u32::try_from(page.late.len()).unwrap_or(u32::MAX);
    page.frame.live = Some("/console/live".into());
    console(StatusCode::OK, &page)
}
