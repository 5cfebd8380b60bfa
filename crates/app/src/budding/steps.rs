//! What is done about a warning before it is answered: a committee is asked and answers, a visit is planned and told of.

use super::{REMEMBERED, row, warning};
use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::access::{Action, Target, may, scope};
use domain::cases::{Case, local_date};
use domain::notices::{About, Addressee, Subject as Thing, What};
use domain::territory::Part;
use domain::{Context, PlaceId, UnitId};
use jiff::civil::Date;
use std::collections::BTreeSet;
use store::Tx;
use store::cases::day_number;
use store::events::Subject;
use warnings::{FURTHEST, MOST_STEPS, Said, State, Step, StepError, StepKind, Warning};

/// A question, or an answer, has so many letters at most.
const LONGEST: usize = 200;

/// A question that waits for an answer, or a visit that waits to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// The warning's number.
    pub warning: i64,
    /// The step's place in its list.
    pub index: usize,
    /// The step.
    pub step: Step,
    /// The warning's subject; empty for none.
    pub subject: String,
}

fn refused(why: StepError) -> AppError {
    let (field, zh, en) = match why {
        StepError::Over => return AppError::NotFound,
        StepError::Nothing => (
            "said",
            "已经有人答复了，请刷新页面看看。".to_owned(),
            "Somebody has answered already; load the page anew.".to_owned(),
        ),
        StepError::Waits => (
            "neighbourhood",
            "这件事已经问过这里，还没有答复。".to_owned(),
            "They have been asked already, and have not answered yet.".to_owned(),
        ),
        StepError::Day => (
            "due",
            format!("请选今天以后、{FURTHEST}天以内的一天。"),
            format!("Choose a day from today on, within {FURTHEST} days."),
        ),
        StepError::Many => (
            "neighbourhood",
            format!("已经问过、走访过{MOST_STEPS}次，请立项办理。"),
            format!("{MOST_STEPS} steps were taken; please open a problem."),
        ),
    };
    Invalid::field(field, zh, en)
}

fn words(field: &'static str, typed: &str) -> Result<String, AppError> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().count() > LONGEST {
        return Err(Invalid::field(
            field,
            format!("请写一句话，{LONGEST}个字以内。"),
            format!("Say it in a sentence, within {LONGEST} letters."),
        ));
    }
    Ok(crate::reading::mask(typed))
}

