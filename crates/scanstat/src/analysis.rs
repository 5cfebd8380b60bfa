//! An analysis with all its data, from a parameter file and what it names.

use crate::options::Zones;
use crate::prm::{Given, Parameters};
use crate::times::Times;
use crate::zones::{Links, Neighbours};
use crate::{KnownRisks, Model, Options, Places, Populations, Records, Report, ScanError, Scope, scan};
use std::collections::BTreeMap;

/// All that a scan needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Where.
    pub places: Places,
    /// What happened.
    pub cases: Records,
    /// What it is compared with.
    pub model: Model,
    /// How.
    pub options: Options,
    /// The names of the files, by what they hold (`cases`, `population`, …): errors name them.
    pub files: BTreeMap<&'static str, String>,
}

impl Analysis {
    /// Reads all files that parameters name, by a function that gives the text of a file.
    ///
    /// # Errors
    /// What that function says, or the first line that does not read, with the file's name.
    pub fn read<E: From<ScanError>>(
        p: &Parameters,
        mut read: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Analysis, E> {
        let mut files = BTreeMap::new();
        // The text of a file, which is called by its name from here on.
        let mut text = |what: &'static str, key: &str, name: &str| -> Result<String, E> {
            let text = read(name)?;
            files.insert(what, name.to_owned());
            match p.layouts.get(key) {
                Some(layout) => layout.plain(what, &text).map_err(|e| in_file(name)(e).into()),
                None => Ok(text),
            }
        };
        let times = if p.options.numbers { Times::Numbers } else { Times::AsGiven };
        let mut options = p.options.clone();
        let cases = Records::parse_cases_with(&text("cases", "CaseFile", &p.cases)?, p.times)
            .map_err(in_file(&p.cases))?;
        let model = match (p.model, &p.population, &p.controls) {
            ("permutation", ..) => Model::Permutation,
            ("bernoulli", _, Some(f)) => {
                let text = text("controls", "ControlFile", f)?;
                Model::Bernoulli(Records::parse_controls_with(&text, p.times).map_err(in_file(f))?)
            }
            ("bernoulli", ..) => return Err(ScanError::Parameter("ControlFile is missing".into()).into()),
            (_, Some(f), _) => {
                let text = text("population", "PopulationFile", f)?;
                Model::Poisson(Populations::parse_with(&text, times).map_err(in_file(f))?)
            }
            _ if options.scope == Scope::Time => Model::Poisson(Populations::constant(&cases)),
            _ => return Err(ScanError::Parameter("PopulationFile is missing".into()).into()),
        };
        if let Some(f) = &p.known {
            let text = text("adjustments", "AdjustmentsByKnownRelativeRisksFilename", f)?;
            options.known = KnownRisks::parse_with(&text, times).map_err(in_file(f))?;
        }
        if let Some((f, share)) = &p.max_people {
            let text = text("sizes", "MaxCirclePopulationFile", f)?;
            options.max_people = Some((Populations::parse_sizes(&text).map_err(in_file(f))?, *share));
        }
        if let Some(f) = &p.grid {
            options.grid = Some(Places::parse_grid(&text("grid", "GridFile", f)?).map_err(in_file(f))?);
        }
        match &p.given {
            Given::Nothing => {}
            Given::Neighbours(f) => {
                let text = text("neighbours", "NeighborsFilename", f)?;
                options.zones = Zones::Given(Neighbours::parse(&text).map_err(in_file(f))?);
            }
            Given::Network(f) => {
                let text = text("network", "LocationsNetworkFilename", f)?;
                options.zones = Zones::Network(Links::parse(&text).map_err(in_file(f))?);
            }
        }
        let places = match (&p.geo, &options.zones) {
            _ if options.scope == Scope::Time => {
                let controls = match &model {
                    Model::Bernoulli(controls) => Some(controls),
                    _ => None,
                };
                let people = match &model {
                    Model::Poisson(people) => Some(people),
                    _ => None,
                };
                let names =
                    cases.all.iter().chain(controls.iter().flat_map(|c| &c.all)).map(|r| r.id.as_str());
                Places::named(names.chain(people.iter().flat_map(|p| p.sums().map(|s| s.0))))
            }
            (Some(f), _) => {
                let text = text("coordinates", "CoordinatesFile", f)?;
                Places::parse_geo_as(&text, Some(p.coordinates)).map_err(in_file(f))?
            }
            (None, Zones::Given(lists)) => Places::named(lists.names()),
            (None, Zones::Network(links)) if links.0.iter().all(|l| l.3.is_some()) => {
                Places::named(links.names())
            }
            _ => return Err(ScanError::Parameter("CoordinatesFile is missing".into()).into()),
        };
        Ok(Analysis { places, cases, model, options, files })
    }

    /// Scans.
    ///
    /// # Errors
    /// When the data do not fit together, naming the file with its line, or the parameter.
    pub fn scan(&self) -> Result<Report, ScanError> {
        scan(&self.places, &self.cases, &self.model, &self.options).map_err(|e| match e {
            ScanError::Line { what, line, why } => match self.files.get(what.as_str()) {
                Some(name) => ScanError::Line { what: format!("{name}: {what}"), line, why },
                None => ScanError::Line { what, line, why },
            },
            e => e,
        })
    }
}

/// An error of one file alone, with its name.
fn in_file(name: &str) -> impl Fn(ScanError) -> ScanError {
    move |e| ScanError::Parameter(format!("{name}: {e}"))
}
