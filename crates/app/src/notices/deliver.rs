//! Carrying letters out: close, try, note how it went. Each letter is closed before its first try and keeps
//! its key, so that a try after a crash is the same letter again; the network is never spoken with inside a
//! transaction.

use super::choice_of;
use crate::{App, AppError, Round};
use domain::cases::local_date;
use domain::notices::{Choice, Courier, Line, Parcel, Undelivered, Waiting, again, letter, take, wake};
use domain::{Actor, Context};
use jiff::{SignedDuration, Timestamp};
use std::sync::PoisonError;
use store::Tx;
use store::cases::day_number;
use store::notices::{Letter, Mailbox, Owner};

/// Boxes looked at in one go, for each channel.
const AT_ONCE: u32 = 100;
/// A box in hand is left alone by other workers for so long, should this one die over it.
const IN_HAND: SignedDuration = SignedDuration::from_secs(60);

/// How a letter's try went.
enum Gone {
    /// There was nothing to carry.
    Nothing,
    /// It came to its end: it arrived, or never will.
    Ended,
    /// It comes again.
    Again,
    /// It comes again, and nothing else gets through either.
    Down,
}

/// Who gets a box's letters: the address within the channel, the hours, the language.
struct Recipient {
    to: String,
    choice: Choice,
    chinese: bool,
}

impl App {
    /// Carries out one round of what waits. Call it again while `done` is not zero. Blocks, and speaks with the
    /// network: never call it inside a transaction.
    ///
    /// # Errors
    /// When the store cannot be read or written; a letter that does not arrive is no error, it comes again.
    pub fn deliver(&self) -> Result<Round, AppError> {
        let channels = self.channels();
        let mut round = Round::default();
        for courier in &channels.couriers {
            let (channel, now) = (courier.channel(), self.clock.now());
            if channels.rests(channel, now) {
                continue;
            }
            let due = self.store.read(move |tx| tx.due_boxes(channel, now, AT_ONCE)).wait()?;
            for mailbox in due {
                match self.deliver_one(courier.as_ref(), mailbox.id)? {
                    Gone::Nothing => {}
                    Gone::Ended => round.done += 1,
                    Gone::Again => round.failed += 1,
                    Gone::Down => {
                        round.failed += 1;
                        break;
                    }
                }
            }
        }
        Ok(round)
    }

    fn deliver_one(&self, courier: &dyn Courier, mailbox: i64) -> Result<Gone, AppError> {
        let (app, ctx) = (self.clone(), self.context(Actor::System));
        let closed = self.store.write(move |tx| app.close(tx, mailbox, &ctx)).wait()?;
        let Some((letter, parcel)) = closed else { return Ok(Gone::Nothing) };
        let carried = courier.carry(&parcel);
        let channel = courier.channel();
        let now = self.clock.now();
        // After how many failures in a row of the whole channel this is.
        let down = {
            let channels = self.channels();
            let mut resting = channels.resting.lock().unwrap_or_else(PoisonError::into_inner);
            match &carried {
                Err(Undelivered::Down(_)) => {
                    let tries = resting.get(&channel).map_or(0, |r| r.0) + 1;
                    resting.insert(channel, (tries, again(tries, now)));
                    Some(tries)
                }
                _ => {
                    resting.remove(&channel);
                    None
                }
            }
        };
        if let Err(error) = &carried {
            tracing::warn!(channel = channel.key(), letter = letter.id, %error, "a letter did not arrive");
        }
        let gone = match &carried {
            Ok(()) | Err(Undelivered::Refused(_)) => Gone::Ended,
            Err(Undelivered::Later(_)) => Gone::Again,
            Err(Undelivered::Down(_)) => Gone::Down,
        };
        let app = self.clone();
        self.store.write(move |tx| app.note(tx, mailbox, &letter, &carried, down, now)).wait()?;
        Ok(gone)
    }

    /// Closes the letter that leaves a box now, or finds the one that has not arrived yet. `None`: nothing leaves.
    fn close(
        &self,
        tx: &mut Tx<'_>,
        mailbox: i64,
        ctx: &Context,
    ) -> Result<Option<(Letter, Parcel)>, AppError> {
        let now = ctx.now;
        let Some(held) = tx.hold_box(mailbox)?.filter(|b| b.next_at.is_some_and(|at| at <= now)) else {
            return Ok(None);
        };
        let open = tx.open_letter(mailbox)?;
        let waiting = tx.waiting_in(mailbox)?;
        let recipient = match self.recipient(tx, &held, now)? {
            Ok(recipient) => recipient,
            Err(why) => {
                // Nobody to carry it to, for good. The console, or their own page, has it all.
                let items: Vec<i64> = waiting.iter().map(|w| w.0).collect();
                let rest = if items.is_empty() {
                    None
                } else {
                    Some(tx.close_letter(mailbox, &items, &ctx.bytes(), false, now)?)
                };
                for letter in open.into_iter().chain(rest) {
                    tx.note_try(letter.id, now, "dropped", Some(why))?;
                    tx.end_letter(letter.id, "dropped", now)?;
                }
                tx.set_box(mailbox, None, 0, None)?;
                return Ok(None);
            }
        };
        let choice = recipient.choice;
        let letter = if let Some(open) = open {
            // One that was put off by a failure keeps the quiet hours too.
            let at = wake(&[Waiting { urgent: open.urgent, ready_at: now }], &choice, now).unwrap_or(now);
            if at > now {
                tx.set_box(mailbox, Some(at), held.attempts, held.error.as_deref())?;
                return Ok(None);
            }
            open
        } else {
            let times: Vec<Waiting> = waiting.iter().map(|w| w.1).collect();
            let taken = take(&times, &choice, now);
            if taken.is_empty() {
                tx.set_box(mailbox, wake(&times, &choice, now), 0, None)?;
                return Ok(None);
            }
            let items: Vec<i64> = taken.iter().filter_map(|i| Some(waiting.get(*i)?.0)).collect();
            let urgent = taken.iter().any(|i| times.get(*i).is_some_and(|w| w.urgent));
            tx.close_letter(mailbox, &items, &ctx.bytes(), urgent, now)?
        };
        tx.set_box(mailbox, Some(now + IN_HAND), held.attempts, held.error.as_deref())?;
        let parcel = self.parcel(tx, &held, &letter, &recipient)?;
        Ok(Some((letter, parcel)))
    }

