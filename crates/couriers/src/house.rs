//! What stands in the house: this machine, and the private networks beside it.

use crate::SetUp;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;

/// Whether an address belongs to this machine or to a private network (RFC 1918, RFC 4193, link-local).
pub fn is_inside(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// The addresses of a host, all of them in the house.
///
/// # Errors
/// A sentence when the name leads nowhere, or out of the house.
pub(crate) fn find(host: &str, port: u16) -> Result<Vec<SocketAddr>, SetUp> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found: Vec<SocketAddr> = (bare, port)
        .to_socket_addrs()
        .map_err(|e| SetUp(format!("{host}: the name leads nowhere ({e})")))?
        .collect();
    match found.iter().find(|a| !is_inside(a.ip())) {
        Some(out) => Err(SetUp(format!(
            "{host} is {}, outside the house: put a relay that speaks TLS on this machine or in the private network",
            out.ip()
        ))),
        None if found.is_empty() => Err(SetUp(format!("{host}: the name leads nowhere"))),
        None => Ok(found),
    }
}

/// A client of HTTP for a server in the house at `url` (`http://host:port/path`), which has `patience` for an answer. It
/// follows nobody elsewhere and asks no proxy.
///
/// # Errors
/// A sentence when the address is not such a one or leads out of the house.
pub(crate) fn agent(url: &str, patience: Duration) -> Result<Agent, SetUp> {
    let uri: Uri = url.parse().map_err(|e| SetUp(format!("{url} is no address ({e})")))?;
    let host = uri.host().filter(|_| uri.scheme_str() == Some("http"));
    let host = host.ok_or_else(|| {
        SetUp(format!("{url}: write http://host:port/path; TLS is the business of a relay in the house"))
    })?;
    find(host, uri.port_u16().unwrap_or(80))?;
    let config = Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent("pianqu")
        .build();
    Ok(config.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_ends_at_the_private_networks() {
        for (ip, inside) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("192.168.1.1", true),
            ("203.0.113.7", false),
            ("::1", true),
            ("fd00::1", true),
            ("2001:db8::1", false),
            ("::ffff:203.0.113.7", false),
            ("::ffff:10.0.0.1", true),
        ] {
            assert_eq!(is_inside(ip.parse().unwrap()), inside, "{ip}");
        }
    }

    #[test]
    fn a_way_out_is_named() {
        assert_eq!(find("[::1]", 25).unwrap().len(), 1);
        let out = find("203.0.113.7", 25).unwrap_err().to_string();
        assert!(out.contains("203.0.113.7, outside the house"), "{out}");
    }
}
