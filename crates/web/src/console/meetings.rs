//! `/console/meetings`: a precinct's agenda, its meetings, and one meeting with its minutes.

use super::problem::{command, problem_of, units_near};
use super::session::Staff;
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{
    AgendaRow, Choice, Flash, Frame, Input, MeetingLine, MeetingView, MeetingsView, Minute, Nav, Sort,
    StaffTrouble, StepForm, Typed, time_left,
};
use crate::words::Lang;
use app::{AgendaItem, Decide, MeetingPage, Step};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::cases::{Case, Kind, local_date};
use domain::meetings::About;
use domain::{MeetingId, PlaceId, UnitId};
use jiff::ToSpan;
use std::collections::HashMap;

fn number_and_place(about: About, t: Lang) -> (String, String) {
    match about {
        About::Case(no) => (no.spoken(), format!("/console/cases/{no}")),
        About::Problem(id) => (t.problem_title(id), format!("/console/problems/{id}")),
    }
}

fn agenda_row(web: &Web, item: &AgendaItem, t: Lang, forms: Vec<StepForm>) -> AgendaRow {
    let now = web.app.now();
    let (number, href) = number_and_place(item.about, t);
    AgendaRow {
        reason: t.pick(item.reason.zh(), item.reason.en()).to_owned(),
        href,
        number,
        title: item.title.clone(),
        due: item.at.map(|at| {
            let (left, level) = time_left(at, now, t);
            (format!("{} {left}", times::by(at, now, t)), level)
        }),
        forms,
    }
}

fn line(web: &Web, row: &app::MeetingRow, t: Lang) -> MeetingLine {
    let today = local_date(web.app.now());
    MeetingLine {
        id: row.id.0,
        day: times::day(row.on, today, t),
        what: match row.closed_at {
            Some(_) => t.meeting_row(row.decisions),
            None => t.meeting_running().to_owned(),
        },
    }
}

/// `GET /console/meetings?place=…`.
pub(super) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<HashMap<String, String>>,
) -> Reply {
    let place = asked.get("place").and_then(|p| p.parse().ok()).map(PlaceId);
    list_page(&web, &staff, place, &Typed::default()).await
}

async fn list_page(web: &Web, staff: &Staff, place: Option<PlaceId>, typed: &Typed) -> Reply {
    let (d, t) = (web.app.directory(), staff.visitor.lang);
    let places = web.app.meeting_places(&staff.who);
    let Some(place) = place.filter(|p| places.contains(p)).or(places.first().copied()) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::Forbidden);
    };
    let (before, agenda) = match web.app.meetings(&staff.who, place).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let may = |action| {
        let target = domain::access::Target { path: d.path(place), unit: None };
        domain::access::may(&staff.who.grants, action, &target)
    };
    let opening = may(domain::access::Action::Plan).then(|| {
        let present = Input::of(Sort::Area, "present", t.f_present()).hint(t.f_present_hint());
        StepForm {
            lang: t,
            action: "/console/meetings".into(),
            id: "open".into(),
            title: t.meeting_open().into(),
            hidden: vec![("place", place.to_string())],
            inputs: vec![present],
            key: Some('o'),
            ..StepForm::default()
        }
        .given_back(typed)
    });
    let name = |p: PlaceId| d.place(p).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default();
    let status = if typed.error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = MeetingsView {
        frame: web.staff_frame(staff, Some(Nav::Meetings)),
        places: places.iter().map(|p| (p.0, name(*p), *p == place)).collect(),
        agenda: agenda.iter().map(|i| agenda_row(web, i, t, vec![])).collect(),
        opening,
        before: before.iter().map(|m| line(web, m, t)).collect(),
    };
    console(status, &page)
}

fn typed(action: String, fields: &Fields, field: &str, error: String) -> Typed {
    let values = fields.pairs().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    Typed { action, values, field: field.to_owned(), error }
}

/// `POST /console/meetings`.
pub(super) async fn open(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let Ok(place) = fields.text("place").parse().map(PlaceId) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let present = fields.text("present").lines().map(str::to_owned).collect();
    match web.app.open_meeting(&staff.who, place, present).await {
        Ok(id) => see_other(&format!("/console/meetings/{id}")),
        Err(e) => match problem_of(&e, staff.visitor.lang) {
            Some((field, error)) => {
                let typed = typed("/console/meetings".into(), &fields, field, error);
                list_page(&web, &staff, Some(place), &typed).await
            }
            None => web.staff_failed(&staff, &e),
        },
    }
}

