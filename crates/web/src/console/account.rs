//! `GET /console/account`: what I am, and where I am signed in; ending a session.

use super::session::Staff;
use crate::Web;
use crate::http::page::{Reply, console, hex, see_other, unhex};
use crate::times;
use crate::view::console::{AccountPage, SessionRow, StaffTrouble};
use axum::extract::{Path, State};
use axum::http::StatusCode;

pub(super) async fn get(State(web): State<Web>, staff: Staff) -> Reply {
    let sessions = match web.app.sessions(&staff.who).await {
        Ok(sessions) => sessions,
        Err(e) => return web.staff_failed(&staff, &e),
    };
    let (now, lang) = (web.app.now(), staff.visitor.lang);
    let page = AccountPage {
        frame: web.staff_frame(&staff, None),
        login: staff.who.name.clone(),
        posts: web.posts(&staff.visitor, &staff.who),
        sessions: sessions
            .into_iter()
            .map(|s| SessionRow {
                here: s.token == staff.who.session,
                id: hex(&s.token),
                device: s.device,
                since: times::when(s.started_at, now, lang),
                last: times::when(s.seen_at, now, lang),
            })
            .collect(),
    };
    console(StatusCode::OK, &page)
}

pub(super) async fn end(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Reply {
    let ended = if id == "others" {
        web.app.end_other_sessions(&staff.who).await
    } else {
        let Some(session) = unhex::<32>(&id) else {
            return web.staff_trouble(&staff.visitor, &staff.who, StaffTrouble::NotFound);
        };
        web.app.end_session(&staff.who, session.to_vec()).await
    };
    match ended {
        Ok(()) => see_other("/console/account"),
        Err(e) => web.staff_failed(&staff, &e),
    }
}
