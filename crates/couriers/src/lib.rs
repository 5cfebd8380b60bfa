//! What carries letters out of the house: e-mail through a relay, and signed messages to a gateway for SMS or a
//! work chat. Each is a [`domain::notices::Courier`].
//!
//! Neither speaks TLS: like the proxy that stands before the server, a relay or gateway that does stands beside
//! it. So both refuse an address outside the house ([`house`]): telephone numbers and secret links do not cross
//! the internet in the open by a slip of the configuration.
//!
//! ```
//! use couriers::{Hook, Mail};
//! use domain::notices::{Channel, Courier};
//!
//! let hook = Hook::new("http://127.0.0.1:9000/notices", "a secret of 32 signs and more ……", true).unwrap();
//! assert_eq!(hook.channel(), Channel::Hook);
//! assert!(Hook::new("http://203.0.113.7/notices", "a secret of 32 signs and more ……", true).is_err());
//! assert!(Mail::new("127.0.0.1:25", "片区 <pianqu@example.gov>", None).is_ok());
//! ```

mod chat;
mod hook;
pub mod house;
mod mail;

pub use chat::Chat;
pub use hook::{Hook, signature};
pub use mail::Mail;

use std::time::Duration;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a channel cannot be set up, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp(pub String);

impl std::fmt::Display for SetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SetUp {}