/// `GET /console/meetings/{id}`.
pub(super) async fn get(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Reply {
    match id.parse() {
        Ok(id) => page(&web, &staff, id, &Typed::default()).await,
        Err(_) => web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound),
    }
}

async fn page(web: &Web, staff: &Staff, id: MeetingId, typed: &Typed) -> Reply {
    let found = match web.app.meeting_page(&staff.who, id).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let (d, now, t) = (web.app.directory(), web.app.now(), staff.visitor.lang);
    let m = &found.meeting;
    let place = d.place(m.place).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default();
    let mut agenda = vec![];
    for item in &found.agenda {
        let forms = if found.may_decide { decisions(web, &found, item, t, typed) } else { vec![] };
        agenda.push(agenda_row(web, item, t, forms));
    }
    let shown = agenda
        .iter()
        .flat_map(|a| &a.forms)
        .any(|f| f.error.is_some() || f.inputs.iter().any(|i| i.error.is_some()));
    let flash = (!typed.error.is_empty() && !shown).then(|| Flash { text: typed.error.clone(), undo: None });
    let view = MeetingView {
        frame: Frame { flash, ..web.staff_frame(staff, Some(Nav::Meetings)) },
        title: t.meeting_of(place, m.on),
        present: m.present.join(t.pick("、", ", ")),
        agenda,
        open: m.closed_at.is_none(),
        minutes: m
            .decisions
            .iter()
            .map(|x| {
                let (number, href) = number_and_place(x.about, t);
                Minute { number, href, text: x.text.clone(), when: times::when(x.at, now, t) }
            })
            .collect(),
        closing: found.may_decide.then(|| StepForm {
            lang: t,
            action: format!("/console/meetings/{id}/close"),
            id: "close".into(),
            title: t.meeting_close().into(),
            ..StepForm::default()
        }),
    };
    let status = if typed.error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    console(status, &view)
}

/// What can be decided about an item of the agenda, as forms.
fn decisions(web: &Web, page: &MeetingPage, item: &AgendaItem, t: Lang, typed: &Typed) -> Vec<StepForm> {
    let meeting = page.meeting.id;
    let tomorrow = local_date(web.app.now()).checked_add(1.day()).map(|d| d.to_string()).unwrap_or_default();
    let (about, id) = match item.about {
        About::Case(no) => ("case", no.0),
        About::Problem(id) => ("problem", id.0),
    };
    let form = |action: &str, title: &str, mut inputs: Vec<Input>| {
        inputs.push(Input::of(Sort::Area, "text", t.f_decision()));
        StepForm {
            lang: t,
            action: format!("/console/meetings/{meeting}/{action}"),
            id: format!("{action}-{about}-{id}"),
            title: title.to_owned(),
            hidden: vec![(about, id.to_string())],
            inputs,
            ..StepForm::default()
        }
        .given_back(typed)
    };
    let day = |name, label: &str| {
        Input::of(Sort::Day { first: tomorrow.clone(), last: String::new() }, name, label)
    };
    let put_off = form("put_off", t.decide_put_off(), vec![]);
    let Some(case) = &item.case else {
        let units = units_near(web, web.app.directory().path(page.meeting.place), t);
        let task = vec![
            Input::of(Sort::Area, "what", t.f_what_task()),
            Input::of(Sort::Select(units), "unit", t.f_for_unit()),
            Input::of(Sort::Number, "hours", t.f_hours()).with("8"),
            day("due", t.f_due_day()),
        ];
        return vec![form("task", t.decide_task(), task), put_off];
    };
    let name = domain::cases::ActionName::ALL;
    let fits = |a: domain::cases::ActionName| name.contains(&a) && a.fits(case);
    use domain::cases::ActionName as A;
    let mut all = vec![];
    if fits(A::Dispatch) {
        all.push(form("dispatch", t.decide_dispatch(), dispatch_inputs(web, case, t)));
    }
    if case.may_join() {
        let inputs = vec![
            Input::line("title", t.f_problem_title()).hint(t.f_problem_title_hint()),
            Input::of(Sort::Area, "cause", t.f_problem_cause()),
        ];
        all.push(form("open", t.decide_open(), inputs));
    }
    if fits(A::GiveBack) {
        let inputs =
            vec![Input::line("ground", t.f_ground()), Input::of(Sort::Area, "note", t.f_return_note())];
        all.push(form("give_back", t.decide_give_back(), inputs));
    }
    if fits(A::Park) {
        let inputs = vec![
            Input::of(Sort::Area, "cause", t.f_cause()),
            Input::line("law", t.f_law()),
            day("review_on", t.f_review()),
        ];
        all.push(form("park", t.decide_park(), inputs));
    }
    if fits(A::Unpark) {
        all.push(form("unpark", t.decide_unpark(), vec![]));
    }
    all.push(put_off);
    all
}

