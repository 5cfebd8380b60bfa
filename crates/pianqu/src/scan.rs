//! `pianqu scan`: where and when there are more cases than chance explains.

mod files;

use crate::failure::{Failure, with_file};
use files::{beside, settings, text};
use scanstat::{
    Analysis, Coordinates, Inference, Interval, KnownRisks, Links, Model, Neighbours, Options, Parameters,
    Places, Populations, Rates, Records, Report, ScanError, Scope, Secondary, Times, Trend, Zones,
};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const EXAMPLES: &str = "Examples:
  pianqu scan --cases nm.cas --population nm.pop --geo nm.geo --model poisson
  pianqu scan --cases reports.cas --geo doors.geo --model permutation --prospective --max-days 14 --json
  pianqu scan --prm analysis.prm --out found
  pianqu scan --cases c.cas --controls c.ctl --geo c.geo --model bernoulli --spatial --ellipses medium
  pianqu scan --cases c.cas --geo c.geo --network walls.ntk --max-distance 400 --weekly
  pianqu scan --cases c.cas --geo c.geo --touching c.ntk --flexible 8
  pianqu scan --cases c.cas --population c.pop --geo c.geo --model poisson --adjustments fair.adj --trend log-linear
  pianqu scan --cases c.cas --population c.pop --geo c.geo --model poisson --spatial --secondary gini
  pianqu scan --cases c.cas --geo c.geo --prospective --early-stop 50 --replicates 9999

Files are those of the reference program: cases `id count time covariates`, places `id x y` (or latitude and longitude),
population `id time people covariates`, controls `id count time`, adjustments `id|All risk [first last]`, neighbours
`centre nearest next …`, network `id id [distance]`. --out NAME writes NAME.geojson, NAME.clusters.tsv and NAME.places.tsv.";

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Cases: id, count, time, covariates
    #[arg(long, required_unless_present = "prm")]
    cases: Option<PathBuf>,
    /// Coordinates: id, x, y (or latitude, longitude)
    #[arg(long, required_unless_present_any = ["prm", "neighbors", "temporal"])]
    geo: Option<PathBuf>,
    /// Coordinates are latitude and longitude; by default they are taken for that where a longitude is beyond 90 degrees
    #[arg(long)]
    latlong: bool,
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
    #[arg(long, conflicts_with_all = ["cases", "geo", "population", "controls", "model", "prospective", "spatial",
        "temporal", "latlong", "rates", "max_share", "max_distance", "max_days", "min_days", "interval", "interval_length", "numbers",
        "ellipses", "network", "neighbors", "touching", "flexible", "adjustments", "weekly", "trend", "secondary",
        "early_stop"])]
    prm: Option<PathBuf>,
    /// Only clusters that last until the end of the study
    #[arg(long)]
    prospective: bool,
    /// Places alone, without time
    #[arg(long, conflicts_with_all = ["prospective", "temporal"])]
    spatial: bool,
    /// Time alone, all places together
    #[arg(long)]
    temporal: bool,
    /// high, low or both
    #[arg(long, value_parser = ["high", "low", "both"], default_value = "high")]
    rates: String,
    /// The largest circle in per cent of the population at risk (of the cases, for permutation)
    #[arg(long, default_value_t = 50.0)]
    max_share: f64,
    /// The largest radius, in units of the plane or kilometres
    #[arg(long)]
    max_distance: Option<f64>,
    /// The longest window in days (months, years, where --interval says so)
    #[arg(long)]
    max_days: Option<usize>,
    /// The shortest window, likewise
    #[arg(long, default_value_t = 1)]
    min_days: usize,
    /// What time is counted in: day, month or year; by default as precise as the cases
    #[arg(long, value_parser = ["day", "month", "year"])]
    interval: Option<String>,
    /// Times are whole numbers of any unit, not dates
    #[arg(long, conflicts_with = "interval")]
    numbers: bool,
    /// How many of these make one interval: 7 days for weeks
    #[arg(long, default_value_t = 1)]
    interval_length: usize,
    /// Ellipses too, long ones penalised: none, medium or strong
    #[arg(long, value_parser = ["none", "medium", "strong"])]
    ellipses: Option<String>,
    /// Distances along a network: id, id, distance
    #[arg(long, conflicts_with_all = ["ellipses", "neighbors"])]
    network: Option<PathBuf>,
    /// For each centre its places, nearest first, one line each
    #[arg(long, conflicts_with = "ellipses")]
    neighbors: Option<PathBuf>,
    /// Which places touch: id, id
    #[arg(long, requires = "flexible")]
    touching: Option<PathBuf>,
    /// Any connected shape of so many places nearest to a centre
    #[arg(long, requires = "touching", conflicts_with_all = ["ellipses", "neighbors", "network"])]
    flexible: Option<usize>,
    /// Known relative risks: id or All, risk, first and last time
    #[arg(long)]
    adjustments: Option<PathBuf>,
    /// Days of the week differ: adjust for that
    #[arg(long)]
    weekly: bool,
    /// Adjust for a common trend, with Poisson: log-linear, quadratic, any, or per cent a year
    #[arg(long)]
    trend: Option<String>,
    /// Which less likely clusters are told
    #[arg(long, default_value = "no-overlap", value_parser = ["no-overlap", "no-centres-in-other",
        "no-centres-in-more-likely", "no-centres-in-less-likely", "no-pairs", "any", "gini"])]
    secondary: String,
    /// How many clusters are told at most; by default 20, or where a parameter file asks, all that chance does not always do
    #[arg(long)]
    clusters: Option<usize>,
    /// How many data sets are drawn under the null hypothesis
    #[arg(long)]
    replicates: Option<u32>,
    /// Stop drawing when so many score as high as the data
    #[arg(long)]
    early_stop: Option<u32>,
    /// What they are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On how many threads; the answer does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// For machines: JSON
    #[arg(long)]
    json: bool,
    /// Writes NAME.geojson, NAME.clusters.tsv and NAME.places.tsv
    #[arg(long, value_name = "NAME")]
    out: Option<PathBuf>,
}

