//! `GET /console/system`: jobs and the state of the machine, for the system administrator.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console};
use crate::times;
use crate::view::console::{JobRow, JobStatus, Nav, SystemPage, SystemState};
use axum::extract::State;
use axum::http::StatusCode;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let state = match web.app.system_page(&staff.who).await {
        Ok(state) => state,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let failing = state.failing.into_iter().map(|j| JobRow {
        id: j.id,
        kind: j.kind,
        status: JobStatus::Failed,
        due: times::when(j.run_at, now, lang),
        tries: j.attempts,
        error: j.error.unwrap_or_default(),
    });
    let waiting = state.waiting.into_iter().map(|w| JobRow {
        id: 0,
        kind: format!("{} × {}", w.kind, w.waiting),
        status: JobStatus::Waiting,
        due: times::when(w.first, now, lang),
        tries: 0,
        error: String::new(),
    });
    let done = state.done_today.into_iter().map(|(kind, n)| JobRow {
        id: 0,
        kind: format!("{kind} × {n}"),
        status: JobStatus::Done,
        due: times::day(domain::cases::local_date(now), domain::cases::local_date(now), lang),
        tries: 0,
        error: String::new(),
    });
    let page = SystemPage {
        frame: web.staff_frame(&staff, Some(Nav::System)),
        state: SystemState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store: state.store,
            sealed: state.seals.first().map(|s| times::when(s.sealed_at, now, lang)).unwrap_or_default(),
            ..SystemState::default()
        },
        jobs: failing.chain(waiting).chain(done).collect(),
        next: None,
    };
    console(StatusCode::OK, &page)
}
