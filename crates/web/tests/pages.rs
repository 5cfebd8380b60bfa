//! What holds of every page, and what people read on it.

#![expect(clippy::unwrap_used, reason = "in samples and helpers of tests")]

mod samples;

use samples::Sample;
use web::words::Lang;

fn every() -> impl Iterator<Item = (Lang, bool, Sample)> {
    Lang::ALL.into_iter().flat_map(|lang| {
        [false, true]
            .into_iter()
            .flat_map(move |elder| samples::all(lang, elder).into_iter().map(move |page| (lang, elder, page)))
    })
}

#[test]
fn a_page_for_residents_is_one_request_of_14_kb_without_script() {
    for (lang, elder, page) in every().filter(|(_, _, p)| p.for_residents) {
        let what = format!("{} {lang:?} elder={elder}", page.name);
        assert!(page.html.len() <= 14 * 1024, "{what} weighs {} bytes", page.html.len());
        // The form of a registration carries the one script there is, in itself; it works without.
        let script = format!("<script>{}</script>", web::style::register_js());
        let html = page.html.replace("<link rel=\"icon\" href=\"data:,\">", "").replace(&script, "");
        for needs_more in ["<script", "<link", "<img", "@import", "url(", "src=\"", " style=\"", " onclick"] {
            assert!(!html.contains(needs_more), "{what} has {needs_more}");
        }
    }
}

#[test]
fn the_script_of_a_form_fits_1_kb() {
    let script = web::style::register_js();
    assert!(script.len() <= 1024 && !script.contains('\n') && !script.contains("//"), "{script}");
}

#[test]
fn the_style_of_a_page_for_residents_fits_5_kb() {
    let style = web::style::resident();
    assert!(style.len() <= 5 * 1024, "{} bytes", style.len());
}

#[test]
fn elements_are_closed_and_ids_are_used_once() {
    for (lang, _, page) in every() {
        let what = format!("{} {lang:?}", page.name);
        balanced(&page.html).unwrap_or_else(|e| panic!("{what}: {e}"));
        let ids: Vec<&str> =
            page.html.split(" id=\"").skip(1).map(|s| s.split('"').next().unwrap()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{what}: an id twice in {ids:?}");
        for attribute in ["for", "aria-describedby", "aria-labelledby", "form", "list"] {
            for value in page.html.split(&format!(" {attribute}=\"")).skip(1) {
                for id in value.split('"').next().unwrap().split(' ') {
                    assert!(ids.contains(&id), "{what}: {attribute} names {id}, which is not there");
                }
            }
        }
    }
}

#[test]
fn every_field_has_a_name_that_is_read_out() {
    for (lang, _, page) in every() {
        for tag in tags(&page.html) {
            let field = ["input", "textarea", "select"].iter().any(|t| tag.starts_with(&format!("<{t} ")));
            if !field
                || tag.contains("type=\"hidden\"")
                || tag.contains("type=\"radio\"")
                || tag.contains("type=\"checkbox\"")
            {
                continue;
            }
            let id = tag.split(" id=\"").nth(1).map(|s| s.split('"').next().unwrap());
            let labelled = id.is_some_and(|id| page.html.contains(&format!(" for=\"{id}\"")));
            let before = &page.html[..tag.as_ptr() as usize - page.html.as_ptr() as usize];
            let inside = before.rfind("<label") > before.rfind("</label>");
            assert!(
                labelled || inside || tag.contains("aria-label"),
                "{} {lang:?}: {tag} has no label",
                page.name
            );
        }
    }
}

#[test]
fn every_page_for_staff_can_be_objected_to_and_every_action_has_a_key() {
    for (lang, _, page) in every().filter(|(_, _, p)| !p.for_residents && !p.name.starts_with("sign-in")) {
        let what = format!("{} {lang:?}", page.name);
        assert!(page.html.contains("href=\"/console/burden?page="), "{what}: rule 13 against formalism");
        for action in tags(&page.html).filter(|t| t.starts_with("<details name=\"act\"")) {
            let after = &page.html[action.as_ptr() as usize - page.html.as_ptr() as usize..];
            assert!(after[action.len()..].starts_with("<summary data-key=\""), "{what}: {action} has no key");
        }
    }
}

#[test]
fn what_changes_something_on_the_console_carries_its_token() {
    for (lang, _, page) in every().filter(|(_, _, p)| !p.for_residents) {
        for form in
            page.html.split("<form ").skip(1).filter(|f| f.split('>').next().unwrap().contains("post"))
        {
            let form = form.split("</form>").next().unwrap();
            assert!(form.contains("name=\"csrf\""), "{} {lang:?}: {form}", page.name);
        }
    }
}

#[test]
fn what_a_resident_sends_can_be_sent_twice_without_harm() {
    for (lang, _, page) in every().filter(|(_, _, p)| p.for_residents) {
        for form in
            page.html.split("<form ").skip(1).filter(|f| f.split('>').next().unwrap().contains("post"))
        {
            let form = form.split("</form>").next().unwrap();
            assert!(form.contains("name=\"once\""), "{} {lang:?}: {form}", page.name);
        }
    }
}

#[test]
fn a_page_speaks_its_language() {
    for (lang, elder, page) in every() {
        assert!(page.html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{}", page.name);
        if page.for_residents {
            assert_eq!(page.html.contains("class=\"elder\""), elder, "{}", page.name);
        }
        assert!(!page.html.contains('你'), "{}: 您, not 你", page.name);
    }
}

#[test]
fn what_people_read() {
    for (lang, elder, page) in every() {
        if elder {
            continue;
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{}-{}", page.name, lang.key()), read(&page.html));
        });
    }
}

/// The start tags of a page.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices('<').filter_map(|(at, _)| html[at..].find('>').map(|end| &html[at..=at + end]))
}

