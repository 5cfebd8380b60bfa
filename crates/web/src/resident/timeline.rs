//! `GET` and `POST /t/{token}`: one case as the person who spoke in it follows it.

use crate::Web;
use crate::http::fields::Fields;
use crate::http::page::{Reply, relang, resident, see_other, unrendered};
use crate::http::visitor::Visitor;
use crate::times;
use crate::view::FieldError;
use crate::view::console::public_line;
use crate::view::resident::{
    ActionDraft, Banner, Can, Frame, Line, Merged, Reader, Timeline, ToldProblem, Trouble, Wrong, headline,
    next_step, outcome_of, parked_of, redirected_of, story,
};
use app::{AppError, Followed, Say, Told};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use domain::cases::{Refusal, Satisfaction};
use std::collections::HashMap;

/// How many steps of a problem a resident is shown: the newest, so that the page stays light.
const MOST_STEPS: usize = 30;

pub(crate) async fn get(
    State(web): State<Web>,
    v: Visitor,
    Path(token): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let banner = match query.get("said").map(String::as_str) {
        Some("reported") => Some(Banner::Reported),
        Some("joined") => Some(Banner::Joined),
        Some(_) => Some(Banner::Noted),
        None => None,
    };
    match web.app.follow(&token).await {
        Ok(f) => {
            let from = query.get("from").and_then(|n| n.parse().ok()).unwrap_or(0);
            let whole = query.get("whole").map(String::as_str);
            let shown = Shown { banner, from, whole, ..Shown::default() };
            page(&web, &v, &token, &f, shown, vec![])
        }
        Err(AppError::NotFound) => web.trouble(&v, Trouble::DeadLink),
        Err(e) => web.failed(&v, &e),
    }
}

/// Which part of the page is asked for, and what was typed.
#[derive(Default)]
struct Shown<'a> {
    banner: Option<Banner>,
    /// Lines to leave out, newest first.
    from: usize,
    /// One long text alone.
    whole: Option<&'a str>,
    draft: ActionDraft,
}

fn page(
    web: &Web,
    v: &Visitor,
    token: &str,
    f: &Followed,
    shown: Shown<'_>,
    errors: Vec<FieldError>,
) -> Reply {
    let (now, directory) = (web.app.now(), web.app.directory());
    let unit = |id| directory.unit(id).map(|u| v.lang.pick(&u.zh, &u.en).clone()).unwrap_or_default();
    let reader = Reader { voice: f.voice, now, lang: v.lang, unit: &unit };
    let name = f.case.unit.map(unit).unwrap_or_default();
    let place = match (&f.doorway, f.own.path.lowest()) {
        (Some(d), _) => web.place_in_full(v, d.place, &d.address),
        (None, Some(place)) => web.place_in_full(v, place, ""),
        (None, None) => v.lang.pick(&directory.zh, &directory.en).clone(),
    };
    let offers = f.offers();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Shown { banner, from, whole, draft } = shown;
    let relang = FORMS.contains(&draft.form.as_str()).then(|| format!("f-{}", draft.form));
    let mut page = Timeline {
        frame: Frame { relang, ..web.frame(v) },
        token: token.to_owned(),
        link: format!("{}/t/{token}", web.origin),
        once: web.nonce(),
        no: f.own.no,
        banner,
        place,
        detail: f.own.detail.clone(),
        text: f.own.text.clone(),
        others: f.case.voices.saturating_sub(1),
        headline: headline(f.case.state, &name, v.lang),
        next: next_step(&f.case, now, v.lang),
        problem: f.problem.as_ref().map(|told| told_of(told, reader)),
        lines: story(&f.events, reader),
        earlier: None,
        back: false,
        cuts: vec![],
        whole: None,
        outcome: outcome_of(&f.case, &f.events, reader),
        parked: parked_of(&f.case, &f.events, reader),
        merged: (f.own.no != f.case.no)
            .then(|| Merged { into: f.case.no, headline: headline(f.case.state, &name, v.lang) }),
        redirected: redirected_of(&f.case, &f.events),
        can: Can {
            remark: offers.remark,
            withdraw: offers.withdraw,
            confirm: offers.confirm,
            not_solved: offers.not_solved,
            rate: offers.rate && !offers.confirm,
        },
        draft,
        errors,
        texts: f.texts,
    };
    page.whole = whole.and_then(|name| page.text_of(name)).map(str::to_owned);
    if page.whole.is_some() {
        return resident(status, &page);
    }
    match page.bounded(from) {
        Ok(page) => resident(status, &page),
        Err(error) => unrendered(&error),
    }
}

