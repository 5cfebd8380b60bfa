//! crates/demo/data/drawn.csv holds the precincts of the demo as the library draws them.

use super::states::in_step;
use super::{Finding, Tree};

/// Where the plan lies.
pub(crate) const DRAWN: &str = "crates/demo/data/drawn.csv";

/// Draws the plan anew and compares.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    match demo::precincts::drawn() {
        Ok(drawn) => in_step(tree, DRAWN, &drawn, "run `cargo xtask precincts`"),
        Err(e) => vec![Finding::error(DRAWN, 0, format!("cannot be drawn: {e}"))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_of_somebody_elses_making_is_found() {
        let drawn = demo::precincts::drawn().unwrap();
        assert_eq!(check(&Tree::of(&[(DRAWN, drawn.as_str())])), []);
        let (from, to) = (drawn.lines().nth(2).unwrap(), "310104003002,61");
        let moved = drawn.replace(from, to);
        let found: Vec<String> =
            check(&Tree::of(&[(DRAWN, moved.as_str())])).iter().map(ToString::to_string).collect();
        assert!(found.len() == 1 && found[0].contains("drawn.csv:3: is not what the code does"), "{found:?}");
    }
}
