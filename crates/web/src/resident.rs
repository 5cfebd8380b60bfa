//! What residents reach without an account: one file an endpoint.

mod code;
mod form;
mod home;
mod registration;
mod registration_own;
mod timeline;

pub(crate) use registration_own::word as registration_word;

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
        .route("/r", get(registration_own::find).post(registration_own::found))
        .route("/r/{token}", get(registration_own::get).post(registration_own::post))
        .route("/r/{token}/copy", get(registration_own::copy))
        .route("/r/{token}/{no}", get(registration_own::member).post(registration_own::change))
        .route("/t/{token}", get(timeline::get).post(timeline::post))
}
