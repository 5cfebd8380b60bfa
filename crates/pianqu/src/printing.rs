//! Printing for the pages: in a process of its own, so that the typesetter's memory is never the server's.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use web::{PrintRun, Printer};

/// Runs that are remembered.
const RUNS: usize = 20;

/// Prints by asking this very program to, as a child.
pub(crate) struct Child {
    data: String,
    store: Option<String>,
    folder: PathBuf,
    runs: Arc<Mutex<Vec<PrintRun>>>,
}

impl Child {
    /// A printer for the district of a data folder. What an earlier process printed is let go.
    pub(crate) fn new(data: &str, store: Option<&str>) -> Child {
        let folder = Path::new(data).join("prints");
        let _ = std::fs::remove_dir_all(&folder);
        Child { data: data.to_owned(), store: store.map(str::to_owned), folder, runs: Arc::default() }
    }

    fn command(&self, out: &Path) -> std::io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["print", "notices", "--json", "--data", &self.data, "--out"]).arg(out);
        if let Some(store) = &self.store {
            command.args(["--store", store]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }
}

fn update(runs: &Mutex<Vec<PrintRun>>, id: u64, change: impl FnOnce(&mut PrintRun)) {
    let mut runs = runs.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(run) = runs.iter_mut().find(|r| r.id == id) {
        change(run);
    }
}

impl Printer for Child {
    fn one(&self, doorway: i64) -> Result<Vec<u8>, String> {
        let out = self.folder.join(format!("one-{doorway}"));
        let text = |e: std::io::Error| e.to_string();
        let done = self
            .command(&out)
            .map_err(text)?
            .args(["--doorway", &doorway.to_string()])
            .output()
            .map_err(text)?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).trim().to_owned());
        }
        let pdf = std::fs::read(out.join("notices-001.pdf")).map_err(text);
        let _ = std::fs::remove_dir_all(&out);
        pdf
    }

    fn start(&self, place: i64, mut run: PrintRun) -> Result<(), String> {
        let id = run.id;
        let out = self.folder.join(id.to_string());
        let text = |e: std::io::Error| e.to_string();
        let mut child =
            self.command(&out).map_err(text)?.args(["--place", &place.to_string()]).spawn().map_err(text)?;
        let stdout = child.stdout.take();
        {
            let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
            run.files = vec![];
            runs.insert(0, run);
            let keep = RUNS.min(runs.len());
            for old in runs.drain(keep..) {
                let _ = std::fs::remove_dir_all(self.folder.join(old.id.to_string()));
            }
        }
        let runs = self.runs.clone();
        let watch = move || {
            for line in stdout.into_iter().flat_map(|o| BufReader::new(o).lines()).map_while(Result::ok) {
                if let Ok(told) = serde_json::from_str::<serde_json::Value>(&line) {
                    let number =
                        |name: &str| u32::try_from(told[name].as_u64().unwrap_or(0)).unwrap_or(u32::MAX);
                    update(&runs, id, |r| (r.done, r.total) = (number("done"), number("total")));
                }
            }
            let failed = match child.wait_with_output() {
                Ok(o) if o.status.success() => None,
                Ok(o) => Some(String::from_utf8_lossy(&o.stderr).trim().to_owned()),
                Err(e) => Some(e.to_string()),
            };
            let mut files: Vec<String> = std::fs::read_dir(&out)
                .into_iter()
                .flatten()
                .filter_map(|e| e.ok()?.file_name().into_string().ok())
                .filter(|n| n.ends_with(".pdf"))
                .collect();
            files.sort();
            update(&runs, id, |r| {
                r.ended = true;
                r.failed = failed;
                r.files = files;
            });
        };
        std::thread::Builder::new().name("printing".into()).spawn(watch).map(drop).map_err(text)
    }

    fn runs(&self) -> Vec<PrintRun> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn file(&self, run: u64, name: &str) -> Option<Vec<u8>> {
        let known = self.runs().into_iter().any(|r| r.id == run && r.files.iter().any(|f| f == name));
        known.then(|| std::fs::read(self.folder.join(run.to_string()).join(name)).ok())?
    }
}
