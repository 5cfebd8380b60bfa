//! `pianqu draw`: a graph of neighbourhoods in, precincts out, or the proof that there are none.

use crate::failure::{Failure, with_file};
use districting::{Bounds, Columns, Graph, Options, Plan, Wanted, check, draw, read_json, recom};
use std::path::PathBuf;
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
    after_help = "Examples:\n  pianqu draw district.json --size 4..6 --residents 15000..25000\n  pianqu draw district.json --by-parent --json > plan.json\n\nFILE holds {\"nodes\": [{\"id\", \"residents\", \"area\", \"parent\", \"x\", \"y\", \"features\": {name: number}}],\n\"edges\": [[\"a\", \"b\", border]], \"precincts\": N}, or is a graph file of GerryChain or frcw.\nCtrl-C ends the search and keeps the best plan so far."
)]
pub(crate) struct Args {
    /// The graph, as JSON
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
    /// Column of residents, in a GerryChain or frcw file
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
    /// For machines: JSON
    #[arg(long)]
    json: bool,
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
    let began = Instant::now();
    let text = std::fs::read_to_string(&args.file).map_err(with_file(&args.file))?;
    let columns = Columns {
        residents: args.population_column.clone(),
        parent: args.parent_column.clone(),
        features: args.feature.clone(),
    };
    let graph = read_json(&text, &columns).map_err(with_file(&args.file))?;
    drop(text);
    let bounds = Bounds {
        min_units: usize::try_from(args.size.0)?,
        max_units: usize::try_from(args.size.1)?,
        min_residents: args.residents.0,
        max_residents: args.residents.1,
    };
    let wanted = args.precincts.or(graph.precincts);
    let options = Options {
        bounds,
        wanted: wanted.map_or(Wanted::Free, Wanted::Exactly),
        by_parent: args.by_parent,
        effort: (args.seconds
            * if graph.len() > districting::TILED { TILED_STEPS_PER_SECOND } else { STEPS_PER_SECOND })
            as u64,
        seed: args.seed,
        threads: args
            .threads
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
            .max(1),
        ..Options::default()
    };
    let interrupted = watch_for_interrupt()?;
    let late = || interrupted.load(Ordering::Relaxed) || began.elapsed().as_secs_f64() > args.seconds;
    let tell = |stage| {
        if !args.json {
            eprintln!("{:.1} s, {stage}", began.elapsed().as_secs_f64());
        }
    };
    let plan = draw(&graph, &options, &tell, &late)?;
    let seconds = began.elapsed().as_secs_f64();
    let stopped = || interrupted.load(Ordering::Relaxed);
    let neutral = match args.recom {
        Some(steps) => Some(neutral(&graph, &plan, &options, steps as usize, &stopped)?),
        None => None,
    };
    if args.json {
        let mut out = json(&graph, &plan, &options, seconds);
        if let Some(neutral) = &neutral {
            out["recom"] = neutral.json();
        }
        println!("{out}");
    } else {
        print!("{}", table(&graph, &plan, &options, seconds));
        if let Some(neutral) = &neutral {
            print!("{}", neutral.table());
        }
    }
    Ok(ExitCode::SUCCESS)
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

fn json(graph: &Graph, plan: &Plan, options: &Options, seconds: f64) -> serde_json::Value {
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
                "together": c.together.map(|(a, b)| [a.to_string(), b.to_string()]),
            })
        })
        .collect();
    serde_json::json!({
        "assignment": assignment,
        "precincts": check::members(&plan.district).len(),
        "ssw": plan.ssw,
        "lower_bound": plan.lower_bound,
        "gap": plan.gap(),
        "proven": plan.proven,
        "within_bounds": plan.within_bounds,
        "share_within_bounds": check::share_within(graph, &options.bounds, &plan.district),
        "infeasible": infeasible,
        "seed": options.seed,
        "seconds": seconds,
    })
}

fn table(graph: &Graph, plan: &Plan, options: &Options, seconds: f64) -> String {
    let mut out = String::new();
    let districts = check::members(&plan.district);
    for (d, units) in &districts {
        let people: u64 = units.iter().map(|u| graph.units()[*u as usize].residents).sum();
        let ids: Vec<&str> = units.iter().map(|u| graph.units()[*u as usize].id.as_str()).collect();
        let mark = if options.bounds.hold(units.len(), people) { "" } else { " (out of bounds)" };
        out += &format!("{}. {} units, {people} residents{mark}: {}\n", d + 1, units.len(), ids.join(", "));
    }
    out += &format!("\n{} precincts, ssw {:.4}", districts.len(), plan.ssw);
    match (plan.proven, plan.lower_bound, plan.gap()) {
        (true, ..) => out += ", proven to be the best",
        (_, Some(bound), Some(gap)) => {
            out += &format!(", no plan is below {bound:.4} (gap {:.1} %)", gap * 100.0);
        }
        _ => {}
    }
    let within = check::share_within(graph, &options.bounds, &plan.district) * 100.0;
    out += &format!(", {within:.1} % within bounds, {seconds:.2} s\n");
    for certificate in &plan.infeasible {
        out += &format!("Not possible as asked: {certificate}.\n");
    }
    out
}
