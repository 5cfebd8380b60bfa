//! The vault from the outside: stories, properties, large values, key files, and the hunt for leaks.

mod common;
mod large;
mod leaks;
mod properties;
mod ring;
mod source;
mod stories;
