//! `/console/problems`: the board, opening one, a problem with its plan on one page, and every step of it.

mod forms;
mod parse;
mod show;

use super::case::number;
use super::list::Asked;
use super::session::Staff;
use super::sheet::{MOST, Sheet};
use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{
    Flash, Frame, Nav, NewProblemView, ProblemCard, ProblemsView, StaffTrouble, Typed,
};
use crate::words::Lang;
use app::{AppError, ProblemRow};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::problems::ProblemState;
use domain::{CaseNo, ProblemId};
pub(super) use forms::units_near;
use jiff::SignedDuration;
pub(super) use parse::command;

/// `GET /console/problems`.
pub(super) async fn board(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    let chosen = asked.get("state").and_then(|s| ProblemState::from_key(s));
    let rows = match web.app.problems(&staff.who, chosen).await {
        Ok(rows) => rows,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, t) = (web.app.now(), staff.visitor.lang);
    let (mut late, mut week, mut later, mut done) = (vec![], vec![], vec![], vec![]);
    for row in &rows {
        let card = card(&web, row, t);
        match row.next_due {
            Some(at) if at < now => late.push(card),
            Some(at) if at < now + SignedDuration::from_hours(7 * 24) => week.push(card),
            Some(_) => later.push(card),
            None => done.push(card),
        }
    }
    let groups = [
        (t.problems_late(late.len()), late),
        (t.problems_week(week.len()), week),
        (t.problems_later(later.len()), later),
        (t.problems_done(done.len()), done),
    ];
    let all = (String::new(), t.problems_all().to_owned(), chosen.is_none());
    let named = ProblemState::ALL
        .iter()
        .map(|s| (s.key().to_owned(), t.pick(s.zh(), s.en()).to_owned(), chosen == Some(*s)));
    let export = !rows.is_empty() && may_somewhere(&staff.who.grants, Action::Export);
    let page = ProblemsView {
        matters: web.app.sees_budding(&staff.who),
        export: export.then(|| {
            let state = chosen.map_or(String::new(), |s| format!("?state={}", s.key()));
            format!("/console/export/problems.xlsx{state}")
        }),
        frame: web.staff_frame(&staff, Some(Nav::Problems)),
        states: std::iter::once(all).chain(named).collect(),
        groups: groups.into_iter().filter(|(_, cards)| !cards.is_empty()).collect(),
    };
    console(StatusCode::OK, &page)
}

/// The board as a spreadsheet.
pub(super) async fn sheet(web: &Web, staff: &Staff, asked: &Asked) -> Result<Sheet, AppError> {
    let chosen = asked.get("state").and_then(|s| ProblemState::from_key(s));
    let mut problems = web.app.problems(&staff.who, chosen).await?;
    problems.truncate(MOST as usize);
    let (d, t) = (web.app.directory(), staff.visitor.lang);
    let head = [
        t.col_no(),
        t.col_problem(),
        t.col_where(),
        t.f_subject(),
        t.col_state(),
        t.col_cases(),
        t.col_people(),
        t.part_lead(),
        t.col_opened(),
        t.col_promised(),
        t.col_due(),
    ];
    let rows = problems.iter().map(|p| {
        let c = card(web, p, t);
        vec![
            p.id.to_string(),
            c.title,
            c.place,
            c.subject,
            c.state,
            p.cases.to_string(),
            p.voices.to_string(),
            p.lead.and_then(|u| d.unit(u)).map(|u| t.pick(&u.zh, &u.en).clone()).unwrap_or_default(),
            times::exact(p.opened_at),
            times::exact(p.due),
            p.next_due.map(times::exact).unwrap_or_default(),
        ]
    });
    Ok(Sheet {
        name: "problems",
        head: head.map(Into::into).into(),
        rows: rows.collect(),
        of: problems.iter().filter_map(|p| p.path.lowest()).collect(),
    })
}

fn card(web: &Web, row: &ProblemRow, t: Lang) -> ProblemCard {
    let (d, now) = (web.app.directory(), web.app.now());
    let subject = domain::subjects::by_code(&row.subject).map(|s| t.pick(s.zh, s.en));
    let lead = row.lead.and_then(|u| d.unit(u)).map(|u| t.pick(&u.zh, &u.en));
    ProblemCard {
        id: row.id.0,
        title: row.title.clone(),
        state: t.pick(row.state.zh(), row.state.en()).to_owned(),
        place: d.names(&row.path, t == Lang::Zh).pop().unwrap_or_default(),
        subject: subject.unwrap_or_default().to_owned(),
        counts: t.problem_counts(row.cases, row.voices),
        lead: lead.map_or_else(|| t.problem_no_lead().to_owned(), |u| t.problem_lead(u)),
        next: row.next_due.map(|at| {
            let (left, level) = crate::view::console::time_left(at, now, t);
            (times::by(at, now, t), left, level)
        }),
    }
}

