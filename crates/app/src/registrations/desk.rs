//! The verification desk: what waits at a collector's neighbourhoods, by route, with what does not fit together as
//! questions; and a record opened, which is kept and shown to the person.

use super::declare::document_text;
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may, scope};
use domain::cases::local_date;
use domain::identifiers::IdDocument;
use domain::registrations::life::{self, Command, FailReason, State};
use domain::registrations::questions::{Fact, Question, at_dwelling};
use domain::registrations::rent::{Finding, judge};
use domain::registrations::{Content, Kind, tenancy};
use domain::{DoorwayId, PlaceId, RegistrationId};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use store::Tx;
use store::registrations::Listed;
use store::registrations::desk::Look;
use store::territory::DoorwayRow;

/// Registrations on one page of the desk.
const ON_A_PAGE: u32 = 60;
/// Due sooner than this stands first.
const SOON: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// One registration in the list: what a collector needs to ring the bell, and no more.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it stands.
    pub registration: life::Registration,
    /// The name, masked but for its first character.
    pub name: String,
    /// Which branch of the form: somebody from abroad has hours.
    pub abroad: bool,
    /// An earlier registration of the same person here.
    pub same_as: Option<RegistrationId>,
}

/// One dwelling to visit.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The doorway.
    pub doorway: DoorwayRow,
    /// The dwelling in it.
    pub dwelling: String,
    /// When the first of it is due.
    pub due: Timestamp,
    /// What waits there.
    pub entries: Vec<Entry>,
    /// What to ask there.
    pub questions: Vec<Question>,
}

/// The desk.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The state that is listed.
    pub state: State,
    /// Due within a day, the first first.
    pub soon: Vec<Visit>,
    /// The others, by route: doorway after doorway, flat after flat.
    pub route: Vec<Visit>,
    /// How many stand where, in all the person's neighbourhoods.
    pub counts: Vec<(State, u32)>,
    /// Whether there are more than these.
    pub more: bool,
}

/// One record, opened.
#[derive(Debug, Clone)]
pub struct Record {
    /// Where.
    pub doorway: Option<DoorwayRow>,
    /// The household or letting that was opened, who filled it in first.
    pub opened: Vec<(life::Registration, Option<Content>)>,
    /// Everything else of the same dwelling.
    pub beside: Vec<(life::Registration, Option<Content>)>,
    /// What the rules of letting say.
    pub rent: Vec<Finding>,
    /// What to ask.
    pub questions: Vec<Question>,
    /// Who looked, newest first.
    pub looks: Vec<Look>,
    /// Whether the person may verify it.
    pub may_verify: bool,
}

/// What a collector does with a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// As declared.
    Verify,
    /// Not to be verified.
    Fail(FailReason),
    /// Registered here already.
    Duplicate,
    /// Take the last step back.
    Reopen,
}

impl App {
    fn target(&self, place: PlaceId) -> Target {
        Target { path: self.directory().path(place), unit: None }
    }

    /// The neighbourhoods that a person verifies for.
    fn desk_places(&self, who: &Who, action: Action) -> Vec<PlaceId> {
        let (d, reach) = (self.directory(), scope(&who.grants, action));
        d.places()
            .filter(|p| d.children(Some(p.id)).next().is_none())
            .filter(|p| reach.all || reach.places.iter().any(|mine| d.path(p.id).lies_in(*mine)))
            .map(|p| p.id)
            .collect()
    }

    /// The desk of a person, for one state.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for whoever verifies nowhere.
    pub async fn registration_desk(&self, who: &Who, state: State) -> Result<Desk, AppError> {
        let places = self.desk_places(who, Action::VerifyRegistrations);
        if places.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let (app, now) = (self.clone(), self.now());
        self.store
            .read(move |tx| {
                let mut counts: BTreeMap<State, u32> = BTreeMap::new();
                let mut listed = Vec::new();
                let mut more = false;
                for place in places {
                    for (state, n) in tx.registration_counts(place)? {
                        *counts.entry(state).or_default() += n;
                    }
                    let some = tx.registrations_standing(place, state, None, ON_A_PAGE + 1)?;
                    more |= some.len() > ON_A_PAGE as usize;
                    listed.extend(some.into_iter().take(ON_A_PAGE as usize));
                }
                let mut visits = app.visits(tx, &listed)?;
                visits.sort_by_key(|v| v.due);
                let at = visits.partition_point(|v| v.due.duration_since(now) <= SOON);
                let mut route = visits.split_off(if state == State::Pending { at } else { 0 });
                route.sort_by_cached_key(|v| {
                    (v.doorway.address.clone(), v.doorway.id, by_number(&v.dwelling))
                });
                Ok(Desk { state, soon: visits, route, counts: counts.into_iter().collect(), more })
            })
            .await
    }

