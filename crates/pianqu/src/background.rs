//! Long work that nobody waits for stands behind the requests.
#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "the C library has no safe way to be told; it takes three numbers")
)]

/// How far behind: by the weights of the Linux scheduler (sched(7)) such a thread gets some four tenths of what another gets.
#[cfg(target_os = "linux")]
const NICE: i32 = 4;

/// Lets every other thread of the program go first. To be called by the thread itself; where the system cannot, nothing
/// changes.
pub(crate) fn give_way() {
    // On Linux the priority is a thread's own, and number 0 the thread that asks (setpriority(2)).
    #[cfg(target_os = "linux")]
    // SAFETY: takes three numbers and keeps none.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
    }
}
