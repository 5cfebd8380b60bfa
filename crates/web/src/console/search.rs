//! `GET /console/search?q=`: words of two characters and more, or a number.

use super::list::query;
use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::view::console::{Nav, SearchPage};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::CaseNo;
use domain::access::{Action, may_somewhere};
use std::collections::BTreeMap;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Reply {
    let q: String = asked.get("q").map(|q| q.trim().chars().take(100).collect()).unwrap_or_default();
    let before = asked.get("after").and_then(|n| n.parse().ok()).map(CaseNo);
    let found = match web.app.search(&staff.who, &q, before).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    if let (Some(no), [one]) = (CaseNo::parse_spoken(&q), &found.cases[..])
        && one.no == no
    {
        return see_other(&format!("/console/cases/{no}"));
    }
    let next = found
        .cases
        .last()
        .filter(|_| found.more)
        .map(|c| format!("/console/search?{}", query(&asked, &[("after", &c.no.to_string())])));
    let page = SearchPage {
        frame: web.staff_frame(&staff, Some(Nav::Search)),
        rows: web.rows(&found.cases, staff.visitor.lang),
        export: may_somewhere(&staff.who.grants, Action::Export),
        also: app::alike_words(&q),
        q,
        next,
    };
    console(StatusCode::OK, &page)
}
