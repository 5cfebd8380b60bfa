//! docs/states.md shows the state machines as the code has them.

use super::{Finding, Tree};

/// Where they are drawn.
pub(crate) const DRAWN: &str = "docs/states.md";

/// Compares the drawings with the machines.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    compare(tree, &domain::machine::document())
}

fn compare(tree: &Tree, expected: &str) -> Vec<Finding> {
    in_step(tree, DRAWN, expected, "run `cargo xtask states` and read what changed")
}

/// What was written by the code and what it would write now.
pub(super) fn in_step(tree: &Tree, path: &str, expected: &str, mend: &str) -> Vec<Finding> {
    let Some(drawn) = tree.text(path) else {
        return vec![Finding::error(path, 0, format!("is not there: {mend}"))];
    };
    let differs = drawn.lines().zip(expected.lines()).position(|(is, should)| is != should);
    let (shorter, longer) = (drawn.lines().count(), expected.lines().count());
    match differs.or((shorter != longer).then(|| shorter.min(longer))) {
        Some(line) => vec![Finding::error(path, line + 1, format!("is not what the code does: {mend}"))],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_out_of_step_is_found_at_its_line() {
        let found = |drawn: &str| -> Vec<String> {
            compare(&Tree::of(&[(DRAWN, drawn)]), "a\nb\nc\n").iter().map(ToString::to_string).collect()
        };
        assert_eq!(found("a\nb\nc\n"), [""; 0]);
        assert!(found("a\nB\nc\n")[0].contains("docs/states.md:2: is not what the code does"));
        assert!(found("a\n")[0].contains("docs/states.md:2"), "an end is missing");
        assert!(found("a\nb\nc\nd\n")[0].contains("docs/states.md:4"), "a line too many");
        assert_eq!(compare(&Tree::of(&[]), "a").len(), 1);
    }

    #[test]
    fn what_is_written_is_in_step() {
        let document = domain::machine::document();
        assert_eq!(check(&Tree::of(&[(DRAWN, document.as_str())])), []);
    }
}
