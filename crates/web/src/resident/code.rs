//! `GET /q?code=` for a code typed by hand, `POST /q/report` for telling where a bad one hangs, and the page
//! behind a code that opens nothing.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, resident, see_other, unhex};
use crate::http::visitor::Visitor;
use crate::view::resident::{CodeRefused as Page, CodeReported, CodeTrouble, Trouble, Wrong};
use app::{CodeRefused, Incoming};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use std::collections::HashMap;

pub(crate) async fn typed(Query(query): Query<HashMap<String, String>>) -> Reply {
    let code: String = query
        .get("code")
        .map(|c| c.chars().filter(char::is_ascii_alphanumeric).take(40).collect())
        .unwrap_or_default();
    see_other(&if code.is_empty() { "/".to_owned() } else { format!("/q/{}", code.to_ascii_lowercase()) })
}

/// The page behind a code that opens nothing.
pub(crate) fn refused(web: &Web, v: &Visitor, code: &str, why: CodeRefused) -> Reply {
    let (status, why) = match why {
        CodeRefused::Malformed => (StatusCode::NOT_FOUND, CodeTrouble::Malformed),
        CodeRefused::Foreign => (StatusCode::NOT_FOUND, CodeTrouble::Foreign),
        CodeRefused::Forged => (StatusCode::FORBIDDEN, CodeTrouble::Forged),
        CodeRefused::Revoked => (StatusCode::GONE, CodeTrouble::Revoked { place: String::new() }),
    };
    let page = Page {
        frame: web.frame(v),
        why,
        code: code.chars().take(40).collect(),
        domain: web.app.directory().domain.clone(),
        once: web.nonce(),
        place: String::new(),
        errors: vec![],
    };
    resident(status, &page)
}

/// Somebody tells where a bad code hangs: a case of its own, for the district's office.
pub(crate) async fn report(State(web): State<Web>, v: Visitor, request: Request) -> Reply {
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    if let Err(minutes) = web.limits.report("bad code", &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let place = fields.text("where").trim().to_owned();
    let code: String = fields.text("code").chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    if place.is_empty() {
        let page = Page {
            frame: web.frame(&v),
            why: CodeTrouble::Malformed,
            code,
            domain: web.app.directory().domain.clone(),
            once: web.nonce(),
            place,
            errors: vec![Wrong::WhereMissing.tell(v.lang)],
        };
        return resident(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let incoming = Incoming {
        text: v.lang.reported_code_text(code),
        detail: place.chars().take(app::LONGEST_LINE).collect(),
        submission: unhex(fields.text("once")).unwrap_or_else(|| web.fresh()),
        ..Incoming::default()
    };
    match web.app.report(incoming).await {
        Ok(_) => resident(StatusCode::OK, &CodeReported { frame: web.frame(&v) }),
        Err(e) => web.failed(&v, &e),
    }
}
