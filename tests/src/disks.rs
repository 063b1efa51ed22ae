//! Disks of a few MiB, mounted for one test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted file system; it is unmounted when the value is dropped.
#[derive(Debug)]
pub struct Disk {
    place: PathBuf,
}

impl Disk {
    /// An ext4 with blocks of 4 KiB; `None`, with the reason printed, where this user may not mount one.
    pub fn ext4(folder: &Path, mib: u64) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let image = folder.join("image");
        File::create(&image).unwrap().set_len(mib << 20).unwrap();
        run("mkfs.ext4", &["-q", "-b", "4096", "-m", "0", "-N", "8192"], &image)?;
        Self::mount(folder, &["-o", "loop", image.to_str().unwrap()])
    }

    /// A memory disk with options like `size=8m,nr_inodes=500`.
    pub fn tmpfs(folder: &Path, options: &str) -> Option<Self> {
        Self::mount(folder, &["-t", "tmpfs", "-o", options, "naru"])
    }

    fn mount(folder: &Path, arguments: &[&str]) -> Option<Self> {
        let place = folder.join("disk");
        std::fs::create_dir_all(&place).unwrap();
        run("mount", arguments, &place)?;
        Some(Self { place })
    }

    /// Where it is mounted.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Bytes that may still be written.
    pub fn free_bytes(&self) -> u64 {
        naru_patcher::free_bytes(&self.place).unwrap()
    }

    /// Writes a file so that this many bytes stay free.
    pub fn leave_free(&self, bytes: u64) {
        let size = self.free_bytes().saturating_sub(bytes).to_string();
        let filler = self.place.join("filler");
        run("fallocate", &["-l", &size], &filler).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(&self.place).status().ok();
    }
}

fn run(program: &str, arguments: &[&str], last: &Path) -> Option<()> {
    match Command::new(program).args(arguments).arg(last).output() {
        Ok(output) if output.status.success() => Some(()),
        refused => {
            println!("SKIPPED: {program} is refused here: {refused:?}");
            None
        }
    }
}
