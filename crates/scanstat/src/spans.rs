//! The windows of time.

use crate::ScanError;
use crate::data::Study;
use crate::options::{Options, Scope};

/// Windows of one length: the first interval of the first of them, and how many follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) length: u32,
    pub(crate) from: u32,
    pub(crate) number: u32,
}

/// The windows of a study, shortest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spans(pub(crate) Vec<Run>);

impl Spans {
    /// The windows that are looked at in the data, and those that chance is measured by: more, where scans of earlier days
    /// are counted in ([`Options::since`]).
    pub(crate) fn of(study: &Study, options: &Options) -> Result<(Spans, Spans), ScanError> {
        let n = study.intervals();
        if options.scope == Scope::Space || n == 1 {
            let whole = Spans(vec![Run { length: to_u32(n), from: 0, number: 1 }]);
            return Ok((whole.clone(), whole));
        }
        let length = options.interval_length.max(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a small count"
        )]
        let share = (study.units() as f64 * options.max_time_share + 1e-9).floor() as usize;
        let longest = (options.max_time.unwrap_or(share) / length).clamp(1, n);
        let shortest = options.min_time.div_ceil(length).max(1);
        if shortest > longest {
            return Err(ScanError::Parameter(format!(
                "the shortest window is {shortest} intervals, the longest {longest}: no window is left"
            )));
        }
        let alive = options.prospective || options.alive;
        let (starts, ends) = match options.flexible_time {
            Some((s, e)) => (study.within(s), study.within(e)),
            None if alive => ((0, n), (n - 1, n)),
            None => ((0, n), (0, n)),
        };
        let laid = |ends: (usize, usize)| {
            let mut runs = Vec::new();
            for length in shortest..=longest {
                let from = starts.0.max((ends.0 + 1).saturating_sub(length));
                // The last begins before the end of starts, and ends before the end of ends.
                let upto = starts.1.min((ends.1 + 1).saturating_sub(length));
                if upto > from {
                    runs.push(Run {
                        length: to_u32(length),
                        from: to_u32(from),
                        number: to_u32(upto - from),
                    });
                }
            }
            if options.with_purely_spatial && longest < n {
                runs.push(Run { length: to_u32(n), from: 0, number: 1 });
            }
            Spans(runs)
        };
        let observed = laid(ends);
        if observed.0.is_empty() {
            return Err(ScanError::Parameter("no window of time is left within the given bounds".into()));
        }
        let drawn = match options.since.filter(|_| options.prospective) {
            Some(day) => {
                let first = study.interval_of(day).ok_or_else(|| {
                    ScanError::Parameter(format!("earlier scans since {day}: that is outside the study"))
                })?;
                laid((first, n))
            }
            None => observed.clone(),
        };
        Ok((observed, drawn))
    }

    /// First interval and interval after the last, of every window.
    pub(crate) fn windows(&self) -> Vec<(u32, u32)> {
        self.0.iter().flat_map(|r| (r.from..r.from + r.number).map(|f| (f, f + r.length))).collect()
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
