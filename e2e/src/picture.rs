//! Pictures of a story for the documents, taken while it is told.

use crate::Client;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where pictures go: the folder that `PIANQU_PICTURES` names, seen from the root of the repository; none are
/// taken where it names nothing.
fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    std::env::var_os("PIANQU_PICTURES").map(|folder| root.join(folder))
}

/// Takes a picture of a page as this client sees it, if pictures are wanted: `width` in pixels, `part` a selector
/// or empty for the whole page.
///
/// # Errors
/// A sentence when it is wanted and the browser did not take it.
pub fn picture(who: &Client, path: &str, width: u32, part: &str, name: &str) -> Result<(), String> {
    let Some(folder) = folder() else { return Ok(()) };
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let out = folder.join(format!("{name}.png"));
    let asked = serde_json::json!({
        "base": who.base(), "path": path, "cookies": who.cookies(), "width": width, "part": part, "out": out,
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/picture.mjs");
    let taken = Command::new("node").arg(script).arg(asked.to_string()).output();
    let taken = taken.map_err(|e| format!("node does not run: {e}"))?;
    if taken.status.success() {
        return Ok(());
    }
    Err(format!("no picture of {path}: {}", String::from_utf8_lossy(&taken.stderr)))
}
