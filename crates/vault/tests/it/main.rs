//! The vault from the outside: stories, properties, key files, and the hunt for leaks.

mod common;
mod leaks;
mod properties;
mod ring;
mod stories;
