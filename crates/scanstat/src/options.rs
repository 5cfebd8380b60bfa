//! What is scanned for, and how.

use crate::zones::{Links, Neighbours};
use crate::{Populations, Records};
use jiff::civil::Date;

/// What the cases are compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// Counts are Poisson with a mean in proportion to the population, standardised indirectly over covariates.
    Poisson(Populations),
    /// Only cases: time and place independent of each other, given how many there are of each; with covariates, given
    /// how many there are of each in every stratum.
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

/// What a window covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// Some places for some time.
    #[default]
    SpaceTime,
    /// Some places, all the time.
    Space,
    /// All places, some time.
    Time,
}

/// Which places a window can hold together.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Zones {
    /// The nearest to a centre.
    #[default]
    Circles,
    /// Circles, and ellipses of some shapes: longer axis over shorter, and at how many angles. The ratio of an ellipse is
    /// multiplied by (4s / (s + 1)²)^penalty (Kulldorff, Huang, Pickle and Duczmal 2006).
    Ellipses {
        /// Shape and number of angles.
        shapes: Vec<(f64, u32)>,
        /// 0 none, 0.5 medium, 1 strong.
        penalty: f64,
    },
    /// The first so many of a list given for each centre.
    Given(Neighbours),
    /// The nearest to a centre along a network: shortest paths over given links.
    Network(Links),
    /// Any connected set of the `nearest` places around a centre (Tango and Takahashi 2005).
    Flexible {
        /// Which places touch.
        touching: Links,
        /// How many places a centre reaches, itself counted in; at most 20.
        nearest: usize,
    },
}

/// When a less likely window is a cluster of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secondary {
    /// It shares no place with a more likely one.
    #[default]
    NoOverlap,
    /// Its centre lies in no more likely one, nor the centre of a more likely one in it.
    NoCentresInOther,
    /// Its centre lies in no more likely one.
    NoCentresInMoreLikely,
    /// It holds no centre of a more likely one.
    NoCentresInLessLikely,
    /// It and a more likely one do not hold the centres of each other.
    NoPairs,
    /// Always: the best window of each centre.
    Any,
    /// No overlap, among windows no larger than the share that makes the Gini coefficient of the significant clusters
    /// highest (Han and others 2016).
    Gini,
}

/// A trend in time that all places share, and that no cluster shall be made of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Trend {
    /// None.
    #[default]
    None,
    /// So many per cent more each year.
    Percent(f64),
    /// Log-linear, estimated from the cases.
    LogLinear,
    /// Log-quadratic, estimated from the cases.
    Quadratic,
    /// Any: each run of so many intervals keeps the cases that it has.
    Stratified(usize),
    /// Any: each interval is expected to have the cases that it has, though chance may place them elsewhere.
    AsObserved,
}

/// What differs from place to place for good, and that no cluster shall be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Differences {
    /// Nothing.
    #[default]
    None,
    /// Each place keeps the cases that it has.
    Kept,
    /// Each place is expected to have the cases that it has, though chance may place them elsewhere.
    AsObserved,
}

/// How p is told from drawn data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inference {
    /// All are drawn (Dwass 1957).
    #[default]
    MonteCarlo,
    /// Draws end when so many score as high as the most likely cluster (Besag and Clifford 1991).
    Sequential(u32),
    /// From a Gumbel distribution with their mean and variance (Abrams, Kleinman and Kulldorff 2010).
    Gumbel,
}

