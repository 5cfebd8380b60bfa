//! Pages fetch nothing from elsewhere and keep scripts out of their markup, so that the strictest policy
//! can be sent with each of them.

use super::{Finding, Tree};

/// Looks at every template, tag by tag.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.under("crates/web/", "").filter(|(path, _)| path.contains("/templates/")) {
        for (at, _) in text.match_indices('<') {
            let tag = &text[at + 1..];
            let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
            let line = text[..at].matches('\n').count() + 1;
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let fetches =
                matches!(name, "script" | "img" | "link" | "iframe" | "source" | "video" | "audio" | "form");
            if fetches
                && ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "action=\"http"]
                    .iter()
                    .any(|a| tag.contains(a))
            {
                let message = format!("<{name}> reaches another host: vendor it, with its checksum");
                findings.push(Finding::error(path, line, message));
            }
            if let Some(handler) = handler(tag) {
                let message = format!(
                    "{handler}= is a script in the markup: the page must work without, and the policy forbids it"
                );
                findings.push(Finding::error(path, line, message));
            }
            if tag.contains("javascript:") {
                findings.push(Finding::error(path, line, "javascript: is no address"));
            }
        }
    }
    findings
}

/// An attribute like `onclick`.
fn handler(tag: &str) -> Option<&str> {
    tag.split_whitespace().skip(1).find_map(|attribute| {
        let (name, _) = attribute.split_once('=')?;
        let event = name.strip_prefix("on")?;
        (!event.is_empty() && event.bytes().all(|b| b.is_ascii_lowercase())).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(template: &str) -> Vec<String> {
        let tree = Tree::of(&[("crates/web/templates/a.html", template)]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_comes_from_elsewhere_is_found_and_a_link_to_elsewhere_is_not() {
        let found_here = found("<p>\n<script src=\"https://cdn.example/x.js\"></script>");
        assert_eq!(
            found_here,
            [
                "error: crates/web/templates/a.html:2: <script> reaches another host: vendor it, with its checksum"
            ]
        );
        assert_eq!(found("<a href=\"https://www.example/\">x</a><script src=\"/assets/x.js\">"), [""; 0]);
    }

    #[test]
    fn scripts_in_the_markup_are_found() {
        assert!(
            found("<button type=\"button\" onclick=\"go()\">x</button>")[0].contains("onclick= is a script")
        );
        assert!(found("<a href=\"javascript:go()\">x</a>")[0].contains("is no address"));
        assert_eq!(found("<button data-on=\"1\">x</button>{% if a < b %}"), [""; 0]);
    }
}
