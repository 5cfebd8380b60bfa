//! Registrations that cannot all be right, counted by precinct: questions for the desk, of which nothing personal is told.

use super::find::Look;
use domain::PlaceId;
use scanstat::ScanError;
use std::collections::BTreeMap;
use warnings::{Finding, Kind};

/// Fewer dwellings than this are not told of: nobody shall be recognised by a number.
const LEAST: u32 = 5;

/// One finding for each precinct with five such dwellings or more.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let mut by_precinct: BTreeMap<PlaceId, u32> = BTreeMap::new();
    for (place, n) in look.facts.doubts {
        if let Some(precinct) = look.precinct_of(*place) {
            *by_precinct.entry(precinct).or_default() += n;
        }
    }
    let found = by_precinct.into_iter().filter(|(_, n)| *n >= LEAST).map(|(precinct, n)| Finding {
        kind: Kind::Contradiction,
        precinct,
        subject: String::new(),
        about: "registrations".to_owned(),
        doorways: vec![],
        cases: vec![],
        since: look.today,
        observed: f64::from(n),
        expected: 0.0,
        once_in_days: 0.0,
        untold: None,
    });
    Ok(found.collect())
}
