//! What a folder holds, in a form that is compared.

use std::fs;
use std::path::Path;

/// One file of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path below the folder, with `/`.
    pub path: String,
    /// BLAKE3 of the bytes, lower-case hex.
    pub digest: String,
    /// Whether the owner may execute it (always false where the system has no such bit).
    pub executable: bool,
}

/// All files below `folder`, sorted by path. Folders and their times don't count.
pub fn snapshot(folder: &Path) -> Vec<Entry> {
    let mut entries = Vec::new();
    collect(folder, "", &mut entries);
    entries.sort();
    entries
}

fn collect(folder: &Path, prefix: &str, entries: &mut Vec<Entry>) {
    for item in fs::read_dir(folder).unwrap() {
        let item = item.unwrap();
        let path = format!("{prefix}{}", item.file_name().to_str().unwrap());
        if item.file_type().unwrap().is_dir() {
            collect(&item.path(), &format!("{path}/"), entries);
        } else {
            entries.push(Entry {
                digest: blake3::hash(&fs::read(item.path()).unwrap()).to_hex().to_string(),
                executable: is_executable(&item.path()),
                path,
            });
        }
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_path: &Path) -> bool {
    false
}
