//! Searching for plans: asked for in a form, done on a thread of its own, kept with how far it is. A search is derived from
//! the ground and carries no event; what somebody makes of it does.

use super::terrain::{Terrain, as_limits, unusable};
use crate::error::Invalid;
use crate::{App, AppError, Who};
use districting::{Aim, Certificate, Options, Reason, Relaxation, Scored, Wanted, front};
use domain::access::{Action, scope};
use domain::precincts::{Bounds, Fresh, breaches, headcounts, settle};
use domain::{PlaceId, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;
use store::StoreError;
use store::precincts::SearchRow;

/// As many plans as can be compared at a glance.
const PLANS: usize = 5;
/// Steps of annealing for all plans together: some seconds for a district of three hundred committees.
const EFFORT: u64 = 1_200_000;
/// So often is it kept how far a search is.
const TELL: u64 = 1_000;
/// A person waits for one search at a time, more or less.
const MOST_WAITING: u32 = 3;

/// What is asked of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// How large a precinct may be.
    pub bounds: Bounds,
    /// Whether a precinct may lie in several sub-districts.
    pub across: bool,
}

/// What a plan is best at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BestAt {
    /// Neighbourhoods of a precinct are alike.
    Likeness,
    /// Precincts are round.
    Compactness,
    /// Precincts have as many residents as each other.
    Balance,
    /// Few committees change their precinct.
    Stability,
}

/// A plan that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Which neighbourhood lies in which precinct.
    pub layout: Vec<(PlaceId, PlaceId)>,
    /// The precincts that it makes.
    pub fresh: Vec<(PlaceId, Fresh)>,
    /// What it is best at.
    pub best_at: Vec<BestAt>,
    /// How alike neighbourhoods of a precinct are, 0 to 1.
    pub likeness: f64,
    /// No plan within the bounds is more alike than this, where that is known.
    pub likeness_most: Option<f64>,
    /// How far neighbourhoods lie from the middle of their precinct, in the distance of neighbours.
    pub spread: f64,
    /// Fewest and most residents of a precinct.
    pub residents: (u32, u32),
    /// How many precincts.
    pub precincts: usize,
    /// Committees and residents that change their precinct.
    pub moved: (usize, u32),
    /// How many precincts break the bounds that were asked for.
    pub broken: usize,
}

/// Why some committees cannot be divided as asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Why {
    /// So many committees and residents need at least, and allow at most, so many precincts.
    Arithmetic {
        /// Committees.
        committees: usize,
        /// Residents.
        residents: u64,
        /// At least.
        least: usize,
        /// At most.
        most: usize,
    },
    /// Around this neighbourhood no precinct within the bounds is possible.
    Orphan(PlaceId),
    /// All combinations were gone through.
    Exhausted(usize),
    /// Another reason, in the words of the library.
    Other(String),
}

/// What cannot be done, and what would help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Impossible {
    /// The sub-district concerned; `None` for the district.
    pub subdistrict: Option<PlaceId>,
    /// Why.
    pub why: Why,
    /// Bounds with which it works.
    pub ease: Vec<Bounds>,
}

/// What a search came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The plans.
    pub plans: Vec<Found>,
    /// What cannot be done as asked.
    pub impossible: Vec<Impossible>,
}

/// How far a search is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Parts of plans that were gone through.
    pub steps: u32,
    /// The likeness of the part last worked on.
    pub likeness: f64,
}

/// A search with what it came to so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Its number.
    pub id: i64,
    /// Who asked.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// What was asked.
    pub asked: Asked,
    /// Whether it goes on.
    pub running: bool,
    /// Whether it came to nothing because of a fault of ours.
    pub failed: bool,
    /// How far it is.
    pub progress: Progress,
    /// What it came to.
    pub outcome: Outcome,
}

fn json<T: Serialize>(value: &T) -> Result<String, AppError> {
    Ok(serde_json::to_string(value).map_err(|e| StoreError::Unreadable(e.to_string()))?)
}

pub(super) fn read(row: &SearchRow) -> Result<Search, AppError> {
    let bad = |e: serde_json::Error| StoreError::Unreadable(format!("search {}: {e}", row.id));
    let running = matches!(row.state.as_str(), "waiting" | "drawing");
    Ok(Search {
        id: row.id,
        by: row.staff,
        at: row.asked_at,
        asked: serde_json::from_str(&row.asked).map_err(bad)?,
        running,
        failed: row.state == "failed",
        progress: serde_json::from_str(&row.progress).unwrap_or_default(),
        outcome: if row.found.is_empty() {
            Outcome::default()
        } else {
            serde_json::from_str(&row.found).map_err(bad)?
        },
    })
}

