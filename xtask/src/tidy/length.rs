//! A file with one responsibility is short. Long ones are pointed out and fail nothing.

use super::{Finding, Tree};

/// Lines from which a source is pointed out.
const LONG: usize = 600;

/// Lists sources that have grown past [`LONG`] lines.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    [".rs", ".mjs", ".html", ".css"]
        .into_iter()
        .flat_map(|ending| tree.under("", ending))
        // Vendored files are as long as their authors made them.
        .filter(|(path, _)| !path.starts_with(super::assets::FOLDER) || path.ends_with(".css"))
        .filter_map(|(path, text)| {
            let lines = text.lines().count();
            let message = format!("{lines} lines: does it have more than one responsibility?");
            (lines > LONG).then(|| Finding::warning(path, 0, message))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_a_warning_and_not_an_error() {
        let long = "\n".repeat(LONG + 1);
        let exact = "\n".repeat(LONG);
        let found =
            check(&Tree::of(&[("crates/a/src/lib.rs", long.as_str()), ("xtask/b.rs", exact.as_str())]));
        let said: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["warning: crates/a/src/lib.rs: 601 lines: does it have more than one responsibility?"]
        );
        assert!(!found[0].is_error());
    }
}
