//! The files that the checks look at: what git tracks, read once, or a handful that a test made up.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Tracked files by their path from the workspace root, with `/` between folders.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// What git tracks under `root`, and what it would track if it were added (ignored files are left out).
    ///
    /// # Errors
    /// One sentence when git cannot list the files or one of them cannot be read.
    pub(crate) fn tracked(root: &Path) -> Result<Self, String> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|e| format!("git cannot be run: {e}"))?;
        if !listed.status.success() {
            return Err(format!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim()));
        }
        let mut files = BTreeMap::new();
        for name in listed.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            let name = String::from_utf8_lossy(name).into_owned();
            let path = root.join(&name);
            // A file deleted but not yet committed is still in the index.
            if path.is_file() {
                let bytes = std::fs::read(&path).map_err(|e| format!("cannot read {name}: {e}"))?;
                files.insert(name, bytes);
            }
        }
        Ok(Self { files })
    }

    /// A made-up tree, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect() }
    }

    /// Every file: path and bytes, sorted by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Every file that is text (UTF-8 without a NUL), sorted by path.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(|(_, bytes)| !bytes.contains(&0)).filter_map(|(name, bytes)| {
            let text = std::str::from_utf8(bytes).ok()?;
            Some((name, text))
        })
    }

    /// Text files below a folder (`"crates/web/"`), with a name ending as given (`".rs"`).
    pub(crate) fn under<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts().filter(move |(name, _)| name.starts_with(folder) && name.ends_with(ending))
    }

    /// One file's text.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_git_would_track_is_looked_at() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let git = |arguments: &[&str]| {
            let done = Command::new("git").args(arguments).current_dir(folder.path()).status();
            assert!(done.expect("git runs").success());
        };
        git(&["init", "--quiet"]);
        std::fs::write(folder.path().join(".gitignore"), "built\n").expect("written");
        std::fs::write(folder.path().join("built"), "no").expect("written");
        std::fs::write(folder.path().join("片区.txt"), "yes").expect("written");
        std::fs::write(folder.path().join("photo"), [0xff, 0, 1]).expect("written");
        git(&["add", ".gitignore"]);

        let tree = Tree::tracked(folder.path()).expect("a tree");

        let names: Vec<_> = tree.files().map(|(name, _)| name).collect();
        assert_eq!(names, [".gitignore", "photo", "片区.txt"]);
        let texts: Vec<_> = tree.texts().map(|(name, _)| name).collect();
        assert_eq!(texts, [".gitignore", "片区.txt"]);
        assert_eq!(tree.under("片", ".txt").collect::<Vec<_>>(), [("片区.txt", "yes")]);
    }

    #[test]
    fn a_folder_without_git_is_a_sentence_and_not_an_empty_tree() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = Tree::tracked(folder.path()).expect_err("no repository");
        assert!(error.starts_with("git ls-files: "), "{error}");
    }
}
