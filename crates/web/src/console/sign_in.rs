//! `GET` and `POST /console/sign-in`, `POST /console/sign-out`.

use super::session::{COOKIE, Staff, is_same_site};
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, hex, see_other, with_cookie};
use crate::http::visitor::Visitor;
use crate::view::console::{SignIn, SignInTrouble};
use app::AppError;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use std::collections::HashMap;

pub(super) async fn get(
    State(web): State<Web>,
    v: Visitor,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let next = query.get("next").map_or("", String::as_str);
    let trouble = if query.contains_key("welcome") {
        Some(SignInTrouble::Welcome)
    } else {
        query.contains_key("ended").then_some(SignInTrouble::Ended)
    };
    page(&web, &v, "", next, trouble, StatusCode::OK)
}

fn page(
    web: &Web,
    v: &Visitor,
    login: &str,
    next: &str,
    trouble: Option<SignInTrouble>,
    status: StatusCode,
) -> Reply {
    let d = web.app.directory();
    let page = SignIn {
        lang: v.lang,
        district: v.lang.pick(&d.zh, &d.en).clone(),
        login: login.to_owned(),
        next: ours(next).to_owned(),
        csrf: String::new(),
        trouble,
    };
    console(status, &page)
}

/// A path of our own console, or nothing: never an address that leads elsewhere.
fn ours(next: &str) -> &str {
    let fits =
        next.starts_with("/console") && !next.contains("//") && !next.contains('\\') && next.is_ascii();
    if fits { next } else { "" }
}

pub(super) async fn post(State(web): State<Web>, v: Visitor, request: Request) -> Reply {
    if !is_same_site(request.headers()) {
        return page(&web, &v, "", "", Some(SignInTrouble::Ended), StatusCode::FORBIDDEN);
    }
    let device = device(request.headers().get(USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default());
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    let (login, next) = (fields.text("login").to_owned(), fields.text("next").to_owned());
    if let Err(minutes) = web.limits.sign_in(&v.sender(), web.app.now()) {
        return page(
            &web,
            &v,
            &login,
            &next,
            Some(SignInTrouble::Wait(minutes)),
            StatusCode::TOO_MANY_REQUESTS,
        );
    }
    let (app, password, totp) =
        (web.app.clone(), fields.text("password").to_owned(), fields.text("totp").to_owned());
    let typed = login.clone();
    let tried = tokio::task::spawn_blocking(move || app.sign_in(&typed, &password, &totp, &device)).await;
    match tried {
        Ok(Ok(token)) => {
            let to = if ours(&next).is_empty() { "/console" } else { ours(&next) };
            let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax{}", hex(&token), web.secure());
            with_cookie(see_other(to), &cookie)
        }
        Ok(Err(AppError::Invalid(_))) => {
            page(&web, &v, &login, &next, Some(SignInTrouble::Wrong), StatusCode::UNAUTHORIZED)
        }
        Ok(Err(e)) => web.failed(&v, &e),
        Err(e) => web.failed(&v, &AppError::Keys(e.to_string())),
    }
}

/// A browser's name for itself, in words that its owner knows.
fn device(agent: &str) -> String {
    let find =
        |names: &[(&'static str, &'static str)]| names.iter().find(|(n, _)| agent.contains(n)).map(|n| n.1);
    let browser = find(&[
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b}, {s}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().filter(|c| !c.is_control()).take(40).collect(),
    }
}

pub(super) async fn out(State(web): State<Web>, staff: Staff) -> Reply {
    let session = staff.who.session.to_vec();
    match web.app.end_session(&staff.who, session).await {
        Ok(()) | Err(AppError::NotFound) => with_cookie(
            see_other("/console/sign-in"),
            &format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        ),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_leads_nowhere_else() {
        assert_eq!(ours("/console/cases/7"), "/console/cases/7");
        for bad in
            ["https://evil.example", "//evil.example", "/console//evil.example", "/console\\evil", "/q/x", ""]
        {
            assert_eq!(ours(bad), "");
        }
    }

    #[test]
    fn devices_in_words() {
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(device(agent), "Chrome, Windows");
        assert_eq!(device("curl/8"), "curl/8");
    }
}
