//! The running deadline of a case: a notice before it, a notice up the levels after it, and the end of an
//! answer that nobody spoke against.

use crate::{App, AppError};
use domain::cases::{Case, Clock, Command};
use domain::notices::{Addressee, Subject, What};
use domain::{CaseNo, Context};
use jiff::{SignedDuration, Timestamp};
use store::{StoreError, Tx};

pub(super) const KIND: &str = "deadline";

/// A reminder comes when a quarter of the time is left.
fn reminder(from: Timestamp, due: Timestamp) -> Timestamp {
    let left = due.duration_since(from);
    if left <= SignedDuration::ZERO { due } else { due - left / 4 }
}

pub(super) fn watch(tx: &mut Tx<'_>, no: CaseNo, case: &Case, now: Timestamp) -> Result<(), StoreError> {
    match case.due {
        Some((Clock::Silence, due)) => tx.add_job(KIND, no.0, due),
        Some((_, due)) => tx.add_job(KIND, no.0, reminder(now, due).max(now)),
        None => Ok(()),
    }
}

/// Every new deadline has a job of its own, so an older job that finds a later deadline does nothing; that is
/// what makes it safe to do twice.
pub(super) fn run(app: &App, tx: &mut Tx<'_>, no: CaseNo, ctx: &Context) -> Result<Option<CaseNo>, AppError> {
    let Some(case) = tx.case(no)? else { return Ok(None) };
    let Some((clock, due)) = case.due else { return Ok(None) };
    if clock == Clock::Silence {
        if due > ctx.now {
            tx.add_job_once(KIND, no.0, due)?;
            return Ok(None);
        }
        app.carry_out(tx, no, Command::CloseOnSilence, ctx)?;
        return Ok(Some(no));
    }
    let subject = Subject::case(no);
    let whom = |tx: &mut Tx<'_>, what: What, levels_up: usize| -> Result<(), StoreError> {
        // The unit that has it; the dispatcher where nobody has; and one level more for each day late, to
        // a level that exists.
        if let Some(unit) = case.unit {
            app.notify(tx, Addressee::Unit(unit), what, subject, due)?;
        }
        let path: Vec<_> = case.path.0.iter().flatten().copied().collect();
        let dispatcher = app.directory().part(&case.path, domain::territory::Part::Dispatcher);
        let at = path.iter().position(|p| Some(*p) == dispatcher).unwrap_or(0);
        let place = path.get(at.saturating_sub(levels_up)).copied();
        match place {
            Some(place) => {
                let levels = u8::try_from(levels_up).unwrap_or(u8::MAX);
                app.notify_climbed(tx, Addressee::Place(place), what, subject, due, levels)
            }
            None => Ok(()),
        }
    };
    if due > ctx.now {
        if tx.job_waits(KIND, no.0, due)? {
            return Ok(None);
        }
        whom(tx, What::DueSoon, 0)?;
        tx.add_job_once(KIND, no.0, due)?;
        return Ok(Some(no));
    }
    let days = usize::try_from(ctx.now.duration_since(due).as_hours() / 24).unwrap_or(usize::MAX);
    whom(tx, What::Overdue, days.min(domain::territory::MAX_LEVELS))?;
    if days < domain::territory::MAX_LEVELS {
        tx.add_job_once(KIND, no.0, ctx.now + SignedDuration::from_hours(24))?;
    }
    Ok(Some(no))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_with_a_quarter_of_the_time_left() {
        let from: Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
        let due = from + SignedDuration::from_hours(24);
        assert_eq!(reminder(from, due), from + SignedDuration::from_hours(18));
        assert_eq!(reminder(due, from), from);
    }
}
