//! `pianqu triage`: learns subjects of messages, tells them, groups what is one matter, masks identifiers.

use crate::failure::{Failure, with_file};
use crate::progress::Progress;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use triage::{
    Classifier, Evaluation, Labelled, Matters, Message, Training, evaluate, read_labelled, read_messages,
};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Learns subjects from messages that people have sorted
    Train(Train),
    /// Tells the subject of each message, how sure that is, and why
    Predict(Predict),
    /// Compares a model with messages that people have sorted
    Evaluate(Evaluate),
    /// Finds which messages speak of one matter in one place
    Group(Group),
    /// Takes identifiers out of messages
    Mask(Mask),
}

#[derive(clap::Args)]
#[command(
    after_help = "Inputs: lines `label TAB words`, or a CSV with the columns label and body, title (标签, 内容, 标题).\n\nExample:\n  pianqu triage train --input sorted.tsv --input more.csv --model subjects.model"
)]
pub(crate) struct Train {
    /// Sorted messages; may be given more than once
    #[arg(long, required = true)]
    input: Vec<PathBuf>,
    /// Where the model goes
    #[arg(long)]
    model: PathBuf,
    /// Unsure where fewer of the held-out answers were right than this
    #[arg(long, default_value_t = 0.97)]
    right: f64,
    /// For the order of messages; the same seed gives the same model
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(
    after_help = "The output has the columns id, label, probability, unsure (true or false) and why.\n\nExample:\n  pianqu triage predict --model subjects.model --input new.csv --output told.csv"
)]
pub(crate) struct Predict {
    /// The model
    #[arg(long)]
    model: PathBuf,
    /// Messages: a CSV with the columns id, title, body in any order
    #[arg(long)]
    input: PathBuf,
    /// Where the answers go
    #[arg(long)]
    output: PathBuf,
    /// Unsure below this probability instead of the model's own
    #[arg(long)]
    threshold: Option<f32>,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(after_help = "Example:\n  pianqu triage evaluate --model subjects.model --input sorted.csv --json")]
