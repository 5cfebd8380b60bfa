//! Who visits: language, size of type, device, address; nothing that tells a person.

use super::limits::Sender;
use crate::words::Lang;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// What is known of a visitor.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The language they chose, or their browser speaks.
    pub(crate) lang: Lang,
    /// Larger type.
    pub(crate) elder: bool,
    /// What their browser was given to be told apart by.
    pub(crate) device: Option<String>,
    /// Their address; `None` for this machine itself.
    pub(crate) address: Option<IpAddr>,
    /// The path that they asked for, with its query.
    pub(crate) uri: Uri,
}

impl Visitor {
    /// As the limits know them.
    pub(crate) fn sender(&self) -> Sender<'_> {
        Sender { address: self.address, device: self.device.as_deref() }
    }
}

/// One cookie of a request.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, v)| (n == name).then_some(v))
}

/// The first language that the browser names and that we speak; Chinese if none.
fn accepted(headers: &HeaderMap) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    header
        .split(',')
        .filter_map(|tag| Lang::from_key(tag.trim().split(['-', ';']).next().unwrap_or_default()))
        .next()
        .unwrap_or_default()
}

/// The address that a proxy on this machine passes on (the last one it added), or the peer's own.
fn address(headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let peer = peer?;
    if !peer.is_loopback() {
        return Some(peer);
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.rsplit(',').next())
        .and_then(|v| v.trim().parse().ok())
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        Ok(Visitor {
            lang: cookie(headers, "lang").and_then(Lang::from_key).unwrap_or_else(|| accepted(headers)),
            elder: cookie(headers, "view") == Some("elder"),
            device: cookie(headers, "device")
                .filter(|d| d.len() == 16 && d.bytes().all(|b| b.is_ascii_hexdigit()))
                .map(str::to_owned),
            address: address(headers, peer),
            uri: parts.uri.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn cookies_and_languages() {
        let mut h = HeaderMap::new();
        h.insert(COOKIE, HeaderValue::from_static("a=1; lang=en; view=elder"));
        assert_eq!((cookie(&h, "lang"), cookie(&h, "b")), (Some("en"), None));
        h.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de-DE,de;q=0.9,en;q=0.8,zh;q=0.7"));
        assert_eq!(accepted(&h), Lang::En);
        assert_eq!(accepted(&HeaderMap::new()), Lang::Zh);
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let mut h = HeaderMap::new();
        let ip = |t: &str| Some(t.parse::<IpAddr>().unwrap());
        assert_eq!(address(&h, ip("127.0.0.1")), None);
        h.insert("x-forwarded-for", HeaderValue::from_static("1.2.3.4, 198.51.100.7"));
        assert_eq!(address(&h, ip("127.0.0.1")), ip("198.51.100.7"));
        assert_eq!(address(&h, ip("203.0.113.9")), ip("203.0.113.9"));
    }
}
