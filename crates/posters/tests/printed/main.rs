//! Prints sheets and reads them back.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly, in its helpers too")]

mod notices;
mod papers;
mod support;

/// Makes something unsound in one way.
type Spoil<T> = fn(&mut T);
