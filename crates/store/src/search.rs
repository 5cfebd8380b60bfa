//! Full-text search in Chinese with exact recall.
//!
//! A text is cut into all its windows of two characters (Latin letters and digits stay whole words), so a
//! two-character word is one entry of the index: finding it needs no intersection of long lists. A longer
//! word is the conjunction of its windows, and what that finds is checked against the text itself. The
//! places of a case are entries too, so that a search within one neighbourhood reads only that
//! neighbourhood's part.

use crate::tx::Words;
use crate::{StoreError, Tx, args};
use domain::territory::Path;
use domain::{CaseNo, PlaceId};

// The two engines search in different words; this is the one place where statements differ.
const INSERT_LITE: &str = "INSERT INTO case_words (rowid, words) VALUES (?1, ?2)";
const INSERT_PG: &str = "INSERT INTO case_words (id, words) \
    VALUES (?1, array_to_tsvector(string_to_array(?2, ' '))) ON CONFLICT (id) DO NOTHING";
const FIND_LITE: &str = "SELECT rowid FROM case_words WHERE case_words MATCH ?1 AND rowid < ?2 \
    ORDER BY rowid DESC LIMIT ?3";
const FIND_PG: &str = "SELECT id FROM case_words WHERE words @@ CAST(CAST(?1 AS TEXT) AS tsquery) AND id < ?2 \
    ORDER BY id DESC LIMIT ?3";

/// Texts of one case that can be told apart in the index: the report is part 0, remarks follow.
pub const PARTS: i64 = 1024;

/// Entries that one closure gathers before it writes them: bounds the memory of a closure that loads thousands.
const MOST_GATHERED: usize = 1024;

/// Folds what people type differently: full-width letters and digits, capitals.
fn fold(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    c.to_ascii_lowercase()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// The entries of a text: windows of two for Han characters, whole words for letters and digits. A lone Han
/// character is an entry of its own.
pub fn windows(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut previous: Option<char> = None;
    let mut paired = false;
    for c in text.chars().map(fold).chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if is_han(c) {
            if let Some(p) = previous {
                out.push([p, c].iter().collect());
                paired = true;
            }
            previous = Some(c);
        } else {
            if let Some(p) = previous.take()
                && !paired
            {
                out.push(p.to_string());
            }
            paired = false;
        }
    }
    out
}