    /// Who gets a box's letters, or why nobody ever will.
    fn recipient(
        &self,
        tx: &mut Tx<'_>,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Result<Recipient, &'static str>, AppError> {
        match mailbox.owner {
            Owner::Staff(staff) => {
                let chosen = tx.choice(staff)?.filter(|_| self.directory().staff_name(staff).is_some());
                let Some(chosen) = chosen else { return Ok(Err("the account has ended")) };
                let kept = match mailbox.channel {
                    domain::notices::Channel::Email => &chosen.email,
                    domain::notices::Channel::Hook => &chosen.hook,
                };
                let Some(kept) = kept else { return Ok(Err("the person turned the channel off")) };
                let opened = self.keys.open_own(staff, mailbox.channel.key(), kept);
                let opened = opened.and_then(|bytes| String::from_utf8(bytes).ok());
                let to = opened.ok_or_else(|| AppError::Keys("the address of a notice".into()))?;
                let choice = choice_of(&chosen, self.rules().telling(false, now));
                Ok(Ok(Recipient { to, choice, chinese: chosen.lang != "en" }))
            }
            Owner::Voice(case, voice) => {
                if tx.is_muted(case, voice)? {
                    return Ok(Err("the resident asked for no messages"));
                }
                let phone = self.phone_of(tx, case, voice)?;
                Ok(phone.ok_or("no mobile number was left, or it was forgotten").map(|to| Recipient {
                    to,
                    choice: self.rules().telling(true, now),
                    chinese: true,
                }))
            }
        }
    }

    fn parcel(
        &self,
        tx: &mut Tx<'_>,
        mailbox: &Mailbox,
        closed: &Letter,
        recipient: &Recipient,
    ) -> Result<Parcel, AppError> {
        let channels = self.channels();
        let chinese = recipient.chinese;
        let lines: Vec<Line> = tx
            .letter_lines(closed.id)?
            .into_iter()
            .map(|told| {
                let about = if chinese { told.subject.about.zh() } else { told.subject.about.en() };
                let (thing, path) = match mailbox.owner {
                    Owner::Staff(_) => (format!("{about} {}", told.subject.spoken()), told.subject.path()),
                    // A resident knows the number of their own case, and their own link.
                    Owner::Voice(case, voice) => (case.spoken(), format!("/t/{}", self.link(case, voice))),
                };
                let link = format!("{}{path}", channels.origin);
                Line { what: told.what, levels: told.levels, thing, link, at: told.at }
            })
            .collect();
        let resident = matches!(mailbox.owner, Owner::Voice(..));
        let directory = self.directory();
        let district = if chinese { &directory.zh } else { &directory.en };
        let (title, text) = letter(&lines, resident, chinese, district);
        let key = closed.token.iter().map(|b| format!("{b:02x}")).collect();
        let (to, urgent, made_at) = (recipient.to.clone(), closed.urgent, closed.made_at);
        Ok(Parcel { key, to, resident, urgent, title, text, lines, made_at })
    }

    fn note(
        &self,
        tx: &mut Tx<'_>,
        mailbox: i64,
        letter: &Letter,
        carried: &Result<(), Undelivered>,
        down: Option<u32>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let Some(held) = tx.hold_box(mailbox)? else { return Ok(()) };
        if tx.open_letter(mailbox)?.is_none_or(|open| open.id != letter.id) {
            // Another worker was faster with the same letter.
            return Ok(());
        }
        let ending = match carried {
            Ok(()) => "sent",
            Err(Undelivered::Refused(_)) => "refused",
            Err(Undelivered::Later(_)) => "later",
            Err(Undelivered::Down(_)) => "down",
        };
        let why = carried.as_ref().err().map(ToString::to_string);
        tx.note_try(letter.id, now, ending, why.as_deref())?;
        if matches!(ending, "later" | "down") {
            let tries = held.attempts + 1;
            tx.set_box(mailbox, Some(again(down.unwrap_or(tries), now)), tries, why.as_deref())?;
            return Ok(());
        }
        tx.end_letter(letter.id, ending, now)?;
        tx.count_done(day_number(local_date(now)), &format!("deliver.{}", held.channel.key()))?;
        let waiting: Vec<Waiting> = tx.waiting_in(mailbox)?.into_iter().map(|w| w.1).collect();
        let next = match self.recipient(tx, &held, now)? {
            Ok(recipient) => wake(&waiting, &recipient.choice, now),
            Err(_) => (!waiting.is_empty()).then_some(now),
        };
        tx.set_box(mailbox, next, 0, None)?;
        if held.attempts > 0 {
            tx.channel_is_up(held.channel, now)?;
        }
        Ok(())
    }
}
