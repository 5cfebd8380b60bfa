//! `GET /console/precincts/drafts/{id}`, and every step of a draft.

use super::{Fields, show};
use crate::Web;
use crate::console::list::Asked;
use crate::console::session::Staff;
use crate::http::page::{Reply, console, see_other};
use crate::view::FieldError;
use crate::view::console::{Flash, Frame, StaffTrouble};
use app::AppError;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::precincts::{Command, Right};
use domain::{DraftId, PlaceId, StaffId};
use std::collections::BTreeMap;

pub(in crate::console) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let Ok(id) = id.parse() else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let place = asked.get("place").and_then(|p| p.parse().ok()).map(PlaceId);
    let flash = asked.contains_key("done").then(|| staff.visitor.lang.saved_action().to_owned());
    page(&web, &staff, id, place, flash, None).await
}

async fn page(
    web: &Web,
    staff: &Staff,
    id: DraftId,
    place: Option<PlaceId>,
    flash: Option<String>,
    refused: Option<(FieldError, &Fields)>,
) -> Reply {
    match web.app.draft_page(&staff.who, id, place).await {
        Ok(page) => {
            let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let mut view = show::draft(web, staff, &page, refused.as_ref().map(|r| r.1));
            view.errors = refused.into_iter().map(|r| r.0).collect();
            let flash = flash.map(|text| Flash { text, undo: None });
            view.frame = Frame { flash, ..view.frame };
            console(status, &view)
        }
        Err(e) => web.staff_failed(staff, &e),
    }
}

/// The step that a form asks for, or the field that holds no such thing; `None` for no step of ours.
fn command(action: &str, fields: &Fields) -> Option<Result<Command, &'static str>> {
    let text = |name: &str| fields.text(name).trim().to_owned();
    let place = |name| fields.text(name).parse().map(PlaceId);
    let with = || fields.text("with").parse().map(StaffId).map_err(|_| "with");
    Some(match action {
        "move" => match (place("place"), place("to")) {
            (Ok(place), Ok(to)) => Ok(Command::Move { place, to }),
            _ => Err("place"),
        },
        "undo" => Ok(Command::Undo),
        "redo" => Ok(Command::Redo),
        "rename" => Ok(Command::Rename(text("name"))),
        "note" => Ok(Command::Note(text("note"))),
        "share" => with().map(|with| {
            let right = Right::from_key(fields.text("right")).unwrap_or(Right::See);
            Command::Share(with, right)
        }),
        "unshare" => with().map(Command::Unshare),
        "adopt" => match fields.text("from").parse() {
            Ok(from) => {
                let reason = |(name, value): (&str, &str)| {
                    let place = name.strip_prefix("reason")?.parse().ok()?;
                    Some((PlaceId(place), value.to_owned()))
                };
                let reasons: BTreeMap<PlaceId, String> = fields.pairs().filter_map(reason).collect();
                Ok(Command::Adopt { from, reasons, named: BTreeMap::new(), waits: None })
            }
            Err(_) => Err("from"),
        },
        "withdraw" => Ok(Command::Withdraw),
        "drop" => Ok(Command::Drop),
        _ => return None,
    })
}

/// `POST /console/precincts/drafts/{id}/{action}`.
pub(in crate::console) async fn act(
    State(web): State<Web>,
    staff: Staff,
    Path((id, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let not_found = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Ok(id) = id.parse::<DraftId>() else { return not_found() };
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let error = match command(&action, &fields) {
        None => return not_found(),
        Some(Err(field)) => {
            let text = if field == "from" { t.error_day() } else { t.pre_error_number() };
            FieldError { field, text: text.to_owned() }
        }
        Some(Ok(command)) => match web.app.draft_step(&staff.who, id, command).await {
            Ok(()) => {
                // Whoever moved one looks at the same one next.
                let again = Some(fields.text("place")).filter(|_| action == "move");
                let again = again.map_or(String::new(), |p| format!("place={p}&"));
                return see_other(&format!("/console/precincts/drafts/{id}?{again}done={action}"));
            }
            Err(AppError::Invalid(i)) => FieldError { field: i.field, text: t.pick(i.zh, i.en) },
            Err(e) => return web.staff_failed(&staff, &e),
        },
    };
    let place = fields.text("place").parse().ok().map(PlaceId);
    page(&web, &staff, id, place, None, Some((error, &fields))).await
}
