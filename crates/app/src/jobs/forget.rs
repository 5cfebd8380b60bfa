//! Every hour: registrations whose time is over are forgotten. The content and its key go; the state, the receipt
//! and the chain stay.

use crate::{App, AppError};
use domain::Context;
use domain::registrations::life::{Command, Terms};
use jiff::{SignedDuration, Timestamp};
use store::Tx;

pub(super) const KIND: &str = "forget";

/// How many in one transaction; with more the job comes again at once.
const AT_ONCE: u32 = 1_000;

pub(super) fn run(app: &App, tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    let terms = Terms::at(app.rules().as_ref(), ctx.now);
    let over = tx.registrations_to_delete(ctx.now, AT_ONCE)?;
    for no in &over {
        app.carry_out_registration(tx, *no, Command::DeleteContent, ctx, &terms)?;
    }
    tx.sweep_phone_codes(ctx.now)?;
    let years = app.rules().row("retention.receipt", ctx.now).and_then(|r| r.value.parse::<i64>().ok());
    let receipts = SignedDuration::from_hours(24 * 366 * years.unwrap_or(3));
    tx.sweep_receipts(ctx.now.saturating_sub(receipts).unwrap_or(Timestamp::MIN))?;
    let all = over.len() < AT_ONCE as usize;
    tx.add_job_once(KIND, 0, if all { ctx.now + SignedDuration::from_hours(1) } else { ctx.now })?;
    Ok(())
}
