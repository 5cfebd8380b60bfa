//! Use cases: authorise → decide → append → enqueue, in one transaction. One file a noun.
//!
//! [`App`] is the whole program without its pages: everything that a page, a command or a job does is a
//! method of it. It is cheap to clone. What is decided is decided in `domain`; what is kept is kept by
//! `store`; here the two meet, with the clock, the keys and the rules.

mod accounts;
mod budding;
mod cases;
mod clock;
mod codes;
mod desk;
mod directory;
mod dwellings;
mod error;
mod health;
mod import;
mod invitations;
mod jobs;
mod keys;
mod lists;
mod live;
mod load;
mod matters;
mod meetings;
mod notices;
mod offices;
pub mod precincts;
mod problems;
mod proposals;
mod reading;
pub mod registrations;
mod report;
mod resident;
mod roster;
mod staff_roster;
mod subjects;
mod system;

pub use accounts::{Who, hash_password, totp_at};
pub use budding::{
    Before, Budding, ByWords, Errand, Facts, Figures as BuddingFigures, FiguresLine, Gained, Measured, Needs,
    SHOWN as WARNINGS_SHOWN, Told as WarningReport, WarningAnswer, findings,
};
pub use cases::{CasePage, Step, Unmasked};
pub use clock::{Clock, ClockAhead, StoppedClock, SystemClock};
pub use codes::{DoorPage, ListedCode, Scanned};
pub use desk::Alike;
pub use directory::Directory;
pub use dwellings::{DoorwayPage, DwellingChange};
pub use error::{AppError, CodeRefused, Invalid};
pub use health::Complaint;
pub use import::Imported;
pub use invitations::{Invitation, Welcome};
pub use jobs::Round;
pub use keys::Keys;
pub use lists::Page;
pub use load::{Account, Later, Loader, NewDistrict};
pub use matters::Matter;
pub use meetings::{AgendaItem, Decide, MeetingPage};
pub use notices::{Channels, MyChoice, NewChoice};
pub use offices::{ListedAccount, NewAccount, Right};
pub use problems::{PlanRights, ProblemPage, Told};
pub use reading::{all_alike as alike_words, public as public_text};
pub use report::{Acknowledged, Incoming, LONGEST_LINE, LONGEST_TEXT};
pub use resident::{Followed, Offers, Say};
pub use roster::{Roster, RosterReport, TableRow};
pub use subjects::{Lesson, ReadAs, ReadingPage};
pub use system::{Counts, SystemPage};
pub use warnings::{
    Action as WarningAction, Kind as WarningKind, State as WarningState, Step as WarningStep, StepKind,
};

// The rows and filters that the use cases speak in; pages name no store.
pub use store::cases::day_number;
pub use store::cases::list::{Filter, Order};
pub use store::codes::valid_issue;
pub use store::dwellings::{DwellingRow, Dwellings};
pub use store::meetings::MeetingRow;
pub use store::notices::Told as Notice;
pub use store::problems::{Part as PlanPart, ProblemRow};
pub use store::search::bare as bare_word;
pub use store::subjects::Agreement;
pub use store::territory::DoorwayRow;

use domain::cases::Deadlines;
use domain::codes::district_mark;
use domain::{Actor, CaseNo, Context};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use store::Store;
use tokio::sync::broadcast;

/// The rules about time, shared.
pub type Rules = Arc<dyn Deadlines + Send + Sync>;

/// The whole program without its pages.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What an [`App`] is made of; reached through it.
pub struct Inner {
    pub(crate) store: Arc<Store>,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mark: String,
    /// A hash that no password fits: checked where there is no account, so that the work is the same.
    pub(crate) no_password: String,
    pub(crate) one_hash_at_a_time: Mutex<()>,
    groups: Mutex<Option<matters::Kept>>,
    news: proposals::News,
    loads: proposals::Loads,
    pub(crate) changes: broadcast::Sender<CaseNo>,
    directory: RwLock<Arc<Directory>>,
    rules: RwLock<Rules>,
    channels: RwLock<Arc<Channels>>,
    sender: RwLock<Arc<dyn registrations::CodeSender>>,
    learning: RwLock<subjects::Learning>,
    second_opinion: RwLock<Option<Arc<dyn domain::subjects::SecondOpinion>>>,
    seeds: fn() -> [u8; 32],
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What the shell gives to an [`App`].
pub struct Parts {
    /// Where everything is kept.
    pub store: Store,
    /// The keys.
    pub keys: Keys,
    /// The rules about time.
    pub rules: Rules,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from: the operating system; a fixed seed in tests.
    pub seeds: fn() -> [u8; 32],
}

impl App {
    /// Puts the program together and reads the district from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(parts: Parts) -> Result<App, AppError> {
        let now = parts.clock.now();
        let (directory, name, corrections) = parts
            .store
            .read(move |tx| {
                let corrections = tx.corrections(subjects::LEARNT_FROM)?;
                Ok::<_, AppError>((Directory::load(tx, now)?, tx.setting("code")?, corrections))
            })
            .wait()?;
        let app = App(Arc::new(Inner {
            store: Arc::new(parts.store),
            keys: parts.keys,
            clock: parts.clock,
            mark: district_mark(&name.unwrap_or_default()),
            no_password: accounts::no_password()?,
            one_hash_at_a_time: Mutex::new(()),
            groups: Mutex::default(),
            news: proposals::News::default(),
            loads: proposals::Loads::default(),
            changes: broadcast::channel(live::BEHIND).0,
            directory: RwLock::new(Arc::new(directory)),
            rules: RwLock::new(parts.rules),
            channels: RwLock::default(),
            sender: RwLock::new(Arc::new(registrations::NoSender)),
            second_opinion: RwLock::default(),
            learning: RwLock::new(subjects::Learning::of(corrections)),
            seeds: parts.seeds,
        }));
        Ok(app)
    }

    /// The district as it is today.
    pub fn directory(&self) -> Arc<Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The rules about time.
    pub fn rules(&self) -> Rules {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What sends one-time codes to telephones.
    pub fn sender(&self) -> Arc<dyn registrations::CodeSender> {
        self.sender.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets another sender send one-time codes from now on; without one, none are asked for.
    pub fn set_sender(&self, sender: Arc<dyn registrations::CodeSender>) {
        *self.sender.write().unwrap_or_else(PoisonError::into_inner) = sender;
    }

    /// Reads the district anew after a roster changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn refresh(&self) -> Result<(), AppError> {
        let now = self.clock.now();
        let fresh = self.store.read(move |tx| Ok::<_, AppError>(Directory::load(tx, now)?)).wait()?;
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// [`App::refresh`] for async callers.
    pub(crate) async fn refresh_now(&self) -> Result<(), AppError> {
        let now = self.clock.now();
        let fresh = self.store.read(move |tx| Ok::<_, AppError>(Directory::load(tx, now)?)).await?;
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    /// A context for `actor`: the clock's now, and fresh chance.
    pub fn context(&self, actor: Actor) -> Context {
        Context::new(self.clock.now(), actor, (self.seeds)())
    }

    /// Now, by the program's clock.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// The store, for commands that work on it as a whole (verify, backup).
    pub fn store(&self) -> &Store {
        &self.store
    }
}
