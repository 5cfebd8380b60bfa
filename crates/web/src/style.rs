//! Style sheets and scripts: one sheet of tokens, one sheet for residents, one for the console.

use std::sync::LazyLock;

/// The sheet of tokens, as written.
pub const TOKENS: &str = include_str!("../assets/tokens.css");

static RESIDENT: LazyLock<String> =
    LazyLock::new(|| squeeze(&[TOKENS, include_str!("../assets/resident.css")].concat()));

/// The whole style of a resident's page, inlined into it so that a page is one request. Always the same
/// text, so a content-security policy can name its hash.
pub fn resident() -> &'static str {
    &RESIDENT
}

/// The one script of a resident's page: a registration's form asks, field by field as they are left, whether what
/// stands there is sound. The form works without it. Inlined and always the same text, as the style is.
pub fn register_js() -> &'static str {
    static SCRIPT: LazyLock<String> = LazyLock::new(|| {
        let lines = include_str!("../assets/register.js").lines();
        let mut out = lines.collect::<String>();
        for (loose, tight) in
            [(" = ", "="), (", ", ","), ("{ ", "{"), (" }", "}"), (" => ", "=>"), (": ", ":"), ("; ", ";")]
        {
            out = out.replace(loose, tight);
        }
        out
    });
    &SCRIPT
}

/// A file that pages of the console ask for: under a name that changes with its content, so that it can be
/// kept for ever.
#[derive(Debug)]
pub struct Asset {
    name: &'static str,
    ending: &'static str,
    /// Its media type.
    pub mime: &'static str,
    /// Its content.
    pub body: &'static str,
    mark: u32,
}

impl Asset {
    const fn new(name: &'static str, ending: &'static str, mime: &'static str, body: &'static str) -> Asset {
        // FNV-1a: tells versions apart, guards nothing.
        let bytes = body.as_bytes();
        let mut mark = 0x811c_9dc5_u32;
        let mut i = 0;
        while i < bytes.len() {
            mark = (mark ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        Asset { name, ending, mime, body, mark }
    }

    /// Its address: `/assets/console-1a2b3c4d.css`.
    pub fn href(&self) -> String {
        format!("/assets/{}-{:08x}.{}", self.name, self.mark, self.ending)
    }
}

/// The style of the console: tokens, console, paper.
pub static CONSOLE_CSS: Asset = Asset::new(
    "console",
    "css",
    "text/css; charset=utf-8",
    concat!(
        include_str!("../assets/tokens.css"),
        include_str!("../assets/console.css"),
        include_str!("../assets/print.css")
    ),
);

/// The script of the console: keys and live refresh. A module; nothing depends on it.
pub static CONSOLE_JS: Asset =
    Asset::new("console", "js", "text/javascript; charset=utf-8", include_str!("../assets/console.js"));

/// Every file that is served under `/assets/`.
pub fn assets() -> [&'static Asset; 2] {
    [&CONSOLE_CSS, &CONSOLE_JS]
}

/// Takes comments and needless blanks out of a sheet. Only what our own sheets need: no `content` strings
/// with several blanks, braces or comment signs in them.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut blank = false;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        let tight = |c: char| matches!(c, '{' | '}' | ';' | ',' | '>');
        // A blank after a colon is needless; before one it may be a descendant selector.
        if blank && !tight(c) && !out.ends_with(|p| tight(p) || p == ':') && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        if c == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squeezing_keeps_what_a_browser_needs() {
        assert_eq!(
            squeeze(
                "/* a */ a:b , c > d {\n  x: calc(1px + 2px) ;\n  y: 0 0 ;\n}\n@media (x: y) { e f { z: 1 } }"
            ),
            "a:b,c>d{x:calc(1px + 2px);y:0 0}@media (x:y){e f{z:1}}"
        );
    }
}