/// Reads a file; an error names it.
fn parsed<T>(file: &Path, parse: impl Fn(&str) -> Result<T, scanstat::ScanError>) -> Result<T, Failure> {
    parse(&text(file)?).map_err(with_file(file))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut analysis = match &args.prm {
        Some(file) => from_parameters(file)?,
        None => from_arguments(args)?,
    };
    let o = &mut analysis.options;
    o.seed = args.seed;
    o.most_clusters = args.clusters.unwrap_or(if args.prm.is_some() { usize::MAX } else { 20 });
    o.replicates = args.replicates.unwrap_or(o.replicates);
    o.threads = args
        .threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let began = Instant::now();
    let mut report = analysis.scan().map_err(|e| match (&args.prm, &e) {
        (Some(prm), ScanError::Parameter(_)) => with_file(prm)(e),
        _ => e.into(),
    })?;
    if args.prm.is_some() && args.clusters.is_none() && report.replicates > 0 {
        // As the reference program does: what every drawn data set has is no cluster, though the first is always told.
        let mut place = 0..;
        report.clusters.retain(|c| place.next() == Some(0) || c.p < 1.0);
    }
    let seconds = began.elapsed().as_secs_f64();
    if let Some(name) = &args.out {
        write(name, &report, &analysis.places)?;
    }
    if args.json {
        println!("{}", json(&report, seconds));
    } else {
        print!("{}", table(&report, seconds));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the three files, each beside its target first, so that none is ever half there.
fn write(name: &Path, report: &Report, places: &Places) -> Result<(), Failure> {
    let files = [
        ("geojson", report.geojson(places)),
        ("clusters.tsv", report.clusters_table(places)),
        ("places.tsv", report.places_table()),
    ];
    for (ending, text) in files {
        let mut file = name.as_os_str().to_owned();
        file.push(format!(".{ending}"));
        let mut beside = file.clone();
        beside.push(".part");
        std::fs::write(&beside, text).map_err(with_file(Path::new(&beside)))?;
        std::fs::rename(&beside, &file).map_err(with_file(Path::new(&file)))?;
    }
    Ok(())
}

fn from_arguments(args: &Args) -> Result<Analysis, Failure> {
    let Some(cases) = &args.cases else {
        return Err(Failure("--cases and --geo are needed, or --prm".into()));
    };
    let named = [
        ("cases", &args.cases),
        ("controls", &args.controls),
        ("population", &args.population),
        ("coordinates", &args.geo),
        ("adjustments", &args.adjustments),
        ("neighbours", &args.neighbors),
        ("network", if args.touching.is_some() { &args.touching } else { &args.network }),
    ];
    let files =
        named.iter().filter_map(|(what, file)| Some((*what, file.as_ref()?.display().to_string()))).collect();
    let times = if args.numbers { Times::Numbers } else { Times::AsGiven };
    let cases = parsed(cases, |text| Records::parse_cases_with(text, times))?;
    let model = match (args.model.as_str(), &args.population, &args.controls) {
        ("poisson", Some(file), _) => {
            Model::Poisson(parsed(file, |text| Populations::parse_with(text, times))?)
        }
        ("poisson", None, _) if args.temporal => Model::Poisson(Populations::constant(&cases)),
        ("bernoulli", _, Some(file)) => {
            Model::Bernoulli(parsed(file, |text| Records::parse_controls_with(text, times))?)
        }
        ("permutation", None, None) => Model::Permutation,
        ("permutation", ..) => {
            return Err(Failure("--model permutation takes neither --population nor --controls".into()));
        }
        ("poisson", ..) => return Err(Failure("--model poisson needs --population".into())),
        _ => return Err(Failure("--model bernoulli needs --controls".into())),
    };
    let zones = zones(args)?;
    let places = match (&args.geo, &zones) {
        (Some(file), _) => {
            let kind = args.latlong.then_some(Coordinates::LatLong);
            parsed(file, |text| Places::parse_geo_as(text, kind))?
        }
        (None, Zones::Given(lists)) => Places::named(lists.names()),
        _ => {
            let controls = match &model {
                Model::Bernoulli(controls) => controls.all.as_slice(),
                _ => &[],
            };
            Places::named(cases.all.iter().chain(controls).map(|r| r.id.as_str()))
        }
    };
    let options = Options {
        prospective: args.prospective,
        scope: match (args.spatial, args.temporal) {
            (true, _) => Scope::Space,
            (_, true) => Scope::Time,
            _ => Scope::SpaceTime,
        },
        rates: match args.rates.as_str() {
            "low" => Rates::Low,
            "both" => Rates::Both,
            _ => Rates::High,
        },
        zones,
        max_share: args.max_share / 100.0,
        max_distance: args.max_distance,
        max_time: args.max_days,
        min_time: args.min_days,
        interval: args.interval.as_deref().map(|name| match name {
            "month" => Interval::Month,
            "year" => Interval::Year,
            _ => Interval::Day,
        }),
        numbers: args.numbers,
        interval_length: args.interval_length,
        known: args
            .adjustments
            .as_deref()
            .map(|f| parsed(f, |text| KnownRisks::parse_with(text, times)))
            .transpose()?
            .unwrap_or_default(),
        weekly: args.weekly,
        trend: trend(args.trend.as_deref())?,
        secondary: match args.secondary.as_str() {
            "no-centres-in-other" => Secondary::NoCentresInOther,
            "no-centres-in-more-likely" => Secondary::NoCentresInMoreLikely,
            "no-centres-in-less-likely" => Secondary::NoCentresInLessLikely,
            "no-pairs" => Secondary::NoPairs,
            "any" => Secondary::Any,
            "gini" => Secondary::Gini,
            _ => Secondary::NoOverlap,
        },
        inference: args.early_stop.map_or(Inference::MonteCarlo, Inference::Sequential),
        ..Options::default()
    };
    Ok(Analysis { places, cases, model, options, files })
}

fn zones(args: &Args) -> Result<Zones, Failure> {
    Ok(if let Some(penalty) = &args.ellipses {
        let penalty = match penalty.as_str() {
            "none" => 0.0,
            "medium" => 0.5,
            _ => 1.0,
        };
        Zones::Ellipses { shapes: vec![(1.5, 4), (2.0, 6), (3.0, 9), (4.0, 12), (5.0, 15)], penalty }
    } else if let Some(file) = &args.network {
        Zones::Network(parsed(file, Links::parse)?)
    } else if let Some(file) = &args.neighbors {
        Zones::Given(parsed(file, Neighbours::parse)?)
    } else if let (Some(file), Some(nearest)) = (&args.touching, args.flexible) {
        Zones::Flexible { touching: parsed(file, Links::parse)?, nearest }
    } else {
        Zones::Circles
    })
}

fn trend(name: Option<&str>) -> Result<Trend, Failure> {
    Ok(match name {
        None => Trend::None,
        Some("log-linear") => Trend::LogLinear,
        Some("quadratic") => Trend::Quadratic,
        Some("any") => Trend::Stratified(1),
        Some(text) => Trend::Percent(text.trim_end_matches('%').parse().map_err(|_| {
            Failure(format!("--trend {text}: is neither log-linear, quadratic, any, nor per cent a year"))
        })?),
    })
}

fn from_parameters(file: &Path) -> Result<Analysis, Failure> {
    let p = Parameters::parse(&settings(file)?).map_err(with_file(file))?;
    for remark in &p.remarks {
        eprintln!("{}: {remark}", file.display());
    }
    Analysis::read(&p, |name| match beside(file, name) {
        Some(found) => text(&found),
        None => {
            Err(Failure(format!("{}: there is no {name}, nor a file of that name beside it", file.display())))
        }
    })
}

fn json(r: &Report, seconds: f64) -> serde_json::Value {
    let clusters: Vec<_> = r
        .clusters
        .iter()
        .map(|c| {
            serde_json::json!({
                "ids": c.ids, "center": c.center, "radius": c.radius, "start": r.time(c.start),
                "end": r.time(c.end), "observed": c.observed, "expected": c.expected,
                "relative_risk": c.relative_risk, "llr": c.llr, "statistic": c.statistic, "p": c.p,
                "p_gumbel": c.p_gumbel, "recurrence_days": c.recurrence_days,
                "ellipse": c.ellipse.map(|e| serde_json::json!({
                    "shape": e.shape, "angle": e.angle, "longer": e.longer,
                })),
            })
        })
        .collect();
    serde_json::json!({
        "clusters": clusters, "cases": r.cases, "study": [r.time(r.study.0), r.time(r.study.1)],
        "intervals": r.intervals, "replicates": r.replicates, "seed": r.seed, "seconds": seconds,
        "ended_early": r.ended_early,
        "gini": r.gini.map(|(share, value)| serde_json::json!({"largest_share": share, "coefficient": value})),
    })
}

fn table(r: &Report, seconds: f64) -> String {
    let mut out = format!(
        "{} cases, {} to {} ({} intervals), {} data sets drawn from seed {} in {seconds:.2} s\n",
        r.cases,
        r.time(r.study.0),
        r.time(r.study.1),
        r.intervals,
        r.replicates,
        r.seed
    );
    if r.ended_early {
        out += "Draws ended early: what was found is nothing unusual.\n";
    }
    if let Some((share, value)) = r.gini {
        out += &format!("Clusters hold at most {:.0} % of all: Gini coefficient {value:.4}\n", share * 100.0);
    }
    if r.clusters.is_empty() {
        out += "No window holds other than the expected cases.\n";
    }
    for (n, c) in (1..).zip(&r.clusters) {
        let shown = if c.ids.len() > 12 {
            format!("{} … ({} places)", c.ids[..12].join(", "), c.ids.len())
        } else {
            c.ids.join(", ")
        };
        out += &format!(
            "\n{n}. {shown}\n   {} to {} · centre {} · radius {:.2}\n   {} observed, {:.2} expected, relative risk {:.2}\n   log likelihood ratio {:.6}, p {:.3} (Gumbel {:.2e}){}\n",
            r.time(c.start),
            r.time(c.end),
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
