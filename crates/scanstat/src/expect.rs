//! How many cases are expected where and when, for the Poisson model: indirect standardisation over covariates
//! with population interpolated between censuses (Kulldorff 1997; SaTScan user guide, "population file").

use crate::data::{Study, cell, counts};
use crate::geometry::Sites;
use crate::null::Hypothesis;
use crate::problem::Model;
use crate::records::{Populations, Records, spoken};
use crate::times::day_number;
use crate::{Options, ScanError, adjust};
use std::collections::BTreeMap;

/// The person-time of a span of days under a population that is constant before its first census, linear
/// between censuses, constant after the last.
fn person_time(census: &[(f64, f64)], from: f64, to: f64) -> f64 {
    let at = |t: f64| match census.iter().position(|c| c.0 > t) {
        Some(0) => census[0].1,
        None => census[census.len() - 1].1,
        Some(i) => {
            let ((t0, p0), (t1, p1)) = (census[i - 1], census[i]);
            p0 + (p1 - p0) * (t - t0) / (t1 - t0)
        }
    };
    // Exact: trapezes between the points where the line bends.
    let mut points = vec![from];
    points.extend(census.iter().map(|c| c.0).filter(|t| *t > from && *t < to));
    points.push(to);
    points.windows(2).map(|w| (at(w[0]) + at(w[1])) / 2.0 * (w[1] - w[0])).sum()
}

/// Expected cases by place and interval (place × intervals), before any adjustment.
pub(crate) fn expected(
    sites: &Sites,
    study: &Study,
    cases: &Records,
    people: &Populations,
    options: &Options,
) -> Result<Vec<f64>, ScanError> {
    let n = study.intervals();
    let mut censuses: BTreeMap<&str, BTreeMap<&str, BTreeMap<i64, f64>>> = BTreeMap::new();
    for c in &people.all {
        if sites.index(&c.id).is_none() {
            if options.relaxed.1 {
                continue;
            }
            return Err(people.wrong(c, format!("{:?} has no coordinates", c.id)));
        }
        #[expect(clippy::cast_possible_truncation, reason = "days since 1900 fit well")]
        let at = c.at.map_or(0, |d| day_number(d) as i64);
        *censuses.entry(&c.stratum).or_default().entry(&c.id).or_default().entry(at).or_default() += c.people;
    }
    let mut observed: BTreeMap<&str, f64> = BTreeMap::new();
    for r in cases.all.iter().filter(|r| r.count > 0) {
        if cell(sites, study, cases, r, options)?.is_none() {
            continue;
        }
        *observed.entry(&r.stratum).or_default() += f64::from(r.count);
        let lives = censuses.get(r.stratum.as_str()).and_then(|s| s.get(r.id.as_str()));
        if lives.is_none_or(|l| l.values().all(|p| *p <= 0.0)) {
            let kind = if r.stratum.is_empty() {
                String::new()
            } else {
                format!(" with the covariates {}", spoken(&r.stratum))
            };
            return Err(cases.wrong(r, format!("{:?} has cases and no population{kind}", r.id)));
        }
    }
    let mut out = vec![0.0; sites.len() * n];
    for (stratum, by_place) in &censuses {
        let of_stratum = observed.get(stratum).copied().unwrap_or(0.0);
        let mut times = Vec::new();
        let mut all = 0.0;
        for (id, census) in by_place {
            let Some(place) = sites.index(id) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "days since 1900 fit well")]
            let census: Vec<(f64, f64)> = census.iter().map(|(t, p)| (*t as f64, *p)).collect();
            for i in 0..n {
                let (from, to) = study.span(i);
                let time = person_time(&census, from, to);
                times.push((place * n + i, time));
                all += time;
            }
        }
        if all > 0.0 {
            for (slot, time) in times {
                out[slot] += of_stratum * time / all;
            }
        }
    }
    Ok(out)
}

/// Discrete Poisson (Kulldorff 1997): indirect standardisation, then the adjustments. A circle is measured by what it is
/// expected to have before them: so the reference program does, and a young place counts for less where the old fall ill.
pub(crate) fn poisson(
    sites: &Sites,
    study: &Study,
    cases: &Records,
    people: &Populations,
    options: &Options,
) -> Result<Hypothesis, ScanError> {
    let n = study.intervals();
    let count = counts(sites, study, cases, options)?;
    let mut mu = expected(sites, study, cases, people, options)?;
    let at_risk = mu.chunks(n).map(|p| p.iter().sum()).collect();
    let blocks = adjust::poisson(sites, study, &count, &mut mu, options)?;
    Ok(Hypothesis {
        model: Model::Poisson,
        places: sites.len(),
        intervals: n,
        count,
        mu,
        people: Vec::new(),
        strata: Vec::new(),
        blocks,
        at_risk,
    })
}

/// Space-time permutation; strata are covariates, and days of the week where they are adjusted for.
pub(crate) fn permutation(
    sites: &Sites,
    study: &Study,
    cases: &Records,
    options: &Options,
) -> Result<Hypothesis, ScanError> {
    let mut strata: BTreeMap<(&str, usize), BTreeMap<u32, u32>> = BTreeMap::new();
    for r in cases.all.iter().filter(|r| r.count > 0) {
        let Some(at) = cell(sites, study, cases, r, options)? else { continue };
        let weekday = if options.weekly { adjust::weekday(study, at % study.intervals())? } else { 0 };
        let key = (r.stratum.as_str(), weekday);
        *strata.entry(key).or_default().entry(u32::try_from(at).unwrap_or(u32::MAX)).or_default() += r.count;
    }
    let strata = strata.into_values().map(|s| s.into_iter().collect()).collect();
    Ok(Hypothesis::permutation(sites.len(), study.intervals(), strata))
}

#[cfg(test)]
mod tests {
    use super::person_time;

    #[test]
    fn population_is_interpolated() {
        let census = [(10.0, 100.0), (20.0, 200.0)];
        assert!((person_time(&census, 0.0, 10.0) - 1_000.0).abs() < 1e-9);
        assert!((person_time(&census, 10.0, 20.0) - 1_500.0).abs() < 1e-9);
        assert!((person_time(&census, 5.0, 25.0) - (500.0 + 1_500.0 + 1_000.0)).abs() < 1e-9);
    }
}
