//! `GET /console/budding`: what is budding; `POST …/{id}/{answer}`: known, acted, nothing.

mod weeks;

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, see_other};
use crate::times;
use crate::view::FieldError;
use crate::view::console::{BudBefore, BudCard, BuddingPage, Flash, Frame, Nav, StaffTrouble};
use crate::words::Lang;
use app::{AppError, Budding, WARNINGS_SHOWN, WarningAnswer, WarningKind, WarningState};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::cases::local_date;
use std::collections::HashMap;

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
    draft: Option<(i64, String, String)>,
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
    let name = |id: domain::PlaceId| d.place(id).map(|p| t.pick(&p.zh, &p.en).clone()).unwrap_or_default();
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
        WarningState::Acted => t.bud_acted().to_owned(),
        WarningState::Nothing => t.bud_nothing().to_owned(),
        WarningState::Lapsed | WarningState::Open => t.bud_state_lapsed().to_owned(),
    }
}

fn card(web: &Web, b: &Budding, week: Option<i32>, t: Lang) -> BudCard {
    let f = &b.warning.finding;
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
        map_svg: weeks::map(web, b, week),
        circle: f.kind == WarningKind::Cluster,
        weeks: weeks::weeks(b, week, local_date(web.app.now()), t),
        rows: weeks::rows(web, b, week, t),
        before: b.before.iter().map(|e| before(web, e, t)).collect(),
    }
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

pub(super) async fn post(
    State(web): State<Web>,
    staff: Staff,
    Path((id, answer)): Path<(String, String)>,
    request: Request,
) -> Reply {
    let fields = match web.staff_fields(&staff, request).await {
        Ok(fields) => fields,
        Err(reply) => return reply,
    };
    let not_found = || web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
    let Ok(id) = id.parse::<i64>() else { return not_found() };
    let (reason, until) = (fields.text("reason").trim().to_owned(), fields.text("until").trim().to_owned());
    let answer = match answer.as_str() {
        "known" => match until.parse() {
            Ok(day) => WarningAnswer::Known { reason: reason.clone(), until: day },
            Err(_) => {
                let text = staff.visitor.lang.error_day().to_owned();
                let errors = vec![FieldError { field: "until", text }];
                return show(&web, &staff, None, None, Some((id, reason, until)), (None, errors)).await;
            }
        },
        "acted" => WarningAnswer::Acted,
        "nothing" => WarningAnswer::Nothing,
        _ => return not_found(),
    };
    match web.app.answer_warning(&staff.who, id, answer).await {
        Ok(()) => see_other("/console/budding?done=1"),
        Err(AppError::Invalid(i)) => {
            let text = staff.visitor.lang.pick(i.zh, i.en);
            let errors = vec![FieldError { field: i.field, text }];
            show(&web, &staff, None, None, Some((id, reason, until)), (None, errors)).await
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
