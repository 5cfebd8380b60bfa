//! `pianqu draw`: a graph of neighbourhoods in, precincts out, or the proof that there are none.

mod drawn;
mod geojson;
mod input;
mod output;
mod paper;
mod sheets;
mod words;

use crate::failure::Failure;
use crate::progress::Search;
use districting::{
    Aim, Balance, Bounds, Graph, Model, Options, Plan, Quantity, Scored, Wanted, check, draw, front, recom,
};
use drawn::Drawn;
use output::Lang;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Steps of annealing for a second: somewhat fewer than one core of today does, so that the plan depends on
/// the seed and not on the machine.
const STEPS_PER_SECOND: f64 = 40_000.0;
/// The same for a graph that is worked on in tiles: their steps are shorter, because what they need lies together.
const TILED_STEPS_PER_SECOND: f64 = 100_000.0;

#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  pianqu draw district.json --size 4..6 --residents 15000..25000\n  pianqu draw district.json --by-parent --json > plan.json\n  pianqu draw committees.geojson --population-column 人口 --problems wrong.geojson --out plan.geojson --out plan.xlsx --out plan.pdf\n  pianqu draw committees.geojson --today precinct --move-price 0.2 --bound households=4000..9000 --plans 4 --json\n\nFILE holds GeoJSON outlines, or {\"nodes\": [{\"id\", \"residents\", \"area\", \"parent\", \"x\", \"y\", \"features\": {name: number}}],\n\"edges\": [[\"a\", \"b\", border]], \"precincts\": N}, or is a graph file of GerryChain or frcw.\nCtrl-C ends the search and keeps the best plan so far."
)]
pub(crate) struct Args {
    /// Outlines as GeoJSON, or a graph as JSON; which it is shows in the file itself
    file: PathBuf,
    /// Units in a precinct, least..most
    #[arg(long, default_value = "4..6", value_parser = range)]
    size: (u64, u64),
    /// Residents of a precinct, least..most
    #[arg(long, default_value = "15000..25000", value_parser = range)]
    residents: (u64, u64),
    /// How many precincts; otherwise what the file says, or as many as are best
    #[arg(long)]
    precincts: Option<usize>,
    /// No precinct crosses from one parent (sub-district) to another
    #[arg(long, conflicts_with = "precincts")]
    by_parent: bool,
    /// Time to search
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// What chance is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On how many threads; the plan does not depend on it
    #[arg(long)]
    threads: Option<usize>,
    /// Write the plan into this file: .geojson, .xlsx, .pdf (one page) or .json; may be given several times
    #[arg(long, value_name = "FILE")]
    out: Vec<PathBuf>,
    /// Language of sheets and paper
    #[arg(long, value_enum, default_value = "zh")]
    lang: Lang,
    /// A folder with fuller fonts, for paper
    #[arg(long)]
    fonts: Option<PathBuf>,
    /// Write what is wrong with the outlines (gaps, overlaps, slivers, islands) into this file, as GeoJSON
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
    /// Metres that two outlines may be apart and still be one border; 1 unless units are tiny
    #[arg(long, value_name = "METRES")]
    tolerance: Option<f64>,
    /// Property with the name of a unit, in GeoJSON
    #[arg(long)]
    id_column: Option<String>,
    /// Column of residents, in GeoJSON or a GerryChain or frcw file
    #[arg(long)]
    population_column: Option<String>,
    /// Column of the parent, in such a file
    #[arg(long)]
    parent_column: Option<String>,
    /// A column that makes units alike, in such a file; may be given several times
    #[arg(long)]
    feature: Vec<String>,
    /// Say where the plan lies among so many plans of a neutral chain (recombination)
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    recom: Option<u32>,
    /// Today's plan: a JSON file {id: precinct} (or an answer of --json), or a property of the outlines
    #[arg(long, value_name = "FILE|COLUMN")]
    today: Option<String>,
    /// Price of moving every unit out of its precinct of today, in the measure of ssw
    #[arg(long, default_value_t = 0.0, value_name = "X")]
    move_price: f64,
    /// Price of lying outside the main parent of the precinct, in the measure of ssw
    #[arg(long, default_value_t = 0.0, value_name = "X", conflicts_with = "by_parent")]
    parent_price: f64,
    /// Weight of compactness
    #[arg(long, default_value_t = 0.0, value_name = "W")]
    compact: f64,
    /// Weight of equal numbers of residents
    #[arg(long, default_value_t = 0.0, value_name = "W")]
    balance: f64,
    /// Bounds on another sum: area, or a quantity of the file; may be given several times
    #[arg(long, value_name = "NAME=MIN..MAX", value_parser = named_range)]
    bound: Vec<(String, (f64, f64))>,
    /// These stay in one precinct: ids with commas; may be given several times
    #[arg(long, value_name = "IDS")]
    together: Vec<String>,
    /// No two of these in one precinct
    #[arg(long, value_name = "IDS")]
    apart: Vec<String>,
    /// These stay in the precinct that they are in today
    #[arg(long, value_name = "IDS")]
    stays: Vec<String>,
    /// Units that touch over a bridge only do not hang together
    #[arg(long)]
    no_bridges: bool,
    /// Draw several plans to choose from: by likeness, compactness, balance, stability
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=9))]
    plans: Option<u8>,
    /// For machines: JSON
    #[arg(long)]
    json: bool,
}

