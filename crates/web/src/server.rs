//! The server: what the endpoints share, and how connections are served.

use crate::http::fields::Room;
use crate::http::limits::Limits;
use crate::http::visitor::Visitor;
use crate::printer::Printer;
use crate::words::Lang;
use crate::{console, resident};
use app::App;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::{Extension, Router};
use domain::codes::CodeKind;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at once; more wait in the listener's queue, so that memory stays bounded.
const MOST_CONNECTIONS: usize = 1_024;
/// How long a client may take to send the head of a request: a slow one must not hold a place for ever.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The longest head of a request, which is also what a connection may hold unread: with all connections
/// taken, 32 MB.
const MOST_HEAD: usize = 32 * 1024;
/// How long running requests may take to finish when the program ends.
const FAREWELL: Duration = Duration::from_secs(5);
/// Taps that are remembered, so that the second of a double tap is no error.
const TAPS: usize = 4_096;

/// What the endpoints share.
#[derive(Clone)]
pub struct Web(Arc<Shared>);

/// The inside of a [`Web`]; reached through it.
pub struct Shared {
    /// The program.
    pub app: App,
    /// Where residents and staff reach it: `https://pianqu.example.gov`.
    pub(crate) origin: String,
    pub(crate) limits: Limits,
    pub(crate) printer: Option<Arc<dyn Printer>>,
    pub(crate) one_photo_at_a_time: Semaphore,
    pub(crate) room: Room,
    scans: Mutex<HashMap<(i64, CodeKind), u32>>,
    taps: Mutex<VecDeque<String>>,
}

impl std::ops::Deref for Web {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Web {
    /// The pages of a program that is reached at `origin`.
    pub fn new(app: App, origin: &str, printer: Option<Arc<dyn Printer>>) -> Web {
        Web(Arc::new(Shared {
            app,
            origin: origin.trim_end_matches('/').to_owned(),
            limits: Limits::default(),
            printer,
            one_photo_at_a_time: Semaphore::new(1),
            room: Room::default(),
            scans: Mutex::default(),
            taps: Mutex::default(),
        }))
    }

    /// `; Secure` where the site is reached by https.
    pub(crate) fn secure(&self) -> &'static str {
        if self.origin.starts_with("https://") { "; Secure" } else { "" }
    }

    /// Counts a scan, in sum only; the sums go into the store now and then.
    pub(crate) fn count_scan(&self, kind: CodeKind, day: i64) {
        *self.scans.lock().unwrap_or_else(PoisonError::into_inner).entry((day, kind)).or_default() += 1;
    }

    /// Takes the sums of scans since the last time, for the store.
    pub fn take_scans(&self) -> Vec<(i64, CodeKind, u32)> {
        let mut scans = self.scans.lock().unwrap_or_else(PoisonError::into_inner);
        scans.drain().map(|((day, kind), n)| (day, kind, n)).collect()
    }

    /// Whether this very tap was heard before.
    pub(crate) fn heard_before(&self, tap: &str) -> bool {
        self.taps.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|t| t == tap)
    }

    /// Remembers a tap that was heard.
    pub(crate) fn now_heard(&self, tap: String) {
        let mut taps = self.taps.lock().unwrap_or_else(PoisonError::into_inner);
        taps.push_back(tap);
        if taps.len() > TAPS {
            taps.pop_front();
        }
    }

    /// Sixteen unguessable bytes.
    pub(crate) fn fresh(&self) -> [u8; 16] {
        self.app.context(domain::Actor::System).bytes()
    }

    /// All endpoints.
    pub fn router(&self) -> Router {
        Router::new()
            .merge(resident::router())
            .merge(console::router())
            .fallback(async |State(web): State<Web>, v: Visitor| {
                web.trouble(&v, crate::view::resident::Trouble::NotFound)
            })
            .method_not_allowed_fallback(async |State(web): State<Web>, v: Visitor| {
                let mut reply = web.trouble(&v, crate::view::resident::Trouble::NotFound);
                *reply.status_mut() = axum::http::StatusCode::METHOD_NOT_ALLOWED;
                reply
            })
            .layer(from_fn_with_state(self.clone(), choices))
            .with_state(self.clone())
    }

    /// Serves until `end` resolves; then lets running requests finish.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn serve(&self, listener: TcpListener, end: impl Future<Output = ()>) -> std::io::Result<()> {
        let router = self.router();
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let mut end = std::pin::pin!(end);
        loop {
            let place = tokio::select! {
                place = places.clone().acquire_owned() => place.map_err(std::io::Error::other)?,
                () = &mut end => break,
            };
            let (stream, peer) = tokio::select! {
                taken = listener.accept() => match taken {
                    Ok(taken) => taken,
                    // Out of file descriptors, or the client was gone already: the next may do better.
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                },
                () = &mut end => break,
            };
            let _ = stream.set_nodelay(true);
            let service = router.clone().layer(Extension(ConnectInfo::<SocketAddr>(peer)));
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(MOST_HEAD)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // A client that goes away is no failure of ours.
                let _ = connection.await;
                drop(place);
            });
        }
        let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
        Ok(())
    }
}

/// `?lang=` and `?view=` on any page: kept in a cookie, and the page again without them.
async fn choices(State(web): State<Web>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if request.method() != axum::http::Method::GET || !(query.contains("lang=") || query.contains("view=")) {
        return next.run(request).await;
    }
    let (mut rest, mut chosen) = (Vec::new(), Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("lang", l)) if Lang::from_key(l).is_some() => chosen.push(format!("lang={l}")),
            Some(("view", l @ ("elder" | "plain"))) => chosen.push(format!("view={l}")),
            _ => rest.push(pair),
        }
    }
    if chosen.is_empty() {
        return next.run(request).await;
    }
    let mut to = request.uri().path().to_owned();
    if !rest.is_empty() {
        to += "?";
        to += &rest.join("&");
    }
    let reply = crate::http::page::see_other(&to);
    chosen.into_iter().fold(reply, |reply, c| {
        crate::http::page::with_cookie(
            reply,
            &format!("{c}; Path=/; Max-Age=31536000; SameSite=Lax{}", web.secure()),
        )
    })
}
