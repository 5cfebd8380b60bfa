//! Neighbourhoods that tell far less than those like them.

use super::find::{LEAST_STUDY, Look, MOST_RARE};
use scanstat::ScanError;
use std::collections::BTreeSet;
use warnings::{Finding, Kind, silence, untold};

/// Whole weeks that are counted, in days.
const WEEKS: i64 = 28;
/// So many matters, or fewer, say nothing of how many voices a matter has.
const FEW: u32 = 10;

/// Once a week, over the last four whole weeks: a neighbourhood's reports beside those of neighbourhoods that have between
/// half and twice its residents. Where few report because little happens, what happens is told by as many as elsewhere:
/// a place whose own voices a matter leave half the district's share untold, or less, is quiet and not silent.
pub(super) fn find(look: &Look<'_>) -> Result<Vec<Finding>, ScanError> {
    let sunday = look.sunday();
    if !look.has_past() || look.days < LEAST_STUDY + 7 {
        return Ok(Vec::new());
    }
    let mut counts = vec![0_u32; look.land.ids.len()];
    let mut voices = counts.clone();
    let mut cases = vec![BTreeSet::new(); counts.len()];
    for r in look.by_subject.get("").into_iter().flatten() {
        let Ok(i) = usize::try_from(r.place) else { continue };
        voices[i] += 1;
        cases[i].insert(r.heard.case);
        if (sunday - WEEKS + 1..=sunday).contains(&r.day) {
            counts[i] += 1;
        }
    }
    let matters: Vec<u32> = cases.iter().map(|c| u32::try_from(c.len()).unwrap_or(u32::MAX)).collect();
    let everywhere = untold(voices.iter().sum(), matters.iter().sum());
    let residents: Vec<u32> =
        look.land.ids.iter().map(|id| look.directory.place(*id).map_or(0, |p| p.residents)).collect();
    let places = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    let looks_a_day = 1.0 / 7.0;
    let threshold = look.budget.p(places, looks_a_day, Kind::Silence.share());
    let mut out = Vec::new();
    for (i, id) in look.land.ids.iter().enumerate() {
        let own = residents[i];
        let like: Vec<(u32, u32)> = (0..counts.len())
            .filter(|j| *j != i && own > 0 && residents[*j] >= own / 2 && residents[*j] / 2 <= own)
            .map(|j| (counts[j], residents[j]))
            .collect();
        let Some(found) = silence((counts[i], own), &like).filter(|s| s.p <= threshold) else { continue };
        let here = untold(voices[i], matters[i]);
        if matters[i] > FEW && here <= everywhere / 2.0 {
            continue;
        }
        let Some(precinct) = look.precinct_of(*id) else { continue };
        out.push(Finding {
            kind: Kind::Silence,
            precinct,
            subject: String::new(),
            about: format!("place:{id}"),
            doorways: vec![],
            cases: vec![],
            since: store::territory::date(sunday - WEEKS + 1).unwrap_or(look.today),
            observed: f64::from(counts[i]),
            expected: found.expected,
            once_in_days: (1.0 / (found.p.max(f64::MIN_POSITIVE) * f64::from(places) * looks_a_day))
                .min(MOST_RARE),
            untold: (here < 1.0).then_some(here),
        });
    }
    Ok(out)
}
