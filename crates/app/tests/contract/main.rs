//! Stories of the use cases, each told on the embedded engine and, where `PIANQU_TEST_POSTGRES` names a
//! server, on that too. The clock stands where a story puts it, and chance comes from a fixed seed.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a story that cannot go on ends here, and says why"
)]

mod accounts;
mod budding;
mod clock;
mod jobs;
mod keys;
mod matters;
mod notices;
mod plans;
mod precincts;
mod proposals;
mod registrations;
mod stage;
mod subjects;
mod work;
