//! `/r/{token}`: what one registered, by the secret link; and `/r`: found again by telephone.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, resident, see_other};
use crate::http::visitor::Visitor;
use crate::times;
use crate::view::resident::Trouble;
use crate::view::resident::registration::{Answer, FindPage, MemberLine, MemberPage, OwnPage, Problem};
use crate::view::resident::registration_form::{answer, ask};
use crate::words::Lang;
use app::registrations::{Change, Member, Own, Whose};
use app::{App, AppError};
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use domain::RegistrationId;
use domain::cases::local_date;
use domain::registrations::Kind;
use domain::registrations::forms::Form;
use domain::registrations::life::{Event, State as S};
use domain::registrations::rent::{Origin, RoomKind, Tie};
use domain::registrations::residency::{Branch, TypedPerson};
use domain::registrations::tenancy::Role;
use std::collections::HashMap;

/// What is wrong, beside its field, from what the program said.
fn problem(e: &AppError, lang: Lang) -> Vec<Problem> {
    let at = match e {
        AppError::Invalid(i) => i.field.to_owned(),
        _ => String::new(),
    };
    vec![Problem { at, text: lang.pick(e.zh(), e.en()) }]
}

/// Whether what the program said is for the person, not for the log.
fn theirs(e: &AppError) -> bool {
    matches!(e, AppError::Invalid(_) | AppError::NotThisWay(_))
}

pub(crate) async fn get(
    State(web): State<Web>,
    v: Visitor,
    Path(token): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let banner = match query.get("said").map(String::as_str) {
        Some("saved") => Some(v.lang.reg_saved()),
        Some("again") => Some(v.lang.reg_code_sent()),
        Some(_) => Some(v.lang.reg_changed()),
        None => None,
    };
    own(&web, &v, &token, banner, vec![]).await
}

async fn own(
    web: &Web,
    v: &Visitor,
    token: &str,
    banner: Option<&'static str>,
    errors: Vec<Problem>,
) -> Reply {
    let own = match web.app.own_registration(token).await {
        Ok(own) => own,
        Err(AppError::NotFound) => return web.trouble(v, Trouble::DeadLink),
        Err(e) => return web.failed(v, &e),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lang = v.lang;
    let page = OwnPage {
        frame: web.frame(v),
        once: web.nonce(),
        token: token.to_owned(),
        kind: title(own.kind, lang),
        place: place(web, v, &own),
        // Before the code is given nothing is registered yet.
        banner: banner.filter(|_| !own.waits_for_code || banner == Some(lang.reg_code_sent())),
        waits: own.waits_for_code.then(|| own.phone.clone()),
        shown: own.shown_code.clone(),
        can_end: own.members.len() > 1 && own.members.iter().any(|m| can_end(m.registration.state)),
        members: own
            .members
            .iter()
            .map(|m| MemberLine {
                name: name(m),
                href: format!("/r/{token}/{}", m.registration.no),
                state: lang.pick(m.registration.state.zh(), m.registration.state.en()),
                told: told(web, m, lang),
            })
            .collect(),
        link: format!("{}/r/{token}", web.origin),
        errors,
    };
    resident(status, &page)
}

fn title(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Residency => lang.residency_title(),
        Kind::Tenancy => lang.tenancy_title(),
    }
}

fn place(web: &Web, v: &Visitor, own: &Own) -> String {
    own.doorway.as_ref().map(|d| web.place_in_full(v, d.place, &d.address)).unwrap_or_default()
}

fn name(m: &Member) -> String {
    match &m.content {
        Some(c) => c.masked("name"),
        None => App::spoken_registration(m.registration.no),
    }
}

fn can_end(state: S) -> bool {
    matches!(state, S::Pending | S::Verified | S::HandedOff | S::Failed)
}

