//! From the door to the rating, told to the running program on the embedded store.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on ends here")]

mod stories;

use e2e::Program;

#[test]
fn from_the_door_to_the_rating() {
    stories::from_the_door_to_the_rating(&Program::demo().unwrap());
}

#[test]
fn a_double_tap_makes_one_case() {
    stories::a_double_tap_makes_one_case(&Program::demo().unwrap());
}

#[test]
fn codes_that_are_not_ours() {
    stories::codes_that_are_not_ours(&Program::demo().unwrap());
}

#[test]
fn doors_stay_shut() {
    stories::doors_stay_shut(&Program::demo().unwrap());
}

#[test]
fn rubbish_is_answered() {
    stories::rubbish_is_answered(&Program::demo().unwrap());
}
