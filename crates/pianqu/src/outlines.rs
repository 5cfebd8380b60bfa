//! `pianqu import outlines FILE.geojson`: what a survey says of the neighbourhoods.

use crate::failure::{Failure, with_file};
use crate::import::decoded;
use crate::open;
use districting::polygons::Reading;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// So many of a kind are named; the rest is counted.
const NAMED: usize = 10;

#[derive(clap::Args)]
#[command(
    after_help = "A feature names its neighbourhood by the code or the Chinese name of the roster. Borders, areas and who lies beside\nwhom come from the outlines from then on, for drawing precincts too; gaps and overlaps are listed here and in the console.\nThe outlines that were there before are replaced as a whole. A service that runs shows them at once.\n\nExample:\n  pianqu import outlines 居民区.geojson --data /srv/pianqu --id-property 代码 --dry-run"
)]
pub(crate) struct Args {
    /// The file: a FeatureCollection of polygons, in longitude and latitude or in metres
    file: PathBuf,
    /// The data folder
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// The property that names the neighbourhood; by default code, id, name, 代码 or 名称
    #[arg(long)]
    id_property: Option<String>,
    /// Metres between two outlines that still count as one border
    #[arg(long)]
    tolerance: Option<f64>,
    /// Coordinates are metres of a plane, though they could be longitude and latitude
    #[arg(long)]
    plane: bool,
    /// Bring in the outlines that fit a neighbourhood; without it nothing is brought in unless all do
    #[arg(long)]
    sound_rows: bool,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(open::existing_store(args.store.as_deref().unwrap_or(&args.data))?, keys)?;
    let text = decoded(&std::fs::read(&args.file).map_err(with_file(&args.file))?);
    let reading = Reading {
        id: args.id_property.clone(),
        tolerance: args.tolerance,
        plane: args.plane.then_some(true),
        ..Reading::default()
    };
    let told = app.import_outlines(&text, &reading, args.sound_rows, args.dry_run);
    let report = told.map_err(|e| Failure(format!("{}: {e}", args.file.display())))?;
    let stopped = !report.faults.is_empty() && !args.sound_rows;
    if args.json {
        println!(
            "{}",
            serde_json::json!({
                "outlines": report.outlines, "borders": report.borders, "faults": report.faults,
                "missing": report.missing, "found": report.found, "dry_run": args.dry_run,
            })
        );
    } else {
        let some = |what: &str, list: &[String]| {
            if !list.is_empty() {
                println!("{what}: {}", list.len());
                list.iter().take(NAMED).for_each(|one| println!("  {one}"));
            }
        };
        some("Features that fit no neighbourhood", &report.faults);
        some("Neighbourhoods without an outline", &report.missing);
        some("To be mended in the file", &report.found);
        let done = if args.dry_run || stopped { "would be brought in" } else { "brought in" };
        println!("{} outlines with {} borders {done}.", report.outlines, report.borders);
    }
    if report.outlines == 0 {
        return Err(Failure(format!(
            "{}: no feature names a neighbourhood of this district by its code or Chinese name; say --id-property",
            args.file.display()
        )));
    }
    if stopped {
        return Err(Failure(format!(
            "{} features fit no neighbourhood, so nothing was brought in; mend them, or say --sound-rows",
            report.faults.len()
        )));
    }
    Ok(ExitCode::SUCCESS)
}
