//! Times as the files have them: years, months, days, or plain numbers of any unit.

use crate::Interval;
use jiff::civil::{Date, date};

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
    /// Whole numbers of a unit that nobody names.
    Numbers,
}

/// The day that stands for the number 0.
pub(crate) const ORIGIN: Date = date(1900, 1, 1);

/// Days since [`ORIGIN`]; where times are numbers, the number itself.
pub(crate) fn day_number(day: Date) -> f64 {
    f64::from((day - ORIGIN).get_days())
}

/// A time as `2025`, `73`, `2025/1`, `2025/1/9`, `2025-01-09`, `1/2025`, `1/9/2025`: its first day, and how precise it is.
pub(crate) fn time(text: &str) -> Option<(Date, Interval)> {
    let mut parts: Vec<&str> = text.split(['/', '-']).collect();
    // Month, day and then the year is told by where four figures stand.
    if parts.len() > 1 && parts[0].len() <= 2 && parts[parts.len() - 1].len() == 4 {
        parts.rotate_right(1);
    }
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

/// A time of a file whose times are dates, or numbers. Of a number one unit is as a day.
pub(crate) fn moment(text: &str, numbers: bool) -> Result<(Date, Interval), String> {
    if !numbers {
        return time(text).ok_or_else(|| format!("{text:?} is no time like 2025/1/9"));
    }
    let number = text.parse::<i64>().ok();
    number
        .and_then(|n| ORIGIN.checked_add(jiff::Span::new().try_days(n).ok()?).ok())
        .map(|day| (day, Interval::Day))
        .ok_or_else(|| format!("{text:?} is no time like 12"))
}

/// Whether a time is known as precisely as wanted, or more.
pub(crate) fn at_least(given: Interval, wanted: Interval) -> bool {
    match wanted {
        Interval::Year => true,
        Interval::Month => given != Interval::Year,
        Interval::Day => given == Interval::Day,
    }
}

/// The last day of what a time names.
pub(crate) fn last(day: Date, precision: Interval) -> Date {
    match precision {
        Interval::Day => day,
        Interval::Month => day.last_of_month(),
        Interval::Year => day.last_of_year(),
    }
}

/// A day as it is told: a date, or the number that stood in the files.
pub(crate) fn told(day: Date, numbers: bool) -> String {
    if numbers { (day - ORIGIN).get_days().to_string() } else { day.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, day, precision) in [
            ("1973", date(1973, 1, 1), Interval::Year),
            ("73", date(1973, 1, 1), Interval::Year),
            ("1973/4", date(1973, 4, 1), Interval::Month),
            ("4-1973", date(1973, 4, 1), Interval::Month),
            ("1973-04-09", date(1973, 4, 9), Interval::Day),
            ("4/9/1973", date(1973, 4, 9), Interval::Day),
        ] {
            assert_eq!(time(text), Some((day, precision)), "{text}");
        }
        assert_eq!((time("1973/13"), time("1973/1/1/1"), time("spring")), (None, None, None));
        let twelve = moment("12", true).unwrap().0;
        assert_eq!((told(twelve, true), day_number(twelve)), ("12".to_owned(), 12.0));
        assert_eq!(moment("1973/4", true).unwrap_err(), "\"1973/4\" is no time like 12");
    }
}
