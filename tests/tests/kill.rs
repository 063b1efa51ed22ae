//! Killed at any system call that changes something, `naru` leaves a whole tree, and the next run
//! finishes the work.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

mod kill {
    mod publishing;
    mod updating;
}