/// What there is to know about one registration, a sentence each.
fn told(web: &Web, m: &Member, lang: Lang) -> Vec<String> {
    let (r, now) = (&m.registration, web.app.now());
    let mut out = Vec::new();
    let abroad = m.content.as_ref().is_some_and(|c| c.get("who") == "abroad");
    if abroad && matches!(r.state, S::Pending | S::Verified) {
        out.push(lang.reg_due_abroad(times::by(r.due, now, lang)));
    }
    if let (S::Failed, Some(why)) = (r.state, r.failed) {
        out.push(lang.reg_failed_because(lang.pick(why.zh(), why.en())));
    }
    if let Some(receipt) = &m.receipt {
        out.push(lang.reg_handed_to(receipt.authority.as_str(), times::when(receipt.at, now, lang)));
    }
    if let Some(until) = r.valid_until {
        out.push(lang.reg_valid_until(times::day(until, local_date(now), lang)));
    }
    match (m.delete_at, r.state) {
        (_, S::Deleted) => out.push(lang.reg_gone().to_owned()),
        (Some(at), _) => out.push(lang.reg_deleted_on(times::day(local_date(at), local_date(now), lang))),
        _ => {}
    }
    out
}

pub(crate) async fn post(
    State(web): State<Web>,
    v: Visitor,
    Path(token): Path<String>,
    request: Request,
) -> Reply {
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    if let Err(minutes) = web.limits.report(&token, &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let tap = format!("{token}/{}", fields.text("once"));
    if !fields.text("once").is_empty() && web.heard_before(&tap) {
        // The same button twice: the first was heard.
        return see_other(&format!("/r/{token}?said=changed"));
    }
    let today = local_date(web.app.now());
    let (done, said) = match fields.text("do") {
        "code" => (web.app.confirm_registration(&token, fields.text("code")).await, "saved"),
        "again" => (web.app.send_registration_code(&token).await, "again"),
        "moved" => (web.app.change_registration(&token, Whose::All, Change::End(today)).await, "moved"),
        _ => return web.trouble(&v, Trouble::BadRequest),
    };
    match done {
        Ok(()) => {
            web.now_heard(tap);
            see_other(&format!("/r/{token}?said={said}"))
        }
        Err(AppError::NotFound) => web.trouble(&v, Trouble::DeadLink),
        Err(e) if theirs(&e) => own(&web, &v, &token, None, problem(&e, v.lang)).await,
        Err(e) => web.failed(&v, &e),
    }
}

/// Everything that is held, for machines.
pub(crate) async fn copy(State(web): State<Web>, v: Visitor, Path(token): Path<String>) -> Reply {
    let text = match web.app.registration_copy(&token).await {
        Ok(text) => text,
        Err(AppError::NotFound) => return web.trouble(&v, Trouble::DeadLink),
        Err(e) => return web.failed(&v, &e),
    };
    let mut reply = Reply::new(text.into());
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    h.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"registration.json\""));
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

pub(crate) async fn member(
    State(web): State<Web>,
    v: Visitor,
    Path((token, no)): Path<(String, String)>,
) -> Reply {
    one(&web, &v, &token, &no, vec![]).await
}

