//! `/console/registrations`: the verification desk, and one record.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::registration::{DeskPage, DeskRow, DeskVisit, RecordPage, RecordPart};
use crate::view::console::{Flash, Frame, Nav, StaffTrouble, Undo};
use crate::words::Lang;
use app::registrations::{Desk, Record, Step, Visit};
use app::{App, AppError};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::RegistrationId;
use domain::access::{Action, may_somewhere};
use domain::registrations::Content;
use domain::registrations::forms::Form;
use domain::registrations::life::{FailReason, Registration, State as S};
use domain::registrations::rent::Verdict;
use std::collections::HashMap;

/// The states that the desk lists.
const LISTED: [S; 7] =
    [S::Pending, S::Verified, S::Failed, S::Duplicate, S::HandedOff, S::Ended, S::Withdrawn];

/// The other pages of this part that a person may open.
pub(super) fn links(staff: &Staff) -> Vec<(&'static str, &'static str)> {
    let (t, may) = (staff.visitor.lang, |a| may_somewhere(&staff.who.grants, a));
    [
        (Action::HandOff, "/console/registrations/hand-off", t.hand_title()),
        (Action::SeeSums, "/console/registrations/sums", t.sums_title()),
        (Action::PublishForms, "/console/registrations/forms", t.forms_title()),
        (Action::VerifyRegistrations, "/console/registrations/looks", t.looks_outside()),
    ]
    .into_iter()
    .filter(|(action, ..)| may(*action))
    .map(|(_, href, word)| (href, word))
    .collect()
}

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let links = links(&staff);
    // Who verifies nowhere has another desk.
    if !may_somewhere(&staff.who.grants, Action::VerifyRegistrations) {
        return match links.first() {
            Some((href, _)) => see_other(href),
            None => web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::Forbidden),
        };
    }
    let state = query.get("state").and_then(|s| S::from_key(s)).filter(|s| LISTED.contains(s));
    let state = state.unwrap_or(S::Pending);
    let desk = match web.app.registration_desk(&staff.who, state).await {
        Ok(desk) => desk,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let mut frame = web.staff_frame(&staff, Some(Nav::Registrations));
    frame.flash = flash(&query, staff.visitor.lang);
    console(StatusCode::OK, &page(&web, frame, desk, links))
}

/// What was just done, with the way back.
fn flash(query: &HashMap<String, String>, t: Lang) -> Option<Flash> {
    let no: i64 = query.get("no")?.parse().ok()?;
    let text = match query.get("done")?.as_str() {
        "verify" => t.desk_as_declared(),
        "fail" => t.desk_not_verified(),
        "duplicate" => t.desk_duplicate(),
        _ => return Some(Flash { text: t.desk_reopen().into(), undo: None }),
    };
    let action = format!("/console/registrations/{no}/reopen");
    let spoken = App::spoken_registration(RegistrationId(no));
    Some(Flash { text: format!("{spoken} {text}"), undo: Some(Undo { action }) })
}

fn page(web: &Web, frame: Frame, desk: Desk, links: Vec<(&'static str, &'static str)>) -> DeskPage {
    let t = frame.lang;
    let count = |s: S| desk.counts.iter().find(|(k, _)| *k == s).map_or(0, |(_, n)| *n);
    let visits = |all: Vec<Visit>| all.into_iter().map(|v| visit(web, v, desk.state, t)).collect::<Vec<_>>();
    let groups = [(t.desk_soon(), visits(desk.soon)), (t.desk_route(), visits(desk.route))];
    DeskPage {
        states: LISTED.map(|s| (s.key(), t.pick(s.zh(), s.en()), count(s), s == desk.state)).into(),
        links,
        verify: desk.state == S::Pending,
        reopen: matches!(desk.state, S::Verified | S::Failed | S::Duplicate),
        groups: groups.into_iter().filter(|(_, v)| !v.is_empty()).collect(),
        more: desk.more,
        frame,
    }
}

fn visit(web: &Web, v: Visit, state: S, t: Lang) -> DeskVisit {
    let left = web.app.hours_until(v.due);
    let due = match (state, left) {
        (S::Pending | S::Verified, 0..48) => (t.desk_hours(left), left < 4),
        (S::Pending | S::Verified, ..0) => (t.desk_over(-left), true),
        (S::Pending | S::Verified, _) => (times::by(v.due, web.app.now(), t), false),
        _ => (String::new(), false),
    };
    DeskVisit {
        place: format!("{} {}", v.doorway.address, v.dwelling),
        due,
        rows: v
            .entries
            .into_iter()
            .map(|e| {
                let mut line = t.pick(e.registration.kind.zh(), e.registration.kind.en()).to_owned();
                if e.abroad {
                    line += " · ";
                    line += t.desk_abroad();
                }
                if let Some(no) = e.same_as {
                    line += " · ";
                    line += &t.desk_same_as(App::spoken_registration(no));
                }
                let no = e.registration.no;
                DeskRow { no: no.0, spoken: App::spoken_registration(no), name: e.name, line }
            })
            .collect(),
        questions: v.questions.into_iter().map(|q| t.pick(q.zh(), q.en())).collect(),
    }
}

