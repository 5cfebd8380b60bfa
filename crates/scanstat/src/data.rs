//! Cases sorted into places and intervals.

use crate::geometry::Sites;
use crate::records::{Record, Records};
use crate::times::{day_number, last, told};
use crate::{Interval, Options, ScanError, Scope};
use jiff::ToSpan;
use jiff::civil::Date;

/// Days in a year, on average.
pub(crate) const YEAR: f64 = 365.25;

/// The study's time, cut into intervals.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Study {
    /// The first day of each interval, and the day after the last.
    starts: Vec<Date>,
    /// How many days, months or years it has.
    units: usize,
    /// What an interval is counted in.
    pub(crate) interval: Interval,
}

impl Study {
    /// Cuts the study into intervals.
    pub(crate) fn of(cases: &Records, options: &Options) -> Result<Study, ScanError> {
        let days = cases.all.iter().filter_map(|r| r.at);
        let interval = options.interval.or(cases.precision).unwrap_or_default();
        let (from, to) = match (options.study, days.clone().min(), days.max()) {
            (Some(study), ..) => study,
            (None, Some(from), Some(to)) => (begin(from, interval), last(to, interval)),
            // Without times there is one interval that is never looked at.
            _ => (jiff::civil::date(2000, 1, 1), jiff::civil::date(2000, 1, 1)),
        };
        if to < from {
            return Err(ScanError::Parameter(format!("the study ends on {to}, before it begins on {from}")));
        }
        let end = after(to);
        // Counted back from the end, so that the last interval is whole and the first may be short.
        let back = |units: usize| {
            let n = i64::try_from(units).unwrap_or(i64::MAX);
            let span = match interval {
                Interval::Day => jiff::Span::new().try_days(n),
                Interval::Month => jiff::Span::new().try_months(n),
                Interval::Year => jiff::Span::new().try_years(n),
            };
            span.and_then(|s| end.checked_sub(s))
                .map(|day| day.max(from))
                .map_err(|e| ScanError::Parameter(e.to_string()))
        };
        if options.scope == Scope::Space || cases.precision.is_none() {
            return Ok(Study { starts: vec![from, end], units: 1, interval });
        }
        if cases.precision.is_some_and(|p| rank(p) > rank(interval)) {
            return Err(ScanError::Parameter(format!(
                "the times of the cases are known to the {}, which is less precise than intervals of {}s",
                word(cases.precision.unwrap_or_default()),
                word(interval)
            )));
        }
        let mut starts = vec![end];
        let mut units = 0;
        let mut at = end;
        while at > from {
            units += 1;
            at = back(units)?;
            if units.is_multiple_of(options.interval_length.max(1)) || at == from {
                starts.push(at);
            }
        }
        starts.reverse();
        Ok(Study { starts, units, interval })
    }

    /// How many days, months or years the study has.
    pub(crate) fn units(&self) -> usize {
        self.units
    }

    /// The intervals, first and after the last, that begin no earlier than the first of two days and end no later than
    /// the last; those that hold them, where days fall within.
    pub(crate) fn within(&self, (from, to): (Date, Date)) -> (usize, usize) {
        let first = self.starts.partition_point(|s| *s <= from).saturating_sub(1);
        let last = self.starts.partition_point(|s| *s <= to).min(self.intervals());
        (first, last)
    }

    pub(crate) fn intervals(&self) -> usize {
        self.starts.len() - 1
    }

    /// The interval of a day.
    pub(crate) fn interval_of(&self, day: Date) -> Option<usize> {
        let i = self.starts.partition_point(|s| *s <= day);
        (i > 0 && i < self.starts.len()).then(|| i - 1)
    }

    /// The first day of an interval and the day after it, as numbers.
    pub(crate) fn span(&self, i: usize) -> (f64, f64) {
        (day_number(self.starts[i]), day_number(self.starts[i + 1]))
    }

    /// The first and last day of a window of intervals.
    pub(crate) fn days(&self, from: usize, to: usize) -> (Date, Date) {
        (self.starts[from], self.starts[to + 1].checked_sub(1.day()).unwrap_or(self.starts[to + 1]))
    }

    /// The length of so many units in days, on average over the years.
    pub(crate) fn length(&self, units: usize) -> f64 {
        let unit = match self.interval {
            Interval::Day => 1.0,
            Interval::Month => YEAR / 12.0,
            Interval::Year => YEAR,
        };
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let units = units as f64;
        units * unit
    }
}

fn begin(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day,
        Interval::Month => day.first_of_month(),
        Interval::Year => day.first_of_year(),
    }
}

fn after(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(day)
}

fn rank(interval: Interval) -> u8 {
    match interval {
        Interval::Day => 0,
        Interval::Month => 1,
        Interval::Year => 2,
    }
}

fn word(interval: Interval) -> &'static str {
    match interval {
        Interval::Day => "day",
        Interval::Month => "month",
        Interval::Year => "year",
    }
}

/// Where and when a record counts; `None` where it is passed over.
pub(crate) fn cell(
    sites: &Sites,
    study: &Study,
    records: &Records,
    r: &Record,
    options: &Options,
) -> Result<Option<usize>, ScanError> {
    let (lax_time, lax_place) = options.relaxed;
    let Some(place) = sites.index(&r.id) else {
        return if lax_place {
            Ok(None)
        } else {
            Err(records.wrong(r, format!("{:?} has no coordinates", r.id)))
        };
    };
    match r.at {
        Some(day) => match study.interval_of(day) {
            Some(i) => Ok(Some(place * study.intervals() + i)),
            None if lax_time => Ok(None),
            None => {
                let [day, from, to] = [day, study.days(0, 0).0, study.days(0, study.intervals() - 1).1]
                    .map(|day| told(day, options.numbers));
                Err(records.wrong(r, format!("{day} lies outside the study, {from} to {to}")))
            }
        },
        None => Ok(Some(place * study.intervals())),
    }
}

/// Counts by place and interval (place × intervals).
pub(crate) fn counts(
    sites: &Sites,
    study: &Study,
    records: &Records,
    options: &Options,
) -> Result<Vec<u32>, ScanError> {
    let mut out = vec![0; sites.len() * study.intervals()];
    for r in records.all.iter().filter(|r| r.count > 0) {
        if let Some(at) = cell(sites, study, records, r, options)? {
            out[at] += r.count;
        }
    }
    Ok(out)
}
