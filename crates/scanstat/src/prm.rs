//! The reference program's parameter file: `Key=value` lines. What would change the answer is done or refused by name;
//! what asks for more beside the clusters is passed over with a remark.

use crate::options::{GINI_DEFAULT, Inference, Interval, Options, Rates, Scope, Secondary, Trend, Zones};
use crate::records::{Times, time};
use crate::{Coordinates, ScanError};
use jiff::civil::Date;
use std::collections::HashMap;

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

/// Refused unless they have one of these values (or none): they would change the answer.
const ONLY: &[(&str, &[&str], &str)] = &[
    ("IsotonicScan", &["0"], "the isotonic scan is not done here"),
    ("IterativeScan", &["n"], "the iterative scan is not done here"),
    ("UseMetaLocationsFile", &["n"], "meta locations are not read here"),
    ("MultipleCoordinatesType", &["0"], "several coordinates of one place are not done here"),
    ("UseMultipleCoordinates", &["n"], "several coordinates of one place are not done here"),
    ("SimulatedDataMethodType", &["0"], "data sets are drawn here, not read"),
    ("PowerEvaluationsMethod", &["0"], "power is not evaluated here"),
    (
        "UseMaxCirclePopulationFileOption_Reported",
        &["n"],
        "clusters told are limited by share or distance here",
    ),
    ("UseMaxCircleSizeFileOption_Reported", &["n"], "clusters told are limited by share or distance here"),
    ("SpatialAdjustmentType", &["0", "1"], "only 0 none and 1 spatially stratified are done here"),
    ("TimeTrendType", &["0", "1"], "only 0 and 1 are known here"),
];

/// Passed over with a remark if they have another value.
const BESIDE: &[(&str, &str)] = &[
    ("PerformStandardDrilldown", "n"),
    ("PerformBernoulliDrilldown", "n"),
    ("CalculateOliveira", "n"),
    ("PerformPowerEvaluation", "n"),
    ("ReportGiniIndexCoefficents", "n"),
    ("CriticalValue", "n"),
];

/// Sections whose keys say what is written, to whom, and how the program runs; they change no cluster.
const SILENT: &[&str] = &[
    "output",
    "temporal output",
    "other output",
    "line list",
    "notifications",
    "run options",
    "system",
    "cluster drilldown",
    "power evaluation",
    "power simulations",
    "miscellaneous analysis",
];

/// All keys that are read here, or that only mean something beside one that is.
const KNOWN: &str = " CaseFile ControlFile PrecisionCaseTimes StartDate EndDate PopulationFile CoordinatesFile UseGridFile \
GridFile CoordinatesType AnalysisType ModelType ScanAreas TimeAggregationUnits TimeAggregationLength \
MultipleDataSetsPurposeType StudyPeriodCheckType GeographicalCoordinatesCheckType LocationsNetworkFilename \
UseLocationsNetworkFile UseNeighborsFile NeighborsFilename MetaLocationsFilename MultipleLocationsFile \
MaxSpatialSizeInPopulationAtRisk UseMaxCirclePopulationFileOption MaxSpatialSizeInMaxCirclePopulationFile \
MaxCirclePopulationFile UseDistanceFromCenterOption MaxSpatialSizeInDistanceFromCenter IncludePurelyTemporal \
SpatialWindowShapeType NonCompactnessPenalty MinimumTemporalClusterSize MaxTemporalSizeInterpretation MaxTemporalSize \
IncludePurelySpatial IncludeClusters IntervalStartRange IntervalEndRange RiskLimitHighClusters RiskThresholdHighClusters \
RiskLimitLowClusters RiskThresholdLowClusters MinimumCasesInLowRateClusters MinimumCasesInHighRateClusters \
TimeTrendAdjustmentType TimeTrendPercentage TimeStratifiedAdjLength AdjustForWeeklyTrends UseAdjustmentsByRRFile \
AdjustmentsByKnownRelativeRisksFilename PValueReportType EarlyTerminationThreshold ReportGumbel MonteCarloReps \
AdjustForEarlierAnalyses ProspectiveStartDate IterativeScanMaxIterations IterativeScanMaxPValue \
ReportHierarchicalClusters CriteriaForReportingSecondaryClusters ReportGiniClusters ReportGiniOptimizedClusters \
GiniIndexClusterReportingType SpatialMaxima GiniIndexClustersPValueCutOff UseReportOnlySmallerClusters \
MaxSpatialSizeInPopulationAtRisk_Reported MaxSizeInMaxCirclePopulationFile_Reported UseDistanceFromCenterOption_Reported \
MaxSpatialSizeInDistanceFromCenter_Reported LaunchMapViewer LaunchKMLViewer CompressKMLtoKMZ IncludeClusterLocationsKML \
ThresholdLocationsSeparateKML EllipseShapes EllipseAngles SimulatedDataInputFilename ProspectiveFrequencyType \
ProspectiveFrequency RandomizationSeed UserDefinedRandomizationSeed RandomlyGenerateSeed TimeTrendConvergence ";

