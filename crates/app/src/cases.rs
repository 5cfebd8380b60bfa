//! Staff work on a case: authorise, decide, keep, wind the clock, in one transaction.

use crate::desk::Alike;
use crate::error::Invalid;
use crate::proposals::Considered;
use crate::reading::{self, Said};
use crate::{App, AppError, Filter, Who};
use domain::access::{Action, Scope, Target, may};
use domain::cases::{
    ActionName, Case, CaseEvent, Command, Kind, Quantity, Recorded, Satisfaction, Sealed, Solved, offered,
};
use domain::proposing::Ranked;
use domain::territory::Part;
use domain::{Actor, CaseNo, PlaceId, UnitId};
use jiff::civil::Date;
use std::collections::HashMap;
use store::Tx;
use store::cases::Held;
use store::events::Subject;
use store::territory::DoorwayRow;

/// Of the open cases of a neighbourhood so many, the newest, are looked at for the same matter.
const AROUND: u32 = 200;

/// What a member of staff does with a case, as a form says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the command of the same name")]
pub enum Step {
    Dispatch { unit: UnitId, subject: String, kind: Kind, reason: String },
    Recall,
    Weigh { pressing: bool },
    FirstContact { reached: bool, note: String },
    Answer { outcome: String, quantities: Vec<Quantity>, solved: Solved },
    Return { ground: String, note: String },
    Refer { tried: String },
    AcceptReferral,
    GiveBack { ground: String, note: String },
    Extend { reason: String },
    AnswerAtOnce { text: String },
    Redirect { to: String, text: String },
    Merge { into: CaseNo },
    Separate,
    Park { cause: String, law: String, review_on: Date },
    Unpark,
    CallBack { solved: Option<Solved>, satisfaction: Option<Satisfaction>, note: String },
    Note { text: String },
}

impl Step {
    /// Which of the offered actions this is.
    pub fn name(&self) -> ActionName {
        match self {
            Step::Dispatch { .. } => ActionName::Dispatch,
            Step::Recall => ActionName::Recall,
            Step::Weigh { .. } => ActionName::Weigh,
            Step::FirstContact { .. } => ActionName::FirstContact,
            Step::Answer { .. } => ActionName::Answer,
            Step::Return { .. } => ActionName::Return,
            Step::Refer { .. } => ActionName::Refer,
            Step::AcceptReferral => ActionName::AcceptReferral,
            Step::GiveBack { .. } => ActionName::GiveBack,
            Step::Extend { .. } => ActionName::Extend,
            Step::AnswerAtOnce { .. } => ActionName::AnswerAtOnce,
            Step::Redirect { .. } => ActionName::Redirect,
            Step::Merge { .. } => ActionName::Merge,
            Step::Separate => ActionName::Separate,
            Step::Park { .. } => ActionName::Park,
            Step::Unpark => ActionName::Unpark,
            Step::CallBack { .. } => ActionName::CallBack,
            Step::Note { .. } => ActionName::Note,
        }
    }
}

/// A case on one page.
#[derive(Debug, Clone)]
pub struct CasePage {
    /// The case.
    pub case: Case,
    /// All that happened, oldest first.
    pub events: Vec<Recorded>,
    /// Where it is.
    pub doorway: Option<DoorwayRow>,
    /// Which voices sent a photo.
    pub photos: Vec<u16>,
    /// What may be done now, by this person.
    pub actions: Vec<ActionName>,
    /// Units that it could be given to, with the reason for each.
    pub proposals: Vec<Ranked>,
    /// How its text is read, while it waits to be given to a unit.
    pub read_as: Option<crate::ReadAs>,
    /// Open cases at the same doorway, the likeliest to be the same matter first, then those of the neighbourhood that
    /// are likely to be.
    pub similar: Vec<Alike>,
    /// Whether the person may open what was masked; asks for a purpose.
    pub may_unmask: bool,
}

/// What was masked, opened for one stated purpose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unmasked {
    /// For each voice that left something: how to reach them, and their own words if these were masked.
    pub voices: Vec<(u16, Option<String>, Option<String>)>,
}

