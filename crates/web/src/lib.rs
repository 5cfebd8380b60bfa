//! The pages: residents, console, API.

pub mod style;
pub mod times;
pub mod view;
pub mod words;
