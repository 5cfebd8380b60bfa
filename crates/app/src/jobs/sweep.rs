//! Every hour: sessions that ran out are forgotten.

use crate::AppError;
use domain::Context;
use jiff::SignedDuration;
use store::Tx;

pub(super) const KIND: &str = "sweep";

pub(super) fn run(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    tx.sweep_sessions(ctx.now)?;
    tx.add_job_once(KIND, 0, ctx.now + SignedDuration::from_hours(1))?;
    Ok(())
}
