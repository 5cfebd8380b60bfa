//! One running program with a port and a data folder of its own.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::binary::binary;
use crate::client::Client;
use crate::ready::Ready;

/// The demo is promised within ten seconds; a test build on a busy machine is given more.
const PATIENCE: Duration = Duration::from_secs(180);

/// The program, killed and its folder removed when this is dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    ready: Ready,
    port: u16,
    arguments: Vec<String>,
    folder: PathBuf,
    _temporary: Option<TempDir>,
}

/// Bytes of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now.
    pub resident: u64,
    /// At most.
    pub peak: u64,
}

impl Program {
    /// Starts `pianqu ARGUMENTS --port P --data D --json` and waits until it says that it is ready.
    ///
    /// # Errors
    /// A sentence, with the end of what the program wrote, when it stops or stays silent.
    pub fn start(arguments: &[&str]) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
        let path = folder.path().to_owned();
        Self::start_in(arguments, path, Some(folder))
    }

    /// The demo district, on a copy of one that was loaded once for all tests of this build.
    ///
    /// # Errors
    /// As [`Program::start`].
    pub fn demo() -> Result<Self, String> {
        let template = template()?;
        let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
        copy(&template, &folder.path().join("data"))?;
        let path = folder.path().to_owned();
        Self::start_in(&["demo"], path, Some(folder))
    }

    /// The same in a folder that the caller has made and will remove: a small disk, for one.
    ///
    /// # Errors
    /// As [`Program::start`].
    pub fn demo_in(folder: &Path) -> Result<Self, String> {
        copy(&template()?, &folder.join("data"))?;
        Self::start_in(&["demo"], folder.to_owned(), None)
    }

    fn start_in(arguments: &[&str], folder: PathBuf, temporary: Option<TempDir>) -> Result<Self, String> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let port = free_port()?;
        let (child, ready) = launch(&arguments, port, &folder)?;
        Ok(Self { child, ready, port, arguments, folder, _temporary: temporary })
    }

    /// What it said when it was ready.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Where its data is.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Its process, for those who look at its memory.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its port on this machine.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How much memory it takes, and the most that it took since the last [`Program::forget_peak`].
    ///
    /// # Errors
    /// A sentence where the system does not tell (only Linux does) or the process is gone.
    pub fn memory(&self) -> Result<Memory, String> {
        let path = format!("/proc/{}/status", self.pid());
        let status = std::fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            kib.map(|kib| kib * 1024).ok_or_else(|| format!("{path}: no {name}"))
        };
        Ok(Memory { resident: of("VmRSS:")?, peak: of("VmHWM:")? })
    }

    /// Lets the peak of [`Program::memory`] begin anew at what is resident now.
    ///
    /// # Errors
    /// As [`Program::memory`].
    pub fn forget_peak(&self) -> Result<(), String> {
        let path = format!("/proc/{}/clear_refs", self.pid());
        std::fs::write(&path, "5").map_err(|e| format!("{path}: {e}"))
    }

    /// Somebody new at a browser.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// Everything it has written to its standard error so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// A sentence when it cannot be ended.
    pub fn kill(&mut self) -> Result<(), String> {
        self.child.kill().map_err(|e| format!("cannot kill pianqu: {e}"))?;
        self.child.wait().map(|_| ()).map_err(|e| format!("cannot wait for pianqu: {e}"))
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    /// A sentence when it does not end within half a minute.
    pub fn stop(&mut self) -> Result<ExitStatus, String> {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        asked.map_err(|e| format!("kill cannot be run: {e}"))?;
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().map_err(|e| e.to_string())? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("pianqu does not end when asked; it wrote:\n{}", tail(&self.log())))
    }

    /// Starts it again on the same data and port, after [`Program::kill`] or [`Program::stop`].
    ///
    /// # Errors
    /// As [`Program::start`].
    pub fn restart(&mut self) -> Result<(), String> {
        (self.child, self.ready) = launch(&self.arguments, self.port, &self.folder)?;
        Ok(())
    }

    /// Starts it again some days later: the demo's clock runs ahead.
    ///
    /// # Errors
    /// As [`Program::start`].
    pub fn restart_ahead(&mut self, days: u16) -> Result<(), String> {
        self.stop()?;
        if let Some(at) = self.arguments.iter().position(|a| a == "--ahead") {
            self.arguments.drain(at..at + 2);
        }
        self.arguments.extend(["--ahead".to_owned(), days.to_string()]);
        self.restart()
    }

    /// Runs another command of the program to its end on the same data: `["verify"]`.
    ///
    /// # Errors
    /// A sentence when it cannot be started; how it ended is the caller's to judge.
    pub fn run(&self, arguments: &[&str]) -> Result<Output, String> {
        let mut command = Command::new(binary()?);
        let after = self.arguments.iter().skip_while(|a| *a != "--store").nth(1);
        // On a server, the commands that look at the data take its address for the folder.
        command.args(arguments).arg("--data").arg(after.map_or_else(|| self.data(), PathBuf::from));
        command.output().map_err(|e| format!("pianqu {arguments:?} cannot be run: {e}"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, or have been stopped by the story.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed story shows what the program wrote")]
            {
                eprintln!("pianqu wrote:\n{}", tail(&self.log()));
            }
        }
    }
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| format!("no free port: {e}"))?;
    Ok(listener.local_addr().map_err(|e| e.to_string())?.port())
}

