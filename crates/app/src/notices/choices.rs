//! How a member of staff wants to be rung: their own page.

use crate::error::Invalid;
use crate::{App, AppError, Who};
use domain::notices::{Channel, Choice};
use domain::{Context, StaffId};
use store::notices::Chosen;

/// The longest address, in characters.
const LONGEST: usize = 120;
/// The longest time in which a burst is gathered: a day, in minutes.
const LONGEST_DIGEST: u16 = 24 * 60;

/// How a person wants to be rung, for their page.
#[derive(Clone, PartialEq, Eq)]
pub struct MyChoice {
    /// The channels that are set up.
    pub offered: Vec<Channel>,
    /// The e-mail address; empty for no e-mail.
    pub email: String,
    /// The address at the gateway; empty for no messages.
    pub hook: String,
    /// Quiet hours of their own, in minutes of the day.
    pub quiet: Option<(u16, u16)>,
    /// Minutes in which a burst is gathered, if they chose.
    pub digest: Option<u16>,
    /// What holds where they chose nothing.
    pub rule: Choice,
}

/// What the form holds.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NewChoice {
    /// The e-mail address; empty for no e-mail.
    pub email: String,
    /// The address at the gateway: a mobile number, a name in the work chat; empty for no messages.
    pub hook: String,
    /// Quiet from, `21:00`; both empty for the hours of the rule.
    pub quiet_from: String,
    /// Quiet until, `08:00`.
    pub quiet_to: String,
    /// Minutes in which a burst is gathered; empty for the rule's.
    pub digest: String,
    /// The language of the letters: `zh`, `en`.
    pub lang: String,
}

fn minutes(field: &'static str, text: &str) -> Result<Option<u16>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Invalid::field(field, "请写成 21:00 这样的时间。", "Please write a time such as 21:00.");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let number = |t: &str, below: u16| t.parse::<u16>().ok().filter(|n| *n < below).ok_or_else(wrong);
    Ok(Some(number(hour, 24)? * 60 + number(minute, 60)?))
}

fn address(field: &'static str, text: &str) -> Result<Option<String>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain =
        text.chars().count() <= LONGEST && text.chars().all(|c| !c.is_control() && !c.is_whitespace());
    let whole = match field {
        // Whether it exists, only the first letter tells.
        "email" => text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && at.contains('.')),
        _ => true,
    };
    if plain && whole {
        Ok(Some(text.to_owned()))
    } else {
        Err(Invalid::field(
            field,
            "这个地址不完整，请核对。",
            "This address is not complete, please check it.",
        ))
    }
}

impl App {
    /// How a person wants to be rung.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn my_choice(&self, who: &Who) -> Result<MyChoice, AppError> {
        let staff = who.staff;
        let kept = self.store.glance(move |tx| Ok::<_, AppError>(tx.choice(staff)?)).await?;
        let open = |channel: Channel, sealed: Option<&Vec<u8>>| {
            let bytes = sealed.and_then(|s| self.keys.open_own(staff, channel.key(), s));
            bytes.and_then(|b| String::from_utf8(b).ok()).unwrap_or_default()
        };
        let channels = self.channels();
        Ok(MyChoice {
            offered: Channel::ALL.iter().copied().filter(|c| channels.has(*c)).collect(),
            email: open(Channel::Email, kept.as_ref().and_then(|k| k.email.as_ref())),
            hook: open(Channel::Hook, kept.as_ref().and_then(|k| k.hook.as_ref())),
            quiet: kept.as_ref().and_then(|k| k.quiet),
            digest: kept.as_ref().and_then(|k| k.digest),
            rule: self.rules().telling(false, self.clock.now()),
        })
    }

    /// Keeps how a person wants to be rung. Addresses are sealed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming the field: `email`, `hook`, `quiet_from`, `quiet_to`, `digest`.
    pub async fn choose(&self, who: &Who, new: NewChoice) -> Result<(), AppError> {
        let ctx = self.context(who.actor(None));
        let quiet = match (minutes("quiet_from", &new.quiet_from)?, minutes("quiet_to", &new.quiet_to)?) {
            (Some(from), Some(to)) => Some((from, to)),
            (None, None) => None,
            (Some(_), None) => return Err(half("quiet_to")),
            (None, Some(_)) => return Err(half("quiet_from")),
        };
        let digest = match new.digest.trim() {
            "" => None,
            text => Some(text.parse().ok().filter(|m| *m <= LONGEST_DIGEST).ok_or_else(|| {
                Invalid::field("digest", "请写0到1440之间的分钟数。", "Please write minutes from 0 to 1440.")
            })?),
        };
        let email = self.sealed(who.staff, Channel::Email, address("email", &new.email)?, &ctx)?;
        let hook = self.sealed(who.staff, Channel::Hook, address("hook", &new.hook)?, &ctx)?;
        let lang = if new.lang == "en" { "en" } else { "zh" }.to_owned();
        let chosen = Chosen { staff: who.staff, email, hook, quiet, digest, lang };
        self.store.write(move |tx| Ok(tx.choose(&chosen, ctx.now)?)).await
    }

    fn sealed(
        &self,
        staff: StaffId,
        channel: Channel,
        address: Option<String>,
        ctx: &Context,
    ) -> Result<Option<Vec<u8>>, AppError> {
        address.map(|a| self.keys.seal_own(staff, channel.key(), a.as_bytes(), ctx)).transpose()
    }
}

fn half(field: &'static str) -> AppError {
    Invalid::field(field, "开始和结束两个时间都要填，或都不填。", "Fill in both times, or neither.")
}
