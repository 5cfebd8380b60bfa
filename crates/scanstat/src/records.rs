//! The files of the reference program: cases, controls, populations. Fields are separated by blanks, tabs or
//! commas; an identifier with blanks stands in quotes.

use crate::{Interval, ScanError};
use jiff::civil::{Date, date};

/// How many, where, when, of which stratum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The place's identifier.
    pub id: String,
    /// How many.
    pub count: u32,
    /// When, as its first day; `None` in files without times.
    pub at: Option<Date>,
    /// Covariates, joined.
    pub stratum: String,
}

/// Cases or controls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// All of them.
    pub all: Vec<Record>,
    /// How precise the times are; `None` without times.
    pub precision: Option<Interval>,
}

/// How many people live where, when, of which stratum.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Populations {
    pub(crate) all: Vec<Census>,
}

/// One line of a population file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Census {
    pub(crate) id: String,
    pub(crate) at: Option<Date>,
    pub(crate) people: f64,
    pub(crate) stratum: String,
}

/// Whether a file of cases has a column of times, and how precisely it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Times {
    /// As the first line has it.
    #[default]
    AsGiven,
    /// There is none: what follows the count are covariates.
    Absent,
    /// Taken to a year, a month, a day; what is finer is cut off.
    To(Interval),
}

/// The fields of a line; none for an empty line or a remark.
fn fields(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut field = String::new();
    let (mut quoted, mut begun) = (false, false);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                begun = true;
            }
            c if !quoted && (c.is_whitespace() || c == ',') => {
                if begun {
                    out.push(std::mem::take(&mut field));
                }
                begun = false;
            }
            c => {
                field.push(c);
                begun = true;
            }
        }
    }
    if begun {
        out.push(field);
    }
    out
}

/// The lines of a file with their numbers and fields, without those that are empty.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    (1..)
        .zip(text.lines())
        .map(|(n, l)| (n, fields(l.trim_start_matches('\u{feff}'))))
        .filter(|(_, f)| !f.is_empty())
}

/// A time as `2025`, `73`, `2025/1`, `2025/1/9`, `2025-01-09`: its first day, and how precise it is.
pub(crate) fn time(text: &str) -> Option<(Date, Interval)> {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let year: i16 = parts.first()?.parse().ok()?;
    // Two figures are of the twentieth century, as in the reference program's older files.
    let year = if parts.first()?.len() == 2 { 1900 + year } else { year };
    let part = |i: usize| parts.get(i).map_or(Ok(1), |p| p.parse::<i8>());
    let day = Date::new(year, part(1).ok()?, part(2).ok()?).ok()?;
    let precision = match parts.len() {
        1 => Interval::Year,
        2 => Interval::Month,
        3 => Interval::Day,
        _ => return None,
    };
    Some((day, precision))
}

/// Whether a time is known as precisely as wanted, or more.
fn at_least(given: Interval, wanted: Interval) -> bool {
    match wanted {
        Interval::Year => true,
        Interval::Month => given != Interval::Year,
        Interval::Day => given == Interval::Day,
    }
}

impl Records {
    /// Reads a case file: `id count [time [covariate …]]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_cases(text: &str) -> Result<Records, ScanError> {
        Self::parse("cases", text, Times::AsGiven)
    }

    /// Reads a case file whose times are known to be there, or not.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_cases_with(text: &str, times: Times) -> Result<Records, ScanError> {
        Self::parse("cases", text, times)
    }

    /// Reads a control file whose times are known to be there, or not.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_controls_with(text: &str, times: Times) -> Result<Records, ScanError> {
        Self::parse("controls", text, times)
    }

    /// Reads a control file: `id count [time]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_controls(text: &str) -> Result<Records, ScanError> {
        Self::parse("controls", text, Times::AsGiven)
    }

    fn parse(what: &'static str, text: &str, times: Times) -> Result<Records, ScanError> {
        let mut out = Records::default();
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what, line, why };
            let [id, count, rest @ ..] = &f[..] else {
                return Err(bad("needs an identifier and a count".into()));
            };
            let count = count.parse().map_err(|_| bad(format!("{count:?} is no count")))?;
            let (at, covariates) = match (times, rest) {
                (Times::Absent, _) => (None, rest),
                (_, []) => {
                    if out.precision.is_some() || times != Times::AsGiven {
                        return Err(bad("has no time".into()));
                    }
                    (None, rest)
                }
                (_, [t, covariates @ ..]) => {
                    let (day, given) =
                        time(t).ok_or_else(|| bad(format!("{t:?} is no time like 2025/1/9")))?;
                    let precision = match times {
                        Times::To(wanted) if at_least(given, wanted) => wanted,
                        _ => given,
                    };
                    match out.precision {
                        None if out.all.is_empty() => out.precision = Some(precision),
                        Some(p) if p == precision => {}
                        _ => return Err(bad(format!("{t:?} is not as precise as the times before it"))),
                    }
                    (Some(day), covariates)
                }
            };
            let stratum = covariates.join("\u{1f}");
            out.all.push(Record { id: id.clone(), count, at, stratum });
        }
        Ok(out)
    }
}

