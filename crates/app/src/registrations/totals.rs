//! Sums for management: registered, verified, handed off, by place and week. Never a single person's, and never a
//! cell of fewer than the rule's number.

use crate::{App, AppError, Who};
use domain::access::{Action, scope};
use domain::cases::local_date;
use domain::registrations::Kind;
use domain::registrations::sums::{Sums, suppressed};
use domain::{PlaceId, RegistrationId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Weeks on the page.
const WEEKS: i64 = 8;

/// Sums of one kind by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Of which registration.
    pub kind: Kind,
    /// The Mondays of the weeks.
    pub weeks: Vec<Date>,
    /// The places of the rows; below the row of the last stand the totals.
    pub places: Vec<PlaceId>,
    /// Registered, by place and week.
    pub by_week: Sums,
    /// By place, each registration in one of the three, so that nothing is told by taking one from another: waiting to be verified or not verified, verified and waiting, handed off.
    pub by_step: Sums,
    /// The smallest number that is shown.
    pub least: u64,
}

impl App {
    /// Sums over the places right below what a person oversees.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to sums.
    pub async fn registration_totals(&self, who: &Who, kind: Kind) -> Result<Totals, AppError> {
        let reach = scope(&who.grants, Action::SeeSums);
        if reach.is_empty() {
            return Err(AppError::NotAllowed);
        }
        let d = self.directory();
        // One row each: the sub-districts of the whole district, or what lies right below one's own place.
        let places: Vec<PlaceId> = if reach.all {
            d.children(None).map(|p| p.id).collect()
        } else {
            reach
                .places
                .iter()
                .flat_map(|p| {
                    let below: Vec<PlaceId> = d.children(Some(*p)).map(|c| c.id).collect();
                    if below.is_empty() { vec![*p] } else { below }
                })
                .collect()
        };
        let now = self.now();
        let today = local_date(now);
        let back = i64::from(today.weekday().to_monday_zero_offset());
        let this_monday = today.checked_sub(back.days()).unwrap_or(today);
        let first = this_monday.checked_sub((WEEKS - 1).weeks()).unwrap_or(this_monday);
        let began = jiff::tz::Offset::constant(8)
            .to_timestamp(first.to_datetime(jiff::civil::Time::midnight()))
            .unwrap_or(Timestamp::UNIX_EPOCH);
        let leaves: Vec<Vec<PlaceId>> = places
            .iter()
            .map(|up| {
                d.places()
                    .filter(|p| d.children(Some(p.id)).next().is_none() && d.path(p.id).lies_in(*up))
                    .map(|p| p.id)
                    .collect()
            })
            .collect();
        let rows = self
            .store
            .read(move |tx| {
                let mut rows = Vec::with_capacity(leaves.len());
                for below in leaves {
                    let mut weeks = vec![0_u64; usize::try_from(WEEKS).unwrap_or(0)];
                    let mut steps = [0_u64; 3];
                    for place in below {
                        for (week, k, [registered, verified, handed]) in
                            tx.registration_sums(place, began, began)?
                        {
                            if k != kind {
                                continue;
                            }
                            if let Some(w) = usize::try_from(week).ok().and_then(|w| weeks.get_mut(w)) {
                                *w += u64::from(registered);
                            }
                            let verified = verified.max(handed);
                            steps[0] += u64::from(registered - verified.min(registered));
                            steps[1] += u64::from(verified - handed.min(verified));
                            steps[2] += u64::from(handed);
                        }
                    }
                    rows.push((weeks, steps.to_vec()));
                }
                Ok::<_, AppError>(rows)
            })
            .await?;
        let least = self.rules().row("cell.least_n", now).and_then(|r| r.value.parse().ok()).unwrap_or(5);
        let (weeks, steps): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Ok(Totals {
            kind,
            weeks: (0..WEEKS).filter_map(|n| first.checked_add(n.weeks()).ok()).collect(),
            places,
            by_week: suppressed(&weeks, least),
            by_step: suppressed(&steps, least),
            least,
        })
    }

    /// How long somebody from abroad has still, in hours; for the desk.
    pub fn hours_until(&self, due: Timestamp) -> i64 {
        due.duration_since(self.now()).max(SignedDuration::from_hours(-999)).as_hours()
    }

    /// The number of a registration as it is read aloud.
    pub fn spoken_registration(no: RegistrationId) -> String {
        domain::CaseNo(no.0).spoken()
    }
}
