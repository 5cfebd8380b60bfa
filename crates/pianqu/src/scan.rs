//! `pianqu scan`: where and when there are more cases than chance explains.

use crate::failure::{Failure, with_file};
use scanstat::{Coordinates, Model, Options, Parameters, Places, Populations, Rates, Records, Report, scan};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  pianqu scan --cases nm.cas --population nm.pop --geo nm.geo --model poisson\n  pianqu scan --cases reports.cas --geo doors.geo --model permutation --prospective --max-days 14 --json\n  pianqu scan --prm analysis.prm\n\nFiles are those of the reference program: `id count time`, `id x y`, `id time people covariates`."
)]
pub(crate) struct Args {
    /// Cases: id, count, time, covariates
    #[arg(long, required_unless_present = "prm")]
    cases: Option<PathBuf>,
    /// Coordinates: id, x, y (or latitude, longitude)
    #[arg(long, required_unless_present = "prm")]
    geo: Option<PathBuf>,
    /// Population, for Poisson: id, time, people, covariates
    #[arg(long)]
    population: Option<PathBuf>,
    /// Controls, for Bernoulli: id, count, time
    #[arg(long)]
    controls: Option<PathBuf>,
    /// poisson, permutation or bernoulli
    #[arg(long, value_parser = ["poisson", "permutation", "bernoulli"], default_value = "permutation")]
    model: String,
    /// Everything from a parameter file of the reference program; other files are found beside it
    #[arg(long, conflicts_with_all = ["cases", "geo", "population", "controls"])]
    prm: Option<PathBuf>,
    /// Only clusters that last until the end of the study
    #[arg(long)]
    prospective: bool,
    /// Places alone, without time
    #[arg(long)]
    spatial: bool,
    /// high, low or both
    #[arg(long, value_parser = ["high", "low", "both"], default_value = "high")]
    rates: String,
    /// The largest radius, in units of the plane or kilometres
    #[arg(long)]
    max_distance: Option<f64>,
    /// The longest window in intervals
    #[arg(long)]
    max_days: Option<usize>,
    /// How many data sets are drawn under the null hypothesis
    #[arg(long)]
    replicates: Option<u32>,
    /// What they are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On how many threads; the answer does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// For machines: JSON
    #[arg(long)]
    json: bool,
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(with_file(file))
}

/// Reads a file; an error names it.
fn parsed<T>(file: &Path, parse: impl Fn(&str) -> Result<T, scanstat::ScanError>) -> Result<T, Failure> {
    parse(&read(file)?).map_err(with_file(file))
}

struct Analysis {
    places: Places,
    cases: Records,
    model: Model,
    options: Options,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut analysis = match &args.prm {
        Some(file) => from_parameters(file)?,
        None => from_arguments(args)?,
    };
    let o = &mut analysis.options;
    o.seed = args.seed;
    o.replicates = args.replicates.unwrap_or(o.replicates);
    o.threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let began = Instant::now();
    let report = scan(&analysis.places, &analysis.cases, &analysis.model, &analysis.options)?;
    let seconds = began.elapsed().as_secs_f64();
    if args.json {
        println!("{}", json(&report, seconds));
    } else {
        print!("{}", table(&report, seconds));
    }
    Ok(ExitCode::SUCCESS)
}

fn from_arguments(args: &Args) -> Result<Analysis, Failure> {
    let (Some(cases), Some(geo)) = (&args.cases, &args.geo) else {
        return Err(Failure("--cases and --geo are needed, or --prm".into()));
    };
    let model = match (args.model.as_str(), &args.population, &args.controls) {
        ("poisson", Some(file), _) => Model::Poisson(parsed(file, Populations::parse)?),
        ("bernoulli", _, Some(file)) => Model::Bernoulli(parsed(file, Records::parse_controls)?),
        ("permutation", ..) => Model::Permutation,
        ("poisson", ..) => return Err(Failure("--model poisson needs --population".into())),
        _ => return Err(Failure("--model bernoulli needs --controls".into())),
    };
    let options = Options {
        prospective: args.prospective,
        purely_spatial: args.spatial,
        rates: match args.rates.as_str() {
            "low" => Rates::Low,
            "both" => Rates::Both,
            _ => Rates::High,
        },
        max_distance: args.max_distance,
        max_intervals: args.max_days,
        ..Options::default()
    };
    Ok(Analysis {
        places: parsed(geo, Places::parse_geo)?,
        cases: parsed(cases, Records::parse_cases)?,
        model,
        options,
    })
}