async fn one(web: &Web, v: &Visitor, token: &str, no: &str, errors: Vec<Problem>) -> Reply {
    let own = match web.app.own_registration(token).await {
        Ok(own) => own,
        Err(AppError::NotFound) => return web.trouble(v, Trouble::DeadLink),
        Err(e) => return web.failed(v, &e),
    };
    let wanted = no.parse().ok().map(RegistrationId);
    let found = own.members.iter().find(|m| Some(m.registration.no) == wanted);
    let (Some(m), false) = (found, own.waits_for_code) else { return web.trouble(v, Trouble::NotFound) };
    let form = match web.app.newest_form(own.kind).await {
        Ok(form) => form.unwrap_or_else(|| Form::draft(own.kind)),
        Err(e) => return web.failed(v, &e),
    };
    let (lang, now, state) = (v.lang, web.app.now(), m.registration.state);
    let directory = web.app.directory();
    let rows = m.content.iter().flat_map(|c| {
        form.fields
            .iter()
            .filter(|f| !c.get(&f.key).is_empty())
            .map(|f| (lang.pick(&f.zh, &f.en).clone(), word(&f.key, &c.masked(&f.key), lang)))
    });
    let correctable = matches!(state, S::Pending | S::Verified | S::Failed) && m.content.is_some();
    let keys: &[&str] = match (correctable, own.kind) {
        (false, _) => &[],
        (true, Kind::Residency) => &["dwelling", "since", "who", "name", "id", "country"],
        (true, Kind::Tenancy) => &["dwelling", "name", "id"],
    };
    let mut asks: Vec<_> = keys
        .iter()
        .filter_map(|key| ask(&form, key, key, lang, "", answer(key, lang, "")))
        .map(|mut a| {
            a.optional = false;
            a.hint = None;
            a.error = errors.iter().find(|e| e.at == a.name).map(|e| e.text.clone());
            a
        })
        .collect();
    // The browser's own name is not always theirs.
    for a in &mut asks {
        if let Answer::Line(_, _, _, auto) = &mut a.answer {
            *auto = "off";
        }
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MemberPage {
        frame: web.frame(v),
        once: web.nonce(),
        token: token.to_owned(),
        no: m.registration.no.0,
        name: name(m),
        state: lang.pick(state.zh(), state.en()),
        told: told(web, m, lang),
        rows: rows.collect(),
        history: m
            .events
            .iter()
            .map(|e| (times::when(e.at, now, lang), event_word(&e.event, lang)))
            .collect(),
        looks: m
            .looks
            .iter()
            .map(|l| {
                let who = directory.staff_name(l.staff).unwrap_or_default();
                lang.reg_looked_line(times::when(l.at, now, lang), who, l.purpose.as_str())
            })
            .collect(),
        asks,
        can_end: can_end(state),
        can_renew: m.registration.accepted == Some(true) && matches!(state, S::HandedOff | S::Deleted),
        can_withdraw: !matches!(state, S::Deleted | S::Withdrawn),
        can_delete: state != S::Deleted,
        errors,
    };
    resident(status, &page)
}

/// A value in words, where the form has words for it.
pub(crate) fn word(key: &str, value: &str, lang: Lang) -> String {
    let known = match key {
        "who" => Branch::from_key(value).map(|b| lang.pick(b.zh(), b.en())),
        "role" => Role::from_key(value).map(|b| lang.pick(b.zh(), b.en())),
        "room" => RoomKind::from_key(value).map(|b| lang.pick(b.zh(), b.en())),
        "origin" => Origin::from_key(value).map(|b| lang.pick(b.zh(), b.en())),
        "tie" => Tie::from_key(value).map(|b| lang.pick(b.zh(), b.en())),
        "rented" if value == "yes" => Some(lang.reg_yes()),
        "rented" => Some(lang.reg_no()),
        _ => None,
    };
    known.map_or_else(|| value.to_owned(), str::to_owned)
}

fn event_word(e: &Event, t: Lang) -> &'static str {
    match e {
        Event::Declared { .. } => t.reg_event_declared(),
        Event::Confirmed => t.reg_event_confirmed(),
        Event::Verified => t.reg_event_verified(),
        Event::Failed { .. } => t.reg_event_failed(),
        Event::FoundDuplicate { .. } => t.reg_event_duplicate(),
        Event::Reopened => t.reg_event_reopened(),
        Event::Corrected => t.reg_event_corrected(),
        Event::HandedOff { .. } => t.reg_event_handed_off(),
        Event::Accepted { .. } => t.reg_event_accepted(),
        Event::Refused { .. } => t.reg_event_refused(),
        Event::Ended { .. } => t.reg_event_ended(),
        Event::Renewed { .. } => t.reg_event_renewed(),
        Event::Withdrawn => t.reg_event_withdrawn(),
        Event::ContentDeleted => t.reg_event_deleted(),
    }
}