fn target(case: &Case) -> Target {
    Target { path: case.path, unit: case.unit }
}

impl App {
    fn may(&self, who: &Who, action: Action, case: &Case) -> bool {
        may(&who.grants, action, &target(case))
    }

    /// A case for its page.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for a case that is not there and one that may not be seen.
    pub async fn case_page(&self, who: &Who, no: CaseNo) -> Result<CasePage, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let case =
                    tx.case(no)?.filter(|c| app.may(&who, Action::SeeCase, c)).ok_or(AppError::NotFound)?;
                let events = tx.case_events(no)?;
                let doorway = case.doorway.map(|d| tx.doorway(d)).transpose()?.flatten();
                let photos = tx.photos(no)?;
                let actions: Vec<ActionName> =
                    offered(&case).filter(|a| app.may(&who, a.needs(), &case)).collect();
                let read_as = actions.contains(&ActionName::Dispatch).then(|| app.read_as(&case.text));
                let proposals = if actions.contains(&ActionName::Dispatch) {
                    app.ranked(tx, &case.subject, &case.path, case.reported_at)?
                } else {
                    vec![]
                };
                let similar = app.similar(tx, &who, &case)?;
                let may_unmask =
                    app.may(&who, Action::Unmask, &case) && events.iter().any(|e| has_sealed(&e.event));
                Ok(CasePage {
                    case,
                    events,
                    doorway,
                    photos,
                    actions,
                    proposals,
                    read_as,
                    similar,
                    may_unmask,
                })
            })
            .await
    }

    /// The open cases that may be the same matter as one, of those that a person may see.
    fn similar(&self, tx: &mut Tx<'_>, who: &Who, case: &Case) -> Result<Vec<Alike>, AppError> {
        let said = Said::of(&case.text, &case.subject);
        let alike =
            |c: Case, is_here| Alike { shared: reading::shared(&c.text, &case.text), case: c, is_here };
        let mut here = case.doorway.map_or_else(|| Ok(vec![]), |d| tx.open_at_doorway(d))?;
        here.sort_by(|a, b| {
            let likely = |c: &Case| said.likely(&c.text, &c.subject);
            likely(b).total_cmp(&likely(a)).then(b.no.cmp(&a.no))
        });
        let mut around = vec![];
        if let Some(place) = case.path.lowest() {
            let d = self.directory();
            let filter = Filter {
                place: Some((d.depth(place), place)),
                open: true,
                limit: AROUND,
                ..Filter::of(Scope { all: true, ..Scope::default() })
            };
            around = tx.list_cases(&filter, &|p: PlaceId| d.depth(p))?;
        }
        let sees = |c: &Case| c.no != case.no && self.may(who, Action::SeeCase, c);
        let elsewhere = around.into_iter().filter(|c| sees(c) && here.iter().all(|h| h.no != c.no));
        let likely = elsewhere.map(|c| (said.likely(&c.text, &c.subject), c));
        let around = reading::likeliest(likely, reading::VERY_ALIKE);
        let here = here.into_iter().filter(sees).map(|c| alike(c, true));
        Ok(here.chain(around.into_iter().map(|c| alike(c, false))).collect())
    }

    /// Whether a person may see a case, without reading more of it than that takes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn may_see_case(&self, who: &Who, no: CaseNo) -> Result<bool, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store.read(move |tx| Ok(tx.case(no)?.is_some_and(|c| app.may(&who, Action::SeeCase, &c)))).await
    }

    /// Whether another member of staff did something with a case after its first `seen` events. Of a case that this
    /// person may not see nothing is told.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn changed_by_another(&self, who: &Who, no: CaseNo, seen: u32) -> Result<bool, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .glance(move |tx| {
                let case = tx.case(no)?.filter(|c| app.may(&who, Action::SeeCase, c));
                if case.is_none_or(|c| c.version <= seen) {
                    return Ok(false);
                }
                let another = |a: &Actor| matches!(a, Actor::Staff { id, .. } if *id != who.staff);
                Ok(tx.actors_after(Subject::Case(no.0), seen)?.iter().any(another))
            })
            .await
    }

    /// Does one step with a case.
    ///
    /// # Errors
    /// When it may not be seen, the step is not the person's to take, or the rules refuse it; nothing has
    /// changed then.
    pub async fn act(&self, who: &Who, no: CaseNo, step: Step) -> Result<(), AppError> {
        let (app, who) = (self.clone(), who.clone());
        let teaches = matches!(step, Step::Dispatch { .. } | Step::Recall);
        let considered = self.consider_before(no, &step).await?;
        let touched = self
            .store
            .write(move |tx| {
                // Held at once, to be read once; but for a merger, which holds two in the order of their numbers.
                let (case, held) = if matches!(step, Step::Merge { .. }) {
                    (tx.case(no)?, None)
                } else {
                    let held = tx.hold_case(no)?;
                    (held.as_ref().map(|h| h.case.clone()), held)
                };
                let case = case.filter(|c| app.may(&who, Action::SeeCase, c)).ok_or(AppError::NotFound)?;
                if !app.may(&who, step.name().needs(), &case) {
                    return Err(AppError::NotAllowed);
                }
                let ctx = app.context(who.actor(case.unit));
                let may_dispatch = |other: &Case| app.may(&who, Action::Dispatch, other);
                app.step(tx, (&case, held), step, considered, &ctx, may_dispatch)
            })
            .await?;
        if teaches {
            self.heed();
        }
        for no in touched {
            self.tell(no);
        }
        Ok(())
    }

    /// Carries a step out inside a transaction; returns the cases that it touched. The case may be held already.
    /// `considered` is what was thought of a dispatch before; without it it is done inside.
    pub(crate) fn step(
        &self,
        tx: &mut store::Tx<'_>,
        (case, held): (&Case, Option<Held>),
        step: Step,
        considered: Option<Considered>,
        ctx: &domain::Context,
        may_dispatch: impl Fn(&Case) -> bool,
    ) -> Result<Vec<CaseNo>, AppError> {
        let no = case.no;
        let command = match step {
            Step::Dispatch { unit, subject, kind, reason } => {
                let directory = self.directory();
                if directory.unit(unit).is_none() {
                    return Err(Invalid::field("unit", "请选择单位。", "Please choose a unit."));
                }
                if domain::subjects::by_code(&subject).is_none() {
                    return Err(Invalid::field("subject", "请选择事项。", "Please choose a subject."));
                }
                let off_list = directory.is_off_list(unit, &subject);
                let considered = match considered {
                    Some(considered) => considered,
                    None => self.consider(tx, case, &subject)?,
                };
                let (proposed, reason) = considered.chosen(unit, reason);
                Self::keep_choice(tx, case, &subject, considered.unsure, ctx)?;
                Command::Dispatch { unit, off_list, subject, kind, reason, proposed }
            }
            Step::Merge { into } => {
                // Both are held, the lower number first, so that no voice and no ending slips in between.
                let mut held = HashMap::new();
                for one in [no.min(into), no.max(into)] {
                    held.extend(tx.hold_case(one)?.map(|h| (one, h.case)));
                }
                let other = held.get(&into).filter(|c| may_dispatch(c)).ok_or_else(|| {
                    Invalid::field(
                        "into",
                        "没有这个编号的件，或者不在您的范围内。",
                        "There is no such case, or it is not within your reach.",
                    )
                })?;
                let into_open = other.state.is_open();
                let voices = held.get(&no).map_or(case.voices, |c| c.voices);
                self.carry_out(tx, no, Command::MergeInto { into, into_open }, ctx)?;
                self.carry_out(tx, into, Command::Absorb { from: no, voices }, ctx)?;
                return Ok(vec![no, into]);
            }
            Step::Separate => {
                let into = case.merged_into;
                self.carry_out(tx, no, Command::Separate, ctx)?;
                if let Some(into) = into {
                    self.carry_out(tx, into, Command::Release { from: no, voices: case.voices }, ctx)?;
                }
                return Ok(into.into_iter().chain([no]).collect());
            }
            Step::Recall => {
                // What was taken back teaches nothing; the next dispatch says it anew.
                tx.forget_choice(no)?;
                Command::Recall
            }
            Step::Weigh { pressing } => Command::Weigh { pressing },
            Step::FirstContact { reached, note } => Command::FirstContact { reached, note },
            Step::Answer { outcome, quantities, solved } => Command::Answer { outcome, quantities, solved },
            Step::Return { ground, note } => Command::Return { ground, note },
            Step::Refer { tried } => Command::Refer { tried },
            Step::AcceptReferral => Command::AcceptReferral,
            Step::GiveBack { ground, note } => {
                let off = |unit| self.directory().is_off_list(unit, &case.subject);
                Command::GiveBack { ground, note, off_list: case.referred_by.is_some_and(off) }
            }
            Step::Extend { reason } => Command::Extend { reason },
            Step::AnswerAtOnce { text } => Command::AnswerAtOnce { text },
            Step::Redirect { to, text } => Command::Redirect { to, text },
            Step::Park { cause, law, review_on } => Command::Park { cause, law, review_on },
            Step::Unpark => Command::Unpark,
            Step::CallBack { solved, satisfaction, note } => Command::CallBack { solved, satisfaction, note },
            Step::Note { text } => Command::Note { text },
        };
        match held {
            Some(held) => self.carry_on(tx, held, [command], ctx)?,
            None => self.carry_out(tx, no, command, ctx)?,
        };
        Ok(vec![no])
    }

    /// Opens what was masked in a case. Who looked, and what for, is kept and shown to the neighbourhood.
    ///
    /// # Errors
    /// Without a purpose, or without the right.
    pub async fn unmask(&self, who: &Who, no: CaseNo, purpose: &str) -> Result<Unmasked, AppError> {
        let purpose = purpose.trim().to_owned();
        if purpose.is_empty() {
            return Err(Invalid::field("purpose", "请写明查看的用途。", "Say what you need it for."));
        }
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |tx| {
                let case =
                    tx.case(no)?.filter(|c| app.may(&who, Action::SeeCase, c)).ok_or(AppError::NotFound)?;
                if !app.may(&who, Action::Unmask, &case) {
                    return Err(AppError::NotAllowed);
                }
                let ctx = app.context(who.actor(case.unit));
                let place = app.directory().part(&case.path, Part::Committee);
                tx.note_look(who.staff, no, place, &purpose, ctx.now)?;
                let mut out = Unmasked::default();
                for e in tx.case_events(no)? {
                    let (voice, contact, original) = match e.event {
                        CaseEvent::Reported { contact, original, .. } => (1, contact, original),
                        CaseEvent::VoiceAdded { voice, contact, .. } => (voice, contact, None),
                        CaseEvent::Remarked { voice, original, .. } => (voice, None, original),
                        _ => continue,
                    };
                    let mut open = |s: Option<Sealed>, field| -> Result<Option<String>, AppError> {
                        let Some(s) = s else { return Ok(None) };
                        // A key that is gone: the person was forgotten, and stays so.
                        let Some(wrapped) = tx.person_key(&s.person)? else { return Ok(None) };
                        Ok(Some(app.keys.open(&wrapped, &s, field)?))
                    };
                    let (contact, original) = (open(contact, "contact")?, open(original, "original")?);
                    if contact.is_some() || original.is_some() {
                        out.voices.push((voice, contact, original));
                    }
                }
                Ok(out)
            })
            .await
    }

    /// One photo of a case.
    ///
    /// # Errors
    /// [`AppError::NotFound`] if there is none or the case may not be seen.
    pub async fn photo(&self, who: &Who, no: CaseNo, voice: u16) -> Result<Vec<u8>, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                tx.case(no)?.filter(|c| app.may(&who, Action::SeeCase, c)).ok_or(AppError::NotFound)?;
                tx.photo(no, voice)?.ok_or(AppError::NotFound)
            })
            .await
    }
}

fn has_sealed(event: &CaseEvent) -> bool {
    match event {
        CaseEvent::Reported { original, contact, .. } => original.is_some() || contact.is_some(),
        CaseEvent::VoiceAdded { contact, .. } => contact.is_some(),
        CaseEvent::Remarked { original, .. } => original.is_some(),
        _ => false,
    }
}
