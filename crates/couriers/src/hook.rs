//! A signed message to a gateway.
//!
//! ```text
//! POST /notices HTTP/1.1
//! Content-Type: application/json
//! Idempotency-Key: 8f41…                 the same at every try of this letter
//! X-Pianqu-Signature: sha256=5ad3…       HMAC-SHA256 of the body, under the shared secret
//!
//! {"key":"8f41…","made_at":"2026-03-02T01:10:00Z","to":"13800138000","for":"resident","urgent":false,
//!  "title":"…","text":"…","notices":[{"what":"answered","thing":"12-3","link":"…","levels":0,"at":"…"}]}
//! ```
//!
//! The gateway answers 2xx when it has the letter for good, or 409 when it has one of this key; 400, 413 or
//! 422 when it will never take this one. Anything else comes again.

use crate::{PATIENCE, SetUp, house};
use domain::notices::{Channel, Courier, Parcel, Undelivered};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use ureq::Agent;

/// The shortest secret, in bytes: as many as the hash has.
const SHORTEST_SECRET: usize = 32;

/// Carries letters to a gateway for SMS or a work chat.
pub struct Hook {
    url: String,
    secret: Vec<u8>,
    residents: bool,
    agent: Agent,
}

/// The signature of a body under a secret: `sha256=` and 64 hex digits.
pub fn signature(secret: &[u8], body: &[u8]) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) else { return String::new() };
    mac.update(body);
    let tag = mac.finalize().into_bytes();
    tag.iter().fold(String::from("sha256="), |out, b| out + &format!("{b:02x}"))
}

impl Hook {
    /// A gateway at `url` (`http://host:port/path`), which knows the `secret`; also for `residents`, or for staff
    /// alone.
    ///
    /// # Errors
    /// A sentence when the address is not such a one or leads out of the house, or the secret is too short.
    pub fn new(url: &str, secret: &str, residents: bool) -> Result<Hook, SetUp> {
        let agent = house::agent(url, PATIENCE)?;
        if secret.len() < SHORTEST_SECRET {
            return Err(SetUp(format!(
                "the secret has {} bytes, fewer than {SHORTEST_SECRET}",
                secret.len()
            )));
        }
        Ok(Hook { url: url.to_owned(), secret: secret.as_bytes().to_vec(), residents, agent })
    }
}

/// A letter as the gateway gets it.
fn body(p: &Parcel) -> Vec<u8> {
    let notices: Vec<_> = p
        .lines
        .iter()
        .map(|l| {
            serde_json::json!({
                "what": l.what.key(), "thing": l.thing, "link": l.link, "levels": l.levels, "at": l.at.to_string(),
            })
        })
        .collect();
    let body = serde_json::json!({
        "key": p.key,
        "made_at": p.made_at.to_string(),
        "to": p.to,
        "for": if p.resident { "resident" } else { "staff" },
        "urgent": p.urgent,
        "title": p.title,
        "text": p.text,
        "notices": notices,
    });
    body.to_string().into_bytes()
}

impl Courier for Hook {
    fn channel(&self) -> Channel {
        Channel::Hook
    }

    fn serves_residents(&self) -> bool {
        self.residents
    }

    fn carry(&self, parcel: &Parcel) -> Result<(), Undelivered> {
        let body = body(parcel);
        let answer = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("idempotency-key", &parcel.key)
            .header("x-pianqu-signature", signature(&self.secret, &body))
            .send(&body[..]);
        // What the other side writes may repeat what it was sent: only its number is kept.
        match answer.map(|a| a.status().as_u16()) {
            Ok(200..=299 | 409) => Ok(()),
            Ok(code @ (400 | 413 | 422)) => Err(Undelivered::Refused(format!("the gateway answered {code}"))),
            Ok(code) => Err(Undelivered::Down(format!("the gateway answered {code}"))),
            Err(e) => Err(Undelivered::Down(format!("the gateway does not answer: {e}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn the_signature_is_that_of_the_rfc() {
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature(b"Jefe", b"what do ya want for nothing?"), expected);
    }

    #[test]
    fn what_cannot_be_is_refused_in_a_sentence() {
        let secret = "0123456789abcdef0123456789abcdef";
        let wrong =
            |url, secret| Hook::new(url, secret, false).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(wrong("https://127.0.0.1/x", secret).contains("TLS is the business of a relay"));
        assert!(wrong("127.0.0.1:9000", secret).contains("write http://"));
        assert!(wrong("http://203.0.113.7/x", secret).contains("outside the house"));
        assert!(wrong("http://127.0.0.1:9/x", "short").contains("5 bytes, fewer than 32"));
        assert_eq!(wrong("http://127.0.0.1:9/x", secret), "");
    }
}