/// What a resident reads of the problem that their case is part of: never a name of staff, never another
/// resident's words.
fn told_of(told: &Told, reader: Reader<'_>) -> ToldProblem {
    let Reader { lang: t, now, unit, .. } = reader;
    let p = &told.problem;
    let mut facts = vec![t.told_people(p.voices())];
    facts.extend(p.lead.map(|u| t.told_lead(unit(u))));
    let units = p.units().len();
    if units > 1 {
        facts.push(t.told_units(units));
    }
    let line = |e: &domain::problems::Recorded| {
        let (what, quote, amounts) = public_line(p, &e.event, t, unit)?;
        let quote = Some(quote).filter(|q| !q.is_empty());
        Some(Line { when: times::when(e.at, now, t), what, quote, amounts, promises: vec![] })
    };
    ToldProblem {
        title: p.title.clone(),
        facts,
        next: told.next.as_ref().map(|(what, at)| t.told_next(what, times::by(*at, now, t))),
        lines: told.steps.iter().rev().filter_map(line).take(MOST_STEPS).collect(),
    }
}

pub(crate) async fn post(
    State(web): State<Web>,
    mut v: Visitor,
    Path(token): Path<String>,
    request: Request,
) -> Reply {
    let by_staff = web.in_staff_session(request.headers()).await;
    let fields = match Fields::read(request, None).await {
        Ok(fields) => fields,
        Err(why) => return web.unreadable(&v, why),
    };
    let other = relang(&fields);
    if let Some(lang) = other {
        v.lang = lang;
    } else if let Err(minutes) = web.limits.report(&token, &v.sender(), web.app.now()) {
        return web.trouble(&v, Trouble::TooMany { minutes });
    }
    let (form, text) = (fields.text("do").to_owned(), fields.text("text").trim().to_owned());
    // The resident's own word ends or rates a case; staff at the next window of the same browser are not them.
    if by_staff && matches!(form.as_str(), "rate" | "confirm" | "withdraw") {
        let mut reply = web.trouble(&v, Trouble::BadRequest);
        *reply.status_mut() = StatusCode::FORBIDDEN;
        return reply;
    }
    if let "texts_on" | "texts_off" = form.as_str() {
        return match web.app.set_texts(&token, form == "texts_on").await {
            Ok(()) => see_other(&format!("/t/{token}?said={form}#texts")),
            Err(AppError::NotFound) => web.trouble(&v, Trouble::DeadLink),
            Err(e) => web.failed(&v, &e),
        };
    }
    let satisfaction = Satisfaction::from_key(fields.text("satisfaction"));
    let wrong = match form.as_str() {
        "remark" if text.is_empty() => Some(Wrong::RemarkMissing),
        "not_solved" if text.is_empty() => Some(Wrong::WhyMissing),
        "rate" if satisfaction.is_none() => Some(Wrong::RatingMissing),
        _ => None,
    };
    let says: Vec<Say> = match (form.as_str(), satisfaction) {
        ("remark", _) => vec![Say::Remark(text.clone())],
        ("not_solved", _) => vec![Say::NotSolved(text.clone())],
        ("withdraw", _) => vec![Say::Withdraw(text.clone())],
        ("confirm", how) => vec![Say::Solved(how, text.clone())],
        ("rate", Some(how)) => vec![Say::Rate(how, text.clone())],
        ("rate", None) => vec![],
        _ => return web.trouble(&v, Trouble::BadRequest),
    };
    let given_back = async |errors: Vec<FieldError>| match web.app.follow(&token).await {
        Ok(f) => {
            let draft = ActionDraft { form: form.clone(), text: text.clone(), satisfaction };
            page(&web, &v, &token, &f, Shown { draft, ..Shown::default() }, errors)
        }
        Err(AppError::NotFound) => web.trouble(&v, Trouble::DeadLink),
        Err(e) => web.failed(&v, &e),
    };
    if let Some(lang) = other {
        let reply = given_back(wrong.into_iter().map(|w| w.tell(lang)).collect()).await;
        return web.keep_language(reply, lang);
    }
    if let Some(wrong) = wrong {
        return given_back(vec![wrong.tell(v.lang)]).await;
    }
    let done = format!("/t/{token}?said={form}");
    // The same button twice: the first was heard.
    let tap = format!("{token}/{}", fields.text("once"));
    if !fields.text("once").is_empty() && web.heard_before(&tap) {
        return see_other(&done);
    }
    for say in says {
        match web.app.say(&token, say).await {
            Ok(()) => {}
            Err(AppError::NotFound) => return web.trouble(&v, Trouble::DeadLink),
            Err(e @ (AppError::Invalid(_) | AppError::Refused(_))) => {
                let field = FORMS.iter().find(|f| **f == form).copied().unwrap_or("remark");
                let text = v.lang.pick(e.zh(), e.en());
                let mut reply = given_back(vec![FieldError { field, text }]).await;
                if matches!(e, AppError::Refused(Refusal::NotNow(_))) {
                    *reply.status_mut() = StatusCode::CONFLICT;
                }
                return reply;
            }
            Err(e) => return web.failed(&v, &e),
        }
    }
    web.now_heard(tap);
    see_other(&done)
}

const FORMS: [&str; 5] = ["remark", "not_solved", "withdraw", "confirm", "rate"];
