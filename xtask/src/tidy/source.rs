//! Just enough of Rust's lexical rules to tell words from strings and comments.

/// A token of Rust source that the checks care about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An identifier or keyword.
    Word(String),
    /// A string literal's content, escapes resolved as far as texts for people need.
    Text(String),
    /// Any other sign.
    Sign(char),
}

/// Tokens with their 1-based lines. Comments, character literals and lifetimes vanish.
pub(super) fn tokens(source: &str) -> Vec<(usize, Token)> {
    let mut scanner = Scanner { rest: source, line: 1 };
    let mut tokens = Vec::new();
    while let Some(first) = scanner.rest.chars().next() {
        let line = scanner.line;
        if scanner.rest.starts_with("//") {
            scanner.skip(scanner.rest.find('\n').unwrap_or(scanner.rest.len()));
        } else if scanner.rest.starts_with("/*") {
            scanner.block_comment();
        } else if let Some(text) = scanner.string() {
            tokens.push((line, Token::Text(text)));
        } else if first == '\'' {
            scanner.quote();
        } else if first.is_alphanumeric() || first == '_' {
            let end = scanner.rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let word = scanner.skip(end.unwrap_or(scanner.rest.len()));
            tokens.push((line, Token::Word(word.to_owned())));
        } else {
            scanner.skip(first.len_utf8());
            if !first.is_whitespace() {
                tokens.push((line, Token::Sign(first)));
            }
        }
    }
    tokens
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn skip(&mut self, bytes: usize) -> &'a str {
        let (passed, rest) = self.rest.split_at(bytes);
        self.line += passed.matches('\n').count();
        self.rest = rest;
        passed
    }

    /// Block comments nest in Rust.
    fn block_comment(&mut self) {
        let mut depth = 0;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.skip(self.rest.chars().next().map_or(0, char::len_utf8));
            }
        }
    }

    /// A plain, byte, C or raw string, if one begins here.
    fn string(&mut self) -> Option<String> {
        let prefix = self.rest.find(|c: char| !matches!(c, 'b' | 'c' | 'r')).filter(|at| *at <= 2)?;
        let hashes = self.rest[prefix..].chars().take_while(|c| *c == '#').count();
        let raw = self.rest[..prefix].contains('r');
        if !self.rest[prefix + hashes..].starts_with('"') || (hashes > 0 && !raw) {
            return None;
        }
        self.skip(prefix + hashes + 1);
        if raw {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = self.rest.find(&close).unwrap_or(self.rest.len());
            let text = self.skip(end).to_owned();
            self.skip(close.len().min(self.rest.len()));
            return Some(text);
        }
        let mut text = String::new();
        while let Some(c) = self.rest.chars().next() {
            self.skip(c.len_utf8());
            match c {
                '"' => break,
                '\\' => self.escape(&mut text),
                _ => text.push(c),
            }
        }
        Some(text)
    }

    fn escape(&mut self, text: &mut String) {
        let Some(c) = self.rest.chars().next() else { return };
        self.skip(c.len_utf8());
        match c {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            // A backslash at a line's end swallows the indentation that follows.
            '\n' => {
                self.skip(self.rest.len() - self.rest.trim_start().len());
            }
            other => text.push(other),
        }
    }

    /// A character literal vanishes whole; of a lifetime only the quote does.
    fn quote(&mut self) {
        let mut signs = self.rest.char_indices().skip(1);
        let literal = match signs.next() {
            // The escaped sign itself may be a quote.
            Some((_, '\\')) => {
                signs.next().and_then(|_| signs.find(|(_, c)| *c == '\'')).map(|(at, _)| at + 1)
            }
            Some(_) => signs.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1),
            None => None,
        };
        self.skip(literal.unwrap_or(1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(source: &str) -> Vec<String> {
        let word = |(_, token)| if let Token::Word(word) = token { Some(word) } else { None };
        tokens(source).into_iter().filter_map(word).collect()
    }

    #[test]
    fn comments_and_strings_are_not_words() {
        let source = "use a::b; // c\n/* d /* e */ f */ fn g<'h>() -> char { '\\'' } const I: &str = \"j\";";
        assert_eq!(words(source), ["use", "a", "b", "fn", "g", "h", "char", "const", "I", "str"]);
    }

    #[test]
    fn strings_of_every_kind_are_read_with_their_lines() {
        let source = "a(\n\"片\\\"区\",\nr#\"say \"hi\"\"#, b\"bytes\", \"one \\\n   line\")";
        let texts: Vec<_> = tokens(source)
            .into_iter()
            .filter_map(|(line, token)| if let Token::Text(text) = token { Some((line, text)) } else { None })
            .collect();
        let expected = [(2, "片\"区"), (3, "say \"hi\""), (3, "bytes"), (3, "one line")];
        assert_eq!(texts, expected.map(|(line, text)| (line, text.to_owned())));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_stop_short(source in "(\\PC|\n|\"|'|\\\\|/\\*|r#){0,60}") {
            for (line, _) in tokens(&source) {
                prop_assert!(line <= source.matches('\n').count() + 1);
            }
        }
    }
}
