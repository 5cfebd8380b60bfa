//! `GET /assets/{name}`: style sheet and script, under names that change with their content; `GET /style`: the
//! components of the house, living.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::http::visitor::Visitor;
use crate::style;
use crate::view::console::StylePage;
use crate::view::resident::Trouble;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};

pub(super) async fn get(State(web): State<Web>, v: Visitor, Path(name): Path<String>) -> Reply {
    let Some(asset) = style::assets().into_iter().find(|a| a.href().strip_prefix("/assets/") == Some(&name))
    else {
        return web.trouble(&v, Trouble::NotFound);
    };
    let mut reply = Reply::new(Body::from(asset.body));
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    h.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    h.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    reply
}

pub(super) async fn style(State(web): State<Web>, staff: Staff) -> Reply {
    console(StatusCode::OK, &StylePage { frame: web.staff_frame(&staff, None) })
}
