//! Cases sorted into places and intervals.

use crate::expect::day_number;
use crate::geometry::Places;
use crate::records::Records;
use crate::{Interval, Options, ScanError};
use jiff::ToSpan;
use jiff::civil::Date;

/// The study's time, cut into intervals.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Study {
    /// The first day of each interval, and the day after the last.
    starts: Vec<Date>,
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
        if options.purely_spatial || cases.precision.is_none() {
            return Ok(Study { starts: vec![from, end] });
        }
        // Counted back from the end, so that the last interval is whole.
        let mut starts = vec![end];
        let mut at = end;
        while at > from {
            let back = match interval {
                Interval::Day => 1.day(),
                Interval::Month => 1.month(),
                Interval::Year => 1.year(),
            };
            at = at.checked_sub(back).map_err(|e| ScanError::Parameter(e.to_string()))?.max(from);
            starts.push(at);
        }
        starts.reverse();
        Ok(Study { starts })
    }

    pub(crate) fn intervals(&self) -> usize {
        self.starts.len() - 1
    }

    /// The interval of a day.
    fn interval_of(&self, day: Date) -> Option<usize> {
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

    /// The length of the last interval in days.
    pub(crate) fn last_length(&self) -> f64 {
        let (from, to) = self.span(self.intervals() - 1);
        to - from
    }
}

fn begin(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day,
        Interval::Month => day.first_of_month(),
        Interval::Year => day.first_of_year(),
    }
}

fn last(day: Date, interval: Interval) -> Date {
    match interval {
        Interval::Day => day,
        Interval::Month => day.last_of_month(),
        Interval::Year => day.last_of_year(),
    }
}

fn after(day: Date) -> Date {
    day.checked_add(1.day()).unwrap_or(day)
}

/// Counts by place and interval (place × intervals).
pub(crate) fn counts(places: &Places, study: &Study, records: &Records) -> Result<Vec<u32>, ScanError> {
    let n = study.intervals();
    let mut out = vec![0; places.ids.len() * n];
    for r in &records.all {
        if r.count == 0 {
            continue;
        }
        let place = places.index(&r.id).ok_or_else(|| ScanError::NoPlace(r.id.clone()))?;
        let i = match r.at {
            Some(day) => study.interval_of(day).ok_or_else(|| ScanError::OutsideStudy(r.id.clone(), day))?,
            None => 0,
        };
        out[place * n + i] += r.count;
    }
    Ok(out)
}
