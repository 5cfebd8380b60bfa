//! The two registrations: declared at a door, confirmed by a code to the telephone, verified by the committee's
//! collector, handed off to the authority that owns the register, and forgotten.
//!
//! What is personal leaves this module in two ways only: to the person themself by their secret link, and to staff
//! whose look is kept and shown to them. Everything else works on states, numbers and sums.

mod declare;
mod desk;
mod forms;
mod hand_off;
mod person;
mod phone;
mod totals;

pub use declare::{Declared, Undone};
pub use desk::{Desk, Entry, Record, Step, Visit};
pub use hand_off::{Answer, HandOff, Table};
pub use person::{Change, Member, Own, Whose};
pub use phone::{CodeSender, NoSender, NotSent, ShownCodes};
pub use store::registrations::desk::{Look, Receipt};
pub use totals::Totals;

use crate::{App, AppError};
use domain::registrations::Content;
use domain::registrations::life::{Command, Registration, Terms, decide, deletion};
use domain::{Context, RegistrationId};
use store::Tx;
use store::registrations::Listed;

impl App {
    /// The values of the rule table for registrations, as of now.
    pub fn terms(&self) -> Terms {
        Terms::at(self.rules().as_ref(), self.now())
    }

    /// Holds, decides, keeps: one step of one registration inside a transaction.
    pub(crate) fn carry_out_registration(
        &self,
        tx: &mut Tx<'_>,
        no: RegistrationId,
        command: Command,
        ctx: &Context,
        terms: &Terms,
    ) -> Result<Registration, AppError> {
        let held = tx.hold_registration(no)?.ok_or(AppError::NotFound)?;
        let events = decide(&held.listed.registration, command, ctx, terms)?;
        Ok(tx.keep_registration(held, &events, |r| deletion(r, terms))?)
    }

    /// Opens what was declared; `None` once it is deleted.
    pub(crate) fn open_registration(
        &self,
        tx: &mut Tx<'_>,
        listed: &Listed,
    ) -> Result<Option<Content>, AppError> {
        let (Some(person), Some(sealed)) = (listed.person, &listed.content) else { return Ok(None) };
        let Some(wrapped) = tx.person_key(&person)? else { return Ok(None) };
        Ok(Some(self.keys.open_content(person, &wrapped, sealed)?))
    }

    /// What a dwelling of a doorway is found by.
    pub(crate) fn dwelling_ix(&self, doorway: domain::DoorwayId, dwelling: &str) -> [u8; 16] {
        self.keys.index("dwelling", &format!("{doorway}/{dwelling}"))
    }
}
