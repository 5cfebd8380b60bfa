//! The forms of a page, read as a browser without scripts would read them.

/// A `<form>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Where it is sent; empty means the page's own address.
    pub action: String,
    /// `get` or `post`, in lower case.
    pub method: String,
    /// Whether it is sent as `multipart/form-data`.
    pub multipart: bool,
    /// What would be sent if nothing were typed, in the page's order, without the buttons.
    pub fields: Vec<Field>,
}

/// A control of a form and the value that it starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value; empty for a file.
    pub value: String,
    /// `text`, `hidden`, `file`, `textarea`, `select`, …
    pub kind: String,
}

/// Every form of an HTML page, in order.
#[must_use]
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    let mut select: Option<(String, Option<String>)> = None;
    let mut rest = html;
    while let Some((tag, after)) = next_tag(rest) {
        rest = after;
        match (tag.name.as_str(), forms.last_mut().filter(|_| open)) {
            ("form", _) => {
                open = true;
                let method = tag.value("method").unwrap_or_default().to_lowercase();
                forms.push(Form {
                    action: tag.value("action").unwrap_or_default(),
                    method: if method.is_empty() { "get".to_owned() } else { method },
                    multipart: tag.value("enctype").is_some_and(|kind| kind.starts_with("multipart/")),
                    fields: Vec::new(),
                });
            }
            ("/form", _) => open = false,
            ("input", Some(form)) => {
                let kind = tag.value("type").unwrap_or_else(|| "text".to_owned());
                let switch = matches!(kind.as_str(), "checkbox" | "radio");
                let button = matches!(kind.as_str(), "submit" | "button" | "reset" | "image");
                if !button && (!switch || tag.value("checked").is_some()) {
                    let value = tag.value("value").unwrap_or(if switch { "on" } else { "" }.to_owned());
                    form.push(&tag, value, &kind);
                }
            }
            ("textarea", Some(form)) => {
                let end = rest.find("</textarea").unwrap_or(rest.len());
                let text = rest[..end].strip_prefix('\n').unwrap_or(&rest[..end]);
                form.push(&tag, decode(text), "textarea");
                rest = &rest[end..];
            }
            ("select", Some(_)) => select = tag.value("name").map(|name| (name, None)),
            ("option", Some(_)) => {
                if let Some((_, chosen)) = &mut select
                    && (chosen.is_none() || tag.value("selected").is_some())
                {
                    let shown = &rest[..rest.find('<').unwrap_or(rest.len())];
                    *chosen = Some(tag.value("value").unwrap_or_else(|| decode(shown.trim())));
                }
            }
            ("/select", Some(form)) => {
                if let Some((name, value)) = select.take() {
                    form.fields.push(Field { name, value: value.unwrap_or_default(), kind: "select".into() });
                }
            }
            ("script" | "style", _) => {
                let end = rest.find(if tag.name == "script" { "</script" } else { "</style" });
                rest = &rest[end.unwrap_or(rest.len())..];
            }
            _ => {}
        }
    }
    forms
}

impl Form {
    fn push(&mut self, tag: &Tag, value: String, kind: &str) {
        // A control without a name is not sent.
        if let Some(name) = tag.value("name").filter(|name| !name.is_empty()) {
            self.fields.push(Field { name, value, kind: kind.to_owned() });
        }
    }
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn value(&self, attribute: &str) -> Option<String> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| decode(value))
    }
}

/// The next tag and what follows it. Comments are passed over.
fn next_tag(html: &str) -> Option<(Tag, &str)> {
    let mut rest = html;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->")? + 3..];
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(rest.len());
        if !rest[..end].chars().any(|c| c.is_ascii_alphabetic()) {
            continue;
        }
        let name = rest[..end].trim_end_matches('/').to_ascii_lowercase();
        let (attributes, after) = attributes(&rest[end..]);
        return Some((Tag { name, attributes }, after));
    }
}

fn attributes(text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
        if rest.is_empty() {
            return (found, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, after) = match quote {
                Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
                None => {
                    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
                    rest.split_at(end)
                }
            };
            raw.clone_into(&mut value);
            rest = after;
        }
        found.push((name, value));
    }
}

/// The character references that templates write.
fn decode(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest.find(';').filter(|end| *end <= 10).map(|end| (&rest[1..end], end + 1));
        let sign = reference.and_then(|(name, length)| Some((reference_sign(name)?, length)));
        let (sign, length) = sign.unwrap_or(('&', 1));
        plain.push(sign);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

fn reference_sign(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let html = r#"<!-- <form> --><script>"<form>"</script><p>1 < 2</p>
            <form action="/q/a&amp;b" method=POST enctype='multipart/form-data'>
            <textarea name="text" required>&lt;灯&#x2F;&#28783;&gt;</textarea>
            <select name="kind"><option>甲<option value="2" selected>乙</select>
            <input name=once type=hidden value="k"/><input type="checkbox" name="may" value="yes">
            <input type=radio name=r value=1 checked><input type="file" name="photo"><input value="unnamed">
            <button name="go" value="1">报告给居委会</button></form><input name="outside">"#;
        let field = |name: &str, value: &str, kind: &str| Field {
            name: name.to_owned(),
            value: value.to_owned(),
            kind: kind.to_owned(),
        };
        let expected = Form {
            action: "/q/a&b".to_owned(),
            method: "post".to_owned(),
            multipart: true,
            fields: vec![
                field("text", "<灯/灯>", "textarea"),
                field("kind", "2", "select"),
                field("once", "k", "hidden"),
                field("r", "1", "radio"),
                field("photo", "", "file"),
            ],
        };
        assert_eq!(forms(html), [expected]);
    }

    proptest! {
        #[test]
        fn no_page_is_too_broken_to_read(html in "(<form |<input |name=|\"|'|>|<!--|&#x|;|\\PC){0,40}") {
            let read = forms(&html);
            prop_assert!(read.len() <= html.matches("<form").count());
        }
    }
}