impl App {
    /// Asks a committee of the warning's precinct how things stand, or plans a visit to its neighbourhood. `typed` is the question,
    /// or who goes; `due` the day by which an answer is hoped for, or of the visit. The committee is told.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for a warning that is not there, is not this person's or is over; a neighbourhood of another
    /// precinct, one that has been asked already, empty words, a day that has passed or lies too far ahead.
    pub async fn take_step(
        &self,
        who: &Who,
        id: i64,
        kind: StepKind,
        neighbourhood: PlaceId,
        typed: &str,
        due: Date,
    ) -> Result<(), AppError> {
        let words = words(if kind == StepKind::Ask { "question" } else { "goes" }, typed)?;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |tx| {
                let kept = tx.warning(id)?.ok_or(AppError::NotFound)?;
                let d = app.directory();
                if !may(&who.grants, Action::Plan, &Target { path: d.path(kept.precinct), unit: None }) {
                    return Err(AppError::NotFound);
                }
                let place = d.path(neighbourhood);
                if !d.is_neighbourhood(neighbourhood) || !place.lies_in(kept.precinct) {
                    return Err(Invalid::field(
                        "neighbourhood",
                        "请选本片区的一个居民区。",
                        "Choose a neighbourhood of this precinct.",
                    ));
                }
                let step = Step { kind, neighbourhood, words, due, by: who.staff, said: None };
                let ctx = app.context(who.actor(None));
                let now = warning(&kept)?.with_step(step, local_date(ctx.now)).map_err(refused)?;
                tx.keep_warning(&row(id, &now)?)?;
                let name = if kind == StepKind::Ask { "committee_asked" } else { "visit_planned" };
                let body = serde_json::json!({ "event": name, "warning": id, "place": neighbourhood.0 });
                tx.append_next(Subject::Staff(who.staff.0), ctx.now, ctx.actor, &body.to_string())?;
                if let Some(unit) = d.committee_of(neighbourhood) {
                    let what = if kind == StepKind::Ask { What::Asked } else { What::VisitPlanned };
                    let thing = Thing { about: About::Errand, id };
                    app.notify(tx, Addressee::Unit(unit), what, thing, ctx.now)?;
                }
                Ok(())
            })
            .await
    }

    /// Answers a question, or tells what was seen on a visit. Whoever asked is told.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for what is not there and what is not this person's to answer; empty words; what has been answered.
    pub async fn say_to_step(&self, who: &Who, id: i64, index: usize, typed: &str) -> Result<(), AppError> {
        let words = words("said", typed)?;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |tx| {
                let kept = tx.warning(id)?.ok_or(AppError::NotFound)?;
                let was = warning(&kept)?;
                let step = was.steps.get(index).ok_or(AppError::NotFound)?;
                if !app.may_say(&who, step.neighbourhood) {
                    return Err(AppError::NotFound);
                }
                let (asker, place) = (step.by, step.neighbourhood);
                let ctx = app.context(who.actor(None));
                let said = Said { on: local_date(ctx.now), by: who.staff, words };
                let now = was.with_said(index, said).map_err(refused)?;
                tx.keep_warning(&row(id, &now)?)?;
                let body = serde_json::json!({ "event": "step_answered", "warning": id, "place": place.0 });
                tx.append_next(Subject::Staff(who.staff.0), ctx.now, ctx.actor, &body.to_string())?;
                if asker != who.staff {
                    let thing = Thing { about: About::Warning, id };
                    app.notify(tx, Addressee::Staff(asker), What::StepAnswered, thing, ctx.now)?;
                }
                Ok(())
            })
            .await
    }

    /// The questions and visits that wait for this person: of the neighbourhoods whose committee they work for, and of the
    /// precincts that they plan for (there visits only, whose day has come); by day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn errands(&self, who: &Who) -> Result<Vec<Errand>, AppError> {
        let d = self.directory();
        let units: Vec<UnitId> = scope(&who.grants, Action::Handle).units;
        let own: BTreeSet<PlaceId> =
            units.iter().filter_map(|u| d.unit(*u)?.place).filter(|p| d.is_neighbourhood(*p)).collect();
        let planned: Vec<PlaceId> = scope(&who.grants, Action::Plan).places;
        let planned: BTreeSet<PlaceId> =
            planned.into_iter().filter(|p| d.part(&d.path(*p), Part::Dispatcher) == Some(*p)).collect();
        let of_own = own.iter().filter_map(|p| d.part(&d.path(*p), Part::Dispatcher));
        let precincts: BTreeSet<PlaceId> = of_own.chain(planned.iter().copied()).collect();
        if precincts.is_empty() {
            return Ok(vec![]);
        }
        let today = local_date(self.clock.now());
        let since = day_number(today) - REMEMBERED;
        self.store
            .read(move |tx| {
                let mut out = Vec::new();
                for precinct in precincts {
                    for kept in tx.warnings_of(precinct, since)? {
                        let w = warning(&kept)?;
                        let mine = |s: &Step| {
                            let due = s.kind == StepKind::Visit && s.due <= today;
                            own.contains(&s.neighbourhood) || (planned.contains(&precinct) && due)
                        };
                        for (index, step) in w.waiting_steps().filter(|(_, s)| mine(s)) {
                            out.push(Errand {
                                warning: kept.id,
                                index,
                                step: step.clone(),
                                subject: w.finding.subject.clone(),
                            });
                        }
                    }
                }
                out.sort_by_key(|e| (e.step.due, e.warning, e.index));
                Ok(out)
            })
            .await
    }

    fn may_say(&self, who: &Who, neighbourhood: PlaceId) -> bool {
        let d = self.directory();
        let (path, committee) = (d.path(neighbourhood), d.committee_of(neighbourhood));
        may(&who.grants, Action::Plan, &Target { path, unit: None })
            || (committee.is_some() && may(&who.grants, Action::Handle, &Target { path, unit: committee }))
    }

    /// A problem was opened with these cases: the warnings of its precinct that rest on one of them have led to something.
    pub(crate) fn led_to_problem(
        &self,
        tx: &mut Tx<'_>,
        cases: &[Case],
        ctx: &Context,
    ) -> Result<(), AppError> {
        let d = self.directory();
        let precincts: BTreeSet<PlaceId> =
            cases.iter().filter_map(|c| d.part(&c.path, Part::Dispatcher)).collect();
        let since = day_number(local_date(ctx.now)) - REMEMBERED;
        for precinct in precincts {
            for kept in tx.warnings_of(precinct, since)? {
                let w = warning(&kept)?;
                let open = matches!(w.state, State::Open | State::Watching { .. });
                if open && cases.iter().any(|c| w.finding.cases.contains(&c.no)) {
                    tx.keep_warning(&row(kept.id, &Warning { state: State::Acted, ..w })?)?;
                }
            }
        }
        Ok(())
    }
}