pub(super) async fn record(State(web): State<Web>, staff: Staff, Path(no): Path<String>) -> Reply {
    let Ok(no) = no.parse().map(RegistrationId) else {
        return web.staff_failed(&staff, &AppError::NotFound);
    };
    open(&web, &staff, no, None, vec![]).await
}

/// Opens a record; where a purpose must be stated first, asks for it.
async fn open(
    web: &Web,
    staff: &Staff,
    no: RegistrationId,
    purpose: Option<&str>,
    errors: Vec<FieldError>,
) -> Reply {
    let frame = web.staff_frame(staff, Some(Nav::Registrations));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match web.app.open_record(&staff.who, no, purpose).await {
        Ok(record) => console(status, &record_page(web, frame, record, errors)),
        Err(AppError::Invalid(i)) => {
            let t = frame.lang;
            let errors = match purpose {
                Some(_) => vec![FieldError { field: i.field, text: t.pick(i.zh, i.en) }],
                None => vec![],
            };
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            console(status, &RecordPage { ask: Some(no.0), errors, ..empty(frame) })
        }
        Err(e) => web.staff_failed(staff, &e),
    }
}

fn empty(frame: Frame) -> RecordPage {
    RecordPage {
        frame,
        place: String::new(),
        ask: None,
        opened: vec![],
        beside: vec![],
        questions: vec![],
        rent: vec![],
        looks: vec![],
        reasons: vec![],
        errors: vec![],
    }
}

fn record_page(web: &Web, frame: Frame, r: Record, errors: Vec<FieldError>) -> RecordPage {
    let (t, now, d) = (frame.lang, web.app.now(), web.app.directory());
    let flat = r.opened.iter().find_map(|(_, c)| c.as_ref()).map(|c| c.get("dwelling").to_owned());
    let address = r.doorway.map(|d| d.address).unwrap_or_default();
    let parts = |some: Vec<(Registration, Option<Content>)>, act: bool| {
        some.into_iter().map(|(r, c)| part(&r, c.as_ref(), act, t)).collect()
    };
    RecordPage {
        place: format!("{address} {}", flat.unwrap_or_default()),
        ask: None,
        opened: parts(r.opened, r.may_verify),
        beside: parts(r.beside, false),
        questions: r.questions.into_iter().map(|q| t.pick(q.zh(), q.en())).collect(),
        rent: r
            .rent
            .into_iter()
            .map(|f| {
                let word = match f.verdict {
                    Verdict::Fine => t.reg_record_fine(),
                    Verdict::Hint => t.reg_record_hint(),
                    Verdict::CannotJudge => t.reg_record_cannot(),
                };
                (f.rule, word, t.pick(f.zh, f.en), f.legal_ref)
            })
            .collect(),
        looks: r
            .looks
            .into_iter()
            .map(|l| {
                let who = d.staff_name(l.staff).unwrap_or_default();
                t.reg_looked_line(times::when(l.at, now, t), who, l.purpose.as_str())
            })
            .collect(),
        reasons: FailReason::ALL
            .iter()
            .filter(|r| **r != FailReason::Refused)
            .map(|r| (r.key(), t.pick(r.zh(), r.en())))
            .collect(),
        errors,
        frame,
    }
}

fn part(r: &Registration, content: Option<&Content>, act: bool, t: Lang) -> RecordPart {
    let draft = Form::draft(r.kind);
    let rows = content.map(|c| {
        let known = draft.fields.iter().filter(|f| !c.get(&f.key).is_empty());
        known
            .map(|f| {
                (t.pick(&f.zh, &f.en).clone(), crate::resident::registration_word(&f.key, c.get(&f.key), t))
            })
            .collect()
    });
    RecordPart {
        no: r.no.0,
        title: format!(
            "{} {} · {}",
            t.pick(r.kind.zh(), r.kind.en()),
            App::spoken_registration(r.no),
            t.pick(r.state.zh(), r.state.en())
        ),
        rows: rows.unwrap_or_default(),
        verify: act && r.state == S::Pending,
        reopen: act && matches!(r.state, S::Verified | S::Failed | S::Duplicate),
    }
}

pub(super) async fn post(
    State(web): State<Web>,
    staff: Staff,
    Path((no, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let Ok(no) = no.parse().map(RegistrationId) else {
        return web.staff_failed(&staff, &AppError::NotFound);
    };
    let step = match action.as_str() {
        "open" => return open(&web, &staff, no, Some(fields.text("purpose")), vec![]).await,
        "verify" => Step::Verify,
        "fail" => match FailReason::from_key(fields.text("reason")) {
            Some(reason) => Step::Fail(reason),
            None => Step::Fail(FailReason::NotReached),
        },
        "duplicate" => Step::Duplicate,
        "reopen" => Step::Reopen,
        _ => return web.staff_failed(&staff, &AppError::NotFound),
    };
    match web.app.verify_registration(&staff.who, no, step).await {
        Ok(()) => see_other(&format!("/console/registrations?done={action}&no={no}")),
        Err(AppError::NotThisWay(r)) => {
            let text = staff.visitor.lang.pick(r.zh(), r.en());
            let mut reply = open(&web, &staff, no, None, vec![FieldError { field: "do", text }]).await;
            *reply.status_mut() = StatusCode::CONFLICT;
            reply
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
