//! What residents reach without an account: one file an endpoint.

mod code;
mod form;
mod home;
mod timeline;

use crate::Web;
use axum::Router;
use axum::routing::get;

/// The endpoints for residents.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route("/", get(home::get))
        .route("/q", get(code::typed))
        .route("/q/report", axum::routing::post(code::report))
        .route("/q/{code}", get(form::get).post(form::post))
        .route("/t/{token}", get(timeline::get).post(timeline::post))
}
