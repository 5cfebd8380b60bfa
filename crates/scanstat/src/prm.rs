//! The reference program's parameter file: `Key=value` lines. What would change the answer is done or refused by name;
//! what asks for more beside the clusters is passed over with a remark.

mod keys;

use crate::layout::Layout;
use crate::options::{
    Differences, GINI_DEFAULT, Inference, Interval, Options, Rates, Scope, Secondary, Trend, Zones,
};
use crate::times::{Times, last};
use crate::{Coordinates, ScanError};
use keys::{FILES, Keys};
use std::collections::BTreeMap;

/// Windows that another file lays out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Given {
    /// None.
    #[default]
    Nothing,
    /// The neighbours file.
    Neighbours(String),
    /// The network file.
    Network(String),
}

/// What a parameter file asks for. File names are as they stand there.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The case file.
    pub cases: String,
    /// Whether it has times, and how precise they are.
    pub times: Times,
    /// The control file, for Bernoulli.
    pub controls: Option<String>,
    /// The population file, for Poisson.
    pub population: Option<String>,
    /// The coordinates.
    pub geo: Option<String>,
    /// The file of centres.
    pub grid: Option<String>,
    /// The file of relative risks known.
    pub known: Option<String>,
    /// The file that the largest circle is measured by, and the share.
    pub max_people: Option<(String, f64)>,
    /// How the tables are laid out that came from another program, by the keys that name them.
    pub layouts: BTreeMap<&'static str, Layout>,
    /// Neighbours or network.
    pub given: Given,
    /// What coordinates mean.
    pub coordinates: Coordinates,
    /// `poisson`, `bernoulli` or `permutation`.
    pub model: &'static str,
    /// How to scan.
    pub options: Options,
    /// What was asked for and is not done here; the clusters are the same without.
    pub remarks: Vec<String>,
}

impl Parameters {
    /// Reads a parameter file.
    ///
    /// # Errors
    /// For what is missing, wrong, or not done here, naming the key.
    pub fn parse(text: &str) -> Result<Parameters, ScanError> {
        let keys = Keys::parse(text)?;
        let mut remarks = keys.remarks();
        let gini = ["ReportGiniClusters", "ReportGiniOptimizedClusters"];
        if gini.iter().any(|g| keys.get(g) == "y") && keys.get("ReportHierarchicalClusters") != "n" {
            remarks.push(
                "of hierarchical and Gini clusters, both asked for, the hierarchical ones are told".into(),
            );
        }
        let k = &keys;
        let model = k.one_of("ModelType", &[("0", "poisson"), ("1", "bernoulli"), ("2", "permutation")])?;
        let mut options = Options::default();
        (options.scope, options.prospective) = k.one_of(
            "AnalysisType",
            &[
                ("1", (Scope::Space, false)),
                ("2", (Scope::Time, false)),
                ("3", (Scope::SpaceTime, false)),
                ("4", (Scope::SpaceTime, true)),
                ("6", (Scope::Time, true)),
            ],
        )?;
        time_of(k, &mut options)?;
        space(k, &mut options)?;
        inference(k, &mut options)?;
        let neighbours = k.file("UseNeighborsFile", "NeighborsFilename")?;
        let network = k.file("UseLocationsNetworkFile", "LocationsNetworkFilename")?;
        let given = match (neighbours, network) {
            (Some(_), Some(_)) => return Err(k.wrong("UseNeighborsFile", "does not go with a network file")),
            (Some(f), None) => Given::Neighbours(f),
            (None, Some(f)) => Given::Network(f),
            (None, None) => Given::Nothing,
        };
        if matches!(given, Given::Network(_)) && k.get("PurposeLocationsNetworkFile") == "0" {
            return Err(k.wrong(
                "PurposeLocationsNetworkFile",
                "distances of single pairs beside those of coordinates are not done here",
            ));
        }
        if given != Given::Nothing && options.zones != Zones::Circles {
            return Err(k.wrong("SpatialWindowShapeType", "ellipses go with coordinates only"));
        }
        let sizes = "MaxCirclePopulationFile";
        let max_people = match k.file("UseMaxCirclePopulationFileOption", sizes)? {
            Some(f) => Some((f, k.share("MaxSpatialSizeInMaxCirclePopulationFile")?)),
            None if options.told_people.is_some() => {
                k.file("UseMaxCirclePopulationFileOption_Reported", sizes)?.map(|f| (f, 1.0))
            }
            None => None,
        };
        let mut layouts = BTreeMap::new();
        for key in FILES.iter().filter(|key| !k.get(key).is_empty()) {
            if let Some(layout) = k.layout(key)? {
                layouts.insert(*key, layout);
            }
        }
        Ok(Parameters {
            cases: k.named("CaseFile").ok_or_else(|| k.wrong("CaseFile", "is missing"))?,
            times: match k.get("PrecisionCaseTimes") {
                "0" => Times::Absent,
                "1" => Times::To(Interval::Year),
                "2" => Times::To(Interval::Month),
                "3" => Times::To(Interval::Day),
                "4" => Times::Numbers,
                "" => Times::AsGiven,
                _ => {
                    return Err(k.wrong(
                        "PrecisionCaseTimes",
                        "only 0, 1 years, 2 months, 3 days and 4 numbers are read here",
                    ));
                }
            },
            controls: k.named("ControlFile"),
            population: k.named("PopulationFile"),
            geo: k.named("CoordinatesFile"),
            grid: k.file("UseGridFile", "GridFile")?,
            known: k.file("UseAdjustmentsByRRFile", "AdjustmentsByKnownRelativeRisksFilename")?,
            max_people,
            layouts,
            given,
            coordinates: k.one_of(
                "CoordinatesType",
                &[("0", Coordinates::Plane), ("1", Coordinates::LatLong), ("", Coordinates::Plane)],
            )?,
            model,
            options,
            remarks,
        })
    }
}