struct Keys<'a>(HashMap<&'a str, &'a str>);

impl<'a> Keys<'a> {
    fn get(&self, key: &str) -> &'a str {
        self.0.get(key).copied().unwrap_or("")
    }

    fn wrong(&self, key: &str, why: &str) -> ScanError {
        ScanError::Parameter(format!("{key}={}: {why}", self.get(key)))
    }

    fn number(&self, key: &str, otherwise: f64) -> Result<f64, ScanError> {
        match self.get(key) {
            "" => Ok(otherwise),
            text => text
                .parse()
                .ok()
                .filter(|v: &f64| v.is_finite())
                .ok_or_else(|| self.wrong(key, "is no number")),
        }
    }

    fn whole(&self, key: &str, otherwise: u32) -> Result<u32, ScanError> {
        match self.get(key) {
            "" => Ok(otherwise),
            text => text.parse().map_err(|_| self.wrong(key, "is no whole number")),
        }
    }

    fn share(&self, key: &str) -> Result<f64, ScanError> {
        Ok(self.number(key, 50.0)? / 100.0)
    }

    fn yes(&self, key: &str) -> Result<bool, ScanError> {
        match self.get(key) {
            "y" | "Y" | "1" => Ok(true),
            "" | "n" | "N" | "0" => Ok(false),
            _ => Err(self.wrong(key, "is neither y nor n")),
        }
    }

    fn named(&self, key: &str) -> Option<String> {
        Some(self.get(key)).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    /// A file that another key asks for.
    fn file(&self, asked: &str, key: &str) -> Result<Option<String>, ScanError> {
        if !self.yes(asked)? {
            return Ok(None);
        }
        self.named(key).map(Some).ok_or_else(|| self.wrong(key, &format!("is missing, and {asked}=y")))
    }

    fn day(&self, key: &str, text: &str) -> Result<(Date, Interval), ScanError> {
        time(text).ok_or_else(|| self.wrong(key, "is no date like 2025/1/9"))
    }

    fn range(&self, key: &str) -> Result<(Date, Date), ScanError> {
        let (a, b) =
            self.get(key).split_once(',').ok_or_else(|| self.wrong(key, "needs two dates and a comma"))?;
        Ok((self.day(key, a.trim())?.0, self.day(key, b.trim())?.0))
    }

    fn list(&self, key: &str, otherwise: &str) -> Result<Vec<f64>, ScanError> {
        let text = Some(self.get(key)).filter(|t| !t.is_empty()).unwrap_or(otherwise);
        let one = |t: &str| t.trim().parse::<f64>().map_err(|_| self.wrong(key, "is no list of numbers"));
        text.split(',').map(one).collect()
    }

    fn one_of<T: Copy>(&self, key: &str, table: &[(&str, T)]) -> Result<T, ScanError> {
        table.iter().find(|(name, _)| *name == self.get(key)).map(|(_, value)| *value).ok_or_else(|| {
            let done: Vec<&str> = table.iter().map(|t| t.0).filter(|n| !n.is_empty()).collect();
            self.wrong(key, &format!("only {} are done here", done.join(", ")))
        })
    }
}

