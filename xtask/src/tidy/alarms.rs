//! crates/triage/data/pressing.weights holds the line that is learnt from the texts beside it.

use super::states::in_step;
use super::{Finding, Tree};

/// The texts that it is learnt from.
pub(crate) const TEXTS: &str = "crates/triage/data/pressing.csv";
/// Where the line lies.
pub(crate) const LINE: &str = "crates/triage/data/pressing.weights";

/// Learns the line anew and compares.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(texts) = tree.text(TEXTS) else {
        return vec![Finding::error(TEXTS, 0, "is not there")];
    };
    match triage::learn_pressing(texts) {
        Ok(line) => in_step(tree, LINE, &line, "run `cargo xtask alarms`"),
        Err(e) => vec![Finding::error(TEXTS, 0, e.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_learnt_from_other_texts_is_found() {
        let texts =
            "writer,kind,text\na,danger,着火了快来\na,none,灯坏了\nb,danger,着火了救人\nb,none,灯不亮了\n";
        let line = triage::learn_pressing(texts).unwrap();
        let tree = |line: &str| check(&Tree::of(&[(TEXTS, texts), (LINE, line)]));
        assert_eq!(tree(&line), []);
        assert!(
            tree(&line.replace("texts 4", "texts 5"))[0].to_string().contains("is not what the code does")
        );
        assert!(
            check(&Tree::of(&[(TEXTS, "writer,kind,text\na,shout,x\n")]))[0].to_string().contains("shout")
        );
    }
}
