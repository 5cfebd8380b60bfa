//! What the pages ask of whoever prints.

/// A batch of notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrintRun {
    /// Its number.
    pub id: u64,
    /// The place that is printed.
    pub place: i64,
    /// Who asked for it.
    pub staff: i64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// How many notices are done.
    pub done: u32,
    /// Of how many; 0 before that is known.
    pub total: u32,
    /// Whether it has ended.
    pub ended: bool,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// The names of its files, once it has ended.
    pub files: Vec<String>,
}

/// Prints notices. Implemented by the binary, which alone knows the typesetter.
pub trait Printer: Send + Sync {
    /// The notice of one doorway as PDF. Blocks.
    ///
    /// # Errors
    /// One sentence, such as which character no font holds.
    fn one(&self, doorway: i64) -> Result<Vec<u8>, String>;

    /// Begins to print all notices of a place.
    ///
    /// # Errors
    /// When it cannot even begin.
    fn start(&self, place: i64, run: PrintRun) -> Result<(), String>;

    /// All runs, newest first.
    fn runs(&self) -> Vec<PrintRun>;

    /// A file of a run.
    fn file(&self, run: u64, name: &str) -> Option<Vec<u8>>;
}
