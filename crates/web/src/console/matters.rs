//! `GET /console/matters`: what is reported most, as groups of cases with their words.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::console::{MatterCard, MattersPage, Nav};
use app::Matter;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Action, may_somewhere};
use domain::cases::local_date;

/// A problem is opened with so many cases at once.
const MOST_JOINED: usize = 40;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let matters = match web.app.largest_matters(&staff.who).await {
        Ok(matters) => matters,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let page = MattersPage {
        frame: web.staff_frame(&staff, Some(Nav::Problems)),
        cards: matters.iter().map(|m| card(&web, &staff, m)).collect(),
    };
    console(StatusCode::OK, &page)
}

fn card(web: &Web, staff: &Staff, m: &Matter) -> MatterCard {
    let (t, d, today) = (staff.visitor.lang, web.app.directory(), local_date(web.app.now()));
    let subject = domain::subjects::by_code(&m.subject).map_or("", |s| t.pick(s.zh, s.en));
    let place = m.place.and_then(|p| d.place(p)).map(|p| t.pick(&p.zh, &p.en).clone());
    let day = |at| times::day(local_date(at), today, t);
    let plans = may_somewhere(&staff.who.grants, Action::Plan);
    MatterCard {
        words: if m.words.is_empty() { subject.to_owned() } else { m.words.join(t.pick("、", ", ")) },
        facts: t.matter_facts(m.cases.len(), m.people, m.open, day(m.since), day(m.until)),
        place: format!("{subject} · {}", place.unwrap_or_else(|| t.matter_many_places().to_owned())),
        text: m.text.chars().take(120).collect(),
        cases: m.cases.iter().map(|no| (no.spoken(), format!("/console/cases/{no}"))).collect(),
        open: m.joinable.split_first().filter(|(_, others)| plans && !others.is_empty()).map(
            |(first, others)| {
                let others: Vec<String> = others.iter().take(MOST_JOINED).map(ToString::to_string).collect();
                format!("/console/problems/new?case={first}&others={}", others.join("+"))
            },
        ),
    }
}
