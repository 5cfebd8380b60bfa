//! What is promised against what is measured: a table. `cargo bench -p districting -- country` adds 600,000 units.
//! Rows that need `../shared/data` say so where it is not there. One core unless a row says more.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod instances;

use districting::{Bounds, Graph, Options, Plan, TILED, Wanted, check, draw, recom};
use std::time::Instant;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// One line of the table; `less` tells whether the target is a most or a least.
fn row(n: &str, what: &str, measured: f64, less: bool, target: f64) {
    let met = if less { measured <= target } else { measured >= target };
    let sign = if less { "≤" } else { "≥" };
    let decimals = if target < 10.0 { 4 } else { 1 };
    println!(
        "{n:<16} {what:<34} {measured:>12.decimals$}   {sign} {target:>10.decimals$}   {}",
        if met { "yes" } else { "NO" }
    );
}

/// The most memory that the program has had since the last reset, in MB; none off Linux.
fn memory() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn forget_memory() {
    // Where the kernel does not know the file, the peak is that of the whole run: too high, never too low.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

fn drawn(graph: &Graph, seconds: f64, threads: usize) -> Result<(Plan, f64), Box<dyn std::error::Error>> {
    let options = Options {
        wanted: graph.precincts.map_or(Wanted::Free, Wanted::Exactly),
        // As the command does: steps in tiles are shorter.
        effort: (seconds * if graph.len() > TILED { 100_000.0 } else { 40_000.0 }) as u64,
        threads,
        ..Options::default()
    };
    let began = Instant::now();
    let plan = draw(graph, &options, &|_| (), &|| began.elapsed().as_secs_f64() > seconds)?;
    Ok((plan, began.elapsed().as_secs_f64()))
}

/// Every parent as a graph of its own, with the number of districts wanted for it.
fn parents(graph: &Graph) -> Result<Vec<Graph>, districting::GraphError> {
    let part = |p: usize| {
        let own: Vec<usize> = (0..graph.len()).filter(|u| graph.parent_of(*u) == Some(p)).collect();
        let mut edges = Vec::new();
        for (i, u) in own.iter().enumerate() {
            for v in graph.neighbours(*u) {
                edges.extend(own.binary_search(&(*v as usize)).map(|j| (i, j, 1.0)));
            }
        }
        let mut part = Graph::new(own.iter().map(|u| graph.units()[*u].clone()).collect(), &edges)?;
        part.precincts = graph.per_parent.as_ref().map(|k| k[p]);
        Ok(part)
    };
    (0..graph.parents().len()).map(part).collect()
}

fn within(graph: &Graph, plan: &Plan) -> f64 {
    100.0 * check::share_within(graph, &Bounds::default(), &plan.district)
}

fn chain(n: &str, graph: &Graph, plan: &Plan, target: f64) -> Outcome {
    let mut chain = match recom::Chain::new(graph, Bounds::default(), false, &plan.district, 1) {
        Ok(chain) => chain,
        Err(e) => {
            println!("{n:<16} no chain: {e}");
            return Ok(());
        }
    };
    let began = Instant::now();
    let (mut steps, mut seen) = (0_u64, 0.0);
    while began.elapsed().as_secs_f64() < 2.0 {
        for _ in 0..1_000 {
            steps += u64::from(chain.step());
            seen += chain.figures().deviation;
        }
    }
    let rate = steps as f64 / began.elapsed().as_secs_f64();
    row(n, "ReCom, accepted steps a second", rate, false, target);
    println!(
        "{n:<16}   {:.2} trees a step, largest deviation {:.3} in the mean",
        chain.proposals() as f64 / steps.max(1) as f64,
        seen / steps.max(1) as f64
    );
    Ok(())
}

fn large(n: &str, graph: &Graph, limits: [f64; 4], threads: usize, steps: Option<f64>) -> Outcome {
    let [seconds, ssw, share, most] = limits;
    forget_memory();
    let (plan, took) = drawn(graph, seconds * 0.95, threads)?;
    if ssw > 0.0 {
        row(n, "ssw", plan.ssw, true, ssw);
    }
    row(n, "% of precincts within bounds", within(graph, &plan), false, share);
    row(n, "seconds", took, true, seconds);
    if let Some(mb) = memory() {
        row(n, "MB at most", mb, true, most);
    }
    match (plan.lower_bound, plan.gap()) {
        (Some(bound), Some(gap)) => {
            println!("{n:<16}   no plan is below {bound:.4}: the gap is {:.1} %", 100.0 * gap);
        }
        _ => println!("{n:<16}   no bound"),
    }
    steps.map_or(Ok(()), |target| chain(n, graph, &plan, target))
}

fn main() -> Outcome {
    println!("{:<16} {:<34} {:>12}   {:>12}   met", "n", "", "measured", "target");
    for (n, best) in [(24, 0.2789), (36, 0.2210), (48, 0.1722), (60, 0.1220)] {
        let Some(graph) = instances::file(&format!("n{n}_s1.json")) else { continue };
        let (plan, took) = drawn(&graph, 5.0, 1)?;
        let n = n.to_string();
        row(&n, "ssw", plan.ssw, true, best + 5e-5);
        row(&n, "seconds to the proof", if plan.proven { took } else { f64::INFINITY }, true, 5.0);
    }
    if let Some(graph) = instances::file("n306_s1.json") {
        let began = Instant::now();
        let (mut open, mut certified) = (0, 0);
        for part in parents(&graph)? {
            let (plan, _) = drawn(&part, 10.0, 1)?;
            certified += usize::from(!plan.infeasible.is_empty());
            open += usize::from(!plan.proven && plan.infeasible.is_empty());
        }
        row("306 by parents", "parents without proof", open as f64, true, 0.0);
        row("306 by parents", "seconds", began.elapsed().as_secs_f64(), true, 10.0);
        println!("{:<16}   {certified} of {} parents certified", "306 by parents", graph.parents().len());
        for (seconds, ssw) in [(1.0, 0.145), (10.0, 0.141)] {
            let (plan, took) = drawn(&graph, seconds * 0.95, 1)?;
            let n = format!("306, {seconds} s");
            row(&n, "ssw", plan.ssw, true, ssw);
            row(&n, "% of precincts within bounds", within(&graph, &plan), false, 100.0);
            row(&n, "seconds", took, true, seconds);
            if seconds > 5.0 {
                row(&n, "gap to the bound, %", 100.0 * plan.gap().unwrap_or(1.0), true, 3.5);
                chain("306", &graph, &plan, 300_000.0)?;
            }
        }
    }
    if let Some(graph) = instances::file("n6000_s1.json.gz") {
        large("6,000", &graph, [10.0, 0.130, 99.5, 500.0], 1, Some(200_000.0))?;
    }
    large("6,000 made", &instances::made(6_000, 1), [10.0, 0.0, 99.5, 500.0], 1, Some(200_000.0))?;
    let graph = instances::made(100_000, 1);
    large("100,000 made", &graph, [30.0, 0.145, 99.5, 500.0], 1, Some(100_000.0))?;
    drop(graph);
    if std::env::args().any(|a| a == "country") {
        large("600,000 made", &instances::made(600_000, 1), [120.0, 0.0, 99.0, 2_048.0], 2, None)?;
    }
    Ok(())
}
