//! `/console/precincts`: how the district is divided, plans that are proposed, drafts.

mod draft;
mod show;

use super::session::Staff;
use super::sheet::Sheet;
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, see_other};
use crate::view::FieldError;
use crate::view::console::StaffTrouble;
use app::AppError;
use app::precincts::{Asked, Source};
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use domain::DraftId;
use domain::precincts::Bounds;
pub(super) use draft::{act, get as draft};

/// `GET /console/precincts`.
pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    overview(&web, &staff, None, vec![]).await
}

async fn overview(web: &Web, staff: &Staff, typed: Option<&Fields>, errors: Vec<FieldError>) -> Reply {
    match web.app.division(&staff.who).await {
        Ok(division) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            console(status, &show::overview(web, staff, &division, typed, errors))
        }
        Err(e) => web.staff_failed(staff, &e),
    }
}

/// Today's precincts as a spreadsheet.
pub(super) async fn sheet(web: &Web, staff: &Staff) -> Result<Sheet, AppError> {
    let division = web.app.division(&staff.who).await?;
    let t = staff.visitor.lang;
    let head = [
        t.pre_col_name(),
        t.pre_col_committees(),
        t.pre_members(),
        t.col_residents(),
        t.pre_col_likeness(),
        t.pre_col_open(),
        t.pre_col_posts(),
        t.pre_col_wrong(),
    ];
    let rows = show::lines(web, &division.precincts, t).into_iter().map(|r| {
        let count = r.members.len().to_string();
        let members = r.members.join(t.pick("、", ", "));
        vec![r.name, count, members, r.residents, r.likeness, r.open, r.posts, r.wrong]
    });
    Ok(Sheet { name: "precincts", head: head.map(Into::into).into(), rows: rows.collect(), of: vec![] })
}

/// `POST /console/precincts/search`.
pub(super) async fn ask(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let number = |name: &str| fields.text(name).trim().replace([',', '，'], "").parse::<u32>().ok();
    let committees = number("committees_least").zip(number("committees_most"));
    let residents = number("residents_least").zip(number("residents_most"));
    let wrong: Vec<FieldError> = [("committees", committees), ("residents", residents)]
        .into_iter()
        .filter(|(_, typed)| typed.is_none())
        .map(|(field, _)| FieldError { field, text: t.pre_error_number().to_owned() })
        .collect();
    let (Some(committees), Some(residents)) = (committees, residents) else {
        return overview(&web, &staff, Some(&fields), wrong).await;
    };
    let across = fields.text("across") == "1";
    let asked = Asked { bounds: Bounds { committees, residents }, across };
    match web.app.ask_for_plans(&staff.who, asked).await {
        Ok(id) => see_other(&format!("/console/precincts/search/{id}")),
        Err(AppError::Invalid(i)) => {
            let errors = vec![FieldError { field: i.field, text: t.pick(i.zh, i.en) }];
            overview(&web, &staff, Some(&fields), errors).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// `GET /console/precincts/search/{id}`.
pub(super) async fn found(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Reply {
    let Ok(id) = id.parse() else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let found = match web.app.search_page(&staff.who, id).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    match web.app.division(&staff.who).await {
        Ok(division) => console(StatusCode::OK, &show::found(&web, &staff, &found, &division)),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// `POST /console/precincts/drafts`: `source` is `today`, or the number of a search and of a plan: `3-0`.
pub(super) async fn open(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let source = match fields.text("source") {
        "today" => Some(Source::Today),
        text => {
            text.split_once('-').and_then(|(id, n)| Some(Source::Found(id.parse().ok()?, n.parse().ok()?)))
        }
    };
    let Some(source) = source else {
        // Somebody who may not draw is told so, whatever else is wrong.
        let may = web.app.open_draft(&staff.who, String::new(), Source::Found(0, 0)).await;
        return match may {
            Err(AppError::NotAllowed) => web.staff_failed(&staff, &AppError::NotAllowed),
            _ => web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
        };
    };
    match web.app.open_draft(&staff.who, fields.text("name").to_owned(), source).await {
        Ok(DraftId(id)) => see_other(&format!("/console/precincts/drafts/{id}")),
        Err(AppError::Invalid(i)) => {
            let errors = vec![FieldError { field: i.field, text: staff.visitor.lang.pick(i.zh, i.en) }];
            overview(&web, &staff, None, errors).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
