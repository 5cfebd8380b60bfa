//! `GET /console/live`: tells an open page that something on it changed (server-sent events).

use super::session::Staff;
use crate::Web;
use crate::http::page::Reply;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::CaseNo;
use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// Changes within this time are told as one.
const TOGETHER: Duration = Duration::from_millis(700);
/// More changes than this at once are not looked at one by one: the page is told to look for itself.
const FEW: usize = 20;

struct Listener {
    web: Web,
    staff: Staff,
    only: Option<CaseNo>,
    changes: Receiver<CaseNo>,
}

impl Listener {
    /// Waits until something changed that this page shows; `None` when the program ends.
    async fn next(&mut self) -> Option<()> {
        loop {
            let mut numbers = match self.changes.recv().await {
                Ok(no) => vec![no],
                Err(RecvError::Lagged(_)) => vec![],
                Err(RecvError::Closed) => return None,
            };
            let mut all = numbers.is_empty();
            tokio::time::sleep(TOGETHER).await;
            loop {
                match self.changes.try_recv() {
                    Ok(no) => numbers.push(no),
                    Err(TryRecvError::Lagged(_)) => all = true,
                    Err(_) => break,
                }
            }
            numbers.sort_unstable();
            numbers.dedup();
            let concerns = match self.only {
                _ if all => true,
                Some(only) => numbers.contains(&only),
                None if numbers.len() > FEW => true,
                None => self.web.app.sees_any(&self.staff.who, numbers).await.unwrap_or(true),
            };
            if concerns {
                return Some(());
            }
        }
    }
}

pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    let changes = web.app.changes();
    let only = query.get("case").and_then(|n| n.parse().ok()).map(CaseNo);
    let listener = Listener { web, staff, only, changes };
    let stream = futures_util::stream::unfold(listener, async |mut listener| {
        listener.next().await?;
        Some((Ok::<_, Infallible>(Event::default().event("changed").data("")), listener))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}
