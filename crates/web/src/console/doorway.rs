//! `GET /console/doorways/{doorway}`: its dwellings; `POST …/{action}`: add, rename, close, reopen one, or take
//! its last name back.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::view::FieldError;
use crate::view::console::{DoorwayPage as View, DwellingLine, Flash, Frame, Nav, StaffTrouble, Undo};
use app::{AppError, DoorwayPage, DwellingChange, DwellingRow};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::access::{Action, Target, may};
use domain::{DoorwayId, DwellingId};
use std::collections::HashMap;

type Asked = HashMap<String, String>;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let Ok(id) = id.parse::<DoorwayId>() else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.doorway_page(&staff.who, id).await {
        Ok(page) => {
            let flash = said(&staff, &page, &asked);
            show(&web, &staff, &page, flash, None, vec![], StatusCode::OK)
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// What is said on top after a change, with its way back.
fn said(staff: &Staff, page: &DoorwayPage, asked: &Asked) -> Option<Flash> {
    let t = staff.visitor.lang;
    let id: DwellingId = asked.get("dwelling")?.parse().ok()?;
    let d = page.dwellings.rows.iter().find(|d| d.id == id)?;
    let before = before(d);
    let (text, back) = match asked.get("done")?.as_str() {
        "add" if !d.closed => (t.dwelling_done_add(&d.number), Some("close")),
        "rename" if !d.closed => (t.dwelling_done_rename(&d.number), before.map(|_| "back")),
        "close" if d.closed => (t.dwelling_done_close(&d.number), Some("reopen")),
        "reopen" if !d.closed => (t.dwelling_done_reopen(&d.number), Some("close")),
        _ => return None,
    };
    let undo = back.map(|action| Undo {
        action: format!("/console/doorways/{}/{action}?dwelling={id}", page.doorway.id),
    });
    Some(Flash { text, undo })
}

/// What a dwelling was called before it was called what it is.
fn before(d: &DwellingRow) -> Option<&str> {
    d.versions.iter().rev().nth(1).map(|v| v.number.as_str())
}

fn show(
    web: &Web,
    staff: &Staff,
    page: &DoorwayPage,
    flash: Option<Flash>,
    draft: Option<(i64, String)>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Reply {
    let (d, t, door) = (web.app.directory(), staff.visitor.lang, &page.doorway);
    let path = d.path(door.place);
    let line = |x: &DwellingRow| DwellingLine {
        id: x.id.0,
        number: x.number.clone(),
        since: x
            .versions
            .last()
            .map(|v| {
                if x.closed {
                    format!("{} – {}", v.from, v.until.unwrap_or(v.from))
                } else {
                    v.from.to_string()
                }
            })
            .unwrap_or_default(),
        before: x
            .versions
            .iter()
            .rev()
            .skip(1)
            .filter(|v| v.until.is_some_and(|u| u > v.from))
            .map(|v| t.dwelling_was(&v.number, v.from, v.until.unwrap_or(v.from)))
            .collect(),
    };
    let view = View {
        frame: Frame { flash, ..web.staff_frame(staff, Some(Nav::Places)) },
        doorway: door.id.0,
        address: door.address.clone(),
        path: path
            .0
            .iter()
            .flatten()
            .filter_map(|p| d.place(*p))
            .map(|p| {
                let reached =
                    may(&staff.who.grants, Action::KeepDwellings, &Target { path: d.path(p.id), unit: None });
                (t.pick(&p.zh, &p.en).clone(), reached.then(|| format!("/console/places?place={}", p.id)))
            })
            .collect(),
        board: door.board.clone(),
        floors: door.floors,
        flats: door.flats,
        listed: page.dwellings.listed,
        open: page.dwellings.open().map(line).collect(),
        closed: page.dwellings.rows.iter().filter(|x| x.closed).map(line).collect(),
        codes: page.may_codes.then(|| format!("/console/codes?q={}", door.board)),
        draft,
        errors,
    };
    console(status, &view)
}

pub(super) async fn post(
    State(web): State<Web>,
    staff: Staff,
    Path((id, action)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    // The way back after a change is a button alone: what it is about stands in its address.
    let text = |name: &str| {
        let sent = fields.text(name);
        if sent.is_empty() { asked.get(name).cloned().unwrap_or_default() } else { sent.to_owned() }
    };
    let dwelling = text("dwelling").parse::<DwellingId>();
    let number = text("number");
    let Ok(id) = id.parse::<DoorwayId>() else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let change = match (action.as_str(), dwelling.clone()) {
        ("add", _) => DwellingChange::Add(number.clone()),
        ("rename", Ok(d)) => DwellingChange::Rename(d, number.clone()),
        ("back", Ok(d)) => match web.app.doorway_page(&staff.who, id).await {
            Ok(page) => {
                let row = page.dwellings.rows.iter().find(|x| x.id == d);
                match row.and_then(before) {
                    Some(number) => DwellingChange::Rename(d, number.to_owned()),
                    None => return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
                }
            }
            Err(e) => return web.staff_failed(&staff, &e),
        },
        ("close", Ok(d)) => DwellingChange::Close(d),
        ("reopen", Ok(d)) => DwellingChange::Reopen(d),
        _ => return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
    };
    match web.app.change_dwelling(&staff.who, id, change).await {
        Ok(d) => {
            let done = if action == "back" { "rename" } else { &action };
            see_other(&format!("/console/doorways/{id}?done={done}&dwelling={d}"))
        }
        Err(AppError::Invalid(i)) => match web.app.doorway_page(&staff.who, id).await {
            Ok(page) => {
                let draft = Some((dwelling.map_or(0, |d| d.0), number));
                let errors = vec![FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) }];
                show(&web, &staff, &page, None, draft, errors, StatusCode::UNPROCESSABLE_ENTITY)
            }
            Err(e) => web.staff_failed(&staff, &e),
        },
        Err(e) => web.staff_failed(&staff, &e),
    }
}