pub(crate) struct Evaluate {
    /// The model
    #[arg(long)]
    model: PathBuf,
    /// Sorted messages that the model has not learnt from
    #[arg(long)]
    input: PathBuf,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(
    after_help = "Messages are placed one after the other, by time where there is a column for it. The output has the columns\nid and group, in the order of the input.\n\nExample:\n  pianqu triage group --input messages.csv --output groups.csv"
)]
pub(crate) struct Group {
    /// Messages: a CSV with the columns id, title, body, and time if there is one
    #[arg(long)]
    input: PathBuf,
    /// Where the groups go
    #[arg(long)]
    output: PathBuf,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[command(
    after_help = "Every column is masked but id, time and label; the table keeps its shape.\n\nExample:\n  pianqu triage mask --input messages.csv --output masked.csv"
)]
pub(crate) struct Mask {
    /// A CSV with a header
    #[arg(long)]
    input: PathBuf,
    /// For those who handle the matter: names of people and room numbers stay
    #[arg(long)]
    staff: bool,
    /// Where the masked table goes
    #[arg(long)]
    output: PathBuf,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Train(args) => train(args)?,
        Command::Predict(args) => predict(args)?,
        Command::Evaluate(args) => evaluated(args)?,
        Command::Group(args) => group(args)?,
        Command::Mask(args) => mask(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn train(args: &Train) -> Result<(), Failure> {
    if !(0.0..=1.0).contains(&args.right) {
        return Err(Failure(format!("--right is {}, which is no share between 0 and 1", args.right)));
    }
    writable(&args.model)?;
    let mut messages: Vec<Labelled> = Vec::new();
    for file in &args.input {
        messages.extend(read_labelled(&text(file)?).map_err(with_file(file))?);
    }
    let began = Instant::now();
    let training = Training { right: args.right, seed: args.seed, ..Training::default() };
    let classifier = Classifier::train(&messages, &training)?;
    let seconds = began.elapsed().as_secs_f64();
    let bytes = classifier.to_bytes();
    whole(&args.model, &bytes)?;
    if args.json {
        println!(
            "{}",
            serde_json::json!({
                "messages": messages.len(), "labels": classifier.labels(), "seconds": seconds,
                "bytes": bytes.len(), "threshold": classifier.threshold(),
            })
        );
    } else {
        println!(
            "{} messages, {} subjects, learnt in {seconds:.1} s; the model takes {:.1} MB; unsure below {:.2}",
            messages.len(),
            classifier.labels().len(),
            bytes.len() as f64 / 1e6,
            classifier.threshold()
        );
    }
    Ok(())
}

fn predict(args: &Predict) -> Result<(), Failure> {
    writable(&args.output)?;
    let mut classifier = model(&args.model)?;
    if let Some(threshold) = args.threshold {
        if !(0.0..=1.0).contains(&threshold) {
            return Err(Failure(format!("--threshold is {threshold}, which is no probability")));
        }
        classifier = classifier.with_threshold(threshold);
    }
    let messages = messages(&args.input)?;
    let began = Instant::now();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["id", "label", "probability", "unsure", "why"])?;
    let mut reader = classifier.reader();
    let mut unsure = 0;
    for m in &messages {
        let p = reader.predict(m);
        unsure += usize::from(p.unsure);
        let probability = format!("{:.4}", p.probability);
        let is_unsure = if p.unsure { "true" } else { "false" };
        out.write_record([&m.id, &p.label, &probability, is_unsure, &p.why.join(" ")])?;
    }
    let bytes = out.into_inner().map_err(|e| Failure(e.to_string()))?;
    let seconds = began.elapsed().as_secs_f64();
    whole(&args.output, &bytes)?;
    told(args.json, "unsure", messages.len(), unsure, seconds);
    Ok(())
}

fn evaluated(args: &Evaluate) -> Result<(), Failure> {
    let classifier = model(&args.model)?;
    let messages = read_labelled(&text(&args.input)?).map_err(with_file(&args.input))?;
    if let Some(m) = messages.iter().find(|m| !classifier.labels().contains(&m.label)) {
        return Err(Failure(format!(
            "{}: message {} has the label {:?}, which the model does not know; it knows {}",
            args.input.display(),
            m.message.id,
            m.label,
            classifier.labels().join(", ")
        )));
    }
    let began = Instant::now();
    let e = evaluate(&classifier, &messages);
    let speed = messages.len() as f64 / began.elapsed().as_secs_f64().max(1e-9);
    if args.json {
        println!("{}", json(&e, speed));
        return Ok(());
    }
    println!(
        "{} messages: macro-F1 {:.4}, accuracy {:.4}, among the first two {:.4}\n\
         calibration error {:.4}; surest four fifths {:.4}; left to a person {:.1} %, the others {:.4} right; {speed:.0} texts/s\n",
        e.messages,
        e.macro_f1,
        e.accuracy,
        e.first_two,
        e.calibration_error,
        e.surest_four_fifths,
        e.unsure * 100.0,
        e.sure_accuracy
    );
    println!("precision  recall      f1  messages  subject");
    for c in &e.per_class {
        println!("{:9.4}  {:6.4}  {:6.4}  {:8}  {}", c.precision, c.recall, c.f1, c.support, c.label);
    }
    Ok(())
}

fn json(e: &Evaluation, speed: f64) -> serde_json::Value {
    let per_class: Vec<_> = e
        .per_class
        .iter()
        .map(|c| {
            serde_json::json!({
                "label": c.label, "precision": c.precision, "recall": c.recall, "f1": c.f1, "support": c.support,
            })
        })
        .collect();
    serde_json::json!({
        "messages": e.messages, "macro_f1": e.macro_f1, "accuracy": e.accuracy, "per_class": per_class,
        "calibration": {
            "expected_calibration_error": e.calibration_error, "first_two_accuracy": e.first_two,
            "accuracy_surest_80_percent": e.surest_four_fifths, "unsure": e.unsure,
            "accuracy_when_sure": e.sure_accuracy,
        },
        "texts_per_second": speed,
    })
}

fn group(args: &Group) -> Result<(), Failure> {
    writable(&args.output)?;
    let messages = messages(&args.input)?;
    let began = Instant::now();
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_cached_key(|i| numbers(&messages[*i].time));
    let mut matters = Matters::default();
    let mut number_of = vec![0; messages.len()];
    let mut progress = Progress::new("placed", messages.len() as u64, args.json);
    for (number, i) in (0_u32..).zip(order) {
        matters.place(&messages[i]);
        number_of[i] = number;
        progress.at(u64::from(number) + 1);
    }
    progress.done();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["id", "group"])?;
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    for (message, number) in messages.iter().zip(number_of) {
        let group = matters.group_of(number).unwrap_or(number);
        *sizes.entry(group).or_default() += 1;
        out.write_record([&message.id, &group.to_string()])?;
    }
    let bytes = out.into_inner().map_err(|e| Failure(e.to_string()))?;
    let seconds = began.elapsed().as_secs_f64();
    whole(&args.output, &bytes)?;
    let several = sizes.values().filter(|size| **size > 1).count();
    let largest = sizes.values().max().copied().unwrap_or(0);
    if args.json {
        println!(
            "{}",
            serde_json::json!({
                "messages": messages.len(), "groups": matters.groups(), "groups_of_several": several,
                "largest": largest, "seconds": seconds,
            })
        );
    } else {
        println!(
            "{} messages, {} groups, {several} of them of several messages, the largest of {largest}; {seconds:.2} s",
            messages.len(),
            matters.groups()
        );
    }
    Ok(())
}

/// A time as its numbers: 2019/9/5 and 2019-09-05 are one day.
fn numbers(time: &str) -> Vec<u32> {
    time.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
}

fn mask(args: &Mask) -> Result<(), Failure> {
    writable(&args.output)?;
    let text = text(&args.input)?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(with_file(&args.input)("it is empty"));
    }
    let began = Instant::now();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| with_file(&args.input)(no_row(&e)))?.clone();
    let kept: Vec<bool> = header
        .iter()
        .map(|name| ["id", "time", "编号", "时间", "label", "标签"].contains(&name.trim()))
        .collect();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header)?;
    let (mut rows, mut spans) = (0, 0);
    for row in reader.records() {
        let row = row.map_err(|e| with_file(&args.input)(no_row(&e)))?;
        rows += 1;
        let masked = row.iter().zip(&header).zip(&kept).map(|((field, name), kept)| {
            if *kept {
                return field.to_owned();
            }
            let (masked, found) = masked(name, field, args.staff);
            spans += found;
            masked
        });
        out.write_record(masked.collect::<Vec<_>>())?;
    }
    if rows == 0 {
        return Err(with_file(&args.input)("it holds no message"));
    }
    let bytes = out.into_inner().map_err(|e| Failure(e.to_string()))?;
    let seconds = began.elapsed().as_secs_f64();
    whole(&args.output, &bytes)?;
    told(args.json, "masked", rows, spans, seconds);
    Ok(())
}