/// How to scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What a window covers.
    pub scope: Scope,
    /// Only windows that last until the end of the study, and how rare they are.
    pub prospective: bool,
    /// Only windows that last until the end of the study, in hindsight.
    pub alive: bool,
    /// Prospective: chance is measured over every scan since this day.
    pub since: Option<Date>,
    /// Prospective: one scan in so many days; by default one an interval.
    pub every_days: Option<f64>,
    /// Which places a window can hold.
    pub zones: Zones,
    /// Centres other than the places.
    pub grid: Option<Vec<[f64; 3]>>,
    /// Which clusters.
    pub rates: Rates,
    /// Times are numbers of a unit without a name, each told as a day by [`crate::Times::Numbers`].
    pub numbers: bool,
    /// The unit of an interval; by default the precision of the times.
    pub interval: Option<Interval>,
    /// How many units an interval has.
    pub interval_length: usize,
    /// First and last day of the study; by default those of the data.
    pub study: Option<(Date, Date)>,
    /// Cases outside the study, or where no place is, are passed over.
    pub relaxed: (bool, bool),
    /// The largest circle, as a share of the population at risk (of the cases, for permutation).
    pub max_share: f64,
    /// The largest circle, as a share of people given for this.
    pub max_people: Option<(Populations, f64)>,
    /// The largest radius, in units of the plane or in kilometres; of an ellipse its shorter half-axis.
    pub max_distance: Option<f64>,
    /// The longest window, as a share of the study; used where [`Options::max_time`] is not set.
    pub max_time_share: f64,
    /// The longest window, in units of the interval.
    pub max_time: Option<usize>,
    /// The shortest window, in units of the interval.
    pub min_time: usize,
    /// Windows begin within these days, and end within those.
    pub flexible_time: Option<((Date, Date), (Date, Date))>,
    /// Windows of all the time are looked at too.
    pub with_purely_spatial: bool,
    /// Windows of all places are looked at too.
    pub with_purely_temporal: bool,
    /// The fewest cases of a cluster of high rates, and of low rates.
    pub min_cases: (u32, u32),
    /// The least relative risk of a cluster of high rates.
    pub min_risk: Option<f64>,
    /// The greatest relative risk of a cluster of low rates.
    pub max_risk: Option<f64>,
    /// Common trends.
    pub trend: Trend,
    /// Days of the week differ.
    pub weekly: bool,
    /// Places differ (Poisson).
    pub by_place: Differences,
    /// Known events.
    pub known: crate::KnownRisks,
    /// Which less likely windows are told.
    pub secondary: Secondary,
    /// Clusters told are no larger than this share of the population at risk.
    pub told_share: Option<f64>,
    /// Clusters told are no larger than this share of the people given for this ([`Options::max_people`]).
    pub told_people: Option<f64>,
    /// Clusters told reach no further than this.
    pub told_distance: Option<f64>,
    /// How many clusters are told at most.
    pub most_clusters: usize,
    /// The shares among which Gini chooses.
    pub gini_shares: Vec<f64>,
    /// Which clusters Gini counts: p at most this.
    pub gini_p: f64,
    /// How p is told.
    pub inference: Inference,
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
            scope: Scope::SpaceTime,
            prospective: false,
            alive: false,
            since: None,
            every_days: None,
            zones: Zones::Circles,
            grid: None,
            rates: Rates::High,
            numbers: false,
            interval: None,
            interval_length: 1,
            study: None,
            relaxed: (false, false),
            max_share: 0.5,
            max_people: None,
            max_distance: None,
            max_time_share: 0.5,
            max_time: None,
            min_time: 1,
            flexible_time: None,
            with_purely_spatial: false,
            with_purely_temporal: false,
            min_cases: (2, 0),
            min_risk: None,
            max_risk: None,
            trend: Trend::None,
            weekly: false,
            by_place: Differences::None,
            known: crate::KnownRisks::default(),
            secondary: Secondary::NoOverlap,
            told_share: None,
            told_people: None,
            told_distance: None,
            most_clusters: 20,
            gini_shares: GINI_DEFAULT
                .split(',')
                .filter_map(|s| s.parse::<f64>().ok())
                .map(|s| s / 100.0)
                .collect(),
            gini_p: 0.05,
            inference: Inference::MonteCarlo,
            replicates: 999,
            seed: 1,
            threads: 1,
        }
    }
}

/// The shares, in per cent, that the reference program tries.
pub(crate) const GINI_DEFAULT: &str = "1,2,3,4,5,6,8,10,12,15,20,25,30,40,50";
