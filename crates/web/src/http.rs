//! What every endpoint needs of HTTP: who visits, what a form holds, what goes out, how much is too much.

pub(crate) mod fields;
pub(crate) mod limits;
pub(crate) mod page;
pub(crate) mod photo;
pub(crate) mod visitor;
