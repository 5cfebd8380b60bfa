//! `GET /console/budding`: what is budding; `POST …/{id}/{action}`: ask, visit, watch, known, acted, nothing.

mod weeks;

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{BudAction, BudBefore, BudCard, BuddingPage, Flash, Frame, Nav, StaffTrouble};
use crate::words::Lang;
use app::{
    AppError, Budding, StepKind, WARNINGS_SHOWN, WarningAction, WarningAnswer, WarningKind, WarningState,
};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::PlaceId;
use domain::cases::local_date;
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::HashMap;

/// So many days ahead are proposed: for an answer, for a visit, for the end of watching.
const ANSWER_IN: i32 = 3;
const VISIT_IN: i32 = 2;
const WATCH_FOR: i32 = 14;

/// More days than this are "hardly once in ten years".
const TEN_YEARS: f64 = 3_650.0;

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<HashMap<String, String>>,
) -> Reply {
    let saved = asked.contains_key("done");
    let flash = saved.then(|| Flash { text: staff.visitor.lang.saved_action().to_owned(), undo: None });
    show(&web, &staff, flash, weeks::asked(asked.get("week")), None, (None, vec![])).await
}

async fn show(
    web: &Web,
    staff: &Staff,
    flash: Option<Flash>,
    week: Option<i32>,
    draft: Option<(i64, HashMap<&'static str, String>)>,
    (alarms, errors): (Option<String>, Vec<FieldError>),
) -> Reply {
    let all = match web.app.budding(&staff.who).await {
        Ok(all) => all,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let figures = match web.app.budding_figures(&staff.who).await {
        Ok(figures) => figures,
        Err(e) => return web.staff_failed(staff, &e),
    };
    let t = staff.visitor.lang;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (open, earlier): (Vec<Budding>, Vec<Budding>) =
        all.into_iter().partition(|b| b.warning.state == WarningState::Open);
    let page = BuddingPage {
        frame: Frame { flash, ..web.staff_frame(staff, Some(Nav::Budding)) },
        cards: open.iter().take(WARNINGS_SHOWN).map(|b| card(web, b, week, t)).collect(),
        earlier: earlier
            .iter()
            .map(|b| (title(web, b, t), format!("{} · {}", since(web, b, t), stands(b, t))))
            .collect(),
        figures: if figures.told == 0 {
            String::new()
        } else {
            t.bud_figures(figures.told, figures.led, figures.led_to_nothing, figures.waiting)
        },
        alarms: figures.sets.then(|| alarms.unwrap_or_else(|| figures.bears.to_string())),
        draft,
        errors,
    };
    console(status, &page)
}

/// The key, or the number, after a word in what a warning is about: `unit:7`.
fn about<'a>(b: &'a Budding, word: &str) -> Option<&'a str> {
    b.warning.finding.about.strip_prefix(word)?.strip_prefix(':')
}

fn title(web: &Web, b: &Budding, t: Lang) -> String {
    let (f, d) = (&b.warning.finding, web.app.directory());
    let subject =
        domain::subjects::by_code(&f.subject).map_or_else(|| t.bud_all_subjects(), |s| t.pick(s.zh, s.en));
    let name = |id| name(web, id, t);
    let number = |word| about(b, word).and_then(|n| n.parse().ok());
    let place = number("place").map_or_else(|| name(f.precinct), |n| name(domain::PlaceId(n)));
    match f.kind {
        WarningKind::Rising if !f.about.is_empty() => format!("{} · {place}", t.bud_said(&f.about)),
        WarningKind::Cluster | WarningKind::Rising => format!("{subject} · {place}"),
        WarningKind::Relapse => format!("{} · {place}", t.bud_relapse(subject)),
        WarningKind::Silence => format!("{} · {place}", t.bud_silence()),
        WarningKind::SlowAnswers => {
            let unit = number("unit").and_then(|n| d.unit(domain::UnitId(n)));
            let whose = unit.map_or_else(|| subject.to_owned(), |u| t.pick(&u.zh, &u.en).clone());
            format!("{} · {place}", t.bud_slow(whose))
        }
        WarningKind::Contradiction => format!("{} · {place}", t.bud_contradiction()),
        WarningKind::Season => format!("{} · {place}", t.bud_season(subject)),
    }
}

