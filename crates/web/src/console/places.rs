//! `GET /console/places`: the ground a person works for, from the top down to the doorways, and its lists as
//! spreadsheets.

use super::list::{Asked, query};
use super::session::Staff;
use super::sheet::{MOST, Sheet};
use crate::Web;
use crate::http::page::{Reply, console};
use crate::view::console::{Cell, Nav, TablePage, Tool};
use app::{AppError, DoorwayRow};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use domain::access::{Action, Target, may, scope};
use domain::codes::CodeKind;
use domain::{DoorwayId, PlaceId};

/// Doorways on one page.
const DOORS: u32 = 50;

/// What is shown: a place's parts, or the doorways of a neighbourhood.
enum Shown {
    Places(Vec<PlaceId>),
    Doorways(PlaceId),
}

impl Web {
    /// What a person sees of a place; of their own ground where none is named.
    fn ground(&self, staff: &Staff, asked: &Asked) -> Result<(Option<PlaceId>, Shown), AppError> {
        let d = self.app.directory();
        let reach = scope(&staff.who.grants, Action::KeepDwellings);
        if reach.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let named = asked.get("place").filter(|p| !p.is_empty());
        let here = match named.map(|p| p.parse().map(PlaceId)) {
            Some(Ok(p)) => Some(p),
            Some(Err(_)) => return Err(AppError::NotFound),
            // Whoever has one place begins there.
            None => reach.places.first().copied().filter(|_| !reach.all && reach.places.len() == 1),
        };
        let Some(here) = here else {
            let top = if reach.all { d.children(None).map(|p| p.id).collect() } else { reach.places };
            return Ok((None, Shown::Places(top)));
        };
        let target = Target { path: d.path(here), unit: None };
        if d.place(here).is_none() || !may(&staff.who.grants, Action::KeepDwellings, &target) {
            return Err(AppError::NotFound);
        }
        let below: Vec<PlaceId> = d.children(Some(here)).map(|p| p.id).collect();
        Ok((Some(here), if below.is_empty() { Shown::Doorways(here) } else { Shown::Places(below) }))
    }
}

