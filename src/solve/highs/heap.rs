//! Memory that HiGHS frees stays with the process.

use std::sync::Once;

/// Bytes at the end of the heap that are not given back to the system. A basis of 7,000 rows takes a few
/// megabytes to factorise; with glibc's own limit each solve gives them back and asks for them again, which
/// makes a third of its time.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: libc::c_int = 1 << 24;

/// Sets the limit, once in a process.
pub(super) fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        // SAFETY: no preconditions; where it is refused, nothing changes.
        unsafe {
            libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
            // Setting the one stops glibc from adapting the other, and every vector over 128 KiB would be mapped
            // and unmapped each time: with 500,000 columns four fifths of a solve.
            libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT);
        }
    });
}