/// Refuses bounds that no precinct can keep.
pub(super) fn checked(b: &Bounds) -> Result<(), AppError> {
    let most = u32::try_from(districting::MOST_UNITS).unwrap_or(8);
    if b.committees.0 == 0 || b.committees.0 > b.committees.1 {
        return Err(Invalid::field(
            "committees",
            "居委会个数：最少要大于零，并且不超过最多。",
            "Committees: the least must be above zero and not above the most.",
        ));
    }
    if b.committees.1 > most {
        return Err(Invalid::field(
            "committees",
            format!("居委会个数：一个片区最多 {most} 个。"),
            format!("Committees: at most {most} in a precinct."),
        ));
    }
    if b.residents.0 > b.residents.1 {
        return Err(Invalid::field(
            "residents",
            "居民人数：最少不能超过最多。",
            "Residents: the least must not be above the most.",
        ));
    }
    Ok(())
}

impl App {
    /// Asks for plans. They are drawn by [`App::draw_waiting`].
    ///
    /// # Errors
    /// Who may not; bounds that no precinct can keep; too many searches that wait.
    pub async fn ask_for_plans(&self, who: &Who, asked: Asked) -> Result<i64, AppError> {
        if scope(&who.grants, Action::DrawPrecincts).is_empty() {
            return Err(AppError::NotAllowed);
        }
        checked(&asked.bounds)?;
        let (text, staff, now) = (json(&asked)?, who.staff, self.clock.now());
        self.store
            .write(move |tx| {
                if tx.searches_waiting(staff)? >= MOST_WAITING {
                    return Err(Invalid::field(
                        "committees",
                        "前面的还没有排完，请等一等。",
                        "Earlier plans are still being drawn; please wait a moment.",
                    ));
                }
                Ok(tx.ask_search(staff, now, &text)?)
            })
            .await
    }

    /// A search of one's own, or of a colleague who draws.
    ///
    /// # Errors
    /// When there is none, or the person may not.
    pub async fn search_page(&self, who: &Who, id: i64) -> Result<Search, AppError> {
        if scope(&who.grants, Action::DrawPrecincts).is_empty() {
            return Err(AppError::NotAllowed);
        }
        self.store
            .read(move |tx| {
                let row = tx.search_for_plans(id)?.ok_or(AppError::NotFound)?;
                read(&row)
            })
            .await
    }

