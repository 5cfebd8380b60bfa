//! Every hour: sessions that ran out are forgotten, and invitations a month after they did; what dispatches
//! taught is added up.

use crate::AppError;
use domain::Context;
use jiff::SignedDuration;
use store::Tx;

pub(super) const KIND: &str = "sweep";

pub(super) fn run(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    tx.sweep_sessions(ctx.now)?;
    tx.sweep_invitations(ctx.now - SignedDuration::from_hours(30 * 24))?;
    tx.fold_choices()?;
    tx.add_job_once(KIND, 0, ctx.now + SignedDuration::from_hours(1))?;
    Ok(())
}
