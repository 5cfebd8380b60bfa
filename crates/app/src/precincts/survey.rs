//! Surveyed outlines: brought in from GeoJSON, and what a plan looks like with them.

use crate::{App, AppError, Invalid};
use districting::polygons::{self, Kind, Reading, Territory};
use domain::precincts::Layout;
use domain::territory::Part;
use domain::{Actor, PlaceId};
use std::collections::{BTreeMap, HashMap};
use store::events::Subject;
use store::outlines::{Fault, FaultKind, Outline, Ring, Survey};

/// Outlines are kept in whole metres: cracks that come of that are none.
const CRACK: f64 = 3.0;

/// The surveyed outlines of some neighbourhoods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlines(pub BTreeMap<PlaceId, Vec<Ring>>);

impl Outlines {
    /// One outline around each precinct of a layout, as far as its neighbourhoods have outlines.
    pub fn around(&self, layout: &Layout) -> BTreeMap<PlaceId, Vec<Ring>> {
        let mut members: BTreeMap<PlaceId, Vec<Vec<polygons::Ring>>> = BTreeMap::new();
        for (id, precinct) in layout {
            if let Some(rings) = self.0.get(id) {
                let real = |ring: &Ring| ring.iter().map(|p| p.map(f64::from)).collect();
                members.entry(*precinct).or_default().push(rings.iter().map(real).collect());
            }
        }
        let one = |(precinct, units): (PlaceId, Vec<Vec<polygons::Ring>>)| {
            let parts = polygons::around(&units, CRACK);
            let whole = |ring: &polygons::Ring| ring.iter().map(|p| p.map(|v| v.round() as i32)).collect();
            (precinct, parts.iter().flatten().map(whole).collect())
        };
        members.into_iter().map(one).collect()
    }
}

/// What came of a file of outlines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyReport {
    /// Neighbourhoods that have an outline now, or would have.
    pub outlines: usize,
    /// Pairs that share a border.
    pub borders: usize,
    /// Features that name no neighbourhood, or one that another names.
    pub faults: Vec<String>,
    /// Neighbourhoods without an outline, by name.
    pub missing: Vec<String>,
    /// What is wrong with the outlines themselves; it comes in, and the page of precincts lists it.
    pub found: Vec<String>,
}

fn whole(v: f64) -> Result<i32, AppError> {
    let rounded = v.round();
    if rounded.abs() > f64::from(i32::MAX) {
        return Err(Invalid::field(
            "file",
            format!("坐标{v}离得太远，不是米。"),
            format!("the coordinate {v} is too far off to be metres"),
        ));
    }
    Ok(rounded as i32)
}

impl App {
    /// Brings in the outlines of neighbourhoods from GeoJSON in place of those before. A feature names its neighbourhood by
    /// code or Chinese name. Nothing is written if a feature does not, unless `sound_rows` says to leave it out; nothing at
    /// all with `dry_run`. Blocks.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where the file is no such collection; when the store cannot be written.
    pub fn import_outlines(
        &self,
        text: &str,
        reading: &Reading,
        sound_rows: bool,
        dry_run: bool,
    ) -> Result<SurveyReport, AppError> {
        let land = Territory::read(text, reading)
            .map_err(|e| Invalid::field("file", e.to_string(), e.to_string()))?;
        let mut report = SurveyReport::default();
        let survey = self.survey_of(&land, &mut report)?;
        report.outlines = survey.outlines.len();
        report.borders = survey.borders.len();
        if dry_run || report.outlines == 0 || (!report.faults.is_empty() && !sound_rows) {
            return Ok(report);
        }
        let ctx = self.context(Actor::System);
        let kept = survey.outlines.len();
        self.store
            .write(move |tx| {
                tx.keep_survey(&survey)?;
                let body = serde_json::json!({ "event": "outlines_imported", "outlines": kept });
                tx.append_next(Subject::Roster(0), ctx.now, ctx.actor, &body.to_string())?;
                Ok::<_, AppError>(())
            })
            .wait()?;
        self.refresh()?;
        Ok(report)
    }

