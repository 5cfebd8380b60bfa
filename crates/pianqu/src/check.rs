//! `pianqu check`: schema, keys, settings, rosters: what is wrong and how to mend it.

use crate::channels;
use crate::failure::Failure;
use crate::open;
use app::Complaint;
use std::path::Path;
use std::process::ExitCode;

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  pianqu check --data demo-data\n\nExit code 0: nothing is wrong. 1: something is."
)]
pub(crate) struct Args {
    /// The data folder, where the keys lie
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The address of a PostgreSQL server instead of the embedded store
    #[arg(long)]
    store: Option<String>,
    /// For machines: one line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let store = open::existing_store(args.store.as_deref().unwrap_or(&args.data))?;
    let keys = open::keys(Path::new(&args.data), false)?;
    let app = open::app(store, keys)?;
    let mut complaints = app.complaints()?;
    if let Some(what) = channels::exposed(Path::new(&args.data)) {
        complaints.push(Complaint { what, mend: "chmod 600".into() });
    }
    if let Err(Failure(what)) = channels::read(Path::new(&args.data), "") {
        complaints.push(Complaint { what, mend: "docs/notices.md says what stands in it".into() });
    }
    if args.json {
        let all: Vec<_> =
            complaints.iter().map(|c| serde_json::json!({ "what": c.what, "mend": c.mend })).collect();
        println!("{}", serde_json::json!({ "well": all.is_empty(), "complaints": all }));
    } else if complaints.is_empty() {
        println!("Nothing is wrong: schema, keys, settings, places, units and accounts fit together.");
    } else {
        for c in &complaints {
            println!("{}\n  → {}", c.what, c.mend);
        }
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
