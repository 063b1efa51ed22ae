//! Whatever the disk refuses, an update ends with a typed error or with the whole release.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]
#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

mod disk_faults {
    mod after_the_journal;
    mod full;
    mod hostile;
    mod long_paths;
    mod other_mounts;
    mod refused_calls;
    mod refused_folders;
    mod room;
    mod stage;
    mod unknown_calls;
    mod unreadable;
}
