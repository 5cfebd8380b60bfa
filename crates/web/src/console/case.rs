//! `GET /console/cases/{no}`: one case on one page.

use super::new_case::similar;
use super::rows::urgent;
use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{
    CasePage as View, Choice, Draft, Due, Facts, Flash, Names, NearPlace, Proposed, StaffTrouble, Undo,
    Voice, clock_lines, history, likely_next,
};
use crate::words::Lang;
use app::{CasePage, Unmasked};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use domain::CaseNo;
use domain::access::{Action, Target, may};
use domain::cases::{ActionName, CaseEvent, Kind, Recorded, Urgency, local_date};
use jiff::ToSpan;
use std::collections::HashMap;

/// How many units a page proposes.
const PROPOSED: usize = 3;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(no): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let Some(no) = number(&no) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.case_page(&staff.who, no).await {
        Ok(page) => {
            let flash =
                query.get("done").and_then(|d| ActionName::from_key(d)).map(|a| said(&staff, no, a, &page));
            show(&web, &staff, &page, flash, None, (Draft::default(), vec![]), StatusCode::OK)
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// The words by which a report was read as pressing, as long as nobody said that it is not.
fn alarms(events: &[Recorded], lang: Lang) -> String {
    let words = events.iter().fold(&[][..], |words, e| match &e.event {
        CaseEvent::Reported { alarms, .. } => alarms,
        CaseEvent::Weighed { urgency: Urgency::Normal, .. } => &[],
        _ => words,
    });
    words.join(lang.pick("、", ", "))
}

/// A number in an address: plain, or as it is spoken.
pub(super) fn number(text: &str) -> Option<CaseNo> {
    CaseNo::parse_spoken(text).filter(|_| text.contains('-')).or_else(|| text.parse().ok())
}

/// What is said on top after an action, with its way back where there is one.
fn said(staff: &Staff, no: CaseNo, action: ActionName, page: &CasePage) -> Flash {
    let lang = staff.visitor.lang;
    let back = match action {
        ActionName::Dispatch => Some(ActionName::Recall),
        ActionName::Merge => Some(ActionName::Separate),
        ActionName::Park => Some(ActionName::Unpark),
        _ => None,
    };
    Flash {
        text: format!("{}：{}", lang.pick(action.zh(), action.en()), lang.saved_action()),
        undo: back
            .filter(|a| page.actions.contains(a))
            .map(|a| Undo { action: format!("/console/cases/{no}/{}", a.key()) }),
    }
}

/// The page of a case, plain or given back with what was typed.
pub(super) fn show(
    web: &Web,
    staff: &Staff,
    page: &CasePage,
    flash: Option<Flash>,
    unmasked: Option<&Unmasked>,
    (draft, errors): (Draft, Vec<FieldError>),
    status: StatusCode,
) -> Reply {
    let (d, now, lang) = (web.app.directory(), web.app.now(), staff.visitor.lang);
    let unit = |id| d.unit(id).map_or_else(|| format!("#{id}"), |u| lang.pick(&u.zh, &u.en).clone());
    let person = |id| d.staff_name(id).map_or_else(|| format!("#{id}"), str::to_owned);
    let case = &page.case;
    let subject = domain::subjects::by_code(&case.subject);
    let facts = Facts {
        state: lang.pick(case.state.zh(), case.state.en()).to_owned(),
        subject: subject.map(|s| lang.pick(s.zh, s.en)).unwrap_or_default().to_owned(),
        kind: lang.pick(case.kind.zh(), case.kind.en()).to_owned(),
        channel: lang.pick(case.channel.zh(), case.channel.en()).to_owned(),
        reported: times::when(case.reported_at, now, lang),
        urgent: urgent(case.urgency, lang),
        alarms: alarms(&page.events, lang),
        unit: case.unit.map(unit),
        promised: case.handling_due.map(|at| times::by(at, now, lang)),
        returns: case.returns,
        hops: case.hops,
        not_solved: case.not_solved,
        merged_into: case.merged_into,
    };
    let mut path: Vec<(String, String)> = case
        .path
        .0
        .iter()
        .flatten()
        .filter_map(|p| d.place(*p))
        .map(|p| (lang.pick(&p.zh, &p.en).clone(), format!("/console/cases?place={}&state=open", p.id)))
        .collect();
    if let Some(door) = &page.doorway {
        let target = Target { path: d.path(door.place), unit: None };
        let href = if may(&staff.who.grants, Action::KeepDwellings, &target) {
            format!("/console/doorways/{}", door.id)
        } else {
            format!("/console/search?q={}", door.board)
        };
        path.push((door.address.clone(), href));
    }
    let (map_svg, near) = web.map_of(case.path, lang);
    let units = d
        .units()
        .into_iter()
        .filter(|u| u.place.is_none_or(|p| case.path.lies_in(p)))
        .map(|u| Choice::new(u.id.to_string(), lang.pick(&u.zh, &u.en).clone(), ""))
        .collect();
    let view = View {
        frame: crate::view::console::Frame {
            flash,
            live: Some(format!("/console/live?case={}", case.no)),
            relang: draft.action.filter(|a| page.actions.contains(a)).map(|a| format!("act-{}", a.key())),
            ..web.staff_frame(staff, None)
        },
        no: case.no,
        version: case.version,
        facts,
        voices: voices(web, staff, page, unmasked),
        may_unmask: page.may_unmask && unmasked.is_none(),
        path,
        detail: case.detail.clone(),
        map_svg,
        near,
        problem: case.problem.map(|p| p.0),
        may_open_problem: case.may_join()
            && may(&staff.who.grants, Action::Plan, &Target { path: case.path, unit: case.unit }),
        clocks: clock_lines(case, now, lang),
        due: case.due.map(|(clock, at)| Due::of(clock, at, now, lang)),
        read_as: page.read_as.as_ref().map(|r| read_as(r, lang)),
        opinion: page
            .read_as
            .as_ref()
            .filter(|r| r.told.unsure)
            .and_then(|_| web.app.second_opinion())
            .map(|model| lang.opinion_ask(model)),
        proposed: page
            .proposals
            .iter()
            .take(PROPOSED)
            .map(|p| Proposed { unit: p.unit.0, name: unit(p.unit), why: lang.pick(p.zh(), p.en()) })
            .collect(),
        history: history(&page.events, Names { now, lang, unit: &unit, staff: &person }),
        similar: page.similar.iter().map(|a| similar(a, now, lang)).collect(),
        likely: likely_next(case).filter(|a| page.actions.contains(a)),
        actions: page.actions.clone(),
        units,
        subjects: domain::subjects::ALL
            .iter()
            .map(|s| Choice::new(s.code, lang.pick(s.zh, s.en), &case.subject))
            .collect(),
        kinds: Kind::ALL
            .iter()
            .map(|k| Choice::new(k.key(), lang.pick(k.zh(), k.en()), case.kind.key()))
            .collect(),
        grounds: [lang.ground_off_list(), lang.ground_elsewhere(), lang.ground_unclear()]
            .map(|g| Choice::new(g, g, ""))
            .into(),
        authorities: vec![
            lang.authority_court().into(),
            lang.authority_police().into(),
            lang.authority_hotline().into(),
        ],
        first_review: local_date(now).checked_add(1.day()).map(|d| d.to_string()).unwrap_or_default(),
        draft,
        errors,
    };
    console(status, &view)
}

/// How the program reads a text: the subject and the words that decided, or what it may be.
fn read_as(read: &app::ReadAs, t: crate::words::Lang) -> String {
    let name = |code: &str| domain::subjects::by_code(code).map_or("?", |s| t.pick(s.zh, s.en));
    let share = |p: f32| format!("{:.0} %", 100.0 * p);
    if read.told.unsure {
        let several: Vec<String> =
            read.likeliest.iter().map(|(code, p)| format!("{} {}", name(code), share(*p))).collect();
        t.read_unsure(several.join(t.pick("、", ", ")))
    } else {
        t.read_sure(
            name(&read.told.label),
            share(read.told.probability),
            read.told.why.join(t.pick("、", ", ")),
        )
    }
}

fn voices(web: &Web, staff: &Staff, page: &CasePage, unmasked: Option<&Unmasked>) -> Vec<Voice> {
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    page.events
        .iter()
        .filter_map(|e| {
            let (n, text, contact) = match &e.event {
                CaseEvent::Reported { text, contact, .. } => (1, text, contact.is_some()),
                CaseEvent::VoiceAdded { voice, text, contact, .. } => (*voice, text, contact.is_some()),
                _ => return None,
            };
            let opened = unmasked.and_then(|u| u.voices.iter().find(|v| v.0 == n));
            Some(Voice {
                n,
                when: times::when(e.at, now, lang),
                text: text.clone(),
                contactable: contact,
                photo: page.photos.contains(&n),
                contact: opened.and_then(|o| o.1.clone()),
                original: opened.and_then(|o| o.2.clone()),
            })
        })
        .collect()
}

impl Web {
    /// The schematic map of the sub-district that something lies in, with that neighbourhood marked, and the
    /// same as a list of the neighbourhoods of its precinct.
    pub(super) fn map_of(
        &self,
        path: domain::territory::Path,
        lang: crate::words::Lang,
    ) -> (String, Vec<NearPlace>) {
        let d = self.app.directory();
        let Some(here) = path.lowest().and_then(|p| d.place(p)) else { return (String::new(), vec![]) };
        let near = d
            .children(here.parent)
            .map(|p| NearPlace {
                name: lang.pick(&p.zh, &p.en).clone(),
                href: format!("/console/cases?place={}&state=open", p.id),
                open: 0,
                here: p.id == here.id,
            })
            .collect();
        let Some(top) = path.at(1) else { return (String::new(), near) };
        let tiles: Vec<_> = d
            .places()
            .filter_map(|p| Some((p, p.hex?)))
            .filter(|(p, _)| d.path(p.id).lies_in(top))
            .map(|(p, hex)| (hex, p.id == here.id, p.parent == here.parent || d.path(p.id).lies_in(here.id)))
            .collect();
        (crate::map::hexagons(&tiles), near)
    }
}

pub(super) async fn photo(
    State(web): State<Web>,
    staff: Staff,
    Path((no, voice)): Path<(String, u16)>,
) -> Reply {
    let Some(no) = number(&no) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.photo(&staff.who, no, voice).await {
        Ok(jpeg) => {
            let mut reply = Reply::new(Body::from(jpeg));
            let h = reply.headers_mut();
            h.insert(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
            h.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            h.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            reply
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