    fn visits(&self, tx: &mut Tx<'_>, listed: &[Listed]) -> Result<Vec<Visit>, AppError> {
        let mut doorways: BTreeMap<DoorwayId, Option<DoorwayRow>> = BTreeMap::new();
        let mut visits: BTreeMap<(DoorwayId, String), Visit> = BTreeMap::new();
        for l in listed {
            let Some(content) = self.open_registration(tx, l)? else { continue };
            let found = match doorways.entry(l.doorway) {
                Slot::Occupied(there) => there.into_mut(),
                Slot::Vacant(free) => free.insert(tx.doorway(l.doorway)?),
            };
            let Some(doorway) = found else { continue };
            let dwelling = content.get("dwelling").to_owned();
            let r = &l.registration;
            let visit = visits.entry((l.doorway, dwelling.clone())).or_insert_with(|| Visit {
                doorway: doorway.clone(),
                dwelling,
                due: r.due,
                entries: vec![],
                questions: vec![],
            });
            visit.due = visit.due.min(r.due);
            visit.entries.push(Entry {
                registration: r.clone(),
                name: content.masked("name"),
                abroad: content.get("who") == "abroad",
                same_as: tx.registered_here_before(r.no)?,
            });
        }
        for ((doorway, dwelling), visit) in &mut visits {
            let all = tx.registrations_at(&self.dwelling_ix(*doorway, dwelling))?;
            visit.questions = self.questions(tx, &all)?;
        }
        Ok(visits.into_values().collect())
    }