/// What was seen, beside what is usual.
fn seen(web: &Web, b: &Budding, t: Lang) -> Vec<String> {
    let f = &b.warning.finding;
    let round = |n: f64| format!("{n:.0}");
    match f.kind {
        WarningKind::Rising if !f.about.is_empty() => {
            let said = t.bud_said_seen(round(f.observed), format!("{:.1}", f.expected));
            vec![format!("{said} · {}", since(web, b, t))]
        }
        WarningKind::Cluster | WarningKind::Rising => {
            vec![format!("{} · {}", t.bud_seen(f.observed, format!("{:.1}", f.expected)), since(web, b, t))]
        }
        WarningKind::Relapse => {
            let day = times::day(f.since, local_date(web.app.now()), t);
            vec![t.bud_relapse_seen(day, round(f.observed), format!("{:.1}", f.expected))]
        }
        WarningKind::Silence => {
            let untold = f.untold.map(|u| t.bud_untold(round(u * 100.0)));
            let seen = t.bud_silence_seen(round(f.observed), round(f.expected));
            std::iter::once(seen).chain(untold).collect()
        }
        WarningKind::SlowAnswers => {
            let seen = t.bud_slow_seen(round(f.observed), round(f.expected));
            vec![format!("{seen} · {}", since(web, b, t))]
        }
        WarningKind::Contradiction => vec![t.bud_contradiction_seen(round(f.observed))],
        WarningKind::Season => {
            let day = times::day(f.since, local_date(web.app.now()), t);
            match &b.season {
                Some((zh, en)) => vec![t.bud_season_said(day), t.pick(zh, en).clone()],
                None if about(b, "last").is_some() => {
                    vec![t.bud_season_seen(day, round(f.observed), round(f.expected))]
                }
                None => vec![t.bud_season_said(day)],
            }
        }
    }
}

fn since(web: &Web, b: &Budding, t: Lang) -> String {
    t.bud_since(times::day(b.warning.finding.since, local_date(web.app.now()), t))
}

fn stands(b: &Budding, t: Lang) -> String {
    match &b.warning.state {
        WarningState::Known { reason, until, .. } => t.bud_state_known(reason, until),
        WarningState::Watching { until, .. } => t.bud_state_watched(until),
        WarningState::Acted => t.bud_acted().to_owned(),
        WarningState::Nothing => t.bud_nothing().to_owned(),
        WarningState::Lapsed | WarningState::Open => t.bud_state_lapsed().to_owned(),
    }
}

fn card(web: &Web, b: &Budding, week: Option<i32>, t: Lang) -> BudCard {
    let (f, today) = (&b.warning.finding, local_date(web.app.now()));
    let mut facts = seen(web, b, t);
    if f.once_in_days >= TEN_YEARS {
        facts.push(t.bud_very_rare().to_owned());
    } else if f.once_in_days > 0.0 {
        facts.push(t.bud_rare(format!("{:.0}", f.once_in_days)));
    }
    if !f.doorways.is_empty() {
        facts.push(t.bud_where(f.doorways.len()));
    }
    BudCard {
        id: b.id,
        title: title(web, b, t),
        facts,
        cases: f.cases.iter().map(|no| (no.spoken(), format!("/console/cases/{no}"))).collect(),
        open: b.joinable.split_first().map(|(first, others)| {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            format!("/console/problems/new?case={first}&others={}", others.join("+"))
        }),
        may_answer: b.may_answer,
        actions: if b.may_answer { actions(f.kind) } else { vec![] },
        places: b.neighbourhoods.iter().map(|p| (p.0, name(web, *p, t))).collect(),
        question: question(b, t),
        days: [ANSWER_IN, VISIT_IN, WATCH_FOR].map(|n| today.saturating_add(n.days()).to_string()),
        steps: b.warning.steps.iter().map(|s| step(web, s, today, t)).collect(),
        map_svg: weeks::map(web, b, week),
        circle: f.kind == WarningKind::Cluster,
        weeks: weeks::weeks(b, week, local_date(web.app.now()), t),
        rows: weeks::rows(web, b, week, t),
        before: b.before.iter().map(|e| before(web, e, t)).collect(),
    }
}

fn name(web: &Web, id: PlaceId, t: Lang) -> String {
    web.app.directory().place(id).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default()
}

/// What its kind proposes, the first thing first; waiting is always possible.
fn actions(kind: WarningKind) -> Vec<BudAction> {
    let proposed = kind.actions().iter().map(|a| match a {
        WarningAction::OpenProblem => BudAction::Open,
        WarningAction::AskCommittee => BudAction::Ask,
        WarningAction::Visit => BudAction::Visit,
        WarningAction::Watch => BudAction::Watch,
        WarningAction::AskUnit => BudAction::AskUnit,
        WarningAction::Prepare => BudAction::Prepare,
    });
    let mut all: Vec<BudAction> = proposed.collect();
    for also in [BudAction::Ask, BudAction::Visit, BudAction::Watch] {
        if !all.contains(&also) {
            all.push(also);
        }
    }
    all
}

/// A question as it could be asked: one tap is enough.
fn question(b: &Budding, t: Lang) -> String {
    let f = &b.warning.finding;
    match domain::subjects::by_code(&f.subject) {
        Some(s) => t.bud_question_said(t.pick(s.zh, s.en)),
        None if f.kind == WarningKind::Rising && !f.about.is_empty() => t.bud_question_said(&f.about),
        None => t.bud_question_any().to_owned(),
    }
}

