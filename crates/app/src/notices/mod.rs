//! Who is told of what: [`App::notify`] keeps a notice for the console and lays it into the boxes of those who
//! want to be rung, in the transaction of the step that causes it. [`deliver`](App::deliver) carries the boxes
//! out; what is decided about quiet hours, bursts and tries is decided in [`domain::notices`].

mod choices;
mod deliver;
mod plans;
mod residents;
mod steps;

pub use choices::{MyChoice, NewChoice};

use crate::{App, AppError};
use domain::CaseNo;
use domain::notices::{
    Addressee, Channel, Choice, Courier, Quiet, Subject, Waiting, What, once_a_day, ready_at, wake,
};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::notices::{Chosen, Owner, Told};
use store::{StoreError, Tx};

/// The channels that are set up, and where letters point to.
#[derive(Default)]
pub struct Channels {
    couriers: Vec<Arc<dyn Courier>>,
    origin: String,
    /// Channels that are down: how often in a row, and when they are tried again.
    resting: Mutex<HashMap<Channel, (u32, Timestamp)>>,
}

impl Channels {
    /// What carries letters, one for each channel, and where residents and staff reach the program
    /// (`https://pianqu.example.gov`, without a slash at the end).
    pub fn new(couriers: Vec<Arc<dyn Courier>>, origin: &str) -> Channels {
        let origin = origin.trim_end_matches('/').to_owned();
        Channels { couriers, origin, resting: Mutex::default() }
    }

    /// Whether a channel is set up.
    pub fn has(&self, channel: Channel) -> bool {
        self.couriers.iter().any(|c| c.channel() == channel)
    }

    fn rings_residents(&self) -> bool {
        self.couriers.iter().any(|c| c.channel() == Channel::Hook && c.serves_residents())
    }

    fn rests(&self, channel: Channel, now: Timestamp) -> bool {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.get(&channel).is_some_and(|(_, until)| *until > now)
    }
}

/// Minutes of a day as a time.
fn time_of(minutes: u16) -> Time {
    let hour = i8::try_from(minutes / 60 % 24).unwrap_or(0);
    Time::new(hour, i8::try_from(minutes % 60).unwrap_or(0), 0, 0).unwrap_or_default()
}

/// What a person chose, with the rule where they chose nothing.
fn choice_of(chosen: &Chosen, rule: Choice) -> Choice {
    Choice {
        quiet: chosen
            .quiet
            .map_or(rule.quiet, |(from, to)| Some(Quiet { from: time_of(from), to: time_of(to) })),
        digest: chosen.digest.map_or(rule.digest, |m| SignedDuration::from_mins(i64::from(m))),
    }
}

impl App {
    /// Sets up the channels: from now on letters are carried out. Without it, notices stay in the console and
    /// in the boxes.
    pub fn connect(&self, channels: Channels) {
        *self.channels.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(channels);
    }

    pub(crate) fn channels(&self) -> Arc<Channels> {
        self.channels.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells somebody something, inside the transaction that makes it so. Told twice (the same to the same, of
    /// the same moment `at`) it is told once. Who works for a unit or has a role for a place reads it in the
    /// console, and gets it through the channels that they chose.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn notify(
        &self,
        tx: &mut Tx<'_>,
        to: Addressee,
        what: What,
        subject: Subject,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.notify_climbed(tx, to, what, subject, at, 0)
    }

    /// [`App::notify`] for what has climbed some levels up to whoever is told.
    ///
    /// # Errors
    /// As [`App::notify`].
    pub fn notify_climbed(
        &self,
        tx: &mut Tx<'_>,
        to: Addressee,
        what: What,
        subject: Subject,
        at: Timestamp,
        levels: u8,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(told) = tx.tell(to, &Told { what, levels, subject, at })? else { return Ok(()) };
        let waiting = |choice: &Choice, last: Option<Timestamp>| {
            let urgent = what.is_urgent();
            let w = Waiting { urgent, ready_at: once_a_day(last, ready_at(urgent, choice, now), now) };
            (w, wake(&[w], choice, now).unwrap_or(now))
        };
        let chosen = match to {
            Addressee::Unit(unit) => tx.choices_of_unit(unit, now)?,
            Addressee::Place(place) => tx.choices_of_place(place, now)?,
            Addressee::Staff(staff) => tx.choice(staff)?.into_iter().collect(),
            Addressee::Voice { case, voice } => {
                let (w, next) = waiting(&self.rules().telling(true, now), None);
                return tx.put_in_box(Channel::Hook, Owner::Voice(case, voice), told, w, next);
            }
        };
        for person in chosen {
            let choice = choice_of(&person, self.rules().telling(false, now));
            for (channel, address) in [(Channel::Email, &person.email), (Channel::Hook, &person.hook)] {
                if address.is_some() {
                    let owner = Owner::Staff(person.staff);
                    let since = now - SignedDuration::from_hours(3 * 24);
                    let last =
                        if what.is_daily() { tx.latest_in_box(channel, owner, what, since)? } else { None };
                    let (w, next) = waiting(&choice, last);
                    tx.put_in_box(channel, owner, told, w, next)?;
                }
            }
        }
        Ok(())
    }

    /// Tells every resident who spoke in a case, or in one that was merged into it, and left something of
    /// theirs. Their own page shows each step at once; this rings those who left a mobile number, where a
    /// gateway for residents is set up, and does nothing elsewhere.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn notify_residents(
        &self,
        tx: &mut Tx<'_>,
        no: CaseNo,
        what: What,
        subject: Subject,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if !self.channels().rings_residents() {
            return Ok(());
        }
        for (case, voice) in tx.voices_in_matter(no)? {
            self.notify(tx, Addressee::Voice { case, voice }, what, subject, at)?;
        }
        Ok(())
    }

    /// Carries out what waits in the boxes of the channels that are set up, until nothing is due. Blocks, and
    /// speaks with the network: never call it inside a transaction.
    ///
    /// # Errors
    /// When the store cannot be read or written; a letter that does not arrive is no error, it comes again.
    pub fn deliver_all(&self) -> Result<(), AppError> {
        while self.deliver()?.done > 0 {}
        Ok(())
    }
}
