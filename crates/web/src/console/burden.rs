//! `GET` and `POST /console/burden`: "this should not be asked of me", from the foot of every page.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::console::{BurdenItem, BurdenPage, StaffWrong};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use std::collections::HashMap;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let page = BurdenPage {
        page: query.get("page").map(|p| p.chars().take(200).collect()).unwrap_or_default(),
        sent: query.contains_key("sent"),
        ..BurdenPage::default()
    };
    show(&web, &staff, page, StatusCode::OK).await
}

async fn show(web: &Web, staff: &Staff, page: BurdenPage, status: StatusCode) -> Reply {
    let mine = match web.app.burdens(&staff.who).await {
        Ok(mine) => mine,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let page = BurdenPage {
        frame: web.staff_frame(staff, None),
        once: web.nonce(),
        mine: mine
            .into_iter()
            .map(|b| BurdenItem {
                when: times::when(b.at, now, lang),
                page: b.page,
                text: b.text,
                answer: b.answer,
            })
            .collect(),
        ..page
    };
    console(status, &page)
}

pub(super) async fn post(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let page: String = fields.text("page").chars().take(200).collect();
    let (text, minutes) = (fields.text("text").trim().to_owned(), fields.text("minutes").trim().to_owned());
    if text.is_empty() {
        let page = BurdenPage {
            page,
            minutes,
            errors: vec![StaffWrong::BurdenMissing.tell(staff.visitor.lang)],
            ..BurdenPage::default()
        };
        return show(&web, &staff, page, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let tap = format!("burden/{}", fields.text("once"));
    if !fields.text("once").is_empty() && web.heard_before(&tap) {
        return see_other("/console/burden?sent=1");
    }
    match web.app.say_burden(&staff.who, &page, &text, minutes.parse().ok()).await {
        Ok(()) => {
            web.now_heard(tap);
            see_other("/console/burden?sent=1")
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
