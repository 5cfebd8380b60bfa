//! A browser without scripts: keeps cookies, fills in forms, follows nothing by itself.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

use crate::form::{Form, forms};
use crate::ready::SignIn;
use crate::totp::{totp_next, totp_now};

/// Answers larger than this are a fault of the program.
const LARGEST: u64 = 64 << 20;

/// Parts of a form that is sent with a file are told apart by this.
const BOUNDARY: &str = "----pianqu-e2e-7f3a91";

/// One person at one browser.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    cookies: RefCell<BTreeMap<String, String>>,
    headers: Vec<(&'static str, String)>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Page {
    /// The path that was asked for.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub bytes: Vec<u8>,
    /// The body as text; what is not UTF-8 becomes U+FFFD.
    pub body: String,
}

impl Page {
    /// The first header of a name given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where the answer sends the browser.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }

    /// The first form whose action contains `action`; a form without an action is sent to the page itself.
    ///
    /// # Errors
    /// A sentence naming the actions that there are.
    pub fn form(&self, action: &str) -> Result<Form, String> {
        let mut actions = Vec::new();
        for mut form in forms(&self.body) {
            if form.action.is_empty() {
                form.action.clone_from(&self.path);
            }
            if form.action.contains(action) {
                return Ok(form);
            }
            actions.push(form.action);
        }
        Err(format!("{} (status {}) has no form for {action}; it has {actions:?}", self.path, self.status))
    }
}

