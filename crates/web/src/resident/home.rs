//! `GET /`: type in a code by hand, or sign in.

use crate::Web;
use crate::http::page::{Reply, resident};
use crate::http::visitor::Visitor;
use crate::view::resident::{CodeRefused, CodeTrouble};
use axum::extract::State;
use axum::http::StatusCode;

pub(crate) async fn get(State(web): State<Web>, v: Visitor) -> Reply {
    let page = CodeRefused {
        frame: web.frame(&v),
        why: CodeTrouble::Malformed,
        code: String::new(),
        domain: web.app.directory().domain.clone(),
        once: web.nonce(),
        place: String::new(),
        errors: vec![],
    };
    resident(StatusCode::OK, &page)
}
