//! How often something may be sent: by code, by device, by address.
//!
//! A whole stairwell sits behind one address and reports the same broken lift in one evening; that must go
//! through. A script that fills the queue of a precinct must not. Each of the three has a bucket of tokens
//! that fills up again with time. Requests from this very machine that no proxy passed on are not limited:
//! they are the operator's own tools.

use jiff::Timestamp;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many at once, and how many seconds until one more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    burst: f64,
    seconds_each: f64,
}

/// Reports through one code: a stairwell of sixty flats in one evening.
const BY_CODE: Allowance = Allowance { burst: 60.0, seconds_each: 20.0 };
/// Reports from one browser.
const BY_DEVICE: Allowance = Allowance { burst: 12.0, seconds_each: 60.0 };
/// Reports from one address, behind which a whole estate may sit.
const BY_ADDRESS: Allowance = Allowance { burst: 200.0, seconds_each: 3.0 };
/// Fields looked at while they are typed, through one code and from one address: some twenty a form.
const CHECKS: Allowance = Allowance { burst: 600.0, seconds_each: 0.5 };
/// Sign-ins from one address: an office in the morning.
const SIGN_IN: Allowance = Allowance { burst: 30.0, seconds_each: 10.0 };
/// More buckets than this and those that are full again are forgotten.
const MOST_BUCKETS: usize = 50_000;

#[derive(Debug, Default)]
struct Buckets(HashMap<u64, (f64, Timestamp)>);

impl Buckets {
    /// Takes a token, or says in how many seconds there is one.
    fn take(&mut self, key: u64, a: Allowance, now: Timestamp) -> Result<(), f64> {
        if self.0.len() >= MOST_BUCKETS {
            let full = a.burst * a.seconds_each;
            self.0.retain(|_, (_, at)| now.duration_since(*at).as_secs_f64() < full);
            if self.0.len() >= MOST_BUCKETS {
                self.0.clear();
            }
        }
        let (tokens, at) = self.0.entry(key).or_insert((a.burst, now));
        let passed = now.duration_since(*at).as_secs_f64().max(0.0);
        *tokens = (*tokens + passed / a.seconds_each).min(a.burst);
        *at = now;
        if *tokens < 1.0 {
            return Err((1.0 - *tokens) * a.seconds_each);
        }
        *tokens -= 1.0;
        Ok(())
    }
}

/// All buckets.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    buckets: Mutex<Buckets>,
    hasher: RandomState,
}

/// Who sends.
#[derive(Debug, Clone)]
pub(crate) struct Sender<'a> {
    /// Their address; `None` for this machine itself.
    pub(crate) address: Option<IpAddr>,
    /// What their browser was given to be told apart by.
    pub(crate) device: Option<&'a str>,
}

impl Limits {
    /// Whether a report may come in now; else the minutes to wait.
    pub(crate) fn report(&self, code: &str, from: &Sender<'_>, now: Timestamp) -> Result<(), u32> {
        let Some(address) = from.address else { return Ok(()) };
        let mut wanted = vec![("c", code.to_owned(), BY_CODE), ("a", prefix(address), BY_ADDRESS)];
        if let Some(device) = from.device {
            wanted.push(("d", device.to_owned(), BY_DEVICE));
        }
        self.take(&wanted, now)
    }

    /// Whether a field may be looked at now, before anything is sent.
    pub(crate) fn check(&self, code: &str, from: &Sender<'_>, now: Timestamp) -> Result<(), u32> {
        let Some(address) = from.address else { return Ok(()) };
        self.take(&[("kc", code.to_owned(), CHECKS), ("ka", prefix(address), CHECKS)], now)
    }

    /// Whether a sign-in may be tried now; else the minutes to wait.
    pub(crate) fn sign_in(&self, from: &Sender<'_>, now: Timestamp) -> Result<(), u32> {
        let Some(address) = from.address else { return Ok(()) };
        self.take(&[("s", prefix(address), SIGN_IN)], now)
    }

    fn take(&self, wanted: &[(&str, String, Allowance)], now: Timestamp) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, key, allowance) in wanted {
            let key = self.hasher.hash_one((kind, key));
            buckets.take(key, *allowance, now).map_err(minutes)?;
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a wait of minutes, never negative"
)]
fn minutes(seconds: f64) -> u32 {
    (seconds / 60.0).ceil().max(1.0) as u32
}

/// An IPv4 address, or the /64 that one household has of IPv6.
fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || v6.segments()[..4].iter().map(|s| format!("{s:x}:")).collect(),
            |v4| v4.to_string(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn now() -> Timestamp {
        "2026-03-02T01:00:00Z".parse().unwrap()
    }

    fn sent(limits: &Limits, code: &str, ip: &str, device: Option<&str>, times: usize) -> usize {
        let from = Sender { address: Some(ip.parse().unwrap()), device };
        (0..times).filter(|_| limits.report(code, &from, now()).is_ok()).count()
    }

    #[test]
    fn a_stairwell_behind_one_address_goes_through() {
        let limits = Limits::default();
        let through: usize =
            (0..60).map(|flat| sent(&limits, "door", "198.51.100.7", Some(&format!("phone{flat}")), 1)).sum();
        assert_eq!(through, 60);
    }

    #[test]
    fn a_script_does_not() {
        let limits = Limits::default();
        assert_eq!(sent(&limits, "door", "198.51.100.7", Some("x"), 100), 12, "by device");
        assert_eq!(sent(&limits, "door2", "198.51.100.8", None, 100), 60, "by code");
        let many: usize = (0..500).map(|n| sent(&limits, &format!("d{n}"), "198.51.100.9", None, 1)).sum();
        assert_eq!(many, 200, "by address");
        let from = Sender { address: Some("198.51.100.9".parse().unwrap()), device: None };
        assert_eq!(limits.report("other", &from, now()), Err(1));
        assert!(limits.report("other", &from, now() + SignedDuration::from_secs(4)).is_ok());
    }
}
