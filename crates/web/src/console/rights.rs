//! `GET /console/rights` and `POST /console/rights/{id}/{action}`: roles given and taken, second factors reset,
//! owners invited, accounts ended.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::view::FieldError;
use crate::view::console::{AccountRow, Choice, GrantRow, Nav, RightsPage, StaffTrouble, role_name};
use app::{AppError, Right};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::StaffId;
use domain::access::{Grant, Role};
use std::collections::HashMap;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let q = query.get("q").map_or("", |q| q.trim());
    show(&web, &staff, q, None, vec![], StatusCode::OK).await
}

async fn show(
    web: &Web,
    staff: &Staff,
    q: &str,
    secret: Option<(String, String)>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Reply {
    let found = match web.app.accounts(&staff.who, q).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let t = staff.visitor.lang;
    let page = RightsPage {
        frame: web.staff_frame(staff, Some(Nav::Rights)),
        q: q.to_owned(),
        accounts: found
            .into_iter()
            .map(|a| AccountRow {
                id: a.id.0,
                own: a.id == staff.who.staff,
                login: a.login,
                name: a.name,
                grants: a.grants.iter().map(|g| grant_row(web, staff, g)).collect(),
            })
            .collect(),
        roles: Role::ALL.iter().map(|r| Choice::new(r.key(), role_name(*r, t), "")).collect(),
        secret,
        errors,
    };
    console(status, &page)
}

fn grant_row(web: &Web, staff: &Staff, g: &Grant) -> GrantRow {
    GrantRow {
        told: web.post_of(&staff.visitor, g),
        role: g.role.key().to_owned(),
        place: g.place.map(|p| p.to_string()).unwrap_or_default(),
        unit: g.unit.map(|u| u.to_string()).unwrap_or_default(),
    }
}

pub(super) async fn post(
    State(web): State<Web>,
    staff: Staff,
    Path((id, action)): Path<(i64, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let id = StaffId(id);
    let grant = || web.app.grant(fields.text("role"), fields.text("place"), fields.text("unit"));
    let done = match action.as_str() {
        "give" => match grant() {
            Ok(g) => web.app.change_rights(&staff.who, id, Right::Give(g)).await,
            Err(e) => Err(e),
        },
        "take" => match grant() {
            Ok(g) => web.app.change_rights(&staff.who, id, Right::Take(g)).await,
            Err(e) => Err(e),
        },
        "end" => web.app.change_rights(&staff.who, id, Right::End).await,
        "factor" => match web.app.reset_second_factor(&staff.who, id).await {
            Ok(secret) => {
                let name = web.app.directory().staff_name(id).unwrap_or_default().to_owned();
                let told = Some((staff.visitor.lang.factor_new(&name), spelt(&secret)));
                return show(&web, &staff, &name, told, vec![], StatusCode::OK).await;
            }
            Err(e) => Err(e),
        },
        "invite" => match web.app.invite(&staff.who, id).await {
            Ok(made) => {
                let told = Some((
                    staff.visitor.lang.invite_new(&made.name),
                    format!("{}/invite/{}", web.origin, made.token),
                ));
                return show(&web, &staff, &made.login, told, vec![], StatusCode::OK).await;
            }
            Err(e) => Err(e),
        },
        _ => return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
    };
    let name = web.app.directory().staff_name(id).unwrap_or_default().to_owned();
    match done {
        Ok(()) => see_other(&format!(
            "/console/rights?{}",
            super::list::query(&HashMap::new().into_iter().collect(), &[("q", &name)])
        )),
        Err(AppError::Invalid(i)) => {
            let error = FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) };
            show(&web, &staff, &name, None, vec![error], StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// A secret as authenticators take it.
fn spelt(secret: &[u8]) -> String {
    base32::encode(base32::Alphabet::Rfc4648 { padding: false }, secret)
}

pub(super) async fn new_account(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    match web.app.new_account(&staff.who, fields.text("login"), fields.text("name")).await {
        Ok(made) => {
            let told = Some((
                staff.visitor.lang.factor_new(&made.login),
                format!("{} · {}", made.password, spelt(&made.secret)),
            ));
            show(&web, &staff, &made.login, told, vec![], StatusCode::OK).await
        }
        Err(AppError::Invalid(i)) => {
            let error = FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) };
            show(&web, &staff, "", None, vec![error], StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
