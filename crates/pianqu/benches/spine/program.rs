//! A program of its own process, ours or the bare one.

use crate::client::Client;
use app::{App, Keys, Parts, SystemClock};
use domain::codes::{CodeKind, DoorCode};
use domain::rulebook::Rulebook;
use domain::{DoorwayId, PlaceId};
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use store::{Place, Store};
use vault::{KeySource, Suite, Vault};

pub(crate) struct Program {
    child: Child,
    pub(crate) port: u16,
    folder: Arc<tempfile::TempDir>,
    ready: serde_json::Value,
    pub(crate) cpu_at_ready: f64,
}

/// From a link to its case.
#[derive(Clone)]
pub(crate) struct Links(App);

impl Links {
    pub(crate) fn number(&self, location: &str) -> i64 {
        let token = location.trim_start_matches("/t/").split('?').next().unwrap();
        self.0.read_link(token).unwrap().case.0
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// An app over the data of a program, in this process.
pub(crate) fn app_over(folder: &Path) -> App {
    let ring = KeySource::File(folder.join("keys.txt")).load().unwrap();
    App::new(Parts {
        store: Store::open(&Place::parse(folder.to_str().unwrap())).unwrap(),
        keys: Keys::new(Vault::from_ring(Suite::International, &ring)),
        rules: Arc::new(Rulebook::china()),
        clock: Arc::new(SystemClock),
        seeds: || vault::os_random().unwrap(),
    })
    .unwrap()
}

impl Program {
    fn start(mut command: Command, port: u16, folder: Arc<tempfile::TempDir>) -> Program {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_default();
        let cpu_at_ready = cpu_seconds(child.id());
        Program { child, port, folder, ready, cpu_at_ready }
    }

    fn ours(folder: Arc<tempfile::TempDir>) -> Program {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pianqu"));
        command.args(["demo", "--json", "--port", &port.to_string(), "--data"]).arg(folder.path());
        Self::start(command, port, folder)
    }

    /// The demo district, freshly loaded.
    pub(crate) fn demo() -> Program {
        Self::ours(Arc::new(tempfile::tempdir().unwrap())).rested()
    }

    /// Waits until the first look for what is budding, which begins two seconds after the start and comes once an hour,
    /// has ended: it is not what a request costs.
    fn rested(self) -> Program {
        std::thread::sleep(Duration::from_secs(3));
        for _ in 0..120 {
            let before = self.cpu_seconds();
            std::thread::sleep(Duration::from_secs(1));
            if self.cpu_seconds() - before < 0.05 {
                break;
            }
        }
        self
    }

    /// The demo district with so many cases in it.
    pub(crate) fn with_cases(cases: usize) -> Program {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        drop(Self::ours(folder.clone()));
        crate::app_alone::fill(&app_over(folder.path()), cases);
        Self::ours(folder).rested()
    }

    /// Ends the program and keeps its data.
    pub(crate) fn into_folder(self) -> Arc<tempfile::TempDir> {
        self.folder.clone()
    }

    /// The same data, started again.
    pub(crate) fn restart(self) -> Program {
        let folder = self.folder.clone();
        drop(self);
        Self::ours(folder)
    }

    /// The bare program: this very binary, asked to be it.
    pub(crate) fn bare() -> Program {
        let (port, folder) = (free_port(), Arc::new(tempfile::tempdir().unwrap()));
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--bare", &port.to_string()]).arg(folder.path());
        Self::start(command, port, folder)
    }

    /// Codes of doorways.
    pub(crate) fn codes(&self, doorways: Range<i64>) -> Vec<String> {
        let app = app_over(self.folder.path());
        doorways
            .map(|d| {
                app.write_code(DoorCode { kind: CodeKind::Opinion, doorway: DoorwayId(d), issue: 0 }).unwrap()
            })
            .collect()
    }

    /// Codes of doorways in the precinct of the demo's people.
    pub(crate) fn codes_of_showcase(&self) -> Vec<String> {
        let app = app_over(self.folder.path());
        let d = app.directory();
        let here = |place: PlaceId| d.place(place).and_then(|p| p.parent) == Some(PlaceId(101));
        app.all_doorways()
            .unwrap()
            .into_iter()
            .filter(|door| here(door.place))
            .map(|door| {
                app.write_code(DoorCode { kind: CodeKind::Opinion, doorway: door.id, issue: 0 }).unwrap()
            })
            .collect()
    }

    pub(crate) fn links(&self) -> Links {
        Links(app_over(self.folder.path()))
    }

    /// Makes a report; the path of its link.
    pub(crate) fn report(&self, code: &str) -> String {
        let sent = self.once(&Client::post(&format!("/q/{code}"), "", "text=%E7%81%AF%E5%9D%8F%E4%BA%86"));
        sent.location.unwrap().split('?').next().unwrap().to_owned()
    }

    fn once(&self, request: &str) -> crate::client::Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Client::connect(self.port).await.send(request).await })
    }

    fn sign_in(&self, role: &str) -> String {
        let accounts = self.ready["sign_ins"].as_array().unwrap();
        let a = accounts.iter().find(|a| a["role"] == role).unwrap();
        let secret =
            base32::decode(base32::Alphabet::Rfc4648 { padding: false }, a["totp_secret"].as_str().unwrap())
                .unwrap();
        let code = app::totp_at(&secret, app::Clock::now(&SystemClock)).unwrap();
        let body = format!(
            "login={}&password={}&totp={code}",
            a["login"].as_str().unwrap(),
            a["password"].as_str().unwrap()
        );
        self.once(&Client::post("/console/sign-in", "", &body)).cookie.expect("the account is let in")
    }

    /// Sessions of the coordinator and the section's officer, and that section's unit.
    pub(crate) fn sessions(&self) -> (String, String, i64) {
        let app = app_over(self.folder.path());
        let d = app.directory();
        let top = d.place(PlaceId(101)).and_then(|p| p.parent).unwrap();
        (self.sign_in("precinct_coordinator"), self.sign_in("section_officer"), 10_000 + top.0 * 10 + 4)
    }

    pub(crate) fn cpu_seconds(&self) -> f64 {
        cpu_seconds(self.child.id())
    }

    pub(crate) fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
        let kb: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kb / 1_024.0
    }
}

/// What a process has used of the processor, all threads, in seconds.
pub(crate) fn cpu_seconds(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    // Fields 14 and 15 of proc(5), counted after the name; ticks of a hundredth.
    let ticks: f64 = [11, 12].map(|i| fields[i].parse::<f64>().unwrap()).iter().sum();
    ticks / 100.0
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
