//! What staff reach after signing in: one file an endpoint.

mod account;
mod act;
mod assets;
mod budding;
mod budding_figures;
mod burden;
mod calls;
mod case;
mod codes;
mod doorway;
mod invite;
mod list;
mod live;
mod matters;
mod meetings;
mod new_case;
mod offices;
mod places;
mod precincts;
mod problem;
mod reading;
mod registration;
mod registration_office;
mod rights;
mod rows;
mod search;
mod session;
mod sheet;
mod sign_in;
mod system;
mod telling;
mod today;

use crate::Web;
use axum::Router;
use axum::routing::{get, post};

/// The endpoints for staff.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route("/assets/{name}", get(assets::get))
        .route("/style", get(assets::style))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/console/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/console/sign-out", post(sign_in::out))
        .route("/invite/{token}", get(invite::get).post(invite::post))
        .route("/console", get(today::get))
        .route("/console/live", get(live::get))
        .route("/console/cases", get(list::get))
        .route("/console/cases.xlsx", get(sheet::cases_xlsx))
        .route("/console/export/{list}", get(sheet::get))
        .route("/console/views", post(list::save_view))
        .route("/console/views/{id}/delete", post(list::drop_view))
        .route("/console/cases/{no}", get(case::get))
        .route("/console/cases/{no}/photo/{voice}", get(case::photo))
        .route("/console/cases/{no}/unmask", post(act::unmask))
        .route("/console/cases/{no}/opinion", post(act::opinion))
        .route("/console/cases/{no}/{action}", post(act::post))
        .route("/console/new", get(new_case::get).post(new_case::post))
        .route("/console/doorways", get(new_case::doorways))
        .route("/console/doorways/{doorway}", get(doorway::get))
        .route("/console/doorways/{doorway}/{action}", post(doorway::post))
        .route("/console/places", get(places::get))
        .route("/console/search", get(search::get))
        .route("/console/problems", get(problem::board).post(problem::open))
        .route("/console/problems/new", get(problem::new))
        .route("/console/problems/{id}", get(problem::get))
        .route("/console/problems/{id}/{action}", post(problem::act))
        .route("/console/budding", get(budding::get))
        .route("/console/budding/figures", get(budding_figures::get))
        .route("/console/budding/alarms", post(budding::alarms))
        .route("/console/budding/{id}/{action}", post(budding::post))
        .route("/console/budding/{id}/steps/{step}", post(budding::say))
        .route("/console/precincts", get(precincts::get))
        .route("/console/precincts/search", post(precincts::ask))
        .route("/console/precincts/search/{id}", get(precincts::found))
        .route("/console/precincts/drafts", post(precincts::open))
        .route("/console/precincts/drafts/{id}", get(precincts::draft))
        .route("/console/precincts/drafts/{id}/{action}", post(precincts::act))
        .route("/console/matters", get(matters::get))
        .route("/console/reading", get(reading::get))
        .route("/console/reading/{case}/forget", post(reading::forget))
        .route("/console/calls", get(calls::get))
        .route("/console/whistles", get(calls::record))
        .route("/console/meetings", get(meetings::list).post(meetings::open))
        .route("/console/meetings/{id}", get(meetings::get))
        .route("/console/meetings/{id}/{action}", post(meetings::decide))
        .route("/console/codes", get(codes::get))
        .route("/console/codes/print", post(codes::print))
        .route("/console/codes/runs/{id}", get(codes::run))
        .route("/console/codes/runs/{id}/{name}", get(codes::file))
        .route("/console/codes/{name}", get(codes::one))
        .route("/console/codes/{doorway}/{kind}/{action}", post(codes::change))
        .route("/console/account", get(account::get))
        .route("/console/account/notices", get(telling::get).post(telling::post))
        .route("/console/account/sessions/{id}/end", post(account::end))
        .route("/console/notices", get(offices::notices))
        .route("/console/looks", get(offices::looks))
        .route("/console/trail", get(offices::trail))
        .route("/console/rights", get(rights::get))
        .route("/console/rights/new", axum::routing::post(rights::new_account))
        .route("/console/rights/{id}/{action}", axum::routing::post(rights::post))
        .route("/console/registrations", get(registration::get))
        .route("/console/registrations/looks", get(registration_office::looks))
        .route("/console/registrations/sums", get(registration_office::sums))
        .route(
            "/console/registrations/forms",
            get(registration_office::forms).post(registration_office::publish),
        )
        .route(
            "/console/registrations/hand-off",
            get(registration_office::hand_offs).post(registration_office::hand_off),
        )
        .route("/console/registrations/hand-off/{id}/{action}", post(registration_office::batch))
        .route("/console/registrations/{id}", get(registration::record))
        .route("/console/registrations/{id}/{action}", post(registration::post))
        .route("/console/system", get(system::get))
        .route("/console/burden", get(burden::get).post(burden::post))
}
