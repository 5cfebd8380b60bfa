//! Where a drawn plan lies among neutral ones:
//! `cargo run --release -p districting --example neutral -- FILE [steps]`.

use districting::{Columns, Options, Wanted, draw, read_json, recom};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("name a graph file")?;
    let steps = args.next().map_or(Ok(100_000), |s| s.parse())?;
    let graph = read_json(&std::fs::read_to_string(&file)?, &Columns::default())?;
    let wanted = graph.precincts.map_or(Wanted::Free, Wanted::Exactly);
    let options = Options { wanted, ..Options::default() };
    let plan = draw(&graph, &options, &|_| (), &|| false)?;
    let mut chain = recom::Chain::new(&graph, options.bounds, false, &plan.district, 1)?;
    let own = chain.figures();
    let met = recom::Distribution::gather(&mut chain, steps, &|| false);
    let middle = met.ssw.get(met.ssw.len() / 2).copied().unwrap_or_default();
    eprintln!("ssw {:.4}; {} neutral plans, half of them below {middle:.4}", own.ssw, met.ssw.len());
    eprintln!("the plan is above {:.2} % of them in ssw", 100.0 * recom::rank(&met.ssw, &own.ssw));
    eprintln!("and above {:.2} % in cut edges", 100.0 * recom::rank(&met.cut_edges, &own.cut_edges));
    Ok(())
}
