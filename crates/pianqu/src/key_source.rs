//! `keys.conf` in the data folder: where the root keys come from, and the suite of ciphers.
//!
//! ```text
//! # One of the three; without any, the file keys.txt of the data folder.
//! keys.file = /run/credentials/pianqu/keys.txt
//! keys.environment = PIANQU_KEY_RING
//! keys.command = /usr/local/bin/fetch-keys --district xuhui
//! # The suite, chosen before the district begins: international (AES-256-GCM-SIV, SHA-256) or national (SM4-GCM, SM3).
//! keys.suite = national
//! ```

use crate::conf::settings;
use crate::failure::Failure;
use std::path::{Path, PathBuf};
use std::time::Duration;
use vault::{KeySource, Suite};

/// The file's name.
const FILE: &str = "keys.conf";
/// The name of the key file in a data folder.
pub(crate) const KEY_FILE: &str = "keys.txt";

const KNOWN: &[&str] = &["keys.file", "keys.environment", "keys.command", "keys.suite"];

/// How long a key command may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the root keys are, and how they are used.
#[derive(Debug)]
pub(crate) struct Configured {
    /// Where they come from.
    pub(crate) source: KeySource,
    /// The file, where they come from one.
    pub(crate) file: Option<PathBuf>,
    /// The suite.
    pub(crate) suite: Suite,
}

/// What `keys.conf` of a data folder says.
pub(crate) fn read(folder: &Path) -> Result<Configured, Failure> {
    let file = folder.join(FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure(format!("{}: {e}", file.display()))),
    };
    configured(folder, &text, environment).map_err(|why| Failure(format!("{}: {why}", file.display())))
}

#[expect(clippy::disallowed_methods, reason = "keys.conf names the variable")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn configured(
    folder: &Path,
    text: &str,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Configured, String> {
    let set = settings(text, KNOWN)?;
    let suite = match set.get("keys.suite").copied() {
        None | Some("international") => Suite::International,
        Some("national") => Suite::National,
        Some(_) => return Err("keys.suite is international or national".into()),
    };
    let file = |path: PathBuf| Configured { source: KeySource::File(path.clone()), file: Some(path), suite };
    Ok(match (set.get("keys.file"), set.get("keys.environment"), set.get("keys.command")) {
        (None, None, None) => file(folder.join(KEY_FILE)),
        (Some(path), None, None) => file(folder.join(path)),
        (None, Some(name), None) => {
            let text = environment(name).ok_or_else(|| format!("the variable {name} is not set"))?;
            Configured { source: KeySource::Text(text.into()), file: None, suite }
        }
        (None, None, Some(line)) => {
            let words = line.split_whitespace().map(str::to_owned).collect();
            Configured { source: KeySource::Command { words, patience: PATIENCE }, file: None, suite }
        }
        _ => return Err("keys.file, keys.environment and keys.command: only one of them".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Configured, String> {
        configured(Path::new("/d"), text, |name| (name == "RING").then(|| "x".to_owned()))
    }

    #[test]
    fn each_source_is_read() {
        let plain = read("").unwrap();
        assert_eq!((plain.file, plain.suite), (Some(PathBuf::from("/d/keys.txt")), Suite::International));
        let file = read("# elsewhere\nkeys.file = /run/k.txt\nkeys.suite = national\n").unwrap();
        assert_eq!((file.file, file.suite), (Some(PathBuf::from("/run/k.txt")), Suite::National));
        assert!(matches!(read("keys.environment = RING").unwrap().source, KeySource::Text(_)));
        let command = read("keys.command = /bin/fetch --district 7").unwrap();
        assert!(matches!(command.source, KeySource::Command { words, .. } if words.len() == 3));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, said) in [
            ("keys.suite = rot13", "keys.suite is international or national"),
            ("keys.file = a\nkeys.command = b", "only one of them"),
            ("keys.environment = NOTHING", "the variable NOTHING is not set"),
            ("keys.fiel = a", "line 1: keys.fiel is not one of"),
        ] {
            assert!(read(text).unwrap_err().contains(said), "{text}");
        }
    }
}
