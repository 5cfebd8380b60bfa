//! The keys of a parameter file: which are read, which change no cluster, and which are refused.

use crate::ScanError;
use crate::layout::Layout;
use crate::options::Interval;
use crate::times::moment;
use jiff::civil::Date;
use std::collections::HashMap;

/// Refused unless they have one of these values (or none): they would change the answer.
const ONLY: &[(&str, &[&str], &str)] = &[
    ("IsotonicScan", &["0"], "the isotonic scan is not done here"),
    ("IterativeScan", &["n"], "the iterative scan is not done here"),
    ("UseMetaLocationsFile", &["n"], "meta locations are not read here"),
    ("MultipleCoordinatesType", &["0"], "several coordinates of one place are not done here"),
    ("UseMultipleCoordinates", &["n"], "several coordinates of one place are not done here"),
    ("SimulatedDataMethodType", &["0"], "data sets are drawn here, not read"),
    ("TimeTrendType", &["0", "1"], "only 0 and 1 are known here"),
];

/// Files that may be tables of another program, by the keys that name them.
pub(super) const FILES: &[&str] = &[
    "CaseFile",
    "ControlFile",
    "PopulationFile",
    "CoordinatesFile",
    "GridFile",
    "MaxCirclePopulationFile",
    "AdjustmentsByKnownRelativeRisksFilename",
    "NeighborsFilename",
    "LocationsNetworkFilename",
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
UseLocationsNetworkFile PurposeLocationsNetworkFile UseNeighborsFile NeighborsFilename MetaLocationsFilename MultipleLocationsFile \
MaxSpatialSizeInPopulationAtRisk UseMaxCirclePopulationFileOption MaxSpatialSizeInMaxCirclePopulationFile \
MaxCirclePopulationFile UseDistanceFromCenterOption MaxSpatialSizeInDistanceFromCenter IncludePurelyTemporal \
SpatialWindowShapeType NonCompactnessPenalty MinimumTemporalClusterSize MaxTemporalSizeInterpretation MaxTemporalSize \
IncludePurelySpatial IncludeClusters IntervalStartRange IntervalEndRange RiskLimitHighClusters RiskThresholdHighClusters \
RiskLimitLowClusters RiskThresholdLowClusters MinimumCasesInLowRateClusters MinimumCasesInHighRateClusters \
TimeTrendAdjustmentType TimeTrendPercentage TimeStratifiedAdjLength AdjustForWeeklyTrends UseAdjustmentsByRRFile \
AdjustmentsByKnownRelativeRisksFilename PValueReportType EarlyTerminationThreshold ReportGumbel MonteCarloReps \
AdjustForEarlierAnalyses ProspectiveStartDate IterativeScanMaxIterations IterativeScanMaxPValue PowerEvaluationsMethod \
ReportHierarchicalClusters CriteriaForReportingSecondaryClusters ReportGiniClusters ReportGiniOptimizedClusters \
GiniIndexClusterReportingType SpatialMaxima GiniIndexClustersPValueCutOff UseReportOnlySmallerClusters \
MaxSpatialSizeInPopulationAtRisk_Reported MaxSizeInMaxCirclePopulationFile_Reported UseDistanceFromCenterOption_Reported \
MaxSpatialSizeInDistanceFromCenter_Reported LaunchMapViewer LaunchKMLViewer CompressKMLtoKMZ IncludeClusterLocationsKML \
ThresholdLocationsSeparateKML UseMaxCirclePopulationFileOption_Reported SpatialAdjustmentType EllipseShapes EllipseAngles SimulatedDataInputFilename ProspectiveFrequencyType \
ProspectiveFrequency RandomizationSeed UserDefinedRandomizationSeed RandomlyGenerateSeed TimeTrendConvergence ";

/// What a file says, by keys in small letters.
#[derive(Default)]
pub(super) struct Keys<'a>(HashMap<String, &'a str>);

