//! How the C library gives out memory, and gives it back.
#![cfg_attr(
    all(target_os = "linux", target_env = "gnu"),
    expect(
        unsafe_code,
        reason = "the C library has no safe way to be told; it takes numbers and keeps none"
    )
)]

/// Keeps the C library from giving each thread a heap of its own: what the hourly look and the loading of a district
/// need for a moment would stay with threads that do not need it again. One for each of two cores keeps them from
/// waiting for each other. To be called before any thread begins.
pub(crate) fn share_heaps() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two numbers; no other thread runs yet.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}

/// Gives what long work needed back to the system; some thousandths of a second.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `malloc_trim` takes a number, and may be called by any thread at any time.
    unsafe {
        libc::malloc_trim(0);
    }
}
