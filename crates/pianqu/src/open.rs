//! From a folder or an address to a running program without pages.

use crate::failure::{Failure, with_file};
use crate::key_source::{self, Configured};
use app::{App, Clock, Keys, Parts, SystemClock};
use domain::rulebook::Rulebook;
use std::path::Path;
use std::sync::Arc;
use store::{Place, Store};
use vault::{KeyRing, Vault};

/// Fresh chance from the operating system. Without it nothing safe can be done, so the program ends.
#[expect(clippy::expect_used, reason = "going on with guessable secrets would be worse than stopping")]
pub(crate) fn seed() -> [u8; 32] {
    vault::os_random().expect("the operating system gives randomness")
}

/// Reads the keys of a folder, from where its `keys.conf` says; makes a key file where `new` says that the
/// district is new and there is none.
pub(crate) fn keys(folder: &Path, new: bool) -> Result<Keys, Failure> {
    Ok(Keys::new(vault(folder, new)?))
}

/// As [`keys`], as a vault: to be put into a program that runs.
pub(crate) fn vault(folder: &Path, new: bool) -> Result<Vault, Failure> {
    let Configured { source, file, suite } = key_source::read(folder)?;
    if let Some(file) = file.filter(|file| !file.exists()) {
        if !new {
            return Err(Failure(format!(
                "{} is missing: without the key that the data was sealed with, it cannot be used; put the key file back",
                file.display()
            )));
        }
        std::fs::create_dir_all(folder).map_err(with_file(folder))?;
        let mut chance = [0; 96];
        chance.chunks_mut(32).for_each(|part| part.copy_from_slice(&seed()));
        KeyRing::generate(&chance)?.save_new(&file).map_err(with_file(&file))?;
    }
    Ok(Vault::from_ring(suite, &source.load()?))
}

/// Opens a store: a folder, or the address of a server.
pub(crate) fn store(data: &str) -> Result<Store, Failure> {
    Store::open(&Place::parse(data)).map_err(|e| Failure(format!("{data}: {e}")))
}

/// Opens a store that must be there already.
pub(crate) fn existing_store(data: &str) -> Result<Store, Failure> {
    if let Place::File(file) = Place::parse(data)
        && !file.exists()
    {
        return Err(Failure(format!(
            "{}: there is no store here; `pianqu demo --data {data}` makes one",
            file.display()
        )));
    }
    store(data)
}

/// The program over a store.
pub(crate) fn app(store: Store, keys: Keys) -> Result<App, Failure> {
    app_at(store, keys, Arc::new(SystemClock))
}

/// The program over a store, by another clock than the machine's.
pub(crate) fn app_at(store: Store, keys: Keys, clock: Arc<dyn Clock>) -> Result<App, Failure> {
    let rules = Arc::new(Rulebook::china());
    Ok(App::new(Parts { store, keys, rules, clock, seeds: seed })?)
}
