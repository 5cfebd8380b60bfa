//! Ways in which people write identifiers, one a line in `said/identifiers.txt`, with ⟦marks⟧ around what must not be
//! read by everybody; lines without marks only look alike. Every number is invented.

use triage::mask_public;

const SAID: &str = include_str!("said/identifiers.txt");

/// The text without marks, and for each of its bytes whether it stands within some.
fn unmarked(line: &str) -> (String, Vec<bool>) {
    let (mut text, mut hidden, mut within) = (String::new(), Vec::new(), false);
    for c in line.replace("\\n", "\n").chars() {
        match c {
            '⟦' => within = true,
            '⟧' => within = false,
            c => {
                text.push(c);
                hidden.resize(text.len(), within);
            }
        }
    }
    (text, hidden)
}

#[test]
fn identifiers_are_hidden_and_what_looks_alike_is_not() {
    let mut wrong = Vec::new();
    for line in SAID.lines() {
        let (text, hidden) = unmarked(line);
        let masked = mask_public(&text);
        let is_masked = |at: usize| masked.spans.iter().any(|s| s.range.contains(&at));
        // Brackets and signs around an identifier name nobody.
        let told = text.char_indices().any(|(at, c)| c.is_alphanumeric() && hidden[at] && !is_masked(at));
        let too_much = text.char_indices().any(|(at, c)| c.is_alphanumeric() && !hidden[at] && is_masked(at));
        if told || too_much {
            wrong.push(format!("{}{line} → {}", if told { "told: " } else { "too much: " }, masked.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), SAID.lines().count(), wrong.join("\n"));
}
