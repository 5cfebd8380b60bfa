//! `pianqu import cases FILE.csv`: messages with times, each through the same path as a scan.

use crate::failure::{Failure, with_file};
use crate::open;
use crate::outlines;
use crate::progress::Progress;
use crate::roster;
use app::{Imported, Incoming, Roster};
use domain::{DoorwayId, PlaceId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::territory::DoorwayRow;

#[derive(clap::Subcommand)]
pub(crate) enum Kind {
    /// Messages as cases: a CSV with at least a time and a text
    Cases(Args),
    /// Places: code, level, name, what they belong to
    Places(roster::Args),
    /// Doorways: board, neighbourhood, address
    Doorways(roster::Args),
    /// Dwellings behind doorways: board, number
    Dwellings(roster::Args),
    /// Units: kind, name, jurisdiction
    Units(roster::Args),
    /// Lists of duties: unit, subject
    Duties(roster::Args),
    /// Surveyed outlines of the neighbourhoods: GeoJSON
    Outlines(outlines::Args),
    /// Accounts with their posts: login, name, role, place, unit
    Staff(roster::Args),
}

#[derive(clap::Args)]
#[command(
    after_help = "Columns are found by their names: time (时间), body (内容, 详情, text), title (主题, 标题), id (编号),\nboard (公示栏) or address (地址) for the doorway. Rows without a place are spread over the doorways by --seed.\nUTF-8 and GB18030 are read. The same file twice brings nothing in twice.\n\nExample:\n  pianqu import cases messages.csv --data demo-data"
)]
pub(crate) struct Args {
    /// The file
    file: PathBuf,
    /// The data folder
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// Spreads rows without a place over the doorways
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Bring in the rows that are sound and report the others; without it nothing is brought in unless all are
    #[arg(long)]
    sound_rows: bool,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(kind: &Kind) -> Result<ExitCode, Failure> {
    match kind {
        Kind::Cases(args) => cases(args),
        Kind::Places(args) => roster::run(Roster::Places, args),
        Kind::Doorways(args) => roster::run(Roster::Doorways, args),
        Kind::Units(args) => roster::run(Roster::Units, args),
        Kind::Dwellings(args) => roster::run(Roster::Dwellings, args),
        Kind::Duties(args) => roster::run(Roster::Duties, args),
        Kind::Outlines(args) => outlines::run(args),
        Kind::Staff(args) => roster::run(Roster::Staff, args),
    }
}

/// The columns that are understood, each by the names that it goes by.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("time", &["time", "时间", "留言时间", "日期", "date", "created", "created_at", "reported_at"]),
    ("body", &["body", "内容", "详情", "留言详情", "text", "content", "描述", "description"]),
    ("title", &["title", "主题", "标题", "留言主题", "subject"]),
    ("id", &["id", "编号", "留言编号", "no", "number", "unique_key"]),
    ("board", &["board", "公示栏", "门栋编号"]),
    ("address", &["address", "地址", "门牌"]),
];

/// Where each column stands in a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Columns {
    found: [Option<usize>; COLUMNS.len()],
    unknown: Vec<String>,
}

impl Columns {
    fn of(head: &csv::StringRecord) -> Columns {
        let mut columns = Columns::default();
        for (i, name) in head.iter().enumerate() {
            let name = name.trim().trim_start_matches('\u{feff}');
            let which =
                COLUMNS.iter().position(|(_, names)| names.iter().any(|n| n.eq_ignore_ascii_case(name)));
            match which {
                Some(which) if columns.found[which].is_none() => columns.found[which] = Some(i),
                _ => columns.unknown.push(name.to_owned()),
            }
        }
        columns
    }

    fn get<'r>(&self, row: &'r csv::StringRecord, name: &str) -> &'r str {
        let which = COLUMNS.iter().position(|(n, _)| *n == name);
        which.and_then(|w| self.found[w]).and_then(|i| row.get(i)).unwrap_or("").trim()
    }
}

/// A sound row.
struct Row {
    at: Timestamp,
    text: String,
    id: String,
    door: DoorwayRow,
}

fn cases(args: &Args) -> Result<ExitCode, Failure> {
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(&args.data)?, keys)?;
    let text = decoded(&std::fs::read(&args.file).map_err(with_file(&args.file))?);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns = Columns::of(reader.headers().map_err(with_file(&args.file))?);
    for needed in [0, 1] {
        if columns.found[needed].is_none() {
            let (name, names) = COLUMNS[needed];
            return Err(Failure(format!(
                "{}: no column for the {name}; name it one of {}",
                args.file.display(),
                names.join(", ")
            )));
        }
    }
    let doors = app.all_doorways()?;
    if doors.is_empty() {
        return Err(Failure("the district has no doorways yet; bring these in first".into()));
    }
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (n, record) in (2_u64..).zip(reader.records()) {
        match record.map_err(|e| e.to_string()).and_then(|r| row(&columns, &r, &doors, args.seed)) {
            Ok(row) => rows.push(row),
            Err(why) => faults.push(format!("row {n}: {why}")),
        }
    }
    if !faults.is_empty() && !args.sound_rows {
        for fault in faults.iter().take(50) {
            eprintln!("{fault}");
        }
        return Err(Failure(format!(
            "{} of {} rows are not sound, so nothing was brought in; mend them, or say --sound-rows",
            faults.len(),
            faults.len() + rows.len()
        )));
    }
    // In the order of time, so that numbers and likeness are as if they had come one by one.
    rows.sort_by_key(|r| r.at);
    let mut progress = Progress::new("messages", rows.len() as u64, args.json);
    let mut sum = Imported::default();
    for (n, some) in (0_u64..).zip(rows.chunks(CHUNK)) {
        let incoming = some.iter().map(|r| (r.at, incoming(r))).collect();
        sum += app.import(incoming)?;
        progress.at((n + 1) * CHUNK as u64);
    }
    progress.done();
    report(args, &columns, &sum, &faults);
    Ok(ExitCode::SUCCESS)
}

