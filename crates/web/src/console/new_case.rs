//! `GET` and `POST /console/new`: type in a slip of paper, a telephone call or a visit; `GET
//! /console/doorways?q=`: the doorways found while typing.

use super::session::Staff;
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, relang, see_other, unhex};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{Choice, DoorwayHits, Nav, NewCase, Similar, StaffTrouble, StaffWrong};
use crate::view::resident::ReportInput;
use crate::words::Lang;
use app::{AppError, DoorwayRow, Incoming};
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use domain::access::{Action, Target, may, may_somewhere, scope};
use domain::cases::{Channel, Kind};
use domain::{CaseNo, DoorwayId, PlaceId};
use std::collections::HashMap;

/// Doorways offered for one search.
const HITS: usize = 12;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    if !may_somewhere(&staff.who.grants, Action::TakeReport) {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::Forbidden);
    }
    let page = blank(&web, &staff);
    console(StatusCode::OK, &page)
}

fn blank(web: &Web, staff: &Staff) -> NewCase {
    let lang = staff.visitor.lang;
    NewCase {
        frame: web.staff_frame(staff, Some(Nav::New)),
        once: web.nonce(),
        places: places(web, staff, ""),
        hits: DoorwayHits { lang, ..DoorwayHits::default() },
        ..NewCase::default()
    }
}

/// The person's neighbourhoods, for what is at no doorway. Who has more than a sub-district picks a doorway.
fn places(web: &Web, staff: &Staff, chosen: &str) -> Vec<Choice> {
    let d = web.app.directory();
    let reach = scope(&staff.who.grants, Action::TakeReport);
    let lang = staff.visitor.lang;
    if reach.all {
        return vec![];
    }
    d.places()
        .filter(|p| p.hex.is_some() || d.children(Some(p.id)).next().is_none())
        .filter(|p| reach.places.iter().any(|mine| d.path(p.id).lies_in(*mine)))
        .map(|p| Choice::new(p.id.to_string(), lang.pick(&p.zh, &p.en).clone(), chosen))
        .collect()
}

async fn hits(web: &Web, staff: &Staff, q: &str, chosen: &str) -> Result<DoorwayHits, AppError> {
    let lang = staff.visitor.lang;
    let found = if q.trim().is_empty() { vec![] } else { web.app.find_doorways(&staff.who, q).await? };
    Ok(DoorwayHits {
        lang,
        q: q.to_owned(),
        hits: found
            .into_iter()
            .take(HITS)
            .map(|d| Choice::new(d.id.to_string(), web.name_of(&d, lang), chosen))
            .collect(),
    })
}

impl Web {
    /// A doorway's full name: neighbourhood and address.
    pub(super) fn name_of(&self, door: &DoorwayRow, lang: Lang) -> String {
        let d = self.app.directory();
        let place = d.place(door.place).map(|p| lang.pick(&p.zh, &p.en).clone()).unwrap_or_default();
        format!("{place} {}", door.address)
    }
}

pub(super) async fn doorways(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let q = query.get("q").map_or("", String::as_str);
    match hits(&web, &staff, q, "").await {
        Ok(hits) => console(StatusCode::OK, &hits),
        Err(e) => web.staff_failed(&staff, &e),
    }
}

pub(super) async fn post(State(web): State<Web>, mut staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let other = relang(&fields);
    if let Some(lang) = other {
        staff.visitor.lang = lang;
    }
    match save(&web, &staff, &fields).await {
        Ok(reply) => match other {
            Some(lang) => web.keep_language(reply, lang),
            None => reply,
        },
        Err(e) => web.staff_failed(&staff, &e),
    }
}

