//! Subjects: learnt from sorted messages, judged on held-out ones.

use crate::{Row, data, less, more, shortest, undisturbed};
use std::time::Instant;
use triage::{Classifier, Labelled, Message, Training, evaluate, read_labelled};

/// Every ninth is held out: as many as will be judged.
const HELD_OUT: usize = 9;

/// What a new district has before it sorted one message: judged on the texts of the demo district, beside the words
/// of the lexicon alone.
pub(crate) fn start() -> Vec<Row> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/data/reports.csv");
    let Ok(text) = std::fs::read_to_string(path) else { return vec![] };
    let texts: Vec<(&str, String)> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.splitn(7, ',').collect();
            let filled = fields.get(6)?.replace("{compound}", "长桥新村").replace("{building}", "3");
            Some((fields[0], filled.replace(['{', '}'], "")))
        })
        .collect();
    let share = |right: usize| right as f64 / texts.len().max(1) as f64;
    let words = texts
        .iter()
        .filter(|(code, text)| {
            let best = triage::subject::suggest(text).into_iter().next();
            best.map_or("other", |s| s.code.leak()) == *code
        })
        .count();
    let classifier = Classifier::starting().expect("the files of the crate are sound");
    let labelled: Vec<Labelled> = texts.iter().map(|(code, text)| Labelled::new(code, text)).collect();
    let e = evaluate(&classifier, &labelled);
    let name = format!("a new district: right, of {} texts of the demo; the words alone", texts.len());
    vec![more(&name, share(words), e.accuracy, "")]
}

pub(crate) fn rows() -> Vec<Row> {
    let (Some(segmented), Some(raw)) = (data("train_segmented.tsv"), data("train_raw.csv")) else {
        return vec![Row { measured: None, ..more("subjects: macro-F1 on held-out texts", 0.935, 0.0, "") }];
    };
    let segmented = read_labelled(&segmented).expect("the data is sound");
    let raw = read_labelled(&raw).expect("the data is sound");
    let twins: Vec<Option<usize>> = raw.iter().map(|r| twin(r, &segmented)).collect();
    let mut rows = Vec::new();

    // Lines held out; where the raw text of one is there, it is asked instead.
    let is_held = |n: usize| n % HELD_OUT == 4;
    let mut train: Vec<Labelled> =
        segmented.iter().enumerate().filter(|(n, _)| !is_held(*n)).map(|(_, l)| l.clone()).collect();
    let mut test: Vec<Labelled> = segmented
        .iter()
        .enumerate()
        .filter(|(n, _)| is_held(*n) && !twins.contains(&Some(*n)))
        .map(|(_, l)| l.clone())
        .collect();
    for (row, twin) in raw.iter().zip(&twins) {
        if twin.is_some_and(is_held) { test.push(row.clone()) } else { train.push(row.clone()) }
    }
    let began = Instant::now();
    let classifier = Classifier::train(&train, &Training::default()).expect("there are seven subjects");
    let training = began.elapsed().as_secs_f64();
    let bytes = classifier.to_bytes();
    let (start, classifier) = shortest(|| {
        let classifier = Classifier::from_bytes(&bytes).expect("it was just written");
        classifier.predict(&Message::of("楼道灯坏了"));
        classifier
    });
    let e = evaluate(&classifier, &test);
    rows.push(more(
        &format!(
            "subjects: macro-F1 on {} held-out texts (se {:.3})",
            e.messages,
            (e.accuracy * (1.0 - e.accuracy) / e.messages as f64).sqrt()
        ),
        0.935,
        e.macro_f1,
        "",
    ));
    rows.push(less("subjects: expected calibration error", 0.03, e.calibration_error, ""));
    rows.push(more("subjects: accuracy on the surest 80 %", 0.98, e.surest_four_fifths, ""));
    rows.push(more("subjects: accuracy of the first two", 0.988, e.first_two, ""));
    rows.push(less("subjects: training, on all cores", 10.0, training, "s"));
    rows.push(less("subjects: model", 10.0, bytes.len() as f64 / 1e6, "MB"));
    rows.push(less(
        "subjects: from the bytes of the file to the first answer",
        50.0,
        start.as_secs_f64() * 1e3,
        "ms",
    ));
    let letters: usize =
        raw.iter().map(|r| r.message.title.chars().count() + r.message.body.chars().count()).sum();
    let mut reader = classifier.reader();
    let took = undisturbed(&raw, |r| drop(std::hint::black_box(reader.probabilities(&r.message).to_vec())));
    let what = format!("subjects: raw texts of {} letters a second on one core", letters / raw.len());
    rows.push(more(&what, 12_000.0, raw.len() as f64 / took.as_secs_f64(), "/s"));
    let took = undisturbed(&raw, |r| drop(reader.predict(&r.message)));
    rows.push(more(
        "the same with the words that decided",
        12_000.0,
        raw.len() as f64 / took.as_secs_f64(),
        "/s",
    ));
    rows
}

/// The segmented line of a raw text: all its words stand in the text, and are most of it.
fn twin(raw: &Labelled, segmented: &[Labelled]) -> Option<usize> {
    let text = format!("{}{}", raw.message.title, raw.message.body);
    segmented.iter().position(|line| {
        let words = || line.message.title.split(' ').chain(line.message.body.split(' '));
        let most: usize = words().map(str::len).sum();
        most * 3 > text.len() && words().take(12).all(|w| text.contains(w)) && {
            let (there, all) =
                words().fold((0, 0), |(there, all), w| (there + usize::from(text.contains(w)), all + 1));
            there * 100 >= all * 97
        }
    })
}
