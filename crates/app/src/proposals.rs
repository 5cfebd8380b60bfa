//! Who should do it: ranked units for a case, and what is learnt from whom people choose.

use crate::{App, AppError, Step, Who};
use domain::access::{Action, Target, may};
use domain::cases::{Case, Recorded};
use domain::problems::{self, Problem};
use domain::proposing::{Class, Hours, Learnt, Matter, Ranked, learn, learn_lead, rank, weight};
use domain::territory::Path;
use domain::{CaseNo, UnitId};
use jiff::Timestamp;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{StoreError, Tx};

/// So many lessons come together before they are added to the sums: every dispatch reads those that are not yet, and adding
/// up costs the less a lesson the more there are.
const MANY: usize = 128;

/// How many lessons have come in since they were last added up. Only a reminder: where several programs serve one store
/// each counts its own, and the hourly sweep adds up what is left.
#[derive(Default)]
pub(crate) struct News(AtomicUsize);

impl News {
    /// Whether these make it enough; counting begins anew then.
    fn are_many(&self, more: usize) -> bool {
        let many = self.0.fetch_add(more, Ordering::Relaxed) + more >= MANY;
        if many {
            self.0.store(0, Ordering::Relaxed);
        }
        many
    }
}

/// What is thought of a dispatch before it is kept.
pub(crate) struct Considered {
    /// The units that could take it, best first.
    ranked: Vec<Ranked>,
    /// Whether the subject was left to people.
    pub(crate) unsure: bool,
}

impl Considered {
    /// The place of a chosen unit among the proposals, and the reason to keep: what the person wrote, or the
    /// sentence of the proposal that they took as it stood.
    pub(crate) fn chosen(&self, unit: UnitId, reason: String) -> (Option<u32>, String) {
        let Some(place) = self.ranked.iter().position(|r| r.unit == unit) else { return (None, reason) };
        let reason = if reason.trim().is_empty() { self.ranked[place].zh() } else { reason };
        (u32::try_from(place + 1).ok(), reason)
    }
}

impl App {
    /// The units that could take a case, best first, each with its reasons.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for a case that is not there and one that may not be seen.
    pub async fn proposals(&self, who: &Who, no: CaseNo) -> Result<Vec<Ranked>, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |tx| {
                let sees =
                    |c: &Case| may(&who.grants, Action::SeeCase, &Target { path: c.path, unit: c.unit });
                let case = tx.case(no)?.filter(sees).ok_or(AppError::NotFound)?;
                Ok(app.ranked(tx, &case.subject, &case.path, case.reported_at)?)
            })
            .await
    }

    /// The units that could take a matter of this subject at a place, which came up at `at`, best first. Reads a
    /// few sums, however long the past.
    pub(crate) fn ranked(
        &self,
        tx: &mut Tx<'_>,
        subject: &str,
        path: &Path,
        at: Timestamp,
    ) -> Result<Vec<Ranked>, StoreError> {
        let hours = Hours::of(at, self.rules().as_ref());
        let history = tx.choices(subject, path, hours)?;
        let loads = tx.loads_for(subject, path)?;
        let directory = self.directory();
        let matter = Matter { subject, path, hours, at: None };
        Ok(rank(&matter, &directory.candidates(subject, &loads), &history, weight(self.clock.now())))
    }

    /// What is to be thought of a dispatch, if a step is one. It takes as long as all the rest of a dispatch, and so is done
    /// beside the writers; what changes between is no harm, for only the record speaks of it.
    pub(crate) async fn consider_before(
        &self,
        no: CaseNo,
        step: &Step,
    ) -> Result<Option<Considered>, AppError> {
        let Step::Dispatch { subject, .. } = step else { return Ok(None) };
        let (app, subject) = (self.clone(), subject.clone());
        self.store
            .read(move |tx| {
                let Some(case) = tx.case(no)? else { return Ok(None) };
                Ok(Some(app.consider(tx, &case, &subject)?))
            })
            .await
    }

    /// Ranks the units for a case of a subject, and reads its text once more.
    pub(crate) fn consider(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        subject: &str,
    ) -> Result<Considered, StoreError> {
        let ranked = self.ranked(tx, subject, &case.path, case.reported_at)?;
        let unsure = self.subjects().predict(&triage::Message::of(&case.text)).unsure;
        Ok(Considered { ranked, unsure })
    }

    /// What events teach about whom to choose.
    pub(crate) fn learnt(&self, before: &Case, events: &[Recorded]) -> Vec<Learnt> {
        let rules = self.rules();
        learn(before, events, self.classes(), |at| Hours::of(at, rules.as_ref()))
    }

    /// What the steps of a problem teach about whom to let lead.
    pub(crate) fn learnt_lead(&self, before: &Problem, events: &[problems::Recorded]) -> Vec<Learnt> {
        let rules = self.rules();
        learn_lead(before, events, self.classes(), |at| Hours::of(at, rules.as_ref()))
    }

    /// Keeps what events taught, and adds it to the sums when enough of it has come together.
    pub(crate) fn keep_learnt(&self, tx: &mut Tx<'_>, learnt: &[Learnt]) -> Result<(), AppError> {
        tx.keep_learnt(learnt)?;
        if self.news.are_many(learnt.len()) {
            tx.fold_choices()?;
        }
        Ok(())
    }

    /// The class of a unit for a subject at a place.
    fn classes(&self) -> impl Fn(UnitId, &str, &Path) -> Option<Class> {
        let directory = self.directory();
        move |unit, subject, path| {
            let duty = directory.duties(subject).iter().find(|d| d.unit == unit)?;
            Class::of(directory.unit(unit)?, duty, path)
        }
    }
}