fn launch(arguments: &[String], port: u16, folder: &Path) -> Result<(Child, Ready), String> {
    let path = folder.join("log");
    let log = OpenOptions::new().create(true).append(true).open(&path).map_err(|e| format!("no log: {e}"))?;
    let mut child = Command::new(binary()?)
        .args(arguments)
        .args(["--port", &port.to_string(), "--json", "--data"])
        .arg(folder.join("data"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(|e| format!("pianqu cannot be started: {e}"))?;
    let stdout = child.stdout.take().ok_or("pianqu has no standard output")?;
    let (line_of, lines) = mpsc::channel();
    // Reads on after the first line, so that the program never waits for a full pipe.
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            drop(line_of.send(line));
        }
    });
    let until = Instant::now() + PATIENCE;
    let why = loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => match serde_json::from_str::<Ready>(&line) {
                Ok(ready) => return Ok((child, ready)),
                Err(e) if line.starts_with('{') => break format!("its line is not as agreed ({e}): {line}"),
                Err(_) => {}
            },
            Err(mpsc::RecvTimeoutError::Timeout) => break format!("it was not ready within {PATIENCE:?}"),
            Err(mpsc::RecvTimeoutError::Disconnected) => break "it ended before it was ready".to_owned(),
        }
    };
    drop(child.kill());
    drop(child.wait());
    let log = std::fs::read_to_string(path).unwrap_or_default();
    Err(format!("pianqu {}: {why}; it wrote:\n{}", arguments.join(" "), tail(&log)))
}

/// A loaded demo district for this build of the program, made by whoever comes first.
fn template() -> Result<PathBuf, String> {
    let binary = binary()?;
    let about = std::fs::metadata(binary).map_err(|e| format!("{}: {e}", binary.display()))?;
    let built = about.modified().map_err(|e| e.to_string())?;
    let built = built.duration_since(std::time::UNIX_EPOCH).map_err(|e| e.to_string())?.as_nanos();
    let folder = binary.with_file_name("pianqu-demo");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let ready = folder.join(format!("{built}"));
    let lock = File::create(folder.join("lock")).map_err(|e| format!("{}: {e}", folder.display()))?;
    lock.lock().map_err(|e| format!("{}: {e}", folder.display()))?;
    if ready.is_dir() {
        return Ok(ready);
    }
    // Older builds' districts are of no use to anybody.
    for entry in std::fs::read_dir(&folder).map_err(|e| e.to_string())?.map_while(Result::ok) {
        if entry.path().is_dir() {
            std::fs::remove_dir_all(entry.path()).map_err(|e| e.to_string())?;
        }
    }
    let unfinished = folder.join("unfinished");
    let made = Command::new(binary)
        .args(["demo", "--no-serve", "--json", "--data"])
        .arg(&unfinished)
        .output()
        .map_err(|e| format!("pianqu demo cannot be run: {e}"))?;
    if !made.status.success() {
        return Err(format!("pianqu demo --no-serve: {}", tail(&String::from_utf8_lossy(&made.stderr))));
    }
    std::fs::rename(&unfinished, &ready).map_err(|e| e.to_string())?;
    Ok(ready)
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("cannot copy {}: {e}", from.display());
    std::fs::create_dir_all(to).map_err(failed)?;
    for entry in std::fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(failed)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target).map_err(failed)?;
        }
    }
    Ok(())
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
