//! What texts are about, as learnt from what people say when they give cases to units; and how well that goes.

use crate::{App, AppError, Who};
use domain::access::{Action, Target, may, scope};
use domain::cases::{Case, midnight};
use domain::subjects::SecondOpinion;
use domain::{CaseNo, Context};
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::{Arc, PoisonError};
use store::events::Subject;
use store::subjects::Correction;
use store::{StoreError, Tx};
use triage::{Caution, Classifier, Learner, Message, Prediction};

/// It learns from so many corrections, the latest.
pub(crate) const LEARNT_FROM: u32 = 2_000;
/// So many of them are shown.
const SHOWN: usize = 50;
/// How many subjects are named where it is unsure.
const NAMED: usize = 3;

/// What the program makes of a text, to be shown to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadAs {
    /// The likeliest subject's code, 0 to 1 how likely, and whether a person should decide.
    pub told: Prediction,
    /// The likeliest subjects, the likeliest first, each with how likely it is.
    pub likeliest: Vec<(String, f32)>,
}

/// How well texts were read in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingPage {
    /// The first day of the month.
    pub month: Date,
    /// Each subject that people chose in it, the most frequent first.
    pub agreement: Vec<store::subjects::Agreement>,
    /// What was learnt from corrections and is heeded, newest first; no person is named.
    pub learnt: Vec<Lesson>,
    /// How many corrections are heeded in all.
    pub corrections: usize,
}

/// A correction that is heeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// The case.
    pub case: CaseNo,
    /// When.
    pub at: Timestamp,
    /// The subject that had been proposed.
    pub proposed: String,
    /// The subject that a person chose.
    pub chosen: String,
    /// The text, identifiers masked.
    pub text: String,
}

/// What has been learnt, and what it was learnt from.
#[derive(Default)]
pub(crate) struct Learning {
    /// What the district trained on its own messages, where it did.
    own: Option<Classifier>,
    corrections: Vec<triage::Correction>,
    learnt: Option<Arc<Learner>>,
    /// Whether people said something since that has not been learnt yet.
    stale: bool,
}

impl Learning {
    /// From the corrections that are kept; learns nothing yet.
    pub(crate) fn of(corrections: Vec<Correction>) -> Learning {
        Learning { corrections: corrections.into_iter().map(correction).collect(), ..Learning::default() }
    }

    #[expect(clippy::expect_used, reason = "a test of triage holds what is built in to this")]
    fn learn(&self) -> Learner {
        let classifier = self.own.clone().unwrap_or_else(|| {
            Classifier::starting().expect("the built-in texts have subjects to tell apart")
        });
        let mut learner = Learner::new(classifier, Caution::default());
        for unknown in learner.correct_all(self.corrections.iter().cloned()) {
            tracing::debug!(%unknown, "a correction teaches nothing");
        }
        learner
    }
}

/// A person is a number here: nobody moves what is learnt far alone ([`Caution`]).
fn correction(c: Correction) -> triage::Correction {
    triage::Correction {
        id: c.case.0.unsigned_abs(),
        sender: c.staff.0.unsigned_abs(),
        message: Message::of(&c.text),
        label: c.chosen,
    }
}

impl App {
    /// What texts are about, as far as it has been learnt. The first call learns it: a few hundredths of a second.
    pub(crate) fn subjects(&self) -> Arc<Learner> {
        let learnt = self.learning.read().unwrap_or_else(PoisonError::into_inner).learnt.clone();
        learnt.unwrap_or_else(|| {
            let mut learning = self.learning.write().unwrap_or_else(PoisonError::into_inner);
            let learnt = learning.learnt.clone().unwrap_or_else(|| Arc::new(learning.learn()));
            learning.learnt = Some(learnt.clone());
            learnt
        })
    }

    /// Reads texts from now on with a classifier that the district trained (`pianqu triage train`), corrections
    /// heeded as before.
    ///
    /// # Errors
    /// When one of its subjects is none of the program's, naming it.
    pub fn set_classifier(&self, classifier: Classifier) -> Result<(), AppError> {
        if let Some(unknown) = classifier.labels().iter().find(|l| domain::subjects::by_code(l).is_none()) {
            return Err(crate::Invalid::field(
                "model",
                format!("事项“{unknown}”不在本系统的事项表里。"),
                format!("its subject \"{unknown}\" is none of this program's"),
            ));
        }
        let mut learning = self.learning.write().unwrap_or_else(PoisonError::into_inner);
        (learning.own, learning.learnt) = (Some(classifier), None);
        Ok(())
    }

    /// Remembers that people said something that is to be learnt.
    pub(crate) fn heed(&self) {
        self.learning.write().unwrap_or_else(PoisonError::into_inner).stale = true;
    }

