//! `pianqu verify`: walks every chain and seal, rebuilds every case, and names what was tampered with.

use crate::failure::Failure;
use crate::open;
use crate::progress::Progress;
use std::process::ExitCode;

/// Example: pianqu verify --data demo-data
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  pianqu verify --data demo-data\n\nExit code 0: all is whole. 1: something was changed."
)]
pub(crate) struct Args {
    /// The data folder, or the address of a PostgreSQL server
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let store = open::existing_store(&args.data)?;
    let mut progress = Progress::new("events", 0, args.json);
    let found = store::verify::verify(&store, |events| progress.at(events))?;
    progress.done();
    if args.json {
        let line = serde_json::json!({
            "whole": found.faults.is_empty(), "events": found.events, "subjects": found.subjects,
            "cases": found.cases, "seals": found.seals, "faults": found.faults,
        });
        println!("{line}");
    } else {
        for fault in &found.faults {
            println!("{fault}");
        }
        println!(
            "{}: {} events of {} subjects, {} cases rebuilt, {} daily seals.",
            if found.faults.is_empty() {
                "Every chain is whole".to_owned()
            } else {
                format!("{} faults", found.faults.len())
            },
            found.events,
            found.subjects,
            found.cases,
            found.seals
        );
    }
    Ok(if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
