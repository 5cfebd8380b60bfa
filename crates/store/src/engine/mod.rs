//! The two engines behind one seam: who runs closures, and on what.

pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::{StoreError, Tx};
use crossbeam_channel::Sender;

/// Said to a closure's caller once its transaction is known to be kept, or not.
pub(crate) type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A closure on its way to an engine.
pub(crate) trait Job: Send {
    /// Works in a transaction; says whether its changes stand, and what to tell the caller once the commit
    /// is durable.
    fn run(self: Box<Self>, tx: &mut Tx<'_>) -> (bool, Done);
    /// No transaction could be had: tells the caller why.
    fn refuse(self: Box<Self>, error: StoreError);
}

pub(crate) type Work = Box<dyn Job>;

/// The queues of an engine. Dropping them ends its threads after the work that is already in.
pub(crate) struct Lanes {
    pub(crate) writes: Sender<Work>,
    pub(crate) reads: Sender<Work>,
}

/// Runs one closure, keeping a panic inside it.
pub(crate) fn guarded(work: Work, tx: &mut Tx<'_>) -> Option<(bool, Done)> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.run(tx))).ok()
}
