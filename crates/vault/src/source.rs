//! Where the key ring comes from, and how it gets to disk: the only input and output of this crate.

use crate::ring::{KeyRing, RingError};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use zeroize::Zeroizing;

/// More than any key ring needs: what is longer is something else.
const MOST: u64 = 64 * 1024;

/// Where an installation keeps its key ring, as its configuration says.
#[derive(Clone)]
pub enum KeySource {
    /// A file that only the program's own account may read.
    File(PathBuf),
    /// The text itself, taken by the shell from its environment or a service manager's credential. On one line,
    /// `;` stands for the end of a line.
    Text(Zeroizing<String>),
    /// A program that prints the text: the client of a hardware module or of a key service.
    Command {
        /// The program and its arguments; no shell is involved.
        words: Vec<String>,
        /// How long to wait for it.
        patience: Duration,
    },
}

/// Why no key ring came from a source, in one sentence without any of its content.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be read.
    #[error("the key file {path} cannot be read: {why}")]
    Unreadable {
        /// As configured.
        path: PathBuf,
        /// As the operating system says.
        why: io::Error,
    },
    /// Others than its owner may read the file.
    #[error("the key file {path} is open to other accounts (mode {mode:03o}): chmod 600 {path}")]
    TooOpen {
        /// As configured.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Too long, or no text.
    #[error("what came from {0} is no key ring: it is longer than 64 KiB or not text")]
    NotText(String),
    /// Text, and not a key ring.
    #[error("from {0}: {1}")]
    Ring(String, RingError),
    /// The program cannot be started.
    #[error("the key command {program} cannot be started: {why}")]
    NotStarted {
        /// As configured.
        program: String,
        /// As the operating system says.
        why: io::Error,
    },
    /// The program ended with an error, or was stopped.
    #[error("the key command {program} failed ({status}); its own message is above")]
    Failed {
        /// As configured.
        program: String,
        /// How it ended.
        status: String,
    },
    /// The program did not end in time and was stopped.
    #[error("the key command {program} did not answer within {patience:?}")]
    Late {
        /// As configured.
        program: String,
        /// How long it was waited for.
        patience: Duration,
    },
}

impl KeySource {
    /// Reads the key ring.
    ///
    /// # Errors
    /// One sentence that names the source and, inside the text, the line.
    pub fn load(&self) -> Result<KeyRing, SourceError> {
        let (text, from) = match self {
            KeySource::File(path) => (read_file(path)?, path.display().to_string()),
            KeySource::Text(text) if text.trim().contains('\n') => (text.clone(), self.to_string()),
            KeySource::Text(text) => (Zeroizing::new(text.replace(';', "\n")), self.to_string()),
            KeySource::Command { words, patience } => (run(words, *patience)?, self.to_string()),
        };
        KeyRing::parse(&text).map_err(|why| SourceError::Ring(from, why))
    }
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::File(path) => path.display().fmt(f),
            KeySource::Text(_) => f.write_str("the given text"),
            KeySource::Command { words, .. } => {
                write!(f, "the key command {}", words.first().map_or("", String::as_str))
            }
        }
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeySource({self})")
    }
}

impl KeyRing {
    /// Writes the ring to a file that only this account can read; replaces what is there only when the new one
    /// is safely on disk.
    ///
    /// # Errors
    /// Those of the file system, with the path.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let new = path.with_file_name(name);
        let write = || {
            // Left over from a time when the power went.
            match fs::remove_file(&new) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
            let mut file = private(&new)?;
            file.write_all(self.to_text().as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            sync_folder(path)
        };
        write().map_err(|e| {
            io::Error::new(e.kind(), format!("the key file {} cannot be written: {e}", path.display()))
        })
    }

    /// As [`KeyRing::save`], and refuses to replace a file: losing a ring is losing everything under it.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] when there is a file.
    pub fn save_new(&self, path: &Path) -> io::Result<()> {
        // Taking the name first keeps two of us from both being first.
        private(path).map_err(|e| {
            io::Error::new(e.kind(), format!("the key file {} cannot be made: {e}", path.display()))
        })?;
        self.save(path)
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, SourceError> {
    let unreadable = |why| SourceError::Unreadable { path: path.to_owned(), why };
    let file = File::open(path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata().map_err(unreadable)?) & 0o777;
        if mode & 0o077 != 0 {
            return Err(SourceError::TooOpen { path: path.to_owned(), mode });
        }
    }
    read(file).map_err(unreadable)?.ok_or_else(|| SourceError::NotText(path.display().to_string()))
}

/// The text, or `None` for what is too long or no text.
fn read(from: impl Read) -> io::Result<Option<Zeroizing<String>>> {
    // Of full size from the start: growing would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(80 * 1024));
    from.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Ok(None);
    }
    Ok(std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned())))
}

fn run(words: &[String], patience: Duration) -> Result<Zeroizing<String>, SourceError> {
    let program = words.first().cloned().unwrap_or_default();
    let not_started = |why| SourceError::NotStarted { program: program.clone(), why };
    let mut child = Command::new(&program)
        .args(words.iter().skip(1))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    let output = child.stdout.take().ok_or_else(|| not_started(io::ErrorKind::BrokenPipe.into()))?;
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(read(output)));
    let Ok(text) = told.recv_timeout(patience) else {
        // Whether it ended by itself in this very moment makes no difference.
        let _ = child.kill();
        let _ = child.wait();
        return Err(SourceError::Late { program, patience });
    };
    // One that printed too much may wait for somebody to read on.
    if !matches!(text, Ok(Some(_))) {
        let _ = child.kill();
    }
    let status = child.wait().map_err(not_started)?;
    match text {
        Ok(Some(text)) if status.success() => Ok(text),
        Ok(None) => Err(SourceError::NotText(format!("the key command {program}"))),
        _ => Err(SourceError::Failed { program, status: status.to_string() }),
    }
}