impl<'a> Keys<'a> {
    /// Reads `Key=value` lines and refuses what is not known.
    pub(super) fn parse(text: &'a str) -> Result<Keys<'a>, ScanError> {
        let mut keys = Keys::default();
        let mut section = String::new();
        for (number, line) in (1..).zip(text.lines().map(|l| l.trim_start_matches('\u{feff}').trim())) {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_lowercase();
            } else if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(';')) {
                let (key, value) = (key.trim(), value.trim());
                if key.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-') {
                    return Err(ScanError::of("settings", number, "is no setting".into()));
                }
                understood(key, value, &section)?;
                keys.0.insert(key.to_lowercase(), value);
            }
        }
        if keys.0.is_empty() {
            return Err(ScanError::Parameter("holds no settings".into()));
        }
        for (key, values, why) in ONLY {
            if !keys.get(key).is_empty() && !values.contains(&keys.get(key)) {
                return Err(keys.wrong(key, why));
            }
        }
        if keys.yes("PerformPowerEvaluation")? && !matches!(keys.get("PowerEvaluationsMethod"), "" | "0") {
            return Err(keys.wrong("PowerEvaluationsMethod", "power alone is not evaluated here"));
        }
        Ok(keys)
    }

    /// What was asked for beside the clusters, and is not done here.
    pub(super) fn remarks(&self) -> Vec<String> {
        BESIDE
            .iter()
            .filter(|(key, value)| !matches!(self.get(key), "") && self.get(key) != *value)
            .map(|(key, _)| {
                format!("{key}={} is not done here; the clusters are the same without", self.get(key))
            })
            .collect()
    }

    /// How the table is laid out that a key names, if anything is said of that.
    pub(super) fn layout(&self, key: &str) -> Result<Option<Layout>, ScanError> {
        Layout::of(key, |part| self.0.get(&part.to_lowercase()).copied())
    }

    pub(super) fn get(&self, key: &str) -> &'a str {
        self.0.get(&key.to_lowercase()).copied().unwrap_or("")
    }

    /// Whether times are numbers of a unit without a name.
    pub(super) fn numbers(&self) -> bool {
        self.get("PrecisionCaseTimes") == "4"
    }

    pub(super) fn wrong(&self, key: &str, why: &str) -> ScanError {
        ScanError::Parameter(format!("{key}={}: {why}", self.get(key)))
    }

    pub(super) fn number(&self, key: &str, otherwise: f64) -> Result<f64, ScanError> {
        match self.get(key) {
            "" => Ok(otherwise),
            text => text
                .parse()
                .ok()
                .filter(|v: &f64| v.is_finite())
                .ok_or_else(|| self.wrong(key, "is no number")),
        }
    }

    pub(super) fn whole(&self, key: &str, otherwise: u32) -> Result<u32, ScanError> {
        match self.get(key) {
            "" => Ok(otherwise),
            text => text.parse().map_err(|_| self.wrong(key, "is no whole number")),
        }
    }

    pub(super) fn share(&self, key: &str) -> Result<f64, ScanError> {
        match self.number(key, 50.0)? {
            share if share > 0.0 && share <= 100.0 => Ok(share / 100.0),
            _ => Err(self.wrong(key, "is no share above 0 and up to 100 per cent")),
        }
    }

    pub(super) fn yes(&self, key: &str) -> Result<bool, ScanError> {
        match self.get(key) {
            "y" | "Y" | "1" => Ok(true),
            "" | "n" | "N" | "0" => Ok(false),
            _ => Err(self.wrong(key, "is neither y nor n")),
        }
    }

    pub(super) fn named(&self, key: &str) -> Option<String> {
        Some(self.get(key)).filter(|v| !v.is_empty()).map(str::to_owned)
    }

    /// A file that another key asks for.
    pub(super) fn file(&self, asked: &str, key: &str) -> Result<Option<String>, ScanError> {
        if !self.yes(asked)? {
            return Ok(None);
        }
        self.named(key).map(Some).ok_or_else(|| self.wrong(key, &format!("is missing, and {asked}=y")))
    }

    pub(super) fn day(&self, key: &str, text: &str) -> Result<(Date, Interval), ScanError> {
        moment(text, self.numbers()).map_err(|_| {
            self.wrong(key, if self.numbers() { "is no time like 12" } else { "is no date like 2025/1/9" })
        })
    }

    pub(super) fn range(&self, key: &str) -> Result<(Date, Date), ScanError> {
        let (a, b) =
            self.get(key).split_once(',').ok_or_else(|| self.wrong(key, "needs two dates and a comma"))?;
        Ok((self.day(key, a.trim())?.0, self.day(key, b.trim())?.0))
    }

    pub(super) fn list(&self, key: &str, otherwise: &str) -> Result<Vec<f64>, ScanError> {
        let text = Some(self.get(key)).filter(|t| !t.is_empty()).unwrap_or(otherwise);
        let one = |t: &str| t.trim().parse::<f64>().map_err(|_| self.wrong(key, "is no list of numbers"));
        text.split(',').map(one).collect()
    }

    pub(super) fn one_of<T: Copy>(&self, key: &str, table: &[(&str, T)]) -> Result<T, ScanError> {
        table.iter().find(|(name, _)| *name == self.get(key)).map(|(_, value)| *value).ok_or_else(|| {
            let done: Vec<&str> = table.iter().map(|t| t.0).filter(|n| !n.is_empty()).collect();
            self.wrong(key, &format!("only {} are done here", done.join(", ")))
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
    let same = |other: &str| other.eq_ignore_ascii_case(key);
    let known = further
        || KNOWN.split_ascii_whitespace().any(same)
        || ONLY.iter().any(|o| same(o.0))
        || BESIDE.iter().any(|o| same(o.0))
        || key.starts_with("DataSet")
        || FILES.iter().any(|f| key.strip_prefix(f).is_some_and(|rest| rest.starts_with("-Source")))
        || SILENT.contains(&section);
    if known || matches!(value, "" | "n" | "0") {
        Ok(())
    } else {
        Err(ScanError::Parameter(format!("{key}={value}: this setting is not known here")))
    }
}