fn named_range(text: &str) -> Result<(String, (f64, f64)), String> {
    let wrong = || format!("\"{text}\" is no bound; write it as households=4000..9000");
    let (name, range) = text.split_once('=').ok_or_else(wrong)?;
    let (a, b) = range.split_once("..").ok_or_else(wrong)?;
    let end = |t: &str, open: f64| {
        if t.trim().is_empty() { Ok(open) } else { t.trim().parse().map_err(|_| wrong()) }
    };
    let pair: (f64, f64) = (end(a, 0.0)?, end(b, f64::INFINITY)?);
    if name.trim().is_empty() || pair.0.is_nan() || pair.1.is_nan() {
        return Err(wrong());
    }
    if pair.0 > pair.1 {
        return Err(format!("the range {range} begins above its end"));
    }
    Ok((name.trim().to_owned(), pair))
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("\"{text}\" is no range; write it as 4..6");
    let (a, b) = text.split_once("..").ok_or_else(wrong)?;
    let pair = (a.trim().parse().map_err(|_| wrong())?, b.trim().parse().map_err(|_| wrong())?);
    if pair.0 > pair.1 {
        return Err(format!("the range {text} begins above its end"));
    }
    Ok(pair)
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    if !(args.seconds > 0.0 && args.seconds <= 1e6) {
        return Err(Failure(format!("--seconds is {}; more than 0 is needed", args.seconds)));
    }
    let files = output::formats(&args.out)?;
    if let Some(file) = &args.problems {
        output::formats(std::slice::from_ref(file))?;
    }
    let fonts = match &args.fonts {
        Some(folder) => posters::Fonts::with_folder(crate::print::font_files(folder)?)?,
        None => posters::Fonts::embedded(),
    };
    let began = Instant::now();
    let input = input::read(args)?;
    let options = options(args, &input.graph)?;
    let interrupted = watch_for_interrupt()?;
    let late = || interrupted.load(Ordering::Relaxed) || began.elapsed().as_secs_f64() > args.seconds;
    let search = Search::new(input.graph.len(), began, args.seconds, args.json);
    let tell = |stage| search.tell(&stage);
    let plans = match args.plans {
        Some(n) => front(&input.graph, &options, usize::from(n), &tell, &late)?,
        None => vec![alone(&input.graph, &options, draw(&input.graph, &options, &tell, &late)?)],
    };
    search.done();
    let seconds = began.elapsed().as_secs_f64();
    let stopped = || interrupted.load(Ordering::Relaxed);
    let cut_short = stopped();
    let first = plans.first().ok_or_else(|| Failure("no plan was found".into()))?;
    let neutral = match args.recom {
        Some(steps) => Some(neutral(&input.graph, &first.plan, &options, steps as usize, &stopped)?),
        None => None,
    };
    let mut all = Vec::new();
    for scored in &plans {
        all.push(Drawn::new(&input, &scored.plan, &options, seconds, cut_short)?);
    }
    write(&all, &files, args.lang, &fonts)?;
    if args.json {
        let mut out = json(&all[0]);
        if args.plans.is_some() {
            out["plans"] = all.iter().zip(&plans).map(|(d, s)| scored_json(d, s)).collect();
        }
        if let Some(neutral) = &neutral {
            out["recom"] = neutral.json();
        }
        println!("{out}");
        return Ok(ExitCode::SUCCESS);
    }
    print!("{}", table(&all[0]));
    if plans.len() > 1 {
        print!("{}", choice(&plans));
    }
    if let Some(neutral) = &neutral {
        print!("{}", neutral.table());
    }
    for (file, _) in &files {
        println!("Written: {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// What the command line asks for.
fn options(args: &Args, graph: &Graph) -> Result<Options, Failure> {
    let bounds = Bounds {
        min_units: usize::try_from(args.size.0)?,
        max_units: usize::try_from(args.size.1)?,
        min_residents: args.residents.0,
        max_residents: args.residents.1,
    };
    let balance = Balance { of: Quantity::Residents, target: None, weight: args.balance };
    let tiled = graph.len() > districting::TILED;
    let pace = if tiled { TILED_STEPS_PER_SECOND } else { STEPS_PER_SECOND };
    Ok(Options {
        bounds,
        wanted: args.precincts.or(graph.precincts).map_or(Wanted::Free, Wanted::Exactly),
        by_parent: args.by_parent,
        effort: (args.seconds * pace) as u64,
        seed: args.seed,
        threads: args
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
            .max(1),
        model: Model {
            limits: input::limits(args),
            pins: input::pins(args, graph)?,
            bridges: !args.no_bridges,
            compactness: args.compact,
            balance: if args.balance == 0.0 { vec![] } else { vec![balance] },
            move_price: args.move_price,
            parent_price: args.parent_price,
            ..Model::default()
        },
    })
}

/// A plan that had no others beside it.
fn alone(graph: &Graph, options: &Options, plan: Plan) -> Scored {
    let cost = check::cost(graph, options, &plan.district);
    let moved = districting::heirs(graph, &options.model, &plan.district).moved.len();
    Scored { plan, drawn_by: options.model.clone(), cost, moved, best_at: vec![] }
}

/// Every plan into every file; the second and later ones into `plan-2.xlsx` and so on. All are made before the first
/// is written, so that a name without a glyph leaves nothing behind.
fn write(
    all: &[Drawn<'_>],
    files: &[(PathBuf, output::Format)],
    lang: Lang,
    fonts: &posters::Fonts,
) -> Result<(), Failure> {
    let mut made = Vec::new();
    for (i, drawn) in all.iter().enumerate() {
        for (file, format) in files {
            let bytes = output::plan(drawn, *format, lang, fonts)
                .map_err(|e| crate::failure::with_file(file)(e.0))?;
            made.push((numbered(file, i), bytes));
        }
    }
    made.iter().try_for_each(|(file, bytes)| output::write(file, bytes))
}

fn numbered(file: &Path, index: usize) -> PathBuf {
    if index == 0 {
        return file.to_owned();
    }
    let part = |p: Option<&std::ffi::OsStr>| p.unwrap_or_default().to_string_lossy().into_owned();
    file.with_file_name(format!("{}-{}.{}", part(file.file_stem()), index + 1, part(file.extension())))
}

fn aims(scored: &Scored) -> Vec<&'static str> {
    let name = |aim: &Aim| match aim {
        Aim::Likeness => "likeness",
        Aim::Compactness => "compactness",
        Aim::Balance => "balance",
        Aim::Stability => "stability",
    };
    scored.best_at.iter().map(name).collect()
}

fn scored_json(drawn: &Drawn<'_>, scored: &Scored) -> serde_json::Value {
    let mut out = json(drawn);
    out["compactness"] = scored.cost.compactness.into();
    out["balance"] = scored.cost.balance.first().copied().into();
    out["moved"] = scored.moved.into();
    out["best_at"] = aims(scored).into();
    out
}

/// The plans beside each other.
fn choice(plans: &[Scored]) -> String {
    let mut out = format!("\n{} plans to choose from; the first is the one above:\n", plans.len());
    for (i, s) in plans.iter().enumerate() {
        let best = aims(s).join(", ");
        let mark = if best.is_empty() { String::new() } else { format!(", best at {best}") };
        let balance = s.cost.balance.first().copied().unwrap_or_default();
        out += &format!(
            "{}. ssw {:.4}, compactness {:.3}, balance {balance:.4}, {} units moved{mark}\n",
            i + 1,
            s.plan.ssw,
            s.cost.compactness,
            s.moved
        );
    }
    out
}

/// The plan beside those that a neutral chain met.
struct Neutral {
    own: recom::Figures,
    met: recom::Distribution,
    proposals: u64,
}

fn neutral(
    graph: &Graph,
    plan: &Plan,
    options: &Options,
    steps: usize,
    stop: &dyn Fn() -> bool,
) -> Result<Neutral, Failure> {
    let mut chain =
        recom::Chain::new(graph, options.bounds, options.by_parent, &plan.district, options.seed)?;
    let own = chain.figures();
    let met = recom::Distribution::gather(&mut chain, steps, stop);
    Ok(Neutral { own, met, proposals: chain.proposals() })
}

impl Neutral {
    fn json(&self) -> serde_json::Value {
        fn row<T: PartialOrd + Copy + Into<serde_json::Value>>(sorted: &[T], own: &T) -> serde_json::Value {
            let at = |share: f64| -> serde_json::Value {
                let value = sorted.get((share * (sorted.len().max(1) - 1) as f64) as usize);
                value.map_or(serde_json::Value::Null, |v| (*v).into())
            };
            serde_json::json!({
                "plan": (*own).into(), "percentile": recom::rank(sorted, own) * 100.0,
                "least": at(0.0), "median": at(0.5), "most": at(1.0),
            })
        }
        serde_json::json!({
            "steps": self.met.ssw.len(),
            "proposals": self.proposals,
            "ssw": row(&self.met.ssw, &self.own.ssw),
            "cut_edges": row(&self.met.cut_edges, &self.own.cut_edges),
            "deviation": row(&self.met.deviation, &self.own.deviation),
        })
    }

    fn table(&self) -> String {
        let steps = self.met.ssw.len();
        if steps == 0 {
            return "No neutral plan was met: nothing can be recombined within the bounds.\n".into();
        }
        let mut out =
            format!("Beside {steps} neutral plans of a recombination chain, of which it is above:\n");
        for (what, share) in [
            ("ssw", recom::rank(&self.met.ssw, &self.own.ssw)),
            ("cut edges", recom::rank(&self.met.cut_edges, &self.own.cut_edges)),
            ("largest deviation of residents", recom::rank(&self.met.deviation, &self.own.deviation)),
        ] {
            out += &format!("  {what}: {:.2} %\n", share * 100.0);
        }
        out
    }
}

/// Sets the flag when somebody presses Ctrl-C; a second time ends the program as usual.
fn watch_for_interrupt() -> Result<&'static AtomicBool, Failure> {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                INTERRUPTED.store(true, Ordering::Relaxed);
                eprintln!("keeping the best plan so far");
            }
        });
    });
    Ok(&INTERRUPTED)
}

