//! Space-time scan statistics: where and when there are more cases than chance explains.
//!
//! A window (some places, and for space-time a span of intervals) is scored by its log likelihood ratio;
//! the highest is the most likely cluster, and its p-value comes from the same scan over data sets drawn under
//! the null hypothesis. Models: discrete Poisson with population and covariates (Kulldorff 1997), space-time
//! permutation (Kulldorff and others 2005), Bernoulli with controls (Kulldorff 1997); purely spatial, purely temporal,
//! retrospective and prospective (Kulldorff 2001). Places are taken together by circles, ellipses (Kulldorff, Huang,
//! Pickle and Duczmal 2006), distance along a network, given lists, or any connected shape (Tango and Takahashi 2005).
//!
//! Knows nothing of this product. The same seed gives the same answer on any number of threads.
//!
//! ```
//! use scanstat::{Model, Options, Places, Records, scan};
//!
//! let places = Places::parse_geo("a 0 0\nb 1 0\nc 9 9\n").unwrap();
//! let cases = Records::parse_cases("a 6 2026/1/9\nb 5 2026/1/9\nc 1 2026/1/2\na 1 2026/1/3\nc 18 2026/1/5\n").unwrap();
//! let options = Options { prospective: true, ..Options::default() };
//! let report = scan(&places, &cases, &Model::Permutation, &options).unwrap();
//! assert_eq!(report.clusters[0].ids, ["a", "b"]);
//! assert_eq!(report.clusters[0].observed, 11);
//! ```

mod adjust;
mod analysis;
#[cfg(test)]
mod check;
mod data;
mod engine;
mod expect;
mod flexible;
mod geometry;
mod lane;
mod layout;
mod null;
mod observed;
mod options;
mod prm;
mod problem;
mod records;
mod replicate;
mod report;
mod rng;
mod score;
mod secondary;
mod spans;
mod times;
pub mod watch;
mod write;
mod zones;

pub use adjust::KnownRisks;
pub use analysis::Analysis;
pub use geometry::{Coordinates, Places};
pub use layout::Layout;
pub use options::{Differences, Inference, Interval, Model, Options, Rates, Scope, Secondary, Trend, Zones};
pub use prm::Parameters;
pub use records::{Populations, Records};
pub use report::{Cluster, Ellipse, Report, scan};
pub use times::Times;
pub use zones::{Links, Neighbours};

/// Why a scan could not be made, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// A line of a file does not read.
    #[error("{what}, line {line}: {why}")]
    Line {
        /// Which file.
        what: String,
        /// The line, 1 for the first.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A parameter is missing or wrong.
    #[error("{0}")]
    Parameter(String),
    /// Fewer than two cases.
    #[error("a scan needs at least two cases, not {0}")]
    TooFew(u64),
}

impl ScanError {
    /// What is wrong with a line of a file, or with what was made without one.
    pub(crate) fn of(what: &str, line: usize, why: String) -> ScanError {
        match line {
            0 => ScanError::Parameter(format!("{what}: {why}")),
            _ => ScanError::Line { what: what.to_owned(), line, why },
        }
    }
}