fn time_of(k: &Keys, o: &mut Options) -> Result<(), ScanError> {
    o.numbers = k.numbers();
    let (end, precision) = k.day("EndDate", k.get("EndDate"))?;
    o.study = Some((k.day("StartDate", k.get("StartDate"))?.0, last(end, precision)));
    if o.scope != Scope::Space {
        o.interval = Some(k.one_of(
            "TimeAggregationUnits",
            if o.numbers {
                &[("4", Interval::Day), ("", Interval::Day)]
            } else {
                &[("1", Interval::Year), ("2", Interval::Month), ("3", Interval::Day), ("", Interval::Day)]
            },
        )?);
        o.interval_length = k.whole("TimeAggregationLength", 1)?.max(1) as usize;
        if k.get("MaxTemporalSizeInterpretation") == "1" {
            o.max_time = Some(k.whole("MaxTemporalSize", 1)?.max(1) as usize);
        } else {
            o.max_time_share = k.share("MaxTemporalSize")?;
        }
        o.min_time = k.whole("MinimumTemporalClusterSize", 1)? as usize;
        match k.get("IncludeClusters") {
            // A prospective scan looks at what is alive, whatever is said here.
            "" | "0" => {}
            "1" | "2" if o.prospective => {}
            "1" => o.alive = true,
            "2" => {
                o.flexible_time = Some((k.range("IntervalStartRange")?, k.range("IntervalEndRange")?));
            }
            _ => return Err(k.wrong("IncludeClusters", "only 0, 1 and 2 are done here")),
        }
        o.with_purely_spatial = o.scope == Scope::SpaceTime && k.yes("IncludePurelySpatial")?;
        o.with_purely_temporal = o.scope == Scope::SpaceTime && k.yes("IncludePurelyTemporal")?;
        o.trend = match k.get("TimeTrendAdjustmentType") {
            "" | "0" => Trend::None,
            "1" => Trend::AsObserved,
            "2" => Trend::Percent(k.number("TimeTrendPercentage", 0.0)?),
            "3" => Trend::LogLinear,
            "4" => Trend::Stratified(k.whole("TimeStratifiedAdjLength", 1)?.max(1) as usize),
            "5" => Trend::Quadratic,
            _ => return Err(k.wrong("TimeTrendAdjustmentType", "only 0 to 5 are done here")),
        };
        o.weekly = k.yes("AdjustForWeeklyTrends")?;
        o.by_place = k.one_of(
            "SpatialAdjustmentType",
            &[
                ("", Differences::None),
                ("0", Differences::None),
                ("1", Differences::Kept),
                ("2", Differences::AsObserved),
            ],
        )?;
    }
    if o.prospective {
        if k.yes("AdjustForEarlierAnalyses")? {
            o.since = Some(k.day("ProspectiveStartDate", k.get("ProspectiveStartDate"))?.0);
        }
        let times = f64::from(k.whole("ProspectiveFrequency", 1)?.max(1));
        let days = k.one_of(
            "ProspectiveFrequencyType",
            &[
                ("", None),
                ("0", None),
                ("1", Some(1.0)),
                ("2", Some(7.0)),
                ("3", Some(365.25 / 12.0)),
                ("4", Some(365.25 / 4.0)),
                ("5", Some(365.25)),
            ],
        )?;
        o.every_days = days.map(|d: f64| d * times);
    }
    Ok(())
}