impl Populations {
    /// The same people all the time, in every stratum that has cases: for time alone, where no population is known.
    pub fn constant(cases: &Records) -> Populations {
        let one = |r: &Record| Census { id: r.id.clone(), at: None, people: 1.0, stratum: r.stratum.clone() };
        Populations { all: cases.all.iter().map(one).collect() }
    }

    /// How many people there are at each place, all lines together.
    pub(crate) fn sums(&self) -> impl Iterator<Item = (&str, f64)> {
        self.all.iter().map(|c| (c.id.as_str(), c.people))
    }

    /// Reads a file of sizes, `id people`: what a largest circle is measured by.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_sizes(text: &str) -> Result<Populations, ScanError> {
        let mut out = Populations::default();
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what: "sizes", line, why };
            let [id, people] = &f[..] else { return Err(bad("needs an identifier and a size".into())) };
            let people = people
                .parse::<f64>()
                .ok()
                .filter(|p| p.is_finite() && *p >= 0.0)
                .ok_or_else(|| bad(format!("{people:?} is no size")))?;
            out.all.push(Census { id: id.clone(), at: None, people, stratum: String::new() });
        }
        Ok(out)
    }

    /// Reads a population file: `id time people [covariate …]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse(text: &str) -> Result<Populations, ScanError> {
        let mut out = Populations::default();
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what: "population", line, why };
            let [id, at, people, rest @ ..] = &f[..] else {
                return Err(bad("needs an identifier, a time and a number of people".into()));
            };
            let (day, precision) = time(at).ok_or_else(|| bad(format!("{at:?} is no time like 1990")))?;
            let people: f64 =
                people.parse().map_err(|_| bad(format!("{people:?} is no number of people")))?;
            if !people.is_finite() || people < 0.0 {
                return Err(bad(format!("{people} people cannot be")));
            }
            // A census of a year or month is of its middle.
            let day = match precision {
                Interval::Year => date(day.year(), 7, 1),
                Interval::Month => date(day.year(), day.month(), 15),
                Interval::Day => day,
            };
            out.all.push(Census { id: id.clone(), at: Some(day), people, stratum: rest.join("\u{1f}") });
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named() {
        let bad = |t: &str| Records::parse_cases(t).unwrap_err().to_string();
        assert_eq!(bad("a 1 2025\nb x 2025"), "cases, line 2: \"x\" is no count");
        assert_eq!(bad("a 1 2025/13/1"), "cases, line 1: \"2025/13/1\" is no time like 2025/1/9");
        assert_eq!(
            bad("a 1 2025\nb 1 2025/1/1"),
            "cases, line 2: \"2025/1/1\" is not as precise as the times before it"
        );
        assert_eq!(bad("a"), "cases, line 1: needs an identifier and a count");
        assert_eq!(bad("a 1 2025\nb 1"), "cases, line 2: has no time");
        let to = |t: &str, times| Records::parse_cases_with(t, times).unwrap();
        assert_eq!(to("a 1 2025/3/4", Times::To(Interval::Year)).precision, Some(Interval::Year));
        assert_eq!(to("a 1 7 2", Times::Absent).all[0].stratum, "7\u{1f}2");
        assert_eq!(fields("\"New York\" 1,2\t3"), ["New York", "1", "2", "3"]);
    }
}
