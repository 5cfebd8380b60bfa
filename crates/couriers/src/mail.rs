//! E-mail through a relay in the house.

use crate::{PATIENCE, SetUp, house};
use domain::notices::{Channel, Courier, Parcel, Undelivered};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{SmtpTransport, Transport};
use std::time::{Duration, UNIX_EPOCH};

/// Carries letters to a relay.
pub struct Mail {
    relay: SmtpTransport,
    from: Mailbox,
}

impl Mail {
    /// A relay at `host:port`, for letters from `from` (`片区 <pianqu@example.gov>`), with a name and password where
    /// it asks for them.
    ///
    /// # Errors
    /// A sentence when the relay's address does not read or leads out of the house, or the sender's does not read.
    pub fn new(relay: &str, from: &str, login: Option<(&str, &str)>) -> Result<Mail, SetUp> {
        let (host, port) = relay.rsplit_once(':').unwrap_or((relay, "25"));
        let port: u16 = port.parse().map_err(|_| SetUp(format!("{relay}: write host:port")))?;
        let found = house::find(host, port)?;
        // The address that was looked at is the one that is used.
        let at = found.first().map_or_else(|| host.to_owned(), |a| a.ip().to_string());
        let from = from.parse().map_err(|e| SetUp(format!("{from:?} is no sender ({e})")))?;
        let mut builder = SmtpTransport::builder_dangerous(at).port(port).timeout(Some(PATIENCE));
        if let Some((user, password)) = login {
            builder = builder.credentials(Credentials::new(user.to_owned(), password.to_owned()));
        }
        Ok(Mail { relay: builder.build(), from })
    }

    fn letter(&self, p: &Parcel) -> Result<Message, Undelivered> {
        let unreadable = || Undelivered::Refused("the address cannot be read".into());
        let to: Mailbox = p.to.parse().map_err(|_| unreadable())?;
        let automatic =
            HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
        let mut letter = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&p.title)
            .date(UNIX_EPOCH + Duration::from_secs(u64::try_from(p.made_at.as_second()).unwrap_or(0)))
            // The same at every try: a mail program shows it once.
            .message_id(Some(format!("<{}@{}>", p.key, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(p.text.clone())
            .map_err(|_| unreadable())?;
        letter.headers_mut().insert_raw(automatic);
        Ok(letter)
    }
}

impl Courier for Mail {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    /// Residents are asked for a telephone number; nobody reads an unasked e-mail of the authorities.
    fn serves_residents(&self) -> bool {
        false
    }

    fn carry(&self, parcel: &Parcel) -> Result<(), Undelivered> {
        let letter = self.letter(parcel)?;
        match self.relay.send(&letter) {
            Ok(_) => Ok(()),
            // What the relay writes names the recipient: only its number is kept.
            Err(e) => Err(match e.status().map(u16::from) {
                Some(code @ (421 | 454 | 530..=538)) => {
                    Undelivered::Down(format!("the relay answered {code}"))
                }
                Some(code @ 400..=499) => Undelivered::Later(format!("the relay answered {code}")),
                Some(code) => Undelivered::Refused(format!("the relay answered {code}")),
                None => Undelivered::Down("the relay does not answer".into()),
            }),
        }
    }
}