fn json(drawn: &Drawn<'_>) -> serde_json::Value {
    let (graph, plan, options) = (&drawn.input.graph, drawn.plan, drawn.options);
    let ids = graph.units().iter().map(|u| u.id.clone());
    let assignment: serde_json::Map<_, _> = ids.zip(plan.district.iter().map(|d| (*d).into())).collect();
    let infeasible: Vec<_> = plan
        .infeasible
        .iter()
        .map(|c| {
            let units: Vec<_> = c.units.iter().map(|u| &graph.units()[*u as usize].id).collect();
            let relaxations: Vec<_> = c.relaxations.iter().map(ToString::to_string).collect();
            serde_json::json!({
                "parent": c.parent, "units": units, "reason": c.to_string(), "relaxations": relaxations,
                "together": c.together.as_ref().map(|(a, b)| [a.to_string(), b.to_string()]),
            })
        })
        .collect();
    let mut out = serde_json::json!({
        "assignment": assignment,
        "precincts": drawn.precincts.len(),
        "ssw": plan.ssw,
        "cost": plan.cost,
        "lower_bound": plan.lower_bound,
        "gap": plan.gap(),
        "proven": plan.proven,
        "within_bounds": plan.within_bounds,
        "share_within_bounds": drawn.share_within(),
        "infeasible": infeasible,
        "seed": options.seed,
        "seconds": drawn.seconds,
        "stopped": drawn.stopped,
    });
    if let Some(land) = &drawn.input.land {
        let told = |p: &districting::polygons::Problem| {
            serde_json::json!({
                "kind": p.kind.key(), "units": p.units, "area": p.area, "at": p.at, "text": p.to_string(),
            })
        };
        out["problems"] = land.problems().iter().map(told).collect();
    }
    out
}