impl Parameters {
    /// Reads a parameter file.
    ///
    /// # Errors
    /// For what is missing, wrong, or not done here, naming the key.
    pub fn parse(text: &str) -> Result<Parameters, ScanError> {
        let mut keys = Keys(HashMap::new());
        let mut section = String::new();
        for line in text.lines().map(|l| l.trim_start_matches('\u{feff}').trim()) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_lowercase();
            } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(';')) {
                let (key, value) = (key.trim(), value.trim());
                understood(key, value, &section)?;
                keys.0.insert(key, value);
            }
        }
        for (key, values, why) in ONLY {
            if !keys.get(key).is_empty() && !values.contains(&keys.get(key)) {
                return Err(keys.wrong(key, why));
            }
        }
        let mut remarks: Vec<String> = BESIDE
            .iter()
            .filter(|(key, value)| !matches!(keys.get(key), "") && keys.get(key) != *value)
            .map(|(key, _)| {
                format!("{key}={} is not done here; the clusters are the same without", keys.get(key))
            })
            .collect();
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
        if given != Given::Nothing && options.zones != Zones::Circles {
            return Err(k.wrong("SpatialWindowShapeType", "ellipses go with coordinates only"));
        }
        let max_people = match k.file("UseMaxCirclePopulationFileOption", "MaxCirclePopulationFile")? {
            Some(f) => Some((f, k.share("MaxSpatialSizeInMaxCirclePopulationFile")?)),
            None => None,
        };
        Ok(Parameters {
            cases: k.named("CaseFile").ok_or_else(|| k.wrong("CaseFile", "is missing"))?,
            times: match k.get("PrecisionCaseTimes") {
                "0" => Times::Absent,
                "1" => Times::To(Interval::Year),
                "2" => Times::To(Interval::Month),
                "3" => Times::To(Interval::Day),
                "" => Times::AsGiven,
                _ => {
                    return Err(
                        k.wrong("PrecisionCaseTimes", "only 0, 1 years, 2 months and 3 days are read here")
                    );
                }
            },
            controls: k.named("ControlFile"),
            population: k.named("PopulationFile"),
            geo: k.named("CoordinatesFile"),
            grid: k.file("UseGridFile", "GridFile")?,
            known: k.file("UseAdjustmentsByRRFile", "AdjustmentsByKnownRelativeRisksFilename")?,
            max_people,
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

/// Whether a key is known, or can change no cluster.
fn understood(key: &str, value: &str, section: &str) -> Result<(), ScanError> {
    let further = ["CaseFile", "ControlFile", "PopulationFile"]
        .iter()
        .any(|f| key.strip_prefix(f).is_some_and(|n| n.parse::<u32>().is_ok_and(|n| n > 1)));
    if further && !value.is_empty() {
        return Err(ScanError::Parameter(format!("{key}={value}: only one data set is scanned here")));
    }
    let known = further
        || KNOWN.contains(&format!(" {key} "))
        || ONLY.iter().any(|o| o.0 == key)
        || BESIDE.iter().any(|o| o.0 == key)
        || key.starts_with("DataSet")
        || SILENT.contains(&section);
    if known || matches!(value, "" | "n" | "0") {
        Ok(())
    } else {
        Err(ScanError::Parameter(format!("{key}={value}: this setting is not known here")))
    }
}

fn time_of(k: &Keys, o: &mut Options) -> Result<(), ScanError> {
    let last = |(day, precision): (Date, Interval)| match precision {
        Interval::Day => day,
        Interval::Month => day.last_of_month(),
        Interval::Year => day.last_of_year(),
    };
    let end = last(k.day("EndDate", k.get("EndDate"))?);
    o.study = Some((k.day("StartDate", k.get("StartDate"))?.0, end));
    if o.scope != Scope::Space {
        o.interval = Some(k.one_of(
            "TimeAggregationUnits",
            &[("1", Interval::Year), ("2", Interval::Month), ("3", Interval::Day), ("", Interval::Day)],
        )?);
        o.interval_length = k.whole("TimeAggregationLength", 1)?.max(1) as usize;
        if k.get("MaxTemporalSizeInterpretation") == "1" {
            o.max_time = Some(k.whole("MaxTemporalSize", 1)?.max(1) as usize);
        } else {
            o.max_time_share = k.share("MaxTemporalSize")?;
        }
        o.min_time = k.whole("MinimumTemporalClusterSize", 1)? as usize;
        match k.get("IncludeClusters") {
            "" | "0" => {}
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
            "2" => Trend::Percent(k.number("TimeTrendPercentage", 0.0)?),
            "3" => Trend::LogLinear,
            "4" => Trend::Stratified(k.whole("TimeStratifiedAdjLength", 1)?.max(1) as usize),
            "5" => Trend::Quadratic,
            _ => return Err(k.wrong("TimeTrendAdjustmentType", "only 0, 2, 3, 4 and 5 are done here")),
        };
        o.weekly = k.yes("AdjustForWeeklyTrends")?;
        o.by_place = k.get("SpatialAdjustmentType") == "1";
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