/// `GET /console/problems/new?case=…&others=…`: with a case, and the numbers of others where somebody has chosen them.
pub(super) async fn new(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Reply {
    let Some(no) = asked.get("case").and_then(|no| number(no)) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let others = asked.get("others").map_or("", |o| o.trim());
    new_page(&web, &staff, no, others, None, vec![]).await
}

async fn new_page(
    web: &Web,
    staff: &Staff,
    no: CaseNo,
    others: &str,
    typed: Option<&Fields>,
    errors: Vec<FieldError>,
) -> Reply {
    let (case, likely) = match web.app.like_this_case(&staff.who, no).await {
        Ok(found) => found,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let t = staff.visitor.lang;
    let chosen =
        |no: CaseNo, before: bool| typed.map_or(before, |f| f.all("cases").any(|v| v == no.to_string()));
    let mut cases = vec![(no, case.text, t.this_case().to_owned(), chosen(no, true))];
    cases.extend(likely.into_iter().map(|(c, zh, en)| (c.no, c.text, t.pick(zh, en), chosen(c.no, false))));
    let text = |name| typed.map_or("", |f| f.text(name)).to_owned();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = NewProblemView {
        frame: web.staff_frame(staff, Some(Nav::Problems)),
        case: no,
        cases,
        title: text("title"),
        cause: text("cause"),
        others: typed.map_or(others, |f| f.text("others")).to_owned(),
        errors,
    };
    console(status, &page)
}

/// `POST /console/problems`.
pub(super) async fn open(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let Some(first) = number(fields.text("case")) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let mut numbers: Vec<CaseNo> = fields.all("cases").filter_map(number).collect();
    for typed in fields.text("others").split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、'))
    {
        if typed.is_empty() {
            continue;
        }
        match number(typed) {
            Some(no) => numbers.push(no),
            None => {
                let error = FieldError { field: "case", text: t.error_no_such_numbers(typed) };
                return new_page(&web, &staff, first, "", Some(&fields), vec![error]).await;
            }
        }
    }
    let text = |name: &str| fields.text(name).trim().to_owned();
    let (title, cause) = (text("title"), text("cause"));
    let why = cause.clone();
    match web.app.open_problem(&staff.who, title, cause, numbers, why).await {
        Ok(id) => see_other(&format!("/console/problems/{id}")),
        Err(e) => match problem_of(&e, t) {
            Some((field, text)) => {
                new_page(&web, &staff, first, "", Some(&fields), vec![FieldError { field, text }]).await
            }
            None => web.staff_failed(&staff, &e),
        },
    }
}

/// The field that an error is about, and its sentence; `None` where it is no matter of the form.
pub(super) fn problem_of(error: &AppError, t: Lang) -> Option<(&'static str, String)> {
    match error {
        AppError::Invalid(i) => Some((i.field, t.pick(i.zh.clone(), i.en.clone()))),
        AppError::PlanRefused(r) => Some((r.field(), t.pick(r.zh(), r.en()))),
        AppError::Refused(r) => Some(("case", t.pick(r.zh(), r.en()))),
        _ => None,
    }
}

fn problem_number(text: &str) -> Option<ProblemId> {
    text.parse().ok()
}

/// `GET /console/problems/{id}`.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let Some(id) = problem_number(&id) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    match web.app.problem_page(&staff.who, id).await {
        Ok(page) => {
            let flash = asked
                .contains_key("done")
                .then(|| Flash { text: staff.visitor.lang.saved_action().to_owned(), undo: None });
            console(StatusCode::OK, &show::view(&web, &staff, &page, flash, &Typed::default()))
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// `POST /console/problems/{id}/{action}`.
pub(super) async fn act(
    State(web): State<Web>,
    staff: Staff,
    Path((id, action)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let not_found = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Some(id) = problem_number(&id) else { return not_found() };
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let t = staff.visitor.lang;
    let (field, error) = match command(&web, &action, &fields, t) {
        None => return not_found(),
        Some(Err(e)) => (e.field, e.text),
        Some(Ok(command)) => match web.app.plan(&staff.who, id, command).await {
            Ok(()) => return see_other(&format!("/console/problems/{id}?done={action}")),
            Err(e) => match problem_of(&e, t) {
                Some(wrong) => wrong,
                None => return web.staff_failed(&staff, &e),
            },
        },
    };
    let typed = Typed {
        action: format!("/console/problems/{id}/{action}"),
        values: fields.pairs().map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        field: field.to_owned(),
        error: error.clone(),
    };
    match web.app.problem_page(&staff.who, id).await {
        Ok(page) => {
            let mut view = show::view(&web, &staff, &page, None, &typed);
            // What is no longer offered has no form to stand in: the sentence stands on top.
            if !view.shows_error() {
                view.frame = Frame { flash: Some(Flash { text: error, undo: None }), ..view.frame };
            }
            console(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