/// Rows that go in together.
const CHUNK: usize = 256;

fn report(args: &Args, columns: &Columns, sum: &Imported, faults: &[String]) {
    if args.json {
        let line = serde_json::json!({
            "imported": sum.new, "there_already": sum.again, "refused": faults, "unknown_columns": columns.unknown,
        });
        println!("{line}");
        return;
    }
    if !columns.unknown.is_empty() {
        println!("Columns not used: {}", columns.unknown.join(", "));
    }
    for fault in faults {
        println!("{fault}");
    }
    println!("{} messages brought in, {} there already, {} refused.", sum.new, sum.again, faults.len());
}

/// The file's text, in whatever encoding it has.
pub(crate) fn decoded(bytes: &[u8]) -> String {
    let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    guess.feed(bytes, true);
    let encoding = guess.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    // GB18030 holds all of GBK, and more names.
    let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
    encoding.decode(bytes).0.into_owned()
}

fn row(
    columns: &Columns,
    record: &csv::StringRecord,
    doors: &[DoorwayRow],
    seed: u64,
) -> Result<Row, String> {
    let at = time(columns.get(record, "time"))?;
    let (title, body) = (columns.get(record, "title"), columns.get(record, "body"));
    let text = match (title.is_empty(), body.is_empty()) {
        (true, true) => return Err("body: is empty".into()),
        (false, true) => title.to_owned(),
        (true, false) => body.to_owned(),
        // A title that the body begins with says nothing new.
        (false, false) if body.starts_with(title) => body.to_owned(),
        (false, false) => format!("{title}\n{body}"),
    };
    let id = Some(columns.get(record, "id")).filter(|i| !i.is_empty());
    let id = id.map_or_else(|| format!("{at}/{text}"), str::to_owned);
    let board = columns.get(record, "board");
    let address = columns.get(record, "address");
    let door = if !board.is_empty() {
        doors.iter().find(|d| d.board == board).ok_or_else(|| format!("board: there is no {board:?}"))?
    } else if !address.is_empty() {
        doors
            .iter()
            .find(|d| d.address == address)
            .ok_or_else(|| format!("address: there is no {address:?}"))?
    } else {
        let hash: [u8; 32] = Sha256::digest(format!("{seed}/{id}")).into();
        let number =
            u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]]);
        &doors[usize::try_from(number % doors.len() as u64).unwrap_or(0)]
    };
    Ok(Row { at, text, id, door: door.clone() })
}

/// A time as spreadsheets write it, in the district's own time: `2019/2/28 11:25:05`, `2019-02-28T11:25`.
fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact);
    }
    let bad = || format!("time: {text:?} is no time like 2019-02-28 11:25");
    let numbers: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|p| !p.is_empty())
        .map(|p| p.parse().map_err(|_| bad()))
        .collect::<Result<_, _>>()?;
    let part = |i: usize| numbers.get(i).copied().map_or(Ok(0), i8::try_from).map_err(|_| bad());
    if !(3..=6).contains(&numbers.len()) {
        return Err(bad());
    }
    let at =
        DateTime::new(numbers[0], part(1)?, part(2)?, part(3)?, part(4)?, part(5)?, 0).map_err(|_| bad())?;
    Offset::constant(8).to_timestamp(at).map_err(|_| bad())
}

fn incoming(r: &Row) -> Incoming {
    let hash: [u8; 32] = Sha256::digest(format!("import/{}", r.id)).into();
    let mut submission = [0; 16];
    submission.copy_from_slice(&hash[..16]);
    let (doorway, place): (DoorwayId, PlaceId) = (r.door.id, r.door.place);
    Incoming {
        doorway: Some(doorway),
        place: Some(place),
        text: r.text.clone(),
        submission,
        ..Incoming::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_spreadsheets_write_them() {
        let at = |t: &str| t.parse::<Timestamp>().unwrap();
        assert_eq!(time("2019/2/28 11:25:05"), Ok(at("2019-02-28T03:25:05Z")));
        assert_eq!(time("2019-02-28 11:25"), Ok(at("2019-02-28T03:25:00Z")));
        assert_eq!(time("2019年2月28日"), Ok(at("2019-02-27T16:00:00Z")));
        assert_eq!(time("2019-02-28T03:25:05Z"), Ok(at("2019-02-28T03:25:05Z")));
        for bad in ["", "yesterday", "2019-13-01 00:00", "2019-02-30", "1/2"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn columns_by_their_names() {
        let head =
            csv::StringRecord::from(vec!["\u{feff}留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]);
        let columns = Columns::of(&head);
        assert_eq!(columns.unknown, ["留言用户"]);
        assert_eq!(columns.found, [Some(3), Some(4), Some(2), Some(0), None, None]);
    }

    #[test]
    fn old_spreadsheets_are_read() {
        let text = "时间,内容\n2019/2/28 11:25,楼道里的灯坏了很久没有人来修理\n";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        assert_eq!(decoded(&gb), text);
        assert_eq!(decoded(text.as_bytes()), text);
        assert_eq!(decoded([&[0xef, 0xbb, 0xbf], text.as_bytes()].concat().as_slice()), text);
    }
}
