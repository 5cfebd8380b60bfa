//! A small keep-alive client that costs little beside what it loads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) cookie: Option<String>,
}

impl Client {
    pub(crate) async fn connect(port: u16) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, buffer: Vec::with_capacity(32 * 1024) }
    }

    /// A form, as bytes to be sent. `session` is a cookie, or nothing.
    pub(crate) fn post(path: &str, session: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncookie: device=0123456789abcdef; {session}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A page, as bytes to be sent.
    pub(crate) fn get(path: &str, session: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nhost: x\r\ncookie: device=0123456789abcdef; {session}\r\n\r\n")
    }

    pub(crate) async fn send(&mut self, request: &str) -> Answer {
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        let head = loop {
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the connection was closed");
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let header = |name: &str| {
            text.lines().find_map(|l| {
                let (n, v) = l.split_once(':')?;
                n.eq_ignore_ascii_case(name).then(|| v.trim().to_owned())
            })
        };
        let length: usize = header("content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
        while self.buffer.len() < head + length {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the answer was cut off");
        }
        Answer {
            status: text[9..12].parse().unwrap(),
            location: header("location"),
            cookie: header("set-cookie").and_then(|c| c.split(';').next().map(str::to_owned)),
        }
    }
}

/// So many connections for so long, each sending one request after the other.
pub(crate) struct Load {
    pub(crate) port: u16,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
}

/// What came of it.
pub(crate) struct Done {
    pub(crate) ok: usize,
    pub(crate) bad: usize,
    seconds: f64,
}

impl Done {
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    pub(crate) fn per_second(&self) -> f64 {
        self.ok as f64 / self.seconds
    }
}

impl Load {
    pub(crate) fn run(self, request: impl Fn(usize) -> String + Sync) -> Done {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (ok, bad) = (Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
        let next = AtomicUsize::new(0);
        let began = Instant::now();
        runtime.block_on(async {
            let work = (0..self.connections).map(|_| async {
                let mut client = Client::connect(self.port).await;
                while began.elapsed() < self.time {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let answer = client.send(&request(n)).await;
                    let count = if answer.status < 400 { &*ok } else { &bad };
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
            futures_util::future::join_all(work).await;
        });
        Done { ok: ok.load(Ordering::Relaxed), bad: bad.into_inner(), seconds: began.elapsed().as_secs_f64() }
    }
}
