//! Matters that rise by words in the real messages beside the project.

#![expect(clippy::print_stdout, reason = "says what was skipped and what was measured")]

use simulate::{groups, on_stream, read_letters};
use std::path::Path;

fn data(file: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messages").join(file);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    text
}

/// Every group that three people within fourteen days speak of is found on the day of the third, with few warnings.
#[test]
#[ignore = "needs the data beside the project"]
fn what_three_people_speak_of_is_found_on_the_day_of_the_third() {
    let (Some(stream), Some(known)) = (data("stream.csv"), data("groups_dev.json")) else { return };
    let found = on_stream(&read_letters(&stream).unwrap(), &groups(&known).unwrap(), None);
    println!(
        "{} of {} groups, {} no later, {} warnings",
        found.found, found.ruled, found.no_later, found.alarms
    );
    assert_eq!((found.found, found.no_later), (found.ruled, found.ruled), "{found:?}");
    assert!(found.alarms < 48, "{}", found.alarms);
}
