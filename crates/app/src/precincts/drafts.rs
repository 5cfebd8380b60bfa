//! Drafts: opened from today's plan or from one that was found, changed step by step, adopted from a day on.

use super::search;
use super::terrain::{Terrain, unusable};
use super::{Outlines, PrecinctSums, Search};
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Role, scope};
use domain::cases::local_date;
use domain::precincts::{
    Breach, Command, Draft, DraftEvent, DraftState, Fresh, Ground, Layout, Recorded, Refusal, Right,
    breaches, decide, open,
};
use domain::territory::Part;
use domain::{DraftId, PlaceId, StaffId};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::events::Subject;
use store::territory::PlaceRow;

/// What a draft begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// With what holds today.
    Today,
    /// With a plan of a search: its number, and which, from 0.
    Found(i64, usize),
}

/// A neighbourhood that changes its precinct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// Which.
    pub place: PlaceId,
    /// From where.
    pub from: Option<PlaceId>,
    /// To where.
    pub to: PlaceId,
    /// Its residents.
    pub residents: u32,
    /// Open cases that stay with the old precinct.
    pub open: u32,
    /// Posts that come along: for the neighbourhood itself.
    pub posts: u32,
    /// Officials paired with it.
    pub paired: u32,
}

/// What becomes of a precinct of today that has no neighbourhood left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    /// Which.
    pub precinct: PlaceId,
    /// Open cases that its people settle still.
    pub open: u32,
    /// Who has a post for it: it ends with the precinct's work.
    pub posts: Vec<(StaffId, Role)>,
}

/// What it would do to move a neighbourhood to a precinct.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// To which.
    pub to: PlaceId,
    /// By how much likeness would grow in the whole district (below zero: shrink).
    pub likeness: f64,
    /// What would be wrong with the two precincts then.
    pub wrong: Vec<(PlaceId, Breach)>,
    /// Residents of the precinct that it leaves, and of the one that it goes to.
    pub residents: (u32, u32),
}

/// A draft on one page.
#[derive(Debug, Clone)]
pub struct DraftPage {
    /// The draft.
    pub draft: Draft,
    /// What this person may do with it.
    pub right: Right,
    /// Whether it is theirs.
    pub owns: bool,
    /// The ground.
    pub ground: Ground,
    /// The surveyed outlines, if there are any.
    pub outlines: Outlines,
    /// Its precincts.
    pub precincts: Vec<PrecinctSums>,
    /// How alike neighbourhoods of a precinct are in it.
    pub likeness: f64,
    /// And today.
    pub likeness_today: f64,
    /// Who moves.
    pub moving: Vec<Moving>,
    /// Precincts that end.
    pub ending: Vec<Follow>,
    /// The neighbourhood that was chosen, and where it could go.
    pub chosen: Option<(PlaceId, Vec<Price>)>,
    /// Colleagues with whom it can be shared.
    pub colleagues: Vec<(StaffId, String)>,
    /// The first day on which it may hold.
    pub first_day: Date,
}

fn refused(r: &Refusal) -> AppError {
    Invalid::field(r.field(), r.zh(), r.en())
}

impl App {
    fn draws(&self, who: &Who) -> Result<(), AppError> {
        if scope(&who.grants, Action::DrawPrecincts).is_empty() {
            return Err(AppError::NotAllowed);
        }
        Ok(())
    }

    fn precincts_there(&self) -> BTreeSet<PlaceId> {
        let d = self.directory();
        let depth = d.levels.as_ref().and_then(|l| l.depth_of(Part::Dispatcher));
        d.places().filter(|p| Some(p.depth) == depth).map(|p| p.id).collect()
    }

