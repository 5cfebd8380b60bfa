//! What is budding: looked for every hour in a snapshot, off the write lane; kept as warnings; answered by the precinct.

mod by_words;
mod clusters;
mod contradictions;
mod detail;
mod figures;
mod find;
mod relapse;
mod rising;
mod seasons;
mod silence;
mod slow;
mod steps;
#[cfg(test)]
mod tests;

use crate::error::Invalid;
use crate::{App, AppError, Who};
pub use by_words::{ByWords, Needs};
pub use detail::{Before, Told};
use domain::access::{Action, Target, may, scope};
use domain::cases::local_date;
use domain::notices::{About, Addressee, Subject as Thing, What};
use domain::{CaseNo, PlaceId};
pub use figures::{Gained, Line as FiguresLine, Measured};
pub use find::{Facts, findings};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
pub use steps::Errand;
use store::StoreError;
use store::cases::day_number;
use store::events::Subject;
use store::warnings::WarningRow;
use warnings::{Budget, Change, Fate, Kind, Season, State, Warning, merge};

/// The hour of the last look, counted from 1970, in the settings.
const LOOKED: &str = "budding.looked";
/// How many false alarms a month the district bears, in the settings; one unless it says otherwise.
const BEARS: &str = "budding.alarms_a_month";
/// The district's own calendar of seasons, in the settings.
const SEASONS: &str = "budding.seasons";
/// A warning is remembered so many days after it was last found.
const REMEMBERED: i64 = 90;
/// Warnings are measured over so many days.
const MEASURED: i32 = 30;
/// So few, and so many, false alarms a month can be set.
const LEAST_ALARMS: f64 = 0.1;
const MOST_ALARMS: f64 = 30.0;
/// More open warnings than this nobody reads at once.
pub const SHOWN: usize = 7;
/// So many cases are opened as one problem at once.
const MOST_JOINED: usize = 40;
/// An answer holds for a year at most.
const LONGEST_ANSWER: i32 = 366;

/// A warning on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Budding {
    /// Its number.
    pub id: i64,
    /// What was found, since when, and how it stands.
    pub warning: Warning,
    /// Whether this person may answer it.
    pub may_answer: bool,
    /// Its cases that this person may open a problem with: open ones within reach, in no problem yet. Of the first
    /// [`SHOWN`] open warnings only.
    pub joinable: Vec<CaseNo>,
    /// What the district's calendar says of its season, in Chinese and English.
    pub season: Option<(String, String)>,
    /// The neighbourhoods of its precinct, those of its reports first: whom to ask. Of the first [`SHOWN`] open ones that this
    /// person may answer only.
    pub neighbourhoods: Vec<PlaceId>,
    /// The reports that it rests on, in the order of their days. Of the first [`SHOWN`] open warnings only, as is `before`.
    pub told: Vec<Told>,
    /// What was done the last times: closed cases and problems of its subject in its precinct, the last first.
    pub before: Vec<Before>,
}

/// What somebody says to a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WarningAnswer {
    /// Known for a reason; silent until a day, or until half as many reports again have come.
    Known {
        /// Why.
        reason: String,
        /// The last day on which it stays silent.
        until: Date,
    },
    /// Somebody waits and watches; silent until a day, or until half as many reports again have come.
    Watch {
        /// The last day on which it stays silent.
        until: Date,
    },
    /// Something is done about it.
    Acted,
    /// There is nothing: a false alarm.
    Nothing,
}

impl WarningAnswer {
    /// The stable name of its kind.
    pub fn key(&self) -> &'static str {
        match self {
            WarningAnswer::Known { .. } => "known",
            WarningAnswer::Watch { .. } => "watch",
            WarningAnswer::Acted => "acted",
            WarningAnswer::Nothing => "nothing",
        }
    }
}

/// What became of the warnings of the last thirty days.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// How many were told.
    pub told: u32,
    /// Of these, so many led to something.
    pub led: u32,
    /// … led to nothing: known before, a false alarm, or lapsed.
    pub led_to_nothing: u32,
    /// … wait for an answer.
    pub waiting: u32,
    /// How many false alarms a month the district bears.
    pub bears: f64,
    /// Whether this person sets that.
    pub sets: bool,
}

