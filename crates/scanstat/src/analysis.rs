//! An analysis with all its data, from a parameter file and what it names.

use crate::options::Zones;
use crate::prm::{Given, Parameters};
use crate::zones::{Links, Neighbours};
use crate::{
    Coordinates, KnownRisks, Model, Options, Places, Populations, Records, Report, ScanError, Scope, scan,
};

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
        let mut text = |name: &str| read(name);
        let named = |name: &str, e: ScanError| ScanError::Parameter(format!("{name}: {e}"));
        let mut options = p.options.clone();
        let cases = Records::parse_cases_with(&text(&p.cases)?, p.times).map_err(|e| named(&p.cases, e))?;
        let model = match (p.model, &p.population, &p.controls) {
            ("permutation", ..) => Model::Permutation,
            ("bernoulli", _, Some(f)) => {
                let controls = Records::parse_controls_with(&text(f)?, p.times).map_err(|e| named(f, e))?;
                Model::Bernoulli(controls)
            }
            ("bernoulli", ..) => return Err(ScanError::Parameter("ControlFile is missing".into()).into()),
            (_, Some(f), _) => Model::Poisson(Populations::parse(&text(f)?).map_err(|e| named(f, e))?),
            _ if options.scope == Scope::Time => Model::Poisson(Populations::constant(&cases)),
            _ => return Err(ScanError::Parameter("PopulationFile is missing".into()).into()),
        };
        if let Some(f) = &p.known {
            options.known = KnownRisks::parse(&text(f)?).map_err(|e| named(f, e))?;
        }
        if let Some((f, share)) = &p.max_people {
            let sizes = Populations::parse_sizes(&text(f)?).map_err(|e| named(f, e))?;
            options.max_people = Some((sizes, *share));
        }
        if let Some(f) = &p.grid {
            options.grid = Some(Places::parse_grid(&text(f)?).map_err(|e| named(f, e))?);
        }
        match &p.given {
            Given::Nothing => {}
            Given::Neighbours(f) => {
                options.zones = Zones::Given(Neighbours::parse(&text(f)?).map_err(|e| named(f, e))?);
            }
            Given::Network(f) => {
                options.zones = Zones::Network(Links::parse(&text(f)?).map_err(|e| named(f, e))?);
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
                let mut places = Places::parse_geo(&text(f)?).map_err(|e| named(f, e))?;
                places.kind = p.coordinates;
                let far = places.at.iter().position(|a| a[0].abs() > 90.0 || a[1].abs() > 180.0);
                if let Some(i) = far.filter(|_| places.kind == Coordinates::LatLong) {
                    let why =
                        format!("{:?} lies beyond 90 degrees of latitude or 180 of longitude", places.ids[i]);
                    return Err(named(f, ScanError::Parameter(why)).into());
                }
                places
            }
            (None, Zones::Given(lists)) => Places::named(lists.names()),
            (None, Zones::Network(links)) if links.0.iter().all(|l| l.3.is_some()) => {
                Places::named(links.names())
            }
            _ => return Err(ScanError::Parameter("CoordinatesFile is missing".into()).into()),
        };
        Ok(Analysis { places, cases, model, options })
    }

    /// Scans.
    ///
    /// # Errors
    /// When the data do not fit together, naming the place or the parameter.
    pub fn scan(&self) -> Result<Report, ScanError> {
        scan(&self.places, &self.cases, &self.model, &self.options)
    }
}
