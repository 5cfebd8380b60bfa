//! Search over all that was said, within what the person may see.

use super::{CaseRow, Frame};
use askama::Template;

/// `GET /console/search?q=`. A number goes straight to its case.
#[derive(Debug, Clone, Template, Default)]
#[template(path = "console/search.html")]
pub struct SearchPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What was asked; empty before the first time.
    pub q: String,
    /// Other words for what was asked, which were looked for as well.
    pub also: Vec<String>,
    /// What was found, newest first.
    pub rows: Vec<CaseRow>,
    /// Whether the person may take it out as a spreadsheet.
    pub export: bool,
    /// The address of the page after.
    pub next: Option<String>,
}

impl SearchPage {
    /// A row's text with what was found set apart.
    fn marked(&self, row: &CaseRow) -> Vec<(String, bool)> {
        mark(&row.text, &self.q, &self.also)
    }
}

/// Cuts a text into parts, each with whether it is one of the words of `q` or one of `also`. Together the parts are the
/// text.
pub fn mark(text: &str, q: &str, also: &[String]) -> Vec<(String, bool)> {
    let words: Vec<&str> =
        q.split_whitespace().map(app::bare_word).chain(also.iter().map(String::as_str)).collect();
    let mut parts: Vec<(String, bool)> = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        let found = words
            .iter()
            .filter(|w| !w.is_empty())
            .filter_map(|w| rest.find(*w).map(|at| (at, w.len())))
            .min_by_key(|(at, len)| (*at, std::cmp::Reverse(*len)));
        let Some((at, len)) = found else { break };
        if at > 0 {
            parts.push((rest[..at].into(), false));
        }
        parts.push((rest[at..at + len].into(), true));
        rest = &rest[at + len..];
    }
    if !rest.is_empty() {
        parts.push((rest.into(), false));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_set_apart_and_nothing_is_lost() {
        let parts = mark("弄堂口停满单车，单车倒了", "单车 弄堂", &[]);
        let told: Vec<(&str, bool)> = parts.iter().map(|(t, m)| (t.as_str(), *m)).collect();
        assert_eq!(
            told,
            [
                ("弄堂", true),
                ("口停满", false),
                ("单车", true),
                ("，", false),
                ("单车", true),
                ("倒了", false)
            ]
        );
        assert_eq!(mark("abc", "", &[]), [("abc".to_string(), false)]);
        assert_eq!(mark("", "x", &[]), []);
        let parts = mark("噪声大", "“噪音”", &["噪声".into()]);
        assert_eq!(parts, [("噪声".to_string(), true), ("大".to_string(), false)]);
    }
}
