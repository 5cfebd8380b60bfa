//! `pianqu keys`: which root keys there are, and how far a change of the master key has come.
//!
//! To change the master key: `keys add`, then `kill -HUP` to the service (or start it anew). It goes on with both, and
//! wraps the keys of people anew in the background; when `keys list` says that all are done, `keys drop` the old one.

use crate::failure::Failure;
use crate::{key_source, open};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vault::{KeyId, KeyUse};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Example:\n  pianqu keys add --data /srv/pianqu\n  kill -HUP $(pidof pianqu)\n  pianqu keys list --data /srv/pianqu\n  pianqu keys drop 1 --data /srv/pianqu"
)]
pub(crate) enum Command {
    /// The root keys by use, version and fingerprint, and how far a change has come
    List(Data),
    /// Adds a newer master key
    Add {
        #[command(flatten)]
        data: Data,
        /// Where the ring with the newer key goes, if it does not come from a file of our own
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Drops an old master key, once nothing stands under it
    Drop {
        /// Its version
        version: u32,
        #[command(flatten)]
        data: Data,
        /// Where the ring without it goes, if it does not come from a file of our own
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Which district.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// The data folder
    #[arg(long)]
    data: String,
    /// The address of a PostgreSQL server (postgres://…) instead of the embedded store
    #[arg(long)]
    store: Option<String>,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::List(data) => list(data),
        Command::Add { data, out } => {
            let configured = key_source::read(Path::new(&data.data))?;
            let mut ring = configured.source.load()?;
            let version = ring.add(KeyUse::Master, open::seed())?;
            save(&ring, configured.file, out.as_deref())?;
            println!(
                "Master key {version} is in. Send SIGHUP to the service, or start it anew; then: pianqu keys list"
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Drop { version, data, out } => {
            let configured = key_source::read(Path::new(&data.data))?;
            let mut ring = configured.source.load()?;
            let left = left(data)?;
            if left > 0 {
                return Err(Failure(format!(
                    "{left} keys of people are not under the newest master key yet: the service wraps them anew while it runs; try again later"
                )));
            }
            ring.drop_old(KeyUse::Master, KeyId(*version))?;
            save(&ring, configured.file, out.as_deref())?;
            println!("Master key {version} is gone. Backups from before still need it.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// How many wrapped keys are not under the newest master key, as the store says now.
fn left(data: &Data) -> Result<u64, Failure> {
    let keys = open::keys(Path::new(&data.data), false)?;
    let app = open::app(open::existing_store(data.store.as_deref().unwrap_or(&data.data))?, keys)?;
    Ok(app.keys_to_rewrap()?)
}

fn list(data: &Data) -> Result<ExitCode, Failure> {
    let configured = key_source::read(Path::new(&data.data))?;
    let ring = configured.source.load()?;
    println!("From {}, suite {:?}", configured.source, configured.suite);
    for (kind, id, fingerprint) in ring.list() {
        let newest = if ring.newest(kind) == id { "  in use" } else { "" };
        println!("  {kind:<8} {id:<4} {fingerprint}{newest}");
    }
    match left(data)? {
        0 => println!("Every key of a person is under master key {}.", ring.newest(KeyUse::Master)),
        n => println!(
            "{n} keys of people wait to be wrapped under master key {}.",
            ring.newest(KeyUse::Master)
        ),
    }
    Ok(ExitCode::SUCCESS)
}

fn save(ring: &vault::KeyRing, file: Option<PathBuf>, out: Option<&Path>) -> Result<(), Failure> {
    match (out, file) {
        (Some(out), _) => ring.save_new(out)?,
        (None, Some(file)) => ring.save(&file)?,
        (None, None) => {
            return Err(Failure(
                "the keys come from a variable or a command: say --out FILE, and put what stands in it there"
                    .into(),
            ));
        }
    }
    Ok(())
}
