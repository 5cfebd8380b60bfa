//! Precincts: how the district is divided today and what is wrong with that, searches for better plans, drafts, and their
//! adoption from a day on.

mod drafts;
mod search;
mod survey;
mod terrain;

pub use drafts::{DraftPage, Follow, Moving, Price, Source};
pub use search::{Asked, BestAt, DRAWING_PAUSE, Found, Impossible, Outcome, Progress, Search, Why};
pub use store::outlines::{Fault as OutlineFault, FaultKind as OutlineFaultKind, Ring};
pub use survey::{Outlines, SurveyReport};

use crate::{App, AppError, Who};
use domain::access::{Action, Role, scope};
use domain::cases::local_date;
use domain::precincts::{Bounds, Breach, Ground, Layout, breaches, headcounts};
use domain::territory::Part;
use domain::{DoorwayId, PlaceId, StaffId};
use std::collections::{BTreeMap, HashMap};
use store::precincts::DraftRow;
use terrain::Terrain;

/// A precinct of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecinctSums {
    /// Its number; below zero where a draft makes it.
    pub id: PlaceId,
    /// Its name in Chinese.
    pub zh: String,
    /// And in English.
    pub en: String,
    /// Its neighbourhoods.
    pub members: Vec<PlaceId>,
    /// Its residents.
    pub residents: u32,
    /// How alike its neighbourhoods are: 1 for all the same, 0 for as mixed as the district.
    pub likeness: f64,
    /// Open cases that came in from it.
    pub open: u32,
    /// Posts that are for it: coordinators first.
    pub posts: u32,
    /// What is wrong with it.
    pub wrong: Vec<Breach>,
}

/// A gap or an overlap in the territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// A neighbourhood lies in no precinct.
    NoPrecinct(PlaceId),
    /// A neighbourhood, or a precinct, belongs to several.
    Twice(PlaceId, u32),
    /// A doorway lies in no neighbourhood.
    Homeless(DoorwayId, String),
    /// A precinct has no neighbourhood.
    Empty(PlaceId),
    /// A precinct has no coordinator.
    NoCoordinator(PlaceId),
    /// A precinct breaks a rule.
    Broken(PlaceId, Breach),
    /// Something is wrong with the surveyed outlines.
    Outline(OutlineFault),
    /// Others have outlines, this neighbourhood has none.
    NoOutline(PlaceId),
}

/// How the district is divided, as far as a person sees it.
#[derive(Debug, Clone)]
pub struct Division {
    /// The neighbourhoods.
    pub ground: Ground,
    /// Which lies where.
    pub layout: Layout,
    /// The surveyed outlines of its neighbourhoods, if there are any.
    pub outlines: Outlines,
    /// The bounds of the rule table.
    pub bounds: Bounds,
    /// Its precincts, by number.
    pub precincts: Vec<PrecinctSums>,
    /// How alike neighbourhoods of a precinct are, in the whole district.
    pub likeness: f64,
    /// Gaps and overlaps.
    pub gaps: Vec<Gap>,
    /// Whether this person draws.
    pub draws: bool,
    /// Drafts that they may open.
    pub drafts: Vec<DraftRow>,
    /// Plans that were adopted, the last first.
    pub adopted: Vec<DraftRow>,
    /// Their latest searches, newest first.
    pub searches: Vec<Search>,
}

impl App {
    /// Whether somebody sees how any part of the district is divided.
    pub fn sees_precincts(&self, who: &Who) -> bool {
        !scope(&who.grants, Action::SeePrecincts).is_empty()
    }

    /// How the district is divided today, what is wrong with it, and what is being drawn. Leaders of sub-districts see
    /// their part.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for who sees none of it; [`AppError::NotFound`] where there is nothing to divide.
    pub async fn division(&self, who: &Who) -> Result<Division, AppError> {
        let reach = scope(&who.grants, Action::SeePrecincts);
        if reach.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let draws = !scope(&who.grants, Action::DrawPrecincts).is_empty();
        let (app, staff, now) = (self.clone(), who.staff, self.clock.now());
        self.store
            .read(move |tx| {
                let terrain = app.terrain(tx, now)?.ok_or(AppError::NotFound)?;
                let (bounds, d) = (terrain.bounds, app.directory());
                let mut layout = terrain.ground.today();
                let open = app.open_by_precinct(tx)?;
                let sketch = terrain.sketch(&bounds, &layout)?;
                let likeness = 1.0 - sketch.ssw();
                let mut precincts = app.sums(&terrain, &bounds, &layout, &BTreeMap::new(), &open)?;
                let mut gaps = app.gaps(&terrain, &precincts);
                let today = local_date(now);
                gaps.extend(tx.places_twice(today)?.into_iter().map(|(p, n)| Gap::Twice(p, n)));
                gaps.extend(
                    tx.homeless_doorways(today)?.into_iter().map(|(id, a)| Gap::Homeless(DoorwayId(id), a)),
                );
                gaps.extend(tx.outline_faults()?.into_iter().map(Gap::Outline));
                let mut outlines = Outlines(tx.outlines()?);
                let mut ground = terrain.ground;
                let (mut drafts, mut adopted, mut searches) = (vec![], tx.adopted_drafts()?, vec![]);
                if draws {
                    drafts = tx.drafts_of(staff)?;
                    let rows = tx.searches_of(staff)?;
                    searches = rows.iter().map(search::read).collect::<Result<_, _>>()?;
                }
                if !reach.all {
                    // Of one's own sub-districts only.
                    let mine = |p: PlaceId| reach.places.iter().any(|own| d.path(p).lies_in(*own));
                    ground.spots.retain(|id, _| mine(*id));
                    layout.retain(|id, _| mine(*id));
                    outlines.0.retain(|id, _| mine(*id));
                    precincts.retain(|p| mine(p.id));
                    gaps.retain(|g| g.places().iter().any(|p| mine(*p)));
                    adopted.retain(|a| a.from.is_some());
                }
                Ok(Division {
                    ground,
                    layout,
                    outlines,
                    bounds,
                    precincts,
                    likeness,
                    gaps,
                    draws,
                    drafts,
                    adopted,
                    searches,
                })
            })
            .await
    }