fn dispatch_inputs(web: &Web, case: &Case, t: Lang) -> Vec<Input> {
    let d = web.app.directory();
    let proposed = d.competent(&case.subject, &case.path);
    let first = proposed.first().map(|p| p.unit.to_string()).unwrap_or_default();
    let units: Vec<Choice> = units_near(web, case.path, t)
        .into_iter()
        .map(|c| Choice::new(c.value.clone(), c.label.clone(), &first))
        .collect();
    let subjects = domain::subjects::ALL
        .iter()
        .map(|s| Choice::new(s.code, t.pick(s.zh, s.en), &case.subject))
        .collect();
    let kinds =
        Kind::ALL.iter().map(|k| Choice::new(k.key(), t.pick(k.zh(), k.en()), case.kind.key())).collect();
    vec![
        Input::of(Sort::Select(units), "unit", t.f_for_unit()),
        Input::of(Sort::Select(subjects), "subject", t.f_subject()),
        Input::of(Sort::Select(kinds), "kind", t.f_kind()),
    ]
}

/// The actions that a decision can be: the last part of the address.
pub(super) const DECISIONS: &[&str] =
    &["dispatch", "open", "give_back", "park", "unpark", "task", "put_off", "close"];

/// `POST /console/meetings/{id}/{action}`.
pub(super) async fn decide(
    State(web): State<Web>,
    staff: Staff,
    Path((id, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let not_found = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Ok(id) = id.parse::<MeetingId>() else { return not_found() };
    if !DECISIONS.contains(&action.as_str()) {
        return not_found();
    }
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let back = format!("/console/meetings/{id}");
    let outcome = if action == "close" {
        web.app.close_meeting(&staff.who, id).await
    } else {
        match decision(&web, &action, &fields, t) {
            None => return not_found(),
            Some(Err(e)) => {
                let typed = typed(format!("{back}/{action}"), &fields, e.field, e.text);
                return page(&web, &staff, id, &typed).await;
            }
            Some(Ok(decide)) => {
                web.app.decide_at_meeting(&staff.who, id, fields.text("text").to_owned(), decide).await
            }
        }
    };
    match outcome {
        Ok(()) => see_other(&back),
        Err(e) => match problem_of(&e, t) {
            Some((field, error)) => {
                let typed = typed(format!("{back}/{action}"), &fields, field, error);
                page(&web, &staff, id, &typed).await
            }
            None => web.staff_failed(&staff, &e),
        },
    }
}

fn decision(web: &Web, action: &str, f: &Fields, t: Lang) -> Option<Result<Decide, FieldError>> {
    let text = |name: &str| f.text(name).trim().to_owned();
    let wrong = |field, text: &str| FieldError { field, text: text.to_owned() };
    if let Ok(id) = f.text("problem").parse().map(domain::ProblemId) {
        return match action {
            "put_off" => Some(Ok(Decide::PutOff(About::Problem(id)))),
            "task" => command(web, "task", f, t).map(|c| c.map(|c| Decide::Problem(id, c))),
            _ => None,
        };
    }
    let no = f.text("case").parse().ok().map(domain::CaseNo)?;
    let step = match action {
        "put_off" => return Some(Ok(Decide::PutOff(About::Case(no)))),
        "open" => return Some(Ok(Decide::Open(no, text("title"), text("cause")))),
        "dispatch" => {
            let unit = f.text("unit").parse().map(UnitId).map_err(|_| wrong("unit", t.error_choice()));
            let kind = Kind::from_key(f.text("kind")).ok_or_else(|| wrong("kind", t.error_choice()));
            match (unit, kind) {
                (Ok(unit), Ok(kind)) => {
                    Step::Dispatch { unit, subject: text("subject"), kind, reason: text("text") }
                }
                (Err(e), _) | (_, Err(e)) => return Some(Err(e)),
            }
        }
        "give_back" => Step::GiveBack { ground: text("ground"), note: text("note") },
        "park" => match f.text("review_on").parse() {
            Ok(review_on) => Step::Park { cause: text("cause"), law: text("law"), review_on },
            Err(_) => return Some(Err(wrong("review_on", t.error_day()))),
        },
        "unpark" => Step::Unpark,
        _ => return None,
    };
    Some(Ok(Decide::Case(no, step)))
}
