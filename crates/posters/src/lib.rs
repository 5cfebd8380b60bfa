//! Notices and reports as PDF.
//!
//! The notice that hangs on a doorway's board, with its three codes, and plain reports and letters, all as
//! PDF/A-2b. Pure functions: no files, no clock; the same input gives the same bytes.
//!
//! ```
//! use posters::{Code, CodeKind, Day, Fonts, Notice, Words};
//!
//! let notice = Notice {
//!     district: Words::new("徐汇区", "Xuhui District"),
//!     place: vec!["田林街道".into(), "田林十二村居委会".into(), "12号门".into()],
//!     board: "公示栏 040312-012".into(),
//!     domain: "xuhui.example".into(),
//!     codes: [
//!         Code::new(CodeKind::Opinion, "https://xuhui.example/q/o7Kp2m"),
//!         Code::new(CodeKind::Tenancy, "https://xuhui.example/q/t7Kp2m"),
//!         Code::new(CodeKind::Residency, "https://xuhui.example/q/r7Kp2m"),
//!     ],
//!     helpline: "021-5555 0100".into(),
//! };
//! let fonts = Fonts::embedded();
//! let pdf = posters::notices(&[notice], &fonts, Day::new(2026, 11, 23)?)?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), posters::Error>(())
//! ```
//!
//! Three promises keep a printed sheet honest:
//!
//! - **A missing glyph is an error**, not a blank: every character is looked up before anything is set
//!   ([`Error::MissingGlyph`] names it and where it stands), and PDF/A-2b refuses what would slip through.
//! - **A notice never lies about its codes**: it tells people what an address begins with, so one that begins
//!   otherwise is refused ([`Error::ForeignAddress`]).
//! - **Data is never markup**: names reach the templates as values.

mod error;
mod fonts;
mod letter;
mod notice;
mod plan;
mod press;
mod qr;
mod report;
mod run;
mod words;

pub use error::Error;
pub use fonts::Fonts;
pub use letter::{Letter, letter};
pub use notice::{Code, CodeKind, Notice};
pub use plan::{COLOURS, MOST_PRECINCTS, Patch, PlanSheet, plan_sheet};
pub use report::{Align, Column, MOST_ROWS, TableReport, table_report};
pub use run::{VOLUME, Volume, notices, print_run};
pub use words::{Day, Words};
