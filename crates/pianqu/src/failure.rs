//! Why a command stopped, in one sentence.

/// One sentence for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(e: E) -> Self {
        Failure(e.to_string())
    }
}

/// Names the file that something happened to.
pub(crate) fn with_file<E: std::fmt::Display>(file: &std::path::Path) -> impl Fn(E) -> Failure + '_ {
    move |e| Failure(format!("{}: {e}", file.display()))
}