/// A step in a line: what was asked of whom, and what came of it.
pub(super) fn step(web: &Web, s: &app::WarningStep, today: Date, t: Lang) -> String {
    let (place, due) = (name(web, s.neighbourhood, t), times::day(s.due, today, t));
    let taken = match s.kind {
        StepKind::Ask => t.bud_step_asked(place, &s.words, due),
        StepKind::Visit => t.bud_step_visit(due, place, &s.words),
    };
    let said = s.said.as_ref().map(|said| t.bud_step_said(times::day(said.on, today, t), &said.words));
    format!("{taken} · {}", said.unwrap_or_else(|| t.bud_step_waits().to_owned()))
}

fn before(web: &Web, e: &app::Before, t: Lang) -> BudBefore {
    let day = times::day(local_date(e.closed_at), local_date(web.app.now()), t);
    let solved = e.solved.map(|s| t.pick(s.zh(), s.en()));
    let (name, href) = match &e.problem {
        Some((id, title)) => (title.clone(), format!("/console/problems/{id}")),
        None => (e.case.spoken(), format!("/console/cases/{}", e.case)),
    };
    BudBefore {
        name,
        href,
        how: std::iter::once(t.bud_closed_on(day))
            .chain(solved.map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(" · "),
        outcome: e.outcome.clone(),
    }
}

/// The fields that a form is given back with.
const FIELDS: [&str; 9] =
    ["ask_place", "question", "ask_due", "visit_place", "goes", "visit_due", "watch", "reason", "until"];

/// The field of a form that the application's word for it stands in.
fn field_of(form: &str, field: &'static str) -> &'static str {
    match (form, field) {
        ("ask", "neighbourhood") => "ask_place",
        ("ask", "due") => "ask_due",
        ("visit", "neighbourhood") => "visit_place",
        ("visit", "due") => "visit_due",
        ("watch", "until") => "watch",
        _ => field,
    }
}

pub(super) async fn post(
    State(web): State<Web>,
    staff: Staff,
    Path((id, form)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let not_found = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Ok(id) = id.parse::<i64>() else { return not_found() };
    let typed = |field: &str| fields.text(field).trim().to_owned();
    let day_in = match form.as_str() {
        "ask" => Some("ask_due"),
        "visit" => Some("visit_due"),
        "watch" => Some("watch"),
        "known" => Some("until"),
        _ => None,
    };
    let day = day_in.map(|field| typed(field).parse::<Date>());
    let back = |errors| {
        let draft = FIELDS.iter().map(|f| (*f, typed(f))).collect();
        show(&web, &staff, None, None, Some((id, draft)), (None, errors))
    };
    if let (Some(field), Some(Err(_))) = (day_in, &day) {
        return back(vec![FieldError { field, text: staff.visitor.lang.error_day().to_owned() }]).await;
    }
    let day = day.and_then(Result::ok).unwrap_or_default();
    let place = |field| PlaceId(typed(field).parse().unwrap_or_default());
    let (app, who) = (&web.app, &staff.who);
    let done = match form.as_str() {
        "ask" => app.take_step(who, id, StepKind::Ask, place("ask_place"), &typed("question"), day).await,
        "visit" => app.take_step(who, id, StepKind::Visit, place("visit_place"), &typed("goes"), day).await,
        "watch" => app.answer_warning(who, id, WarningAnswer::Watch { until: day }).await,
        "known" => {
            let answer = WarningAnswer::Known { reason: typed("reason"), until: day };
            app.answer_warning(who, id, answer).await
        }
        "acted" => app.answer_warning(who, id, WarningAnswer::Acted).await,
        "nothing" => app.answer_warning(who, id, WarningAnswer::Nothing).await,
        _ => return not_found(),
    };
    match done {
        Ok(()) => see_other("/console/budding?done=1"),
        Err(AppError::Invalid(i)) => {
            let text = staff.visitor.lang.pick(i.zh, i.en);
            back(vec![FieldError { field: field_of(&form, i.field), text }]).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// `POST /console/budding/{id}/steps/{index}`: a question is answered, a visit told of; from the page of today.
pub(super) async fn say(
    State(web): State<Web>,
    staff: Staff,
    Path((id, index)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let (Ok(id), Ok(index)) = (id.parse::<i64>(), index.parse::<usize>()) else {
        return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    };
    let typed = fields.text("said").to_owned();
    match web.app.say_to_step(&staff.who, id, index, &typed).await {
        Ok(()) => see_other("/console?done=1"),
        Err(AppError::Invalid(i)) => {
            let error = (id, index, typed, staff.visitor.lang.pick(i.zh, i.en));
            super::today::show(&web, &staff, false, Some(error)).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}

/// `POST /console/budding/alarms`: how many false alarms a month the district bears.
pub(super) async fn alarms(State(web): State<Web>, staff: Staff, request: Request) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let typed = fields.text("alarms").to_owned();
    match web.app.set_alarms(&staff.who, &typed).await {
        Ok(()) => see_other("/console/budding?done=1"),
        Err(AppError::Invalid(i)) => {
            let text = staff.visitor.lang.pick(i.zh, i.en);
            let errors = vec![FieldError { field: i.field, text }];
            show(&web, &staff, None, None, None, (Some(typed), errors)).await
        }
        Err(e) => web.staff_failed(&staff, &e),
    }
}