/// A field without its identifiers, and how many there were. Its column's name is read as words before it: eight digits
/// under 电话 are a telephone.
fn masked(name: &str, field: &str, staff: bool) -> (String, usize) {
    let mask = |text: &str| if staff { triage::mask(text) } else { triage::mask_public(text) };
    let before = format!("{name}：");
    let masked = mask(&format!("{before}{field}"));
    let told = masked.text.strip_prefix(&before).map(str::to_owned);
    match told {
        Some(told) => (told, masked.spans.len()),
        None => {
            let masked = mask(field);
            (masked.text, masked.spans.len())
        }
    }
}

/// Why a row is none, with its line.
fn no_row(e: &csv::Error) -> String {
    let line = e.position().map_or(1, csv::Position::line);
    match e.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line}: {len} fields where the header has {expected_len}")
        }
        _ => format!("line {line}: no row of a table"),
    }
}

/// A file's text; in UTF-8, or as it is guessed.
fn text(file: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(file).map_err(with_file(file))?;
    if let Some(line) = broken_letter(&bytes) {
        return Err(with_file(file)(format!("line {line}: a letter is broken; the file was cut or damaged")));
    }
    let text = crate::import::decoded(&bytes);
    // Text has no noughts: a workbook or a picture does.
    if text.contains('\0') {
        return Err(with_file(file)("it is no text; a workbook must be saved as CSV first"));
    }
    Ok(text)
}

