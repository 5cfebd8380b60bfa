//! Who should do it: ranked units for a case, and what is learnt from whom people choose.

use crate::{App, AppError, Who};
use domain::access::{Action, Target, may};
use domain::cases::{Case, Recorded};
use domain::problems::{self, Problem};
use domain::proposing::{Class, Hours, Learnt, Matter, Ranked, learn, learn_lead, rank, weight};
use domain::territory::Path;
use domain::{CaseNo, UnitId};
use jiff::Timestamp;
use store::{StoreError, Tx};

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

    /// The place of a chosen unit among the proposals, and the reason to keep: what the person wrote, or the
    /// sentence of the proposal that they took as it stood.
    pub(crate) fn chosen(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        subject: &str,
        unit: UnitId,
        reason: String,
    ) -> Result<(Option<u32>, String), StoreError> {
        let ranked = self.ranked(tx, subject, &case.path, case.reported_at)?;
        let Some(place) = ranked.iter().position(|r| r.unit == unit) else { return Ok((None, reason)) };
        let reason = if reason.trim().is_empty() { ranked[place].zh() } else { reason };
        Ok((u32::try_from(place + 1).ok(), reason))
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

    /// The class of a unit for a subject at a place.
    fn classes(&self) -> impl Fn(UnitId, &str, &Path) -> Option<Class> {
        let directory = self.directory();
        move |unit, subject, path| {
            let duty = directory.duties(subject).iter().find(|d| d.unit == unit)?;
            Class::of(directory.unit(unit)?, duty, path)
        }
    }
}
