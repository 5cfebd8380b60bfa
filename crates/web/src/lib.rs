//! The pages: residents, console, API.
