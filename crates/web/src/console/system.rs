//! `GET /console/system`: jobs and the state of the machine, for the system administrator.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, hex};
use crate::times;
use crate::view::console::{JobRow, Nav, SealRow, SystemPage, SystemState, TryRow, WaitingRow};
use axum::extract::State;
use axum::http::StatusCode;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let state = match web.app.system_page(&staff.who).await {
        Ok(state) => state,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let page = SystemPage {
        frame: web.staff_frame(&staff, Some(Nav::System)),
        state: SystemState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store: state.store,
            sealed: state.seals.first().map(|s| times::when(s.sealed_at, now, lang)).unwrap_or_default(),
            ..SystemState::default()
        },
        waiting: state
            .waiting
            .into_iter()
            .map(|w| WaitingRow {
                kind: w.kind,
                waiting: w.waiting,
                failing: w.failing,
                first: times::when(w.first, now, lang),
            })
            .collect(),
        failing: state
            .failing
            .into_iter()
            .map(|j| JobRow {
                kind: j.kind,
                about: j.about.to_string(),
                due: times::when(j.run_at, now, lang),
                tries: j.attempts,
                error: j.error.unwrap_or_default(),
            })
            .collect(),
        done_today: state.done_today,
        tries: state
            .tries
            .into_iter()
            .map(|l| TryRow {
                when: times::when(l.at, now, lang),
                channel: format!(
                    "{} · {}",
                    lang.pick(l.channel.zh(), l.channel.en()),
                    if l.resident { lang.actor_resident() } else { lang.letter_staff() }
                ),
                letter: lang.letter_of(l.letter, l.notices),
                outcome: match l.outcome.as_str() {
                    "sent" => lang.letter_sent(),
                    "refused" => lang.letter_refused(),
                    "dropped" => lang.letter_dropped(),
                    _ => lang.letter_again(),
                }
                .to_owned(),
                error: l.error.unwrap_or_default(),
            })
            .collect(),
        seals: state
            .seals
            .iter()
            .map(|s| SealRow { day: times::day_of(s.day), events: s.events, root: hex(&s.root) })
            .collect(),
    };
    console(StatusCode::OK, &page)
}