    /// Draws the plans of the oldest search that waits; false where none does. Blocks, for seconds: belongs on a thread of
    /// its own. `stop` ends it early; it is then done anew at the next start. Safe to do twice.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn draw_waiting(&self, stop: &(dyn Fn() -> bool + Sync)) -> Result<bool, AppError> {
        let (app, now) = (self.clone(), self.clock.now());
        let next = self.store.read(move |tx| {
            let Some(row) = tx.next_search()? else { return Ok(None) };
            Ok::<_, AppError>(Some((app.terrain(tx, now)?, row)))
        });
        let Some((terrain, mut row)) = next.wait()? else { return Ok(false) };
        row.state = "drawing".into();
        self.keep(&row)?;
        let asked = read(&row)?.asked;
        let drawn = match &terrain {
            Some(terrain) => self.drawn(terrain, &asked, &row, stop),
            None => Ok(Outcome::default()),
        };
        if stop() {
            return Ok(false);
        }
        match drawn {
            Ok(outcome) => {
                row.state = "done".into();
                row.found = json(&outcome)?;
            }
            Err(error) => {
                tracing::error!(search = row.id, %error, "no plans were drawn");
                row.state = "failed".into();
            }
        }
        self.keep(&row)?;
        Ok(true)
    }

    fn keep(&self, row: &SearchRow) -> Result<(), AppError> {
        let row = row.clone();
        self.store.write(move |tx| Ok::<_, AppError>(tx.keep_search(&row)?)).wait()
    }

    fn drawn(
        &self,
        terrain: &Terrain,
        asked: &Asked,
        row: &SearchRow,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Outcome, AppError> {
        let options = Options {
            bounds: as_limits(&asked.bounds),
            by_parent: !asked.across,
            effort: EFFORT,
            ..Options::default()
        };
        let far = Mutex::new((Progress::default(), self.clock.now()));
        let tell = |stage: districting::Stage| {
            let Ok(mut far) = far.lock() else { return };
            far.0.steps += 1;
            far.0.likeness = 1.0 - stage.best;
            let now = self.clock.now();
            if now.duration_since(far.1) >= jiff::SignedDuration::from_millis(TELL.cast_signed()) {
                far.1 = now;
                let text = json(&far.0).unwrap_or_default();
                // A page that shows it a second late is no harm: the next one tells more.
                drop(self.keep(&SearchRow { progress: text, ..row.clone() }));
            }
        };
        let found = front(&terrain.graph, &options, PLANS, &tell, stop).map_err(|e| unusable(&e))?;
        let impossible = found.first().map(|s| &s.plan.infeasible[..]).unwrap_or_default();
        Ok(Outcome {
            impossible: impossible.iter().map(|c| refusal(c, terrain, &options, asked)).collect(),
            plans: found.iter().map(|s| self.found(s, terrain, &asked.bounds)).collect(),
        })
    }

    fn found(&self, s: &Scored, terrain: &Terrain, bounds: &Bounds) -> Found {
        let ground = &terrain.ground;
        let drawn: BTreeMap<PlaceId, u32> =
            terrain.ids.iter().copied().zip(s.plan.district.iter().copied()).collect();
        let layout = settle(ground, &drawn);
        let fresh = self.fresh(terrain, &layout);
        let heads = headcounts(ground, &layout);
        let today = ground.today();
        let moving: Vec<PlaceId> =
            layout.iter().filter(|(id, p)| today.get(id) != Some(p)).map(|(id, _)| *id).collect();
        let people = moving.iter().filter_map(|id| ground.spots.get(id)).map(|s| s.residents).sum();
        let residents = || heads.values().map(|h| h.1);
        Found {
            fresh,
            best_at: s
                .best_at
                .iter()
                .map(|a| match a {
                    Aim::Likeness => BestAt::Likeness,
                    Aim::Compactness => BestAt::Compactness,
                    Aim::Balance => BestAt::Balance,
                    Aim::Stability => BestAt::Stability,
                })
                .collect(),
            likeness: 1.0 - s.plan.ssw,
            likeness_most: s
                .plan
                .lower_bound
                .filter(|_| (s.plan.cost - s.plan.ssw).abs() < 1e-9)
                .map(|b| 1.0 - b),
            spread: s.cost.compactness.max(0.0).sqrt(),
            residents: (residents().min().unwrap_or(0), residents().max().unwrap_or(0)),
            precincts: heads.len(),
            moved: (moving.len(), people),
            broken: breaches(ground, bounds, &layout).len(),
            layout: layout.into_iter().collect(),
        }
    }

    /// Names for the precincts that a layout makes: after their largest neighbourhood.
    fn fresh(&self, terrain: &Terrain, layout: &domain::precincts::Layout) -> Vec<(PlaceId, Fresh)> {
        let d = self.directory();
        let new: BTreeSet<PlaceId> = layout.values().copied().filter(|p| p.0 < 0).collect();
        new.into_iter()
            .filter_map(|p| {
                let own = layout.iter().filter(|(_, to)| **to == p).map(|(id, _)| *id);
                let largest =
                    own.max_by_key(|id| (terrain.ground.spots.get(id).map(|s| s.residents), id.0))?;
                let place = d.place(largest)?;
                let subdistrict = terrain.ground.spots.get(&largest)?.subdistrict?;
                let zh = format!("{}片区", place.zh.trim_end_matches("居民区"));
                let en = format!("{} Precinct", place.en.trim_end_matches(" Neighbourhood"));
                Some((p, Fresh { zh, en, subdistrict }))
            })
            .collect()
    }
}

fn refusal(c: &Certificate, terrain: &Terrain, options: &Options, asked: &Asked) -> Impossible {
    let as_bounds = |b: districting::Bounds| {
        let n = |v: u64| u32::try_from(v).unwrap_or(u32::MAX);
        Bounds {
            committees: (n(b.min_units as u64), n(b.max_units as u64)),
            residents: (n(b.min_residents), n(b.max_residents)),
        }
    };
    let eased = |ways: &[&Relaxation]| {
        let b = ways.iter().fold(options.bounds, |b, way| way.apply(b, Wanted::Free).0);
        Some(as_bounds(b)).filter(|b| *b != asked.bounds && checked(b).is_ok())
    };
    let mut ease: Vec<Bounds> = c.relaxations.iter().filter_map(|r| eased(&[r])).collect();
    ease.extend(c.together.iter().filter_map(|(a, b)| eased(&[a, b])));
    ease.dedup();
    Impossible {
        subdistrict: c.parent.as_ref().and_then(|p| p.parse().ok()),
        why: match &c.reason {
            Reason::Arithmetic { units, residents, least, most, .. } => {
                Why::Arithmetic { committees: *units, residents: *residents, least: *least, most: *most }
            }
            Reason::Orphan { unit, .. } => {
                let id = unit.parse().ok().filter(|id| terrain.ids.contains(id));
                id.map_or_else(|| Why::Other(c.to_string()), Why::Orphan)
            }
            Reason::Exhausted { areas, .. } => Why::Exhausted(*areas),
            _ => Why::Other(c.to_string()),
        },
        ease,
    }
}

/// So long does a thread that draws wait before it looks for a search again.
pub const DRAWING_PAUSE: Duration = Duration::from_millis(400);
