//! A database server of one's own, by `e2e/postgres`.

use std::process::{Command, Output};

use tempfile::TempDir;

/// A PostgreSQL server with an empty database; stopped and removed when this is dropped.
#[derive(Debug)]
pub struct Server {
    parent: TempDir,
    url: String,
}

impl Server {
    /// Starts one; `None` where none is installed.
    ///
    /// # Errors
    /// A sentence when there is one and it does not start.
    pub fn start() -> Result<Option<Self>, String> {
        let parent = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
        // The server may run as another user, who must get in.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(parent.path(), open).map_err(|e| e.to_string())?;
        }
        let mut server = Self { parent, url: String::new() };
        let started = server.script("start")?;
        let told = String::from_utf8_lossy(&started.stderr).trim().to_owned();
        if !started.status.success() {
            return if told.contains("no PostgreSQL server here") { Ok(None) } else { Err(told) };
        }
        server.url = String::from_utf8_lossy(&started.stdout).trim().to_owned();
        Ok(Some(server))
    }

    /// The address of its database.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it at once, every connection with it, and starts it again on the same port.
    ///
    /// # Errors
    /// A sentence when it does not come back.
    pub fn restart(&self) -> Result<(), String> {
        let done = self.script("restart")?;
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
    }

    fn script(&self, action: &str) -> Result<Output, String> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/postgres");
        let mut command = Command::new(script);
        command.arg(action).arg(self.parent.path().join("server"));
        command.output().map_err(|e| format!("{script}: {e}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may never have started.
        drop(self.script("stop"));
    }
}
