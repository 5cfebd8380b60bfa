//! `GET` and `POST /invite/{token}`: a new account becomes its owner's.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, see_other};
use crate::http::visitor::Visitor;
use crate::view::FieldError;
use crate::view::console::InvitePage;
use crate::view::resident::Trouble;
use app::{AppError, Welcome};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;

const BASE32: base32::Alphabet = base32::Alphabet::Rfc4648 { padding: false };

pub(super) async fn get(State(web): State<Web>, v: Visitor, Path(token): Path<String>) -> Reply {
    match web.app.welcome(&token).await {
        Ok(welcome) => page(&web, &v, &token, Some(&welcome), vec![], StatusCode::OK),
        Err(AppError::NotFound) => page(&web, &v, "", None, vec![], StatusCode::NOT_FOUND),
        Err(e) => web.failed(&v, &e),
    }
}

fn page(
    web: &Web,
    v: &Visitor,
    token: &str,
    welcome: Option<&Welcome>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Reply {
    let d = web.app.directory();
    let page = InvitePage {
        lang: v.lang,
        district: v.lang.pick(&d.zh, &d.en).clone(),
        token: token.to_owned(),
        login: welcome.map(|w| w.login.clone()).unwrap_or_default(),
        name: welcome.map(|w| w.name.clone()).unwrap_or_default(),
        secret: welcome.map(|w| base32::encode(BASE32, &w.secret)).unwrap_or_default(),
        errors,
    };
    console(status, &page)
}

pub(super) async fn post(
    State(web): State<Web>,
    v: Visitor,
    Path(token): Path<String>,
    request: Request,
) -> Reply {
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    // A password's hash is work: as many as sign-ins, no more.
    if let Err(minutes) = web.limits.sign_in(&v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let mut welcome = match web.app.welcome(&token).await {
        Ok(welcome) => welcome,
        Err(AppError::NotFound) => return page(&web, &v, "", None, vec![], StatusCode::NOT_FOUND),
        Err(e) => return web.failed(&v, &e),
    };
    // The secret that the page showed; one that was lost on the way is offered anew, and then no code fits yet.
    if let Some(shown) = base32::decode(BASE32, fields.text("secret")).and_then(|s| s.try_into().ok()) {
        welcome.secret = shown;
    }
    let (app, secret, link) = (web.app.clone(), welcome.secret, token.clone());
    let text = |name: &str| fields.text(name).to_owned();
    let (password, again, code) = (text("password"), text("again"), text("totp"));
    let taken = move || app.take_invitation(&link, &password, &again, &secret, &code);
    match tokio::task::spawn_blocking(taken).await {
        Ok(Ok(_)) => see_other("/console/sign-in?welcome=1"),
        Ok(Err(AppError::Invalid(i))) => {
            let errors = vec![FieldError { field: i.field, text: v.lang.pick(i.zh, i.en) }];
            page(&web, &v, &token, Some(&welcome), errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Ok(Err(AppError::NotFound)) => page(&web, &v, "", None, vec![], StatusCode::NOT_FOUND),
        Ok(Err(e)) => web.failed(&v, &e),
        Err(e) => web.failed(&v, &AppError::Keys(e.to_string())),
    }
}