fn table(drawn: &Drawn<'_>) -> String {
    let (graph, plan) = (&drawn.input.graph, drawn.plan);
    let mut out = String::new();
    for p in &drawn.precincts {
        let ids: Vec<&str> = p.units.iter().map(|u| graph.units()[*u as usize].id.as_str()).collect();
        let mark = if p.faults.is_empty() { "" } else { " (out of bounds)" };
        let (n, people) = (p.units.len(), p.score.residents);
        out += &format!("{}. {n} units, {people} residents{mark}: {}\n", p.number, ids.join(", "));
    }
    out += &format!("\n{} precincts, ssw {:.4}", drawn.precincts.len(), plan.ssw);
    if (plan.cost - plan.ssw).abs() > 1e-12 {
        out += &format!(", cost with all prices {:.4}", plan.cost);
    }
    match (plan.proven, plan.lower_bound, plan.gap()) {
        (true, ..) => out += ", proven to be the best",
        (_, Some(bound), Some(gap)) => {
            out += &format!(", no plan is below {bound:.4} (gap {:.1} %)", gap * 100.0);
        }
        _ => {}
    }
    out += &format!(", {:.1} % within bounds, {:.2} s\n", drawn.share_within() * 100.0, drawn.seconds);
    if drawn.stopped {
        out += "The search was stopped; this was the best plan so far.\n";
    }
    for certificate in &plan.infeasible {
        out += &format!("Not possible as asked: {certificate}.\n");
    }
    out
}