impl Client {
    /// Somebody new, at an address like `http://127.0.0.1:8311`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        Self {
            agent,
            base: base.trim_end_matches('/').to_owned(),
            cookies: RefCell::default(),
            headers: vec![],
        }
    }

    /// Sends a header with everything from now on: `accept-language`, or what a proxy adds.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Opens a page.
    ///
    /// # Errors
    /// A sentence when no answer came.
    pub fn get(&self, path: &str) -> Result<Page, String> {
        self.send("GET", path, &[], Vec::new())
    }

    /// Sends fields as an ordinary form does.
    ///
    /// # Errors
    /// A sentence when no answer came.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page, String> {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &kind, urlencoded(fields).into_bytes())
    }

    /// Sends any bytes as any type, as a broken or hostile program would.
    ///
    /// # Errors
    /// A sentence when no answer came.
    pub fn post_bytes(&self, path: &str, content_type: &str, bytes: Vec<u8>) -> Result<Page, String> {
        self.send("POST", path, &[("content-type", content_type)], bytes)
    }

    /// Fills in a form of a page and sends it: what the page has filled in already is kept (hidden
    /// fields, defaults), `fields` replace or join it. A name may be a button's.
    ///
    /// # Errors
    /// A sentence when the page has no such form, or no answer came.
    pub fn submit(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Result<Page, String> {
        let form = page.form(action)?;
        let kept = form
            .fields
            .iter()
            .filter(|field| !fields.iter().any(|(name, _)| *name == field.name))
            .filter(|field| field.kind != "file");
        let all: Vec<(&str, &str)> = kept
            .map(|field| (field.name.as_str(), field.value.as_str()))
            .chain(fields.iter().copied())
            .collect();
        match (form.method.as_str(), form.multipart) {
            ("get", _) => {
                let path = form.action.split('?').next().unwrap_or_default();
                self.get(&format!("{path}?{}", urlencoded(&all)))
            }
            (_, false) => self.post(&form.action, &all),
            (_, true) => {
                let kind = format!("multipart/form-data; boundary={BOUNDARY}");
                self.post_bytes(&form.action, &kind, multipart(&all))
            }
        }
    }

    /// Opens the page that an answer points to.
    ///
    /// # Errors
    /// A sentence when it points nowhere, or no answer came.
    pub fn follow(&self, page: &Page) -> Result<Page, String> {
        let to = page.location().ok_or_else(|| {
            format!("{} (status {}) points nowhere: {}", page.path, page.status, first_words(&page.body))
        })?;
        self.get(to.strip_prefix(&self.base).unwrap_or(to))
    }

    /// The address that it speaks to.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The `Cookie` header that it sends; empty if it has none.
    #[must_use]
    pub fn cookies(&self) -> String {
        let pairs: Vec<_> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Goes on as somebody else's twin, in the same session.
    pub fn take_cookies(&self, from: &Client) {
        self.cookies.borrow_mut().clone_from(&from.cookies.borrow());
    }

    /// Signs in with password and second factor.
    ///
    /// # Errors
    /// A sentence when the program does not let the account in.
    pub fn sign_in(&self, account: &SignIn) -> Result<(), String> {
        self.sign_in_with(account, &totp_now(&account.totp_secret)?)
    }

    /// Signs in a second time within the half minute of a code: with the next one, as a phone whose clock is
    /// ahead would show it.
    ///
    /// # Errors
    /// A sentence when the program does not let the account in.
    pub fn sign_in_again(&self, account: &SignIn) -> Result<(), String> {
        self.sign_in_with(account, &totp_next(&account.totp_secret)?)
    }

    fn sign_in_with(&self, account: &SignIn, code: &str) -> Result<(), String> {
        let form = self.get("/sign-in")?;
        let fields =
            [("login", account.login.as_str()), ("password", account.password.as_str()), ("totp", code)];
        let answer = self.submit(&form, "/sign-in", &fields)?;
        match (answer.status, answer.location()) {
            (303, Some(to)) if to.contains("/console") => Ok(()),
            _ => Err(format!(
                "{} ({}) was not let in: status {}, {}",
                account.login,
                account.role,
                answer.status,
                first_words(&answer.body)
            )),
        }
    }

    /// Sends a request with a method, headers and body of one's own making.
    ///
    /// # Errors
    /// A sentence when no answer came.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Page, String> {
        let failed = |e: &dyn std::fmt::Display| format!("{method} {path}: {e}");
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        let answer = if method == "GET" || method == "HEAD" {
            self.agent.run(request.body(()).map_err(|e| failed(&e))?)
        } else {
            self.agent.run(request.body(body).map_err(|e| failed(&e))?)
        };
        let mut answer = answer.map_err(|e| failed(&e))?;
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        self.keep_cookies(&headers);
        let bytes = answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|e| failed(&e))?;
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Page { path: path.to_owned(), status: answer.status().as_u16(), headers, bytes, body })
    }

    fn keep_cookies(&self, headers: &[(String, String)]) {
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|first| first.split_once('=')) else { continue };
            let over = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if over || value.is_empty() {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn urlencoded(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    text
}

fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                into.push(char::from(byte));
            }
            b' ' => into.push('+'),
            _ => write!(into, "%{byte:02X}").expect("writing to a String cannot fail"),
        }
    }
}

fn multipart(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (name, value) in fields {
        write!(text, "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            .expect("writing to a String cannot fail");
    }
    write!(text, "--{BOUNDARY}--\r\n").expect("writing to a String cannot fail");
    text.into_bytes()
}

fn first_words(body: &str) -> String {
    body.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_signs_are_encoded_as_browsers_do() {
        assert_eq!(urlencoded(&[("where", "3 楼"), ("a", "b&c")]), "where=3+%E6%A5%BC&a=b%26c");
    }

    #[test]
    fn cookies_are_kept_and_thrown_away() {
        let client = Client::new("http://127.0.0.1:1/");
        let set = |cookie: &str| client.keep_cookies(&[("set-cookie".to_owned(), cookie.to_owned())]);
        set("s=1; Path=/; HttpOnly");
        set("t=2");
        assert_eq!(client.cookies.borrow().len(), 2);
        set("s=1; Max-Age=0");
        set("t=; Path=/");
        assert_eq!(client.cookies.borrow().len(), 0);
    }

    #[test]
    fn a_program_that_is_not_there_is_a_sentence() {
        let error = Client::new("http://127.0.0.1:1").get("/q/x").expect_err("nobody listens there");
        assert!(error.starts_with("GET /q/x: "), "{error}");
    }
}