    /// The land as the store keeps it, with what does not fit told in the report.
    fn survey_of(&self, land: &Territory, report: &mut SurveyReport) -> Result<Survey, AppError> {
        let d = self.directory();
        let deepest = d.levels.as_ref().and_then(|l| l.depth_of(Part::Committee));
        let mut named: Vec<Option<PlaceId>> = Vec::with_capacity(land.units().len());
        let mut first: HashMap<PlaceId, usize> = HashMap::new();
        for (i, unit) in land.units().iter().enumerate() {
            let mut fits = d
                .places()
                .filter(|p| Some(p.depth) == deepest && (p.code == unit.id || p.zh == unit.id))
                .map(|p| p.id);
            let place = match (fits.next(), fits.next()) {
                (Some(one), None) => Ok(one),
                (Some(_), Some(_)) => Err("names several neighbourhoods; use the code".to_owned()),
                (None, _) => Err("names no neighbourhood".to_owned()),
            };
            let place = place.and_then(|p| match first.insert(p, i + 1) {
                None => Ok(p),
                Some(before) => Err(format!(
                    "is of the same neighbourhood as feature {before}; make one MultiPolygon of them"
                )),
            });
            named.push(
                place
                    .map_err(|why| report.faults.push(format!("feature {}: {:?} {why}", i + 1, unit.id)))
                    .ok(),
            );
        }
        let spots = d.places().filter(|p| Some(p.depth) == deepest && !first.contains_key(&p.id));
        report.missing = spots.map(|p| p.zh.clone()).collect();
        let mut survey = Survey::default();
        for ((unit, rings), place) in land.units().iter().zip(land.rings()).zip(&named) {
            let Some(place) = *place else { continue };
            let ring = |ring: &polygons::Ring| {
                let mut out: Ring = Vec::with_capacity(ring.len());
                for p in ring {
                    let point = [whole(p[0])?, whole(p[1])?];
                    if out.last() != Some(&point) {
                        out.push(point);
                    }
                }
                Ok(out)
            };
            let rings: Vec<Ring> = rings.map(ring).collect::<Result<_, AppError>>()?;
            let at = unit.point.unwrap_or_default();
            survey.outlines.push(Outline {
                place,
                area: unit.area.round() as i64,
                at: [whole(at[0])?, whole(at[1])?],
                rings: rings.into_iter().filter(|r| r.len() > 2).collect(),
            });
        }
        survey.outlines.sort_by_key(|o| o.place);
        for (a, b, metres) in land.borders() {
            if let (Some(a), Some(b)) = (named[*a], named[*b]) {
                survey.borders.push((a.min(b), a.max(b), (metres.round() as i64).max(1)));
            }
        }
        survey.borders.sort_unstable();
        survey.borders.dedup_by_key(|(a, b, _)| (*a, *b));
        let by_id: HashMap<&str, PlaceId> =
            land.units().iter().zip(&named).filter_map(|(u, p)| Some((u.id.as_str(), (*p)?))).collect();
        for problem in land.problems() {
            let kind = match problem.kind {
                Kind::Overlap => FaultKind::Overlap,
                Kind::Gap => FaultKind::Gap,
                Kind::Island => FaultKind::Island,
                Kind::Ring => FaultKind::Ring,
                // Told above; residents come from the roster; a sliver counts as the border that it is.
                Kind::Duplicate | Kind::NoResidents | Kind::Sliver => continue,
            };
            report.found.push(problem.to_string());
            let places: Vec<PlaceId> =
                problem.units.iter().filter_map(|u| by_id.get(u.as_str()).copied()).collect();
            survey.faults.push(Fault { kind, places, area: problem.area.round() as i64 });
        }
        Ok(survey)
    }
}
