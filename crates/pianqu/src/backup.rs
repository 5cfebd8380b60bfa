//! `pianqu backup` and `pianqu restore`: the embedded store as one file, and back.

use crate::failure::Failure;
use crate::open;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Place;

#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  pianqu backup --data demo-data monday.db\n\nThe key file (keys.txt) is not part of it: keep that elsewhere."
)]
pub(crate) struct BackupArgs {
    /// The data folder
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// The file to write; must not exist
    file: PathBuf,
}

#[derive(clap::Args)]
#[command(after_help = "Example:\n  pianqu restore --data new-folder monday.db")]
pub(crate) struct RestoreArgs {
    /// The folder to restore into; must hold no store
    #[arg(long)]
    data: String,
    /// The backup
    file: PathBuf,
}

pub(crate) fn backup(args: &BackupArgs) -> Result<ExitCode, Failure> {
    let store = open::existing_store(&args.data)?;
    store::backup::backup(&store, &args.file)?;
    println!("{} is written.", args.file.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(args: &RestoreArgs) -> Result<ExitCode, Failure> {
    let Place::File(into) = Place::parse(&args.data) else {
        return Err(Failure("a backup is restored into a folder, not into a database server".into()));
    };
    store::backup::restore(&args.file, &into)?;
    println!("{} is restored; put the key file (keys.txt) beside it.", into.display());
    Ok(ExitCode::SUCCESS)
}
