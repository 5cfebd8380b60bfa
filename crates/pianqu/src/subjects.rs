//! What tells what texts are about, as the data folder sets it up: `subjects.model`, trained by the district
//! (`pianqu triage train`), and `model.conf`, a language model on its own network for a second opinion.
//!
//! ```text
//! # model.conf: any server that takes POST …/chat/completions. Texts are masked before they go there.
//! model.url = http://127.0.0.1:8080/v1
//! model.name = small
//! # Only where the server wants one:
//! model.key = …
//! # How long it may take; 5 unless it says otherwise.
//! model.seconds = 5
//! ```

use crate::conf::settings;
use crate::failure::{Failure, with_file};
use app::App;
use couriers::Chat;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const MODEL: &str = "subjects.model";
const CONF: &str = "model.conf";
const KNOWN: &[&str] = &["model.url", "model.name", "model.key", "model.seconds"];

/// Sets both up where their files are there.
pub(crate) fn set_up(app: &App, folder: &Path) -> Result<(), Failure> {
    let file = folder.join(MODEL);
    match std::fs::read(&file) {
        Ok(bytes) => {
            let told = |why: String| Failure(format!("{}: {why}", file.display()));
            let classifier = triage::Classifier::from_bytes(&bytes).map_err(|e| told(e.to_string()))?;
            app.set_classifier(classifier).map_err(|e| told(e.to_string()))?;
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(with_file(&file)(e)),
    }
    let file = folder.join(CONF);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let chat = chat(&text).map_err(|why| Failure(format!("{}: {why}", file.display())))?;
            app.set_second_opinion(Arc::new(chat));
        }
        Err(e) if e.kind() == ErrorKind::NotFound => {}
        Err(e) => return Err(with_file(&file)(e)),
    }
    Ok(())
}

fn chat(text: &str) -> Result<Chat, String> {
    let set = settings(text, KNOWN)?;
    let (Some(url), Some(name)) = (set.get("model.url"), set.get("model.name")) else {
        return Err("model.url and model.name go together".into());
    };
    let seconds = set
        .get("model.seconds")
        .map_or(Ok(5), |s| s.parse().map_err(|_| format!("model.seconds is a whole number, not {s}")))?;
    Chat::new(url, name, set.get("model.key").copied(), Duration::from_secs(seconds))
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| chat(text).err().unwrap_or_default();
        assert_eq!(wrong("model.url = http://127.0.0.1:9/v1\nmodel.name = m\nmodel.seconds = 3\n"), "");
        assert!(wrong("model.name = m\n").contains("go together"));
        assert!(
            wrong("model.url = http://127.0.0.1:9/v1\nmodel.name = m\nmodel.seconds = soon\n")
                .contains("not soon")
        );
        assert!(wrong("model.uri = x\n").contains("line 1: model.uri is not one of"));
    }
}