    /// Learns what people said since the last time, if they did; whether they did. Blocks for a fraction of a second;
    /// texts are read as before meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn learn(&self) -> Result<bool, AppError> {
        let mut learning = {
            let mut here = self.learning.write().unwrap_or_else(PoisonError::into_inner);
            if !std::mem::take(&mut here.stale) {
                return Ok(false);
            }
            Learning { own: here.own.clone(), ..Learning::default() }
        };
        let kept = self.store.read(|tx| Ok::<_, AppError>(tx.corrections(LEARNT_FROM)?)).wait();
        let kept = kept.inspect_err(|_| self.heed())?;
        learning.corrections = kept.into_iter().map(correction).collect();
        let learnt = Arc::new(learning.learn());
        let mut here = self.learning.write().unwrap_or_else(PoisonError::into_inner);
        (here.corrections, here.learnt) = (learning.corrections, Some(learnt));
        Ok(true)
    }

    /// How a text is read today.
    pub(crate) fn read_as(&self, text: &str) -> ReadAs {
        let (learnt, message) = (self.subjects(), Message::of(text));
        let told = learnt.predict(&message);
        let likeliest = learnt.reader().likeliest(&message, NAMED);
        ReadAs { told, likeliest }
    }

    /// Lets a model on the district's own network be asked from now on.
    pub fn set_second_opinion(&self, model: Arc<dyn SecondOpinion>) {
        *self.second_opinion.write().unwrap_or_else(PoisonError::into_inner) = Some(model);
    }

    /// The name of the model that can be asked, where there is one.
    pub fn second_opinion(&self) -> Option<String> {
        let model = self.second_opinion.read().unwrap_or_else(PoisonError::into_inner);
        model.as_ref().map(|m| m.name().to_owned())
    }

    /// Asks the district's model what a case is about: the code of a subject, or a sentence why it gives none. The text
    /// leaves masked; that it was asked is an event of whoever asked. Nothing depends on it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] without a model, or for a case that this person may not see; [`AppError::NotAllowed`] for
    /// who may not give it to a unit.
    pub async fn ask_second_opinion(
        &self,
        who: &Who,
        no: CaseNo,
    ) -> Result<Result<String, String>, AppError> {
        let model = self.second_opinion.read().unwrap_or_else(PoisonError::into_inner).clone();
        let model = model.ok_or(AppError::NotFound)?;
        let (grants, staff, ctx) = (who.grants.clone(), who.staff, self.context(who.actor(None)));
        let name = model.name().to_owned();
        let text = self
            .store
            .write(move |tx| {
                let case = tx.case(no)?.ok_or(AppError::NotFound)?;
                let target = Target { path: case.path, unit: case.unit };
                if !may(&grants, Action::SeeCase, &target) {
                    return Err(AppError::NotFound);
                }
                if !may(&grants, Action::Dispatch, &target) {
                    return Err(AppError::NotAllowed);
                }
                let body = serde_json::json!({ "event": "second_opinion", "case": no.0, "model": name });
                tx.append_next(Subject::Staff(staff.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(case.text)
            })
            .await?;
        let masked = crate::reading::public(&text);
        let asked = tokio::task::spawn_blocking(move || model.subject(&masked, domain::subjects::ALL));
        let told = asked.await.map_err(|e| AppError::Keys(e.to_string()))?;
        Ok(told.map(|s| s.code.to_owned()))
    }

    /// Keeps what a person chose as the subject of a case beside what the program had proposed.
    pub(crate) fn keep_choice(
        tx: &mut Tx<'_>,
        case: &Case,
        chosen: &str,
        unsure: bool,
        ctx: &Context,
    ) -> Result<(), StoreError> {
        let domain::Actor::Staff { id, .. } = ctx.actor else { return Ok(()) };
        tx.choose_subject(case.no, ctx.now, id, (&case.subject, chosen), unsure)
    }

    /// How well texts were read in the month of a day, for the district office.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for others.
    pub async fn reading_page(&self, who: &Who, month: Date) -> Result<ReadingPage, AppError> {
        if !self.sees_reading(who) {
            return Err(AppError::NotAllowed);
        }
        let month = month.first_of_month();
        let next = month.last_of_month().tomorrow().map_err(|_| AppError::NotFound)?;
        let (since, until) = midnight(month).zip(midnight(next)).ok_or(AppError::NotFound)?;
        let (agreement, learnt) = self
            .store
            .read(move |tx| Ok::<_, AppError>((tx.agreement(since, until)?, tx.corrections(LEARNT_FROM)?)))
            .await?;
        let corrections = learnt.len();
        let lesson = |c: Correction| Lesson {
            case: c.case,
            at: c.at,
            proposed: c.proposed,
            chosen: c.chosen,
            text: crate::reading::public(&c.text),
        };
        let learnt = learnt.into_iter().take(SHOWN).map(lesson).collect();
        Ok(ReadingPage { month, agreement, learnt, corrections })
    }

    /// Whether somebody looks after the whole district's cases, and so sees how well texts are read.
    pub fn sees_reading(&self, who: &Who) -> bool {
        scope(&who.grants, Action::SeeCase).all && scope(&who.grants, Action::ManageRosters).all
    }

    /// Lets a correction teach no longer. The case keeps its subject; the step is an event of whoever took it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where nothing is learnt from that case; [`AppError::NotAllowed`].
    pub async fn forget_correction(&self, who: &Who, case: CaseNo) -> Result<(), AppError> {
        if !self.sees_reading(who) {
            return Err(AppError::NotAllowed);
        }
        let (staff, ctx) = (who.staff, self.context(who.actor(None)));
        self.store
            .write(move |tx| {
                if !tx.forget_choice(case)? {
                    return Err(AppError::NotFound);
                }
                let body = serde_json::json!({ "event": "correction_forgotten", "case": case.0 });
                tx.append_next(Subject::Staff(staff.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await?;
        self.heed();
        Ok(())
    }
}