    /// Opens a draft.
    ///
    /// # Errors
    /// Who may not; no such plan; a name that is none; a ground that changed since.
    pub async fn open_draft(&self, who: &Who, name: String, source: Source) -> Result<DraftId, AppError> {
        self.draws(who)?;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |tx| {
                let ctx = app.context(who.actor(None));
                let terrain = app.terrain(tx, ctx.now)?.ok_or(AppError::NotFound)?;
                let there = app.precincts_there();
                let (layout, fresh, bounds) = match source {
                    Source::Today => (whole(&terrain.ground, &there), BTreeMap::new(), terrain.bounds),
                    Source::Found(id, n) => {
                        let row = tx.search_for_plans(id)?.ok_or(AppError::NotFound)?;
                        let Search { outcome, asked, .. } = search::read(&row)?;
                        let plan = outcome.plans.into_iter().nth(n).ok_or(AppError::NotFound)?;
                        (plan.layout.into_iter().collect(), plan.fresh.into_iter().collect(), asked.bounds)
                    }
                };
                let event = open(&name, who.staff, bounds, layout, fresh, &terrain.ground, there)
                    .map_err(|r| refused(&r))?;
                Ok(tx.begin_draft(&Recorded { seq: 1, at: ctx.now, actor: ctx.actor, event })?)
            })
            .await
    }

    /// A draft on one page; with a neighbourhood, where that could go.
    ///
    /// # Errors
    /// Who may not see it; no such draft.
    pub async fn draft_page(
        &self,
        who: &Who,
        id: DraftId,
        chosen: Option<PlaceId>,
    ) -> Result<DraftPage, AppError> {
        self.draws(who)?;
        let (app, who, now) = (self.clone(), who.clone(), self.clock.now());
        self.store
            .read(move |tx| {
                let draft = tx.draft(id)?.ok_or(AppError::NotFound)?;
                // An adopted plan is no secret among those who draw.
                let look = (draft.state == DraftState::Adopted).then_some(Right::See);
                let right = draft.right_of(who.staff).or(look).ok_or(AppError::NotFound)?;
                let terrain = app.terrain(tx, now)?.ok_or(AppError::NotFound)?;
                let open = app.open_by_precinct(tx)?;
                let (bounds, layout) = (draft.bounds, &draft.layout);
                let sketch = terrain.sketch(&bounds, layout)?;
                let today = terrain.ground.today();
                let d = app.directory();
                let posts = app.posts();
                let moving = draft.moves(&today).into_iter().map(|(place, from, to)| {
                    let own = posts.get(&place).map_or(&[][..], Vec::as_slice);
                    let paired = own.iter().filter(|p| p.1 == Role::PairedOfficial).count();
                    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                    Moving {
                        place,
                        from,
                        to,
                        residents: terrain.ground.spots.get(&place).map_or(0, |s| s.residents),
                        open: open.get(&place).copied().unwrap_or(0),
                        posts: count(own.len() - paired),
                        paired: count(paired),
                    }
                });
                let ending = draft.emptied(&today).into_iter().map(|precinct| Follow {
                    precinct,
                    open: open.get(&precinct).copied().unwrap_or(0),
                    posts: posts.get(&precinct).cloned().unwrap_or_default(),
                });
                let mut colleagues: Vec<(StaffId, String)> = d
                    .people()
                    .into_iter()
                    .filter(|p| *p != draft.owner)
                    .filter(|p| !scope(d.grants(*p), Action::DrawPrecincts).is_empty())
                    .filter_map(|p| Some((p, d.staff_name(p)?.to_owned())))
                    .collect();
                colleagues.sort();
                Ok(DraftPage {
                    right,
                    owns: draft.owner == who.staff,
                    precincts: app.sums(&terrain, &bounds, layout, &draft.fresh, &open)?,
                    likeness: 1.0 - sketch.ssw(),
                    likeness_today: 1.0 - terrain.sketch(&bounds, &today)?.ssw(),
                    moving: moving.collect(),
                    ending: ending.collect(),
                    chosen: match chosen.filter(|c| draft.layout.contains_key(c)) {
                        Some(place) => Some((place, prices(&terrain, &draft, place)?)),
                        None => None,
                    },
                    colleagues,
                    first_day: local_date(now).tomorrow().unwrap_or(Date::MAX),
                    ground: terrain.ground,
                    outlines: Outlines(tx.outlines()?),
                    draft,
                })
            })
            .await
    }

    /// A step of a draft.
    ///
    /// # Errors
    /// Who may not see or change it; what the rules refuse, by field.
    pub async fn draft_step(&self, who: &Who, id: DraftId, command: Command) -> Result<(), AppError> {
        self.draws(who)?;
        if let Command::Share(with, _) = &command
            && scope(self.directory().grants(*with), Action::DrawPrecincts).is_empty()
        {
            return Err(refused(&Refusal::NobodyToShareWith));
        }
        let (app, who) = (self.clone(), who.clone());
        let changes_places = matches!(command, Command::Adopt { .. } | Command::Withdraw);
        self.store
            .write(move |tx| {
                let held = tx.hold_draft(id)?.ok_or(AppError::NotFound)?;
                if held.draft.right_of(who.staff).is_none() {
                    return Err(AppError::NotFound);
                }
                let ctx = app.context(who.actor(None));
                let today = local_date(ctx.now);
                // The ground is read in this transaction: nobody changes it between looking and writing.
                let d = crate::Directory::load(tx, ctx.now)?;
                let ground = super::terrain::ground(&d);
                let command = match command {
                    Command::Adopt { from, reasons, .. } => {
                        let waits = tx
                            .adopted_drafts_locked()?
                            .into_iter()
                            .find_map(|a| a.from.filter(|day| *day > today));
                        let mut next = tx.last_place()?;
                        let mut number = |key: &PlaceId| {
                            next += 1;
                            (*key, PlaceId(next))
                        };
                        let named = held.draft.fresh.keys().map(&mut number).collect();
                        Command::Adopt { from, reasons, named, waits }
                    }
                    Command::Withdraw => {
                        drop(tx.adopted_drafts_locked()?);
                        Command::Withdraw
                    }
                    other => other,
                };
                let event =
                    decide(&held.draft, command, who.staff, &ground, today).map_err(|r| refused(&r))?;
                carry_out(tx, &held.draft, &event, &ground)?;
                if changes_places {
                    let body = serde_json::json!({ "event": "precincts_drawn", "draft": id.0 });
                    tx.append_next(Subject::Roster(0), ctx.now, ctx.actor, &body.to_string())?;
                }
                let seq = held.draft.version + 1;
                tx.keep_draft(held, &Recorded { seq, at: ctx.now, actor: ctx.actor, event })?;
                Ok(())
            })
            .await?;
        if changes_places {
            // New places have taken numbers.
            self.refresh_now().await?;
        }
        Ok(())
    }
}

