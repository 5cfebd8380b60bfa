//! Divides a graph file: `cargo run --release -p districting --example draw -- FILE [steps] [parents]`.

use districting::{Columns, Options, Wanted, check, draw, read_json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("name a graph file")?;
    let graph = read_json(&std::fs::read_to_string(&file)?, &Columns::default())?;
    let mut options = Options::default();
    if let Some(steps) = args.next() {
        options.effort = steps.parse()?;
    }
    options.by_parent = args.next().is_some();
    options.wanted = graph.precincts.map_or(Wanted::Free, Wanted::Exactly);
    let began = std::time::Instant::now();
    let tell = |stage| eprintln!("{:6.2} s {stage}", began.elapsed().as_secs_f64());
    let plan = draw(&graph, &options, &tell, &|| false)?;
    eprintln!(
        "ssw {:.4}, lower bound {:?}, proven {}, within bounds {}, share {:.4}, {:.2} s",
        plan.ssw,
        plan.lower_bound,
        plan.proven,
        plan.within_bounds,
        check::share_within(&graph, &options.bounds, &plan.district),
        began.elapsed().as_secs_f64()
    );
    for certificate in &plan.infeasible {
        eprintln!("{certificate} (checked: {})", districting::verify(&graph, &options.bounds, certificate));
    }
    Ok(())
}
