//! Finding the program that was built, and building it where it was not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The path of the built `pianqu`, in the profile that the running test was built in.
///
/// Cargo tells a test where the binaries of its own package are, and of no other package. So the binary
/// is looked for beside the test's own executable, after cargo has brought it up to date, which takes a
/// fraction of a second when there is nothing to do. `PIANQU_BIN` names another one (`./test` sets it
/// after having built it).
///
/// # Errors
/// A sentence when cargo cannot build it, or it is not where it should be afterwards.
pub fn binary() -> Result<&'static Path, String> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BINARY.get_or_init(find).as_deref().map_err(Clone::clone)
}

fn find() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("PIANQU_BIN") {
        let path = PathBuf::from(path);
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("PIANQU_BIN: no file {}", path.display()))
        };
    }
    let folder = profile_folder()?;
    // The whole workspace, so that shared libraries are built with the same features as for the tests
    // and not a second time with fewer.
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--workspace", "--bin", "pianqu", "--profile"]);
    build.arg(profile(&folder)).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let built = build.output().map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !built.status.success() {
        return Err(format!("pianqu does not build: {}", String::from_utf8_lossy(&built.stderr).trim()));
    }
    let path = folder.join(format!("pianqu{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() { Ok(path) } else { Err(format!("pianqu was built, but not at {}", path.display())) }
}

/// `target/<profile>`: two above `target/<profile>/deps/<test>`.
fn profile_folder() -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|e| format!("cannot tell where this test is: {e}"))?;
    let above = test.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "deps"));
    let folder = above.and_then(Path::parent);
    folder.map(Path::to_path_buf).ok_or_else(|| format!("{} is not in a deps folder", test.display()))
}

/// The profile's name: cargo keeps what `dev` and `test` make in `debug`.
fn profile(folder: &Path) -> String {
    match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev".to_owned(),
        Some(other) => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_read_off_the_folder() {
        assert_eq!(profile(Path::new("target/debug")), "dev");
        assert_eq!(profile(Path::new("target/dist")), "dist");
    }

    #[test]
    fn this_test_lies_in_a_profile_folder() {
        let folder = profile_folder().expect("a folder");
        assert!(folder.join("deps").is_dir(), "{}", folder.display());
    }
}
