//! `GET /console/codes`: doorways with their three codes; ending and re-issuing one; printing notices.

use super::list::query;
use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::printer::PrintRun as Run;
use crate::times;
use crate::view::console::{
    Cell, Choice, CodeCell, CodesPage, DoorRow, Nav, PrintRun, StaffTrouble, TablePage,
};
use app::AppError;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use domain::access::{Action, Target, may, may_somewhere, scope};
use domain::codes::CodeKind;
use domain::{DoorwayId, PlaceId};
use std::collections::BTreeMap;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Reply {
    if !may_somewhere(&staff.who.grants, Action::ManageCodes) {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::Forbidden);
    }
    let text = |name: &str| asked.get(name).map_or("", |v| v.trim());
    let places = places(&web, &staff, text("place"));
    let place =
        text("place").parse().ok().map(PlaceId).or_else(|| places.first()?.value.parse().ok().map(PlaceId));
    let after = text("after").parse().ok().map(DoorwayId);
    let page = match web.app.doorways_with_codes(&staff.who, text("q"), place, after).await {
        Ok(page) => page,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let t = staff.visitor.lang;
    let next = page
        .doors
        .last()
        .filter(|_| page.more)
        .map(|(d, _)| format!("/console/codes?{}", query(&asked, &[("after", &d.id.to_string())])));
    let rows = page
        .doors
        .iter()
        .map(|(d, ended)| DoorRow {
            doorway: d.id.0,
            name: web.name_of(d, t),
            board: d.board.clone(),
            dwellings: may(
                &staff.who.grants,
                Action::KeepDwellings,
                &Target { path: web.app.directory().path(d.place), unit: None },
            ),
            codes: CodeKind::ALL
                .into_iter()
                .map(|kind| CodeCell {
                    kind,
                    issue: u32::from(app::valid_issue(ended, kind)) + 1,
                    stopped: None,
                })
                .collect(),
        })
        .collect();
    let view = CodesPage {
        frame: web.staff_frame(&staff, Some(Nav::Codes)),
        q: text("q").to_owned(),
        places,
        rows,
        previous: None,
        next,
        export: format!("/console/export/codes.xlsx?{}", query(&asked, &[("after", "")])),
        runs: runs(&web, &staff),
        scans: Some(page.scans),
    };
    console(StatusCode::OK, &view)
}

/// Places whose codes a person may manage, small enough to be printed in one go.
fn places(web: &Web, staff: &Staff, chosen: &str) -> Vec<Choice> {
    let d = web.app.directory();
    let reach = scope(&staff.who.grants, Action::ManageCodes);
    let t = staff.visitor.lang;
    d.places()
        .filter(|p| p.depth > 1 && (reach.all || reach.places.iter().any(|mine| d.path(p.id).lies_in(*mine))))
        .map(|p| Choice::new(p.id.to_string(), t.pick(&p.zh, &p.en).clone(), chosen))
        .collect()
}

/// The print runs of places within reach.
fn runs(web: &Web, staff: &Staff) -> Vec<PrintRun> {
    let (d, now, t) = (web.app.directory(), web.app.now(), staff.visitor.lang);
    let Some(printer) = &web.printer else { return vec![] };
    printer
        .runs()
        .into_iter()
        .filter(|r| may_print(web, staff, r.place))
        .map(|r| PrintRun {
            what: d.place(PlaceId(r.place)).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default(),
            when: jiff::Timestamp::from_millisecond(r.at_ms)
                .map(|at| times::when(at, now, t))
                .unwrap_or_default(),
            done: r.done,
            total: r.total.max(1),
            href: r.ended.then(|| format!("/console/codes/runs/{}", r.id)),
        })
        .collect()
}

fn may_print(web: &Web, staff: &Staff, place: i64) -> bool {
    let target = Target { path: web.app.directory().path(PlaceId(place)), unit: None };
    may(&staff.who.grants, Action::ManageCodes, &target)
}