fn bears(tx: &mut store::Tx<'_>) -> Result<f64, StoreError> {
    let kept = tx.setting(BEARS)?.and_then(|b| b.parse().ok());
    Ok(kept.filter(|b| (LEAST_ALARMS..=MOST_ALARMS).contains(b)).unwrap_or(1.0))
}

/// The calendar of seasons: the district's own, or the one that is shipped.
fn calendar(tx: &mut store::Tx<'_>) -> Result<Vec<Season>, StoreError> {
    let text = tx.setting(SEASONS)?;
    let text = text.as_deref().unwrap_or(warnings::BUNDLED);
    let known = |code: &str| domain::subjects::by_code(code).is_some();
    warnings::seasons(text, known)
        .map_err(|e| StoreError::Unreadable(format!("{SEASONS}, line {}: {}", e.line, e.why.1)))
}

fn row(id: i64, w: &Warning) -> Result<WarningRow, AppError> {
    let body = serde_json::to_string(w).map_err(|e| StoreError::Unreadable(e.to_string()))?;
    let open = w.state == State::Open;
    // An answer is remembered for as long as it holds.
    let last = match &w.state {
        State::Known { until, .. } | State::Watching { until, .. } => w.last.max(*until),
        _ => w.last,
    };
    Ok(WarningRow { id, precinct: w.finding.precinct, open, last_on: day_number(last), body })
}

fn warning(row: &WarningRow) -> Result<Warning, AppError> {
    Ok(serde_json::from_str(&row.body)
        .map_err(|e| StoreError::Unreadable(format!("warning {}: {e}", row.id)))?)
}

