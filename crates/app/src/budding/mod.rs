//! What is budding: looked for every hour in a snapshot, off the write lane; kept as warnings; answered by the precinct.

mod find;

use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::CaseNo;
use domain::access::{Action, Target, may, scope};
use domain::cases::local_date;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use store::StoreError;
use store::cases::day_number;
use store::events::Subject;
use store::warnings::WarningRow;
use warnings::{Budget, Change, State, Warning, merge};

/// The day and hour of the last look, in the settings.
const LOOKED: &str = "budding.looked";
/// How many false alarms a month the district bears, in the settings; one unless it says otherwise.
const BEARS: &str = "budding.alarms_a_month";
/// A warning is remembered so many days after it was last found.
const REMEMBERED: i64 = 90;
/// The district's clock.
const CHINA: jiff::tz::Offset = jiff::tz::Offset::constant(8);
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
            WarningAnswer::Acted => "acted",
            WarningAnswer::Nothing => "nothing",
        }
    }
}

fn row(id: i64, w: &Warning) -> Result<WarningRow, AppError> {
    let body = serde_json::to_string(w).map_err(|e| StoreError::Unreadable(e.to_string()))?;
    let open = w.state == State::Open;
    // An answer is remembered for as long as it holds.
    let last = match &w.state {
        State::Known { until, .. } => w.last.max(*until),
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
    /// grows while it lasts, so looking often finds what the night would find, and finds it sooner. Blocks, for seconds in a large
    /// district: belongs on a thread of its own. Safe to do twice.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn look_out(&self) -> Result<bool, AppError> {
        let now = self.clock.now();
        let today = local_date(now);
        let hour = format!("{today}T{:02}", CHINA.to_datetime(now).hour());
        let before = hour.clone();
        let since = now - SignedDuration::from_hours(24 * 366);
        let read = self.store.read(move |tx| {
            if tx.setting(LOOKED)?.as_deref() == Some(&before) {
                return Ok(None);
            }
            let bears =
                tx.setting(BEARS)?.and_then(|b| b.parse().ok()).filter(|b: &f64| b.is_finite() && *b > 0.0);
            let bears = bears.unwrap_or(1.0);
            Ok::<_, AppError>(Some((tx.heard_since(since)?, Budget { alarms_a_month: bears })))
        });
        let Some((heard, budget)) = read.wait()? else { return Ok(false) };
        let findings = find::findings(&self.directory(), &heard, today, budget)
            .map_err(|e| StoreError::Unreadable(format!("the look for what is budding: {e}")))?;
        self.store
            .write(move |tx| {
                if tx.setting(LOOKED)?.as_deref() == Some(&hour) {
                    return Ok(());
                }
                let rows = tx.warnings_since(day_number(today) - REMEMBERED)?;
                let warnings = rows.iter().map(warning).collect::<Result<Vec<_>, _>>()?;
                for change in merge(&warnings, findings, today) {
                    match change {
                        Change::Tell(new) => tx.keep_warning(&row(0, &new)?)?,
                        Change::GoesOn { index, now, .. } => tx.keep_warning(&row(rows[index].id, &now)?)?,
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

    /// Whether somebody looks after a whole precinct or more, and so is shown what is budding there.
    pub fn sees_budding(&self, who: &Who) -> bool {
        let (reach, directory) = (scope(&who.grants, Action::SeeProblem), self.directory());
        reach.all || reach.places.iter().any(|p| (1..=2).contains(&directory.depth(*p)))
    }

    /// What is budding in the precincts that this person looks after: open warnings first, the most unusual first.
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
                for row in tx.warnings_since(since)? {
                    let target = Target { path: app.directory().path(row.precinct), unit: None };
                    if may(&who.grants, Action::SeeProblem, &target) {
                        let may_answer = may(&who.grants, Action::Plan, &target);
                        let (warning, joinable) = (warning(&row)?, vec![]);
                        out.push(Budding { id: row.id, warning, may_answer, joinable });
                    }
                }
                out.sort_by(|a, b| {
                    let open = |x: &Budding| x.warning.state != State::Open;
                    let rare = b.warning.finding.once_in_days.total_cmp(&a.warning.finding.once_in_days);
                    open(a).cmp(&open(b)).then(rare).then(b.id.cmp(&a.id))
                });
                let open = |b: &&mut Budding| b.may_answer && b.warning.state == State::Open;
                for b in out.iter_mut().take(SHOWN).filter(open) {
                    for no in b.warning.finding.cases.iter().take(MOST_JOINED) {
                        if app.joinable(tx, &who, *no).is_ok() {
                            b.joinable.push(*no);
                        }
                    }
                }
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
        if let WarningAnswer::Known { reason, until } = &answer {
            if reason.trim().is_empty() {
                return Err(Invalid::field("reason", "请写明原因。", "Say why."));
            }
            if *until < today || *until > today.saturating_add(LONGEST_ANSWER.days()) {
                return Err(Invalid::field(
                    "until",
                    "请选今天以后、一年以内的一天。",
                    "Choose a day from today on, within a year.",
                ));
            }
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
