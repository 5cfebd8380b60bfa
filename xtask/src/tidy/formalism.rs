//! Formalism at the fingertips does not come in by the schema, by a word on a page, or by a form.
//!
//! Residents and grass-roots staff suffer from check-ins, points and photo trails. None of these is built:
//! no table or column is called so, no text on a page says so, and a photo is never demanded.

use super::source::{Token, tokens};
use super::{Finding, Tree};

/// Parts of names that no table or column carries: whole words between underscores.
const COLUMNS: &[&[&str]] = &[
    &["points"],
    &["streak"],
    &["badge"],
    &["badges"],
    &["leaderboard"],
    &["ranking"],
    &["likes"],
    &["check", "in"],
    &["checkin"],
    &["track"],
    &["online", "time"],
    &["online", "minutes"],
    &["login", "count"],
];

/// What no page says: points, check-in, sign-in as attendance, ranking, like, badge, time online, photo trail.
const WORDS: &[&str] =
    &["积分", "打卡", "签到", "排名", "排行", "点赞", "徽章", "勋章", "在线时长", "拍照留痕", "轨迹"];

/// Looks through migrations, words and templates. A line marked `tidy: formalism` says why it may.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under("crates/store/migrations/", ".sql") {
        for (index, line) in lines(text) {
            let statement = line.split("--").next().unwrap_or_default().to_lowercase();
            let names = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            for name in names.filter(|name| COLUMNS.iter().any(|parts| carries(name, parts))) {
                findings.push(Finding::error(
                    path,
                    index,
                    format!("{name}: nobody's use is counted or ranked"),
                ));
            }
        }
    }
    for (path, text) in tree.under("crates/web/", "").filter(|(path, _)| path.contains("/templates/")) {
        for (index, line) in lines(text) {
            said(path, index, line, &mut findings);
            if line.contains("name=\"photo\"") && line.contains("required") {
                findings.push(Finding::error(path, index, "a photo is never demanded"));
            }
        }
    }
    // What residents write (triage, demo) may well complain of it.
    let speaking = ["crates/app/", "crates/posters/", "crates/web/"];
    for (path, source) in speaking.into_iter().flat_map(|folder| tree.under(folder, ".rs")) {
        let marked: Vec<usize> = source
            .lines()
            .enumerate()
            .filter(|(_, l)| l.contains(MARK))
            .map(|(index, _)| index + 1)
            .collect();
        for (line, token) in tokens(source) {
            if let Token::Text(text) = token
                && !marked.contains(&line)
            {
                said(path, line, &text, &mut findings);
            }
        }
    }
    findings
}

const MARK: &str = "tidy: formalism";

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.contains(MARK))
}

fn said(path: &str, line: usize, text: &str, findings: &mut Vec<Finding>) {
    for word in WORDS.iter().filter(|word| text.contains(**word)) {
        findings.push(Finding::error(path, line, format!("{word}: formalism at the fingertips")));
    }
}

/// Whether the parts stand one after the other between the underscores of a name.
fn carries(name: &str, parts: &[&str]) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    words.windows(parts.len()).any(|window| window == parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_column_that_counts_use_is_found_and_a_comment_is_not() {
        let path = "crates/store/migrations/0009_x.sqlite.sql";
        assert_eq!(
            found(
                path,
                "CREATE TABLE staff (\n  week_points INTEGER, -- no streak\n  check_in_at INTEGER\n);"
            ),
            [
                "error: crates/store/migrations/0009_x.sqlite.sql:2: week_points: nobody's use is counted or ranked",
                "error: crates/store/migrations/0009_x.sqlite.sql:3: check_in_at: nobody's use is counted or ranked",
            ]
        );
        assert_eq!(found(path, "waypoint INTEGER, checked_in_person INTEGER, rank INTEGER"), [""; 0]);
    }

    #[test]
    fn a_page_that_says_check_in_is_found_and_a_marked_line_is_not() {
        assert_eq!(found("crates/web/src/words.rs", "words! { a: \"每日打卡\", \"x\"; }").len(), 1);
        assert_eq!(found("crates/web/templates/a.html", "<p>本月排名</p>").len(), 1);
        assert_eq!(
            found("crates/web/templates/a.html", "<p>我们不排名</p> {# tidy: formalism, a promise #}"),
            [""; 0]
        );
        assert_eq!(found("crates/web/src/a.rs", "// 积分 is not built\n"), [""; 0]);
    }

    #[test]
    fn a_photo_that_must_be_is_found() {
        let path = "crates/web/templates/resident/report.html";
        assert_eq!(found(path, "<input type=\"file\" name=\"photo\" required>").len(), 1);
        assert_eq!(found(path, "<input type=\"file\" name=\"photo\">"), [""; 0]);
    }
}