    /// Where the person of a document is registered, by its blind index: twenty at most. For jobs and commands that
    /// match; it opens nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn match_person(
        &self,
        document: &IdDocument,
    ) -> Result<Vec<(RegistrationId, State)>, AppError> {
        let indexes = self.keys.indexes("document", &document_text(document));
        self.store
            .glance(move |tx| {
                let mut all = Vec::new();
                for ix in &indexes {
                    all.extend(tx.registrations_of_person(ix)?);
                }
                Ok(all)
            })
            .await
    }

    /// What the registrations of one dwelling raise.
    fn questions(&self, tx: &mut Tx<'_>, all: &[Listed]) -> Result<Vec<Question>, AppError> {
        let mut facts = Vec::with_capacity(all.len());
        for l in all {
            let r = &l.registration;
            let content = if r.kind == Kind::Tenancy { self.open_registration(tx, l)? } else { None };
            facts.push(Fact {
                no: r.no,
                kind: r.kind,
                state: r.state,
                elsewhere: if r.kind == Kind::Residency { tx.registered_elsewhere(r.no)? } else { 0 },
                people: content.as_ref().and_then(|c| c.get("people").parse().ok()),
                ends: content.as_ref().and_then(|c| c.get("to").parse().ok()),
            });
        }
        Ok(at_dwelling(&facts, local_date(self.now())))
    }

    /// Opens a record. From within the neighbourhood that is its purpose; from outside, one must be stated, and the
    /// neighbourhood sees it. The person sees both.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for what is not there and what may not be seen; [`AppError::Invalid`] where a
    /// purpose is missing.
    pub async fn open_record(
        &self,
        who: &Who,
        no: RegistrationId,
        purpose: Option<&str>,
    ) -> Result<Record, AppError> {
        let (app, who) = (self.clone(), who.clone());
        let stated = purpose.unwrap_or_default().trim().chars().take(120).collect::<String>();
        self.store
            .write(move |tx| {
                let listed = tx.registration(no)?.ok_or(AppError::NotFound)?;
                let target = app.target(listed.place);
                let own = may(&who.grants, Action::VerifyRegistrations, &target);
                if !own && !may(&who.grants, Action::Unmask, &target) {
                    return Err(AppError::NotFound);
                }
                if !own && stated.is_empty() {
                    return Err(Invalid::field("purpose", "请写明查看的用途。", "Say what you need it for."));
                }
                let purpose = if own && stated.is_empty() { "核实".to_owned() } else { stated };
                let household = tx.household(listed.household)?;
                for l in &household {
                    tx.note_registration_look(&Look {
                        registration: l.registration.no,
                        staff: who.staff,
                        place: l.place,
                        purpose: purpose.clone(),
                        outside: !own,
                        at: app.now(),
                    })?;
                }
                app.record(tx, &listed, &household, own)
            })
            .await
    }

    fn record(
        &self,
        tx: &mut Tx<'_>,
        listed: &Listed,
        household: &[Listed],
        own: bool,
    ) -> Result<Record, AppError> {
        let content = self.open_registration(tx, listed)?;
        let all = match &content {
            Some(c) => tx.registrations_at(&self.dwelling_ix(listed.doorway, c.get("dwelling")))?,
            None => vec![],
        };
        let questions = self.questions(tx, &all)?;
        let mut open = |some: &[&Listed]| -> Result<Vec<_>, AppError> {
            some.iter().map(|l| Ok((l.registration.clone(), self.open_registration(tx, l)?))).collect()
        };
        let opened = open(&household.iter().collect::<Vec<_>>())?;
        // The rest of the dwelling is seen by those alone who verify there.
        let beside = all
            .iter()
            .filter(|l| own && l.household != listed.household && l.registration.state.is_current())
            .collect::<Vec<_>>();
        let beside = open(&beside)?;
        let (rules, now) = (self.rules(), self.now());
        let rent = opened
            .iter()
            .chain(&beside)
            .filter(|(r, _)| r.kind == Kind::Tenancy)
            .filter_map(|(_, c)| c.as_ref())
            .flat_map(|c| judge(&tenancy::letting(c), &|id| rules.row(id, now)))
            .collect();
        Ok(Record {
            doorway: tx.doorway(listed.doorway)?,
            opened,
            beside,
            rent,
            questions,
            looks: tx.registration_looks(listed.registration.no)?,
            may_verify: own,
        })
    }

    /// Does one step at the desk.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for what the person does not verify; what the rules refuse.
    pub async fn verify_registration(
        &self,
        who: &Who,
        no: RegistrationId,
        step: Step,
    ) -> Result<(), AppError> {
        let (app, who, terms) = (self.clone(), who.clone(), self.terms());
        self.store
            .write(move |tx| {
                let listed = tx.registration(no)?.ok_or(AppError::NotFound)?;
                if !may(&who.grants, Action::VerifyRegistrations, &app.target(listed.place)) {
                    return Err(AppError::NotFound);
                }
                let command = match step {
                    Step::Verify => Command::Verify,
                    Step::Fail(reason) => Command::Fail(reason),
                    Step::Duplicate => Command::FindDuplicate(tx.registered_here_before(no)?),
                    Step::Reopen => Command::Reopen,
                };
                let ctx = app.context(who.actor(None));
                app.carry_out_registration(tx, no, command, &ctx, &terms)?;
                Ok(())
            })
            .await
    }

    /// Looks from outside at registrations of a person's own neighbourhoods, newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for whoever verifies nowhere.
    pub async fn outside_looks(&self, who: &Who) -> Result<Vec<Look>, AppError> {
        let places = self.desk_places(who, Action::VerifyRegistrations);
        if places.is_empty() {
            return Err(AppError::NotAllowed);
        }
        self.store
            .read(move |tx| {
                let mut all = Vec::new();
                for place in places {
                    all.extend(tx.outside_looks(place)?);
                }
                all.sort_by_key(|l| std::cmp::Reverse(l.at));
                Ok(all)
            })
            .await
    }
}

/// Flats in the order in which one walks: 2 before 10.
fn by_number(dwelling: &str) -> (u32, String) {
    let digits: String = dwelling.chars().take_while(char::is_ascii_digit).collect();
    (digits.parse().unwrap_or(u32::MAX), dwelling.to_owned())
}