/// The text of the index row: entries of the text, and one for each place.
fn entries(texts: &[&str], path: &Path) -> String {
    let mut words: Vec<String> = texts.iter().flat_map(|t| windows(t)).collect();
    words.extend(path.0.iter().flatten().map(|p| place_entry(*p)));
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

fn place_entry(place: PlaceId) -> String {
    // A leading capital cannot come from a text, which is folded to small letters.
    format!("P{place}")
}

/// A word without the quotation marks that somebody put around it, to be found as it stands.
pub fn bare(word: &str) -> &str {
    word.trim_matches(['"', '“', '”', '「', '」'])
}

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Query {
    /// For each word that was typed, the word and what means the same: one of these must occur as it is written.
    pub words: Vec<Vec<String>>,
    /// Only in these places; anywhere if empty.
    pub places: Vec<PlaceId>,
    /// Only before this case, for the next page.
    pub before: Option<CaseNo>,
    /// How many cases at most.
    pub limit: u32,
}

impl Query {
    /// Reads what a person typed: words separated by spaces. `None` if nothing searchable is in it.
    pub fn parse(typed: &str, limit: u32) -> Option<Query> {
        let words: Vec<Vec<String>> = typed
            .split(|c: char| c.is_whitespace() || c == '\u{3000}')
            .filter(|w| !windows(w).is_empty())
            .map(|w| vec![w.to_owned()])
            .collect();
        (!words.is_empty()).then_some(Query { words, places: vec![], before: None, limit })
    }

    /// The same, found too where another word for the same thing stands. A word in quotation marks stays alone.
    #[must_use]
    pub fn or_alike(mut self, alike: impl Fn(&str) -> Vec<String>) -> Query {
        for word in &mut self.words {
            let Some(typed) = word.first() else { continue };
            let bare = bare(typed);
            let others = if bare == typed { alike(typed) } else { vec![] };
            *word = std::iter::once(bare.to_owned()).chain(others).collect();
        }
        self
    }

    /// Whether a text holds every word as it is written, or one that means the same.
    fn holds(&self, text: &str) -> bool {
        let squeeze = |t: &str| t.chars().map(fold).filter(|c| !c.is_whitespace()).collect::<String>();
        let text = squeeze(text);
        self.words.iter().all(|w| w.iter().any(|w| text.contains(&squeeze(w))))
    }

    /// Whether the index alone settles it: every word is one entry.
    fn is_exact(&self) -> bool {
        self.words.iter().flatten().all(|w| windows(w).len() == 1 && w.chars().count() <= 2)
    }

    fn expression(&self, or: &str, and: &str, quote: char) -> String {
        let q = |w: &str| format!("{quote}{w}{quote}");
        let whole = |w: &String| windows(w).iter().map(|w| q(w)).collect::<Vec<_>>().join(and);
        let mut terms: Vec<String> = self
            .words
            .iter()
            .map(|any| match &any[..] {
                [one] => whole(one),
                any => {
                    let any: Vec<String> = any.iter().map(|w| format!("({})", whole(w))).collect();
                    format!("({})", any.join(or))
                }
            })
            .collect();
        if !self.places.is_empty() {
            let any: Vec<String> = self.places.iter().map(|p| q(&place_entry(*p))).collect();
            terms.push(format!("({})", any.join(or)));
        }
        terms.join(and)
    }
}

impl Tx<'_> {
    /// Puts the texts of a case into the index. `part` 0 is the report, 1 and on what was added.
    pub fn index_case(
        &mut self,
        no: CaseNo,
        part: i64,
        texts: &[&str],
        path: &Path,
    ) -> Result<(), StoreError> {
        let row = no.0 * PARTS + part % PARTS;
        let words = entries(texts, path);
        match self.gathered() {
            Some(waiting) => {
                waiting.push((row, words));
                if waiting.len() >= MOST_GATHERED { self.write_gathered() } else { Ok(()) }
            }
            None => self.write_words(row, &words),
        }
    }

    fn write_words(&mut self, row: i64, words: &str) -> Result<(), StoreError> {
        let sql = if self.is_postgres() { INSERT_PG } else { INSERT_LITE };
        self.run(sql, args![row, words]).map(drop)
    }

    /// Writes now what this closure has gathered, inside its own savepoint.
    fn write_gathered(&mut self) -> Result<(), StoreError> {
        let words = self.take_words();
        self.write_all_words(words)
    }

    /// Writes gathered entries in the order of their rows: out of order the embedded index would flush between them.
    pub(crate) fn write_all_words(&mut self, mut words: Words) -> Result<(), StoreError> {
        words.sort_unstable();
        words.iter().try_for_each(|(row, words)| self.write_words(*row, words))
    }

    /// The cases that hold every word, newest first.
    pub fn search(&mut self, query: &Query) -> Result<Vec<CaseNo>, StoreError> {
        self.write_gathered()?;
        let pg = self.is_postgres();
        let (sql, expression) = if pg {
            (FIND_PG, query.expression(" | ", " & ", '\''))
        } else {
            (FIND_LITE, query.expression(" OR ", " AND ", '"'))
        };
        let mut found: Vec<CaseNo> = Vec::new();
        let mut before = query.before.map_or(i64::MAX, |no| no.0 * PARTS);
        let limit = query.limit as usize;
        // Where windows alone do not settle it, more are fetched than wanted and the text decides.
        let batch = if query.is_exact() { query.limit } else { query.limit * 4 };
        while found.len() < limit {
            let rows = self.all(sql, args![&expression, before, batch], |r| r.int(0))?;
            let Some(last) = rows.last().copied() else { break };
            let short = rows.len() < batch as usize;
            for no in rows.into_iter().map(|row| CaseNo(row / PARTS)) {
                if found.last() == Some(&no) || found.len() == limit {
                    continue;
                }
                let holds = query.is_exact()
                    || self.case(no)?.is_some_and(|c| query.holds(&format!("{}\n{}", c.text, c.detail)));
                if holds {
                    found.push(no);
                }
            }
            before = last;
            if short {
                break;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
pub(crate) fn engine_statements(postgres: bool) -> [&'static str; 2] {
    if postgres { [INSERT_PG, FIND_PG] } else { [INSERT_LITE, FIND_LITE] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn windows_of_mixed_text() {
        assert_eq!(windows("电梯坏了"), ["电梯", "梯坏", "坏了"]);
        assert_eq!(windows("３号楼 WiFi，漏"), ["3", "号楼", "wifi", "漏"]);
        assert_eq!(windows("、！"), Vec::<String>::new());
    }

    proptest! {
        /// Every word of two Han characters and more that occurs in a text is found by its windows.
        #[test]
        fn recall_is_exact(text in "[漏水电梯坏了噪声扰民]{2,30}", at in 0usize..28, len in 2usize..6) {
            let chars: Vec<char> = text.chars().collect();
            let at = at.min(chars.len() - 2);
            let word: String = chars[at..(at + len).min(chars.len())].iter().collect();
            let of_text = windows(&text);
            prop_assert!(windows(&word).iter().all(|w| of_text.contains(w)));
        }
    }
}