pub(super) async fn get(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    match page(&web, &staff, &asked).await {
        Ok(page) => console(StatusCode::OK, &page),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

async fn page(web: &Web, staff: &Staff, asked: &Asked) -> Result<TablePage, AppError> {
    let (here, shown) = web.ground(staff, asked)?;
    let (d, t) = (web.app.directory(), staff.visitor.lang);
    let place = here.and_then(|p| d.place(p));
    let mut tools: Vec<Tool> = Vec::new();
    if let Some(up) = place.and_then(|p| p.parent) {
        let target = Target { path: d.path(up), unit: None };
        if let Some(p) = d.place(up).filter(|_| may(&staff.who.grants, Action::KeepDwellings, &target)) {
            tools.push(Tool::to(
                format!("↑ {}", t.pick(&p.zh, &p.en)),
                format!("/console/places?place={up}"),
                "u",
            ));
        }
    }
    let export = query(asked, &[("after", "")]);
    tools.push(Tool::export(format!("/console/export/places.xlsx?{export}"), t));
    let (head, rows, next) = match shown {
        Shown::Places(places) => {
            let rows = places.into_iter().filter_map(|p| d.place(p)).map(|p| {
                let parts = d.children(Some(p.id)).count();
                vec![
                    Cell::link(t.pick(&p.zh, &p.en).as_str(), format!("/console/places?place={}", p.id)),
                    Cell::text(&p.code),
                    Cell::text(p.residents.to_string()),
                    Cell::text(if parts > 0 { parts.to_string() } else { String::new() }),
                ]
            });
            (vec![t.col_where(), t.col_code(), t.col_residents(), t.col_parts()], rows.collect(), None)
        }
        Shown::Doorways(place) => {
            let after = asked.get("after").and_then(|n| n.parse().ok()).map(DoorwayId);
            let (doors, more) = web.app.doorways_in(place, after, DOORS).await?;
            let next = doors.last().filter(|_| more).map(|last| {
                format!(
                    "/console/places?{}",
                    query(asked, &[("after", &last.id.to_string()), ("place", &place.to_string())])
                )
            });
            tools.push(Tool::to(
                t.export_dwellings(),
                format!("/console/export/dwellings.xlsx?place={place}"),
                "w",
            ));
            let rows = doors.iter().map(door_cells).collect();
            (vec![t.col_address(), t.col_board(), t.col_floors(), t.col_flats()], rows, next)
        }
    };
    Ok(TablePage {
        frame: web.staff_frame(staff, Some(Nav::Places)),
        title: place.map_or_else(|| t.places_title().to_owned(), |p| t.pick(&p.zh, &p.en).clone()),
        hint: t.places_hint().into(),
        empty: t.places_empty().into(),
        head: head.into_iter().map(Into::into).collect(),
        rows,
        next,
        tools,
    })
}

fn door_cells(x: &DoorwayRow) -> Vec<Cell> {
    vec![
        Cell::link(x.address.as_str(), format!("/console/doorways/{}", x.id)),
        Cell::text(&x.board),
        Cell::text(x.floors.to_string()),
        Cell::text(x.flats.to_string()),
    ]
}

/// The page's list, whole.
pub(super) async fn sheet(web: &Web, staff: &Staff, asked: &Asked) -> Result<Sheet, AppError> {
    let (_, shown) = web.ground(staff, asked)?;
    let (d, t) = (web.app.directory(), staff.visitor.lang);
    let (head, rows) = match shown {
        Shown::Places(places) => {
            let rows = places
                .into_iter()
                .filter_map(|p| d.place(p))
                .map(|p| vec![t.pick(&p.zh, &p.en).clone(), p.code.clone(), p.residents.to_string()]);
            (vec![t.col_where(), t.col_code(), t.col_residents()], rows.collect())
        }
        Shown::Doorways(place) => {
            let (doors, _) = web.app.doorways_in(place, None, MOST).await?;
            let rows = doors
                .into_iter()
                .map(|x| vec![x.address, x.board, x.floors.to_string(), x.flats.to_string()]);
            (vec![t.col_address(), t.col_board(), t.col_floors(), t.col_flats()], rows.collect())
        }
    };
    Ok(Sheet { name: "places", head: head.into_iter().map(Into::into).collect(), rows, of: vec![] })
}

/// Every dwelling of a neighbourhood, in the form in which a roster of dwellings comes in.
pub(super) async fn dwellings_sheet(web: &Web, staff: &Staff, asked: &Asked) -> Result<Sheet, AppError> {
    let (_, Shown::Doorways(place)) = web.ground(staff, asked)? else { return Err(AppError::NotFound) };
    let t = staff.visitor.lang;
    let mut rows = Vec::new();
    for (door, dwellings) in web.app.dwellings_in(place, MOST).await? {
        let basis = if dwellings.listed { t.dwellings_are_listed() } else { t.dwellings_are_supposed() };
        rows.extend(
            dwellings
                .open()
                .map(|d| vec![door.board.clone(), d.number.clone(), door.address.clone(), basis.into()]),
        );
    }
    let head = [t.col_board(), t.col_number(), t.col_address(), t.col_basis()];
    Ok(Sheet { name: "dwellings", head: head.map(Into::into).into(), rows, of: vec![] })
}

/// The doorways of the page of codes, with the valid issue of each code.
pub(super) async fn codes_sheet(web: &Web, staff: &Staff, asked: &Asked) -> Result<Sheet, AppError> {
    if scope(&staff.who.grants, Action::ManageCodes).is_empty() {
        return Err(AppError::NotAllowed);
    }
    let text = |name: &str| asked.get(name).map_or("", |v| v.trim());
    let place = text("place").parse().ok().map(PlaceId);
    let place = place.or_else(|| scope(&staff.who.grants, Action::ManageCodes).places.first().copied());
    let t = staff.visitor.lang;
    let page = web.app.codes_of(&staff.who, text("q"), place, MOST as usize).await?;
    let rows = page.into_iter().map(|(x, ended)| {
        let issue = |kind| (u32::from(app::valid_issue(&ended, kind)) + 1).to_string();
        let mut row = vec![x.address, x.board];
        row.extend(CodeKind::ALL.map(issue));
        row
    });
    let head = [t.col_address(), t.col_board(), t.code_opinion(), t.code_tenancy(), t.code_residency()];
    Ok(Sheet { name: "codes", head: head.map(Into::into).into(), rows: rows.collect(), of: vec![] })
}
