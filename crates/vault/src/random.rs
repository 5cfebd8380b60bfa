//! The one place where randomness enters.

/// The operating system refused to give random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

/// `N` random bytes of the operating system: for the shell, which draws keys and the seed of each context
/// from here. Library code takes its seeds as arguments and never calls this.
///
/// # Errors
/// Only where the operating system has no random source, as in a sandbox without the system call.
pub fn os_random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(NoRandomness)?;
    Ok(out)
}
