//! After a change of the master key: the keys of people and of staff are wrapped anew, some at a time, while the
//! service goes on with both master keys.

use crate::{App, AppError};
use domain::{Context, PersonId};
use jiff::SignedDuration;
use store::Tx;

pub(super) const KIND: &str = "rewrap";

/// So many keys in one go: a few milliseconds of the write lane.
const AT_ONCE: u32 = 500;
/// Between two goes.
const PAUSE: SignedDuration = SignedDuration::from_millis(100);

/// How far it has come: the last person, in hexadecimal; nothing before the first.
const AFTER: &str = "keys.rewrapped_to";
/// Under which master key and suite everything stands: the beginning of every wrapped key, in hexadecimal.
const UNDER: &str = "keys.under";

/// Puts the job in where the newest master key is another than the one everything stands under. The walk begins
/// anew: a key that was wrapped meanwhile is left as it is.
pub(super) fn plant(app: &App, tx: &mut Tx<'_>, now: jiff::Timestamp) -> Result<(), AppError> {
    let current = hex(&app.keys.prefix());
    match tx.setting(UNDER)? {
        Some(under) if under == current => {}
        // Codes on doors and links in hands are made with the suite: it is chosen once.
        Some(under) if under.get(..2) != current.get(..2) => {
            let why =
                "keys.suite in keys.conf is another suite than the one this district began with; set it back";
            return Err(AppError::Keys(why.into()));
        }
        // A district that has just begun has nothing older.
        None if tx.count_wrapped_otherwise(&app.keys.prefix())? == 0 => tx.set_setting(UNDER, &current)?,
        _ => {
            tx.set_setting(AFTER, "")?;
            tx.add_job_once(KIND, 0, now)?;
        }
    }
    Ok(())
}

/// Codes on doors and links in hands are made with the suite: it is chosen once.
fn other_suite() -> AppError {
    let why = "keys.suite in keys.conf is another suite than the one this district began with; set it back";
    AppError::Keys(why.into())
}

/// Safe to do twice: what stands under the newest key is passed over, and a key is written only over what was read.
pub(super) fn run(app: &App, tx: &mut Tx<'_>, ctx: &Context) -> Result<(), AppError> {
    let after = tx.setting(AFTER)?.unwrap_or_default();
    let after = after.parse().ok().map(PersonId);
    let people = tx.wrapped_after(after.as_ref(), AT_ONCE)?;
    for (id, old) in &people {
        if let Some(new) = app.keys.rewrap(old)? {
            tx.rewrap_person(id, &new, old)?;
        }
    }
    if let (Some((last, _)), true) = (people.last(), people.len() == AT_ONCE as usize) {
        tx.set_setting(AFTER, &last.0.to_string())?;
        tx.add_job_once(KIND, 0, ctx.now + PAUSE)?;
        return Ok(());
    }
    for (id, own, old) in tx.sealed_own()? {
        if let Some(new) = app.keys.rewrap_own(&old)? {
            tx.rewrap_own(id, own, &new, &old)?;
        }
    }
    // People who came while the walk was under way came under the newest key.
    tx.set_setting(AFTER, "")?;
    tx.set_setting(UNDER, &hex(&app.keys.prefix()))?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl App {
    /// Goes on with another ring of root keys, and begins to wrap the keys of people anew where its newest master
    /// key is another one.
    ///
    /// # Errors
    /// With another suite than before, and when the store cannot be written.
    pub fn renew_keys(&self, vault: vault::Vault) -> Result<(), AppError> {
        if vault.current_prefix()[0] != self.keys.prefix()[0] {
            return Err(other_suite());
        }
        self.keys.renew(vault);
        self.plant_jobs()
    }

    /// How many wrapped keys do not stand under the newest master key yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn keys_to_rewrap(&self) -> Result<u64, AppError> {
        let prefix = self.keys.prefix();
        self.store.read(move |tx| Ok::<_, AppError>(tx.count_wrapped_otherwise(&prefix)?)).wait()
    }
}