pub(crate) async fn change(
    State(web): State<Web>,
    v: Visitor,
    Path((token, no)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let by_staff = web.in_staff_session(request.headers()).await;
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    if let Err(minutes) = web.limits.report(&token, &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let Some(id) = no.parse().ok().map(RegistrationId) else { return web.trouble(&v, Trouble::NotFound) };
    let today = local_date(web.app.now());
    let whose = Whose::One(id);
    let wanted = fields.text("do").to_owned();
    // Taking back and deleting is the person's own word; staff at the next window of the same browser are not them.
    if by_staff && matches!(wanted.as_str(), "withdraw" | "delete") {
        let mut reply = web.trouble(&v, Trouble::BadRequest);
        *reply.status_mut() = StatusCode::FORBIDDEN;
        return reply;
    }
    let tap = format!("{token}/{}", fields.text("once"));
    if !fields.text("once").is_empty() && web.heard_before(&tap) {
        return see_other(&format!("/r/{token}?said=changed"));
    }
    let done = match wanted.as_str() {
        "moved" => web.app.change_registration(&token, whose, Change::End(today)).await,
        "renew" => web.app.change_registration(&token, whose, Change::Renew).await,
        "withdraw" => web.app.change_registration(&token, whose, Change::Withdraw).await,
        "delete" => web.app.change_registration(&token, whose, Change::Delete).await,
        "correct" => {
            let text = |key: &str| fields.text(key).to_owned();
            let typed = TypedPerson {
                who: text("who"),
                name: text("name"),
                id: text("id"),
                country: text("country"),
                ..TypedPerson::default()
            };
            web.app.correct_registration(&token, id, typed, text("dwelling"), text("since")).await
        }
        _ => return web.trouble(&v, Trouble::BadRequest),
    };
    match done {
        Ok(()) => {
            web.now_heard(tap);
            see_other(&format!("/r/{token}?said=changed"))
        }
        Err(AppError::NotFound) => web.trouble(&v, Trouble::DeadLink),
        Err(e) if theirs(&e) => one(&web, &v, &token, &no, problem(&e, v.lang)).await,
        Err(e) => web.failed(&v, &e),
    }
}

fn find_page(web: &Web, v: &Visitor) -> FindPage {
    FindPage {
        frame: web.frame(v),
        once: web.nonce(),
        phone: String::new(),
        sent: false,
        shown: None,
        found: vec![],
        errors: vec![],
    }
}

pub(crate) async fn find(State(web): State<Web>, v: Visitor) -> Reply {
    resident(StatusCode::OK, &find_page(&web, &v))
}

pub(crate) async fn found(State(web): State<Web>, v: Visitor, request: Request) -> Reply {
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    if let Err(minutes) = web.limits.report("found again", &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let phone: String = fields.text("phone").chars().take(20).collect();
    let mut page = FindPage { phone: phone.clone(), ..find_page(&web, &v) };
    let done = if fields.text("do") == "open" {
        page.sent = true;
        web.app.found_by_phone(&phone, fields.text("code")).await.map(Some)
    } else {
        web.app.find_by_phone(&phone).await.map(|()| None)
    };
    match done {
        Ok(None) => {
            page.sent = true;
            let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
            page.shown = web.app.sender().shown(&digits);
        }
        Ok(Some(links)) => match links.as_slice() {
            [(link, _)] => return see_other(&format!("/r/{link}")),
            all => {
                page.found = all.iter().map(|(l, no)| (l.clone(), App::spoken_registration(*no))).collect();
            }
        },
        Err(e) if theirs(&e) => {
            page.errors = problem(&e, v.lang);
            return resident(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        Err(e) => return web.failed(&v, &e),
    }
    resident(StatusCode::OK, &page)
}
