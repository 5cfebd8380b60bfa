//! Every night: the day that ended is sealed.

use crate::AppError;
use domain::Context;
use domain::cases::{local_date, midnight};
use jiff::{SignedDuration, Timestamp, ToSpan};
use store::Tx;
use store::cases::day_number;

pub(super) const KIND: &str = "seal";

/// Late enough after midnight that whatever began before it has ended.
const AFTER_MIDNIGHT: SignedDuration = SignedDuration::from_mins(10);

/// The next time to seal: ten past midnight.
pub(super) fn next(now: Timestamp) -> Timestamp {
    let tomorrow = local_date(now).checked_add(1.day()).ok().and_then(midnight);
    tomorrow.map_or(now + SignedDuration::from_hours(24), |t| t + AFTER_MIDNIGHT)
}

pub(super) fn run(tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    let today = local_date(ctx.now);
    if let (Some(before), Ok(yesterday)) = (midnight(today), today.checked_sub(1.day())) {
        tx.seal_day(day_number(yesterday), before, ctx.now)?;
    }
    tx.add_job_once(KIND, 0, next(ctx.now))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_seal_is_ten_past_midnight_in_shanghai() {
        let at = |t: &str| t.parse::<Timestamp>().unwrap();
        assert_eq!(next(at("2026-03-02T01:00:00Z")), at("2026-03-02T16:10:00Z"));
        assert_eq!(next(at("2026-03-02T16:05:00Z")), at("2026-03-03T16:10:00Z"));
    }
}