fn from_parameters(file: &Path) -> Result<Analysis, Failure> {
    let p = parsed(file, Parameters::parse)?;
    let beside = |name: &str| {
        let there = PathBuf::from(name);
        if there.exists() { there } else { file.with_file_name(there.file_name().unwrap_or_default()) }
    };
    let model = match (p.model, &p.population, &p.controls) {
        ("poisson", Some(name), _) => Model::Poisson(parsed(&beside(name), Populations::parse)?),
        ("poisson", None, _) => {
            return Err(Failure(format!("{}: PopulationFile is missing", file.display())));
        }
        ("bernoulli", _, Some(name)) => Model::Bernoulli(parsed(&beside(name), Records::parse_controls)?),
        ("bernoulli", _, None) => return Err(Failure(format!("{}: ControlFile is missing", file.display()))),
        _ => Model::Permutation,
    };
    let mut places = parsed(&beside(&p.geo), Places::parse_geo)?;
    places.kind = p.coordinates;
    if places.kind == Coordinates::LatLong && places.at.iter().any(|a| a[0].abs() > 90.0) {
        return Err(Failure(format!("{}: a latitude lies beyond 90 degrees", p.geo)));
    }
    Ok(Analysis {
        places,
        cases: parsed(&beside(&p.cases), Records::parse_cases)?,
        model,
        options: p.options,
    })
}

fn json(r: &Report, seconds: f64) -> serde_json::Value {
    let clusters: Vec<_> = r
        .clusters
        .iter()
        .map(|c| {
            serde_json::json!({
                "ids": c.ids, "center": c.center, "radius": c.radius, "start": c.start.to_string(),
                "end": c.end.to_string(), "observed": c.observed, "expected": c.expected,
                "relative_risk": c.relative_risk, "llr": c.llr, "p": c.p, "p_gumbel": c.p_gumbel,
                "recurrence_days": c.recurrence_days,
            })
        })
        .collect();
    serde_json::json!({
        "clusters": clusters, "cases": r.cases, "study": [r.study.0.to_string(), r.study.1.to_string()],
        "intervals": r.intervals, "replicates": r.replicates, "seed": r.seed, "seconds": seconds,
    })
}

fn table(r: &Report, seconds: f64) -> String {
    let mut out = format!(
        "{} cases, {} to {} ({} intervals), {} data sets drawn from seed {} in {seconds:.2} s\n",
        r.cases, r.study.0, r.study.1, r.intervals, r.replicates, r.seed
    );
    if r.clusters.is_empty() {
        out += "No window holds more cases than expected.\n";
    }
    for (n, c) in (1..).zip(&r.clusters) {
        let shown = if c.ids.len() > 12 {
            format!("{} … ({} places)", c.ids[..12].join(", "), c.ids.len())
        } else {
            c.ids.join(", ")
        };
        out += &format!(
            "\n{n}. {shown}\n   {} to {} · centre {} · radius {:.2}\n   {} observed, {:.2} expected, relative risk {:.2}\n   log likelihood ratio {:.6}, p {:.3} (Gumbel {:.2e}){}\n",
            c.start,
            c.end,
            c.center,
            c.radius,
            c.observed,
            c.expected,
            c.relative_risk,
            c.llr,
            c.p,
            c.p_gumbel,
            c.recurrence_days.map_or(String::new(), |d| format!(", by chance once in {d:.0} days"))
        );
    }
    out
}
