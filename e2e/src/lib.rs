//! Stories told to the running program.
//!
//! Every test here starts the real built binary on a port and a data folder of its own, speaks HTTP to
//! it as a browser or a script would, and takes it down again. Nothing is mocked. The stories that need
//! a browser are in `e2e/browser`.
//!
//! ```no_run
//! use e2e::Program;
//!
//! # fn main() -> Result<(), String> {
//! let program = Program::demo()?;
//! let resident = program.client();
//! let form = resident.get(&format!("/q/{}", program.ready().codes.opinion))?;
//! let thanks = resident.submit(&form, "/q/", &[("text", "三楼楼道灯不亮"), ("where", "三楼")])?;
//! assert_eq!(thanks.status, 303);
//!
//! let coordinator = program.client();
//! coordinator.sign_in(program.ready().sign_in("precinct_coordinator")?)?;
//! assert!(coordinator.get("/console")?.body.contains("三楼楼道灯不亮"));
//! # Ok(())
//! # }
//! ```

mod binary;
mod client;
mod form;
mod picture;
mod program;
mod raw;
mod ready;
mod routes;
mod server;
mod totp;

pub use binary::binary;
pub use client::{Client, Page};
pub use form::{Field, Form, forms};
pub use picture::picture;
pub use program::{Memory, Program};
pub use raw::{Exchange, exchange};
pub use ready::{Codes, Counts, Ready, SignIn};
pub use routes::{Route, routes};
pub use server::Server;
pub use totp::{totp, totp_next, totp_now};