async fn save(web: &Web, staff: &Staff, f: &Fields) -> Result<Reply, AppError> {
    let lang = staff.visitor.lang;
    let input = ReportInput {
        text: f.text("text").to_owned(),
        place_detail: f.text("where").to_owned(),
        contact: f.text("contact").to_owned(),
        kind: Kind::from_key(f.text("kind")),
    };
    let channel = [Channel::Phone, Channel::Paper, Channel::Visit]
        .into_iter()
        .find(|c| c.key() == f.text("channel"))
        .unwrap_or(Channel::Phone);
    let mut page = NewCase {
        channel: Some(channel),
        input: input.clone(),
        hits: hits(web, staff, f.text("q"), f.text("doorway")).await?,
        places: places(web, staff, f.text("place")),
        ..blank(web, staff)
    };
    page.frame.relang = Some("new".into());
    if !f.text("once").is_empty() {
        page.once = f.text("once").to_owned();
    }
    if !f.text("find").is_empty() {
        return Ok(console(StatusCode::OK, &page));
    }
    let door = match f.text("doorway").parse().map(DoorwayId) {
        Ok(id) => web.app.doorway(id).await?,
        Err(_) => None,
    };
    let place = door.as_ref().map(|d| d.place).or_else(|| f.text("place").parse().ok().map(PlaceId));
    if relang(f).is_some() {
        let again = Incoming {
            text: input.text,
            detail: input.place_detail,
            contact: input.contact,
            ..Incoming::default()
        };
        if place.is_none() {
            page.errors.push(StaffWrong::NoPlace.tell(lang));
        }
        if let Err(AppError::Invalid(i)) = web.app.check_report(again, channel) {
            page.errors.push(FieldError { field: i.field, text: lang.pick(i.zh, i.en) });
        }
        return Ok(console(StatusCode::OK, &page));
    }
    let Some(place) = place else {
        page.errors.push(StaffWrong::NoPlace.tell(lang));
        return Ok(console(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let target = Target { path: web.app.directory().path(place), unit: None };
    if !may(&staff.who.grants, Action::TakeReport, &target) {
        return Err(AppError::NotAllowed);
    }
    let join = f.text("join").parse().ok().map(CaseNo);
    if join.is_none()
        && f.text("checked").is_empty()
        && let Some(door) = &door
    {
        page.similar = alike(web, door.id, &input.text, lang).await?;
        if !page.similar.is_empty() {
            page.check = true;
            return Ok(console(StatusCode::OK, &page));
        }
    }
    let incoming = Incoming {
        doorway: door.map(|d| d.id),
        place: Some(place),
        text: input.text,
        detail: input.place_detail,
        contact: input.contact,
        kind: input.kind,
        photo: None,
        submission: unhex(&page.once).unwrap_or_else(|| web.fresh()),
        join,
    };
    match web.app.report_for(&staff.who, channel, incoming).await {
        Ok(a) => Ok(see_other(&format!("/console/cases/{}?saved=1", a.no))),
        Err(e @ (AppError::Invalid(_) | AppError::Refused(_))) => {
            let field = if let AppError::Invalid(i) = &e { i.field } else { "text" };
            page.errors.push(FieldError { field, text: lang.pick(e.zh(), e.en()) });
            Ok(console(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(e) => Err(e),
    }
}

async fn alike(web: &Web, door: DoorwayId, text: &str, lang: Lang) -> Result<Vec<Similar>, AppError> {
    let now = web.app.now();
    Ok(web.app.alike_here(door, text).await?.iter().map(|a| similar(a, now, lang)).collect())
}

/// A case that may be the same matter: when it was said, where it stands, and what both say.
pub(super) fn similar(a: &app::Alike, now: jiff::Timestamp, lang: Lang) -> Similar {
    let c = &a.case;
    let mut why =
        vec![lang.pick(c.state.zh(), c.state.en()).to_owned(), times::when(c.reported_at, now, lang)];
    if !a.is_here {
        why.push(lang.similar_around().to_owned());
    }
    if !a.shared.is_empty() {
        why.push(lang.similar_shared(a.shared.join(lang.pick("、", ", "))));
    }
    Similar { no: c.no, text: c.text.chars().take(80).collect(), why: why.join(" · ") }
}