fn space(k: &Keys, o: &mut Options) -> Result<(), ScanError> {
    o.relaxed = (k.get("StudyPeriodCheckType") == "1", k.get("GeographicalCoordinatesCheckType") == "1");
    o.max_share = k.share("MaxSpatialSizeInPopulationAtRisk")?;
    if k.yes("UseDistanceFromCenterOption")? {
        o.max_distance = Some(k.number("MaxSpatialSizeInDistanceFromCenter", 1.0)?);
    }
    if o.scope != Scope::Time && k.get("SpatialWindowShapeType") == "1" {
        let shapes = k.list("EllipseShapes", "1.5,2,3,4,5")?;
        let angles = k.list("EllipseAngles", "4,6,9,12,15")?;
        if shapes.len() != angles.len() {
            return Err(k.wrong("EllipseAngles", "needs one number for each of EllipseShapes"));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
        let shapes = shapes.into_iter().zip(angles.into_iter().map(|a| a as u32)).collect();
        let penalty = k.one_of("NonCompactnessPenalty", &[("", 0.0), ("0", 0.0), ("1", 0.5), ("2", 1.0)])?;
        o.zones = Zones::Ellipses { shapes, penalty };
    }
    o.rates = k.one_of(
        "ScanAreas",
        &[("", Rates::High), ("1", Rates::High), ("2", Rates::Low), ("3", Rates::Both)],
    )?;
    o.min_cases =
        (k.whole("MinimumCasesInHighRateClusters", 2)?, k.whole("MinimumCasesInLowRateClusters", 0)?);
    if k.yes("RiskLimitHighClusters")? {
        o.min_risk = Some(k.number("RiskThresholdHighClusters", 1.0)?);
    }
    if k.yes("RiskLimitLowClusters")? {
        o.max_risk = Some(k.number("RiskThresholdLowClusters", 1.0)?);
    }
    o.secondary = k.one_of(
        "CriteriaForReportingSecondaryClusters",
        &[
            ("", Secondary::NoOverlap),
            ("0", Secondary::NoOverlap),
            ("1", Secondary::NoCentresInOther),
            ("2", Secondary::NoCentresInMoreLikely),
            ("3", Secondary::NoCentresInLessLikely),
            ("4", Secondary::NoPairs),
            ("5", Secondary::Any),
        ],
    )?;
    let gini = k.yes("ReportGiniClusters")? || k.yes("ReportGiniOptimizedClusters")?;
    let hierarchical = matches!(k.get("ReportHierarchicalClusters"), "" | "y");
    if gini && !hierarchical {
        o.secondary = Secondary::Gini;
    }
    o.gini_shares = k.list("SpatialMaxima", GINI_DEFAULT)?.into_iter().map(|s| s / 100.0).collect();
    o.gini_p = k.number("GiniIndexClustersPValueCutOff", 0.05)?;
    if k.yes("UseReportOnlySmallerClusters")? {
        o.told_share = Some(k.share("MaxSpatialSizeInPopulationAtRisk_Reported")?);
        if k.yes("UseMaxCirclePopulationFileOption_Reported")? {
            o.told_people = Some(k.share("MaxSizeInMaxCirclePopulationFile_Reported")?);
        }
        if k.yes("UseDistanceFromCenterOption_Reported")? {
            o.told_distance = Some(k.number("MaxSpatialSizeInDistanceFromCenter_Reported", 1.0)?);
        }
    }
    Ok(())
}

fn inference(k: &Keys, o: &mut Options) -> Result<(), ScanError> {
    o.replicates = k.whole("MonteCarloReps", 999)?;
    // 0 is the reference program's own mixture of the three: all are drawn, which is never less exact.
    o.inference = match k.get("PValueReportType") {
        "" | "0" | "1" => Inference::MonteCarlo,
        "2" => Inference::Sequential(k.whole("EarlyTerminationThreshold", 50)?),
        "3" => Inference::Gumbel,
        _ => return Err(k.wrong("PValueReportType", "only 0, 1, 2 and 3 are done here")),
    };
    Ok(())
}
