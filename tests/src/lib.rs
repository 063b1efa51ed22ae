//! What the whole-system tests share: the built `naru`, a cloud for it, two releases that differ in
//! every way, and faults at any system call.

// A test's set-up that fails must stop the test at that line.
#![allow(clippy::unwrap_used)]

mod client_2017;
mod cloud;
mod counts;
mod disks;
#[cfg(target_os = "linux")]
mod file_systems;
mod naru;
mod places;
mod releases;
mod settings;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod tracer;

pub use client_2017::install_2017;
pub use cloud::Cloud;
pub use counts::Count;
pub use disks::Disk;
#[cfg(target_os = "linux")]
pub use file_systems::{FileSystem, Mounted};
pub use naru::{Naru, Outcome};
pub use places::{assert_same, copy_folder, game_files, own_files, scratch};
pub use releases::{next_release, next_small_release, release, small_release};
pub use settings::{Settings, in_parallel};
