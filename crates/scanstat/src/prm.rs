//! The reference program's parameter file: `Key=value` lines.

use crate::records::time;
use crate::{Coordinates, Interval, Options, Rates, ScanError};
use std::collections::HashMap;

/// What a parameter file asks for. File names are as they stand there.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// The case file.
    pub cases: String,
    /// The control file, for Bernoulli.
    pub controls: Option<String>,
    /// The population file, for Poisson.
    pub population: Option<String>,
    /// The coordinates.
    pub geo: String,
    /// What coordinates mean.
    pub coordinates: Coordinates,
    /// `poisson`, `bernoulli` or `permutation`.
    pub model: &'static str,
    /// How to scan.
    pub options: Options,
}

impl Parameters {
    /// Reads a parameter file.
    ///
    /// # Errors
    /// For what is missing, wrong, or not done here, naming the key.
    pub fn parse(text: &str) -> Result<Parameters, ScanError> {
        let keys: HashMap<&str, &str> = text
            .lines()
            .map(str::trim)
            .filter(|l| !l.starts_with(';'))
            .filter_map(|l| l.split_once('='))
            .map(|(k, v)| (k.trim(), v.trim()))
            .collect();
        let get = |key: &str| keys.get(key).copied().unwrap_or("");
        let wrong = |key: &str, why: &str| ScanError::Parameter(format!("{key}={}: {why}", get(key)));
        let number = |key: &str, otherwise: f64| match get(key) {
            "" => Ok(otherwise),
            text => text.parse::<f64>().map_err(|_| wrong(key, "is no number")),
        };
        let named = |key: &str| Some(get(key)).filter(|v| !v.is_empty()).map(str::to_owned);
        let day =
            |key: &str| time(get(key)).map(|t| t.0).ok_or_else(|| wrong(key, "is no date like 2025/1/9"));
        let model = match get("ModelType") {
            "0" => "poisson",
            "1" => "bernoulli",
            "2" => "permutation",
            _ => {
                return Err(wrong(
                    "ModelType",
                    "only 0 Poisson, 1 Bernoulli and 2 permutation are done here",
                ));
            }
        };
        let (purely_spatial, prospective) = match get("AnalysisType") {
            "1" => (true, false),
            "3" => (false, false),
            "4" => (false, true),
            _ => {
                return Err(wrong(
                    "AnalysisType",
                    "only 1 spatial, 3 retrospective and 4 prospective are done here",
                ));
            }
        };
        let interval = match get("TimeAggregationUnits") {
            "1" => Interval::Year,
            "2" => Interval::Month,
            "" | "3" => Interval::Day,
            _ => {
                return Err(wrong("TimeAggregationUnits", "only 1 years, 2 months and 3 days are done here"));
            }
        };
        if !matches!(get("TimeAggregationLength"), "" | "1") && !purely_spatial {
            return Err(wrong("TimeAggregationLength", "only 1 is done here"));
        }
        let share = number("MaxTemporalSize", 50.0)?;
        let by_time = get("MaxTemporalSizeInterpretation") == "1";
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number of intervals"
        )]
        let max_intervals = by_time.then_some(share.max(1.0) as usize);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number of data sets"
        )]
        let replicates = number("MonteCarloReps", 999.0)?.max(0.0) as u32;
        Ok(Parameters {
            cases: named("CaseFile").ok_or_else(|| wrong("CaseFile", "is missing"))?,
            controls: named("ControlFile"),
            population: named("PopulationFile"),
            geo: named("CoordinatesFile").ok_or_else(|| wrong("CoordinatesFile", "is missing"))?,
            coordinates: if get("CoordinatesType") == "1" {
                Coordinates::LatLong
            } else {
                Coordinates::Plane
            },
            model,
            options: Options {
                prospective,
                purely_spatial,
                rates: match get("ScanAreas") {
                    "2" => Rates::Low,
                    "3" => Rates::Both,
                    _ => Rates::High,
                },
                interval: Some(interval),
                study: Some((day("StartDate")?, day("EndDate")?)),
                max_share: number("MaxSpatialSizeInPopulationAtRisk", 50.0)? / 100.0,
                max_distance: match get("UseDistanceFromCenterOption") {
                    "y" => Some(number("MaxSpatialSizeInDistanceFromCenter", 1.0)?),
                    _ => None,
                },
                max_time_share: share / 100.0,
                max_intervals,
                replicates,
                ..Options::default()
            },
        })
    }
}
