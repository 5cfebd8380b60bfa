//! Stories told to the running program.
