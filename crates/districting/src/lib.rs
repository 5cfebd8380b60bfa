#![doc = include_str!("../README.md")]

mod anneal;
mod areas;
mod certificate;
pub mod check;
mod draw;
mod dual;
mod graph;
#[cfg(feature = "polygons")]
pub mod polygons;
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
pub use draw::{Options, Plan, Stage, TILED, draw};
pub use graph::{Graph, GraphError, Unit};
pub use read::{Columns, read_json};
pub use rules::{Bounds, MOST_UNITS, Wanted, standardised};
pub use score::{DistrictScore, Moved, Sketch};