/// Whether every element that must be closed is, in order.
fn balanced(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = vec![];
    for tag in tags(html) {
        let name = tag[1..].trim_start_matches('/').split([' ', '>', '\n', '/']).next().unwrap();
        if tag.starts_with("<!")
            || ["meta", "input", "br", "hr", "link", "img", "path", "col", "circle", "polygon"]
                .contains(&name)
            || tag.ends_with("/>")
        {
            continue;
        }
        if tag.starts_with("</") {
            let last = open.pop();
            if last != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
        } else {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("left open: {open:?}")) }
}

/// What a person reads: the text, a line a block; fields and buttons in brackets.
fn read(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, b)| b);
    let mut out = String::new();
    let mut rest = &body[body.find('>').unwrap() + 1..];
    while let Some(at) = rest.find('<') {
        out += &rest[..at];
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at..=end];
        let name = tag[1..].trim_start_matches('/').split([' ', '>', '\n']).next().unwrap();
        let attribute = |key: &str| tag.split(&format!(" {key}=\"")).nth(1).and_then(|s| s.split('"').next());
        match name {
            "button" => out += if tag.starts_with("</") { "]\n" } else { "\n[" },
            "input" if attribute("type") == Some("hidden") => {}
            "input" if matches!(attribute("type"), Some("radio" | "checkbox")) => {
                out += if tag.contains(" checked") { "\n(x) " } else { "\n( ) " };
            }
            "input" => out += &format!("\n[____ {}]\n", attribute("value").unwrap_or("")),
            "textarea" => out += if tag.starts_with("</") { "]\n" } else { "\n[____ " },
            "a" | "b" | "span" | "svg" | "path" | "td" | "th" | "time" | "kbd" | "option" => out += " ",
            "script" | "style" if !tag.starts_with("</") => {
                let close = rest[end..].find(&format!("</{name}")).unwrap() + end;
                rest = &rest[close..];
                continue;
            }
            _ => out.push('\n'),
        }
        rest = &rest[end + 1..];
    }
    let text = out
        .replace("&amp;", "&")
        .replace("&#38;", "&")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">");
    text.lines()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| !l.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
