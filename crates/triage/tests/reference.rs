//! Against the messages beside the project: held-out subjects and hand-made groups, on a part that an
//! unoptimised build gets through. The whole is in `cargo bench -p triage`.

#![expect(clippy::print_stdout, reason = "says what was skipped and what was measured")]

use std::collections::HashMap;
use std::path::Path;
use triage::{Classifier, Matters, Training, evaluate, read_labelled, read_messages};

fn data(file: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messages").join(file);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {} is not there", path.display());
    }
    text
}

#[test]
#[ignore = "needs the data beside the project"]
fn held_out_lines_get_their_subject() {
    let Some(lines) = data("train_segmented.tsv") else { return };
    let rows = read_labelled(&lines).unwrap();
    let part =
        |rest: usize| rows.iter().enumerate().filter(move |(n, _)| n % 4 == rest).map(|(_, r)| r.clone());
    let train: Vec<_> = part(0).chain(part(1)).collect();
    let test: Vec<_> = part(2).step_by(4).collect();
    let classifier = Classifier::train(&train, &Training::default()).unwrap();
    let e = evaluate(&classifier, &test);
    println!("half of the lines: macro-F1 {:.4}, calibration error {:.4}", e.macro_f1, e.calibration_error);
    assert!(e.macro_f1 > 0.88, "{e:?}");
    assert!(e.surest_four_fifths > 0.95, "{e:?}");
}

#[test]
#[ignore = "needs the data beside the project"]
fn messages_of_one_matter_are_grouped() {
    let (Some(stream), Some(groups)) = (data("stream.csv"), data("groups_dev.json")) else { return };
    let home: HashMap<String, usize> = groups
        .split("\"members\"")
        .enumerate()
        .skip(1)
        .flat_map(|(k, part)| {
            let members = part.split(']').next().unwrap_or("");
            members
                .split(|c: char| !c.is_ascii_digit())
                .filter(|id| !id.is_empty())
                .map(move |id| (id.to_owned(), k))
        })
        .collect();
    let messages = read_messages(&stream).unwrap();
    let mut matters = Matters::default();
    let mut placed: Vec<(usize, u32)> = Vec::new();
    for (n, m) in messages.iter().enumerate() {
        if let Some(group) = home.get(&m.id) {
            placed.push((*group, u32::try_from(matters.len()).unwrap()));
            matters.place(m);
        } else if n % 10 == 0 {
            matters.place(m);
        }
    }
    let (mut both, mut together, mut alike) = (0.0, 0.0, 0.0);
    for (i, (a, m)) in placed.iter().enumerate() {
        for (b, n) in &placed[..i] {
            let joined = matters.group_of(*m) == matters.group_of(*n);
            both += f64::from(u8::from(joined && a == b));
            together += f64::from(u8::from(joined));
            alike += f64::from(u8::from(a == b));
        }
    }
    let f1 = 2.0 * both / (together + alike);
    println!("pairs among {} messages of the groups: F1 {f1:.4}", placed.len());
    assert!(f1 > 0.93, "{f1}");
}
