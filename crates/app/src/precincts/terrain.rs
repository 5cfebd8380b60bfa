//! The ground as the drawing library wants it: units with what makes them alike, and who touches whom.

use crate::directory::Directory;
use crate::{App, AppError};
use districting::{Graph, GraphError, Options, Sketch};
use domain::PlaceId;
use domain::precincts::{Bounds, Ground, Layout, Spot};
use domain::territory::{Part, Path};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use store::precincts::Houses;
use store::{StoreError, Tx};

/// Subjects that tell one kind of neighbourhood from another: the matters of old houses, of new ones, of the street.
const TELLING: [&[&str]; 3] = [
    &["property", "elevators", "parking"],
    &["water_sewage", "facilities", "lighting", "rental_crowding"],
    &["noise", "smoke", "unlicensed_trade", "shared_bikes", "waste"],
];

/// The ground, ready to be drawn on.
#[derive(Debug, Clone)]
pub(crate) struct Terrain {
    pub(crate) ground: Ground,
    pub(crate) bounds: Bounds,
    pub(crate) graph: Graph,
    /// The neighbourhood of each unit.
    pub(crate) ids: Vec<PlaceId>,
}

pub(crate) fn unusable(e: &GraphError) -> AppError {
    AppError::Store(StoreError::Unreadable(format!("drawing precincts: {e}")))
}

impl Terrain {
    /// Lays a layout on the ground, to be asked what it is worth.
    pub(crate) fn sketch(&self, bounds: &Bounds, layout: &Layout) -> Result<Sketch<'_>, AppError> {
        let options = Options { bounds: as_limits(bounds), ..Options::default() };
        let (plan, _) = self.plan(layout);
        Sketch::with(&self.graph, &options, &plan).map_err(|e| unusable(&e))
    }

    /// A layout as a plan of the library, with the precinct of each of its districts.
    pub(crate) fn plan(&self, layout: &Layout) -> (Vec<u32>, Vec<PlaceId>) {
        let mut named: Vec<PlaceId> = layout.values().copied().collect();
        named.sort_unstable();
        named.dedup();
        let number = |p: &PlaceId| named.binary_search(p).ok().and_then(|n| u32::try_from(n).ok());
        let plan = self.ids.iter().map(|id| layout.get(id).and_then(number).unwrap_or(u32::MAX));
        (plan.collect(), named)
    }
}

pub(crate) fn as_limits(b: &Bounds) -> districting::Bounds {
    districting::Bounds {
        min_units: b.committees.0 as usize,
        max_units: b.committees.1 as usize,
        min_residents: b.residents.0.into(),
        max_residents: b.residents.1.into(),
    }
}

/// The neighbourhoods of the district, with where they lie.
pub(crate) fn ground(d: &Directory) -> Ground {
    let depth = |part| d.levels.as_ref().and_then(|l| l.depth_of(part));
    let (committee, dispatcher, leader) =
        (depth(Part::Committee), depth(Part::Dispatcher), depth(Part::Leader));
    let spots = d.places().filter(|p| Some(p.depth) == committee).map(|p| {
        let path = d.path(p.id);
        let at = |depth: Option<usize>| depth.and_then(|n| path.at(n)).filter(|id| d.is_there(*id));
        let precinct = at(dispatcher).filter(|id| Some(d.depth(*id)) == dispatcher);
        let spot = Spot { residents: p.residents, hex: p.hex, precinct, subdistrict: at(leader) };
        (p.id, spot)
    });
    let borders = d.borders.iter().map(|(a, b, _)| (*a, *b));
    Ground::surveyed(spots.collect(), &d.outlined.keys().copied().collect(), borders)
}

fn committee_of(d: &Directory, path: &Path) -> Option<PlaceId> {
    d.part(path, Part::Committee)
}

impl App {
    /// Reads the ground as it is now; `None` where the district has no neighbourhoods or its rules no bounds.
    pub(crate) fn terrain(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Terrain>, AppError> {
        let d = self.directory();
        let ground = ground(&d);
        let Some(bounds) = Bounds::of(self.rules().as_ref(), now).filter(|_| !ground.spots.is_empty()) else {
            return Ok(None);
        };
        let houses: HashMap<PlaceId, Houses> = tx.houses()?.into_iter().collect();
        let mut said: HashMap<PlaceId, [u32; TELLING.len()]> = HashMap::new();
        for (path, subject, n) in tx.said_since(now - SignedDuration::from_hours(24 * 365))? {
            let Some(place) = committee_of(&d, &path) else { continue };
            for (sum, subjects) in said.entry(place).or_default().iter_mut().zip(TELLING) {
                *sum += if subjects.contains(&subject.as_str()) { n } else { 0 };
            }
        }
        let ids: Vec<PlaceId> = ground.spots.keys().copied().collect();
        let units = ground.spots.iter().map(|(id, spot)| {
            let h = houses.get(id).copied().unwrap_or_default();
            let per = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
            let people = f64::from(spot.residents);
            let (doors, flats, floors) = (h.doorways as f64, h.flats as f64, h.floors as f64);
            let cases = said.get(id).copied().unwrap_or_default();
            // How high the houses are, how closely they are lived in, and what people say of them.
            let mut features = vec![per(floors, doors), per(people, flats.max(1.0)).ln_1p()];
            features.extend(cases.map(|n| per(f64::from(n) * 1_000.0, people).ln_1p()));
            let surveyed = d.outlined.get(id);
            // Metres and steps of the schematic map do not mix.
            let schematic = spot.hex.filter(|_| d.outlined.is_empty()).map(|(q, r)| {
                let (q, r) = (f64::from(q), f64::from(r));
                [3f64.sqrt() * (q + r / 2.0), 1.5 * r]
            });
            districting::Unit {
                id: id.to_string(),
                residents: spot.residents.into(),
                area: surveyed.map_or(0.0, |(area, _)| *area as f64),
                parent: spot.subdistrict.map(|s| s.to_string()),
                point: surveyed.map(|(_, at)| at.map(f64::from)).or(schematic),
                features,
            }
        });
        let at: BTreeMap<PlaceId, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let metres: HashMap<(PlaceId, PlaceId), f64> =
            d.borders.iter().map(|(a, b, metres)| ((*a, *b), *metres as f64)).collect();
        let edge = |a: PlaceId, b: PlaceId| {
            let length = metres.get(&(a.min(b), a.max(b))).copied().unwrap_or(1.0);
            Some((*at.get(&a)?, *at.get(&b)?, length))
        };
        let edges: Vec<(usize, usize, f64)> = ids
            .iter()
            .flat_map(|id| ground.near(*id).iter().filter(move |n| id < *n).filter_map(|n| edge(*id, *n)))
            .collect();
        let mut graph = Graph::new(units.collect(), &edges).map_err(|e| unusable(&e))?;
        let today: Vec<Option<String>> =
            ground.spots.values().map(|s| s.precinct.map(|p| p.to_string())).collect();
        graph.set_today(&today).map_err(|e| unusable(&e))?;
        Ok(Some(Terrain { ground, bounds, graph, ids }))
    }
}
