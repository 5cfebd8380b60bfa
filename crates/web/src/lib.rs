//! The pages: residents, console, API.
//!
//! [`Web`] serves an [`app::App`]. What is shown is plain structs in [`view`], filled by one file an endpoint.

mod console;
mod http;
mod map;
mod printer;
mod resident;
mod server;

pub mod style;
pub mod times;
pub mod view;
pub mod words;

pub use printer::{PrintRun, Printer};
pub use server::Web;