    fn open_by_precinct(&self, tx: &mut store::Tx<'_>) -> Result<HashMap<PlaceId, u32>, AppError> {
        let d = self.directory();
        let mut open: HashMap<PlaceId, u32> = HashMap::new();
        for (path, n) in tx.open_cases()? {
            for part in [Part::Dispatcher, Part::Committee] {
                if let Some(p) = d.part(&path, part) {
                    *open.entry(p).or_default() += n;
                }
            }
        }
        Ok(open)
    }

    /// The posts that are for each place.
    fn posts(&self) -> HashMap<PlaceId, Vec<(StaffId, Role)>> {
        let d = self.directory();
        let mut out: HashMap<PlaceId, Vec<(StaffId, Role)>> = HashMap::new();
        let mut people = d.people();
        people.sort_unstable();
        for id in people {
            for g in d.grants(id) {
                if let Some(place) = g.place {
                    out.entry(place).or_default().push((id, g.role));
                }
            }
        }
        out
    }

    fn sums(
        &self,
        terrain: &Terrain,
        bounds: &Bounds,
        layout: &Layout,
        fresh: &BTreeMap<PlaceId, domain::precincts::Fresh>,
        open: &HashMap<PlaceId, u32>,
    ) -> Result<Vec<PrecinctSums>, AppError> {
        let (d, posts) = (self.directory(), self.posts());
        let (_, named) = terrain.plan(layout);
        let scores = terrain.sketch(bounds, layout)?.districts();
        let wrong = breaches(&terrain.ground, bounds, layout);
        let heads = headcounts(&terrain.ground, layout);
        let n = terrain.ids.len() as f64;
        let of = |(number, id): (usize, &PlaceId)| {
            let within = u32::try_from(number).ok().and_then(|k| scores.get(&k)).map_or(0.0, |s| s.within);
            let (committees, residents) = heads.get(id).copied().unwrap_or_default();
            let place = d.place(*id);
            let name = fresh.get(id).map(|f| (f.zh.clone(), f.en.clone()));
            let name = name.or_else(|| place.map(|p| (p.zh.clone(), p.en.clone()))).unwrap_or_default();
            PrecinctSums {
                id: *id,
                zh: name.0,
                en: name.1,
                members: layout.iter().filter(|(_, p)| *p == id).map(|(m, _)| *m).collect(),
                residents,
                likeness: (1.0 - within * n / f64::from(committees.max(1))).max(0.0),
                open: open.get(id).copied().unwrap_or(0),
                posts: u32::try_from(posts.get(id).map_or(0, Vec::len)).unwrap_or(u32::MAX),
                wrong: wrong.get(id).cloned().unwrap_or_default(),
            }
        };
        Ok(named.iter().enumerate().map(of).collect())
    }

    fn gaps(&self, terrain: &Terrain, precincts: &[PrecinctSums]) -> Vec<Gap> {
        let (d, posts) = (self.directory(), self.posts());
        let depth = d.levels.as_ref().and_then(|l| l.depth_of(Part::Dispatcher));
        let spots = terrain.ground.spots.iter();
        let mut out: Vec<Gap> =
            spots.filter(|(_, s)| s.precinct.is_none()).map(|(id, _)| Gap::NoPrecinct(*id)).collect();
        for p in d.places().filter(|p| Some(p.depth) == depth) {
            if !precincts.iter().any(|x| x.id == p.id) {
                out.push(Gap::Empty(p.id));
            }
            let coordinator = |(_, role): &(StaffId, Role)| *role == Role::PrecinctCoordinator;
            if !posts.get(&p.id).is_some_and(|own| own.iter().any(coordinator)) {
                out.push(Gap::NoCoordinator(p.id));
            }
        }
        if !d.outlined.is_empty() {
            let bare = terrain.ids.iter().filter(|id| !d.outlined.contains_key(*id));
            out.extend(bare.map(|id| Gap::NoOutline(*id)));
        }
        out.extend(precincts.iter().flat_map(|p| p.wrong.iter().map(|b| Gap::Broken(p.id, *b))));
        out
    }
}

impl Gap {
    /// The places that it is about; none where it is about a doorway.
    pub fn places(&self) -> &[PlaceId] {
        match self {
            Gap::NoPrecinct(p)
            | Gap::Twice(p, _)
            | Gap::Empty(p)
            | Gap::NoCoordinator(p)
            | Gap::NoOutline(p)
            | Gap::Broken(p, _) => std::slice::from_ref(p),
            Gap::Outline(fault) => &fault.places,
            Gap::Homeless(..) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlap_is_about_each_of_its_places() {
        let (a, b) = (PlaceId(3), PlaceId(5));
        let fault = OutlineFault { kind: OutlineFaultKind::Overlap, places: vec![a, b], area: 9 };
        assert_eq!(Gap::Outline(fault).places(), [a, b]);
        assert_eq!(Gap::NoPrecinct(b).places(), [b]);
        assert_eq!(Gap::Homeless(DoorwayId(1), String::new()).places(), []);
    }
}