impl App {
    /// Looks for what is budding, once an hour; false where this hour's look has been done. What is counted of a day only
    /// grows while it lasts, so looking often finds what the night would find, and finds it sooner. Blocks, for seconds
    /// in a large district: belongs on a thread of its own. Safe to do twice.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn look_out(&self) -> Result<bool, AppError> {
        let now = self.clock.now();
        let today = local_date(now);
        let hour = now.as_second().div_euclid(3_600).to_string();
        let before = hour.clone();
        let since = now - SignedDuration::from_hours(24 * find::REMEMBERED);
        let settled = now - SignedDuration::from_hours(24 * 14);
        let read = self.store.read(move |tx| {
            if tx.setting(LOOKED)?.as_deref() == Some(&before) {
                return Ok(None);
            }
            let budget = Budget { alarms_a_month: bears(tx)? };
            let (heard, courses) = (tx.heard_since(since)?, tx.courses_since(since)?);
            let (doubts, calendar) = (tx.doubtful_dwellings(settled)?, calendar(tx)?);
            Ok::<_, AppError>(Some((heard, courses, doubts, calendar, budget)))
        });
        let Some((heard, courses, doubts, seasons, budget)) = read.wait()? else { return Ok(false) };
        let words = self.words_of_late()?;
        let (courses, doubts) = (&courses[..], &doubts[..]);
        let facts = Facts { heard: &heard, courses, doubts, seasons: &seasons, words: Some(&words) };
        let findings = findings(&self.directory(), facts, today, budget)
            .map_err(|e| StoreError::Unreadable(format!("the look for what is budding: {e}")))?;
        drop(words);
        let app = self.clone();
        self.store
            .write(move |tx| {
                let tell = |tx: &mut store::Tx<'_>, id: i64, w: &Warning| {
                    let to = Addressee::Place(w.finding.precinct);
                    app.notify(tx, to, What::Budding, Thing { about: About::Warning, id }, now)
                };
                if tx.setting(LOOKED)?.as_deref() == Some(&hour) {
                    return Ok(());
                }
                let rows = tx.warnings_since(day_number(today) - REMEMBERED)?;
                let warnings = rows.iter().map(warning).collect::<Result<Vec<_>, _>>()?;
                for change in merge(&warnings, findings, today) {
                    match change {
                        Change::Tell(new) => {
                            let id = tx.keep_warning(&row(0, &new)?)?;
                            tell(tx, id, &new)?;
                        }
                        Change::GoesOn { index, now, woke } => {
                            let id = tx.keep_warning(&row(rows[index].id, &now)?)?;
                            if woke {
                                tell(tx, id, &now)?;
                            }
                        }
                        Change::Lapses(index) => {
                            let lapsed = Warning { state: State::Lapsed, ..warnings[index].clone() };
                            tx.keep_warning(&row(rows[index].id, &lapsed)?)?;
                        }
                    }
                }
                tx.set_setting(LOOKED, &hour)?;
                Ok::<_, AppError>(())
            })
            .wait()?;
        Ok(true)
    }

    /// What became of the warnings of the last thirty days that this person sees.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for those who look after no precinct.
    pub async fn budding_figures(&self, who: &Who) -> Result<Figures, AppError> {
        if !self.sees_budding(who) {
            return Err(AppError::NotAllowed);
        }
        let (app, who) = (self.clone(), who.clone());
        let since = local_date(self.clock.now()).saturating_sub(MEASURED.days());
        let sets = self.sets_alarms(&who);
        self.store
            .read(move |tx| {
                let mut figures = Figures { sets, bears: bears(tx)?, ..Figures::default() };
                for row in tx.warnings_since(day_number(since))? {
                    let target = Target { path: app.directory().path(row.precinct), unit: None };
                    let kept = warning(&row)?;
                    // A reminder is no alarm, and is not counted among them.
                    if !kept.finding.kind.is_alarm() {
                        continue;
                    }
                    if kept.first >= since && may(&who.grants, Action::SeeProblem, &target) {
                        figures.told += 1;
                        match kept.fate() {
                            Fate::Waiting => figures.waiting += 1,
                            Fate::Led => figures.led += 1,
                            Fate::LedToNothing => figures.led_to_nothing += 1,
                        }
                    }
                }
                Ok(figures)
            })
            .await
    }

    fn sets_alarms(&self, who: &Who) -> bool {
        scope(&who.grants, Action::ManageRosters).all
    }

    /// Sets how many false alarms a month the district bears: the thresholds follow at the next look.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for others than the district office; a number that is none or out of bounds.
    pub async fn set_alarms(&self, who: &Who, typed: &str) -> Result<(), AppError> {
        if !self.sets_alarms(who) {
            return Err(AppError::NotAllowed);
        }
        let number = typed.trim().parse().ok().filter(|n: &f64| (LEAST_ALARMS..=MOST_ALARMS).contains(n));
        let Some(number) = number else {
            return Err(Invalid::field(
                "alarms",
                format!("请填{LEAST_ALARMS}到{MOST_ALARMS}之间的数。"),
                format!("Type a number from {LEAST_ALARMS} to {MOST_ALARMS}."),
            ));
        };
        let (staff, ctx) = (who.staff, self.context(who.actor(None)));
        self.store
            .write(move |tx| {
                tx.set_setting(BEARS, &number.to_string())?;
                let body = serde_json::json!({ "event": "alarms_set", "a_month": number });
                tx.append_next(Subject::Staff(staff.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await
    }

    /// Whether somebody looks after a whole precinct or more, and so is shown what is budding there.
    pub fn sees_budding(&self, who: &Who) -> bool {
        let (reach, directory) = (scope(&who.grants, Action::SeeProblem), self.directory());
        reach.all || reach.places.iter().any(|p| (1..=2).contains(&directory.depth(*p)))
    }

    /// What is budding in the precincts that this person looks after: open warnings first, of these alarms
    /// before reminders, the most unusual first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] for those who look after no precinct.
    pub async fn budding(&self, who: &Who) -> Result<Vec<Budding>, AppError> {
        if !self.sees_budding(who) {
            return Err(AppError::NotAllowed);
        }
        let (app, who) = (self.clone(), who.clone());
        let since = day_number(local_date(self.clock.now())) - REMEMBERED;
        self.store
            .read(move |tx| {
                let mut out = Vec::new();
                let calendar = calendar(tx)?;
                for row in tx.warnings_since(since)? {
                    let target = Target { path: app.directory().path(row.precinct), unit: None };
                    if may(&who.grants, Action::SeeProblem, &target) {
                        let may_answer = may(&who.grants, Action::Plan, &target);
                        let (warning, joinable) = (warning(&row)?, vec![]);
                        let key = warning.finding.about.split(':').nth(1).unwrap_or_default();
                        let season = calendar
                            .iter()
                            .find(|s| warning.finding.kind == Kind::Season && s.key == key)
                            .map(|s| (s.zh.clone(), s.en.clone()));
                        let (neighbourhoods, told, before) = (vec![], vec![], vec![]);
                        out.push(Budding {
                            id: row.id,
                            warning,
                            may_answer,
                            joinable,
                            season,
                            neighbourhoods,
                            told,
                            before,
                        });
                    }
                }
                out.sort_by(|a, b| {
                    let open = |x: &Budding| x.warning.state != State::Open;
                    // Reminders stand after alarms, so that none of them takes an alarm's place.
                    let reminds = |x: &Budding| !x.warning.finding.kind.is_alarm();
                    let rare = b.warning.finding.once_in_days.total_cmp(&a.warning.finding.once_in_days);
                    let order = open(a).cmp(&open(b)).then(reminds(a).cmp(&reminds(b)));
                    order.then(rare).then(b.id.cmp(&a.id))
                });
                let open = |b: &&mut Budding| b.may_answer && b.warning.state == State::Open;
                for b in out.iter_mut().take(SHOWN).filter(open) {
                    for no in b.warning.finding.cases.iter().take(MOST_JOINED) {
                        if app.joinable(tx, &who, *no).is_ok() {
                            b.joinable.push(*no);
                        }
                    }
                }
                app.tell_more(tx, &who, &mut out)?;
                Ok(out)
            })
            .await
    }

    /// Answers a warning; the answer is an event of whoever gave it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] alike for a warning that is not there and one that is not this person's; an answer without
    /// a reason, or until a day that has passed or lies too far ahead.
    pub async fn answer_warning(&self, who: &Who, id: i64, answer: WarningAnswer) -> Result<(), AppError> {
        let (app, who) = (self.clone(), who.clone());
        let today = local_date(self.clock.now());
        if let WarningAnswer::Known { reason, .. } = &answer
            && reason.trim().is_empty()
        {
            return Err(Invalid::field("reason", "请写明原因。", "Say why."));
        }
        if let WarningAnswer::Known { until, .. } | WarningAnswer::Watch { until } = &answer
            && (*until < today || *until > today.saturating_add(LONGEST_ANSWER.days()))
        {
            return Err(Invalid::field(
                "until",
                "请选今天以后、一年以内的一天。",
                "Choose a day from today on, within a year.",
            ));
        }
        self.store
            .write(move |tx| {
                let kept = tx.warning(id)?.ok_or(AppError::NotFound)?;
                let target = Target { path: app.directory().path(kept.precinct), unit: None };
                if !may(&who.grants, Action::Plan, &target) {
                    return Err(AppError::NotFound);
                }
                let was = warning(&kept)?;
                let key = answer.key();
                let now = match answer {
                    WarningAnswer::Known { reason, until } => was.known(crate::reading::mask(&reason), until),
                    WarningAnswer::Watch { until } => was.watched(until),
                    WarningAnswer::Acted => Warning { state: State::Acted, ..was },
                    WarningAnswer::Nothing => Warning { state: State::Nothing, ..was },
                };
                tx.keep_warning(&row(id, &now)?)?;
                let ctx = app.context(who.actor(None));
                let body = serde_json::json!({ "event": "warning_answered", "warning": id, "answer": key });
                tx.append_next(Subject::Staff(who.staff.0), ctx.now, ctx.actor, &body.to_string())?;
                Ok(())
            })
            .await
    }
}
