//! Folders of tests.

use std::path::Path;
use std::process::Command;

use naru_testkit::Entry;
use tempfile::TempDir;

/// A folder that is gone after the test; in memory where that is possible, because a kill, unlike a
/// power cut, loses nothing that was written, and hundreds of runs would wait for the disk.
pub fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let in_memory = tempfile::Builder::new().prefix("naru-").tempdir_in(memory);
    in_memory.unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// Copies a folder with all times and modes, to a place that is not there yet.
pub fn copy_folder(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(status.success(), "cp -a {} {}", from.display(), to.display());
}

/// The files of an install folder that are the game's or the player's.
pub fn game_files(install: &Path) -> Vec<Entry> {
    let mut files = all_files(install);
    files.retain(|entry| !is_own(entry));
    files
}

/// The names of the files that Naru keeps for itself in an install folder.
pub fn own_files(install: &Path) -> Vec<String> {
    let own = all_files(install).into_iter().filter(is_own);
    own.map(|entry| entry.path).collect()
}

fn is_own(entry: &Entry) -> bool {
    entry.path.starts_with(".naru/")
}

fn all_files(folder: &Path) -> Vec<Entry> {
    if folder.exists() { naru_testkit::snapshot(folder) } else { Vec::new() }
}

/// Fails with the differences when a folder is not what it must be.
pub fn assert_same(found: &[Entry], wanted: &[Entry], why: &str, at: &str) {
    let extra: Vec<_> = found.iter().filter(|entry| !wanted.contains(entry)).collect();
    let missing: Vec<_> = wanted.iter().filter(|entry| !found.contains(entry)).collect();
    assert!(extra.is_empty() && missing.is_empty(), "{at}: {why}; wrong {extra:?}, missing {missing:?}");
}
