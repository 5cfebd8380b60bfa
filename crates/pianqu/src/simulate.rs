//! `pianqu simulate`: how good warnings are, beside simpler methods.

use crate::failure::{Failure, with_file};
use crate::progress::Progress;
use ::simulate::{Background, OnStream, Plan, Report, groups, measure, on_stream, read_letters};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Power, days to detection and false alarms a month of the warnings, beside a threshold on counts, EARS C2 and ST-DBSCAN
    Warnings(Args),
}

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  pianqu simulate warnings\n  pianqu simulate warnings --quick --json\n  pianqu simulate warnings --stream messages.csv --groups groups.json\n\nMessages: a CSV with the columns id, user, title, time, body. Groups: {\"groups\": [{\"group\": \"G1\", \"members\": [ids]}]}.\nJSON: seed, nominal, seconds, looks_a_day; false_alarms [{background, method, threshold, months, alarms, a_month,\ninterval {low, high}, nominal, by_kind [clusters, rising by subject, rising by words, others]}];\npower [{background, shape, size, days, method, runs, power, days_to_warning, reports_in}];\nstream [{needs, messages, alarms, groups, ruled, found, no_later, each}] where there are groups.\nThe same seed gives the same on any number of threads."
)]
pub(crate) struct Args {
    /// What everything follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On how many threads
    #[arg(long)]
    threads: Option<usize>,
    /// Some seconds instead of minutes: shows that it runs, measures little
    #[arg(long)]
    quick: bool,
    /// The false alarms a month that the district bears
    #[arg(long, default_value_t = 1.0)]
    alarms: f64,
    /// So many months are watched for false alarms in each background
    #[arg(long)]
    months: Option<usize>,
    /// So many times each outbreak is planted
    #[arg(long)]
    runs: Option<usize>,
    /// Looks every hour for false alarms too, as a running district does; takes ten times as long
    #[arg(long)]
    hourly: bool,
    /// Without the simpler methods
    #[arg(long)]
    ours_only: bool,
    /// Real messages to plant outbreaks in as well
    #[arg(long)]
    stream: Option<PathBuf>,
    /// Hand-made groups of these messages: which of them rise by words, and when
    #[arg(long, requires = "stream")]
    groups: Option<PathBuf>,
    /// Only what rises by words in the stream, nothing planted
    #[arg(long, requires = "groups")]
    words_only: bool,
    /// For machines: JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: &Command) -> Result<ExitCode, Failure> {
    let Command::Warnings(args) = command;
    let began = Instant::now();
    if !(0.1..=30.0).contains(&args.alarms) {
        return Err(Failure(format!("--alarms is {}; it must be from 0.1 to 30", args.alarms)));
    }
    let mut plan = if args.quick { Plan::quick(args.seed) } else { Plan::full(args.seed) };
    plan.nominal = args.alarms;
    plan.threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
        .clamp(1, 256);
    // A stretch is two months.
    plan.stretches = args.months.map_or(plan.stretches, |m| m.div_ceil(2).clamp(1, 10_000));
    plan.runs = args.runs.map_or(plan.runs, |n| n.clamp(1, 10_000));
    plan.looks_a_day = if args.hourly { 24 } else { 1 };
    plan.simpler = !args.ours_only;
    let mut by_words = Vec::new();
    if let Some(file) = &args.stream {
        let text = std::fs::read_to_string(file).map_err(with_file(file))?;
        plan.letters = read_letters(&text).map_err(with_file(file))?;
        plan.backgrounds.push(Background::Stream);
        if let Some(file) = &args.groups {
            let text = std::fs::read_to_string(file).map_err(with_file(file))?;
            let groups = groups(&text).map_err(with_file(file))?;
            by_words.push(on_stream(&plan.letters, &groups, None));
            by_words.push(on_stream(&plan.letters, &groups, Some(args.alarms)));
        }
    }
    let mut report = Report::default();
    if !args.words_only {
        let steps = plan.steps();
        let progress = Mutex::new((Progress::new("simulated", steps as u64, args.json), 0));
        report = measure(&plan, &|n| {
            let mut progress = progress.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            progress.1 += n as u64;
            let done = progress.1;
            progress.0.at(done);
        })?;
        progress.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).0.done();
    }
    let seconds = began.elapsed().as_secs_f64();
    if args.json {
        let out = serde_json::json!({
            "seed": plan.seed, "nominal": plan.nominal, "looks_a_day": plan.looks_a_day, "seconds": seconds,
            "false_alarms": report.false_alarms, "power": report.power, "stream": by_words,
        });
        println!("{out}");
    } else {
        print!("{}", table(&plan, &report, &by_words, seconds));
    }
    Ok(ExitCode::SUCCESS)
}

fn name(method: &str) -> &str {
    match method {
        "pianqu" => "ours",
        "threshold" => "threshold on counts",
        "ears_c2" => "EARS C2",
        _ => "ST-DBSCAN",
    }
}

fn table(plan: &Plan, report: &Report, by_words: &[OnStream], seconds: f64) -> String {
    let mut out = format!(
        "Seed {}, {} false alarms a month are borne, {} look(s) a day, {seconds:.0} s\n",
        plan.seed, plan.nominal, plan.looks_a_day
    );
    for background in plan.backgrounds.iter().filter(|_| !report.false_alarms.is_empty()) {
        out += &format!("\nIn the background `{}`, where nothing is budding\n", background.key());
        out += "method               threshold  months  alarms  a month  95 % interval   by kind\n";
        for a in report.false_alarms.iter().filter(|a| a.background == *background) {
            out += &format!(
                "{:20} {:9}  {:6.1}  {:6}  {:7.2}  {:5.2} to {:5.2}  {:?}\n",
                name(a.method),
                a.threshold,
                a.months,
                a.alarms,
                a.a_month,
                a.interval.low,
                a.interval.high,
                a.by_kind
            );
        }
        out += "\noutbreak planted             power, median days to the warning, reports in by then\n";
        let of: Vec<_> = report.power.iter().filter(|f| f.background == *background).collect();
        for row in of.chunk_by(|a, b| a.outbreak == b.outbreak) {
            let o = row[0].outbreak;
            out += &format!("{:3} reports, {:12} {:2} days ", o.size, o.shape.key(), o.days);
            for f in row {
                let told = match (f.days_to_warning, f.reports_in) {
                    (Some(d), Some(n)) => format!("{:3.0} % {d:4.1} d {n:4.1}", f.power * 100.0),
                    _ => "  0 %             ".to_owned(),
                };
                out += &format!("| {:9} {told} ", f.method);
            }
            out += "\n";
        }
    }
    for s in by_words {
        out += &format!(
            "\nRising by words, {}: {} warnings in {} messages; of {} groups the rule of three people within 14 days raises {}\nwith perfect grouping; ours finds {} of these, {} no later\n",
            s.needs, s.alarms, s.messages, s.groups, s.ruled, s.found, s.no_later
        );
        for e in &s.each {
            out +=
                &format!("  {}: rule {}, ours {}\n", e.group, e.rule, e.ours.as_deref().unwrap_or("never"));
        }
    }
    out
}
