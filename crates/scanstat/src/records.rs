//! The files of the reference program: cases, controls, populations. Fields are separated by blanks, tabs or
//! commas; an identifier with blanks stands in quotes.

use crate::layout::UNDATED;
use crate::times::{Times, at_least, moment};
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
    /// The line that it stands on; 0 where it is of no file.
    pub line: usize,
}

/// Cases or controls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// All of them.
    pub all: Vec<Record>,
    /// How precise the times are; `None` without times.
    pub precision: Option<Interval>,
    /// What an error calls them: `cases`, or with the file's name.
    pub called: String,
}

/// How many people live where, when, of which stratum.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Populations {
    pub(crate) all: Vec<Census>,
    /// What an error calls them.
    pub called: String,
}

/// One line of a population file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Census {
    pub(crate) id: String,
    pub(crate) at: Option<Date>,
    pub(crate) people: f64,
    pub(crate) stratum: String,
    pub(crate) line: usize,
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

/// The same of a table of places with what was counted or measured there: a first line of words is its heading.
pub(crate) fn table(text: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let mut first = true;
    rows(text).filter(move |(_, f)| !std::mem::take(&mut first) || !heading(f))
}

/// Whether no value of a line but the first can be a number or a time.
fn heading(fields: &[String]) -> bool {
    let numeric =
        |f: &String| f.is_empty() || f.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    fields.len() > 1 && !fields[1].contains(|c: char| c.is_ascii_digit()) && !fields[1..].iter().any(numeric)
}

/// A name of covariates, as a person reads them.
pub(crate) fn spoken(stratum: &str) -> String {
    stratum.replace('\u{1f}', " ")
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
        let mut out = Records { called: what.to_owned(), ..Records::default() };
        for (line, f) in table(text) {
            let bad = |why: String| ScanError::Line { what: what.to_owned(), line, why };
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
                    let (day, given) = moment(t, times == Times::Numbers).map_err(bad)?;
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
            out.all.push(Record { id: id.clone(), count, at, stratum, line });
        }
        Ok(out)
    }

    /// What is wrong with one of them.
    pub(crate) fn wrong(&self, r: &Record, why: String) -> ScanError {
        ScanError::of(&self.called, r.line, why)
    }
}

impl Populations {
    /// The same people all the time, in every stratum that has cases: for time alone, where no population is known.
    pub fn constant(cases: &Records) -> Populations {
        let one = |r: &Record| {
            let (id, stratum) = (r.id.clone(), r.stratum.clone());
            Census { id, at: None, people: 1.0, stratum, line: r.line }
        };
        Populations { all: cases.all.iter().map(one).collect(), called: cases.called.clone() }
    }

    /// How many people there are at each place, all lines together.
    pub(crate) fn sums(&self) -> impl Iterator<Item = (&str, f64)> {
        self.all.iter().map(|c| (c.id.as_str(), c.people))
    }

    /// What is wrong with one line of them.
    pub(crate) fn wrong(&self, c: &Census, why: String) -> ScanError {
        ScanError::of(&self.called, c.line, why)
    }

    /// Reads a file of sizes, `id people`: what a largest circle is measured by.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_sizes(text: &str) -> Result<Populations, ScanError> {
        let mut out = Populations { called: "sizes".to_owned(), ..Populations::default() };
        for (line, f) in table(text) {
            let bad = |why: String| ScanError::Line { what: "sizes".to_owned(), line, why };
            let [id, people] = &f[..] else { return Err(bad("needs an identifier and a size".into())) };
            let people = people
                .parse::<f64>()
                .ok()
                .filter(|p| p.is_finite() && *p >= 0.0)
                .ok_or_else(|| bad(format!("{people:?} is no size")))?;
            out.all.push(Census { id: id.clone(), at: None, people, stratum: String::new(), line });
        }
        Ok(out)
    }

    /// Reads a population file: `id time people [covariate …]`.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse(text: &str) -> Result<Populations, ScanError> {
        Self::parse_with(text, Times::AsGiven)
    }

    /// Reads a population file whose times are known to be dates, or numbers.
    ///
    /// # Errors
    /// The first line that does not read.
    pub fn parse_with(text: &str, times: Times) -> Result<Populations, ScanError> {
        let numbers = times == Times::Numbers;
        let mut out = Populations { called: "population".to_owned(), ..Populations::default() };
        for (line, f) in table(text) {
            let bad = |why: String| ScanError::Line { what: "population".to_owned(), line, why };
            let [id, at, people, rest @ ..] = &f[..] else {
                return Err(bad("needs an identifier, a time and a number of people".into()));
            };
            let people: f64 =
                people.parse().map_err(|_| bad(format!("{people:?} is no number of people")))?;
            if !people.is_finite() || people < 0.0 {
                return Err(bad(format!("{people} people cannot be")));
            }
            let at = if at == UNDATED {
                None
            } else {
                let (day, precision) = moment(at, numbers).map_err(bad)?;
                // A census of a year or month is of its middle.
                Some(match precision {
                    Interval::Year => date(day.year(), 7, 1),
                    Interval::Month => date(day.year(), day.month(), 15),
                    Interval::Day => day,
                })
            };
            out.all.push(Census { id: id.clone(), at, people, stratum: rest.join("\u{1f}"), line });
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
        // A heading is no case, and a bad line no heading.
        let headed = to("place cases day age\na 1 2025/3/4 7\n", Times::AsGiven).all;
        assert_eq!((headed.len(), headed[0].line), (1, 2));
        assert_eq!(bad("a none 2025/3/4"), "cases, line 1: \"none\" is no count");
    }
}
