//! Space-time scan statistics: where and when there are more cases than chance explains.
//!
//! A window (a circle of places, and for space-time a span of intervals) is scored by its log likelihood ratio;
//! the highest is the most likely cluster, and its p-value comes from the same scan over data sets drawn under
//! the null hypothesis. Models: discrete Poisson with population and covariates (Kulldorff 1997), space-time
//! permutation (Kulldorff and others 2005), Bernoulli with controls (Kulldorff 1997); purely spatial, retrospective
//! and prospective (Kulldorff 2001).
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

#[cfg(test)]
mod check;
mod data;
mod engine;
mod expect;
mod geometry;
mod lane;
mod prm;
mod problem;
mod records;
mod replicate;
mod report;
mod rng;
mod score;
pub mod watch;
mod window;

pub use geometry::{Coordinates, Places};
pub use prm::Parameters;
pub use records::{Populations, Records};
pub use report::{Cluster, Report, scan};

/// What the cases are compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// Counts are Poisson with a mean in proportion to the population, standardised indirectly over covariates.
    Poisson(Populations),
    /// Only cases: time and place independent of each other, given how many there are of each.
    Permutation,
    /// Cases among cases and controls.
    Bernoulli(Records),
}

/// Which clusters are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rates {
    /// More cases than expected.
    #[default]
    High,
    /// Fewer.
    Low,
    /// Both.
    Both,
}

/// How long an interval of time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Interval {
    /// A day.
    #[default]
    Day,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// How to scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Only windows that last until the end of the study.
    pub prospective: bool,
    /// No time at all: places alone.
    pub purely_spatial: bool,
    /// Which clusters.
    pub rates: Rates,
    /// The length of an interval; by default the precision of the times.
    pub interval: Option<Interval>,
    /// First and last day of the study; by default those of the data.
    pub study: Option<(jiff::civil::Date, jiff::civil::Date)>,
    /// The largest circle, as a share of the population at risk (of the cases, for permutation).
    pub max_share: f64,
    /// The largest radius, in units of the plane or in kilometres.
    pub max_distance: Option<f64>,
    /// The longest window, as a share of the study; used where [`Options::max_intervals`] is not set.
    pub max_time_share: f64,
    /// The longest window in intervals.
    pub max_intervals: Option<usize>,
    /// How many data sets are drawn under the null hypothesis.
    pub replicates: u32,
    /// What they are drawn from.
    pub seed: u64,
    /// On how many threads; the answer does not depend on it.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            prospective: false,
            purely_spatial: false,
            rates: Rates::High,
            interval: None,
            study: None,
            max_share: 0.5,
            max_distance: None,
            max_time_share: 0.5,
            max_intervals: None,
            replicates: 999,
            seed: 1,
            threads: 1,
        }
    }
}

/// Why a scan could not be made, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// A line of a file does not read.
    #[error("{what}, line {line}: {why}")]
    Line {
        /// Which file.
        what: &'static str,
        /// The line, 1 for the first.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A parameter is missing or wrong.
    #[error("{0}")]
    Parameter(String),
    /// A case is somewhere that has no coordinates.
    #[error("{0:?} has cases and no coordinates")]
    NoPlace(String),
    /// A case lies outside the study.
    #[error("a case of {0:?} at {1} lies outside the study")]
    OutsideStudy(String, jiff::civil::Date),
    /// A place has cases of a stratum and nobody living in it.
    #[error("{0:?} has cases and no population of that kind")]
    NoPopulation(String),
    /// Fewer than two cases.
    #[error("a scan needs at least two cases, not {0}")]
    TooFew(u64),
}