/// The line of the first letter that is not UTF-8 in a file that otherwise is: guessed as another encoding, all of it
/// would be read as other letters.
fn broken_letter(bytes: &[u8]) -> Option<usize> {
    let good = std::str::from_utf8(bytes).err()?.valid_up_to();
    let read = String::from_utf8_lossy(bytes);
    let (broken, foreign) = read.chars().fold((0_usize, 0_usize), |(broken, foreign), c| {
        (broken + usize::from(c == char::REPLACEMENT_CHARACTER), foreign + usize::from(!c.is_ascii()))
    });
    (broken * 10 < foreign).then(|| bytes[..good].iter().filter(|b| **b == b'\n').count() + 1)
}

fn messages(file: &Path) -> Result<Vec<Message>, Failure> {
    read_messages(&text(file)?).map_err(with_file(file))
}

fn model(file: &Path) -> Result<Classifier, Failure> {
    Classifier::from_bytes(&std::fs::read(file).map_err(with_file(file))?).map_err(with_file(file))
}

/// Asks before the work whether a file can go there.
fn writable(file: &Path) -> Result<(), Failure> {
    if file.is_dir() {
        return Err(with_file(file)("it is a folder; name a file"));
    }
    match file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) => Err(with_file(file)(format!("there is no folder {}", folder.display()))),
        None => Ok(()),
    }
}

/// Writes beside the target and renames: nobody ever sees half a file.
fn whole(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let beside = file.with_file_name(name);
    let written = std::fs::File::create(&beside)
        .and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()))
        .and_then(|()| std::fs::rename(&beside, file));
    if written.is_err() {
        // What cannot be taken away again was never there.
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(with_file(file))
}

fn told(json: bool, what: &str, messages: usize, counted: usize, seconds: f64) {
    let speed = messages as f64 / seconds.max(1e-9);
    if json {
        println!(
            "{}",
            serde_json::json!({ "messages": messages, what: counted, "seconds": seconds, "texts_per_second": speed })
        );
    } else {
        println!("{messages} messages, {counted} {what}, {seconds:.2} s ({speed:.0} texts/s)");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_letter_is_found_and_another_encoding_is_none() {
        let text = "id,body\n1,楼道的灯坏了好几天没有人修\n2,楼下饭店的油烟太大受不了\n";
        assert_eq!(broken_letter(text.as_bytes()), None);
        assert_eq!(broken_letter(&text.as_bytes()[..text.len() - 2]), Some(3));
        let gb = encoding_rs::GB18030.encode(text).0;
        assert_eq!(broken_letter(&gb), None);
    }

    #[test]
    fn the_name_of_a_column_tells_what_its_digits_are() {
        assert_eq!(masked("电话", "64000000", false), ("〔电话〕".into(), 1));
        assert_eq!(masked("数量", "64000000", false), ("64000000".into(), 0));
        assert_eq!(masked("姓名", "李小明", false), ("〔姓名〕".into(), 1));
        assert_eq!(masked("body", "灯坏了", true), ("灯坏了".into(), 0));
    }

    #[test]
    fn times_are_in_order_however_they_are_written() {
        let mut times = ["2020-01-02 08:00", "2019/12/31 9:5:0", "2019/9/5 10:11", ""];
        times.sort_by_cached_key(|t| numbers(t));
        assert_eq!(times, ["", "2019/9/5 10:11", "2019/12/31 9:5:0", "2020-01-02 08:00"]);
    }
}
