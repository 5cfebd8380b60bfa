//! Key rings from files, texts and commands.

use crate::common::{drawn, ring};
use std::path::PathBuf;
use std::time::Duration;
use vault::{KeyRing, KeySource, KeyUse};
use zeroize::Zeroizing;

/// A folder of this test's own, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vault-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn command(words: &[&str]) -> KeySource {
    KeySource::Command {
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        patience: Duration::from_secs(100),
    }
}

fn why(source: &KeySource) -> String {
    source.load().expect_err("no key ring").to_string()
}

#[test]
fn a_ring_is_kept_in_a_file_of_its_own_and_never_overwritten_by_a_new_one() {
    let folder = Folder::new("kept");
    let path = folder.0.join("district.keys");
    let mut ring = ring();
    ring.save_new(&path).unwrap();
    assert_eq!(KeySource::File(path.clone()).load().unwrap().list(), ring.list());

    let error = KeyRing::generate(&[drawn(7), drawn(8), drawn(9)].concat().try_into().unwrap())
        .unwrap()
        .save_new(&path)
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(
        KeySource::File(path.clone()).load().unwrap().list(),
        ring.list(),
        "the old one is still there"
    );

    ring.add(KeyUse::Master, drawn(6)).unwrap();
    std::fs::write(folder.0.join("district.keys.new"), "left over when the power went").unwrap();
    ring.save(&path).unwrap();
    assert_eq!(KeySource::File(path.clone()).load().unwrap().list(), ring.list());
    let files: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(files, ["district.keys"], "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("open");
    let path = folder.0.join("keys");
    ring().save_new(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let shown = path.display();
    assert_eq!(
        why(&KeySource::File(path.clone())),
        format!("the key file {shown} is open to other accounts (mode 640): chmod 600 {shown}")
    );
}

#[test]
fn a_ring_comes_from_the_environment_on_one_line_or_on_several() {
    let text = ring().to_text();
    let one_line: String = text.lines().filter(|l| !l.starts_with('#')).collect::<Vec<_>>().join("; ");
    for text in [text.to_string(), one_line] {
        assert_eq!(KeySource::Text(Zeroizing::new(text)).load().unwrap().list(), ring().list());
    }
    let source = KeySource::Text(Zeroizing::new("vault-keys 1; master 1 hunter2".to_owned()));
    let said = format!("{source} {source:?} {}", why(&source));
    assert!(said.contains("line 2"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_ring_comes_from_a_command() {
    let folder = Folder::new("command");
    let path = folder.0.join("keys");
    ring().save_new(&path).unwrap();
    let cat = command(&["cat", &path.display().to_string()]);
    assert_eq!(cat.load().unwrap().list(), ring().list());

    assert_eq!(why(&command(&["echo", "hunter2"])), {
        "from the key command echo: a key file must begin with the line \"vault-keys 1\""
    });
    assert_eq!(why(&command(&["false"])), {
        "the key command false failed (exit status: 1); its own message is above"
    });
    let sleep = KeySource::Command {
        words: vec!["sleep".to_owned(), "1000".to_owned()],
        patience: Duration::from_millis(50),
    };
    assert_eq!(why(&sleep), "the key command sleep did not answer within 50ms");
    assert_eq!(why(&command(&["yes", "hunter2"])), {
        "what came from the key command yes is no key ring: it is longer than 64 KiB or not text"
    });
    assert!(
        why(&command(&["no-such-program-9"]))
            .starts_with("the key command no-such-program-9 cannot be started")
    );
    assert!(why(&command(&[])).starts_with("the key command  cannot be started"));
    assert!(why(&KeySource::File(folder.0.join("nothing"))).contains("nothing cannot be read"));
}
