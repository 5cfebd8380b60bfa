//! `notices.conf` in the data folder: the channels that carry notices out of the house.
//!
//! ```text
//! # E-mail, through a relay on this machine or in the private network.
//! mail.relay = 127.0.0.1:25
//! mail.from = 片区 <pianqu@example.gov>
//! # Only where the relay asks for them:
//! mail.user = pianqu
//! mail.password = …
//!
//! # Messages to a gateway for SMS or a work chat. It checks the signature under the secret (32 signs or more).
//! hook.url = http://127.0.0.1:9000/notices
//! hook.secret = …
//! # Whether it also reaches residents who left a mobile number: yes or no.
//! hook.residents = no
//! ```
//!
//! Without the file, notices stay in the console.

use crate::conf::settings;
use crate::failure::Failure;
use app::Channels;
use couriers::{Hook, Mail};
use domain::notices::Courier;
use std::path::Path;
use std::sync::Arc;

/// The file's name.
const FILE: &str = "notices.conf";

const KNOWN: &[&str] =
    &["mail.relay", "mail.from", "mail.user", "mail.password", "hook.url", "hook.secret", "hook.residents"];

/// The channels of a data folder; none without the file.
pub(crate) fn read(folder: &Path, origin: &str) -> Result<Channels, Failure> {
    let file = folder.join(FILE);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure(format!("{}: {e}", file.display()))),
    };
    let couriers = couriers(&text).map_err(|why| Failure(format!("{}: {why}", file.display())))?;
    Ok(Channels::new(couriers, origin))
}

/// Why the file's secrets are not safe where it lies, if they are not.
pub(crate) fn exposed(folder: &Path) -> Option<String> {
    let file = folder.join(FILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).ok()?.permissions().mode();
        if mode & 0o077 != 0 {
            return Some(format!("{} holds secrets, and others on this machine may read it", file.display()));
        }
    }
    None
}

fn couriers(text: &str) -> Result<Vec<Arc<dyn Courier>>, String> {
    let set = settings(text, KNOWN)?;
    let mut couriers: Vec<Arc<dyn Courier>> = vec![];
    match (set.get("mail.relay"), set.get("mail.from")) {
        (Some(relay), Some(from)) => {
            let login = match (set.get("mail.user"), set.get("mail.password")) {
                (Some(user), Some(password)) => Some((*user, *password)),
                (None, None) => None,
                _ => return Err("mail.user and mail.password go together".into()),
            };
            couriers.push(Arc::new(Mail::new(relay, from, login).map_err(|e| format!("mail: {e}"))?));
        }
        (None, None) if !set.keys().any(|k| k.starts_with("mail.")) => {}
        _ => return Err("mail.relay and mail.from go together".into()),
    }
    match (set.get("hook.url"), set.get("hook.secret")) {
        (Some(url), Some(secret)) => {
            let residents = match set.get("hook.residents") {
                Some(&"yes") => true,
                None | Some(&"no") => false,
                Some(_) => return Err("hook.residents is yes or no".into()),
            };
            couriers.push(Arc::new(Hook::new(url, secret, residents).map_err(|e| format!("hook: {e}"))?));
        }
        (None, None) if !set.contains_key("hook.residents") => {}
        _ => return Err("hook.url and hook.secret go together".into()),
    }
    Ok(couriers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::notices::Channel;

    const HOOK: &str = "hook.url = http://127.0.0.1:9000/x\nhook.secret = 0123456789abcdef0123456789abcdef\nhook.residents = yes\n";

    #[test]
    fn both_channels_are_read() {
        let text =
            format!("# the relay\nmail.relay=127.0.0.1:25\nmail.from = 片区 <p@example.gov>\n\n{HOOK}");
        let found: Vec<_> =
            couriers(&text).unwrap().iter().map(|c| (c.channel(), c.serves_residents())).collect();
        assert_eq!(found, [(Channel::Email, false), (Channel::Hook, true)]);
        assert!(couriers("").unwrap().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_pointed_out() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(exposed(folder.path()), None, "no file, no secret");
        let file = folder.path().join(FILE);
        std::fs::write(&file, HOOK).unwrap();
        let mode = |m| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(m)).unwrap();
        mode(0o640);
        assert!(exposed(folder.path()).unwrap().contains("others on this machine may read it"));
        mode(0o600);
        assert_eq!(exposed(folder.path()), None);
    }

    #[test]
    fn what_is_wrong_is_named_and_no_secret_repeated() {
        for (text, why) in [
            ("hook.url", "line 1 is not of the form"),
            ("\nhook.uri = x", "line 2: hook.uri is not one of mail.relay"),
            ("hook.url =", "line 1: hook.url is empty"),
            ("hook.url = http://127.0.0.1/", "hook.url and hook.secret go together"),
            ("mail.user = x", "mail.relay and mail.from go together"),
            ("hook.url = http://127.0.0.1/\nhook.secret = sesame", "hook: the secret has 6 bytes"),
            ("hook.residents = yes", "hook.url and hook.secret go together"),
        ] {
            let said = couriers(text).err().unwrap_or_default();
            assert!(said.contains(why) && !said.contains("sesame"), "{text:?}: {said}");
        }
        let said = couriers(&HOOK.replace("yes", "perhaps")).err().unwrap_or_default();
        assert_eq!(said, "hook.residents is yes or no");
    }
}
