//! The bare program: axum, rusqlite, group commit, five rows a request. No signature, no masking, no search, no
//! events: what the product's own path is measured against.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, mpsc};
use tokio::sync::oneshot;

type Work = (String, oneshot::Sender<()>);

#[derive(Clone)]
struct Bare {
    writes: mpsc::Sender<Work>,
    reads: Arc<Mutex<Connection>>,
}

const SCHEMA: &str =
    "CREATE TABLE a (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, body TEXT);
    CREATE TABLE c (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE d (id INTEGER PRIMARY KEY, body TEXT);
    CREATE TABLE e (id INTEGER PRIMARY KEY, body TEXT);";
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;";

fn connect(file: &str) -> Connection {
    let c = Connection::open(file).unwrap();
    c.execute_batch(PRAGMAS).unwrap();
    c
}

/// One writer: whoever waits shares a commit.
fn write(file: &str, queue: &mpsc::Receiver<Work>) {
    let c = connect(file);
    while let Ok(first) = queue.recv() {
        c.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some((body, answer)) = next {
            for table in ["a", "b", "c", "d", "e"] {
                let mut s = c.prepare_cached(&format!("INSERT INTO {table} (body) VALUES (?1)")).unwrap();
                s.execute([&body]).unwrap();
            }
            answers.push(answer);
            next = if answers.len() < 256 { queue.try_recv().ok() } else { None };
        }
        c.execute_batch("COMMIT").unwrap();
        for a in answers {
            let _ = a.send(());
        }
    }
}

/// Serves on a port until the process is ended.
pub(crate) fn serve(port: &str, folder: &str) {
    let file = format!("{folder}/bare.db");
    connect(&file).execute_batch(SCHEMA).unwrap();
    let (writes, queue) = mpsc::channel();
    let also = file.clone();
    std::thread::spawn(move || write(&also, &queue));
    let bare = Bare { writes, reads: Arc::new(Mutex::new(connect(&file))) };
    let router = Router::new()
        .route(
            "/five",
            post(async |State(b): State<Bare>, body: String| {
                let (answer, done) = oneshot::channel();
                b.writes.send((body, answer)).unwrap();
                done.await.unwrap();
                StatusCode::SEE_OTHER
            }),
        )
        .route(
            "/one/{id}",
            get(async |State(b): State<Bare>, Path(id): Path<i64>| {
                let c = b.reads.lock().unwrap();
                let mut s = c.prepare_cached("SELECT body FROM a WHERE id = ?1").unwrap();
                s.query_row([id], |r| r.get::<_, String>(0)).unwrap_or_default()
            }),
        )
        .with_state(bare);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
        println!("ready");
        axum::serve(listener, router).await.unwrap();
    });
}
