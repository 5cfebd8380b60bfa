//! Draws precincts: a graph in, a balanced contiguous partition out.

mod anneal;
pub mod check;
mod graph;
mod read;
mod region;
mod rng;
mod rules;

pub use graph::{Graph, GraphError, Unit};
pub use read::{Columns, read_json};
pub use rules::{Bounds, MOST_UNITS, Wanted, standardised};

/// tmp
pub fn tune(graph: &Graph, wanted: Option<usize>, steps: u64, from: f64, to: f64, triples: f64, seed: u64) -> Vec<u32> {
    let data = anneal::Data::new(graph);
    let plan = anneal::grow(&data, &Bounds::default(), seed);
    let mut s = anneal::Search::new(&data, Bounds::default(), &plan, seed);
    s.wanted = wanted.map(|w| (w, 3.0));
    eprintln!("start {:?} {}", s.count(), s.cost);
    s.mend(100_000, &|| false);
    eprintln!("mended {:?} {}", s.count(), s.cost);
    if wanted.is_some() {
        s.wanted = wanted.map(|w| (w, 100.0));
    }
    s.anneal(steps, from, to, triples, &|| false);
    eprintln!("annealed {:?} {}", s.count(), s.cost);
    s.polish(steps / 20, 1.0, &|| false);
    eprintln!("polished {:?} {}", s.count(), s.cost);
    s.plan().to_vec()
}
