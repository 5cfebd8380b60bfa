//! Tables of other programs: a parameter file says which column holds what, and how columns stand apart.

use crate::ScanError;

/// How a table is laid out. It is read as if its columns stood in the order of the program's own files, each line by
/// itself, so that an error names the line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What to take, in the order of the program's own file; all columns as they stand where nothing is said.
    columns: Vec<Column>,
    /// Between columns; blanks and tabs without.
    delimiter: Option<char>,
    /// Around a value that holds the delimiter.
    quote: char,
    /// Lines before the table, its heading counted in.
    skip: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    /// The so-manieth column, from 1.
    Nth(usize),
    /// One case a line.
    One,
    /// A name made of the line's number.
    Made,
    /// The same people all the time.
    Undated,
}

/// What stands for a time where there is none.
pub(crate) const UNDATED: &str = "unspecified";

impl Layout {
    /// Reads what a parameter file says of the table that `key` names, if it says anything. `get` gives the value of a
    /// key, or nothing.
    pub(crate) fn of<'a>(
        key: &str,
        get: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Option<Layout>, ScanError> {
        let named = |part: &str| format!("{key}-Source{part}");
        let said = |part: &str| get(&named(part));
        let wrong = |part: &str, why: &str| {
            ScanError::Parameter(format!("{}={}: {why}", named(part), said(part).unwrap_or("")))
        };
        let kind = said("Type").unwrap_or("");
        let map = said("FieldMap").unwrap_or("");
        if kind.is_empty() && map.is_empty() {
            return Ok(None);
        }
        if !matches!(kind, "" | "0") {
            return Err(wrong("Type", "only text (0) is read here; save the table as text"));
        }
        let column = |text: &str| match text.trim() {
            "" => Ok(None),
            "oneCount" => Ok(Some(Column::One)),
            "generatedId" => Ok(Some(Column::Made)),
            "unspecifiedPopDate" => Ok(Some(Column::Undated)),
            n => n
                .parse()
                .ok()
                .filter(|n| *n > 0)
                .map(|n| Some(Column::Nth(n)))
                .ok_or_else(|| wrong("FieldMap", &format!("{n:?} is no column of a text"))),
        };
        let columns = map.split(',').map(column).collect::<Result<Vec<_>, _>>()?;
        let skip = match said("Skip").unwrap_or("") {
            "" => 0,
            text => text.parse::<usize>().map_err(|_| wrong("Skip", "is no number of lines"))?,
        };
        let heading = match said("FirstRowHeader").unwrap_or("") {
            "y" | "Y" | "1" => 1,
            "" | "n" | "N" | "0" => 0,
            _ => return Err(wrong("FirstRowHeader", "is neither y nor n")),
        };
        let delimiter = match said("Delimiter") {
            None => Some(','),
            Some("\\t") => Some('\t'),
            Some(text) => text.chars().next(),
        };
        let quote = said("Grouper").and_then(|text| text.chars().next()).unwrap_or('"');
        Ok(Some(Layout {
            columns: columns.into_iter().flatten().collect(),
            delimiter,
            quote,
            skip: skip + heading,
        }))
    }

    /// The table in the order of the program's own file, line for line.
    ///
    /// # Errors
    /// A line that has fewer columns than are asked for.
    pub(crate) fn plain(&self, what: &str, text: &str) -> Result<String, ScanError> {
        let mut out = String::new();
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.trim_start_matches('\u{feff}');
            if line > self.skip && !content.trim().is_empty() {
                let cells = self.cells(content);
                let all: Vec<Column> = (1..=cells.len()).map(Column::Nth).collect();
                let columns = if self.columns.is_empty() { &all } else { &self.columns };
                for column in columns {
                    let value = match column {
                        Column::One => "1".to_owned(),
                        Column::Made => format!("line{line}"),
                        Column::Undated => UNDATED.to_owned(),
                        Column::Nth(n) => cells.get(*n - 1).cloned().ok_or_else(|| ScanError::Line {
                            what: what.to_owned(),
                            line,
                            why: format!("has {} columns, and column {n} is asked for", cells.len()),
                        })?,
                    };
                    out += &format!("\"{}\" ", value.replace('"', "'"));
                }
            }
            out.push('\n');
        }
        Ok(out)
    }

    /// The values of a line; a quote within a quoted value stands twice.
    fn cells(&self, line: &str) -> Vec<String> {
        let (mut out, mut cell) = (Vec::new(), String::new());
        // Whether the character before ended a quotation.
        let (mut quoted, mut ended) = (false, false);
        for c in line.chars() {
            if c == self.quote {
                if !quoted && ended {
                    cell.push(c);
                }
                ended = quoted;
                quoted = !quoted;
                continue;
            }
            ended = false;
            if !quoted && self.delimiter.map_or(c.is_whitespace(), |d| c == d) {
                out.push(std::mem::take(&mut cell));
            } else {
                cell.push(c);
            }
        }
        out.push(cell);
        if self.delimiter.is_none() {
            out.retain(|cell| !cell.is_empty());
        }
        out.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(said: &[(&str, &str)]) -> Result<Option<Layout>, ScanError> {
        Layout::of("CaseFile", |key| {
            said.iter().find(|s| key == format!("CaseFile-Source{}", s.0)).map(|s| s.1)
        })
    }

    #[test]
    fn columns_are_put_in_order_line_for_line() {
        let table = "what follows is a table\nwhen,\"the, place\",age\n2025/1/9,\"a \"\"old\"\" b\",7\n\n2025/2/1,c, 8 \n";
        let said = [("Type", "0"), ("FieldMap", "2,oneCount,1,,3"), ("Skip", "1"), ("FirstRowHeader", "y")];
        let plain = layout(&said).unwrap().unwrap().plain("cases", table).unwrap();
        let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
        let own = ["", "", "\"a 'old' b\" \"1\" \"2025/1/9\" \"7\"", "", "\"c\" \"1\" \"2025/2/1\" \"8\""];
        assert_eq!(lines, own);
        let blanks = [("FieldMap", "3,1"), ("Delimiter", "")];
        let plain = layout(&blanks).unwrap().unwrap().plain("cases", "x  y\tz\nx y\n");
        assert_eq!(plain.unwrap_err().to_string(), "cases, line 2: has 2 columns, and column 3 is asked for");
        assert_eq!(layout(&[]).unwrap(), None);
        let refused = |said| layout(said).unwrap_err().to_string();
        let shapes = "CaseFile-SourceType=2: only text (0) is read here; save the table as text";
        assert_eq!(refused(&[("Type", "2")]), shapes);
        let far = "CaseFile-SourceFieldMap=1,shapeX: \"shapeX\" is no column of a text";
        assert_eq!(refused(&[("Type", "0"), ("FieldMap", "1,shapeX")]), far);
    }
}