/// Both forms end the valid issue; the next is valid at once. What differs is the reason.
pub(super) async fn change(
    State(web): State<Web>,
    staff: Staff,
    Path((doorway, kind, action)): Path<(i64, String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let reason = match action.as_str() {
        "revoke" => fields.text("reason").to_owned(),
        "reissue" => t.code_reissue().to_owned(),
        _ => return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
    };
    let Some(kind) = CodeKind::from_key(&kind) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let id = DoorwayId(doorway);
    let done = match web.app.doorway_codes(&staff.who, id).await {
        Ok((_, codes)) => {
            let issue = codes.iter().find(|c| c.kind == kind).map_or(0, |c| c.issue);
            web.app.end_code(&staff.who, id, kind, issue, &reason).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(()) => {
            let board = web.app.doorway(id).await.ok().flatten().map(|d| d.board).unwrap_or_default();
            see_other(&format!("/console/codes?{}", query(&BTreeMap::new(), &[("q", &board)])))
        }
        Err(AppError::Invalid(i)) => {
            let page = TablePage {
                frame: web.staff_frame(&staff, Some(Nav::Codes)),
                title: t.code_revoke().into(),
                empty: t.pick(i.zh, i.en),
                ..TablePage::default()
            };
            console(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

fn pdf(bytes: Vec<u8>, name: &str) -> Reply {
    let mut reply = Reply::new(Body::from(bytes));
    let h = reply.headers_mut();
    h.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    h.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::try_from(format!("inline; filename=\"{name}\"")) {
        h.insert(CONTENT_DISPOSITION, value);
    }
    reply
}

/// One notice as PDF. The name is the doorway's number with `.pdf`.
pub(super) async fn one(State(web): State<Web>, staff: Staff, Path(name): Path<String>) -> Reply {
    let Some(id) = name.strip_suffix(".pdf").and_then(|n| n.parse().ok()) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    if let Err(e) = web.app.doorway_codes(&staff.who, DoorwayId(id)).await {
        return web.staff_failed(&staff, &e);
    }
    let Some(printer) = web.printer.clone() else {
        return web.staff_failed(&staff, &AppError::Keys("nothing prints here".into()));
    };
    match tokio::task::spawn_blocking(move || printer.one(id)).await {
        Ok(Ok(bytes)) => pdf(bytes, &name),
        Ok(Err(why)) => web.staff_failed(&staff, &AppError::Keys(why)),
        Err(e) => web.staff_failed(&staff, &AppError::Keys(e.to_string())),
    }
}

/// Begins to print a place.
pub(super) async fn print(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let Some(place) =
        fields.text("place").parse::<i64>().ok().filter(|p| web.app.directory().place(PlaceId(*p)).is_some())
    else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    if !may_print(&web, &staff, place) {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::Forbidden);
    }
    let Some(printer) = web.printer.clone() else {
        return web.staff_failed(&staff, &AppError::Keys("nothing prints here".into()));
    };
    let at_ms = web.app.now().as_millisecond();
    let id: [u8; 4] = web.app.context(domain::Actor::System).bytes();
    let run = Run {
        id: u64::from(u32::from_be_bytes(id)),
        place,
        staff: staff.who.staff.0,
        at_ms,
        ..Run::default()
    };
    match printer.start(place, run) {
        Ok(()) => see_other("/console/codes"),
        Err(why) => web.staff_failed(&staff, &AppError::Keys(why)),
    }
}

/// The files of a run.
pub(super) async fn run(State(web): State<Web>, staff: Staff, Path(id): Path<u64>) -> Reply {
    let found =
        web.printer.iter().flat_map(|p| p.runs()).find(|r| r.id == id && may_print(&web, &staff, r.place));
    let Some(run) = found else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let t = staff.visitor.lang;
    let page = TablePage {
        frame: web.staff_frame(&staff, Some(Nav::Codes)),
        title: t.codes_runs().into(),
        hint: t.codes_progress(run.done, run.total),
        empty: run.failed.unwrap_or_else(|| t.no_jobs().into()),
        head: vec![t.codes_download().into()],
        rows: run
            .files
            .iter()
            .map(|f| vec![Cell::link(f, format!("/console/codes/runs/{id}/{f}"))])
            .collect(),
        ..TablePage::default()
    };
    console(StatusCode::OK, &page)
}

/// One file of a run.
pub(super) async fn file(
    State(web): State<Web>,
    staff: Staff,
    Path((id, name)): Path<(u64, String)>,
) -> Reply {
    let found =
        web.printer.iter().flat_map(|p| p.runs()).any(|r| r.id == id && may_print(&web, &staff, r.place));
    match web.printer.as_ref().filter(|_| found).and_then(|p| p.file(id, &name)) {
        Some(bytes) => pdf(bytes, &name),
        None => web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
    }
}
