//! `pianqu export places|doorways|dwellings|units|duties|staff|cases FILE`: what is there, as a spreadsheet that can
//! be brought in again elsewhere; and `pianqu export handoff --to FILE`: verified registrations, handed off.

use crate::failure::{Failure, with_file};
use crate::open;
use app::{App, Filter};
use domain::access::Scope;
use domain::cases::local_date;
use rust_xlsxwriter::{Format, Workbook};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::cases::list::Order;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// code, level, zh, en, parent, residents, q, r
    Places,
    /// board, place, address, floors, flats
    Doorways,
    /// board, number: those that somebody listed
    Dwellings,
    /// kind, zh, en, place, phone
    Units,
    /// unit, subject, rank, zh, en
    Duties,
    /// login, name, role, place, unit: a row for every post
    Staff,
    /// number, when, where, subject, state, unit, text (masked)
    Cases,
    /// hands the verified registrations off: the table for the authority, and a receipt here
    Handoff,
}

#[derive(clap::Args)]
#[command(
    after_help = "xlsx, or CSV in UTF-8 with the mark that spreadsheets look for.\n\nExample:\n  pianqu export doorways doors.xlsx --data demo-data\n  pianqu export handoff --to batch.xlsx --data demo-data"
)]
pub(crate) struct Args {
    /// What
    kind: Kind,
    /// The file to write: .xlsx or .csv, for a hand-off also .json; must not exist
    #[arg(required_unless_present = "to")]
    file: Option<PathBuf>,
    /// The same, for a hand-off
    #[arg(long, conflicts_with = "file")]
    to: Option<PathBuf>,
    /// Which registration is handed off: residency or tenancy
    #[arg(long, default_value = "residency")]
    registration: String,
    /// To whom it is handed off
    #[arg(long, default_value = "属地公安派出所")]
    authority: String,
    /// Under which law
    #[arg(long, default_value = "实有人口服务和管理若干规定第四条")]
    basis: String,
    /// The data folder
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
}

type Table = (&'static [&'static str], Vec<Vec<String>>);

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let file = args.to.as_ref().or(args.file.as_ref());
    let file = file.ok_or_else(|| Failure("name the file to write".into()))?;
    if file.exists() {
        return Err(Failure(format!("{} exists; choose another name", file.display())));
    }
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let known = match ending {
        "xlsx" | "csv" => true,
        "json" => matches!(args.kind, Kind::Handoff),
        _ => false,
    };
    if !known {
        return Err(Failure(format!("{}: the name must end in .xlsx or .csv", file.display())));
    }
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(args.store.as_deref().unwrap_or(&args.data))?, keys)?;
    if matches!(args.kind, Kind::Handoff) {
        return hand_off(&app, args, file, ending);
    }
    let (head, rows) = match args.kind {
        Kind::Places => places(&app),
        Kind::Doorways => doorways(&app)?,
        Kind::Dwellings => dwellings(&app)?,
        Kind::Units => units(&app),
        Kind::Duties => duties(&app),
        Kind::Staff => staff(&app)?,
        Kind::Cases => cases(&app)?,
        Kind::Handoff => return Ok(ExitCode::FAILURE),
    };
    let bytes = if ending == "xlsx" { workbook(head, &rows)? } else { text(head, &rows)? };
    write(file, &bytes)?;
    println!("{} rows are in {}.", rows.len(), file.display());
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the target and renames, so that nothing is left half-written.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let part = file.with_extension("part");
    std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, file)).map_err(with_file(file))
}

/// The file is there before the batch is kept: whoever cannot write it has handed nothing off.
fn hand_off(app: &App, args: &Args, file: &Path, ending: &str) -> Result<ExitCode, Failure> {
    use domain::registrations::Kind as Registration;
    let kind = Registration::from_key(&args.registration).ok_or_else(|| {
        Failure(format!("{:?} is no registration: residency or tenancy", args.registration))
    })?;
    write(file, b"")?;
    let batch = app.hand_off_now(kind, &args.authority, &args.basis).inspect_err(|_| {
        // Nothing was handed off; the empty file must not look as if.
        drop(std::fs::remove_file(file));
    })?;
    let head: Vec<&str> = batch.table.head.iter().map(String::as_str).collect();
    let bytes = match ending {
        "xlsx" => workbook(&head, &batch.table.rows)?,
        "json" => batch.table.json().into_bytes(),
        _ => format!("\u{feff}{}", batch.table.csv()).into_bytes(),
    };
    write(file, &bytes)?;
    let r = &batch.receipt;
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    println!(
        "{} registrations are in {}, for {} ({}).\nReceipt {}: SHA-256 of the batch as CSV {}, signature {}.",
        r.records,
        file.display(),
        r.authority,
        r.basis,
        r.no,
        hex(&r.digest),
        hex(&r.signature)
    );
    Ok(ExitCode::SUCCESS)
}

