//! The program: one file a sub-command.

#![expect(clippy::print_stdout, reason = "a command's answer goes to the standard output")]

mod background;
mod backup;
mod channels;
mod check;
mod conf;
mod demo_command;
mod demo_problems;
mod draw;
mod export;
mod failure;
mod import;
mod init;
mod key_source;
mod keys;
mod memory;
mod open;
mod outlines;
mod print;
mod printing;
mod progress;
mod roster;
mod scan;
mod serve;
mod simulate;
mod subjects;
mod texting;
mod triage;
mod verify;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;
use tracing_subscriber::filter::LevelFilter;

/// Neighbourhood governance for a city district: from the code on the door to the rating.
#[derive(Parser)]
#[command(name = "pianqu", version, arg_required_else_help = true)]
struct Cli {
    /// How much is logged: error, warn, info, debug
    #[arg(long, global = true, default_value = "warn")]
    log: LevelFilter,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A whole district to play with: real roster, invented people
    Demo(demo_command::Args),
    /// A new, empty district: keys, store, settings, the first account
    Init(init::Args),
    /// The service
    Serve(serve::Args),
    /// Schema, keys, settings, rosters: what is wrong and how to mend it
    Check(check::Args),
    /// Brings data in from a file
    #[command(subcommand)]
    Import(import::Kind),
    /// Notices for the boards, as PDF
    #[command(subcommand)]
    Print(print::What),
    /// Precincts within bounds, as alike inside as can be; or the proof that there are none
    Draw(Box<draw::Args>),
    /// Where and when there are more cases than chance explains
    Scan(Box<scan::Args>),
    /// How good warnings are: power, days and false alarms, beside simpler methods
    #[command(subcommand)]
    Simulate(simulate::Command),
    /// Subjects of messages, and identifiers in them
    #[command(subcommand)]
    Triage(triage::Command),
    /// What is there, as a spreadsheet
    Export(export::Args),
    /// Walks every chain and seal; says what was tampered with
    Verify(verify::Args),
    /// The root keys: which there are, a newer one, an older one dropped
    #[command(subcommand)]
    Keys(keys::Command),
    /// Copies the embedded store into a file while it is in use
    Backup(backup::BackupArgs),
    /// Puts a backup into an empty folder
    Restore(backup::RestoreArgs),
}

fn main() -> ExitCode {
    memory::share_heaps();
    let cli = Cli::parse();
    // A log that cannot be written (its disk is full, nobody reads it any more) must not end a request.
    tracing_subscriber::fmt()
        .log_internal_errors(false)
        .with_max_level(cli.log)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let done = match cli.command {
        Command::Demo(args) => demo_command::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Import(kind) => import::run(&kind),
        Command::Triage(command) => triage::run(&command),
        Command::Export(args) => export::run(&args),
        Command::Print(what) => print::run(&what),
        Command::Draw(args) => draw::run(&args),
        Command::Scan(args) => scan::run(&args),
        Command::Simulate(command) => simulate::run(&command),
        Command::Verify(args) => verify::run(&args),
        Command::Keys(command) => keys::run(&command),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
    };
    match done {
        Ok(code) => code,
        Err(Failure(sentence)) => {
            eprintln!("pianqu: {sentence}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
