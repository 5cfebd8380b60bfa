//! Every night: what need not be kept any longer is let go. Photos and contacts of ended cases, each after the
//! days that its rule gives; the events and their chain stay.

use crate::{App, AppError};
use domain::Context;
use jiff::{SignedDuration, Timestamp};
use store::Tx;

pub(super) const KIND: &str = "retention";

fn before(app: &App, rule: &str, now: Timestamp) -> Timestamp {
    let days = app.rules().days(rule, now);
    now - SignedDuration::from_hours(24 * i64::from(days))
}

pub(super) fn run(app: &App, tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    tx.sweep_photos(before(app, "retention.photo", ctx.now))?;
    tx.sweep_persons(before(app, "retention.contact", ctx.now))?;
    tx.sweep_notices(before(app, "retention.notice", ctx.now))?;
    tx.add_job_once(KIND, 0, ctx.now + SignedDuration::from_hours(24))?;
    Ok(())
}
