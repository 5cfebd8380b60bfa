//! Draws precincts: a graph of units in, contiguous districts within hard bounds out, as alike inside as
//! can be, with a lower bound, or with a certificate of why it cannot be done.
//!
//! ```
//! use districting::{Columns, Options, draw, read_json};
//! let text = r#"{"nodes": [
//!   {"id": "a", "residents": 8000, "features": {"old": 1}}, {"id": "b", "residents": 9000, "features": {"old": 1}},
//!   {"id": "c", "residents": 8000, "features": {"old": 5}}, {"id": "d", "residents": 9000, "features": {"old": 5}}],
//!   "edges": [["a", "b"], ["b", "c"], ["c", "d"]]}"#;
//! let graph = read_json(text, &Columns::default())?;
//! let mut options = Options::default();
//! options.bounds.min_units = 2;
//! let plan = draw(&graph, &options, &|_| (), &|| false)?;
//! assert_eq!(plan.district, [0, 0, 1, 1]);
//! assert!(plan.proven && plan.within_bounds);
//! # Ok::<(), districting::GraphError>(())
//! ```

mod anneal;
mod areas;
mod certificate;
pub mod check;
mod draw;
mod dual;
mod graph;
mod read;
pub mod recom;
mod region;
mod rng;
mod rules;
mod score;
mod sweep;
mod tiles;
mod witness;

pub use certificate::{Certificate, Reason, Relaxation, verify};
pub use draw::{Options, Plan, Stage, draw};
pub use graph::{Graph, GraphError, Unit};
pub use read::{Columns, read_json};
pub use rules::{Bounds, MOST_UNITS, Wanted, standardised};
pub use score::{DistrictScore, Moved, Sketch};
