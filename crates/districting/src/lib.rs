#![doc = include_str!("../README.md")]

mod anneal;
mod areas;
mod certificate;
pub mod check;
mod conflict;
mod cost;
mod data;
mod draw;
mod dual;
mod extra;
mod fault;
mod floor;
mod front;
mod graph;
mod large;
mod model;
#[cfg(feature = "polygons")]
pub mod polygons;
mod prices;
mod read;
pub mod recom;
mod refine;
mod region;
mod relax;
mod rng;
mod rules;
mod score;
mod sweep;
mod tiles;
mod today;
mod windows;
mod witness;

pub use certificate::{Certificate, Reason, verify, verify_with};
pub use draw::{Options, Plan, Stage, TILED, draw};
pub use front::{Aim, Scored, front};
pub use graph::{Graph, GraphError, Unit};
pub use model::{Balance, Limit, Model, Pin, Quantity, spacing};
pub use read::{Columns, read_json};
pub use relax::Relaxation;
pub use rules::{Bounds, MOST_UNITS, Wanted, standardised};
pub use score::{DistrictScore, Moved, Sketch};
pub use today::{Heirs, heirs};
