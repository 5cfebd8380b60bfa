//! Text messages through a program of the district's own: what its gateway wants is not ours to know.

use app::registrations::{CodeSender, NotSent};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts a program for each code and writes `number code` to its input, so that neither stands in a list of
/// processes. It has sent the message when it ends with success.
pub(crate) struct Gateway(PathBuf);

impl Gateway {
    pub(crate) fn new(program: &Path) -> Gateway {
        Gateway(program.to_owned())
    }

    fn run(&self, phone: &str, code: &str) -> std::io::Result<bool> {
        let mut child = Command::new(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            writeln!(input, "{phone} {code}")?;
        }
        let began = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            if began.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl CodeSender for Gateway {
    fn send(&self, phone: &str, code: &str) -> Result<(), NotSent> {
        match self.run(phone, code) {
            Ok(true) => Ok(()),
            Ok(false) => Err(NotSent("the gateway did not take it".into())),
            Err(e) => Err(NotSent(format!("the gateway's program: {e}"))),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_program_reads_number_and_code() {
        let folder = tempfile::tempdir().unwrap();
        let (program, heard) = (folder.path().join("send"), folder.path().join("heard"));
        std::fs::write(&program, format!("#!/bin/sh\ncat > {}\n", heard.display())).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        Gateway::new(&program).send("13800138000", "123456").unwrap();
        assert_eq!(std::fs::read_to_string(heard).unwrap(), "13800138000 123456\n");
        let none = Gateway::new(&folder.path().join("none")).send("13800138000", "123456").unwrap_err();
        assert!(!none.to_string().contains("138"), "{none}");
    }
}
