//! Who should do it: ranked units for a case, and what is learnt from whom people choose.

use crate::{App, AppError, Step, Who};
use domain::access::{Action, Target, may};
use domain::cases::{Case, Recorded};
use domain::problems::{self, Problem};
use domain::proposing::{Class, Hours, Learnt, Matter, Ranked, learn, learn_lead, rank, weight};
use domain::territory::Path;
use domain::{CaseNo, UnitId};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
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

/// How many open cases units have, as they were counted a moment ago. To count is to walk through all that is open with a
/// unit: a page does so each time, but what a dispatch notes of its proposals need not.
#[derive(Default)]
pub(crate) struct Loads(Mutex<HashMap<UnitId, (i64, Timestamp)>>);

/// How old a count may be that nobody looks at.
const A_MOMENT: SignedDuration = SignedDuration::from_secs(2);

impl Loads {
    /// The counts of some units, if each was counted within the last moment. A clock that stands, or was set back,
    /// tells nothing of their age.
    fn lately(
        &self,
        units: impl IntoIterator<Item = UnitId>,
        now: Timestamp,
    ) -> Option<HashMap<UnitId, i64>> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        units
            .into_iter()
            .map(|unit| {
                let (open, at) = counted.get(&unit)?;
                (*at < now && now < *at + A_MOMENT).then_some((unit, *open))
            })
            .collect()
    }

    fn note(&self, units: impl IntoIterator<Item = UnitId>, loads: &HashMap<UnitId, i64>, now: Timestamp) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.extend(units.into_iter().map(|u| (u, (loads.get(&u).copied().unwrap_or(0), now))));
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
        let loads = self.count_loads(tx, subject, path)?;
        self.ranked_by(tx, subject, path, at, &loads)
    }

    fn ranked_by(
        &self,
        tx: &mut Tx<'_>,
        subject: &str,
        path: &Path,
        at: Timestamp,
        loads: &HashMap<UnitId, i64>,
    ) -> Result<Vec<Ranked>, StoreError> {
        let hours = Hours::of(at, self.rules().as_ref());
        let directory = self.directory();
        let able: Vec<UnitId> = directory.able(subject, path).collect();
        let history = tx.choices(subject, path, hours, &able)?;
        let matter = Matter { subject, path, hours, at: None };
        Ok(rank(&matter, &directory.candidates(subject, loads), &history, weight(self.clock.now())))
    }

    fn count_loads(
        &self,
        tx: &mut Tx<'_>,
        subject: &str,
        path: &Path,
    ) -> Result<HashMap<UnitId, i64>, StoreError> {
        // Before the count: it is older than it looks rather than younger.
        let now = self.clock.now();
        let loads = tx.loads_for(subject, path)?;
        self.loads.note(self.directory().able(subject, path), &loads, now);
        Ok(loads)
    }

    /// The same, but counted a moment ago where it was.
    fn lately_counted(
        &self,
        tx: &mut Tx<'_>,
        subject: &str,
        path: &Path,
    ) -> Result<HashMap<UnitId, i64>, StoreError> {
        match self.loads.lately(self.directory().able(subject, path), self.clock.now()) {
            Some(loads) => Ok(loads),
            None => self.count_loads(tx, subject, path),
        }
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
        let loads = self.lately_counted(tx, subject, &case.path)?;
        let ranked = self.ranked_by(tx, subject, &case.path, case.reported_at, &loads)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts serve for a moment; while the clock stands or goes back they are made anew, and where one is missing all are.
    #[test]
    fn a_count_serves_for_a_moment() {
        let (a, b) = (UnitId(1), UnitId(2));
        let at = |ms: i64| Timestamp::from_millisecond(1_000_000 + ms).unwrap();
        let loads = Loads::default();
        assert_eq!(loads.lately([a], at(0)), None);
        loads.note([a, b], &HashMap::from([(a, 7)]), at(0));
        let both = Some(HashMap::from([(a, 7), (b, 0)]));
        assert_eq!(loads.lately([a, b], at(1)), both);
        assert_eq!(loads.lately([a, b], at(1_999)), both);
        for other in [at(0), at(-1), at(2_000)] {
            assert_eq!(loads.lately([a, b], other), None, "{other}");
        }
        assert_eq!(loads.lately([a, UnitId(3)], at(1)), None);
    }
}