fn workbook(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Failure> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(head) {
        sheet.write_with_format(0, column, *name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            // As text: a code keeps its zeros, and a report that begins with "=" stays a report.
            sheet.write_string(line, column, cell)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

fn text(head: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|e| Failure(e.to_string()))
}

fn places(app: &App) -> Table {
    let d = app.directory();
    let hex = |at: Option<i32>| at.map(|v| v.to_string()).unwrap_or_default();
    let rows = d.places().map(|p| {
        let parent = p.parent.and_then(|up| d.place(up)).map(|up| up.code.clone()).unwrap_or_default();
        vec![
            p.code.clone(),
            p.depth.to_string(),
            p.zh.clone(),
            p.en.clone(),
            parent,
            p.residents.to_string(),
            hex(p.hex.map(|h| h.0)),
            hex(p.hex.map(|h| h.1)),
        ]
    });
    (&["code", "level", "zh", "en", "parent", "residents", "q", "r"], rows.collect())
}

fn code_of(app: &App, place: domain::PlaceId) -> String {
    app.directory().place(place).map(|p| p.code.clone()).unwrap_or_default()
}

fn doorways(app: &App) -> Result<Table, Failure> {
    let rows = app.all_doorways()?.into_iter().map(|d| {
        vec![
            d.board.clone(),
            code_of(app, d.place),
            d.address.clone(),
            d.floors.to_string(),
            d.flats.to_string(),
        ]
    });
    Ok((&["board", "place", "address", "floors", "flats"], rows.collect()))
}

fn dwellings(app: &App) -> Result<Table, Failure> {
    let boards: HashMap<_, _> = app.all_doorways()?.into_iter().map(|d| (d.id, d.board)).collect();
    let rows = app
        .all_dwellings()?
        .into_iter()
        .filter_map(|(door, _, number)| Some(vec![boards.get(&door)?.clone(), number]))
        .collect();
    Ok((&["board", "number"], rows))
}

fn staff(app: &App) -> Result<Table, Failure> {
    let mut rows = Vec::new();
    for (login, name, grants) in app.all_accounts()? {
        if grants.is_empty() {
            rows.push(vec![login.clone(), name.clone(), String::new(), String::new(), String::new()]);
        }
        for g in grants {
            let place = g.place.map(|p| code_of(app, p)).unwrap_or_default();
            let unit = g.unit.and_then(|u| app.directory().unit(u).map(|u| u.zh.clone())).unwrap_or_default();
            rows.push(vec![login.clone(), name.clone(), g.role.key().to_owned(), place, unit]);
        }
    }
    Ok((&["login", "name", "role", "place", "unit"], rows))
}

fn units(app: &App) -> Table {
    let d = app.directory();
    let rows = d.units().into_iter().map(|u| {
        let place = u.place.map(|p| code_of(app, p)).unwrap_or_default();
        vec![u.kind.key().to_owned(), u.zh.clone(), u.en.clone(), place, u.phone.clone()]
    });
    (&["kind", "zh", "en", "place", "phone"], rows.collect())
}

fn duties(app: &App) -> Table {
    let d = app.directory();
    let rows = domain::subjects::ALL.iter().flat_map(|s| d.duties(s.code)).map(|x| {
        let unit = d.unit(x.unit).map(|u| u.zh.clone()).unwrap_or_default();
        vec![unit, x.subject.clone(), x.rank.to_string(), x.zh.clone(), x.en.clone()]
    });
    (&["unit", "subject", "rank", "zh", "en"], rows.collect())
}

fn cases(app: &App) -> Result<Table, Failure> {
    let d = app.directory();
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let everything = Scope { all: true, ..Scope::default() };
        let filter = Filter { order: Order::Newest { after }, limit: 5_000, ..Filter::of(everything) };
        let page = app.store().read(move |tx| tx.list_cases(&filter, &|_| 0)).wait()?;
        let Some(last) = page.last() else { break };
        after = Some(last.no);
        for c in page {
            let place = c.path.lowest().and_then(|p| d.place(p)).map(|p| p.zh.clone()).unwrap_or_default();
            let unit = c.unit.and_then(|u| d.unit(u)).map(|u| u.zh.clone()).unwrap_or_default();
            rows.push(vec![
                c.no.spoken(),
                local_date(c.reported_at).to_string(),
                place,
                domain::subjects::by_code(&c.subject).map(|s| s.zh).unwrap_or_default().to_owned(),
                c.state.zh().to_owned(),
                unit,
                c.text,
            ]);
        }
    }
    Ok((&["编号", "日期", "居民区", "事项", "状态", "单位", "内容"], rows))
}
