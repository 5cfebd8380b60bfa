//! Texts that cannot wait, and harmless ones that sound alike, one a line in `said/dangers.csv`. All are invented.

use triage::{UrgentKind, urgent};

const SAID: &str = include_str!("said/dangers.csv");

#[test]
fn what_cannot_wait_is_raised_and_what_sounds_alike_is_not() {
    let mut wrong = Vec::new();
    for (kind, text) in SAID.lines().filter_map(|l| l.split_once(',')) {
        let told = urgent(text);
        let found = match told.as_ref().map(|u| u.kind) {
            Some(UrgentKind::Danger) => "danger",
            Some(UrgentKind::Utility) => "utility",
            None => "none",
        };
        if found != kind {
            wrong.push(format!("{kind}: {text} → {:?}", told.map(|u| u.words)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), SAID.lines().count(), wrong.join("\n"));
}
