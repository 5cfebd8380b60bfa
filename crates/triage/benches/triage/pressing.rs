//! What cannot wait: missed and false alarms on texts that no rule or line was made from, and the time it takes.

use crate::{Row, data, less, more, undisturbed};
use std::hint::black_box;
use triage::{UrgentKind, read_labelled, urgent};

/// Texts of two writers, who also wrote some of those that were learnt from: kind and text.
fn unseen() -> Vec<(String, String)> {
    let text = include_str!("../../tests/said/pressing.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .records()
        .map(|r| r.expect("the file is sound"))
        .map(|r| (r[1].to_owned(), r[2].to_owned()))
        .collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let texts = unseen();
    let count = |is_danger: bool, kinds: &[UrgentKind]| {
        let of: Vec<_> = texts.iter().filter(|t| (t.0 == "danger") == is_danger).collect();
        let found = of.iter().filter(|t| urgent(&t.1).is_some_and(|u| kinds.contains(&u.kind))).count();
        (found, of.len(), found as f64 / of.len().max(1) as f64)
    };
    let seen = [UrgentKind::Danger, UrgentKind::Perhaps];
    let (n, all, share) = count(true, &seen);
    let mut rows = vec![more(
        &format!("pressing: raised or looked at, {} missed of {all} dangers nobody read", all - n),
        0.95,
        share,
        "",
    )];
    let (n, all, share) = count(true, &seen[..1]);
    rows.push(more(&format!("pressing: raised at once, {n} of {all}"), 0.80, share, ""));
    let (n, all, share) = count(false, &seen[..1]);
    rows.push(less(&format!("pressing: falsely raised at once, {n} of {all} others"), 0.03, share, ""));
    let (n, _, share) = count(false, &seen[1..]);
    rows.push(less(&format!("pressing: looked at for nothing, {n} of {all} others"), 0.10, share, ""));
    let micros = |texts: &[String]| {
        let took = undisturbed(texts, |t| drop(black_box(urgent(t))));
        took.as_secs_f64() * 1e6 / texts.len().max(1) as f64
    };
    let short: Vec<String> =
        texts.iter().map(|t| t.1.clone()).filter(|t| (30..=50).contains(&t.chars().count())).collect();
    rows.push(less("pressing: a text of 40 letters", 5.0, micros(&short), "us"));
    match data("train_raw.csv").map(|raw| read_labelled(&raw).expect("the data is sound")) {
        Some(raw) => {
            let bodies: Vec<String> = raw.into_iter().map(|r| r.message.body).collect();
            let at_once = bodies.iter().filter(|b| urgent(b).is_some_and(|u| u.kind == seen[0])).count();
            let looked = bodies.iter().filter(|b| urgent(b).is_some_and(|u| u.kind == seen[1])).count();
            let all = bodies.len() as f64;
            let name =
                format!("pressing: of {} real letters {at_once} at once, looked at {looked}", bodies.len());
            rows.push(less(&name, 0.10, looked as f64 / all, ""));
            let long: Vec<String> =
                bodies.into_iter().filter(|t| (300..=500).contains(&t.chars().count())).collect();
            rows.push(less("pressing: a text of 400 letters", 15.0, micros(&long), "us"));
        }
        None => rows.push(Row { measured: None, ..less("pressing: a text of 400 letters", 15.0, 0.0, "us") }),
    }
    rows
}
