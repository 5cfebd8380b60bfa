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

impl Records {
    /// Reads a case file: `id count [time [covariate …]]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_cases(text: &str) -> Result<Records, ScanError> {
        Self::parse("cases", text)
    }

    /// Reads a control file: `id count [time]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_controls(text: &str) -> Result<Records, ScanError> {
        Self::parse("controls", text)
    }

    fn parse(what: &'static str, text: &str) -> Result<Records, ScanError> {
        let mut out = Records::default();
        for (line, f) in rows(text) {
            let bad = |why: String| ScanError::Line { what, line, why };
            let [id, count, rest @ ..] = &f[..] else {
                return Err(bad("needs an identifier and a count".into()));
            };
            let count = count.parse().map_err(|_| bad(format!("{count:?} is no count")))?;
            let mut at = None;
            if let Some(t) = rest.first() {
                let (day, precision) =
                    time(t).ok_or_else(|| bad(format!("{t:?} is no time like 2025/1/9")))?;
                at = Some(day);
                match out.precision {
                    None if out.all.is_empty() => out.precision = Some(precision),
                    Some(p) if p == precision => {}
                    _ => return Err(bad(format!("{t:?} is not as precise as the times before it"))),
                }
            } else if out.precision.is_some() {
                return Err(bad("has no time, and those before it have".into()));
            }
            let stratum = rest.get(1..).unwrap_or_default().join("\u{1f}");
            out.all.push(Record { id: id.clone(), count, at, stratum });
        }
        Ok(out)
    }
}

impl Populations {
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
        assert_eq!(fields("\"New York\" 1,2\t3"), ["New York", "1", "2", "3"]);
    }
}