/// Today's layout with every neighbourhood in it: one that lies in no precinct is put where a neighbour lies, else in the
/// first precinct, for somebody to look at.
fn whole(ground: &Ground, there: &BTreeSet<PlaceId>) -> Layout {
    let mut layout = ground.today();
    for id in ground.spots.keys() {
        if !layout.contains_key(id) {
            let beside = ground.near(*id).iter().find_map(|n| layout.get(n).copied());
            if let Some(p) = beside.or_else(|| there.first().copied()) {
                layout.insert(*id, p);
            }
        }
    }
    layout
}

fn prices(terrain: &Terrain, draft: &Draft, place: PlaceId) -> Result<Vec<Price>, AppError> {
    let sketch = terrain.sketch(&draft.bounds, &draft.layout)?;
    let (_, named) = terrain.plan(&draft.layout);
    let Some(unit) = terrain.ids.binary_search(&place).ok() else { return Ok(vec![]) };
    let Some(from) = draft.layout.get(&place).copied() else { return Ok(vec![]) };
    let mut out = Vec::new();
    for (number, moved) in sketch.moves(unit).map_err(|e| unusable(&e))? {
        let Some(to) = named.get(number as usize).copied() else { continue };
        let mut layout = draft.layout.clone();
        layout.insert(place, to);
        let heads = domain::precincts::headcounts(&terrain.ground, &layout);
        let people = |p: &PlaceId| heads.get(p).map_or(0, |h| h.1);
        let wrong = breaches(&terrain.ground, &draft.bounds, &layout);
        let of = |p: PlaceId| wrong.get(&p).into_iter().flatten().map(move |b| (p, *b));
        out.push(Price {
            to,
            likeness: -moved.ssw_change,
            wrong: of(from).chain(of(to)).collect(),
            residents: (people(&from), people(&to)),
        });
    }
    out.sort_by(|a, b| a.wrong.len().cmp(&b.wrong.len()).then(b.likeness.total_cmp(&a.likeness)));
    Ok(out)
}

/// What an adoption or its withdrawal does to the memberships of places.
fn carry_out(tx: &mut Tx<'_>, draft: &Draft, event: &DraftEvent, ground: &Ground) -> Result<(), AppError> {
    let today = ground.today();
    match event {
        DraftEvent::Adopted(a) => {
            for (key, id) in &a.named {
                let Some(Fresh { zh, en, subdistrict }) = draft.fresh.get(key) else { continue };
                let depth = tx.depth_below(*subdistrict)?;
                let place = PlaceRow {
                    id: *id,
                    depth,
                    code: format!("drawn-{id}"),
                    zh: zh.clone(),
                    en: en.clone(),
                    hex: None,
                    residents: 0,
                    parent: Some(*subdistrict),
                };
                tx.insert_place(&place, a.from)?;
            }
            let moves: Vec<(PlaceId, PlaceId)> = draft
                .moves(&today)
                .into_iter()
                .map(|(place, _, to)| (place, a.named.get(&to).copied().unwrap_or(to)))
                .collect();
            tx.join_from(&moves, a.from)?;
            for precinct in draft.emptied(&today) {
                tx.end_place(precinct, a.from)?;
            }
        }
        DraftEvent::Withdrawn {} => {
            let Some(a) = &draft.adopted else { return Ok(()) };
            let places: Vec<PlaceId> = draft.layout.keys().copied().collect();
            tx.not_join_from(&places, a.from)?;
            for id in a.named.values() {
                tx.not_begin_place(*id, a.from)?;
            }
            for precinct in draft.emptied(&today) {
                tx.not_end_place(precinct, a.from)?;
            }
        }
        _ => {}
    }
    Ok(())
}
