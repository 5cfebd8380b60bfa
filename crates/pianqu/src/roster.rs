//! `pianqu import places|doorways|dwellings|units|duties|staff FILE`: rosters from spreadsheets, with a report row
//! by row.

use crate::failure::{Failure, with_file};
use crate::import::decoded;
use crate::open;
use app::{App, Invitation, Roster, TableRow};
use calamine::{Data, Reader, open_workbook_auto};
use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
#[command(
    after_help = "xlsx, or CSV in UTF-8 or GB18030; columns are found by their names, in English or Chinese:\n  places    code 代码, level 层级, zh 名称, en, parent 上级, residents 人口, q, r\n  doorways  board 公示栏, place 居民区, address 地址, floors 层数, flats 户数\n  units     kind 类型, zh 名称, en, place 管辖, phone 电话\n  dwellings board 公示栏, number 室号\n  duties    unit 单位, subject 事项, rank 次序, zh 依据, en\n  staff     login 账号, name 姓名, role 岗位, place 地方, unit 单位 (a row for every post)\n\nThe first dwellings of a doorway name all of them. New accounts are told by links, good once and for a week:\nthey are written to --invitations, and nobody but the owner ever knows a password.\n\nExample:\n  pianqu import doorways 门栋.xlsx --data /srv/pianqu --dry-run"
)]
pub(crate) struct Args {
    /// The file
    file: PathBuf,
    /// The data folder
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// Bring in the rows that are sound; without it nothing is brought in unless all are
    #[arg(long)]
    sound_rows: bool,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// For staff: the file that the links for new accounts are written to; must not exist
    #[arg(long)]
    invitations: Option<PathBuf>,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(what: Roster, args: &Args) -> Result<ExitCode, Failure> {
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(args.store.as_deref().unwrap_or(&args.data))?, keys)?;
    let (rows, unknown) = rows(what, &args.file)?;
    let mut links = Links::begin(what, args)?;
    let report = app.import_roster(what, &rows, args.sound_rows, args.dry_run)?;
    links.write(&app, &report.invitations)?;
    let stopped = !report.faults.is_empty() && !args.sound_rows;
    if args.json {
        println!(
            "{}",
            serde_json::json!({
                "new": report.new, "there_already": report.again, "faults": report.faults, "unknown_columns": unknown,
                "dry_run": args.dry_run, "invitations": report.invitations.len(),
            })
        );
    } else {
        if !unknown.is_empty() {
            println!("Columns not used: {}", unknown.join(", "));
        }
        report.faults.iter().for_each(|f| println!("{f}"));
        let done = if args.dry_run { "would be brought in" } else { "brought in" };
        println!(
            "{} rows {done}, {} there already, {} refused.",
            report.new,
            report.again,
            report.faults.len()
        );
        if let Some(file) = links.file.as_ref().filter(|_| !report.invitations.is_empty()) {
            println!(
                "{} invitations are in {}; each is good once and for a week.",
                report.invitations.len(),
                file.display()
            );
        }
    }
    if stopped {
        return Err(Failure(format!(
            "{} of {} rows are not sound, so nothing was brought in; mend them, or say --sound-rows",
            report.faults.len(),
            rows.len()
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// The file of invitations: made before anything is brought in, so that no link can be lost for want of a place.
struct Links {
    file: Option<PathBuf>,
    open: Option<std::fs::File>,
}

impl Links {
    fn begin(what: Roster, args: &Args) -> Result<Links, Failure> {
        if what != Roster::Staff || args.dry_run {
            return Ok(Links { file: None, open: None });
        }
        let Some(file) = &args.invitations else {
            return Err(Failure(
                "say --invitations FILE: where the links for new accounts are written (or --dry-run)".into(),
            ));
        };
        let mut how = std::fs::OpenOptions::new();
        how.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let open = how.open(file).map_err(with_file(file))?;
        Ok(Links { file: Some(file.clone()), open: Some(open) })
    }

    fn write(&mut self, app: &App, invitations: &[Invitation]) -> Result<(), Failure> {
        let (Some(file), Some(mut open)) = (&self.file, self.open.take()) else { return Ok(()) };
        if invitations.is_empty() {
            drop(open);
            return std::fs::remove_file(file).map_err(with_file(file));
        }
        let domain = app.directory().domain.clone();
        let mut text = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        text.write_record(["login", "name", "link"])?;
        for i in invitations {
            text.write_record([&i.login, &i.name, &format!("https://{domain}/invite/{}", i.token)])?;
        }
        let bytes = text.into_inner().map_err(|e| Failure(e.to_string()))?;
        open.write_all(&bytes).and_then(|()| open.sync_all()).map_err(with_file(file))
    }
}

/// The rows of a file by the names of their columns, and the columns that are not known.
fn rows(what: Roster, file: &Path) -> Result<(Vec<TableRow>, Vec<String>), Failure> {
    let table = match file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx" | "xls" | "ods") => sheet(file)?,
        _ => {
            let text = decoded(&std::fs::read(file).map_err(with_file(file))?);
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            reader
                .records()
                .map(|r| r.map(|r| r.iter().map(str::to_owned).collect()).map_err(with_file(file)))
                .collect::<Result<Vec<Vec<String>>, _>>()?
        }
    };
    let mut lines = (1..).zip(table);
    let (_, head) = lines.next().ok_or_else(|| Failure(format!("{}: is empty", file.display())))?;
    let (columns, needed) = what.columns();
    let mut found: Vec<Option<&'static str>> = Vec::new();
    let mut unknown = Vec::new();
    for name in &head {
        let name = name.trim().trim_start_matches('\u{feff}');
        let fits = columns.iter().find(|(n, also)| n.eq_ignore_ascii_case(name) || also.contains(&name));
        if fits.is_none() && !name.is_empty() {
            unknown.push(name.to_owned());
        }
        found.push(fits.map(|f| f.0));
    }
    if let Some((missing, also)) = columns.iter().take(needed).find(|(n, _)| !found.contains(&Some(*n))) {
        let names = [&[*missing], *also].concat().join(", ");
        return Err(Failure(format!(
            "{}: no column for the {missing}; name it one of {names}",
            file.display()
        )));
    }
    let rows = lines
        .filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty()))
        .map(|(number, cells)| TableRow {
            number,
            fields: found.iter().zip(cells).filter_map(|(f, c)| Some(((*f)?, c))).collect::<HashMap<_, _>>(),
        })
        .collect();
    Ok((rows, unknown))
}

/// The first sheet of a workbook as texts.
fn sheet(file: &Path) -> Result<Vec<Vec<String>>, Failure> {
    let mut book = open_workbook_auto(file).map_err(with_file(file))?;
    let range = book
        .worksheet_range_at(0)
        .ok_or_else(|| Failure(format!("{}: has no sheet", file.display())))?
        .map_err(with_file(file))?;
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        // A code that the spreadsheet took for a number.
        Data::Float(v) if v.fract() == 0.0 => format!("{v:.0}"),
        other => other.to_string(),
    };
    Ok(range.rows().map(|r| r.iter().map(text).collect()).collect())
}
